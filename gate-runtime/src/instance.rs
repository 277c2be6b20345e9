//! What every cell holds: its sizes, its parameters in one flat buffer, its hyper-parameters.

use std::fmt;
use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};

use crate::cell::Cell;
use crate::error::Error;

use crate::exec::{Layout, Program, Recording};
use crate::info::RoleInfo;
use crate::init::initialise_symbol;
use crate::kernels::{Aligned, Float};
use crate::numbers::Numbers;
use crate::sizes::{memory_for, too_large};
use crate::spare::Spare;

/// A cell's sizes and numbers. Emitted types wrap it.
#[derive(Clone)]
pub struct Instance<A> {
    pub(crate) layout: Arc<Layout>,
    pub(crate) numbers: Numbers<A>,
    pub(crate) spare: Spare<Recording<A>>,
}

/// What differs between cells of one type; long parameters are cut short.
impl<A: Float> fmt::Debug for Instance<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("sizes", &self.layout.sizes)
            .field("params", &ArrayView1::from(self.numbers.params()))
            .field("hypers", &self.numbers.hypers())
            .finish()
    }
}

impl<A: Float> Instance<A> {
    /// A new cell with freshly initialised parameters.
    ///
    /// # Errors
    ///
    /// If the number of sizes is wrong, one of them is zero, a length of the definition (such as
    /// `H/4`) is no whole number, or the parameters do not fit in memory.
    pub fn new<C, R>(sizes: &[usize], rng: &mut R) -> Result<Instance<A>, Error>
    where
        C: Cell<Scalar = A>,
        R: rand::Rng + ?Sized,
    {
        crate::sizes::check(C::INFO, sizes)?;
        let tables = <C::Code as Program<A>>::TABLES;
        let layout = Arc::new(Layout::new(tables, C::INFO, sizes));
        if !memory_for::<A>(Some(layout.flat)) {
            return Err(too_large(C::INFO.name, sizes));
        }
        let mut params = Aligned::default();
        params.resize(layout.flat);
        let mut hypers = Vec::new();
        for (index, &(start, length)) in layout.parameters.iter().enumerate() {
            initialise_symbol(
                C::INFO,
                index,
                sizes,
                &mut params[start..start + length],
                rng,
            );
            if let RoleInfo::Hyper(value) = C::INFO.symbols[index].role {
                hypers.push(A::from_f64(value));
            }
        }
        Ok(Instance {
            layout,
            numbers: Numbers::new(params, hypers),
            spare: Spare::default(),
        })
    }

    /// The same cell with all parameters zero.
    pub(crate) fn zeros_like(&self) -> Instance<A> {
        let mut out = self.clone();
        out.numbers.params_mut().fill(A::ZERO);
        out
    }

    /// Elements of a parameter.
    fn range(&self, symbol: usize) -> std::ops::Range<usize> {
        let (start, length) = self.layout.parameters[symbol];
        start..start + length
    }

    fn dims(&self, symbol: usize) -> (usize, usize) {
        let shape = self.layout.info.symbols[symbol].shape;
        (
            shape[0].of(&self.layout.sizes),
            shape[1].of(&self.layout.sizes),
        )
    }

    /// A scalar parameter.
    pub fn scalar(&self, symbol: usize) -> A {
        self.numbers.params()[self.range(symbol).start]
    }

    /// A scalar parameter, to change.
    pub fn scalar_mut(&mut self, symbol: usize) -> &mut A {
        let at = self.range(symbol).start;
        &mut self.numbers.params_mut()[at]
    }

    /// A vector parameter.
    pub fn vector(&self, symbol: usize) -> ArrayView1<'_, A> {
        ArrayView1::from(&self.numbers.params()[self.range(symbol)])
    }

    /// A vector parameter, to change.
    pub fn vector_mut(&mut self, symbol: usize) -> ArrayViewMut1<'_, A> {
        let range = self.range(symbol);
        ArrayViewMut1::from(&mut self.numbers.params_mut()[range])
    }

    /// A matrix parameter.
    pub fn matrix(&self, symbol: usize) -> ArrayView2<'_, A> {
        let elements = &self.numbers.params()[self.range(symbol)];
        ArrayView2::from_shape(self.dims(symbol), elements)
            .expect("a parameter has its shape's length")
    }

    /// A matrix parameter, to change.
    pub fn matrix_mut(&mut self, symbol: usize) -> ArrayViewMut2<'_, A> {
        let (range, dims) = (self.range(symbol), self.dims(symbol));
        ArrayViewMut2::from_shape(dims, &mut self.numbers.params_mut()[range])
            .expect("a parameter has its shape's length")
    }

    /// A hyper-parameter.
    pub fn hyper(&self, symbol: usize) -> A {
        self.numbers.hypers()[self.layout.hypers[symbol]]
    }

    /// Sets a hyper-parameter.
    pub fn set_hyper(&mut self, symbol: usize, value: A) {
        let at = self.layout.hypers[symbol];
        self.numbers.hypers_mut()[at] = value;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use crate::cells::Lstm;

    #[test]
    fn a_cell_is_shown_by_its_numbers_and_not_by_its_tables() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let text = format!("{:?}", Lstm::<f32>::new(64, 32, &mut rng).expect("sizes"));
        assert!(text.contains("sizes: [64, 32]"), "{text}");
        assert!(text.len() < 1000, "{text}");
    }
}
