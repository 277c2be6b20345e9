//! What makes a variant of a cell: each feature is found, and taken away.
//!
//! Takes: a [`Form`]. Gives: the form without the feature, where it has it. What is left is looked
//! up again, so that "LSTM with peepholes and zoneout" needs no entry of its own.

use super::bias::standing;
use super::build::Form;
use super::canon::used;
use super::constants;
use super::edit::Edit;
use super::ends;
use super::term::{Atom, AtomId, Leaf, Monomial, Part, Terms, Value};
use super::within::{atoms, only, values};

/// A form without a feature, and the feature's name.
pub(super) struct Without {
    pub(super) form: Form,
    pub(super) feature: Feature,
}

/// What a cell has beyond the one that it is a variant of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// Values are normalised to mean 0 and variance 1.
    LayerNorm,
    /// Values are normalised by the root of their mean square.
    RmsNorm,
    /// States keep their value at random.
    Zoneout,
    /// Values are dropped at random.
    Dropout,
    /// Gates see the memory, unit by unit.
    Peepholes,
    /// Each unit sees the output of itself alone.
    DiagonalRecurrence,
    /// The output is narrower than what it is made of.
    Projection,
    /// The output is a linear function of the state.
    Readout,
    /// Gates are piecewise linear.
    HardSigmoid,
    /// Another function in place of tanh.
    ForTanh(&'static str),
    /// More than one input.
    FurtherInputs,
    /// More outputs.
    FurtherOutputs,
    /// The input passes through a matrix where the known cell reads it as it is.
    InputMatrix,
    /// Trained scalars where the known cell has hyper-parameters.
    TrainedConstants,
    /// Numbers where the known cell has hyper-parameters.
    FixedConstants,
    /// A gate (symbol) stands where its complement does in the known cell.
    Exchanged(Option<usize>),
    /// Biases that are only ever added to another one.
    DoubleBiases,
    /// No bias, where the known cell has some.
    NoBiases,
    /// Other biases than the known cell.
    OtherBiases,
}

impl Feature {
    /// Features are taken away in this order, so that no set of them is tried twice: outputs
    /// first, for peepholes are read from what is none; last what changes nothing for others.
    pub(super) fn order(self) -> (u8, usize) {
        match self {
            Feature::FurtherOutputs => (0, 0),
            Feature::Exchanged(symbol) => (2, symbol.map_or(0, |s| s + 1)),
            Feature::TrainedConstants => (3, 0),
            Feature::FixedConstants => (4, 0),
            Feature::InputMatrix => (5, 0),
            _ => (1, 0),
        }
    }
}

/// Every form with one feature less.
pub(super) fn without(form: &Form) -> Vec<Without> {
    let normalised = [
        ("layer_norm", Feature::LayerNorm),
        ("rms_norm", Feature::RmsNorm),
    ];
    let mut out = Vec::new();
    let mut push = |feature: Feature, edit: Edit, form: &Form| {
        if !edit.empty() {
            out.push(Without {
                form: edit.apply(form),
                feature,
            });
        }
    };
    for (name, feature) in normalised {
        push(feature, norms(form, name), form);
    }
    push(Feature::Zoneout, masks(form, true), form);
    push(Feature::Dropout, masks(form, false), form);
    push(Feature::Peepholes, peepholes(form), form);
    let mut wide = form.clone();
    let edit = diagonal(&mut wide);
    push(Feature::DiagonalRecurrence, edit, &wide);
    push(Feature::Projection, ends::projection(form), form);
    push(Feature::Readout, ends::readout(form), form);
    let mut wide = form.clone();
    let edit = hard_gates(&mut wide);
    push(Feature::HardSigmoid, edit, &wide);
    for name in ["relu", "hard_tanh", "softplus", "sin", "gelu"] {
        let mut wide = form.clone();
        let edit = functions(&mut wide, name);
        push(Feature::ForTanh(name), edit, &wide);
    }
    push(Feature::FurtherInputs, ends::inputs(form), form);
    let mut wide = form.clone();
    let edit = constants::trained(&mut wide);
    push(Feature::TrainedConstants, edit, &wide);
    for shared in [true, false] {
        let mut wide = form.clone();
        let edit = constants::fixed(&mut wide, shared);
        push(Feature::FixedConstants, edit, &wide);
    }
    for (atom, edit) in exchanges(form) {
        let gate = form.named.iter().find(|&&(_, v)| is(&form.terms, v, atom));
        push(Feature::Exchanged(gate.map(|&(s, _)| s)), edit, form);
    }
    let mut wide = form.clone();
    for edit in ends::input_matrices(&mut wide) {
        push(Feature::InputMatrix, edit, &wide);
    }
    let feature = Feature::FurtherOutputs;
    let fewer = ends::outputs(form).into_iter();
    out.extend(fewer.map(|form| Without { form, feature }));
    out
}

/// Whether a value is an atom.
fn is(terms: &Terms, value: Value, atom: AtomId) -> bool {
    matches!(terms.values[value].as_slice(), [(m, 1.0)] if m.as_slice() == [(atom, 1)])
}

/// Arguments of functions with one of these names.
fn arguments(form: &Form, names: &[&str]) -> Vec<Value> {
    let mut out = Vec::new();
    for atom in atoms(form) {
        match &form.terms.atoms[atom].0 {
            Atom::Call(name, args) if names.contains(&name.as_str()) => out.extend(args),
            _ => {}
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn vector_parameter(terms: &Terms, atom: AtomId) -> bool {
    let (inner, axes) = &terms.atoms[atom];
    *axes == 1 && matches!(inner, Atom::Leaf(Leaf::Param(..), _))
}

fn norms(form: &Form, wanted: &str) -> Edit {
    let mut edit = Edit::default();
    for atom in atoms(form) {
        match &form.terms.atoms[atom].0 {
            Atom::Call(name, args) if name == wanted => {
                edit.atoms.insert(atom, args[0]);
            }
            _ => {}
        }
    }
    if edit.atoms.is_empty() {
        return edit;
    }
    // The gains go with them.
    for value in values(form) {
        let terms = &form.terms.values[value];
        let bare = terms.iter().map(|(m, c)| {
            let normal = m.iter().any(|(a, _)| edit.atoms.contains_key(a));
            let gain = |a: AtomId| normal && vector_parameter(&form.terms, a);
            let left: Monomial = m.iter().copied().filter(|&(a, _)| !gain(a)).collect();
            (left, *c)
        });
        let bare: Vec<(Monomial, f64)> = bare.collect();
        if bare != *terms {
            edit.values.insert(value, bare);
        }
    }
    edit
}

/// Zoneout's mask as if nothing were kept, dropout's as if nothing were dropped.
fn masks(form: &Form, zoneout: bool) -> Edit {
    let mut edit = Edit::default();
    for value in values(form) {
        let terms = &form.terms.values[value];
        let mask = |a: AtomId| matches!(form.terms.atoms[a].0, Atom::Leaf(Leaf::Mask(_, z), _) if z == zoneout);
        let left: Vec<(Monomial, f64)> = terms
            .iter()
            .filter(|(m, _)| !zoneout || !m.iter().any(|&(a, _)| mask(a)))
            .map(|(m, c)| (m.iter().copied().filter(|&(a, _)| !mask(a)).collect(), *c))
            .collect();
        if left != *terms {
            edit.values.insert(value, left);
        }
    }
    edit
}

/// Whether an atom is a state, now or before, and an output at that.
fn state(form: &Form, atom: AtomId) -> Option<bool> {
    let Atom::Leaf(Leaf::State(own), _) = &form.terms.atoms[atom].0 else {
        return None;
    };
    let mut outputs = form.outputs.iter();
    let shown = outputs
        .any(|&v| matches!(only(&form.terms, v), Some(Atom::Leaf(Leaf::State(s), 0)) if s == own));
    Some(shown)
}

/// A term of one parameter, unit by unit, and a state: the state, and whether it is an output.
fn unitwise(form: &Form, monomial: &Monomial) -> Option<(AtomId, bool)> {
    let mut parameters = monomial
        .iter()
        .filter(|(a, _)| vector_parameter(&form.terms, *a));
    let &(parameter, 1) = parameters.next()? else {
        return None;
    };
    if parameters.next().is_some() {
        return None;
    }
    let shown = monomial.iter().find_map(|&(a, _)| state(form, a))?;
    Some((parameter, shown))
}

fn peepholes(form: &Form) -> Edit {
    let mut edit = Edit::default();
    for value in arguments(form, &["sigmoid", "hard_sigmoid"]) {
        let terms = &form.terms.values[value];
        let peephole = |m: &Monomial| m.len() == 2 && unitwise(form, m).is_some_and(|(_, s)| !s);
        let left: Vec<(Monomial, f64)> = terms
            .iter()
            .filter(|(m, _)| !peephole(m))
            .cloned()
            .collect();
        if left.len() < terms.len() && !left.is_empty() {
            edit.values.insert(value, left);
        }
    }
    edit
}

/// A parameter beside the output of the step before becomes a matrix.
fn diagonal(form: &mut Form) -> Edit {
    let mut edit = Edit::default();
    for value in arguments(form, &["sigmoid", "hard_sigmoid", "tanh", "relu"]) {
        let terms = form.terms.values[value].clone();
        let mut changed = Vec::new();
        for (m, c) in &terms {
            let Some((parameter, true)) = unitwise(form, m) else {
                changed.push((m.clone(), *c));
                continue;
            };
            let Atom::Leaf(Leaf::Param(symbol, parts), _) = form.terms.atoms[parameter].0.clone()
            else {
                continue;
            };
            let whole: Part = (2, (Vec::new(), 0, 1), (Vec::new(), 0, 1));
            let leaf = Leaf::Param(symbol, [parts, vec![whole]].concat());
            let matrix = form.terms.atom(Atom::Leaf(leaf, 0), 2);
            let rest = m.iter().copied().filter(|(a, _)| *a != parameter).collect();
            let rest = form.terms.sum(vec![(rest, 1.0)]);
            let product = form.terms.dot(matrix, rest);
            let product = form.terms.values[product].clone();
            changed.extend(product.into_iter().map(|(m, d)| (m, c * d)));
        }
        if changed != terms {
            edit.values.insert(value, changed);
        }
    }
    edit
}

/// `clamp(a x + b, 0, 1)` as `σ(x)`.
fn hard_gates(form: &mut Form) -> Edit {
    let mut edit = Edit::default();
    for atom in atoms(form) {
        let (Atom::Call(name, args), axes) = form.terms.atoms[atom].clone() else {
            continue;
        };
        if name != "hard_sigmoid" {
            continue;
        }
        let line = form.terms.values[args[0]].clone();
        let rest: Vec<(Monomial, f64)> = line.into_iter().filter(|(m, _)| !m.is_empty()).collect();
        let slope = rest
            .iter()
            .map(|(_, c)| c.abs())
            .fold(f64::INFINITY, f64::min);
        let inner = form
            .terms
            .sum(rest.into_iter().map(|(m, c)| (m, c / slope)).collect());
        let smooth = form.terms.call("sigmoid", vec![inner], axes);
        edit.atoms.insert(atom, smooth);
    }
    edit
}

/// A function of one value as tanh.
fn functions(form: &mut Form, wanted: &str) -> Edit {
    let mut edit = Edit::default();
    for atom in atoms(form) {
        let (Atom::Call(name, args), axes) = form.terms.atoms[atom].clone() else {
            continue;
        };
        if name == wanted && axes == 1 {
            let smooth = form.terms.call("tanh", args, axes);
            edit.atoms.insert(atom, smooth);
        }
    }
    edit
}

/// Gates whose parameters are their own: `σ(-a) = 1 - σ(a)`, so that `z` and `1 - z` may change
/// places.
fn exchanges(form: &Form) -> Vec<(AtomId, Edit)> {
    let (_, used) = used(form);
    let mut out = Vec::new();
    for atom in atoms(form) {
        let Atom::Call(name, args) = &form.terms.atoms[atom].0 else {
            continue;
        };
        if name != "sigmoid" || form.terms.values[args[0]].is_empty() {
            continue;
        }
        let own = |m: &Monomial| {
            m.iter().any(|&(a, e)| {
                let single = e == 1 && standing(form, &used, a) == 1;
                single
                    && match &form.terms.atoms[a].0 {
                        Atom::Leaf(Leaf::Param(..), _) => true,
                        Atom::Dot(matrix, _) => matches!(
                            only(&form.terms, *matrix),
                            Some(Atom::Leaf(Leaf::Param(..), _) | Atom::Transposed(_))
                        ),
                        _ => false,
                    }
            })
        };
        if form.terms.values[args[0]].iter().all(|(m, _)| own(m)) {
            let edit = Edit {
                complements: vec![atom],
                ..Edit::default()
            };
            out.push((atom, edit));
        }
    }
    out
}
