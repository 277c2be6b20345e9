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
}

#[test]
fn errors_stay_small() {
    assert!(
        std::mem::size_of::<Error>() <= 128,
        "{}",
        std::mem::size_of::<Error>()
    );
}
