//! The backward pass over a recorded sequence.
//!
//! Takes: a [`Recording`], gradients of the outputs and of the final states. Gives: gradients of
//! parameters (summed over rows in an order that depends on the batch alone), inputs and initial
//! states.

use ndarray::{Array3, ArrayView3};

use crate::cell::resized;
use crate::kernels::{Float, Kernel};
use crate::threads;

use super::Program;
use super::layout::Layout;
use super::run::{Part, Recording, States, Worker, kernel, once, over_rows, resize_states};

/// What the backward pass starts from, besides the gradients of the final states in
/// `recording.flows`.
pub(crate) struct BackTask<'a, A> {
    /// One for each output; those that are left out at the end are zero.
    pub(crate) outputs: &'a [ArrayView3<'a, A>],
    /// Whether gradients of the final states are given.
    pub(crate) states: bool,
}

/// Runs the backward pass. Gradients of the parameters are then in
/// `recording.shared.gradients`, those of the inputs in `inputs` if it is given, those of the
/// initial states in `recording.flows`.
pub(crate) fn backward<A: Float, P: Program<A>>(
    layout: &Layout,
    recording: &mut Recording<A>,
    seeds: &BackTask<'_, A>,
    inputs: Option<&mut [Array3<A>]>,
) {
    recording.shared.prepare_gradients(layout);
    for part in &mut recording.parts {
        fill_seeds(layout, seeds, part);
        let states = seeds.states.then_some(&recording.flows);
        fill_futures(layout, states, recording.batch, part);
    }
    let shared = &mut recording.shared;
    once::<A>(layout, shared, &mut recording.alone, P::backward_once);
    shared.pack(layout, 1);
    for part in &mut recording.parts {
        part.frame.places(layout, shared, &mut part.places);
    }
    let shared = &recording.shared;
    threads::each(&mut recording.parts, |part| {
        let mut k = kernel(layout, shared, &part.places);
        over_rows(&mut k, &part.rows, P::backward_before);
        for time in (0..part.rows.steps).rev() {
            k.time = time;
            k.rows = part.rows.active(time);
            P::backward_step(&mut k);
        }
        over_rows_back(&mut k, part, P::backward_after);
    });
    reduce::<A, P>(layout, recording);
    let shared = &mut recording.shared;
    once::<A>(layout, shared, &mut recording.alone, P::backward_finish);
    if let Some(inputs) = inputs {
        input_gradients(layout, recording, inputs);
    }
    state_gradients(layout, recording);
}

/// Like [`over_rows`], last step first: what flows back from later steps is there already.
fn over_rows_back<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    part: &Part<A>,
    section: fn(&mut Kernel<'a, A>),
) {
    let rows = &part.rows;
    if rows.even {
        return over_rows(k, rows, section);
    }
    for time in (0..rows.steps).rev() {
        k.time = time;
        k.rows = rows.active(time);
        section(k);
    }
}

/// Sums over rows: the threads share the columns of each sum, so every element is summed in
/// one order, part after part.
fn reduce<A: Float, P: Program<A>>(layout: &Layout, recording: &mut Recording<A>) {
    let count = threads::count();
    recording.workers.resize_with(count, Worker::default);
    let workers = recording.workers.iter_mut().enumerate();
    workers.for_each(|(index, worker)| worker.index = index);
    let (parts, shared) = (&recording.parts, &recording.shared);
    threads::each(&mut recording.workers, |worker| {
        for part in parts {
            let mut k = kernel(layout, shared, &part.places);
            k.worker = worker.index;
            k.workers = count;
            k.workspace = std::mem::take(&mut worker.workspace);
            over_rows(&mut k, &part.rows, P::backward_reduce);
            worker.workspace = k.workspace;
        }
    });
}

fn fill_seeds<A: Float>(layout: &Layout, seeds: &BackTask<'_, A>, part: &mut Part<A>) {
    let Part { frame, rows, .. } = part;
    for (output, &slot) in layout.tables.seeds.iter().enumerate() {
        let Some(slot) = slot else { continue };
        let gradient = seeds.outputs.get(output);
        let source = gradient.and_then(|g| g.as_slice());
        let plain = gradient.as_ref().is_some_and(|g| rows.plain(g.dim().1));
        let whole = frame.whole_mut(layout, slot, rows.steps);
        if let (Some(target), Some(source), true) = (whole, source, plain) {
            target.copy_from_slice(source);
            continue;
        }
        for time in 0..rows.steps {
            for row in 0..rows.count() {
                let target = frame.row_mut(layout, slot, time as isize, row);
                match gradient {
                    Some(gradient) if time < rows.lengths[row] => {
                        let source = gradient.slice(ndarray::s![time, rows.index[row], ..]);
                        target.iter_mut().zip(source).for_each(|(t, s)| *t = *s);
                    }
                    _ => target.fill(A::ZERO),
                }
            }
        }
    }
}

/// What flows into each row's last steps: the gradient of its final states. The value that
/// stands `back` steps before the end is reached through the shortest delay that reaches it.
fn fill_futures<A: Float>(
    layout: &Layout,
    states: Option<&States<A>>,
    batch: usize,
    part: &mut Part<A>,
) {
    let Part { frame, rows, .. } = part;
    for &(_, _, slot) in layout.tables.futures {
        frame.clear(layout, slot);
    }
    let Some(states) = states else { return };
    for &(state, back, delay, slot) in &layout.entries {
        let width = layout.width(slot);
        for (row, (&index, &length)) in rows.index.iter().zip(&rows.lengths).enumerate() {
            let start = ((back - 1) * batch + index) * width;
            let time = length as isize - back as isize + delay as isize;
            frame
                .row_mut(layout, slot, time, row)
                .copy_from_slice(&states[state][start..start + width]);
        }
    }
}

fn input_gradients<A: Float>(layout: &Layout, recording: &Recording<A>, out: &mut [Array3<A>]) {
    let slots = layout
        .tables
        .input_gradients
        .iter()
        .zip(layout.tables.inputs);
    for ((gradient, &input), out) in slots.zip(out) {
        let dim = (recording.steps, recording.batch, layout.width(input));
        *out = resized(std::mem::take(out), ndarray::Dim(dim));
        match gradient {
            Some(slot) => recording.copy(layout, *slot, out),
            None => out.fill(A::ZERO),
        }
    }
}

/// Gradients of the initial states: what the first steps contribute to the time before them.
fn state_gradients<A: Float>(layout: &Layout, recording: &mut Recording<A>) {
    let batch = recording.batch;
    resize_states(layout, batch, &mut recording.flows);
    for &(state, delay, slot) in layout.tables.futures {
        let width = layout.width(layout.tables.states[state]);
        let values = &mut recording.flows[state];
        for part in &recording.parts {
            for (row, &index) in part.rows.index.iter().enumerate() {
                for back in 1..=delay {
                    let start = ((back - 1) * batch + index) * width;
                    let source = part.frame.row(layout, slot, (delay - back) as isize, row);
                    for (v, &s) in values[start..start + width].iter_mut().zip(source) {
                        *v += s;
                    }
                }
            }
        }
    }
}
