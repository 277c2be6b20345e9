//! How long the meetings of a team take.
//!
//! Takes: a way to meet, now and then. Gives: the time of a meeting, by which runs decide whether to
//! share what is met about in every step.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long slow meetings keep runs from trying again.
pub(crate) const FAR_AWAY: Duration = Duration::from_millis(500);
/// How old a team lets the time of a meeting become that it goes by; one of slow meetings is tried
/// with every job.
const TRIED: Duration = Duration::from_millis(5);
const SLOW: Duration = Duration::from_nanos(300);
/// Meetings that are tried, and the first of them, of which the time does not count.
const TRIALS: u64 = 6;
const FIRST: u64 = 3;
/// How long trials have to be slow on end: a helper that has just woken up may share a core with who
/// woke it, until the system moves it.
const ON_END: Duration = Duration::from_millis(20);

/// The nanoseconds that a meeting took in the last trial; when that was, and when the first of the slow
/// trials on end, in nanoseconds since the first; 0 before it.
static MEETING: AtomicU64 = AtomicU64::new(0);
static TRIED_AT: AtomicU64 = AtomicU64::new(0);
static SLOW_FROM: AtomicU64 = AtomicU64::new(0);

/// Whether a team is to try its meetings before its work.
pub(super) fn are_due() -> bool {
    let slow = MEETING.load(Ordering::Relaxed) > nanoseconds(SLOW);
    slow || meeting_time(TRIED).is_none()
}

/// Tries meetings; gives the nanoseconds that one takes.
pub(super) fn time(mut meet: impl FnMut()) -> u64 {
    (0..FIRST).for_each(|_| meet());
    let before = clock();
    (0..TRIALS).for_each(|_| meet());
    (clock() - before) / TRIALS
}

/// Nanoseconds since the first call, from 1.
fn clock() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    nanoseconds(START.get_or_init(Instant::now).elapsed()).saturating_add(1)
}

/// How long a meeting takes, if that was tried no longer ago than this; slow ones count once they have
/// been slow for some time. Cores can be far apart, and a virtual machine's now near and now far.
pub(crate) fn meeting_time(ago: Duration) -> Option<Duration> {
    let [at, from] = [&TRIED_AT, &SLOW_FROM].map(|time| time.load(Ordering::Relaxed));
    let fresh = at > 0 && Duration::from_nanos(clock().saturating_sub(at)) <= ago;
    let took = Duration::from_nanos(MEETING.load(Ordering::Relaxed));
    let on_end = Duration::from_nanos(at.saturating_sub(from)) >= ON_END;
    let counts = took <= SLOW || on_end;
    fresh.then_some(if counts { took } else { Duration::ZERO })
}

/// Writes down what a meeting took. Trials of long ago say nothing any more.
pub(super) fn write_down(took: u64) {
    let now = clock();
    let on =
        meeting_time(FAR_AWAY).is_some() && MEETING.load(Ordering::Relaxed) > nanoseconds(SLOW);
    if !on {
        SLOW_FROM.store(now, Ordering::Relaxed);
    }
    MEETING.store(took, Ordering::Relaxed);
    TRIED_AT.store(now, Ordering::Relaxed);
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
