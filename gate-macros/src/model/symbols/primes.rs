//! New and old values told by primes: `h' = … h …`.

use crate::model::names::{Key, Written};
use crate::model::walk;
use crate::syntax::Item;

use super::{Declared, Table};

impl Table {
    /// `h' = … h …` with `h` not defined: one state, new and old.
    pub(super) fn primes(&mut self, items: &[Item]) {
        for id in 0..self.symbols.len() {
            let entry = &self.symbols[id];
            if entry.key.primes == 0 || entry.defined.is_none() {
                continue;
            }
            let mut old = entry.key.clone();
            old.primes -= 1;
            let input = self.clock.timeless && matches!(old.base.as_str(), "x" | "X");
            let Some(&other) = self.index.get(&old).filter(|_| !input) else {
                continue;
            };
            // `i'_t` beside `i_t`
            let left = entry.left;
            let unprimed = &self.symbols[other];
            if left.is_some() && self.is_read_at(items, &old, left) {
                continue;
            }
            if unprimed.defined.is_some() || !(unprimed.bare || unprimed.timed) {
                continue;
            }
            let declared = unprimed.declared.clone();
            let entry = &mut self.symbols[id];
            entry.primed = true;
            entry.key = old.clone();
            if declared.place.is_some() {
                entry.declared = declared;
            }
            self.symbols[other].bare = false;
            self.symbols[other].timed = false;
            self.symbols[other].declared = Declared::default();
            self.index.insert(old, id);
        }
    }

    /// Whether a symbol is read with this time index.
    fn is_read_at(&self, items: &[Item], key: &Key, time: Option<i64>) -> bool {
        let mut found = false;
        for item in items {
            if let Item::Equation(equation) = item {
                walk::names(&equation.right, &mut |name, _| {
                    let written = Written::of(name, &self.clock);
                    found |= written.time == time && self.read_key(&written).0 == *key;
                });
            }
        }
        found
    }
}
