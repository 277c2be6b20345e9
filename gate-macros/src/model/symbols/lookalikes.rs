//! Two symbols that look the same: `С` typed on a Cyrillic keyboard beside `C`.

use std::collections::BTreeMap;

use crate::diag::{self, Diagnostics};
use crate::model::names::Key;

use super::Table;

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

/// Whether another symbol has the look of this name.
pub(in crate::model) fn has_twin(table: &Table, key: &Key) -> bool {
    let own = look(key);
    let mut others = table.symbols.iter().map(|entry| &entry.key);
    others.any(|other| other != key && look(other) == own)
}

/// Reports symbols that only their alphabets tell apart.
pub(in crate::model) fn check(table: &Table, diagnostics: &mut Diagnostics) {
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
