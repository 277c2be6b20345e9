//! Declarations against what the equations make of the symbols.

use std::collections::BTreeMap;

use crate::diag::{self, Diagnostic, Diagnostics, Place};
use crate::model::SymbolId;
use crate::model::kinds::Kind;
use crate::model::names::letters::decomposed;
use crate::model::names::spell;
use crate::model::symbols::{Entry, Table};
use crate::model::trees::tree::constant;
use crate::spelling::nearest;
use crate::syntax::DeclaredKind;

use super::{Roles, Sort};

/// Reports declarations that say nothing or contradict an equation.
pub(in crate::model) fn declarations(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    for (id, entry) in table.symbols.iter().enumerate() {
        let sort = roles.sorts[id];
        let name = entry.key.printed();
        let kind = entry.known.as_ref().and_then(|known| known.kind);
        if let (Some(kind @ (Kind::Vector | Kind::Matrix)), Sort::Constant(_)) = (kind, sort)
            && !diagnostics.any()
        {
            let place = entry.defined.unwrap_or(entry.place);
            diagnostics.push(diag::given_kind(place, &name, kind.word(), "number"));
        }
        if let Some(initial) = &entry.declared.initial
            && sort != Sort::State
            && entry.defined.is_some()
        {
            diagnostics.push(diag::initial_of_no_state(initial.place, &name));
        }
        let message = match (entry.declared.place, sort) {
            (None, _) => None,
            (Some(place), Sort::Absent) => unused(table, id, place),
            (Some(place), sort) => contradiction(entry, sort, place),
        };
        message.into_iter().for_each(|m| diagnostics.push(m));
    }
}

/// A declaration of what no equation has.
fn unused(table: &Table, id: SymbolId, place: Place) -> Option<Diagnostic> {
    let listed = table.inputs.iter().flatten().any(|&input| input == id);
    if listed {
        return None;
    }
    let name = table.symbols[id].key.printed();
    if let Some(number) = declared_size(table, &table.symbols[id]) {
        return Some(diag::size_declared(place, &name, &number));
    }
    // An inner cell has answered for its own declarations.
    if place.layer != 0 {
        return None;
    }
    let key = &table.symbols[id].key;
    let seen = || table.symbols.iter().filter(|other| other.seen.is_some());
    let same = seen().find(|other| spell::ident(&other.key) == spell::ident(key));
    let same = same.map(|other| other.key.printed());
    let undeclared = seen().filter(|other| other.declared.place.is_none());
    let undeclared: Vec<String> = undeclared.map(|other| other.key.printed()).collect();
    let near = || nearest(&name, undeclared.iter().map(String::as_str));
    let near = same.as_deref().or_else(near);
    Some(diag::unused_declaration(place, &name, near))
}

/// A declaration of what the equations make something else.
fn contradiction(entry: &Entry, sort: Sort, place: Place) -> Option<Diagnostic> {
    let name = entry.key.printed();
    let equation = entry.defined.unwrap_or(entry.place);
    let kind = entry.declared.kind.as_ref().map(|(kind, _)| kind);
    let init = entry.declared.init.is_some();
    Some(match (sort, kind) {
        (Sort::Input, _) if init => diag::init_of_value(place, &name, "an input"),
        (Sort::State, _) if init => diag::init_of_state(place, &name),
        (Sort::Intermediate | Sort::Constant(_), _) if init => {
            diag::init_of_value(place, &name, "defined by an equation")
        }
        (Sort::State | Sort::Intermediate | Sort::Constant(_), Some(DeclaredKind::Hyper)) => {
            diag::hyper_defined(place, &name, equation)
        }
        (Sort::Constant(_), Some(DeclaredKind::Shape(_))) => {
            let (name, kind) = (format!("`{name}`"), "vector or matrix");
            diag::left_kind(equation, &name, kind, "scalar", Some(place))
        }
        (Sort::Hyper(_), _) if init => diag::init_of_value(place, &name, "a hyper-parameter"),
        _ => return None,
    })
}

/// The number that a declaration seems to give to a size: 64 in `H: [64]`, `H ~ 64` and
/// `H: hyper = 64` beside `h_t: [H]`.
fn declared_size(table: &Table, entry: &Entry) -> Option<String> {
    if !table.is_size_name(&entry.key) || entry.declared.timed {
        return None;
    }
    let declared = &entry.declared;
    let shape = match &declared.kind {
        Some((DeclaredKind::Shape(sizes), _)) => match &sizes[0].terms[..] {
            [(number, None)] => Some(*number as f64),
            _ => None,
        },
        _ => None,
    };
    let start = declared
        .init
        .as_ref()
        .and_then(|init| init.arguments.first());
    let value = declared.value.as_ref().and_then(constant);
    let number = shape.or(start.copied()).or(value);
    Some(number.map_or("64".to_owned(), |number| number.to_string()))
}

/// Reports different names that would be one identifier.
pub(in crate::model) fn identifiers(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<String, (String, Place)> = BTreeMap::new();
    for (id, entry) in table.symbols.iter().enumerate() {
        let lost = |d: &Diagnostic| d.code == "state_never_defined" && d.place.is(&entry.place);
        let absent = roles.sorts[id] == Sort::Absent || table.is_size(id);
        if absent || diagnostics.list().iter().any(lost) {
            continue;
        }
        let mut keys = vec![entry.key.clone()];
        if entry
            .declared
            .initial
            .as_ref()
            .is_some_and(|initial| initial.name == "trainable")
        {
            keys.push(entry.key.at_start());
        }
        let methods = |ident: &str| match roles.sorts[id] {
            Sort::Parameter => Some(format!("{ident}_mut")),
            Sort::Hyper(_) => Some(format!("set_{ident}")),
            _ => None,
        };
        let has_method = matches!(
            roles.sorts[id],
            Sort::Input | Sort::Parameter | Sort::Hyper(_)
        );
        for key in keys {
            let name = key.printed();
            let ident = match has_method {
                true => spell::method(&key),
                false => spell::ident(&key),
            };
            for ident in std::iter::once(ident.clone()).chain(methods(&ident)) {
                if let Some((first, place)) = taken.get(&decomposed(&ident)) {
                    let (here, there) = (entry.place, *place);
                    diagnostics.push(diag::same_identifier(here, &name, first, there, &ident));
                    break;
                }
                taken.insert(decomposed(&ident), (name.clone(), entry.place));
            }
        }
    }
}
