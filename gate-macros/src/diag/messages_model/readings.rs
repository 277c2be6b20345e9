//! Messages about names and marks that read like one thing and would mean another.

use super::message;
use crate::diag::{Diagnostic, Place};

/// `-> C_{t-1}`
pub(crate) fn listed_with_delay(place: Place, name: &str, input: bool) -> Diagnostic {
    let (what, help) = match input {
        true => (
            "an input is a value of this step",
            format!("list `{name}_t`; equations may read `{name}_{{t-1}}` of it all the same"),
        ),
        false => (
            "an output is a value of this step",
            format!(
                "list `{name}_t`; to give the value of the step before, add an equation \
                 `y_t = {name}_{{t-1}}` and list `y_t`"
            ),
        ),
    };
    message("listed_with_delay", place, what.to_owned(), &help)
}
