//! Tables that contradict each other, as no definition gives them: they are refused before anything
//! is read or written where it should not be.

use super::frame::{Frame, Mode};
use super::layout::Layout;
use super::run::kernel;
use super::shared::Shared;
use super::tables::{BlockSpec, BufferSpec, Kind, SlotSpec, Tables};
use crate::Cell;
use crate::cells::Lstm;
use crate::info::Extent;

const SIZES: [usize; 2] = [3, 16];

const fn length(constant: usize) -> Extent {
    Extent {
        terms: &[],
        constant,
        divisor: 1,
    }
}

/// Two buffers of 16 elements a row, for every step; values and a block in them.
fn layout(slots: &'static [SlotSpec], grids: &'static [&'static [BlockSpec]]) -> Layout {
    static BUFFERS: [BufferSpec; 2] = [BUFFER, BUFFER];
    const BUFFER: BufferSpec = BufferSpec {
        name: "a",
        kind: Kind::Full,
        areas: &[&[length(16)]],
    };
    let tables = Tables {
        buffers: &BUFFERS,
        ahead: BUFFERS.len(),
        slots,
        weights: &[],
        grids,
        inputs: &[],
        outputs: &[],
        seeds: &[],
        states: &[],
        input_gradients: &[],
        futures: &[],
        named: &[],
        packs: [&[], &[]],
        calls: [1, 1],
        together: false,
    };
    Layout::new(Box::leak(Box::new(tables)), Lstm::<f32>::INFO, &SIZES)
}

#[test]
#[should_panic(expected = "a slot wider than its buffer")]
fn a_slot_stays_in_a_row() {
    layout(
        const {
            &[SlotSpec {
                buffer: 0,
                skip: &[&[length(1)]],
                width: &[&[length(16)]],
                delay: 0,
            }]
        },
        &[],
    );
}

#[test]
#[should_panic(expected = "a block wider than its matrix")]
fn a_block_has_no_element_twice() {
    layout(
        &[],
        const {
            &[&[BlockSpec {
                slot: 0,
                columns: length(4),
                row: length(0),
                column: length(0),
                transposed: false,
                k_skip: &[],
                n_skip: &[],
                k: length(2),
                n: length(5),
            }]]
        },
    );
}

/// A value of the step after the last one would be one of the next buffer.
#[test]
#[should_panic(expected = "a slot outside of its buffer")]
fn a_slot_stays_in_its_buffer() {
    let layout = layout(
        const {
            &[SlotSpec {
                buffer: 0,
                skip: &[],
                width: &[&[length(16)]],
                delay: -1,
            }]
        },
        &[],
    );
    let (mut frame, shared, mut places) = (Frame::<f32>::new(), Shared::new(), Vec::new());
    let mode = Mode::Sequence {
        block: 1,
        keep: true,
        windows: 0,
    };
    frame.prepare(&layout, mode, 2, 1);
    frame.places(&layout, &shared, &mut places);
    let mut k = kernel(&layout, &shared, &places);
    k.rows = 1;
    k.zero(0);
    k.time = 1;
    k.zero(0);
}

#[test]
#[should_panic(expected = "elements that can be counted")]
fn memory_that_cannot_be_counted_is_not_laid_out() {
    let layout = layout(&[], &[]);
    Frame::<f32>::new().lay_out(&layout, Mode::Stream, 1, usize::MAX / 2);
}
