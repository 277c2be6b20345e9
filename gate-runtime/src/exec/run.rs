//! The forward pass over a sequence.
//!
//! Takes: a layout, parameters, inputs `[T, B, features]`, initial states. Gives: a
//! [`Recording`]: frames that hold every value the backward pass needs, outputs and states.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use ndarray::{Array3, ArrayView3};

use crate::kernels::{Chance, Float, Isa, Kernel, Place, Plan, Workspace, Writes};
use crate::numbers::Numbers;

use super::Program;
use super::again::{self, Remembered, Way};
use super::calls::{Calls, Sections};
use super::copies::{copy_numbers, copy_row, copy_steps};
use super::frame::{Frame, Mode};
use super::layout::Layout;
use super::room::mode;
use super::rows::Rows;
use super::shared::Shared;
use super::split::{Crew, Pass, Split};
use super::steps::Steps;

/// What a forward pass leaves. It is reused by the next one, which then allocates nothing unless
/// it needs more than any before.
#[derive(Debug)]
pub(crate) struct Recording<A> {
    /// The calls of its program, once it has run.
    sections: Option<Arc<Sections<A>>>,
    pub(crate) shared: Shared<A>,
    pub(crate) frame: Frame<A>,
    pub(crate) rows: Rows,
    /// Where everything is in the frame.
    pub(super) places: Vec<Place<A>>,
    /// Where matrices are remembered that the backward pass computes again.
    pub(super) remembered: Vec<Remembered<A>>,
    /// For sections that work on shared values alone.
    pub(super) alone: Alone<A>,
    /// One for each thread.
    pub(super) workspaces: Vec<Mutex<Workspace<A>>>,
    /// The calls of a step, one for each thread.
    pub(super) plans: Vec<Mutex<Plan>>,
    /// The states before the first step.
    pub(crate) states: States<A>,
    /// Gradients of the final states, then those of the initial ones.
    pub(crate) flows: States<A>,
    /// Seed of the random masks while training.
    pub(crate) training: Option<u64>,
}

/// A frame without rows, and where shared values are.
#[derive(Debug)]
pub(super) struct Alone<A> {
    frame: Frame<A>,
    places: Vec<Place<A>>,
}

impl<A: Float> Alone<A> {
    pub(super) fn new() -> Alone<A> {
        Alone {
            frame: Frame::new(),
            places: Vec::new(),
        }
    }
}

/// A state's values before the first step, `[depth][B][width]` flat, newest first.
pub(crate) type States<A> = Vec<Vec<A>>;

/// What a forward pass works on.
pub(crate) struct Task<'a, A> {
    pub(crate) numbers: &'a Numbers<A>,
    pub(crate) inputs: &'a [ArrayView3<'a, A>],
    pub(crate) lengths: Option<&'a [usize]>,
    pub(crate) training: Option<u64>,
    /// Whether a backward pass may follow; else only outputs and states are kept.
    pub(crate) keep: bool,
}

impl<A: Float> Default for Recording<A> {
    fn default() -> Self {
        Recording::new()
    }
}

impl<A: Float> Recording<A> {
    pub(crate) fn new() -> Recording<A> {
        Recording {
            sections: None,
            shared: Shared::new(),
            frame: Frame::new(),
            rows: Rows::default(),
            places: Vec::new(),
            remembered: Vec::new(),
            alone: Alone::new(),
            workspaces: Vec::new(),
            plans: Vec::new(),
            states: Vec::new(),
            flows: Vec::new(),
            training: None,
        }
    }

    /// The calls of the program that it is for.
    pub(super) fn sections<P: Program<A>>(&mut self) -> Arc<Sections<A>> {
        let sections = &mut self.sections;
        let sections = sections.get_or_insert_with(|| Arc::new(Sections::of::<P>()));
        Arc::clone(sections)
    }

    /// Number of steps.
    pub(crate) fn steps(&self) -> usize {
        self.rows.steps
    }

    /// Number of rows.
    pub(crate) fn batch(&self) -> usize {
        self.rows.count()
    }

    /// Makes room for the plans of so many threads.
    pub(super) fn make_plans(&mut self, threads: usize) {
        if self.plans.len() < threads {
            self.plans.resize_with(threads, Mutex::default);
        }
    }

    /// The elements of the arena that are a slot's value of all rows and steps, if it stands there
    /// as an array would.
    pub(crate) fn in_place(&self, layout: &Layout, slot: usize) -> Option<Range<usize>> {
        let own = self.shared.slice(layout, &layout.slots[slot]).is_none() && self.rows.plain();
        let range = || self.frame.whole_range(layout, slot, self.steps());
        own.then(range).flatten()
    }

    /// Copies a slot's value of all rows and steps; rows past their length get zeros.
    pub(crate) fn copy(&self, layout: &Layout, slot: usize, out: &mut Array3<A>) {
        let width = layout.width(slot);
        let (steps, batch) = (self.steps(), self.batch());
        let shared = self.shared.slice(layout, &layout.slots[slot]);
        let Some(out) = out.as_slice_mut() else {
            return;
        };
        if let Some(range) = self.in_place(layout, slot) {
            copy_numbers(&self.frame.arena[range], out);
            return;
        }
        for (row, &index) in self.rows.index.iter().enumerate() {
            for time in 0..steps {
                let target = &mut out[(time * batch + index) * width..][..width];
                match shared {
                    _ if time >= self.rows.lengths[row] => target.fill(A::ZERO),
                    Some(values) => target.copy_from_slice(values),
                    None => {
                        target.copy_from_slice(self.frame.row(layout, slot, time as isize, row))
                    }
                }
            }
        }
    }
}

/// Runs the forward pass from `recording.states` and keeps what the backward pass needs.
pub(crate) fn forward<A: Float, P: Program<A>>(
    layout: &Layout,
    task: &Task<'_, A>,
    recording: &mut Recording<A>,
) {
    let (steps, batch, _) = task.inputs.first().map_or((0, 0, 0), |x| x.dim());
    let sections = recording.sections::<P>();
    recording.training = task.training;
    recording.rows.set(batch, steps, task.lengths);
    let split = Split::choose::<A>(layout, batch, steps);
    recording.shared.prepare(layout, task.numbers, batch);
    let way = Way::choose::<A>(layout, batch, steps, task.keep);
    let mode = mode::<A>(layout, (&split, &way), (steps, batch), task.keep);
    recording.frame.prepare(layout, mode, steps, batch);
    fill(layout, task, recording);
    let shared = &mut recording.shared;
    if shared.refresh(0) {
        once(layout, shared, &mut recording.alone, &sections.forward_once);
        shared.pack(layout, 0, split.threads());
    }
    recording
        .frame
        .places(layout, shared, &mut recording.places);
    recording
        .frame
        .remembered(layout, &mut recording.remembered);
    recording.make_plans(split.threads());
    let (shared, rows) = (&recording.shared, &recording.rows);
    let (places, block) = (&recording.places, recording.frame.block);
    split.run_steps::<A>((layout, Pass::Forward), rows, |crew| {
        let mut k = kernel(layout, shared, places);
        k.chance = Chance {
            seed: task.training,
            batch: &rows.index,
        };
        k.team = crew.team;
        let mut plan = recording.plans[crew.index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let part = (rows, crew);
        let taken = (block, way.taken);
        let step = Steps::new(&mut k, &mut plan, part, taken, &sections.forward_step);
        for (index, start) in (0..steps).step_by(block).enumerate() {
            let times = start..steps.min(start + block);
            again::remember(&mut k, &recording.remembered, part, (index, start));
            let before = &sections.forward_before;
            over_rows(&mut k, part, times.clone(), Order::Forward, before);
            step.run_block(&mut k, times.clone());
            over_rows(&mut k, part, times, Order::Forward, &sections.forward_after);
        }
    });
}

/// Runs a section that works on shared values; the caller alone has them.
pub(super) fn once<A: Float>(
    layout: &Layout,
    shared: &mut Shared<A>,
    alone: &mut Alone<A>,
    section: &Calls<A>,
) {
    alone.frame.prepare(layout, Mode::Stream, 0, 0);
    alone.frame.places(layout, shared, &mut alone.places);
    let mut k = kernel(layout, shared, &alone.places);
    (k.rows, k.writes) = (1, Writes::All);
    section.make(&mut k);
}

/// Runs a section at one step, on the crew's rows.
pub(super) fn at_step<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    rows: &Rows,
    crew: &Crew<'a>,
    time: usize,
    section: &Calls<A>,
) {
    let part = crew.rows.clone();
    let end = part.end.min(rows.active(time));
    if part.start < end {
        k.time = time;
        (k.first, k.rows) = (part.start, end - part.start);
        section.make(k);
    }
}

/// The order of steps that have to be taken one by one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Forward,
    /// What flows back from later steps is there already.
    Back,
}

/// Runs a section over all rows of some steps: at once where nothing stands between them.
pub(super) fn over_rows<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    (rows, crew): (&Rows, &Crew<'a>),
    times: Range<usize>,
    order: Order,
    section: &Calls<A>,
) {
    if whole_steps(k, rows, crew, &times) {
        return section.make(k);
    }
    for step in 0..times.len() {
        let time = match order {
            Order::Forward => times.start + step,
            Order::Back => times.end - 1 - step,
        };
        at_step(k, rows, crew, time, section);
    }
}

/// Sets all rows of some steps, if this worker has them all and none is over early.
fn whole_steps<A: Float>(
    k: &mut Kernel<'_, A>,
    rows: &Rows,
    crew: &Crew<'_>,
    times: &Range<usize>,
) -> bool {
    k.time = times.start;
    (k.first, k.rows) = (0, rows.count() * times.len());
    rows.even && crew.rows == (0..rows.count()) && k.rows > 0
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
fn fill<A: Float>(layout: &Layout, task: &Task<'_, A>, recording: &mut Recording<A>) {
    let Recording {
        frame,
        rows,
        states,
        ..
    } = recording;
    for (input, &slot) in task.inputs.iter().zip(layout.tables.inputs) {
        let whole = frame.whole_mut(layout, slot, rows.steps);
        if let (Some(target), true) = (whole, rows.plain()) {
            copy_steps(input, target);
            continue;
        }
        for time in 0..rows.steps {
            for row in 0..rows.active(time) {
                let target = frame.row_mut(layout, slot, time as isize, row);
                copy_row(input, (time, rows.index[row]), target);
            }
        }
    }
    for ((state, &slot), values) in layout
        .info
        .graph
        .states
        .iter()
        .zip(layout.tables.states)
        .zip(&*states)
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

/// The states after the last step of each row.
pub(crate) fn final_states<A: Float>(
    layout: &Layout,
    recording: &Recording<A>,
    out: &mut States<A>,
) {
    let (rows, batch) = (&recording.rows, recording.batch());
    resize_states(layout, batch, out);
    let states = layout.info.graph.states.iter().zip(layout.tables.states);
    for ((state, &slot), values) in states.zip(out) {
        let width = layout.width(slot);
        for (row, (&index, &length)) in rows.index.iter().zip(&rows.lengths).enumerate() {
            for back in 0..state.depth {
                let time = length as isize - 1 - back as isize;
                let start = (back * batch + index) * width;
                values[start..start + width]
                    .copy_from_slice(recording.frame.row(layout, slot, time, row));
            }
        }
    }
}

/// Zeros for the states of so many rows.
pub(crate) fn resize_states<A: Float>(layout: &Layout, batch: usize, out: &mut States<A>) {
    let states = layout.info.graph.states.iter().zip(layout.tables.states);
    out.resize_with(layout.tables.states.len(), Vec::new);
    for ((state, &slot), values) in states.zip(out) {
        values.clear();
        values.resize(state.depth * batch * layout.width(slot), A::ZERO);
    }
}
