//! Expressions from the loosest operator to the tightest: comparison; `+ -`; `⊙ ⊗`; `* /`;
//! factors side by side. A unary minus takes all of the term behind it.

use super::ast::{Comparison, Expr, ExprKind, Join, Operator};
use super::long;
use super::parser::{MAX_CHAIN, MAX_FACTORS, Parse, Parser};
use crate::diag::{self, Place};
use crate::read::Kind;

impl Parser<'_> {
    /// An expression, comparisons included.
    pub(super) fn expression(&mut self) -> Parse<Expr> {
        let start = self.at;
        let left = self.sum()?;
        match self.comparison() {
            None => Ok(left),
            Some(comparison) => self.compared(start, left, comparison),
        }
    }

    /// What is compared with `left`: apart, since most expressions are no comparisons, and nested
    /// ones would need its room on the stack.
    fn compared(&mut self, start: usize, left: Expr, comparison: Comparison) -> Parse<Expr> {
        let middle = self.at;
        let right = self.sum()?;
        let again = right.clone();
        let compare = |comparison, a, b| ExprKind::Compare(comparison, Box::new(a), Box::new(b));
        let first = Expr {
            kind: compare(comparison, left, right),
            place: self.place_from(start),
        };
        let here = self.here();
        if self.take_word("and") {
            return self.and(first, start);
        }
        let Some(next) = self.comparison() else {
            return Ok(first);
        };
        let last = self.sum()?;
        if next.is_less() != comparison.is_less() || self.comparison().is_some() {
            return Err(Box::new(diag::chained_comparison(here)));
        }
        let second = Expr {
            kind: compare(next, again, last),
            place: self.place_from(middle),
        };
        Ok(both(first, second, self.place_from(start)))
    }

    /// The comparison behind `and`.
    fn and(&mut self, first: Expr, start: usize) -> Parse<Expr> {
        let second = self.deeper(Self::expression)?;
        match second.kind {
            ExprKind::Compare(..) => Ok(both(first, second, self.place_from(start))),
            _ => Err(Box::new(diag::cases_condition(second.place))),
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let comparison = match self.peek()? {
            Kind::Greater => Comparison::Greater,
            Kind::GreaterEq => Comparison::GreaterEq,
            Kind::Less => Comparison::Less,
            Kind::LessEq => Comparison::LessEq,
            _ => return None,
        };
        self.at += 1;
        Some(comparison)
    }

    /// Terms joined by `+` and `-`.
    pub(super) fn sum(&mut self) -> Parse<Expr> {
        self.chain(Self::term, |kind| match kind {
            Kind::Plus => Some(Operator::Add),
            Kind::Minus => Some(Operator::Subtract),
            _ => None,
        })
    }

    /// A term, with its signs before it.
    pub(super) fn term(&mut self) -> Parse<Expr> {
        self.signed(|p| {
            p.chain(Self::product, |kind| match kind {
                Kind::Hadamard => Some(Operator::Hadamard),
                Kind::Outer => Some(Operator::Outer),
                _ => None,
            })
        })
    }

    /// Operands joined by operators of one precedence, from left to right.
    fn chain(
        &mut self,
        operand: fn(&mut Self) -> Parse<Expr>,
        operator: fn(&Kind) -> Option<Operator>,
    ) -> Parse<Expr> {
        let first = operand(self)?;
        let mut rest = Vec::new();
        let mut grouped = true;
        while let Some(operator) = self.peek().and_then(operator) {
            grouped &= long::is_grouped(operator);
            if rest.len() >= MAX_CHAIN && !grouped {
                return Err(Box::new(diag::too_deep(self.here())));
            }
            self.at += 1;
            rest.push((operator, operand(self)?));
        }
        Ok(long::joined(first, rest))
    }

    /// What follows, negated where a minus stands before it.
    fn signed(&mut self, operand: impl FnOnce(&mut Self) -> Parse<Expr>) -> Parse<Expr> {
        let start = self.at;
        let mut negative = false;
        while let Some(Kind::Minus | Kind::Plus) = self.peek() {
            negative ^= self.peek() == Some(&Kind::Minus);
            self.at += 1;
        }
        let value = operand(self)?;
        if !negative {
            return Ok(value);
        }
        let kind = ExprKind::Negate(Box::new(value));
        Ok(Expr {
            kind,
            place: self.place_from(start),
        })
    }

    /// Factors joined by `*` and `/`, from left to right. Each run of `*` is one product.
    fn product(&mut self) -> Parse<Expr> {
        let start = self.at;
        let mut factors = vec![(Join::First, self.signed(Self::side_by_side)?)];
        let mut quotients = 0;
        loop {
            if quotients > MAX_CHAIN || factors.len() > MAX_FACTORS {
                return Err(Box::new(diag::too_deep(self.here())));
            }
            if self.take(&Kind::Star) {
                factors.push((Join::Star, self.signed(Self::side_by_side)?));
            } else if self.take(&Kind::Dot) {
                factors.push((Join::Dot, self.signed(Self::side_by_side)?));
            } else if self.take(&Kind::Slash) {
                quotients += 1;
                let left = Box::new(self.joined(start, factors));
                let right = Box::new(self.divisor()?);
                let kind = ExprKind::Binary(Operator::Divide, left, right);
                factors = vec![(
                    Join::First,
                    Expr {
                        kind,
                        place: self.place_from(start),
                    },
                )];
            } else {
                return Ok(self.joined(start, factors));
            }
        }
    }

    /// What stands behind `/`: one factor.
    fn divisor(&mut self) -> Parse<Expr> {
        let start = self.at;
        let value = self.signed(Self::side_by_side)?;
        let chain = match &value.kind {
            ExprKind::Negate(inner) => &inner.kind,
            kind => kind,
        };
        let in_brackets = matches!(self.source.tokens[start].kind, Kind::Open(_))
            && self.source.group_or_token(start) == self.at;
        match chain {
            ExprKind::Product(factors) if !in_brackets && is_chain(factors) => Err(Box::new(
                diag::division_then_product(self.place_from(start)),
            )),
            _ => Ok(value),
        }
    }

    /// Factors without a sign between them.
    fn side_by_side(&mut self) -> Parse<Expr> {
        let start = self.at;
        let mut factors = vec![(Join::First, self.factor()?)];
        while self.at_factor() {
            if factors.len() > MAX_FACTORS {
                return Err(Box::new(diag::too_deep(self.here())));
            }
            factors.push((Join::Side, self.factor()?));
        }
        Ok(self.joined(start, factors))
    }

    /// One product, or the only factor.
    fn joined(&self, start: usize, mut factors: Vec<(Join, Expr)>) -> Expr {
        match factors.pop() {
            Some((_, only)) if factors.is_empty() => only,
            last => {
                factors.extend(last);
                Expr {
                    kind: ExprKind::Product(factors),
                    place: self.place_from(start),
                }
            }
        }
    }

    /// Whether a factor may follow here without a sign. A number may not: `a 2` is more likely
    /// a slip.
    pub(super) fn at_factor(&self) -> bool {
        match self.peek() {
            Some(Kind::Word(word)) if joins_conditions(word) => false,
            Some(Kind::Word(word)) => !(self.in_cases && is_cases_word(word)),
            Some(Kind::Open(_) | Kind::Frac | Kind::CasesBegin) => true,
            Some(Kind::Bar) => !self.in_bars,
            _ => false,
        }
    }
}

/// Whether factors stand side by side.
fn is_chain(factors: &[(Join, Expr)]) -> bool {
    factors.iter().any(|(join, _)| *join == Join::Side)
}

/// Words that end the value of a row of `cases`.
pub(super) fn is_cases_word(word: &str) -> bool {
    matches!(word, "if" | "when" | "otherwise" | "else")
}

/// Words between two conditions.
fn joins_conditions(word: &str) -> bool {
    matches!(word, "and" | "or")
}

/// `a < b < c`, from `a < b` and `b < c`: 1 where both hold, 0 elsewhere, compared with 0.
fn both(first: Expr, second: Expr, place: Place) -> Expr {
    let at = |kind: ExprKind| Expr { kind, place };
    let number = |value: f64| at(ExprKind::Number(value));
    let where_ = |condition: Expr, value: Expr| {
        at(ExprKind::Cases(vec![
            (value, Some(condition)),
            (number(0.0), None),
        ]))
    };
    let hold = where_(first, where_(second, number(1.0)));
    let zero = Box::new(number(0.0));
    at(ExprKind::Compare(Comparison::Greater, Box::new(hold), zero))
}
