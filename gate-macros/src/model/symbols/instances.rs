//! Cells inside a cell: `inner: Lstm;` and what its symbols are called here.
//!
//! The equations of an inner cell become equations of the outer one, every symbol with the
//! instance's name as a label: `C` of `inner: Lstm` is `C^(inner)`. What the stages after this
//! one see is one cell.

use std::rc::Rc;

use crate::diag::{self, Diagnostics, Place};
use crate::functions;
use crate::model::kinds::Known;
use crate::model::names::{Key, Written, spell};
use crate::model::roles::alike;
use crate::model::roles::sort::Sort;
use crate::model::trees::tree::Resolved;
use crate::model::{SymbolId, walk};
use crate::syntax::{DeclaredKind, ExprKind, Item, Name, SizeExpr, SizeName, Split};

use super::{Declared, Entry, Table};

/// A cell inside another.
#[derive(Clone, Debug)]
pub(in crate::model) struct Instance {
    pub(in crate::model) key: Key,
    pub(in crate::model) place: Place,
    /// The inner cell's path, as written.
    pub(in crate::model) path: String,
    pub(in crate::model) inner: Rc<Inner>,
    /// Its symbols, here.
    pub(in crate::model) symbols: Vec<Option<SymbolId>>,
    pub(in crate::model) calls: usize,
}

/// An inner cell by itself.
#[derive(Debug)]
pub(in crate::model) struct Inner {
    pub(in crate::model) table: Table,
    pub(in crate::model) equations: Vec<Resolved>,
    pub(in crate::model) sorts: Vec<Sort>,
    pub(in crate::model) outputs: Vec<SymbolId>,
    /// In the order of the call's arguments.
    pub(in crate::model) inputs: Vec<SymbolId>,
    /// What the symbols are by themselves, whatever they are given.
    pub(in crate::model) known: Vec<Option<Known>>,
}

impl Inner {
    /// What the call's arguments are, for messages: `x_t`, `d_t`.
    pub(in crate::model) fn input_names(&self) -> String {
        let names = self.inputs.iter().map(|&id| self.name(id));
        let names: Vec<String> = names.map(|name| format!("`{name}_t`")).collect();
        names.join(", ")
    }

    /// The states.
    pub(in crate::model) fn state_ids(&self) -> impl Iterator<Item = SymbolId> {
        (0..self.sorts.len()).filter(|&id| self.sorts[id] == Sort::State)
    }

    /// The states, for messages.
    pub(in crate::model) fn state_names(&self) -> Vec<String> {
        self.state_ids().map(|id| self.name(id)).collect()
    }

    /// The values of a step, for messages.
    pub(in crate::model) fn value_names(&self) -> String {
        let values = (0..self.sorts.len()).filter(|&id| self.is_value(self.sorts[id]));
        let names: Vec<String> = values.map(|id| format!("`{}`", self.name(id))).collect();
        names.join(", ")
    }

    fn is_value(&self, sort: Sort) -> bool {
        matches!(sort, Sort::Input | Sort::State | Sort::Intermediate)
    }

    pub(in crate::model) fn name(&self, id: SymbolId) -> String {
        self.table.symbols[id].key.printed()
    }

    /// Whether a symbol has another value at each call.
    pub(in crate::model) fn varies(&self, id: SymbolId) -> bool {
        self.is_value(self.sorts[id])
    }
}

/// A symbol of an instance as the outer cell names it.
pub(in crate::model) fn labelled(key: &Key, label: &str) -> Key {
    let mut key = key.clone();
    match key.sups.last_mut() {
        Some(last) => *last = format!("{last},{label}"),
        None => key.sups.push(label.to_owned()),
    }
    key
}

impl Table {
    /// The instance of a name.
    pub(in crate::model) fn instance(&self, key: &Key) -> Option<usize> {
        self.instances.iter().position(|i| i.key == *key)
    }

    /// Whether a symbol is that of an inner cell.
    pub(in crate::model) fn is_inner(&self, id: SymbolId) -> bool {
        let mut symbols = self.instances.iter().flat_map(|i| &i.symbols);
        symbols.any(|own| *own == Some(id))
    }

    /// Makes the symbols of inner cells.
    pub(super) fn add_instances(
        &mut self,
        instances: Vec<Instance>,
        diagnostics: &mut Diagnostics,
    ) {
        for mut instance in instances {
            let name = instance.key.printed();
            let bare = instance.key.is_bare() && functions::function(&name).is_some();
            if bare {
                diagnostics.push(diag::language_function(instance.place, &name));
            }
            let value = self.find(&instance.key);
            let value = value.and_then(|e| e.defined.or(e.declared.place));
            let function = self.function(&instance.key).map(|function| function.place);
            let other = self.instance(&instance.key);
            let other = other.map(|other| self.instances[other].place);
            if let Some(first) = value.or(function).or(other) {
                diagnostics.push(diag::cell_and_value(instance.place, &name, first));
            }
            if other.is_some() {
                continue;
            }
            let inner = instance.inner.clone();
            for (id, entry) in inner.table.symbols.iter().enumerate() {
                if inner.sorts[id] != Sort::Absent {
                    let key = labelled(&entry.key, &label(&instance.key));
                    let defines = !matches!(inner.sorts[id], Sort::Input);
                    let own = (&*name, &*instance.path);
                    let here = self.import(&key, entry, own, defines, diagnostics);
                    self.symbols[here].known = inner.known[id].clone();
                    instance.symbols[id] = Some(here);
                }
            }
            self.instances.push(instance);
        }
    }

    /// A symbol like that of an inner cell; what is declared of it here goes before.
    fn import(
        &mut self,
        key: &Key,
        entry: &Entry,
        (instance, path): (&str, &str),
        defines: bool,
        diagnostics: &mut Diagnostics,
    ) -> SymbolId {
        let id = self.symbol(key, entry.place);
        let own = &mut self.symbols[id];
        let init = own.declared.init.as_ref().map(|init| init.place);
        if let (Some(here), Some(there)) = (own.defined.or(init), entry.defined) {
            let name = entry.key.printed();
            diagnostics.push(diag::inner_equation(here, &name, (instance, path), there));
            own.declared.init = None;
        }
        if defines {
            own.defined = own.defined.or(entry.defined);
        }
        own.timed |= entry.timed;
        own.size = entry.size.clone().map(|size| in_cell(size, instance));
        let declared = own.declared.clone();
        own.declared = overridden(declared, &entry.declared, instance);
        id
    }

    /// Reports reads of what inner cells do not have, which would be inputs and parameters, and
    /// several left sides that are not what a call gives.
    pub(super) fn check_inner_reads(&mut self, items: &[Item], diagnostics: &mut Diagnostics) {
        if self.instances.is_empty() {
            return;
        }
        for item in items {
            if let Item::Split(split) = item
                && let Some(message) = self.values_of_call(split)
            {
                diagnostics.push(message);
                let labels = self.instances.iter().map(|i| label(&i.key));
                let labels: Vec<String> = labels.collect();
                let reads = split.lefts.iter().map(|left| self.read_as(left));
                let reads = reads.flat_map(|(key, timed)| {
                    labels
                        .iter()
                        .map(move |label| (labelled(&key, label), timed))
                });
                let reads: Vec<_> = reads.collect();
                self.misread.extend(reads);
            }
        }
        for item in items {
            if let Item::Equation(equation) = item {
                walk::names(&equation.right, &mut |name, _| {
                    let read = self.read_as(name);
                    let message = match self.misread.contains(&read) {
                        true => None,
                        false => self.inner_read(name),
                    };
                    if let Some(message) = message {
                        diagnostics.push(message);
                        self.misread.insert(read);
                    }
                });
            }
        }
    }

    /// `(h_t, C_t) = inner(x_t)`, where the names are not the inner cell's: its output, then
    /// other values of its step.
    fn values_of_call(&self, split: &Split) -> Option<diag::Diagnostic> {
        let ExprKind::Apply(name, _) = &split.right.kind else {
            return None;
        };
        let key = Written::of(name, &self.clock).labelled();
        let instance = &self.instances[self.instance(&key)?];
        let inner = &instance.inner;
        let output = *inner.outputs.first()?;
        let lefts: Vec<Key> = split
            .lefts
            .iter()
            .map(|left| self.read_as(left).0)
            .collect();
        let value = |key: &Key| inner.table.id(key).filter(|&id| inner.varies(id));
        let first = value(&lefts[0]) == Some(output);
        if first && lefts.iter().all(|left| value(left).is_some()) {
            return None;
        }
        let (own, label) = (instance.key.printed(), label(&instance.key));
        let call = format!("{}({})", own, inner.input_names().replace('`', ""));
        let written = lefts.iter().map(|left| {
            let values = (0..inner.sorts.len()).filter(|&id| inner.varies(id));
            let mut values = values.map(|id| (id, &inner.table.symbols[id].key));
            let near = values.find(|(_, key)| *key == left || alike(key, left));
            let right = match near {
                Some((id, _)) if id == output => call.clone(),
                Some((_, key)) => spell::plain(&labelled(key, &label), Some(0)),
                None => "…".to_owned(),
            };
            format!("{} = {right};", spell::plain(left, Some(0)))
        });
        let written: Vec<String> = written.collect();
        let written = (&*inner.name(output), &*written.join(" "));
        let values = inner.value_names();
        let named = (&*own, &*instance.path);
        Some(diag::values_of_call(split.place, named, written, &values))
    }

    /// What a name reads, and whether it has a time index.
    fn read_as(&self, name: &Name) -> (Key, bool) {
        let written = Written::of(name, &self.clock);
        (written.labelled(), written.time.is_some())
    }

    /// Where an undefined state is one of an inner cell, that cell and how the state is read.
    pub(in crate::model) fn state_of_inner(&self, key: &Key) -> Option<(&Instance, String)> {
        self.instances.iter().find_map(|instance| {
            let inner = &instance.inner;
            let id = inner.table.id(key)?;
            let label = label(&instance.key);
            let read = || spell::plain(&labelled(key, &label), Some(1));
            (inner.sorts[id] == Sort::State).then(|| (instance, read()))
        })
    }

    fn inner_read(&self, name: &Name) -> Option<diag::Diagnostic> {
        let written = Written::of(name, &self.clock);
        let key = written.labelled();
        let last = key.sups.last()?.clone();
        let of = |instance: &&Instance| last.rsplit(',').next() == Some(&label(&instance.key));
        let own = |id: SymbolId, instance: &Instance| {
            let at = instance.symbols.iter().position(|own| *own == Some(id));
            at.map(|at| instance.inner.sorts[at])
        };
        let printed = key.printed();
        let mut plain = key.clone();
        let rest = last.rsplit_once(',').map(|(rest, _)| rest.to_owned());
        plain.sups.pop();
        plain.sups.extend(rest);
        let plain = plain.printed();
        if let Some(instance) = self.instances.iter().find(of) {
            let named = (&*instance.key.printed(), &*instance.path);
            let sort = self.id(&key).and_then(|id| own(id, instance));
            let value = |sort: &Sort| instance.inner.is_value(*sort);
            return match sort {
                None if self.find(&key).is_none() => {
                    let values = instance.inner.value_names();
                    Some(diag::no_inner_value(name.place, &plain, named, &values))
                }
                Some(sort) if !value(&sort) && written.time.is_some() => Some(
                    diag::inner_without_time(name.place, &plain, &printed, named),
                ),
                _ => None,
            };
        }
        // Without a time index it is a parameter like any other.
        let sup = written
            .sups
            .last()
            .filter(|sup| sup.label && written.time.is_some())?;
        let said = |e: &Entry| e.defined.is_some() || e.declared.place.is_some();
        let unknown = !self.find(&key).is_some_and(said);
        let meant = self.instances.iter().find_map(|instance| {
            let mut key = key.clone();
            *key.sups.last_mut()? = label(&instance.key);
            let sort = own(self.id(&key)?, instance)?;
            matches!(sort, Sort::State | Sort::Intermediate).then(|| key.printed())
        });
        let meant = meant.filter(|_| unknown)?;
        Some(diag::inner_label(name.place, &printed, &sup.text, &meant))
    }

    /// The symbols of inner cells have their value at the present step.
    pub(super) fn set_instances_now(&mut self) {
        let symbols = self.instances.iter().flat_map(|i| i.symbols.iter());
        for id in symbols.flatten().copied().collect::<Vec<_>>() {
            self.symbols[id].left = Some(self.now);
        }
    }
}

/// The label that an instance gives to symbols.
pub(in crate::model) fn label(instance: &Key) -> String {
    let parts = std::iter::once(&instance.base).chain(&instance.subs);
    let parts: Vec<&str> = parts.chain(&instance.sups).map(String::as_str).collect();
    parts.join("_")
}

/// What is declared of an inner cell's symbol.
fn overridden(own: Declared, inner: &Declared, instance: &str) -> Declared {
    let kind = inner.kind.clone().map(|(kind, place)| match kind {
        DeclaredKind::Shape(sizes) => {
            let sizes = sizes.into_iter().map(|size| of_instance(size, instance));
            (DeclaredKind::Shape(sizes.collect()), place)
        }
        kind => (kind, place),
    });
    let keeps = own.kind.is_none();
    Declared {
        place: own.place.or(inner.place),
        kind: own.kind.or(kind),
        init: own.init.or(inner.init.clone()),
        value: own.value.or(inner.value.clone().filter(|_| keeps)),
        timed: own.timed || inner.timed,
        initial: own.initial.or(inner.initial.clone()),
    }
}

/// A size that is not the outer cell's size of that name.
pub(in crate::model) fn of_instance(mut size: SizeExpr, instance: &str) -> SizeExpr {
    for (_, name) in &mut size.terms {
        *name = name.take().map(|name| in_cell(name, instance));
    }
    size
}

fn in_cell(mut name: SizeName, instance: &str) -> SizeName {
    name.cells.push(instance.to_owned());
    name
}
