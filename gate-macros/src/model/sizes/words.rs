//! How lengths are spoken of, and what is said of two that differ.

use crate::diag::{self, Diagnostics, Place};
use crate::model::Dim;
use crate::spelling::nearest;

use super::{Said, Sizes};

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

    pub(super) fn report(&self, dims: (&Dim, &Dim), said: &Said, diagnostics: &mut Diagnostics) {
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

    /// Where the size of something comes from, as lines of a message.
    fn because(&self, dim: &Dim, name: &str, size: &str) -> Vec<String> {
        let declared = |variable: usize| self.variables[variable].declared_for.as_deref();
        let Some((source, equations)) = self.because.chain(dim, |v| declared(v).is_some()) else {
            return Vec::new();
        };
        let symbol = declared(source).unwrap_or_default();
        let stated = format!("{size} is declared for `{symbol}`");
        if equations.is_empty() {
            return vec![stated];
        }
        let mut lines = vec![format!("{stated} and reaches {name} through")];
        lines.extend(equations.iter().map(|equation| format!("  {equation}")));
        lines
    }
}
