//! What a variant says, and the parent's statements with it in the place of what it replaces.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Place;
use crate::model::names::clock::Clock;
use crate::model::names::{Key, Written};
use crate::syntax::{Declaration, DeclaredKind, Header, Item, Name};

/// What a variant says, by symbol.
#[derive(Default)]
pub(super) struct Said {
    /// Equations and functions.
    pub(super) equations: BTreeMap<Key, Name>,
    declarations: BTreeMap<Key, Parts>,
    /// Listed as inputs in the struct line.
    inputs: BTreeSet<Key>,
}

/// What declarations of a symbol hold.
#[derive(Clone, Copy)]
struct Parts {
    place: Place,
    kind: bool,
    init: bool,
    hyper: bool,
}

impl Parts {
    fn none(place: Place) -> Parts {
        Parts {
            place,
            kind: false,
            init: false,
            hyper: false,
        }
    }
}

impl Said {
    pub(super) fn of(header: &Header, own: &[Item], clock: &Clock) -> Said {
        let mut said = Said::default();
        for name in header.inputs.iter().flatten() {
            said.inputs.insert(Written::of(name, clock).labelled());
        }
        for item in own {
            match item {
                Item::Equation(equation) => {
                    let key = Written::of(&equation.left, clock).labelled();
                    said.equations.insert(key, equation.left.clone());
                }
                Item::Function(function) => {
                    let key = Written::of(&function.name, clock).labelled();
                    said.equations.insert(key, function.name.clone());
                }
                Item::Declaration(declared) => {
                    let key = Written::of(&declared.name, clock).labelled();
                    let entry = said.declarations.entry(key);
                    let entry = entry.or_insert(Parts::none(declared.place));
                    entry.kind |= declared.kind.is_some();
                    entry.init |= declared.init.is_some();
                    entry.hyper |= matches!(declared.kind, Some(DeclaredKind::Hyper));
                }
                Item::Loop(_) | Item::Split(_) => {}
            }
        }
        said
    }

    /// The parent's statements with the variant's in the place of those that they replace; new
    /// ones follow. With each, whether it is the variant's.
    pub(super) fn overlay(
        &self,
        old: Vec<Item>,
        own: Vec<Item>,
        clock: &Clock,
    ) -> Vec<(bool, Item)> {
        let mut rest: Vec<Option<Item>> = own.into_iter().map(Some).collect();
        let mut items = Vec::new();
        for item in old {
            match item {
                Item::Declaration(declared) => {
                    let key = Written::of(&declared.name, clock).labelled();
                    let kept = self.kept(&key, declared).map(Item::Declaration);
                    items.extend(kept.map(|item| (false, item)));
                }
                item => {
                    let Some(key) = defines(&item, clock) else {
                        continue;
                    };
                    if !self.redefines(&key) {
                        items.push((false, item));
                        continue;
                    }
                    let is = |own: &Option<Item>| {
                        own.as_ref().and_then(|own| defines(own, clock)).as_ref() == Some(&key)
                    };
                    let own = rest.iter_mut().find(|own| is(own));
                    items.extend(own.and_then(Option::take).map(|item| (true, item)));
                }
            }
        }
        items.extend(rest.into_iter().flatten().map(|item| (true, item)));
        items
    }

    /// Whether the parent's equation of a symbol is void: the variant has another one, or makes
    /// it a parameter by giving it a start, a hyper-parameter, or an input.
    fn redefines(&self, key: &Key) -> bool {
        let declared = self.declarations.get(key);
        let declared = declared.is_some_and(|parts| parts.init || parts.hyper);
        declared || self.equations.contains_key(key) || self.inputs.contains(key)
    }

    /// What of a declaration of the parent's is still to be said.
    fn kept(&self, key: &Key, mut declared: Declaration) -> Option<Declaration> {
        let parts = self.declarations.get(key).copied();
        let Parts { kind, init, .. } = parts.unwrap_or(Parts::none(declared.place));
        let hyper = matches!(declared.kind, Some(DeclaredKind::Hyper));
        let defined = self.equations.contains_key(key);
        if kind || hyper && (init || defined) {
            declared.kind = None;
            declared.value = None;
        }
        if init || defined || kind && hyper {
            declared.init = None;
        }
        (declared.kind.is_some() || declared.init.is_some()).then_some(declared)
    }

    /// What is said of which symbol.
    pub(super) fn places(&self) -> Vec<(String, Place)> {
        let equations = self.equations.iter().map(|(key, name)| (key, name.place));
        let declarations = self
            .declarations
            .iter()
            .map(|(key, parts)| (key, parts.place));
        let all = equations.chain(declarations);
        all.map(|(key, place)| (key.printed(), place)).collect()
    }
}

/// What an equation or a function defines.
fn defines(item: &Item, clock: &Clock) -> Option<Key> {
    match item {
        Item::Equation(equation) => Some(Written::of(&equation.left, clock).labelled()),
        Item::Function(function) => Some(Written::of(&function.name, clock).labelled()),
        Item::Declaration(_) | Item::Loop(_) | Item::Split(_) => None,
    }
}
