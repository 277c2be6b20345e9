//! Cells inside a cell: `inner: Lstm;` and what its symbols are called here.
//!
//! The equations of an inner cell become equations of the outer one, every symbol with the
//! instance's name as a label: `C` of `inner: Lstm` is `C^(inner)`. What the stages after this
//! one see is one cell.

use std::rc::Rc;

use crate::diag::{self, Diagnostics, Place};
use crate::model::SymbolId;
use crate::model::names::Key;
use crate::model::roles::sort::Sort;
use crate::model::trees::tree::Resolved;
use crate::syntax::{DeclaredKind, SizeExpr};

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
}

impl Inner {
    /// What the call's arguments are, for messages: `x_t`, `d_t`.
    pub(in crate::model) fn input_names(&self) -> String {
        let names = self.inputs.iter().map(|&id| self.name(id));
        let names: Vec<String> = names.map(|name| format!("`{name}_t`")).collect();
        names.join(", ")
    }

    /// The states, for messages.
    pub(in crate::model) fn state_names(&self) -> String {
        let states = (0..self.sorts.len()).filter(|&id| self.sorts[id] == Sort::State);
        let names: Vec<String> = states.map(|id| format!("`{}`", self.name(id))).collect();
        names.join(", ")
    }

    pub(in crate::model) fn name(&self, id: SymbolId) -> String {
        self.table.symbols[id].key.printed()
    }

    /// Whether a symbol has another value at each call.
    pub(in crate::model) fn varies(&self, id: SymbolId) -> bool {
        matches!(
            self.sorts[id],
            Sort::Input | Sort::State | Sort::Intermediate
        )
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

    /// Makes the symbols of inner cells.
    pub(super) fn add_instances(
        &mut self,
        instances: Vec<Instance>,
        diagnostics: &mut Diagnostics,
    ) {
        for mut instance in instances {
            let name = instance.key.printed();
            let value = self.find(&instance.key);
            let value = value.and_then(|e| e.defined.or(e.declared.place));
            let function = self.function(&instance.key).map(|function| function.place);
            let other = self.instance(&instance.key);
            let other = other.map(|other| self.instances[other].place);
            if let Some(first) = value.or(function).or(other) {
                diagnostics.push(diag::cell_and_value(instance.place, &name, first));
                continue;
            }
            let inner = instance.inner.clone();
            for (id, entry) in inner.table.symbols.iter().enumerate() {
                if inner.sorts[id] != Sort::Absent {
                    let key = labelled(&entry.key, &label(&instance.key));
                    let defines = !matches!(inner.sorts[id], Sort::Input);
                    let here = self.import(&key, entry, &name, defines, diagnostics);
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
        instance: &str,
        defines: bool,
        diagnostics: &mut Diagnostics,
    ) -> SymbolId {
        let id = self.symbol(key, entry.place);
        let own = &mut self.symbols[id];
        if let (Some(here), Some(there)) = (own.defined, entry.defined) {
            let name = key.printed();
            diagnostics.push(diag::duplicate_definition(here, &name, there));
        }
        if defines {
            own.defined = own.defined.or(entry.defined);
        }
        own.timed |= entry.timed;
        own.size = entry.size.as_ref().map(|size| format!("{size}:{instance}"));
        let declared = own.declared.clone();
        own.declared = overridden(declared, &entry.declared, instance);
        id
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
        *name = name.take().map(|name| format!("{name}:{instance}"));
    }
    size
}
