//! Several things in one file, and models that consist of several: each part under its name.

use std::borrow::Cow;

use crate::error::Error;
use crate::kernels::Float;
use crate::train::join;

use super::contents::{Contents, Place};
use super::error::FileError;
use super::settings::{Setting, SettingMut};
use super::tensors::{Tensor, TensorMut, Tensors};

/// Several things in one file, each under a name. Some of them may be loaded without the others,
/// such as the model without its optimiser.
///
/// ```
/// use gate_runtime::cells::Gru;
/// use gate_runtime::file::{Parts, Reader, load, save};
/// # use gate_runtime::Cell;
/// use gate_runtime::train::Adam;
/// # use rand::SeedableRng;
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("training.safetensors");
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let (mut gru, mut adam) = (Gru::<f32>::new(3, 8, &mut rng)?, Adam::new(0.001));
/// save(&path, &Parts::new().with("gru", &mut gru)?.with("adam", &mut adam)?)?;
///
/// // To go on: all of it, into a model and an optimiser that are there. To use: the model alone.
/// load(&path, &mut Parts::new().with("gru", &mut gru)?.with("adam", &mut adam)?)?;
/// let again: Gru = Reader::new().load_part(&path, "gru")?;
/// assert_eq!(again.params(), gru.params());
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Default)]
pub struct Parts<'a, A> {
    parts: Vec<(String, &'a mut dyn Tensors<Scalar = A>)>,
}

impl<A> std::fmt::Debug for Parts<'_, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.parts.iter().map(|(name, _)| name))
            .finish()
    }
}

impl<'a, A: Float> Parts<'a, A> {
    /// Nothing yet.
    pub fn new() -> Self {
        Parts { parts: Vec::new() }
    }

    /// Adds a part.
    ///
    /// # Errors
    ///
    /// If there is a part of that name already.
    pub fn with(
        mut self,
        name: &str,
        part: &'a mut dyn Tensors<Scalar = A>,
    ) -> Result<Self, Error> {
        if self.parts.iter().any(|(other, _)| other == name) {
            let part = name.to_owned();
            return Err(FileError::PartTwice { part }.into());
        }
        self.parts.push((name.to_owned(), part));
        Ok(self)
    }

    fn named(&self) -> Named<'_, A> {
        let parts = self.parts.iter();
        parts
            .map(|(name, part)| (name.into(), &**part as _))
            .collect()
    }

    fn named_mut(&mut self) -> NamedMut<'_, A> {
        let parts = self.parts.iter_mut();
        parts
            .map(|(name, part)| ((&*name).into(), &mut **part as _))
            .collect()
    }

    /// The part that a tensor is of, and its name there.
    fn part_of<'t>(&self, tensor: &'t str) -> Option<(&dyn Tensors<Scalar = A>, &'t str)> {
        self.parts.iter().find_map(|(name, part)| {
            let own = tensor.strip_prefix(name.as_str())?.strip_prefix('.')?;
            Some((&**part, own))
        })
    }
}

impl<A: Float> Tensors for Parts<'_, A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        entries(self.named())
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        tensors(self.named())
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        tensors_mut(self.named_mut())
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        settings(self.named())
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        settings_mut(self.named_mut())
    }

    fn unknown(&self, tensor: &str) -> Option<&'static str> {
        let (part, tensor) = self.part_of(tensor)?;
        part.unknown(tensor)
    }

    fn missing(&self, tensor: &str) -> &'static str {
        let Some((part, tensor)) = self.part_of(tensor) else {
            return "save all parts again";
        };
        part.missing(tensor)
    }

    fn places(&self, contents: &Contents) -> Vec<Place> {
        let mut places = Vec::new();
        for (name, part) in &self.parts {
            for mut place in part.places(&contents.of_part(name)) {
                place.name = join(name, &place.name);
                place.earlier = place.earlier.map(|earlier| join(name, &earlier));
                places.push(place);
            }
        }
        places
    }

    fn make_room(&mut self, contents: &Contents) {
        for (name, part) in &mut self.parts {
            part.make_room(&contents.of_part(name));
        }
    }
}

/// Parts with their names. What a file has of a part stands under its name.
pub(super) type Named<'a, A> = Vec<(Cow<'a, str>, &'a dyn Tensors<Scalar = A>)>;

/// The same, to change.
pub(super) type NamedMut<'a, A> = Vec<(Cow<'a, str>, &'a mut dyn Tensors<Scalar = A>)>;

/// What has to agree of all parts.
pub(super) fn entries<A: Float>(parts: Named<'_, A>) -> Vec<(String, String)> {
    let of = parts
        .iter()
        .map(|(name, part)| within(name, part.entries()));
    of.flatten().collect()
}

/// The tensors of all parts.
pub(super) fn tensors<A: Float>(parts: Named<'_, A>) -> Vec<Tensor<'_, A>> {
    let mut all = Vec::new();
    for (name, part) in parts {
        all.extend(part.tensors().into_iter().map(|t| t.within(&name)));
    }
    all
}

/// The same, to change.
pub(super) fn tensors_mut<A: Float>(parts: NamedMut<'_, A>) -> Vec<TensorMut<'_, A>> {
    let mut all = Vec::new();
    for (name, part) in parts {
        all.extend(part.tensors_mut().into_iter().map(|t| t.within(&name)));
    }
    all
}

/// The settings of all parts.
pub(super) fn settings<A: Float>(parts: Named<'_, A>) -> Vec<(String, Setting)> {
    let of = parts
        .iter()
        .map(|(name, part)| within(name, part.settings()));
    of.flatten().collect()
}

/// The same, to change.
pub(super) fn settings_mut<A: Float>(parts: NamedMut<'_, A>) -> Vec<(String, SettingMut<'_>)> {
    let mut all = Vec::new();
    for (name, part) in parts {
        all.extend(within(&name, part.settings_mut()));
    }
    all
}

/// Entries or settings of a part.
fn within<V>(part: &str, named: Vec<(String, V)>) -> Vec<(String, V)> {
    let named = named.into_iter();
    named
        .map(|(name, value)| (join(part, &name), value))
        .collect()
}
