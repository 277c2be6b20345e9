//! Fonts that make another letter, `\mathcal{W}` beside `W`, and the `*` that is a convolution:
//! `W_{xi} * \mathcal{X}_t` in a text that has `\circ` as well.

use super::latex::Shapes;
use super::raw::{Raw, Text};
use crate::diag::{self, Diagnostics};
use crate::read::Kind;

/// Reports a letter in a script of which the same letter stands elsewhere in another font: they
/// would be one symbol.
pub(super) fn check(texts: &[Text], shapes: &Shapes, diagnostics: &mut Diagnostics) {
    let in_script = |raw: &Raw| shapes.script.iter().any(|place| place.is(&raw.place));
    let raws = || texts.iter().flat_map(|text| &text.raws);
    let mut told: Vec<&str> = Vec::new();
    for raw in raws().filter(|raw| in_script(raw)) {
        let Some(word) = raw.word().filter(|word| !told.contains(word)) else {
            continue;
        };
        let other = raws().find(|other| other.word() == Some(word) && !in_script(other));
        if let Some(other) = other {
            told.push(word);
            diagnostics.push(diag::one_letter_in_two_fonts(raw.place, word, other.place));
        }
    }
    let star = |pair: &&[Raw]| {
        let asterisk = |raw: &Raw| shapes.asterisks.iter().any(|place| place.is(&raw.place));
        pair[0].is(&Kind::Star) && in_script(&pair[1]) && asterisk(&pair[0])
    };
    let convolution = texts
        .iter()
        .find_map(|text| text.raws.windows(2).find(star));
    if let Some(pair) = convolution.filter(|_| raws().any(|raw| raw.is(&Kind::Hadamard))) {
        diagnostics.push(diag::convolution(pair[0].place));
    }
}
