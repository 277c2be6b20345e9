//! Files of other formats, and how to convert them.

use super::Origin;

/// Who writes a format.
#[derive(Clone, Copy)]
enum Format {
    PyTorch,
    Keras,
    Onnx,
    NumPy,
}

/// What to say about contents that are no safetensors, if they are known.
pub(super) fn reason(origin: &Origin, bytes: &[u8]) -> Option<String> {
    let format = Format::of(&extension(origin), bytes)?;
    let (library, example) = format.names();
    let (from, to) = match origin {
        Origin::File(path) => (path.clone(), path.with_extension("safetensors")),
        Origin::Bytes => (example.into(), "model.safetensors".into()),
    };
    let (from, to) = (quoted(&from), quoted(&to));
    Some(format!(
        "it is a file of {library}, not of safetensors; convert it in Python, {}, and take the tensors \
         by `Import`",
        format.line(&from, &to)
    ))
}

/// In lower case, without the dot.
fn extension(origin: &Origin) -> String {
    let Origin::File(path) = origin else {
        return String::new();
    };
    let extension = path.extension().unwrap_or_default();
    extension.to_string_lossy().to_lowercase()
}

/// As Python writes a text.
fn quoted(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

impl Format {
    /// By how the contents begin, else by the name: ONNX begins like anything.
    fn of(extension: &str, bytes: &[u8]) -> Option<Self> {
        const ZIP: &[u8] = b"PK\x03\x04";
        const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
        // Protocol 2, and a long integer: how `torch.save` began before it wrote archives.
        const PICKLE: &[u8] = b"\x80\x02\x8a\x0a";
        match extension {
            _ if bytes.starts_with(HDF5) => Some(Format::Keras),
            _ if bytes.starts_with(PICKLE) => Some(Format::PyTorch),
            "keras" | "h5" | "hdf5" => Some(Format::Keras),
            "npz" => Some(Format::NumPy),
            "onnx" => Some(Format::Onnx),
            "pt" | "pth" => Some(Format::PyTorch),
            _ if bytes.starts_with(ZIP) => Some(Format::PyTorch),
            _ => None,
        }
    }

    /// Its library, and what a file of it is called.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Format::PyTorch => ("PyTorch", "model.pt"),
            Format::Keras => ("Keras", "model.keras"),
            Format::Onnx => ("ONNX", "model.onnx"),
            Format::NumPy => ("NumPy", "model.npz"),
        }
    }

    /// A line of Python that converts a file.
    fn line(self, from: &str, to: &str) -> String {
        match self {
            Format::PyTorch => format!(
                "`import torch, safetensors.torch as s; s.save_file({{k: v.contiguous() for k, v in \
                 torch.load({from}, map_location='cpu').items()}}, {to})` (of a checkpoint, that of \
                 its entry with the tensors)"
            ),
            Format::Keras => format!(
                "`import keras, safetensors.numpy as s; s.save_file({{w.path: w.numpy() for w in \
                 keras.models.load_model({from}).weights}}, {to})` (of a file of weights alone, that \
                 of the model that has loaded it)"
            ),
            Format::Onnx => format!(
                "`import onnx, safetensors.numpy as s; s.save_file({{i.name: \
                 onnx.numpy_helper.to_array(i) for i in onnx.load({from}).graph.initializer}}, {to})`"
            ),
            Format::NumPy => format!(
                "`import numpy, safetensors.numpy as s; s.save_file(dict(numpy.load({from})), {to})`"
            ),
        }
    }
}
