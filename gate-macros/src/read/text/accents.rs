//! Accents: one spelling for each accented letter, however it was written.
//!
//! Identifiers arrive from Rust in composed form (NFC), so a letter that has a composed form
//! with its accent takes it, and others keep the accent as a combining character.

/// Accents as combining characters, and the letters that have a composed form with them.
const COMPOSED: &[(char, &str, &str)] = &[
    ('\u{300}', "aeinouwyAEINOUWY", "àèìǹòùẁỳÀÈÌǸÒÙẀỲ"),
    (
        '\u{301}',
        "acegiklmnoprsuwyzACEGIKLMNOPRSUWYZ",
        "áćéǵíḱĺḿńóṕŕśúẃýźÁĆÉǴÍḰĹḾŃÓṔŔŚÚẂÝŹ",
    ),
    (
        '\u{302}',
        "aceghijosuwyzACEGHIJOSUWYZ",
        "âĉêĝĥîĵôŝûŵŷẑÂĈÊĜĤÎĴÔŜÛŴŶẐ",
    ),
    ('\u{303}', "aeinouvyAEINOUVY", "ãẽĩñõũṽỹÃẼĨÑÕŨṼỸ"),
    ('\u{304}', "aegiouyAEGIOUY", "āēḡīōūȳĀĒḠĪŌŪȲ"),
    ('\u{306}', "aegiouAEGIOU", "ăĕğĭŏŭĂĔĞĬŎŬ"),
    (
        '\u{307}',
        "abcdefghmnoprstwxyzABCDEFGHIMNOPRSTWXYZ",
        "ȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏżȦḂĊḊĖḞĠḢİṀṄȮṖṘṠṪẆẊẎŻ",
    ),
    ('\u{308}', "aehiotuwxyAEHIOUWXY", "äëḧïöẗüẅẍÿÄËḦÏÖÜẄẌŸ"),
    ('\u{30a}', "auwyAU", "åůẘẙÅŮ"),
    (
        '\u{30c}',
        "acdeghijklnorstuzACDEGHIKLNORSTUZ",
        "ǎčďěǧȟǐǰǩľňǒřšťǔžǍČĎĚǦȞǏǨĽŇǑŘŠŤǓŽ",
    ),
];

/// Commands that put an accent on their argument.
const COMMANDS: &[(&str, char)] = &[
    ("tilde", '\u{303}'),
    ("widetilde", '\u{303}'),
    ("hat", '\u{302}'),
    ("widehat", '\u{302}'),
    ("bar", '\u{304}'),
    ("overline", '\u{304}'),
    ("vec", '\u{20d7}'),
    ("overrightarrow", '\u{20d7}'),
    ("dot", '\u{307}'),
    ("ddot", '\u{308}'),
    ("check", '\u{30c}'),
    ("widecheck", '\u{30c}'),
    ("breve", '\u{306}'),
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("mathring", '\u{30a}'),
    ("underline", '\u{332}'),
];

/// The accent of a command.
pub(super) fn command(name: &str) -> Option<char> {
    COMMANDS
        .iter()
        .find(|(command, _)| *command == name)
        .map(|&(_, accent)| accent)
}

/// Whether a character is an accent on the letter before it.
pub(super) fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Appends an accent to the letters before it: in composed form where the last one has it.
pub(super) fn push(text: &mut String, accent: char) {
    // A line over a letter is a bar, however long.
    let accent = if accent == '\u{305}' {
        '\u{304}'
    } else {
        accent
    };
    let composed = text
        .chars()
        .next_back()
        .and_then(|letter| compose(letter, accent));
    match composed {
        Some(letter) => {
            text.pop();
            text.push(letter);
        }
        None => text.push(accent),
    }
}

/// The same accent on each letter of a word.
pub(super) fn on_each(word: &str, accent: char) -> String {
    let mut out = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        while let Some(own) = letters.next_if(|c| is_combining(*c)) {
            out.push(own);
        }
        if letter.is_alphabetic() {
            push(&mut out, accent);
        }
    }
    out
}

/// The number of letters, accents not counted.
pub(super) fn letters(word: &str) -> usize {
    word.chars().filter(|c| !is_combining(*c)).count()
}

fn compose(letter: char, accent: char) -> Option<char> {
    let (_, plain, composed) = COMPOSED.iter().find(|(own, _, _)| *own == accent)?;
    let at = plain.chars().position(|c| c == letter)?;
    composed.chars().nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_composed_letter_has_its_plain_one() {
        for (accent, plain, composed) in COMPOSED {
            assert_eq!(
                plain.chars().count(),
                composed.chars().count(),
                "{accent:?}"
            );
            assert!(plain.is_ascii() && composed.chars().all(|c| !c.is_ascii()));
        }
    }

    #[test]
    fn accents_compose_where_they_can() {
        assert_eq!(on_each("n", '\u{303}'), "ñ");
        assert_eq!(on_each("h", '\u{303}'), "h\u{303}");
        assert_eq!(on_each("h", '\u{302}'), "ĥ");
        assert_eq!(on_each("Δt", '\u{304}'), "Δ\u{304}t\u{304}");
        assert_eq!(on_each("h\u{303}", '\u{302}'), "h\u{303}\u{302}");
        let mut text = "h".to_owned();
        push(&mut text, '\u{305}');
        assert_eq!(text, "h\u{304}");
    }
}
