//! How symbols are spelled: as a Rust identifier, as plain text, as LaTeX.

use super::letters::{command, decompose, greek, is_accent};
use super::written::{Key, subscript};

/// Words that cannot be identifiers, variants that every pattern knows, and `rng`, which every
/// constructor takes.
const RESERVED: &[&str] = &[
    "Err", "None", "Ok", "Some", "_", "abstract", "as", "async", "await", "become", "box", "break",
    "const", "continue", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn",
    "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "rng", "self", "Self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// Methods that every cell or its gradients have, which a view of a symbol must not hide.
const METHODS: &[&str] = &[
    "backward",
    "clone",
    "forward",
    "from_instance",
    "from_parts",
    "hypers",
    "input",
    "input_width",
    "instance",
    "instance_mut",
    "new",
    "output_width",
    "params",
    "params_mut",
    "parts",
    "parts_mut",
    "predict",
    "record",
    "recorded_bytes",
    "sizes",
    "state",
    "step",
    "stream",
    "tape_bytes",
    "with_sizes",
    "zero",
    "zero_grads",
    "zero_state",
];

/// LaTeX commands of accents: on one letter, on several.
const ACCENTS: &[(char, &str, &str)] = &[
    ('\u{300}', "grave", "grave"),
    ('\u{301}', "acute", "acute"),
    ('\u{302}', "hat", "widehat"),
    ('\u{303}', "tilde", "widetilde"),
    ('\u{304}', "bar", "overline"),
    ('\u{305}', "bar", "overline"),
    ('\u{306}', "breve", "breve"),
    ('\u{307}', "dot", "dot"),
    ('\u{308}', "ddot", "ddot"),
    ('\u{30c}', "check", "check"),
    ('\u{20d7}', "vec", "vec"),
];

/// The identifier of a name: base and labels joined by `_`.
pub(in crate::model) fn ident(key: &Key) -> String {
    let mut parts = vec![part(&key.base)];
    parts.extend(key.subs.iter().chain(&key.sups).map(|label| part(label)));
    parts.extend(key.timed.then(|| "t".to_owned()));
    match key.primes {
        0 => {}
        1 => parts.push("prime".to_owned()),
        count => parts.push(format!("prime{count}")),
    }
    parts.retain(|part| !part.is_empty());
    reserve(parts.join("_"))
}

/// The identifier of a name that becomes a method of the cell or of its gradients.
pub(in crate::model) fn method(key: &Key) -> String {
    let mut ident = ident(key);
    if METHODS.contains(&ident.as_str()) {
        ident.push('_');
    }
    ident
}

/// An identifier that is no keyword.
pub(super) fn reserve(mut ident: String) -> String {
    let begins = ident
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    if !begins {
        ident.insert_str(0, "s_");
    }
    if RESERVED.contains(&ident.as_str()) {
        ident.push('_');
    }
    ident
}

/// What of a text can stand in an identifier.
fn part(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '+' => out.push_str("plus"),
            '-' => out.push_str("minus"),
            '*' => out.push_str("star"),
            '\'' => out.push_str("prime"),
            ',' | '_' => out.push('_'),
            '⁰' | '₀' => out.push('0'),
            '¹' | '₁' => out.push('1'),
            '²' | '₂' => out.push('2'),
            '³' | '₃' => out.push('3'),
            c if is_ident_char(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// Letters that Rust takes in identifiers: of Latin, Greek and Cyrillic script, letter-like
/// symbols, mathematical alphabets, accents.
fn is_ident_char(c: char) -> bool {
    match c {
        '0'..='9' => true,
        '\u{300}'..='\u{36f}' => true,
        '\u{0}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' => c.is_alphabetic(),
        'ℓ' | 'ℏ' | 'ℎ' | 'ℝ' | 'ℂ' | 'ℕ' | 'ℤ' | 'ℚ' => true,
        '\u{1d400}'..='\u{1d7ff}' => c.is_alphabetic(),
        _ => false,
    }
}

/// Plain text, with a time index where there is a delay: `h_{t-1}`, `W_x^(f)`.
pub(in crate::model) fn plain(key: &Key, delay: Option<usize>) -> String {
    let mut out = key.base.clone();
    out.extend((0..key.primes).map(|_| '\''));
    key.subs
        .iter()
        .for_each(|sub| out.push_str(&subscript(sub)));
    match delay.or(key.timed.then_some(0)) {
        None => {}
        Some(0) => out.push_str("_t"),
        Some(delay) => out.push_str(&format!("_{{t-{delay}}}")),
    }
    key.sups
        .iter()
        .for_each(|sup| out.push_str(&format!("^({sup})")));
    out
}

/// LaTeX, with a time index where there is a delay.
pub(in crate::model) fn latex(key: &Key, delay: Option<usize>) -> String {
    let mut out = base(&key.base);
    out.extend((0..key.primes).map(|_| '\''));
    let mut subs: Vec<String> = key.subs.iter().map(|sub| label(sub)).collect();
    match delay.or(key.timed.then_some(0)) {
        None => {}
        Some(0) => subs.push("t".to_owned()),
        Some(delay) => subs.push(format!("t-{delay}")),
    }
    match &subs.join(",")[..] {
        "" => {}
        one if one.chars().count() == 1 => out.push_str(&format!("_{one}")),
        many => out.push_str(&format!("_{{{many}}}")),
    }
    let sups: Vec<String> = key.sups.iter().map(|sup| label(sup)).collect();
    if !sups.is_empty() {
        out.push_str(&format!("^{{({})}}", sups.join(",")));
    }
    out
}

/// The letter that a word in lower case names: `Pi` beside `Pf` is a word, not a letter.
fn small_greek(word: &str) -> Option<char> {
    greek(word).filter(|_| word.chars().all(char::is_lowercase))
}

/// A label: words of more than two letters upright, Greek letters as commands. Two letters are
/// letters: `W_{xi}` leads from `x` to `i`, `ξ` is written as such.
fn label(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let escaped = text.replace('_', "\\_");
    match small_greek(text) {
        Some(_) if letters > 2 => format!("\\{text}"),
        _ if letters > 2 => format!("\\mathrm{{{escaped}}}"),
        _ => text.chars().map(letter).collect(),
    }
}

/// A letter, Greek ones as commands.
fn letter(c: char) -> String {
    match command(c) {
        Some(command) => format!("\\{command}"),
        None => c.to_string(),
    }
}

/// The base of a name with its accents as commands.
fn base(text: &str) -> String {
    let mut letters: Vec<char> = Vec::new();
    let mut accents: Vec<char> = Vec::new();
    for c in text.chars() {
        if is_accent(c) {
            accents.push(c);
        } else {
            let (plain, accent) = decompose(c);
            letters.push(plain);
            accents.extend(accent);
        }
    }
    accents.dedup();
    let word: String = letters.iter().collect();
    let many = letters.len() > 1;
    let plain = match (&letters[..], small_greek(&word)) {
        (_, Some(_)) if many => format!("\\{word}"),
        ([c], _) => letter(*c),
        (['Δ', rest @ ..], _) => format!("\\Delta {}", rest.iter().collect::<String>()),
        (['δ', rest @ ..], _) => format!("\\delta {}", rest.iter().collect::<String>()),
        _ => format!("\\mathrm{{{}}}", word.replace('_', "\\_")),
    };
    accents.iter().fold(plain, |inner, accent| {
        let found = ACCENTS.iter().find(|(c, _, _)| c == accent);
        match found {
            Some((_, one, _)) if !many || small_greek(&word).is_some() => {
                format!("\\{one}{{{inner}}}")
            }
            Some((_, _, several)) => format!("\\{several}{{{inner}}}"),
            None => inner,
        }
    })
}

/// A size's name as an argument of the constructor.
pub(in crate::model) fn argument(name: &str) -> String {
    reserve(part(name).to_lowercase())
}
