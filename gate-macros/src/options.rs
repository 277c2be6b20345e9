//! Options of `#[cell_from_docs]` that were misspelt: they would be statements.

use proc_macro2::{Span, TokenTree};

use crate::diag::{self, Diagnostics, Place};
use crate::spelling::nearest;

const OPTIONS: &[&str] = &[
    "section",
    "definition",
    "parent",
    "crate",
    "output",
    "outputs",
    "input",
    "inputs",
];

/// `key = …` that is no option.
pub(crate) struct Unknown {
    key: String,
    span: Span,
    /// Whether the value is a string, which no statement has.
    text: bool,
}

impl Unknown {
    /// An argument, where it begins like an option.
    pub(crate) fn of(key: &str, argument: &[TokenTree]) -> Option<Unknown> {
        let value = argument.get(2..)?;
        let text = matches!(value, [TokenTree::Literal(v)] if v.to_string().starts_with('"'));
        Some(Unknown {
            key: key.to_owned(),
            span: argument.first()?.span(),
            text,
        })
    }

    /// Reports what was meant to be an option: nothing of the text is called like it.
    pub(crate) fn check(&self, texts: &[&str], hints: &str, diagnostics: &mut Diagnostics) {
        let near = nearest(&self.key, OPTIONS.iter().copied());
        let base = self.key.split('_').next().unwrap_or_default();
        let count = |text: &str| {
            let words = text.split(|c: char| !c.is_alphanumeric());
            words.filter(|word| *word == base).count()
        };
        let mentioned = count(hints) > 1 || texts.iter().any(|text| count(text) > 0);
        if self.text || near.is_some() && !mentioned {
            let place = Place::of(self.span);
            diagnostics.push(diag::unknown_option(place, &self.key, near, OPTIONS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(argument: &str, texts: &[&str], hints: &str) -> Vec<&'static str> {
        let stream: proc_macro2::TokenStream = argument.parse().expect("Rust tokens");
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let key = trees[0].to_string();
        let mut diagnostics = Diagnostics::default();
        let unknown = Unknown::of(&key, &trees).expect("a key");
        unknown.check(texts, hints, &mut diagnostics);
        diagnostics.codes()
    }

    #[test]
    fn a_statement_about_a_symbol_is_no_misspelt_option() {
        let hints = "outpt = 3; y_t = outpt * h_t;";
        assert!(codes("outpt = 3", &["h_t = W x_t"], hints).is_empty());
        assert!(codes("input_1 = 3", &[r"h_t = W_{input} x_t"], "").is_empty());
        assert!(codes("φ = tanh", &["h_t = W x_t"], "").is_empty());
        assert_eq!(
            codes("outpt = 3", &["h_t"], "outpt = 3;"),
            ["unknown_option"]
        );
        assert_eq!(codes("x = \"a\"", &["h_t = W x_t"], ""), ["unknown_option"]);
    }
}
