//! Messages about variants and about cells inside cells.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place, counted};

/// Something between `=` and `{` that is no path and `with`.
pub(crate) fn variant_line(place: Place) -> Diagnostic {
    message(
        "variant_line",
        place,
        "a variant names one other cell, and what is different in it".to_owned(),
        "write `pub struct Cifg = Lstm with { i = 1 - f; }`",
    )
}

/// `Foo = Foo with { … }`, `inner: Foo` in `Foo`
pub(crate) fn cell_in_itself(place: Place, name: &str, parent: bool) -> Diagnostic {
    let (what, help) = match parent {
        true => (
            format!("`{name}` is a variant of itself"),
            "name the cell that it differs from; where that has the same name elsewhere, write \
             its path: `= cells::Lstm with { … }`",
        ),
        false => (
            format!("`{name}` stands inside itself"),
            "an earlier value of its own is a state: read `h_{t-1}`; where another cell of the \
             name is meant, write its path: `inner: cells::Lstm;`",
        ),
    };
    message("cell_in_itself", place, what, help)
}

/// `= Lstm { … }`
pub(crate) fn variant_without_with(place: Place, parent: &str) -> Diagnostic {
    let what = format!("`with` is missing behind `{parent}`");
    let help = format!("write `= {parent} with {{ … }}`");
    message("variant_without_with", place, what, &help)
}

/// A variant without statements.
pub(crate) fn variant_changes_nothing(place: Place, parent: &str) -> Diagnostic {
    let what = format!("this variant of `{parent}` changes nothing");
    let help = format!(
        "write what is different, `= {parent} with {{ i = 1 - f; }}`, or \
                        use `{parent}` itself under another name: `use {parent} as …;`"
    );
    message("variant_changes_nothing", place, what, &help)
}

/// An equation of a variant that is the parent's.
pub(crate) fn variant_same(place: Place, name: &str, parent: &str) -> Diagnostic {
    let what = format!("`{name}` is the same in `{parent}`");
    message(
        "variant_same",
        place,
        what,
        "leave it out: what a variant does not mention is as in the parent",
    )
}

/// An equation of a variant for a symbol that the parent lacks and nothing reads.
pub(crate) fn variant_unknown(
    place: Place,
    name: &str,
    parent: &str,
    known: &str,
    at: Place,
) -> Diagnostic {
    let what = format!("`{parent}` has no `{name}`, and nothing here reads it");
    let help = format!(
        "did you mean `{known}`? To add `{name}`, read it in another equation of the \
                        variant, or make it an output: `-> {name}_t = {parent} with`"
    );
    message("variant_unknown", place, what, &help)
        .and(at, &format!("this is a variant of `{parent}`"))
}

/// An equation of a variant whose value the rest of the variant made useless.
pub(crate) fn variant_unread(place: Place, name: &str, at: Place) -> Diagnostic {
    let what = format!("in this variant nothing reads `{name}` any more");
    message(
        "variant_unread",
        place,
        what,
        "leave its equation out, or read it in another one",
    )
    .and(at, "the other equations are those of this cell")
}

/// One name for an inner cell and something else.
pub(crate) fn cell_and_value(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("`{name}` is a cell here, and something else already");
    message("cell_and_value", place, what, "rename one of the two")
        .and(first, &format!("`{name}` is taken here"))
}

/// An inner cell with another number of inputs. `states`: what would give it states,
/// `h_{t-1} = h_{t-1}`.
pub(crate) fn cell_inputs(
    place: Place,
    (name, path): (&str, &str),
    (wanted, inputs): (usize, &str),
    found: usize,
    states: &str,
) -> Diagnostic {
    let what = format!(
        "`{name}: {path}` takes {}, not {found}",
        counted(wanted, "input")
    );
    let its = match wanted {
        1 => format!("its input is {inputs}"),
        _ => format!("its inputs are, in this order: {inputs}"),
    };
    let plain = inputs.replace('`', "");
    let help = match (states.is_empty(), found > wanted) {
        (true, _) => its,
        (false, false) => format!("{its}. Earlier states are given by name: `{states}`"),
        (false, true) => format!(
            "{its}; its states it keeps itself: `{name}({plain})`. Values in the place of its own \
             earlier ones are given by name: `{name}({plain}, {states})`"
        ),
    };
    message("cell_inputs", place, what, &help)
}

/// `h_{t-1} = a, h_{t-1} = b`
pub(crate) fn state_given_twice(place: Place, state: &str, cell: &str) -> Diagnostic {
    let what = format!("the earlier `{state}` of `{cell}` is given twice");
    message("state_given_twice", place, what, "leave one of the two out")
}

/// `h = …`, `h_t = …`, `h_{t-1}^(inner) = …` for an inner cell with a state `h`.
pub(crate) fn state_one_ago(place: Place, state: &str, (name, path): (&str, &str)) -> Diagnostic {
    let what = format!("the state `{state}` of `{name}: {path}` is not given so");
    let help =
        format!("a cell is given its states as they were one step ago: `{state}_{{t-1}} = …`");
    message("state_one_ago", place, what, &help)
}

/// `q_{t-1} = …` for an inner cell without a state `q`.
pub(crate) fn no_such_state(
    place: Place,
    state: &str,
    (name, path): (&str, &str),
    states: &[String],
) -> Diagnostic {
    let what = format!("`{name}: {path}` has no state `{state}`");
    let help = match states {
        [] => "it keeps no state: give it its inputs alone".to_owned(),
        [one] => {
            format!("its state is `{one}`, given as it was one step ago: `{one}_{{t-1}} = …`")
        }
        [first, ..] => format!(
            "its states are `{}`; each is given as it was one step ago: `{first}_{{t-1}} = …`",
            states.join("`, `")
        ),
    };
    message("no_such_state", place, what, &help)
}

/// `f^(inner) = …`, `f^(inner) ~ 1` where the inner cell has an equation for `f`.
pub(crate) fn inner_equation(
    place: Place,
    name: &str,
    (instance, path): (&str, &str),
    first: Place,
) -> Diagnostic {
    let what = format!("`{instance}`, a `{path}`, has an equation of `{name}` already");
    let help = format!(
        "a cell with another equation is a variant of it, `pub struct Other = {path} with \
         {{ {name} = …; }}`, which can stand inside this one: `{instance}: Other;`"
    );
    message("inner_equation", place, what, &help).and(first, "the equation is here")
}

/// `q_t^(inner)` of an inner cell without a `q`.
pub(crate) fn no_inner_value(
    place: Place,
    name: &str,
    (instance, path): (&str, &str),
    values: &str,
) -> Diagnostic {
    let what = format!("`{instance}`, a `{path}`, has no `{name}`");
    let help =
        format!("of each step it has {values}; a parameter of this cell needs another label");
    message("no_inner_value", place, what, &help)
}

/// `W_t^(inner)` of an inner cell whose `W` is a parameter.
pub(crate) fn inner_without_time(
    place: Place,
    name: &str,
    printed: &str,
    (instance, path): (&str, &str),
) -> Diagnostic {
    let what = format!("`{name}` of `{instance}`, a `{path}`, is no value of a step");
    let help = format!("write it without a time index, `{printed}`; an input needs another label");
    message("inner_without_time", place, what, &help)
}

/// `h_t^(iner)` beside `inner: Lstm`.
pub(crate) fn inner_label(place: Place, name: &str, label: &str, meant: &str) -> Diagnostic {
    let what = format!("`{name}` is nothing that is defined here, and no inner cell is `{label}`");
    let help = format!("did you mean `{meant}`? What is no inner cell's has to be declared");
    message("inner_label", place, what, &help)
}

/// `inner(sum(x_t))`, `inner(x_t, h_{t-1} = 0)` where vectors are taken.
pub(crate) fn given_kind(place: Place, name: &str, wanted: &str, found: &str) -> Diagnostic {
    let what = format!("`{name}` is a {wanted} in its own cell, and is given a {found}");
    let help = match (wanted, found) {
        ("vector", "number") => {
            "give a vector, such as a trained one, `h_{t-1} = v`; a state that starts from a number \
             is declared, `h_0^(inner) ~ 0.5`"
        }
        ("vector", "scalar") => "give a vector: a number times one, or `[s]` for a single element",
        _ => "give a value of that kind, or declare what it is in its own cell",
    };
    message("given_kind", place, what, help)
}

/// `(h_t, c_t) = inner(x_t)` of an inner cell with an output `h` and a state `C`. `written`: that
/// in separate equations.
pub(crate) fn values_of_call(
    place: Place,
    (name, path): (&str, &str),
    (output, written): (&str, &str),
    values: &str,
) -> Diagnostic {
    let what = format!(
        "the values of `{name}: {path}` are told by their names, its output `{output}` first"
    );
    let help = format!("write `{written}`; of each step it has {values}");
    message("values_of_call", place, what, &help)
}

/// `C_{t-1}` beside an inner cell with a state `C`.
pub(crate) fn state_of_inner(
    place: Place,
    state: &str,
    (instance, path): (&str, &str),
    read: &str,
) -> Diagnostic {
    let what = format!("`{state}` is a state of `{instance}: {path}`, and nothing else here");
    let help = format!(
        "read it with the cell's label, `{read}`; among the cell's own arguments leave it out: it \
         keeps it itself"
    );
    message("state_of_inner", place, what, &help)
}

/// A second call of an inner cell that does not say from which state it goes on.
pub(crate) fn cell_called_twice(place: Place, name: &str, state: &str) -> Diagnostic {
    let what = format!("`{name}` is called a second time in one step, and its state is open");
    let help = format!(
        "say from where it goes on, `{name}(…, {state}_{{t-1}} = …)`, or declare a second cell \
         if the two shall not share their parameters"
    );
    message("cell_called_twice", place, what, &help)
}

/// An inner cell that no equation calls.
pub(crate) fn cell_not_called(place: Place, name: &str, path: &str, inputs: &str) -> Diagnostic {
    let what = format!("`{name}: {path}` is declared but not called");
    let help = format!("use its value in an equation: `{name}(…)` with {inputs}, or remove it");
    message("cell_not_called", place, what, &help)
}

/// `h = …` among the arguments of a function.
pub(crate) fn state_outside_cell(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name} = …` cannot stand here: only an inner cell is given a state so");
    message(
        "state_outside_cell",
        place,
        what,
        "declare the cell, `inner: Lstm;`, and call it: `inner(x_t, h_{t-1} = …)`",
    )
}

/// `inner: Lstm<f32>;`
pub(crate) fn inner_path(place: Place, name: &str) -> Diagnostic {
    let what = format!("a cell inside this one is named by its path alone: `{name}`");
    let help = format!(
        "write `inner: {name};`, and call it in an equation, `inner(x_t)`: it has the number type \
         of this cell, and sizes that follow from what it is given"
    );
    message("inner_path", place, what, &help)
}
