//! Names in right sides: arguments of functions, the exponential, reads of symbols.

use crate::diag;
use crate::functions::{self, Function};
use crate::model::names::{Key, Written};
use crate::model::symbols::Entry;
use crate::model::symbols::labels::Post;
use crate::syntax::{Expr, Name, Position};

use super::build::Builder;
use super::tree::{Node, Tree};

impl Builder<'_> {
    /// The value of a name, with what its superscripts do.
    pub(super) fn name(&mut self, name: &Name) -> Tree {
        let place = name.place;
        if self.power_of_power(name) || self.power_or_label(name) {
            return Tree::unknown(place);
        }
        if let Some(tree) = self.argument(name) {
            return tree;
        }
        let written = Written::of(name, &self.table.clock);
        if written.fault.is_some() {
            written.report(&self.table.clock, self.diagnostics);
            return Tree::unknown(place);
        }
        if self.open_exponent(&written) {
            return Tree::unknown(place);
        }
        if let Some(exponent) = self.exponential(&written) {
            let exponent = self.tree(exponent);
            return Tree {
                node: Node::Call(Function::Exp, vec![exponent]),
                place,
            };
        }
        if self.is_function(&written) {
            self.diagnostics.push(diag::function_as_value(
                place,
                &written.labelled().printed(),
            ));
            return Tree::unknown(place);
        }
        self.read(&written)
    }

    /// A read of a symbol.
    fn read(&mut self, written: &Written) -> Tree {
        let place = written.place;
        let (key, posts) = self.table.read_key(written);
        let misread = (written.labelled(), written.time.is_some());
        if self.table.misread.contains(&misread) {
            return Tree::unknown(place);
        }
        let symbol = self.table.symbol(&key, place);
        self.mention(symbol);
        if written.has_odd_label() {
            let entry = &mut self.table.symbols[symbol];
            entry.odd_label.get_or_insert(place);
        }
        self.table.symbols[symbol].behind = written.behind;
        let delay = self.delay(symbol, written);
        let mut tree = match usize::try_from(delay) {
            Ok(delay) => Tree {
                node: Node::Read { symbol, delay },
                place,
            },
            Err(_) => {
                self.diagnostics
                    .push(diag::future_value(place, &key.printed(), -delay));
                Tree::unknown(place)
            }
        };
        for post in posts {
            let inner = Box::new(tree);
            let node = match post {
                Post::Transpose => Node::Transpose(inner),
                Post::Power(exponent) => Node::Power(inner, self.boxed(exponent)),
            };
            tree = Tree { node, place };
        }
        tree
    }

    /// How many steps ago the value was made that a name reads; negative for a future one.
    fn delay(&self, symbol: usize, written: &Written) -> i64 {
        let entry = &self.table.symbols[symbol];
        let base = match self.table.inputs_at {
            Some(at) if entry.defined.is_none() => at,
            Some(at) => entry.left.unwrap_or(at),
            None => self.left_index(),
        };
        let delay = written.time.map_or(0, |time| base - time - entry.moved);
        let old = entry.primed && written.stem.primes == entry.key.primes;
        if old { delay.max(1) } else { delay }
    }

    /// The argument that a name stands for in the body of a function.
    fn argument(&mut self, name: &Name) -> Option<Tree> {
        let frame = self.frames.last()?;
        let raised = name.marks.iter().all(|mark| mark.position == Position::Sup);
        let (_, value) = frame.arguments.iter().find(|(own, _)| *own == name.base)?;
        if !raised || name.primes > 0 {
            return None;
        }
        let mut tree = value.clone();
        let (nodes, depth) = extent(&tree);
        self.nodes += nodes;
        self.depth += depth;
        let full = self.is_full(name.place);
        self.depth -= depth;
        if full {
            return Some(Tree::unknown(name.place));
        }
        let written = Written::of(name, &self.table.clock);
        for sup in &written.sups {
            let inner = Box::new(tree);
            let node = match sup.expr {
                _ if sup.transpose => Node::Transpose(inner),
                Some(exponent) => Node::Power(inner, self.boxed(exponent)),
                None => inner.node,
            };
            tree = Tree {
                node,
                place: name.place,
            };
        }
        Some(tree)
    }

    /// The exponent of `e^{…}`, where `e` is nothing else.
    fn exponential<'n>(&self, written: &Written<'n>) -> Option<&'n Expr> {
        match &written.sups[..] {
            [sup] if self.is_euler(written) && !sup.transpose => sup.expr,
            _ => None,
        }
    }

    /// Whether a name is the base of the exponential.
    pub(super) fn is_euler(&self, written: &Written) -> bool {
        let plain = written.stem.base == "e" && written.stem.is_bare() && written.time.is_none();
        let stated = |e: &Entry| e.defined.is_some() || e.declared.place.is_some();
        let found = |key: &Key| self.table.find(key);
        let own = found(&written.stem).is_some_and(|e| stated(e) || e.timed);
        // `e^(f)` with an equation of its own.
        plain && !own && !found(&written.labelled()).is_some_and(stated)
    }

    /// Whether a name without brackets behind it is a function's.
    fn is_function(&self, written: &Written) -> bool {
        let key = written.labelled();
        let function = self.table.function(&key).is_some()
            || (key.is_bare() && functions::function(&key.base).is_some());
        let value = self
            .table
            .find(&key)
            .is_some_and(|e| e.defined.is_some() || e.declared.place.is_some());
        function && written.time.is_none() && !value
    }
}

/// Nodes and levels of a tree.
fn extent(tree: &Tree) -> (usize, usize) {
    tree.children()
        .into_iter()
        .map(extent)
        .fold((1, 1), |(nodes, depth), (n, d)| {
            (nodes + n, depth.max(d + 1))
        })
}
