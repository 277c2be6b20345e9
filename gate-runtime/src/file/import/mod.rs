//! Tensors of other libraries: other names, orders of gates, transposes.

mod cover;
mod fit;
mod numbers;
mod rules;
mod sizes;
mod source;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::error::Error;
use crate::train::Pooling;

use super::Origin;
use super::read::contents;
use super::tensors::Tensors;
pub use source::Source;

/// How a file stores the matrix of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matrices {
    /// `[outputs, inputs]`: PyTorch, ONNX.
    OutputsFirst,
    /// `[inputs, outputs]`: Keras, Flax.
    InputsFirst,
}

impl Matrices {
    /// The axis of a matrix that has the outputs, as the file stores it.
    fn outputs_axis(self) -> usize {
        match self {
            Matrices::OutputsFirst => 0,
            Matrices::InputsFirst => 1,
        }
    }

    /// The axis on which targets share a tensor of so many axes.
    fn split_axis(self, axes: usize) -> usize {
        if axes == 2 { self.outputs_axis() } else { 0 }
    }
}

/// Takes the tensors of a model from a safetensors file of another library, or of a definition with
/// other symbols.
///
/// A rule for each tensor that the file has under another name, or in another form. Names are
/// those that [`save`](super::save) writes: `W_x_f` of a cell, `0.W_x_f` of a stack's lowest layer,
/// `forward.W_x_f` and `backward.W_x_f` of two directions, `layer.…` and `head.weight` of a
/// classifier. A matrix is transposed where file and definition store it differently, which follows
/// from [`Matrices`] and the equations. Every tensor of either side has to be accounted for, to its
/// last element.
///
/// ```
/// use gate_runtime::cells::Lstm;
/// use gate_runtime::file::{Import, Matrices, Source};
/// # use gate_runtime::Cell;
/// # use rand::SeedableRng;
/// # use safetensors::tensor::{Dtype, TensorView};
///
/// // One layer of PyTorch's `nn.LSTM`: its gates in one matrix, in this order, with two biases.
/// let gates = |symbol: &str| ["i", "f", "g", "o"].map(|gate| format!("{symbol}_{gate}"));
/// let import = Import::new(Matrices::OutputsFirst)
///     .split("weight_ih_l0", gates("W_x"))
///     .split("weight_hh_l0", gates("W_h"))
///     .split(Source::new("bias_ih_l0").plus("bias_hh_l0"), gates("b"));
///
/// let mut lstm = Lstm::<f32>::new(3, 5, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// # let (numbers, mut tensors) = (vec![0; 4 * 100], Vec::new());
/// # for (name, shape) in [("weight_ih_l0", vec![20, 3]), ("weight_hh_l0", vec![20, 5]),
/// #     ("bias_ih_l0", vec![20]), ("bias_hh_l0", vec![20])] {
/// #     let bytes = &numbers[..4 * shape.iter().product::<usize>()];
/// #     tensors.push((name, TensorView::new(Dtype::F32, shape, bytes).unwrap()));
/// # }
/// # let bytes = safetensors::serialize(tensors, None).unwrap();
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("lstm.safetensors");
/// # std::fs::write(&path, bytes).unwrap();
/// import.load(path, &mut lstm)?; // of `safetensors.torch.save_file(lstm.state_dict(), path)`
/// # assert!(lstm.params().iter().all(|&p| p == 0.0));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Import {
    matrices: Matrices,
    narrowing: bool,
    pooling: Option<Pooling>,
    rules: Vec<Rule>,
    kept: Vec<String>,
    ignored: Vec<String>,
}

/// Tensors of the model, side by side on the axis of their outputs.
#[derive(Clone, Debug)]
struct Rule {
    targets: Vec<String>,
    source: Source,
}

impl Import {
    /// Without rules: each tensor from the one of its name.
    pub fn new(matrices: Matrices) -> Self {
        Import {
            matrices,
            narrowing: false,
            pooling: None,
            rules: Vec::new(),
            kept: Vec::new(),
            ignored: Vec::new(),
        }
    }

    /// A tensor of the model from one of the file, from a number, or from what is made of them.
    #[must_use]
    pub fn take(self, target: impl Into<String>, source: impl Into<Source>) -> Self {
        self.split(source, [target])
    }

    /// Several tensors of the model from one of the file that has them side by side, gate after gate,
    /// on the axis of their outputs. A number is the value of all of them.
    #[must_use]
    pub fn split<T: Into<String>>(
        mut self,
        source: impl Into<Source>,
        targets: impl IntoIterator<Item = T>,
    ) -> Self {
        let targets = targets.into_iter().map(T::into).collect();
        let source = source.into();
        self.rules.push(Rule { targets, source });
        self
    }

    /// A tensor of the model that stays as it is, such as a hyper-parameter.
    #[must_use]
    pub fn keep(mut self, target: impl Into<String>) -> Self {
        self.kept.push(target.into());
        self
    }

    /// Tensors of the file that the model has no need of, or not of all of their parts: all whose
    /// names begin so.
    #[must_use]
    pub fn ignore(mut self, prefix: impl Into<String>) -> Self {
        self.ignored.push(prefix.into());
        self
    }

    /// Also rounds `f64` to `f32`. Numbers of 16 bits are always read, as they widen.
    #[must_use]
    pub fn narrowing(mut self) -> Self {
        self.narrowing = true;
        self
    }

    /// The pooling of a classifier that [`load_model`](Import::load_model) makes.
    #[must_use]
    pub fn pooling(mut self, pooling: Pooling) -> Self {
        self.pooling = Some(pooling);
        self
    }

    /// Loads a file into a model.
    ///
    /// # Errors
    ///
    /// If the system refuses, the file is damaged, a rule fits the model or the file not, or a
    /// tensor of either is not accounted for. The model is then as it was.
    pub fn load<T: Tensors + ?Sized>(
        &self,
        path: impl AsRef<Path>,
        model: &mut T,
    ) -> Result<(), Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        Ok(self.read(&origin, &bytes, model)?)
    }

    /// The same from bytes.
    ///
    /// # Errors
    ///
    /// As [`Import::load`].
    pub fn load_bytes<T: Tensors + ?Sized>(
        &self,
        bytes: &[u8],
        model: &mut T,
    ) -> Result<(), Error> {
        Ok(self.read(&Origin::Bytes, bytes, model)?)
    }
}
