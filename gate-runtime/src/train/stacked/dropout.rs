//! Dropout between layers.

use ndarray::ArrayView3;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::error::Error;
use crate::kernels::Float;
use crate::train::group::setting;

/// The dropout of one pass over a stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dropout {
    chance: f64,
    seed: u64,
}

impl Dropout {
    /// That of a pass with this seed, if anything is to be dropped.
    pub(super) fn new(chance: f64, training: Option<u64>) -> Result<Option<Self>, Error> {
        let range = (0.0..1.0).contains(&chance);
        setting("the dropout between layers", chance, "in 0..1", range)?;
        let drops = |seed| Dropout { chance, seed };
        Ok(training.filter(|_| chance > 0.0).map(drops))
    }

    /// Writes what is left of `[T, B, features]` between a layer and the next: of its output, or of
    /// the gradient that comes back. The same is dropped each time.
    pub(super) fn apply<'o, A: Float>(
        self,
        layer: usize,
        steps: ArrayView3<'_, A>,
        out: &'o mut Vec<A>,
    ) -> ArrayView3<'o, A> {
        let (time, batch, features) = steps.dim();
        // Its capacity stays, so that passes of other shapes in turn allocate nothing.
        out.resize(time * batch * features, A::ZERO);
        let scale = A::from_f64(1.0 / (1.0 - self.chance));
        let limit = (self.chance * 2_f64.powi(32)).round() as u64;
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ OWN.wrapping_mul(layer as u64 + 1));
        let rows = steps
            .rows()
            .into_iter()
            .zip(out.chunks_mut(features.max(1)));
        for (place, (row, out)) in rows.enumerate() {
            let (step, row_of_batch) = (place / batch, place % batch);
            rng.set_stream((step as u64) << 32 | row_of_batch as u64);
            rng.set_word_pos(0);
            for (&value, out) in row.iter().zip(out) {
                let dropped = u64::from(rng.next_u32()) < limit;
                *out = if dropped { A::ZERO } else { value * scale };
            }
        }
        let shaped = ArrayView3::from_shape(steps.dim(), &out[..]);
        shaped.expect("as many numbers as the shape has")
    }
}

/// Sets the masks of a stack apart from those that its layers draw from the same seed.
const OWN: u64 = 0xD6E8_FEB8_6659_FD93;

#[cfg(test)]
mod tests {
    use ndarray::{Array3, s};

    use super::Dropout;

    fn mask(chance: f64, seed: u64, layer: usize, shape: (usize, usize, usize)) -> Array3<f64> {
        let dropout = Dropout::new(chance, Some(seed)).unwrap().unwrap();
        let ones = Array3::ones(shape);
        dropout
            .apply(layer, ones.view(), &mut Vec::new())
            .to_owned()
    }

    #[test]
    fn as_much_is_dropped_as_the_chance_says_and_the_mean_stays() {
        let whole = mask(0.3, 1, 0, (20, 10, 50));
        let dropped = whole.iter().filter(|&&v| v == 0.0).count();
        assert!(whole.iter().all(|&v| v == 0.0 || v == 1.0 / 0.7));
        // Within four standard deviations of 3000.
        assert!(
            (dropped as f64 - 3000.0).abs() < 4.0 * 2100_f64.sqrt(),
            "{dropped}"
        );
    }

    #[test]
    fn seeds_layers_steps_and_rows_draw_for_themselves() {
        let whole = mask(0.5, 1, 0, (3, 4, 30));
        assert_eq!(whole, mask(0.5, 1, 0, (3, 4, 30)));
        assert_eq!(whole.slice(s![..2, ..3, ..]), mask(0.5, 1, 0, (2, 3, 30)));
        for other in [mask(0.5, 2, 0, (3, 4, 30)), mask(0.5, 1, 1, (3, 4, 30))] {
            assert_ne!(whole, other);
        }
        let first = whole.slice(s![0, 0, ..]);
        let others = [whole.slice(s![1, 0, ..]), whole.slice(s![0, 1, ..])];
        assert!(others.iter().all(|other| *other != first));
    }

    #[test]
    fn what_is_dropped_may_be_anything() {
        let dropout = Dropout::new(0.5, Some(1)).unwrap().unwrap();
        let nan = Array3::from_elem((1, 1, 99), f64::NAN);
        let mut out = Vec::new();
        let left = dropout.apply(0, nan.view(), &mut out);
        assert!(left.iter().any(|&v| v == 0.0) && left.iter().any(|v| v.is_nan()));
    }
}
