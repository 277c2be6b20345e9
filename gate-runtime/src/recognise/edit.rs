//! Changing a form: some values and atoms are replaced, everything else is made anew around them.

use std::collections::HashMap;

use super::build::Form;
use super::term::{Atom, AtomId, Monomial, Terms, Value};

/// What is replaced; everything stands in terms of the form that is changed.
#[derive(Debug, Default)]
pub(super) struct Edit {
    pub(super) values: HashMap<Value, Vec<(Monomial, f64)>>,
    pub(super) atoms: HashMap<AtomId, Value>,
    /// Atoms that become `1 -` themselves.
    pub(super) complements: Vec<AtomId>,
    /// States and outputs by their index.
    pub(super) states: HashMap<usize, Value>,
    pub(super) outputs: HashMap<usize, Value>,
}

impl Edit {
    pub(super) fn empty(&self) -> bool {
        self.values.is_empty()
            && self.atoms.is_empty()
            && self.complements.is_empty()
            && self.states.is_empty()
            && self.outputs.is_empty()
    }

    /// The changed form.
    pub(super) fn apply(&self, form: &Form) -> Form {
        let mut rewrite = Rewrite {
            edit: self,
            old: &form.terms,
            new: Terms::default(),
            values: HashMap::new(),
        };
        let named = form
            .named
            .iter()
            .map(|&(s, v)| (s, rewrite.value(v)))
            .collect();
        let states = form
            .states
            .iter()
            .enumerate()
            .map(|(i, &(s, v))| (s, rewrite.value(self.states.get(&i).copied().unwrap_or(v))));
        let states = states.collect();
        let outputs = form
            .outputs
            .iter()
            .enumerate()
            .map(|(i, &v)| rewrite.value(self.outputs.get(&i).copied().unwrap_or(v)));
        Form {
            states,
            outputs: outputs.collect(),
            named,
            terms: rewrite.new,
        }
    }
}

struct Rewrite<'a> {
    edit: &'a Edit,
    old: &'a Terms,
    new: Terms,
    values: HashMap<Value, Value>,
}

impl Rewrite<'_> {
    fn value(&mut self, value: Value) -> Value {
        if let Some(&done) = self.values.get(&value) {
            return done;
        }
        let (edit, old) = (self.edit, self.old);
        let terms = edit.values.get(&value).unwrap_or(&old.values[value]);
        let mut sum = Vec::with_capacity(terms.len());
        for (monomial, coefficient) in terms {
            let mut product = self.new.number(*coefficient);
            for &(atom, exponent) in monomial {
                let factor = self.atom(atom);
                let factor = if exponent < 0 {
                    self.new.invert(factor)
                } else {
                    factor
                };
                for _ in 0..exponent.abs() {
                    product = self.new.multiply(product, factor);
                }
            }
            sum.extend(self.new.values[product].iter().cloned());
        }
        let out = self.new.sum(sum);
        self.values.insert(value, out);
        out
    }

    fn atom(&mut self, id: AtomId) -> Value {
        if let Some(&other) = self.edit.atoms.get(&id) {
            return self.value(other);
        }
        let (atom, axes) = &self.old.atoms[id];
        let made = match atom {
            Atom::Dot(m, v) => {
                let (m, v) = (self.value(*m), self.value(*v));
                self.new.dot(m, v)
            }
            Atom::Group(v) => {
                let v = self.value(*v);
                match self.new.values[v].len() {
                    1 => v,
                    _ => self.new.atom(Atom::Group(v), *axes),
                }
            }
            Atom::Call(name, args) => {
                let mut args: Vec<Value> = args.iter().map(|&a| self.value(a)).collect();
                if matches!(name.as_str(), "min" | "max") {
                    args.sort_unstable();
                }
                self.new.call(name, args, *axes)
            }
            leaf => self.new.atom(leaf.clone(), *axes),
        };
        if self.edit.complements.contains(&id) {
            let one = self.new.number(1.0);
            return self.new.add(one, made, -1.0);
        }
        made
    }
}
