//! How parameters start.
//!
//! Takes: an [`InitInfo`], a shape, a generator. Gives: a filled slice. All numbers are drawn in
//! `f64`, so that an `f32` cell starts at the rounded numbers of the `f64` cell.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::info::{CellInfo, InitInfo, OpInfo, RoleInfo};
use crate::kernels::Float;

/// How many numbers flow into and out of one element's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fans {
    pub(crate) input: usize,
    pub(crate) output: usize,
}

impl Fans {
    /// Of a symbol of a cell: `W` in `W x` has as many inputs as columns; in `x W` as many as
    /// rows. A matrix that is in no product with a vector counts as one of `x W`.
    pub(crate) fn of(info: &CellInfo, symbol: usize, sizes: &[usize]) -> Fans {
        let nodes = info.graph.nodes;
        let times_vector = nodes.iter().any(|node| {
            node.op == OpInfo::MatVec && nodes[node.args[0]].op == OpInfo::Param(symbol)
        });
        let (rows, columns) = dims(
            &info.symbols[symbol]
                .shape
                .iter()
                .map(|e| e.of(sizes))
                .collect::<Vec<_>>(),
        );
        let (input, output) = if times_vector {
            (columns, rows)
        } else {
            (rows, columns)
        };
        Fans { input, output }
    }
}

/// Fills a parameter of a cell (a symbol's index) for its sizes.
pub(crate) fn initialise_symbol<A: Float, R: Rng + ?Sized>(
    info: &CellInfo,
    symbol: usize,
    sizes: &[usize],
    out: &mut [A],
    rng: &mut R,
) {
    if let RoleInfo::Parameter(init) = info.symbols[symbol].role {
        let shape: Vec<usize> = info.symbols[symbol]
            .shape
            .iter()
            .map(|e| e.of(sizes))
            .collect();
        fill(init, &shape, Fans::of(info, symbol, sizes), out, rng);
    }
}

/// Fills a parameter of `shape` (row-major). The same generator state gives the same numbers.
pub(crate) fn fill<A: Float, R: Rng + ?Sized>(
    init: InitInfo,
    shape: &[usize],
    fans: Fans,
    out: &mut [A],
    rng: &mut R,
) {
    let (inputs, both) = (fans.input as f64, (fans.input + fans.output) as f64);
    match init {
        InitInfo::Constant(value) => out.fill(A::from_f64(value)),
        InitInfo::Uniform(low, high) => uniform(low, high, out, rng),
        InitInfo::Normal(mean, deviation) => normal(mean, deviation, out, rng),
        InitInfo::GlorotUniform => uniform(-(6.0 / both).sqrt(), (6.0 / both).sqrt(), out, rng),
        InitInfo::GlorotNormal => normal(0.0, (2.0 / both).sqrt(), out, rng),
        InitInfo::He => normal(0.0, (2.0 / inputs).sqrt(), out, rng),
        InitInfo::Orthogonal => orthogonal(dims(shape), out, rng),
        InitInfo::Identity => {
            let (_, columns) = dims(shape);
            for (k, element) in out.iter_mut().enumerate() {
                *element = if k / columns == k % columns {
                    A::ONE
                } else {
                    A::ZERO
                };
            }
        }
    }
}

/// Rows and columns; a vector is a column.
fn dims(shape: &[usize]) -> (usize, usize) {
    (
        shape.first().copied().unwrap_or(1),
        shape.get(1).copied().unwrap_or(1),
    )
}

fn uniform<A: Float, R: Rng + ?Sized>(low: f64, high: f64, out: &mut [A], rng: &mut R) {
    for element in out {
        *element = A::from_f64(low + (high - low) * rng.random::<f64>());
    }
}

fn normal<A: Float, R: Rng + ?Sized>(mean: f64, deviation: f64, out: &mut [A], rng: &mut R) {
    for element in out {
        *element = A::from_f64(mean + deviation * rng.sample::<f64, _>(StandardNormal));
    }
}

/// Orthonormal rows, or columns where there are fewer of those: the Q of a matrix of normal
/// numbers with the signs that make it uniformly distributed (Mezzadri 2007). Gram and Schmidt's
/// way, twice, which is as exact as Householder's (Giraud et al. 2005).
fn orthogonal<A: Float, R: Rng + ?Sized>(
    (rows, columns): (usize, usize),
    out: &mut [A],
    rng: &mut R,
) {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    while basis.len() < count {
        let mut vector: Vec<f64> = (0..length).map(|_| rng.sample(StandardNormal)).collect();
        let drawn = norm(&vector);
        for _ in 0..2 {
            for earlier in &basis {
                let share: f64 = earlier.iter().zip(&vector).map(|(e, v)| e * v).sum();
                vector
                    .iter_mut()
                    .zip(earlier)
                    .for_each(|(v, e)| *v -= share * e);
            }
        }
        let left = norm(&vector);
        // A vector that all but lies in the span of the earlier ones is drawn again.
        if left > 1e-8 * drawn {
            vector.iter_mut().for_each(|v| *v /= left);
            basis.push(vector);
        }
    }
    for (k, element) in out.iter_mut().enumerate() {
        let (row, column) = (k / columns, k % columns);
        let value = if rows <= columns {
            basis[row][column]
        } else {
            basis[column][row]
        };
        *element = A::from_f64(value);
    }
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|v| v * v).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    const FANS: Fans = Fans {
        input: 300,
        output: 100,
    };

    fn filled(init: InitInfo, shape: [usize; 2]) -> Vec<f64> {
        let mut out = vec![f64::NAN; shape[0] * shape[1]];
        fill(
            init,
            &shape,
            FANS,
            &mut out,
            &mut ChaCha8Rng::seed_from_u64(5),
        );
        out
    }

    /// Mean, standard deviation, largest absolute value.
    fn moments(values: &[f64]) -> (f64, f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
        (
            mean,
            variance.sqrt(),
            values.iter().fold(0.0, |m, v| v.abs().max(m)),
        )
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let limit = (6.0_f64 / 400.0).sqrt();
        let cases = [
            (InitInfo::Uniform(1.0, 3.0), 2.0, 2.0 / 12.0_f64.sqrt()),
            (InitInfo::Normal(-1.0, 0.5), -1.0, 0.5),
            (InitInfo::GlorotUniform, 0.0, limit / 3.0_f64.sqrt()),
            (InitInfo::GlorotNormal, 0.0, (2.0_f64 / 400.0).sqrt()),
            (InitInfo::He, 0.0, (2.0_f64 / 300.0).sqrt()),
        ];
        for (init, mean, deviation) in cases {
            let (m, d, _) = moments(&filled(init, [300, 100]));
            // Four standard errors of 30 000 numbers.
            assert!(
                (m - mean).abs() < 4.0 * deviation / 173.0,
                "{init:?}: mean {m}"
            );
            assert!(
                (d / deviation - 1.0).abs() < 4.0 / 173.0,
                "{init:?}: deviation {d}"
            );
        }
        let (_, _, largest) = moments(&filled(InitInfo::GlorotUniform, [300, 100]));
        assert!(largest <= limit && largest > 0.99 * limit);
    }

    #[test]
    fn orthogonal_rows_or_columns() {
        for (rows, columns) in [(24, 24), (7, 40), (40, 7), (1, 5), (5, 1)] {
            let m = filled(InitInfo::Orthogonal, [rows, columns]);
            let (count, length) = (rows.min(columns), rows.max(columns));
            let element = |vector: usize, k: usize| {
                if rows <= columns {
                    m[vector * columns + k]
                } else {
                    m[k * columns + vector]
                }
            };
            for a in 0..count {
                for b in 0..count {
                    let product: f64 = (0..length).map(|k| element(a, k) * element(b, k)).sum();
                    let expected = f64::from(u8::from(a == b));
                    assert!(
                        (product - expected).abs() < 1e-14,
                        "{rows}×{columns}: {a} {b} {product}"
                    );
                }
            }
        }
    }

    #[test]
    fn orthogonal_matrices_prefer_no_sign() {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        let mut out = [0.0_f64; 4];
        let positive = (0..400).filter(|_| {
            fill(InitInfo::Orthogonal, &[2, 2], FANS, &mut out, &mut rng);
            out[3] > 0.0
        });
        let count = positive.count();
        assert!((140..260).contains(&count), "{count} of 400");
    }

    #[test]
    fn constants_and_the_identity() {
        assert_eq!(filled(InitInfo::Constant(0.5), [2, 2]), [0.5; 4]);
        assert_eq!(
            filled(InitInfo::Identity, [2, 3]),
            [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
        );
    }

    #[test]
    fn single_precision_starts_at_the_rounded_numbers() {
        let double = filled(InitInfo::Orthogonal, [4, 9]);
        let mut single = [0.0_f32; 36];
        fill(
            InitInfo::Orthogonal,
            &[4, 9],
            FANS,
            &mut single,
            &mut ChaCha8Rng::seed_from_u64(5),
        );
        assert!(single.iter().zip(&double).all(|(&s, &d)| s == d as f32));
    }
}
