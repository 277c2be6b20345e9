//! The syntax tree: what is written, not yet what it means.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};

use crate::diag::Place;
use crate::read::Token;

/// One cell as written.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The struct line.
    pub(crate) header: Header,
    /// Equations and declarations in the order of the text.
    pub(crate) items: Vec<Item>,
    /// The cells that it refers to: the parent of a variant, and inner cells.
    pub(crate) cells: Vec<(CellName, Definition)>,
    /// Of each statement that could not be read, the name at its left and those at its right:
    /// what an editor can complete.
    pub(crate) unread: Vec<Equation>,
}

/// What another cell is called in a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellName {
    /// Its path as written, without spaces: `cells::Lstm`.
    pub(crate) path: String,
    /// In statements that a variant has from its parent, the parent's path; where that is a
    /// variant too, those of all parents from the one that wrote the statement on. The same path
    /// may lead the variant to another cell.
    pub(crate) parents: Vec<String>,
}

impl CellName {
    pub(crate) fn new(path: String) -> CellName {
        CellName {
            path,
            parents: Vec::new(),
        }
    }
}

/// Where a definition names another cell.
#[derive(Clone, Debug)]
pub(crate) struct CellPath {
    pub(crate) name: CellName,
    pub(crate) tokens: TokenStream,
    pub(crate) place: Place,
}

/// `pub struct Lstm(x_t) -> h_t` with what stands above it.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Attributes other than documentation, as written.
    pub(crate) attributes: TokenStream,
    /// The user's documentation, line by line.
    pub(crate) docs: Vec<String>,
    /// `pub`, `pub(crate)` or nothing.
    pub(crate) visibility: TokenStream,
    /// The name of the type.
    pub(crate) name: Ident,
    /// Inputs, where declared, in order.
    pub(crate) inputs: Option<Vec<Name>>,
    /// Outputs, where declared, in order.
    pub(crate) outputs: Option<Vec<Name>>,
    /// The cell that this one is a variant of: `= Lstm with`.
    pub(crate) parent: Option<CellPath>,
    /// Further types of fixed sizes.
    pub(crate) fixed: Vec<Fixed>,
}

/// `#[fixed(TinyLstm, x = 1, h = 16)]`
#[derive(Clone, Debug)]
pub(crate) struct Fixed {
    pub(crate) name: Ident,
    /// A size's name, its number, where the name stands. Each name once.
    pub(crate) sizes: Vec<(String, usize, Place)>,
}

/// A name as written, with every mark. What a mark means (a label, a time index, a power) is
/// found by the model.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The base letter or word, accents combined: `W`, `h̃`.
    pub(crate) base: String,
    /// Subscripts, superscripts and bracketed time indices in the order written.
    pub(crate) marks: Vec<Mark>,
    /// Number of primes.
    pub(crate) primes: u32,
    /// Where the whole name stands (its first token in the token form).
    pub(crate) place: Place,
}

/// A mark on a name.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) position: Position,
    /// The tokens inside, brackets of the group removed (all of them: `^{(f)}` holds `f`).
    pub(crate) tokens: Vec<Token>,
    /// The same tokens read as an expression, where they are one (needed for powers).
    pub(crate) expr: Option<Box<Expr>>,
    /// Whether round or square brackets stood around the tokens: `^(f)`, `^{(f)}` (a label where
    /// a bare `^2` would be a power).
    pub(crate) bracketed: bool,
    pub(crate) place: Place,
}

/// Where a mark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// `x_…`
    Sub,
    /// `x^…`
    Sup,
    /// `x(t-1)` or `x[t-1]`: only where the content is a time letter with an optional offset.
    Index,
}

/// One statement.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// `f = σ(…);`
    Equation(Equation),
    /// `x_t: [I];  α: scalar ~ 0.1;  W_h ~ orthogonal;  ε: hyper = 0.5;`
    Declaration(Declaration),
    /// `φ(u) = u .* σ(1.702 * u);`
    Function(FunctionItem),
    /// `for k in 1..=3 { … }`
    Loop(Loop),
    /// `(f, i) = chunk(…);`
    Split(Split),
}

/// `left = right`.
#[derive(Clone, Debug)]
pub(crate) struct Equation {
    pub(crate) left: Name,
    pub(crate) right: Expr,
    /// The whole statement.
    pub(crate) place: Place,
}

/// Several left sides: parts of one right side.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    /// At least two.
    pub(crate) lefts: Vec<Name>,
    pub(crate) right: Expr,
    /// The whole statement.
    pub(crate) place: Place,
}

/// A declaration; every part but the name is optional.
#[derive(Clone, Debug)]
pub(crate) struct Declaration {
    pub(crate) name: Name,
    pub(crate) kind: Option<DeclaredKind>,
    pub(crate) init: Option<Initial>,
    /// The value of a hyper-parameter.
    pub(crate) value: Option<Expr>,
    pub(crate) place: Place,
}

/// What stands after `:` or `∈`.
#[derive(Clone, Debug)]
pub(crate) enum DeclaredKind {
    /// `scalar`, `ℝ`
    Scalar,
    /// `[I]`, `[I, H]`, `ℝ^{I × H}`: one or two sizes.
    Shape(Vec<SizeExpr>),
    /// `hyper`
    Hyper,
    /// `cells::Lstm`: not a value, but a cell inside this one.
    Cell(CellPath),
}

impl DeclaredKind {
    /// Whether two declarations of one value agree.
    pub(crate) fn is_same(&self, other: &DeclaredKind) -> bool {
        match (self, other) {
            (DeclaredKind::Shape(own), DeclaredKind::Shape(other)) => {
                let text = |sizes: &[SizeExpr]| -> Vec<_> {
                    let sizes = sizes.iter();
                    sizes.map(|s| (s.terms.clone(), s.divisor)).collect()
                };
                text(own) == text(other)
            }
            (DeclaredKind::Cell(_), _) => false,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// A size as written: a sum of named sizes and numbers, each with a factor: `2H + 1`, `H/4`.
#[derive(Clone, Debug)]
pub(crate) struct SizeExpr {
    /// `(factor, name)`; no name for a plain number.
    pub(crate) terms: Vec<(usize, Option<SizeName>)>,
    /// Divisor of the whole sum, 1 for none.
    pub(crate) divisor: usize,
    pub(crate) place: Place,
}

/// What a size is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SizeName {
    /// As written.
    pub(crate) text: String,
    /// The inner cells whose definition says it, from the inside out: around them the same text
    /// is another size.
    pub(crate) cells: Vec<String>,
}

impl SizeName {
    pub(crate) fn new(text: String) -> SizeName {
        SizeName {
            text,
            cells: Vec::new(),
        }
    }
}

/// What stands after `~`.
#[derive(Clone, Debug)]
pub(crate) struct Initial {
    /// A name of the table of initialisers, or `constant` for a bare number.
    pub(crate) name: String,
    pub(crate) arguments: Vec<f64>,
    pub(crate) place: Place,
}

/// A function of the user's own.
#[derive(Clone, Debug)]
pub(crate) struct FunctionItem {
    pub(crate) name: Name,
    pub(crate) parameters: Vec<Name>,
    pub(crate) body: Expr,
    pub(crate) place: Place,
}

/// A loop with a count known at compile time.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub(crate) variable: String,
    pub(crate) first: i64,
    /// Included.
    pub(crate) last: i64,
    pub(crate) body: Vec<Item>,
    pub(crate) place: Place,
}

/// An expression with its place.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) place: Place,
}

/// Binary operators of fixed meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    /// `⊙`: element by element, always. Binds looser than `*`, tighter than `+`.
    Hadamard,
    /// `⊗`
    Outer,
    Divide,
}

/// How a factor of a product was joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    /// The first factor.
    First,
    /// A sign of no fixed meaning.
    Star,
    /// A dot in a text, which may be an inner product.
    Dot,
    /// Nothing at all. Binds tighter than a sign: such a chain is one factor of its own.
    Side,
}

/// `\sum_{k=1}^{3} W_k x_{t-k}`: what it stands for is written out by the model.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// `\prod`
    pub(crate) product: bool,
    pub(crate) variable: String,
    pub(crate) first: Bound,
    /// Included.
    pub(crate) last: Bound,
    pub(crate) body: Expr,
}

/// A bound of a sum: a number, `n`, `n-1`.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    /// The name of a constant, with its marks: `n_h`.
    pub(crate) name: Option<String>,
    /// What is added to it.
    pub(crate) offset: i64,
}

/// Comparisons, in `where` and `cases`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Greater,
    GreaterEq,
    Less,
    LessEq,
}

impl Comparison {
    /// `<`, `≤`
    pub(crate) fn is_less(self) -> bool {
        matches!(self, Comparison::Less | Comparison::LessEq)
    }
}

/// Which elements of a vector.
#[derive(Clone, Debug)]
pub(crate) enum Cut {
    /// `chunk(v, 4)[1]`: one of so many equal parts, counted from 0.
    Part { index: usize, count: usize },
    /// `v[H..2H]`, `v_{n+1:2n}`: from 0 where there is no start, up to an end that is not
    /// included.
    Range {
        from: Option<SizeExpr>,
        to: Option<SizeExpr>,
    },
    /// What one of several names has of a vector that all of them make up side by side.
    Share { names: Rc<[Name]>, index: usize },
}

/// Kinds of expressions.
#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    Number(f64),
    Name(Name),
    /// `name(a, b)`: a function of the table or the user's own, or (with one argument, and no
    /// function of that name) a product `name * (a)`. The model decides.
    Apply(Name, Vec<Expr>),
    /// `h_{t-1} = …` among the arguments of an inner cell: a state that the call is given.
    Given(Name, Box<Expr>),
    Negate(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Two or more factors joined by signs of no fixed meaning, or by nothing; all joins after
    /// the first are of one sort (a chain without signs is one factor of a chain with signs).
    /// What it means follows from what is multiplied.
    Product(Vec<(Join, Expr)>),
    /// A power on a bracket or number: `(a + b)^2`. Powers on a name stay in its marks.
    Power(Box<Expr>, Box<Expr>),
    /// `(…)^T`
    Transpose(Box<Expr>),
    /// `[a, b]`: values side by side. With a single element, a plain grouping bracket.
    Concat(Vec<Expr>),
    /// A part of a vector.
    Slice(Box<Expr>, Box<Cut>),
    Series(Box<Series>),
    /// `|x|`
    Absolute(Box<Expr>),
    /// `k ∈ {1, 3}`, where a row of `cases` holds for some of a family.
    Member(Name, Vec<i64>),
    /// `a > b`
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `{cases}`: value and condition, the last condition absent for "otherwise".
    Cases(Vec<(Expr, Option<Expr>)>),
}
