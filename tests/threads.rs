//! Results do not depend on the number of threads, bit for bit; nor, up to rounding, on the
//! instruction set or the number type.
//!
//! Threads and instruction set are settings of the process: the tests take turns.

mod proof;

use std::sync::{Mutex, MutexGuard, PoisonError};

use gate_runtime::cells::*;
use gate_runtime::{
    Cell, CellGrads, CellState, Float, Isa, Seeds, Sequence, Tape, set_isa, set_threads,
    share_small_runs,
};
use ndarray::{Array3, ArrayD};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const STEPS: usize = 9;
const ROWS: usize = 50;

static SETTINGS: Mutex<()> = Mutex::new(());

/// Holds the settings; puts them back in the end.
struct Turn(#[allow(dead_code)] MutexGuard<'static, ()>);

impl Turn {
    fn take() -> Self {
        Turn(SETTINGS.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        set_threads(0);
        share_small_runs(false);
        assert!(set_isa(None), "detection is always possible");
    }
}

/// Everything that a run and its backward pass give, each with a name.
type Results<A> = Vec<(String, Vec<A>)>;

/// Random numbers that both number types can hold.
fn array(shape: (usize, usize, usize), rng: &mut ChaCha8Rng) -> Array3<f32> {
    Array3::from_shape_fn(shape, |_| rng.random::<f32>() * 2.0 - 1.0)
}

fn cast<A: Float>(array: &Array3<f32>) -> Array3<A> {
    array.mapv(|v| A::from_f64(f64::from(v)))
}

fn random_state<C: Cell>(cell: &C, rng: &mut ChaCha8Rng) -> C::State {
    let mut state = cell.zero_state(ROWS);
    for mut field in state.fields_mut() {
        field.mapv_inplace(|_| C::Scalar::from_f64(f64::from(rng.random::<f32>() - 0.5)));
    }
    state
}

/// A cell on a batch of rows of different lengths, with random numbers in every place.
fn results<C: Cell>() -> Results<C::Scalar> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let sizes = &[5, 19, 7, 4][..C::INFO.sizes.len()];
    let mut cell = C::with_sizes(sizes, &mut ChaCha8Rng::seed_from_u64(0)).expect("sizes that fit");
    for value in cell.params_mut() {
        *value = C::Scalar::from_f64(f64::from(0.6 * rng.random::<f32>() - 0.3));
    }
    let inputs: Vec<Array3<C::Scalar>> = (0..proof::inputs_of::<C>())
        .map(|i| cast(&array((STEPS, ROWS, cell.input_width(i)), &mut rng)))
        .collect();
    let weights: Vec<Array3<C::Scalar>> = (0..C::INFO.outputs.len())
        .map(|i| cast(&array((STEPS, ROWS, cell.output_width(i)), &mut rng)))
        .collect();
    let lengths: Vec<usize> = (0..ROWS).map(|_| rng.random_range(1..=STEPS)).collect();
    let (first, last) = (random_state(&cell, &mut rng), random_state(&cell, &mut rng));
    let mut sequence = Sequence::new(inputs[0].view())
        .lengths(&lengths)
        .state(&first);
    for input in &inputs[1..] {
        sequence = sequence.with(input.view());
    }
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    cell.record(sequence, &mut tape).expect("a recording");
    let mut out: Results<C::Scalar> = Vec::new();
    for i in 0..weights.len() {
        out.push((
            format!("output {i}"),
            tape.output(i).iter().copied().collect(),
        ));
    }
    let fields = |state: &C::State| -> Vec<ArrayD<C::Scalar>> {
        state.fields().iter().map(|f| f.to_owned()).collect()
    };
    for (i, field) in fields(tape.state()).into_iter().enumerate() {
        out.push((format!("final state {i}"), field.into_iter().collect()));
    }
    let views: Vec<_> = weights.iter().map(|w| w.view()).collect();
    cell.backward(&mut tape, Seeds::outputs(&views).state(&last), &mut grads)
        .expect("a backward pass");
    out.push((
        "gradients of parameters".to_owned(),
        grads.params().to_vec(),
    ));
    for i in 0..inputs.len() {
        out.push((
            format!("gradient of input {i}"),
            grads.input(i).iter().copied().collect(),
        ));
    }
    for (i, field) in fields(grads.state()).into_iter().enumerate() {
        out.push((
            format!("gradient of state {i}"),
            field.into_iter().collect(),
        ));
    }
    out
}

/// One thread against two and five, bit for bit.
fn threads_change_nothing<C: Cell>() {
    let _turn = Turn::take();
    let with = |threads: usize| {
        set_threads(threads);
        share_small_runs(true);
        results::<C>()
    };
    let one = with(1);
    for threads in [2, 5] {
        for ((what, a), (_, b)) in one.iter().zip(&with(threads)) {
            assert!(
                a.iter().any(|v| v.to_f64() != 0.0),
                "{}: {what} is zero throughout",
                C::INFO.name
            );
            assert_eq!(a.len(), b.len());
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                let same = a.to_f64().to_bits() == b.to_f64().to_bits();
                assert!(
                    same,
                    "{}: {what} at {at}: {a} with one thread, {b} with {threads}",
                    C::INFO.name
                );
            }
        }
    }
}

/// `f32` against `f64`, on every instruction set that the processor has.
fn number_types_agree<C: Cell<Scalar = f32>, D: Cell<Scalar = f64>>() {
    for isa in Isa::ALL {
        let _turn = Turn::take();
        if !set_isa(Some(isa)) {
            continue;
        }
        for ((what, single), (_, double)) in results::<C>().iter().zip(&results::<D>()) {
            assert_eq!(single.len(), double.len());
            for (at, (a, b)) in single.iter().zip(double).enumerate() {
                let close = (f64::from(*a) - b).abs() <= 1e-4 * (1.0 + b.abs());
                assert!(
                    close,
                    "{} with {isa:?}: {what} at {at}: {a} in f32, {b} in f64",
                    C::INFO.name
                );
            }
        }
    }
}

/// Two tests for each cell; `zoo.rs` has those of `f64` for all.
macro_rules! laws {
    ($($name:ident: $cell:ident;)*) => {
        $(mod $name {
            use super::*;

            #[test]
            fn threads() {
                threads_change_nothing::<$cell<f32>>();
            }

            #[test]
            fn number_types() {
                number_types_agree::<$cell<f32>, $cell<f64>>();
            }
        })*
    };
}

laws! {
    lstm: Lstm;
    gru: Gru;
    min_gru: MinGru;
    layer_norm_lstm: LayerNormLstm;
    delta_net: DeltaNet;
    tau_gru: TauGru;
    time_aware_lstm: TimeAwareLstm;
    s_lstm: SLstm;
    fast_grnn_low_rank: FastGrnnLowRank;
}

#[test]
fn an_instruction_set_is_forced_or_refused() {
    let _turn = Turn::take();
    for isa in Isa::ALL {
        let before = Isa::detect();
        assert_eq!(set_isa(Some(isa)), isa.is_supported(), "{isa:?}");
        let forced = if isa.is_supported() { isa } else { before };
        assert_eq!(Isa::detect(), forced);
    }
    assert!(Isa::Baseline.is_supported());
    assert!(set_isa(None));
    assert_eq!(Isa::detect(), proof::isa::best());
}
