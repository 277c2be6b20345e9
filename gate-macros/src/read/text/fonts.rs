//! Fonts that make another letter: `\mathcal{W}` beside `W`.

use super::raw::Raw;
use super::words::Text;
use crate::diag::{self, Diagnostics, Place};

/// Reports a letter in a script of which the same letter stands elsewhere in another font: they
/// would be one symbol. `scripts`: the places of the former.
pub(super) fn check(texts: &[Text], scripts: &[Place], diagnostics: &mut Diagnostics) {
    let in_script = |raw: &Raw| scripts.iter().any(|place| place.is(&raw.place));
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
}
