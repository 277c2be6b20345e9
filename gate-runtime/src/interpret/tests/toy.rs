//! Cells written as graphs, by hand.

use crate::info::{
    CellInfo, Extent, GraphInfo, InitInfo, NodeInfo, OpInfo, RoleInfo, SizeInfo, StateInfo,
    SymbolInfo, elements,
};

const I: Extent = Extent {
    terms: &[(0, 1)],
    constant: 0,
    divisor: 1,
};
const H: Extent = Extent {
    terms: &[(1, 1)],
    constant: 0,
    divisor: 1,
};
const BOTH: Extent = Extent {
    terms: &[(0, 1), (1, 1)],
    constant: 0,
    divisor: 1,
};
const ZERO: Extent = Extent {
    terms: &[],
    constant: 0,
    divisor: 1,
};
const SCALAR: &[Extent] = &[];
pub(super) const SIZES: &[usize] = &[3, 4];

pub(super) const WEIGHT: RoleInfo = RoleInfo::Parameter(InitInfo::GlorotUniform);

fn symbol(ident: &'static str, role: RoleInfo, shape: &'static [Extent]) -> SymbolInfo {
    SymbolInfo {
        ident,
        printed: ident,
        latex: ident,
        role,
        shape,
        depth: 1,
        taken_for: "",
    }
}

/// Nodes in order; each call gives the index of the new one.
#[derive(Default)]
struct Nodes(Vec<NodeInfo>);

impl Nodes {
    fn push(&mut self, op: OpInfo, args: &[usize], shape: &'static [Extent]) -> usize {
        self.0.push(NodeInfo {
            op,
            args: args.to_vec().leak(),
            shape,
        });
        self.0.len() - 1
    }
}

fn info(
    symbols: Vec<SymbolInfo>,
    nodes: Nodes,
    states: Vec<StateInfo>,
    output: (usize, usize),
    named: Vec<(usize, usize)>,
) -> CellInfo {
    CellInfo {
        name: "Toy",
        parent: None,
        sizes: &[
            SizeInfo {
                name: "I",
                argument: "x",
            },
            SizeInfo {
                name: "H",
                argument: "h",
            },
        ],
        symbols: symbols.leak(),
        equations: &[],
        backward: &[],
        outputs: vec![output.0].leak(),
        graph: GraphInfo {
            nodes: nodes.0.leak(),
            states: states.leak(),
            outputs: vec![output].leak(),
            named: named.leak(),
        },
        notes: &[],
        about: "",
        tape: &[],
    }
}

pub(super) fn elman() -> CellInfo {
    elman_with(OpInfo::Tanh)
}

/// `h_t = tanh(x_t W + V h_{t-1} + b)`, or another function instead of `tanh`.
pub(super) fn elman_with(function: OpInfo) -> CellInfo {
    let symbols = vec![
        symbol("x", RoleInfo::Input, &[I]),
        symbol("h", RoleInfo::State(0.25), &[H]),
        symbol("W", WEIGHT, &[I, H]),
        symbol("V", WEIGHT, &[H, H]),
        symbol("b", WEIGHT, &[H]),
    ];
    let mut n = Nodes::default();
    let x = n.push(OpInfo::Input(0), &[], &[I]);
    let h = n.push(OpInfo::Prev(0, 1), &[], &[H]);
    let w = n.push(OpInfo::Param(2), &[], &[I, H]);
    let v = n.push(OpInfo::Param(3), &[], &[H, H]);
    let b = n.push(OpInfo::Param(4), &[], &[H]);
    let xw = n.push(OpInfo::MatVecTransposed, &[w, x], &[H]);
    let vh = n.push(OpInfo::MatVec, &[v, h], &[H]);
    let sum = n.push(OpInfo::Add, &[xw, vh], &[H]);
    let sum = n.push(OpInfo::Add, &[sum, b], &[H]);
    let out = n.push(function, &[sum], &[H]);
    info(
        symbols,
        n,
        vec![StateInfo {
            symbol: 1,
            value: out,
            depth: 1,
        }],
        (1, out),
        vec![(1, out)],
    )
}

/// A cell that uses every kind of operation that is not element-wise, a delayed input, a state
/// read two steps back, a matrix state, a trained initial state, a hyper-parameter and masks.
pub(super) fn everything() -> CellInfo {
    let symbols = vec![
        symbol("x", RoleInfo::Input, &[I]),
        symbol("h", RoleInfo::TrainedState(4), &[H]),
        symbol("M", RoleInfo::State(0.0), &[H, I]),
        symbol("γ", RoleInfo::Hyper(0.7), SCALAR),
        symbol("h_0", WEIGHT, &[H]),
        symbol("W", WEIGHT, &[H, BOTH]),
        symbol("A", WEIGHT, &[H, H]),
        symbol("p", WEIGHT, SCALAR),
        symbol("u", RoleInfo::Intermediate, &[H]),
    ];
    let mut n = Nodes::default();
    let x = n.push(OpInfo::Input(0), &[], &[I]);
    let (h1, h2) = (
        n.push(OpInfo::Prev(0, 1), &[], &[H]),
        n.push(OpInfo::Prev(0, 2), &[], &[H]),
    );
    let before = n.push(OpInfo::Prev(1, 1), &[], &[H, I]);
    let x1 = n.push(OpInfo::Prev(2, 1), &[], &[I]);
    let (w, a, p) = (
        n.push(OpInfo::Param(5), &[], &[H, BOTH]),
        n.push(OpInfo::Param(6), &[], &[H, H]),
        n.push(OpInfo::Param(7), &[], SCALAR),
    );
    let gamma = n.push(OpInfo::Hyper(3), &[], SCALAR);
    let transposed = n.push(OpInfo::Transpose, &[a], &[H, H]);
    let skew = n.push(OpInfo::Sub, &[a, transposed], &[H, H]);
    let identity = n.push(OpInfo::Identity, &[], &[H, H]);
    let damping = n.push(OpInfo::Mul, &[identity, gamma], &[H, H]);
    let skew = n.push(OpInfo::Sub, &[skew, damping], &[H, H]);
    let squared = n.push(OpInfo::MatMat, &[skew, a], &[H, H]);
    let all = n.push(OpInfo::Concat, &[x, h2], &[BOTH]);
    let u = n.push(OpInfo::MatVec, &[w, all], &[H]);
    let back = n.push(OpInfo::MatVec, &[squared, h1], &[H]);
    let outer = n.push(OpInfo::Outer, &[h1, x1], &[H, I]);
    let chance = n.push(OpInfo::Sigmoid, &[p], SCALAR);
    let zoneout = n.push(OpInfo::Zoneout(0), &[chance], &[H, I]);
    let kept = n.push(OpInfo::Mul, &[zoneout, before], &[H, I]);
    let memory = n.push(OpInfo::Add, &[kept, outer], &[H, I]);
    let read = n.push(OpInfo::MatVec, &[memory, x], &[H]);
    let columns = n.push(OpInfo::MatVecTransposed, &[memory, u], &[I]);
    let part = n.push(OpInfo::Slice(1, I), &[w], &[H, H]);
    let part = n.push(OpInfo::MatVecTransposed, &[part, h1], &[H]);
    let padded = n.push(OpInfo::Pad(0, ZERO), &[columns], &[BOTH]);
    let tail = n.push(OpInfo::Slice(0, I), &[padded], &[H]);
    let sum = n.push(OpInfo::Sum, &[columns], SCALAR);
    let length = n.push(OpInfo::Length(BOTH), &[], SCALAR);
    let mean = n.push(OpInfo::Div, &[sum, length], SCALAR);
    let largest = n.push(OpInfo::Largest, &[u], SCALAR);
    let shifted = n.push(OpInfo::Sub, &[u, largest], &[H]);
    let spread = n.push(OpInfo::Spread, &[mean], &[H]);
    let chosen = n.push(OpInfo::SelectGreater, &[u, back, read, part], &[H]);
    let mut total = chosen;
    for term in [back, shifted, spread, tail] {
        total = n.push(OpInfo::Add, &[total, term], &[H]);
    }
    let out = n.push(OpInfo::Tanh, &[total], &[H]);
    let states = vec![
        StateInfo {
            symbol: 1,
            value: out,
            depth: 2,
        },
        StateInfo {
            symbol: 2,
            value: memory,
            depth: 1,
        },
        StateInfo {
            symbol: 0,
            value: x,
            depth: 1,
        },
    ];
    info(
        symbols,
        n,
        states,
        (1, out),
        vec![(8, u), (2, memory), (1, out)],
    )
}

pub(super) fn count(info: &CellInfo) -> usize {
    let params = info
        .symbols
        .iter()
        .filter(|s| matches!(s.role, RoleInfo::Parameter(_)));
    params.map(|s| elements(s.shape, SIZES)).sum()
}
