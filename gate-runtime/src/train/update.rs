//! A step of an optimiser on a group, or on a part of one.
//!
//! Takes: parameters, their gradients, what is kept for them, all of one length or not kept, and what
//! becomes of one element. It changes the parameters and what is kept. Gives: the ranges of what is
//! kept.

use crate::kernels::{Float, Work};
use crate::parts::Cut;

use super::group::BLOCK;

/// What a step makes of a parameter, from its gradient and what is kept for it.
pub(crate) trait Change<A, const N: usize>:
    Fn(A, A, [A; N]) -> (A, [A; N]) + Copy + Send + Sync
{
}
impl<A, F, const N: usize> Change<A, N> for F where
    F: Fn(A, A, [A; N]) -> (A, [A; N]) + Copy + Send + Sync
{
}

/// The lowest and highest of what is kept, or zero where that is lower or higher.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranges<A, const N: usize>(pub(crate) [(A, A); N]);

impl<A: Float, const N: usize> Default for Ranges<A, N> {
    fn default() -> Self {
        Ranges([(A::ZERO, A::ZERO); N])
    }
}

impl<A: Float, const N: usize> Ranges<A, N> {
    /// Of both.
    #[inline(always)]
    pub(super) fn and(mut self, other: Self) -> Self {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own = (lower(own.0, other.0), higher(own.1, other.1));
        }
        self
    }
}

#[inline(always)]
fn lower<A: Float>(a: A, b: A) -> A {
    if a < b { a } else { b }
}

#[inline(always)]
fn higher<A: Float>(a: A, b: A) -> A {
    if a > b { a } else { b }
}

/// Changes the parameters of a group and what is kept for them.
pub(super) struct Update<'u, A, F, const N: usize> {
    pub(super) params: &'u mut [A],
    pub(super) grads: &'u [A],
    /// Empty ones are not kept.
    pub(super) moments: [&'u mut [A]; N],
    pub(super) change: F,
}

impl<A: Float, F: Change<A, N>, const N: usize> Cut for Update<'_, A, F, N> {
    fn count(&self) -> usize {
        self.params.len()
    }

    fn cut(self, at: usize) -> (Self, Self) {
        let (params, other_params) = self.params.split_at_mut(at);
        let (grads, other_grads) = self.grads.split_at(at);
        let mut others = std::array::from_fn(|_| Default::default());
        let mut indices = 0..N;
        let moments = self.moments.map(|moment| {
            let (own, other) = moment.split_at_mut(at.min(moment.len()));
            others[indices.next().expect("an index of each")] = other;
            own
        });
        let own = Update {
            params,
            grads,
            moments,
            change: self.change,
        };
        let other = Update {
            params: other_params,
            grads: other_grads,
            moments: others,
            change: self.change,
        };
        (own, other)
    }
}

impl<A: Float, F: Change<A, N>, const N: usize> Work for Update<'_, A, F, N> {
    type Result = Ranges<A, N>;

    #[inline(always)]
    fn run(self) -> Ranges<A, N> {
        let (mut ends, mut rest) = ([Ends::new(); N], self);
        while !rest.params.is_empty() {
            // What is kept is read again while it is at hand.
            let near = NEAR.min(rest.params.len());
            let (own, others) = rest.cut(near);
            for (ends, moment) in ends.iter_mut().zip(own.step()) {
                ends.add(moment);
            }
            rest = others;
        }
        Ranges(ends.map(Ends::both))
    }
}

impl<'u, A: Float, F: Change<A, N>, const N: usize> Update<'u, A, F, N> {
    /// Changes all; gives what is kept.
    #[inline(always)]
    fn step(self) -> [&'u mut [A]; N] {
        let Update {
            params,
            grads,
            mut moments,
            change,
        } = self;
        let whole = params.len() - params.len() % BLOCK;
        for start in (0..whole).step_by(BLOCK) {
            let (mut p, g) = (block(params, start), block(grads, start));
            let mut kept: [_; N] = std::array::from_fn(|k| block(moments[k], start));
            for i in 0..BLOCK {
                let after;
                (p[i], after) = change(p[i], g[i], std::array::from_fn(|k| kept[k][i]));
                for k in 0..N {
                    kept[k][i] = after[k];
                }
            }
            // Not by an iterator, which would keep the blocks in memory.
            for k in 0..N {
                put(moments[k], start, kept[k]);
            }
            put(params, start, p);
        }
        for i in whole..params.len() {
            let own = |k: usize| moments[k].get(i).copied().unwrap_or(A::ZERO);
            let after;
            (params[i], after) = change(params[i], grads[i], std::array::from_fn(own));
            for (moment, after) in moments.iter_mut().zip(after) {
                if let Some(moment) = moment.get_mut(i) {
                    *moment = after;
                }
            }
        }
        moments
    }
}

/// Elements whose parameters, gradients and two moments stay in the first cache.
const NEAR: usize = 64 * BLOCK;

/// The lowest and highest numbers, or zero, at each place of a block.
#[derive(Clone, Copy)]
struct Ends<A>([A; BLOCK], [A; BLOCK]);

impl<A: Float> Ends<A> {
    fn new() -> Self {
        Ends([A::ZERO; BLOCK], [A::ZERO; BLOCK])
    }

    #[inline(always)]
    fn add(&mut self, numbers: &[A]) {
        let Ends(mut low, mut high) = *self;
        let (blocks, rest) = numbers.as_chunks::<BLOCK>();
        for block in blocks {
            for i in 0..BLOCK {
                low[i] = lower(block[i], low[i]);
                high[i] = higher(block[i], high[i]);
            }
        }
        for (i, &number) in rest.iter().enumerate() {
            low[i] = lower(number, low[i]);
            high[i] = higher(number, high[i]);
        }
        *self = Ends(low, high);
    }

    /// Of all places.
    #[inline(always)]
    fn both(self) -> (A, A) {
        let (Ends(mut low, mut high), mut width) = (self, BLOCK);
        while width > 1 {
            width /= 2;
            for i in 0..width {
                low[i] = lower(low[i], low[i + width]);
                high[i] = higher(high[i], high[i + width]);
            }
        }
        (low[0], high[0])
    }
}

/// A block of a slice; zeros of one that is not kept.
#[inline(always)]
fn block<A: Float>(from: &[A], start: usize) -> [A; BLOCK] {
    let from = from.get(start..).and_then(|from| from.first_chunk());
    from.copied().unwrap_or([A::ZERO; BLOCK])
}

/// Writes a block of a slice, if that is kept.
#[inline(always)]
fn put<A: Float>(to: &mut [A], start: usize, block: [A; BLOCK]) {
    if let Some(to) = to.get_mut(start..).and_then(|to| to.first_chunk_mut()) {
        *to = block;
    }
}
