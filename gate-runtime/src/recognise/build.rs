//! From the graph of a step to terms.
//!
//! Takes: a [`CellInfo`]. Gives: a [`Form`]: each state's update, each output and each named value
//! as terms. Where a state's new value is read within the step it stands for itself. Sums of
//! squares that normalise, and the pieces of hard sigmoids, become functions by name.

use crate::analyse::Patterns;
use crate::info::{CellInfo, Extent, NodeInfo, OpInfo, RoleInfo, StateInfo};

use super::term::{Atom, Leaf, Length, Part, Terms, Value};

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

struct Build<'i> {
    info: &'i CellInfo,
    terms: Terms,
    /// For each node, what computes it.
    own: Vec<Value>,
    /// For each node, as others read it: a state's new value stands for itself.
    values: Vec<Value>,
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

    /// A matrix times a vector; one matrix over values side by side is several.
    fn dot(&mut self, matrix: Value, vector: Value) -> Value {
        let parts = match self.terms.values[vector].as_slice() {
            [(m, 1.0)] if m.len() == 1 => match &self.terms.atoms[m[0].0].0 {
                Atom::Call(name, parts) if name == "concat" => parts.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let lengths: Option<Vec<Length>> = parts.iter().map(|&p| self.length_of(p)).collect();
        let Some(lengths) = lengths.filter(|l| !l.is_empty()) else {
            return self.terms.dot(matrix, vector);
        };
        let (mut out, mut from) = (self.terms.number(0.0), (Vec::new(), 0, 1));
        for (&part, own) in parts.iter().zip(lengths) {
            let columns = self.slice(matrix, &(1, from.clone(), own.clone()));
            let product = self.terms.dot(columns, part);
            out = self.terms.add(out, product, 1.0);
            from = plus(&from, &own);
        }
        out
    }

    /// The length of a vector: that of the first node with this value.
    fn length_of(&self, value: Value) -> Option<Length> {
        let node = self.values.iter().position(|&v| v == value)?;
        let nodes = self.values.iter().enumerate().skip(node);
        let mut shapes = nodes.filter(|(_, v)| **v == value).map(|(i, _)| i);
        let shape = shapes.find_map(|i| self.info.graph.nodes[i].shape.first())?;
        Some(length(shape))
    }

    /// A part of a value, taken from what it is made of as far down as it goes.
    fn slice(&mut self, value: Value, part: &Part) -> Value {
        let mut out = self.terms.number(0.0);
        for (monomial, c) in self.terms.values[value].clone() {
            let mut product = self.terms.number(c);
            for (atom, exponent) in monomial {
                let piece = self.slice_atom(atom, part);
                let piece = if exponent < 0 {
                    self.terms.invert(piece)
                } else {
                    piece
                };
                for _ in 0..exponent.abs() {
                    product = self.terms.multiply(product, piece);
                }
            }
            out = self.terms.add(out, product, 1.0);
        }
        out
    }

    fn slice_atom(&mut self, atom: usize, part: &Part) -> Value {
        let (inner, axes) = self.terms.atoms[atom].clone();
        if axes == 0 {
            return self.terms.atom(inner, axes);
        }
        let of = |symbol: usize, parts: &[Part], part: Part| {
            let mut parts = parts.to_vec();
            parts.push(part);
            Leaf::Param(symbol, parts)
        };
        match inner {
            Atom::Leaf(Leaf::Param(symbol, parts), _) => {
                let leaf = of(symbol, &parts, part.clone());
                self.terms.atom(Atom::Leaf(leaf, 0), axes)
            }
            Atom::Transposed(Leaf::Param(symbol, parts)) => {
                let turned = (1 - part.0, part.1.clone(), part.2.clone());
                let leaf = of(symbol, &parts, turned);
                self.terms.atom(Atom::Transposed(leaf), axes)
            }
            Atom::Dot(matrix, vector) => {
                let rows = self.slice(matrix, part);
                self.terms.dot(rows, vector)
            }
            Atom::Group(value) => {
                let piece = self.slice(value, part);
                self.terms.atom(Atom::Group(piece), axes)
            }
            Atom::Call(name, args) if ELEMENTWISE.contains(&name.as_str()) => {
                let args = args.iter().map(|&a| self.slice(a, part)).collect();
                self.terms.call(&name, args, axes)
            }
            other => {
                let name = format!("part {part:?}");
                let whole = self.terms.atom(other, axes);
                self.terms.call(&name, vec![whole], axes)
            }
        }
    }
}

/// Functions that work element by element.
const ELEMENTWISE: [&str; 19] = [
    "sigmoid",
    "tanh",
    "relu",
    "exp",
    "expm1",
    "log",
    "softplus",
    "sqrt",
    "abs",
    "sign",
    "sin",
    "cos",
    "gelu",
    "pow",
    "min",
    "max",
    "hard_sigmoid",
    "hard_tanh",
    "stopgradient",
];

fn length(extent: &Extent) -> Length {
    (
        extent.terms.to_vec(),
        extent.constant,
        extent.divisor.max(1),
    )
}

/// The sum of two lengths of one divisor; of others, something that equals no other length.
fn plus(a: &Length, b: &Length) -> Length {
    let mut terms = a.0.clone();
    for &(size, factor) in &b.0 {
        match terms.iter_mut().find(|(other, _)| *other == size) {
            Some((_, sum)) => *sum += factor,
            None => terms.push((size, factor)),
        }
    }
    terms.sort_unstable();
    (terms, a.1 + b.1, a.2.max(b.2))
}
