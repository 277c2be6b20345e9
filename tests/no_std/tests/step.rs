//! The program's steps, against the equations written out.

use gate_no_std::{MODEL, PARAMS, step};

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn product(w: &[[f32; 4]; 3], v: [f64; 4], b: &[f32; 3]) -> [f64; 3] {
    let row = |i: usize| (0..4).map(|k| f64::from(w[i][k]) * v[k]).sum::<f64>();
    std::array::from_fn(|i| row(i) + f64::from(b[i]))
}

#[test]
fn steps() {
    let mut state = MODEL.zero_state();
    let mut h = [0.0; 3];
    for x in [0.5_f32, -1.0, 2.0, 0.0] {
        let y = step(x, &mut state);
        let side = |h: [f64; 3]| [f64::from(x), h[0], h[1], h[2]];
        let f = product(&PARAMS.W_f, side(h), &PARAMS.b_f).map(sigmoid);
        let reset = std::array::from_fn(|i| f[i] * h[i]);
        let n = product(&PARAMS.W_n, side(reset), &PARAMS.b_n).map(f64::tanh);
        h = std::array::from_fn(|i| (1.0 - f[i]) * h[i] + f[i] * n[i]);
        let sum: f64 = h.iter().map(|v| v.exp()).sum();
        for (i, &h) in h.iter().enumerate() {
            assert!((f64::from(state.h[i]) - h).abs() < 1e-6);
            let root = (h * h + f64::from(PARAMS.g[i])).sqrt();
            let expected = root + 0.1 * h.sin() * h.exp() / sum;
            assert!((f64::from(y[i]) - expected).abs() < 1e-6, "{y:?}");
        }
    }
}
