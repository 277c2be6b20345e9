//! The multiply-add peak of a core, measured: what benchmarks give their figures as a share of.

use std::hint::black_box;
use std::time::Instant;

use super::float::Float;
use super::isa::Isa;
use super::multiply::Multiply;
use super::{LINE, piece};

/// Terms of each sum.
const TERMS: usize = 4096;
/// Rows and lines of the largest tile.
const ROWS: usize = 6;
const LINES: usize = 4;

/// GFLOP/s of one core at multiply-adds: the micro-kernel on a single tile, with the same few
/// numbers for every term, so that nothing but the arithmetic takes time.
///
/// # Panics
/// If the processor does not have `isa`.
pub fn peak<A: Float>(isa: Isa) -> f64 {
    best_of::<A>(isa, 1000)
}

fn best_of<A: Float>(isa: Isa, repetitions: usize) -> f64 {
    assert!(isa.is_supported(), "a set that the processor has");
    let left = [A::from_f64(0.5); ROWS];
    let right = [[A::from_f64(0.5); LINE]; LINES];
    let mut out = [[A::ZERO; LINE]; ROWS * LINES];
    let job = Multiply {
        rows: ROWS,
        depth: TERMS,
        left: left.as_ptr(),
        left_row: 1,
        left_k: 0,
        right: right.as_ptr().cast(),
        right_k: 0,
        right_piece: piece::<A>(),
        right_far: false,
        panels: 1,
        right_panel: 0,
        lines: LINES,
        out: out.as_mut_ptr().cast(),
        out_row: LINES * LINE,
        groups: 1,
        out_group: 0,
        chains: 1,
        add: false,
        bases: std::ptr::null(),
        base_row: 0,
        base_unit: 0,
        base_units: 0,
    };
    let mut least = f64::INFINITY;
    for _ in 0..repetitions {
        let start = Instant::now();
        // SAFETY: the assertion above; the operands hold a tile's rows and lines, which all terms
        // share.
        unsafe { A::multiply(isa, black_box(&job)) };
        least = least.min(start.elapsed().as_secs_f64());
    }
    black_box(&out);
    2e-9 * (ROWS * LINES * LINE * TERMS) as f64 / least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_reads_a_peak() {
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
            let peaks = [best_of::<f32>(isa, 1), best_of::<f64>(isa, 1)];
            assert!(peaks.iter().all(|&p| p > 0.0 && p.is_finite()), "{isa:?}");
        }
    }
}
