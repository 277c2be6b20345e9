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

fn main() {
    let _ = std::marker::PhantomData::<cells::Private>;
    let _ = std::marker::PhantomData::<cells::PrivateState>;
}
