//! What can go wrong with a file: [`FileError`].

use std::path::PathBuf;

use super::Origin;

/// What can go wrong with a file, or with bytes in its place: the system, the file, or what it is read
/// into. Every text names the file and the tensor, and says what to do.
///
/// ```
/// use gate_runtime::file::{FileError, load_model};
/// use gate_runtime::{Error, cells::Lstm};
///
/// match load_model::<Lstm>("yesterday.safetensors") {
///     Ok(lstm) => drop(lstm),
///     Err(Error::File(FileError::Io { .. })) => println!("none yet: starting anew"),
///     Err(other) => println!("{other}"),
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// `read`, `write`.
        action: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// Not a file of this crate.
    #[error("{origin} is not a readable model file: {reason}")]
    NotAModel {
        /// The file, or bytes.
        origin: Origin,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of something else: another cell, other sizes, other equations.
    #[error("{origin} holds {found}, but is read into {expected} ({entry}); {advice}")]
    OtherModel {
        /// The file, or bytes.
        origin: Origin,
        /// The entry of the metadata that differs.
        entry: String,
        /// What it is read into.
        expected: String,
        /// What the file holds.
        found: String,
        /// What to do.
        advice: String,
    },
    /// A setting of the file that the model does not have.
    #[error(
        "{origin} has `{setting} = {value}`, which this version of the model does not know, so that \
         it would not do as it did; load it with the version that saved it"
    )]
    SettingUnknown {
        /// The file, or bytes.
        origin: Origin,
        /// The setting.
        setting: String,
        /// Its value.
        value: String,
    },
    /// A tensor that the model needs and the file lacks.
    #[error("{origin} has no tensor `{tensor}` (of shape {expected:?}); {advice}")]
    TensorMissing {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The shape it must have.
        expected: Vec<usize>,
        /// What to do.
        advice: &'static str,
    },
    /// A tensor of the file that the model has no place for.
    #[error("{origin} has a tensor `{tensor}` that the model has no place for; {advice}")]
    TensorExtra {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// What to do.
        advice: &'static str,
    },
    /// Elements of a tensor that no rule of an import takes.
    #[error(
        "no rule takes {part} of tensor `{tensor}` of {origin}; say by `take` or `split` what they \
         are for, or `ignore` the tensor"
    )]
    TensorPart {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// How many elements, and where.
        part: String,
    },
    /// A tensor of another shape.
    #[error(
        "tensor `{tensor}` of {origin} has shape {found:?}, but the model's has {expected:?}; make \
         the model with the sizes of the file"
    )]
    TensorShape {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The model's shape.
        expected: Vec<usize>,
        /// The file's shape.
        found: Vec<usize>,
    },
    /// A tensor of a number type that does not fit.
    #[error(
        "tensor `{tensor}` of {origin} holds {found}, but the model {expected}; {}",
        convert(found)
    )]
    TensorType {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The model's number type.
        expected: &'static str,
        /// The file's number type.
        found: String,
    },
    /// A rule of an import that does not fit the model or the file.
    #[error("`{target}` cannot be taken from {source_text} of {origin}: {reason}")]
    Import {
        /// The file, or bytes.
        origin: Origin,
        /// The model's tensor.
        target: String,
        /// What it was to be taken from.
        source_text: String,
        /// What does not fit, and what to do.
        reason: String,
    },
    /// A size that the shapes of a foreign file leave open.
    #[error(
        "the size `{size}` of {cell}{} does not follow from what is taken of {origin}; make the model \
         with its sizes, and `load` into it",
        bracketed(part)
    )]
    SizeUnknown {
        /// The file, or bytes.
        origin: Origin,
        /// The part of the model that has the size; empty where that is all of it.
        part: String,
        /// The cell, layer or head.
        cell: &'static str,
        /// The constructor's argument.
        size: &'static str,
    },
    /// NaN or infinity in a tensor to be saved.
    #[error(
        "tensor `{tensor}` of the model has {value} at index {index}, so that nothing is saved; lower \
         the learning rate, clip gradients, or look for NaN and infinity in the data"
    )]
    ModelNotFinite {
        /// The tensor.
        tensor: String,
        /// The element, counted row-major.
        index: usize,
        /// NaN or infinity.
        value: f64,
    },
    /// Names that a file could not give back.
    #[error("the model cannot be saved: {reason}")]
    NotSavable {
        /// What is in the way.
        reason: String,
    },
    /// Two parts of one name.
    #[error("two parts of the file are named `{part}`; give each a name of its own")]
    PartTwice {
        /// The name.
        part: String,
    },
    /// NaN or infinity in a tensor of a file.
    #[error(
        "tensor `{tensor}` of {origin} has {value} at index {index}; the file, or the training that \
         wrote it, is damaged"
    )]
    TensorNotFinite {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The element, counted row-major.
        index: usize,
        /// NaN or infinity.
        value: f64,
    },
}

/// What to do about a number type.
fn convert(found: &str) -> &'static str {
    match found {
        "f64" => "only widening is done unasked: see `narrowing` of `Reader` and of `Import`",
        _ => "convert it before it is saved",
    }
}

/// A part of a model behind the name of its cell.
fn bracketed(part: &str) -> String {
    match part {
        "" => String::new(),
        part => format!(" (`{part}`)"),
    }
}
