//! Teams of threads: every worker takes part, and what goes wrong in one reaches the caller.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::super::{Worker, meeting_time, together};

#[test]
fn every_worker_sees_what_the_others_did_before_a_meeting() {
    for count in [1, 2, 3, 5] {
        let cells: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
        let wrong = AtomicUsize::new(0);
        together(count, &|worker: Worker<'_>| {
            let mut meeting = 0;
            for round in 1..200 {
                cells[worker.index].store(round, Ordering::Relaxed);
                worker.meet(&mut meeting);
                let all = cells[..worker.count].iter();
                let late = all.filter(|c| c.load(Ordering::Relaxed) != round).count();
                wrong.fetch_add(late, Ordering::Relaxed);
                worker.meet(&mut meeting);
            }
        });
        assert_eq!(wrong.load(Ordering::Relaxed), 0);
    }
}

#[test]
fn a_team_has_tried_how_long_its_meetings_take() {
    let long = Duration::from_secs(3600);
    let met = AtomicBool::new(false);
    for _ in 0..100 {
        together(2, &|worker: Worker<'_>| {
            met.fetch_or(worker.count == 2, Ordering::Relaxed);
        });
    }
    // Another test may have the team.
    assert!(!met.load(Ordering::Relaxed) || meeting_time(long).is_some());
}

#[test]
fn every_job_is_done_once_by_each_who_takes_part() {
    let rounds = if cfg!(miri) { 30 } else { 2000 };
    for round in 0..rounds {
        let count = [5, 2, 3][round % 3];
        let done: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
        let workers = AtomicUsize::new(0);
        together(count, &|worker: Worker<'_>| {
            workers.store(worker.count, Ordering::Relaxed);
            done[worker.index].fetch_add(1, Ordering::Relaxed);
        });
        // Alone, where another test has the team.
        let workers = workers.load(Ordering::Relaxed);
        let once = done[..workers]
            .iter()
            .all(|d| d.load(Ordering::Relaxed) == 1);
        assert!(once && (workers == 1 || workers == count), "round {round}");
    }
}

#[test]
fn a_call_from_inside_a_team_works_alone() {
    let done = AtomicUsize::new(0);
    together(2, &|_| {
        together(2, &|inner| {
            done.fetch_add(inner.count, Ordering::Relaxed);
        });
    });
    // 2 if the outer call had the team, up to 4 if an inner one; 1 if another test had it.
    assert!((1..=4).contains(&done.load(Ordering::Relaxed)));
}

#[test]
fn a_panic_reaches_the_caller_and_the_team_works_on() {
    let failed = std::panic::catch_unwind(|| {
        together(2, &|worker: Worker<'_>| {
            let mut meeting = 0;
            assert!(worker.index + 1 < worker.count, "the last worker fails");
            worker.meet(&mut meeting);
        });
    });
    assert!(failed.is_err());
    let done = AtomicUsize::new(0);
    together(2, &|_| {
        done.fetch_add(1, Ordering::Relaxed);
    });
    assert!((1..=2).contains(&done.load(Ordering::Relaxed)));
}
