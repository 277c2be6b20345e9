//! States between their flat form, in which passes run, and the arrays of a cell's state.

use ndarray::{ArrayD, ArrayViewD, IxDyn};
use smallvec::SmallVec;

use crate::arrays::resized;
use crate::cell::CellState;
use crate::exec::{self, Layout};
use crate::info::RoleInfo;
use crate::instance::Instance;
use crate::kernels::Float;

/// The definition's initial states, flat: a constant, or a trained parameter.
pub(crate) fn initial_states<A: Float>(
    instance: &Instance<A>,
    batch: usize,
    out: &mut exec::States<A>,
) {
    let layout = &instance.layout;
    exec::resize_states(layout, batch, out);
    for (state, values) in layout.info.graph.states.iter().zip(out) {
        match layout.info.symbols[state.symbol].role {
            RoleInfo::TrainedState(parameter) => {
                let (start, length) = layout.parameters[parameter];
                let row = &instance.numbers.params()[start..start + length];
                values
                    .chunks_exact_mut(length.max(1))
                    .for_each(|target| target.copy_from_slice(row));
            }
            RoleInfo::State(value) => values.fill(A::from_f64(value)),
            _ => {}
        }
    }
}

/// Gradients of trained initial states: sums over rows.
pub(crate) fn initial_gradients<A: Float>(
    layout: &Layout,
    states: &exec::States<A>,
    batch: usize,
    params: &mut [A],
) {
    for (state, gradients) in layout.info.graph.states.iter().zip(states) {
        if let RoleInfo::TrainedState(parameter) = layout.info.symbols[state.symbol].role {
            let (start, length) = layout.parameters[parameter];
            for row in gradients
                .chunks_exact(length.max(1))
                .take(state.depth * batch)
            {
                for (sum, &g) in params[start..start + length].iter_mut().zip(row) {
                    *sum += g;
                }
            }
        }
    }
}

/// Flat states as arrays.
pub(crate) fn fields<A: Float>(
    layout: &Layout,
    batch: usize,
    states: &exec::States<A>,
) -> Vec<ArrayD<A>> {
    let shapes = (0..states.len()).map(|i| state_shape(layout, i, batch));
    let arrays = shapes
        .zip(states)
        .map(|(shape, values)| ArrayD::from_shape_vec(IxDyn(&shape), values.clone()));
    arrays
        .map(|a| a.expect("a state has its shape's length"))
        .collect()
}

/// Writes flat states into a state, whose fields get the shapes of the cell and batch.
pub(crate) fn write_state<S: CellState>(
    layout: &Layout,
    batch: usize,
    states: &exec::States<S::Scalar>,
    out: &mut S,
) {
    let (mut index, mut fits) = (0, true);
    out.visit(&mut |field| {
        fits &= state_fits(layout, index, batch, field.shape());
        index += 1;
    });
    if !fits {
        let mut index = 0;
        out.remake(&mut |field| {
            let shape: SmallVec<[usize; 4]> = state_axes(layout, index, batch).collect();
            index += 1;
            resized(field, IxDyn(&shape))
        });
    }
    let mut sources = states.iter();
    out.visit_mut(&mut |mut field| {
        let source = sources.next().map_or(&[][..], Vec::as_slice);
        if let Ok(source) = ArrayViewD::from_shape(field.raw_dim(), source) {
            field.assign(&source);
        }
    });
}

/// The axes of a state's field.
fn state_axes(layout: &Layout, index: usize, batch: usize) -> impl Iterator<Item = usize> {
    let state = &layout.info.graph.states[index];
    let own = layout.info.symbols[state.symbol].shape;
    let history = (state.depth > 1).then_some(state.depth);
    let scalar = own.is_empty().then_some(1);
    let lengths = own.iter().map(|e| e.of(&layout.sizes));
    history
        .into_iter()
        .chain([batch])
        .chain(scalar)
        .chain(lengths)
}

/// The shape of a state's field.
pub(crate) fn state_shape(layout: &Layout, index: usize, batch: usize) -> Vec<usize> {
    state_axes(layout, index, batch).collect()
}

/// Whether a field has the shape of a state's.
pub(crate) fn state_fits(layout: &Layout, index: usize, batch: usize, shape: &[usize]) -> bool {
    state_axes(layout, index, batch).eq(shape.iter().copied())
}
