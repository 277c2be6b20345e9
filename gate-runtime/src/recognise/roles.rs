//! What gates are for, and in which order libraries store them.
//!
//! Takes: a cell and a known one in the same normal form. Gives: for each named value of the one
//! the part that it plays in the other.

use std::fmt;

use super::Known;
use super::build::Form;
use super::canon::Canon;

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
const GRU_ORDERS: &[(&str, &str)] = &[("PyTorch", "r z n"), ("Keras", "z r n"), ("ONNX", "z r n")];

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

/// The order, where all gates of the family are there.
pub(super) fn order(family: &str, gates: &[GateRole]) -> Option<GateOrder> {
    let mut letters: Vec<char> = Vec::new();
    for gate in gates {
        if !letters.contains(&gate.letter) {
            letters.push(gate.letter);
        }
    }
    let libraries = match (family, letters.len()) {
        ("lstm", 4) => LSTM_ORDERS,
        ("gru", 3) => GRU_ORDERS,
        _ => return None,
    };
    let letters: Vec<String> = letters.into_iter().map(String::from).collect();
    Some(GateOrder {
        written: letters.join(" "),
        libraries,
    })
}

/// `f i g o as written; PyTorch and Keras store i f g o, ONNX i o f g`
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
        write!(f, "{} as written; {}", self.written, each.join(", "))
    }
}
