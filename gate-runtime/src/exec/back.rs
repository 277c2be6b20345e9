//! The backward pass over a recorded sequence.
//!
//! Takes: a [`Recording`], gradients of the outputs and of the final states. Gives: gradients of
//! parameters (summed over rows in an order that depends on the batch alone), inputs and initial
//! states.

use ndarray::{Array3, ArrayView3};

use crate::kernels::{Float, Kernel, Place};
use crate::threads;

use super::Program;
use super::layout::Layout;
use super::run::{Part, Recording, States, kernel, once, over_rows};

/// What the backward pass starts from.
pub(crate) struct BackTask<'a, A> {
    /// One for each output.
    pub(crate) outputs: &'a [Option<ArrayView3<'a, A>>],
    /// Gradients of the final states.
    pub(crate) states: Option<&'a States<A>>,
    /// Whether gradients of inputs are wanted.
    pub(crate) inputs: bool,
}

/// What it gives; parameters' gradients are in `recording.shared.gradients`.
pub(crate) struct Gradients<A> {
    pub(crate) inputs: Vec<Array3<A>>,
    pub(crate) states: States<A>,
}

/// Runs the backward pass.
pub(crate) fn backward<A: Float, P: Program<A>>(
    layout: &Layout,
    recording: &mut Recording<A>,
    seeds: &BackTask<'_, A>,
) -> Gradients<A> {
    recording.shared.prepare_gradients(layout);
    for part in &mut recording.parts {
        fill_seeds(layout, seeds, part);
        fill_futures(layout, seeds, recording.batch, part);
    }
    let shared = &mut recording.shared;
    once::<A>(layout, shared, P::backward_once);
    shared.pack(layout, 1);
    let mut places: Vec<Vec<Place<A>>> = vec![Vec::new(); recording.parts.len()];
    for (part, places) in recording.parts.iter_mut().zip(&mut places) {
        part.frame.places(layout, shared, places);
    }
    let shared = &recording.shared;
    let work: Vec<_> = recording.parts.iter().zip(&places).collect();
    threads::each(&work, |(part, places)| {
        let mut k = kernel(layout, shared, places);
        over_rows(&mut k, &part.rows, P::backward_before);
        for time in (0..part.rows.steps).rev() {
            k.time = time;
            k.rows = part.rows.active(time);
            P::backward_step(&mut k);
        }
        over_rows_back(&mut k, part, P::backward_after);
    });
    reduce::<A, P>(layout, recording, &places);
    once::<A>(layout, &mut recording.shared, P::backward_finish);
    let inputs = match seeds.inputs {
        true => input_gradients(layout, recording),
        false => vec![Array3::zeros((0, 0, 0)); layout.tables.inputs.len()],
    };
    let states = state_gradients(layout, recording);
    Gradients { inputs, states }
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
fn reduce<A: Float, P: Program<A>>(
    layout: &Layout,
    recording: &Recording<A>,
    places: &[Vec<Place<A>>],
) {
    let workers: Vec<usize> = (0..threads::count()).collect();
    threads::each(&workers, |&worker| {
        for (part, places) in recording.parts.iter().zip(places) {
            let mut k = kernel(layout, &recording.shared, places);
            k.worker = worker;
            k.workers = workers.len();
            over_rows(&mut k, &part.rows, P::backward_reduce);
        }
    });
}

fn fill_seeds<A: Float>(layout: &Layout, seeds: &BackTask<'_, A>, part: &mut Part<A>) {
    let Part { frame, rows } = part;
    for (&slot, gradient) in layout.tables.seeds.iter().zip(seeds.outputs) {
        let Some(slot) = slot else { continue };
        let source = gradient.as_ref().and_then(|g| g.as_slice());
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
    seeds: &BackTask<'_, A>,
    batch: usize,
    part: &mut Part<A>,
) {
    let Part { frame, rows } = part;
    for &(_, _, slot) in layout.tables.futures {
        frame.clear(layout, slot);
    }
    let Some(states) = seeds.states else { return };
    for (state, back, delay, slot) in entries(layout) {
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

/// `(state, back, delay, slot)`: the value `back` steps before the end, from 1, enters through
/// the contribution of this delay.
fn entries(layout: &Layout) -> Vec<(usize, usize, usize, usize)> {
    let mut out = Vec::new();
    for (state, info) in layout.info.graph.states.iter().enumerate() {
        for back in 1..=info.depth {
            let futures = layout
                .tables
                .futures
                .iter()
                .filter(|(s, delay, _)| *s == state && *delay >= back);
            if let Some(&(_, delay, slot)) = futures.min_by_key(|(_, delay, _)| *delay) {
                out.push((state, back, delay, slot));
            }
        }
    }
    out
}

fn input_gradients<A: Float>(layout: &Layout, recording: &Recording<A>) -> Vec<Array3<A>> {
    let slots = layout
        .tables
        .input_gradients
        .iter()
        .zip(layout.tables.inputs);
    slots
        .map(|(gradient, &input)| {
            let mut out = Array3::zeros((recording.steps, recording.batch, layout.width(input)));
            if let Some(slot) = gradient {
                recording.copy(layout, *slot, &mut out);
            }
            out
        })
        .collect()
}

/// Gradients of the initial states: what the first steps contribute to the time before them.
fn state_gradients<A: Float>(layout: &Layout, recording: &Recording<A>) -> States<A> {
    let mut out: States<A> = Vec::new();
    for (state, (info, &value)) in layout
        .info
        .graph
        .states
        .iter()
        .zip(layout.tables.states)
        .enumerate()
    {
        let width = layout.width(value);
        let mut values = vec![A::ZERO; info.depth * recording.batch * width];
        for &(_, delay, slot) in layout.tables.futures.iter().filter(|(s, ..)| *s == state) {
            for part in &recording.parts {
                for (row, &index) in part.rows.index.iter().enumerate() {
                    for back in 1..=delay {
                        let start = ((back - 1) * recording.batch + index) * width;
                        let source = part.frame.row(layout, slot, (delay - back) as isize, row);
                        for (v, &s) in values[start..start + width].iter_mut().zip(source) {
                            *v += s;
                        }
                    }
                }
            }
        }
        out.push(values);
    }
    out
}
