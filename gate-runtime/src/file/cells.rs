//! Cells that are made with the sizes that a file says.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::cell::Cell;
use crate::error::Error;

use super::read::{Reader, contents, parsed};
use super::{Origin, SIZES};

/// A cell of the sizes and with the parameters that a file holds.
///
/// # Errors
///
/// As [`load`](super::load).
pub fn load_cell<C: Cell>(path: impl AsRef<Path>) -> Result<C, Error> {
    Reader::new().load_cell(path)
}

/// The same from what [`save_bytes`](super::save_bytes) gave, or a file that the program contains
/// (`include_bytes!`).
///
/// # Errors
///
/// As [`load`](super::load).
pub fn load_cell_bytes<C: Cell>(bytes: &[u8]) -> Result<C, Error> {
    Reader::new().load_cell_bytes(bytes)
}

impl Reader {
    /// A cell of the sizes and with the parameters that a file holds.
    ///
    /// # Errors
    ///
    /// As [`load`](super::load).
    pub fn load_cell<C: Cell>(&self, path: impl AsRef<Path>) -> Result<C, Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        self.made(&origin, &bytes)
    }

    /// The same from bytes.
    ///
    /// # Errors
    ///
    /// As [`load`](super::load).
    pub fn load_cell_bytes<C: Cell>(&self, bytes: &[u8]) -> Result<C, Error> {
        self.made(&Origin::Bytes, bytes)
    }

    fn made<C: Cell>(&self, origin: &Origin, bytes: &[u8]) -> Result<C, Error> {
        let (_, text) = parsed(origin, bytes)?;
        let line = |key: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(" = "));
            lines.find(|(known, _)| *known == key)
        };
        let Some(sizes) = line(SIZES).and_then(|(_, text)| sizes::<C>(text)) else {
            let found = line("cell").map_or("no such entry", |(_, cell)| cell);
            return Err(Error::OtherModel {
                origin: origin.clone(),
                entry: "cell".to_owned(),
                expected: C::INFO.name.to_owned(),
                found: found.to_owned(),
                advice: "a file of one cell is loaded as that cell; make any other model first, and \
                         load into it",
            });
        };
        // All numbers are those of the file in the end.
        let mut cell = C::with_sizes(&sizes, &mut ChaCha8Rng::seed_from_u64(0))?;
        self.read(origin, bytes, &mut cell)?;
        Ok(cell)
    }
}

/// The sizes in the order of the definition, if the text names each of them.
fn sizes<C: Cell>(text: &str) -> Option<Vec<usize>> {
    let list = text
        .strip_prefix(C::INFO.name)?
        .strip_prefix(" of sizes ")?;
    let value = |argument: &str| {
        let mut named = list.split(", ").filter_map(|size| size.rsplit_once(' '));
        let (_, value) = named.find(|(name, _)| *name == argument)?;
        value.parse().ok()
    };
    let sizes = C::INFO.sizes.iter();
    sizes.map(|size| value(size.argument)).collect()
}
