//! Writing the equations down as a graph.
//!
//! Takes: a [`Cell`]. Gives: the [`Graph`] of its step, with every shape. Constants become
//! numbers, functions become primitive operations (`functions`), products of matrices are put
//! in the order that costs least (`matrix`).

use std::collections::BTreeMap;

use crate::functions::Function;
use crate::model::{Cell, Equation, Expr, ExprKind, Role, Shape, SymbolId};
use crate::syntax::Comparison;

use super::build::Build;
use super::functions;
use super::graph::{Binary, Compare, Graph, Id, Op, State};

/// The graph of a cell's step.
pub(crate) fn lower(cell: &Cell) -> Graph {
    let mut lowering = Lowering::new(cell);
    for (index, equation) in cell.equations.iter().enumerate() {
        lowering.equation(index, equation);
    }
    lowering.finish()
}

/// A graph in the making.
pub(super) struct Lowering<'a> {
    cell: &'a Cell,
    graph: Graph,
    /// For each node, whether it differs between steps and rows.
    rows: Vec<bool>,
    /// For each symbol, its node at this step.
    values: Vec<Option<Id>>,
    /// For each symbol, its index in the graph's states.
    states: Vec<Option<usize>>,
    /// Nodes of earlier values, by state and delay.
    past: BTreeMap<(usize, usize), Id>,
    origin: Option<usize>,
}

impl Build for Lowering<'_> {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn make(&mut self, op: Op, args: Vec<Id>, shape: Shape) -> Id {
        let differs = op.differs() || args.iter().any(|&a| self.rows[a]);
        self.rows.push(differs);
        let origin = if args.is_empty() { None } else { self.origin };
        self.graph.push(op, args, shape, origin)
    }
}

impl<'a> Lowering<'a> {
    fn new(cell: &'a Cell) -> Lowering<'a> {
        let count = cell.symbols.len();
        let mut lowering = Lowering {
            cell,
            graph: Graph::default(),
            rows: Vec::new(),
            values: vec![None; count],
            states: vec![None; count],
            past: BTreeMap::new(),
            origin: None,
        };
        for (symbol, s) in cell.symbols.iter().enumerate() {
            let state = match s.role {
                Role::State(_) => true,
                Role::Input => s.depth > 0,
                _ => false,
            };
            if state {
                lowering.states[symbol] = Some(lowering.graph.states.len());
                let depth = s.depth.max(1);
                lowering.graph.states.push(State {
                    symbol,
                    value: 0,
                    depth,
                });
            }
        }
        lowering
    }

    fn equation(&mut self, index: usize, equation: &Equation) {
        self.origin = Some(index);
        let value = self.expr(&equation.right);
        let value = self.spread(value, &self.cell.symbols[equation.left].shape);
        self.values[equation.left] = Some(value);
        self.graph.named.push((equation.left, value));
    }

    fn finish(mut self) -> Graph {
        self.origin = None;
        for index in 0..self.graph.states.len() {
            let symbol = self.graph.states[index].symbol;
            self.graph.states[index].value = self.read(symbol, 0);
        }
        for &symbol in &self.cell.outputs {
            let value = self.read(symbol, 0);
            self.graph.outputs.push((symbol, value));
        }
        self.graph
    }

    /// The value of a symbol `delay` steps ago.
    fn read(&mut self, symbol: SymbolId, delay: usize) -> Id {
        let shape = self.cell.symbols[symbol].shape.clone();
        match (self.states[symbol], self.values[symbol]) {
            (Some(state), _) if delay > 0 => match self.past.get(&(state, delay)) {
                Some(&id) => id,
                None => {
                    let id = self.make(Op::Prev { state, delay }, Vec::new(), shape);
                    self.past.insert((state, delay), id);
                    id
                }
            },
            (_, Some(id)) => id,
            (_, None) => self.leaf(symbol, shape),
        }
    }

    /// The node of a symbol that no equation defines.
    fn leaf(&mut self, symbol: SymbolId, shape: Shape) -> Id {
        let op = match self.cell.symbols[symbol].role {
            Role::Input => Op::Input(symbol),
            Role::Hyper(_) => Op::Hyper(symbol),
            Role::Constant(value) => {
                let number = self.number(value);
                return self.spread(number, &shape);
            }
            // Equations are sorted: what one of them defines has a node when it is read.
            Role::Parameter(_) | Role::State(_) | Role::Intermediate => Op::Param(symbol),
        };
        let id = self.make(op, Vec::new(), shape);
        self.values[symbol] = Some(id);
        id
    }

    /// The value of an expression, in the expression's shape.
    pub(super) fn expr(&mut self, expr: &Expr) -> Id {
        let id = self.value(expr);
        self.spread(id, &expr.shape)
    }

    fn value(&mut self, expr: &Expr) -> Id {
        match &expr.kind {
            ExprKind::Number(n) => self.number(*n),
            ExprKind::Read { symbol, delay } => self.read(*symbol, *delay),
            ExprKind::Identity => self.make(Op::Identity, Vec::new(), expr.shape.clone()),
            ExprKind::Length(of) => self.make(Op::Length(of.clone()), Vec::new(), Shape::Scalar),
            ExprKind::Negate(a) => {
                let a = self.expr(a);
                self.neg(a)
            }
            ExprKind::Add(a, b) => self.pair(Binary::Add, a, b),
            ExprKind::Subtract(a, b) => self.pair(Binary::Sub, a, b),
            ExprKind::Multiply(a, b) => self.pair(Binary::Mul, a, b),
            ExprKind::Divide(a, b) => self.pair(Binary::Div, a, b),
            ExprKind::Power(a, b) => self.pair(Binary::Pow, a, b),
            ExprKind::Call(function, args) => self.call(*function, args),
            ExprKind::MatVec(m, v) => self.product(m, v, false),
            ExprKind::VecMat(v, m) => self.product(m, v, true),
            ExprKind::MatMat(a, b) => self.matrix_product(a, b),
            ExprKind::Transpose(a) => {
                let a = self.expr(a);
                self.transpose(a)
            }
            ExprKind::Concat(parts) => {
                let parts = parts.iter().map(|p| self.expr(p)).collect();
                self.make(Op::Concat, parts, expr.shape.clone())
            }
            ExprKind::Slice(a, from) => {
                let a = self.expr(a);
                self.slice(a, 0, from.clone(), expr.shape.clone())
            }
            ExprKind::Select(comparison, parts) => self.choice(*comparison, parts),
        }
    }

    fn pair(&mut self, op: Binary, a: &Expr, b: &Expr) -> Id {
        let (a, b) = (self.expr(a), self.expr(b));
        self.binary(op, a, b)
    }

    fn call(&mut self, function: Function, args: &[Expr]) -> Id {
        let args: Vec<Id> = args.iter().map(|a| self.expr(a)).collect();
        functions::call(self, function, &args)
    }

    /// `where(a > b, yes, no)`; `a < b` is `b > a`.
    fn choice(&mut self, comparison: Comparison, parts: &[Expr; 4]) -> Id {
        let [a, b, yes, no] = parts.each_ref().map(|p| self.expr(p));
        match comparison {
            Comparison::Greater => self.select(Compare::Greater, [a, b, yes, no]),
            Comparison::GreaterEq => self.select(Compare::GreaterEq, [a, b, yes, no]),
            Comparison::Less => self.select(Compare::Greater, [b, a, yes, no]),
            Comparison::LessEq => self.select(Compare::GreaterEq, [b, a, yes, no]),
        }
    }

    /// Whether a node differs between steps and rows.
    pub(super) fn node_differs(&self, id: Id) -> bool {
        self.rows[id]
    }

    /// Whether an expression differs between steps and rows.
    pub(super) fn differs(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Read { symbol, delay } => match self.values[*symbol] {
                _ if *delay > 0 => self.states[*symbol].is_some(),
                Some(id) => self.rows[id],
                None => self.cell.symbols[*symbol].role == Role::Input,
            },
            ExprKind::Call(Function::Dropout | Function::Zoneout, _) => true,
            _ => expr.children().iter().any(|part| self.differs(part)),
        }
    }
}
