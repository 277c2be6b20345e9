//! Variants: the statements of a parent, of which a variant replaces some and adds others.
//!
//! Takes a definition with the definitions that it refers to. Gives one without a parent: the
//! parent's statements as if the user had edited them, those left out that only served what was
//! replaced.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{self, Diagnostics, Place};
use crate::model::names::clock::Clock;
use crate::model::names::{Key, Written};
use crate::model::resolve::{finish, front};
use crate::model::roles::{self, Sort};
use crate::model::statements::expand;
use crate::model::symbols::Table;
use crate::model::trees::tree::Resolved;
use crate::model::walk;
use crate::spelling::nearest;
use crate::syntax::{CellName, DeclaredKind, Definition, Header, Item, Name};

use super::change::Parent;
use super::overlay::Said;

/// A definition without a parent, and what it was before.
pub(in crate::model) struct Merged {
    pub(in crate::model) header: Header,
    pub(in crate::model) items: Vec<Item>,
    pub(in crate::model) cells: Vec<(CellName, Definition)>,
    pub(in crate::model) parent: Option<Parent>,
}

/// A definition read as far as its roles.
struct View {
    table: Table,
    equations: Vec<Resolved>,
    sorts: Vec<Sort>,
    outputs: Vec<usize>,
    /// Left sides with each inner cell, by its number, that their equations call.
    calls: Vec<(usize, usize)>,
    /// Where mistakes stand.
    mistakes: Vec<Place>,
}

/// Merges a definition with its parent, if it has one. `None` where that was reported.
pub(in crate::model) fn merge(
    definition: Definition,
    diagnostics: &mut Diagnostics,
) -> Option<Merged> {
    let Definition {
        header,
        items,
        mut cells,
        unread: _,
    } = definition;
    let Some(path) = header.parent.clone() else {
        return Some(Merged {
            header,
            items,
            cells,
            parent: None,
        });
    };
    let (_, parent) = cells.iter().find(|(name, _)| *name == path.name)?;
    let mut base = merge(parent.clone(), diagnostics)?;
    let (path, place) = (path.name.path, path.place);
    base.in_parent(&path);
    let cell = finish(
        base.header.clone(),
        base.items.clone(),
        &base.cells,
        diagnostics,
    )?;
    cells.extend(base.cells);
    let (own, _) = expand::expand(&header, items, diagnostics);
    let (old, _) = expand::expand(&base.header, base.items, diagnostics);
    let merger = Merger {
        header: &header,
        base: &base.header,
        cells: &cells,
        path: &path,
        place,
    };
    let (header, items, own) = merger.merge(old, own, diagnostics)?;
    let parent = Parent { path, cell, own };
    Some(Merged {
        header,
        items,
        cells,
        parent: Some(parent),
    })
}

impl Merged {
    /// Tells inner cells apart from those that a variant of this one names.
    fn in_parent(&mut self, parent: &str) {
        let add = |name: &mut CellName| name.parents.push(parent.to_owned());
        self.cells.iter_mut().for_each(|(name, _)| add(name));
        walk::cell_paths(&mut self.items, &mut |path| add(&mut path.name));
    }
}

struct Merger<'a> {
    header: &'a Header,
    base: &'a Header,
    cells: &'a [(CellName, Definition)],
    path: &'a str,
    place: Place,
}

/// Struct line, statements, and what the variant says of which symbol.
type Statements = (Header, Vec<Item>, Vec<(String, Place)>);

impl Merger<'_> {
    fn merge(
        &self,
        old: Vec<Item>,
        own: Vec<Item>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Statements> {
        let before = diagnostics.list().len();
        let ends = self.header.inputs.is_some() || self.header.outputs.is_some();
        // A type of fixed sizes is something new as well.
        if own.is_empty() && !ends && self.header.fixed.is_empty() {
            diagnostics.push(diag::variant_changes_nothing(self.place, self.path));
            return None;
        }
        let parent = self.view(self.base.clone(), &old);
        let all: Vec<Item> = old.iter().chain(&own).cloned().collect();
        let clock = Clock::of(self.header, &all);
        let said = Said::of(self.header, &own, &clock);
        let tagged = said.overlay(old, own, &clock);
        let (mine, items): (Vec<bool>, Vec<Item>) = tagged.into_iter().unzip();
        let mut header = self.header.clone();
        header.parent = None;
        header.outputs = header.outputs.or_else(|| outputs(&parent, &items, &clock));
        let view = self.view(
            Header {
                inputs: None,
                ..header.clone()
            },
            &items,
        );
        // A mistake of the variant's may hide what is needed, and is reported later.
        let own = |place: &Place| place.layer == self.place.layer;
        if view.mistakes.iter().any(own) {
            let places = said.places();
            return Some((header, items, places));
        }
        let used = self.used(&parent, &view);
        for (key, name) in said.equations.iter().map(|(key, name)| (key, name.place)) {
            let read = view.table.id(key).is_some_and(|id| used.contains(&id));
            let cell = view.table.instances.iter().any(|i| i.key == *key);
            if !read && !cell && view.table.function(key).is_none() {
                self.unread(key, name, &parent, diagnostics);
            }
        }
        let items = needed(items, &mine, &view, &used);
        let view = self.view(
            Header {
                inputs: None,
                ..header.clone()
            },
            &items,
        );
        if header.inputs.is_none() {
            header.inputs = inputs(self.base, &view, &items);
        }
        let places = said.places();
        (diagnostics.list().len() == before).then_some((header, items, places))
    }

    /// Reads statements as far as their roles; whatever is wrong with them is reported later.
    fn view(&self, header: Header, items: &[Item]) -> View {
        let mut quiet = Diagnostics::default();
        let (mut table, equations) = front(&header, items.to_vec(), self.cells, &mut quiet);
        let (roles, _) = roles::roles(&mut table, equations.clone(), self.place, 0, &mut quiet);
        View {
            calls: calls(&table, items),
            table,
            equations,
            sorts: roles.sorts,
            outputs: roles.outputs,
            mistakes: quiet.list().iter().map(|d| d.place).collect(),
        }
    }

    /// What the outputs need, and what the parent has beside what its outputs need.
    fn used(&self, parent: &View, view: &View) -> BTreeSet<usize> {
        let before = parent.reach(parent.outputs.clone());
        let lefts = parent.equations.iter().map(|equation| equation.left);
        let aside = lefts.filter(|left| !before.contains(left));
        let aside = aside.filter_map(|left| view.table.id(&parent.table.symbols[left].key));
        view.reach(view.outputs.iter().copied().chain(aside).collect())
    }

    /// Reports an equation of the variant's that nothing reads.
    fn unread(&self, key: &Key, place: Place, parent: &View, diagnostics: &mut Diagnostics) {
        let name = key.printed();
        let known: Vec<String> = parent
            .equations
            .iter()
            .map(|equation| parent.table.symbols[equation.left].key.printed())
            .collect();
        let has = known.contains(&name);
        let near = nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
        let near = near.unwrap_or_else(|| known.join("`, `"));
        let message = match has {
            true => diag::variant_unread(place, &name, self.place),
            false => diag::variant_unknown(place, &name, self.path, &near, self.place),
        };
        diagnostics.push(message);
    }
}

impl View {
    /// Everything that symbols depend on, themselves included.
    fn reach(&self, from: Vec<usize>) -> BTreeSet<usize> {
        let mut reads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for equation in &self.equations {
            let of = reads.entry(equation.left).or_default();
            equation.right.reads(&mut |symbol, _, _| of.push(symbol));
        }
        // A value of an inner cell needs the equation that calls it.
        for &(left, instance) in &self.calls {
            for symbol in self.table.instances[instance].symbols.iter().flatten() {
                reads.entry(*symbol).or_default().push(left);
            }
        }
        let (mut seen, mut open) = (BTreeSet::new(), from);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(reads.get(&id).into_iter().flatten());
            }
        }
        seen
    }
}

/// Which left sides call which inner cell.
fn calls(table: &Table, items: &[Item]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for item in items {
        let Item::Equation(equation) = item else {
            continue;
        };
        let key = |name: &Name| Written::of(name, &table.clock).labelled();
        let left = table.id(&key(&equation.left));
        walk::names(&equation.right, &mut |name, applied| {
            let instance = table.instance(&key(name)).filter(|_| applied);
            found.extend(left.zip(instance));
        });
    }
    found
}

/// The outputs of the parent, as names.
fn outputs(parent: &View, items: &[Item], clock: &Clock) -> Option<Vec<Name>> {
    let lefts = || {
        items.iter().filter_map(|item| match item {
            Item::Equation(equation) => Some(&equation.left),
            _ => None,
        })
    };
    let name = |&id: &usize| {
        let key = &parent.table.symbols[id].key;
        lefts().find(|left| Written::of(left, clock).labelled() == *key)
    };
    parent
        .outputs
        .iter()
        .map(|id| name(id).cloned())
        .collect::<Option<Vec<Name>>>()
        .filter(|names| !names.is_empty())
}

/// The inputs in the order of the parent's struct line, new ones behind; `None` where it has no
/// list.
fn inputs(base: &Header, view: &View, items: &[Item]) -> Option<Vec<Name>> {
    let listed = base.inputs.as_ref()?;
    let clock = &view.table.clock;
    let is_input = |name: &Name| {
        let id = view.table.id(&Written::of(name, clock).labelled());
        id.filter(|&id| view.sorts[id] == Sort::Input)
    };
    let mut names: Vec<Name> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |name: &Name| {
        if let Some(id) = is_input(name)
            && seen.insert(id)
        {
            names.push(name.clone());
        }
    };
    listed.iter().for_each(&mut add);
    for item in items {
        if let Item::Equation(equation) = item {
            walk::names(&equation.right, &mut |name, _| add(name));
        }
    }
    Some(names)
}

/// The statements without equations and inner cells of the parent that nothing used needs, and
/// without declarations of what is gone.
fn needed(items: Vec<Item>, mine: &[bool], view: &View, used: &BTreeSet<usize>) -> Vec<Item> {
    let clock = &view.table.clock;
    let is_used = |key: &Key| view.table.id(key).is_some_and(|id| used.contains(&id));
    let has_used = |key: &Key| {
        view.table.instance(key).is_none_or(|at| {
            let symbols = view.table.instances[at].symbols.iter();
            symbols.flatten().any(|id| used.contains(id))
        })
    };
    let is_needed = |item: &Item| {
        let (name, cell) = match item {
            Item::Equation(equation) => (&equation.left, false),
            Item::Declaration(declared) => {
                let cell = matches!(declared.kind, Some(DeclaredKind::Cell(_)));
                (&declared.name, cell)
            }
            _ => return true,
        };
        let key = Written::of(name, clock).labelled();
        if cell {
            return has_used(&key);
        }
        let state = |key: &Key| {
            view.table
                .id(key)
                .is_some_and(|id| view.sorts[id] == Sort::State)
        };
        let start = key.without_zero();
        let start = start.is_some_and(|own| is_used(&own) && state(&own));
        start || is_used(&key) || view.table.function(&key).is_some()
    };
    let all = items.into_iter().zip(mine);
    all.filter(|(item, mine)| **mine || is_needed(item))
        .map(|(item, _)| item)
        .collect()
}
