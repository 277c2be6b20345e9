//! Messages about functions and their arguments, comparisons and choices.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place, counted};
use crate::functions;

/// A name before a bracket that is no function.
pub(crate) fn unknown_function(
    place: Place,
    name: &str,
    near: Option<&str>,
    single: bool,
) -> Diagnostic {
    let what = format!("there is no function `{name}`");
    let in_text = place.line > 0;
    let lower = name.to_lowercase();
    let cell = ["lstm", "gru", "rnn"]
        .iter()
        .find(|word| lower.contains(*word));
    let define = match (near, cell) {
        // Its own slope: `Swish_β(v) = v σ(β v)`.
        (Some("swish" | "silu"), _) if name.contains('β') => {
            let slope = format!("{name}(u) = u .* σ(β * u)");
            match in_text {
                true => format!("say which it is: `#[cell_from_docs({slope})]`"),
                false => format!("define it: `{slope};`"),
            }
        }
        // A label, as in `σ_g`, is the text's own.
        (Some(near), _) if in_text && name.starts_with(near) => {
            format!("say which it is: `#[cell_from_docs({name} = {near})]`")
        }
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(_)) if in_text => format!(
            "for a cell inside this one, write `#[cell_from_docs({name}: gate_runtime::cells::Lstm)]`"
        ),
        // `Lstm(x_t)`: the type in the place of a cell.
        (None, _) if !in_text && is_type(name) => format!(
            "for a cell inside this one, declare it, `inner: {name};`, and call that: `inner(…)`; a \
             function is defined, `{name}(u) = tanh(u);`"
        ),
        (None, Some(_)) => format!("for a cell inside this one, declare it: `{name}: Lstm;`"),
        // An accent often makes the sigmoid a hard one.
        _ if in_text && single && name.starts_with('σ') => {
            format!("say which it is: `#[cell_from_docs({name} = hard_sigmoid)]`")
        }
        _ if in_text && single => format!("say which it is: `#[cell_from_docs({name} = tanh)]`"),
        _ if in_text && name.starts_with(char::is_uppercase) => format!(
            "define it; where it is a matrix that multiplies values side by side, \
             `#[cell_from_docs({name}(u, v) = W * [u, v])]`"
        ),
        _ if in_text => format!("define it, as in `#[cell_from_docs({name}(u, v) = tanh(u + v))]`"),
        _ if single => format!("define it, as in `{name}(u) = tanh(u);`"),
        _ => format!("define it, as in `{name}(u, v) = tanh(u + v);`"),
    };
    let cell = cell.is_some() || !in_text && is_type(name);
    let help = match single && near.is_none() && !cell {
        true if in_text => {
            let kind = match letter_is_greek(name) {
                true => "scalar",
                false if name.starts_with(char::is_uppercase) => "[H, H]",
                false => "[H]",
            };
            format!("{define}; if a parameter was meant, `#[cell_from_docs({name}: {kind})]`")
        }
        true => format!("{define}; if a parameter `{name}` was meant, write `{name} * (…)`"),
        false => define,
    };
    message("unknown_function", place, what, &help)
}

/// `Lstm`, `MyCell`
fn is_type(name: &str) -> bool {
    let letters = name.chars().all(char::is_alphanumeric);
    letters && name.starts_with(char::is_uppercase) && name.contains(|c: char| c.is_lowercase())
}

fn letter_is_greek(name: &str) -> bool {
    name.starts_with(|c: char| ('α'..='ϖ').contains(&c))
}

/// `f_t = f(W x_t)`
pub(crate) fn function_not_given(
    place: Place,
    name: &str,
    timed: bool,
    value: Place,
) -> Diagnostic {
    let what = format!(
        "`{name}` is a function here, for its own equation has it before a bracket, but nothing \
         says which"
    );
    let say = match place.line {
        0 => format!("say which, in a statement of its own: `{name}(u) = sigmoid(u);`"),
        _ => format!("say which: `#[cell_from_docs({name} = sigmoid)]`"),
    };
    let help = match timed {
        true => say,
        false => format!("{say}, and give the value an index, `{name}_t`, or another name"),
    };
    message("function_not_given", place, what, &help)
        .and(value, &format!("`{name}` is a value here"))
}

/// `U^t`
pub(crate) fn small_transpose(place: Place, name: &str) -> Diagnostic {
    let what = format!("a small `t` above `{name}` is a label, not a transpose");
    let label = match place.line {
        0 => format!("{name}^(t)"),
        _ => format!("{name}^{{(t)}}"),
    };
    let mut help = format!("write `{name}^T`; if a label is meant, put it in brackets: `{label}`");
    if letter_is_greek(name) {
        help += &format!(
            "; a power by the number of steps is a state: `p_t = {name} * p_{{t-1}}` with `p_0 = 1`"
        );
    }
    message("small_transpose", place, what, &help)
}

/// `[x_t h_{t-1}]`
pub(crate) fn forgotten_comma(place: Place, names: &[String]) -> Diagnostic {
    let what = "are these values side by side, or multiplied?".to_owned();
    let help = format!(
        "write `[{}]` to put them side by side, `{}` to multiply them",
        names.join(", "),
        names.join(" .* ")
    );
    message("forgotten_comma", place, what, &help)
}

/// `concat(a, b)`
pub(crate) fn foreign_function(place: Place, name: &str, here: &str) -> Diagnostic {
    let what = format!("there is no function `{name}`");
    message("foreign_function", place, what, here)
}

/// `tanh(a, b)`
pub(crate) fn wrong_arity(
    place: Place,
    name: &str,
    least: usize,
    most: usize,
    found: usize,
) -> Diagnostic {
    let takes = match (least, most) {
        (a, b) if a == b => counted(a, "argument"),
        (a, b) => format!("{a} to {b} arguments"),
    };
    let what = format!("`{name}` takes {takes}, not {found}");
    let first = functions::function(name).map_or(name, |entry| entry.names[0]);
    let help = format!("it is written `{}`", functions::usage(first));
    message("wrong_arity", place, what, &help)
}

/// `σ^2(x)`
pub(crate) fn power_on_function(place: Place, name: &str) -> Diagnostic {
    let what = format!("a superscript between the function `{name}` and its argument is ambiguous");
    message(
        "power_on_function",
        place,
        what,
        &format!("write `({name}(x))^2` or `{name}(x^2)`"),
    )
}

/// `tanh` without brackets.
pub(crate) fn function_as_value(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is a function, but it has no argument here");
    message(
        "function_as_value",
        place,
        what,
        &format!("write `{name}(…)`, or rename the value"),
    )
}

/// A function of the user's own with another number of arguments.
pub(crate) fn wrong_arity_of_own(
    place: Place,
    (name, parameters): (&str, &[String]),
    found: usize,
    function: Place,
) -> Diagnostic {
    let count = counted(parameters.len(), "argument");
    let what = format!("`{name}` takes {count}, not {found}");
    let help = format!("it is defined as `{name}({})`", parameters.join(", "));
    message("wrong_arity_of_own", place, what, &help).and(function, "the function is defined here")
}

/// `s = …; y = s(x)` with a function `s`.
pub(crate) fn function_and_value(place: Place, name: &str, value: Place) -> Diagnostic {
    let what = format!("`{name}` is used as a function here and as a value elsewhere");
    message("function_and_value", place, what, "rename one of the two").and(value, "a value here")
}

/// `f(u) = f(u - 1)`
pub(crate) fn recursive_function(place: Place, name: &str, function: Place) -> Diagnostic {
    let what = format!("the function `{name}` calls itself");
    message(
        "recursive_function",
        place,
        what,
        "functions are written out: use a loop `for k in 1..=3 { … }`",
    )
    .and(function, "defined here")
}

/// `a > b` as a value.
pub(crate) fn comparison_as_value(place: Place) -> Diagnostic {
    let what = "a comparison is no value by itself".to_owned();
    message(
        "comparison_as_value",
        place,
        what,
        "write `where(a > b, 1, 0)`",
    )
}

/// `where(a, b, c)`
pub(crate) fn condition_not_comparison(place: Place) -> Diagnostic {
    let what = "a comparison is expected here".to_owned();
    message(
        "condition_not_comparison",
        place,
        what,
        "write `where(a > b, u, v)` or `where(a > 0, u, v)`",
    )
}

/// `cases` that do not cover everything.
pub(crate) fn cases_without_otherwise(place: Place) -> Diagnostic {
    let what = "no value is given for when none of the conditions holds".to_owned();
    message(
        "cases_without_otherwise",
        place,
        what,
        "end with a row `otherwise`, or with the contrary condition",
    )
}

/// `dropout(p, v)` with a trained `p`.
pub(crate) fn probability_not_fixed(place: Place, function: &str, name: &str) -> Diagnostic {
    let what = format!("the probability of `{function}` is fixed, but `{name}` is not");
    let help = format!("write a number, or declare `{name}: hyper = 0.1;`");
    message("probability_not_fixed", place, what, &help)
}

/// `dropout(1.5, v)`
pub(crate) fn probability_range(place: Place, function: &str, number: f64) -> Diagnostic {
    let what = format!("the probability of `{function}` is {number}");
    let help = "a probability is at least 0 and less than 1";
    message("probability_range", place, what, help)
}

/// `clamp(v, 1, -1)`
pub(crate) fn clamp_order(place: Place, least: f64, most: f64) -> Diagnostic {
    let what = format!("no number is at least {least} and at most {most}");
    message(
        "clamp_order",
        place,
        what,
        "write the smaller one first: `clamp(v, least, most)`",
    )
}

/// `x_t / 0`
pub(crate) fn division_by_zero(place: Place) -> Diagnostic {
    let what = "this is a division by zero".to_owned();
    message("division_by_zero", place, what, "divide by something else")
}

/// `zoneout(p, h_{t-1}, h̃)`. The name is in backquotes.
pub(crate) fn zoneout_order(place: Place, old: &str) -> Diagnostic {
    let what = format!("{old} stands where `zoneout` takes the new value");
    message(
        "zoneout_order",
        place,
        what,
        "the old value is the last: `zoneout(p, new, old)`",
    )
}
