//! Types of fixed sizes: named as in the equations, in constants, with lints denied.

#![deny(warnings, missing_docs, clippy::all)]
#![forbid(unsafe_code)]
#![allow(mixed_script_confusables, confusable_idents)]

/// Cells.
pub mod cells {
    use gate_runtime::{cell, cell_from_docs};

    cell! {
        /// Names that are keywords or those of locals, a scalar input, a delay, two outputs.
        #[fixed(TinyNames, x = 2, y = 3)]
        #[fixed(OtherNames, x = 1, y = 1)]
        pub struct Names(x_t, state_t) -> (y_t, cell_t) {
            state_t: scalar;
            ε: hyper = 0.5;
            γ: scalar ~ 0.1;
            type   = σ(x_t * W^(in) + y_{t-2} * W^(out) + b^(loop));
            y_t    = state_t * ε * γ * type + y_{t-1};
            cell_t = sum(y_t);
        }
    }

    cell! {
        /// Neither state nor parameters.
        #[fixed(TinyPlain, x = 2)]
        pub(crate) struct Plain { y_t = tanh(x_t); }
    }

    /// Documentation as a definition.
    ///
    /// ```math
    /// h_t = \tanh(W x_t + U h_{t-1} + b)
    /// ```
    #[cell_from_docs]
    #[fixed(TinyText, x = 1, h = 2)]
    pub struct Text;
}

use cells::{TinyNames, TinyNamesParams, TinyNamesState, TinyPlain, TinyText, TinyTextParams};

const PARAMS: TinyTextParams = TinyTextParams {
    W: [[0.5], [-0.5]],
    U: [[0.1, 0.2], [0.3, 0.4]],
    b: [0.0, 0.1],
};
static TEXT: TinyText = TinyText::new(&PARAMS);

fn main() {
    let mut state = TEXT.zero_state();
    let h: [f32; 2] = TEXT.step(&[1.0], &mut state);
    assert!((h[0] - 0.5_f32.tanh()).abs() < 1e-6 && (h[1] - (-0.4_f32).tanh()).abs() < 1e-6);
    assert_eq!(h, state.h);

    let params = TinyNamesParams {
        W_in: [[1.0; 3]; 2],
        W_out: [[0.5; 3]; 3],
        b_loop: [0.0; 3],
        ε: 0.5,
        γ: 0.1_f64,
    };
    let names = TinyNames::new(&params);
    let mut state: TinyNamesState<f64> = names.zero_state();
    let (y, sum) = names.step(&[0.0; 2], 2.0, &mut state);
    assert!((y[0] - 0.05).abs() < 1e-12 && (sum - 0.15).abs() < 1e-12);
    assert_eq!(state.y[0], y);

    let plain = TinyPlain::<f32> {
        __scalar: std::marker::PhantomData,
    };
    let mut state = plain.zero_state();
    assert_eq!(plain.step(&[0.0, 0.0], &mut state), [0.0, 0.0]);
}
