//! Models of the sizes that a file of this crate says.

use std::path::Path;

use safetensors::tensor::SafeTensors;

use crate::error::Error;
use crate::train::Pooling;

use super::entries::Entries;
use super::equations::{Equation, solved};
use super::error::FileError;
use super::outline::{FromFile, Outline, Shapes, in_part, largest};
use super::read::{Reader, contents, parsed};
use super::{Origin, Parts, SIZES};

/// A model of the sizes and with the numbers that a file holds: a cell, a linear head, or a stack, a
/// bidirectional layer or a classifier of cells.
///
/// # Errors
///
/// As [`load`](super::load).
pub fn load_model<M: FromFile>(path: impl AsRef<Path>) -> Result<M, Error> {
    Reader::new().load_model(path)
}

/// The same from what [`save_bytes`](super::save_bytes) gave, or a file that the program contains
/// (`include_bytes!`).
///
/// # Errors
///
/// As [`load`](super::load).
pub fn load_model_bytes<M: FromFile>(bytes: &[u8]) -> Result<M, Error> {
    Reader::new().load_model_bytes(bytes)
}

impl Reader {
    /// A model of the sizes and with the numbers that a file holds, as [`load_model`].
    ///
    /// # Errors
    ///
    /// As [`load`](super::load).
    pub fn load_model<M: FromFile>(&self, path: impl AsRef<Path>) -> Result<M, Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        self.made(&origin, &bytes, None)
    }

    /// The same of a part of a file that [`Parts`] saved, such as a model without its optimiser.
    ///
    /// # Errors
    ///
    /// As [`load`](super::load).
    pub fn load_part<M: FromFile>(&self, path: impl AsRef<Path>, part: &str) -> Result<M, Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        self.made(&origin, &bytes, Some(part))
    }

    /// The same of a whole file from bytes.
    ///
    /// # Errors
    ///
    /// As [`load`](super::load).
    pub fn load_model_bytes<M: FromFile>(&self, bytes: &[u8]) -> Result<M, Error> {
        self.made(&Origin::Bytes, bytes, None)
    }

    fn made<M: FromFile>(
        &self,
        origin: &Origin,
        bytes: &[u8],
        part: Option<&str>,
    ) -> Result<M, Error> {
        let (file, text) = parsed(origin, bytes)?;
        let entries = Entries::new(origin, &text);
        let mut model = M::of_sizes(&Own { entries, file }, part.unwrap_or_default())?;
        match part {
            Some(part) => self.read(origin, bytes, &mut Parts::new().with(part, &mut model)?)?,
            None => self.read(origin, bytes, &mut model)?,
        }
        Ok(model)
    }
}

/// A file of this crate.
struct Own<'f> {
    entries: Entries<'f>,
    file: SafeTensors<'f>,
}

impl Outline for Own<'_> {
    fn sizes(&self, part: &str, shapes: &Shapes) -> Result<Vec<usize>, Error> {
        let stated = self.entries.find(&in_part(part, SIZES));
        let sizes = match stated {
            Some(text) => listed(shapes, text),
            None => self.by_tensors(part, shapes),
        };
        let (key, owner) = match shapes.owner {
            "Linear" => ("head", "Linear"),
            cell => ("cell", cell),
        };
        let sizes = sizes.ok_or_else(|| self.entries.other(&in_part(part, key), owner))?;
        match shapes.beyond(&sizes, largest(&self.file)) {
            Some(tensor) => Err(self.too_short(owner, &sizes, &in_part(part, tensor)).into()),
            None => Ok(sizes),
        }
    }

    fn layers(&self, part: &str) -> Result<usize, Error> {
        let key = in_part(part, "stack");
        let count = self.entries.find(&key);
        let count = count.and_then(|text| text.strip_suffix(" layers")?.parse().ok());
        Ok(count.ok_or_else(|| self.entries.other(&key, "a stack"))?)
    }

    fn pooling(&self, part: &str) -> Result<Pooling, Error> {
        let key = in_part(part, "pooling");
        let all = [Pooling::Last, Pooling::Mean, Pooling::Ends];
        let found = self.entries.find(&key);
        let own = all
            .into_iter()
            .find(|own| Some(&*format!("{own:?}")) == found);
        Ok(own.ok_or_else(|| self.entries.other(&key, "a classifier"))?)
    }
}

impl Own<'_> {
    /// That the sizes are those of more numbers than there are.
    fn too_short(&self, owner: &str, sizes: &[usize], tensor: &str) -> FileError {
        self.entries.damaged(format!(
            "it says that {owner} has sizes {sizes:?}, but no tensor is as large as `{tensor}` would be"
        ))
    }

    /// The sizes that follow from the tensors of a part, if they do.
    fn by_tensors(&self, part: &str, shapes: &Shapes) -> Option<Vec<usize>> {
        let mut equations = Vec::new();
        for tensor in &shapes.tensors {
            let view = self.file.tensor(&in_part(part, tensor.name)).ok()?;
            let lengths = tensor.shape.iter().zip(view.shape());
            equations.extend(lengths.map(|(extent, &length)| Equation::new(&[extent], length)));
        }
        solved(&equations, shapes.sizes.len()).into_iter().collect()
    }
}

/// The sizes in the order of the definition, if the text is of it and names each of them.
fn listed(shapes: &Shapes, text: &str) -> Option<Vec<usize>> {
    let list = text
        .strip_prefix(shapes.owner)?
        .strip_prefix(" of sizes ")?;
    let value = |argument: &&str| {
        let mut named = list.split(", ").filter_map(|size| size.rsplit_once(' '));
        let (_, value) = named.find(|(name, _)| name == argument)?;
        value.parse().ok()
    };
    shapes.sizes.iter().map(value).collect()
}
