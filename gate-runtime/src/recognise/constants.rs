//! Constants of the definition: numbers, trained scalars and hyper-parameters play one part.
//!
//! Takes: a form. Gives: edits that put hyper-parameters where the known cells have them.

use std::collections::HashMap;

use super::build::Form;
use super::edit::Edit;
use super::term::{Atom, Leaf, Monomial, Value, rounded};
use super::within::{atoms, values};

/// Beyond the symbols of any cell.
const NUMBERS: usize = usize::MAX / 2;

/// Trained scalars as hyper-parameters.
pub(super) fn trained(form: &mut Form) -> Edit {
    let mut edit = Edit::default();
    for atom in atoms(form) {
        if let (Atom::Leaf(Leaf::Param(symbol, _), _), 0) = form.terms.atoms[atom] {
            let hyper = Atom::Leaf(Leaf::Hyper(symbol), 0);
            edit.atoms.insert(atom, form.terms.atom(hyper, 0));
        }
    }
    edit
}

/// Factors other than 1, and what is added within a function, as hyper-parameters: equal numbers
/// as one (`shared`), or as one in each sum.
pub(super) fn fixed(form: &mut Form, shared: bool) -> Edit {
    let mut edit = Edit::default();
    let calls = atoms(form).into_iter();
    let inside: Vec<Value> = calls
        .filter_map(|a| match &form.terms.atoms[a].0 {
            Atom::Call(_, args) => Some(args.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    let mut known: HashMap<(u64, Option<Value>), usize> = HashMap::new();
    for value in values(form) {
        let mut terms: Vec<(Monomial, f64)> = form.terms.values[value].clone();
        let mut changed = false;
        for (m, c) in &mut terms {
            let number = match m.is_empty() {
                true => inside.contains(&value),
                false => c.abs() != 1.0,
            };
            if !number {
                continue;
            }
            let count = known.len();
            let key = (rounded(c.abs()), (!shared).then_some(value));
            let index = *known.entry(key).or_insert(count);
            let hyper = Atom::Leaf(Leaf::Hyper(NUMBERS + index), 0);
            let hyper = form.terms.atom(hyper, 0);
            m.extend(form.terms.values[hyper][0].0.iter().copied());
            m.sort_unstable();
            *c = c.signum();
            changed = true;
        }
        if changed {
            edit.values.insert(value, terms);
        }
    }
    edit
}
