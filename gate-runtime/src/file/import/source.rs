//! What a tensor is taken from.

use std::fmt;
use std::ops::Range;

use ndarray::{ArrayD, Axis, Slice, arr0};

/// What a tensor of a model is taken from: a tensor of a file by its name, a number, or what is
/// made of them. A name or a number turns into one by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub(super) expr: Expr,
    /// Whether it is transposed, if that is said.
    pub(super) transposed: Option<bool>,
    /// Whether summands say it differently.
    pub(super) contradicts: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Tensor(String),
    Number(f64),
    At(Box<Expr>, usize),
    Slice(Box<Expr>, usize, Range<usize>),
    Times(Box<Expr>, f64),
    Plus(Box<Expr>, Box<Expr>),
}

impl From<&str> for Source {
    fn from(name: &str) -> Self {
        Source::new(name)
    }
}

impl From<String> for Source {
    fn from(name: String) -> Self {
        Source::new(name)
    }
}

impl From<f64> for Source {
    fn from(number: f64) -> Self {
        Source::of(Expr::Number(number))
    }
}

impl Source {
    /// A tensor of the file.
    pub fn new(name: impl Into<String>) -> Self {
        Source::of(Expr::Tensor(name.into()))
    }

    fn of(expr: Expr) -> Self {
        Source {
            expr,
            transposed: None,
            contradicts: false,
        }
    }

    /// One index of the first axis, which goes away: a direction of ONNX, the one or the other bias
    /// of Keras.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.expr = Expr::At(Box::new(self.expr), index);
        self
    }

    /// A part of an axis, as the file has it.
    #[must_use]
    pub fn slice(mut self, axis: usize, range: Range<usize>) -> Self {
        self.expr = Expr::Slice(Box::new(self.expr), axis, range);
        self
    }

    /// The sum with another of the same shape, or with a number: two biases that are only ever
    /// added. What is said of one of them, `transposed` or `as_stored`, is said of the sum.
    #[must_use]
    pub fn plus(mut self, other: impl Into<Source>) -> Self {
        let other = other.into();
        let both = self.transposed.zip(other.transposed);
        self.contradicts |= other.contradicts || both.is_some_and(|(a, b)| a != b);
        self.transposed = self.transposed.or(other.transposed);
        self.expr = Expr::Plus(Box::new(self.expr), Box::new(other.expr));
        self
    }

    /// Every element times a number: `-1.0` for a gate whose complement the file has, as
    /// `1 - σ(u)` is `σ(-u)`.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        self.expr = Expr::Times(Box::new(self.expr), factor);
        self
    }

    /// A matrix with its axes exchanged, whatever [`Matrices`](super::Matrices) says.
    #[must_use]
    pub fn transposed(self) -> Self {
        self.turned(true)
    }

    /// A matrix as the file has it, whatever [`Matrices`](super::Matrices) says.
    #[must_use]
    pub fn as_stored(self) -> Self {
        self.turned(false)
    }

    fn turned(mut self, transposed: bool) -> Self {
        (self.transposed, self.contradicts) = (Some(transposed), false);
        self
    }
}

/// `weight[0]` of a file, with the sums and factors.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Tensor(name) => write!(f, "`{name}`"),
            Expr::Number(number) => write!(f, "{number:?}"),
            Expr::At(of, index) => write!(f, "{of} at {index}"),
            Expr::Slice(of, axis, range) => {
                write!(
                    f,
                    "{of} from {} to {} of axis {axis}",
                    range.start, range.end
                )
            }
            Expr::Times(of, factor) => write!(f, "{factor:?} · ({of})"),
            Expr::Plus(a, b) => write!(f, "{a} + {b}"),
        }
    }
}

impl Expr {
    /// Whether no tensor is in it, so that it has no shape of its own.
    pub(super) fn is_number(&self) -> bool {
        match self {
            Expr::Tensor(_) => false,
            Expr::Number(_) => true,
            Expr::At(of, _) | Expr::Slice(of, ..) | Expr::Times(of, _) => of.is_number(),
            Expr::Plus(a, b) => a.is_number() && b.is_number(),
        }
    }

    /// Whether it has to do with a tensor.
    pub(super) fn reads(&self, name: &str) -> bool {
        match self {
            Expr::Tensor(own) => own == name,
            Expr::Number(_) => false,
            Expr::At(of, _) | Expr::Slice(of, ..) | Expr::Times(of, _) => of.reads(name),
            Expr::Plus(a, b) => a.reads(name) || b.reads(name),
        }
    }

    /// Its elements; `tensor` gives those of a tensor. What does not fit is said in words.
    pub(super) fn value<E: From<String>>(
        &self,
        tensor: &mut dyn FnMut(&str) -> Result<ArrayD<f64>, E>,
    ) -> Result<ArrayD<f64>, E> {
        match self {
            Expr::Tensor(name) => tensor(name),
            Expr::Number(number) => Ok(arr0(*number).into_dyn()),
            Expr::Times(of, factor) => Ok(of.value(tensor)?.mapv_into(|v| v * factor)),
            Expr::At(of, index) => {
                let value = of.value(tensor)?;
                match value.shape().first() {
                    Some(length) if index < length => Ok(value.index_axis_move(Axis(0), *index)),
                    _ => Err(
                        format!("{of} of shape {:?} has no index {index}", value.shape()).into(),
                    ),
                }
            }
            Expr::Slice(of, axis, range) => {
                let mut value = of.value(tensor)?;
                let fits = |&length: &usize| range.start <= range.end && range.end <= length;
                if !value.shape().get(*axis).is_some_and(fits) {
                    let shape = value.shape();
                    let part = format!("{} to {} of axis {axis}", range.start, range.end);
                    return Err(format!("{of} of shape {shape:?} has no {part}").into());
                }
                value.slice_axis_inplace(Axis(*axis), Slice::from(range.clone()));
                Ok(value)
            }
            Expr::Plus(a, b) => {
                let (x, y) = (a.value(tensor)?, b.value(tensor)?);
                if x.shape() != y.shape() && !a.is_number() && !b.is_number() {
                    let shapes = (x.shape(), y.shape());
                    return Err(format!("{a} has shape {:?}, {b} {:?}", shapes.0, shapes.1).into());
                }
                Ok(x + y)
            }
        }
    }
}
