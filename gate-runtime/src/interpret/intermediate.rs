//! Any intermediate of a recorded sequence, computed again from its inputs and initial states.

use ndarray::{Array3, ArrayD, IxDyn};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::Error;
use crate::exec::{Layout, Recording};
use crate::kernels::Float;
use crate::states::state_shape;

use super::border::put_state;
use super::chances::chances;
use super::{Inputs, Interpreter};

/// The values of a symbol (index) that an equation defines, `[T, B, elements]`; zero beyond a
/// row's length. Computed in `f64` with the parameters of the recording.
pub(crate) fn intermediate<A: Float>(
    layout: &Layout,
    recording: &Recording<A>,
    symbol: usize,
) -> Result<Array3<A>, Error> {
    let (info, sizes) = (layout.info, &layout.sizes);
    let interpreter = Interpreter::new(info, sizes)?;
    let params: Vec<f64> = recording
        .shared
        .params()
        .iter()
        .map(|p| p.to_f64())
        .collect();
    let hypers: Vec<f64> = recording
        .shared
        .hypers()
        .iter()
        .map(|p| p.to_f64())
        .collect();
    let sequences: Vec<Array3<f64>> = layout
        .tables
        .inputs
        .iter()
        .map(|&slot| sequence(layout, recording, slot))
        .collect();
    let views: Vec<_> = sequences.iter().map(|x| x.view()).collect();
    let seed = recording.training.unwrap_or_default();
    let chances = chances(info, sizes, &|symbol| hypers[layout.hypers[symbol]]);
    let draw = |mask: usize, time: usize, row: usize, element: usize| {
        let of_mask = chances.iter().find(|chance| chance.mask == mask);
        let (dropout, p) = of_mask.map_or((true, 0.0), |c| (c.dropout, c.value));
        multiplier(dropout, p, hit(seed, mask, time, row, element, p))
    };
    let mut inputs = Inputs::new(&params, &views)
        .hypers(&hypers)
        .states(first_states(layout, recording));
    inputs = inputs.lengths(&lengths(recording));
    if recording.training.is_some() {
        inputs = inputs.masks(&draw);
    }
    let trace = interpreter.run(&inputs)?;
    let place = info.graph.named.iter().position(|&(s, _)| s == symbol);
    let (_, values) = &trace.named[place.expect("the symbol is one that an equation defines")];
    Ok(values.mapv(A::from_f64))
}

/// What dropout and zoneout multiply by while training.
fn multiplier(dropout: bool, chance: f64, hit: bool) -> f64 {
    match (dropout, hit) {
        (true, true) | (false, false) => 0.0,
        (true, false) => 1.0 / (1.0 - chance),
        (false, true) => 1.0,
    }
}

/// Whether the random event of a mask's element happens: the same numbers that a run draws.
fn hit(seed: u64, mask: usize, time: usize, row: usize, element: usize, chance: f64) -> bool {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(((mask as u64) << 56) ^ ((time as u64) << 28) ^ row as u64);
    // A number takes two words.
    rng.set_word_pos(2 * element as u128);
    rng.random::<f64>() < chance
}

/// A slot of all rows and steps.
fn sequence<A: Float>(layout: &Layout, recording: &Recording<A>, slot: usize) -> Array3<f64> {
    let mut values = Array3::zeros((recording.steps(), recording.batch(), layout.width(slot)));
    recording.copy(layout, slot, &mut values);
    values.mapv(A::to_f64)
}

/// The number of steps of each row.
fn lengths<A: Float>(recording: &Recording<A>) -> Vec<usize> {
    let mut lengths = vec![0; recording.batch()];
    for (&row, &length) in recording.rows.index.iter().zip(&recording.rows.lengths) {
        lengths[row] = length;
    }
    lengths
}

/// The states that a recording started from.
fn first_states<A: Float>(layout: &Layout, recording: &Recording<A>) -> Vec<ArrayD<f64>> {
    let states = layout.info.graph.states.iter().zip(layout.tables.states);
    let mut fields = Vec::new();
    for (index, (state, &slot)) in states.enumerate() {
        let mut values = ArrayD::zeros(IxDyn(&state_shape(layout, index, recording.batch())));
        for (place, &row) in recording.rows.index.iter().enumerate() {
            for back in 0..state.depth {
                let source = recording.frame.first(layout, slot, back + 1, place);
                let numbers: Vec<f64> = source.iter().map(|v| v.to_f64()).collect();
                put_state(&mut values, back, row, recording.batch(), &numbers);
            }
        }
        fields.push(values);
    }
    fields
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;
    use rand::SeedableRng;

    use super::*;
    use crate::cell::Cell;
    use crate::cells::{Gru, RecurrentDropoutLstm, ZoneoutLstm};
    use crate::sequence::Sequence;
    use crate::tape::Tape;

    /// Recomputes a symbol that the tape holds, and compares.
    fn check<C: Cell<Scalar = f64>>(training: Option<u64>) {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let cell = C::with_sizes(&[2, 3], &mut rng).unwrap();
        let x: Array3<f64> =
            Array3::from_shape_simple_fn((5, 13, 2), || rng.random_range(-1.0..1.0));
        let lengths: Vec<usize> = (0..13).map(|row| 1 + row % 5).collect();
        let mut inputs = Sequence::new(x.view()).lengths(&lengths);
        inputs.training = training;
        let mut tape = Tape::<C>::new();
        cell.record(inputs, &mut tape).unwrap();
        let layout = &cell.instance().layout;
        let again = intermediate(layout, &tape.recording, C::INFO.outputs[0]).unwrap();
        assert_eq!(again.dim(), (5, 13, 3));
        let apart = (&again - &tape.output(0))
            .iter()
            .fold(0.0_f64, |m, d| m.max(d.abs()));
        assert!(apart < 1e-13, "{}: {apart}", C::INFO.name);
    }

    #[test]
    fn recomputed_equals_recorded() {
        check::<Gru<f64>>(None);
        check::<ZoneoutLstm<f64>>(None);
    }

    #[test]
    fn random_masks_are_those_of_the_recording() {
        check::<ZoneoutLstm<f64>>(Some(7));
        check::<RecurrentDropoutLstm<f64>>(Some(8));
    }
}
