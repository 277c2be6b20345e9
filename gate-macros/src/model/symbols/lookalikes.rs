//! Two symbols that look the same: `С` typed on a Cyrillic keyboard beside `C`.

use std::collections::BTreeMap;

use crate::diag::{self, Diagnostics};
use crate::model::names::Key;
use crate::model::names::letters::greek;

use super::{Entry, Table};

/// Letters of other alphabets that print as a Latin one does, each above its Latin twin.
const TWINS: &[(&str, &str, &str)] = &[
    ("Cyrillic", "аеорсухіјѕһԁԛԝ", "aeopcyxijshdqw"),
    ("Cyrillic", "АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"),
    ("Greek", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),
];

/// The Latin letter that one of another alphabet looks like, and that alphabet.
fn twin(letter: char) -> Option<(char, &'static str)> {
    TWINS.iter().find_map(|(alphabet, foreign, latin)| {
        let at = foreign.chars().position(|c| c == letter)?;
        Some((latin.chars().nth(at)?, *alphabet))
    })
}

fn latin(text: &str) -> String {
    let letter = |c| twin(c).map_or(c, |(latin, _)| latin);
    text.chars().map(letter).collect()
}

/// A name as it looks.
fn look(key: &Key) -> Key {
    let mut look = key.clone();
    look.base = latin(&key.base);
    let marks = look.subs.iter_mut().chain(&mut look.sups);
    marks.for_each(|mark| *mark = latin(mark));
    look
}

/// The first letter of a name that is not what it looks like, and its alphabet.
fn foreign(name: &str) -> Option<(char, &'static str)> {
    name.chars().find_map(|c| Some((c, twin(c)?.1)))
}

/// A name with letters in the place of the words that name Greek ones, each in its usual form.
fn lettered(key: &Key) -> Key {
    let letter = |text: &mut String| {
        let mut letters = text.chars();
        let only = letters.next().filter(|_| letters.next().is_none());
        if let Some(letter) = greek(text).or(only) {
            *text = usual(letter).to_string();
        }
    };
    let mut lettered = key.clone();
    letter(&mut lettered.base);
    let marks = lettered.subs.iter_mut().chain(&mut lettered.sups);
    marks.for_each(letter);
    lettered
}

/// Whether a name has the name of a Greek letter in it.
fn spells(key: &Key) -> bool {
    let mut parts = std::iter::once(&key.base).chain(&key.subs).chain(&key.sups);
    parts.any(|part| greek(part).is_some())
}

/// The usual form of a letter that has two.
fn usual(letter: char) -> char {
    match letter {
        'ϵ' => 'ε',
        'ϑ' => 'θ',
        'ϕ' => 'φ',
        'ϱ' => 'ρ',
        'ς' => 'σ',
        letter => letter,
    }
}

/// Whether another symbol has the look of this name, or is its Greek letter.
pub(in crate::model) fn has_twin(table: &Table, key: &Key) -> bool {
    let own = (look(key), lettered(key));
    let mut others = table.symbols.iter().map(|entry| &entry.key);
    others.any(|other| other != key && (look(other) == own.0 || lettered(other) == own.1))
}

/// Reports symbols that only their alphabets tell apart, and letters beside their names: `theta`
/// and `θ`.
pub(in crate::model) fn check(table: &Table, diagnostics: &mut Diagnostics) {
    let letters = table.symbols.iter().filter(|entry| !spells(&entry.key));
    let letters: BTreeMap<Key, &Entry> = letters.map(|e| (lettered(&e.key), e)).collect();
    for entry in table.symbols.iter().filter(|entry| spells(&entry.key)) {
        if let Some(letter) = letters.get(&lettered(&entry.key)) {
            let names = (entry.key.printed(), letter.key.printed());
            let message = diag::spelled_letter(entry.place, &names.0, &names.1, letter.place);
            diagnostics.push(message);
        }
    }
    let mut seen: BTreeMap<Key, usize> = BTreeMap::new();
    for (id, entry) in table.symbols.iter().enumerate() {
        let first = *seen.entry(look(&entry.key)).or_insert(id);
        let first = &table.symbols[first];
        if first.key == entry.key {
            continue;
        }
        let (one, two) = (first.key.printed(), entry.key.printed());
        let odd = match foreign(&two) {
            Some(letter) => Some((entry, first, letter)),
            None => foreign(&one).map(|letter| (first, entry, letter)),
        };
        if let Some((odd, other, letter)) = odd {
            let name = odd.key.printed();
            diagnostics.push(diag::lookalike(odd.place, &name, letter, other.place));
        }
    }
}
