//! Variants of cells, and cells inside cells, against what all cells have to satisfy.

#![allow(confusable_idents, mixed_script_confusables)]

mod levels;
mod meaning;
#[path = "../proof/mod.rs"]
mod proof;

use gate_runtime::{Cell, cell, cell_from_docs};
use proof::prove;

mod parents {
    use gate_runtime::{cell, cell_from_docs};

    cell! {
        pub(crate) struct Lstm {
            b^(f) ~ 1;
            f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
            i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
            g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
            o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
            C_t = f .* C_{t-1} + i .* g;
            h_t = o .* tanh(C_t);
        }
    }

    /// Gated recurrent unit, in text.
    ///
    /// ```math
    /// r   = σ(x_t ∗ W_x^{(r)} + h_{t−1} ∗ W_h^{(r)} + b^{(r)})
    /// z   = σ(x_t ∗ W_x^{(z)} + h_{t−1} ∗ W_h^{(z)} + b^{(z)})
    /// h̃_t = \tanh(x_t ∗ W_x + (r ⊙ h_{t−1}) ∗ W_h + b)
    /// h_t = (1 - z) ⊙ h_{t−1} + z ⊙ h̃_t
    /// ```
    #[cell_from_docs]
    pub struct Gru;
}

cell! {
    /// Coupled gates.
    pub struct Cifg = parents::Lstm with { i = 1 - f; }
}

cell! {
    /// Coupled gates, and a forget gate that starts open.
    pub struct OpenCifg = Cifg with { b^(f) ~ 2; C_0 ~ trainable; }
}

cell! {
    /// A ready-made parent; other inputs and outputs.
    pub(crate) struct Timed(x_t, d_t) -> (h_t, C_t) = gate_runtime::cells::Lstm with {
        d_t: [1];
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + sum(d_t) * w + b^(f));
    }
}

cell! {
    /// A variant of a text.
    pub struct Mgu = parents::Gru with { r = z; }
}

/// A variant in text.
///
/// ```math
/// \tilde{h}_t = \mathrm{ReLU}(x_t ∗ W_x + (r ⊙ h_{t−1}) ∗ W_h + b)
/// ```
#[cell_from_docs(parent = parents::Gru)]
pub struct ReluGru;

#[test]
fn variants_are_cells() {
    prove::<Cifg<f64>>();
    prove::<OpenCifg<f64>>();
    prove::<Timed<f64>>();
    prove::<Mgu<f64>>();
    prove::<ReluGru<f64>>();
}

#[test]
fn a_variant_names_its_parent() {
    assert_eq!(Cifg::<f32>::INFO.parent, Some("Lstm"));
    assert_eq!(ReluGru::<f32>::INFO.parent, Some("Gru"));
    assert_eq!(parents::Lstm::<f32>::INFO.parent, None);
    let card = OpenCifg::<f32>::INFO.card(&[2, 3]).to_string();
    assert!(card.contains("variant of        Cifg\n"), "{card}");
}

#[test]
fn a_variant_drops_what_nothing_needs() {
    let symbols = |info: &gate_runtime::CellInfo| -> Vec<&str> {
        info.symbols.iter().map(|symbol| symbol.ident).collect()
    };
    let cifg = symbols(Cifg::<f32>::INFO);
    assert!(!cifg.contains(&"W_x_i") && cifg.contains(&"i"), "{cifg:?}");
    let mgu = symbols(Mgu::<f32>::INFO);
    assert!(!mgu.contains(&"W_x_r") && mgu.contains(&"r"), "{mgu:?}");
}

cell! {
    /// A memory that is itself a cell (Moniz and Krueger 2018).
    pub struct Nested {
        inner: parents::Lstm;
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = inner(i .* g, h_{t-1} = f .* C_{t-1});
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Two layers in one cell; the second one's bias starts elsewhere.
    pub struct Stacked {
        low: parents::Lstm;
        high: parents::Gru;
        b^(z,high) ~ -1;
        y_t = high(low(x_t));
    }
}

cell! {
    /// Fast and slow cells that hand one state on.
    pub struct FastSlow {
        F: parents::Lstm; G: parents::Lstm; S: parents::Gru;
        a   = F(x_t, h_{t-1} = h_{t-1}, C_{t-1} = C^(G)_{t-1});
        h_t = G(S(a), h_{t-1} = a, C_{t-1} = C^(F)_t);
    }
}

cell! {
    /// The same cell three times in a step, with one set of weights; a delay of three steps.
    pub struct Repeated {
        step: gate_runtime::cells::Rnn;
        s_0 = h_{t-3};
        for k in 1..=3 { s_k = step(x_t, h_{t-1} = s_{k-1}); }
        h_t = s_3;
    }
}

cell! {
    /// Cells in a loop, each with its own weights; a parameter that is the identity.
    pub struct Columns {
        for k in 1..=2 { A_k: gate_runtime::cells::AntisymmetricRnn; }
        y_t = A_1(x_t) + A_2(x_{t-1});
    }
}

cell! {
    /// A cell with an inner cell, inside another, varied.
    pub struct Deep {
        n: Nested;
        y_t = tanh(n(x_t) * V);
    }
}

cell! {
    pub struct OtherInner = Nested with { inner: gate_runtime::cells::Rnn; }
}

#[test]
fn cells_inside_cells_are_cells() {
    prove::<Nested<f64>>();
    prove::<Stacked<f64>>();
    prove::<FastSlow<f64>>();
    prove::<Repeated<f64>>();
    prove::<Columns<f64>>();
    prove::<Deep<f64>>();
    prove::<OtherInner<f64>>();
}
