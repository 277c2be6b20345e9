//! Reading: everything is verified and converted before the model is changed.

use std::path::Path;

use safetensors::tensor::{Dtype, Metadata, SafeTensorError, SafeTensors, TensorView};

use crate::error::Error;
use crate::kernels::Float;
use crate::words::counted;

use super::contents::{Contents, Place};
use super::entries::Entries;
use super::error::FileError;
use super::foreign;
use super::tensors::{Tensors, ValuesMut};
use super::write::not_finite;
use super::{ENTRY, Origin};

/// Loads a file into a model of the same definition, sizes and number type (`f32` widens to
/// `f64`). The settings of optimisers and the dropout of stacks become those of the file, so that a
/// training goes on as it would have.
///
/// # Errors
///
/// If the system refuses, the file is damaged, or it holds anything but this model. The model is
/// then as it was.
pub fn load<T: Tensors + ?Sized>(path: impl AsRef<Path>, model: &mut T) -> Result<(), Error> {
    Reader::new().load(path, model)
}

/// Loads what [`save_bytes`](super::save_bytes) gave, or a file that the program contains
/// (`include_bytes!`), into a model.
///
/// # Errors
///
/// As [`load`].
pub fn load_bytes<T: Tensors + ?Sized>(bytes: &[u8], model: &mut T) -> Result<(), Error> {
    Reader::new().load_bytes(bytes, model)
}

/// Loads files, with what is allowed beyond the rules of [`load`].
///
/// ```
/// use gate_runtime::cells::Gru;
/// use gate_runtime::file::{Reader, save_bytes};
/// # use rand::SeedableRng;
///
/// let trained = Gru::<f64>::new(3, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// let bytes = save_bytes(&trained)?;
/// let single: Gru<f32> = Reader::new().narrowing().load_model_bytes(&bytes)?;
/// assert_eq!(single.b_r()[0], trained.b_r()[0] as f32);
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader {
    narrowing: bool,
    other_equations: bool,
}

/// What a tensor of the file holds, converted.
enum Loaded<A> {
    Numbers(Vec<A>),
    Counts(Vec<u64>),
}

impl Reader {
    /// The rules of [`load`].
    pub fn new() -> Self {
        Reader::default()
    }

    /// Also rounds `f64` to `f32`.
    #[must_use]
    pub fn narrowing(mut self) -> Self {
        self.narrowing = true;
        self
    }

    /// Also takes a cell of that name, those symbols and sizes whose equations read differently.
    #[must_use]
    pub fn other_equations(mut self) -> Self {
        self.other_equations = true;
        self
    }

    /// Loads a file into a model.
    ///
    /// # Errors
    ///
    /// As [`load`].
    pub fn load<T: Tensors + ?Sized>(
        &self,
        path: impl AsRef<Path>,
        model: &mut T,
    ) -> Result<(), Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        Ok(self.read(&origin, &bytes, model)?)
    }

    /// Loads what [`save_bytes`](super::save_bytes) gave into a model.
    ///
    /// # Errors
    ///
    /// As [`load_bytes`].
    pub fn load_bytes<T: Tensors + ?Sized>(
        &self,
        bytes: &[u8],
        model: &mut T,
    ) -> Result<(), Error> {
        Ok(self.read(&Origin::Bytes, bytes, model)?)
    }

    pub(super) fn read<T: Tensors + ?Sized>(
        &self,
        origin: &Origin,
        bytes: &[u8],
        model: &mut T,
    ) -> Result<(), FileError> {
        let (file, text) = parsed(origin, bytes)?;
        let entries = Entries::new(origin, &text);
        let (expected, settings) = (model.entries(), model.settings());
        entries.check(&expected, self.other_equations)?;
        let known = expected.iter().map(|(key, _)| &**key);
        let known = known.chain(settings.iter().map(|(key, _)| &**key));
        entries.check_rest(known, |key| model.unknown(key).is_some())?;
        let tensors = file.tensors().into_iter();
        let mut contents = Contents {
            tensors: tensors
                .map(|(n, view)| (n, view.shape().to_vec()))
                .collect(),
            settings: entries.settings(&settings)?,
        };
        contents.tensors.sort_unstable();
        let loaded = self.read_tensors(origin, &file, model, &contents)?;
        for (name, own) in model.settings_mut() {
            contents.give(&name, own);
        }
        model.make_room(&contents);
        for (target, source) in model.tensors_mut().into_iter().zip(loaded) {
            match (target.values, source) {
                (ValuesMut::Numbers(target), Loaded::Numbers(source)) => {
                    target.copy_from_slice(&source)
                }
                (ValuesMut::Counts(target), Loaded::Counts(source)) => {
                    target.copy_from_slice(&source)
                }
                _ => unreachable!("`tensors` and `tensors_mut` list the same"),
            }
        }
        Ok(())
    }

    /// The tensors of the model, in its order.
    fn read_tensors<T: Tensors + ?Sized>(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
        model: &T,
        contents: &Contents,
    ) -> Result<Vec<Loaded<T::Scalar>>, FileError> {
        let expected = model.places(contents);
        let names: Vec<&str> = contents.tensors().map(|(name, _)| name).collect();
        let has = |name: &str| names.binary_search(&name).is_ok();
        if let Some(missing) = expected.iter().find(|t| !has(source(t, &has))) {
            return Err(FileError::TensorMissing {
                origin: origin.clone(),
                tensor: missing.name.clone(),
                expected: missing.shape.clone(),
                advice: model.missing(&missing.name),
            });
        }
        let others = names
            .iter()
            .filter(|n| !expected.iter().any(|t| t.name == **n));
        for name in others {
            if let Some(advice) = model.unknown(name) {
                return Err(FileError::TensorExtra {
                    origin: origin.clone(),
                    tensor: (*name).to_owned(),
                    advice,
                });
            }
        }
        let read = |tensor: &Place| {
            let broken = |e: safetensors::SafeTensorError| FileError::NotAModel {
                origin: origin.clone(),
                reason: e.to_string(),
            };
            let view = file.tensor(source(tensor, &has)).map_err(broken)?;
            if view.shape() != tensor.shape {
                let (tensor, expected, found) = (
                    tensor.name.clone(),
                    tensor.shape.clone(),
                    view.shape().to_vec(),
                );
                return Err(FileError::TensorShape {
                    origin: origin.clone(),
                    tensor,
                    expected,
                    found,
                });
            }
            self.convert(origin, tensor, &view)
        };
        expected.iter().map(read).collect()
    }

    /// The elements of one tensor, if its number type is allowed and all of them are numbers.
    fn convert<A: Float>(
        &self,
        origin: &Origin,
        tensor: &Place,
        view: &TensorView<'_>,
    ) -> Result<Loaded<A>, FileError> {
        let wide = std::mem::size_of::<A>() == 8;
        let numbers: Vec<A> = match (tensor.counts, view.dtype()) {
            (true, Dtype::U64) => {
                return Ok(Loaded::Counts(
                    words(view).map(u64::from_le_bytes).collect(),
                ));
            }
            (false, Dtype::F32) => words(view)
                .map(|b| A::from_f64(f32::from_le_bytes(b).into()))
                .collect(),
            (false, Dtype::F64) if wide || self.narrowing => words(view)
                .map(|b| A::from_f64(f64::from_le_bytes(b)))
                .collect(),
            (counts, dtype) => {
                let expected = if counts { "u64" } else { A::NAME };
                let (tensor, found) = (tensor.name.clone(), format!("{dtype:?}").to_lowercase());
                return Err(FileError::TensorType {
                    origin: origin.clone(),
                    tensor,
                    expected,
                    found,
                });
            }
        };
        match not_finite(&numbers) {
            Some((index, value)) => Err(FileError::TensorNotFinite {
                origin: origin.clone(),
                tensor: tensor.name.clone(),
                index,
                value,
            }),
            None => Ok(Loaded::Numbers(numbers)),
        }
    }
}

/// What a file holds.
pub(super) fn contents(path: &Path) -> Result<(Origin, Vec<u8>), FileError> {
    let bytes = std::fs::read(path).map_err(|source| FileError::Io {
        path: path.to_owned(),
        action: "read",
        source,
    })?;
    Ok((Origin::File(path.to_owned()), bytes))
}

/// The tensors, and the text of our entry of metadata.
pub(super) fn parsed<'b>(
    origin: &Origin,
    bytes: &'b [u8],
) -> Result<(SafeTensors<'b>, String), FileError> {
    let (file, header) = deserialized(origin, bytes)?;
    let metadata = header.metadata().as_ref();
    let text = metadata.and_then(|metadata| metadata.get(ENTRY)).cloned();
    let text = text.ok_or_else(|| FileError::NotAModel {
        origin: origin.clone(),
        reason: format!(
            "its metadata has no entry `{ENTRY}`; tensors of another library are taken by `Import`"
        ),
    })?;
    Ok((file, text))
}

/// The tensors and the metadata of any safetensors file.
pub(super) fn deserialized<'b>(
    origin: &Origin,
    bytes: &'b [u8],
) -> Result<(SafeTensors<'b>, Metadata), FileError> {
    let unread = |e| FileError::NotAModel {
        origin: origin.clone(),
        reason: foreign::reason(origin, bytes).unwrap_or_else(|| reason(&e, bytes.len())),
    };
    let file = SafeTensors::deserialize(bytes).map_err(unread)?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(unread)?;
    let strange = file.iter().find(|(_, view)| !countable(view.shape()));
    let strange = strange.map(|(name, view)| {
        let shape = view.shape();
        format!("its tensor `{name}` has shape {shape:?}, which no array can have")
    });
    match strange {
        Some(reason) => Err(FileError::NotAModel {
            origin: origin.clone(),
            reason,
        }),
        None => Ok((file, header)),
    }
}

/// Whether an array may have this shape: steps along an axis count even where another has none.
fn countable(shape: &[usize]) -> bool {
    let mut lengths = shape.iter().filter(|&&length| length > 0);
    let count = lengths.try_fold(size_of::<f64>(), |count, &length| count.checked_mul(length));
    count.is_some_and(|count| count <= isize::MAX as usize)
}

/// What is wrong with a file of so many bytes.
fn reason(error: &SafeTensorError, length: usize) -> String {
    use SafeTensorError::{
        HeaderTooLarge, HeaderTooSmall, InvalidHeader, InvalidHeaderDeserialization,
        InvalidHeaderLength, MetadataIncompleteBuffer,
    };
    match error {
        _ if length == 0 => "it is empty".to_owned(),
        HeaderTooSmall | InvalidHeaderLength => {
            let bytes = counted(length, "byte");
            format!("it has {bytes}, not as many as it should; it looks truncated")
        }
        MetadataIncompleteBuffer => format!(
            "it has {length} bytes, not as many as its tensors take: it is truncated, or something \
             was added to it"
        ),
        HeaderTooLarge | InvalidHeader(_) | InvalidHeaderDeserialization(_) => {
            format!("it has {length} bytes and does not begin like a safetensors file ({error})")
        }
        _ => error.to_string(),
    }
}

/// The name under which the file has a tensor, if it has it.
fn source<'t>(tensor: &'t Place, has: &dyn Fn(&str) -> bool) -> &'t str {
    match &tensor.earlier {
        Some(earlier) if !has(&tensor.name) => earlier,
        _ => &tensor.name,
    }
}

/// Little-endian words of a tensor.
pub(super) fn words<'a, const N: usize>(
    view: &TensorView<'a>,
) -> impl Iterator<Item = [u8; N]> + use<'a, N> {
    view.data().as_chunks::<N>().0.iter().copied()
}
