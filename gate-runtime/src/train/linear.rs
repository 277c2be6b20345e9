//! A linear layer: the head behind a recurrent layer.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis};
use rand::Rng;

use crate::error::Error;
use crate::info::InitInfo;
use crate::init::{Fans, fill};
use crate::kernels::Float;
use crate::sizes::{memory_for, too_large};

/// `y = x Wᵀ + b` on rows `[N, features]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear<A> {
    inputs: usize,
    outputs: usize,
    /// `W`, then `b`.
    params: Vec<A>,
}

/// Gradients of a [`Linear`] layer, in the order of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearGrads<A> {
    params: Vec<A>,
}

impl<A: Float> Linear<A> {
    /// A layer with `W` as Glorot and Bengio (2010) have it and `b` zero.
    ///
    /// # Errors
    ///
    /// If a size is zero, or there is no memory for the parameters.
    pub fn new<R: Rng + ?Sized>(inputs: usize, outputs: usize, rng: &mut R) -> Result<Self, Error> {
        for (size, value) in [("inputs", inputs), ("outputs", outputs)] {
            if value == 0 {
                return Err(Error::SizeZero {
                    cell: "Linear",
                    size,
                });
            }
        }
        let columns = inputs.checked_add(1);
        let count = columns.and_then(|columns| columns.checked_mul(outputs));
        let (Some(count), true) = (count, memory_for::<A>(count)) else {
            return Err(too_large("Linear", &[inputs, outputs]));
        };
        let mut params = vec![A::ZERO; count];
        let fans = Fans {
            input: inputs,
            output: outputs,
        };
        fill(
            InitInfo::GlorotUniform,
            &[outputs, inputs],
            fans,
            &mut params[..outputs * inputs],
            rng,
        );
        Ok(Linear {
            inputs,
            outputs,
            params,
        })
    }

    /// Features of a row of `x`.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Features of a row of `y`.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// `W`, `[outputs, inputs]`.
    pub fn weight(&self) -> ArrayView2<'_, A> {
        weight(self.inputs, self.outputs, &self.params)
    }

    /// `W`, to change.
    pub fn weight_mut(&mut self) -> ArrayViewMut2<'_, A> {
        split_mut(self.inputs, self.outputs, &mut self.params).0
    }

    /// `b`, `[outputs]`.
    pub fn bias(&self) -> ArrayView1<'_, A> {
        ArrayView1::from(&self.params[self.outputs * self.inputs..])
    }

    /// `b`, to change.
    pub fn bias_mut(&mut self) -> ArrayViewMut1<'_, A> {
        split_mut(self.inputs, self.outputs, &mut self.params).1
    }

    /// All parameters: `W` row-major, then `b`.
    pub fn params(&self) -> &[A] {
        &self.params
    }

    /// All parameters, to change.
    pub fn params_mut(&mut self) -> &mut [A] {
        &mut self.params
    }

    /// Gradients, all zero.
    pub fn zero_grads(&self) -> LinearGrads<A> {
        LinearGrads {
            params: vec![A::ZERO; self.params.len()],
        }
    }

    /// `y`, `[N, outputs]`, of `x`, `[N, inputs]`.
    ///
    /// # Errors
    ///
    /// If `x` has another number of features.
    pub fn forward(&self, x: ArrayView2<'_, A>) -> Result<Array2<A>, Error> {
        expect("x", &[x.nrows(), self.inputs], x.shape())?;
        let mut y = Array2::zeros((x.nrows(), self.outputs));
        y += &self.bias();
        general_mat_mul(A::ONE, &x, &self.weight().t(), A::ONE, &mut y);
        Ok(y)
    }

    /// Adds the gradients of `W` and `b`; gives the gradient of `x`, `[N, inputs]`.
    ///
    /// # Errors
    ///
    /// If `x` or the gradient of `y` has another shape, or the gradients belong to a layer of
    /// another size.
    pub fn backward(
        &self,
        x: ArrayView2<'_, A>,
        dy: ArrayView2<'_, A>,
        grads: &mut LinearGrads<A>,
    ) -> Result<Array2<A>, Error> {
        expect("x", &[x.nrows(), self.inputs], x.shape())?;
        expect("dy", &[x.nrows(), self.outputs], dy.shape())?;
        self.check_grads(grads)?;
        let (mut dw, mut db) = split_mut(self.inputs, self.outputs, &mut grads.params);
        general_mat_mul(A::ONE, &dy.t(), &x, A::ONE, &mut dw);
        db += &dy.sum_axis(Axis(0));
        Ok(dy.dot(&self.weight()))
    }
}

impl<A: Float> Linear<A> {
    /// Whether gradients are those of a layer of this size.
    pub(super) fn check_grads(&self, grads: &LinearGrads<A>) -> Result<(), Error> {
        expect("grads", &[self.params.len()], &[grads.params.len()])
    }
}

impl<A: Float> LinearGrads<A> {
    /// All gradients, in the order of the parameters.
    pub fn params(&self) -> &[A] {
        &self.params
    }

    /// All gradients, to change.
    pub fn params_mut(&mut self) -> &mut [A] {
        &mut self.params
    }

    /// Zeroes them.
    pub fn zero(&mut self) {
        self.params.fill(A::ZERO);
    }
}

fn weight<A>(inputs: usize, outputs: usize, params: &[A]) -> ArrayView2<'_, A> {
    ArrayView2::from_shape((outputs, inputs), &params[..outputs * inputs])
        .expect("a slice of the weight's length")
}

fn split_mut<A>(
    inputs: usize,
    outputs: usize,
    params: &mut [A],
) -> (ArrayViewMut2<'_, A>, ArrayViewMut1<'_, A>) {
    let (weight, bias) = params.split_at_mut(outputs * inputs);
    let weight = ArrayViewMut2::from_shape((outputs, inputs), weight)
        .expect("a slice of the weight's length");
    (weight, ArrayViewMut1::from(bias))
}

fn expect(symbol: &'static str, expected: &[usize], found: &[usize]) -> Result<(), Error> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Shape {
        cell: "Linear",
        symbol,
        expected: expected.to_vec(),
        found: found.to_vec(),
    })
}
