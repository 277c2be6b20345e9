use super::Error;
use super::text::difference;

#[test]
fn a_shape_error_names_symbol_sizes_and_axis() {
    let error = Error::Shape {
        cell: "Lstm",
        symbol: "x_t",
        expected: vec![7, 2, 12],
        found: vec![7, 2, 13],
    };
    let text = error.to_string();
    assert_eq!(
        text,
        "`x_t` of Lstm must have shape [7, 2, 12], but has [7, 2, 13]: axis 2 is 13 instead of 12"
    );
}

#[test]
fn a_different_number_of_axes_is_said() {
    assert_eq!(difference(&[1, 2], &[1, 2, 3]), "3 axes instead of 2");
    assert_eq!(difference(&[1, 2], &[1]), "1 axis instead of 2");
}

#[test]
fn one_is_no_plural() {
    let cell = "Lstm";
    let (row, label, classes) = (3, 1, 1);
    let label = Error::Label {
        row,
        label,
        classes,
    };
    let empty = Error::Empty {
        cell,
        steps: 1,
        batch: 0,
    };
    let states = Error::StackStates {
        cell,
        layers: 1,
        found: 2,
    };
    let lengths = Error::LengthCount {
        expected: 2,
        found: 1,
    };
    for (error, part) in [
        (label, "has label 1, but there is 1 class; labels"),
        (empty, "has 1 step of 0 rows; it needs"),
        (
            states,
            "a stack of 1 layer of Lstm starts from a state for each, but 2 were given",
        ),
        (lengths, "1 length was given for a batch of 2 rows"),
    ] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn errors_stay_small() {
    assert!(
        std::mem::size_of::<Error>() <= 128,
        "{}",
        std::mem::size_of::<Error>()
    );
}
