//! What gates are for, and in which order libraries store them.
//!
//! Takes: a cell and a known one in the same normal form. Gives: for each named value of the one
//! the part that it plays in the other.

use std::fmt;

use super::Known;
use super::build::Form;
use super::canon::Canon;
use crate::cells::Entry;

/// The part that a named value plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateRole {
    /// Index in the cell's symbols.
    pub symbol: usize,
    /// As the literature calls it: "forget gate".
    pub role: &'static str,
    /// Its usual letter.
    pub letter: char,
}

/// The order of gates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateOrder {
    /// As the definition writes them, by their usual letters: `"f i g o"`.
    pub written: String,
    /// Which libraries store them in which order.
    pub libraries: &'static [(&'static str, &'static str)],
    /// Gates whose complement libraries store: their z is 1 − z here, so that its weights and biases
    /// change their signs.
    pub complements: Vec<char>,
}

/// What the ready-made cells of a family call their gates.
const ROLES: [(&str, &str, char, &str); 8] = [
    ("lstm", "f", 'f', "forget gate"),
    ("lstm", "i", 'i', "input gate"),
    ("lstm", "g", 'g', "candidate"),
    ("lstm", "o", 'o', "output gate"),
    ("gru", "r", 'r', "reset gate"),
    ("gru", "z", 'z', "update gate"),
    ("gru", "n", 'n', "candidate"),
    ("gru", "h̃", 'n', "candidate"),
];

/// Orders in which libraries store the gates of all four and all three letters.
const LSTM_ORDERS: &[(&str, &str)] = &[
    ("PyTorch", "i f g o"),
    ("Keras", "i f g o"),
    ("ONNX", "i o f g"),
];
/// With the reset gate before the product (PyTorch has no such cell), and after it.
const GRU_ORDERS: [&[(&str, &str)]; 2] = [
    &[
        ("Keras (reset_after=False)", "z r n"),
        ("ONNX (linear_before_reset=0)", "z r n"),
    ],
    &[
        ("PyTorch", "r z n"),
        ("Keras (reset_after=True)", "z r n"),
        ("ONNX (linear_before_reset=1)", "z r n"),
    ],
];

/// The parts of a form's named values, in their order.
pub(super) fn roles(known: &Known, form: &Form, own: &Canon) -> Vec<GateRole> {
    let info = known.entry.info;
    let theirs: Vec<(u64, char, &'static str)> = known
        .form
        .named
        .iter()
        .filter_map(|&(symbol, value)| {
            let ident = info.symbols[symbol].ident;
            let fits = |r: &&(&str, &str, char, &str)| r.0 == known.entry.family && r.1 == ident;
            let &(_, _, letter, role) = ROLES.iter().find(fits)?;
            Some((known.canon.of(value)?, letter, role))
        })
        .collect();
    let named = form.named.iter();
    named
        .filter_map(|&(symbol, value)| {
            let colour = own.of(value)?;
            let &(_, letter, role) = theirs.iter().find(|(c, ..)| *c == colour)?;
            Some(GateRole {
                symbol,
                role,
                letter,
            })
        })
        .collect()
}

/// With the parts of exchanged gates, which stand where their complements do in the known cell:
/// each has the one part of the family that no other gate plays. `place` is the definition's order.
pub(super) fn with_exchanged(
    family: &str,
    mut gates: Vec<GateRole>,
    exchanged: &[usize],
    place: impl Fn(usize) -> Option<usize>,
) -> Vec<GateRole> {
    for &symbol in exchanged {
        let free = |r: &&(&str, &str, char, &str)| {
            r.0 == family && gates.iter().all(|gate| gate.letter != r.2)
        };
        let mut parts = ROLES.iter().filter(free);
        let known = gates.iter().any(|gate| gate.symbol == symbol);
        if let (false, Some(&(_, _, letter, role)), None) = (known, parts.next(), parts.next()) {
            gates.push(GateRole {
                symbol,
                role,
                letter,
            });
        }
    }
    gates.sort_by_key(|gate| place(gate.symbol));
    gates
}

/// The order, where all gates are there; `exchanged` are symbols.
pub(super) fn order(known: &Entry, gates: &[GateRole], exchanged: &[usize]) -> Option<GateOrder> {
    let mut letters: Vec<char> = Vec::new();
    for gate in gates {
        if !letters.contains(&gate.letter) {
            letters.push(gate.letter);
        }
    }
    // Of these two the first renews with z what libraries keep.
    let (libraries, mut complements) = match (known.family, known.info.name, letters.len()) {
        ("lstm", _, 4) => (LSTM_ORDERS, vec![]),
        ("gru", "Gru", 3) => (GRU_ORDERS[0], vec!['z']),
        ("gru", "GruResetAfter", 3) => (GRU_ORDERS[1], vec![]),
        _ => return None,
    };
    for gate in gates.iter().filter(|gate| exchanged.contains(&gate.symbol)) {
        match complements.iter().position(|letter| *letter == gate.letter) {
            Some(at) => drop(complements.remove(at)),
            None => complements.push(gate.letter),
        }
    }
    let letters: Vec<String> = letters.into_iter().map(String::from).collect();
    Some(GateOrder {
        written: letters.join(" "),
        libraries,
        complements,
    })
}

/// `f i g o as written; i f g o in PyTorch and Keras, i o f g in ONNX`
impl fmt::Display for GateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut orders: Vec<(&str, Vec<&str>)> = Vec::new();
        for &(library, order) in self.libraries {
            match orders.iter_mut().find(|(o, _)| *o == order) {
                Some((_, names)) => names.push(library),
                None => orders.push((order, vec![library])),
            }
        }
        let each = orders
            .iter()
            .map(|(order, names)| format!("{order} in {}", names.join(" and ")));
        let each: Vec<String> = each.collect();
        write!(f, "{} as written; {}", self.written, each.join(", "))?;
        self.complements.iter().try_for_each(|gate| {
            write!(
                f,
                ", where {gate} is 1 - {gate} of this cell: its weights and biases change sign"
            )
        })
    }
}
