//! From a sequence to one vector per row.

use ndarray::{Array2, Array3, ArrayView2, ArrayView3, Ix2, Ix3, Zip, s};

use crate::error::Error;
use crate::kernels::Float;

use super::room::{empty, fit};

/// From steps `[T, B, features]` to one vector per row, `[B, features]`. Steps beyond a row's length
/// do not count.
///
/// ```
/// use gate_runtime::train::Pooling;
/// use ndarray::{Array3, arr2};
///
/// let steps = Array3::from_shape_fn((3, 2, 1), |(t, _, _)| t as f32); // 0, 1, 2 in both rows
/// let lengths = Some(&[3, 2][..]);
/// assert_eq!(Pooling::Last.forward(steps.view(), lengths)?, arr2(&[[2.0], [1.0]]));
/// assert_eq!(Pooling::Mean.forward(steps.view(), lengths)?, arr2(&[[1.0], [0.5]]));
///
/// let back = Pooling::Last.backward(arr2(&[[1.0], [1.0]]).view(), 3, lengths)?;
/// assert_eq!(back.sum(), 2.0); // 1 at the last step of each row
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// The last step of each row.
    Last,
    /// The mean of all steps of each row.
    Mean,
    /// For bidirectional layers: the first half of the features from the last step, the second
    /// half from the first step. Each direction has then read the whole row.
    Ends,
}

impl Pooling {
    /// `[B, features]` of `[T, B, features]`.
    ///
    /// # Errors
    ///
    /// If lengths do not fit the steps, or ends of an odd number of features are asked for.
    pub fn forward<A: Float>(
        self,
        steps: ArrayView3<'_, A>,
        lengths: Option<&[usize]>,
    ) -> Result<Array2<A>, Error> {
        let mut out = Array2::zeros((0, 0));
        self.forward_into(steps, lengths, &mut out)?;
        Ok(out)
    }

    /// The same into an array, which gets the shape of the result; it allocates nothing if it had it
    /// before.
    ///
    /// # Errors
    ///
    /// As [`Pooling::forward`].
    pub fn forward_into<A: Float>(
        self,
        steps: ArrayView3<'_, A>,
        lengths: Option<&[usize]>,
        out: &mut Array2<A>,
    ) -> Result<(), Error> {
        let (time, batch, width) = steps.dim();
        self.check((time, batch, width), lengths)?;
        fit("Pooling", out, Ix2(batch, width))?;
        for (row, mut out) in out.outer_iter_mut().enumerate() {
            let length = lengths.map_or(time, |l| l[row]);
            let of_row = steps.slice(s![..length, row, ..]);
            match self {
                Pooling::Last => out.assign(&of_row.row(length - 1)),
                Pooling::Mean => {
                    out.fill(A::ZERO);
                    of_row.rows().into_iter().for_each(|step| out += &step);
                    out *= A::from_f64(1.0 / length as f64);
                }
                Pooling::Ends => {
                    let half = width / 2;
                    out.slice_mut(s![..half])
                        .assign(&of_row.slice(s![length - 1, ..half]));
                    out.slice_mut(s![half..])
                        .assign(&of_row.slice(s![0, half..]));
                }
            }
        }
        Ok(())
    }

    /// The gradient of the steps, `[T, B, features]`, from that of the vectors,
    /// `[B, features]`; zero beyond a row's length.
    ///
    /// # Errors
    ///
    /// As [`Pooling::forward`], or if so many steps do not fit in memory.
    pub fn backward<A: Float>(
        self,
        gradient: ArrayView2<'_, A>,
        time: usize,
        lengths: Option<&[usize]>,
    ) -> Result<Array3<A>, Error> {
        let mut out = Array3::zeros((0, 0, 0));
        self.backward_into(gradient, time, lengths, &mut out)?;
        Ok(out)
    }

    /// The same into an array, as [`Pooling::forward_into`].
    ///
    /// # Errors
    ///
    /// As [`Pooling::backward`].
    pub fn backward_into<A: Float>(
        self,
        gradient: ArrayView2<'_, A>,
        time: usize,
        lengths: Option<&[usize]>,
        out: &mut Array3<A>,
    ) -> Result<(), Error> {
        let (batch, width) = gradient.dim();
        self.check((time, batch, width), lengths)?;
        fit("Pooling", out, Ix3(time, batch, width))?;
        out.fill(A::ZERO);
        for (row, gradient) in gradient.outer_iter().enumerate() {
            let length = lengths.map_or(time, |l| l[row]);
            match self {
                Pooling::Last => out.slice_mut(s![length - 1, row, ..]).assign(&gradient),
                Pooling::Mean => {
                    let scale = A::from_f64(1.0 / length as f64);
                    let steps = out.slice_mut(s![..length, row, ..]);
                    Zip::from(steps)
                        .and_broadcast(gradient)
                        .for_each(|out, &g| *out = g * scale);
                }
                Pooling::Ends => {
                    let half = width / 2;
                    out.slice_mut(s![length - 1, row, ..half])
                        .assign(&gradient.slice(s![..half]));
                    out.slice_mut(s![0, row, half..])
                        .assign(&gradient.slice(s![half..]));
                }
            }
        }
        Ok(())
    }

    fn check(
        self,
        (time, batch, width): (usize, usize, usize),
        lengths: Option<&[usize]>,
    ) -> Result<(), Error> {
        if self == Pooling::Ends && !width.is_multiple_of(2) {
            return Err(Error::OddFeatures { features: width });
        }
        check_lengths("Pooling", time, batch, lengths)
    }
}

/// Whether lengths fit a sequence.
pub(super) fn check_lengths(
    what: &'static str,
    steps: usize,
    batch: usize,
    lengths: Option<&[usize]>,
) -> Result<(), Error> {
    if steps == 0 || batch == 0 {
        return Err(Error::Empty {
            cell: what,
            steps,
            batch,
        });
    }
    let Some(lengths) = lengths else {
        return Ok(());
    };
    if lengths.len() != batch {
        return Err(Error::LengthCount {
            expected: batch,
            found: lengths.len(),
        });
    }
    match lengths.iter().position(|l| !(1..=steps).contains(l)) {
        Some(row) => Err(Error::LengthRange {
            row,
            length: lengths[row],
            steps,
        }),
        None => Ok(()),
    }
}

/// A mask `[T, B, features]` for losses: true at every step within its row's length.
///
/// ```
/// use gate_runtime::train::{mean_squared_error, valid_steps};
/// use ndarray::Array3;
///
/// let (mut y, targets) = (Array3::<f32>::ones((3, 2, 1)), Array3::zeros((3, 2, 1)));
/// y[[2, 1, 0]] = f32::NAN; // the second row has two steps alone: what is behind does not matter
/// let mask = valid_steps(&[3, 2], 3, 1)?;
/// let (loss, gradient) = mean_squared_error(y.view(), targets.view(), Some(mask.view()))?;
/// assert_eq!((loss, gradient[[2, 1, 0]]), (1.0, 0.0));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
///
/// # Errors
///
/// If there is no step or no row, a length is not between 1 and `T`, or the mask does not fit in
/// memory.
pub fn valid_steps(lengths: &[usize], time: usize, features: usize) -> Result<Array3<bool>, Error> {
    check_lengths("valid_steps", time, lengths.len(), Some(lengths))?;
    let shape = Ix3(time, lengths.len(), features);
    let mut mask = empty(&shape);
    fit("valid_steps", &mut mask, shape)?;
    for ((time, row, _), counts) in mask.indexed_iter_mut() {
        *counts = time < lengths[row];
    }
    Ok(mask)
}
