//! The same cell, written in another way.

use gate_runtime::{
    CellInfo, Extent, GraphInfo, NodeInfo, OpInfo, RoleInfo, StateInfo, SymbolInfo,
};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// The same cell: symbols and operations in another order, operands swapped, sums regrouped,
/// matrices transposed, `a - b` as `a + (-b)`.
pub fn disguised(info: &'static CellInfo, rng: &mut ChaCha8Rng) -> &'static CellInfo {
    let symbols = shuffled(info.symbols.len(), rng);
    let turned: Vec<bool> = info
        .symbols
        .iter()
        .map(|s| turns(info, s) && rng.random())
        .collect();
    let mut nodes = Nodes {
        info,
        rng,
        symbols: &symbols,
        turned: &turned,
        out: Vec::new(),
    };
    let map = nodes.rewrite();
    let out = std::mem::take(&mut nodes.out);
    let rng = nodes.rng;
    let mut order: Vec<usize> = (0..info.graph.states.len()).collect();
    order.shuffle(rng);
    let place = |state: usize| order.iter().position(|&s| s == state).expect("a state");
    let out = out.into_iter().map(|node| match node.op {
        OpInfo::Prev(state, delay) => NodeInfo {
            op: OpInfo::Prev(place(state), delay),
            ..node
        },
        _ => node,
    });
    let states = order.iter().map(|&s| {
        let state = &info.graph.states[s];
        StateInfo {
            symbol: symbols[state.symbol],
            value: map[state.value],
            depth: state.depth,
        }
    });
    let pair = |&(s, node): &(usize, usize)| (symbols[s], map[node]);
    let mut new: Vec<(usize, SymbolInfo)> = Vec::new();
    for (i, s) in info.symbols.iter().enumerate() {
        let shape = match turned[i] {
            true => leak(s.shape.iter().rev().copied().collect()),
            false => s.shape,
        };
        let printed: &'static str = format!("s_{}", symbols[i]).leak();
        let role = match s.role {
            RoleInfo::TrainedState(p) => RoleInfo::TrainedState(symbols[p]),
            role => role,
        };
        let symbol = SymbolInfo {
            ident: printed,
            printed,
            latex: printed,
            role,
            shape,
            ..*s
        };
        new.push((symbols[i], symbol));
    }
    new.sort_by_key(|(place, _)| *place);
    Box::leak(Box::new(CellInfo {
        name: "Disguised",
        symbols: leak(new.into_iter().map(|(_, s)| s).collect()),
        outputs: leak(info.outputs.iter().map(|&s| symbols[s]).collect()),
        graph: GraphInfo {
            nodes: leak(out.collect()),
            states: leak(states.collect()),
            outputs: leak(info.graph.outputs.iter().map(pair).collect()),
            named: leak(info.graph.named.iter().map(pair).collect()),
        },
        ..*info
    }))
}

pub fn leak<T>(list: Vec<T>) -> &'static [T] {
    list.leak()
}

fn shuffled(count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut list: Vec<usize> = (0..count).collect();
    list.shuffle(rng);
    list
}

/// Whether a parameter is a matrix that only products with vectors read.
fn turns(info: &CellInfo, symbol: &SymbolInfo) -> bool {
    let is = |id: usize| match info.graph.nodes[id].op {
        OpInfo::Param(s) => std::ptr::eq(&info.symbols[s], symbol),
        _ => false,
    };
    let product = |n: &NodeInfo| matches!(n.op, OpInfo::MatVec | OpInfo::MatVecTransposed);
    let mut nodes = info.graph.nodes.iter();
    symbol.shape.len() == 2
        && nodes.all(|n| !n.args.iter().any(|&a| is(a)) || product(n) && is(n.args[0]))
}

/// Writes a graph anew.
struct Nodes<'a> {
    info: &'static CellInfo,
    rng: &'a mut ChaCha8Rng,
    symbols: &'a [usize],
    turned: &'a [bool],
    out: Vec<NodeInfo>,
}

impl Nodes<'_> {
    fn push(&mut self, op: OpInfo, args: Vec<usize>, shape: &'static [Extent]) -> usize {
        self.out.push(NodeInfo {
            op,
            args: leak(args),
            shape,
        });
        self.out.len() - 1
    }

    /// In a random order in which arguments come first; gives the new places.
    fn rewrite(&mut self) -> Vec<usize> {
        let nodes = self.info.graph.nodes;
        let mut map = vec![usize::MAX; nodes.len()];
        let mut left: Vec<usize> = (0..nodes.len()).collect();
        while !left.is_empty() {
            let ready: Vec<usize> = left
                .iter()
                .copied()
                .filter(|&id| nodes[id].args.iter().all(|&a| map[a] != usize::MAX))
                .collect();
            let id = ready[self.rng.random_range(0..ready.len())];
            let args = nodes[id].args.iter().map(|&a| map[a]).collect();
            map[id] = self.node(&nodes[id], args);
            left.retain(|&other| other != id);
        }
        map
    }

    fn node(&mut self, node: &NodeInfo, mut args: Vec<usize>) -> usize {
        let symbols = self.symbols;
        let (mut op, mut shape) = (node.op, node.shape);
        match node.op {
            OpInfo::Input(s) => op = OpInfo::Input(symbols[s]),
            OpInfo::Hyper(s) => op = OpInfo::Hyper(symbols[s]),
            OpInfo::Param(s) => {
                op = OpInfo::Param(symbols[s]);
                if self.turned[s] {
                    shape = leak(shape.iter().rev().copied().collect());
                }
            }
            OpInfo::MatVec if self.turns(node) => op = OpInfo::MatVecTransposed,
            OpInfo::MatVecTransposed if self.turns(node) => op = OpInfo::MatVec,
            OpInfo::Sub if self.rng.random() => {
                let shape = self.out[args[1]].shape;
                args[1] = self.push(OpInfo::Neg, vec![args[1]], shape);
                op = OpInfo::Add;
            }
            // (a + b) + c as a + (b + c)
            OpInfo::Add if self.rng.random() => {
                let inner = &self.out[args[0]];
                let same = |id: usize| self.out[id].shape == node.shape;
                if inner.op == OpInfo::Add && inner.args.iter().all(|&a| same(a)) && same(args[1]) {
                    let (a, b) = (inner.args[0], inner.args[1]);
                    let right = self.push(OpInfo::Add, vec![b, args[1]], node.shape);
                    args = vec![a, right];
                }
            }
            _ => {}
        }
        if matches!(op, OpInfo::Add | OpInfo::Mul) && self.rng.random() {
            args.reverse();
        }
        self.push(op, args, shape)
    }

    fn turns(&self, node: &NodeInfo) -> bool {
        match self.info.graph.nodes[node.args[0]].op {
            OpInfo::Param(s) => self.turned[s],
            _ => false,
        }
    }
}
