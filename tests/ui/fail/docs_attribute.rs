//! The attribute's arguments and its struct:
//! not_a_unit_struct, section_not_text, choice_not_number, docs_not_text, unknown_option

use gate_runtime::cell_from_docs;

/// h_t = tanh(W x_t + U h_{t-1} + b)
#[cell_from_docs]
pub struct Fields {
    x: f32,
}

/// h_t = tanh(W x_t + U h_{t-1} + b)
#[cell_from_docs(section = 3, definition = second)]
pub struct Arguments;

#[cell_from_docs]
#[doc = concat!("h_t = ", "tanh(x_t)")]
pub struct Computed;

/// h_t = tanh(W x_t + U h_{t-1} + b)
#[cell_from_docs(definition = 2)]
pub struct Chosen;

/// ```math
/// h_t = W x_t + U h_{t-1}
/// y_t = V h_t
/// ```
#[cell_from_docs(otuput = h_t)]
pub struct Misspelt;

/// ```math
/// h_t = W x_t + U h_{t-1}
/// ```
#[cell_from_docs(name = "GRU")]
pub struct NoOption;

fn main() {}
