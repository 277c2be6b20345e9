//! Declarations against what the equations make of the symbols.

use std::collections::BTreeMap;

use crate::diag::{self, Diagnostic, Diagnostics, Place};
use crate::model::kinds::Kind;
use crate::model::names::letters::decomposed;
use crate::model::names::spell;
use crate::model::symbols::Table;
use crate::spelling::nearest;
use crate::syntax::DeclaredKind;

use super::{Roles, Sort};

/// Reports declarations that say nothing or contradict an equation.
pub(in crate::model) fn declarations(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let seen: Vec<String> = table
        .symbols
        .iter()
        .filter(|entry| entry.seen.is_some() && entry.declared.place.is_none())
        .map(|entry| entry.key.printed())
        .collect();
    for (id, entry) in table.symbols.iter().enumerate() {
        let declared = &entry.declared;
        let name = entry.key.printed();
        let kind = entry.known.as_ref().and_then(|known| known.kind);
        if let (Some(kind @ (Kind::Vector | Kind::Matrix)), Sort::Constant(_)) =
            (kind, roles.sorts[id])
            && !diagnostics.any()
        {
            let place = entry.defined.unwrap_or(entry.place);
            diagnostics.push(diag::given_kind(place, &name, kind.word(), "number"));
        }
        if declared.initial.is_some() && roles.sorts[id] != Sort::State && entry.defined.is_some() {
            let place = declared
                .initial
                .as_ref()
                .map_or(entry.place, |initial| initial.place);
            diagnostics.push(diag::initial_of_no_state(place, &name));
        }
        let Some(place) = declared.place else {
            continue;
        };
        let hyper = matches!(declared.kind, Some((DeclaredKind::Hyper, _)));
        match roles.sorts[id] {
            Sort::Absent => {
                let listed = table.inputs.iter().flatten().any(|&input| input == id);
                // An inner cell has answered for its own declarations.
                if !listed && place.layer == 0 {
                    let same = table.symbols.iter().find(|other| {
                        other.seen.is_some() && spell::ident(&other.key) == spell::ident(&entry.key)
                    });
                    let same = same.map(|other| other.key.printed());
                    let near = same.as_deref();
                    let near = near.or_else(|| nearest(&name, seen.iter().map(String::as_str)));
                    diagnostics.push(diag::unused_declaration(place, &name, near));
                }
            }
            Sort::Input if declared.init.is_some() => {
                diagnostics.push(diag::init_of_value(place, &name, "an input"));
            }
            Sort::State if declared.init.is_some() => {
                diagnostics.push(diag::init_of_state(place, &name));
            }
            Sort::Intermediate | Sort::Constant(_) if declared.init.is_some() => {
                diagnostics.push(diag::init_of_value(place, &name, "defined by an equation"));
            }
            Sort::State | Sort::Intermediate | Sort::Constant(_) if hyper => {
                let equation = entry.defined.unwrap_or(entry.place);
                diagnostics.push(diag::hyper_defined(place, &name, equation));
            }
            Sort::Constant(_) if matches!(declared.kind, Some((DeclaredKind::Shape(_), _))) => {
                let equation = entry.defined.unwrap_or(entry.place);
                let (name, kind) = (format!("`{name}`"), "vector or matrix");
                diagnostics.push(diag::left_kind(
                    equation,
                    &name,
                    kind,
                    "scalar",
                    Some(place),
                ));
            }
            Sort::Hyper(_) if declared.init.is_some() => {
                diagnostics.push(diag::init_of_value(place, &name, "a hyper-parameter"));
            }
            _ => {}
        }
    }
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
