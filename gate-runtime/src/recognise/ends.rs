//! Features of what enters a cell and what leaves it.
//!
//! Takes: a form. Gives: edits, or forms, without further inputs and outputs, matrices before and
//! after the cell.

use super::bias::standing;
use super::build::Form;
use super::canon::used;
use super::edit::Edit;
use super::term::{Atom, AtomId, Leaf, Monomial, Terms, Value};
use super::within::{atoms, only, values};

/// With more outputs than these, only one is kept at a time.
const OUTPUTS: usize = 4;

/// A state that is a matrix times a value is that value.
pub(super) fn projection(form: &Form) -> Edit {
    let mut edit = Edit::default();
    for (i, &(_, value)) in form.states.iter().enumerate() {
        if let Some(&Atom::Dot(m, v)) = only(&form.terms, value) {
            let parameter =
                |a: &Atom| matches!(a, Atom::Leaf(Leaf::Param(..), _) | Atom::Transposed(_));
            if only(&form.terms, m).is_some_and(parameter) {
                edit.states.insert(i, v);
            }
        }
    }
    edit
}

/// An output that is a matrix times a state, possibly with a bias, is that state.
pub(super) fn readout(form: &Form) -> Edit {
    let mut edit = Edit::default();
    for (i, &value) in form.outputs.iter().enumerate() {
        let mut found = None;
        let simple = form.terms.values[value]
            .iter()
            .all(|(m, _)| match m.as_slice() {
                [(atom, 1)] => match &form.terms.atoms[*atom].0 {
                    Atom::Dot(_, v) => {
                        let state = only(&form.terms, *v);
                        let now = matches!(state, Some(Atom::Leaf(Leaf::State(_), 0)));
                        let first = found.replace(*v).is_none();
                        now && first
                    }
                    Atom::Leaf(Leaf::Param(..), _) => true,
                    _ => false,
                },
                _ => false,
            });
        if let (true, Some(state)) = (simple, found) {
            edit.outputs.insert(i, state);
        }
    }
    edit
}

/// Products of inputs beside those of the first input.
pub(super) fn inputs(form: &Form) -> Edit {
    let mut edit = Edit::default();
    let of = |m: &Monomial| match m.as_slice() {
        [(atom, 1)] => match &form.terms.atoms[*atom].0 {
            Atom::Dot(_, v) => match only(&form.terms, *v) {
                Some(Atom::Leaf(Leaf::Input(symbol), _)) => Some(*symbol),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    for value in values(form) {
        let terms = &form.terms.values[value];
        let first = terms.iter().filter_map(|(m, _)| of(m)).min();
        let further = |m: &Monomial| of(m).is_some_and(|symbol| Some(symbol) != first);
        let left: Vec<(Monomial, f64)> =
            terms.iter().filter(|(m, _)| !further(m)).cloned().collect();
        if left.len() < terms.len() {
            edit.values.insert(value, left);
        }
    }
    edit
}

/// One matrix before the input at a time: `W x` as `x`, its bias with it where it has its sum to
/// itself.
pub(super) fn input_matrices(form: &mut Form) -> Vec<Edit> {
    let (_, used) = used(form);
    let mut out = Vec::new();
    for value in values(form) {
        let terms = form.terms.values[value].clone();
        for (at, (m, c)) in terms.iter().enumerate() {
            let &[(product, 1)] = m.as_slice() else {
                continue;
            };
            let Some((matrix, input)) = on_input(&form.terms, product) else {
                continue;
            };
            let reads =
                |&a: &AtomId| matches!(form.terms.atoms[a].0, Atom::Dot(m, _) if m == matrix);
            let alone = atoms(form).iter().filter(|a| reads(a)).count() == 1;
            if !alone || standing(form, &used, product) > 1 {
                continue;
            }
            let others = || terms.iter().enumerate().filter(|&(i, _)| i != at);
            let parameters = others().all(|(_, (m, _))| parameter(&form.terms, m));
            let others = others().filter(|_| !parameters).map(|(_, t)| t.clone());
            let mut left: Vec<(Monomial, f64)> = others.collect();
            left.push((form.terms.values[input][0].0.clone(), *c));
            let mut edit = Edit::default();
            edit.values.insert(value, left);
            out.push(edit);
        }
    }
    out
}

/// A parameter's product with an input: the matrix, and the input as a value.
fn on_input(terms: &Terms, product: AtomId) -> Option<(Value, Value)> {
    let &Atom::Dot(matrix, vector) = &terms.atoms[product].0 else {
        return None;
    };
    let parameter = matches!(
        only(terms, matrix)?,
        Atom::Leaf(Leaf::Param(..), _) | Atom::Transposed(_)
    );
    let input = matches!(only(terms, vector)?, Atom::Leaf(Leaf::Input(_), _));
    (parameter && input).then_some((matrix, vector))
}

/// Whether a term is a parameter.
fn parameter(terms: &Terms, m: &Monomial) -> bool {
    matches!(m.as_slice(), [(a, 1)] if matches!(terms.atoms[*a].0, Atom::Leaf(Leaf::Param(..), _)))
}

/// The form with some of its outputs, most of them first.
pub(super) fn outputs(form: &Form) -> Vec<Form> {
    let count = form.outputs.len();
    let mut kept: Vec<Vec<usize>> = match count {
        0 | 1 => Vec::new(),
        2..=OUTPUTS => (1..(1_usize << count) - 1)
            .map(|bits| (0..count).filter(|i| bits >> i & 1 == 1).collect())
            .collect(),
        _ => (0..count).map(|i| vec![i]).collect(),
    };
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.len()));
    let with = |kept: Vec<usize>| Form {
        outputs: kept.iter().map(|&i| form.outputs[i]).collect(),
        ..form.clone()
    };
    kept.into_iter().map(with).collect()
}
