//! Documentation text: where the equations stand.

use gate_runtime::cell_from_docs;

/// A cell that computes something.
#[cell_from_docs]
pub struct Prose;

/// # LSTM
///
/// $$h_t = W x_t$$
#[cell_from_docs(section = "GRU")]
pub struct Missing;

/// # GRU
///
/// $$h_t = W x_t$$
///
/// # GRU
///
/// $$h_t = V x_t$$
#[cell_from_docs(section = "GRU")]
pub struct Twice;

/// $$h_t = W x_t
///
/// The state.
#[cell_from_docs]
pub struct Unclosed;

/// ```math
/// \begin{tikzpicture} h_t = W x_t \end{tikzpicture}
/// ```
#[cell_from_docs]
pub struct Environment;

/// ```math
/// \begin{aligned} h_t &= W x_t
/// ```
#[cell_from_docs]
pub struct Open;

#[cell_from_docs]
#[doc = include_str!("no_such_file.md")]
pub struct NoFile;

#[cell_from_docs]
#[doc = include_str!("not_utf8.md")]
pub struct NotText;

fn main() {}
