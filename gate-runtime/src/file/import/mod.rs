//! Tensors of other libraries: other names, orders of gates, transposes.

mod cover;
mod fit;
mod numbers;
mod sizes;
mod source;
#[cfg(test)]
mod tests;

use std::path::Path;

use ndarray::ArrayD;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::error::Error;
use crate::kernels::Float;
use crate::train::Pooling;

use super::Origin;
use super::read::{contents, deserialized};
use super::tensors::{Tensor, Tensors, Values, ValuesMut};
use super::write::not_finite;
use fit::Fit;
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

/// Why a rule does not hold.
enum Trouble {
    /// In words, that go on after what was to be taken from what.
    Reason(String),
    Error(Error),
}

impl From<String> for Trouble {
    fn from(reason: String) -> Self {
        Trouble::Reason(reason)
    }
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
        self.read(&origin, &bytes, model)
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
        self.read(&Origin::Bytes, bytes, model)
    }

    fn read<T: Tensors + ?Sized>(
        &self,
        origin: &Origin,
        bytes: &[u8],
        model: &mut T,
    ) -> Result<(), Error> {
        let (file, _) = deserialized(origin, bytes)?;
        let expected = model.tensors();
        let mut rules = self.rules.clone();
        self.check_targets(origin, &expected)?;
        self.complete(origin, &file, &expected, &mut rules)?;
        let mut taken: Vec<Option<Vec<T::Scalar>>> = expected.iter().map(|_| None).collect();
        for rule in &rules {
            self.apply((origin, &file), rule, &expected, &mut taken)?;
        }
        self.check_rest(origin, &file, &rules)?;
        for (target, source) in model.tensors_mut().into_iter().zip(taken) {
            if let (ValuesMut::Numbers(target), Some(source)) = (target.values, source) {
                target.copy_from_slice(&source);
            }
        }
        Ok(())
    }

    /// Whether the model has all targets, each of them once.
    fn check_targets<A>(&self, origin: &Origin, expected: &[Tensor<'_, A>]) -> Result<(), Error> {
        let mut all: Vec<(&str, String)> = Vec::new();
        for rule in &self.rules {
            if rule.targets.is_empty() {
                let reason = "the rule names no tensor of the model; name one, or `ignore` these";
                let source_text = rule.source.expr.to_string();
                return Err(refused(origin, "nothing", source_text, reason.to_owned()));
            }
            let of_rule = rule.targets.iter();
            all.extend(of_rule.map(|target| (&**target, rule.source.expr.to_string())));
        }
        all.extend(
            self.kept
                .iter()
                .map(|target| (&**target, "itself".to_owned())),
        );
        for (at, (target, source_text)) in all.iter().enumerate() {
            let found = expected.iter().find(|t| t.name == *target);
            let counts = |t: &Tensor<_>| matches!(t.values, Values::Counts(_));
            let reason = match found.map(counts) {
                None => {
                    let known = expected.iter().map(|t| &*t.name).collect();
                    format!(
                        "the model has no such tensor, but: {}",
                        listed(known, target)
                    )
                }
                _ if all[..at].iter().any(|(other, _)| other == target) => {
                    "it has two rules; leave one of them out".to_owned()
                }
                Some(true) if *source_text != "itself" => "it counts steps; `keep` it".to_owned(),
                Some(_) => continue,
            };
            return Err(refused(origin, target, source_text.clone(), reason));
        }
        Ok(())
    }

    /// Adds a rule for each tensor without one, which the file has under the same name.
    fn complete<A>(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
        expected: &[Tensor<'_, A>],
        rules: &mut Vec<Rule>,
    ) -> Result<(), Error> {
        for tensor in expected {
            let given = |rule: &Rule| rule.targets.contains(&tensor.name);
            if self.kept.contains(&tensor.name) || self.rules.iter().any(given) {
                continue;
            }
            if file.tensor(&tensor.name).is_err() {
                return Err(Error::TensorMissing {
                    origin: origin.clone(),
                    tensor: tensor.name.clone(),
                    expected: tensor.shape.clone(),
                    advice: "say by `take` or `split` what it is taken from, or `keep` it as it is",
                });
            }
            rules.push(Rule {
                targets: vec![tensor.name.clone()],
                source: Source::new(&*tensor.name),
            });
        }
        Ok(())
    }

    /// Takes what a rule says.
    fn apply<A: Float>(
        &self,
        (origin, file): (&Origin, &SafeTensors<'_>),
        rule: &Rule,
        expected: &[Tensor<'_, A>],
        taken: &mut [Option<Vec<A>>],
    ) -> Result<(), Error> {
        let text = || rule.source.expr.to_string();
        let refuse = |target: &str, reason| refused(origin, target, text(), reason);
        let value = evaluated(origin, rule, &mut |name| {
            self.tensor::<A>(origin, file, name)
        })?;
        let place = |target: &String| expected.iter().position(|t| t.name == *target);
        let places: Vec<usize> = rule.targets.iter().filter_map(place).collect();
        let targets: Vec<&Tensor<'_, A>> = places.iter().map(|&at| &expected[at]).collect();
        let fit = Fit {
            matrices: self.matrices,
            source: &rule.source,
        };
        let parts = fit.parts(&value, &targets);
        let parts = parts.map_err(|(target, reason)| refuse(target, reason))?;
        for (at, part) in places.into_iter().zip(parts) {
            let numbers: Vec<A> = part.iter().map(|&v| A::from_f64(v)).collect();
            if let Some((index, value)) = not_finite(&numbers) {
                let reason = format!(
                    "it would have {value} at index {index}; the file is damaged, or the number too \
                     large for {}",
                    A::NAME
                );
                return Err(refuse(&expected[at].name, reason));
            }
            taken[at] = Some(numbers);
        }
        Ok(())
    }

    /// A tensor of the file.
    fn tensor<A: Float>(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
        name: &str,
    ) -> Result<ArrayD<f64>, Trouble> {
        let view = tensor_of(file, name)?;
        let narrows = view.dtype() == Dtype::F64 && size_of::<A>() < 8 && !self.narrowing;
        match numbers::numbers(&view).filter(|_| !narrows) {
            Some(numbers) => Ok(numbers),
            None => Err(Trouble::Error(Error::TensorType {
                origin: origin.clone(),
                tensor: name.to_owned(),
                expected: A::NAME,
                found: format!("{:?}", view.dtype()).to_lowercase(),
            })),
        }
    }
}

/// A tensor of a file.
fn tensor_of<'f>(file: &'f SafeTensors<'_>, name: &str) -> Result<TensorView<'f>, Trouble> {
    file.tensor(name).map_err(|_| {
        let known = listed(file.names(), name);
        format!("the file has no tensor `{name}`, but: {known}").into()
    })
}

/// What a rule takes, as the file has it; `tensor` gives the tensors by their names.
fn evaluated(
    origin: &Origin,
    rule: &Rule,
    tensor: &mut dyn FnMut(&str) -> Result<ArrayD<f64>, Trouble>,
) -> Result<ArrayD<f64>, Error> {
    let expr = &rule.source.expr;
    expr.value(tensor)
        .map_err(|trouble| match (trouble, rule.targets.first()) {
            (Trouble::Reason(reason), target) => {
                let target = target.map_or("nothing", String::as_str);
                refused(origin, target, expr.to_string(), reason)
            }
            (Trouble::Error(error), _) => error,
        })
}

/// The names that begin and end most like another, with the number of the rest.
fn listed(mut names: Vec<&str>, other: &str) -> String {
    let same = |(a, b): &(u8, u8)| a == b;
    let likeness = |name: &str| {
        let begin = name.bytes().zip(other.bytes()).take_while(same).count();
        let end = name.bytes().rev().zip(other.bytes().rev());
        begin + end.take_while(same).count()
    };
    names.sort_unstable_by_key(|name| (std::cmp::Reverse(likeness(name)), *name));
    let rest = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    match rest {
        0 => names.join(", "),
        rest => format!("{}, and {rest} more", names.join(", ")),
    }
}

/// As many names as an error lists.
const LISTED: usize = 8;

fn refused(origin: &Origin, target: &str, source_text: String, reason: String) -> Error {
    Error::Import {
        origin: origin.clone(),
        target: target.to_owned(),
        source_text,
        reason,
    }
}
