//! An LSTM with the weights that the scripts in Python give theirs.

use gate_runtime::Error;
use gate_runtime::cells::Lstm;
use ndarray::{Array1, Array2};
use rand::SeedableRng;

/// What `turns.py` computes too.
pub fn number(k: usize, i: usize, j: usize) -> f32 {
    ((k as f64 * 3.7 + i as f64 * 1.3 + j as f64 * 0.7).sin() * 0.1) as f32
}

/// The `index`-th LSTM of a model.
pub fn lstm(features: usize, units: usize, index: usize) -> Result<Lstm<f32>, Error> {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut cell = Lstm::<f32>::new(features, units, &mut rng)?;
    let first = 16 * index;
    let matrix = |k: usize, rows: usize| {
        Array2::from_shape_fn((rows, units), |(i, j)| number(first + k, i, j))
    };
    let vector = |k: usize| Array1::from_shape_fn(units, |j| number(first + 8 + k, 0, j));
    macro_rules! gate {
        ($k:literal, $w_x:ident, $w_h:ident, $b:ident) => {
            cell.$w_x().assign(&matrix($k, features));
            cell.$w_h().assign(&matrix(4 + $k, units));
            cell.$b().assign(&vector($k));
        };
    }
    gate!(0, W_x_i_mut, W_h_i_mut, b_i_mut);
    gate!(1, W_x_f_mut, W_h_f_mut, b_f_mut);
    gate!(2, W_x_g_mut, W_h_g_mut, b_g_mut);
    gate!(3, W_x_o_mut, W_h_o_mut, b_o_mut);
    Ok(cell)
}
