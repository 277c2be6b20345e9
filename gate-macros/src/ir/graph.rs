//! The SSA graph: one small set of typed operations, for the forward and the backward pass alike.

use crate::model::{Dim, Shape};

/// Index of a node; a node's arguments always have smaller indices.
pub(crate) type Id = usize;

/// The step of a cell as a graph: one evaluation computes one step for one row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// What is read at earlier steps: the states, and inputs that are read with a delay.
    pub(crate) states: Vec<State>,
    /// `(symbol, node)` for each output, in the order of the definition.
    pub(crate) outputs: Vec<(usize, Id)>,
    /// `(symbol, node)` for each symbol that an equation defines.
    pub(crate) named: Vec<(usize, Id)>,
}

/// A value that steps to come read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) symbol: usize,
    /// The node that computes it at this step (an `Input` node for a delayed input).
    pub(crate) value: Id,
    /// The longest delay, at least 1.
    pub(crate) depth: usize,
}

/// An operation on earlier nodes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) args: Vec<Id>,
    pub(crate) shape: Shape,
    /// The equation that it came from (index in the cell's sorted equations).
    pub(crate) origin: Option<usize>,
}

/// Operations. Element-wise ones take arguments of the node's shape or scalars (which spread).
///
/// A new one needs a local derivative (`grad::rules`), an instruction of the planner
/// (`plan::instrs`), a formula and a name in `emit`: there every operation is listed, so that the
/// compiler asks for it. `plan::flow` and `plan::tape` list those that are leaves, element by element
/// or cheap. In the runtime it is a variant of `OpInfo`, which the interpreter computes, and an
/// element-wise one a method of `Real`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    // ---- leaves -------------------------------------------------------------------------
    /// An input at this step (symbol).
    Input(usize),
    /// A parameter (symbol).
    Param(usize),
    /// A hyper-parameter (symbol).
    Hyper(usize),
    /// Index in [`Graph::states`] and delay, at least 1.
    Prev {
        state: usize,
        delay: usize,
    },
    Number(f64),
    /// A length as a number.
    Length(Dim),
    /// The identity matrix.
    Identity,
    /// Random multiplier, one element per position, a new one each step; the probability is the
    /// argument (a scalar that depends on parameters only). Which of them: [`Mask`].
    Mask {
        kind: Mask,
        index: usize,
    },

    // ---- element-wise -------------------------------------------------------------------
    Unary(Unary),
    Binary(Binary),
    /// `args[0] cmp args[1] ? args[2] : args[3]`.
    Select(Compare),
    /// Scalar to the node's shape.
    Spread,

    // ---- linear algebra -----------------------------------------------------------------
    /// `args = [matrix, vector]`: `M v`, or `Mᵀ v` where transposed.
    MatVec {
        transposed: bool,
    },
    /// `args = [a, b]`.
    MatMat,
    Transpose,
    /// `args = [u, v]`: `u vᵀ`.
    Outer,

    // ---- reductions to a scalar ---------------------------------------------------------
    Sum,
    /// The largest element.
    Largest,

    // ---- along a vector -----------------------------------------------------------------
    /// Each element with all before it added, or with all after it where reversed.
    CumSum {
        reversed: bool,
    },

    // ---- structure ----------------------------------------------------------------------
    /// Vectors side by side.
    Concat,
    /// A part of a vector, or of a matrix along `axis`, from an offset, as long as the shape.
    Slice {
        axis: usize,
        from: Dim,
    },
    /// The converse: zeros around the argument.
    Pad {
        axis: usize,
        from: Dim,
    },
    /// The argument; its adjoint is zero.
    StopGradient,

    // ---- leaves of the adjoint ----------------------------------------------------------
    /// Gradient of the loss with respect to an output at this step (index in outputs).
    Seed(usize),
    /// What the step `delay` later contributes to the adjoint of a state.
    Future {
        state: usize,
        delay: usize,
    },
    /// The gradient, summed over all steps and rows, of a value that depends on parameters only
    /// (index in `Adjoint::shared`).
    Total(usize),
}

/// Random multipliers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mask {
    /// While training 0 with probability p, else `1/(1-p)`; otherwise 1.
    Dropout,
    /// While training 1 with probability p, else 0; otherwise p.
    Zoneout,
}

/// Functions of one value. Everything else is lowered to these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Neg,
    Sigmoid,
    Tanh,
    /// `max(x, 0)`; derivative 0 at 0.
    Relu,
    Exp,
    /// `exp(x) - 1`
    ExpM1,
    Log,
    /// `log(1 + exp(x))`
    Softplus,
    Sqrt,
    /// `1/x`
    Recip,
    Square,
    Abs,
    /// -1, 0, 1
    Sign,
    Sin,
    Cos,
    /// `x sigmoid(x)`
    Silu,
    /// The derivative of `Silu`.
    SiluSlope,
    /// `x Φ(x)`
    Gelu,
    /// The derivative of `Gelu`.
    GeluSlope,
}

/// Functions of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
}

/// Comparisons of [`Op::Select`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    Greater,
    GreaterEq,
}

impl Op {
    /// Whether its value differs between steps and rows, whatever its arguments are.
    pub(crate) fn differs(&self) -> bool {
        matches!(
            self,
            Op::Input(_) | Op::Prev { .. } | Op::Mask { .. } | Op::Seed(_) | Op::Future { .. }
        )
    }
}

impl Graph {
    /// For each node, whether it depends on parameters only: all steps and rows share its value.
    pub(crate) fn shared(&self) -> Vec<bool> {
        let mut shared: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            shared.push(!node.op.differs() && node.args.iter().all(|&a| shared[a]));
        }
        shared
    }

    /// Adds a node.
    pub(crate) fn push(
        &mut self,
        op: Op,
        args: Vec<Id>,
        shape: Shape,
        origin: Option<usize>,
    ) -> Id {
        debug_assert!(args.iter().all(|&a| a < self.nodes.len()));
        self.nodes.push(Node {
            op,
            args,
            shape,
            origin,
        });
        self.nodes.len() - 1
    }
}
