//! Cells from documentation text against the same cells in tokens: one graph, and the same
//! outputs and gradients bit for bit.

#![allow(confusable_idents, mixed_script_confusables)]

use gate_runtime::{Cell, CellGrads, CellState, RoleInfo, Seeds, Sequence, Tape, cell};
use gate_runtime::{cell_from_docs, elements};
use ndarray::Array3;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The article's equations in tokens.
mod tokens {
    use super::cell;

    cell! {
        pub struct Lstm {
            f   = σ(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
            i   = σ(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
            o   = σ(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
            g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
            C_t = f .* C_{t-1} + i .* g;
            h_t = o .* tanh(C_t);
        }
    }

    cell! {
        pub struct Gru {
            r   = σ(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r));
            z   = σ(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z));
            h̃_t = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
            h_t = (1 - z) .* h_{t-1} + z .* h̃_t;
        }
    }

    cell! {
        /// Column products, reset after the product.
        pub struct ResetAfter {
            r_t = σ(W_ir * x_t + b_ir + W_hr * h_{t-1} + b_hr);
            u_t = σ(W_iu * x_t + b_iu + W_hu * h_{t-1} + b_hu);
            n_t = tanh(W_in * x_t + b_in + r_t .* (W_hn * h_{t-1} + b_hn));
            h_t = u_t .* h_{t-1} + (1 - u_t) .* n_t;
        }
    }

    cell! {
        pub struct Minimal {
            x_t: [I];
            f_t = σ(W_ih^(f) * x_t + W_hh^(f) * h_{t-1} + b^(f));
            ĥ_t = tanh(W_ih^(h) * x_t + W_hh^(h) * (f_t .* h_{t-1}) + b^(h));
            h_t = (1 - f_t) .* h_{t-1} + f_t .* ĥ_t;
        }
    }

    cell! {
        pub struct Joined {
            i_t = σ(W_i * [h_{t-1}, x_t] + b_i);
            f_t = σ(W_f * [h_{t-1}, x_t] + b_f);
            c_t = f_t .* c_{t-1} + i_t .* relu(W_c * [h_{t-1}, x_t] + b_c);
            h_t = relu(c_t);
        }
    }
}

/// The same in text.
mod text {
    use super::cell_from_docs;

    /// Long short-term memory, in rows of LaTeX.
    ///
    /// $$
    /// \begin{align}
    ///   f   &= \sigma\left(x_t W_x^{(f)} + h_{t-1} W_h^{(f)} + b^{(f)}\right), \label{forget} \\
    ///   i   &= \sigma\left(x_t W_x^{(i)} + h_{t-1} W_h^{(i)} + b^{(i)}\right), \\
    ///   o   &= \sigma\left(x_t W_x^{(o)} + h_{t-1} W_h^{(o)} + b^{(o)}\right), \\
    ///   g   &= \tanh\left(x_t W_x^{(g)} + h_{t-1} W_h^{(g)} + b^{(g)}\right), \nonumber \\
    ///   C_t &= f \odot C_{t-1} + i \odot g, \\
    ///   h_t &= o \odot \tanh(C_t).
    /// \end{align}
    /// $$
    ///
    /// By \eqref{forget} the memory is kept where $f$ is near one.
    #[cell_from_docs]
    pub struct Lstm;

    /// Gated recurrent unit, as one types it.
    ///
    /// ```math
    /// r   = σ(x_t ∗ W_x^(r) + h_{t−1} ∗ W_h^(r) + b^(r))
    /// z   = σ(x_t ∗ W_x^(z) + h_{t−1} ∗ W_h^(z) + b^(z))
    /// h̃_t = tanh(x_t ∗ W_x + (r ⊙ h_{t−1}) ∗ W_h + b)
    /// h_t = (1 − z) ⊙ h_{t−1} + z ⊙ h̃_t
    /// ```
    #[cell_from_docs]
    pub struct Gru;

    /// Gated recurrent unit with the reset after the product; a prime marks the next state.
    ///
    /// ```math
    /// \begin{array}{ll}
    ///   r = \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\
    ///   u = \sigma(W_{iu} x + b_{iu} + W_{hu} h + b_{hu}) \\
    ///   n = \tanh(W_{in} x + b_{in} + r \circ (W_{hn} h + b_{hn})) \\
    ///   h' = u \circ h + (1 - u) \circ n
    /// \end{array}
    /// ```
    #[cell_from_docs]
    pub struct ResetAfter;

    /// Minimal gated unit: bold letters, time in brackets, formulas over several lines.
    ///
    /// $$
    /// \mathbf{f}(t) &= \sigma\Bigl(
    ///     \mathbf{W}_{ih}^{f}\,\mathbf{x}(t)
    ///     + \mathbf{W}_{hh}^{f}\,\mathbf{h}(t-1)
    ///     + \mathbf{b}^{f}
    /// \Bigr), \\[4pt]
    /// \hat{\mathbf{h}}(t) &= \phi\bigl(
    ///     \mathbf{W}_{ih}^{h}\,\mathbf{x}(t)
    ///     + \mathbf{W}_{hh}^{h}\bigl(\mathbf{f}(t)\circ\mathbf{h}(t-1)\bigr)
    ///     + \mathbf{b}^{h} \bigr), \\[4pt]
    /// \mathbf{h}(t) &= \bigl(1 - \mathbf{f}(t)\bigr)\circ\mathbf{h}(t-1)
    ///     \;+\; \mathbf{f}(t)\circ\hat{\mathbf{h}}(t)
    /// $$
    #[cell_from_docs(φ = tanh, output = h_t, x_t: [I])]
    pub struct Minimal;

    /// One matrix over both vectors; the activation is left to the reader:
    ///
    /// $$
    /// i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i) \\
    /// f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f) \\
    /// c_t = f_t * c_{t-1} + i_t * \varphi(W_c \cdot [h_{t-1}, x_t] + b_c) \\
    /// h_t = \varphi(c_t)
    /// $$
    #[cell_from_docs(φ = relu)]
    pub struct Joined;

    #[cell_from_docs(section = "LSTM")]
    #[doc = include_str!("articles/gated.md")]
    pub struct ArticleLstm;

    #[cell_from_docs(section = "GRU")]
    #[doc = include_str!("articles/gated.md")]
    pub struct ArticleGru;
}

const STEPS: usize = 5;
const ROWS: usize = 3;

fn uniform(shape: (usize, usize, usize), rng: &mut ChaCha8Rng) -> Array3<f64> {
    Array3::from_shape_simple_fn(shape, || rng.random_range(-1.0..1.0))
}

/// What the definitions say, but for names and places.
fn assert_same_definition<A: Cell, B: Cell>() {
    // Line by line: a difference shows where it begins, not two whole graphs.
    let graphs = [A::INFO, B::INFO].map(|info| format!("{:#?}", info.graph));
    let [ours, theirs] = graphs.each_ref().map(|graph| graph.lines().enumerate());
    ours.zip(theirs).for_each(|(a, b)| assert_eq!(a, b));
    assert_eq!(graphs[0].len(), graphs[1].len());
    let symbols = |info: &gate_runtime::CellInfo| {
        let each = info.symbols.iter();
        let said = each.map(|s| format!("{} {:?} {:?} {}", s.ident, s.role, s.shape, s.depth));
        said.collect::<Vec<_>>()
    };
    assert_eq!(symbols(A::INFO), symbols(B::INFO));
    let sizes = |info: &gate_runtime::CellInfo| {
        let each = info.sizes.iter();
        each.map(|s| s.argument).collect::<Vec<_>>()
    };
    assert_eq!(sizes(A::INFO), sizes(B::INFO));
    assert_eq!(A::INFO.outputs, B::INFO.outputs);
    assert_eq!(A::INFO.gates(), B::INFO.gates());
    assert_eq!(A::INFO.recurrence(), B::INFO.recurrence());
}

/// Outputs, final states and every gradient of a sequence, as bits.
fn bits<C: Cell<Scalar = f64>>() -> Vec<u64> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut cell = C::with_sizes(&[3, 6], &mut rng).expect("two sizes");
    for value in cell.params_mut() {
        *value = rng.random_range(-1.0..1.0);
    }
    let x = uniform((STEPS, ROWS, 3), &mut rng);
    let weights = uniform((STEPS, ROWS, 6), &mut rng);
    let mut state = cell.zero_state(ROWS);
    for mut field in state.fields_mut() {
        field.mapv_inplace(|_| rng.random_range(-1.0..1.0));
    }
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    cell.record(Sequence::new(x.view()).state(&state), &mut tape)
        .expect("a recording");
    cell.backward(&mut tape, Seeds::outputs(&[weights.view()]), &mut grads)
        .expect("a backward pass");
    let mut out: Vec<f64> = tape.output(0).iter().copied().collect();
    for field in tape.state().fields() {
        out.extend(field.iter());
    }
    out.extend(grads.params());
    out.extend(grads.input(0).iter());
    for field in grads.state().fields() {
        out.extend(field.iter());
    }
    out.into_iter().map(f64::to_bits).collect()
}

fn assert_same<A: Cell<Scalar = f64>, B: Cell<Scalar = f64>>() {
    assert_same_definition::<A, B>();
    assert_eq!(bits::<A>(), bits::<B>());
}

#[test]
fn latex_rows() {
    assert_same::<text::Lstm<f64>, tokens::Lstm<f64>>();
}

#[test]
fn unicode_fence() {
    assert_same::<text::Gru<f64>, tokens::Gru<f64>>();
}

#[test]
fn primed_array() {
    assert_same::<text::ResetAfter<f64>, tokens::ResetAfter<f64>>();
}

#[test]
fn bold_letters_with_time_in_brackets() {
    assert_same::<text::Minimal<f64>, tokens::Minimal<f64>>();
}

#[test]
fn concatenation_with_a_function_from_the_attribute() {
    assert_same::<text::Joined<f64>, tokens::Joined<f64>>();
}

#[test]
fn a_section_of_an_article() {
    assert_same::<text::ArticleLstm<f64>, tokens::Lstm<f64>>();
    assert_same::<text::ArticleGru<f64>, tokens::Gru<f64>>();
}

/// The parameters are those of the text, in its order.
#[test]
fn parameters_are_named_as_printed() {
    let info = <text::ResetAfter<f64> as Cell>::INFO;
    let parameters = info.symbols.iter().filter_map(|s| match s.role {
        RoleInfo::Parameter(_) => Some((s.ident, elements(s.shape, &[3, 6]))),
        _ => None,
    });
    let first: Vec<_> = parameters.take(4).collect();
    let wanted = [("W_ir", 18), ("b_ir", 6), ("W_hr", 36), ("b_hr", 6)];
    assert_eq!(first, wanted);
}
