//! Messages about loops, time indices and definitions.

use super::readings::said;
use crate::diag::messages::message::{meant, message};
use crate::diag::{Diagnostic, Place, counted};

/// `for t in …`
pub(crate) fn loop_over_time(place: Place) -> Diagnostic {
    let what = "a loop cannot run over `t`: the equations are one step in time already";
    message(
        "loop_over_time",
        place,
        what.to_owned(),
        "name the loop's variable otherwise, say `k`",
    )
}

/// Too many statements once loops are written out.
pub(crate) fn loop_too_long(place: Place, most: usize) -> Diagnostic {
    let what = format!("written out, this loop gives more than {most} statements");
    message(
        "loop_too_long",
        place,
        what,
        "let it run less often, or nest fewer loops",
    )
}

/// Functions of functions of functions.
pub(crate) fn too_large(place: Place, most: usize) -> Diagnostic {
    let what = format!("with its functions written out, the cell has more than {most} operations");
    message(
        "too_large",
        place,
        what,
        "give intermediate values names instead of nesting functions",
    )
}

/// Brackets, sums and functions inside each other.
pub(crate) fn nested_too_deeply(place: Place, most: usize) -> Diagnostic {
    let what = format!("this is nested more than {most} levels deep, functions written out");
    message(
        "nested_too_deeply",
        place,
        what,
        "give intermediate values names of their own",
    )
}

/// `h_{t-1}(t)`
pub(crate) fn two_time_indices(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` has two time indices here");
    message(
        "two_time_indices",
        place,
        what,
        "write one of them: `h_{t-1}` or `h(t-1)`",
    )
}

/// `h_{t-d}`, and `y_{t+h}`, which is `ahead`.
pub(crate) fn delay_not_number(
    place: Place,
    name: &str,
    letter: &str,
    delay: &str,
    ahead: bool,
) -> Diagnostic {
    let define = said(place, &format!("{delay} = 2"));
    let (what, help) = match ahead {
        true => (
            format!("`{name}` is for `{delay}` steps later, but `{delay}` is no whole number"),
            format!("define it, {define}: a forecast is a value of the step that makes it"),
        ),
        false => (
            format!("`{name}` is read `{delay}` steps ago, but `{delay}` is no whole number"),
            format!("write the number, `{name}_{{{letter}-2}}`, or define it: {define}"),
        ),
    };
    message("delay_not_number", place, what, &help)
}

/// `h_{t-1.5}`, `h_{t-1000000}`
pub(crate) fn delay_no_count(place: Place, name: &str, letter: &str, delay: &str) -> Diagnostic {
    let what = format!("`{delay}` is no number of steps");
    let help = format!("a delay is a whole number up to 999999: `{name}_{{{letter}-2}}`");
    message("delay_no_count", place, what, &help)
}

/// `h_{n-1}` where time is `t`.
pub(crate) fn index_letter(place: Place, name: &str, found: &str, letter: &str) -> Diagnostic {
    let what =
        format!("`{name}` is indexed by `{found}`, but steps are counted by `{letter}` here");
    let help = format!(
        "write `{letter}` for the time index; a loop `for {found} in 1..=3 {{ … }}` gives `{found}` \
         a value"
    );
    message("index_letter", place, what, &help)
}

/// `h_{t--1}`, `h_{1-t}`, `h_{t*2}`
pub(crate) fn index_form(place: Place, name: &str, index: &str, letter: &str) -> Diagnostic {
    let what = format!("`{index}` is no time index of `{name}`");
    let help = format!(
        "it is `{letter}`, or `{letter}` and one whole number: `{name}_{letter}`, \
         `{name}_{{{letter}-1}}`"
    );
    let help = match index.contains('|') {
        true => format!(
            "{help}; of `{letter}|{letter}-1` the first is the step, and the second, which cannot \
             be later, the last one that the value is told from"
        ),
        false => help,
    };
    message("index_form", place, what, &help)
}

/// `h_{t+1}` on a right side.
pub(crate) fn future_value(place: Place, name: &str, ahead: i64) -> Diagnostic {
    let steps = counted(ahead.unsigned_abs(), "step");
    let what = format!("this reads `{name}` {steps} ahead of the step that is computed");
    let help = format!(
        "a cell knows the present and the past: write `{name}_t` or `{name}_{{t-1}}` (the latest \
         index on a left side is the present); a pass from the end to the start is \
         `gate_runtime::train::Bidirectional`"
    );
    message("future_value", place, what, &help)
}

/// `l = tanh(l + c)` behind another equation for `l`.
pub(crate) fn written_over(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("this writes over `{name}`, which an equation before it defines");
    let help = format!(
        "an equation holds for the whole step: give the new value a name of its own, `{name}^(2)`, \
         and read that behind it; likewise every other name that is given a value twice"
    );
    message("written_over", place, what, &help).and(first, "first defined here")
}

/// Two equations for one symbol.
pub(crate) fn duplicate_definition(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("`{name}` is defined twice");
    let rename = format!("rename one of the two, by a label if they belong together: `{name}^(2)`");
    let help = match (place.is_text(), first.is_text()) {
        (true, true) => {
            "if the text holds several cells, take one by its heading, `section = \"…\"`; if it \
             prints alternatives, choose one, `definition = 2`"
        }
        (true, false) => "the text defines it: leave it out of the attribute",
        _ => &rename,
    };
    message("duplicate_definition", place, what, help).and(first, "first defined here")
}

/// Two functions of one name.
pub(crate) fn duplicate_function(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("the function `{name}` is defined twice");
    message("duplicate_function", place, what, "remove or rename one")
        .and(first, "first defined here")
}

/// Two declarations that say the same sort of thing.
pub(crate) fn duplicate_declaration(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("`{name}` is declared twice");
    message(
        "duplicate_declaration",
        place,
        what,
        "say everything in one declaration: `W: [I, H] ~ he;`",
    )
    .and(first, "first declared here")
}

/// A declaration of a name that no equation mentions.
pub(crate) fn unused_declaration(place: Place, name: &str, near: Option<&str>) -> Diagnostic {
    let what = format!("`{name}` is declared, but no equation mentions it");
    message(
        "unused_declaration",
        place,
        what,
        &meant(near, "remove the declaration"),
    )
}

/// `W^T = …`
pub(crate) fn transpose_on_left(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` stands transposed where it gets its value");
    let label = match place.is_text() {
        true => format!("{name}^{{(T)}}"),
        false => format!("{name}^(T)"),
    };
    let help = format!(
        "define or declare it upright, and transpose where it is read; a label `T` stands in \
         brackets: `{label}`"
    );
    message("transpose_on_left", place, what, &help)
}

/// Nothing but `γ = 0.01`.
pub(crate) fn only_constants(place: Place) -> Diagnostic {
    let what = "the cell defines constants only".to_owned();
    message(
        "only_constants",
        place,
        what,
        "add an equation with an input: `h_t = tanh(x_t * W + b);`",
    )
}

/// `γ = 1 / 0`
pub(crate) fn not_finite(place: Place, name: &str) -> Diagnostic {
    let what = format!("the constant `{name}` is no finite number");
    message(
        "not_finite",
        place,
        what,
        "check for a division by zero or a logarithm of zero",
    )
}

/// `sqrt(-1)`. The value is in backquotes.
pub(crate) fn number_not_finite(place: Place, value: &str) -> Diagnostic {
    let what = format!("{value} is no finite number");
    let help = "check for a root or a broken power of a negative number, a logarithm of zero, and \
                a power too large";
    message("number_not_finite", place, what, help)
}

/// Same-step dependence in a circle: each equation with the value that it needs of the next.
/// `name` is the value that was most likely meant to be one of the past.
pub(crate) fn cycle(
    place: Place,
    (name, near): (&str, Option<&str>),
    letter: &str,
    chain: &[(String, String)],
) -> Diagnostic {
    let mut lines = vec![match chain.len() {
        1 => format!("`{name}` needs its own value of the same step"),
        _ => "these equations need each other in the same step".to_owned(),
    }];
    let several = chain.len() > 1;
    for (equation, needed) in chain.iter().filter(|_| several) {
        lines.push(format!("  {equation}"));
        lines.push(format!("    ↓ needs `{needed}`"));
    }
    if let Some((first, _)) = chain.first().filter(|_| several) {
        lines.push(format!("  {first}"));
    }
    let help = match place.line {
        0 => format!("read the value of the step before here: `{name}_{{{letter}-1}}`"),
        _ => format!(
            "read the value of the step before here: `{name}_{{{letter}-1}}`, or call the new \
             value `{name}'`"
        ),
    };
    let two = match place.line {
        0 => "give one of them another name".to_owned(),
        _ => format!(
            "say what the other is, `#[cell_from_docs({name} = sigmoid(p))]`, or give one of them \
             another name"
        ),
    };
    let help = match (near, several) {
        (Some(near), _) => format!("did you mean `{near}`, which nothing reads? Else {help}"),
        (None, true) => help,
        (None, false) => format!(
            "{help}; `{name}` and `{name}_{letter}` are one symbol: if two are meant, {two}"
        ),
    };
    message("cycle", place, lines.join("\n"), &help)
}

/// Two names, one identifier.
pub(crate) fn same_identifier(
    place: Place,
    name: &str,
    first_name: &str,
    first: Place,
    ident: &str,
) -> Diagnostic {
    let what = format!("`{name}` and `{first_name}` would both be `{ident}` in Rust");
    message(
        "same_identifier",
        place,
        what,
        "write the same name in the same way everywhere, or rename one",
    )
    .and(first, "the other one is here")
}
