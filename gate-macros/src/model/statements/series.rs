//! Sums and products over an index, written out: `\sum_{k=1}^{3} W_k x_{t-k}` as three terms.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{self, Diagnostic};
use crate::model::names::clock::whole_number;
use crate::model::names::indices::{split, text};
use crate::model::walk;
use crate::read::{Kind, Token};
use crate::syntax::{Bound, Expr, ExprKind, Item, Join, Name, Operator, Series};

/// Terms that a sum may have.
const MOST_TERMS: i64 = 100;

/// Letters that pick a component.
const INDICES: &[&str] = &["i", "j", "k", "l", "m", "n", "p", "q"];

/// The constants that bounds may name, and those that they do.
#[derive(Default)]
pub(super) struct Bounds {
    known: BTreeMap<String, i64>,
    used: BTreeSet<String>,
    /// The variables of all sums of an expression.
    variables: BTreeSet<String>,
}

impl Bounds {
    pub(super) fn of(items: &[Item]) -> Bounds {
        let known = items.iter().filter_map(constant);
        Bounds {
            known: known.collect(),
            used: BTreeSet::new(),
            variables: BTreeSet::new(),
        }
    }

    /// Leaves out the constants that were bounds and nothing else.
    pub(super) fn drop_used(&self, items: &mut Vec<Item>) {
        let read = walk::words(items);
        items.retain(|item| match item {
            Item::Equation(equation) => {
                let own = constant(item).map(|(name, _)| name);
                own.is_none_or(|name| {
                    !self.used.contains(&name) || read.contains(&equation.left.base)
                })
            }
            _ => true,
        });
    }

    fn value(&mut self, bound: &Bound) -> Result<i64, String> {
        let Some(name) = &bound.name else {
            return Ok(bound.offset);
        };
        let value = self.known.get(name).ok_or_else(|| name.clone())?;
        self.used.insert(name.clone());
        Ok(value + bound.offset)
    }

    /// Writes out every sum of an expression. One that an outer sum gives its bounds,
    /// `\sum_{j=1}^{i}`, comes after that.
    pub(super) fn write_out(&mut self, expr: &mut Expr) -> Result<(), Box<Diagnostic>> {
        self.variables.clear();
        walk::series(expr, &mut |series| {
            self.variables.insert(series.variable.clone());
        });
        let mut first = None;
        let mut left = !self.variables.is_empty();
        while std::mem::take(&mut left) {
            walk::edit(expr, &mut |expr| {
                let ExprKind::Series(series) = &expr.kind else {
                    return;
                };
                left = true;
                if self.waits(series) {
                    return;
                }
                match self.terms(series, expr) {
                    Ok(kind) => expr.kind = kind,
                    Err(message) => {
                        first.get_or_insert(message);
                        let mut body = series.body.clone();
                        walk::replace(&mut body, &series.variable, 1);
                        expr.kind = body.kind;
                    }
                }
            });
        }
        first.map_or(Ok(()), Err)
    }

    /// Whether a bound is the variable of another sum.
    fn waits(&self, series: &Series) -> bool {
        let names = [&series.first, &series.last].into_iter();
        let mut names = names.filter_map(|bound| bound.name.as_ref());
        names.any(|name| {
            let other = *name != series.variable && self.variables.contains(name);
            other && !self.known.contains_key(name)
        })
    }

    fn terms(&mut self, series: &Series, whole: &Expr) -> Result<ExprKind, Box<Diagnostic>> {
        let place = whole.place;
        let sign = if series.product { "prod" } else { "sum" };
        index(series, whole, &self.variables)?;
        let bounds = self.value(&series.first);
        let bounds = bounds.and_then(|first| Ok((first, self.value(&series.last)?)));
        let (first, last) = bounds.map_err(|name| diag::series_bound(place, sign, &name))?;
        if last < first || last - first >= MOST_TERMS {
            return Err(Box::new(diag::series_range(place, first, last, MOST_TERMS)));
        }
        let terms = (first..=last).map(|value| {
            let mut term = series.body.clone();
            walk::replace(&mut term, &series.variable, value);
            term
        });
        let joined = match series.product {
            true => {
                let factors = terms.enumerate().map(|(at, term)| match at {
                    0 => (Join::First, term),
                    _ => (Join::Star, term),
                });
                return Ok(match factors.collect::<Vec<_>>() {
                    mut only if only.len() == 1 => only.remove(0).1.kind,
                    factors => ExprKind::Product(factors),
                });
            }
            false => terms.reduce(|a, b| Expr {
                kind: ExprKind::Binary(Operator::Add, Box::new(a), Box::new(b)),
                place,
            }),
        };
        Ok(joined.map_or(ExprKind::Number(0.0), |expr| expr.kind))
    }
}

/// `n = 4`, `n_h = 2`: the name with its marks.
fn constant(item: &Item) -> Option<(String, i64)> {
    let Item::Equation(equation) = item else {
        return None;
    };
    let mut bare = equation.clone();
    let marks = std::mem::take(&mut bare.left.marks);
    let (mut name, value) = whole_number(&bare)?;
    for mark in marks {
        name.push('_');
        name.push_str(&text(&mark.tokens));
    }
    Some((name, value))
}

/// Reports a variable that picks components, that is part of a longer label, or that nothing
/// reads.
fn index(
    series: &Series,
    whole: &Expr,
    variables: &BTreeSet<String>,
) -> Result<(), Box<Diagnostic>> {
    let variable = &series.variable;
    let (mut read, mut fault) = (false, None);
    walk::names(&series.body, &mut |name, _| {
        read |= name.base == *variable && name.marks.is_empty();
        for mark in &name.marks {
            read |= mark.tokens.iter().any(|token| is(token, variable));
        }
        fault = fault
            .take()
            .or_else(|| label(name, variable, variables, whole));
    });
    walk::series(&series.body, &mut |inner| {
        let bounds = [&inner.first, &inner.last];
        read |= bounds
            .iter()
            .any(|bound| bound.name.as_ref() == Some(variable));
    });
    match fault {
        Some(message) => Err(Box::new(message)),
        None if read => Ok(()),
        None => {
            let message = diag::series_without_index(whole.place, variable);
            Err(Box::new(message))
        }
    }
}

fn label(
    name: &Name,
    variable: &str,
    variables: &BTreeSet<String>,
    whole: &Expr,
) -> Option<Diagnostic> {
    let pairs = name.marks.iter().find_map(|mark| {
        let parts: Vec<&[Token]> = split(&mark.tokens).collect();
        let own = parts
            .iter()
            .any(|part| part.len() == 1 && is(&part[0], variable));
        let other = parts.iter().any(|part| {
            let letter = text(part);
            part.len() == 1 && !variables.contains(&letter) && INDICES.contains(&letter.as_str())
        });
        let glued = parts.iter().map(|part| text(part)).find(|text| {
            text.chars().count() == 2
                && text.contains(variable)
                && text.chars().all(char::is_alphabetic)
        });
        match glued {
            Some(glued) => Some(glued),
            None => (own && other).then(|| text(&mark.tokens)),
        }
    })?;
    let rest = pairs.replacen(variable, "", 1).replace(',', "");
    let sign = diag::sum_over_index(whole.place, "sum");
    let component = INDICES.contains(&rest.as_str()) && !variables.contains(&rest);
    Some(match component {
        true => sign,
        false => diag::index_in_label(name.place, &name.base, &pairs, variable),
    })
}

fn is(token: &Token, variable: &str) -> bool {
    matches!(&token.kind, Kind::Word(word) if word == variable)
}
