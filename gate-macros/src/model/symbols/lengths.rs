//! Sizes that equations read: a length as a number.

use std::collections::BTreeSet;

use crate::diag::Place;
use crate::model::SymbolId;
use crate::model::names::{Key, Written, size_name};
use crate::syntax::{Declaration, DeclaredKind, Item, Name, SizeExpr, SizeName};

use super::Table;

/// The sizes that declarations name.
pub(super) fn declared(items: &[Item]) -> BTreeSet<String> {
    let sizes = items.iter().filter_map(|item| match item {
        Item::Declaration(Declaration {
            kind: Some(DeclaredKind::Shape(sizes)),
            ..
        }) => Some(sizes),
        _ => None,
    });
    let terms = sizes.flatten().flat_map(|size| &size.terms);
    let names = terms.filter_map(|(_, name)| name.as_ref());
    names.map(|name| name.text.clone()).collect()
}

/// A name as declarations write that of a size.
pub(super) fn name(key: &Key) -> String {
    size_name(&key.base, key.subs.iter().chain(&key.sups))
}

impl Table {
    /// The size whose number a symbol stands for.
    pub(in crate::model) fn size(&self, id: SymbolId) -> Option<&SizeName> {
        self.size_of_name(id).filter(|_| !self.may_be_identity(id))
    }

    /// The size that a symbol without a meaning of its own has the name of.
    pub(in crate::model) fn size_of_name(&self, id: SymbolId) -> Option<&SizeName> {
        let entry = &self.symbols[id];
        let listed = self.inputs.iter().flatten().any(|&input| input == id);
        let own = entry.defined.is_some() || entry.declared.place.is_some();
        let value = own || listed || entry.timed || entry.key.primes > 0;
        entry.size.as_ref().filter(|_| !value)
    }

    fn may_be_identity(&self, id: SymbolId) -> bool {
        let key = &self.symbols[id].key;
        key.base == "I" && key.subs.is_empty()
    }

    /// Whether a symbol is an `I` of which nothing says what it is.
    pub(in crate::model) fn is_identity_letter(&self, id: SymbolId) -> bool {
        let entry = &self.symbols[id];
        // In an inner cell it has the cell's label.
        let key = &entry.key;
        let inner = entry.place.layer != 0 && key.subs.is_empty() && key.primes == 0;
        key.base == "I" && (key.is_bare() || inner) && entry.declared.place.is_none()
    }

    /// The symbol of the size `I` behind a `/` and in a function, where no identity matrix stands.
    pub(in crate::model) fn size_i(&mut self, name: &Name) -> Option<SymbolId> {
        let mut key = Written::of(name, &self.clock).labelled();
        let id = self.id(&key).filter(|_| key.is_bare())?;
        let size = self.size_of_name(id)?.clone();
        if !self.may_be_identity(id) {
            return None;
        }
        // A label that nobody can write.
        key.subs.push(String::new());
        let id = self.symbol(&key, name.place);
        self.symbols[id].size = Some(size);
        Some(id)
    }

    /// Whether declarations use a name as a size.
    pub(in crate::model) fn is_size_name(&self, key: &Key) -> bool {
        self.size_names.contains(&name(key))
    }

    /// Whether a symbol stands for a size.
    pub(in crate::model) fn is_size(&self, id: SymbolId) -> bool {
        self.size(id).is_some()
    }

    /// Whether a name is that of a size.
    pub(in crate::model) fn names_size(&self, key: &Key) -> bool {
        self.id(key).is_some_and(|id| self.is_size(id))
    }

    /// A size by its name.
    pub(in crate::model) fn size_expr(&self, name: &SizeName, place: Place) -> SizeExpr {
        SizeExpr {
            terms: vec![(1, Some(name.clone()))],
            divisor: 1,
            place,
        }
    }
}
