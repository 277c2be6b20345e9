//! What a choice does not take has no gradient, even where its value or slope is infinite or no
//! number: as in the interpreter, where a zero adjoint stays zero.

use gate_runtime::{Cell, CellGrads, Sequence, Tape, cell};
use ndarray::{Array3, array};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

cell! {
    struct Root(x_t) -> y_t { x_t: [I]; y_t = where(x_t > 0, 2 - 3 * sqrt(x_t) / 4, 0); }
}

cell! {
    /// An exponential linear unit of the user's own, whose exponential overflows.
    struct Elu(x_t) -> y_t { phi(u) = where(u > 0, u, exp(u) - 1); x_t: [I]; y_t = phi(x_t); }
}

cell! {
    /// Missing inputs are NaN, and a second input says where.
    struct Missing(x_t, m_t) -> y_t {
        x_t: [I];
        m_t: [I];
        w: [I] ~ 0.5;
        y_t = where(m_t > 0.5, tanh(w .* x_t), where(m_t < 0.5, 0.25 * y_{t-1}, 0));
    }
}

cell! {
    /// What is left out may be the logarithm of nothing.
    struct Total(x_t, m_t) -> y_t {
        x_t: [I];
        m_t: [I];
        w: [I] ~ 1;
        y_t = where(m_t > 0.5, log(sum(w .* x_t)), 0);
    }
}

cell! {
    /// A choice behind a product with a matrix.
    struct Mixed(x_t, m_t) -> y_t {
        x_t: [I];
        m_t: [H];
        y_t = where(m_t > 0.5, sqrt(x_t) * W, 0);
    }
}

/// Cells of two inputs, whose value is not taken where the second is zero.
macro_rules! behind_a_choice {
    ($($name:ident { $($value:tt)* })*) => {
        $(cell! {
            struct $name(x_t, m_t) -> y_t {
                x_t: [I];
                m_t: scalar;
                g: [I] ~ 1;
                y_t = g .* where(m_t > 0.5, $($value)*, 0);
            }
        })*

        /// Zeros, of which every value makes an infinity or no number, then numbers.
        #[test]
        fn what_is_not_taken_has_no_gradient() {
            $({
                let mut rng = ChaCha8Rng::seed_from_u64(1);
                let cell = $name::<f64>::new(2, &mut rng).expect("sizes");
                let x = array![[[0.0, 0.0]], [[1.5, 3.0]]];
                let mask = array![[[0.0]], [[1.0]]];
                let (inputs, params) = gradients(&cell, Sequence::from([&x, &mask]));
                assert_eq!(inputs[..2], [0.0; 2], "{}", stringify!($name));
                // What the second step alone gives.
                let (x, mask) = (array![[[1.5, 3.0]]], array![[[1.0]]]);
                let (second, alone) = gradients(&cell, Sequence::from([&x, &mask]));
                assert!(second.iter().chain(&alone).all(|g| g.is_finite()), "{}", stringify!($name));
                assert_eq!((&inputs[2..], params), (&second[..], alone), "{}", stringify!($name));
            })*
        }
    };
}

behind_a_choice! {
    Weighted { sum(g .* log(x_t)) }
    Dotted { dot(g, log(x_t)) }
    Squared { sum(log(x_t)^2) }
    Tanh { sum(g .* tanh(sqrt(x_t - 1))) }
    Quotient { sum(g / log(1 + x_t)) }
    Powers { sum(g .* x_t^(-1.5)) }
    Exponent { sum(x_t^(g - 2)) }
    Matrix { log(x_t) * W }
    Column { W * log(x_t) }
    OfMatrix { x_t * log(abs(W) .* outer(x_t, g)) }
    Norm { norm(x_t) * g .* norm(log(x_t)) }
    Softmax { dot(g, softmax(log(x_t))) }
    Normal { dot(g, layer_norm(log(x_t))) }
    RootOfLess { dot(g, rms_norm(sqrt(x_t - 1))) }
    Outer { outer(g, log(x_t)) * x_t }
    Sums { sum(g .* cumsum(log(x_t))) }
    Product { outer(g, log(x_t)) * W * x_t }
    Largest { max(g .* log(x_t)) * max(g / x_t) }
}

/// The gradients of the inputs and of the parameters, from ones.
fn gradients<C: Cell<Scalar = f64>>(cell: &C, x: Sequence<'_, f64>) -> (Vec<f64>, Vec<f64>) {
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    cell.record(x, &mut tape).expect("a sequence that fits");
    let ones = Array3::ones(tape.output(0).dim());
    cell.backward(&mut tape, &ones, &mut grads)
        .expect("a recording");
    let inputs = grads.input(0).iter().copied().collect();
    (inputs, grads.params().to_vec())
}

#[test]
fn an_infinite_slope_that_is_not_taken() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let root = Root::<f64>::new(3, &mut rng).expect("sizes");
    let x = array![[[0.0, -1.0, 4.0]]];
    assert_eq!(
        gradients(&root, Sequence::from(&x)).0,
        [0.0, 0.0, -0.75 / 4.0]
    );
    let elu = Elu::<f64>::new(3, &mut rng).expect("sizes");
    let x = array![[[1000.0, -1000.0, 1.0]]];
    assert_eq!(gradients(&elu, Sequence::from(&x)).0, [1.0, 0.0, 1.0]);
}

#[test]
fn inputs_that_are_missing() {
    let cell = Missing::<f64>::new(2, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let x = array![[[1.0, f64::NAN]], [[f64::NAN, -2.0]]];
    let mask = x.mapv(|v: f64| if v.is_nan() { 0.0 } else { 1.0 });
    let (inputs, params) = gradients(&cell, Sequence::from([&x, &mask]));
    let slope = |x: f64| 1.0 - (0.5 * x).tanh().powi(2);
    // The first output of the first unit is kept for a step.
    let expected = [1.25 * slope(1.0), slope(-2.0)];
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(params[0], expected[0]);
    close(params[1], -2.0 * expected[1]);
    assert_eq!((inputs[1], inputs[2]), (0.0, 0.0));
    close(inputs[0], 0.5 * expected[0]);
    close(inputs[3], 0.5 * expected[1]);
}

#[test]
fn a_choice_behind_a_sum() {
    let cell = Total::<f64>::new(2, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let x = array![[[0.0, 0.0]], [[1.0, 3.0]]];
    let mask = array![[[0.0, 0.0]], [[1.0, 1.0]]];
    let (inputs, params) = gradients(&cell, Sequence::from([&x, &mask]));
    assert_eq!(inputs, [0.0, 0.0, 0.5, 0.5]);
    assert_eq!(params, [0.5, 1.5]);
    // What is taken keeps its infinite slope: nothing is hidden.
    let taken = array![[[1.0, 0.0]], [[1.0, 1.0]]];
    let (inputs, _) = gradients(&cell, Sequence::from([&x, &taken]));
    assert!(!inputs[0].is_finite(), "{inputs:?}");
}

#[test]
fn a_choice_behind_a_product_with_a_matrix() {
    let cell = Mixed::<f64>::new(2, 3, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let x = array![[[0.0, 0.0]], [[1.0, 4.0]]];
    let mask = array![[[0.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]]];
    let (inputs, params) = gradients(&cell, Sequence::from([&x, &mask]));
    let expected = [0.5 * cell.W()[[0, 0]], 0.25 * cell.W()[[1, 0]]];
    assert_eq!(inputs, [0.0, 0.0, expected[0], expected[1]]);
    assert_eq!(params, [1.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
}

/// Cells that take nothing from their first input where the second is zero.
macro_rules! missing_steps {
    ($($name:ident { $($equations:tt)* })*) => {
        $(cell! {
            struct $name(x_t, m_t) -> h_t {
                x_t: [I]; m_t: scalar; h_t: [H];
                $($equations)*
            }
        })*

        /// What stands for a missing value may as well be no number.
        #[test]
        fn steps_that_are_missing() {
            $({
                let mut rng = ChaCha8Rng::seed_from_u64(7);
                let cell = $name::<f64>::new(2, 3, &mut rng).expect("sizes");
                let mut x = Array3::from_shape_fn((6, 4, 2), |(t, b, i)| {
                    (((7 * t + 5 * b + 3 * i) % 11) as f64 - 5.0) / 4.0
                });
                let mask = Array3::from_shape_fn((6, 4, 1), |(t, b, _)| {
                    f64::from(u8::from((t + b) % 3 != 0))
                });
                let expected = gradients(&cell, Sequence::from([&x, &mask]));
                for ((t, b, _), &m) in mask.indexed_iter() {
                    if m == 0.0 {
                        x.slice_mut(ndarray::s![t, b, ..]).fill(f64::NAN);
                    }
                }
                let found = gradients(&cell, Sequence::from([&x, &mask]));
                let name = stringify!($name);
                assert!(expected.1.iter().any(|&g| g != 0.0), "{name}");
                assert_eq!(found, expected, "{name}");
            })*
        }
    };
}

missing_steps! {
    Masked { h_t = where(m_t > 0.5, tanh(x_t * W), 0.5 * h_{t-1}); }
    Columns { h_t = where(m_t > 0.5, tanh(W * x_t + U * h_{t-1} + b), h_{t-1}); }
    Gated {
        r = sigmoid(x_t * W_r + h_{t-1} * U_r);
        z = sigmoid(x_t * W_z + h_{t-1} * U_z);
        n = tanh(x_t * W + (r .* h_{t-1}) * U);
        h_t = where(m_t > 0.5, (1 - z) .* h_{t-1} + z .* n, h_{t-1});
    }
    Memory {
        f = sigmoid(x_t * W_f + h_{t-1} * U_f);
        g = tanh(x_t * W_g + h_{t-1} * U_g);
        o = sigmoid(x_t * W_o + h_{t-1} * U_o);
        C_t = where(m_t > 0.5, f .* C_{t-1} + (1 - f) .* g, C_{t-1});
        h_t = where(m_t > 0.5, o .* tanh(C_t), h_{t-1});
    }
    Delayed { h_t = where(m_{t-1} > 0.5, tanh(x_{t-1} * V + h_{t-1} * U), h_{t-1}); }
    Twice { h_t = where(m_t > 0.5, where(h_{t-1} > 0, x_t * W, x_t * V), 0.5 * h_{t-1}); }
    Normed { h_t = where(m_t > 0.5, layer_norm(x_t * W, g, b), h_{t-1}); }
    Joined { h_t = where(m_t > 0.5, tanh([x_t, h_{t-1}] * W), h_{t-1}); }
    Scaled { h_t = where(m_t > 0.5, tanh(x_t * W * dot(x_t, w)), h_{t-1}); }
    Written {
        S_t: [H, I];
        k = where(m_t > 0.5, tanh(x_t * W), 0);
        S_t = 0.5 * S_{t-1} + where(m_t > 0.5, outer(k, x_t), 0);
        h_t = tanh(S_t * q) + 0.5 * h_{t-1};
    }
}
