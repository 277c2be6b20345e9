//! What a diagram shows: boxes and circles, and which feeds which.
//!
//! Takes: the graph of a step. Gives: a [`Figure`]. Products that are added, with their biases,
//! become one box with a line for each; what depends on parameters alone is written into the
//! box or pill that it acts on; functions that the graph holds in pieces are one box.

/// Index of a [`Node`].
pub(super) type NodeId = usize;

/// Boxes and circles; the inputs of each have smaller indices.
#[derive(Debug, Default)]
pub(super) struct Figure {
    pub(super) nodes: Vec<Node>,
    /// Equations of values that no wire carries.
    pub(super) notes: Vec<String>,
}

/// One thing that is drawn.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
    pub(super) inputs: Vec<Input>,
    /// The value's name, written on its wire.
    pub(super) label: Option<String>,
    /// Whether it is a gate.
    pub(super) gate: bool,
    /// Whether it lies on a state's way through time: only element by element from the state.
    pub(super) carries: bool,
    /// The state at the beginning of that way.
    pub(super) lane: Option<NodeId>,
}

impl Figure {
    /// Whether a state is an output too: the name before its time is that of one.
    pub(super) fn shown(&self, before: NodeId) -> bool {
        let base = |name: &str| name.split('_').next().map(str::to_owned);
        let Shape::Before(own) = &self.nodes[before].shape else {
            return false;
        };
        self.nodes.iter().any(|n| match &n.shape {
            Shape::Output(name) => base(name) == base(own),
            _ => false,
        })
    }

    /// Whether a state's wire leads on through time, and not only into products and functions.
    pub(super) fn leads(&self, net: NodeId) -> bool {
        let reads = |n: &Node| n.carries && n.inputs.iter().any(|i| i.from == net);
        self.nodes[net].carries && self.nodes.iter().any(reads)
    }
}

/// A wire's end.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) from: NodeId,
    /// Written beside the end: `−` for what is subtracted.
    pub(super) mark: Option<&'static str>,
    /// The line of a box of products.
    pub(super) line: Option<usize>,
}

/// How a node is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Enters from below.
    Input(String),
    /// A state of an earlier step, from the left.
    Before(String),
    /// Leaves to the right, to the next step.
    After(String),
    /// Leaves on top.
    Output(String),
    /// Products and what is added to them, a line each.
    Product(Vec<String>),
    /// A function.
    Function(String),
    /// An operation on values of one position.
    Circle(&'static str),
    /// The same with something that depends on parameters alone.
    Pill(String),
}

/// A wire's plain end.
pub(super) fn plain(from: NodeId) -> Input {
    Input {
        from,
        mark: None,
        line: None,
    }
}

/// A name with its time: `h_{t-1}`, `s_{1,t}`.
pub(super) fn timed(name: &str, delay: usize) -> String {
    let time = if delay == 0 {
        "t".to_owned()
    } else {
        format!("t−{delay}")
    };
    let (base, label) = match name.split_once('^') {
        Some((base, label)) => (base, format!("^{label}")),
        None => (name, String::new()),
    };
    match base.split_once('_') {
        Some((base, sub)) => format!("{base}_{{{},{time}}}{label}", sub.trim_matches(['{', '}'])),
        None => format!("{base}_{{{time}}}{label}"),
    }
}
