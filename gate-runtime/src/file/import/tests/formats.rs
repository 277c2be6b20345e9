//! Files that are no safetensors.

use std::path::Path;

use super::super::super::{load, load_model};
use super::super::{Import, Matrices};
use super::{lstm, refused};
use crate::cells::Lstm;

fn refusal(name: &str, begin: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, [begin, &[0; 64]].concat()).unwrap();
    let import = Import::new(Matrices::OutputsFirst);
    let error = import.load(&path, &mut lstm()).unwrap_err().to_string();
    // However it is read.
    assert_eq!(load(&path, &mut lstm()).unwrap_err().to_string(), error);
    let cell = load_model::<Lstm<f32>>(&path).unwrap_err().to_string();
    assert_eq!(cell, error);
    error.replace(&format!("{}", folder.path().display()), "FOLDER")
}

/// What they begin with is what the libraries write.
#[test]
fn files_of_other_formats_say_how_to_convert_them() {
    const ZIP: &[u8] = b"PK\x03\x04";
    let known: [(&str, &[u8], &str, &str); 9] = [
        ("a.pt", ZIP, "PyTorch", "torch.load('FOLDER/a.pt', map_loc"),
        (
            "a.pth",
            b"\x80\x02\x8a\x0a",
            "PyTorch",
            "torch.load('FOLDER/a.pth'",
        ),
        ("model.bin", ZIP, "PyTorch", "'FOLDER/model.safetensors')`"),
        (
            "a",
            b"\x80\x02\x8a\x0a",
            "PyTorch",
            "'FOLDER/a.safetensors')`",
        ),
        (
            "a.h5",
            b"\x89HDF\r\n\x1a\n",
            "Keras",
            "load_model('FOLDER/a.h5')",
        ),
        ("a.keras", ZIP, "Keras", "load_model('FOLDER/a.keras')"),
        ("x", b"\x89HDF\r\n\x1a\n", "Keras", "load_model('FOLDER/x')"),
        ("a.ONNX", b"\x08\x0e:", "ONNX", "onnx.load('FOLDER/a.ONNX')"),
        ("a.npz", ZIP, "NumPy", "numpy.load('FOLDER/a.npz')"),
    ];
    for (name, begin, library, line) in known {
        let error = refusal(name, begin);
        let expected = format!("it is a file of {library}, not of safetensors");
        assert!(error.contains(&expected) && error.contains(line), "{error}");
    }
    let quoted = refusal("it's.npz", ZIP);
    assert!(
        quoted.contains(r"numpy.load('FOLDER/it\'s.npz')"),
        "{quoted}"
    );
    let unknown = refusal("a.safetensors", b"nothing");
    assert!(
        unknown.contains("does not begin like a safetensors file"),
        "{unknown}"
    );
}

#[test]
fn bytes_of_other_formats_are_known_by_how_they_begin() {
    let bytes = [b"PK\x03\x04".as_slice(), &[0; 64]].concat();
    let import = Import::new(Matrices::OutputsFirst);
    let parts = ["the byte slice is not", "torch.load('model.pt'"];
    refused(&import, &bytes, &mut lstm(), &parts);
}

/// What a name promises does not matter where the contents are right.
#[test]
fn contents_count_more_than_names() {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("lstm.pt");
    crate::file::save(path, &lstm()).unwrap();
    load(path, &mut lstm()).unwrap();
}
