//! Writing: the whole file beside its place first, then under its name.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, TensorView};
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::kernels::Float;

use super::error::FileError;
use super::tensors::{Tensors, Values};
use super::{ENTRY, FORMAT};

/// Saves a model. A file of that name is replaced at once, when everything is on disk; a program
/// that ends before leaves it as it was. Its permissions stay, and a symbolic link still leads to
/// it. The same model gives the same bytes.
///
/// ```
/// use gate_runtime::Cell;
/// use gate_runtime::cells::Lstm;
/// use gate_runtime::file::{load, load_model, save};
/// # use rand::SeedableRng;
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("lstm.safetensors");
///
/// let mut lstm = Lstm::<f32>::new(3, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// save(&path, &lstm)?;
///
/// let again: Lstm = load_model(&path)?; // of the sizes that the file says
/// assert_eq!(again.params(), lstm.params());
/// load(&path, &mut lstm)?; // into one of the same sizes
/// # Ok::<(), gate_runtime::Error>(())
/// ```
///
/// # Errors
///
/// If a number or setting is NaN or infinite, a name cannot be written, or the system refuses.
pub fn save<T: Tensors + ?Sized>(path: impl AsRef<Path>, model: &T) -> Result<(), Error> {
    let path = path.as_ref();
    let written = write(path, &encoded(model)?);
    let refused = |source| FileError::Io {
        path: path.to_owned(),
        action: "write",
        source,
    };
    Ok(written.map_err(refused)?)
}

/// The bytes that [`save`] writes.
///
/// # Errors
///
/// If a number is NaN or infinite, or a name cannot be written.
pub fn save_bytes<T: Tensors + ?Sized>(model: &T) -> Result<Vec<u8>, Error> {
    Ok(encoded(model)?)
}

fn encoded<T: Tensors + ?Sized>(model: &T) -> Result<Vec<u8>, FileError> {
    let mut encoded: Vec<(String, Vec<usize>, Dtype, Vec<u8>)> = Vec::new();
    for tensor in model.tensors() {
        let taken = encoded.iter().any(|(name, ..)| *name == tensor.name);
        if taken || tensor.name == "__metadata__" {
            let name = tensor.name;
            return Err(unsavable(format!("the name `{name}` of a tensor is taken")));
        }
        let (dtype, bytes) = match tensor.values {
            Values::Counts(counts) => (
                Dtype::U64,
                counts.iter().flat_map(|c| c.to_le_bytes()).collect(),
            ),
            Values::Numbers(numbers) => {
                if let Some((index, value)) = not_finite(numbers) {
                    let tensor = tensor.name;
                    return Err(FileError::ModelNotFinite {
                        tensor,
                        index,
                        value,
                    });
                }
                encode(numbers)
            }
        };
        encoded.push((tensor.name, tensor.shape, dtype, bytes));
    }
    let mut views = Vec::with_capacity(encoded.len());
    for (name, shape, dtype, bytes) in &encoded {
        let view = TensorView::new(*dtype, shape.clone(), bytes);
        views.push((name, view.map_err(|e| unsavable(e.to_string()))?));
    }
    let metadata = HashMap::from([(ENTRY.to_owned(), lines(model)?)]);
    safetensors::serialize(views, Some(metadata)).map_err(|e| unsavable(e.to_string()))
}

/// Entries and settings as text, a line each.
fn lines<T: Tensors + ?Sized>(model: &T) -> Result<String, FileError> {
    let settings = model.settings();
    if let Some((name, value)) = settings.iter().find(|(_, value)| !value.is_finite()) {
        return Err(unsavable(format!("its setting `{name}` is {value}")));
    }
    let settings = settings
        .into_iter()
        .map(|(k, value)| (k, value.to_string()));
    let mut text = format!("{} = {}\n", FORMAT.0, FORMAT.1);
    for (key, value) in model.entries().into_iter().chain(settings) {
        if key.contains(" = ") || [&key, &value].iter().any(|t| t.contains(['\n', '\r'])) {
            return Err(unsavable(format!(
                "`{key}` must be one line without ` = `; name the part otherwise"
            )));
        }
        text.push_str(&format!("{key} = {value}\n"));
    }
    Ok(text)
}

fn unsavable(reason: String) -> FileError {
    FileError::NotSavable { reason }
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

/// The first number that is none, and where it stands.
pub(super) fn not_finite<A: Float>(numbers: &[A]) -> Option<(usize, f64)> {
    let index = numbers.iter().position(|v| !v.is_finite())?;
    Some((index, numbers[index].to_f64()))
}

/// Writes beside the file, waits for the disk, renames.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = &target(path)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let present = std::fs::metadata(path).ok();
    if present.as_ref().is_some_and(|present| !present.is_file()) {
        return Err(io::Error::other("what has that name is no file"));
    }
    let mut file = beside(folder, present).map_err(|e| in_folder(folder, &e))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Where a path leads through symbolic links; the last may lead to a file that is yet to come.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        let Ok(to) = std::fs::read_link(&path) else {
            return Ok(path);
        };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    Err(io::Error::other("its symbolic links go round in circles"))
}

/// A new file with the permissions of the one that is present.
fn beside(folder: &Path, present: Option<Metadata>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gate-");
    #[cfg(unix)]
    if present.is_none() {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets, less the user's mask; a temporary file would be private.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    #[cfg(unix)]
    if let Some(present) = present {
        file.as_file().set_permissions(present.permissions())?;
    }
    Ok(file)
}

/// Why there is no new file in a folder, without the name that it would have had for a while.
fn in_folder(folder: &Path, error: &io::Error) -> io::Error {
    let (kind, folder) = (error.kind(), folder.display());
    let text = match kind {
        io::ErrorKind::NotFound => format!("there is no folder {folder}"),
        io::ErrorKind::PermissionDenied => format!("the folder {folder} is not yours to write in"),
        _ => format!("{kind} in the folder {folder}"),
    };
    io::Error::new(kind, text)
}
