//! A team of threads that go through one piece of work together and meet in between.
//!
//! Helpers live as long as the process. After some work they spin for a moment, for the next call
//! of a training loop follows soon, and then sleep. A team serves one caller at a time; whoever
//! finds it busy works alone, so that nothing can wait for itself.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

use super::trials;

/// Rounds of spinning before the processor is given away.
const SPINS: usize = 200;
/// Times that a helper gives the processor away before it sleeps.
const YIELDS: usize = 400;

/// The work of one call, its lifetime forgotten.
#[derive(Clone, Copy)]
struct Job(*const (dyn Fn(Worker<'_>) + Sync));

// SAFETY: the closure is `Sync`, and `Team::run`, the only one who makes a job, does not return before
// every helper has left it.
unsafe impl Send for Job {}

/// The last job, until all who take part have left it.
#[derive(Clone, Copy, Default)]
struct Posted {
    /// Its number. Who takes no part is not waited for, and may come late: to the next job.
    epoch: usize,
    /// The job, and how many do it.
    job: Option<(Job, usize)>,
    /// Whether they try before how long meetings take.
    tries: bool,
}

/// What callers and helpers share.
struct Board {
    /// Number of the present job; 0 before the first.
    epoch: AtomicUsize,
    job: Mutex<Posted>,
    /// Helpers that are still at the job.
    busy: AtomicUsize,
    barrier: Barrier,
    /// Where meetings are tried.
    trial: Barrier,
    /// What a helper panicked with.
    failure: Mutex<Option<Box<dyn std::any::Any + Send>>>,
}

/// The most workers of a team.
const MOST: usize = 128;

/// How often a worker was at a meeting, in a cache line of its own: only it writes there.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Arrivals(AtomicUsize);

/// Where the workers of a team meet.
#[derive(Debug)]
pub(crate) struct Barrier {
    arrived: [Arrivals; MOST],
    /// A worker is gone and will not arrive.
    broken: AtomicBool,
}

impl Barrier {
    const fn new() -> Barrier {
        Barrier {
            arrived: [const { Arrivals(AtomicUsize::new(0)) }; MOST],
            broken: AtomicBool::new(false),
        }
    }
}

/// One of a team while it works.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worker<'a> {
    /// From 0.
    pub(crate) index: usize,
    /// Workers of the team.
    pub(crate) count: usize,
    barrier: &'a Barrier,
}

impl Worker<'_> {
    /// This worker's part of so many columns or rows, cut at multiples of `granule`; parts depend
    /// on nothing that could change a sum.
    #[inline]
    pub(crate) fn share(&self, all: usize, granule: usize) -> Range<usize> {
        let pieces = all.div_ceil(granule);
        let cut = |worker: usize| (pieces * worker / self.count * granule).min(all);
        cut(self.index)..cut(self.index + 1)
    }

    /// Waits until every worker is here as often as this one: `meeting` counts from 1.
    ///
    /// # Panics
    /// If another worker panicked.
    pub(crate) fn meet(&self, meeting: &mut usize) {
        *meeting += 1;
        if self.count == 1 {
            return;
        }
        let arrived = &self.barrier.arrived[..self.count];
        arrived[self.index].0.store(*meeting, Ordering::Release);
        let mut rounds = 0;
        for other in arrived {
            while other.0.load(Ordering::Acquire) < *meeting {
                assert!(
                    !self.barrier.broken.load(Ordering::Relaxed),
                    "another thread of the team panicked"
                );
                pause(&mut rounds);
            }
        }
    }
}

impl Board {
    /// Meets some times, once all are there, and writes down how long that took.
    fn try_meetings(&self, worker: Worker<'_>) {
        let worker = Worker {
            barrier: &self.trial,
            ..worker
        };
        let mut meeting = 0;
        let took = trials::time(|| worker.meet(&mut meeting));
        if worker.index == 0 {
            trials::write_down(took);
        }
    }
}

/// Spins first, then gives the processor away: a team may have fewer cores than threads.
fn pause(rounds: &mut usize) {
    *rounds += 1;
    if *rounds < SPINS {
        std::hint::spin_loop();
    } else {
        thread::yield_now();
    }
}

/// The barrier of teams of one, who use none.
static ALONE: Barrier = Barrier::new();

/// Does `work` alone, as a team of one.
pub(crate) fn alone(work: impl FnOnce(Worker<'_>)) {
    work(Worker {
        index: 0,
        count: 1,
        barrier: &ALONE,
    });
}

/// Helpers, and the board that they look at.
struct Team {
    board: Arc<Board>,
    helpers: Vec<Thread>,
}

static TEAM: Mutex<Option<Team>> = Mutex::new(None);

/// Does `work` on `count` threads at once, this one among them; alone where that cannot be.
///
/// # Panics
/// If a worker panics.
pub(crate) fn together(count: usize, work: &(dyn Fn(Worker<'_>) + Sync)) {
    let count = count.min(MOST);
    if count <= 1 {
        return alone(work);
    }
    // A poisoned lock: a job panicked, after which the team is as good as before.
    let guard = match TEAM.try_lock() {
        Ok(guard) => Some(guard),
        Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(std::sync::TryLockError::WouldBlock) => None,
    };
    let Some(mut guard) = guard else {
        return alone(work);
    };
    let team = guard.get_or_insert_with(Team::new);
    if !team.grow(count - 1) {
        return alone(work);
    }
    team.run(count, work);
}

impl Team {
    fn new() -> Team {
        Team {
            board: Arc::new(Board {
                epoch: AtomicUsize::new(0),
                job: Mutex::default(),
                busy: AtomicUsize::new(0),
                barrier: Barrier::new(),
                trial: Barrier::new(),
                failure: Mutex::new(None),
            }),
            helpers: Vec::new(),
        }
    }

    /// Makes sure of so many helpers; `false` if the system gives no more threads.
    fn grow(&mut self, helpers: usize) -> bool {
        while self.helpers.len() < helpers {
            let board = Arc::clone(&self.board);
            let index = self.helpers.len() + 1;
            let seen = board.epoch.load(Ordering::Acquire);
            let spawned = thread::Builder::new()
                .name(format!("gate-{index}"))
                .spawn(move || help(&board, index, seen));
            match spawned {
                Ok(handle) => self.helpers.push(handle.thread().clone()),
                Err(_) => return false,
            }
        }
        true
    }

    fn run(&mut self, count: usize, work: &(dyn Fn(Worker<'_>) + Sync)) {
        let board = &*self.board;
        // SAFETY: only the lifetime changes. This function does not return or unwind before `busy` is
        // 0: helpers take that from the job's number on, and release it after their last use. Nobody
        // else has this team (`&mut self`), so that there is no other job meanwhile.
        let job = unsafe {
            std::mem::transmute::<&(dyn Fn(Worker<'_>) + Sync), &'static (dyn Fn(Worker<'_>) + Sync)>(
                work,
            )
        };
        let tries = trials::are_due();
        for barrier in [&board.barrier, &board.trial] {
            for arrivals in &barrier.arrived[..count] {
                arrivals.0.store(0, Ordering::Relaxed);
            }
        }
        board.barrier.broken.store(false, Ordering::Relaxed);
        board.busy.store(count - 1, Ordering::Relaxed);
        let epoch = board.epoch.load(Ordering::Relaxed) + 1;
        *lock(&board.job) = Posted {
            epoch,
            job: Some((Job(job), count)),
            tries,
        };
        board.epoch.store(epoch, Ordering::Release);
        self.helpers[..count - 1].iter().for_each(Thread::unpark);
        let worker = Worker {
            index: 0,
            count,
            barrier: &board.barrier,
        };
        if tries {
            board.try_meetings(worker);
        }
        let own = catch_unwind(AssertUnwindSafe(|| work(worker)));
        if own.is_err() {
            board.barrier.broken.store(true, Ordering::Relaxed);
        }
        let mut rounds = 0;
        while board.busy.load(Ordering::Acquire) > 0 {
            pause(&mut rounds);
        }
        lock(&board.job).job = None;
        let helpers = lock(&board.failure).take();
        if let Some(failure) = own.err().or(helpers) {
            resume_unwind(failure);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The life of a helper: waits for a job, does its part, and so on.
fn help(board: &Board, index: usize, mut seen: usize) {
    loop {
        wait(board, seen);
        let posted = *lock(&board.job);
        let new = posted.epoch != seen;
        seen = posted.epoch;
        let job = posted.job.filter(|(_, count)| new && index < *count);
        let Some((job, count)) = job else { continue };
        // SAFETY: `Team::run` waits for `busy`, which counts this helper until it is done here.
        let work = unsafe { &*job.0 };
        let worker = Worker {
            index,
            count,
            barrier: &board.barrier,
        };
        if posted.tries {
            board.try_meetings(worker);
        }
        if let Err(failure) = catch_unwind(AssertUnwindSafe(|| work(worker))) {
            *lock(&board.failure) = Some(failure);
            board.barrier.broken.store(true, Ordering::Relaxed);
        }
        board.busy.fetch_sub(1, Ordering::Release);
    }
}

/// Returns when there is a job after number `seen`.
fn wait(board: &Board, seen: usize) {
    let mut rounds = 0;
    while board.epoch.load(Ordering::Acquire) == seen {
        if rounds < SPINS + YIELDS {
            pause(&mut rounds);
        } else {
            thread::park();
        }
    }
}
