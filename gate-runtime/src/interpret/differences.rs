//! The interpreter's gradients against its own central differences.

use ndarray::Array3;

use crate::error::Error;
use crate::gradcheck::{Deviation, compare};
use crate::info::{RoleInfo, elements};

use super::step::symbols;
use super::{Inputs, Interpreter, OutputSeeds, Trace};

/// Compares [`Interpreter::gradients`] with central differences of [`Interpreter::run`]: one
/// entry for each parameter, input and (where they are given) initial state.
///
/// # Errors
///
/// As [`Interpreter::gradients`].
pub fn check_gradients(
    interpreter: &Interpreter<'_>,
    inputs: &Inputs<'_>,
    seeds: &OutputSeeds,
) -> Result<Vec<Deviation>, Error> {
    let gradients = interpreter.gradients(inputs, seeds)?;
    let info = interpreter.info;
    let loss = |inputs: &Inputs<'_>| Ok(weigh(&interpreter.run(inputs)?, seeds));
    let mut report = Vec::new();
    let mut start = 0;
    for symbol in symbols(info, |role| matches!(role, RoleInfo::Parameter(_))) {
        let symbol = &info.symbols[symbol];
        let count = elements(symbol.shape, &interpreter.sizes);
        let analytic = &gradients.params[start..start + count];
        report.push(compare(symbol.printed.to_owned(), analytic, |k, shift| {
            let mut params = inputs.params.to_vec();
            params[start + k] += shift;
            loss(&Inputs {
                params: &params,
                ..inputs.clone()
            })
        })?);
        start += count;
    }
    let sequences: Vec<Array3<f64>> = inputs.sequences.iter().map(|x| x.to_owned()).collect();
    for (i, symbol) in symbols(info, |role| *role == RoleInfo::Input)
        .into_iter()
        .enumerate()
    {
        let analytic: Vec<f64> = gradients.inputs[i].iter().copied().collect();
        report.push(compare(
            format!("{}_t", info.symbols[symbol].printed),
            &analytic,
            |k, shift| {
                let mut shifted = sequences.clone();
                if let Some(number) = shifted[i].iter_mut().nth(k) {
                    *number += shift;
                }
                let views = shifted.iter().map(|x| x.view()).collect();
                loss(&Inputs {
                    sequences: views,
                    ..inputs.clone()
                })
            },
        )?);
    }
    for (i, given) in inputs.states.iter().flatten().enumerate() {
        let analytic: Vec<f64> = gradients.states[i].iter().copied().collect();
        let symbol = &info.symbols[info.graph.states[i].symbol];
        report.push(compare(
            format!("{}_0", symbol.printed),
            &analytic,
            |k, shift| {
                let mut shifted = given.clone();
                if let Some(number) = shifted.iter_mut().nth(k) {
                    *number += shift;
                }
                let mut states = inputs.states.clone().unwrap_or_default();
                states[i] = shifted;
                loss(&inputs.clone().states(states))
            },
        )?);
    }
    Ok(report)
}

/// `Σ dy · outputs + Σ ds · final states`
fn weigh(trace: &Trace, seeds: &OutputSeeds) -> f64 {
    let outputs = seeds
        .outputs
        .iter()
        .zip(&trace.outputs)
        .map(|(dy, y)| (dy * y).sum());
    let states = seeds
        .states
        .iter()
        .zip(&trace.states)
        .map(|(ds, s)| (ds * s).sum());
    outputs.chain(states).sum()
}
