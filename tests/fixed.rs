//! Types of fixed sizes against the dynamic type that they are made from.

// Cells use the Greek letters of their papers.
#![allow(confusable_idents, mixed_script_confusables)]
#![forbid(unsafe_code)]

#[allow(dead_code)]
mod cells;

use cells::*;
use gate_runtime::{Cell, Float, Isa, cell, set_isa};
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Numbers of an output, whatever its shape.
trait Numbers {
    fn numbers(&self) -> Vec<f64>;
}

macro_rules! numbers {
    ($($type:ident),*) => {
        $(impl Numbers for $type {
            fn numbers(&self) -> Vec<f64> {
                vec![f64::from(*self)]
            }
        })*
    };
}
numbers!(f32, f64);

impl<T: Numbers, const N: usize> Numbers for [T; N] {
    fn numbers(&self) -> Vec<f64> {
        self.iter().flat_map(Numbers::numbers).collect()
    }
}

impl<T: Numbers, U: Numbers> Numbers for (T, U) {
    fn numbers(&self) -> Vec<f64> {
        [self.0.numbers(), self.1.numbers()].concat()
    }
}

/// An input's row as an array.
fn row<A: Float, const N: usize>(x: &Array2<A>) -> &[A; N] {
    let row = x.as_slice().expect("one row");
    row.try_into().expect("as many features as the type has")
}

/// A cell with parameters that are no special numbers.
fn cell<C: Cell>(sizes: &[(&str, usize)]) -> C {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let size = |argument: &str| sizes.iter().find(|(name, _)| *name == argument);
    let infos = C::INFO.sizes.iter();
    let sizes: Vec<usize> = infos
        .map(|info| size(info.argument).expect("all sizes are given").1)
        .collect();
    let mut cell = C::with_sizes(&sizes, &mut rng).expect("sizes");
    for value in cell.params_mut() {
        *value = C::Scalar::from_f64(rng.random::<f64>() - 0.45);
    }
    cell
}

/// Steps of a stream and of the fixed type, side by side.
fn compare<C: Cell>(cell: &C, mut step: impl FnMut(&[Array2<C::Scalar>]) -> Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut stream = cell.stream(1);
    let count = C::INFO.outputs.len();
    let mut outputs: Vec<Array2<C::Scalar>> = (0..count)
        .map(|i| Array2::zeros((1, cell.output_width(i))))
        .collect();
    let inputs = C::INFO.symbols.iter();
    let inputs = inputs
        .filter(|s| s.role == gate_runtime::RoleInfo::Input)
        .count();
    for time in 0..9 {
        let x: Vec<Array2<C::Scalar>> = (0..inputs)
            .map(|i| {
                Array2::from_shape_fn((1, cell.input_width(i)), |_| {
                    C::Scalar::from_f64(rng.random::<f64>() - 0.5)
                })
            })
            .collect();
        let views: Vec<_> = x.iter().map(|x| x.view()).collect();
        let mut targets: Vec<_> = outputs.iter_mut().map(|y| y.view_mut()).collect();
        stream.step(&views, &mut targets).expect("a step");
        let expected = outputs.iter().flatten().map(|y| y.to_f64());
        let found = step(&x);
        let tolerance = if C::Scalar::NAME == "f32" {
            2e-5
        } else {
            1e-12
        };
        assert_eq!(found.len(), outputs.iter().map(|y| y.len()).sum::<usize>());
        for (i, (expected, found)) in expected.zip(found).enumerate() {
            let near = (expected - found).abs() <= tolerance * (1.0 + expected.abs());
            let name = C::INFO.name;
            assert!(
                near,
                "{name}: {found} instead of {expected} at step {time}, output {i}"
            );
        }
    }
}

/// Both number types of each cell, on the present instruction set.
macro_rules! compare_all {
    ($($cell:ident, $fixed:ident, [$($size:ident = $number:literal),*], |$x:ident| ($($input:expr),*);)*) => {
        $(
            compare_all!(@one f32, $cell, $fixed, [$($size = $number),*], |$x| ($($input),*));
            compare_all!(@one f64, $cell, $fixed, [$($size = $number),*], |$x| ($($input),*));
        )*
    };
    (@one $type:ident, $cell:ident, $fixed:ident, [$($size:ident = $number:literal),*], |$x:ident| ($($input:expr),*)) => {
        let dynamic = cell::<$cell<$type>>(&[$((stringify!($size), $number)),*]);
        let tiny = $fixed::try_from(&dynamic).expect("the same sizes");
        let mut state = tiny.zero_state();
        compare(&dynamic, |$x| tiny.step($($input,)* &mut state).numbers());
    };
}

/// All in one test: the instruction set is the whole process's.
#[test]
fn steps_equal_those_of_a_stream() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        assert!(set_isa(Some(isa)));
        compare_all! {
            Projected, FixedProjected, [x = 3, h = 4, c = 5], |x| (row(&x[0]));
            Column, FixedColumn, [x = 3, h = 17], |x| (row(&x[0]));
            Delayed, FixedDelayed, [x = 2, h = 5], |x| (row(&x[0]));
            TwoByTwo, FixedTwoByTwo, [u = 2, x = 3, y = 4, h = 5], |x| (row(&x[0]), row(&x[1]));
            Diagonal, FixedDiagonal, [x = 1, h = 16], |x| (row(&x[0]));
            Antisymmetric, FixedAntisymmetric, [x = 3, h = 6], |x| (row(&x[0]));
            Fast, FixedFast, [x = 1, y = 33], |x| (row(&x[0]));
            Leaky, FixedLeaky, [x = 4, h = 3], |x| (row(&x[0]));
            Normed, FixedNormed, [x = 3, h = 7], |x| (row(&x[0]));
            Cumulative, FixedCumulative, [x = 3, h = 7], |x| (row(&x[0]));
            Memory, FixedMemory, [x = 3, y = 4, s = 5], |x| (row(&x[0]));
            Memory, FixedWideMemory, [x = 2, y = 6, s = 19], |x| (row(&x[0]));
            Stabilised, FixedStabilised, [x = 2, h = 9], |x| (row(&x[0]));
            LowRank, FixedLowRank, [x = 2, h = 6, r = 2], |x| (row(&x[0]));
            Piecewise, FixedPiecewise, [x = 2, h = 18], |x| (row(&x[0]));
            Deep, FixedDeep, [x = 2, a = 4, h = 5], |x| (row(&x[0]));
            Highway, FixedHighway, [x = 2, h = 6], |x| (row(&x[0]));
            Feed, FixedFeed, [x = 3, y = 4], |x| (row(&x[0]));
            Readout, FixedReadout, [x = 3, y = 2, s = 4, v = 5], |x| (row(&x[0]));
            Stopped, FixedStopped, [x = 3, w = 4], |x| (row(&x[0]));
            Combined, FixedCombined, [x = 2, h = 4, v = 3], |x| (row(&x[0]));
            Diagonals, FixedDiagonals, [x = 3, y = 4], |x| (row(&x[0]));
            Parts, FixedParts, [k = 2, q = 2], |x| (row(&x[0]));
            Chunked, FixedChunked, [k = 3, h = 5], |x| (row(&x[0]));
        }
    }
    assert!(set_isa(None));
}

#[test]
fn other_sizes_are_an_error() {
    let dynamic = cell::<Column<f32>>(&[("x", 3), ("h", 16)]);
    let error = FixedColumn::try_from(&dynamic).expect_err("a size that differs");
    let text = "`FixedColumn` has sizes [3, 17], but the Column that it is made from has [3, 16]; \
                make it from one of its sizes";
    assert_eq!(error.to_string(), text);
}

#[test]
fn parameters_print_as_rust() {
    let dynamic = cell::<Leaky<f32>>(&[("x", 4), ("h", 3)]);
    let mut params = FixedLeakyParams::try_from(&dynamic).expect("the same sizes");
    params.W = [[0.5, -1.0, 2.0]; 4];
    params.b = [0.25, 1e-9, -0.0];
    assert_eq!(
        format!("{params:?}"),
        "FixedLeakyParams { W: [[0.5, -1.0, 2.0], [0.5, -1.0, 2.0], [0.5, -1.0, 2.0], \
         [0.5, -1.0, 2.0]], b: [0.25, 1e-9, -0.0] }"
    );
}

cell! {
    /// Its arrays of 1.3 MB are more than the stack of a thread of a test has room for.
    #[fixed(Large, x = 64, h = 256)]
    struct Wide = gate_runtime::cells::Lstm with {}
}

#[test]
fn large_types_stand_on_the_heap() {
    let dynamic: Wide<f32> = cell(&[("x", 64), ("h", 256)]);
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let made = small.spawn(move || {
        let params = Box::<LargeParams>::try_from(&dynamic).expect("the sizes");
        assert_eq!(params.W_x_f[0][0], dynamic.params()[0]);
        let large = Box::<Large>::try_from(&dynamic).expect("the sizes");
        let h = large.step(&[0.5; 64], &mut large.zero_state());
        let x = Array2::from_elem((1, 64), 0.5);
        let outputs = dynamic.step(&[x.view()], &mut dynamic.zero_state(1));
        let same = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-5;
        assert!(outputs.expect("a step")[0].iter().zip(&h).all(same));
        let other = Wide::<f32>::new(63, 256, &mut ChaCha8Rng::seed_from_u64(1));
        let wrong = Box::<Large>::try_from(&other.expect("sizes"));
        assert!(wrong.is_err_and(|e| e.to_string().contains("63")));
    });
    made.expect("a thread").join().expect("no panic");
}

/// Numbers that go into firmware are such.
#[test]
fn cells_without_numbers_are_refused() {
    gate_runtime::cell! {
        #[fixed(TinyKept, x = 2, h = 3)]
        struct Kept { p: hyper = 0.25; h_t = zoneout(p, tanh(x_t * W), h_{t-1}); }
    }
    let mut kept = cell::<Kept<f32>>(&[("x", 2), ("h", 3)]);
    let text = |cell: &Kept<f32>| TinyKept::try_from(cell).unwrap_err().to_string();
    kept.params_mut()[4] = f32::NAN;
    assert!(text(&kept).starts_with("element 4 of the parameters of Kept is NaN"));
    kept.params_mut()[4] = 0.0;
    kept.set_p(1.5);
    assert!(text(&kept).contains("`p`, is 1.5, but must be between 0 and 1"));
    kept.set_p(0.5);
    assert!(TinyKeptParams::try_from(&kept).is_ok());
}
