//! From the graph of a step to terms.
//!
//! Takes: a [`CellInfo`]. Gives: a [`Form`]: each state's update, each output and each named value
//! as terms. Where a state's new value is read within the step it stands for itself. Sums of
//! squares that normalise, and the pieces of hard sigmoids, become functions by name. Products and
//! parts of values that stand side by side are those of `slices`.

use crate::analyse::Patterns;
use crate::info::{CellInfo, Extent, NodeInfo, OpInfo, RoleInfo, StateInfo};

use super::term::{Atom, Leaf, Length, Terms, Value};

/// A cell as terms.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    pub(super) terms: Terms,
    /// Symbol and new value of each state.
    pub(super) states: Vec<(usize, Value)>,
    pub(super) outputs: Vec<Value>,
    /// Symbol and value of what equations define.
    pub(super) named: Vec<(usize, Value)>,
}

/// At most so many forms of one cell are built.
const FORMS: usize = 8;

/// The cell as terms.
pub(super) fn build(info: &CellInfo) -> Form {
    form(info, (0..info.graph.states.len()).collect())
}

/// The cell as terms, once for each choice of the state that is read within the step where
/// several take one value (`h_t = c_t`): the form must not depend on which is listed first.
pub(super) fn builds(info: &CellInfo) -> Vec<Form> {
    let same = Patterns(info).numbering();
    let states = info.graph.states;
    let mut orders: Vec<Vec<usize>> = vec![(0..states.len()).collect()];
    for (i, state) in states.iter().enumerate() {
        let equal = |other: &StateInfo| same[other.value] == same[state.value];
        if !states[..i].iter().any(equal) {
            continue;
        }
        // Each choice so far, and the same with this state before those that equal it.
        for mut order in orders.clone() {
            order.retain(|&other| other != i);
            order.insert(0, i);
            orders.push(order);
        }
        orders.truncate(FORMS);
    }
    orders.into_iter().map(|order| form(info, order)).collect()
}

/// The cell as terms; of states of one value the first in the order is read within the step.
fn form(info: &CellInfo, order: Vec<usize>) -> Form {
    let mut build = Build::new(info, order);
    for id in 0..info.graph.nodes.len() {
        let value = build.node(id);
        build.own.push(value);
        let shown = build.shown(id, value);
        build.values.push(shown);
    }
    build.finish()
}

/// A form in the making.
pub(super) struct Build<'i> {
    pub(super) info: &'i CellInfo,
    pub(super) terms: Terms,
    /// For each node, what computes it.
    own: Vec<Value>,
    /// For each node, as others read it: a state's new value stands for itself.
    pub(super) values: Vec<Value>,
    /// For each node, the first one that is the same operation on the same values.
    same: Vec<usize>,
    /// Index among the states of each entry of the graph's, without inputs kept for a delay.
    states: Vec<Option<usize>>,
    /// Entries of the graph's states, those to read first.
    order: Vec<usize>,
}

impl<'i> Build<'i> {
    fn new(info: &'i CellInfo, order: Vec<usize>) -> Self {
        let mut count = 0;
        let states = info.graph.states.iter().map(|s| {
            let state = info.symbols[s.symbol].role != RoleInfo::Input;
            count += usize::from(state);
            state.then(|| count - 1)
        });
        let states = states.collect();
        Build {
            info,
            terms: Terms::default(),
            own: Vec::new(),
            values: Vec::new(),
            same: Patterns(info).numbering(),
            states,
            order,
        }
    }

    fn finish(self) -> Form {
        let graph = &self.info.graph;
        let real = graph.states.iter().zip(&self.states).enumerate();
        let real = real.filter(|(_, (_, index))| index.is_some());
        let states = real.map(|(entry, (state, _))| {
            // Two states of one value: the second reads the first.
            let value = match self.read(state.value) {
                Some((first, _)) if first != entry => self.values[state.value],
                _ => self.own[state.value],
            };
            (state.symbol, value)
        });
        let states = states.collect();
        Form {
            states,
            outputs: graph
                .outputs
                .iter()
                .map(|&(_, id)| self.values[id])
                .collect(),
            named: graph
                .named
                .iter()
                .map(|&(s, id)| (s, self.own[id]))
                .collect(),
            terms: self.terms,
        }
    }

    /// The state whose new value a node is: its entry in the graph, its index.
    fn read(&self, id: usize) -> Option<(usize, usize)> {
        self.order.iter().find_map(|&entry| {
            let value = self.info.graph.states[entry].value;
            let equal = self.same[value] == self.same[id];
            self.states[entry].filter(|_| equal).map(|i| (entry, i))
        })
    }

    /// What others read at a node.
    fn shown(&mut self, id: usize, value: Value) -> Value {
        let Some((entry, index)) = self.read(id) else {
            return value;
        };
        let symbol = self.info.graph.states[entry].symbol;
        let axes = self.info.symbols[symbol].shape.len();
        self.terms.atom(Atom::Leaf(Leaf::State(index), 0), axes)
    }

    fn node(&mut self, id: usize) -> Value {
        let node = &self.info.graph.nodes[id];
        let axes = node.shape.len();
        let leaf = |leaf| Atom::Leaf(leaf, 0);
        match node.op {
            OpInfo::Input(s) => self.terms.atom(leaf(Leaf::Input(s)), axes),
            OpInfo::Param(s) => self.terms.atom(leaf(Leaf::Param(s, Vec::new())), axes),
            OpInfo::Hyper(s) => self.terms.atom(leaf(Leaf::Hyper(s)), axes),
            OpInfo::Prev(s, delay) => {
                let own = match self.states[s] {
                    Some(index) => Leaf::State(index),
                    None => Leaf::Input(self.info.graph.states[s].symbol),
                };
                self.terms.atom(Atom::Leaf(own, delay), axes)
            }
            OpInfo::Dropout(mask) => self.terms.atom(leaf(Leaf::Mask(mask, false)), axes),
            OpInfo::Zoneout(mask) => self.terms.atom(leaf(Leaf::Mask(mask, true)), axes),
            OpInfo::Number(n) => self.terms.number(n),
            OpInfo::Length(_) => self.terms.call("length", Vec::new(), 0),
            OpInfo::Identity => self.terms.call("identity", Vec::new(), 2),
            _ => self.operation(id, node),
        }
    }

    fn operation(&mut self, id: usize, node: &NodeInfo) -> Value {
        let args: Vec<Value> = node.args.iter().map(|&a| self.values[a]).collect();
        if let Some(value) = self.normalised(id) {
            return value;
        }
        let axes = node.shape.len();
        let t = &mut self.terms;
        match node.op {
            OpInfo::Spread => args[0],
            OpInfo::Neg => t.scale(args[0], -1.0),
            OpInfo::Add => t.add(args[0], args[1], 1.0),
            OpInfo::Sub => t.add(args[0], args[1], -1.0),
            OpInfo::Mul => t.multiply(args[0], args[1]),
            OpInfo::Square => t.multiply(args[0], args[0]),
            OpInfo::Recip => t.invert(args[0]),
            OpInfo::Div => {
                let inverse = t.invert(args[1]);
                t.multiply(args[0], inverse)
            }
            OpInfo::MatVec => self.dot(args[0], args[1]),
            OpInfo::MatVecTransposed => {
                let turned = t.transpose(args[0]);
                self.dot(turned, args[1])
            }
            OpInfo::MatMat => t.call("product", args, axes),
            OpInfo::Transpose => t.transpose(args[0]),
            OpInfo::Outer => t.call("outer", args, axes),
            OpInfo::Sum => t.total(args[0]),
            OpInfo::Largest => t.call("largest", args, 0),
            OpInfo::Slice(axis, from) => {
                let part = (axis, length(&from), length(&node.shape[axis]));
                self.slice(args[0], &part)
            }
            OpInfo::Sigmoid | OpInfo::Tanh => self.odd(node.op == OpInfo::Sigmoid, args[0], axes),
            OpInfo::Silu => {
                let gate = self.odd(true, args[0], axes);
                self.terms.multiply(args[0], gate)
            }
            OpInfo::Min | OpInfo::Max => self.extreme(node.op == OpInfo::Min, args, axes),
            op => {
                let name = format!("{op:?}").to_lowercase();
                t.call(&name, args, axes)
            }
        }
    }

    /// `σ(-x) = 1 - σ(x)`, `tanh(-x) = -tanh(x)`.
    fn odd(&mut self, sigmoid: bool, x: Value, axes: usize) -> Value {
        let t = &mut self.terms;
        let name = if sigmoid { "sigmoid" } else { "tanh" };
        let negative = !t.values[x].is_empty() && t.values[x].iter().all(|(_, c)| *c < 0.0);
        if !negative {
            return t.call(name, vec![x], axes);
        }
        let x = t.scale(x, -1.0);
        let value = t.call(name, vec![x], axes);
        let value = t.scale(value, -1.0);
        let one = t.number(if sigmoid { 1.0 } else { 0.0 });
        t.add(one, value, 1.0)
    }

    /// The smaller or larger of two, in no order; between fixed limits by name.
    fn extreme(&mut self, min: bool, mut args: Vec<Value>, axes: usize) -> Value {
        let t = &mut self.terms;
        let number = |t: &Terms, v: Value| match t.values[v].as_slice() {
            [] => Some(0.0),
            [(m, c)] if m.is_empty() => Some(*c),
            _ => None,
        };
        let inner = match (min, t.values[args[0]].as_slice()) {
            (true, [(m, 1.0)]) if m.len() == 1 && m[0].1 == 1 => t.atoms[m[0].0].0.clone(),
            _ => Atom::Group(0),
        };
        if let (Atom::Call(name, limits), Some(1.0)) = (inner, number(t, args[1])) {
            let low = limits.iter().find_map(|&v| number(t, v));
            let x = limits.iter().copied().find(|&v| number(t, v).is_none());
            match (name.as_str(), low, x) {
                ("max", Some(0.0), Some(x)) => return t.call("hard_sigmoid", vec![x], axes),
                ("max", Some(-1.0), Some(x)) => return t.call("hard_tanh", vec![x], axes),
                _ => {}
            }
        }
        args.sort_unstable();
        t.call(if min { "min" } else { "max" }, args, axes)
    }

    /// A normalisation, by name.
    fn normalised(&mut self, id: usize) -> Option<Value> {
        let (of, centred) = Patterns(self.info).normalised(id)?;
        let name = if centred { "layer_norm" } else { "rms_norm" };
        Some(self.terms.call(name, vec![self.values[of]], 1))
    }
}

/// A length as terms know it.
pub(super) fn length(extent: &Extent) -> Length {
    (
        extent.terms.to_vec(),
        extent.constant,
        extent.divisor.max(1),
    )
}
