//! Elements of a file that no rule takes.

use super::super::{Import, Matrices, Source};
use super::{file, generator, refused};
use crate::cells::Rnn;

fn rnn() -> Rnn<f32> {
    Rnn::new(2, 3, &mut generator(1)).unwrap()
}

#[test]
fn a_part_that_no_rule_takes_is_named() {
    let bytes = file(&[("W_x", &[2, 3]), ("W_h", &[2, 3, 3]), ("b", &[7])]);
    let direction = Source::new("W_h").at(0);
    let import = Import::new(Matrices::InputsFirst).take("W_h", direction);
    let middle = Source::new("b").slice(0, 2..5);
    let middle = import.clone().take("b", middle);
    let expected =
        "no rule takes 9 of the 18 elements, from [1, 0, 0] to [1, 2, 2], of tensor `W_h` of";
    refused(
        &middle,
        &bytes,
        &mut rnn(),
        &[expected, "`ignore` the tensor"],
    );
    let b = "4 of the 7 elements, from [0] to [6], of tensor `b` of the byte slice";
    refused(&middle.clone().ignore("W_h"), &bytes, &mut rnn(), &[b]);

    let mut model = rnn();
    let import = middle.ignore("W_h").ignore("b");
    import.load_bytes(&bytes, &mut model).unwrap();
    assert_eq!(model.b(), ndarray::arr1(&[2.0, 3.0, 4.0]));
}

/// Several rules may share a tensor, also twice, and parts of parts are of the whole.
#[test]
fn parts_of_all_rules_are_taken_together() {
    let bytes = file(&[("W_x", &[2, 3]), ("W", &[2, 3, 4]), ("b", &[2, 6])]);
    let half = |k: usize| Source::new("b").slice(1, 3 * k..3 * k + 3);
    let sum = half(0).at(0).plus(half(1).at(0));
    let sum = sum.plus(half(0).at(1).times(2.0)).plus(half(1).at(1));
    let last = Source::new("W").at(1);
    let both = last.clone().slice(1, 0..3).plus(last.slice(1, 1..4));
    let import = Import::new(Matrices::InputsFirst).take("b", sum);
    let import = import.take("W_h", both);
    let expected = "12 of the 24 elements, from [0, 0, 0] to [0, 2, 3], of tensor `W`";
    refused(&import, &bytes, &mut rnn(), &[expected]);
    let other = Source::new("W").at(0).slice(1, 0..3).times(0.0);
    let rest = Source::new("W").at(0).slice(1, 1..4).times(0.0);
    let last = Source::new("W").at(1);
    let both = last.clone().slice(1, 0..3).plus(last.slice(1, 1..4));
    let all = both.plus(other).plus(rest);
    let sum = half(0).at(0).plus(half(1).at(0));
    let sum = sum.plus(half(0).at(1).times(2.0)).plus(half(1).at(1));
    let import = Import::new(Matrices::InputsFirst).take("b", sum);
    let import = import.take("W_h", all);
    let mut model = rnn();
    import.load_bytes(&bytes, &mut model).unwrap();
    assert_eq!(
        model.b(),
        ndarray::arr1(&[
            0.0 + 3.0 + 12.0 + 9.0,
            1.0 + 4.0 + 14.0 + 10.0,
            2.0 + 5.0 + 16.0 + 11.0
        ])
    );
}
