//! Writing: the whole file beside its place first, then under its name.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};

use crate::error::Error;
use crate::kernels::Float;

use super::tensors::{Tensors, Values};
use super::{ENTRY, FORMAT};

/// Saves a model. A file of that name is replaced at once, when everything is on disk; a program
/// that ends before leaves it as it was. The same model gives the same bytes.
///
/// # Errors
///
/// If a number is NaN or infinite, or the system refuses.
pub fn save<T: Tensors + ?Sized>(path: impl AsRef<Path>, model: &T) -> Result<(), Error> {
    let path = path.as_ref();
    let bytes = serialise(path, model)?;
    write(path, &bytes).map_err(|source| Error::Io {
        path: path.to_owned(),
        action: "write",
        source,
    })
}

fn serialise<T: Tensors + ?Sized>(path: &Path, model: &T) -> Result<Vec<u8>, Error> {
    let broken = |reason: String| Error::NotAModel {
        path: path.to_owned(),
        reason,
    };
    let mut encoded: Vec<(String, Vec<usize>, Dtype, Vec<u8>)> = Vec::new();
    for tensor in model.tensors() {
        if encoded.iter().any(|(name, ..)| *name == tensor.name) {
            return Err(broken(format!(
                "the model has two tensors named `{}`",
                tensor.name
            )));
        }
        let (dtype, bytes) = match tensor.values {
            Values::Counts(counts) => (
                Dtype::U64,
                counts.iter().flat_map(|c| c.to_le_bytes()).collect(),
            ),
            Values::Numbers(numbers) => {
                check(path, &tensor.name, numbers)?;
                encode(numbers)
            }
        };
        encoded.push((tensor.name, tensor.shape, dtype, bytes));
    }
    let mut views = Vec::with_capacity(encoded.len());
    for (name, shape, dtype, bytes) in &encoded {
        let view =
            TensorView::new(*dtype, shape.clone(), bytes).map_err(|e| broken(e.to_string()))?;
        views.push((name, view));
    }
    let mut text = format!("{} = {}\n", FORMAT.0, FORMAT.1);
    for (key, value) in model.entries() {
        text.push_str(&format!("{key} = {value}\n"));
    }
    let metadata = HashMap::from([(ENTRY.to_owned(), text)]);
    safetensors::serialize(views, Some(metadata)).map_err(|e| broken(e.to_string()))
}

/// Little-endian bytes, in the model's number type.
fn encode<A: Float>(numbers: &[A]) -> (Dtype, Vec<u8>) {
    if std::mem::size_of::<A>() == 4 {
        // Exact: the numbers are `f32`.
        (
            Dtype::F32,
            numbers
                .iter()
                .flat_map(|v| (v.to_f64() as f32).to_le_bytes())
                .collect(),
        )
    } else {
        (
            Dtype::F64,
            numbers
                .iter()
                .flat_map(|v| v.to_f64().to_le_bytes())
                .collect(),
        )
    }
}

/// Whether all numbers are finite.
pub(super) fn check<A: Float>(path: &Path, tensor: &str, numbers: &[A]) -> Result<(), Error> {
    match numbers.iter().position(|v| !v.is_finite()) {
        Some(index) => {
            let value = numbers[index].to_f64();
            Err(Error::TensorNotFinite {
                path: path.to_owned(),
                tensor: tensor.to_owned(),
                index,
                value,
            })
        }
        None => Ok(()),
    }
}

/// Writes beside the file, waits for the disk, renames.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gate-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets, less the user's mask; a temporary file would be private.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}
