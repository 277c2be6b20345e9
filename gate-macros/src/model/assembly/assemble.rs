//! Everything together: the cell with its symbols and sizes numbered anew.

use crate::diag::Diagnostics;
use crate::model::names::Key;
use crate::model::names::letters::{Letter, letter};
use crate::model::names::spell;
use crate::model::print::Printer;
use crate::model::roles::Sort;
use crate::model::{
    Cell, Dim, Equation, Expr, ExprKind, Init, InitialState, Role, Shape, Size, Symbol, SymbolId,
};
use crate::syntax::Header;

use super::initial;
use super::numbering::Numbering;
use super::parts::Parts;

impl Parts {
    /// Makes the cell. Reports initial values that do not fit.
    pub(in crate::model) fn assemble(&self, header: Header, diagnostics: &mut Diagnostics) -> Cell {
        let ids = self.symbol_order();
        let mut new_ids = vec![usize::MAX; self.table.symbols.len()];
        ids.iter()
            .enumerate()
            .for_each(|(new, &old)| new_ids[old] = new);
        let mut numbering = Numbering::new(self, &ids);
        let exprs: Vec<Expr> = self
            .order
            .iter()
            .filter_map(|&at| self.typed[at].as_ref())
            .map(|expr| self.renumbered(expr, &new_ids, &mut numbering))
            .collect();
        let multiplies = initial::multiplied(ids.len(), &exprs);
        let mut symbols = Vec::new();
        let mut starts = Vec::new();
        for (new, &old) in ids.iter().enumerate() {
            let shape = self.shape(old, &mut numbering);
            let role = self.role(
                old,
                &shape,
                multiplies[new],
                ids.len() + starts.len(),
                diagnostics,
            );
            if let Role::State(InitialState::Trainable(_)) = role {
                starts.push(self.start(old, shape.clone()));
            }
            symbols.push(self.symbol(old, role, shape));
        }
        symbols.extend(starts);
        let outputs = self.roles.outputs.iter().map(|&old| new_ids[old]).collect();
        let equations = self.equations(exprs, &ids, &new_ids, &numbering.sizes);
        Cell {
            header,
            sizes: numbering.sizes,
            symbols,
            equations,
            outputs,
            change: None,
            notes: Vec::new(),
        }
    }

    /// The symbols of the cell in their order.
    fn symbol_order(&self) -> Vec<SymbolId> {
        let group = |id: SymbolId| match self.roles.sorts[id] {
            Sort::Input => Some(0),
            Sort::State => Some(1),
            Sort::Intermediate => Some(2),
            Sort::Constant(_) => Some(3),
            Sort::Hyper(_) => Some(4),
            Sort::Parameter if self.known[id].identity || self.table.is_size(id) => None,
            Sort::Parameter => Some(5),
            Sort::Absent => None,
        };
        let listed = |id: SymbolId| {
            let inputs = self.table.inputs.as_deref().unwrap_or_default();
            inputs
                .iter()
                .position(|&input| input == id)
                .unwrap_or(usize::MAX)
        };
        let mut keyed: Vec<_> = (0..self.table.symbols.len())
            .filter_map(|id| Some((group(id)?, listed(id), self.table.symbols[id].seen, id)))
            .collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, _, _, id)| id).collect()
    }

    fn shape(&self, id: SymbolId, numbering: &mut Numbering) -> Shape {
        let shape = self.shapes.shapes[id].as_ref().unwrap_or(&Shape::Scalar);
        numbered(shape, self, numbering)
    }

    fn role(
        &self,
        id: SymbolId,
        shape: &Shape,
        multiplies: bool,
        start: SymbolId,
        diagnostics: &mut Diagnostics,
    ) -> Role {
        let entry = &self.table.symbols[id];
        let name = entry.key.printed();
        let declared = &entry.declared;
        match self.roles.sorts[id] {
            Sort::Input | Sort::Absent => Role::Input,
            Sort::State => {
                let value = initial::state(&name, declared.initial.as_ref(), diagnostics);
                Role::State(value.map_or(InitialState::Trainable(start), InitialState::Constant))
            }
            Sort::Intermediate => Role::Intermediate,
            Sort::Constant(value) => Role::Constant(value),
            Sort::Hyper(value) => Role::Hyper(value),
            Sort::Parameter => {
                let init = declared.init.as_ref();
                Role::Parameter(initial::parameter(
                    &name,
                    init,
                    shape,
                    multiplies,
                    diagnostics,
                ))
            }
        }
    }

    /// The parameter that a state starts with.
    fn start(&self, state: SymbolId, shape: Shape) -> Symbol {
        let entry = &self.table.symbols[state];
        let key = entry.key.at_start();
        let place = entry
            .declared
            .initial
            .as_ref()
            .map_or(entry.place, |initial| initial.place);
        let what = self.word(state);
        let taken_for = format!("{what}: the trained start of `{}`", entry.key.printed());
        let role = Role::Parameter(Init::Constant(0.0));
        Symbol {
            depth: 0,
            place,
            taken_for,
            ..spelled(&key, role, shape)
        }
    }

    fn symbol(&self, id: SymbolId, role: Role, shape: Shape) -> Symbol {
        let entry = &self.table.symbols[id];
        Symbol {
            depth: self.roles.depth[id],
            place: entry.place,
            taken_for: self.taken_for(id),
            ..spelled(&entry.key, role, shape)
        }
    }

    fn word(&self, id: SymbolId) -> &'static str {
        self.known[id].kind.map_or("scalar", |kind| kind.word())
    }

    /// Why a symbol is what it is, as a clause.
    fn taken_for(&self, id: SymbolId) -> String {
        let known = &self.known[id];
        let listed = self
            .table
            .inputs
            .as_ref()
            .is_some_and(|inputs| inputs.contains(&id));
        let why = match self.roles.sorts[id] {
            Sort::Input if listed => "an input, as the struct line says",
            Sort::Input if self.table.clock.timeless => {
                "an input, for nothing defines it and no symbol has a time index"
            }
            Sort::Input => "an input, for nothing defines it and it has a time index",
            Sort::State => "a state, for an equation defines it and an earlier value is read",
            Sort::Intermediate => "defined by an equation",
            _ => known.why.as_str(),
        };
        match known.why == "declared" && known.why != why {
            true => format!("{}: declared; {why}", self.word(id)),
            false => format!("{}: {why}", self.word(id)),
        }
    }

    /// The sorted equations with their texts.
    fn equations(
        &self,
        exprs: Vec<Expr>,
        ids: &[SymbolId],
        new_ids: &[SymbolId],
        sizes: &[Size],
    ) -> Vec<Equation> {
        let length = |dim: &Dim| dim.written(sizes, "+");
        let time = |id: SymbolId, delay: usize| {
            let entry = &self.table.symbols[id];
            let value = matches!(self.roles.sorts[id], Sort::Input | Sort::State);
            (entry.timed || value || delay > 0).then_some(delay)
        };
        let name = |latex: bool| {
            move |new: SymbolId, delay: usize| {
                let old = ids[new];
                let key = &self.table.symbols[old].key;
                match latex {
                    true => spell::latex(key, time(old, delay)),
                    false => spell::plain(key, time(old, delay)),
                }
            }
        };
        let value = |new: SymbolId| {
            let entry = &self.table.symbols[ids[new]];
            let greek = letter(&entry.key.base) == Letter::LowerGreek;
            let value = time(ids[new], 0).is_some() || entry.defined.is_some() || greek;
            value && entry.key.sups.is_empty() && entry.key.primes == 0
        };
        let (plain, latex) = (name(false), name(true));
        let text = |left: SymbolId, right: &Expr| {
            let print = |name: &dyn Fn(SymbolId, usize) -> String, latex: bool| {
                let right = Printer {
                    name,
                    value: &value,
                    length: &length,
                    latex,
                }
                .print(right);
                format!("{} = {right}", name(left, 0))
            };
            (print(&plain, false), print(&latex, true))
        };
        let resolved = self.order.iter().map(|&at| &self.equations[at]);
        resolved
            .zip(exprs)
            .map(|(equation, right)| {
                let left = new_ids[equation.left];
                let (printed, latex) = text(left, &right);
                Equation {
                    left,
                    right,
                    printed,
                    latex,
                    place: equation.place,
                }
            })
            .collect()
    }

    fn renumbered(&self, expr: &Expr, new_ids: &[SymbolId], numbering: &mut Numbering) -> Expr {
        let mut go = |expr: &Expr| self.renumbered(expr, new_ids, numbering);
        let mut two = |a: &Expr, b: &Expr| (Box::new(go(a)), Box::new(go(b)));
        let kind = match &expr.kind {
            ExprKind::Number(value) => ExprKind::Number(*value),
            ExprKind::Read { symbol, delay } => ExprKind::Read {
                symbol: new_ids[*symbol],
                delay: *delay,
            },
            ExprKind::Identity => ExprKind::Identity,
            ExprKind::Length(of) => ExprKind::Length(numbered_dim(of, self, numbering)),
            ExprKind::Negate(a) => ExprKind::Negate(Box::new(go(a))),
            ExprKind::Transpose(a) => ExprKind::Transpose(Box::new(go(a))),
            ExprKind::Slice(a, from) => {
                let a = Box::new(go(a));
                ExprKind::Slice(a, numbered_dim(from, self, numbering))
            }
            ExprKind::Add(a, b) => pair(ExprKind::Add, two(a, b)),
            ExprKind::Subtract(a, b) => pair(ExprKind::Subtract, two(a, b)),
            ExprKind::Multiply(a, b) => pair(ExprKind::Multiply, two(a, b)),
            ExprKind::Divide(a, b) => pair(ExprKind::Divide, two(a, b)),
            ExprKind::Power(a, b) => pair(ExprKind::Power, two(a, b)),
            ExprKind::MatVec(a, b) => pair(ExprKind::MatVec, two(a, b)),
            ExprKind::VecMat(a, b) => pair(ExprKind::VecMat, two(a, b)),
            ExprKind::MatMat(a, b) => pair(ExprKind::MatMat, two(a, b)),
            ExprKind::Call(function, arguments) => {
                ExprKind::Call(*function, arguments.iter().map(go).collect())
            }
            ExprKind::Concat(parts) => ExprKind::Concat(parts.iter().map(go).collect()),
            ExprKind::Select(comparison, parts) => {
                ExprKind::Select(*comparison, Box::new(parts.each_ref().map(go)))
            }
        };
        let shape = numbered(&expr.shape, self, numbering);
        Expr {
            kind,
            shape,
            place: expr.place,
        }
    }
}

fn pair(make: fn(Box<Expr>, Box<Expr>) -> ExprKind, (a, b): (Box<Expr>, Box<Expr>)) -> ExprKind {
    make(a, b)
}

fn numbered_dim(dim: &Dim, parts: &Parts, numbering: &mut Numbering) -> Dim {
    numbering.dim(&parts.shapes.sizes.resolve(dim))
}

fn numbered(shape: &Shape, parts: &Parts, numbering: &mut Numbering) -> Shape {
    let mut dim = |dim: &Dim| numbered_dim(dim, parts, numbering);
    match shape {
        Shape::Scalar => Shape::Scalar,
        Shape::Vector(size) => Shape::Vector(dim(size)),
        Shape::Matrix(rows, columns) => {
            let rows = dim(rows);
            Shape::Matrix(rows, dim(columns))
        }
    }
}

/// A symbol with its spellings.
fn spelled(key: &Key, role: Role, shape: Shape) -> Symbol {
    let has_method = matches!(role, Role::Input | Role::Parameter(_) | Role::Hyper(_));
    Symbol {
        ident: match has_method {
            true => spell::method(key),
            false => spell::ident(key),
        },
        printed: spell::plain(key, None),
        latex: spell::latex(key, None),
        role,
        shape,
        depth: 0,
        place: crate::diag::Place::of(proc_macro2::Span::call_site()),
        taken_for: String::new(),
    }
}
