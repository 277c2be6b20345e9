//! The backward pass over a recorded sequence.
//!
//! Takes: a [`Recording`], gradients of the outputs and of the final states. Gives: gradients of
//! parameters (summed over rows in time's order), inputs and initial
//! states.

use std::sync::{Mutex, PoisonError};

use ndarray::{Array3, ArrayView3};

use crate::arrays::resized;
use crate::kernels::{Float, Writes};

use super::Program;
use super::again;
use super::calls::Sections;
use super::copies::{copy_row, copy_steps};
use super::layout::Layout;
use super::run::{Order, Recording, kernel, once, over_rows, resize_states};
use super::split::{Pass, Split};
use super::steps::{Steps, Taken};

/// What the backward pass starts from, besides the gradients of the final states in
/// `recording.flows`.
pub(crate) struct BackTask<'a, A> {
    /// One for each output; those that are left out at the end are zero.
    pub(crate) outputs: &'a [ArrayView3<'a, A>],
    /// Whether gradients of the final states are given.
    pub(crate) states: bool,
}

/// Runs the backward pass. Gradients of the parameters are added to
/// `recording.shared.gradients`; those of the inputs are then in `inputs` if it is given, those of
/// the initial states in `recording.flows`.
pub(crate) fn backward<A: Float, P: Program<A>>(
    layout: &Layout,
    recording: &mut Recording<A>,
    seeds: &BackTask<'_, A>,
    inputs: Option<&mut [Array3<A>]>,
) {
    let sections = &*recording.sections::<P>();
    recording.shared.prepare_totals(layout);
    fill_seeds(layout, seeds, recording);
    fill_futures(layout, seeds.states, recording);
    recording.frame.clear_sums(layout);
    let split = Split::choose::<A>(layout, recording.batch(), recording.steps());
    let shared = &mut recording.shared;
    if shared.refresh(1) {
        once(
            layout,
            shared,
            &mut recording.alone,
            &sections.backward_once,
        );
        shared.pack(layout, 1, split.threads());
    }
    recording
        .frame
        .places_back(layout, shared, &mut recording.places);
    let split = match recording.frame.windows() {
        Some(windows) if !layout.tables.together => split.with_apart(windows),
        _ => split,
    };
    recording.make_plans(2 * split.threads());
    through_time(layout, recording, split, sections);
    reduce(layout, recording, split, sections);
    let shared = &mut recording.shared;
    once(
        layout,
        shared,
        &mut recording.alone,
        &sections.backward_finish,
    );
    if let Some(inputs) = inputs {
        input_gradients(layout, recording, inputs);
    }
    state_gradients(layout, recording);
}

/// The sections that go back through time.
fn through_time<A: Float>(
    layout: &Layout,
    recording: &Recording<A>,
    split: Split,
    sections: &Sections<A>,
) {
    let (shared, rows) = (&recording.shared, &recording.rows);
    let (steps, block) = (rows.steps, recording.frame.block);
    let remembers = recording.frame.windows().is_some();
    let taken = match remembers && !layout.tables.together {
        true => Taken::OneByOne,
        false => Taken::Together,
    };
    split.run_steps::<A>((layout, Pass::Back), rows, |crew| {
        let mut k = kernel(layout, shared, &recording.places);
        k.team = crew.team;
        let mut plan = recording.plans[crew.index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let again = &recording.plans[split.threads() + crew.index];
        let mut again = again.lock().unwrap_or_else(PoisonError::into_inner);
        k.worker = match taken {
            Taken::OneByOne if crew.team.is_none() => crew.index,
            _ => 0,
        };
        let part = (rows, crew);
        let way = (block, taken);
        let step = Steps::new(&mut k, &mut plan, part, way, &sections.backward_step);
        let matrices =
            remembers.then(|| Steps::new(&mut k, &mut again, part, way, &sections.forward_again));
        for (index, start) in (0..steps).step_by(block).enumerate().rev() {
            let times = start..steps.min(start + block);
            let before = &sections.backward_before;
            over_rows(&mut k, part, times.clone(), Order::Back, before);
            match &matrices {
                Some(matrices) => again::back(
                    &mut k,
                    &recording.remembered,
                    (matrices, &step),
                    part,
                    (index, times.clone()),
                ),
                None => {
                    for time in times.clone().rev() {
                        step.run(&mut k, time - start, time);
                    }
                }
            }
            over_rows(&mut k, part, times, Order::Back, &sections.backward_after);
        }
    });
}

/// Sums over rows: the threads share the columns of each sum, so every element is summed in
/// one order.
fn reduce<A: Float>(
    layout: &Layout,
    recording: &mut Recording<A>,
    split: Split,
    sections: &Sections<A>,
) {
    let split = split.by_units();
    if recording.workspaces.len() < split.threads() {
        recording
            .workspaces
            .resize_with(split.threads(), Mutex::default);
    }
    let (shared, rows) = (&recording.shared, &recording.rows);
    split.run(rows, |crew| {
        let mut k = kernel(layout, shared, &recording.places);
        (k.team, k.writes) = (crew.team, Writes::Sums);
        let own = &recording.workspaces[crew.index];
        let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
        k.workspace = std::mem::take(&mut own);
        over_rows(
            &mut k,
            (rows, crew),
            0..rows.steps,
            Order::Forward,
            &sections.backward_reduce,
        );
        // What stands in one step's memory is there for all rows.
        (k.time, k.first, k.rows) = (0, 0, rows.count());
        sections.backward_rows.make(&mut k);
        *own = k.workspace;
    });
}

fn fill_seeds<A: Float>(layout: &Layout, seeds: &BackTask<'_, A>, recording: &mut Recording<A>) {
    let Recording { frame, rows, .. } = recording;
    for (output, &slot) in layout.tables.seeds.iter().enumerate() {
        let Some(slot) = slot else { continue };
        let gradient = seeds.outputs.get(output);
        let whole = frame.whole_mut(layout, slot, rows.steps);
        if let (Some(target), Some(gradient), true) = (whole, gradient, rows.plain()) {
            copy_steps(gradient, target);
            continue;
        }
        for time in 0..rows.steps {
            for row in 0..rows.count() {
                let target = frame.row_mut(layout, slot, time as isize, row);
                match gradient {
                    Some(gradient) if time < rows.lengths[row] => {
                        copy_row(gradient, (time, rows.index[row]), target);
                    }
                    _ => target.fill(A::ZERO),
                }
            }
        }
    }
}

/// What flows into each row's last steps: the gradient of its final states. The value that
/// stands `back` steps before the end is reached through the shortest delay that reaches it.
fn fill_futures<A: Float>(layout: &Layout, given: bool, recording: &mut Recording<A>) {
    let Recording {
        frame, rows, flows, ..
    } = recording;
    let batch = rows.count();
    for &(_, _, slot) in layout.tables.futures {
        frame.clear(layout, slot);
    }
    if !given {
        return;
    }
    for &(state, back, delay, slot) in &layout.entries {
        let width = layout.width(slot);
        for (row, (&index, &length)) in rows.index.iter().zip(&rows.lengths).enumerate() {
            let start = ((back - 1) * batch + index) * width;
            let time = length as isize - back as isize + delay as isize;
            frame
                .row_mut(layout, slot, time, row)
                .copy_from_slice(&flows[state][start..start + width]);
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
        let dim = (recording.steps(), recording.batch(), layout.width(input));
        *out = resized(std::mem::take(out), ndarray::Dim(dim));
        match gradient {
            Some(slot) => recording.copy(layout, *slot, out),
            None => out.fill(A::ZERO),
        }
    }
}

/// Gradients of the initial states: what the first steps contribute to the time before them.
fn state_gradients<A: Float>(layout: &Layout, recording: &mut Recording<A>) {
    let batch = recording.batch();
    resize_states(layout, batch, &mut recording.flows);
    for &(state, delay, slot) in layout.tables.futures {
        let width = layout.width(layout.tables.states[state]);
        let values = &mut recording.flows[state];
        for (row, &index) in recording.rows.index.iter().enumerate() {
            for back in 1..=delay {
                let start = ((back - 1) * batch + index) * width;
                let time = (delay - back) as isize;
                let source = recording.frame.row(layout, slot, time, row);
                for (v, &s) in values[start..start + width].iter_mut().zip(source) {
                    *v += s;
                }
            }
        }
    }
}
