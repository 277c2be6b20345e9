//! What can be saved: lists of named tensors.

use crate::kernels::Float;
use crate::train::join;

use super::contents::{Contents, Place};
use super::settings::{Setting, SettingMut};

/// Something that consists of named tensors, and can be saved and loaded.
///
/// Cells, layers, heads and optimisers are; a model of your own is what its parts are:
///
/// ```
/// use gate_runtime::cells::Gru;
/// use gate_runtime::file::{Tensor, TensorMut, Tensors, load_bytes, save_bytes};
/// use gate_runtime::train::Linear;
/// # use rand::SeedableRng;
///
/// struct Tagger {
///     cell: Gru,
///     head: Linear<f32>,
/// }
///
/// impl Tensors for Tagger {
///     type Scalar = f32;
///     fn entries(&self) -> Vec<(String, String)> {
///         vec![("model".to_owned(), "Tagger".to_owned())] // another model's file is refused
///     }
///     fn tensors(&self) -> Vec<Tensor<'_, f32>> {
///         let cell = self.cell.tensors().into_iter().map(|t| t.within("cell"));
///         let head = self.head.tensors().into_iter().map(|t| t.within("head"));
///         cell.chain(head).collect()
///     }
///     fn tensors_mut(&mut self) -> Vec<TensorMut<'_, f32>> {
///         let cell = self.cell.tensors_mut().into_iter().map(|t| t.within("cell"));
///         let head = self.head.tensors_mut().into_iter().map(|t| t.within("head"));
///         cell.chain(head).collect()
///     }
/// }
///
/// # let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// # let (cell, head) = (Gru::new(3, 8, &mut rng)?, Linear::new(8, 2, &mut rng)?);
/// let mut tagger = Tagger { cell, head };
/// let bytes = save_bytes(&tagger)?;
/// load_bytes(&bytes, &mut tagger)?;
/// # Ok::<(), gate_runtime::Error>(())
/// ```
pub trait Tensors {
    /// `f32` or `f64`.
    type Scalar: Float;
    /// What has to agree for a file to fit: `("cell", "Lstm")`. Keys and values are one line each,
    /// and keys have no ` = `.
    fn entries(&self) -> Vec<(String, String)>;
    /// All tensors, always in the same order.
    fn tensors(&self) -> Vec<Tensor<'_, Self::Scalar>>;
    /// The same, to change.
    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, Self::Scalar>>;

    /// What a file keeps beside the tensors and gives back, each under a name of one line without
    /// ` = `, always in the same order. A file of an earlier version may lack some, which then stay
    /// as they are.
    fn settings(&self) -> Vec<(String, Setting)> {
        Vec::new()
    }
    /// The same, to change.
    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        Vec::new()
    }

    /// What to do about a tensor or setting of a file that this has no place for; `None` if it is not
    /// of this, and may be there.
    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some("load it into the model it was saved from")
    }

    /// What to do about a tensor of this that a file lacks.
    fn missing(&self, _tensor: &str) -> &'static str {
        "save the model again with this version of its definition"
    }

    /// Where the tensors of a file go, in the order of [`Tensors::tensors_mut`] once there is
    /// [room](Tensors::make_room) for them.
    #[doc(hidden)]
    fn places(&self, _contents: &Contents) -> Vec<Place> {
        self.tensors().iter().map(Tensor::place).collect()
    }
    /// Makes room for what a file holds, where that decides what there is, as of an optimiser.
    #[doc(hidden)]
    fn make_room(&mut self, _contents: &Contents) {}
}

/// A tensor to be saved.
#[derive(Clone, Debug)]
pub struct Tensor<'a, A> {
    /// Its name, unique in the file.
    pub name: String,
    /// No length for a scalar.
    pub shape: Vec<usize>,
    /// Its elements, row-major.
    pub values: Values<'a, A>,
    /// The tensor of files of earlier versions that takes its place where they lack it.
    pub earlier: Option<String>,
    /// The axis of a matrix that has the outputs of its products, where there is one such axis:
    /// 0 in `W * x`, 1 in `x * W`.
    pub outputs: Option<usize>,
}

/// A tensor to be loaded.
#[derive(Debug)]
pub struct TensorMut<'a, A> {
    /// Its name, unique in the file.
    pub name: String,
    /// Its elements, row-major.
    pub values: ValuesMut<'a, A>,
}

/// Elements of a tensor.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a, A> {
    /// Numbers, never NaN or infinite.
    Numbers(&'a [A]),
    /// Counts, as of steps.
    Counts(&'a [u64]),
}

/// Elements of a tensor, to change.
#[derive(Debug)]
pub enum ValuesMut<'a, A> {
    /// Numbers.
    Numbers(&'a mut [A]),
    /// Counts.
    Counts(&'a mut [u64]),
}

impl<'a, A> Tensor<'a, A> {
    /// A tensor of numbers.
    pub fn numbers(name: impl Into<String>, shape: &[usize], numbers: &'a [A]) -> Self {
        Tensor {
            name: name.into(),
            shape: shape.to_vec(),
            values: Values::Numbers(numbers),
            earlier: None,
            outputs: None,
        }
    }

    /// A tensor of one count.
    pub fn count(name: impl Into<String>, count: &'a u64) -> Self {
        Tensor {
            name: name.into(),
            shape: vec![1],
            values: Values::Counts(std::slice::from_ref(count)),
            earlier: None,
            outputs: None,
        }
    }

    /// Where it goes.
    pub(super) fn place(&self) -> Place {
        Place {
            name: self.name.clone(),
            shape: self.shape.clone(),
            earlier: self.earlier.clone(),
            counts: matches!(self.values, Values::Counts(_)),
        }
    }

    /// The same tensor, a matrix that has the outputs of its products on this axis.
    #[must_use]
    pub fn outputs_on(mut self, axis: usize) -> Self {
        self.outputs = Some(axis);
        self
    }

    /// The same tensor as one of a part: `part.` before its name.
    #[must_use]
    pub fn within(mut self, part: &str) -> Self {
        self.name = join(part, &self.name);
        self.earlier = self.earlier.map(|name| join(part, &name));
        self
    }
}

impl<'a, A> TensorMut<'a, A> {
    /// A tensor of numbers.
    pub fn numbers(name: impl Into<String>, numbers: &'a mut [A]) -> Self {
        TensorMut {
            name: name.into(),
            values: ValuesMut::Numbers(numbers),
        }
    }

    /// A tensor of one count.
    pub fn count(name: impl Into<String>, count: &'a mut u64) -> Self {
        TensorMut {
            name: name.into(),
            values: ValuesMut::Counts(std::slice::from_mut(count)),
        }
    }

    /// The same tensor as one of a part: `part.` before its name.
    #[must_use]
    pub fn within(mut self, part: &str) -> Self {
        self.name = join(part, &self.name);
        self
    }
}
