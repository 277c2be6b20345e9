//! Cells of the sizes of a file.

use super::super::{Import, Matrices, Source};
use super::{file, gates, lstm, lstm_file, lstm_rules};
use crate as gate_runtime;
use crate::cell::Cell;
use crate::cells::{Lstm, ProjectedLstm, Rnn};

#[test]
fn sizes_follow_from_the_shapes_of_what_is_taken() {
    let (bytes, mut model) = (lstm_file(), lstm());
    lstm_rules().load_bytes(&bytes, &mut model).unwrap();
    let made: Lstm<f32> = lstm_rules().load_cell_bytes(&bytes).unwrap();
    assert_eq!(made.sizes(), model.sizes());
    assert_eq!(made.params(), model.params());

    // The same the other way round, of a file on disk.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rnn.safetensors");
    std::fs::write(
        &path,
        file(&[("W_x", &[4, 6]), ("W_h", &[6, 6]), ("b", &[6])]),
    )
    .unwrap();
    let made: Rnn<f64> = Import::new(Matrices::InputsFirst).load_cell(&path).unwrap();
    assert_eq!(made.sizes(), [4, 6]);
    let turned = Import::new(Matrices::OutputsFirst);
    let turned = turned.take("W_x", Source::new("W_x").as_stored());
    let made: Rnn<f64> = turned.load_cell(&path).unwrap();
    assert_eq!(made.sizes(), [4, 6]);
}

#[test]
fn a_size_may_follow_from_others() {
    let shapes: [(&str, &[usize]); 4] = [
        ("weight_ih", &[28, 3]),
        ("weight_hh", &[28, 2]),
        ("bias", &[28]),
        ("weight_hr", &[2, 7]),
    ];
    let import = Import::new(Matrices::OutputsFirst)
        .split("weight_ih", gates("W_x"))
        .split("weight_hh", gates("W_h"))
        .split("bias", gates("b"))
        .take("W_p", "weight_hr");
    let made: ProjectedLstm<f32> = import.load_cell_bytes(&file(&shapes)).unwrap();
    let size = |name: &str| {
        let index = ProjectedLstm::<f32>::INFO
            .sizes
            .iter()
            .position(|s| s.argument == name);
        made.sizes()[index.unwrap()]
    };
    assert_eq!((size("x"), size("h")), (3, 2));
    assert_eq!(made.sizes().iter().sum::<usize>(), 12);
}

gate_runtime::cell! {
    /// One matrix over both vectors.
    struct Joined {
        h_t = tanh(W * [h_{t-1}, x_t] + b);
    }
}

gate_runtime::cell! {
    /// Whose only parameter is longer than its size.
    struct Longer {
        x_t: [H];
        v: [2H + 1];
        h_t = tanh(x_t .* v[0..H] + h_{t-1});
    }
}

gate_runtime::cell! {
    /// Whose only parameter is half of its size.
    struct Halves {
        x_t: [H];
        w: [H/2];
        (a, b) = chunk(x_t, 2);
        h_t = tanh([w .* a, b] + h_{t-1});
    }
}

#[test]
fn lengths_may_be_sums_of_sizes() {
    let bytes = file(&[("W", &[5, 9]), ("b", &[5])]);
    let made: Joined<f32> = Import::new(Matrices::OutputsFirst)
        .load_cell_bytes(&bytes)
        .unwrap();
    let mut sizes = made.sizes().to_vec();
    sizes.sort_unstable();
    assert_eq!(sizes, [4, 5]);
    let import = Import::new(Matrices::InputsFirst);
    let made: Longer<f32> = import.load_cell_bytes(&file(&[("v", &[7])])).unwrap();
    assert_eq!((made.sizes(), made.params().len()), (&[3][..], 7));
    let made: Halves<f32> = import.load_cell_bytes(&file(&[("w", &[3])])).unwrap();
    assert_eq!((made.sizes(), made.params().len()), (&[6][..], 3));
}

#[test]
fn what_does_not_follow_is_named() {
    let import = Import::new(Matrices::OutputsFirst).take("W", 0.0);
    let text = |import: &Import, bytes: &[u8]| {
        let made = import.load_cell_bytes::<Joined<f32>>(bytes);
        made.unwrap_err().to_string()
    };
    let error = text(&import, &file(&[("b", &[5])]));
    assert!(
        error.starts_with(
            "the size `x` of Joined does not follow from what is taken of the byte slice"
        ),
        "{error}"
    );
    // 2H + 1 is never 6.
    let import = Import::new(Matrices::OutputsFirst);
    let error = import.load_cell_bytes::<Longer<f32>>(&file(&[("v", &[6])]));
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("the size `h` of Longer does not follow"),
        "{error}"
    );
    // What does not fit is refused as by any import.
    let error = text(&import, &file(&[("W", &[5, 9]), ("b", &[6])]));
    assert!(error.contains("shape"), "{error}");
    let error = text(&import, &file(&[("W", &[5, 9]), ("b", &[5]), ("c", &[5])]));
    assert!(error.contains("has a tensor `c`"), "{error}");
    let error = text(
        &import.take("b", "none"),
        &file(&[("W", &[5, 9]), ("c", &[5])]),
    );
    assert!(error.contains("the file has no tensor `none`"), "{error}");
}
