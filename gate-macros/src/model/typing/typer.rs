//! Trees to typed expressions: what each product means, and the sizes of everything.

use std::collections::BTreeSet;

use crate::diag::{self, Diagnostics, Place};
use crate::model::kinds::{Kind, Known};
use crate::model::print;
use crate::model::roles::{Roles, Sort};
use crate::model::sizes::{Said, Sizes};
use crate::model::symbols::Table;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::model::{Dim, Expr, ExprKind, Shape, SymbolId};
use crate::syntax::DeclaredKind;

/// Builds typed expressions. Their sizes are variables of `sizes`.
pub(in crate::model) struct Typer<'a> {
    pub(super) table: &'a Table,
    roles: &'a Roles,
    pub(super) known: &'a [Known],
    /// Vectors are rows.
    pub(super) rows: bool,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) sizes: Sizes,
    shapes: Vec<Option<Shape>>,
    /// What was asked about already: powers of matrices, and what may be one number.
    pub(super) told: BTreeSet<String>,
    /// Ends of slices.
    pub(super) bounds: Vec<Bound>,
}

/// Shapes of the symbols and the sizes that they are made of.
pub(in crate::model) struct Shapes {
    pub(in crate::model) sizes: Sizes,
    pub(in crate::model) shapes: Vec<Option<Shape>>,
}

/// A part that must lie inside of its vector.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) end: Dim,
    pub(super) whole: Dim,
    pub(super) name: String,
    pub(super) place: Place,
}

/// A typed expression, and whether it stands as a row.
pub(super) type Value = (Expr, Kind);

impl<'a> Typer<'a> {
    pub(in crate::model) fn new(
        table: &'a Table,
        roles: &'a Roles,
        (known, rows): (&'a [Known], bool),
        diagnostics: &'a mut Diagnostics,
    ) -> Typer<'a> {
        let shapes = vec![None; table.symbols.len()];
        Typer {
            table,
            roles,
            known,
            rows,
            diagnostics,
            sizes: Sizes::new(3 * table.symbols.len()),
            shapes,
            told: BTreeSet::new(),
            bounds: Vec::new(),
        }
    }

    /// The right sides; `None` where something was reported.
    pub(in crate::model) fn equations(&mut self, equations: &[Resolved]) -> Vec<Option<Expr>> {
        let clear = self
            .row_or_column(equations)
            .and_then(|()| self.one_unit(equations))
            .and_then(|()| self.dot_of_weights(equations))
            .and_then(|()| self.exponential(equations))
            .and_then(|()| self.change_of_capital(equations))
            .and_then(|()| self.divided_by_capital(equations))
            .and_then(|()| self.matrix_as_input(equations))
            .and_then(|()| self.capital_of_value());
        if clear.is_none() {
            return vec![None; equations.len()];
        }
        let typed = equations.iter().map(|e| self.equation(e)).collect();
        self.given_states();
        typed
    }

    /// What is given to an inner cell in the place of a state is as long as the state.
    fn given_states(&mut self) {
        let table = self.table;
        for &(state, given, place) in &table.given {
            let (Some(own), Some(other)) = (self.shape(state), self.shape(given)) else {
                continue;
            };
            let [left, right] = [state, given].map(|id| table.symbols[id].key.printed());
            let said = Said {
                left: (format!("`{left}`"), table.symbols[state].place),
                right: (format!("`{right}`"), place),
                how: "are one state",
            };
            // A conflict was reported.
            let _ = self.equal_shapes((&own, &other), Vec::new(), |_| said);
        }
    }

    /// Solves what is left of the sizes. `mistaken`: a shape is given to everything, also where a
    /// mistake hides what it is.
    pub(in crate::model) fn finish(mut self, mistaken: bool) -> Shapes {
        for id in 0..self.shapes.len() {
            let declared = self.table.symbols[id].declared.kind.is_some();
            let sort = self.roles.sorts[id];
            if (declared || mistaken) && sort != Sort::Absent {
                self.shape(id);
            }
            let hidden = matches!(self.known[id].kind, None | Some(Kind::Wild));
            if mistaken && hidden && matches!(sort, Sort::State | Sort::Intermediate) {
                let rank = self.rank(id);
                let size = self.sizes.fresh("an unknown size".to_owned(), rank);
                self.shapes[id] = Some(Shape::Vector(size));
            }
        }
        self.sizes.finish(self.diagnostics);
        for bound in &self.bounds {
            if self.sizes.is_longer(&bound.end, &bound.whole) {
                let [whole, end] = [&bound.whole, &bound.end].map(|dim| self.sizes.describe(dim));
                self.diagnostics
                    .push(diag::slice_beyond(bound.place, &bound.name, &whole, &end));
            }
        }
        Shapes {
            sizes: self.sizes,
            shapes: self.shapes,
        }
    }

    fn equation(&mut self, equation: &Resolved) -> Option<Expr> {
        let printed = print::equation(self.table, equation.left, &equation.right);
        self.sizes.because.set_equation(&printed);
        let (right, kind) = self.value(&equation.right)?;
        let left = self.shape(equation.left)?;
        let (right, kind) = self.one_number(&left, right, kind);
        let entry = &self.table.symbols[equation.left];
        let name = format!("`{}`", entry.key.printed());
        let place = entry.defined.unwrap_or(equation.place);
        let wanted = kind_of_shape(&left);
        if wanted != kind.upright() {
            let declared = entry.declared.kind.as_ref().map(|(_, place)| *place);
            let (wanted, kind) = (wanted.word(), kind.word());
            self.diagnostics
                .push(match entry.known.is_some() && declared.is_none() {
                    true => diag::given_kind(place, &entry.key.printed(), wanted, kind),
                    false => diag::left_kind(place, &name, wanted, kind, declared),
                });
            return None;
        }
        let say = |_: &Self| Said {
            left: (name, place),
            right: ("the right side of its equation".to_owned(), right.place),
            how: "are set equal",
        };
        self.equal_shapes((&left, &right.shape), Vec::new(), say)?;
        Some(right)
    }

    /// The shape of a symbol; `None` where its kind is lost to a mistake.
    pub(super) fn shape(&mut self, id: SymbolId) -> Option<Shape> {
        if self.shapes[id].is_none() {
            self.shapes[id] = self.new_shape(id);
        }
        self.shapes[id].clone()
    }

    /// How far up a symbol stands: inputs before outputs, and so on.
    fn rank(&self, id: SymbolId) -> usize {
        let output = self.roles.outputs.contains(&id);
        let group = match self.roles.sorts[id] {
            Sort::Input => 0,
            _ if output => 1,
            Sort::State => 2,
            Sort::Intermediate => 3,
            _ => 4,
        };
        group * self.table.symbols.len() + id
    }

    fn new_shape(&mut self, id: SymbolId) -> Option<Shape> {
        let table = self.table;
        let entry = &table.symbols[id];
        if let Some((DeclaredKind::Shape(declared), _)) = &entry.declared.kind {
            let name = entry.key.printed();
            return match &declared[..] {
                [size] => Some(Shape::Vector(self.sizes.declared(size, &name))),
                [rows, columns] => {
                    let rows = self.sizes.declared(rows, &name);
                    Some(Shape::Matrix(rows, self.sizes.declared(columns, &name)))
                }
                _ => None,
            };
        }
        let rank = self.rank(id);
        let name = entry.key.printed();
        let mut fresh = |what: &str| self.sizes.fresh(format!("the {what} of `{name}`"), rank);
        match self.known[id].kind? {
            Kind::Scalar => Some(Shape::Scalar),
            Kind::Vector | Kind::Row => Some(Shape::Vector(fresh("size"))),
            Kind::Matrix => Some(Shape::Matrix(
                fresh("number of rows"),
                fresh("number of columns"),
            )),
            Kind::Wild => None,
        }
    }

    /// The typed expression of a tree; `None` where something was reported.
    pub(in crate::model) fn value(&mut self, tree: &Tree) -> Option<Value> {
        let place = tree.place;
        match &tree.node {
            Node::Unknown => None,
            Node::Number(value) => Some(value_of(ExprKind::Number(*value), Shape::Scalar, place)),
            Node::Read { symbol, delay } => self.read(*symbol, *delay, place),
            Node::Negate(inner) => {
                let (inner, kind) = self.value(inner)?;
                let shape = inner.shape.clone();
                let node = ExprKind::Negate(Box::new(inner));
                Some(typed(node, (shape, kind), place))
            }
            Node::Binary(..) => self.binary(tree),
            Node::Chain(factors) => self.chain(factors, place),
            Node::Power(base, exponent) => self.power(base, exponent, place),
            Node::Transpose(inner) => self.transpose(inner, place),
            Node::Concat(parts) => self.concat(parts, place),
            Node::Slice(inner, part) => self.slice(inner, part, place),
            Node::Call(function, arguments) => self.call(*function, arguments, place),
            Node::Select { strict, parts } => self.select(*strict, parts, place),
        }
    }

    /// Makes two shapes of one kind equal; `None` where they cannot be.
    pub(super) fn equal_shapes(
        &mut self,
        (left, right): (&Shape, &Shape),
        parts: Vec<(Dim, Dim)>,
        say: impl FnOnce(&Self) -> Said,
    ) -> Option<()> {
        match (left, right) {
            (Shape::Vector(a), Shape::Vector(b)) => self.equal_sizes((a, b), parts, say),
            (Shape::Matrix(a, b), Shape::Matrix(c, d)) => {
                // One message is enough, whichever of the two lengths differs.
                let said = say(self);
                let of = |what: &str| Said {
                    left: (format!("the {what} of {}", said.left.0), said.left.1),
                    right: (format!("the {what} of {}", said.right.0), said.right.1),
                    how: said.how,
                };
                self.equal_sizes((a, c), parts.clone(), |_| of("rows"))?;
                self.equal_sizes((b, d), parts, |_| of("columns"))
            }
            _ => Some(()),
        }
    }

    /// Makes two lengths equal; `None` where they cannot be.
    pub(super) fn equal_sizes(
        &mut self,
        dims: (&Dim, &Dim),
        parts: Vec<(Dim, Dim)>,
        say: impl FnOnce(&Self) -> Said,
    ) -> Option<()> {
        let mut sizes = std::mem::take(&mut self.sizes);
        let mut found = Diagnostics::default();
        let done = sizes.equal(dims, parts, || say(self), &mut found);
        self.sizes = sizes;
        found
            .list()
            .iter()
            .for_each(|d| self.diagnostics.push(d.clone()));
        done
    }

    /// Reports a value that is not of the kind that stands here.
    pub(super) fn expect(
        &mut self,
        kind: Kind,
        tree: &Tree,
        value: &Value,
        by: &str,
    ) -> Option<()> {
        let found = value.1.upright();
        if found == kind {
            return Some(());
        }
        let name = self.name(tree);
        self.diagnostics.push(diag::argument_kind(
            tree.place,
            by,
            kind.word(),
            &name,
            found.word(),
        ));
        None
    }

    pub(super) fn sort(&self, symbol: SymbolId) -> Sort {
        self.roles.sorts[symbol]
    }

    /// A tree as a short text in backquotes.
    pub(super) fn name(&self, tree: &Tree) -> String {
        print::brief(self.table, tree)
    }
}

/// A typed expression that is no row.
pub(super) fn value_of(node: ExprKind, shape: Shape, place: Place) -> Value {
    let kind = kind_of_shape(&shape);
    typed(node, (shape, kind), place)
}

/// A typed expression of a kind that goes with its shape.
pub(super) fn typed(node: ExprKind, (shape, kind): (Shape, Kind), place: Place) -> Value {
    let expr = Expr {
        kind: node,
        shape,
        place,
    };
    (expr, kind)
}

fn kind_of_shape(shape: &Shape) -> Kind {
    match shape {
        Shape::Scalar => Kind::Scalar,
        Shape::Vector(_) => Kind::Vector,
        Shape::Matrix(..) => Kind::Matrix,
    }
}
