//! What a definition says about itself: [`CellInfo`], the constant behind `Lstm::INFO`.
//!
//! Takes nothing, gives plain static data that the macro fills in. The graph in it is the
//! *unplanned* step: the interpreter evaluates it without knowing how the emitted code works.

/// What a cell's definition says of itself, known at compile time: the constant
/// [`Cell::INFO`](crate::Cell::INFO).
///
/// ```
/// use gate_runtime::{Cell, RoleInfo, cells::Lstm};
///
/// let info = Lstm::<f32>::INFO;
/// assert_eq!(info.equations[5].printed, "h_t = o .* tanh(C_t)");
/// let states = info.symbols.iter().filter(|s| matches!(s.role, RoleInfo::State(_)));
/// assert_eq!(states.map(|s| s.ident).collect::<Vec<_>>(), ["h", "C"]);
///
/// // What follows from the graph of the step.
/// let gates = info.gates().into_iter().map(|gate| info.symbols[gate.symbol].ident);
/// assert_eq!(gates.collect::<Vec<_>>(), ["f", "i", "o"]);
/// assert_eq!(info.cost(&[64, 64]).parameters, 33_024); // for sizes in the order of `info.sizes`
/// assert_eq!(info.recognise().to_string(), "LSTM");
/// println!("{}", info.card(&[64, 64])); // all of it as text
/// ```
#[derive(Debug)]
pub struct CellInfo {
    /// The name of the type.
    pub name: &'static str,
    /// The name of the cell that this one is a variant of.
    pub parent: Option<&'static str>,
    /// Independent sizes, in the order of the constructor's arguments.
    pub sizes: &'static [SizeInfo],
    /// Every symbol of the equations.
    pub symbols: &'static [SymbolInfo],
    /// The constants, then the equations in an order in which they can be evaluated.
    pub equations: &'static [EquationInfo],
    /// The derived equations of the backward pass.
    pub backward: &'static [EquationInfo],
    /// Indices (in `symbols`) of the outputs, in order.
    pub outputs: &'static [usize],
    /// The step as a graph.
    pub graph: GraphInfo,
    /// What is worth knowing of the definition: values that nothing reads, parameters that no
    /// gradient reaches, parameters that are only ever added together.
    pub notes: &'static [&'static str],
    /// The first paragraph of the documentation that the definition stands under.
    pub about: &'static str,
    /// Areas (products of lengths) of the values that the tape keeps for one step and row.
    pub tape: &'static [&'static [Extent]],
}

/// An independent size of a cell: an argument of its constructor.
#[derive(Debug)]
pub struct SizeInfo {
    /// As in the equations: `I`, `H`.
    pub name: &'static str,
    /// The constructor's argument: `x`, `h`.
    pub argument: &'static str,
}

/// A symbol of the equations, and what it was taken for.
#[derive(Debug)]
pub struct SymbolInfo {
    /// The Rust identifier: `W_x_f`.
    pub ident: &'static str,
    /// As printed: `W_x^(f)`.
    pub printed: &'static str,
    /// As LaTeX: `W_x^{(f)}`.
    pub latex: &'static str,
    /// What it is.
    pub role: RoleInfo,
    /// No element for a scalar, one for a vector, two (rows, columns) for a matrix.
    pub shape: &'static [Extent],
    /// The longest delay at which it is read.
    pub depth: usize,
    /// Why it is what it is, in words.
    pub taken_for: &'static str,
}

/// What a symbol is to a cell: an input, a state, a parameter, …
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RoleInfo {
    /// Given at each step.
    Input,
    /// Defined by an equation, and read at an earlier time. It starts at the constant.
    State(f64),
    /// A state that starts at a parameter (index in `symbols`).
    TrainedState(usize),
    /// Defined by an equation.
    Intermediate,
    /// A number.
    Constant(f64),
    /// A number that the user may set; its default.
    Hyper(f64),
    /// Trained; how it starts.
    Parameter(InitInfo),
}

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InitInfo {
    /// Every element.
    Constant(f64),
    /// Uniform in `low..high`.
    Uniform(f64, f64),
    /// Mean, standard deviation.
    Normal(f64, f64),
    /// Uniform in ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010).
    GlorotUniform,
    /// Normal with variance 2 / (fan in + fan out) (Glorot and Bengio 2010).
    GlorotNormal,
    /// Normal with variance 2 / fan in (He et al. 2015).
    He,
    /// Orthonormal rows or columns (Saxe et al. 2014).
    Orthogonal,
    /// Ones on the diagonal.
    Identity,
}

/// An equation as text.
#[derive(Debug)]
pub struct EquationInfo {
    /// Plain text.
    pub printed: &'static str,
    /// LaTeX.
    pub latex: &'static str,
}

/// A length: `(Σ factor · size + constant) / divisor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// `(index in sizes, factor)`.
    pub terms: &'static [(usize, usize)],
    /// Added.
    pub constant: usize,
    /// At least 1.
    pub divisor: usize,
}

impl Extent {
    /// The length for given sizes, those of the cell in the order of [`CellInfo::sizes`].
    ///
    /// # Panics
    ///
    /// If there are fewer sizes than the cell has.
    pub fn of(&self, sizes: &[usize]) -> usize {
        let sum: usize = self
            .terms
            .iter()
            .map(|&(size, factor)| factor * sizes[size])
            .sum();
        (sum + self.constant) / self.divisor
    }

    /// The length in the names of a cell's sizes: `2H + 1`, `H/4`.
    pub fn describe(&self, info: &CellInfo) -> String {
        let mut parts: Vec<String> = Vec::new();
        for &(size, factor) in self.terms {
            let name = info.sizes[size].name;
            parts.push(match factor {
                1 => name.to_owned(),
                factor => format!("{factor}{name}"),
            });
        }
        if self.constant > 0 || parts.is_empty() {
            parts.push(self.constant.to_string());
        }
        let sum = parts.join(" + ");
        match (self.divisor, parts.len()) {
            (0 | 1, _) => sum,
            (divisor, 1) => format!("{sum}/{divisor}"),
            (divisor, _) => format!("({sum})/{divisor}"),
        }
    }
}

/// The number of elements of a shape for given sizes, those of the cell in the order of
/// [`CellInfo::sizes`].
///
/// # Panics
///
/// If there are fewer sizes than the cell has.
pub fn elements(shape: &[Extent], sizes: &[usize]) -> usize {
    shape.iter().map(|extent| extent.of(sizes)).product()
}

/// One step as a graph; a node's arguments have smaller indices.
#[derive(Debug)]
pub struct GraphInfo {
    /// Operations in order.
    pub nodes: &'static [NodeInfo],
    /// What is read at earlier steps: states, and inputs read with a delay.
    pub states: &'static [StateInfo],
    /// `(symbol, node)` of each output, in order.
    pub outputs: &'static [(usize, usize)],
    /// `(symbol, node)` of each symbol that an equation defines.
    pub named: &'static [(usize, usize)],
}

/// A value that later steps read.
#[derive(Debug)]
pub struct StateInfo {
    /// Index in `symbols`.
    pub symbol: usize,
    /// The node that computes it.
    pub value: usize,
    /// The longest delay, at least 1.
    pub depth: usize,
}

/// One operation of a step's graph.
#[derive(Debug)]
pub struct NodeInfo {
    /// Which.
    pub op: OpInfo,
    /// Indices of nodes.
    pub args: &'static [usize],
    /// As in [`SymbolInfo::shape`].
    pub shape: &'static [Extent],
}

/// Operations. Element-wise ones take arguments of the node's shape, or scalars, which spread.
/// Matrices are row-major.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OpInfo {
    /// An input at this step (symbol).
    Input(usize),
    /// A parameter (symbol).
    Param(usize),
    /// A hyper-parameter (symbol).
    Hyper(usize),
    /// State (index in `states`) and delay.
    Prev(usize, usize),
    /// A number.
    Number(f64),
    /// A length as a number.
    Length(Extent),
    /// The identity matrix.
    Identity,
    /// Random multiplier for dropout (index among the masks); `args[0]` is the probability.
    Dropout(usize),
    /// Random multiplier for zoneout (index among the masks); `args[0]` is the probability.
    Zoneout(usize),
    /// `-x`
    Neg,
    /// `1 / (1 + exp(-x))`
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
    /// `max(x, 0)`
    Relu,
    /// Exponential.
    Exp,
    /// `exp(x) - 1`
    ExpM1,
    /// Natural logarithm.
    Log,
    /// `log(1 + exp(x))`
    Softplus,
    /// Square root.
    Sqrt,
    /// `1 / x`
    Recip,
    /// `x · x`
    Square,
    /// Absolute value; derivative 0 at 0.
    Abs,
    /// -1, 0 or 1.
    Sign,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// `x / (1 + exp(-x))`
    Silu,
    /// Derivative of `Silu`.
    SiluSlope,
    /// `x · Φ(x)`, with the distribution function of the normal distribution.
    Gelu,
    /// Derivative of `Gelu`.
    GeluSlope,
    /// Sum of two.
    Add,
    /// Difference.
    Sub,
    /// Product, element by element.
    Mul,
    /// Quotient.
    Div,
    /// `a^b`
    Pow,
    /// The smaller; the gradient goes to it, to the first of equals.
    Min,
    /// The larger; the gradient goes to it, to the first of equals.
    Max,
    /// `args[0] > args[1] ? args[2] : args[3]`
    SelectGreater,
    /// `args[0] >= args[1] ? args[2] : args[3]`
    SelectGreaterEq,
    /// A scalar to every element of the node's shape.
    Spread,
    /// `M v`
    MatVec,
    /// `Mᵀ v`
    MatVecTransposed,
    /// Matrix product.
    MatMat,
    /// Transposed matrix.
    Transpose,
    /// `u vᵀ`
    Outer,
    /// Sum of all elements.
    Sum,
    /// Largest element; the gradient goes to every element equal to it.
    Largest,
    /// Each element of a vector with all before it added.
    CumSum,
    /// Each element of a vector with all after it added.
    CumSumReversed,
    /// Vectors side by side.
    Concat,
    /// Part along an axis from an offset.
    Slice(usize, Extent),
    /// Zeros around the argument, which begins at the offset of the axis.
    Pad(usize, Extent),
    /// The argument; its gradient is zero.
    StopGradient,
}
