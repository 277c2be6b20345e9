#![deny(warnings)]
#![allow(mixed_script_confusables, confusable_idents)]

mod cells {
    use gate_runtime::cell;

    cell! {
        /// Visible in the crate only; Greek letters, `odot`, keywords as names.
        pub(crate) struct Private {
            type = σ(x_t * W^(in) + h_{t-1} * W^(out) + b^(loop));
            h_t  = type odot h_{t-1} + (1 - type) odot tanh(x_t * V);
        }
    }
}

/// Signs out of `macro_rules!` stand where they were written: `.*` stays one.
macro_rules! gated {
    ($(#[$meta:meta])* $name:ident, $activation:ident) => {
        gate_runtime::cell! {
            $(#[$meta])*
            pub struct $name {
                f   = sigmoid(x_t * W_f + h_{t-1} * U_f + b_f);
                n   = $activation(x_t * W_n + b_n)**2;
                h_t = f .* h_{t-1} + (1 - f) .* n;
            }
        }
    };
}

gated! {
    /// With one activation.
    WithTanh, tanh
}
gated!(WithSoftsign, softsign);

fn main() {
    let _ = std::marker::PhantomData::<cells::Private>;
    let _ = std::marker::PhantomData::<cells::PrivateState>;
    let _ = std::marker::PhantomData::<(WithTanh, WithSoftsign)>;
}
