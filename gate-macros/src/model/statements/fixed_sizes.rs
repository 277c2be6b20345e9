//! Sizes that a constant of the definition fixes: `N = 4; x_t: [N];`.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{self, Diagnostics, Place};
use crate::model::names::indices::text;
use crate::model::names::size_name;
use crate::model::trees::tree;
use crate::model::walk;
use crate::syntax::{Cut, DeclaredKind, Equation, Expr, ExprKind, Item, Position, SizeExpr};

/// The largest number in a size.
const MOST: f64 = 1e9;

/// Puts numbers in the place of named ones, in declarations and slices. What nothing else reads
/// is left out.
pub(super) fn fix(items: &mut Vec<Item>, diagnostics: &mut Diagnostics) {
    let constants = items.iter().filter_map(|item| match item {
        Item::Equation(equation) => constant(equation),
        _ => None,
    });
    let constants: BTreeMap<String, (f64, Place)> = constants.collect();
    let mut fixer = Fixer {
        constants,
        used: BTreeSet::new(),
        diagnostics,
    };
    for item in items.iter_mut() {
        match item {
            Item::Declaration(declaration) => {
                if let Some(DeclaredKind::Shape(sizes)) = &mut declaration.kind {
                    sizes.iter_mut().for_each(|size| fixer.size(size));
                }
            }
            Item::Equation(equation) => fixer.slices(&mut equation.right),
            Item::Function(function) => fixer.slices(&mut function.body),
            Item::Loop(_) | Item::Split(_) => {}
        }
    }
    let used = fixer.used;
    let words = walk::words(items);
    items.retain(|item| match item {
        Item::Equation(equation) => constant(equation)
            .is_none_or(|(name, _)| !used.contains(&name) || words.contains(&equation.left.base)),
        _ => true,
    });
}

/// The name of a constant, written as declarations write that of a size, with its value.
fn constant(equation: &Equation) -> Option<(String, (f64, Place))> {
    let left = &equation.left;
    let subs = left.marks.iter().all(|mark| mark.position == Position::Sub);
    let value = tree::constant(&equation.right).filter(|_| subs && left.primes == 0)?;
    let marks = left.marks.iter().map(|mark| text(&mark.tokens));
    Some((size_name(&left.base, marks), (value, equation.place)))
}

struct Fixer<'a> {
    constants: BTreeMap<String, (f64, Place)>,
    used: BTreeSet<String>,
    diagnostics: &'a mut Diagnostics,
}

impl Fixer<'_> {
    fn slices(&mut self, expr: &mut Expr) {
        walk::edit(expr, &mut |expr| {
            if let ExprKind::Slice(_, cut) = &mut expr.kind
                && let Cut::Range { from, to } = &mut **cut
            {
                for size in [from, to].into_iter().flatten() {
                    self.size(size);
                }
            }
        });
    }

    fn size(&mut self, size: &mut SizeExpr) {
        for (factor, term) in &mut size.terms {
            let Some(name) = term
                .as_ref()
                .map(|name| &name.text)
                .filter(|text| self.constants.contains_key(*text))
            else {
                continue;
            };
            let (value, place) = self.constants[name];
            let new = self.used.insert(name.clone());
            let product = value * *factor as f64;
            if value.fract() == 0.0 && (1.0..MOST).contains(&value) && product < MOST {
                *factor = product as usize;
                *term = None;
            } else if new {
                let message = diag::constant_no_size(size.place, name, value, place);
                self.diagnostics.push(message);
            }
        }
    }
}
