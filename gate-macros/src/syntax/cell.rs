//! The items of a cell: equations, functions, loops. Recovery happens here, at statements.

use std::ops::Range;

use super::ast::{
    Definition, Equation, Expr, ExprKind, FunctionItem, Header, Item, Loop, Mark, Name, Position,
};
use super::parser::{Parse, Parser};
use super::printed::{printed, printed_all};
use super::source::Source;
use super::split::Piece;
use crate::diag::{self, Diagnostics, Place};
use crate::functions;
use crate::read::{Bracket, Kind, Token};

/// Rounds of a loop that is written out.
const MAX_ROUNDS: i64 = 1000;

/// Parses the body of a definition. A statement that cannot be read is reported and left out.
pub(crate) fn parse_cell(
    header: Header,
    tokens: &[Token],
    diagnostics: &mut Diagnostics,
) -> Definition {
    let place = Place::of(header.name.span());
    let mut source = Source::new(tokens);
    let pieces = source.split(diagnostics);
    let mut unread = Vec::new();
    let items = items(&source, pieces, &mut unread, diagnostics);
    let has_equation = items
        .iter()
        .any(|i| matches!(i, Item::Equation(_) | Item::Loop(_) | Item::Split(_)));
    if !has_equation && header.parent.is_none() && !diagnostics.any() {
        let function = items.iter().find_map(|item| match item {
            Item::Function(function) => Some((function.name.base.as_str(), function.place)),
            _ => None,
        });
        diagnostics.push(diag::no_equations(place, function));
    }
    Definition {
        header,
        items,
        cells: Vec::new(),
        unread,
    }
}

/// Parses statements that each end at a `;` or at the end.
pub(crate) fn parse_items(tokens: &[Token], diagnostics: &mut Diagnostics) -> Vec<Item> {
    let mut source = Source::new(tokens);
    let pieces = source.split(diagnostics);
    items(&source, pieces, &mut Vec::new(), diagnostics)
}

fn items(
    source: &Source,
    pieces: Vec<Piece>,
    unread: &mut Vec<Equation>,
    diagnostics: &mut Diagnostics,
) -> Vec<Item> {
    let mut parsed = Vec::new();
    for piece in pieces {
        let item = match piece {
            // Its mistake was reported: any other is likely to follow from it.
            Piece::Statement(range) if source.has_bad(range.clone()) => {
                unread.extend(names_of(source, range));
                continue;
            }
            Piece::Statement(range) => {
                let item = Parser::new(source, range.clone(), 0).statement();
                if item.is_err() {
                    unread.extend(names_of(source, range));
                }
                item
            }
            Piece::Loop { head, body, end } => {
                let place = source.place(head.start..end);
                let head = Parser::new(source, head, 0).loop_head();
                let body = items(source, body, unread, diagnostics);
                head.map(|(variable, first, last)| {
                    Item::Loop(Loop {
                        variable,
                        first,
                        last,
                        body,
                        place,
                    })
                })
            }
        };
        match item {
            Ok(item) => parsed.push(item),
            Err(message) => diagnostics.push(*message),
        }
    }
    parsed
}

/// The names of a statement that cannot be read, as an equation of the first by the others.
fn names_of(source: &Source, range: Range<usize>) -> Option<Equation> {
    let mut names = Vec::new();
    let mut parser = Parser::new(source, range.clone(), 0);
    while parser.at < parser.end {
        let start = parser.at;
        match parser.name() {
            Ok(Some(name)) if functions::function(&name.base).is_none() => names.push(name),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => parser.at = start + 1,
        }
    }
    let mut names = names.into_iter();
    let left = names.next()?;
    let parts = names.map(|name| Expr {
        place: name.place,
        kind: ExprKind::Name(name),
    });
    let place = source.place(range);
    let kind = ExprKind::Concat(parts.collect());
    let right = Expr { kind, place };
    Some(Equation { left, right, place })
}

/// Letters with the dot of a derivative, and the dot alone.
const DOTTED: &[char] = &[
    'ȧ', 'ḃ', 'ċ', 'ḋ', 'ė', 'ḟ', 'ġ', 'ḣ', 'ṁ', 'ṅ', 'ȯ', 'ṗ', 'ṙ', 'ṡ', 'ṫ', 'ẇ', 'ẋ', 'ẏ', 'ż',
    '\u{307}',
];

impl Parser<'_> {
    /// A statement that is no loop, up to its end.
    fn statement(&mut self) -> Parse<Item> {
        let start = self.at;
        if self.source.is_loop(start, self.end) {
            self.loop_head()?;
        }
        let marked = matches!(
            self.source.kind(start + 1, self.end),
            Some(Kind::Sub | Kind::Sup | Kind::Prime(_))
        );
        if let Some(Kind::Word(word)) = self.peek().filter(|_| !marked)
            && let Some(message) = diag::keyword(self.here(), word)
        {
            return Err(Box::new(message));
        }
        if !self.has_separator() {
            return Err(Box::new(diag::not_a_statement(self.here(), &self.found())));
        }
        if let Some(split) = self.split()? {
            return Ok(split);
        }
        if let Some(equation) = self.logarithm()? {
            return Ok(Item::Equation(equation));
        }
        let Some(name) = self.name()? else {
            return self.no_left_side();
        };
        match self.peek() {
            Some(Kind::Equals) => self.equation(start, name),
            Some(Kind::Colon | Kind::In | Kind::Tilde) => {
                Ok(Item::Declaration(self.declaration(start, name)?))
            }
            Some(Kind::Open(_)) => self.function(start, name),
            Some(kind) if self.source.kind(self.at + 1, self.end) == Some(&Kind::Equals) => {
                let sign = printed(kind);
                if !["+", "-", "*", "/", "⊙"].contains(&sign.as_str()) {
                    return self.no_left_side();
                }
                let place = self.source.place(self.at..self.at + 2);
                let name = printed_all(&self.source.tokens[start..self.at]);
                Err(Box::new(diag::compound_assignment(place, &sign, &name)))
            }
            _ => self.no_left_side(),
        }
    }

    /// `= …` behind a left side.
    fn equation(&mut self, start: usize, left: Name) -> Parse<Item> {
        self.at += 1;
        if self.take(&Kind::Equals) {
            let place = self.source.place(self.at - 2..self.at);
            return Err(Box::new(diag::double_equals(place)));
        }
        let right = self.whole_expression()?;
        let place = self.place_from(start);
        Ok(Item::Equation(Equation { left, right, place }))
    }

    /// `(u, v) = …` behind the name of a function.
    fn function(&mut self, start: usize, name: Name) -> Parse<Item> {
        let behind = self.source.group_or_token(self.at);
        let is_list = self.source.parameters(self.at, behind).is_some();
        if !is_list || self.source.kind(behind, self.end) != Some(&Kind::Equals) {
            return self.no_left_side();
        }
        if name.marks.iter().any(is_step) {
            let list = printed_all(&self.source.tokens[self.at..behind]);
            return Err(Box::new(diag::rows_by_number(
                name.place, &name.base, &list,
            )));
        }
        let parameters = self.inside(|p| p.list(Self::parameter))?;
        self.at += 1;
        let body = self.whole_expression()?;
        let place = self.place_from(start);
        Ok(Item::Function(FunctionItem {
            name,
            parameters,
            body,
            place,
        }))
    }

    /// `\log a_t = …`: an equation of `a_t`; nothing is read where another statement stands.
    fn logarithm(&mut self) -> Parse<Option<Equation>> {
        let start = self.at;
        let log = self.take_word("log") || self.take_word("ln");
        let name = match self.peek() {
            _ if !log => None,
            // A bare name in brackets is the argument of a function that is being defined.
            Some(Kind::Open(Bracket::Paren)) => {
                let name = self.inside(|p| p.name()).ok().flatten();
                name.filter(|name| !name.marks.is_empty())
            }
            _ => self.name().ok().flatten(),
        };
        let Some(left) = name.filter(|_| self.take(&Kind::Equals)) else {
            self.at = start;
            return Ok(None);
        };
        let right = self.whole_expression()?;
        let place = self.place_from(start);
        let exp = Name {
            base: "exp".to_owned(),
            marks: Vec::new(),
            primes: 0,
            place: right.place,
        };
        let right = Expr {
            place: right.place,
            kind: ExprKind::Apply(exp, vec![right]),
        };
        Ok(Some(Equation { left, right, place }))
    }

    /// Whether something outside of all brackets says what the statement is.
    fn has_separator(&self) -> bool {
        let mut at = self.at;
        while let Some(kind) = self.source.kind(at, self.end) {
            if let Kind::Equals | Kind::Colon | Kind::Tilde | Kind::In = kind {
                return true;
            }
            at = self.source.group_or_token(at);
        }
        false
    }

    /// What `τ ẋ = …` and `dx/dt = …` derive.
    fn derived(&self, start: usize) -> Option<String> {
        let word = |at: usize| match self.source.kind(at, self.end) {
            Some(Kind::Word(word)) => Some(word.as_str()),
            _ => None,
        };
        let dotted = self.top_level_word(start, |word| word.contains(DOTTED));
        if let Some(word) = dotted {
            let letter = word
                .chars()
                .find_map(|c| DOTTED.iter().position(|d| *d == c));
            let plain = letter.and_then(|at| "abcdefghmnoprstwxyz".chars().nth(at));
            return Some(plain.map_or_else(|| word.replace('\u{307}', ""), String::from));
        }
        let name = word(start)?
            .strip_prefix('d')
            .filter(|name| !name.is_empty())?;
        let over = self.source.kind(start + 1, self.end) == Some(&Kind::Slash);
        (over && word(start + 2) == Some("dt")).then(|| name.to_owned())
    }

    /// The first word of a statement's left side that is wanted.
    fn top_level_word(&self, start: usize, wanted: fn(&str) -> bool) -> Option<&str> {
        let tokens = self.source.tokens[start..self.end].iter();
        let left = tokens.take_while(|token| token.kind != Kind::Equals);
        left.filter_map(|token| match &token.kind {
            Kind::Word(word) => Some(word.as_str()),
            _ => None,
        })
        .find(|word| wanted(word))
    }

    fn no_left_side(&self) -> Parse<Item> {
        let mut before = self.source.tokens[..self.at].iter();
        let before = before.rposition(|token| token.kind == Kind::Semi);
        let start = before.map_or(0, |at| at + 1);
        if let Some(name) = self.derived(start) {
            let place = self.source.place(start..self.at + 1);
            return Err(Box::new(diag::differential_equation(place, &name, "t")));
        }
        if self.peek() == Some(&Kind::Frac)
            && let Some(Kind::Word(word)) = self.source.kind(self.at + 2, self.end)
            && let Some(name) = word.strip_prefix('d')
        {
            let place = self.source.place(self.at..self.at + 3);
            let name = if name.is_empty() { "h" } else { name };
            return Err(Box::new(diag::differential_equation(place, name, "t")));
        }
        Err(Box::new(diag::left_side(self.here(), &self.found())))
    }

    /// An expression that reaches to the end of the statement.
    pub(super) fn whole_expression(&mut self) -> Parse<Expr> {
        let expr = self.expression()?;
        self.finish()?;
        Ok(expr)
    }

    /// A parameter of the user's function: a name without marks.
    fn parameter(&mut self) -> Parse<Name> {
        let (start, here, found) = (self.at, self.here(), self.found());
        match self.name()? {
            Some(name) if name.marks.is_empty() && name.primes == 0 && name.base != "t" => Ok(name),
            Some(_) => {
                let text = printed_all(&self.source.tokens[start..self.at]);
                Err(Box::new(diag::function_parameters(
                    self.place_from(start),
                    &text,
                )))
            }
            None => Err(Box::new(diag::function_parameters(here, &found))),
        }
    }

    /// `for k in 1..=3 {`: variable, first and last value.
    fn loop_head(&mut self) -> Parse<(String, i64, i64)> {
        self.at += 1;
        let Some(Kind::Word(variable)) = self.peek() else {
            return self.bad_loop_head();
        };
        if variable == "t" {
            return Err(Box::new(diag::loop_over_time(self.here())));
        }
        self.at += 1;
        if !self.take(&Kind::In) && !self.take_word("in") {
            return self.bad_loop_head();
        }
        let start = self.at;
        let first = self.whole_number()?;
        let Some(Kind::Range(included)) = self.peek() else {
            return self.bad_loop_head();
        };
        self.at += 1;
        let end = self.whole_number()?;
        let place = self.place_from(start);
        if self.peek() != Some(&Kind::Open(Bracket::Brace)) {
            return self.bad_loop_head();
        }
        let last = end - i64::from(!included);
        if last < first || last - first >= MAX_ROUNDS {
            return Err(Box::new(diag::loop_range(place, MAX_ROUNDS)));
        }
        Ok((variable.clone(), first, last))
    }

    /// A whole number of moderate size, with its sign.
    fn whole_number(&mut self) -> Parse<i64> {
        let sign = if self.take(&Kind::Minus) { -1 } else { 1 };
        match self.peek() {
            Some(Kind::Number(value, _)) if value.fract() == 0.0 && value.abs() < 1e9 => {
                self.at += 1;
                Ok(sign * *value as i64)
            }
            _ => self.bad_loop_head(),
        }
    }

    fn bad_loop_head<T>(&self) -> Parse<T> {
        let found = match self.peek() {
            Some(kind) => format!("`{}`", printed(kind)),
            None => "the end of the statement".to_string(),
        };
        Err(Box::new(diag::loop_head(self.here(), &found)))
    }
}

/// `_t` on the name of what would be a function: a value of a step.
fn is_step(mark: &Mark) -> bool {
    let letter = |token: &Token| matches!(&token.kind, Kind::Word(word) if word == "t");
    mark.position == Position::Sub && matches!(&mark.tokens[..], [only] if letter(only))
}
