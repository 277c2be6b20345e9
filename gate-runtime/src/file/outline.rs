//! Models that are made with the sizes that a file says.
//!
//! Takes: what a file of this crate or of another says of the sizes ([`Outline`]). Gives: a model of
//! them ([`FromFile`]), whose numbers are yet to be loaded.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::SafeTensors;

use crate::cell::Cell;
use crate::error::Error;
use crate::info::{CellInfo, Extent, RoleInfo};
use crate::kernels::Float;
use crate::sizes::dividend;
use crate::train::{Bidirectional, Classifier, Layer, Linear, Pooling, Stacked, join};

use super::outputs::outputs_axis;
use super::tensors::Tensors;

/// A model that can be made with the sizes of a file: a cell, a linear head, and stacks, bidirectional
/// layers and classifiers of them.
pub trait FromFile: Tensors + Sized {
    /// One of the sizes of a part of a file, which is empty for all of it.
    #[doc(hidden)]
    fn of_sizes(outline: &dyn Outline, part: &str) -> Result<Self, Error>;
}

/// What a file says of the sizes of a model and of its parts.
#[doc(hidden)]
pub trait Outline {
    /// The sizes of a cell or head.
    fn sizes(&self, part: &str, shapes: &Shapes) -> Result<Vec<usize>, Error>;
    /// The number of layers of a stack.
    fn layers(&self, part: &str) -> Result<usize, Error>;
    /// The pooling of a classifier.
    fn pooling(&self, part: &str) -> Result<Pooling, Error>;
}

/// How the tensors of a cell or head depend on its sizes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Shapes {
    pub(super) owner: &'static str,
    /// Arguments of the constructor.
    pub(super) sizes: Vec<&'static str>,
    pub(super) tensors: Vec<Extents>,
}

/// A tensor whose shape depends on sizes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Extents {
    pub(super) name: &'static str,
    pub(super) shape: &'static [Extent],
    /// The axis that has the outputs, of a matrix.
    pub(super) outputs: Option<usize>,
}

impl Shapes {
    fn of(info: &'static CellInfo) -> Self {
        let symbols = info.symbols.iter().enumerate();
        let parameters = symbols.filter(|(_, s)| matches!(s.role, RoleInfo::Parameter(_)));
        let tensors = parameters.map(|(index, symbol)| Extents {
            name: symbol.ident,
            shape: symbol.shape,
            outputs: outputs_axis(info, index),
        });
        Shapes {
            owner: info.name,
            sizes: info.sizes.iter().map(|size| size.argument).collect(),
            tensors: tensors.collect(),
        }
    }

    /// Those of a linear head.
    fn linear() -> Self {
        const fn size(terms: &'static [(usize, usize)]) -> Extent {
            Extent {
                terms,
                constant: 0,
                divisor: 1,
            }
        }
        const WEIGHT: &[Extent] = &[size(&[(1, 1)]), size(&[(0, 1)])];
        const BIAS: &[Extent] = &[size(&[(1, 1)])];
        let tensor = |name, shape, outputs| Extents {
            name,
            shape,
            outputs,
        };
        Shapes {
            owner: "Linear",
            sizes: vec!["inputs", "outputs"],
            tensors: vec![
                tensor("weight", WEIGHT, Some(0)),
                tensor("bias", BIAS, None),
            ],
        }
    }

    /// A tensor that of these sizes has more elements than so many; asked before there is room for it.
    pub(super) fn beyond(&self, sizes: &[usize], most: usize) -> Option<&'static str> {
        let length = |extent: &Extent| Some(dividend(extent, sizes)? / extent.divisor.max(1));
        let elements = |tensor: &Extents| {
            let mut lengths = tensor.shape.iter().map(length);
            lengths.try_fold(1_usize, |area, length| area.checked_mul(length?))
        };
        let is_beyond = |tensor: &&Extents| elements(tensor).is_none_or(|count| count > most);
        self.tensors
            .iter()
            .find(is_beyond)
            .map(|tensor| tensor.name)
    }

    pub(super) fn find(&self, name: &str) -> Option<&Extents> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }
}

/// Elements of the largest tensor of a file.
pub(super) fn largest(file: &SafeTensors<'_>) -> usize {
    let counts = file.iter().map(|(_, view)| view.shape().iter().product());
    counts.max().unwrap_or(0)
}

/// A name in a part of a file, which may be all of it.
pub(super) fn in_part(part: &str, name: &str) -> String {
    match part {
        "" => name.to_owned(),
        part => join(part, name),
    }
}

/// All numbers are those of the file in the end.
fn generator() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(0)
}

impl<C: Cell> FromFile for C {
    fn of_sizes(outline: &dyn Outline, part: &str) -> Result<Self, Error> {
        let sizes = outline.sizes(part, &Shapes::of(C::INFO))?;
        C::with_sizes(&sizes, &mut generator())
    }
}

impl<A: Float> FromFile for Linear<A> {
    fn of_sizes(outline: &dyn Outline, part: &str) -> Result<Self, Error> {
        let sizes = outline.sizes(part, &Shapes::linear())?;
        Linear::new(sizes[0], sizes[1], &mut generator())
    }
}

impl<L: Layer + FromFile> FromFile for Stacked<L> {
    fn of_sizes(outline: &dyn Outline, part: &str) -> Result<Self, Error> {
        let layer = |k: usize| L::of_sizes(outline, &in_part(part, &k.to_string()));
        let layers: Result<_, Error> = (0..outline.layers(part)?).map(layer).collect();
        Stacked::from_layers(layers?)
    }
}

impl<L: Layer + FromFile> FromFile for Bidirectional<L> {
    fn of_sizes(outline: &dyn Outline, part: &str) -> Result<Self, Error> {
        let layer = |name: &str| L::of_sizes(outline, &in_part(part, name));
        Bidirectional::from_layers(layer("forward")?, layer("backward")?)
    }
}

impl<A: Float, L> FromFile for Classifier<L>
where
    L: Layer<Scalar = A> + FromFile + Tensors<Scalar = A>,
{
    fn of_sizes(outline: &dyn Outline, part: &str) -> Result<Self, Error> {
        let layer = L::of_sizes(outline, &in_part(part, "layer"))?;
        let head: Linear<A> = Linear::of_sizes(outline, &in_part(part, "head"))?;
        let pooling = outline.pooling(part)?;
        Classifier::new(layer, pooling, head.outputs(), &mut generator())
    }
}
