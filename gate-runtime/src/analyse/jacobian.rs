//! The structure of a step's Jacobian, block by block: how each state depends on each earlier one.
//!
//! Takes: the graph of a step. Gives: a [`JacobianBlock`] for each pair of states and each delay,
//! by carrying the structure of the dependence forward through the operations. What is reported
//! holds for all numbers; a zero that only certain parameters make is not seen.

use crate::info::{CellInfo, Extent, NodeInfo, OpInfo, RoleInfo};

use super::structure::{Bound, Dependence, Same, Structure};

/// The derivative of one state by an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub struct JacobianBlock {
    /// The later state: index in the graph's states.
    pub of: usize,
    /// The earlier one.
    pub by: usize,
    /// How many steps earlier.
    pub delay: usize,
    /// Its structure.
    pub structure: Structure,
    /// Whether its entries depend on no state.
    pub linear: bool,
}

impl CellInfo {
    /// The blocks of the step's Jacobian: every state by every state at every delay at which it
    /// is kept. States are indices in the graph's `states`; inputs that are kept for a delay are
    /// no states here.
    pub fn jacobian(&self) -> Vec<JacobianBlock> {
        let graph = &self.graph;
        let states: Vec<usize> = (0..graph.states.len())
            .filter(|&s| self.symbols[graph.states[s].symbol].role != RoleInfo::Input)
            .collect();
        let depends = dependent(self);
        let mut blocks = Vec::new();
        for &by in &states {
            for delay in 1..=graph.states[by].depth {
                let found = Forward::new(self, by, delay).run();
                let varying = varying(self, &found, &depends);
                for &of in &states {
                    let value = graph.states[of].value;
                    blocks.push(JacobianBlock {
                        of,
                        by,
                        delay,
                        structure: self.structure(&found[value], of, by),
                        linear: !varying[value],
                    });
                }
            }
        }
        blocks.sort_by_key(|b| (b.of, b.by, b.delay));
        blocks
    }

    /// The report of a dependence between two states.
    fn structure(&self, found: &Dependence, of: usize, by: usize) -> Structure {
        let shape = |state: usize| self.symbols[self.graph.states[state].symbol].shape;
        let bounds = || found.rank.iter().map(|&(_, b)| b).collect();
        if found.none() {
            return Structure::Zero;
        }
        match (shape(by).is_empty(), shape(of).is_empty()) {
            (true, true) if found.same == Same::Identity && found.rank.is_empty() => {
                return Structure::Identity;
            }
            (true, true) => return Structure::Scaled,
            (true, false) => return Structure::Column,
            (false, true) => return Structure::Row,
            (false, false) => {}
        }
        let whole = found.full || found.rank.iter().any(|(_, b)| self.whole(b));
        let several = found.aligned.is_some() || found.same == Same::Shifted;
        match (found.same, found.aligned) {
            _ if whole || several && !found.rank.is_empty() => Structure::Dense,
            (Same::Nothing, None) => Structure::LowRank(bounds()),
            (_, None) if !found.rank.is_empty() => Structure::DiagonalAndLowRank(bounds()),
            (Same::Identity, None) => Structure::Identity,
            (Same::Scaled, None) => Structure::Scaled,
            (Same::Diagonal, None) => Structure::Diagonal,
            (Same::Shifted, None) => Structure::Shifted,
            (Same::Shifted, Some(_)) => Structure::Dense,
            // Between vectors, to share an index is to be the same unit.
            (_, Some(_)) if shape(of).len() + shape(by).len() == 2 => Structure::Diagonal,
            (same, Some((from, to))) if same == Same::Nothing || from == to => {
                Structure::Aligned(from, to)
            }
            (_, Some(_)) => Structure::Dense,
        }
    }

    /// Whether a bound is no bound: the length of some state.
    fn whole(&self, bound: &Bound) -> bool {
        let Bound::Length(extent) = bound else {
            return false;
        };
        let mut states = self.graph.states.iter();
        states.any(|s| self.symbols[s.symbol].shape.contains(extent))
    }
}

/// Carries the dependence on one earlier state through the graph.
struct Forward<'i> {
    info: &'i CellInfo,
    by: usize,
    delay: usize,
    found: Vec<Dependence>,
}

impl<'i> Forward<'i> {
    fn new(info: &'i CellInfo, by: usize, delay: usize) -> Self {
        Forward {
            info,
            by,
            delay,
            found: Vec::with_capacity(info.graph.nodes.len()),
        }
    }

    fn run(mut self) -> Vec<Dependence> {
        for node in self.info.graph.nodes {
            let found = self.node(node);
            self.found.push(found);
        }
        self.found
    }

    fn shape(&self, node: usize) -> &'static [Extent] {
        self.info.graph.nodes[node].shape
    }

    fn node(&self, node: &NodeInfo) -> Dependence {
        if let OpInfo::Prev(state, delay) = node.op {
            return match (state, delay) == (self.by, self.delay) {
                true => Dependence::identity(),
                false => Dependence::default(),
            };
        }
        if node.args.iter().all(|&a| self.found[a].none()) {
            return Dependence::default();
        }
        match node.op {
            OpInfo::StopGradient => Dependence::default(),
            OpInfo::Dropout(_) | OpInfo::Zoneout(_) => Dependence::default(),
            OpInfo::Spread => self.spread(node, 0),
            OpInfo::Neg => self.spread(node, 0).scaled(),
            OpInfo::Add => self.spread(node, 0).plus(self.spread(node, 1)),
            OpInfo::Sub => self.spread(node, 0).plus(self.spread(node, 1).scaled()),
            OpInfo::Mul => self.times(node, 0, 1).plus(self.times(node, 1, 0)),
            OpInfo::Div => self.times(node, 0, 1).plus(self.spread(node, 1).mapped()),
            OpInfo::MatVec | OpInfo::MatVecTransposed => self.product(node),
            OpInfo::MatMat => self.matrices(node),
            OpInfo::Outer => self.outer(node),
            OpInfo::Sum | OpInfo::Largest => Dependence::through(self.found.len(), Bound::One),
            OpInfo::CumSum | OpInfo::CumSumReversed => {
                self.mixed(&self.found[node.args[0]], node.shape)
            }
            OpInfo::Transpose => self.transposed(node),
            OpInfo::Concat | OpInfo::Slice(..) | OpInfo::Pad(..) => self.moved(node),
            _ => (0..node.args.len())
                .map(|i| self.spread(node, i).mapped())
                .fold(Dependence::default(), Dependence::plus),
        }
    }

    /// An argument where it is read: a number spreads over all elements.
    fn spread(&self, node: &NodeInfo, i: usize) -> Dependence {
        let found = self.found[node.args[i]].clone();
        if found.none() || self.shape(node.args[i]).len() == node.shape.len() {
            found
        } else {
            Dependence::through(node.args[i], Bound::One)
        }
    }

    /// An argument times another, which does not change.
    fn times(&self, node: &NodeInfo, i: usize, other: usize) -> Dependence {
        let found = self.spread(node, i);
        match self.uniform(node.args[other]) {
            true => found.scaled(),
            false => found.mapped(),
        }
    }

    /// Whether all elements of a value are equal.
    fn uniform(&self, id: usize) -> bool {
        let node = &self.info.graph.nodes[id];
        let elementwise = !matches!(
            node.op,
            OpInfo::MatVec
                | OpInfo::MatVecTransposed
                | OpInfo::MatMat
                | OpInfo::Outer
                | OpInfo::CumSum
                | OpInfo::CumSumReversed
                | OpInfo::Concat
                | OpInfo::Pad(..)
                | OpInfo::Identity
                | OpInfo::Dropout(_)
                | OpInfo::Zoneout(_)
        );
        node.shape.is_empty()
            || elementwise && !node.args.is_empty() && node.args.iter().all(|&a| self.uniform(a))
            || matches!(node.op, OpInfo::Number(_) | OpInfo::Length(_))
    }

    /// What a matrix makes of a vector's dependence: it goes through the narrowest value on the
    /// way, this one or one before.
    fn mixed(&self, found: &Dependence, to: &[Extent]) -> Dependence {
        if found.none() {
            return Dependence::default();
        }
        let own = self.info.symbols[self.info.graph.states[self.by].symbol].shape;
        let bound = to.first().map_or(Bound::One, |&e| Bound::Length(e));
        let wide = |b: &Bound| matches!(b, Bound::Length(e) if own.contains(e));
        let before = found.same == Same::Nothing
            && found.aligned.is_none()
            && !found.full
            && !found.rank.iter().any(|(_, b)| wide(b));
        match before && bound != Bound::One {
            true => found.clone(),
            false => Dependence::through(self.found.len(), bound),
        }
    }

    fn product(&self, node: &NodeInfo) -> Dependence {
        let (matrix, vector) = (&self.found[node.args[0]], &self.found[node.args[1]]);
        let kept = usize::from(node.op == OpInfo::MatVecTransposed);
        let vector = match self.info.graph.nodes[node.args[0]].op {
            OpInfo::Identity => vector.clone(),
            _ => self.mixed(vector, node.shape),
        };
        vector.plus(contracted(matrix, kept, 0))
    }

    fn matrices(&self, node: &NodeInfo) -> Dependence {
        let (left, right) = (&self.found[node.args[0]], &self.found[node.args[1]]);
        contracted(left, 0, 0).plus(contracted(right, 1, 1))
    }

    fn outer(&self, node: &NodeInfo) -> Dependence {
        let along = |i: usize| {
            let found = &self.found[node.args[i]];
            match found {
                f if f.none() => Dependence::default(),
                // Many elements from few numbers: the bound on the rank stays.
                f if f.same == Same::Nothing && f.aligned.is_none() => f.clone(),
                f if !f.rank.is_empty() || f.full || f.same == Same::Shifted => Dependence::full(),
                f => Dependence {
                    aligned: Some((f.aligned.map_or(0, |(from, _)| from), i)),
                    ..Dependence::default()
                },
            }
        };
        along(0).plus(along(1))
    }

    fn transposed(&self, node: &NodeInfo) -> Dependence {
        let found = &self.found[node.args[0]];
        match (found.same, found.only_aligned()) {
            (Same::Nothing, Some((from, to))) => Dependence {
                aligned: Some((from, 1 - to)),
                ..Dependence::default()
            },
            (Same::Nothing, None) if found.aligned.is_none() => found.clone(),
            _ => Dependence::full(),
        }
    }

    /// Elements at other places.
    fn moved(&self, node: &NodeInfo) -> Dependence {
        let mut out = Dependence::default();
        for &arg in node.args {
            let mut found = self.found[arg].clone();
            if found.same != Same::Nothing {
                found.same = Same::Shifted;
            }
            if found.aligned.take().is_some() {
                found.full = true;
            }
            out = out.plus(found);
        }
        out
    }
}

/// A matrix whose one axis is summed over; `kept` is the other, which becomes axis `to`.
fn contracted(matrix: &Dependence, kept: usize, to: usize) -> Dependence {
    let along = |from: usize| Dependence {
        aligned: Some((from, to)),
        ..Dependence::default()
    };
    match (matrix.same, matrix.aligned) {
        _ if matrix.none() => Dependence::default(),
        _ if matrix.full || matrix.same == Same::Shifted => Dependence::full(),
        (Same::Nothing, None) => matrix.clone(),
        _ if !matrix.rank.is_empty() => Dependence::full(),
        (Same::Nothing, Some((from, at))) if at == kept => along(from),
        (_, None) => along(kept),
        (_, Some((from, at))) if at == kept && from == kept => along(kept),
        _ => Dependence::full(),
    }
}

/// For every node, whether its value depends on a state.
fn dependent(info: &CellInfo) -> Vec<bool> {
    let state = |s: usize| info.symbols[info.graph.states[s].symbol].role != RoleInfo::Input;
    let mut depends: Vec<bool> = Vec::with_capacity(info.graph.nodes.len());
    for node in info.graph.nodes {
        depends.push(match node.op {
            OpInfo::Prev(s, _) => state(s),
            _ => node.args.iter().any(|&a| depends[a]),
        });
    }
    depends
}

/// For every node, whether its derivative changes with the states.
fn varying(info: &CellInfo, found: &[Dependence], depends: &[bool]) -> Vec<bool> {
    let mut varying: Vec<bool> = Vec::with_capacity(found.len());
    for (node, own) in info.graph.nodes.iter().zip(found) {
        let read = |i: usize| !found[node.args[i]].none();
        let varies = |i: usize| read(i) && varying[node.args[i]];
        let beside = |i: usize, other: usize| varies(i) || read(i) && depends[node.args[other]];
        varying.push(
            !own.none()
                && match node.op {
                    OpInfo::Prev(..) => false,
                    OpInfo::Neg
                    | OpInfo::Add
                    | OpInfo::Sub
                    | OpInfo::Spread
                    | OpInfo::Sum
                    | OpInfo::CumSum
                    | OpInfo::CumSumReversed
                    | OpInfo::Transpose
                    | OpInfo::Concat
                    | OpInfo::Slice(..)
                    | OpInfo::Pad(..) => (0..node.args.len()).any(varies),
                    OpInfo::Mul
                    | OpInfo::Outer
                    | OpInfo::MatMat
                    | OpInfo::MatVec
                    | OpInfo::MatVecTransposed => beside(0, 1) || beside(1, 0),
                    OpInfo::Div => beside(0, 1) || read(1),
                    _ => true,
                },
        );
    }
    varying
}
