//! What a recorded forward pass leaves.

use std::ops::Range;

use ndarray::{Array3, ArrayView3};

use crate::arrays::resized;
use crate::cell::{Cell, CellState, nth};
use crate::checks;
use crate::error::Error;
use crate::exec::{self, Layout, Recording};
use crate::instance::Instance;
use crate::interpret;
use crate::kernels::Float;
use crate::sequence::Run;
use crate::states::{fields, write_state};

/// The memory of a run over a sequence: outputs, states, and what the backward pass needs.
///
/// [`Cell::record`] and [`Cell::predict`] write to it, [`Cell::backward`] goes back over it. It can be
/// used again, and then keeps its memory.
///
/// ```
/// use gate_runtime::{Cell, CellGrads, Seeds, Tape, cells::Lstm};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// let lstm = Lstm::<f32>::new(3, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// let (mut tape, mut grads) = (Tape::new(), lstm.zero_grads());
/// let x = Array3::<f32>::ones((6, 2, 3));
///
/// lstm.record(&x, &mut tape)?;
/// assert_eq!(tape.output(0).dim(), (6, 2, 8));
/// assert_eq!(tape.state().C.dim(), (2, 8));
/// assert_eq!(tape.get(&lstm, "f")?.dim(), (6, 2, 8)); // any gate, at every step
///
/// // Back from the gradient of a loss by the outputs, and from another by the final state.
/// let (outputs, mut last) = (Array3::ones((6, 2, 8)), lstm.zero_state(2));
/// last.C.fill(0.1);
/// lstm.backward(&mut tape, Seeds::from(&outputs).state(&last), &mut grads)?;
/// assert_eq!(grads.W_x_f().dim(), (3, 8));
/// assert_eq!(grads.input(0).dim(), (6, 2, 3));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Debug)]
pub struct Tape<C: Cell> {
    pub(crate) recording: Recording<C::Scalar>,
    outputs: Vec<Output<C::Scalar>>,
    state: Option<C::State>,
    /// Sizes of the cell that was recorded.
    sizes: Vec<usize>,
    /// Whether the backward pass is still to come.
    ready: bool,
    /// Whether the recording is whole, not only outputs and states.
    kept: bool,
    pub(crate) state_given: bool,
}

/// An output, `[T, B, features]`.
#[derive(Debug)]
struct Output<A> {
    /// Its elements in the recording's arena, where they stand as in an array.
    there: Option<(Range<usize>, (usize, usize, usize))>,
    /// Else put together from rows of different lengths; kept for its memory.
    here: Array3<A>,
}

impl<A: Float> Output<A> {
    fn new() -> Self {
        Output {
            there: None,
            here: Array3::zeros((0, 0, 0)),
        }
    }

    fn view<'t>(&'t self, recording: &'t Recording<A>) -> ArrayView3<'t, A> {
        match &self.there {
            Some((range, dim)) => {
                let elements = &recording.frame.arena[range.clone()];
                ArrayView3::from_shape(*dim, elements).expect("an output has its shape's length")
            }
            None => self.here.view(),
        }
    }
}

/// What [`Tape::get`] gives, of a recording of the layout's cell.
fn values<A: Float>(
    layout: &Layout,
    recording: &Recording<A>,
    symbol: &str,
) -> Result<Array3<A>, Error> {
    let info = layout.info;
    let known = || info.graph.named.iter().map(|&(s, _)| &info.symbols[s]);
    let named = |name: &str| known().find(|s| s.ident == name || s.printed == name);
    let found = named(symbol).or_else(|| named(symbol.strip_suffix("_t")?));
    let Some(found) = found else {
        let list: Vec<&str> = known().map(|s| s.ident).collect();
        return Err(Error::UnknownSymbol {
            cell: info.name,
            symbol: symbol.to_owned(),
            known: list.join(", "),
        });
    };
    let symbols = &mut info.symbols.iter();
    let index = symbols.position(|s| std::ptr::eq(s, found)).unwrap_or(0);
    let there = |&&(s, slot): &&(usize, usize)| s == index && recording.frame.holds(layout, slot);
    match layout.tables.named.iter().find(there) {
        Some(&(_, slot)) => {
            let size = (recording.steps(), recording.batch(), layout.width(slot));
            let mut out = Array3::zeros(size);
            recording.copy(layout, slot, &mut out);
            Ok(out)
        }
        None => interpret::intermediate(layout, recording, index),
    }
}

impl<C: Cell> Default for Tape<C> {
    fn default() -> Self {
        Tape::new()
    }
}

impl<C: Cell> Tape<C> {
    /// An empty tape.
    pub fn new() -> Self {
        Tape::on(Recording::new())
    }

    /// An empty tape on memory that may have been used before.
    pub(crate) fn on(recording: Recording<C::Scalar>) -> Self {
        Tape {
            recording,
            outputs: Vec::new(),
            state: None,
            sizes: Vec::new(),
            ready: false,
            kept: false,
            state_given: false,
        }
    }

    /// The `i`-th output, counted from 0, `[T, B, features]`.
    ///
    /// # Panics
    ///
    /// If nothing was recorded or there is no such output.
    #[track_caller]
    pub fn output(&self, i: usize) -> ArrayView3<'_, C::Scalar> {
        self.state();
        nth(C::INFO.name, "output", &self.outputs, i).view(&self.recording)
    }

    /// The state after the last step of each row.
    ///
    /// # Panics
    ///
    /// If nothing was recorded.
    #[track_caller]
    pub fn state(&self) -> &C::State {
        let cell = C::INFO.name;
        let nothing = || panic!("the tape has no run of {cell}; call `record` or `predict` first");
        self.state.as_ref().unwrap_or_else(nothing)
    }

    /// Any symbol that an equation defines, at every step, `[T, B, elements]`, by its name in the
    /// equations or its identifier: `C_t`, `C`; zero beyond a row's length. What the tape does not
    /// hold is computed again from what it holds.
    ///
    /// # Errors
    ///
    /// If nothing was recorded (a prediction is no recording), or by another cell, or the symbol is
    /// unknown.
    pub fn get(&self, cell: &C, symbol: &str) -> Result<Array3<C::Scalar>, Error> {
        if !self.kept {
            return Err(Error::NotRecorded { cell: C::INFO.name });
        }
        self.of_cell(cell.instance())?;
        values(&cell.instance().layout, &self.recording, symbol)
    }

    /// Bytes that the tape holds, inputs and states before the first step among them; for a sequence
    /// that is yet to come see [`Cell::recorded_bytes`]. Memories that are matrices would be nearly
    /// all of it: where those of a sequence do not fit in the caches, the tape has them every 4 to 16
    /// steps, and [`Cell::backward`] computes the others again.
    pub fn bytes(&self) -> usize {
        let elements = self.recording.frame.elements();
        elements * std::mem::size_of::<C::Scalar>()
    }

    /// Makes the final state the one that the next recording starts from.
    pub(crate) fn go_on(
        &mut self,
        instance: &Instance<C::Scalar>,
        batch: usize,
    ) -> Result<(), Error> {
        let Some(state) = &self.state else {
            return Err(Error::NothingToContinue { cell: C::INFO.name });
        };
        self.of_cell(instance)?;
        checks::states(&instance.layout, batch, state, &mut self.recording.states)
    }

    /// Takes outputs and state out of the recording.
    pub(crate) fn finish(&mut self, layout: &Layout, state_given: bool, kept: bool) {
        let (steps, batch) = (self.recording.steps(), self.recording.batch());
        self.outputs
            .resize_with(layout.tables.outputs.len(), Output::new);
        for (output, &slot) in self.outputs.iter_mut().zip(layout.tables.outputs) {
            let dim = (steps, batch, layout.width(slot));
            let range = self.recording.in_place(layout, slot);
            output.there = range.map(|range| (range, dim));
            if output.there.is_none() {
                output.here = resized(std::mem::take(&mut output.here), ndarray::Dim(dim));
                self.recording.copy(layout, slot, &mut output.here);
            }
        }
        let mut states = std::mem::take(&mut self.recording.states);
        exec::final_states(layout, &self.recording, &mut states);
        match &mut self.state {
            Some(state) => write_state(layout, batch, &states, state),
            None => self.state = Some(C::State::from_fields(fields(layout, batch, &states))),
        }
        self.recording.states = states;
        self.sizes.clone_from(&layout.sizes);
        self.ready = kept;
        self.kept = kept;
        self.state_given = state_given;
    }

    /// Whether a backward pass may go over the recording; gives its steps and rows.
    pub(crate) fn ready(&self, instance: &Instance<C::Scalar>) -> Result<(usize, usize), Error> {
        if !self.ready {
            return Err(Error::NotRecorded { cell: C::INFO.name });
        }
        self.of_cell(instance)?;
        Ok((self.recording.steps(), self.recording.batch()))
    }

    /// Hands the recording to a backward pass, once.
    pub(crate) fn take(&mut self) -> &mut Recording<C::Scalar> {
        self.ready = false;
        &mut self.recording
    }

    /// Leaves nothing to go back over; outputs and state stay, to continue from.
    pub(crate) fn forget(&mut self) {
        (self.ready, self.kept) = (false, false);
    }

    /// Whether the recording is of this cell, at whatever point of its training.
    fn of_cell(&self, instance: &Instance<C::Scalar>) -> Result<(), Error> {
        let cell = C::INFO.name;
        if self.sizes != instance.layout.sizes {
            return Err(Error::OtherSizes {
                cell,
                recorded: self.sizes.clone(),
                found: instance.layout.sizes.clone(),
            });
        }
        match self.recording.shared.are_of(&instance.numbers) {
            true => Ok(()),
            false => Err(Error::OtherCell { cell }),
        }
    }

    /// Outputs and state, if there are any, and the tape's memory.
    pub(crate) fn into_run(self) -> (Option<Run<C>>, Recording<C::Scalar>) {
        let outputs = self.outputs.into_iter().map(|output| match output.there {
            Some(_) => output.view(&self.recording).to_owned(),
            None => output.here,
        });
        let outputs = outputs.collect();
        let run = self.state.map(|state| Run { outputs, state });
        (run, self.recording)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;
    use rand::SeedableRng;

    use super::Tape;
    use crate::cell::{Cell, CellGrads};
    use crate::cells::{Gru, Lstm};
    use crate::error::Error;
    use crate::sequence::Sequence;

    /// Packed weights are kept from run to run, but only while they are the cell's.
    #[test]
    fn a_tape_that_is_used_again_sees_changed_parameters() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let mut cell = Gru::<f32>::new(3, 5, &mut rng).expect("sizes");
        let x = Array3::from_shape_fn((4, 2, 3), |(t, b, i)| (t + 2 * b + 3 * i) as f32 / 9.0);
        let dy = Array3::from_elem((4, 2, 5), 1.0);
        let mut tape = Tape::new();
        for round in 0..6 {
            if round % 3 != 2 {
                let place = round * 7;
                cell.params_mut()[place] = -cell.params()[place];
            }
            let (mut fresh, mut grads, mut expected) =
                (Tape::new(), cell.zero_grads(), cell.zero_grads());
            cell.record(&x, &mut fresh).expect("a recording");
            cell.backward(&mut fresh, &dy, &mut expected)
                .expect("gradients");
            cell.predict(&x, &mut tape).expect("a prediction");
            assert_eq!(tape.output(0), fresh.output(0));
            cell.record(&x, &mut tape).expect("a recording");
            cell.backward(&mut tape, &dy, &mut grads)
                .expect("gradients");
            assert_eq!(grads.params(), expected.params());
            assert_eq!(grads.input(0), expected.input(0));
        }
    }

    /// Outputs are read where the recording has them, which the backward pass works on.
    #[test]
    fn outputs_outlive_the_backward_pass() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let cell = Gru::<f32>::new(3, 5, &mut rng).expect("sizes");
        let x = Array3::from_shape_fn((4, 2, 3), |(t, b, i)| (t + 2 * b + 3 * i) as f32 / 9.0);
        let dy = Array3::from_elem((4, 2, 5), 1.0);
        for lengths in [[4, 4], [4, 2], [2, 4]] {
            let sequence = || Sequence::new(x.view()).lengths(&lengths);
            let mut tape = Tape::new();
            cell.record(sequence(), &mut tape).expect("a recording");
            let (before, state) = (tape.output(0).to_owned(), tape.state().h.clone());
            cell.backward(&mut tape, &dy, &mut cell.zero_grads())
                .expect("gradients");
            assert_eq!((tape.output(0), &tape.state().h), (before.view(), &state));
            assert_eq!(*cell.forward(sequence()).expect("a run").output(), before);
        }
    }

    /// A prediction has memory for what it reads and gives, not for a way back.
    #[test]
    fn a_prediction_takes_less_than_a_recording() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let cell = Lstm::<f32>::new(16, 16, &mut rng).expect("sizes");
        let (x, mut tape) = (Array3::from_elem((2000, 1, 16), 0.5), Tape::new());
        cell.predict(&x, &mut tape).expect("a prediction");
        let both = 2 * x.len() * size_of::<f32>();
        let bytes = tape.bytes();
        assert!(
            (both..both + both / 4).contains(&bytes),
            "{bytes} of {both}"
        );
        cell.record(&x, &mut tape).expect("a recording");
        assert!(tape.bytes() > x.dim().0 * cell.tape_bytes());
    }

    #[test]
    fn a_prediction_is_no_recording() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let cell = Gru::<f32>::new(3, 5, &mut rng).expect("sizes");
        let (x, mut tape) = (Array3::from_elem((4, 2, 3), 0.5), Tape::new());
        cell.predict(&x, &mut tape).expect("a prediction");
        let dy = Array3::from_elem((4, 2, 5), 1.0);
        let refused = cell.backward(&mut tape, &dy, &mut cell.zero_grads());
        assert!(matches!(refused, Err(Error::NotRecorded { cell: "Gru" })));
        let refused = tape.get(&cell, "r");
        assert!(matches!(refused, Err(Error::NotRecorded { cell: "Gru" })));
        assert_eq!(
            tape.state().h,
            tape.output(0).index_axis(ndarray::Axis(0), 3)
        );
    }
}
