//! From the graph of a step to what a diagram shows, node by node from the results back.
//!
//! Takes: the graph. Gives: the nodes of a [`Figure`]; `sums` adds those of sums and products.

use std::collections::HashMap;

use crate::analyse::Patterns;
use crate::info::{CellInfo, OpInfo, RoleInfo};

use super::figure::{Figure, Input, Node, NodeId, Shape, plain, timed};
use super::formula::formula;

/// The figure of a cell.
pub(super) fn figure(info: &CellInfo) -> Figure {
    let mut build = Build::new(info);
    for state in info.graph.states {
        let symbol = &info.symbols[state.symbol];
        if symbol.role != RoleInfo::Input {
            let from = build.node(state.value);
            build.push(Shape::After(timed(symbol.printed, 0)), vec![plain(from)]);
        }
    }
    for &(symbol, value) in info.graph.outputs {
        let from = build.node(value);
        let name = timed(info.symbols[symbol].printed, 0);
        build.push(Shape::Output(name), vec![plain(from)]);
    }
    build.finish()
}

/// A figure in the making.
pub(super) struct Build<'i> {
    info: &'i CellInfo,
    pub(super) find: Patterns<'i>,
    same: Vec<usize>,
    pub(super) fixed: Vec<bool>,
    /// How many different operations and results read each node.
    uses: Vec<usize>,
    /// Names of values that are neither states nor outputs.
    names: HashMap<usize, Vec<usize>>,
    known: HashMap<usize, NodeId>,
    figure: Figure,
}

impl<'i> Build<'i> {
    pub(super) fn new(info: &'i CellInfo) -> Self {
        let find = Patterns(info);
        let same = find.numbering();
        let graph = &info.graph;
        let mut needed = vec![false; graph.nodes.len()];
        let results = graph.states.iter().map(|s| s.value);
        let results: Vec<usize> = results.chain(graph.outputs.iter().map(|o| o.1)).collect();
        results.iter().for_each(|&r| needed[same[r]] = true);
        let mut uses = vec![0; graph.nodes.len()];
        results.iter().for_each(|&r| uses[same[r]] += 2);
        for id in (0..graph.nodes.len()).rev().filter(|&id| same[id] == id) {
            if needed[id] {
                for &arg in graph.nodes[id].args {
                    needed[same[arg]] = true;
                    uses[same[arg]] += 1;
                }
            }
        }
        let mut names: HashMap<usize, Vec<usize>> = HashMap::new();
        for &(symbol, id) in graph.named {
            let shown = info.outputs.contains(&symbol) || info.states().contains(&symbol);
            if !shown {
                let id = same[find.plain(id)];
                names.entry(id).or_default().push(symbol);
            }
        }
        let fixed = find.fixed();
        Build {
            info,
            find,
            same,
            fixed,
            uses,
            names,
            known: HashMap::new(),
            figure: Figure::default(),
        }
    }

    pub(super) fn finish(mut self) -> Figure {
        for &(symbol, id) in self.info.graph.named {
            if self.fixed[id] || !self.known.contains_key(&self.at(id)) {
                let note = self.equation(symbol);
                self.figure.notes.extend(note);
            }
        }
        self.figure
    }

    /// The equation of a value that no wire carries: it depends on parameters alone, or is made
    /// of others side by side, which are drawn instead.
    fn equation(&self, symbol: usize) -> Option<String> {
        let name = self.info.symbols[symbol].printed;
        let bare = |text: &str| text.replace(['{', '}'], "");
        let left = [bare(name), bare(&timed(name, 0))];
        let mut equations = self.info.equations.iter();
        equations.find_map(|e| {
            let (own, right) = e.printed.split_once(" = ")?;
            left.contains(&bare(own))
                .then(|| format!("{name} = {right}"))
        })
    }

    pub(super) fn push(&mut self, shape: Shape, inputs: Vec<Input>) -> NodeId {
        let carries = match &shape {
            Shape::Before(_) => true,
            Shape::Circle(_) | Shape::Pill(_) | Shape::After(_) => {
                inputs.iter().any(|i| self.figure.nodes[i.from].carries)
            }
            _ => false,
        };
        let first = inputs.iter().find_map(|i| self.figure.nodes[i.from].lane);
        let lane = match &shape {
            Shape::Before(_) => Some(self.figure.nodes.len()),
            _ => first.filter(|_| carries),
        };
        self.figure.nodes.push(Node {
            lane,
            shape,
            inputs,
            label: None,
            gate: false,
            carries,
        });
        self.figure.nodes.len() - 1
    }

    pub(super) fn op(&self, id: usize) -> OpInfo {
        self.info.graph.nodes[id].op
    }

    pub(super) fn args(&self, id: usize) -> &'static [usize] {
        self.info.graph.nodes[id].args
    }

    /// A node as the first that equals it, without what spreads it.
    pub(super) fn at(&self, id: usize) -> usize {
        self.same[self.find.plain(self.same[id])]
    }

    /// Whether a value may vanish into what reads it.
    pub(super) fn inner(&self, id: usize) -> bool {
        self.uses[id] <= 1 && !self.names.contains_key(&id)
    }

    pub(super) fn node(&mut self, id: usize) -> NodeId {
        let id = self.at(id);
        if let Some(&node) = self.known.get(&id) {
            return node;
        }
        let node = if self.fixed[id] {
            let text = self.formula(id);
            self.push(Shape::Product(vec![text]), Vec::new())
        } else {
            self.operation(id)
        };
        self.name(id, node);
        self.known.insert(id, node);
        node
    }

    fn name(&mut self, id: usize, node: NodeId) {
        let Some(symbols) = self.names.get(&id) else {
            return;
        };
        let names: Vec<&str> = symbols
            .iter()
            .map(|&s| self.info.symbols[s].printed)
            .collect();
        let gates = self.info.gates();
        self.figure.nodes[node].gate = gates.iter().any(|g| symbols.contains(&g.symbol));
        self.figure.nodes[node].label = Some(names.join(", "));
    }

    pub(super) fn formula(&self, id: usize) -> String {
        formula(self.info, &self.same, id)
    }

    pub(super) fn nodes(&mut self, ids: &[usize]) -> Vec<Input> {
        ids.iter().map(|&id| plain(self.node(id))).collect()
    }

    pub(super) fn function(&mut self, text: &str, ids: &[usize]) -> NodeId {
        let inputs = self.nodes(ids);
        self.push(Shape::Function(text.to_owned()), inputs)
    }

    fn operation(&mut self, id: usize) -> NodeId {
        if let Some(node) = self.whole(id) {
            return node;
        }
        let args = self.args(id);
        match self.op(id) {
            OpInfo::Input(s) => {
                let name = timed(self.info.symbols[s].printed, 0);
                self.push(Shape::Input(name), Vec::new())
            }
            OpInfo::Prev(state, delay) => {
                let symbol = self.info.graph.states[state].symbol;
                let name = timed(self.info.symbols[symbol].printed, delay);
                self.push(Shape::Before(name), Vec::new())
            }
            OpInfo::Dropout(_) | OpInfo::Zoneout(_) => {
                self.push(Shape::Function("random".into()), Vec::new())
            }
            OpInfo::Add | OpInfo::Sub | OpInfo::Neg => self.sum(id),
            OpInfo::Mul => self.multiplied(id),
            OpInfo::Div => self.beside(args, ["÷ ", " ÷"], "÷", Some("÷")),
            OpInfo::Pow => self.beside(args, ["^ ", " ^"], "^", Some("^")),
            OpInfo::Min => self.beside(args, ["min ", "min "], "min", None),
            OpInfo::Max => self.beside(args, ["max ", "max "], "max", None),
            OpInfo::MatVec | OpInfo::MatVecTransposed | OpInfo::MatMat => self.sum(id),
            OpInfo::Outer => {
                let inputs = self.nodes(args);
                self.push(Shape::Circle("⊗"), inputs)
            }
            OpInfo::Sum if self.dot(id).is_some() => self.sum(id),
            op => {
                let text = self.text(op);
                self.function(&text, args)
            }
        }
    }

    /// Functions that the graph holds in pieces.
    fn whole(&mut self, id: usize) -> Option<NodeId> {
        let args = self.args(id);
        if let Some((of, centred)) = self.find.normalised(id) {
            return Some(self.function(if centred { "norm" } else { "rms norm" }, &[of]));
        }
        if let Some(of) = self.find.clamped(id, 0.0, 1.0) {
            return Some(self.function("clamp 0…1", &[of]));
        }
        if let Some(of) = self.find.clamped(id, -1.0, 1.0) {
            return Some(self.function("clamp ±1", &[of]));
        }
        if let Some(of) = self.find.softmax(id) {
            return Some(self.function("softmax", &[of]));
        }
        if self.op(id) == OpInfo::CumSum
            && let Some(of) = self.find.softmax(args[0])
        {
            return Some(self.function("cumax", &[of]));
        }
        if let Some((old, new)) = self.find.zoneout(id) {
            let text = format!("zoneout {}", self.chance(self.args(id)[0]));
            return Some(self.function(&text, &[new, old]));
        }
        let inside = |find: Patterns<'_>, id, op| find.argument(id, op);
        match self.op(id) {
            OpInfo::Mul if matches!(self.op(args[1]), OpInfo::Dropout(_)) => {
                let text = format!("dropout {}", self.chance(id));
                Some(self.function(&text, &args[..1]))
            }
            OpInfo::Mul if inside(self.find, args[1], OpInfo::Sigmoid) == Some(args[0]) => {
                Some(self.function("silu", &args[..1]))
            }
            OpInfo::Neg => {
                let inner = inside(self.find, args[0], OpInfo::Softplus)?;
                let of = inside(self.find, inner, OpInfo::Neg)?;
                Some(self.function("log σ", &[of]))
            }
            _ => None,
        }
    }

    /// The probability of the random mask that is a factor of a product.
    fn chance(&self, id: usize) -> String {
        let mut args = self.args(id).iter();
        let mask = args.find(|&&a| matches!(self.op(a), OpInfo::Dropout(_) | OpInfo::Zoneout(_)));
        mask.map_or(String::new(), |&mask| self.formula(self.args(mask)[0]))
    }

    fn text(&self, op: OpInfo) -> String {
        match op {
            OpInfo::Sigmoid => "σ".into(),
            OpInfo::Square => "( )^2".into(),
            OpInfo::Recip => "1 ÷".into(),
            OpInfo::Sqrt => "√".into(),
            OpInfo::Abs => "| |".into(),
            OpInfo::Sum => "Σ".into(),
            OpInfo::Largest => "max".into(),
            OpInfo::CumSum => "cumsum".into(),
            OpInfo::SelectGreater => "a > b ?".into(),
            OpInfo::SelectGreaterEq => "a ≥ b ?".into(),
            OpInfo::Concat => "[ , ]".into(),
            OpInfo::Slice(..) => "part".into(),
            OpInfo::Pad(..) => "pad".into(),
            OpInfo::StopGradient => "stop".into(),
            OpInfo::Transpose => "( )^T".into(),
            op => format!("{op:?}").to_lowercase(),
        }
    }

    /// An operation on two values; on one, where the other depends on parameters alone.
    pub(super) fn beside(
        &mut self,
        args: &'static [usize],
        texts: [&str; 2],
        circle: &'static str,
        mark: Option<&'static str>,
    ) -> NodeId {
        let (a, b) = (self.at(args[0]), self.at(args[1]));
        match (self.fixed[a], self.fixed[b]) {
            (_, true) => {
                let text = format!("{}{}", texts[0], self.formula(b));
                let inputs = self.nodes(&[a]);
                self.push(Shape::Pill(text), inputs)
            }
            (true, _) => {
                let text = format!("{}{}", self.formula(a), texts[1]);
                let inputs = self.nodes(&[b]);
                self.push(Shape::Pill(text), inputs)
            }
            _ => {
                let mut inputs = self.nodes(&[a, b]);
                inputs[1].mark = mark;
                match circle {
                    "min" | "max" => self.push(Shape::Function(circle.to_owned()), inputs),
                    _ => self.push(Shape::Circle(circle), inputs),
                }
            }
        }
    }
}
