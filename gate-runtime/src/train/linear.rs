//! A linear layer: the head behind a recurrent layer.

use ndarray::{
    Array, ArrayView, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, CowArray,
    Dimension, Ix2,
};
use rand::Rng;

use crate::error::Error;
use crate::info::InitInfo;
use crate::init::{Fans, fill};
use crate::kernels::{Dense, Float, Way, adjacent};
use crate::sizes::{memory_for, too_large};
use crate::spare::Spare;
use crate::threads::threads_for;

use super::room::{empty, fit};

/// Products below which the work is not worth another thread (some 20 µs).
const FEW: usize = 2_000_000;

/// A linear layer, the head behind a recurrent one: `y = x Wᵀ + b` on the last axis of
/// `[N, features]`, `[T, B, features]` or what else has features in its last axis.
///
/// It keeps `W` packed for the kernels until it changes; a clone does not.
///
/// ```
/// use gate_runtime::train::{Adam, Group, Linear, Optimiser};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// let mut head = Linear::<f32>::new(8, 2, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// let h = Array3::<f32>::ones((6, 4, 8)); // steps, rows, features
/// let y = head.forward(h.view())?;
/// assert_eq!(y.dim(), (6, 4, 2));
///
/// let mut grads = head.zero_grads();
/// let dy = &y; // the gradient of the loss Σ y² / 2
/// let dh = head.backward(h.view(), dy.view(), &mut grads)?;
/// assert_eq!(dh.dim(), (6, 4, 8)); // what the recurrent layer goes back from
/// Adam::new(0.01).step(&mut [Group::new("head", head.params_mut(), grads.params_mut())])?;
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Linear<A> {
    inputs: usize,
    outputs: usize,
    /// `W`, then `b`.
    params: Vec<A>,
    products: Spare<Dense<A>>,
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
            products: Spare::default(),
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
        split_mut(self.inputs, self.outputs, self.params_mut()).0
    }

    /// `b`, `[outputs]`.
    pub fn bias(&self) -> ArrayView1<'_, A> {
        ArrayView1::from(&self.params[self.outputs * self.inputs..])
    }

    /// `b`, to change.
    pub fn bias_mut(&mut self) -> ArrayViewMut1<'_, A> {
        split_mut(self.inputs, self.outputs, self.params_mut()).1
    }

    /// All parameters: `W` row-major, then `b`.
    pub fn params(&self) -> &[A] {
        &self.params
    }

    /// All parameters, to change.
    pub fn params_mut(&mut self) -> &mut [A] {
        if let Some(products) = self.products.kept() {
            products.changed();
        }
        &mut self.params
    }

    /// Gradients for [`Linear::backward`] to add to, all zero.
    pub fn zero_grads(&self) -> LinearGrads<A> {
        LinearGrads {
            params: vec![A::ZERO; self.params.len()],
        }
    }

    /// `y`, `[…, outputs]`, of `x`, `[…, inputs]`.
    ///
    /// # Errors
    ///
    /// If `x` has another number of features, or the result does not fit in memory.
    pub fn forward<D: Dimension>(&self, x: ArrayView<'_, A, D>) -> Result<Array<A, D>, Error> {
        let mut y = empty(&x.raw_dim());
        self.forward_into(x, &mut y)?;
        Ok(y)
    }

    /// The same into an array, which gets the shape of the result; it allocates nothing if it had it
    /// before, the layer was used before, and the features of each row of `x` are adjacent, the rows
    /// equally far apart.
    ///
    /// # Errors
    ///
    /// As [`Linear::forward`].
    pub fn forward_into<D: Dimension>(
        &self,
        x: ArrayView<'_, A, D>,
        y: &mut Array<A, D>,
    ) -> Result<(), Error> {
        expect_last("x", self.inputs, x.raw_dim(), &x)?;
        fit("Linear", y, with_last(x.raw_dim(), self.outputs))?;
        let bias = &self.params[self.outputs * self.inputs..];
        self.product(Way::Forward, x, Some(bias), y);
        Ok(())
    }

    /// Adds the gradients of `W` and `b`; gives the gradient of `x`, `[…, inputs]`.
    ///
    /// # Errors
    ///
    /// If `x` or the gradient of `y` has another shape, or the gradients belong to a layer of
    /// another size.
    pub fn backward<D: Dimension>(
        &self,
        x: ArrayView<'_, A, D>,
        dy: ArrayView<'_, A, D>,
        grads: &mut LinearGrads<A>,
    ) -> Result<Array<A, D>, Error> {
        let mut dx = empty(&x.raw_dim());
        self.backward_into(x, dy, grads, &mut dx)?;
        Ok(dx)
    }

    /// The same with an array for the gradient of `x`, as [`Linear::forward_into`].
    ///
    /// # Errors
    ///
    /// As [`Linear::backward`].
    pub fn backward_into<D: Dimension>(
        &self,
        x: ArrayView<'_, A, D>,
        dy: ArrayView<'_, A, D>,
        grads: &mut LinearGrads<A>,
        dx: &mut Array<A, D>,
    ) -> Result<(), Error> {
        expect_last("x", self.inputs, x.raw_dim(), &x)?;
        expect_last("dy", self.outputs, x.raw_dim(), &dy)?;
        self.check_grads(grads)?;
        fit("Linear", dx, x.raw_dim())?;
        if dx.is_empty() {
            return Ok(());
        }
        let (dw, db) = grads.params.split_at_mut(self.outputs * self.inputs);
        let mut products = self.products.take();
        let (x, gradient) = (rows(x), rows(dy.view()));
        let threads = self.threads(x.nrows());
        products.gradients(x.view(), gradient.view(), dw, db, threads);
        self.products.give(products);
        self.product(Way::Back, dy, None, dx);
        Ok(())
    }

    /// Threads for so many rows.
    fn threads(&self, rows: usize) -> usize {
        threads_for(rows.saturating_mul(self.inputs * self.outputs), FEW)
    }

    /// A product of the weights with rows.
    fn product<D: Dimension>(
        &self,
        way: Way,
        x: ArrayView<'_, A, D>,
        base: Option<&[A]>,
        out: &mut Array<A, D>,
    ) {
        if out.is_empty() {
            return;
        }
        let mut products = self.products.take();
        let out = out.as_slice_mut().expect("an array of standard layout");
        let rows = rows(x);
        let threads = self.threads(rows.nrows());
        products.product(way, self.weight(), rows.view(), base, out, threads);
        self.products.give(products);
    }
}

/// An array as rows of its last axis, copied if they are not equally far apart or their elements
/// not adjacent. It is not empty.
fn rows<A: Float, D: Dimension>(x: ArrayView<'_, A, D>) -> CowArray<'_, A, Ix2> {
    let width = x.shape().last().copied().unwrap_or(1);
    let shape = (x.len() / width, width);
    let mut merged = x.clone().into_dyn();
    if merged.ndim() == 1 {
        merged = merged.insert_axis(Axis(0));
    }
    while merged.ndim() > 2 && merged.merge_axes(Axis(0), Axis(1)) {
        merged = merged.index_axis_move(Axis(0), 0);
    }
    let merged = merged.into_dimensionality().ok();
    match merged.filter(adjacent) {
        Some(rows) => rows.into(),
        None => {
            let copy: Vec<A> = x.iter().copied().collect();
            let copy = Array::from_shape_vec(shape, copy);
            copy.expect("as many elements as rows have").into()
        }
    }
}

/// A shape with another last axis.
fn with_last<D: Dimension>(mut shape: D, features: usize) -> D {
    if let Some(last) = shape.slice_mut().last_mut() {
        *last = features;
    }
    shape
}

/// Whether an array has the shape of `x`, but for its features.
fn expect_last<A, D: Dimension>(
    symbol: &'static str,
    features: usize,
    x: D,
    found: &ArrayView<'_, A, D>,
) -> Result<(), Error> {
    let expected = with_last(x, features);
    // A number has no features.
    let one = [features];
    let expected = if expected.ndim() == 0 {
        &one
    } else {
        expected.slice()
    };
    expect(symbol, expected, found.shape())
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
