//! Biases: where they stand, which say the same twice, and a form without them.
//!
//! A bias is a parameter that a sum holds wherever it holds a certain product: in
//! `x W + b` beside `x W`, in `r ⊙ (h U + c)` beside `h U`.

use super::build::Form;
use super::canon::used;
use super::edit::Edit;
use super::term::{Atom, AtomId, Leaf, Monomial, Terms, Value, rounded};

/// Where a factor stands in a sum: what it multiplies, with the coefficient.
type Places = Vec<(Monomial, u64)>;

/// The form with one bias where several are only ever added, and none beside a number that is;
/// how many were left out.
pub(super) fn tidy(form: &Form) -> (Form, usize) {
    let mut edit = Edit::default();
    let mut doubled = 0;
    let (_, values) = used(form);
    for value in (0..values.len()).filter(|&v| values[v]) {
        let biases = biases(&form.terms, value);
        let single = |atom: AtomId| standing(form, &values, atom) == 1;
        let mut kept: Vec<&Places> = Vec::new();
        let mut dropped: Vec<AtomId> = Vec::new();
        for (atom, places) in biases.iter().filter(|(atom, _)| single(*atom)) {
            match kept.contains(&places) {
                true => dropped.push(*atom),
                false => kept.push(places),
            }
        }
        doubled += dropped.len();
        let plain = kept
            .iter()
            .any(|p| matches!(p.as_slice(), [(m, _)] if m.is_empty()));
        let constant = |m: &Monomial| {
            m.is_empty() || matches!(m.as_slice(), [(a, 1)] if hyper(&form.terms, *a))
        };
        let terms = &form.terms.values[value];
        let left: Vec<(Monomial, f64)> = terms
            .iter()
            .filter(|(m, _)| !m.iter().any(|(a, _)| dropped.contains(a)))
            .filter(|(m, _)| !(plain && constant(m)))
            .cloned()
            .collect();
        if left.len() != terms.len() {
            edit.values.insert(value, left);
        }
    }
    (edit.apply(form), doubled)
}

/// The form without biases, and how many there were.
pub(super) fn strip(form: &Form) -> (Form, usize) {
    let mut edit = Edit::default();
    let mut stripped: Vec<AtomId> = Vec::new();
    let (_, values) = used(form);
    for value in (0..values.len()).filter(|&v| values[v]) {
        let biases = biases(&form.terms, value);
        if biases.is_empty() {
            continue;
        }
        let out: Vec<AtomId> = biases.into_iter().map(|(atom, _)| atom).collect();
        let terms = &form.terms.values[value];
        let left = terms
            .iter()
            .filter(|(m, _)| !m.iter().any(|(a, _)| out.contains(a)));
        edit.values.insert(value, left.cloned().collect());
        stripped.extend(out);
    }
    stripped.sort_unstable();
    stripped.dedup();
    (edit.apply(form), stripped.len())
}

/// Parameters that stand wherever some product stands.
fn biases(terms: &Terms, value: Value) -> Vec<(AtomId, Places)> {
    let mut atoms: Vec<AtomId> = Vec::new();
    for (m, _) in &terms.values[value] {
        atoms.extend(m.iter().filter(|(_, e)| *e == 1).map(|(a, _)| *a));
    }
    atoms.sort_unstable();
    atoms.dedup();
    let products: Vec<Places> = atoms
        .iter()
        .filter(|&&a| product(terms, a))
        .map(|&a| places(terms, value, a))
        .collect();
    let parameters = atoms.iter().filter(|&&a| parameter(terms, a));
    parameters
        .map(|&a| (a, places(terms, value, a)))
        .filter(|(_, places)| products.contains(places))
        .collect()
}

fn places(terms: &Terms, value: Value, atom: AtomId) -> Places {
    let with = terms.values[value]
        .iter()
        .filter(|(m, _)| m.iter().any(|(a, _)| *a == atom));
    let rest = with.map(|(m, c)| {
        let rest = m.iter().copied().filter(|(a, _)| *a != atom).collect();
        (rest, rounded(*c))
    });
    rest.collect()
}

fn parameter(terms: &Terms, atom: AtomId) -> bool {
    let (inner, axes) = &terms.atoms[atom];
    *axes < 2 && matches!(inner, Atom::Leaf(Leaf::Param(..), _))
}

fn hyper(terms: &Terms, atom: AtomId) -> bool {
    matches!(terms.atoms[atom].0, Atom::Leaf(Leaf::Hyper(_), _))
}

/// A matrix times a vector, a normalised one, or a dot product.
fn product(terms: &Terms, atom: AtomId) -> bool {
    match &terms.atoms[atom].0 {
        Atom::Dot(..) => true,
        Atom::Call(name, _) => matches!(name.as_str(), "sum" | "layer_norm" | "rms_norm"),
        _ => false,
    }
}

/// In how many values an atom stands.
pub(super) fn standing(form: &Form, values: &[bool], atom: AtomId) -> usize {
    let lists = form
        .terms
        .values
        .iter()
        .zip(values)
        .filter(|(_, used)| **used);
    lists
        .filter(|(terms, _)| terms.iter().any(|(m, _)| m.iter().any(|(a, _)| *a == atom)))
        .count()
}
