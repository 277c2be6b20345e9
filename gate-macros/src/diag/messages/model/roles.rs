//! Messages about roles and initial values.

use crate::diag::messages::message::{meant, message};
use crate::diag::{Diagnostic, Place};

/// A name twice in the struct line.
pub(crate) fn listed_twice(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is listed twice in the struct line");
    message("listed_twice", place, what, "name it once")
}

/// An input with an equation.
pub(crate) fn input_defined(place: Place, name: &str, state: bool, equation: Place) -> Diagnostic {
    let what = format!("`{name}` is listed as an input, but an equation defines it");
    let help = match state {
        true => "remove it from the list: a step keeps its states by itself",
        false => "remove it from the inputs, or rename one of the two",
    };
    message("input_defined", place, what, help).and(equation, "defined here")
}

/// An input that no equation reads.
pub(crate) fn input_never_read(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is listed as an input, but no equation reads it");
    message(
        "input_never_read",
        place,
        what,
        "remove it from the inputs, or use it in an equation",
    )
}

/// An input that the list leaves out.
pub(crate) fn input_not_listed(place: Place, name: &str) -> Diagnostic {
    let what = format!(
        "`{name}` is an input, for nothing defines it and it has a time index, but \
                        the struct line does not list it"
    );
    message(
        "input_not_listed",
        place,
        what,
        "add it to the inputs, define it, or remove its time index",
    )
}

/// No symbol is an input; perhaps a parameter was meant to be one.
pub(crate) fn no_input(place: Place, candidate: Option<(String, Place)>) -> Diagnostic {
    let what = "the cell has no input: every undefined name lacks a time index".to_owned();
    match candidate {
        None => message(
            "no_input",
            place,
            what,
            "give the input a time index: `x_t`; a system that runs by itself still needs an input, \
             which says how many steps there are: declare one, `x_t: scalar;`, and add `0 * x_t` to \
             a right side",
        ),
        Some((name, at)) => {
            let letter = name.strip_suffix('t').filter(|letter| !letter.is_empty());
            let written = letter.unwrap_or(&name);
            let help =
                format!("write `{written}_t`, if `{name}` is the input: it is a parameter here");
            message("no_input", at, what, &help)
        }
    }
}

/// An output without an equation.
pub(crate) fn output_not_defined(place: Place, name: &str, near: Option<&str>) -> Diagnostic {
    let what = format!("`{name}` is listed as an output, but no equation defines it");
    message(
        "output_not_defined",
        place,
        what,
        &meant(near, "add an equation for it"),
    )
}

/// An input among the outputs.
pub(crate) fn input_as_output(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is listed as an input and as an output");
    let help = format!("give the output a name and an equation of its own, as in `y_t = {name}_t`");
    message("input_as_output", place, what, &help)
}

/// A past value of something that no equation gives a value. `inputs`: what is one already.
pub(crate) fn state_never_defined(
    place: Place,
    name: &str,
    inputs: &[String],
    similar: Option<(String, Option<Place>)>,
) -> Diagnostic {
    let what = format!("an earlier value of `{name}` is read, but no equation defines `{name}`");
    match similar {
        None => {
            let inputs = inputs.iter().map(|input| format!("{input}_t, "));
            let inputs = inputs.collect::<String>();
            let list = match place.line {
                0 => format!("`pub struct Name({inputs}{name}_t) -> …`"),
                _ => format!("`#[cell_from_docs(input = ({inputs}{name}_t))]`"),
            };
            let help = format!("add an equation `{name}_t = …`; if it is an input, say so: {list}");
            message("state_never_defined", place, what, &help)
        }
        Some((other, at)) => {
            let help = format!("did you mean `{other}`? Else add an equation `{name}_t = …`");
            let d = message("state_never_defined", place, what, &help);
            match at {
                Some(at) => d.and(at, &format!("`{other}` is defined here")),
                None => d,
            }
        }
    }
}

/// The last equation is not the end of the step. A text has nobody to see a warning.
pub(crate) fn output_unclear(place: Place, name: &str, reader: &str, end: &str) -> Diagnostic {
    let what = format!(
        "is `{name}` the output? It is the left side of the last equation, but `{reader}` reads \
         it in the same step"
    );
    let help = match place.line {
        0 => format!(
            "say which value is: `pub struct Name -> {end}_t {{ … }}`, or write its equation last"
        ),
        _ => format!("say which value is: `#[cell_from_docs(output = {end}_t)]`"),
    };
    let message = message("output_unclear", place, what, &help);
    match place.is_text() {
        true => message,
        false => message.warning(),
    }
}

/// `h_t = (1 - z) .* h_{t-1} + …; z = σ(x_t * V);`, `y = s * V; s_t = …;`
pub(crate) fn output_found(place: Place, name: &str, last: &str) -> Diagnostic {
    let what = format!(
        "`{name}` is taken for the output: the last equation is that of `{last}`, which another \
         one reads in the same step"
    );
    let help = match place.line {
        0 => format!("say so, `pub struct Name -> {name}_t {{ … }}`, or write its equation last"),
        _ => format!("say so: `#[cell_from_docs(output = {name}_t)]`"),
    };
    message("output_found", place, what, &help).warning()
}

/// `ε_t: hyper = …`
pub(crate) fn hyper_with_time(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is a hyper-parameter, yet it has a time index");
    message(
        "hyper_with_time",
        place,
        what,
        "a hyper-parameter is one number for all steps: remove the index",
    )
}

/// `ε: hyper = α;`
pub(crate) fn hyper_not_number(place: Place, name: &str) -> Diagnostic {
    let what = format!("the value of the hyper-parameter `{name}` is no number");
    message(
        "hyper_not_number",
        place,
        what,
        "write a number: `ε: hyper = 0.5;`",
    )
}

/// A hyper-parameter with an equation.
pub(crate) fn hyper_defined(place: Place, name: &str, equation: Place) -> Diagnostic {
    let what = format!("`{name}` is a hyper-parameter, but an equation defines it");
    message(
        "hyper_defined",
        place,
        what,
        "remove the declaration or the equation",
    )
    .and(equation, "defined here")
}

/// `x_t ~ zeros`
pub(crate) fn init_of_value(place: Place, name: &str, what_it_is: &str) -> Diagnostic {
    let what = format!("`{name}` is {what_it_is}, so it has no initial value");
    message(
        "init_of_value",
        place,
        what,
        "only parameters and states start somewhere: remove `~ …`",
    )
}

/// `h_t ~ zeros`
pub(crate) fn init_of_state(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is a state: its initial value is written on index 0");
    message(
        "init_of_state",
        place,
        what,
        &format!("write `{name}_0 ~ …;`"),
    )
}

/// `f_0 ~ zeros` where no earlier `f` is read.
pub(crate) fn initial_of_no_state(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` gets a value for step 0, but no earlier value of it is read");
    let help = format!("remove this, or read `{name}_{{t-1}}` somewhere");
    message("initial_of_no_state", place, what, &help)
}

/// `h_0 ~ orthogonal`
pub(crate) fn initial_state(place: Place, name: &str, initialiser: &str) -> Diagnostic {
    let what = format!("the state `{name}` cannot start as `{initialiser}`");
    message(
        "initial_state",
        place,
        what,
        "write `zeros`, `ones`, a number, or `trainable`",
    )
}

/// `W ~ trainable`
pub(crate) fn trainable_parameter(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is a parameter, and parameters are always trained");
    message(
        "trainable_parameter",
        place,
        what,
        "say how it starts, or remove the declaration",
    )
}

/// `uniform(1, 0)`, `he(3)`
pub(crate) fn initialiser_arguments(place: Place, initialiser: &str) -> Diagnostic {
    let what = format!("these arguments do not fit `{initialiser}`");
    let help = "write `uniform(least, most)`, `uniform(bound)`, `normal(mean, deviation)`, \
                `normal(deviation)`, `constant(value)`; the others take none";
    message("initialiser_arguments", place, what, help)
}

/// `h_0: [I]` where `h_t: [H]`
pub(crate) fn start_of_other_shape(place: Place, name: &str, state: Place) -> Diagnostic {
    let what = format!("`{name}` is declared otherwise than its state");
    let help = format!("leave its shape out, it is the state's: `{name} ~ 1;`");
    message("start_of_other_shape", place, what, &help).and(state, "the state is declared here")
}

/// `b ~ orthogonal`
pub(crate) fn initialiser_of_matrix(place: Place, initialiser: &str, name: &str) -> Diagnostic {
    let what = format!("`{initialiser}` is for matrices, and `{name}` is none");
    message(
        "initialiser_of_matrix",
        place,
        what,
        "write a number, `uniform(…)` or `normal(…)`",
    )
}

/// `W ~ identity` with two sizes.
pub(crate) fn identity_not_square(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` cannot start as the identity: its rows and columns differ");
    message(
        "identity_not_square",
        place,
        what,
        "write another initialiser, or declare it `[H, H]`",
    )
}

/// `h_{-1} = 0`
pub(crate) fn before_start(place: Place, state: &str) -> Diagnostic {
    let what = "a state starts at index 0, not at -1".to_owned();
    let help = format!(
        "write `{state}_0 ~ 1;` or `{state}_0 ~ trainable;`, or nothing where it starts at zero"
    );
    message("before_start", place, what, &help)
}

/// `h_0 = x_t * W`
pub(crate) fn initial_by_equation(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is where a state starts, and no equation of a step gives that");
    let help = format!(
        "write a number, `{name} = 0;`, or `{name} ~ trainable;`; any other value is handed to the \
         sequence: `Sequence::new(x.view()).state(&state)`"
    );
    message("initial_by_equation", place, what, &help)
}

/// `s_3` where `s_1` and `s_2` are defined.
pub(crate) fn one_too_far(
    place: Place,
    name: &str,
    (first, second): (&str, &str),
    defined: Place,
) -> Diagnostic {
    let what = format!("no equation defines `{name}`, though some define `{first}` and `{second}`");
    let help = format!(
        "add an equation for it, or let the loop run that far; if a parameter is meant, declare it: \
         `{name}: [H];`"
    );
    message("one_too_far", place, what, &help).and(defined, &format!("`{first}` is defined here"))
}
