//! A fused function in two halves.
//!
//! Takes: a [`MapFn`]. Gives: [`Halves`], if it takes a slow function of a slow function, as LSTM's
//! `tanh(c)`: then the processor would wait, for each position, through both; in halves it does
//! one position's second while the next one's first is under way.

use crate::ir::{Binary, Unary};

use super::schedule::{MapFn, Scalar, Value};

/// The most values that the first half can hand over; `CARRIED` in the runtime.
pub(crate) const CARRIED: usize = 8;
/// Outputs that the runtime's bits can name.
const OUTPUTS: usize = 64;

/// How a function falls into halves.
#[derive(Debug)]
pub(crate) struct Halves {
    /// Whether a line is in the second half.
    pub(crate) late: Vec<bool>,
    /// What the second half takes from the first.
    pub(crate) carried: Vec<Value>,
}

impl Halves {
    /// Whether a value is computed in the second half.
    pub(crate) fn is_late(&self, value: Value) -> bool {
        matches!(value, Value::Line(i) if self.late[i])
    }
}

/// The halves of a function, if it is worth them.
pub(crate) fn halves(map: &MapFn) -> Option<Halves> {
    let levels = levels(map);
    let depth = levels.iter().copied().max().filter(|&depth| depth > 1)?;
    let slow: Vec<usize> = (0..map.lines.len())
        .filter(|&i| is_slow(map.lines[i].op))
        .map(|i| levels[i])
        .collect();
    // The first half has at least half of the slow functions.
    let early = |cut: usize| slow.iter().filter(|&&level| level <= cut).count();
    let cut = (1..depth).find(|&cut| 2 * early(cut) >= slow.len())?;
    let late: Vec<bool> = levels.iter().map(|&level| level > cut).collect();
    let of = |value: &Value| matches!(value, Value::Line(i) if late[*i]);
    let mut carried = Vec::new();
    for (line, _) in map.lines.iter().zip(&late).filter(|(_, late)| **late) {
        for value in &line.args {
            let number = matches!(value, Value::Number(_));
            if !number && !of(value) && !carried.contains(value) {
                carried.push(*value);
            }
        }
    }
    let fits = carried.len() <= CARRIED && map.outputs.len() <= OUTPUTS;
    let wanted = map.outputs.iter().any(of);
    (fits && wanted).then_some(Halves { late, carried })
}

/// How many slow functions stand one upon the other in each line.
fn levels(map: &MapFn) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::new();
    for line in &map.lines {
        let below = line.args.iter().map(|value| match value {
            Value::Line(i) => levels[*i],
            _ => 0,
        });
        levels.push(below.max().unwrap_or(0) + usize::from(is_slow(line.op)));
    }
    levels
}

/// Functions of many operations, each of which waits for the one before.
fn is_slow(op: Scalar) -> bool {
    match op {
        Scalar::Unary(op) => !matches!(
            op,
            Unary::Neg
                | Unary::Relu
                | Unary::Sqrt
                | Unary::Recip
                | Unary::Square
                | Unary::Abs
                | Unary::Sign
        ),
        Scalar::Binary(op) => op == Binary::Pow,
        Scalar::Select(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::schedule::Line;
    use super::*;

    fn line(op: Scalar, args: &[Value]) -> Line {
        Line {
            name: "v".to_owned(),
            numbered: false,
            op,
            args: args.to_vec(),
            origin: None,
        }
    }

    #[test]
    fn the_output_of_an_lstm_is_late() {
        use Value::{Input, Line as Of};
        let (sigmoid, tanh) = (Scalar::Unary(Unary::Sigmoid), Scalar::Unary(Unary::Tanh));
        let (add, mul) = (Scalar::Binary(Binary::Add), Scalar::Binary(Binary::Mul));
        let mut map = MapFn {
            inputs: ["f", "i", "o", "g", "c"].map(str::to_owned).to_vec(),
            lines: vec![
                line(sigmoid, &[Input(0)]),
                line(sigmoid, &[Input(1)]),
                line(sigmoid, &[Input(2)]),
                line(tanh, &[Input(3)]),
                line(mul, &[Of(0), Input(4)]),
                line(mul, &[Of(1), Of(3)]),
                line(add, &[Of(4), Of(5)]),
                line(tanh, &[Of(6)]),
                line(mul, &[Of(2), Of(7)]),
            ],
            outputs: vec![Of(6), Of(8)],
            per: None,
        };
        let found = halves(&map).expect("two halves");
        assert_eq!(
            found.late,
            [false, false, false, false, false, false, false, true, true]
        );
        assert_eq!(found.carried, [Of(6), Of(2)]);
        assert!(!found.is_late(Of(6)) && found.is_late(Of(8)) && !found.is_late(Input(0)));
        // Without the late output there is nothing to be late.
        map.outputs.pop();
        map.lines.truncate(7);
        assert!(halves(&map).is_none());
    }
}
