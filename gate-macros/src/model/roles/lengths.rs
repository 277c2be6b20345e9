//! Lengths and counts that nothing declares: `k_t = W x_t / \sqrt{d}`, `\frac{1}{n} W x_t`.
//!
//! What stands alone under a root or below a fraction is a number that papers leave to their
//! prose. As any other undefined name it would be trained.

use crate::diag::{self, Diagnostics, Place};
use crate::functions::Function;
use crate::model::SymbolId;
use crate::model::names::letters::{Letter, letter};
use crate::model::symbols::Table;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::syntax::Operator;

use super::usage::is_unsaid;
use super::{Roles, Sort};

/// Where a name stands that may be a length's.
struct Site {
    symbol: SymbolId,
    place: Place,
    /// Nothing but a length stands there.
    sure: bool,
    /// It has a negative power, which a matrix may have as well.
    power: bool,
}

/// Reports parameters that stand under roots and fractions and nowhere else, and gives them.
pub(in crate::model) fn check(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) -> Vec<SymbolId> {
    let mut sites: Vec<Site> = Vec::new();
    let mut reads = vec![0; table.symbols.len()];
    for equation in equations {
        equation.right.reads(&mut |symbol, _, _| reads[symbol] += 1);
        find(&equation.right, &mut sites);
    }
    let mut found: Vec<SymbolId> = Vec::new();
    for &Site {
        symbol,
        place,
        power,
        ..
    } in &sites
    {
        let entry = &table.symbols[symbol];
        let own = || sites.iter().filter(|site| site.symbol == symbol);
        let letter = letter(&entry.key.base);
        let sure = match letter {
            Letter::Capital => !power,
            _ => own().any(|site| site.sure),
        };
        let alone = own().count() == reads[symbol] && letter != Letter::LowerGreek;
        let open = roles.sorts[symbol] == Sort::Parameter && is_unsaid(table, symbol);
        if open && alone && sure && !found.contains(&symbol) {
            diagnostics.push(diag::length_or_parameter(place, &entry.key.printed()));
            found.push(symbol);
        }
    }
    found
}

fn find(tree: &Tree, sites: &mut Vec<Site>) {
    let mut power = false;
    let (inner, sure) = match &tree.node {
        Node::Call(Function::Sqrt, arguments) => (arguments.first(), true),
        // A value may be divided by a trained vector, a number hardly.
        Node::Binary(Operator::Divide, above, below) => {
            (Some(&**below), above.evaluate(&|_| None).is_some())
        }
        Node::Power(base, exponent) => {
            power = exponent.evaluate(&|_| None).is_some_and(|by| by < 0.0);
            (Some(&**base).filter(|_| power), true)
        }
        _ => (None, false),
    };
    sites.extend(inner.and_then(multiple).map(|symbol| Site {
        symbol,
        place: tree.place,
        sure,
        power,
    }));
    for child in tree.children() {
        find(child, sites);
    }
}

/// `n`, `2 n`
fn multiple(tree: &Tree) -> Option<SymbolId> {
    match &tree.node {
        Node::Chain(factors) => match &factors[..] {
            [number, name] if matches!(number.node, Node::Number(_)) => name.symbol(),
            _ => None,
        },
        _ => tree.symbol(),
    }
}
