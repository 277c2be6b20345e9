//! Gradients against central differences.
//!
//! Takes: a cell, a sequence, the gradients that the loss `Σ dy · outputs + Σ ds · final states`
//! starts from. Gives: for every parameter, input and initial state, how far the backward pass
//! and the differences are apart.
//!
//! ```
//! use gate_runtime::gradcheck::check_gradients;
//! use gate_runtime::{Seeds, Sequence, cells::Gru};
//! use ndarray::Array3;
//! # use rand::SeedableRng;
//!
//! let gru = Gru::<f64>::new(2, 3, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
//! let x = Array3::from_shape_fn((4, 2, 2), |(t, b, i)| (t + b + i) as f64 / 7.0);
//! let dy = Array3::ones((4, 2, 3));
//! for symbol in check_gradients(&gru, &Sequence::from(&x), &Seeds::from(&dy))? {
//!     assert!(symbol.relative < 1e-6, "{symbol:?}");
//! }
//! # Ok::<(), gate_runtime::Error>(())
//! ```

use ndarray::{Array3, ArrayD, ArrayViewD};

use crate::cell::{Cell, CellGrads, CellState, Fields};
use crate::error::Error;
use crate::info::{RoleInfo, elements};
use crate::sequence::{Seeds, Sequence, Start};
use crate::tape::Tape;

/// Distance of the central differences: their error and that of rounding are about equal.
const STEP: f64 = 1e-5;

/// Gradients smaller than this are compared as if they had this size.
const FLOOR: f64 = 1e-4;

/// How far a gradient and central differences are apart, for one symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// As printed; an input as `x_t`, an initial state as `h_0`.
    pub symbol: String,
    /// Number of elements compared.
    pub elements: usize,
    /// The element that deviates most.
    pub index: usize,
    /// Its gradient.
    pub analytic: f64,
    /// Its central difference.
    pub numeric: f64,
    /// Their difference as a share of the largest gradient of the symbol.
    pub relative: f64,
}

/// Compares the backward pass of a cell with central differences. It runs the cell twice for
/// every number: use small sizes. Initial states are compared where the sequence gives them.
///
/// # Errors
///
/// As [`Cell::forward`] and [`Cell::backward`].
pub fn check_gradients<C: Cell<Scalar = f64>>(
    cell: &C,
    sequence: &Sequence<'_, f64>,
    seeds: &Seeds<'_, f64>,
) -> Result<Vec<Deviation>, Error> {
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    cell.record(sequence.clone(), &mut tape)?;
    let all = Seeds {
        inputs: true,
        ..seeds.clone()
    };
    cell.backward(&mut tape, all, &mut grads)?;

    let mut probe = Probe::new(cell, sequence);
    let mut report = Vec::new();
    let mut start = 0;
    let symbols = C::INFO.symbols.iter();
    for symbol in symbols
        .clone()
        .filter(|s| matches!(s.role, RoleInfo::Parameter(_)))
    {
        let count = elements(symbol.shape, cell.sizes());
        let analytic = &grads.params()[start..start + count];
        let loss =
            |k, shift| probe.loss_with(seeds, shift, |p| &mut p.cell.params_mut()[start + k]);
        report.push(compare(symbol.printed.to_owned(), analytic, loss)?);
        start += count;
    }
    for (i, symbol) in symbols.filter(|s| s.role == RoleInfo::Input).enumerate() {
        let analytic: Vec<f64> = grads.input(i).iter().copied().collect();
        let loss = |k, shift| probe.loss_with(seeds, shift, |p| nth(p.inputs[i].iter_mut(), k));
        report.push(compare(format!("{}_t", symbol.printed), &analytic, loss)?);
    }
    for i in 0..probe.states.len() {
        let analytic: Vec<f64> = grads.state().fields()[i].iter().copied().collect();
        let loss = |k, shift| probe.loss_with(seeds, shift, |p| nth(p.states[i].iter_mut(), k));
        let symbol = C::INFO.graph.states[i].symbol;
        report.push(compare(
            format!("{}_0", C::INFO.symbols[symbol].printed),
            &analytic,
            loss,
        )?);
    }
    Ok(report)
}

/// Compares gradients with the central differences of `loss`, a function of the element and of
/// what is added to it.
pub(crate) fn compare(
    symbol: String,
    analytic: &[f64],
    mut loss: impl FnMut(usize, f64) -> Result<f64, Error>,
) -> Result<Deviation, Error> {
    let mut worst = Deviation {
        symbol,
        elements: analytic.len(),
        index: 0,
        analytic: 0.0,
        numeric: 0.0,
        relative: 0.0,
    };
    let (mut largest, mut distance) = (FLOOR, -1.0);
    for (index, &gradient) in analytic.iter().enumerate() {
        let numeric = (loss(index, STEP)? - loss(index, -STEP)?) / (2.0 * STEP);
        largest = numeric.abs().max(gradient.abs()).max(largest);
        let apart = (gradient - numeric).abs();
        // NaN is the worst there can be.
        if apart > distance || apart.is_nan() {
            distance = if apart.is_nan() { f64::INFINITY } else { apart };
            worst = Deviation {
                index,
                analytic: gradient,
                numeric,
                ..worst
            };
        }
    }
    worst.relative = if distance == f64::INFINITY {
        distance
    } else {
        distance.max(0.0) / largest
    };
    Ok(worst)
}

/// The `k`-th of some elements.
fn nth<'a>(mut elements: impl Iterator<Item = &'a mut f64>, k: usize) -> &'a mut f64 {
    elements
        .nth(k)
        .expect("an array has as many elements as its gradient")
}

/// A copy of everything that the loss depends on.
struct Probe<'a, 's, C> {
    cell: C,
    inputs: Vec<Array3<f64>>,
    /// Empty where the sequence starts from the definition's states.
    states: Vec<ArrayD<f64>>,
    sequence: &'a Sequence<'s, f64>,
}

impl<'a, 's, C: Cell<Scalar = f64>> Probe<'a, 's, C> {
    fn new(cell: &C, sequence: &'a Sequence<'s, f64>) -> Self {
        Probe {
            cell: cell.clone(),
            inputs: sequence.inputs.iter().map(|x| x.to_owned()).collect(),
            states: owned(match sequence.start {
                Start::Given(state) => Some(state),
                _ => None,
            }),
            sequence,
        }
    }

    /// The loss while one number is shifted.
    fn loss_with(
        &mut self,
        seeds: &Seeds<'_, f64>,
        shift: f64,
        number: impl Fn(&mut Self) -> &mut f64,
    ) -> Result<f64, Error> {
        let before = *number(self);
        *number(self) = before + shift;
        let loss = self.loss(seeds);
        *number(self) = before;
        loss
    }

    fn loss(&self, seeds: &Seeds<'_, f64>) -> Result<f64, Error> {
        let sequence = Sequence {
            inputs: self.inputs.iter().map(|x| x.view()).collect(),
            start: match self.sequence.start {
                Start::Given(_) => Start::Given(&self.states),
                start => start,
            },
            ..*self.sequence
        };
        let run = self.cell.forward(sequence)?;
        let outputs = seeds
            .outputs
            .iter()
            .zip(&run.outputs)
            .map(|(dy, y)| (dy * y).sum());
        let fields = run.state.fields();
        let given = owned(seeds.state);
        let states = given.iter().zip(&fields).map(|(ds, s)| (ds * s).sum());
        Ok(outputs.chain(states).sum())
    }
}

/// Copies of a state's fields.
fn owned(state: Option<&dyn Fields<f64>>) -> Vec<ArrayD<f64>> {
    let mut out = Vec::new();
    if let Some(state) = state {
        state.each(&mut |field| out.push(field.to_owned()));
    }
    out
}

impl Fields<f64> for Vec<ArrayD<f64>> {
    fn each(&self, see: &mut dyn FnMut(ArrayViewD<'_, f64>)) {
        self.iter().for_each(|field| see(field.view()));
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::cells::{Lstm, RecurrentDropoutLstm};

    fn sequence(steps: usize, features: usize) -> Array3<f64> {
        Array3::from_shape_fn((steps, 2, features), |(t, b, i)| {
            (t as f64 + 1.3 * b as f64 - 0.7 * i as f64).sin()
        })
    }

    #[test]
    fn a_right_gradient_deviates_little_by_every_symbol() {
        let cell = Lstm::<f64>::new(2, 3, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let (x, dy) = (sequence(4, 2), sequence(4, 3));
        let state = cell.zero_state(2);
        let inputs = Sequence::new(x.view()).lengths(&[4, 3]).state(&state);
        let report = check_gradients(
            &cell,
            &inputs,
            &Seeds::from(&dy).state(&state).without_inputs(),
        )
        .unwrap();
        let names: Vec<&str> = report.iter().map(|d| d.symbol.as_str()).collect();
        assert_eq!(names.len(), 12 + 1 + 2);
        assert!(
            names.contains(&"x_t") && names.contains(&"C_0"),
            "{names:?}"
        );
        assert_eq!(
            report.iter().map(|d| d.elements).sum::<usize>(),
            cell.params().len() + x.len() + 2 * 6
        );
        assert!(
            report
                .iter()
                .all(|d| d.relative < 1e-8 && d.analytic != 0.0),
            "{report:?}"
        );
    }

    #[test]
    fn random_masks_stay_the_same_from_run_to_run() {
        let cell =
            RecurrentDropoutLstm::<f64>::new(2, 3, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let (x, dy) = (sequence(4, 2), sequence(4, 3));
        let report = check_gradients(
            &cell,
            &Sequence::new(x.view()).training(5),
            &Seeds::from(&dy),
        )
        .unwrap();
        assert!(report.iter().all(|d| d.relative < 1e-8), "{report:?}");
    }

    #[test]
    fn a_wrong_gradient_and_nan_are_seen() {
        let square = |k: usize, shift: f64| Ok(([1.0, 2.0][k] + shift).powi(2));
        let right = compare("p".to_owned(), &[2.0, 4.0], square).unwrap();
        assert!(right.relative < 1e-9);
        let wrong = compare("p".to_owned(), &[2.0, 5.0], square).unwrap();
        assert_eq!((wrong.index, wrong.analytic), (1, 5.0));
        assert!((wrong.relative - 0.2).abs() < 1e-9 && (wrong.numeric - 4.0).abs() < 1e-9);
        let nan = compare("p".to_owned(), &[f64::NAN, 4.0], square).unwrap();
        assert_eq!((nan.index, nan.relative), (0, f64::INFINITY));
    }
}
