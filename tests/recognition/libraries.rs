//! Cells as torchrecurrent 0.2.5 prints them in its documentation (MIT licence).

use gate_runtime::cell_from_docs;

/// $$
/// \begin{array}{ll}
///     \mathbf{A} = \mathbf{W}_{hh} - \mathbf{W}_{hh}^\top -
///         \gamma \mathbf{I} \\
///     h' = h + \varepsilon \,\tanh(\mathbf{W}_{ih} x +
///         \mathbf{b}_{ih} + \mathbf{A} h + \mathbf{b}_{hh})
/// \end{array}
/// $$
#[cell_from_docs(ε = 0.7, γ = 0.3)]
pub struct Antisymmetric;

/// $$
/// \begin{aligned}
///   \mathbf{s}(t) &= \mathbf{W}_{ih}^{f}\,\mathbf{x}(t)
///      + \mathbf{b}_{ih}^{f}
///      + \mathbf{W}_{hh}^{f}\,\mathbf{h}(t-1)
///      + \mathbf{b}_{hh}^{f}, \\
///       \tilde{\mathbf{c}}(t) &= \tanh\Bigl(
///      \mathbf{W}_{ih}^{c}\,\mathbf{x}(t) + \mathbf{b}_{ih}^{c}
///      + \mathbf{W}_{hh}^{c}\,\mathbf{h}(t-1)
///      + \mathbf{b}_{hh}^{c}\Bigr), \\
///       \mathbf{c}(t) &= \sigma\bigl(\mathbf{s}(t)\bigr)\circ \mathbf{c}(t-1)
///      \;+\;\bigl(1 - \sigma\bigl(\mathbf{s}(t) - \beta\bigr)\bigr)
///      \circ \tilde{\mathbf{c}}(t), \\
///       \mathbf{h}(t) &= \mathbf{c}(t)
/// \end{aligned}
/// $$
#[cell_from_docs]
pub struct Janet;

/// $$
/// \begin{aligned}
/// \mathbf{z}(t) &= \sigma\!\bigl(
///     \mathbf{W}_{ih}^{z}\mathbf{x}(t) + \mathbf{b}_{ih}^{z}
/// \bigr), \\
/// \mathbf{r}(t) &= \sigma\!\bigl(
///     \mathbf{W}_{ih}^{r}\mathbf{x}(t) + \mathbf{b}_{ih}^{r}
///     + \mathbf{W}_{hh}^{r}\mathbf{h}(t-1) + \mathbf{b}_{hh}^{r}
/// \bigr), \\
/// \hat{\mathbf{h}}(t) &= \tanh\!\Bigl(
///     \mathbf{W}_{hh}^{h}\bigl(\mathbf{r}(t)\!\circ\!\mathbf{h}(t-1)\bigr)
///     + \tanh\!\bigl(\mathbf{W}_{ih}^{h}\mathbf{x}(t) + \mathbf{b}_{ih}^{h}\bigr)
///     + \mathbf{b}_{hh}^{h}
/// \Bigr), \\
/// \mathbf{h}(t) &= \mathbf{z}(t)\!\circ\!\hat{\mathbf{h}}(t)
///     + \bigl(1 - \mathbf{z}(t)\bigr)\!\circ\!\mathbf{h}(t-1).
/// \end{aligned}
/// $$
#[cell_from_docs]
pub struct Mut1;

/// $$
/// \begin{aligned}
/// \mathbf{m}(t) &= \bigl(\mathbf{W}_{ih}^{m}\,\mathbf{x}(t)
///     + \mathbf{b}_{ih}^{m}\bigr)\,\circ\,\bigl(\mathbf{W}_{hh}^{m}\,\mathbf{h}(t-1)
///     + \mathbf{b}_{hh}^{m}\bigr), \\
///     \hat{\mathbf{h}}(t) &= \mathbf{W}_{ih}^{h}\,\mathbf{x}(t)
///     + \mathbf{b}_{ih}^{h}
///     + \mathbf{W}_{mh}^{h}\,\mathbf{m}(t)
///     + \mathbf{b}_{mh}^{h}, \\
///     \mathbf{i}(t) &= \sigma\bigl(\mathbf{W}_{ih}^{i}\,\mathbf{x}(t)
///     + \mathbf{b}_{ih}^{i}
///     + \mathbf{W}_{mh}^{i}\,\mathbf{m}(t)
///     + \mathbf{b}_{mh}^{i}\bigr), \\
///     \mathbf{f}(t) &= \sigma\bigl(\mathbf{W}_{ih}^{f}\,\mathbf{x}(t)
///     + \mathbf{b}_{ih}^{f}
///     + \mathbf{W}_{mh}^{f}\,\mathbf{m}(t)
///     + \mathbf{b}_{mh}^{f}\bigr), \\
///     \mathbf{o}(t) &= \sigma\bigl(\mathbf{W}_{ih}^{o}\,\mathbf{x}(t)
///     + \mathbf{b}_{ih}^{o}
///     + \mathbf{W}_{mh}^{o}\,\mathbf{m}(t)
///     + \mathbf{b}_{mh}^{o}\bigr), \\
///     \mathbf{c}(t) &= \mathbf{f}(t)\circ\mathbf{c}(t-1)
///     + \mathbf{i}(t)\circ\tanh\bigl(\hat{\mathbf{h}}(t)\bigr), \\
///     \mathbf{h}(t) &= \tanh\bigl(\mathbf{c}(t)\bigr)\circ\mathbf{o}(t)
/// \end{aligned}
/// $$
#[cell_from_docs]
pub struct Multiplicative;
