//! Messages about sums and products over an index.

use super::message::message;
use crate::diag::{Diagnostic, Place};

/// `\sum_{k=1}^{n}` where `n` is no constant.
pub(crate) fn series_bound(place: Place, sign: &str, name: &str) -> Diagnostic {
    let what = format!("how many terms are there? `{name}` is no number");
    let help = match place.is_text() {
        true => format!("say it: `#[cell_from_docs({name} = 4)]`"),
        false => format!("write the number, `{sign}_{{k=1}}^{{4}}`, or define it, `{name} = 4;`"),
    };
    message("series_bound", place, what, &help)
}

/// `\sum_{k=3}^{1}`
pub(crate) fn series_range(place: Place, first: i64, last: i64, most: i64) -> Diagnostic {
    let what = format!("an index from {first} to {last} is none that can be written out");
    let help = format!("it goes upwards, and over at most {most} numbers");
    message("series_range", place, what, &help)
}

/// `\sum_{k=1}^{3} x_t`
pub(crate) fn series_without_index(place: Place, variable: &str) -> Diagnostic {
    let what = format!("nothing in this sum depends on `{variable}`");
    let help = format!(
        "read something with that index, as in `W_{variable} x_{{t-{variable}}}`; a multiple of \
         one value is written with the number"
    );
    message("series_without_index", place, what, &help)
}

/// `\sum_{k=1}^{3} W_{hk} h_{t-k}`
pub(crate) fn index_in_label(place: Place, base: &str, label: &str, variable: &str) -> Diagnostic {
    let what = format!("is the `{variable}` of `{base}_{{{label}}}` the index of the sum?");
    let other = label.replacen(variable, "", 1);
    let help = format!(
        "if it is, write `{base}_{{{other},{variable}}}`; if it is not, give the sum an index of \
         another letter"
    );
    message("index_in_label", place, what, &help)
}

/// `\prod_{k=1}^{3} A_k B_k`
pub(crate) fn product_reaches(place: Place, variable: &str) -> Diagnostic {
    let what =
        format!("how far does this product reach? `{variable}` is read behind its first factor");
    let help = "put brackets around all that is multiplied over the index";
    message("product_reaches", place, what, help)
}
