//! The messages of the stages read and syntax: one constructor for each kind of mistake, named
//! like its code word. Each text says what is wrong and, after `help:`, the way out.

use super::message::message;
use crate::diag::{Diagnostic, Place};

// ---- read: tokens ---------------------------------------------------------------------------

/// `@`, `%`, `#` and the like.
pub(crate) fn unknown_token(place: Place, found: char) -> Diagnostic {
    let what = format!("`{found}` means nothing in a cell definition");
    let help = match found {
        '@' => "a product with a matrix is written `*`: `x_t * W`",
        '#' => "a comment begins with `//`",
        '&' | '!' => "there is no logic but `where(a > b, u, v)`; conditions are nested",
        '$' => "equations stand here without `$`; LaTeX goes into `#[cell_from_docs]`",
        '?' => "choose element by element with `where(a > b, u, v)`",
        _ => "operators are `+ - * / .* ^`; remove or replace it",
    };
    message("unknown_token", place, what, help)
}

/// `np.tanh`, or `x_t.tanh` without a module.
pub(crate) fn path_or_method(place: Place, module: Option<&str>, name: &str) -> Diagnostic {
    let (what, help) = match module {
        Some(module) => (
            format!("functions stand for themselves here, without `{module}.`"),
            format!("write `{name}(…)`"),
        ),
        None => (
            format!("`.{name}`: values have no methods and no fields"),
            match name {
                "T" => "a transpose is written `W^T`".to_owned(),
                name => format!("write `{name}(…)` around the value"),
            },
        ),
    };
    message("path_or_method", place, what, &help)
}

/// A string, a character, a byte.
pub(crate) fn literal_in_equation(place: Place, found: &str) -> Diagnostic {
    let what = format!("{found} is no value of an equation");
    let help = "only numbers and names are; to write equations as text, use `#[cell_from_docs]`";
    message("literal_in_equation", place, what, help)
}

/// `'h` and the like.
pub(crate) fn prime_in_tokens(place: Place) -> Diagnostic {
    let help = "Rust cannot read `h'` here: write `h̃`, `h_2` or `h^(2)`, or move the equations \
                to documentation text with `#[cell_from_docs]`";
    message(
        "prime_in_tokens",
        place,
        "a prime (or lifetime) in a token definition",
        help,
    )
}

/// `.` without `*`.
pub(crate) fn lone_dot(place: Place) -> Diagnostic {
    let help = "the element-wise product is written `.*` without a gap, or `odot`; a product of \
                matrices is `*`";
    message("lone_dot", place, "a dot alone is no operator", help)
}

/// `h || x`, `||x||`
pub(crate) fn double_bar(place: Place) -> Diagnostic {
    let help = "values side by side are written `[a, b]`, a norm `norm(v)`";
    message(
        "double_bar",
        place,
        "`||` is no operator of a cell definition",
        help,
    )
}

/// `1.0f32`
pub(crate) fn number_suffix(place: Place, number: &str, suffix: &str) -> Diagnostic {
    let what = format!("the number `{number}` has a type suffix `{suffix}`");
    let help = format!("write `{number}`: numbers take the type that the cell computes in");
    message("number_suffix", place, what, &help)
}

/// `1e999`
pub(crate) fn number_too_large(place: Place, number: &str) -> Diagnostic {
    let what = format!("the number `{number}` is too large for a 64-bit float");
    message(
        "number_too_large",
        place,
        what,
        "the largest is about 1.8e308",
    )
}

// ---- syntax: the struct line ----------------------------------------------------------------

/// What `syn` could not read as attributes, visibility, `struct` and a name.
pub(crate) fn not_a_struct(place: Place, reason: &str) -> Diagnostic {
    let what = format!("a cell begins like a struct: {reason}");
    message(
        "not_a_struct",
        place,
        what,
        "write `pub struct Name { equations }`",
    )
}

/// `struct A`
pub(crate) fn reserved_name(place: Place) -> Diagnostic {
    let what = "a cell cannot be called `A`: so is the type of numbers in what it gives";
    message("reserved_name", place, what, "choose a longer name")
}

/// `struct Cell<T>`
pub(crate) fn generic_cell(place: Place) -> Diagnostic {
    let help = "remove them: sizes are found from the equations, and the scalar type is chosen \
                by the macro";
    message(
        "generic_cell",
        place,
        "a cell has no generic parameters",
        help,
    )
}

/// Something else than `(inputs) -> outputs` between name and body.
pub(crate) fn signature(place: Place, found: &str) -> Diagnostic {
    let sign = if found == "name:" { ":" } else { found };
    let what = format!("`{sign}` cannot stand in the struct line");
    let help = match found {
        "name:" => "a variant of another cell is written `pub struct Cifg = Lstm with { … }`",
        ":" => "shapes are declared among the equations: `x_t: [I];`",
        _ => {
            "between the name and the equations there may be inputs and outputs: \
             `pub struct Name(x_t) -> h_t { … }` or `… -> (h_t, y_t) { … }`"
        }
    };
    message("signature", place, what, help)
}

/// No `{ … }` and no `;` after the struct line.
pub(crate) fn no_body(place: Place) -> Diagnostic {
    message(
        "no_body",
        place,
        "the equations are missing",
        "write them in braces: `{ h_t = …; }`",
    )
}

/// Tokens behind the body.
pub(crate) fn after_body(place: Place) -> Diagnostic {
    let help = "write one macro call for each cell";
    message(
        "after_body",
        place,
        "the definition ends with the closing brace before this",
        help,
    )
}

// ---- syntax: statements ---------------------------------------------------------------------

/// Two statements without `;` between them.
pub(crate) fn missing_semicolon(after: Place, next: Place) -> Diagnostic {
    let what = "a `;` is missing after this, for another statement begins right behind it";
    let mut d = message(
        "missing_semicolon",
        after,
        what,
        "end each statement with `;`",
    );
    d.others.push((
        next,
        "the statement that begins without a `;` before it".to_string(),
    ));
    d
}

/// `(` without its partner (text only: Rust checks its own).
pub(crate) fn unclosed_bracket(place: Place, bracket: &str) -> Diagnostic {
    let what = format!("`{bracket}` is not closed in this equation");
    message(
        "unclosed_bracket",
        place,
        what,
        "add its partner, or remove it",
    )
}

/// `)` without its partner.
pub(crate) fn stray_bracket(place: Place, bracket: &str) -> Diagnostic {
    let what = format!("`{bracket}` closes no bracket of this equation");
    message(
        "stray_bracket",
        place,
        what,
        "remove it, or add the bracket that it closes",
    )
}

/// Neither equation nor declaration.
pub(crate) fn not_a_statement(place: Place, found: &str) -> Diagnostic {
    let what = format!("the statement at `{found}` is neither an equation nor a declaration");
    let help = "equations are written `name = …;`, declarations `name: [I];`, `name: scalar;` \
                or `name ~ 0.1;`";
    message("not_a_statement", place, what, help)
}

/// `a + b = c`
pub(crate) fn left_side(place: Place, found: &str) -> Diagnostic {
    let what = format!("a single name is expected at the left, found `{found}`");
    let help = "a statement begins with the name that it is about: `h_t = …`, `φ(u) = …`, \
                `x_t: [I]`; bring everything else to the right side";
    message("left_side", place, what, help)
}

/// `φ(2 u) = …`
pub(crate) fn function_parameters(place: Place, found: &str) -> Diagnostic {
    let what = format!("`{found}` is no parameter of a function");
    let help = "parameters are plain names without marks, and not `t`: `φ(u, v) = …`";
    message("function_parameters", place, what, help)
}

/// `M_t(i) = M_{t-1}(i) + w_t(i) a_t`
pub(crate) fn rows_by_number(place: Place, name: &str, list: &str) -> Diagnostic {
    let what = format!("`{name}_t{list}` is a row or an element by its number");
    let help = format!(
        "write whole values: the sum of `w_i v_i` is `dot(w, v)`, the matrix of all `w_i a_j` is \
         `outer(w_t, a_t)`, as in `{name}_t = {name}_{{t-1}} + outer(w_t, a_t)`; a function has no \
         time index"
    );
    message("rows_by_number", place, what, &help)
}

/// No equation at all.
pub(crate) fn no_equations(place: Place, function: Option<(&str, Place)>) -> Diagnostic {
    let help = "write at least one: `h_t = tanh(x_t * W + h_{t-1} * U + b);`";
    let mut d = message("no_equations", place, "the cell has no equation", help);
    if let Some((name, place)) = function {
        let text = format!("`{name}(…) = …` defines a function of its arguments");
        d.others.push((place, text));
    }
    d
}

/// Words of other languages that begin a statement or a value. In `cases` some of them are read
/// before this is asked.
pub(crate) fn keyword(place: Place, word: &str) -> Option<Diagnostic> {
    let help = match word {
        "let" | "mut" | "var" | "const" | "auto" => "write the equation alone: `f = …;`",
        "return" | "yield" => {
            "the last equation is the output: `h_t = …;`, or `pub struct Name -> h_t { … }`"
        }
        "if" | "else" | "elif" | "match" | "switch" | "where" => {
            "choose element by element with `where(a > b, u, v)`; in text also with `cases`"
        }
        "pub" => "symbols have no visibility: write the equation alone",
        "while" => "a loop has a fixed count: `for k in 1..=3 { … }`",
        "lambda" => {
            "the letter is written `λ`, here and in Rust; a function is an equation: \
             `φ(u) = u .* sigmoid(u);`"
        }
        "def" | "fn" | "function" => "a function is an equation too: `φ(u) = u .* sigmoid(u);`",
        _ => return None,
    };
    let what = match word {
        "where" => "`where` is a function of three arguments".to_owned(),
        word => format!("`{word}` is no word of a cell definition"),
    };
    Some(message("keyword", place, what, help))
}

/// `h_t == …`
pub(crate) fn double_equals(place: Place) -> Diagnostic {
    let help = "an equation has one `=`; comparisons are `>`, `<`, `>=`, `<=`, in `where(…)`";
    message("double_equals", place, "`==` defines nothing", help)
}

/// `h_t = a = …`
pub(crate) fn second_equals(place: Place) -> Diagnostic {
    let help = "write two equations: first `a = …`, then `b = a`; comparisons are `>`, `<`, `>=`, \
                `<=`, in `where(…)`";
    message("second_equals", place, "an equation has one `=`", help)
}

/// `h_t += …`
pub(crate) fn compound_assignment(place: Place, sign: &str, name: &str) -> Diagnostic {
    let base = name.strip_suffix("_t").unwrap_or(name);
    let what = format!("`{sign}=` changes a variable, but an equation defines a value once");
    let help = format!("name the value of the step before: `{name} = {base}_{{t-1}} {sign} …`");
    message("compound_assignment", place, what, &help)
}
