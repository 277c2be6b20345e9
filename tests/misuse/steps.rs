//! Single steps.

use gate_runtime::Cell;
use ndarray::Array2;

use super::{B, H, I, lstm, refused};

#[test]
fn a_step_with_wrong_arrays() {
    let cell = lstm();
    let mut stream = cell.stream(B);
    let (x, wide, tall) = (
        Array2::zeros((B, I)),
        Array2::zeros((B, I + 3)),
        Array2::zeros((B + 1, I)),
    );
    let (mut y, mut short) = (Array2::zeros((B, H)), Array2::zeros((B, H - 1)));
    refused(
        stream.step(&[wide.view()], &mut [y.view_mut()]),
        &["`x", "[3, 4]", "[3, 7]", "axis 1"],
    );
    refused(
        stream.step(&[tall.view()], &mut [y.view_mut()]),
        &["`x", "[3, 4]", "[4, 4]", "axis 0"],
    );
    refused(
        stream.step(&[x.view()], &mut [short.view_mut()]),
        &["`h", "[3, 6]", "[3, 5]", "axis 1"],
    );
    refused(
        stream.step(&[], &mut [y.view_mut()]),
        &["1 input, but 0 were given"],
    );
    refused(
        stream.step(&[x.view()], &mut []),
        &["1 output, but 0 were given"],
    );
    refused(
        stream.set_state(&cell.zero_state(B + 1)),
        &["[3, 6]", "[4, 6]"],
    );
    // Nothing of that moved the state.
    assert_eq!(stream.state().h, cell.zero_state(B).h);
    assert!(stream.step(&[x.view()], &mut [y.view_mut()]).is_ok());
}

#[test]
fn an_allocating_step_with_wrong_arrays() {
    let cell = lstm();
    let mut state = cell.zero_state(B);
    refused(
        cell.step(&[Array2::zeros((B, I + 1)).view()], &mut state),
        &["`x", "4]", "5]"],
    );
    refused(
        cell.step(&[Array2::zeros((B + 1, I)).view()], &mut state),
        &["[4, 6]", "[3, 6]"],
    );
    refused(cell.step(&[], &mut state), &["1 input, but 0 were given"]);
    assert_eq!(state.h, cell.zero_state(B).h);
}

#[test]
fn a_stream_of_no_rows() {
    let mut stream = lstm().stream(0);
    let result = stream.step(
        &[Array2::zeros((1, I)).view()],
        &mut [Array2::zeros((0, H)).view_mut()],
    );
    refused(result, &["`x", "[0, 4]", "[1, 4]"]);
    assert!(
        stream
            .step(
                &[Array2::zeros((0, I)).view()],
                &mut [Array2::zeros((0, H)).view_mut()]
            )
            .is_ok()
    );
}
