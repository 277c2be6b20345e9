//! The messages of the stage syntax about expressions.

use super::message::message;
use crate::diag::{Diagnostic, Place};

/// Anything behind a complete expression.
pub(crate) fn unexpected(place: Place, found: &str) -> Diagnostic {
    let what = format!("`{found}` cannot stand here");
    let help = match found {
        "," => {
            "equations end with `;`, in text with the line; values side by side stand in \
             brackets: `[a, b]`"
        }
        "∈" => "say where a value lies in a statement of its own: `h_t ∈ ℝ^H`",
        "_" => {
            "give the value a name in an equation of its own, and that name the mark; the positive \
             part is `relu(v)`"
        }
        _ => "after a value comes an operator, another factor or the end of the statement",
    };
    message("unexpected", place, what, help)
}

/// `tanh W x`
pub(crate) fn function_without_brackets(place: Place, name: &str) -> Diagnostic {
    let what = format!("where does the argument of `{name}` end?");
    let help = format!("put it in brackets: `{name}(…)`");
    message("function_without_brackets", place, what, &help)
}

/// `a + * b`
pub(crate) fn expected_value(place: Place, found: &str) -> Diagnostic {
    let what = format!("a value is expected here, found `{found}`");
    let help = match found {
        ".." => {
            "an equation has all its terms: write a sum with bounds, `\\sum_{i=1}^{p} a_i y_{t-i}` in \
             text, or every term"
        }
        _ => "write a name, a number, a function or a bracket",
    };
    message("expected_value", place, what, help)
}

/// `a +;`
pub(crate) fn missing_value(place: Place, after: &str) -> Diagnostic {
    let what = format!("a value is missing after `{after}`");
    let help = "write a name, a number, a function or a bracket after it, or remove it";
    message("missing_value", place, what, help)
}

/// `()`
pub(crate) fn empty_brackets(place: Place) -> Diagnostic {
    message(
        "empty_brackets",
        place,
        "nothing stands in these brackets",
        "fill or remove them",
    )
}

/// `x_ = …`
pub(crate) fn dangling_mark(place: Place, sign: &str) -> Diagnostic {
    let what = format!("nothing that can be a sub- or superscript follows `{sign}`");
    let help = format!("write a word, a number or a bracket after it: `h{sign}{{t-1}}`");
    message("dangling_mark", place, what, &help)
}

/// `x^-1`
pub(crate) fn signed_mark(place: Place) -> Diagnostic {
    let what = "where does this sub- or superscript end?";
    message(
        "signed_mark",
        place,
        what,
        "put all of it in braces: `x^{-1}`, `e^{-x}`",
    )
}

/// `a / b c`
pub(crate) fn division_then_product(place: Place) -> Diagnostic {
    let what = "a division followed by factors without a sign can be read in two ways";
    message(
        "division_then_product",
        place,
        what,
        "write `(a / b) * c` or `a / (b * c)`",
    )
}

/// `2^3^2`, `x_t^2^3`
pub(crate) fn power_of_power(place: Place) -> Diagnostic {
    let what = "a power of a power can be read in two ways";
    let help = "write `a^{b^c}`, as mathematics reads it, or `(a^b)^c`";
    message("power_of_power", place, what, help)
}

/// `2^x_t`
pub(crate) fn open_power(place: Place, base: &str, exponent: &str) -> Diagnostic {
    let what = "where does this exponent end?";
    let help = format!("put all of it in braces: `{base}^{{{exponent}}}`");
    message("open_power", place, what, &help)
}

/// `h_t, c_t = a, b`
pub(crate) fn values_for_names(place: Place, names: &str) -> Diagnostic {
    let what = "these are not as many values as names";
    let help = format!("write a value for each of `{names}`, or one value that has all as parts");
    message("values_for_names", place, what, &help)
}

/// `(a, b)` that is no argument list.
pub(crate) fn several_values(place: Place) -> Diagnostic {
    let what = "these brackets hold one value, not several";
    message(
        "several_values",
        place,
        what,
        "to place vectors side by side write `[a, b]`, for their inner product `dot(a, b)`",
    )
}

/// `[a, b; c]`
pub(crate) fn mixed_separators(place: Place) -> Diagnostic {
    let what = "`,` and `;` in one bracket would be a block matrix";
    let help = "place vectors side by side with one of the two: `[a, b, c]` or `[a; b; c]`";
    message("mixed_separators", place, what, help)
}

/// Hundreds of brackets or operators in one expression.
pub(crate) fn too_deep(place: Place) -> Diagnostic {
    let help = "give its parts names in equations of their own";
    message(
        "too_deep",
        place,
        "this expression is nested too deeply",
        help,
    )
}

/// Hundreds of brackets in brackets, anywhere in what a macro is given.
pub(crate) fn brackets_too_deep(place: Place, most: usize) -> Diagnostic {
    let what = format!("brackets are nested more than {most} levels deep");
    let help = "give what is inside names in equations of their own";
    message("brackets_too_deep", place, what, help)
}

/// `a < b > c`, `a < b < c < d`
pub(crate) fn chained_comparison(place: Place) -> Diagnostic {
    let help = "nest them: `where(a < b, where(b < c, u, v), v)`";
    message(
        "chained_comparison",
        place,
        "of comparisons in a row two may stand together, `a < b < c`",
        help,
    )
}

/// A row of `cases` without a comparison, or one behind "otherwise".
pub(crate) fn cases_condition(place: Place) -> Diagnostic {
    let what = "this row of `cases` has no condition that can be tested";
    let help = "write `value & a > b`, or two joined by `and`; only the last row may have none, or \
                `otherwise`";
    message("cases_condition", place, what, help)
}

/// `\frac` without its two groups.
pub(crate) fn fraction(place: Place) -> Diagnostic {
    message(
        "fraction",
        place,
        "`\\frac` needs two groups in braces",
        "write `\\frac{a}{b}`",
    )
}
