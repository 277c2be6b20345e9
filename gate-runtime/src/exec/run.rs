//! The forward pass over a sequence.
//!
//! Takes: a layout, parameters, inputs `[T, B, features]`, initial states. Gives: a
//! [`Recording`]: frames that hold every value the backward pass needs, outputs and states.

use ndarray::{Array3, ArrayView3};

use crate::kernels::{Chance, Float, Isa, Kernel, Place};
use crate::threads;

use super::Program;
use super::frame::{Frame, Mode};
use super::layout::Layout;
use super::rows::Rows;
use super::shared::Shared;

/// What a forward pass leaves. It is reused by the next one.
#[derive(Debug)]
pub(crate) struct Recording<A> {
    pub(crate) shared: Shared<A>,
    pub(crate) parts: Vec<Part<A>>,
    pub(crate) batch: usize,
    pub(crate) steps: usize,
    /// Seed of the random masks while training.
    pub(crate) training: Option<u64>,
}

/// A frame with the rows that it works on.
#[derive(Debug)]
pub(crate) struct Part<A> {
    pub(crate) frame: Frame<A>,
    pub(crate) rows: Rows,
}

/// A state's values before the first step, `[depth][B][width]` flat, newest first.
pub(crate) type States<A> = Vec<Vec<A>>;

/// What a forward pass works on.
pub(crate) struct Task<'a, A> {
    pub(crate) params: &'a [A],
    pub(crate) hypers: &'a [A],
    pub(crate) inputs: &'a [ArrayView3<'a, A>],
    pub(crate) lengths: Option<&'a [usize]>,
    /// One for each entry of the graph's states.
    pub(crate) states: &'a States<A>,
    pub(crate) training: Option<u64>,
}

impl<A: Float> Recording<A> {
    pub(crate) fn new() -> Recording<A> {
        Recording {
            shared: Shared::new(),
            parts: Vec::new(),
            batch: 0,
            steps: 0,
            training: None,
        }
    }

    /// Copies a slot's value of all rows and steps; rows past their length get zeros.
    pub(crate) fn copy(&self, layout: &Layout, slot: usize, out: &mut Array3<A>) {
        let width = layout.width(slot);
        let shared = self.shared.slice(layout, &layout.slots[slot]);
        let Some(out) = out.as_slice_mut() else {
            return;
        };
        for part in &self.parts {
            let plain = shared.is_none() && part.rows.plain(self.batch);
            let whole = plain
                .then(|| part.frame.whole(layout, slot, self.steps))
                .flatten();
            if let Some(values) = whole {
                out.copy_from_slice(values);
                continue;
            }
            for (row, &index) in part.rows.index.iter().enumerate() {
                for time in 0..self.steps {
                    let target = &mut out[(time * self.batch + index) * width..][..width];
                    match shared {
                        _ if time >= part.rows.lengths[row] => target.fill(A::ZERO),
                        Some(values) => target.copy_from_slice(values),
                        None => {
                            target.copy_from_slice(part.frame.row(layout, slot, time as isize, row))
                        }
                    }
                }
            }
        }
    }
}

/// Runs the forward pass and keeps what the backward pass needs.
pub(crate) fn forward<A: Float, P: Program<A>>(
    layout: &Layout,
    task: &Task<'_, A>,
    recording: &mut Recording<A>,
) {
    let (steps, batch, _) = task.inputs.first().map_or((0, 0, 0), |x| x.dim());
    recording.batch = batch;
    recording.steps = steps;
    recording.training = task.training;
    let rows = Rows::split(batch, steps, task.lengths);
    recording.parts.resize_with(rows.len(), || Part {
        frame: Frame::new(),
        rows: Rows::default(),
    });
    let shared = &mut recording.shared;
    shared.prepare(layout, task.params, task.hypers);
    for (part, rows) in recording.parts.iter_mut().zip(rows) {
        part.frame
            .prepare(layout, Mode::Sequence, steps, rows.count());
        part.rows = rows;
        fill(layout, task, part);
    }
    once::<A>(layout, shared, P::forward_once);
    shared.pack(layout, 0);
    let mut places: Vec<Vec<Place<A>>> = vec![Vec::new(); recording.parts.len()];
    for (part, places) in recording.parts.iter_mut().zip(&mut places) {
        part.frame.places(layout, shared, places);
    }
    let work: Vec<_> = recording.parts.iter().zip(&places).collect();
    let shared = &recording.shared;
    let training = task.training;
    threads::each(&work, |(part, places)| {
        let mut k = kernel(layout, shared, places);
        k.chance = Chance {
            seed: training,
            batch: part.rows.index.clone(),
        };
        over_rows(&mut k, &part.rows, P::forward_before);
        for time in 0..steps {
            k.time = time;
            k.rows = part.rows.active(time);
            P::forward_step(&mut k);
        }
        over_rows(&mut k, &part.rows, P::forward_after);
    });
}

/// Runs a section that works on shared values.
pub(super) fn once<A: Float>(
    layout: &Layout,
    shared: &mut Shared<A>,
    section: fn(&mut Kernel<'_, A>),
) {
    let mut places = Vec::new();
    let mut none = Frame::new();
    none.prepare(layout, Mode::Sequence, 0, 0);
    none.places(layout, shared, &mut places);
    let mut k = kernel(layout, shared, &places);
    k.rows = 1;
    section(&mut k);
}

/// Runs a section over all rows of all steps: at once where no row is over early.
pub(super) fn over_rows<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    rows: &Rows,
    section: fn(&mut Kernel<'a, A>),
) {
    if rows.even {
        k.time = 0;
        k.rows = rows.count() * rows.steps;
        section(k);
        return;
    }
    for time in 0..rows.steps {
        k.time = time;
        k.rows = rows.active(time);
        section(k);
    }
}

/// The primitives for one frame.
pub(super) fn kernel<'a, A: Float>(
    layout: &'a Layout,
    shared: &'a Shared<A>,
    places: &'a [Place<A>],
) -> Kernel<'a, A> {
    Kernel::new(
        Isa::detect(),
        places,
        shared.weights(),
        &layout.grids,
        &layout.sizes,
    )
}

/// Copies inputs and initial states into a frame.
fn fill<A: Float>(layout: &Layout, task: &Task<'_, A>, part: &mut Part<A>) {
    let Part { frame, rows } = part;
    for (input, &slot) in task.inputs.iter().zip(layout.tables.inputs) {
        let whole = frame.whole_mut(layout, slot, rows.steps);
        if let (Some(target), Some(source), true) =
            (whole, input.as_slice(), rows.plain(input.dim().1))
        {
            target.copy_from_slice(source);
            continue;
        }
        for time in 0..rows.steps {
            for row in 0..rows.active(time) {
                let source = input.slice(ndarray::s![time, rows.index[row], ..]);
                let target = frame.row_mut(layout, slot, time as isize, row);
                match source.as_slice() {
                    Some(source) => target.copy_from_slice(source),
                    None => target.iter_mut().zip(source).for_each(|(t, s)| *t = *s),
                }
            }
        }
    }
    for ((state, &slot), values) in layout
        .info
        .graph
        .states
        .iter()
        .zip(layout.tables.states)
        .zip(task.states)
    {
        let width = layout.width(slot);
        let batch = values.len() / (state.depth * width).max(1);
        for back in 0..state.depth {
            for (row, &index) in rows.index.iter().enumerate() {
                let start = (back * batch + index) * width;
                let target = frame.row_mut(layout, slot, -1 - back as isize, row);
                target.copy_from_slice(&values[start..start + width]);
            }
        }
    }
}

/// The states after the last step of each row, as [`States`].
pub(crate) fn final_states<A: Float>(layout: &Layout, recording: &Recording<A>) -> States<A> {
    let mut out = Vec::new();
    for (state, &slot) in layout.info.graph.states.iter().zip(layout.tables.states) {
        let width = layout.width(slot);
        let mut values = vec![A::ZERO; state.depth * recording.batch * width];
        for part in &recording.parts {
            for (row, (&index, &length)) in
                part.rows.index.iter().zip(&part.rows.lengths).enumerate()
            {
                for back in 0..state.depth {
                    let time = length as isize - 1 - back as isize;
                    let start = (back * recording.batch + index) * width;
                    values[start..start + width]
                        .copy_from_slice(part.frame.row(layout, slot, time, row));
                }
            }
        }
        out.push(values);
    }
    out
}
