//! Messages about names that are almost others: slips of the keyboard, letters of two forms, and what
//! programs call an earlier value.

use super::readings::said;
use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place};

/// `С`, a Cyrillic letter, beside `C`.
pub(crate) fn lookalike(
    place: Place,
    name: &str,
    (letter, alphabet): (char, &str),
    other: Place,
) -> Diagnostic {
    let what = format!(
        "`{name}` looks like another symbol, but its `{letter}` is a {alphabet} letter (U+{:04X})",
        u32::from(letter)
    );
    let help = "write both with the same letters";
    message("lookalike", place, what, help).and(other, "the other one is here")
}

/// `theta` beside `θ`
pub(crate) fn spelled_letter(place: Place, word: &str, letter: &str, other: Place) -> Diagnostic {
    let what = format!("`{word}` and `{letter}` are two symbols, though the word names the letter");
    let help = "write both in the same way";
    message("spelled_letter", place, what, help).and(other, &format!("`{letter}` is here"))
}

/// `S_t` beside `s_t`, which an equation defines or is an input as well.
pub(crate) fn input_by_case(
    place: Place,
    name: &str,
    other: &str,
    (other_place, defined): (Place, bool),
) -> Diagnostic {
    let (role, there) = match defined {
        true => ("which an equation computes", "is defined here"),
        false => ("another input", "is read here"),
    };
    let what = format!("`{name}` would be an input of its own beside `{other}`, {role}");
    let list = match (place.line, defined) {
        (0, true) => format!("list it: `pub struct Name(x_t, {name}_t) -> …`"),
        (0, false) => format!("list both: `pub struct Name({other}_t, {name}_t) -> …`"),
        (_, true) => format!("list it: `#[cell_from_docs(input = (x_t, {name}_t))]`"),
        (_, false) => format!("list both: `#[cell_from_docs(input = ({other}_t, {name}_t))]`"),
    };
    let help = format!("write `{other}_t`; if `{name}` is meant as an input, {list}");
    message("input_by_case", place, what, &help).and(other_place, &format!("`{other}` {there}"))
}

/// `C_t = …` that nothing reads, and `c_t` that nothing defines.
pub(crate) fn misspelled_value(
    place: Place,
    name: &str,
    input: bool,
    defined: &str,
    definition: Place,
) -> Diagnostic {
    let what = format!(
        "no equation defines `{name}`, and none reads `{defined}`: did you mean `{defined}`?"
    );
    let declared = match (input, place.line) {
        (true, 0) => format!("list it as an input: `pub struct Name(x_t, {name}_t) -> …`"),
        (true, _) => format!("list it as an input: `#[cell_from_docs(input = (x_t, {name}_t))]`"),
        (false, 0) => format!("declare it: `{name}: [H];`"),
        (false, _) => format!("declare it: `#[cell_from_docs({name}: [H])]`"),
    };
    let help = format!("write `{defined}`; if `{name}` is meant, {declared}");
    message("misspelled_value", place, what, &help)
        .and(definition, &format!("`{defined}` is defined here"))
}

/// `forgt` beside a value `forget`, which other equations read.
pub(crate) fn misspelled_word(
    place: Place,
    name: &str,
    defined: &str,
    definition: Place,
) -> Diagnostic {
    let what = format!("no equation defines `{name}`: did you mean `{defined}`?");
    let declared = match place.line {
        0 => format!("`{name}: [H];`"),
        _ => format!("`#[cell_from_docs({name}: [H])]`"),
    };
    let help = format!("write `{defined}`; if `{name}` is meant, declare it: {declared}");
    message("misspelled_word", place, what, &help)
        .and(definition, &format!("`{defined}` is defined here"))
}

/// `W_xf` beside `W_x_f`
pub(crate) fn marked_differently(
    place: Place,
    name: &str,
    first_name: &str,
    first: Place,
) -> Diagnostic {
    let what = format!("`{name}` and `{first_name}` are two parameters of the same letters");
    let help = format!(
        "write one name in one way; if two are meant, declare them, `{name}: [I, H];`, or use \
         other letters"
    );
    message("marked_differently", place, what, &help).and(first, "the other one is here")
}

/// `h_prev`, `h_t_1`
pub(crate) fn past_by_label(
    place: Place,
    name: &str,
    input: bool,
    (value, step): (&str, &str),
) -> Diagnostic {
    let role = match input {
        true => "an input",
        false => "a parameter",
    };
    let what = format!("`{name}` is {role} to this definition, not an earlier value of `{value}`");
    let help = format!(
        "write `{step}`; if {role} is meant, declare it: {}",
        said(place, &format!("{name}: [H]"))
    );
    message("past_by_label", place, what, &help)
}
