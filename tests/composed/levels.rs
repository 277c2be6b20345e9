//! Variants of variants, inner cells of inner cells, and both at once.

use gate_runtime::cells::{Gru, Lstm, Rnn};
use gate_runtime::{Cell, cell, cell_from_docs};

use crate::proof::prove;

cell! { pub struct First = Lstm with { i = 1 - f; } }

cell! {
    /// What the first variant left out comes back; another output.
    pub struct Second -> (C_t, h_t) = First with {
        i = sigmoid(x_t * W_x^(i) + C_{t-1} .* p + b^(i));
        b^(i) ~ -1;
    }
}

cell! { pub struct Third = Second with { φ(u) = u / (1 + u^2); g = φ(x_t * V); o ~ 0.4; } }

cell! { pub struct Fourth = Third with { C_t = f .* C_{t-1} + i .* g - 0.1 * C_{t-2}; } }

/// Fifth in a row, as a text.
///
/// $$h_t = \sigma(o) \odot \tanh(C_t) - h_{t-2}$$
#[cell_from_docs(parent = Fourth)]
pub struct Fifth;

cell! {
    /// Two layers.
    pub struct Two { low: Rnn; high: Gru; y_t = high(low(x_t)) + h_{t-1}^(low) * Q; }
}

cell! {
    /// Its own equation anew, the inner cells as they were.
    pub struct Sums = Two with { y_t = high(low(x_t)) * P + 0.5 * y_{t-1}; }
}

cell! {
    /// One inner cell of another kind, a start of the other.
    pub struct Kinds = Sums with { low: Fourth; h_0^(high) ~ trainable; b^(z,high) ~ 1; }
}

cell! {
    /// An inner cell that nothing calls any more is left out.
    pub struct Less = Two with { y_t = high(x_t); }
}

cell! {
    /// A cell inside a variant, which is inside a cell.
    pub struct Memory = First with {
        inner: Kinds;
        C_t = inner(f .* C_{t-1} + g) * M;
    }
}

cell! {
    pub struct Around {
        whole: Memory;
        again: Memory;
        s_t = whole(x_t) + again(x_{t-1}) .* tanh(C_{t-1}^(whole));
        h_t = 0.5 * h_{t-1} + s_t * N;
    }
}

cell! {
    /// Everything that an inner cell may have: numbers to set, masks, trained starts, delays,
    /// matrices, functions and constants of its own.
    pub struct Rich(x_t, d_t) -> (y_t, S_t) {
        γ = 0.3;
        ρ: hyper = 0.2;
        ψ(u) = γ * u + tanh(u);
        h_0 ~ trainable;
        S_t: [K, H];
        d_t: scalar;
        a = ψ(x_t * W + h_{t-2} * U + x_{t-3} * V);
        S_t = d_t * S_{t-1} + outer(k, a);
        k = softmax(x_t * A);
        h_t = zoneout(ρ, dropout(0.1, a), h_{t-1});
        y_t = S_t^T * k + h_t;
    }
}

cell! {
    /// Two of them, with constants and functions of the same names here.
    pub struct Riches(x_t) -> y_t {
        γ = 0.7;
        ψ(u) = sin(u) - γ * u;
        one: Rich;
        two: Rich;
        e = one(x_t, sigmoid(dot(w, x_t)));
        y_t = ψ(two(e, γ, h_{t-1} = 0.5 * e)) + S_{t-1}^(one)^T * c;
    }
}

cell! { pub struct Poorer = Riches with { ρ^(one): hyper = 0.4; h_0^(one) ~ 0.25; γ = 0.2; } }

cell! {
    /// The same cell in a loop, each round with the value of the one before.
    pub struct Rounds {
        for k in 1..=3 { R_k: Gru; }
        v_0 = x_t * E;
        for k in 1..=3 { v_k = R_k(v_{k-1}) + v_{k-1}; }
        y_t = v_3;
    }
}

cell! { pub struct Fewer = Rounds with { v_3 = R_3(v_1); } }

#[test]
fn variants_of_variants() {
    prove::<Second<f64>>();
    prove::<Third<f64>>();
    prove::<Fourth<f64>>();
    prove::<Fifth<f64>>();
}

#[test]
fn variants_of_cells_with_inner_cells() {
    prove::<Two<f64>>();
    prove::<Sums<f64>>();
    prove::<Kinds<f64>>();
    prove::<Less<f64>>();
    prove::<Fewer<f64>>();
}

#[test]
fn levels() {
    prove::<Memory<f64>>();
    prove::<Around<f64>>();
    prove::<Rounds<f64>>();
}

#[test]
fn rich_inner_cells() {
    prove::<Riches<f64>>();
    prove::<Poorer<f64>>();
}

fn symbols<C: Cell>() -> Vec<&'static str> {
    C::INFO.symbols.iter().map(|symbol| symbol.ident).collect()
}

#[test]
fn what_is_left_of_a_chain_of_variants() {
    let second = symbols::<Second<f64>>();
    assert!(
        second.contains(&"W_x_i") && !second.contains(&"W_h_i"),
        "{second:?}"
    );
    let third = symbols::<Third<f64>>();
    assert!(
        !third.contains(&"W_x_o") && third.contains(&"o"),
        "{third:?}"
    );
    assert_eq!(Fifth::<f64>::INFO.outputs.len(), 2);
    assert_eq!(Third::<f64>::INFO.parent, Some("Second"));
    let less = symbols::<Less<f64>>();
    assert!(less.iter().all(|name| !name.contains("low")), "{less:?}");
}

#[test]
fn sizes_are_named_after_what_has_them() {
    let sizes = |info: &gate_runtime::CellInfo| -> Vec<&str> {
        info.sizes.iter().map(|size| size.argument).collect()
    };
    assert_eq!(sizes(Two::<f64>::INFO), ["x", "y", "h_low"]);
}

cell! { pub struct Wrapped { inner: Lstm; y_t = inner(x_t); } }

cell! { pub struct WrappedVariant { inner: First; y_t = inner(x_t); } }

/// What is said of a cell needs no more than its graph.
fn described<C: Cell>() {
    let sizes: Vec<usize> = (0..C::INFO.sizes.len()).map(|size| 3 + size).collect();
    let card = C::INFO.card(&sizes).to_string();
    assert!(card.contains("recognised as"), "{card}");
    assert!(C::INFO.diagram().trim_end().ends_with("</svg>"));
    assert!(C::INFO.jacobian().len() >= C::INFO.graph.states.len());
}

#[test]
fn what_is_said_of_composed_cells() {
    described::<Fifth<f64>>();
    described::<Kinds<f64>>();
    described::<Around<f64>>();
    described::<Poorer<f64>>();
    described::<Fewer<f64>>();
    let known = |info: &'static gate_runtime::CellInfo| info.recognise().to_string();
    assert_eq!(known(Wrapped::<f64>::INFO), "LSTM");
    assert_eq!(
        known(WrappedVariant::<f64>::INFO),
        known(First::<f64>::INFO)
    );
    // Of an inner cell the label is part of each name.
    let equations: Vec<&str> = Two::<f64>::INFO.equations.iter().map(|e| e.latex).collect();
    let all = equations.join("\n");
    for name in [r"h_t^{(\mathrm{low})}", r"W_x^{(\mathrm{z,high})}"] {
        assert!(all.contains(name), "{all}");
    }
}
