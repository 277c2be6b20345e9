//! What is defined and never read, read and never defined: mistakes of spelling, which the roles
//! alone would take for inputs and parameters.

use std::collections::BTreeMap;

use strsim::osa_distance;

use crate::diag::{self, Diagnostics};
use crate::model::SymbolId;
use crate::model::names::Key;
use crate::model::names::letters::{Letter, greek, letter};
use crate::model::symbols::{Entry, Table};
use crate::model::trees::tree::Resolved;

use super::case;
use super::output;
use super::past::{self, NEXT};
use super::{Roles, Sort, alike};

/// Reports names that differ from what was meant. `equations`: those that define no constants.
pub(in crate::model) fn check(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) {
    let mut readers: Vec<Vec<SymbolId>> = vec![Vec::new(); table.symbols.len()];
    let mut now: Vec<Vec<SymbolId>> = readers.clone();
    for equation in equations {
        equation.right.reads(&mut |symbol, delay, _| {
            readers[symbol].push(equation.left);
            now[symbol].extend((delay == 0).then_some(equation.left));
        });
    }
    past::check(table, roles, diagnostics);
    parts_of_values(table, roles, diagnostics);
    let before = diagnostics.list().len();
    plain_beside_defined(table, roles, diagnostics);
    misspelled(table, roles, &readers, diagnostics);
    if diagnostics.list().len() == before {
        misspelled_words(table, roles, diagnostics);
        case::check(table, roles, equations, diagnostics);
    }
    marked_differently(table, roles, diagnostics);
    odd_labels(table, roles, diagnostics);
    one_too_far(table, roles, diagnostics);
    initial_by_equation(table, roles, &readers, diagnostics);
    if table.outputs.is_none() {
        output::check(table, roles, (equations, &now), diagnostics);
    }
    definitions(table, roles, diagnostics);
}

/// Constants and functions that nothing uses.
fn definitions(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let used = &table.words;
    for function in &table.functions {
        if !used.contains(&function.key.base) {
            let name = function.key.printed();
            diagnostics.push(diag::unused_definition(function.place, &name, "function"));
        }
    }
    for (id, entry) in table.symbols.iter().enumerate() {
        let constant = matches!(roles.sorts[id], Sort::Constant(_));
        if constant && !used.contains(&entry.key.base) {
            let name = entry.key.printed();
            diagnostics.push(diag::unused_definition(entry.place, &name, "constant"));
        }
    }
}

/// Whether nothing but its use says what a symbol is.
pub(in crate::model) fn is_unsaid(table: &Table, id: SymbolId) -> bool {
    let listed = table.inputs.iter().flatten().any(|&input| input == id);
    table.symbols[id].declared.place.is_none() && !listed && !table.is_size(id)
}

/// Whether an equation defines a symbol of that base.
pub(super) fn is_defined(table: &Table, base: &str) -> bool {
    let own = |entry: &Entry| entry.key.base == base && entry.defined.is_some();
    table.symbols.iter().any(own)
}

/// `h_T`, `h_j` and `h'` where `h` is what the step computes: the last step, a component, the value
/// before. The `g_i` of a gate `i` is a parameter of its own.
fn parts_of_values(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let letter = table.clock.letter.as_deref().unwrap_or("t");
    for (id, entry) in table.symbols.iter().enumerate() {
        let mut value = entry.key.clone();
        let primed = std::mem::take(&mut value.primes) > 0;
        let label = match primed {
            true => Some("'".to_owned()),
            false => value.subs.pop(),
        };
        let open = roles.sorts[id] == Sort::Parameter && is_unsaid(table, id);
        let known = table.find(&value).is_some_and(|e| e.defined.is_some());
        let Some(label) = label.filter(|_| open && known) else {
            continue;
        };
        let (name, value) = (entry.key.printed(), value.printed());
        if primed {
            let step = format!("{value}_{{{letter}-1}}");
            let message = diag::past_by_label(entry.place, &name, false, (&value, &step));
            diagnostics.push(message);
        } else if label == letter.to_uppercase() {
            diagnostics.push(diag::last_step(entry.place, &name, &value, letter));
        } else if matches!(&*label, "i" | "j" | "k" | "l" | "m") && !is_defined(table, &label) {
            diagnostics.push(diag::component_of_value(entry.place, &name, &value));
        }
    }
}

/// `h^+ = … U h` and `σ_t^2 = … β σ_{t-1}^2` beside `σ_t`: an undefined name beside the same with a
/// label that the step defines, which would be a symbol of its own.
fn plain_beside_defined(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    for entry in &table.symbols {
        let Some(left) = entry.defined else {
            continue;
        };
        let mut plain = entry.key.clone();
        let power = left.is_text() && plain.sups.last().is_some_and(|label| label == "2");
        // `new_h = … U h`
        let label = match NEXT.contains(&&*plain.base) && !plain.subs.is_empty() {
            true => Some(std::mem::replace(&mut plain.base, plain.subs.remove(0))),
            false => plain.sups.pop().or_else(|| plain.subs.pop()),
        };
        let Some(label) = label else {
            continue;
        };
        let Some(id) = table.symbols.iter().position(|other| other.key == plain) else {
            continue;
        };
        let open = matches!(roles.sorts[id], Sort::Parameter | Sort::Input) && is_unsaid(table, id);
        let before = NEXT.contains(&label.as_str()) && !table.symbols[id].timed;
        if open && (before || power) {
            let (name, plain) = (entry.key.printed(), plain.printed());
            let place = table.symbols[id].place;
            diagnostics.push(diag::plain_beside_defined(
                place, &plain, &name, power, left,
            ));
        }
    }
}

/// Whether a name is almost the same, or has the time index glued to it: `ft`.
fn is_slip(defined: &Key, read: &Key) -> bool {
    let glued = read.base.strip_suffix('t') == Some(&defined.base);
    alike(defined, read) || glued && read.subs == defined.subs && read.sups == defined.sups
}

/// A value that nothing reads, beside an undefined name that is almost the same.
fn misspelled(
    table: &Table,
    roles: &Roles,
    readers: &[Vec<SymbolId>],
    diagnostics: &mut Diagnostics,
) {
    for (id, entry) in table.symbols.iter().enumerate() {
        let idle = matches!(roles.sorts[id], Sort::Intermediate | Sort::State)
            && readers[id].iter().all(|&reader| reader == id)
            && !roles.outputs.contains(&id);
        let Some(defined) = entry.defined.filter(|_| idle) else {
            continue;
        };
        // Two names of one inner cell, where the value may be a further output, have been looked at.
        let inner = table.is_inner(id);
        let undefined = |other: SymbolId| {
            matches!(roles.sorts[other], Sort::Input | Sort::Parameter)
                && is_unsaid(table, other)
                && !(inner && table.is_inner(other))
        };
        let meant = (0..table.symbols.len())
            .find(|&other| undefined(other) && is_slip(&entry.key, &table.symbols[other].key));
        if let Some(other) = meant {
            let read = &table.symbols[other];
            diagnostics.push(diag::misspelled_value(
                read.place,
                &read.key.printed(),
                roles.sorts[other] == Sort::Input,
                &entry.key.printed(),
                defined,
            ));
        }
    }
}

/// An undefined word that differs in one letter from a value: `forgt` beside `forget`.
fn misspelled_words(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let value = |entry: &&Entry| entry.defined.is_some() && greek(&entry.key.base).is_none();
    for (id, entry) in table.symbols.iter().enumerate() {
        let key = &entry.key;
        let undefined = matches!(roles.sorts[id], Sort::Input | Sort::Parameter);
        let word = key.base.chars().count() > 3 && greek(&key.base).is_none();
        if !(undefined && word && is_unsaid(table, id)) {
            continue;
        }
        let meant = table.symbols.iter().filter(value).find(|other| {
            let marks = other.key.subs == key.subs && other.key.sups == key.sups;
            marks && is_one_letter_off(&key.base, &other.key.base)
        });
        if let Some((meant, defined)) = meant.and_then(|m| Some((m, m.defined?))) {
            let (name, meant) = (key.printed(), meant.key.printed());
            diagnostics.push(diag::misspelled_word(entry.place, &name, &meant, defined));
        }
    }
}

/// Whether a letter is left out, added, replaced or changed places with its neighbour. Numbers
/// and the `s` of a plural make another word.
fn is_one_letter_off(one: &str, other: &str) -> bool {
    let number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let plural = one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one);
    one != other && !number(one) && !number(other) && !plural && osa_distance(one, other) == 1
}

/// `s_3` where a loop defines `s_1` and `s_2`: it would be a parameter.
fn one_too_far(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    for (id, entry) in table.symbols.iter().enumerate() {
        if roles.sorts[id] != Sort::Parameter || !is_unsaid(table, id) {
            continue;
        }
        let siblings = table
            .symbols
            .iter()
            .filter(|other| other.defined.is_some() && other.key.differs_in_number(&entry.key));
        let mut names = siblings.map(|other| (other.key.printed(), other.defined));
        if let (Some((first, place)), Some((second, _))) = (names.next(), names.next()) {
            let place = place.unwrap_or(entry.place);
            let name = entry.key.printed();
            diagnostics.push(diag::one_too_far(
                entry.place,
                &name,
                (&first, &second),
                place,
            ));
        }
    }
}

/// `h_0 = x_t * W` where `h` is a state: no step computes it.
fn initial_by_equation(
    table: &Table,
    roles: &Roles,
    readers: &[Vec<SymbolId>],
    diagnostics: &mut Diagnostics,
) {
    for (id, entry) in table.symbols.iter().enumerate() {
        let state = entry.key.without_zero().and_then(|key| table.id(&key));
        let is_state = state.is_some_and(|state| roles.sorts[state] == Sort::State);
        let idle = readers[id].is_empty() && !roles.outputs.contains(&id);
        if let Some(place) = entry.defined.filter(|_| is_state && idle) {
            diagnostics.push(diag::initial_by_equation(place, &entry.key.printed()));
        }
    }
}

/// `U^t`, `W^†`, `W^H`: labels to this definition.
fn odd_labels(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    for (id, entry) in table.symbols.iter().enumerate() {
        let unsaid = roles.sorts[id] == Sort::Parameter && is_unsaid(table, id);
        let Some(place) = entry.odd_label.filter(|_| unsaid) else {
            continue;
        };
        let mut plain = entry.key.clone();
        let Some(label) = plain.sups.pop() else {
            continue;
        };
        let capital = letter(&plain.base) == Letter::Capital;
        let name = plain.printed();
        match label.as_str() {
            "t" => diagnostics.push(diag::small_transpose(place, &name)),
            "H" if !capital || labels_gates(table, &entry.key) => {}
            "*" if !capital => {}
            _ => diagnostics.push(diag::conjugate(place, &name, &label)),
        }
    }
}

/// Whether the label above a symbol tells gates apart: `W^H` beside `b^H`, or beside `W^C`.
fn labels_gates(table: &Table, key: &Key) -> bool {
    table.symbols.iter().any(|other| {
        let (own, same) = (other.key.sups.last(), other.key.base == key.base);
        let label = own.is_some_and(|label| label.chars().count() == 1);
        match same {
            true => label && own != key.sups.last(),
            false => own == key.sups.last() && letter(&other.key.base) != Letter::Capital,
        }
    })
}

/// `W_xf` beside `W_x^(f)`: two parameters of the same letters.
fn marked_differently(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let letters = |key: &Key| {
        let marks = key.subs.iter().chain(&key.sups).map(String::as_str);
        let all: String = [key.base.as_str()].into_iter().chain(marks).collect();
        all.replace([',', '_'], "")
    };
    let parameter = |id: &SymbolId| roles.sorts[*id] == Sort::Parameter && is_unsaid(table, *id);
    let mut first: BTreeMap<(String, u32), SymbolId> = BTreeMap::new();
    for id in (0..table.symbols.len()).filter(parameter) {
        let entry = &table.symbols[id];
        let own = letters(&entry.key);
        // Numbers come from loops, where `1,11` and `11,1` are two.
        if own.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let twin = *first.entry((own, entry.key.primes)).or_insert(id);
        if twin != id {
            let twin = &table.symbols[twin];
            diagnostics.push(diag::marked_differently(
                entry.place,
                &entry.key.printed(),
                &twin.key.printed(),
                twin.place,
            ));
        }
    }
}
