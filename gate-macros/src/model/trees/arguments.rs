//! What a call of an inner cell is given: inputs in their order, earlier states by name.

use std::collections::BTreeMap;

use crate::diag::{self, Place};
use crate::model::SymbolId;
use crate::model::names::{Written, spell};
use crate::model::roles::{Sort, alike};
use crate::model::symbols::{Inner, label, labelled};
use crate::syntax::{Expr, ExprKind, Name};

use super::build::Builder;
use super::tree::Tree;

/// The inputs, and what replaces earlier states.
pub(super) type Given = (Vec<Tree>, BTreeMap<SymbolId, Tree>);

impl Builder<'_> {
    /// The arguments of a call as values; `None` where their number was reported.
    pub(super) fn given(
        &mut self,
        instance: usize,
        arguments: &[Expr],
        place: Place,
    ) -> Option<Given> {
        let inner = self.table.instances[instance].inner.clone();
        let (mut inputs, mut given) = (Vec::new(), BTreeMap::new());
        let short = self.short_states(&inner, arguments);
        for (at, argument) in arguments.iter().enumerate() {
            let (state, value) = match &argument.kind {
                ExprKind::Given(name, value) => (self.given_state(&inner, name), &**value),
                _ => match short.iter().find(|(own, _)| *own == at) {
                    Some(&(_, state)) => (Some(state), argument),
                    None => {
                        inputs.push(self.tree(argument));
                        continue;
                    }
                },
            };
            let value = self.tree(value);
            match state {
                None => self.no_such_state(instance, argument),
                Some(state) => {
                    let name = inner.name(state);
                    if given.insert(state, value).is_some() {
                        let cell = self.table.instances[instance].key.printed();
                        let message = diag::state_given_twice(argument.place, &name, &cell);
                        self.diagnostics.push(message);
                    }
                }
            }
        }
        if inputs.len() == inner.inputs.len() {
            return Some((inputs, given));
        }
        // Who wrote `(h_t, c_t) = inner(x_t, h_{t-1}, c_{t-1})` has been told all of it.
        let mut told = self.diagnostics.list().iter();
        if told.any(|d| d.code == "values_of_call") {
            return None;
        }
        let own = &self.table.instances[instance];
        let named = (&*own.key.printed(), &*own.path);
        let wanted = (inner.inputs.len(), &*inner.input_names());
        let states = self.states_by_name(&inner, arguments);
        let message = diag::cell_inputs(place, named, wanted, inputs.len(), &states);
        self.diagnostics.push(message);
        None
    }

    /// Of more values than inputs, those that are states of the inner cell by their names, and
    /// their states: `inner(x_t, h_{t-1})` is `inner(x_t, h_{t-1} = h_{t-1})`.
    fn short_states(&self, inner: &Inner, arguments: &[Expr]) -> Vec<(usize, SymbolId)> {
        let values = || {
            let all = arguments.iter().enumerate();
            all.filter(|(_, a)| !matches!(a.kind, ExprKind::Given(..)))
        };
        let state = |(at, argument): (usize, &Expr)| match &argument.kind {
            ExprKind::Name(name) => Some((at, self.given_state(inner, name)?)),
            _ => None,
        };
        let surplus = values().count().saturating_sub(inner.inputs.len());
        let found: Vec<_> = values().rev().filter_map(state).take(surplus).collect();
        match found.len() == surplus {
            true => found,
            false => Vec::new(),
        }
    }

    /// The state that `h_{t-1} = …` names.
    fn given_state(&self, inner: &Inner, name: &Name) -> Option<SymbolId> {
        let written = Written::of(name, &self.table.clock);
        let one_ago = written.time == Some(self.left_index() - 1);
        let id = inner.table.id(&written.labelled())?;
        (one_ago && inner.sorts[id] == Sort::State).then_some(id)
    }

    fn no_such_state(&mut self, instance: usize, argument: &Expr) {
        let ExprKind::Given(name, _) = &argument.kind else {
            return;
        };
        let own = &self.table.instances[instance];
        let (inner, named) = (own.inner.clone(), (&*own.key.printed(), &*own.path));
        let key = Written::of(name, &self.table.clock).labelled();
        // `h = …`, `h_t = …`, `h_{t-1}^(inner) = …`
        let own_label = label(&own.key);
        let meant = inner.state_ids().find(|&id| {
            let state = &inner.table.symbols[id].key;
            *state == key || labelled(state, &own_label) == key
        });
        let message = match meant {
            Some(state) => diag::state_one_ago(argument.place, &inner.name(state), named),
            None => {
                let (key, states) = (key.printed(), inner.state_names());
                diag::no_such_state(argument.place, &key, named, &states)
            }
        };
        self.diagnostics.push(message);
    }

    /// What a call with too many values means if those behind its inputs are its states:
    /// `h_{t-1} = h_{t-1}, C_{t-1} = c_{t-1}`.
    fn states_by_name(&self, inner: &Inner, arguments: &[Expr]) -> String {
        let mut open: Vec<SymbolId> = inner.state_ids().collect();
        let values = arguments
            .iter()
            .filter(|a| !matches!(a.kind, ExprKind::Given(..)));
        let mut parts = Vec::new();
        for value in values.skip(inner.inputs.len()) {
            let (text, key) = match &value.kind {
                ExprKind::Name(name) => {
                    let written = Written::of(name, &self.table.clock);
                    let delay = written.time.map(|time| self.left_index() - time);
                    let delay = delay.and_then(|delay| usize::try_from(delay).ok());
                    let key = written.labelled();
                    (spell::plain(&key, delay), Some(key))
                }
                _ => ("…".to_owned(), None),
            };
            let near = open.iter().position(|&id| {
                let state = &inner.table.symbols[id].key;
                key.as_ref()
                    .is_some_and(|key| key == state || alike(key, state))
            });
            if !open.is_empty() {
                let state = open.remove(near.unwrap_or(0));
                parts.push(format!("{}_{{t-1}} = {text}", inner.name(state)));
            }
        }
        if parts.is_empty() {
            parts.extend(
                open.first()
                    .map(|&id| format!("{}_{{t-1}} = …", inner.name(id))),
            );
        }
        parts.join(", ")
    }
}
