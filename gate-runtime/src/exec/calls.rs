//! The sections of a program, each as the list of its calls.
//!
//! Takes: a program. Gives: [`Sections`], which every thread of a run goes through. A section is
//! asked for its calls once: that all threads of a team make the same ones, in the same order, does
//! not stand on what emitted code, or code in its place, does when it is called.

use std::fmt;

use crate::info::Extent;
use crate::kernels::{Float, Kernel, Map, MatrixMap};

use super::Program;

type Call<A> = Box<dyn Fn(&mut Kernel<'_, A>) + Send + Sync>;

/// The calls of a section. Emitted code writes them down: a method for each primitive of
/// [`Kernel`], on slots, weights, grids and lengths of the program's tables.
pub struct Calls<A>(Vec<Call<A>>);

impl<A> fmt::Debug for Calls<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls", self.0.len())
    }
}

/// Methods that write down the primitive of their name.
macro_rules! primitives {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        $(#[allow(missing_docs)]
        pub fn $name(&mut self, $($argument: $type),*) {
            self.push(Box::new(move |k| k.$name($($argument),*)));
        })*
    };
}

/// The same for those of a function, with the lengths that they need.
macro_rules! functions {
    ($($name:ident<$function:ident>($($length:ident),*);)*) => {
        $(#[allow(missing_docs)]
        pub fn $name<F: $function<I, O> + 'static, const I: usize, const O: usize>(
            &mut self,
            $($length: Extent,)*
            inputs: &[usize; I],
            outputs: &[usize; O],
        ) {
            let (inputs, outputs) = (*inputs, *outputs);
            self.push(Box::new(move |k| k.$name::<F, I, O>($($length,)* &inputs, &outputs)));
        })*
    };
}

impl<A: Float> Calls<A> {
    fn of(section: fn(&mut Calls<A>)) -> Calls<A> {
        let mut calls = Calls(Vec::new());
        section(&mut calls);
        calls
    }

    /// Makes all calls, one after the other.
    pub(super) fn make(&self, k: &mut Kernel<'_, A>) {
        for call in &self.0 {
            call(k);
        }
    }

    fn push(&mut self, call: Call<A>) {
        self.0.push(call);
    }

    primitives! {
        product(left: usize, weight: usize, out: usize, base: Option<usize>);
        grad_product(left: usize, right: usize, grid: usize);
        sum(of: usize, out: usize);
        largest(of: usize, out: usize);
        cumsum(of: usize, reversed: bool, out: usize);
        outer(left: usize, right: usize, out: usize);
        mat_vec(matrix: usize, vector: usize, transposed: bool, out: usize);
        mat_mat(left: usize, right: usize, inner: Extent, out: usize);
        transpose(of: usize, columns: Extent, out: usize);
        identity(columns: Extent, out: usize);
        length(of: Extent, out: usize);
        zero(out: usize);
        copy(of: usize, out: usize);
        add(of: usize, out: usize);
        take_columns(of: usize, columns: Extent, from: Extent, width: Extent, out: usize);
        put_columns(of: usize, columns: Extent, from: Extent, width: Extent, out: usize);
        mask(dropout: bool, index: usize, chance: usize, out: usize);
    }

    functions! {
        map<Map>();
        map_sum<Map>();
        matrix<MatrixMap>(lines, columns);
        matrix_sum<MatrixMap>(lines, columns);
    }

    #[allow(missing_docs)]
    pub fn stage<M: Map<I, O> + 'static, const I: usize, const O: usize>(
        &mut self,
        products: &[(usize, usize)],
        bases: &[Option<usize>],
        inputs: &[usize],
        outputs: &[usize; O],
    ) {
        let (products, bases) = (products.to_vec(), bases.to_vec());
        let (inputs, outputs) = (inputs.to_vec(), *outputs);
        self.push(Box::new(move |k| {
            k.stage::<M, I, O>(&products, &bases, &inputs, &outputs)
        }));
    }
}

/// All sections of a program, under the names of [`Program`]'s functions.
#[derive(Debug)]
pub(crate) struct Sections<A> {
    pub(super) forward_once: Calls<A>,
    pub(super) forward_before: Calls<A>,
    pub(super) forward_step: Calls<A>,
    pub(super) forward_after: Calls<A>,
    pub(super) forward_again: Calls<A>,
    pub(super) backward_once: Calls<A>,
    pub(super) backward_before: Calls<A>,
    pub(super) backward_step: Calls<A>,
    pub(super) backward_after: Calls<A>,
    pub(super) backward_reduce: Calls<A>,
    pub(super) backward_rows: Calls<A>,
    pub(super) backward_finish: Calls<A>,
}

impl<A: Float> Sections<A> {
    pub(super) fn of<P: Program<A>>() -> Sections<A> {
        Sections {
            forward_once: Calls::of(P::forward_once),
            forward_before: Calls::of(P::forward_before),
            forward_step: Calls::of(P::forward_step),
            forward_after: Calls::of(P::forward_after),
            forward_again: Calls::of(P::forward_again),
            backward_once: Calls::of(P::backward_once),
            backward_before: Calls::of(P::backward_before),
            backward_step: Calls::of(P::backward_step),
            backward_after: Calls::of(P::backward_after),
            backward_reduce: Calls::of(P::backward_reduce),
            backward_rows: Calls::of(P::backward_rows),
            backward_finish: Calls::of(P::backward_finish),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::{Recording, Tables};
    use super::{Calls, Program};
    use crate::cells::Lstm;

    static ASKED: AtomicUsize = AtomicUsize::new(0);

    /// A step that is another one each time.
    struct Fickle;

    impl Program<f32> for Fickle {
        const TABLES: &'static Tables = <Lstm<f32> as Program<f32>>::TABLES;

        fn forward_step(k: &mut Calls<f32>) {
            for slot in 0..=ASKED.fetch_add(1, Ordering::Relaxed) {
                k.zero(slot);
            }
        }
    }

    /// Threads that were asked one by one would write where others read.
    #[test]
    fn a_section_is_asked_for_its_calls_once() {
        let mut recording = Recording::<f32>::new();
        let [first, second] = [(); 2].map(|()| recording.sections::<Fickle>());
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(ASKED.load(Ordering::Relaxed), 1);
        assert_eq!(format!("{:?}", first.forward_step), "1 calls");
        assert_eq!(format!("{:?}", first.forward_before), "0 calls");
    }
}
