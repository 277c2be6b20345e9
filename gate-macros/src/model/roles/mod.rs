//! Roles: input, state, intermediate, constant, hyper-parameter or parameter.

mod case;
pub(super) mod check;
pub(super) mod complex;
pub(super) mod finite;
pub(super) mod lengths;
pub(super) mod order;
mod output;
mod past;
pub(super) mod sort;
pub(super) mod usage;

use crate::diag::{self, Diagnostics, Place};
use crate::model::SymbolId;
use crate::model::names::Key;
use crate::model::names::letters::{Letter, letter, plain};
use crate::model::symbols::lookalikes;
use crate::model::symbols::{Entry, Table};
use crate::model::trees::tree::{Resolved, constant};
use crate::spelling::nearest;
use crate::syntax::DeclaredKind;

pub(super) use sort::{Roles, Sort};

/// Finds the roles; gives them with the equations that define no constants. `here` is the struct
/// line, `before` the number of messages before this stage.
pub(super) fn roles(
    table: &mut Table,
    equations: Vec<Resolved>,
    here: Place,
    before: usize,
    diagnostics: &mut Diagnostics,
) -> (Roles, Vec<Resolved>) {
    let mut depth = vec![0; table.symbols.len()];
    let mut least = vec![usize::MAX; table.symbols.len()];
    for equation in &equations {
        equation.right.reads(&mut |symbol, delay, _| {
            depth[symbol] = depth[symbol].max(delay);
            least[symbol] = least[symbol].min(delay);
        });
    }
    let constants = constants(table, &equations, &depth, diagnostics);
    let real: Vec<Resolved> = equations
        .into_iter()
        .filter(|e| constants[e.left].is_none())
        .collect();
    initial_states(table, diagnostics);
    let sorts: Vec<Sort> = (0..table.symbols.len())
        .map(|id| match constants[id] {
            Some(value) => Sort::Constant(value),
            None => sort(table, id, depth[id], diagnostics),
        })
        .collect();
    let mut outputs = table.outputs.clone().unwrap_or_default();
    if table.outputs.is_none() {
        outputs.extend(output::found(table, &real, &sorts));
    }
    if real.is_empty() && diagnostics.list().len() == before {
        diagnostics.push(diag::only_constants(here));
    }
    never_defined(table, &sorts, &least, diagnostics);
    parts_defined(table, &sorts, &outputs, &least, diagnostics);
    outputs_defined(table, &sorts, &outputs, &least, diagnostics);
    inputs_listed(table, &sorts, &least, diagnostics);
    // What defines an input anew, `x_t = tanh(V x_t)`, is told that.
    let anew = real.iter().any(reads_itself);
    if !sorts.contains(&Sort::Input) && !anew && diagnostics.list().len() == before {
        diagnostics.push(diag::no_input(here, candidate(table, &sorts)));
    }
    (
        Roles {
            sorts,
            depth,
            outputs,
            lengths: Vec::new(),
        },
        real,
    )
}

/// Whether an equation needs its own value of the same step.
fn reads_itself(equation: &Resolved) -> bool {
    let mut found = false;
    equation
        .right
        .reads(&mut |symbol, delay, _| found |= symbol == equation.left && delay == 0);
    found
}

/// The values of equations of numbers.
fn constants(
    table: &Table,
    equations: &[Resolved],
    depth: &[usize],
    diagnostics: &mut Diagnostics,
) -> Vec<Option<f64>> {
    let mut values: Vec<Option<f64>> = vec![None; table.symbols.len()];
    let output = |id| {
        table
            .outputs
            .as_ref()
            .is_some_and(|outputs| outputs.contains(&id))
    };
    for _ in 0..equations.len() {
        let known = values.iter().flatten().count();
        for equation in equations {
            let left = equation.left;
            if values[left].is_none() && depth[left] == 0 && !output(left) {
                values[left] = equation.right.evaluate(&|symbol| values[symbol]);
            }
        }
        if values.iter().flatten().count() == known {
            break;
        }
    }
    for equation in equations {
        if values[equation.left].is_some_and(|value| !value.is_finite()) {
            let name = table.symbols[equation.left].key.printed();
            diagnostics.push(diag::not_finite(equation.place, &name));
        }
    }
    values
}

/// Brings what is declared of `h_0` to the state `h`.
fn initial_states(table: &mut Table, diagnostics: &mut Diagnostics) {
    for id in 0..table.symbols.len() {
        let entry = &table.symbols[id];
        let Some(state) = entry.key.without_zero() else {
            continue;
        };
        if entry.seen.is_some() || entry.declared.place.is_none() {
            continue;
        }
        let declared = entry.declared.clone();
        let (place, name) = (entry.place, entry.key.printed());
        if !table
            .find(&state)
            .is_some_and(|s| s.defined.is_some() || s.timed)
        {
            continue;
        }
        let state = table.symbol(&state, place);
        table.symbols[id].declared = Default::default();
        let target = &mut table.symbols[state].declared;
        // What is said here goes before what an inner cell says.
        target.initial = declared.init.or(target.initial.take()).or_else(|| {
            declared.place.map(|place| crate::syntax::Initial {
                name: "zeros".to_owned(),
                arguments: Vec::new(),
                place,
            })
        });
        if let (Some((own, there)), Some((kind, here))) = (&target.kind, &declared.kind)
            && !own.is_same(kind)
        {
            diagnostics.push(diag::start_of_other_shape(*here, &name, *there));
        }
        target.kind = target.kind.take().or(declared.kind);
        target.place = target.place.or(declared.place);
    }
}

/// The role of a symbol that is no constant.
fn sort(table: &Table, id: SymbolId, depth: usize, diagnostics: &mut Diagnostics) -> Sort {
    let entry = &table.symbols[id];
    let listed = table
        .inputs
        .as_ref()
        .is_some_and(|inputs| inputs.contains(&id));
    let hyper = matches!(entry.declared.kind, Some((DeclaredKind::Hyper, _)));
    if entry.seen.is_none() {
        return Sort::Absent;
    }
    if entry.defined.is_some() {
        return if depth > 0 {
            Sort::State
        } else {
            Sort::Intermediate
        };
    }
    let timeless = table.clock.timeless && matches!(entry.key.base.as_str(), "x" | "X");
    if hyper {
        return hyper_value(entry, diagnostics);
    }
    if entry.timed || entry.declared.timed || listed || timeless {
        return Sort::Input;
    }
    let ours = table.clock.letter.as_deref().unwrap_or("t");
    let is_time = table.clock.letter.is_some() && entry.key.printed() == ours;
    // `β^{t-1}`, `h^{i-1}`: what would be the label of a parameter.
    let offset = entry.key.sups.iter().find_map(|sup| step_letter(sup));
    let value = letter(&entry.key.base) != Letter::Capital;
    if let Some(found) = offset.filter(|_| value && entry.declared.place.is_none()) {
        diagnostics.push(match found == ours {
            true => diag::time_as_value(entry.place, ours),
            false => diag::index_letter(entry.place, &entry.key.printed(), found, ours),
        });
    }
    if is_time && entry.declared.place.is_none() {
        diagnostics.push(diag::time_as_value(entry.place, ours));
        // One number, so that nothing else is said of it.
        return Sort::Hyper(1.0);
    }
    Sort::Parameter
}

/// The letter of a label such as `t-1`.
fn step_letter(label: &str) -> Option<&str> {
    let (letter, count) = label.split_once(['-', '+'])?;
    let small = letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_lowercase());
    let whole = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    (small && whole).then_some(letter)
}

fn hyper_value(entry: &Entry, diagnostics: &mut Diagnostics) -> Sort {
    let name = entry.key.printed();
    let place = entry.declared.place.unwrap_or(entry.place);
    if entry.timed || entry.declared.timed {
        diagnostics.push(diag::hyper_with_time(place, &name));
    }
    let value = entry.declared.value.as_ref().and_then(constant);
    match value.filter(|value| value.is_finite()) {
        Some(value) => Sort::Hyper(value),
        None => {
            diagnostics.push(diag::hyper_not_number(place, &name));
            Sort::Hyper(0.0)
        }
    }
}

/// Reports states that no equation defines.
fn never_defined(table: &Table, sorts: &[Sort], least: &[usize], diagnostics: &mut Diagnostics) {
    let name = |id: SymbolId| table.symbols[id].key.printed();
    let lost = |id: SymbolId| is_lost_state(table, sorts, least, id);
    let inputs = (0..sorts.len()).filter(|&id| sorts[id] == Sort::Input && !lost(id));
    let inputs: Vec<String> = inputs.map(name).collect();
    for (id, entry) in table.symbols.iter().enumerate() {
        // What looks like a symbol of another alphabet is told so.
        if lost(id) && !lookalikes::has_twin(table, &entry.key) {
            if let Some((instance, read)) = table.state_of_inner(&entry.key) {
                let named = (&*instance.key.printed(), &*instance.path);
                let message = diag::state_of_inner(entry.place, &name(id), named, &read);
                diagnostics.push(message);
                continue;
            }
            let similar = similar(table, &entry.key);
            let similar = similar.map(|other| (other.key.printed(), other.defined));
            let message = diag::state_never_defined(entry.place, &name(id), &inputs, similar);
            diagnostics.push(message);
        }
    }
}

/// Whether a symbol is undefined and read in the past only, yet meant to be a state.
fn is_lost_state(table: &Table, sorts: &[Sort], least: &[usize], id: SymbolId) -> bool {
    let entry = &table.symbols[id];
    let past = least[id] != 0 && least[id] != usize::MAX;
    let output = || {
        table
            .outputs
            .as_ref()
            .is_some_and(|outputs| outputs.contains(&id))
    };
    // As an input it would be one of the past alone, which has to be said.
    let usual = matches!(&*entry.key.base, "x" | "X" | "u" | "xt");
    let unsaid = || table.inputs.is_none() && entry.declared.place.is_none() && !usual;
    let meant = || {
        output()
            || unsaid()
            || entry.declared.initial.is_some()
            || similar(table, &entry.key).is_some()
    };
    sorts[id] == Sort::Input && past && meant()
}

/// Reports what would be an input, but seems to be a part of a value that nothing reads: `g_i(t)`
/// beside a `g(t)` of all gates.
fn parts_defined(
    table: &Table,
    sorts: &[Sort],
    outputs: &[SymbolId],
    least: &[usize],
    diagnostics: &mut Diagnostics,
) {
    let unread = |id: SymbolId, entry: &Entry| {
        entry
            .defined
            .filter(|_| least[id] == usize::MAX && entry.key.is_bare() && !outputs.contains(&id))
    };
    if table.inputs.is_some() {
        return;
    }
    for (id, whole) in table.symbols.iter().enumerate() {
        let Some(defined) = unread(id, whole) else {
            continue;
        };
        let part = |(id, entry): (usize, &'_ Entry)| {
            let key = &entry.key;
            let one = key.base == whole.key.base && key.subs.len() == 1 && key.sups.is_empty();
            one && sorts[id] == Sort::Input
        };
        let parts = table.symbols.iter().enumerate();
        let parts: Vec<&Entry> = parts.filter(|p| part(*p)).map(|(_, entry)| entry).collect();
        if let Some(first) = parts.first() {
            let names: Vec<String> = parts.iter().map(|part| part.key.printed()).collect();
            let whole = whole.key.printed();
            diagnostics.push(diag::part_not_defined(first.place, &names, &whole, defined));
        }
    }
}

/// Whether two names differ in case, accent or prime only, in where their marks stand, or in a
/// slip of a word.
pub(super) fn alike(one: &Key, other: &Key) -> bool {
    let marks = |key: &Key| -> String {
        let marks = key.subs.iter().chain(&key.sups);
        marks.flat_map(|mark| mark.chars()).collect()
    };
    if one == other || marks(one) != marks(other) {
        return false;
    }
    let bare = |key: &Key| plain(&key.base).to_lowercase();
    let (first, second) = (bare(one), bare(other));
    // `a_100` is no slip of `W_100`: of such a name one letter is all of the word.
    let word = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count() > 3;
    let slip = || nearest(&first, [second.as_str()].into_iter()).is_some();
    first == second || word(&first) && word(&second) && slip()
}

/// A defined symbol that may have been meant.
fn similar<'a>(table: &'a Table, key: &Key) -> Option<&'a Entry> {
    let mut defined = table.symbols.iter().filter(|e| e.defined.is_some());
    defined.find(|other| alike(key, &other.key))
}

fn outputs_defined(
    table: &Table,
    sorts: &[Sort],
    outputs: &[SymbolId],
    least: &[usize],
    diagnostics: &mut Diagnostics,
) {
    for &id in outputs {
        let entry = &table.symbols[id];
        if entry.defined.is_none() && !is_lost_state(table, sorts, least, id) {
            let (name, place) = (entry.key.printed(), entry.listed.unwrap_or(entry.place));
            let near = similar(table, &entry.key).map(|other| other.key.printed());
            let inputs = table.inputs.as_deref().unwrap_or_default();
            diagnostics.push(match inputs.contains(&id) {
                true => diag::input_as_output(place, &name),
                false => diag::output_not_defined(place, &name, near.as_deref()),
            });
        }
    }
}

/// Checks the list of inputs in the struct line.
fn inputs_listed(table: &Table, sorts: &[Sort], least: &[usize], diagnostics: &mut Diagnostics) {
    let Some(listed) = &table.inputs else { return };
    for &id in listed {
        let entry = &table.symbols[id];
        let name = entry.key.printed();
        let listed = entry.listed.unwrap_or(entry.place);
        match entry.defined {
            Some(place) => {
                let state = sorts[id] == Sort::State;
                diagnostics.push(diag::input_defined(listed, &name, state, place));
            }
            None if entry.seen.is_none() => {
                diagnostics.push(diag::input_never_read(listed, &name));
            }
            None => {}
        }
    }
    for id in (0..sorts.len()).filter(|id| sorts[*id] == Sort::Input && !listed.contains(id)) {
        if !is_lost_state(table, sorts, least, id) {
            let entry = &table.symbols[id];
            diagnostics.push(diag::input_not_listed(entry.place, &entry.key.printed()));
        }
    }
}

/// A parameter that may have been meant as the input.
fn candidate(table: &Table, sorts: &[Sort]) -> Option<(String, Place)> {
    let mut entries = table.symbols.iter().zip(sorts);
    entries
        .find(|(entry, sort)| {
            **sort == Sort::Parameter && matches!(&*entry.key.base, "x" | "X" | "u" | "xt")
        })
        .map(|(entry, _)| (entry.key.printed(), entry.place))
}
