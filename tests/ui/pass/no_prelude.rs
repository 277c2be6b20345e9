#![no_implicit_prelude]
#![deny(warnings)]

mod texts {
    /// Documentation as a definition.
    ///
    /// $$ h_t = \tanh(W x_t + U h_{t-1} + b) $$
    #[::gate_runtime::cell_from_docs]
    #[fixed(Small, x = 2, h = 3)]
    pub struct Text;
}

::gate_runtime::cell! {
    /// A state, a history and a matrix, where no trait is in scope.
    #[fixed(Result, x = 2, h = 3)]
    pub struct Option(x_t) -> (h_t, y_t) {
        h_0 ~ trainable;
        p: hyper = 0.5;
        S_t = p * S_{t-1} + outer(h_t, x_t);
        h_t = tanh(x_t * W + h_{t-2} * U);
        y_t = layer_norm(S_t * x_t, g, b);
    }
}

::gate_runtime::cell! {
    /// A variant.
    pub struct Relu = texts::Text with { h_t = relu(W * x_t + U * h_{t-1} + b); }
}

fn main() {
    let _: ::core::marker::PhantomData<(Option<f32>, Result<f32>)>;
    let _: ::core::marker::PhantomData<(texts::Text<f64>, Relu<f32>)>;
}
