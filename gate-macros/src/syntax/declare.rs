//! Declarations: what stands behind `:`, `∈` and `~`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::Parser as _;

use super::ast::{
    CellName, CellPath, Declaration, DeclaredKind, Expr, ExprKind, Initial, Join, Name, Operator,
    SizeExpr, SizeName,
};
use super::parser::{Parse, Parser};
use super::printed::{printed, printed_all};
use crate::diag;
use crate::functions::INITIALISERS;
use crate::read::{Bracket, Kind};

/// The largest factor and number in a size.
const MAX_NUMBER: f64 = 1e9;

impl Parser<'_> {
    /// From `:`, `∈` or `~` behind the name to the end of the statement.
    pub(super) fn declaration(&mut self, start: usize, name: Name) -> Parse<Declaration> {
        let mut kind = None;
        if let Some(Kind::Colon | Kind::In) = self.peek() {
            self.at += 1;
            kind = Some(self.declared_kind(start)?);
        }
        let init = if self.take(&Kind::Tilde) {
            Some(self.initial()?)
        } else {
            None
        };
        let equals = self.here();
        let value = if self.take(&Kind::Equals) {
            Some(self.whole_expression()?)
        } else {
            None
        };
        self.finish()?;
        let place = self.place_from(start);
        match (&kind, &value) {
            (Some(DeclaredKind::Hyper), None) => Err(Box::new(diag::hyper_without_value(place))),
            (Some(DeclaredKind::Hyper), Some(_)) | (_, None) => Ok(Declaration {
                name,
                kind,
                init,
                value,
                place,
            }),
            (_, Some(_)) => Err(Box::new(diag::value_of_parameter(equals))),
        }
    }

    /// `start`: where the name begins.
    fn declared_kind(&mut self, start: usize) -> Parse<DeclaredKind> {
        if self.take_word("scalar") {
            return Ok(DeclaredKind::Scalar);
        }
        if self.take_word("hyper") {
            return Ok(DeclaredKind::Hyper);
        }
        let place = self.here();
        if let Some(path) = self.cell_path() {
            return Ok(DeclaredKind::Cell(path));
        }
        if self.peek() == Some(&Kind::Open(Bracket::Square)) {
            let open = self.at;
            if self.source.close[open] == open + 1 {
                return Err(Box::new(diag::declared_dimensions(place, 0)));
            }
            let sizes = self.inside(|p| p.sizes(true))?;
            return shape(sizes);
        }
        if !self.take_word("ℝ") && !self.take_word("R") {
            return match self.peek() {
                None => self.no_value(),
                Some(Kind::Word(word)) if self.has_arguments(word) => {
                    Err(Box::new(diag::inner_path(place, word)))
                }
                Some(_) => Err(Box::new(self.no_kind(start))),
            };
        }
        if self.peek() != Some(&Kind::Sup) {
            return Ok(DeclaredKind::Scalar);
        }
        let inner = self.source.mark_inside(self.at, self.end)?;
        self.at = self.source.group_or_token(self.at + 1);
        let mut exponent = Parser::new(self.source, inner, self.depth);
        let sizes = exponent.sizes(false)?;
        shape(sizes)
    }

    /// What is nothing that a symbol can be declared as.
    fn no_kind(&self, start: usize) -> diag::Diagnostic {
        let (place, found) = (self.here(), self.found());
        let name = printed_all(&self.source.tokens[start..self.at - 1]);
        let alone = self.at + 1 == self.end;
        match self.peek() {
            Some(Kind::Number(value, _)) => {
                let size = value.fract() == 0.0 && *value >= 1.0 && !found.contains('.');
                diag::declared_number(place, &name, &found, size)
            }
            // Without brackets, `h_t: H`, or with others, `W: (I, H)`.
            Some(Kind::Word(word)) if word.chars().count() == 1 => {
                let size = Some(&found).filter(|_| alone);
                diag::declared_without_brackets(place, &name, &found, size)
            }
            Some(Kind::Open(Bracket::Paren)) if !place.is_text() => {
                diag::declared_without_brackets(place, &name, &found, None)
            }
            _ => diag::declared_kind(place, &found),
        }
    }

    /// `Lstm<f32>`, `Lstm()`
    fn has_arguments(&self, word: &str) -> bool {
        let next = self.source.kind(self.at + 1, self.end);
        is_type(word) && matches!(next, Some(Kind::Less | Kind::Open(Bracket::Paren)))
    }

    /// `Lstm`, `cells::Lstm`: words to the end of the statement, the last one a type's name.
    fn cell_path(&mut self) -> Option<CellPath> {
        let mut segments = vec![String::new()];
        let mut tokens = TokenStream::new();
        let start = self.at;
        let mut place = self.source.tokens.get(start)?.place;
        let words = self.source.tokens[start..self.end].windows(2);
        let mut words = words.map(|pair| [&pair[0].kind, &pair[1].kind]);
        if words.any(|pair| pair.iter().all(|kind| matches!(kind, Kind::Word(_)))) {
            return None;
        }
        for token in &self.source.tokens[start..self.end] {
            let last = segments.last_mut()?;
            match &token.kind {
                Kind::Word(_) | Kind::Number(..) | Kind::Sub => {
                    last.push_str(&printed(&token.kind));
                    place = token.place;
                }
                Kind::Colon if last.is_empty() => {}
                Kind::Colon => segments.push(String::new()),
                _ => return None,
            }
        }
        if !is_type(segments.last()?) {
            return None;
        }
        for (at, segment) in segments.iter().enumerate() {
            // `crate` and `super` too.
            let mut ident = Ident::parse_any.parse_str(segment).ok()?;
            ident.set_span(place.span);
            match at {
                0 => tokens.extend(quote!(#ident)),
                _ => tokens.extend(quote!(::#ident)),
            }
        }
        self.at = self.end;
        Some(CellPath {
            name: CellName::new(segments.join("::")),
            tokens,
            place,
        })
    }

    /// Sizes to the end. In `[ ]` a comma separates them and `*` multiplies; in `ℝ^{ }` the
    /// product sign separates them too.
    fn sizes(&mut self, star_multiplies: bool) -> Parse<Vec<SizeExpr>> {
        let mut sizes = vec![self.size(star_multiplies)?];
        while self.take(&Kind::Comma) || (!star_multiplies && self.take_star()) {
            sizes.push(self.size(star_multiplies)?);
        }
        match self.peek() {
            None => Ok(sizes),
            Some(_) => self.bad_size(),
        }
    }

    /// `2H + 1`, `H/4`, `(H + 1)/2`
    pub(super) fn size(&mut self, star_multiplies: bool) -> Parse<SizeExpr> {
        let start = self.at;
        let bracketed = self.peek() == Some(&Kind::Open(Bracket::Paren));
        let terms = if bracketed {
            self.inside(|p| p.size_terms(true))?
        } else {
            self.size_terms(star_multiplies)?
        };
        let mut divisor = 1;
        if (bracketed || terms.len() == 1) && self.take(&Kind::Slash) {
            divisor = self.size_number()?;
        }
        Ok(SizeExpr {
            terms,
            divisor,
            place: self.place_from(start),
        })
    }

    fn size_terms(&mut self, star_multiplies: bool) -> Parse<Vec<(usize, Option<SizeName>)>> {
        let mut terms = vec![self.size_term(star_multiplies)?];
        while self.take(&Kind::Plus) {
            terms.push(self.size_term(star_multiplies)?);
        }
        Ok(terms)
    }

    /// `3`, `H`, `2H`, `2 * H`, `H * 2`
    fn size_term(&mut self, star_multiplies: bool) -> Parse<(usize, Option<SizeName>)> {
        if let Some(Kind::Word(_)) = self.peek() {
            let name = SizeName::new(self.size_name()?);
            let factor = if star_multiplies && self.take_star() {
                self.size_number()?
            } else {
                1
            };
            return Ok((factor, Some(name)));
        }
        let factor = self.size_number()?;
        let multiplied = star_multiplies && self.take_star();
        match self.peek() {
            Some(Kind::Word(_)) => Ok((factor, Some(SizeName::new(self.size_name()?)))),
            _ if multiplied => self.bad_size(),
            _ => Ok((factor, None)),
        }
    }

    fn size_number(&mut self) -> Parse<usize> {
        match self.peek() {
            Some(&Kind::Number(value, _))
                if value.fract() == 0.0 && (1.0..MAX_NUMBER).contains(&value) =>
            {
                self.at += 1;
                Ok(value as usize)
            }
            _ => self.bad_size(),
        }
    }

    /// A name whose marks are words and numbers: `H`, `d_x`.
    fn size_name(&mut self) -> Parse<String> {
        let start = self.at;
        let Some(name) = self.name()? else {
            return self.bad_size();
        };
        let mut text = name.base;
        for mark in &name.marks {
            text.push('_');
            for token in &mark.tokens {
                if !matches!(token.kind, Kind::Word(_) | Kind::Number(..)) {
                    return Err(Box::new(diag::declared_size(
                        mark.place,
                        &printed(&token.kind),
                    )));
                }
                text.push_str(&printed(&token.kind));
            }
        }
        if name.primes > 0 {
            return Err(Box::new(diag::declared_size(self.place_from(start), "'")));
        }
        Ok(text)
    }

    fn bad_size<T>(&self) -> Parse<T> {
        match self.peek() {
            Some(_) => Err(Box::new(diag::declared_size(self.here(), &self.found()))),
            None => self.no_value(),
        }
    }

    /// `0.1`, `-1`, `zeros`, `uniform(0, 1)`
    fn initial(&mut self) -> Parse<Initial> {
        let start = self.at;
        if let Some(Kind::Word(word)) = self.peek() {
            if !INITIALISERS.contains(&word.as_str()) {
                return Err(Box::new(diag::initialiser(self.here(), word)));
            }
            self.at += 1;
            let arguments = if self.peek() == Some(&Kind::Open(Bracket::Paren)) {
                self.inside(|p| p.list(Self::number))?
            } else {
                Vec::new()
            };
            return Ok(Initial {
                name: word.clone(),
                arguments,
                place: self.place_from(start),
            });
        }
        let arguments = vec![self.number()?];
        Ok(Initial {
            name: "constant".to_string(),
            arguments,
            place: self.place_from(start),
        })
    }

    /// An expression of numbers: its value.
    fn number(&mut self) -> Parse<f64> {
        let start = self.at;
        let value = fold(&self.sum()?).filter(|value| value.is_finite());
        value.ok_or_else(|| Box::new(diag::initialiser_argument(self.place_from(start))))
    }
}

/// One or two sizes.
fn shape(sizes: Vec<SizeExpr>) -> Parse<DeclaredKind> {
    match sizes.get(2) {
        None => Ok(DeclaredKind::Shape(sizes)),
        Some(third) => Err(Box::new(diag::declared_dimensions(
            third.place,
            sizes.len(),
        ))),
    }
}

/// The value of an expression of numbers.
fn fold(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(value) => Some(*value),
        ExprKind::Negate(inner) => Some(-fold(inner)?),
        ExprKind::Binary(operator, left, right) => {
            let (left, right) = (fold(left)?, fold(right)?);
            match operator {
                Operator::Add => Some(left + right),
                Operator::Subtract => Some(left - right),
                Operator::Divide => Some(left / right),
                Operator::Hadamard | Operator::Outer => None,
            }
        }
        ExprKind::Product(factors) => factors.iter().try_fold(1.0, |product, (join, factor)| {
            (*join != Join::Side).then_some(product * fold(factor)?)
        }),
        _ => None,
    }
}

/// Whether a word is written as the name of a type is: with a capital, and more than that.
fn is_type(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    // Kinds of values in other languages, which are told how it is written here.
    let kind = matches!(name, "Vector" | "Vec" | "Matrix" | "Tensor" | "Scalar");
    name.starts_with(char::is_uppercase) && letters > 1 && !kind
}
