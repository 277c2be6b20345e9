//! Models as files in the safetensors format.
//!
//! Takes: anything with named tensors ([`Tensors`]): a cell, a layer, a stack, a classifier, the
//! state of an optimiser, several of them together ([`Parts`]). Gives: one file, written whole or
//! not at all, or its bytes ([`save_bytes`]). Reading verifies everything before it changes anything.
//!
//! Files of other libraries, with other names, orders of gates and transposes, are taken by an
//! [`Import`].
//!
//! A file holds a tensor per symbol of the equations, under its identifier (`W_x_f`), and one
//! entry of metadata, `gate`, with a line for each thing that has to agree, `cell = Lstm`, and for
//! each [`Setting`] that is given back, `adam.learning_rate = 0.001`: what was saved together goes on
//! bit for bit. Settings that a file of an earlier version lacks stay as they are; one of a later version
//! that this one does not know is refused.

mod contents;
mod entries;
mod equations;
mod error;
mod foreign;
mod import;
mod made;
mod models;
mod optimisers;
mod outline;
mod outputs;
mod parts;
mod read;
mod settings;
mod tensors;
#[cfg(test)]
mod tests;
mod write;

use std::path::PathBuf;

#[doc(hidden)]
pub use contents::{Contents, Place};
pub use error::FileError;
pub use import::{Import, Matrices, Source};
pub use made::{load_model, load_model_bytes};
pub use outline::FromFile;
#[doc(hidden)]
pub use outline::{Extents, Outline, Shapes};
pub use parts::Parts;
pub use read::{Reader, load, load_bytes};
pub use settings::{Setting, SettingMut};
pub use tensors::{Tensor, TensorMut, Tensors, Values, ValuesMut};
pub use write::{save, save_bytes};

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// Bytes in memory.
    Bytes,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::File(path) => path.display().fmt(f),
            Origin::Bytes => "the byte slice".fmt(f),
        }
    }
}

/// The name of the metadata's entry. There is one alone, so that its place in the file does not
/// vary.
const ENTRY: &str = "gate";

/// The version of the format, its first line.
const FORMAT: (&str, &str) = ("format", "1");

/// The entry that says how large a cell is.
const SIZES: &str = "sizes";

/// The entry that says how a cell computes.
const EQUATIONS: &str = "equations";
