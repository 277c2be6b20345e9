//! How a pass is shared among threads.
//!
//! Takes: a layout and the size of a batch. Gives: a [`Split`], which runs the same work on every
//! worker of a team. Many rows are shared out: each worker takes its rows through all of time
//! and meets nobody. Few rows of large cells are not: the workers share the units of every
//! result and meet after each. Every sum is the same in both.

use std::ops::Range;
use std::time::Duration;

use crate::kernels::{FAR_AWAY, Float, LINE, Worker, alone, meeting_time, together};
use crate::threads::{threads_for, worth};

use super::layout::Layout;
use super::rows::Rows;

/// Products below which a whole run is not worth another thread (some 20 µs).
const RUN: usize = 2_000_000;
/// Products of one step, of all rows, below which its units are not shared (about 1 µs).
const STEP: usize = 100_000;
/// Products in the time that a meeting takes for each of its threads, some 50 ns.
const MEETING: usize = 3_000;
/// Products of one row in a nanosecond.
const RATE: usize = 60;
/// Rows that fill the tile of the product kernels.
const TILE: usize = 6;
/// Bytes of weights that each core can keep near.
const NEAR: usize = 1 << 20;
/// Rows that make up for weights that it cannot.
const MANY: usize = 32;
/// Rows of a block of time, whose hoisted products stay in the cache.
const BLOCK: usize = 96;
/// Bytes of weights that no block keeps near, and rows of a block over which they are spread.
const FAR: usize = 12 << 20;
const FAR_BLOCK: usize = 1024;

/// Who does what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// One thread.
    Alone,
    /// So many threads, each with some of the rows.
    Rows(usize),
    /// So many threads, each with some of the units of every result.
    Units(usize),
}

/// A worker's part.
#[derive(Clone, Debug)]
pub(super) struct Crew<'a> {
    pub(super) index: usize,
    /// The team, where it shares units.
    pub(super) team: Option<Worker<'a>>,
    /// The rows that this worker takes through time.
    pub(super) rows: Range<usize>,
}

/// Which way steps go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pass {
    Forward,
    Back,
}

/// What one step of a cell is.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Products of one row.
    row: usize,
    /// Whether each core can keep the weights near.
    near: bool,
    /// Parts that its widest result has.
    shares: usize,
    /// Meetings of those who share units.
    meetings: usize,
}

impl Step {
    fn of<A: Float>(layout: &Layout, pass: Pass) -> Step {
        Step {
            row: layout.work(),
            near: layout.products() * size_of::<A>() <= NEAR,
            shares: layout.widest().div_ceil(LINE),
            meetings: layout.tables.calls[pass as usize],
        }
    }

    /// How long a meeting may take, so that so many who share the units of a step are not slower
    /// than one alone. Twice what would be even: those at work do not all arrive at once, and who
    /// is late does not wait.
    fn patience(self, batch: usize, units: usize) -> Duration {
        let products = self.row * batch;
        let saved = products - products / units.max(1);
        Duration::from_nanos((2 * saved / self.meetings.max(1) / RATE) as u64)
    }

    /// How at most so many threads share a batch: by the way that takes less time. Units of steps
    /// of fewer products than `least` are not shared; 0 for whatever there is.
    fn split(self, batch: usize, threads: usize, least: usize) -> Split {
        let share = batch / threads;
        if threads == 1 {
            return Split::Alone;
        }
        if share >= MANY || self.near && share >= TILE {
            return Split::Rows(threads);
        }
        let rows = match self.near {
            true => (batch / TILE).clamp(1, threads),
            false => 1,
        };
        let products = self.row * batch;
        let units = match least {
            0 => return Split::Units(threads),
            step => threads.min(2 * products / step).min(self.shares),
        };
        if units > 1 && products / units + MEETING * units * self.meetings < products / rows {
            return Split::Units(units);
        }
        match rows {
            1 => Split::Alone,
            rows => Split::Rows(rows),
        }
    }
}

impl Split {
    /// What suits a batch.
    pub(super) fn choose<A: Float>(layout: &Layout, batch: usize, steps: usize) -> Split {
        let step = Step::of::<A>(layout, Pass::Forward);
        let all = step.row.saturating_mul(batch).saturating_mul(steps);
        step.split(batch, threads_for(all, RUN), worth(STEP))
    }

    /// The most workers that there can be.
    pub(super) fn threads(self) -> usize {
        match self {
            Split::Alone => 1,
            Split::Rows(threads) | Split::Units(threads) => threads,
        }
    }

    /// The same threads, for work on all rows at once.
    pub(super) fn by_units(self) -> Split {
        match self {
            Split::Rows(threads) => Split::Units(threads),
            other => other,
        }
    }

    /// Workers that take rows of their own through time.
    pub(super) fn apart(self) -> usize {
        match self {
            Split::Rows(threads) => threads,
            _ => 1,
        }
    }

    /// The same with at most so many workers that take rows of their own.
    pub(super) fn with_apart(self, most: usize) -> Split {
        match self {
            Split::Rows(threads) => Split::Rows(threads.min(most)),
            other => other,
        }
    }

    /// Steps in a block of time.
    pub(super) fn block<A>(self, layout: &Layout, batch: usize, steps: usize) -> usize {
        let rows = match self {
            Split::Rows(threads) => batch.div_ceil(threads),
            _ => batch,
        };
        let far = layout.work() * size_of::<A>() > FAR;
        let block = if far { FAR_BLOCK } else { BLOCK };
        (block / rows.max(1)).clamp(1, steps.max(1))
    }

    /// Does `work`, which goes through steps, as every worker; as one alone where others have been
    /// too far away to meet in every step. Results do not depend on it.
    pub(super) fn run_steps<A: Float>(
        self,
        (layout, pass): (&Layout, Pass),
        rows: &Rows,
        work: impl Fn(&Crew<'_>) + Sync,
    ) {
        let far = |units: usize| {
            let patience = Step::of::<A>(layout, pass).patience(rows.count(), units);
            meeting_time(FAR_AWAY).is_some_and(|took| took > patience)
        };
        match self {
            Split::Units(units) if worth(STEP) > 0 && far(units) => Split::Alone.run(rows, work),
            split => split.run(rows, work),
        }
    }

    /// Does `work` as every worker.
    pub(super) fn run(self, rows: &Rows, work: impl Fn(&Crew<'_>) + Sync) {
        let work = |worker: Worker<'_>| match self {
            Split::Rows(_) => work(&Crew {
                index: worker.index,
                team: None,
                rows: rows.part(worker.index, worker.count),
            }),
            _ => work(&Crew {
                index: worker.index,
                team: Some(worker),
                rows: 0..rows.count(),
            }),
        };
        match self {
            Split::Alone => alone(work),
            Split::Rows(threads) | Split::Units(threads) => together(threads, &work),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An LSTM with as many units as features.
    fn lstm(units: usize) -> Step {
        let row = 8 * units * units;
        Step {
            row,
            near: row * size_of::<f32>() <= NEAR,
            shares: units.div_ceil(LINE),
            meetings: 1,
        }
    }

    #[test]
    fn who_is_far_away_is_met_where_that_saves_more_than_it_takes() {
        let nanoseconds = |units: usize, meetings: usize, rows: usize, threads: usize| {
            let step = Step {
                meetings,
                ..lstm(units)
            };
            step.patience(rows, threads).as_nanos()
        };
        assert_eq!(nanoseconds(128, 1, 1, 2), 2184);
        assert_eq!(nanoseconds(128, 2, 1, 2), 1092);
        assert_eq!(nanoseconds(256, 1, 1, 4), 13107);
        assert_eq!(nanoseconds(256, 1, 8, 2), 69905);
    }

    #[test]
    fn two_threads_share_rows_units_or_nothing() {
        let choices = [
            (64, 1, Split::Alone),
            (128, 1, Split::Units(2)),
            (64, 11, Split::Units(2)),
            (64, 12, Split::Rows(2)),
            (512, 12, Split::Units(2)),
            (512, 64, Split::Rows(2)),
        ];
        for (units, rows, split) in choices {
            assert_eq!(
                lstm(units).split(rows, 2, STEP),
                split,
                "{units} units, {rows} rows"
            );
        }
    }

    #[test]
    fn tests_share_the_smallest_run() {
        assert_eq!(lstm(2).split(1, 2, 0), Split::Units(2));
        assert_eq!(lstm(2).split(1, 1, 0), Split::Alone);
    }

    #[test]
    fn many_threads_are_no_more_than_there_is_work_for() {
        let choices = [
            // A part of a result for each, and half of what makes a step worth a second thread.
            (128, 1, Split::Units(2)),
            (256, 1, Split::Units(10)),
            (1024, 1, Split::Units(64)),
            // Rows do not meet: fewer threads do as well.
            (64, 32, Split::Rows(5)),
            (128, 32, Split::Units(8)),
            (128, 384, Split::Rows(64)),
        ];
        for (units, rows, split) in choices {
            assert_eq!(
                lstm(units).split(rows, 64, STEP),
                split,
                "{units} units, {rows} rows"
            );
        }
    }
}
