//! Functions that the graph holds in pieces: normalisations, and what is equal to what.
//!
//! Takes: the graph of a step. Gives: the operands of such functions, found from their last
//! operation.

use std::collections::HashMap;

use crate::info::{CellInfo, OpInfo};

/// Finds functions in a graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patterns<'i>(pub(crate) &'i CellInfo);

impl Patterns<'_> {
    fn op(&self, id: usize) -> OpInfo {
        self.0.graph.nodes[id].op
    }

    fn args(&self, id: usize) -> &'static [usize] {
        self.0.graph.nodes[id].args
    }

    /// A node without what spreads it.
    pub(crate) fn plain(&self, id: usize) -> usize {
        match self.op(id) {
            OpInfo::Spread => self.plain(self.args(id)[0]),
            _ => id,
        }
    }

    /// The argument of an operation, if a node is that.
    pub(crate) fn argument(&self, id: usize, op: OpInfo) -> Option<usize> {
        let id = self.plain(id);
        (self.op(id) == op).then(|| self.args(id)[0])
    }

    /// `v / √(mean(v²) + ε)`: of `v = u - mean(u)` the normalisation of `u` (true), of any other
    /// `v` its own by the root of mean squares.
    pub(crate) fn normalised(&self, id: usize) -> Option<(usize, bool)> {
        if self.op(id) != OpInfo::Mul {
            return None;
        }
        let &[a, b] = self.args(id) else { return None };
        let pairs = [(a, b), (b, a)];
        let (v, _) = pairs
            .into_iter()
            .find(|&(v, r)| self.deviation(r) == Some(v))?;
        Some(self.centred(v).map_or((v, false), |u| (u, true)))
    }

    /// `v` in `1 / √(Σv²/n + ε)`.
    fn deviation(&self, id: usize) -> Option<usize> {
        let root = self.argument(self.argument(id, OpInfo::Recip)?, OpInfo::Sqrt)?;
        let raised = self.plain(root);
        let mut terms = self
            .args(raised)
            .iter()
            .filter(|_| self.op(raised) == OpInfo::Add);
        let sum = terms.find_map(|&a| self.mean(a))?;
        self.argument(sum, OpInfo::Square)
    }

    /// `u` in `u - Σu/n`.
    fn centred(&self, id: usize) -> Option<usize> {
        let &[a, b] = self.args(id) else { return None };
        let without = |u: usize, mean: Option<usize>| (self.mean(mean?)? == u).then_some(u);
        match self.op(id) {
            OpInfo::Sub => without(a, Some(b)),
            OpInfo::Add => without(a, self.argument(b, OpInfo::Neg))
                .or_else(|| without(b, self.argument(a, OpInfo::Neg))),
            _ => None,
        }
    }

    /// `u` in `Σu/n`.
    fn mean(&self, id: usize) -> Option<usize> {
        let id = self.plain(id);
        let &[sum, count] = self.args(id) else {
            return None;
        };
        let length = matches!(self.op(count), OpInfo::Length(_));
        (self.op(id) == OpInfo::Div && length).then(|| self.argument(sum, OpInfo::Sum))?
    }

    /// The number that a node is.
    pub(crate) fn number(&self, id: usize) -> Option<f64> {
        match self.op(self.plain(id)) {
            OpInfo::Number(n) => Some(n),
            _ => None,
        }
    }

    /// `x` in `min(max(x, low), high)`.
    pub(crate) fn clamped(&self, id: usize, low: f64, high: f64) -> Option<usize> {
        let &[raised, limit] = self.args(id) else {
            return None;
        };
        let &[x, floor] = self.args(raised) else {
            return None;
        };
        let both = self.op(id) == OpInfo::Min && self.op(raised) == OpInfo::Max;
        let fits = self.number(limit) == Some(high) && self.number(floor) == Some(low);
        (both && fits).then_some(x)
    }

    /// `v` in `softmax(v)`.
    pub(crate) fn softmax(&self, id: usize) -> Option<usize> {
        let &[powers, factor] = self.args(id) else {
            return None;
        };
        let sum = self.argument(factor, OpInfo::Recip)?;
        let total = self.argument(sum, OpInfo::Sum)?;
        let shifted = self.argument(powers, OpInfo::Exp)?;
        let &[v, _] = self.args(shifted) else {
            return None;
        };
        let fits = self.op(id) == OpInfo::Mul && total == powers && self.op(shifted) == OpInfo::Sub;
        fits.then_some(v)
    }

    /// `(old, new)` in `zoneout(p, new, old)`.
    pub(crate) fn zoneout(&self, id: usize) -> Option<(usize, usize)> {
        let &[kept, replaced] = self.args(id) else {
            return None;
        };
        let (&[mask, old], &[_, new]) = (self.args(kept), self.args(replaced)) else {
            return None;
        };
        let random = matches!(self.op(mask), OpInfo::Zoneout(_));
        (self.op(id) == OpInfo::Add && random).then_some((old, new))
    }

    /// For each node, the first that is the same operation on the same values.
    pub(crate) fn numbering(&self) -> Vec<usize> {
        let mut first: HashMap<String, usize> = HashMap::new();
        let mut same: Vec<usize> = Vec::with_capacity(self.0.graph.nodes.len());
        for (id, node) in self.0.graph.nodes.iter().enumerate() {
            let mut args: Vec<usize> = node.args.iter().map(|&a| same[a]).collect();
            if matches!(
                node.op,
                OpInfo::Add | OpInfo::Mul | OpInfo::Min | OpInfo::Max
            ) {
                args.sort_unstable();
            }
            let key = format!("{:?} {args:?} {:?}", node.op, node.shape);
            same.push(*first.entry(key).or_insert(id));
        }
        same
    }

    /// For each node, whether it depends on parameters and numbers only.
    pub(crate) fn fixed(&self) -> Vec<bool> {
        let mut fixed: Vec<bool> = Vec::with_capacity(self.0.graph.nodes.len());
        for node in self.0.graph.nodes {
            let leaf = matches!(
                node.op,
                OpInfo::Input(_) | OpInfo::Prev(..) | OpInfo::Dropout(_) | OpInfo::Zoneout(_)
            );
            fixed.push(!leaf && node.args.iter().all(|&a| fixed[a]));
        }
        fixed
    }
}
