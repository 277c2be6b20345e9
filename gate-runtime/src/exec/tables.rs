//! What the macro emits besides code: the static description of a program's memory.
//!
//! Lengths are symbolic ([`Extent`]); [`super::layout::Layout`] resolves them for given sizes.

use crate::info::Extent;

/// A number of elements: a product of lengths; empty for a scalar.
pub type Area = &'static [Extent];

/// The memory of a program.
#[derive(Debug)]
pub struct Tables {
    /// Buffers.
    pub buffers: &'static [BufferSpec],
    /// How many of them the forward pass has; those after them are for the backward pass alone.
    pub ahead: usize,
    /// Values in them.
    pub slots: &'static [SlotSpec],
    /// Products' weights.
    pub weights: &'static [WeightSpec],
    /// Grids of weight gradients.
    pub grids: &'static [&'static [BlockSpec]],
    /// Slot of each input.
    pub inputs: &'static [usize],
    /// Slot of each output.
    pub outputs: &'static [usize],
    /// Slot of each output's gradient, where the backward pass reads it.
    pub seeds: &'static [Option<usize>],
    /// Slot of each entry of the graph's states.
    pub states: &'static [usize],
    /// Slot of each input's gradient; `None` where it is zero.
    pub input_gradients: &'static [Option<usize>],
    /// `(state, delay, slot)`.
    pub futures: &'static [(usize, usize, usize)],
    /// `(symbol, slot)` of values that the tape holds.
    pub named: &'static [(usize, usize)],
    /// Indices of the weights that each direction packs.
    pub packs: [&'static [usize]; 2],
    /// Calls of primitives in one step of each direction.
    pub calls: [usize; 2],
    /// Whether the loops multiply by weights where matrices are computed again: then the rows go
    /// through them together.
    pub together: bool,
}

/// How long a buffer's values live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One step.
    Step,
    /// From one section to another.
    Block,
    /// Until the backward pass.
    Tape,
    /// Every step.
    Full,
    /// Every step, and so many before the first.
    History(usize),
    /// The same, of a state that only the loop reads: the last steps do unless a backward pass
    /// follows.
    Carried(usize),
    /// The same, of a matrix that the backward pass may compute again.
    Again(usize),
    /// A ring of what flows back from so many steps later.
    Future(usize),
    /// Every step, and so many after the last.
    Ahead(usize),
    /// One row for all.
    Shared,
    /// A parameter (symbol).
    Param(usize),
    /// A parameter's gradient (symbol).
    Gradient(usize),
    /// A hyper-parameter (symbol).
    Hyper(usize),
    /// A shared value's summed gradient.
    Total,
    /// A sum over the steps of each row, zero at first.
    Sum,
}

impl Kind {
    /// Whether all rows share it.
    pub(super) fn shared(self) -> bool {
        self.in_arena() || matches!(self, Kind::Param(_) | Kind::Gradient(_) | Kind::Hyper(_))
    }

    /// Whether the tape holds it for every step, as a rule.
    pub(super) fn on_tape(self) -> bool {
        let state = matches!(self, Kind::History(_) | Kind::Carried(_) | Kind::Again(_));
        state || self == Kind::Tape
    }

    /// Whether all rows share it, and it stands with the values that are computed from parameters.
    pub(super) fn in_arena(self) -> bool {
        matches!(self, Kind::Shared | Kind::Total)
    }
}

/// Memory for values side by side.
#[derive(Debug)]
pub struct BufferSpec {
    /// The values' names.
    pub name: &'static str,
    /// How long they live.
    pub kind: Kind,
    /// Their widths.
    pub areas: &'static [Area],
}

/// Neighbouring values in a buffer.
#[derive(Debug)]
pub struct SlotSpec {
    /// Which buffer.
    pub buffer: usize,
    /// What stands before them.
    pub skip: &'static [Area],
    /// Their widths.
    pub width: &'static [Area],
    /// Steps back in time.
    pub delay: isize,
}

/// Weights of one product.
#[derive(Debug)]
pub struct WeightSpec {
    /// The matrices in it.
    pub blocks: &'static [BlockSpec],
    /// How many equal parts are interleaved for a stage; 0 for none.
    pub gates: usize,
}

/// A matrix as a product reads it: `k` rows, `n` columns.
#[derive(Debug)]
pub struct BlockSpec {
    /// The matrix that holds it.
    pub slot: usize,
    /// Columns of that matrix.
    pub columns: Extent,
    /// First row there.
    pub row: Extent,
    /// First column there.
    pub column: Extent,
    /// Whether `k` runs along its columns.
    pub transposed: bool,
    /// What stands before it along `k`.
    pub k_skip: &'static [Area],
    /// What stands before it along `n`.
    pub n_skip: &'static [Area],
    /// Rows.
    pub k: Extent,
    /// Columns.
    pub n: Extent,
}

/// The number of elements of a sum of areas.
pub(crate) fn total(areas: &[Area], sizes: &[usize]) -> usize {
    areas
        .iter()
        .map(|area| crate::info::elements(area, sizes))
        .sum()
}
