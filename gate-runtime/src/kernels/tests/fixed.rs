//! Products and maps on arrays of all sorts of sizes: of one lane, of some vectors with an
//! overlapping last one, of more sums than registers.

use super::super::fixed::{Body, dispatch, map, product_add};
use super::super::{CARRIED, Float, Map, Mode, PlainMode, Real};
use super::{assert_near, numbers, tolerance};

/// Inner size.
const K: usize = 19;

struct Product<'a, A, const N: usize>(&'a [A; N], &'a [A; K], &'a [[A; N]; K]);

impl<A: Float, const N: usize> Body for Product<'_, A, N> {
    type Output = [A; N];

    #[inline(always)]
    fn run<M: Mode>(self) -> [A; N] {
        product_add::<M, A, K, N>(*self.0, self.1, self.2)
    }
}

struct Gate;

/// In halves, which overlap from some size on.
impl Map<2, 2> for Gate {
    const LATE: u64 = 1;

    #[inline(always)]
    fn eval<V: Real>([a, b]: [V; 2]) -> [V; 2] {
        [a.sigmoid() * b, a - b]
    }

    #[inline(always)]
    fn first<V: Real>([a, b]: [V; 2]) -> ([V; 2], [V; CARRIED]) {
        let zero = V::num(0.0);
        let mut carried = [zero; CARRIED];
        carried[..2].copy_from_slice(&[a.sigmoid(), b]);
        ([zero, a - b], carried)
    }

    #[inline(always)]
    fn second<V: Real>([a, b, ..]: [V; CARRIED]) -> [V; 2] {
        [a * b, V::num(0.0)]
    }
}

/// Two inputs, and the base of the first.
struct Elementwise<'a, A, const N: usize>([&'a [A; N]; 3]);

impl<A: Float, const N: usize> Body for Elementwise<'_, A, N> {
    type Output = [[A; N]; 2];

    #[inline(always)]
    fn run<M: Mode>(self) -> [[A; N]; 2] {
        let [a, b, base] = self.0;
        map::<M, A, Gate, 2, 2, N>([a, b], [Some(base), None])
    }
}

fn array<A: Float, const N: usize>(seed: u64) -> [A; N] {
    numbers(N, seed).try_into().expect("N numbers")
}

pub(super) fn check<A: Float, const N: usize>() {
    let (sums, left) = (array::<A, N>(1), array::<A, K>(2));
    let weights: [[A; N]; K] = std::array::from_fn(|k| array(3 + k as u64));
    let expected: [f64; N] = std::array::from_fn(|n| {
        let terms = (0..K).map(|k| left[k].to_f64() * weights[k][n].to_f64());
        sums[n].to_f64() + terms.sum::<f64>()
    });
    let job = || Product(&sums, &left, &weights);
    for found in [dispatch(job()), job().run::<PlainMode>()] {
        for n in 0..N {
            assert_near(found[n], expected[n], tolerance::<A>(K), (A::NAME, N, n));
        }
    }
    let (other, base) = (array::<A, N>(20), array::<A, N>(21));
    let job = || Elementwise([&sums, &other, &base]);
    for [gated, less] in [dispatch(job()), job().run::<PlainMode>()] {
        for n in 0..N {
            let a = sums[n].to_f64() + base[n].to_f64();
            let b = other[n].to_f64();
            let place = (A::NAME, N, n);
            assert_near(gated[n], b / (1.0 + (-a).exp()), tolerance::<A>(1), place);
            assert_near(less[n], a - b, tolerance::<A>(1), place);
        }
    }
}

#[test]
fn arrays_of_all_sizes() {
    macro_rules! sizes {
        ($($n:literal)*) => {
            $(
                check::<f32, $n>();
                check::<f64, $n>();
            )*
        };
    }
    sizes!(1 2 3 4 5 7 8 9 15 16 17 31 33 40 64 65 90 100 128 129 256 257 300);
}
