use gate_runtime::{cell, cell_from_docs};

cell! {
    pub struct Wrong {
        h_t = tahn(x_t * W + h_{t-1} * U, b);
    }
}

cell! {
    pub struct Gates {
        f_t = f(W_f * x_t + U_f * h_{t-1});
        i_t = f(W_i * x_t + U_i * h_{t-1});
        h_t = f_t .* h_{t-1} + i_t .* x_t;
    }
}

/// ```math
/// f_t = f(W_f x_t + U_f h_{t-1})
/// c_t = g(W x_t + U (f_t \odot h_{t-1}))
/// h_t = (1 - f_t) \odot h_{t-1} + f_t \odot c_t
/// ```
#[cell_from_docs]
pub struct GatesFromDocs;

fn main() {}
