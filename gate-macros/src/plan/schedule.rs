//! The schedule: what the emitted code does, in order, and where every value lives.

use crate::ir::{Binary, Compare, Mask, Unary};
use crate::model::Dim;

/// A number of elements: a product of lengths; empty for a scalar.
pub(crate) type Area = Vec<Dim>;
/// Index in [`Schedule::slots`].
pub(crate) type SlotId = usize;
/// Index in [`Schedule::weights`].
pub(crate) type WeightId = usize;
/// Index in [`Schedule::maps`].
pub(crate) type MapId = usize;

/// Everything that the emitter needs besides the cell itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule {
    pub(crate) buffers: Vec<Buffer>,
    /// How many of them the forward pass has; those after them are for the backward pass alone.
    pub(crate) ahead: usize,
    pub(crate) slots: Vec<Slot>,
    pub(crate) weights: Vec<Weight>,
    pub(crate) maps: Vec<MapFn>,
    pub(crate) forward: Pass,
    pub(crate) backward: Pass,
    /// The part of the forward loop that gives matrices again, for the backward pass.
    pub(crate) again: Vec<Instr>,
    /// Whether it takes all rows of a step together, as the loops' products do.
    pub(crate) together: bool,
    /// Slot of each input, output and seed, in order.
    pub(crate) inputs: Vec<SlotId>,
    pub(crate) outputs: Vec<SlotId>,
    pub(crate) seeds: Vec<Option<SlotId>>,
    /// Per entry of the graph's states: where its value is written.
    pub(crate) states: Vec<SlotId>,
    /// Gradient with respect to each input; `None` where it is zero.
    pub(crate) input_gradients: Vec<Option<SlotId>>,
    /// `(state, delay, slot)`: what a step contributes to the adjoint of an earlier state.
    pub(crate) futures: Vec<(usize, usize, SlotId)>,
    /// `(symbol, slot)` for named values that are on the tape.
    pub(crate) named: Vec<(usize, SlotId)>,
}

/// The instructions of one direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pass {
    /// Once per sequence, on values of parameters only.
    pub(crate) once: Vec<Instr>,
    /// Over all rows of all steps, before the loop.
    pub(crate) before: Vec<Instr>,
    /// The loop: one step, for all rows.
    pub(crate) step: Vec<Instr>,
    /// Over all rows of all steps, after the loop.
    pub(crate) after: Vec<Instr>,
    /// Backward only: sums over all rows of all steps into gradients of shared values.
    pub(crate) reduce: Vec<Instr>,
    /// Backward only: sums over the rows of what the loop added up over steps.
    pub(crate) rows: Vec<Instr>,
    /// Backward only: once, from summed gradients of shared values to those of parameters.
    pub(crate) finish: Vec<Instr>,
    /// Indices into the weights that this direction packs.
    pub(crate) packs: Vec<WeightId>,
}

/// How long a buffer's values live, and so how it is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Rows of one step, overwritten by the next.
    Step,
    /// Rows of a block of steps: handed from one section to another.
    Block,
    /// Every step, kept for the backward pass; a block's while only predicting.
    Tape,
    /// Every step, in both modes: outputs, seeds, gradients of inputs.
    Full,
    /// Every step with `depth` steps before the first: inputs and states that are read later.
    History(usize),
    /// A state that only the loop reads: as [`Kind::History`], but the last steps while only
    /// predicting.
    Carried(usize),
    /// The same, of a matrix that the backward pass may compute again ([`Schedule::again`]).
    Again(usize),
    /// What flows back from the step `depth` later, inside the loop: a ring.
    Future(usize),
    /// The same for every step, with `depth` steps after the last.
    Ahead(usize),
    /// One row for all steps and rows.
    Shared,
    /// The parameters, in their flat buffer (symbol).
    Param(usize),
    /// Their gradients (symbol).
    Gradient(usize),
    /// A hyper-parameter (symbol).
    Hyper(usize),
    /// A shared value's summed gradient; zeroed before the backward pass.
    Total,
    /// A sum over the steps of each row; zeroed before the backward pass.
    Sum,
}

/// Memory for one value, or for several side by side.
#[derive(Clone, Debug)]
pub(crate) struct Buffer {
    /// Names of the values side by side.
    pub(crate) names: Vec<String>,
    pub(crate) kind: Kind,
    /// Their widths.
    pub(crate) areas: Vec<Area>,
}

/// A value, or neighbouring values, in a buffer, at a distance in time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    pub(crate) buffer: usize,
    /// What stands before it in the row.
    pub(crate) skip: Vec<Area>,
    /// Its own width, a sum.
    pub(crate) width: Vec<Area>,
    /// Steps back in time; negative for steps ahead.
    pub(crate) delay: isize,
}

/// Packed weights of one product: a grid of blocks.
#[derive(Clone, Debug)]
pub(crate) struct Weight {
    pub(crate) blocks: Vec<Block>,
    /// Of a stage: how many blocks of equal width stand side by side and are interleaved.
    pub(crate) gates: Option<usize>,
}

/// One matrix inside a grid, as the product reads it: `k` rows (of the left operand's width),
/// `n` columns.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The matrix that holds it.
    pub(crate) slot: SlotId,
    /// Columns of that matrix.
    pub(crate) columns: Dim,
    /// The block's first row and column there.
    pub(crate) row: Dim,
    pub(crate) column: Dim,
    /// Whether `k` runs along the columns of that matrix.
    pub(crate) transposed: bool,
    pub(crate) k_skip: Vec<Area>,
    pub(crate) n_skip: Vec<Area>,
    pub(crate) k: Dim,
    pub(crate) n: Dim,
}

/// What a value has a number for, in a function of matrices; a result is the sum over the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Per {
    Element,
    Line,
    Column,
    Matrix,
}

/// A fused element-wise function.
#[derive(Clone, Debug)]
pub(crate) struct MapFn {
    /// Names of its arguments.
    pub(crate) inputs: Vec<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) outputs: Vec<Value>,
    /// Of a function of matrices: what each argument and each result has a number for.
    pub(crate) per: Option<(Vec<Per>, Vec<Per>)>,
}

/// `name = op(arguments)` in a fused function.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    /// Whether the name is only a number: no symbol of the definition is meant.
    pub(crate) numbered: bool,
    pub(crate) op: Scalar,
    pub(crate) args: Vec<Value>,
    /// The equation it stems from.
    pub(crate) origin: Option<usize>,
}

/// An argument in a fused function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Input(usize),
    Line(usize),
    Number(f64),
}

/// Operations of fused functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar {
    Unary(Unary),
    Binary(Binary),
    Select(Compare),
}

/// One call of a runtime primitive, for all rows of a step or of all steps.
///
/// A new one is listed by what it reads and writes (`access`), made in `instrs`, and written in
/// `emit::code` and `emit::fixed`; the runtime has a method of its name.
#[derive(Clone, Debug)]
pub(crate) enum Instr {
    /// A fused function at each position.
    Map {
        map: MapId,
        inputs: Vec<SlotId>,
        outputs: Vec<SlotId>,
    },
    /// A map at each element of a matrix of each row.
    Matrix {
        map: MapId,
        lines: Dim,
        columns: Dim,
        inputs: Vec<SlotId>,
        outputs: Vec<SlotId>,
    },
    /// Products, then a map on their parts (its first arguments) and further slots.
    Stage {
        products: Vec<(SlotId, WeightId)>,
        /// What each part is added to; empty if it is nothing for all of them.
        bases: Vec<Option<SlotId>>,
        map: MapId,
        inputs: Vec<SlotId>,
        outputs: Vec<SlotId>,
    },
    /// Of vectors of the rows with weights that all rows share.
    Product {
        left: SlotId,
        weight: WeightId,
        out: SlotId,
        /// What it is added to, if that is something; perhaps `out`.
        base: Option<SlotId>,
    },
    /// Of the elements of each row.
    Sum {
        of: SlotId,
        out: SlotId,
    },
    Largest {
        of: SlotId,
        out: SlotId,
    },
    /// Each element with those before it added, or with those after it where reversed.
    CumSum {
        of: SlotId,
        reversed: bool,
        out: SlotId,
    },
    /// `left rightᵀ` of two vectors per row.
    Outer {
        left: SlotId,
        right: SlotId,
        out: SlotId,
    },
    /// A matrix per row times a vector per row.
    MatVec {
        matrix: SlotId,
        vector: SlotId,
        transposed: bool,
        out: SlotId,
    },
    /// Two matrices per row, `inner` columns of the left one.
    MatMat {
        left: SlotId,
        right: SlotId,
        inner: Dim,
        out: SlotId,
    },
    /// `columns` are those of `of`.
    Transpose {
        of: SlotId,
        columns: Dim,
        out: SlotId,
    },
    Identity {
        columns: Dim,
        out: SlotId,
    },
    /// A length as a number.
    Length {
        of: Dim,
        out: SlotId,
    },
    Copy {
        of: SlotId,
        out: SlotId,
    },
    Zero {
        out: SlotId,
    },
    /// The `width` columns from `from` on of a matrix of `columns` columns.
    TakeColumns {
        of: SlotId,
        columns: Dim,
        from: Dim,
        width: Dim,
        out: SlotId,
    },
    /// The converse, into zeros; `columns` are those of `out`.
    PutColumns {
        of: SlotId,
        columns: Dim,
        from: Dim,
        width: Dim,
        out: SlotId,
    },
    /// New random multipliers: the definition's `index`-th.
    Mask {
        kind: Mask,
        index: usize,
        chance: SlotId,
        out: SlotId,
    },
    /// `target += Σ leftᵀ right` over rows; the grid says where each block goes.
    GradProduct {
        left: SlotId,
        right: SlotId,
        blocks: Vec<Block>,
    },
    /// A map whose results are added up over rows.
    MapSum {
        map: MapId,
        inputs: Vec<SlotId>,
        outputs: Vec<SlotId>,
    },
    /// The same at each element of a matrix of each row.
    MatrixSum {
        map: MapId,
        lines: Dim,
        columns: Dim,
        inputs: Vec<SlotId>,
        outputs: Vec<SlotId>,
    },
    /// `out += of`, once.
    Add {
        of: SlotId,
        out: SlotId,
    },
}
