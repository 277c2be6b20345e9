//! Reading: everything is verified and converted before the model is changed.

use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::error::Error;
use crate::kernels::Float;

use super::tensors::{Tensor, Tensors, Values, ValuesMut};
use super::write::check;
use super::{ENTRY, EQUATIONS, FORMAT};

/// Loads a file into a model of the same definition, sizes and number type (`f32` widens to
/// `f64`).
///
/// # Errors
///
/// If the system refuses, the file is damaged, or it holds anything but this model. The model is
/// then as it was.
pub fn load<T: Tensors + ?Sized>(path: impl AsRef<Path>, model: &mut T) -> Result<(), Error> {
    Reader::new().load(path, model)
}

/// Loads files, with what is allowed beyond the rules of [`load`].
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
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| Error::Io {
            path: path.to_owned(),
            action: "read",
            source,
        })?;
        let broken = |reason: String| Error::NotAModel {
            path: path.to_owned(),
            reason,
        };
        let file = SafeTensors::deserialize(&bytes).map_err(|e| broken(e.to_string()))?;
        let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| broken(e.to_string()))?;
        let text = header
            .metadata()
            .as_ref()
            .and_then(|metadata| metadata.get(ENTRY));
        let text = text.ok_or_else(|| broken(format!("its metadata has no entry `{ENTRY}`")))?;
        self.check_entries(path, text, &model.entries())?;
        let loaded = self.read_tensors(path, &file, &model.tensors())?;
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

    /// Whether the file says that it holds this model.
    fn check_entries(
        &self,
        path: &Path,
        text: &str,
        expected: &[(String, String)],
    ) -> Result<(), Error> {
        let lines: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .collect();
        let find = |key: &str| {
            lines
                .iter()
                .find(|(k, _)| *k == key)
                .map(|(_, value)| *value)
        };
        match find(FORMAT.0) {
            Some(version) if version == FORMAT.1 => {}
            version => {
                let reason = format!(
                    "its format is {}, this version reads {}",
                    version.unwrap_or("not stated"),
                    FORMAT.1
                );
                return Err(Error::NotAModel {
                    path: path.to_owned(),
                    reason,
                });
            }
        }
        for (key, expected) in expected {
            let is_equations = key.rsplit('.').next() == Some(EQUATIONS);
            if find(key) == Some(expected) || (is_equations && self.other_equations) {
                continue;
            }
            let known = || {
                lines
                    .iter()
                    .map(|(key, _)| *key)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let found = find(key).map_or_else(
                || format!("no such entry (but: {})", known()),
                str::to_owned,
            );
            let advice = match is_equations {
                true => {
                    "load it into the same definition, or allow this with `Reader::other_equations`"
                }
                false => "load it into a model of the same kind and sizes",
            };
            let (path, entry) = (path.to_owned(), key.clone());
            return Err(Error::OtherModel {
                path,
                entry,
                expected: expected.clone(),
                found,
                advice,
            });
        }
        Ok(())
    }

    /// All tensors of the file in the order of the model's.
    fn read_tensors<A: Float>(
        &self,
        path: &Path,
        file: &SafeTensors<'_>,
        expected: &[Tensor<'_, A>],
    ) -> Result<Vec<Loaded<A>>, Error> {
        let mut names = file.names();
        names.sort_unstable();
        let has = |name: &str| names.binary_search(&name).is_ok();
        if let Some(missing) = expected.iter().find(|t| !has(source(t, &has))) {
            let (tensor, expected) = (missing.name.clone(), missing.shape.clone());
            return Err(Error::TensorMissing {
                path: path.to_owned(),
                tensor,
                expected,
            });
        }
        if let Some(extra) = names
            .iter()
            .find(|name| !expected.iter().any(|t| t.name == **name))
        {
            return Err(Error::TensorExtra {
                path: path.to_owned(),
                tensor: (*extra).to_owned(),
            });
        }
        let read = |tensor: &Tensor<'_, A>| {
            let broken = |e: safetensors::SafeTensorError| Error::NotAModel {
                path: path.to_owned(),
                reason: e.to_string(),
            };
            let view = file.tensor(source(tensor, &has)).map_err(broken)?;
            if view.shape() != tensor.shape {
                let (tensor, expected, found) = (
                    tensor.name.clone(),
                    tensor.shape.clone(),
                    view.shape().to_vec(),
                );
                return Err(Error::TensorShape {
                    path: path.to_owned(),
                    tensor,
                    expected,
                    found,
                });
            }
            self.convert(path, tensor, &view)
        };
        expected.iter().map(read).collect()
    }

    /// The elements of one tensor, if its number type is allowed and all of them are numbers.
    fn convert<A: Float>(
        &self,
        path: &Path,
        tensor: &Tensor<'_, A>,
        view: &TensorView<'_>,
    ) -> Result<Loaded<A>, Error> {
        let wide = std::mem::size_of::<A>() == 8;
        let numbers: Vec<A> = match (tensor.values, view.dtype()) {
            (Values::Counts(_), Dtype::U64) => {
                return Ok(Loaded::Counts(
                    words(view).map(u64::from_le_bytes).collect(),
                ));
            }
            (Values::Numbers(_), Dtype::F32) => words(view)
                .map(|b| A::from_f64(f32::from_le_bytes(b).into()))
                .collect(),
            (Values::Numbers(_), Dtype::F64) if wide || self.narrowing => words(view)
                .map(|b| A::from_f64(f64::from_le_bytes(b)))
                .collect(),
            (values, dtype) => {
                let expected = if matches!(values, Values::Counts(_)) {
                    "u64"
                } else {
                    A::NAME
                };
                let (tensor, found) = (tensor.name.clone(), format!("{dtype:?}").to_lowercase());
                return Err(Error::TensorType {
                    path: path.to_owned(),
                    tensor,
                    expected,
                    found,
                });
            }
        };
        check(path, &tensor.name, &numbers)?;
        Ok(Loaded::Numbers(numbers))
    }
}

/// The name under which the file has a tensor, if it has it.
fn source<'t, A>(tensor: &'t Tensor<'_, A>, has: &dyn Fn(&str) -> bool) -> &'t str {
    match &tensor.earlier {
        Some(earlier) if !has(&tensor.name) => earlier,
        _ => &tensor.name,
    }
}

/// Little-endian words of a tensor.
fn words<'a, const N: usize>(view: &TensorView<'a>) -> impl Iterator<Item = [u8; N]> + use<'a, N> {
    view.data().as_chunks::<N>().0.iter().copied()
}
