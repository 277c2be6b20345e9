//! Turns on the instruction set, which is a setting of the process: tests that want the same one
//! run side by side, others wait.

use std::sync::{Condvar, Mutex, PoisonError};

use gate_runtime::{Isa, set_isa};

/// The present set, and how many tests use it.
static PRESENT: Mutex<(Option<Isa>, usize)> = Mutex::new((None, 0));
static FREE: Condvar = Condvar::new();

struct Turn;

impl Turn {
    fn take(isa: Isa) -> Turn {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        while present.1 > 0 && present.0 != Some(isa) {
            present = FREE.wait(present).unwrap_or_else(PoisonError::into_inner);
        }
        assert!(set_isa(Some(isa)), "{isa:?} was said to be supported");
        *present = (Some(isa), present.1 + 1);
        Turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        present.1 -= 1;
        FREE.notify_all();
    }
}

/// Runs a test while no other runs, on the fastest instruction set: it may change settings of the
/// process.
pub fn alone(test: fn()) {
    let _turn = {
        let mut present = PRESENT.lock().unwrap_or_else(PoisonError::into_inner);
        while present.1 > 0 {
            present = FREE.wait(present).unwrap_or_else(PoisonError::into_inner);
        }
        assert!(set_isa(None), "detection is always possible");
        *present = (None, 1);
        Turn
    };
    test();
}

/// The fastest instruction set of this processor.
pub fn best() -> Isa {
    let best = Isa::ALL.into_iter().find(|isa| isa.is_supported());
    best.expect("the baseline is always there")
}

/// Runs a test on an instruction set; not at all where the processor lacks it.
pub fn on(isa: Isa, test: fn()) {
    if isa.is_supported() {
        let _turn = Turn::take(isa);
        assert_eq!(Isa::detect(), isa);
        test();
    }
}
