//! Whether what a caller passes fits a cell. Nothing is computed before all of it does.

use ndarray::{ArrayView2, ArrayViewMut2};

use crate::cell::{Cell, Fields};
use crate::error::Error;
use crate::exec::{Layout, States};
use crate::info::CellInfo;
use crate::instance::Instance;
use crate::interpret;
use crate::kernels::Float;
use crate::sequence::{Seeds, Sequence};
use crate::sizes;
use crate::states::{state_fits, state_shape};

/// Checks the inputs of a run; gives the number of steps and of rows.
pub(crate) fn sequence<A: Float>(
    layout: &Layout,
    sequence: &Sequence<'_, A>,
) -> Result<(usize, usize), Error> {
    let expected = layout.tables.inputs.len();
    if sequence.inputs.len() != expected {
        return Err(Error::InputCount {
            cell: layout.info.name,
            expected,
            found: sequence.inputs.len(),
        });
    }
    let mut first = None;
    for (i, input) in sequence.inputs.iter().enumerate() {
        let found = input.dim();
        let (steps, batch) = *first.get_or_insert((found.0, found.1));
        let expected = (steps, batch, layout.width(layout.tables.inputs[i]));
        if found != expected {
            return Err(shape(
                layout,
                input_name(layout, i),
                &[expected.0, expected.1, expected.2],
                input.shape(),
            ));
        }
    }
    let (steps, batch) = first.unwrap_or((0, 0));
    if steps == 0 || batch == 0 {
        return Err(Error::Empty {
            cell: layout.info.name,
            steps,
            batch,
        });
    }
    if let Some(lengths) = sequence.lengths {
        if lengths.len() != batch {
            return Err(Error::LengthCount {
                expected: batch,
                found: lengths.len(),
            });
        }
        if let Some(row) = lengths.iter().position(|&l| l == 0 || l > steps) {
            return Err(Error::LengthRange {
                row,
                length: lengths[row],
                steps,
            });
        }
    }
    Ok((steps, batch))
}

/// Checks the fields of a state.
pub(crate) fn state<A: Float>(
    layout: &Layout,
    batch: usize,
    fields: &dyn Fields<A>,
) -> Result<(), Error> {
    let expected = layout.info.graph.states.len();
    let (mut found, mut wrong) = (0, None);
    fields.each(&mut |field| {
        if found < expected && !state_fits(layout, found, batch, field.shape()) {
            wrong.get_or_insert_with(|| (found, field.shape().to_vec()));
        }
        found += 1;
    });
    if found != expected {
        return Err(Error::StateCount {
            cell: layout.info.name,
            expected,
            found,
        });
    }
    match wrong {
        Some((i, found)) => {
            let symbol = layout.info.symbols[layout.info.graph.states[i].symbol].printed;
            let expected = state_shape(layout, i, batch);
            Err(shape(layout, symbol, &expected, &found))
        }
        None => Ok(()),
    }
}

/// Checks the fields of a state, and flattens them.
pub(crate) fn states<A: Float>(
    layout: &Layout,
    batch: usize,
    fields: &dyn Fields<A>,
    out: &mut States<A>,
) -> Result<(), Error> {
    state(layout, batch, fields)?;
    out.resize_with(layout.info.graph.states.len(), Vec::new);
    let mut targets = out.iter_mut();
    fields.each(&mut |field| {
        let Some(target) = targets.next() else { return };
        target.clear();
        target.extend(field.iter());
    });
    Ok(())
}

/// Checks gradients of outputs.
pub(crate) fn seeds<A: Float>(
    layout: &Layout,
    steps: usize,
    batch: usize,
    seeds: &Seeds<'_, A>,
) -> Result<(), Error> {
    let count = layout.tables.outputs.len();
    if seeds.outputs.len() > count {
        return Err(Error::OutputCount {
            cell: layout.info.name,
            expected: count,
            found: seeds.outputs.len(),
        });
    }
    for (i, output) in seeds.outputs.iter().enumerate() {
        seed(layout, (steps, batch), i, output.shape())?;
    }
    Ok(())
}

/// Checks the shape of the gradient of the `i`-th output.
pub(crate) fn seed(
    layout: &Layout,
    (steps, batch): (usize, usize),
    i: usize,
    found: &[usize],
) -> Result<(), Error> {
    let expected = [steps, batch, layout.width(layout.tables.outputs[i])];
    if found != expected {
        return Err(shape(layout, output_name(layout, i), &expected, found));
    }
    Ok(())
}

/// Checks that gradients belong to a cell of the same sizes.
pub(crate) fn gradients(layout: &Layout, of: &Layout) -> Result<(), Error> {
    if of.sizes != layout.sizes {
        return Err(Error::OtherGradients {
            cell: layout.info.name,
            expected: layout.sizes.clone(),
            found: of.sizes.clone(),
        });
    }
    Ok(())
}

/// Checks that a cell has the sizes that a type of fixed sizes has, and that its numbers are such.
pub fn fixed_sizes<C: Cell>(cell: &C, fixed: &'static str, sizes: &[usize]) -> Result<(), Error> {
    if cell.sizes() != sizes {
        return Err(Error::FixedSizes {
            fixed,
            cell: C::INFO.name,
            expected: sizes.to_vec(),
            found: cell.sizes().to_vec(),
        });
    }
    let kinds = [
        ("parameters", cell.params()),
        ("hyper-parameters", cell.hypers()),
    ];
    for (kind, numbers) in kinds {
        if let Some(index) = numbers.iter().position(|n| !n.is_finite()) {
            return Err(Error::NotFinite {
                what: format!("element {index} of the {kind} of {}", C::INFO.name),
                value: numbers[index].to_f64(),
            });
        }
    }
    chances(cell.instance())
}

/// Checks that what dropout and zoneout take for probabilities is such.
pub(crate) fn chances<A: Float>(instance: &Instance<A>) -> Result<(), Error> {
    let layout = &instance.layout;
    let hyper = |symbol: usize| instance.numbers.hypers()[layout.hypers[symbol]].to_f64();
    probabilities(layout.info, &layout.sizes, hyper)
}

/// The same of a definition with these values of its hyper-parameters, by their symbols.
pub(crate) fn probabilities(
    info: &CellInfo,
    own: &[usize],
    hyper: impl Fn(usize) -> f64,
) -> Result<(), Error> {
    for chance in interpret::chances(info, own, &hyper) {
        // What dropout keeps grows by 1 / (1 - p).
        let (function, range, fits) = match chance.dropout {
            true => ("dropout", "at least 0 and below 1", chance.value < 1.0),
            false => ("zoneout", "between 0 and 1", chance.value <= 1.0),
        };
        if !fits || chance.value.is_nan() || chance.value < 0.0 {
            return Err(Error::Chance {
                cell: info.name,
                symbol: sizes::name(info, chance.node),
                function,
                range,
                value: chance.value,
            });
        }
    }
    Ok(())
}

/// Checks the arrays of a single step.
pub(crate) fn step<A: Float>(
    layout: &Layout,
    rows: usize,
    inputs: &[ArrayView2<'_, A>],
    outputs: &[ArrayViewMut2<'_, A>],
) -> Result<(), Error> {
    let counts = (layout.tables.inputs.len(), layout.tables.outputs.len());
    if inputs.len() != counts.0 {
        return Err(Error::InputCount {
            cell: layout.info.name,
            expected: counts.0,
            found: inputs.len(),
        });
    }
    if outputs.len() != counts.1 {
        return Err(Error::OutputCount {
            cell: layout.info.name,
            expected: counts.1,
            found: outputs.len(),
        });
    }
    for (i, input) in inputs.iter().enumerate() {
        let expected = [rows, layout.width(layout.tables.inputs[i])];
        if input.shape() != expected {
            return Err(shape(
                layout,
                input_name(layout, i),
                &expected,
                input.shape(),
            ));
        }
    }
    for (i, output) in outputs.iter().enumerate() {
        let expected = [rows, layout.width(layout.tables.outputs[i])];
        if output.shape() != expected {
            return Err(shape(
                layout,
                output_name(layout, i),
                &expected,
                output.shape(),
            ));
        }
    }
    Ok(())
}

fn shape(layout: &Layout, symbol: &'static str, expected: &[usize], found: &[usize]) -> Error {
    Error::Shape {
        cell: layout.info.name,
        symbol,
        expected: expected.to_vec(),
        found: found.to_vec(),
    }
}

/// The printed name of the `i`-th input.
fn input_name(layout: &Layout, i: usize) -> &'static str {
    let mut inputs = layout
        .info
        .symbols
        .iter()
        .filter(|s| s.role == crate::info::RoleInfo::Input);
    inputs.nth(i).map_or("", |s| s.printed)
}

fn output_name(layout: &Layout, i: usize) -> &'static str {
    layout.info.symbols[layout.info.outputs[i]].printed
}
