//! Variants that say nothing, or the wrong thing.

use gate_runtime::cell;

cell! {
    pub struct Parent {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        h_t = f .* h_{t-1} + i .* g;
    }
}

// variant_changes_nothing
cell! { pub struct Empty = Parent with {} }

// variant_changes_nothing
cell! { pub struct Bare = Parent; }

// variant_same
cell! { pub struct Same = Parent with { h_t = f .* h_{t-1} + i .* g; } }

// variant_unknown
cell! { pub struct Unknown = Parent with { forget = 1 - f; } }

// variant_unread
cell! { pub struct Unread = Parent with { i = 1 - f; h_t = f .* h_{t-1} + g; } }

// variant_line
cell! { pub struct Generic = Parent<f32> with { i = 1 - f; } }

// variant_without_with
cell! { pub struct Without = Parent { i = 1 - f; } }

// variant_line
cell! { pub struct Nothing = with { i = 1 - f; } }

// unused_declaration
cell! { pub struct Misspelt = Parent with { b^(q) ~ 1; i = 1 - f; } }

// size_conflict: the mistake shows in the parent's equation, and is the variant's all the same
cell! { pub struct Clash = Parent with { f = sigmoid(x_t) .* sigmoid(h_{t-1} * W_h^(f)); x_t: [I]; W_h^(f): [H, I]; h_t: [H]; } }

cell! { pub struct Wrong { h_t = tanh(x_t * W + h_{t-1} * W_h + 1 +); } }

// The parent's mistake is reported once.
cell! { pub struct OfWrong = Wrong with { W_h ~ orthogonal; } }

mod elsewhere {
    gate_runtime::cell! { pub struct OfOfWrong = super::OfWrong with { W ~ orthogonal; } }
    gate_runtime::cell! { pub struct With { inner: super::Wrong; h_t = inner(x_t); } }
}

// output_not_defined, and nothing else
cell! { pub struct Output -> q_t = Parent with { i = 1 - f; } }

struct NoCell;
cell! { pub struct OfStruct = NoCell with { i = 1 - f; } }

// A parent that is in scope elsewhere.
cell! { pub struct OfLstm = Lstm with { i = 1 - f; } }

fn main() {
    let _ = core::marker::PhantomData::<(Empty, Bare, Same, Unknown, Unread, Generic, OfWrong)>;
    let _ = NoCell;
}
