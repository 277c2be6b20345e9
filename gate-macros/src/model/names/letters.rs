//! What a letter suggests: the conventions of printed mathematics.

use crate::read::GREEK;

/// The sort of letter that a name begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Letter {
    /// `α`, `alpha`, and step sizes such as `Δt`, `dt` and `Δ`.
    LowerGreek,
    LowerLatin,
    Capital,
}

/// Precomposed letters that carry an accent of mathematics.
const COMPOSED: &[(char, &str, &str)] = &[
    ('\u{303}', "ãẽĩñõũṽỹ", "aeinouvy"),
    ('\u{303}', "ÃẼĨÑÕŨṼỸ", "AEINOUVY"),
    ('\u{302}', "âĉêĝĥîĵôŝûŵŷẑ", "aceghijosuwyz"),
    ('\u{302}', "ÂĈÊĜĤÎĴÔŜÛŴŶẐ", "ACEGHIJOSUWYZ"),
    ('\u{304}', "āēḡīōūȳ", "aegiouy"),
    ('\u{304}', "ĀĒḠĪŌŪȲ", "AEGIOUY"),
    ('\u{307}', "ȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏż", "abcdefghmnoprstwxyz"),
    ('\u{308}', "äëḧïöẗüẅẍÿ", "aehiotuwxy"),
];

/// The Greek letter that a word spells.
pub(in crate::model) fn greek(word: &str) -> Option<char> {
    GREEK
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, letter)| letter)
}

/// The LaTeX command of a Greek letter, without the backslash.
pub(in crate::model) fn command(letter: char) -> Option<&'static str> {
    GREEK
        .iter()
        .find(|&&(_, c)| c == letter)
        .map(|&(name, _)| name)
}

/// A letter without its accent, and the accent as a combining character.
pub(in crate::model) fn decompose(letter: char) -> (char, Option<char>) {
    if letter.is_ascii() {
        return (letter, None);
    }
    for (accent, composed, plain) in COMPOSED {
        if let Some(at) = composed.chars().position(|c| c == letter) {
            return (plain.chars().nth(at).unwrap_or(letter), Some(*accent));
        }
    }
    (letter, None)
}

/// A text with every accent as a character of its own, for comparing.
pub(in crate::model) fn decomposed(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let (plain, accent) = decompose(c);
            std::iter::once(plain).chain(accent)
        })
        .collect()
}

/// Whether a character is an accent on the one before it.
pub(super) fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}')
}

/// A base without any accent: `h̃` → `h`.
pub(in crate::model) fn plain(base: &str) -> String {
    base.chars()
        .filter(|c| !is_accent(*c))
        .map(|c| decompose(c).0)
        .collect()
}

/// The sort of letter that a base begins with.
pub(in crate::model) fn letter(base: &str) -> Letter {
    let plain = plain(base);
    let mut chars = plain.chars();
    let first = greek(&plain).or(chars.next()).unwrap_or('x');
    if matches!(&*plain, "Δ" | "Delta" | "dt") {
        return Letter::LowerGreek;
    }
    if matches!(first, 'Δ' | 'δ') && greek(&plain).is_none() {
        match chars.next() {
            // A change is what it is a change of: `ΔW`.
            Some(c) if c.is_uppercase() => return Letter::Capital,
            Some(_) => return Letter::LowerGreek,
            None => {}
        }
    }
    match (matches!(first, '\u{370}'..='\u{3ff}'), first.is_uppercase()) {
        (_, true) => Letter::Capital,
        (true, false) => Letter::LowerGreek,
        (false, false) => Letter::LowerLatin,
    }
}
