//! Values that all rows share: parameters, values computed from them, packed weights.

use crate::kernels::{Aligned, Float, Grid, Isa, Order, Packed, Place, pack_together};
use crate::numbers::{Numbers, Stamp};
use crate::threads::worth;

use super::layout::{Layout, Slot};
use super::tables::Kind;

/// Weights below which packing is not worth another thread (some 10 µs).
const PACK: usize = 100_000;

/// Shared memory of one run.
#[derive(Debug)]
pub(crate) struct Shared<A> {
    arena: Aligned<A>,
    weights: Vec<Packed<A>>,
    /// A copy of the parameters: they must not change between the two passes of one recording.
    params: Aligned<A>,
    hypers: Vec<A>,
    /// The caller's gradients of parameters during a backward pass, to which its sums are added.
    pub(crate) gradients: Aligned<A>,
    /// The stamp of the numbers that these are copies of.
    stamp: Option<Stamp>,
    /// The cell that these numbers are of.
    origin: Option<Stamp>,
    /// Sizes of the cell whose parameters these are; `None` before the first run.
    sizes: Option<Vec<usize>>,
    /// Whether the values and packed weights of each direction are those of the parameters.
    fresh: [bool; 2],
    /// Rows for which weights are packed.
    rows: usize,
}

impl<A: Float> Shared<A> {
    pub(crate) fn new() -> Shared<A> {
        Shared {
            arena: Aligned::default(),
            weights: Vec::new(),
            params: Aligned::default(),
            hypers: Vec::new(),
            gradients: Aligned::default(),
            stamp: None,
            origin: None,
            sizes: None,
            fresh: [false; 2],
            rows: 0,
        }
    }

    /// Makes room and takes over the parameters, for a batch of `rows`. Where they are those of
    /// last time, what was computed from them stays.
    pub(crate) fn prepare(&mut self, layout: &Layout, numbers: &Numbers<A>, rows: usize) {
        if (rows == 1) != (self.rows == 1) {
            self.fresh = [false; 2];
        }
        self.rows = rows;
        let (params, hypers) = (numbers.params(), numbers.hypers());
        let stamp = self.stamp.replace(numbers.stamp());
        self.origin = Some(numbers.origin());
        let same = || A::same_bits(&self.hypers, hypers) && A::same_bits(&self.params, params);
        if self.sizes.as_ref() == Some(&layout.sizes) && (stamp == self.stamp || same()) {
            return;
        }
        self.sizes.get_or_insert_default().clone_from(&layout.sizes);
        self.fresh = [false; 2];
        self.arena.resize(layout.shared);
        self.arena.fill(A::ZERO);
        self.params.copy_from(params);
        self.hypers.clear();
        self.hypers.extend_from_slice(hypers);
        self.weights
            .resize_with(layout.weights.len(), Packed::default);
    }

    /// Whether these are numbers of this cell, at present or earlier in its training, or equal
    /// ones.
    pub(crate) fn are_of(&self, numbers: &Numbers<A>) -> bool {
        self.origin == Some(numbers.origin())
            || A::same_bits(&self.hypers, numbers.hypers())
                && A::same_bits(&self.params, numbers.params())
    }

    /// Whether these are the hyper-parameters of a cell of these sizes.
    pub(crate) fn same_hypers(&self, layout: &Layout, numbers: &Numbers<A>) -> bool {
        self.sizes.as_ref() == Some(&layout.sizes) && A::same_bits(&self.hypers, numbers.hypers())
    }

    /// Zeroes the summed gradients of shared values.
    pub(crate) fn prepare_totals(&mut self, layout: &Layout) {
        let mut offset = 0;
        for (buffer, &width) in layout.tables.buffers.iter().zip(&layout.widths) {
            if buffer.kind.in_arena() {
                if buffer.kind == Kind::Total {
                    self.arena[offset..offset + width].fill(A::ZERO);
                }
                offset += width;
            }
        }
    }

    /// The buffer that holds a shared slot, and where it begins there.
    fn find(&self, layout: &Layout, slot: &Slot) -> Option<(&[A], usize)> {
        let (elements, start): (&[A], usize) = match layout.tables.buffers[slot.buffer].kind {
            Kind::Param(symbol) => (&self.params, layout.parameters[symbol].0),
            Kind::Gradient(symbol) => (&self.gradients, layout.parameters[symbol].0),
            Kind::Hyper(symbol) => (&self.hypers, layout.hypers[symbol]),
            Kind::Shared | Kind::Total => (&self.arena, self.offset(layout, slot.buffer)),
            _ => return None,
        };
        Some((elements, start + slot.skip))
    }

    /// The place of a slot that is shared.
    pub(crate) fn place(&self, layout: &Layout, slot: &Slot) -> Option<Place<A>> {
        let (elements, start) = self.find(layout, slot)?;
        let length = elements.len().saturating_sub(start);
        let base = match layout.tables.buffers[slot.buffer].kind {
            Kind::Param(_) => self.params.start(),
            Kind::Gradient(_) => self.gradients.start(),
            Kind::Hyper(_) => self.hypers.as_ptr().cast_mut(),
            _ => self.arena.start(),
        };
        Some(Place {
            base: base.wrapping_add(start),
            length,
            time: 0,
            shift: 0,
            ring: 0,
            row: 0,
            width: slot.width,
            window: 0,
        })
    }

    /// The elements of a shared slot.
    pub(crate) fn slice(&self, layout: &Layout, slot: &Slot) -> Option<&[A]> {
        let (elements, start) = self.find(layout, slot)?;
        Some(&elements[start..start + slot.width])
    }

    fn offset(&self, layout: &Layout, buffer: usize) -> usize {
        let before = layout
            .tables
            .buffers
            .iter()
            .zip(&layout.widths)
            .take(buffer);
        before
            .filter(|(b, _)| b.kind.in_arena())
            .map(|(_, w)| *w)
            .sum()
    }

    /// Whether values and packed weights of one direction (0 forward, 1 backward) have to be
    /// computed; from now on they count as computed.
    pub(crate) fn refresh(&mut self, direction: usize) -> bool {
        !std::mem::replace(&mut self.fresh[direction], true)
    }

    /// Packs the weights of one direction (0 forward, 1 backward), on so many threads if they are
    /// worth it.
    pub(crate) fn pack(&mut self, layout: &Layout, direction: usize, threads: usize) {
        let packs = layout.tables.packs[direction];
        let mut weights = std::mem::take(&mut self.weights);
        let mut elements = 0;
        for &index in packs {
            let weight = &layout.weights[index];
            let groups = weight.gates.max(1);
            let order = Order::choose::<A>(Isa::detect(), self.rows, groups);
            let covered = weight.blocks.iter().map(|grid| grid.k * grid.n).sum();
            let width = weight.n / groups;
            weights[index].prepare(order, weight.k, groups, width, covered);
            elements += covered;
        }
        let source = |grid: &Grid| {
            let slot = &layout.slots[grid.slot];
            let found = self.find(layout, slot);
            found.map_or(&[][..], |(elements, start)| {
                &elements[start..start + slot.width]
            })
        };
        let parts = |index: usize| {
            let blocks = layout.weights[index].blocks.iter();
            blocks.map(|grid| (source(grid), grid))
        };
        let threads = if elements < worth(PACK) { 1 } else { threads };
        pack_together(&mut weights, packs, threads, parts);
        self.weights = weights;
    }

    /// The parameters of this run.
    pub(crate) fn params(&self) -> &[A] {
        &self.params
    }

    /// The hyper-parameters of this run.
    pub(crate) fn hypers(&self) -> &[A] {
        &self.hypers
    }

    pub(crate) fn weights(&self) -> &[Packed<A>] {
        &self.weights
    }
}
