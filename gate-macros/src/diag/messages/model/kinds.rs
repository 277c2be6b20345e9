//! Messages about the kinds and sizes of what an operation joins.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place};
use crate::functions;

/// A vector and a matrix in a sum. Names are in backquotes.
pub(crate) fn kinds_differ(
    place: Place,
    (left, left_kind): (&str, &str),
    (right, right_kind): (&str, &str),
    how: &str,
    (other, (scale, outer)): (Place, (Option<&str>, Option<&str>)),
) -> Diagnostic {
    let what = format!(
        "{left} and {right} {how}, but the first is a {left_kind}, the second a {right_kind}"
    );
    let help = match (scale, outer) {
        (_, Some(outer)) => format!("for the matrix that two vectors make, write `{outer}`"),
        (Some(name), None) => format!(
            "inputs are vectors: if `{name}` is one number at each step, say so: {}; a vector \
             scales the rows of a matrix as `diag({name}) * …`",
            super::readings::said(place, &format!("{name}: scalar"))
        ),
        (None, None) => "if a parameter was taken for the wrong thing, declare it: `b: [H];`, \
                 `W: [I, H];`, `α: scalar;`"
            .to_owned(),
    };
    message("kinds_differ", place, what, &help).and(other, &format!("{right} is here"))
}

/// `dot(W, x)`. The value is in backquotes.
pub(crate) fn argument_kind(
    place: Place,
    function: &str,
    wanted: &str,
    value: &str,
    found: &str,
) -> Diagnostic {
    let what = format!("`{function}` takes a {wanted} here, but {value} is a {found}");
    let written = match functions::function(function) {
        Some(entry) => format!("it is written `{}`; ", functions::usage(entry.names[0])),
        None => String::new(),
    };
    let help = format!(
        "{written}if a parameter was taken for the wrong thing, declare it: `g: [H];`, `p: scalar;`"
    );
    message("argument_kind", place, what, &help)
}

/// `[x_t, 1]`. The value is in backquotes.
pub(crate) fn concat_of_no_vector(place: Place, value: &str, found: &str) -> Diagnostic {
    let what = format!("`[ , ]` puts vectors side by side, but {value} is a {found}");
    message(
        "concat_of_no_vector",
        place,
        what,
        "vectors and scalars stand side by side; take a row or a product of the matrix",
    )
}

/// An equation whose sides differ in kind. The name is in backquotes.
pub(crate) fn left_kind(
    place: Place,
    name: &str,
    wanted: &str,
    found: &str,
    declared: Option<Place>,
) -> Diagnostic {
    let what = format!("{name} is a {wanted}, but its equation gives a {found}");
    let help = match (wanted, found) {
        ("scalar", "vector") => {
            "change the declaration, or the equation; a product with a matrix of one row is one \
             number: `W: [1, I]`"
        }
        _ => "change the declaration, or the equation",
    };
    let d = message("left_kind", place, what, help);
    match declared {
        Some(declared) => d.and(declared, "declared here"),
        None => d,
    }
}

/// `x W h`: factors in backquotes, with their kinds, and what makes sense as a scalar.
pub(crate) fn product_needs_brackets(
    place: Place,
    factors: &[(String, &str)],
    scale: Option<&str>,
) -> Diagnostic {
    let list: Vec<String> = factors
        .iter()
        .map(|(name, kind)| format!("{name} ({kind})"))
        .collect();
    let what = format!(
        "this product can be read in more than one way: {}",
        list.join(", ")
    );
    let brackets = "put brackets around what is multiplied first, `(x_t * W) .* h`; write `.*` for \
                    the element-wise product";
    let help = match scale {
        Some(name) if place.is_text() => format!(
            "if `{name}` is one number, say so: `#[cell_from_docs({name}: scalar)]`; otherwise {brackets}"
        ),
        Some(name) => format!(
            "if `{name}` is one number, declare it: `{name}: scalar;`; otherwise {brackets}"
        ),
        None => brackets.to_owned(),
    };
    message("product_needs_brackets", place, what, &help)
}

/// `W^2`, `W^{-1}`. The name is in backquotes.
pub(crate) fn power_of_matrix(place: Place, name: &str, negative: bool) -> Diagnostic {
    let what = match negative {
        true => format!("the inverse of a matrix, here of {name}, is not part of the language"),
        false => format!("{name} is a matrix: is its power a product or element by element?"),
    };
    let help = match negative {
        true => "write the equations with the matrix itself",
        false => {
            "write `W * W` for the product, `square(W)` or `W .* W` element by element; a \
                  label is written `W^(2)`"
        }
    };
    message("power_of_matrix", place, what, help)
}

/// One of two values whose sizes meet.
pub(crate) struct Side {
    /// In backquotes.
    pub(crate) name: String,
    /// As the definition names it.
    pub(crate) size: String,
    /// Where that comes from, line by line.
    pub(crate) because: Vec<String>,
    pub(crate) place: Place,
}

/// Two lengths that cannot be equal; the name of a size may be a slip for another.
pub(crate) fn size_conflict(left: Side, right: Side, how: &str, slip: Option<&str>) -> Diagnostic {
    let (a, b) = (&left.name, &right.name);
    let (m, n) = (&left.size, &right.size);
    let mut lines = vec![format!(
        "{a} and {b} {how}, but their sizes differ: {m} against {n}"
    )];
    lines.extend(left.because);
    lines.extend(right.because);
    let help = match slip {
        Some(name) => format!("did you mean `{name}` in both? Two names are two sizes"),
        None => "change a declaration so that the sizes agree, or bring one value to the size of \
                 the other by a product with a matrix"
            .to_owned(),
    };
    let d = message("size_conflict", left.place, lines.join("\n"), &help);
    match left.place.is(&right.place) {
        true => d,
        false => d.and(right.place, &format!("the other one: {b}")),
    }
}

/// Lengths that the equations do not settle.
pub(crate) fn sizes_open(place: Place, left: &str, right: &str) -> Diagnostic {
    let what = format!("{left} and {right} are equal, but how the parts agree is not said");
    let help = "declare the sizes of the parts: `a: [H];`, `b: [K];`; what is one longer than \
                another is `[H + 1]`";
    message("sizes_open", place, what, help)
}

/// `h_t = f_t ⊗ h_{t-1}`
pub(crate) fn outer_of_itself(place: Place) -> Diagnostic {
    let what = "`⊗` is the outer product, which makes a matrix of two vectors".to_owned();
    let help = match place.line {
        0 => "element by element is `.*`",
        _ => "element by element is `⊙`, `\\odot`",
    };
    message("outer_of_itself", place, what, help)
}

/// `[W U] [x; h]`
pub(crate) fn block_matrix(place: Place, sum: &str) -> Diagnostic {
    let what = "a matrix of matrices is not part of the language".to_owned();
    message("block_matrix", place, what, &format!("write `{sum}`"))
}
