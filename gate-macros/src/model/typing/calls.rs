//! Typed calls: what each function asks of its arguments.

use crate::diag::{self, Place};
use crate::functions::{self, Function};
use crate::model::kinds::Kind;
use crate::model::kinds::evidence::argument_kind;
use crate::model::roles::Sort;
use crate::model::trees::tree::{Node, Tree};
use crate::model::{Dim, Expr, ExprKind, Shape};

use super::products::outer;
use super::typer::{Typer, Value, typed, value_of};

impl Typer<'_> {
    /// A call of a function of the table with the right number of arguments.
    pub(in crate::model) fn call(
        &mut self,
        function: Function,
        trees: &[Tree],
        place: Place,
    ) -> Option<Value> {
        let values: Vec<Option<Value>> = trees.iter().map(|tree| self.value(tree)).collect();
        let values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
        self.arguments(function, trees, &values)?;
        let call = |values: Vec<Value>| {
            let exprs = values.into_iter().map(|(expr, _)| expr).collect();
            ExprKind::Call(function, exprs)
        };
        let every: Vec<usize> = (0..values.len()).collect();
        // Which of the arguments have the shape of the result.
        let which = match function {
            Function::Dot => {
                self.together(&every, trees, &values)?;
                return Some(value_of(call(values), Shape::Scalar, place));
            }
            Function::Sum | Function::Mean | Function::Norm => {
                return Some(value_of(call(values), Shape::Scalar, place));
            }
            Function::Min | Function::Max if values.len() == 1 => {
                return Some(value_of(call(values), Shape::Scalar, place));
            }
            Function::Outer => {
                let mut exprs = values.into_iter().map(|(expr, _)| expr);
                return Some(outer(exprs.next()?, exprs.next()?, place));
            }
            Function::Diag => {
                let size = match &values.first()?.0.shape {
                    Shape::Vector(size) => size.clone(),
                    _ => Dim::number(1),
                };
                let shape = Shape::Matrix(size.clone(), size);
                return Some(value_of(call(values), shape, place));
            }
            Function::Dropout | Function::Zoneout => {
                self.probability(function, &trees[0]);
                if function == Function::Zoneout {
                    self.old_value_last(&trees[1], &trees[2])?;
                }
                &every[1..]
            }
            Function::Clamp => {
                self.limits(&trees[1], &trees[2]);
                &every[..]
            }
            Function::LeakyRelu | Function::Elu => &every[..1],
            _ => &every[..],
        };
        let result = self.together(which, trees, &values)?;
        Some(typed(call(values), result, place))
    }

    /// Reports arguments of a kind that cannot stand there.
    fn arguments(&mut self, function: Function, trees: &[Tree], values: &[Value]) -> Option<()> {
        let name = functions::entry(function).names[0];
        let mut sound = Some(());
        for (at, (tree, value)) in trees.iter().zip(values).enumerate() {
            let scale = matches!(function, Function::LayerNorm | Function::RmsNorm) && at > 0;
            if scale && value.1 == Kind::Scalar {
                continue;
            }
            if let Some(kind) = argument_kind(function, trees.len(), at) {
                sound = sound.and(self.expect(kind, tree, value, name));
            }
        }
        sound
    }

    /// The common shape of some of the arguments.
    fn together(
        &mut self,
        which: &[usize],
        trees: &[Tree],
        values: &[Value],
    ) -> Option<(Shape, Kind)> {
        let first = *which.first()?;
        let mut so_far = values[first].clone();
        for &at in &which[1..] {
            let how = "are arguments of one function";
            let (shape, kind) =
                self.meet((&trees[first], &so_far), (&trees[at], &values[at]), how)?;
            so_far = (Expr { shape, ..so_far.0 }, kind);
        }
        Some((so_far.0.shape, so_far.1))
    }

    /// The number that a tree is in every run.
    pub(super) fn number(&self, tree: &Tree) -> Option<f64> {
        match &tree.node {
            Node::Number(number) => Some(*number),
            Node::Read { symbol, .. } => match self.sort(*symbol) {
                Sort::Constant(number) => Some(number),
                _ => None,
            },
            _ => None,
        }
    }

    /// `clamp(v, 1, -1)`
    fn limits(&mut self, least: &Tree, most: &Tree) {
        if let (Some(low), Some(high)) = (self.number(least), self.number(most))
            && low > high
        {
            self.diagnostics
                .push(diag::clamp_order(least.place, low, high));
        }
    }

    /// `zoneout(p, h_{t-1}, …)`: the new value stands before the old one.
    fn old_value_last(&mut self, new: &Tree, old: &Tree) -> Option<()> {
        let earlier = |tree: &Tree| matches!(tree.node, Node::Read { delay: 1.., .. });
        if !earlier(new) || earlier(old) {
            return Some(());
        }
        let (name, place) = (self.name(new), new.place);
        self.diagnostics.push(diag::zoneout_order(place, &name));
        None
    }

    /// A probability must not be trained: its gradient would be nothing.
    fn probability(&mut self, function: Function, tree: &Tree) {
        let default = match &tree.node {
            Node::Read { symbol, .. } => match self.sort(*symbol) {
                Sort::Hyper(number) => Some(number),
                _ => None,
            },
            _ => None,
        };
        if let Some(number) = self.number(tree).or(default)
            && !(0.0..1.0).contains(&number)
        {
            let function = functions::entry(function).names[0];
            self.diagnostics
                .push(diag::probability_range(tree.place, function, number));
        }
        let mut trained = None;
        tree.reads(&mut |symbol, _, place| {
            if !matches!(self.sort(symbol), Sort::Constant(_) | Sort::Hyper(_)) {
                trained.get_or_insert((symbol, place));
            }
        });
        if let Some((symbol, place)) = trained {
            let name = self.table.symbols[symbol].key.printed();
            let function = functions::entry(function).names[0];
            self.diagnostics
                .push(diag::probability_not_fixed(place, function, &name));
        }
    }
}
