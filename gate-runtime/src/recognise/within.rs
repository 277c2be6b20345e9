//! What is in a form.
//!
//! Takes: a form. Gives: the atoms and values that it uses.

use super::build::Form;
use super::canon::used;
use super::term::{Atom, AtomId, Terms, Value};

/// The atom that a value is.
pub(super) fn only(terms: &Terms, value: Value) -> Option<&Atom> {
    match terms.values[value].as_slice() {
        [(m, 1.0)] => match m.as_slice() {
            [(atom, 1)] => Some(&terms.atoms[*atom].0),
            _ => None,
        },
        _ => None,
    }
}

/// The atoms that anything uses.
pub(super) fn atoms(form: &Form) -> Vec<AtomId> {
    let (atoms, _) = used(form);
    (0..atoms.len()).filter(|&a| atoms[a]).collect()
}

/// The values that anything uses.
pub(super) fn values(form: &Form) -> Vec<Value> {
    let (_, values) = used(form);
    (0..values.len()).filter(|&v| values[v]).collect()
}
