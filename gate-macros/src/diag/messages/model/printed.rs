//! Messages about what articles print and leave to the reader: the last step, components, sums
//! without bounds, derivatives.

use super::readings::said;
use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place};

/// `y = V h_T`
pub(crate) fn last_step(place: Place, name: &str, value: &str, letter: &str) -> Diagnostic {
    let what = format!("`{name}` would be a parameter: no step knows which one is the last");
    let help = format!(
        "a cell has a value at every step, of which the last may be taken: {}; a parameter has to \
         be declared, {}",
        said(place, &format!("{name} = {value}_{letter}")),
        said(place, &format!("{name}: [H]"))
    );
    message("last_step", place, what, &help)
}

/// `\sum_j W_{ij} h_j` without the sum
pub(crate) fn component_of_value(place: Place, name: &str, value: &str) -> Diagnostic {
    let what =
        format!("`{name}` would be a parameter beside `{value}`, which an equation computes");
    let help = format!(
        "for a component write the whole vector, `{value}`; a parameter has to be declared, {}",
        said(place, &format!("{name}: [H]"))
    );
    message("component_of_value", place, what, &help)
}

/// `V_{th}` beside `V_t`
pub(crate) fn capital_of_value(place: Place, name: &str, value: &str) -> Diagnostic {
    let what = format!(
        "is `{name}` a matrix, as a capital letter in a product is, or a vector like `{value}`?"
    );
    let help = format!(
        "say which: {}, {} for one number, or {}; what the step computes has an equation, \
         `{name} = …`",
        said(place, &format!("{name}: [H]")),
        said(place, &format!("{name}: scalar")),
        said(place, &format!("{name}: [H, H]"))
    );
    message("capital_of_value", place, what, &help)
}

/// `Σ W_ij h_j`
pub(crate) fn sum_or_matrix(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `{name}` the sign of a sum, or a matrix?");
    let help = format!(
        "sums over components are products of whole vectors, `W h` for the sum of `W_ij h_j`; a \
         sum over earlier steps is a state, `s_t = s_{{t-1}} + e_t`; one of few terms has bounds, \
         `\\sum_{{k=1}}^{{3}}`; a matrix has to be declared, {}",
        said(place, &format!("{name}: [H, H]"))
    );
    message("sum_or_matrix", place, what, &help)
}

/// `h_i(t+1) = h_i(t) + delta_t * k`
pub(crate) fn step_size_or_input(place: Place, name: &str) -> Diagnostic {
    let what = format!(
        "is `{name}` the length of a step? Time stands in brackets here, and this would be an input"
    );
    let help = format!(
        "define the number, {}, or list the inputs, {}",
        said(place, &format!("{name} = 0.1")),
        match place.is_text() {
            true => format!("`#[cell_from_docs(input = {name})]`"),
            false => format!("`pub struct Name({name}) -> …`"),
        }
    );
    message("step_size_or_input", place, what, &help)
}
