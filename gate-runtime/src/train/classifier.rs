//! A recurrent layer, pooling over time, and a linear head.

use ndarray::{Array2, Array3};
use rand::Rng;

use crate::error::Error;
use crate::sequence::Sequence;

use super::group::Group;
use super::layer::{Groups, Layer};
use super::linear::{Linear, LinearGrads};
use super::loss::SoftmaxLoss;
use super::pooling::Pooling;

/// Tells which of several classes a sequence belongs to.
///
/// ```
/// use gate_runtime::cells::Gru;
/// use gate_runtime::train::{Adam, Classifier, Optimiser, Pooling, Stacked, clip_groups};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let layers = Stacked::<Gru<f32>>::new(&[3, 8], 2, &mut rng)?;
/// let mut model = Classifier::new(layers, Pooling::Mean, 2, &mut rng)?;
/// let (mut workspace, mut adam) = (model.workspace(), Adam::new(0.01));
///
/// // Two sequences of six steps: the first of class 0, the second of class 1.
/// let x = Array3::from_shape_fn((6, 2, 3), |(_, row, _)| row as f32);
/// let mut losses = Vec::new();
/// for _ in 0..20 {
///     let score = model.gradients(&x, &[0, 1], &mut workspace)?;
///     losses.push(score.loss);
///     let mut groups = model.groups(&mut workspace)?;
///     clip_groups(&mut groups, 1.0)?;
///     adam.step(&mut groups)?;
/// }
/// assert!(losses[19] < losses[0]);
/// assert_eq!(model.logits(&x)?.dim(), (2, 2));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classifier<L: Layer> {
    /// What reads the sequence.
    pub layer: L,
    /// What becomes of its steps.
    pub pooling: Pooling,
    /// From features to a score for each class.
    pub head: Linear<L::Scalar>,
}

/// The memory that training a classifier needs: a tape, the gradients, and what lies between layer
/// and loss. A step of training allocates nothing if there was one of the same shapes before.
#[derive(Debug)]
pub struct Workspace<L: Layer> {
    tape: L::Tape,
    layer: L::Grads,
    head: LinearGrads<L::Scalar>,
    between: Between<L::Scalar>,
}

/// Values and gradients between layer and loss.
#[derive(Debug, Default)]
struct Between<A> {
    features: Array2<A>,
    logits: Array2<A>,
    dlogits: Array2<A>,
    dfeatures: Array2<A>,
    dsteps: Array3<A>,
}

/// What one batch came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score<A> {
    /// Mean loss: the softmax cross-entropy.
    pub loss: A,
    /// Rows whose class has the highest score.
    pub correct: usize,
}

impl<L: Layer> Workspace<L> {
    /// Zeroes the gradients.
    pub fn clear(&mut self) {
        L::clear(&mut self.layer);
        self.head.zero();
    }
}

impl<L: Layer> Classifier<L> {
    /// A classifier on top of a layer, with a new head.
    ///
    /// # Errors
    ///
    /// If the layer has several inputs, or there is no class.
    pub fn new<R: Rng + ?Sized>(
        layer: L,
        pooling: Pooling,
        classes: usize,
        rng: &mut R,
    ) -> Result<Self, Error> {
        layer.input_features()?;
        let head = Linear::new(layer.output_features(), classes, rng)?;
        Ok(Classifier {
            layer,
            pooling,
            head,
        })
    }

    /// Memory for [`Classifier::gradients`].
    pub fn workspace(&self) -> Workspace<L> {
        Workspace {
            tape: L::Tape::default(),
            layer: self.layer.new_grads(),
            head: self.head.zero_grads(),
            between: Between::default(),
        }
    }

    /// Scores `[B, classes]` of a sequence `[T, B, features]`.
    ///
    /// # Errors
    ///
    /// If the sequence does not fit the layer.
    pub fn logits<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
    ) -> Result<Array2<L::Scalar>, Error> {
        let sequence = inputs.into();
        let lengths = sequence.lengths;
        let (steps, _) = self.layer.infer(sequence, None)?;
        self.head
            .forward(self.pooling.forward(steps.view(), lengths)?.view())
    }

    /// Loss of a batch, and in the workspace the gradients of all parameters. With another loss:
    /// [`Workspace::clear`] and [`Classifier::accumulate_by`].
    ///
    /// # Errors
    ///
    /// If sequence, labels or workspace do not fit, or the loss is not finite.
    pub fn gradients<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        labels: &[usize],
        workspace: &mut Workspace<L>,
    ) -> Result<Score<L::Scalar>, Error> {
        workspace.clear();
        self.accumulate(inputs, labels, workspace)
    }

    /// Loss of a batch, and its gradients added to those in the workspace: for batches that do not
    /// fit in memory at once. The gradients of `n` batches are then `n` times their mean.
    ///
    /// # Errors
    ///
    /// As [`Classifier::gradients`]; nothing is added then.
    pub fn accumulate<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        labels: &[usize],
        workspace: &mut Workspace<L>,
    ) -> Result<Score<L::Scalar>, Error> {
        self.accumulate_by(&SoftmaxLoss::new(), inputs, labels, workspace)
    }

    /// The same by a loss with weights for rows or classes, or with label smoothing.
    ///
    /// # Errors
    ///
    /// As [`Classifier::gradients`], or if the loss does not fit; nothing is added then.
    pub fn accumulate_by<'a>(
        &self,
        loss: &SoftmaxLoss<'_>,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        labels: &[usize],
        workspace: &mut Workspace<L>,
    ) -> Result<Score<L::Scalar>, Error> {
        let sequence = inputs.into();
        let lengths = sequence.lengths;
        let Workspace {
            tape,
            layer,
            head,
            between,
        } = workspace;
        self.layer.check_grads(layer)?;
        self.head.check_grads(head)?;
        self.layer.trace(sequence, None, tape)?;
        let steps = L::traced(tape);
        let time = steps.dim().0;
        let Between {
            features,
            logits,
            dlogits,
            dfeatures,
            dsteps,
        } = between;
        self.pooling.forward_into(steps, lengths, features)?;
        self.head.forward_into(features.view(), logits)?;
        let (loss, correct) = loss.of_into(logits.view(), labels, dlogits)?;
        self.head
            .backward_into(features.view(), dlogits.view(), head, dfeatures)?;
        self.pooling
            .backward_into(dfeatures.view(), time, lengths, dsteps)?;
        self.layer.pull_back(tape, dsteps.view(), false, layer)?;
        Ok(Score { loss, correct })
    }

    /// All parameters with the gradients in the workspace.
    ///
    /// # Errors
    ///
    /// If the workspace is that of a model of other sizes.
    pub fn groups<'a>(&'a mut self, workspace: &'a mut Workspace<L>) -> Groups<'a, L::Scalar> {
        self.head.check_grads(&workspace.head)?;
        let layer = self.layer.groups(&mut workspace.layer)?.into_iter();
        let head = Group::new("head", self.head.params_mut(), workspace.head.params_mut());
        let groups = layer.map(|g| g.within("layer")).chain([head]).collect();
        Ok(groups)
    }
}
