//! Warnings and notes: the definition means something, but perhaps not what was wanted.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place};

/// An equation whose value nothing reads.
pub(crate) fn unused_value(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is computed, but nothing reads it and it is no output");
    let help = match place.line {
        0 => format!("read it, remove its equation, or list it: `-> (…, {name})`"),
        _ => format!("list it to have it: `#[cell_from_docs(output = (…, {name}))]`"),
    };
    message("unused_value", place, what, &help).warning()
}

/// A constant or a function that nothing uses.
pub(crate) fn unused_definition(place: Place, name: &str, what: &str) -> Diagnostic {
    let what = format!("the {what} `{name}` is defined, but nothing uses it");
    message("unused_definition", place, what, "use it or remove it").warning()
}

/// `Ā = exp(Δ A)` where `Ā h` is a product.
pub(crate) fn exponential_of_elements(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` has the exponential of each element, not that of the matrix");
    let help = "the exponential of a matrix is not part of the language; if the matrix in it is \
                diagonal, declare it as a vector: `#[cell_from_docs(A: [H])]`";
    message("exponential_of_elements", place, what, help).warning()
}

/// A state that only itself reads.
pub(crate) fn unused_state(place: Place, name: &str) -> Diagnostic {
    let what = format!("the state `{name}` reaches no output");
    let help = "it is carried from step to step, and only who looks at the state sees it";
    message("unused_state", place, what, help).note()
}

/// A parameter behind `sign` or a comparison.
pub(crate) fn never_trained(place: Place, name: &str, behind: &str) -> Diagnostic {
    let what =
        format!("`{name}` is never trained: it is read only {behind}, which has no gradient");
    let help = format!(
        "read it where a small change of it changes the output; where that is not wanted, say so: \
         `stop_gradient({name})`"
    );
    message("never_trained", place, what, &help).warning()
}

/// A parameter behind `stop_gradient`.
pub(crate) fn frozen(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` keeps its initial value");
    let help = "it is read only behind `stop_gradient`, so that its gradient is zero";
    message("frozen", place, what, help).note()
}

/// `x_t * W` and `W * h_t`
pub(crate) fn both_sides(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` stands before one vector and behind another, so it is square");
    let help = "if that is no slip of the convention, nothing is wrong; else write one order, or \
                `W^T`";
    message("both_sides", place, what, help).note()
}

/// Two parameters that are only ever added.
pub(crate) fn added_together(place: Place, name: &str, other: &str) -> Diagnostic {
    let what = format!("`{name}` and `{other}` are only ever added together");
    let help = "one of them is enough: both receive the same gradient";
    message("added_together", place, what, help).note()
}
