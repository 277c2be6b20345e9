//! A list of views; up to four take no memory of their own.
//!
//! Views of a longer life are views of a shorter one, and so it is with the list, as it would not
//! be with a `SmallVec`: what is added to a sequence may live shorter than the sequence.

use std::fmt;
use std::ops::Deref;

use ndarray::{ArrayBase, ArrayView3, Ix3, ViewRepr};

/// `ArrayView3` without its alias, which hides from the compiler that it may live shorter.
type View<'a, A> = ArrayBase<ViewRepr<&'a A>, Ix3, A>;

/// Inputs, or gradients of outputs.
pub(crate) struct Views<'a, A> {
    few: [View<'a, A>; 4],
    /// How many there are; if more than fit there, all of them are in `many`.
    count: usize,
    many: Vec<View<'a, A>>,
}

impl<'a, A> Views<'a, A> {
    pub(crate) fn push(&mut self, view: ArrayView3<'a, A>) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = view,
            None => {
                if self.many.is_empty() {
                    self.many.extend(self.few);
                }
                self.many.push(view);
            }
        }
        self.count += 1;
    }
}

impl<'a, A> Deref for Views<'a, A> {
    type Target = [ArrayView3<'a, A>];

    fn deref(&self) -> &Self::Target {
        match self.few.get(..self.count) {
            Some(few) => few,
            None => &self.many,
        }
    }
}

impl<'a, A> FromIterator<ArrayView3<'a, A>> for Views<'a, A> {
    fn from_iter<I: IntoIterator<Item = ArrayView3<'a, A>>>(views: I) -> Self {
        let none = ArrayView3::from_shape((0, 0, 0), &[]).expect("as many elements as the shape");
        let mut list = Views {
            few: [none; 4],
            count: 0,
            many: Vec::new(),
        };
        views.into_iter().for_each(|view| list.push(view));
        list
    }
}

impl<A> Clone for Views<'_, A> {
    fn clone(&self) -> Self {
        self.iter().copied().collect()
    }
}

impl<A: fmt::Debug> fmt::Debug for Views<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array3, ArrayView3};
    use rand::SeedableRng;

    use super::Views;
    use crate::cell::Cell;
    use crate::cells::Gru;
    use crate::sequence::{Seeds, Sequence};
    use crate::tape::Tape;

    #[test]
    fn few_and_many_are_kept_in_order() {
        let arrays: Vec<Array3<f64>> = (0..9).map(|k| Array3::zeros((k, 1, 2))).collect();
        for count in 0..arrays.len() {
            let list: Views<'_, f64> = arrays[..count].iter().map(|a| a.view()).collect();
            let steps = |views: &[ArrayView3<'_, f64>]| -> Vec<usize> {
                views.iter().map(|view| view.dim().0).collect()
            };
            assert_eq!(steps(&list), (0..count).collect::<Vec<_>>());
            assert_eq!(steps(&list.clone()), steps(&list));
        }
    }

    /// That this compiles is the test.
    #[test]
    fn what_is_added_may_live_shorter() -> Result<(), crate::Error> {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let cell = Gru::<f64>::new(3, 2, &mut rng)?;
        let (x, dy) = (Array3::ones((4, 2, 3)), Array3::ones((4, 2, 2)));
        let (whole, seeds) = (Sequence::from(&x), Seeds::from(&dy));
        for length in 1..=4 {
            let (lengths, state) = ([length, 4], cell.zero_state(2));
            let part = whole.clone().lengths(&lengths);
            for sequence in [whole.clone(), part.clone(), part.state(&state)] {
                let mut tape = Tape::new();
                cell.record(sequence, &mut tape)?;
                let of_both = seeds.clone().state(&state);
                cell.backward(&mut tape, of_both, &mut cell.zero_grads())?;
            }
        }
        drop((whole, seeds));
        Ok(())
    }
}
