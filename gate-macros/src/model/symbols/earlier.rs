//! Left sides of an earlier step beside those of the present: `ĥ_{t-1} = γ_t ⊙ h_{t-1}`.
//!
//! Where such an equation reads what only the present step has, its value belongs to that step,
//! and `t-1` is part of its name. Elsewhere it is a value that was computed a step ago.

use crate::model::SymbolId;
use crate::model::names::Written;
use crate::model::walk;
use crate::syntax::{Equation, Item};

use super::{Sort, Table};

/// What an equation reads: each symbol with the time that is written on it.
type Reads = Vec<(SymbolId, Option<i64>)>;

impl Table {
    /// Moves the left sides of earlier steps to the present one, if one of them has to be there.
    pub(super) fn move_earlier(&mut self, items: &[Item]) {
        if self.inputs_at.is_some() {
            return;
        }
        let found: Vec<(SymbolId, Reads)> = items
            .iter()
            .zip(&self.sorts)
            .filter_map(|pair| match pair {
                (Item::Equation(equation), Sort::Equation(left)) => {
                    Some((*left, self.reads(equation)))
                }
                _ => None,
            })
            .collect();
        let moving = self.moving(&found);
        let now = self.now;
        let earlier: Vec<Option<i64>> = self
            .symbols
            .iter()
            .map(|entry| entry.left.filter(|left| *left < now))
            .collect();
        let needs = |(left, reads): &(SymbolId, Reads)| {
            earlier[*left].is_some_and(|own| {
                reads.iter().any(|&(id, time)| match time {
                    Some(time) => time > own,
                    None => id != *left && moving[id],
                })
            })
        };
        if !found.iter().any(needs) {
            return;
        }
        for (left, _) in &found {
            let reads = || found.iter().flat_map(|(_, reads)| reads);
            let otherwise = |own| reads().any(|&(id, time)| id == *left && time != Some(own));
            if let Some(own) = earlier[*left].filter(|&own| !otherwise(own)) {
                let entry = &mut self.symbols[*left];
                entry.moved = now - own;
                entry.left = Some(now);
            }
        }
    }

    fn reads(&self, equation: &Equation) -> Reads {
        let mut reads = Vec::new();
        walk::names(&equation.right, &mut |name, _| {
            let written = Written::of(name, &self.clock);
            let (key, _) = self.read_key(&written);
            reads.extend(self.id(&key).map(|id| (id, written.time)));
        });
        reads
    }

    /// For each symbol whether an equation computes it anew at each step.
    fn moving(&self, equations: &[(SymbolId, Reads)]) -> Vec<bool> {
        let mut moving = vec![false; self.symbols.len()];
        for _ in equations {
            for (left, reads) in equations {
                moving[*left] |= reads.iter().any(|&(id, time)| time.is_some() || moving[id]);
            }
        }
        moving
    }
}
