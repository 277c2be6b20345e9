//! Biases: where they stand, which say the same twice, and a form without them.
//!
//! A bias is a parameter that a sum holds wherever it holds a certain product: in
//! `x W + b` beside `x W`, in `r ⊙ (h U + c)` beside `h U`.

use std::collections::BTreeMap;

use super::build::Form;
use super::canon::used;
use super::edit::Edit;
use super::term::{Atom, AtomId, Leaf, Monomial, Terms, Value, rounded};

/// Where a factor stands in a sum: what it multiplies, with the coefficient.
type Places = Vec<(Monomial, u64)>;

/// Where a bias stands: in which sums, and where in each.
type Standing<'p> = Vec<(Value, &'p Places)>;

/// The form with one bias where several are only ever added, and none beside a number that is;
/// how many were left out.
pub(super) fn tidy(form: &Form) -> (Form, usize) {
    let mut edit = Edit::default();
    let (_, values) = used(form);
    let used = (0..values.len()).filter(|&v| values[v]);
    let sums: Vec<(Value, Vec<(AtomId, Places)>)> =
        used.map(|v| (v, biases(&form.terms, v))).collect();
    let mut all: BTreeMap<AtomId, Standing> = BTreeMap::new();
    for (value, biases) in &sums {
        for (atom, places) in biases {
            all.entry(*atom).or_default().push((*value, places));
        }
    }
    // Only what is a bias wherever it stands.
    all.retain(|&atom, sums| sums.len() == standing(form, &values, atom));
    let mut kept: Vec<(AtomId, Standing)> = Vec::new();
    let mut dropped: Vec<AtomId> = Vec::new();
    for (atom, sums) in all {
        match kept.iter().any(|(_, other)| *other == sums) {
            true => dropped.push(atom),
            false => kept.push((atom, sums)),
        }
    }
    for (value, biases) in &sums {
        let alone = |(atom, sums): &(AtomId, Standing)| {
            let plain = matches!(sums.as_slice(), [(_, places)] if bare(places));
            plain && biases.iter().any(|(a, _)| a == atom)
        };
        let plain = kept.iter().any(alone);
        let constant = |m: &Monomial| {
            m.is_empty() || matches!(m.as_slice(), [(a, 1)] if hyper(&form.terms, *a))
        };
        let terms = &form.terms.values[*value];
        let left: Vec<(Monomial, f64)> = terms
            .iter()
            .filter(|(m, _)| !dropped.iter().any(|&a| within(&form.terms, m, a)))
            .filter(|(m, _)| !(plain && constant(m)))
            .cloned()
            .collect();
        if left.len() != terms.len() {
            edit.values.insert(*value, left);
        }
    }
    (edit.apply(form), dropped.len())
}

/// Whether a bias is a term of its own.
fn bare(places: &Places) -> bool {
    matches!(places.as_slice(), [(m, _)] if m.is_empty())
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
            .filter(|(m, _)| !out.iter().any(|&a| within(&form.terms, m, a)));
        edit.values.insert(value, left.cloned().collect());
        stripped.extend(out);
    }
    stripped.sort_unstable();
    stripped.dedup();
    (edit.apply(form), stripped.len())
}

/// Parameters that stand wherever some product stands.
fn biases(terms: &Terms, value: Value) -> Vec<(AtomId, Places)> {
    let places = places(terms, value);
    let products: Vec<&Places> = places
        .iter()
        .filter(|(a, _)| product(terms, **a))
        .map(|(_, places)| places)
        .collect();
    let parameters = places.iter().filter(|(a, _)| parameter(terms, **a));
    parameters
        .filter(|(_, places)| products.contains(places))
        .map(|(&a, places)| (a, places.clone()))
        .collect()
}

/// Where each factor stands in a sum; also in a product that a matrix multiplies, for
/// `V ((x W + b) ⊙ m)` is multiplied out.
fn places(terms: &Terms, value: Value) -> BTreeMap<AtomId, Places> {
    let mut out: BTreeMap<AtomId, Places> = BTreeMap::new();
    for (m, c) in &terms.values[value] {
        let mut add = |product: &Monomial, beside: &Monomial| {
            for &(atom, _) in product.iter().filter(|(_, e)| *e == 1) {
                let rest = product.iter().copied().filter(|(a, _)| *a != atom);
                let rest = rest.chain(beside.iter().copied()).collect();
                out.entry(atom).or_default().push((rest, rounded(*c)));
            }
        };
        add(m, &Vec::new());
        for &(atom, _) in m {
            if let Some((matrix, inner)) = multiplied(terms, atom) {
                // No atom has the matrix's number.
                let others = m.iter().copied().filter(|(a, _)| *a != atom);
                let beside = others.chain([(terms.atoms.len() + matrix, 1)]).collect();
                add(inner, &beside);
            }
        }
    }
    out
}

/// The matrix and the single product that it multiplies.
fn multiplied(terms: &Terms, atom: AtomId) -> Option<(Value, &Monomial)> {
    let &Atom::Dot(matrix, vector) = &terms.atoms[atom].0 else {
        return None;
    };
    match terms.values[vector].as_slice() {
        [(inner, _)] => Some((matrix, inner)),
        _ => None,
    }
}

/// Whether an atom is a factor of a product, or of what a matrix multiplies in it.
fn within(terms: &Terms, product: &Monomial, atom: AtomId) -> bool {
    let has = |m: &Monomial| m.iter().any(|(a, _)| *a == atom);
    has(product)
        || product
            .iter()
            .any(|&(a, _)| multiplied(terms, a).is_some_and(|(_, inner)| has(inner)))
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
