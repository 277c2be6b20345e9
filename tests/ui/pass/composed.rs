#![forbid(unsafe_code)]
#![deny(warnings)]
#![deny(missing_docs, unused, clippy::all)]
//! Parents of every visibility, of one name in two modules, in functions and behind other names.

mod outer {
    mod private {
        gate_runtime::cell! {
            /// Seen by its siblings alone.
            pub(super) struct Gate { h_t = sigmoid(x_t * W + h_{t-1} * U) .* h_{t-1} + x_t * V; }
        }
    }

    gate_runtime::cell! {
        /// A variant of a private cell, public itself.
        pub struct Gate = private::Gate with { h_t = tanh(x_t * W + h_{t-1} * U); }
    }

    pub(crate) use gate_runtime::cells::Lstm as Memory;
}

mod second {
    use gate_runtime::cells::*;

    gate_runtime::cell! {
        /// Named like another cell of this crate.
        pub(crate) struct Gate = Lstm with { i = 1 - f; }
    }
}

gate_runtime::cell! {
    /// Inner cells of other modules; one is known by another name.
    struct Both {
        a: outer::Gate;
        b: crate::outer::Memory;
        y_t = a(x_t) + b(x_t, C_{t-1} = C_{t-2}^(b));
    }
}

macro_rules! twice {
    ($($module:ident)*) => { $(
        mod $module {
            gate_runtime::cell! {
                /// From one place of the source, twice.
                pub struct Same { h_t = tanh(x_t * W + h_{t-1} * U); }
            }
        }
    )* };
}

twice!(first_same second_same);

fn main() {
    gate_runtime::cell! {
        /// Inside a function.
        pub struct Local = second::Gate with { b^(f) ~ 2; }
    }
    gate_runtime::cell! {
        /// Of one of two that share their place.
        struct OfSame = second_same::Same with { W ~ orthogonal; }
    }
    let _ = core::marker::PhantomData::<(Local, OfSame, Both, outer::Gate, first_same::Same)>;
    let _ = core::marker::PhantomData::<second_same::Same>;
}
