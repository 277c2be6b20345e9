//! The factors of expressions: numbers, names, functions, brackets, fractions, `cases`.

use super::ast::{Expr, ExprKind, Join, Name, Operator};
use super::expr::is_cases_word;
use super::parser::{MAX_CHAIN, Parse, Parser};
use super::printed::{printed, printed_all};
use super::slices::bad_chunk_count;
use crate::diag;
use crate::functions;
use crate::read::{Bracket, Kind};

impl Parser<'_> {
    /// A factor with the powers and slices on it.
    pub(super) fn factor(&mut self) -> Parse<Expr> {
        let start = self.at;
        let mut value = self.deeper(Self::bare_factor)?;
        for _ in 0..MAX_CHAIN {
            if self.peek() == Some(&Kind::Sup) {
                let raised = self.source.group_or_token(start) != self.at
                    && matches!(value.kind, ExprKind::Power(..));
                value = self.raised(start, value)?;
                if raised && matches!(value.kind, ExprKind::Power(..)) {
                    return Err(Box::new(diag::power_of_power(value.place)));
                }
                continue;
            }
            match self.cut(&value)? {
                None => return Ok(value),
                Some(cut) => value = self.slice(start, value, cut),
            }
        }
        Err(Box::new(diag::too_deep(self.here())))
    }

    /// `…^T` or `…^2` on anything but a name, `…^{⊙ 2}` on anything.
    fn raised(&mut self, start: usize, value: Expr) -> Parse<Expr> {
        let mut inner = self.source.mark_inside(self.at, self.end)?;
        inner.start += usize::from(self.source.element_wise(&inner));
        let end = self.source.group_or_token(self.at + 1);
        let kind = if self.source.transposes(&inner) {
            ExprKind::Transpose(Box::new(value))
        } else {
            let mut exponent = Parser::new(self.source, inner, self.depth);
            let power = exponent.deeper(Self::expression)?;
            exponent.finish()?;
            ExprKind::Power(Box::new(value), Box::new(power))
        };
        self.at = end;
        self.open_power(start)?;
        Ok(Expr {
            kind,
            place: self.place_from(start),
        })
    }

    /// `2^x_t`: the exponent would end before its mark.
    fn open_power(&self, start: usize) -> Parse<()> {
        let last = self.at - 1;
        let word = matches!(self.source.tokens[last].kind, Kind::Word(_));
        if !word || self.peek() != Some(&Kind::Sub) {
            return Ok(());
        }
        let slice = self.source.mark_inside(self.at, self.end)?;
        if self.colon(slice).is_some() {
            return Ok(());
        }
        let end = self.source.group_or_token(self.at + 1);
        let base = printed_all(&self.source.tokens[start..last - 1]);
        let exponent = printed_all(&self.source.tokens[last..end]);
        let place = self.source.place(start..end);
        Err(Box::new(diag::open_power(place, &base, &exponent)))
    }

    fn bare_factor(&mut self) -> Parse<Expr> {
        let start = self.at;
        if let Some((name, slice)) = self.sliced_name()? {
            if let Some(series) = self.series(start, &name)? {
                return Ok(series);
            }
            let bare = name.marks.is_empty() && name.primes == 0;
            // `where` is a function; without brackets it is meant as a word.
            let word = name.base != "where" || self.peek() != Some(&Kind::Open(Bracket::Paren));
            return match diag::keyword(name.place, &name.base).filter(|_| bare && word) {
                Some(message) => Err(Box::new(message)),
                None if slice.is_empty() => self.applied(start, name),
                None => self.sliced(start, name, slice),
            };
        }
        let kind = match self.peek() {
            Some(Kind::Number(value, _)) => {
                self.at += 1;
                ExprKind::Number(*value)
            }
            Some(Kind::Open(Bracket::Square)) => return self.square(),
            Some(Kind::Open(_)) => return self.group(),
            Some(Kind::Bar) => self.absolute()?,
            Some(Kind::Frac) => self.fraction()?,
            Some(Kind::CasesBegin) => self.cases()?,
            _ => return self.no_value(),
        };
        Ok(Expr {
            kind,
            place: self.place_from(start),
        })
    }

    /// A name, with its arguments where it has some.
    fn applied(&mut self, start: usize, name: Name) -> Parse<Expr> {
        let bare = name.marks.is_empty() && name.primes == 0;
        let is_function = bare && functions::function(&name.base).is_some();
        let kind = match self.peek() {
            Some(Kind::Open(Bracket::Paren)) => {
                let arguments = self.inside(|p| p.list(Self::argument))?;
                if name.base == "norm" {
                    self.take_two();
                }
                // A name may be that of a loop: the model knows.
                let number = |count: &Expr| matches!(count.kind, ExprKind::Number(_));
                if arguments.last().is_some_and(number)
                    && !self.source.functions.contains(&name.base)
                    && let Some(count) = bad_chunk_count(&name, &arguments)
                {
                    return Err(Box::new(diag::chunk_count(count, &name.base)));
                }
                ExprKind::Apply(name, arguments)
            }
            Some(Kind::Open(Bracket::Brace)) if is_function => {
                let arguments = self.inside(|p| p.list(Self::expression))?;
                ExprKind::Apply(name, arguments)
            }
            _ if is_function && (self.at_factor() || self.at_number()) => {
                let argument = self.factor()?;
                // What `\sqrt` takes is drawn under the root.
                if name.base != "sqrt" && self.goes_on() {
                    return Err(Box::new(diag::function_without_brackets(
                        self.source.place(start..self.at + 1),
                        &name.base,
                    )));
                }
                ExprKind::Apply(name, vec![argument])
            }
            _ => ExprKind::Name(name),
        };
        Ok(Expr {
            kind,
            place: self.place_from(start),
        })
    }

    /// The mark of `‖x‖_2`, which is the norm anyway.
    fn take_two(&mut self) {
        let end = self.source.group_or_token(self.at + 1).min(self.end);
        if self.peek() == Some(&Kind::Sub)
            && printed_all(&self.source.tokens[self.at + 1..end]).trim_matches(['{', '}']) == "2"
        {
            self.at = end;
        }
    }

    /// Whether a product goes on here that an argument without brackets may be part of. Another
    /// function ends it: `sin a cos b`.
    fn goes_on(&self) -> bool {
        let function =
            matches!(self.peek(), Some(Kind::Word(word)) if functions::function(word).is_some());
        !function
            && (self.at_factor()
                || matches!(self.peek(), Some(Kind::Star | Kind::Dot | Kind::Slash)))
    }

    /// A value, or `h_{t-1} = value`, which gives an inner cell a state.
    fn argument(&mut self) -> Parse<Expr> {
        let start = self.at;
        if let Ok(Some(name)) = self.name()
            && self.take(&Kind::Equals)
        {
            let value = Box::new(self.expression()?);
            let place = self.place_from(start);
            let kind = ExprKind::Given(name, value);
            return Ok(Expr { kind, place });
        }
        self.at = start;
        self.expression()
    }

    fn at_number(&self) -> bool {
        matches!(self.peek(), Some(Kind::Number(..)))
    }

    /// `( … )` or `{ … }` around one value.
    fn group(&mut self) -> Parse<Expr> {
        let start = self.at;
        let mut value = self.inside(|p| {
            let value = p.expression()?;
            match p.peek() {
                Some(Kind::Comma) => Err(Box::new(diag::several_values(p.here()))),
                _ => Ok(value),
            }
        })?;
        value.place = self.place_from(start);
        Ok(value)
    }

    /// `[a, b]`, `[a; b]`, or `[a]` as a plain bracket.
    fn square(&mut self) -> Parse<Expr> {
        let start = self.at;
        let mut values = self.inside(|p| {
            let mut values = vec![p.expression()?];
            let separator = p.peek().cloned();
            while let Some(kind @ (Kind::Comma | Kind::Semi)) = p.peek() {
                if Some(kind) != separator.as_ref() {
                    return Err(Box::new(diag::mixed_separators(p.here())));
                }
                p.at += 1;
                values.push(p.expression()?);
            }
            Ok(values)
        })?;
        let place = self.place_from(start);
        match values.pop() {
            // Commas may be missing between names side by side: the model knows.
            Some(only) if values.is_empty() && names_side_by_side(&only) => Ok(Expr {
                kind: ExprKind::Concat(vec![only]),
                place,
            }),
            Some(only) if values.is_empty() => Ok(Expr { place, ..only }),
            last => {
                values.extend(last);
                Ok(Expr {
                    kind: ExprKind::Concat(values),
                    place,
                })
            }
        }
    }

    /// `|x|`
    fn absolute(&mut self) -> Parse<ExprKind> {
        self.at += 1;
        let outer = std::mem::replace(&mut self.in_bars, true);
        let value = self.expression()?;
        self.in_bars = outer;
        if !self.take(&Kind::Bar) {
            return Err(Box::new(match self.peek() {
                Some(kind) => diag::unexpected(self.here(), &printed(kind)),
                None => diag::unclosed_bracket(self.here(), "|"),
            }));
        }
        Ok(ExprKind::Absolute(Box::new(value)))
    }

    /// `\frac{a}{b}`
    fn fraction(&mut self) -> Parse<ExprKind> {
        let place = self.here();
        self.at += 1;
        let mut part = || match self.peek() {
            Some(Kind::Open(Bracket::Brace)) => Ok(Box::new(self.group()?)),
            _ => Err(Box::new(diag::fraction(place))),
        };
        let (above, below) = (part()?, part()?);
        Ok(ExprKind::Binary(Operator::Divide, above, below))
    }

    /// `\begin{cases} value & condition \\ … \end{cases}`
    fn cases(&mut self) -> Parse<ExprKind> {
        let rows = self.inside(|p| {
            p.in_cases = true;
            let mut rows = Vec::new();
            while p.peek().is_some() {
                let row = p.cases_row()?;
                let last = row.1.is_none();
                rows.push(row);
                p.take(&Kind::Comma);
                let separated = p.take(&Kind::Row);
                if separated && last && p.peek().is_some() {
                    return Err(Box::new(diag::cases_condition(p.here())));
                }
                if !separated {
                    p.finish()?;
                }
            }
            Ok(rows)
        })?;
        Ok(ExprKind::Cases(rows))
    }

    /// One row without its `\\`.
    fn cases_row(&mut self) -> Parse<(Expr, Option<Expr>)> {
        let value = self.expression()?;
        self.take(&Kind::Comma);
        self.take(&Kind::Align);
        if self.take_word("otherwise") || self.take_word("else") {
            return Ok((value, None));
        }
        let said = matches!(self.peek(), Some(Kind::Word(word)) if is_cases_word(word));
        self.at += usize::from(said);
        if !said && matches!(self.peek(), None | Some(Kind::Row)) {
            return Ok((value, None));
        }
        let start = self.at;
        let condition = self.expression()?;
        if let ExprKind::Name(name) = &condition.kind
            && matches!(self.peek(), Some(Kind::In | Kind::Equals))
        {
            let kind = ExprKind::Member(name.clone(), self.members()?);
            let place = self.place_from(start);
            return Ok((value, Some(Expr { kind, place })));
        }
        match condition.kind {
            ExprKind::Compare(..) => Ok((value, Some(condition))),
            _ => Err(Box::new(diag::cases_condition(self.place_from(start)))),
        }
    }

    /// `∈ {0, 2}`, `= 1`, `= 1, 3`: whole numbers.
    fn members(&mut self) -> Parse<Vec<i64>> {
        self.at += 1;
        match self.peek() {
            Some(Kind::Open(_)) => self.inside(|p| p.list(Self::member)),
            _ => {
                let mut members = vec![self.member()?];
                while self.peek() == Some(&Kind::Comma) {
                    let comma = self.at;
                    self.at += 1;
                    if !self.at_number() {
                        self.at = comma;
                        break;
                    }
                    members.push(self.member()?);
                }
                Ok(members)
            }
        }
    }

    fn member(&mut self) -> Parse<i64> {
        match self.peek() {
            Some(Kind::Number(value, _)) if value.fract() == 0.0 && *value < 1e6 => {
                self.at += 1;
                Ok(*value as i64)
            }
            _ => Err(Box::new(diag::cases_condition(self.here()))),
        }
    }
}

fn names_side_by_side(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Product(factors) => factors.iter().all(|(join, factor)| {
            matches!(join, Join::First | Join::Side) && matches!(factor.kind, ExprKind::Name(_))
        }),
        _ => false,
    }
}
