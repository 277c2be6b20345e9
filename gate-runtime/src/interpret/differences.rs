//! The interpreter's gradients against its own central differences.

use ndarray::Array3;

use crate::error::Error;
use crate::gradcheck::{Deviation, compare};
use crate::info::{RoleInfo, elements};

use super::step::symbols;
use super::{Gradients, Inputs, Interpreter, OutputSeeds, Trace};

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
    let check = Check {
        interpreter,
        inputs,
        seeds,
        gradients: interpreter.gradients(inputs, seeds)?,
    };
    let mut report = Vec::new();
    check.parameters(&mut report)?;
    check.inputs(&mut report)?;
    check.states(&mut report)?;
    Ok(report)
}

/// A comparison under way.
struct Check<'c, 'i, 's> {
    interpreter: &'c Interpreter<'i>,
    inputs: &'c Inputs<'s>,
    seeds: &'c OutputSeeds,
    gradients: Gradients,
}

impl Check<'_, '_, '_> {
    fn loss(&self, inputs: &Inputs<'_>) -> Result<f64, Error> {
        Ok(weigh(&self.interpreter.run(inputs)?, self.seeds))
    }

    fn parameters(&self, report: &mut Vec<Deviation>) -> Result<(), Error> {
        let info = self.interpreter.info;
        let mut start = 0;
        for symbol in symbols(info, |role| matches!(role, RoleInfo::Parameter(_))) {
            let symbol = &info.symbols[symbol];
            let count = elements(symbol.shape, &self.interpreter.sizes);
            let analytic = &self.gradients.params[start..start + count];
            report.push(compare(symbol.printed.to_owned(), analytic, |k, shift| {
                let mut params = self.inputs.params.to_vec();
                params[start + k] += shift;
                self.loss(&Inputs {
                    params: &params,
                    ..self.inputs.clone()
                })
            })?);
            start += count;
        }
        Ok(())
    }

    fn inputs(&self, report: &mut Vec<Deviation>) -> Result<(), Error> {
        let info = self.interpreter.info;
        let sequences = self.inputs.sequences.iter().map(|x| x.to_owned());
        let sequences: Vec<Array3<f64>> = sequences.collect();
        let symbols = symbols(info, |role| *role == RoleInfo::Input);
        for (i, symbol) in symbols.into_iter().enumerate() {
            let name = format!("{}_t", info.symbols[symbol].printed);
            let analytic: Vec<f64> = self.gradients.inputs[i].iter().copied().collect();
            report.push(compare(name, &analytic, |k, shift| {
                let mut shifted = sequences.clone();
                if let Some(number) = shifted[i].iter_mut().nth(k) {
                    *number += shift;
                }
                let views = shifted.iter().map(|x| x.view()).collect();
                self.loss(&Inputs {
                    sequences: views,
                    ..self.inputs.clone()
                })
            })?);
        }
        Ok(())
    }

    fn states(&self, report: &mut Vec<Deviation>) -> Result<(), Error> {
        let info = self.interpreter.info;
        for (i, given) in self.inputs.states.iter().flatten().enumerate() {
            let name = format!("{}_0", info.symbols[info.graph.states[i].symbol].printed);
            let analytic: Vec<f64> = self.gradients.states[i].iter().copied().collect();
            report.push(compare(name, &analytic, |k, shift| {
                let mut shifted = given.clone();
                if let Some(number) = shifted.iter_mut().nth(k) {
                    *number += shift;
                }
                let mut states = self.inputs.states.clone().unwrap_or_default();
                states[i] = shifted;
                self.loss(&self.inputs.clone().states(states))
            })?);
        }
        Ok(())
    }
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
