//! The multiply-add peak of a core, measured: what benchmarks give their figures as a share of.

use std::hint::black_box;
use std::time::Instant;

use super::LINE;
use super::float::Float;
use super::isa::{Isa, for_each_isa};
use super::real::Mode;

/// Multiply-adds on each line of a repetition.
const ROUNDS: usize = 4096;

/// GFLOP/s of one core at multiply-adds on registers alone: the best of several numbers of
/// independent chains, since too few wait for each other and too many do not fit.
pub fn peak<A: Float>(isa: Isa) -> f64 {
    let mut best = 0.0_f64;
    let mut numbers = [[A::ONE; LINE]; 24];
    for _ in 0..200 {
        for lines in [2, 3, 4, 6, 12, 16, 20, 24] {
            let start = Instant::now();
            // SAFETY: `Isa::detect` and callers give sets that the processor has.
            unsafe { chains::<A>(isa, lines, black_box(&mut numbers)) };
            let seconds = start.elapsed().as_secs_f64();
            best = best.max(2e-9 * (lines * LINE * ROUNDS) as f64 / seconds);
        }
    }
    best
}

for_each_isa! {
    /// Chains of multiply-adds on the first `lines` lines.
    ///
    /// # Safety
    /// The processor has `isa`.
    unsafe fn chains(lines: usize, numbers: &mut [[A; LINE]; 24]) for A = chains_body
}

#[inline(always)]
unsafe fn chains_body<A: Float, M: Mode>(lines: usize, numbers: &mut [[A; LINE]; 24]) {
    match lines {
        2 => run::<A, M, 2>(numbers),
        3 => run::<A, M, 3>(numbers),
        4 => run::<A, M, 4>(numbers),
        6 => run::<A, M, 6>(numbers),
        12 => run::<A, M, 12>(numbers),
        16 => run::<A, M, 16>(numbers),
        20 => run::<A, M, 20>(numbers),
        _ => run::<A, M, 24>(numbers),
    }
}

#[inline(always)]
fn run<A: Float, M: Mode, const N: usize>(numbers: &mut [[A; LINE]; 24]) {
    // Contracting, so that nothing overflows.
    let (factor, term) = (A::from_f64(0.5), A::from_f64(0.25));
    let mut sums = [[A::ZERO; LINE]; N];
    for (sum, line) in sums.iter_mut().zip(numbers.iter()) {
        *sum = *line;
    }
    for _ in 0..ROUNDS {
        for sum in &mut sums {
            for element in sum {
                *element = M::mul_add(*element, factor, term);
            }
        }
    }
    for (sum, line) in sums.iter().zip(numbers) {
        *line = *sum;
    }
}
