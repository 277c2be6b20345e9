//! The messages about `#[fixed(…)]`: one constructor for each kind of mistake.

use super::message::message;
use crate::diag::{Diagnostic, Place, counted};

/// Something else than a name and sizes.
pub(crate) fn fixed_arguments(place: Place, reason: &str) -> Diagnostic {
    let what = format!("`#[fixed]` takes the name of a type, and a number for each size: {reason}");
    let help = "write `#[fixed(TinyLstm, x = 1, h = 16)]`";
    message("fixed_arguments", place, what, help)
}

/// `x = 1, x = 2`
pub(crate) fn fixed_twice(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("the size `{name}` is given twice");
    let mut out = message("fixed_twice", place, what, "give it once");
    out.others.push((first, "first given here".to_owned()));
    out
}

/// `x = 0`, `x = 100000`, `x = 1f32`
pub(crate) fn fixed_value(place: Place, name: &str, found: &str) -> Diagnostic {
    let what = format!("`{name} = {found}` is no size");
    let help = "a fixed size is a whole number from 1 to 65535; larger cells need their memory on \
                the heap, as the type without fixed sizes has it";
    message("fixed_value", place, what, help)
}

/// A size that the cell does not have.
pub(crate) fn fixed_unknown(place: Place, name: &str, known: &[&str]) -> Diagnostic {
    let what = format!("the cell has no size `{name}`");
    let help = format!(
        "its sizes are those that `new` takes: `{}`",
        known.join("`, `")
    );
    message("fixed_unknown", place, what, &help)
}

/// A size without a number.
pub(crate) fn fixed_missing(place: Place, name: &str, missing: &[&str]) -> Diagnostic {
    let what = format!("`{name}` has no number for `{}`", missing.join("`, `"));
    let each: Vec<String> = missing.iter().map(|size| format!("{size} = 16")).collect();
    let help = format!("add it: `#[fixed({name}, …, {})]`", each.join(", "));
    message("fixed_missing", place, what, &help)
}

/// `H/4` with `h = 6`
pub(crate) fn fixed_indivisible(
    place: Place,
    symbol: &str,
    length: usize,
    divisor: usize,
) -> Diagnostic {
    let what = format!("a length of `{symbol}` is {length}/{divisor}, which is no whole number");
    message(
        "fixed_indivisible",
        place,
        what,
        "choose sizes that it divides",
    )
}

/// A slice that ends behind its vector with fixed sizes.
pub(crate) struct Beyond {
    /// In backquotes.
    pub(crate) vector: String,
    pub(crate) end: usize,
    pub(crate) length: usize,
    pub(crate) place: Place,
}

/// `x_t[H..2H]` with `x = 3, h = 2`
pub(crate) fn fixed_slice(place: Place, name: &str, beyond: Beyond) -> Diagnostic {
    let Beyond {
        vector,
        end,
        length,
        place: slice,
    } = beyond;
    let what = format!(
        "with the sizes of `{name}`, a slice ends at {end}, but {vector} has {}",
        counted(length, "element")
    );
    let mut out = message(
        "fixed_slice",
        place,
        what,
        "choose sizes that fit the slice",
    );
    out.others.push((slice, "the slice".to_owned()));
    out
}

/// `#[fixed(Lstm, …)] struct Lstm`
pub(crate) fn fixed_name(place: Place, name: &str, first: Place) -> Diagnostic {
    let what = format!("two types would be called `{name}`");
    let mut out = message("fixed_name", place, what, "give this one another name");
    out.others.push((first, "the other one".to_owned()));
    out
}
