//! Memory of work that is over, for the next work of the same kind.
//!
//! Takes: what a prediction of a cell, or the products of a linear layer, worked with. Gives: the
//! same, with the packed weights in it, which are packed again only once the parameters have
//! changed. Work side by side that finds none makes its own.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::exec::Recording;
use crate::kernels::{Dense, Float};

/// Bytes of a sequence's values that are kept.
const MOST: usize = 64 << 20;

/// What may be kept.
pub(crate) trait Memory: Default {
    /// Bytes of a sequence's values in it.
    fn values(&self) -> usize;
}

/// At most one; a clone begins without, and equality does not look at it.
pub(crate) struct Spare<T>(Mutex<Option<Box<T>>>);

impl<T: Memory> Spare<T> {
    /// One to use, perhaps a new one.
    pub(crate) fn take(&self) -> Box<T> {
        let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spare.take().unwrap_or_default()
    }

    /// Keeps one unless it is large.
    pub(crate) fn give(&self, used: Box<T>) {
        if used.values() <= MOST {
            let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *spare = Some(used);
        }
    }

    /// The one that is kept, if nobody uses it.
    pub(crate) fn kept(&mut self) -> Option<&mut T> {
        let spare = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        spare.as_deref_mut()
    }
}

impl<A: Float> Memory for Recording<A> {
    fn values(&self) -> usize {
        self.frame.arena.len() * size_of::<A>()
    }
}

impl<A: Float> Memory for Dense<A> {
    fn values(&self) -> usize {
        0
    }
}

impl<T> Default for Spare<T> {
    fn default() -> Self {
        Spare(Mutex::new(None))
    }
}

impl<T> PartialEq for Spare<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Clone for Spare<T> {
    fn clone(&self) -> Self {
        Spare::default()
    }
}

impl<T> fmt::Debug for Spare<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spare")
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use crate::cell::Cell;
    use crate::cells::Gru;
    use crate::sequence::Sequence;

    /// A clone has no memory to use again.
    #[test]
    fn what_was_predicted_before_changes_nothing() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut cell = Gru::<f64>::new(3, 5, &mut rng).expect("sizes");
        let shapes = [(4, 2), (1, 1), (9, 7), (9, 7), (4, 1), (3, 2)];
        for (round, (steps, rows)) in shapes.into_iter().enumerate() {
            let x = Array3::from_shape_fn((steps, rows, 3), |(t, b, i)| (t + 2 * b + i) as f64);
            let lengths: Vec<usize> = (0..rows).map(|row| 1 + row * 5 % steps).collect();
            let sequence = || Sequence::new(x.view()).lengths(&lengths);
            let (own, fresh) = (cell.forward(sequence()), cell.clone().forward(sequence()));
            let (own, fresh) = (own.expect("a run"), fresh.expect("a run"));
            assert_eq!(
                (&own.outputs, &own.state.h),
                (&fresh.outputs, &fresh.state.h)
            );
            // What is refused leaves the memory in order.
            let refused = cell.forward(&Array3::zeros((2, 2, 4))).unwrap_err();
            let text = "must have shape [2, 2, 3], but has [2, 2, 4]";
            assert!(refused.to_string().contains(text), "{refused}");
            if round % 2 == 0 {
                cell.params_mut()[7 * round] += 1.0;
            }
        }
    }

    #[test]
    fn predictions_side_by_side_have_their_own() {
        let cell = Gru::<f32>::new(3, 5, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
        let input = |of: usize| Array3::from_elem((20, 1 + of, 3), of as f32 / 9.0);
        let expected: Vec<_> = (0..4)
            .map(|of| cell.clone().forward(&input(of)).expect("a run").outputs)
            .collect();
        std::thread::scope(|scope| {
            for (of, expected) in expected.iter().enumerate() {
                let (cell, x) = (&cell, input(of));
                scope.spawn(move || {
                    for _ in 0..50 {
                        assert_eq!(&cell.forward(&x).expect("a run").outputs, expected);
                    }
                });
            }
        });
    }
}
