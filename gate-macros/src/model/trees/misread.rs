//! What reads in two ways where a person meant a third: a function with the name of a value, a
//! transpose with a small `t`, a bracket whose commas were forgotten.

use crate::diag::{self, Place};
use crate::model::names::letters::{Letter, letter};
use crate::model::names::spell;
use crate::model::names::{Key, Written};
use crate::model::print;
use crate::model::symbols::labels::Post;
use crate::syntax::{DeclaredKind, Expr, ExprKind, Join, Name};

use super::build::Builder;
use super::tree::{Node, Tree};

impl Builder<'_> {
    /// Reports `[W U] [x; h]`, a matrix of matrices before values side by side; gives whether it
    /// did.
    pub(super) fn block_matrix(&mut self, factors: &[(Join, Expr)], place: Place) -> bool {
        let pairs = factors.windows(2).find_map(|pair| {
            let [(_, left), (_, right)] = pair else {
                return None;
            };
            match (&left.kind, &right.kind) {
                (ExprKind::Concat(a), ExprKind::Concat(b)) if a.len() == b.len() => Some((a, b)),
                _ => None,
            }
        });
        let Some((matrices, values)) = pairs.filter(|(a, _)| a.iter().all(|m| self.is_matrix(m)))
        else {
            return false;
        };
        let terms = matrices.iter().zip(values).map(|(matrix, value)| {
            let (matrix, value) = (self.tree(matrix), self.tree(value));
            let text = |tree: &Tree| print::brief(self.table, tree).replace('`', "");
            format!("{} * {}", text(&matrix), text(&value))
        });
        let sum = terms.collect::<Vec<_>>().join(" + ");
        self.diagnostics.push(diag::block_matrix(place, &sum));
        true
    }

    /// Whether a name is a parameter's that a capital letter makes a matrix.
    pub(super) fn is_matrix(&self, expr: &Expr) -> bool {
        let ExprKind::Name(name) = &expr.kind else {
            return false;
        };
        let written = Written::of(name, &self.table.clock);
        let (key, _) = self.table.read_key(&written);
        let entry = self.table.find(&key);
        let value = entry.is_some_and(|e| e.defined.is_some() || e.timed);
        let vector = entry.and_then(|e| e.declared.kind.as_ref()).is_some_and(
            |(kind, _)| !matches!(kind, DeclaredKind::Shape(sizes) if sizes.len() == 2),
        );
        letter(&key.base) == Letter::Capital && !value && !vector
    }

    /// Reports `f(…)` where `f` is a value too; once for each name.
    pub(super) fn function_not_given(&mut self, name: &Name) {
        let key = Written::of(name, &self.table.clock).labelled();
        let entry = self.table.find(&key);
        let value = entry.map(|e| (e.defined.unwrap_or(e.place), e.left.is_some()));
        if let Some((value, timed)) = value.filter(|_| self.told.insert(key.clone())) {
            let message = diag::function_not_given(name.place, &key.printed(), timed, value);
            self.diagnostics.push(message);
        }
    }

    /// Reports `e^c_t`, where the index may belong to `e` or to `c`; gives whether it did.
    pub(super) fn open_exponent(&mut self, written: &Written) -> bool {
        let [sup] = &written.sups[..] else {
            return false;
        };
        let plain = written.stem.base == "e" && written.stem.is_bare() && !sup.label;
        let key = written.labelled();
        let own = |key: &Key| self.table.find(key).is_some_and(|e| e.defined.is_some());
        let open = plain && written.time.is_some() && !own(&key) && !own(&written.stem);
        if open {
            self.diagnostics.push(diag::signed_mark(written.place));
        }
        open
    }

    /// The tree of an expression in the place of a number: there, `I` is a size before it is the
    /// identity matrix.
    pub(super) fn number_or_tree(&mut self, expr: &Expr) -> Tree {
        let size = match &expr.kind {
            ExprKind::Name(name) => self.table.size_i(name),
            _ => None,
        };
        let Some(symbol) = size else {
            return self.tree(expr);
        };
        self.mention(symbol);
        let node = Node::Read { symbol, delay: 0 };
        let place = expr.place;
        Tree { node, place }
    }

    /// Reports `x_t^2^3`; gives whether it did.
    pub(super) fn power_of_power(&mut self, name: &Name) -> bool {
        let written = Written::of(name, &self.table.clock);
        let arguments = self.frames.last().map_or(&[][..], |f| &f.arguments);
        let argument = arguments.iter().any(|(own, _)| *own == name.base);
        let count = match argument || self.is_euler(&written) {
            true => written.sups.iter().filter(|sup| !sup.transpose).count(),
            false => {
                let (_, posts) = self.table.read_key(&written);
                let powers = posts.iter().filter(|post| matches!(post, Post::Power(_)));
                powers.count()
            }
        };
        if count > 1 {
            self.diagnostics.push(diag::power_of_power(name.place));
        }
        count > 1
    }

    /// Reports `x_t^1` beside `x_t`; gives whether it did.
    pub(super) fn power_or_label(&mut self, name: &Name) -> bool {
        let written = Written::of(name, &self.table.clock);
        let message = self.table.lone_one(&written).map(|bare| {
            let (key, time) = (&written.stem, written.time.map(|_| 0));
            let plain = spell::plain(key, time);
            let labelled = spell::plain(&key.with("1"), time);
            diag::power_or_label(name.place, &plain, &labelled, bare.place)
        });
        let found = message.is_some();
        message.into_iter().for_each(|m| self.diagnostics.push(m));
        found
    }

    /// Reports `[x_t h_{t-1}]`, values side by side in a bracket of their own; gives whether it
    /// did.
    pub(super) fn forgotten_comma(&mut self, bracket: &Expr) -> bool {
        let ExprKind::Product(factors) = &bracket.kind else {
            return false;
        };
        let is_value = |factor: &Expr| match &factor.kind {
            ExprKind::Name(name) => {
                let (key, posts) = self.table.read_key(&Written::of(name, &self.table.clock));
                let entry = self.table.find(&key);
                let plain = posts.iter().all(|post| matches!(post, Post::Transpose));
                // An `x` of a text without time indices is an input.
                let input = self.table.clock.timeless && matches!(&*key.base, "x" | "X");
                plain && entry.is_some_and(|e| e.defined.is_some() || e.timed || input)
            }
            _ => false,
        };
        if !factors.iter().all(|(_, factor)| is_value(factor)) {
            return false;
        }
        let trees: Vec<Tree> = factors.iter().map(|(_, f)| self.tree(f)).collect();
        let name = |tree: &Tree| print::brief(self.table, tree).replace('`', "");
        let names: Vec<String> = trees.iter().map(name).collect();
        self.diagnostics
            .push(diag::forgotten_comma(bracket.place, &names));
        true
    }
}
