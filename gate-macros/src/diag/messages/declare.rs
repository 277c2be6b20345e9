//! The messages of the stage syntax about declarations and loops.

use super::message::message;
use crate::diag::{Diagnostic, Place};
use crate::functions::INITIALISERS;
use crate::spelling::nearest;

// ---- syntax: declarations -------------------------------------------------------------------

/// What stands after `:` or `∈` is not known.
pub(crate) fn declared_kind(place: Place, found: &str) -> Diagnostic {
    let what = format!("`{found}` is nothing that a symbol can be declared as");
    let help = match found {
        "vector" | "Vector" | "Vec" | "vec" => "a vector is declared by its size: `[H]`",
        "matrix" | "Matrix" | "tensor" | "Tensor" => {
            "a matrix is declared by its sizes: `[I, H]`, the rows first"
        }
        "usize" | "u32" | "i32" | "size" => {
            "a size is named where something has it, `x_t: [N]`; a fixed one is a number, `N = 4;`"
        }
        "f32" | "f64" | "Scalar" | "float" | "int" | "real" | "number" => {
            "write `γ = 0.5;` for a constant, `γ: hyper = 0.5;` for a number that the user of the \
             cell may set, `γ: scalar ~ 0.5;` for a trained one, `x_t: [I];` for a vector"
        }
        "input" | "output" | "state" => {
            "inputs and outputs are listed in the struct line: `pub struct Name(x_t) -> h_t`; a \
             state is a value that is read at `t-1`"
        }
        "param" | "parameter" | "weight" | "bias" => {
            "every undefined name without a time index is a parameter; declare its shape: \
             `[I, H]`, `[H]` or `scalar`"
        }
        word if INITIALISERS.contains(&word) => {
            "what a symbol starts with stands behind `~`: `h_0 ~ trainable;`, `W ~ orthogonal;`"
        }
        "(" => "an interval is none: write `α ∈ ℝ` for a trained number, `α = 0.1` for a fixed one",
        _ => {
            "write `[H]`, `[I, H]`, `scalar` or `hyper = 0.5`, in text also `ℝ`, `ℝ^H`, \
             `ℝ^{I × H}`; a cell inside this one has a name of several letters"
        }
    };
    message("declared_kind", place, what, help)
}

/// `H: 64`, `h_t: 64`, `b: 0`. `size`: whether the number can be one.
pub(crate) fn declared_number(place: Place, name: &str, found: &str, size: bool) -> Diagnostic {
    let what = format!("`{found}` is nothing that a symbol can be declared as");
    let capital = name.chars().count() == 1 && name.starts_with(char::is_uppercase);
    let timed = name.contains("_t") || name.contains(['(', '[']);
    let help = match (size, capital) {
        (true, _) if timed => {
            format!("a vector of {found} elements is declared `{name}: [{found}];`")
        }
        (true, true) => format!(
            "a fixed size is a constant: `{name} = {found};`; a vector of {found} elements is \
             declared `{name}: [{found}];`"
        ),
        (true, false) => format!(
            "a vector of {found} elements is declared `{name}: [{found}];`; a parameter starts \
             from a number so: `{name} ~ {found};`"
        ),
        (false, _) => format!(
            "a parameter starts from a number so: `{name} ~ {found};`; a constant is `{name} = \
             {found};`"
        ),
    };
    message("declared_number", place, what, &help)
}

/// `h_t: H`, where `size` is all that stands there; `W: I x H`, `W: (I, H)`
pub(crate) fn declared_without_brackets(
    place: Place,
    name: &str,
    found: &str,
    size: Option<&String>,
) -> Diagnostic {
    let what = format!("`{found}` is nothing that a symbol can be declared as");
    let help = match size {
        Some(size) => format!("a size stands in square brackets: `{name}: [{size}];`"),
        None => "sizes stand in square brackets, a comma between them: `[I, H]`".to_owned(),
    };
    message("declared_without_brackets", place, what, &help)
}

/// `H: [64]` beside `h_t: [H]`
pub(crate) fn size_declared(place: Place, name: &str, number: &str) -> Diagnostic {
    let what = format!("`{name}` is a size here, and no symbol that could be declared");
    let help = format!(
        "a fixed size is a constant: `{name} = {number};`; one that is given to `new` needs no \
         statement of its own"
    );
    message("size_declared", place, what, &help)
}

/// A size that is no sum of multiples of names.
pub(crate) fn declared_size(place: Place, found: &str) -> Diagnostic {
    let what = format!("`{found}` cannot stand in a size");
    let help = match found {
        "x" | "×" | ";" => "a comma stands between sizes: `[I, H]`",
        "=" => "a fixed size is a constant of its own: `H = 64;`",
        _ => {
            "a size is a name or a positive whole number, or a sum of multiples of them: `H`, \
             `2H + 1`, `H/4`"
        }
    };
    message("declared_size", place, what, help)
}

/// `[]` or `[A, B, C]`
pub(crate) fn declared_dimensions(place: Place, count: usize) -> Diagnostic {
    let what = format!("a shape has one or two sizes, not {count}");
    let help = "write `[H]` for a vector, `[I, H]` for a matrix, `scalar` for a number";
    message("declared_dimensions", place, what, help)
}

/// `ε: hyper`
pub(crate) fn hyper_without_value(place: Place) -> Diagnostic {
    let what = "a hyper-parameter needs a value to start with";
    message(
        "hyper_without_value",
        place,
        what,
        "write `name: hyper = 0.5;`",
    )
}

/// `W: [H] = 1`
pub(crate) fn value_of_parameter(place: Place) -> Diagnostic {
    let what = "`=` in a declaration belongs to a hyper-parameter";
    let help = "an initial value is written `name: [H] ~ 1;`, a hyper-parameter \
                `name: hyper = 0.5;`";
    message("value_of_parameter", place, what, help)
}

/// A word after `~` that is not in the table.
pub(crate) fn initialiser(place: Place, found: &str) -> Diagnostic {
    let what = format!("`{found}` is no initial value");
    let help = match found {
        "N" => "write `normal(mean, deviation)`, whose second number is no variance".to_owned(),
        "U" => "write `uniform(least, most)`".to_owned(),
        _ => {
            let word = match found.to_lowercase().as_str() {
                "xavier" | "xavier_uniform" | "glorot" => Some("glorot_uniform"),
                "xavier_normal" => Some("glorot_normal"),
                "kaiming" | "kaiming_normal" | "kaiming_uniform" | "he_normal" => Some("he"),
                "eye" | "id" => Some("identity"),
                "zero" => Some("zeros"),
                "one" => Some("ones"),
                "gaussian" | "randn" | "gauss" => Some("normal"),
                "rand" | "random" => Some("uniform"),
                "learned" | "learnable" | "trained" | "parameter" => Some("trainable"),
                word => nearest(word, INITIALISERS.iter().copied()),
            };
            let known = INITIALISERS.join(", ");
            match word {
                Some(word) => {
                    format!("did you mean `{word}`? Else write a number or one of: {known}")
                }
                None => format!("write a number or one of: {known}"),
            }
        }
    };
    message("initialiser", place, what, &help)
}

/// `~ uniform(a, 1)`
pub(crate) fn initialiser_argument(place: Place) -> Diagnostic {
    let what = "the arguments of an initialiser are numbers";
    message(
        "initialiser_argument",
        place,
        what,
        "write, for example, `uniform(-0.1, 0.1)`",
    )
}

// ---- syntax: loops --------------------------------------------------------------------------

/// `for k 1..3 { … }`
pub(crate) fn loop_head(place: Place, found: &str) -> Diagnostic {
    let what = format!("a loop does not begin so: {found} is out of place");
    message(
        "loop_head",
        place,
        what,
        "write `for k in 1..=3 { … }` with whole numbers",
    )
}

/// `for k in 3..=1 { … }`
pub(crate) fn loop_range(place: Place, most: i64) -> Diagnostic {
    let what = "this loop runs never or too often";
    let help = format!("loops are written out when compiling: from 1 to {most} rounds");
    message("loop_range", place, what, &help)
}
