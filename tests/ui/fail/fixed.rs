//! Types of fixed sizes that cannot be made.

use gate_runtime::cell;

cell! {
    #[fixed]
    pub struct NoArguments { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    #[fixed(TinyWord, x: 1)]
    pub struct Word { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    #[fixed(TinyZero, x = 0, h = 70000)]
    pub struct Zero { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    #[fixed(TinyTwice, x = 1, h = 2, x = 3)]
    pub struct Twice { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    #[fixed(TinyUnknown, x = 1, h = 2, hidden = 3)]
    pub struct Unknown { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    #[fixed(TinyMissing, x = 1)]
    pub struct Missing { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    #[fixed(TinyQuarter, x = 1, h = 6)]
    pub struct Quarter {
        W: [X, H/4];
        V: [H/4, H];
        h_t = tanh(x_t * W * V + h_{t-1} * U);
    }
}

cell! {
    #[fixed(TinySlice, x = 3, h = 4)]
    pub struct Slice { h_t = tanh(x_t[..H]) + x_t[H..2H] .* h_{t-1}; }
}

cell! {
    #[fixed(Named, x = 1, h = 2)]
    pub struct Named { h_t = tanh(x_t * W + h_{t-1} * U); }
}

fn main() {
    // No message follows from the ones above.
    let tiny = TinyMissing::<f32>::new(1);
    let _ = tiny.step(&[1.0], 2);
}
