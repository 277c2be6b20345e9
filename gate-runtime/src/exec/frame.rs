//! The memory of some rows of a batch.
//!
//! Takes: a layout, a number of steps and of rows. Gives: one arena with every buffer in it, and
//! the places of the slots. A frame is reused: it only grows.

use crate::kernels::{Aligned, Float, Place};

use super::again::Remembered;
use super::layout::Layout;
pub(super) use super::mode::Mode;
use super::room::{end_of, product};
use super::shared::Shared;
use super::tables::Kind;

/// Memory of `rows` rows.
#[derive(Debug)]
pub(crate) struct Frame<A> {
    pub(crate) arena: Aligned<A>,
    /// Offset in the arena, elements per step, and steps before the first, of each buffer.
    regions: Vec<Region>,
    pub(crate) rows: usize,
    /// Steps in a block of time.
    pub(crate) block: usize,
    /// Elements in use.
    end: usize,
    /// Workers that can compute matrices again; 0 if the tape holds those of every step.
    windows: usize,
    spots: Vec<Spot>,
}

/// Where a matrix that is computed again is remembered, `[block][depth][rows]`, and where a worker
/// has that of one row, `[depth + steps of a block]`, or all have those of all rows, `[depth +
/// steps of a block][rows]`.
#[derive(Clone, Copy, Debug)]
struct Spot {
    buffer: usize,
    depth: usize,
    store: usize,
    window: usize,
    /// Rows in a window.
    rows: usize,
    /// Elements from one worker's window to the next.
    stride: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Region {
    offset: usize,
    /// Its elements.
    length: usize,
    /// Elements from one step to the next; 0 if all steps share the memory.
    time: usize,
    /// Steps that stand before the first.
    lead: usize,
    /// Number of steps in the ring; 0 for none.
    ring: usize,
}

/// Where the rows of a slot stand in the arena.
#[derive(Clone, Copy, Debug)]
pub(super) struct Port {
    start: usize,
    /// Added to the step.
    lead: isize,
    /// Elements from one step to the next, and steps in the ring; 0 for none.
    time: usize,
    ring: usize,
    /// Elements from one row to the next.
    pub(super) row: usize,
    /// Elements of a row.
    pub(super) width: usize,
}

impl Port {
    /// Its first row at a step (which may be negative: before the first).
    #[inline]
    pub(super) fn at(&self, time: isize) -> usize {
        let step = match (time + self.lead, self.ring as isize) {
            // A division takes as long as some ten of a row's elements.
            (_, 1) => 0,
            (step, 0) => step,
            (step, ring) if (0..ring).contains(&step) => step,
            (step, ring) => step.rem_euclid(ring),
        };
        self.start + step.unsigned_abs() * self.time
    }
}

impl<A: Float> Frame<A> {
    pub(crate) fn new() -> Frame<A> {
        Frame {
            arena: Aligned::default(),
            regions: Vec::new(),
            rows: 0,
            block: 1,
            end: 0,
            windows: 0,
            spots: Vec::new(),
        }
    }

    /// Lays the buffers out for `steps` steps of `rows` rows, and makes room for them.
    pub(crate) fn prepare(&mut self, layout: &Layout, mode: Mode, steps: usize, rows: usize) {
        self.lay_out(layout, mode, steps, rows);
        self.arena.reserve(self.end);
    }

    /// The same without the room.
    ///
    /// # Panics
    /// If the elements cannot be counted.
    pub(super) fn lay_out(&mut self, layout: &Layout, mode: Mode, steps: usize, rows: usize) {
        self.rows = rows;
        let (block, keep, windows) = mode.parts();
        (self.block, self.windows) = (block, windows);
        self.regions.clear();
        let mut offset = 0;
        for (buffer, width) in layout.buffers(keep) {
            let step = if buffer.kind.shared() {
                0
            } else {
                product([rows, width])
            };
            let (count, lead, ring) = mode.steps_of(buffer.kind, steps);
            let one = matches!(buffer.kind, Kind::Step | Kind::Sum);
            let fixed = one || (ring == 0 && mode == Mode::Stream);
            let length = product([count, step]);
            self.regions.push(Region {
                offset,
                length,
                time: if fixed { 0 } else { step },
                lead,
                ring,
            });
            offset = end_of(offset, length);
        }
        // What ends the last buffer, and stands for those without memory.
        let end = Region {
            offset,
            ..Region::default()
        };
        self.regions.resize(layout.tables.buffers.len() + 1, end);
        self.end = self.prepare_spots(layout, steps, offset);
    }

    /// Makes room behind `end` for matrices that are computed again; gives the new end.
    fn prepare_spots(&mut self, layout: &Layout, steps: usize, mut end: usize) -> usize {
        self.spots.clear();
        if self.windows == 0 {
            return end;
        }
        let rows = if layout.tables.together { self.rows } else { 1 };
        for (buffer, spec) in layout.tables.buffers.iter().enumerate() {
            let Kind::Again(depth) = spec.kind else {
                continue;
            };
            let width = layout.widths[buffer];
            let store = end;
            let blocks = steps.div_ceil(self.block);
            let window = end_of(store, product([blocks, depth, self.rows, width]));
            let stride = end_of(0, product([depth + self.block, rows, width]));
            end = end_of(window, product([self.windows, stride]));
            self.spots.push(Spot {
                buffer,
                depth,
                store,
                window,
                rows,
                stride,
            });
        }
        end
    }

    /// Elements in use.
    pub(crate) fn elements(&self) -> usize {
        self.end
    }

    /// Where each slot is, for the primitives.
    pub(crate) fn places(&mut self, layout: &Layout, shared: &Shared<A>, out: &mut Vec<Place<A>>) {
        out.clear();
        let arena = self.arena.start();
        for slot in &layout.slots {
            let region = self.regions[slot.buffer];
            out.push(match shared.place(layout, slot) {
                Some(place) => place,
                None => Place {
                    base: arena.wrapping_add(region.offset + slot.skip),
                    length: region.length.saturating_sub(slot.skip),
                    time: region.time,
                    shift: region.lead as isize - slot.delay,
                    ring: region.ring,
                    row: layout.widths[slot.buffer],
                    width: slot.width,
                    window: 0,
                },
            });
        }
    }

    /// The same for the way back: matrices that are computed again stand in windows.
    pub(super) fn places_back(
        &mut self,
        layout: &Layout,
        shared: &Shared<A>,
        out: &mut Vec<Place<A>>,
    ) {
        self.places(layout, shared, out);
        for (slot, place) in layout.slots.iter().zip(out) {
            let own = |spot: &&Spot| spot.buffer == slot.buffer;
            if let Some(&spot) = self.spots.iter().find(own) {
                let window = self.window(layout, spot, slot.delay);
                *place = Place {
                    base: window.base.wrapping_add(slot.skip),
                    length: window.length.saturating_sub(slot.skip),
                    width: slot.width,
                    ..window
                };
            }
        }
    }

    /// Where a matrix of so many steps ago stands while it is computed again.
    fn window(&mut self, layout: &Layout, spot: Spot, delay: isize) -> Place<A> {
        let width = layout.widths[spot.buffer];
        Place {
            base: self.arena.start().wrapping_add(spot.window),
            length: self.windows * spot.stride,
            time: spot.rows * width,
            shift: spot.depth as isize - delay,
            ring: self.block,
            row: if spot.rows > 1 { width } else { 0 },
            width,
            window: spot.stride,
        }
    }

    /// Where the matrices before a block of time are, in the forward pass, between the passes and
    /// in the backward pass.
    pub(super) fn remembered(&mut self, layout: &Layout, out: &mut Vec<Remembered<A>>) {
        out.clear();
        let arena = self.arena.start();
        for index in 0..self.spots.len() {
            let spot = self.spots[index];
            let (region, width) = (self.regions[spot.buffer], layout.widths[spot.buffer]);
            for back in 1..=spot.depth {
                let store = spot.store + (back - 1) * self.rows * width;
                let carried = Place {
                    base: arena.wrapping_add(region.offset),
                    length: region.length,
                    time: region.time,
                    shift: region.lead as isize - back as isize,
                    ring: region.ring,
                    row: width,
                    width,
                    window: 0,
                };
                out.push(Remembered {
                    carried,
                    store: Place {
                        base: arena.wrapping_add(store),
                        length: spot.window - store,
                        time: spot.depth * self.rows * width,
                        shift: 0,
                        ring: 0,
                        ..carried
                    },
                    window: self.window(layout, spot, back as isize),
                });
            }
        }
    }

    /// Workers that can go back with matrices of their own; `None` if they are all there.
    pub(super) fn windows(&self) -> Option<usize> {
        (!self.spots.is_empty()).then_some(self.windows)
    }

    /// Whether a slot's values of all steps are there.
    pub(crate) fn holds(&self, layout: &Layout, slot: usize) -> bool {
        let buffer = layout.slots[slot].buffer;
        self.spots.iter().all(|spot| spot.buffer != buffer)
    }

    /// The elements of one row of a state `back` steps before the first.
    pub(crate) fn first(&self, layout: &Layout, slot: usize, back: usize, row: usize) -> &[A] {
        let buffer = layout.slots[slot].buffer;
        match self.spots.iter().find(|spot| spot.buffer == buffer) {
            None => self.row(layout, slot, -(back as isize), row),
            Some(spot) => {
                let width = layout.widths[buffer];
                let start = spot.store + ((back - 1) * self.rows + row) * width;
                &self.arena[start..start + width]
            }
        }
    }

    /// The elements of one row of a slot's value at a step (which may be negative: before the
    /// first).
    pub(crate) fn row(&self, layout: &Layout, slot: usize, time: isize, row: usize) -> &[A] {
        let (start, width) = self.find(layout, slot, time, row);
        &self.arena[start..start + width]
    }

    /// The same, to write.
    pub(crate) fn row_mut(
        &mut self,
        layout: &Layout,
        slot: usize,
        time: isize,
        row: usize,
    ) -> &mut [A] {
        let (start, width) = self.find(layout, slot, time, row);
        &mut self.arena[start..start + width]
    }

    /// All rows of `steps` steps of a slot from the first on, to write, if nothing stands between
    /// them.
    pub(crate) fn whole_mut(
        &mut self,
        layout: &Layout,
        slot: usize,
        steps: usize,
    ) -> Option<&mut [A]> {
        let range = self.whole_range(layout, slot, steps)?;
        Some(&mut self.arena[range])
    }

    /// Where they are.
    pub(super) fn whole_range(
        &self,
        layout: &Layout,
        slot: usize,
        steps: usize,
    ) -> Option<std::ops::Range<usize>> {
        let spec = layout.slots[slot];
        let region = self.regions[spec.buffer];
        let row = layout.widths[spec.buffer];
        let dense = spec.width == row && region.ring == 0 && region.time == row * self.rows;
        let (start, _) = self.find(layout, slot, 0, 0);
        dense.then(|| start..start + steps * region.time)
    }

    fn find(&self, layout: &Layout, slot: usize, time: isize, row: usize) -> (usize, usize) {
        let port = self.port(layout, slot);
        (port.at(time) + row * port.row, port.width)
    }

    /// Where the rows of a slot stand, at whatever step.
    pub(super) fn port(&self, layout: &Layout, slot: usize) -> Port {
        let slot = layout.slots[slot];
        let region = self.regions[slot.buffer];
        Port {
            start: region.offset + slot.skip,
            lead: region.lead as isize - slot.delay,
            time: region.time,
            ring: region.ring,
            row: layout.widths[slot.buffer],
            width: slot.width,
        }
    }

    /// Zeroes what the backward pass adds up.
    pub(super) fn clear_sums(&mut self, layout: &Layout) {
        for (buffer, spec) in layout.tables.buffers.iter().enumerate() {
            if spec.kind == Kind::Sum {
                self.clear_buffer(buffer);
            }
        }
    }

    /// Zeroes all steps of a slot's buffer.
    pub(crate) fn clear(&mut self, layout: &Layout, slot: usize) {
        self.clear_buffer(layout.slots[slot].buffer);
    }

    fn clear_buffer(&mut self, buffer: usize) {
        let start = self.regions[buffer].offset;
        let next = self.regions.get(buffer + 1).map(|r| r.offset);
        let end = next.unwrap_or(self.end);
        self.arena[start..end].fill(A::ZERO);
    }
}
