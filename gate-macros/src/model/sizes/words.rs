//! How lengths are spoken of, and what is said of two that differ.

use std::rc::Rc;

use crate::diag::{self, Diagnostics, Place};
use crate::model::Dim;
use crate::spelling::nearest;

use super::{Said, Sizes};

/// Whether a symbol is read in an expression as text: `h` in `` `h_{t-1} * U` ``.
fn mentions(text: &str, symbol: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '^';
    text.match_indices(symbol).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = &text[at + symbol.len()..];
        let time = behind.starts_with("_t") || behind.starts_with("_{t");
        !before.is_some_and(letter) && (time || !behind.starts_with(letter))
    })
}

impl Sizes {
    /// A length as the user would name it.
    pub(in crate::model) fn describe(&self, dim: &Dim) -> String {
        let form = self.resolve(dim);
        let mut parts = Vec::new();
        for (&variable, &factor) in &form.terms {
            let v = &self.variables[variable];
            let name = v
                .name
                .as_ref()
                .map_or(v.owner.clone(), |name| format!("`{name}`"));
            parts.push(match factor {
                1 => name,
                _ => format!("{factor} times {name}"),
            });
        }
        if form.constant != 0 || parts.is_empty() {
            parts.push(form.constant.to_string());
        }
        let sum = parts.join(" plus ");
        if form.divisor == 1 {
            sum
        } else {
            format!("({sum}) divided by {}", form.divisor)
        }
    }

    pub(super) fn report(
        &mut self,
        dims: (&Dim, &Dim),
        said: &Said,
        diagnostics: &mut Diagnostics,
    ) {
        // Two declarations that disagree once do so wherever their symbols meet.
        let ends = [(dims.0, &said.left), (dims.1, &said.right)];
        let stated = ends.map(|(dim, (name, _))| self.stated(dim, name).map(|s| s.2));
        if let [Some(left), Some(right)] = stated {
            let mut pair = [left, right];
            pair.sort_unstable();
            if !self.reported.insert(pair) {
                return;
            }
        }
        let side = |dim: &Dim, (name, place): &(String, Place)| {
            let size = self.describe(dim);
            diag::Side {
                because: self.because(dim, name, &size),
                name: name.clone(),
                size,
                place: *place,
            }
        };
        let mut names = [self.only_name(dims.0), self.only_name(dims.1)];
        names.sort_unstable();
        let slip = match names {
            // `d_x` and `d_h` are no slips for each other.
            [Some((_, first)), Some((_, second))] if second.chars().count() > 4 => {
                nearest(second, [first].into_iter())
            }
            _ => None,
        };
        diagnostics.push(diag::size_conflict(
            side(dims.0, &said.left),
            side(dims.1, &said.right),
            said.how,
            slip,
        ));
    }

    /// The name of a length that is one declared size, and which declaration came first.
    fn only_name(&self, dim: &Dim) -> Option<(usize, &str)> {
        let form = self.resolve(dim);
        let single = form.terms.len() == 1 && form.constant == 0 && form.divisor == 1;
        let (variable, _) = form.terms.first_key_value().filter(|_| single)?;
        Some((*variable, self.declared_name(*variable)?))
    }

    /// The symbol whose declaration a length comes from, where one of several is part of what has
    /// the length that one, the equations that lead there, and both as words.
    fn stated(&self, dim: &Dim, name: &str) -> Option<(String, Vec<Rc<str>>, String)> {
        let declared = |variable: usize| &self.variables[variable].declared_for;
        let source = |variable: usize| !declared(variable).is_empty();
        let (source, equations) = self.because.chain(dim, source)?;
        let own = declared(source)
            .iter()
            .find(|symbol| mentions(name, symbol));
        let symbol = own.or(declared(source).first())?.clone();
        let words = format!("{} for {symbol}", self.describe(&Dim::size(source)));
        Some((symbol, equations, words))
    }

    /// Where the size of something comes from, as lines of a message.
    fn because(&self, dim: &Dim, name: &str, size: &str) -> Vec<String> {
        let Some((symbol, equations, _)) = self.stated(dim, name) else {
            return Vec::new();
        };
        let stated = format!("{size} is declared for `{symbol}`");
        if equations.is_empty() {
            return vec![stated];
        }
        let mut lines = vec![format!("{stated} and reaches {name} through")];
        lines.extend(equations.iter().map(|equation| format!("  {equation}")));
        lines
    }
}
