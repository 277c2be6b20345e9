//! A cell whose every symbol has a role, a shape and a place; equations sorted and typed.

use crate::diag::{Diagnostic, Place};
use crate::functions::Function;
use crate::syntax::{Comparison, Header};

/// Index of a symbol in [`Cell::symbols`].
pub(crate) type SymbolId = usize;
/// Index of a size in [`Cell::sizes`].
pub(crate) type SizeId = usize;

/// The meaning of a definition.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) header: Header,
    /// Independent sizes, in the order of the constructor's arguments.
    pub(crate) sizes: Vec<Size>,
    /// Inputs, then states, then intermediates, then constants, hyper-parameters and
    /// parameters, each in order of appearance.
    pub(crate) symbols: Vec<Symbol>,
    /// Sorted: each reads, at the present step, only what earlier ones define.
    pub(crate) equations: Vec<Equation>,
    /// Never empty. Each is defined by an equation.
    pub(crate) outputs: Vec<SymbolId>,
    /// What a variant changed of its parent.
    pub(crate) change: Option<Change>,
    /// Warnings and notes, none of which is an error.
    pub(crate) notes: Vec<Diagnostic>,
}

/// An independent size.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    /// As declared (`I`), else the upper-case name of the value that it belongs to (`X`, `H`).
    pub(crate) name: String,
    /// The constructor's argument, an identifier in lower case: `x`, `h`.
    pub(crate) argument: String,
}

/// A length: a sum of sizes with factors, and a number; possibly divided (`H/4`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Dim {
    /// `(size, factor)`, sorted by size, factors not zero.
    pub(crate) terms: Vec<(SizeId, usize)>,
    pub(crate) constant: usize,
    /// Divisor of the whole sum, 1 for none; checked to divide when a cell is made.
    pub(crate) divisor: usize,
}

/// A shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar,
    Vector(Dim),
    /// Rows, columns.
    Matrix(Dim, Dim),
}

/// A symbol of the equations.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    /// One Rust identifier: `W_x_f`, `h̃`, `C`. Never a keyword.
    pub(crate) ident: String,
    /// Plain text without time index: `W_x^(f)`.
    pub(crate) printed: String,
    /// LaTeX without time index: `W_x^{(f)}`.
    pub(crate) latex: String,
    pub(crate) role: Role,
    pub(crate) shape: Shape,
    /// The longest delay at which it is read: 0 for never in the past, 1 for `h_{t-1}`.
    pub(crate) depth: usize,
    /// Where it was first written.
    pub(crate) place: Place,
    /// Why its role and shape are what they are, as one clause for the documentation:
    /// "matrix: a capital letter in a product".
    pub(crate) taken_for: String,
}

/// What a symbol is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Input,
    /// Defined by an equation and read at an earlier time.
    State(InitialState),
    /// Defined by an equation, never read at an earlier time.
    Intermediate,
    /// An equation of numbers: folded where it is read.
    Constant(f64),
    /// A field that the user may set, not trained; its initial value.
    Hyper(f64),
    Parameter(Init),
}

/// Value of a state before the first step, unless the caller passes one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum InitialState {
    /// Every element; zero by default.
    Constant(f64),
    /// A parameter of the same shape: its symbol.
    Trainable(SymbolId),
}

/// How a parameter starts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Init {
    /// Nothing stated: `glorot_uniform` for a matrix, zeros for a vector or scalar that is only
    /// ever added, ones for one that multiplies.
    Constant(f64),
    Uniform(f64, f64),
    Normal(f64, f64),
    GlorotUniform,
    GlorotNormal,
    He,
    Orthogonal,
    Identity,
}

/// A typed equation.
#[derive(Clone, Debug)]
pub(crate) struct Equation {
    pub(crate) left: SymbolId,
    pub(crate) right: Expr,
    /// As plain text, normalised: `f = σ(x_t * W_x^(f) + …)`.
    pub(crate) printed: String,
    pub(crate) latex: String,
    pub(crate) place: Place,
}

/// A typed expression. Functions of the user's own are expanded, constants remain reads.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) shape: Shape,
    pub(crate) place: Place,
}

/// Kinds of typed expressions. In element-wise operations the operands have one shape, or one
/// of them is a scalar.
#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    Number(f64),
    /// The value of a symbol `delay` steps ago (0: at this step, or a parameter).
    Read {
        symbol: SymbolId,
        delay: usize,
    },
    /// The identity matrix of the expression's shape.
    Identity,
    /// A length as a number.
    Length(Dim),
    Negate(Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Subtract(Box<Expr>, Box<Expr>),
    /// Element by element, or scaling.
    Multiply(Box<Expr>, Box<Expr>),
    Divide(Box<Expr>, Box<Expr>),
    /// Element-wise power.
    Power(Box<Expr>, Box<Expr>),
    /// Arguments in order. `Where` does not occur here.
    Call(Function, Vec<Expr>),
    /// `W v`: matrix `[out, in]`, vector.
    MatVec(Box<Expr>, Box<Expr>),
    /// `v W`: vector, matrix `[in, out]`.
    VecMat(Box<Expr>, Box<Expr>),
    MatMat(Box<Expr>, Box<Expr>),
    Transpose(Box<Expr>),
    /// Vectors side by side.
    Concat(Vec<Expr>),
    /// Elements `from ..` of a vector, as many as the expression's shape says.
    Slice(Box<Expr>, Dim),
    /// `where(a > b, yes, no)`, element by element.
    Select(Comparison, Box<[Expr; 4]>),
}

impl Expr {
    /// The direct parts, in the order written.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Number(_)
            | ExprKind::Read { .. }
            | ExprKind::Identity
            | ExprKind::Length(_) => Vec::new(),
            ExprKind::Negate(a) | ExprKind::Transpose(a) | ExprKind::Slice(a, _) => vec![a],
            ExprKind::Add(a, b)
            | ExprKind::Subtract(a, b)
            | ExprKind::Multiply(a, b)
            | ExprKind::Divide(a, b)
            | ExprKind::Power(a, b)
            | ExprKind::MatVec(a, b)
            | ExprKind::VecMat(a, b)
            | ExprKind::MatMat(a, b) => vec![a, b],
            ExprKind::Call(_, parts) | ExprKind::Concat(parts) => parts.iter().collect(),
            ExprKind::Select(_, parts) => parts.iter().collect(),
        }
    }
}

impl Dim {
    /// One size.
    pub(crate) fn size(id: SizeId) -> Dim {
        Dim {
            terms: vec![(id, 1)],
            constant: 0,
            divisor: 1,
        }
    }

    /// A number.
    pub(crate) fn number(n: usize) -> Dim {
        Dim {
            terms: Vec::new(),
            constant: n,
            divisor: 1,
        }
    }

    /// The length as declarations write it, with a sign for sums: `2H + 1`, `(H + 2)/4`.
    pub(crate) fn written(&self, sizes: &[Size], plus: &str) -> String {
        let term = |&(size, factor): &(usize, usize)| match (factor, sizes.get(size)) {
            (1, Some(size)) => size.name.clone(),
            (_, size) => format!("{factor}{}", size.map_or("", |size| &size.name)),
        };
        let mut parts: Vec<String> = self.terms.iter().map(term).collect();
        if self.constant > 0 || parts.is_empty() {
            parts.push(self.constant.to_string());
        }
        match (self.divisor, parts.len()) {
            (0 | 1, _) => parts.join(plus),
            (divisor, 1) => format!("{}/{divisor}", parts[0]),
            (divisor, _) => format!("({})/{divisor}", parts.join(plus)),
        }
    }

    /// So many times the length.
    pub(crate) fn times(&self, count: usize) -> Dim {
        if count == 0 {
            return Dim::number(0);
        }
        let mut dim = self.clone();
        dim.terms
            .iter_mut()
            .for_each(|(_, factor)| *factor *= count);
        dim.constant *= count;
        dim
    }

    /// How often another length goes into this one, where that is a whole number.
    pub(crate) fn over(&self, part: &Dim) -> Option<usize> {
        let first = |dim: &Dim| match dim.terms.first() {
            Some(&(_, factor)) => factor,
            None => dim.constant,
        };
        let (mine, theirs) = (first(self) * part.divisor, first(part) * self.divisor);
        let count = mine.checked_div(theirs)?;
        let same = |a: usize, b: usize| a * part.divisor == b * self.divisor * count;
        let terms = self.terms.len() == part.terms.len()
            && self
                .terms
                .iter()
                .zip(&part.terms)
                .all(|(a, b)| a.0 == b.0 && same(a.1, b.1));
        let nothing = self.terms.is_empty() && self.constant == 0;
        match nothing {
            true => Some(0),
            false => (terms && same(self.constant, part.constant)).then_some(count),
        }
    }

    /// The sum, whatever the divisors are.
    pub(crate) fn sum(&self, other: &Dim) -> Dim {
        let (p, q) = (self.divisor.max(1), other.divisor.max(1));
        let scaled = |dim: &Dim, factor: usize| Dim {
            divisor: p * q,
            ..dim.times(factor)
        };
        let sum = match p == q {
            true => self.plus(other),
            false => scaled(self, q).plus(&scaled(other, p)),
        };
        sum.unwrap_or_default()
    }

    /// The sum; `None` where divisors differ.
    pub(crate) fn plus(&self, other: &Dim) -> Option<Dim> {
        if self.divisor != other.divisor {
            return None;
        }
        let mut terms = self.terms.clone();
        for &(size, factor) in &other.terms {
            match terms.iter_mut().find(|(s, _)| *s == size) {
                Some((_, f)) => *f += factor,
                None => terms.push((size, factor)),
            }
        }
        terms.sort_unstable();
        Some(Dim {
            terms,
            constant: self.constant + other.constant,
            divisor: self.divisor,
        })
    }
}

impl Shape {
    /// Its lengths: none of a scalar, rows and columns of a matrix.
    fn dims_mut(&mut self) -> Vec<&mut Dim> {
        match self {
            Shape::Scalar => Vec::new(),
            Shape::Vector(size) => vec![size],
            Shape::Matrix(rows, columns) => vec![rows, columns],
        }
    }
}

impl Cell {
    /// The whole definition as text, plain and in LaTeX: the constants, then the equations.
    pub(crate) fn printed(&self) -> Vec<(String, String)> {
        let constant = |symbol: &Symbol| match symbol.role {
            Role::Constant(value) => Some((
                format!("{} = {value}", symbol.printed),
                format!("{} = {value}", symbol.latex),
            )),
            _ => None,
        };
        let equation = |e: &Equation| (e.printed.clone(), e.latex.clone());
        let constants = self.symbols.iter().filter_map(constant);
        constants
            .chain(self.equations.iter().map(equation))
            .collect()
    }

    /// Keeps the sizes of inputs, outputs and states: in an unfinished definition, what else has
    /// a size of its own has it because the equation that would tell is not there yet.
    pub(crate) fn keep_sizes_of_values(&mut self) {
        let outputs = &self.outputs;
        let values = self.symbols.iter_mut().enumerate().filter(|(id, symbol)| {
            matches!(symbol.role, Role::Input | Role::State(_)) || outputs.contains(id)
        });
        let dims = values.flat_map(|(_, symbol)| symbol.shape.dims_mut());
        let sizes = dims.flat_map(|dim| dim.terms.iter().map(|(size, _)| size + 1).max());
        let kept = sizes.max().unwrap_or(0);
        let all = self.symbols.iter_mut();
        for dim in all.flat_map(|symbol| symbol.shape.dims_mut()) {
            dim.terms.retain(|(size, _)| *size < kept);
        }
        self.sizes.truncate(kept);
    }

    /// Symbols of one role, with their indices.
    pub(crate) fn with_role<'a>(
        &'a self,
        wanted: impl Fn(&Role) -> bool + 'a,
    ) -> impl Iterator<Item = (SymbolId, &'a Symbol)> + 'a {
        self.symbols
            .iter()
            .enumerate()
            .filter(move |(_, s)| wanted(&s.role))
    }
}

/// What a variant changed.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The parent's path as written.
    pub(crate) parent: String,
    /// Symbols of the parent with another equation or declaration, as printed.
    pub(crate) replaced: Vec<String>,
    /// Symbols that the parent lacks.
    pub(crate) added: Vec<String>,
    /// Symbols of the parent that nothing needs any more.
    pub(crate) left_out: Vec<String>,
}
