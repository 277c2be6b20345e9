//! What stands above a name: part of it, a power, or a transpose.

use crate::model::names::letters::{Letter, letter};
use crate::model::names::{Key, Sup, Written};
use crate::model::walk;
use crate::syntax::{DeclaredKind, Expr, ExprKind, Operator};

use super::{Entry, Table};

/// What stands behind a name, in superscripts.
pub(in crate::model) enum Post<'a> {
    Transpose,
    Power(&'a Expr),
}

impl Table {
    /// Whether a key names something by itself: defined or declared.
    fn known(&self, key: &Key) -> bool {
        self.find(key)
            .is_some_and(|e| e.defined.is_some() || e.declared.place.is_some())
    }

    /// Whether a name is a value, on which a number above is a power, rather than a parameter.
    fn is_value(&self, stem: &Key, timed: bool) -> bool {
        let scalar = |entry: &Entry| {
            let kind = entry.declared.kind.as_ref().map(|(kind, _)| kind);
            matches!(kind, Some(DeclaredKind::Scalar | DeclaredKind::Hyper))
        };
        let input = self.clock.timeless && matches!(stem.base.as_str(), "x" | "X");
        let entry = self.find(stem);
        timed
            || input
            || letter(&stem.base) == Letter::LowerGreek
            || self.names_size(stem)
            || entry.is_some_and(|e| e.defined.is_some() || e.timed || scalar(e))
    }

    /// Which superscripts of a name belong to it, and what the others do.
    pub(in crate::model) fn read_key<'a>(&self, written: &Written<'a>) -> (Key, Vec<Post<'a>>) {
        let mut key = written.stem.clone();
        let mut posts = Vec::new();
        for sup in &written.sups {
            if sup.transpose {
                posts.push(Post::Transpose);
                continue;
            }
            let labelled = key.with(&sup.text);
            match sup.expr {
                Some(expr) if !self.known(&labelled) && self.is_power(&key, sup, written) => {
                    posts.push(Post::Power(expr));
                }
                _ => key = labelled,
            }
        }
        (key, posts)
    }

    fn is_power(&self, stem: &Key, sup: &Sup, written: &Written) -> bool {
        let Some(expr) = sup.expr.filter(|_| !sup.label) else {
            return false;
        };
        let value = self.is_value(stem, written.time.is_some());
        match &expr.kind {
            ExprKind::Number(number) => value && *number != 1.0 && !self.known(&stem.with("1")),
            ExprKind::Negate(inner) => value || is_number(inner),
            // No label is a fraction: `d^{1/2}`.
            ExprKind::Binary(..) if is_number(expr) => true,
            _ => self.is_timed(expr) || value && self.is_exponent(expr),
        }
    }

    /// The bare name's entry, where a 1 above a value would be the label of another symbol that
    /// nothing else mentions.
    pub(in crate::model) fn lone_one(&self, written: &Written) -> Option<&Entry> {
        let one = |sup: &Sup| {
            let number = sup.expr.map(|expr| &expr.kind);
            matches!(number, Some(ExprKind::Number(value)) if *value == 1.0) && !sup.label
        };
        let value = self.is_value(&written.stem, written.time.is_some());
        let [sup] = &written.sups[..] else {
            return None;
        };
        let label = value && one(sup) && !self.known(&written.stem.with("1"));
        self.find(&written.stem).filter(|_| label)
    }

    /// Whether a value of a step stands in a superscript: no label has one, `p^{c r_t}`.
    fn is_timed(&self, expr: &Expr) -> bool {
        let mut timed = false;
        walk::names(expr, &mut |name, _| {
            timed |= Written::of(name, &self.clock).time.is_some() && !name.marks.is_empty();
        });
        timed
    }

    /// Whether every name in a superscript has a meaning of its own: `l` in `h_t^{l-1}` has none.
    fn is_exponent(&self, expr: &Expr) -> bool {
        let mut all = true;
        walk::names(expr, &mut |name, applied| {
            let written = Written::of(name, &self.clock);
            let key = written.labelled();
            let value = self.is_value(&key, written.time.is_some()) || self.known(&key);
            // `d_t^c` beside `c_t`: as an exponent it would have its time index.
            let entry = self.find(&key).filter(|_| written.time.is_none());
            let timed = entry.is_some_and(|e| e.left.is_some());
            all &= (value && !timed) || applied;
        });
        all
    }
}

/// A number, or a fraction of two.
fn is_number(expr: &Expr) -> bool {
    let number = |expr: &Expr| matches!(expr.kind, ExprKind::Number(_));
    match &expr.kind {
        ExprKind::Binary(Operator::Divide, above, below) => number(above) && number(below),
        _ => number(expr),
    }
}
