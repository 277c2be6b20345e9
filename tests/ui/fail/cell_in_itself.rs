//! Cells that refer to themselves.

use gate_runtime::cell;

cell! {
    pub struct Variant = Variant with { i = 1 - f; }
}

cell! {
    pub struct Inner { inner: Inner; h_t = inner(x_t); }
}

mod other {
    use gate_runtime::{cell, cells};

    cell! {
        /// Another cell of that name.
        pub struct Lstm = cells::Lstm with { i = 1 - f; }
    }
}

fn main() {}
