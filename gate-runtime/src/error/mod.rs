//! What can go wrong in use: [`Error`]. Every text names the symbol and both sizes, and says what
//! to do. What can go wrong with files is an enum of its own, [`FileError`].

#[cfg(test)]
mod tests;
mod text;

use crate::file::FileError;

/// An error of use. Bugs of this crate panic instead.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    // ---- sizes of a cell ----------------------------------------------------------------
    /// Too many or too few sizes for a new cell.
    SizeCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// A size of zero.
    SizeZero {
        /// The cell.
        cell: &'static str,
        /// The constructor's argument.
        size: &'static str,
    },
    /// Sizes that no memory holds.
    TooLarge {
        /// The cell or layer.
        cell: &'static str,
        /// The sizes, in the order of `new`.
        sizes: Vec<usize>,
    },
    /// A length such as `H/4` that is no whole number.
    SizeIndivisible {
        /// The cell.
        cell: &'static str,
        /// The symbol that has the length.
        symbol: &'static str,
        /// The dividend.
        length: usize,
        /// The divisor.
        divisor: usize,
    },
    /// A slice that reaches beyond its vector.
    SliceBeyond {
        /// The cell.
        cell: &'static str,
        /// What the slice is taken of.
        symbol: &'static str,
        /// Where it ends.
        end: usize,
        /// As many elements as there are.
        length: usize,
    },

    // ---- what a run is given ------------------------------------------------------------
    /// Too many or too few inputs.
    InputCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// Too many or too few outputs, or gradients of them.
    OutputCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// Too many or too few fields of a state.
    StateCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// Too many or too few numbers for all parameters or hyper-parameters.
    NumberCount {
        /// The cell.
        cell: &'static str,
        /// `parameter`, `hyper-parameter`.
        what: &'static str,
        /// As many as the definition has for the sizes.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// An array of the wrong shape.
    Shape {
        /// The cell, layer or function.
        cell: &'static str,
        /// The symbol as printed, or the argument.
        symbol: &'static str,
        /// The shape it must have.
        expected: Vec<usize>,
        /// The shape it has.
        found: Vec<usize>,
    },
    /// A sequence that no memory holds.
    SequenceTooLarge {
        /// The cell.
        cell: &'static str,
        /// Steps.
        steps: usize,
        /// Rows.
        batch: usize,
    },
    /// A sequence without steps or without rows.
    Empty {
        /// The cell, layer or function.
        cell: &'static str,
        /// Steps.
        steps: usize,
        /// Rows.
        batch: usize,
    },
    /// Too many or too few lengths.
    LengthCount {
        /// Rows of the batch.
        expected: usize,
        /// Lengths given.
        found: usize,
    },
    /// A length that is zero, or longer than the sequence.
    LengthRange {
        /// The row.
        row: usize,
        /// Its length.
        length: usize,
        /// Steps of the sequence.
        steps: usize,
    },
    /// A row that a stream does not have.
    NoSuchRow {
        /// The row that was asked for.
        row: usize,
        /// Rows of the stream.
        rows: usize,
    },
    /// What dropout or zoneout takes for a probability, and is none.
    Chance {
        /// The cell.
        cell: &'static str,
        /// The hyper-parameter as printed.
        symbol: &'static str,
        /// `dropout`, `zoneout`.
        function: &'static str,
        /// What it may be.
        range: &'static str,
        /// Its value.
        value: f64,
    },
    /// A symbol that the cell does not have.
    UnknownSymbol {
        /// The cell.
        cell: &'static str,
        /// What was asked for.
        symbol: String,
        /// What there is.
        known: String,
    },

    // ---- going back ---------------------------------------------------------------------
    /// Nothing on the tape to go back over.
    NotRecorded {
        /// The cell or layer.
        cell: &'static str,
    },
    /// A tape of a cell with other sizes.
    OtherSizes {
        /// The cell.
        cell: &'static str,
        /// Sizes of the cell that recorded.
        recorded: Vec<usize>,
        /// Sizes of the cell that was to go back.
        found: Vec<usize>,
    },
    /// A tape of another cell of the same type and sizes.
    OtherCell {
        /// The cell.
        cell: &'static str,
    },
    /// A sequence that goes on from nothing.
    NothingToContinue {
        /// The cell.
        cell: &'static str,
    },
    /// A sequence for two directions that goes on.
    ContinuedBackwards {
        /// The cell.
        cell: &'static str,
    },
    /// Gradients of a cell with other sizes.
    OtherGradients {
        /// The cell.
        cell: &'static str,
        /// Sizes of the cell that goes back.
        expected: Vec<usize>,
        /// Sizes of the cell that the gradients were made by.
        found: Vec<usize>,
    },
    /// A cell of other sizes than those of a type of fixed sizes.
    FixedSizes {
        /// The type of fixed sizes.
        fixed: &'static str,
        /// The cell.
        cell: &'static str,
        /// The sizes that are fixed, in the order of `new`.
        expected: Vec<usize>,
        /// The cell's sizes.
        found: Vec<usize>,
    },

    // ---- layers and training ------------------------------------------------------------
    /// A stack without layers.
    NoLayers {
        /// The cell.
        cell: &'static str,
    },
    /// Layers that no memory holds.
    TooManyLayers {
        /// The cell.
        cell: &'static str,
        /// How many.
        layers: usize,
    },
    /// Too many or too few states for a stack.
    StackStates {
        /// The cell.
        cell: &'static str,
        /// Layers of the stack.
        layers: usize,
        /// States given.
        found: usize,
    },
    /// A layer that cannot read what the one below gives.
    LayerWidth {
        /// The cell.
        cell: &'static str,
        /// Counted from 0 at the inputs.
        layer: usize,
        /// Features that the layer reads.
        expected: usize,
        /// Features that the layer below gives.
        found: usize,
    },
    /// A cell that cannot be a layer, because it has several inputs.
    NotALayer {
        /// The cell.
        cell: &'static str,
        /// Its inputs.
        inputs: usize,
    },
    /// An initial state in a sequence for a layer that has several.
    StateElsewhere {
        /// The layer.
        layer: &'static str,
    },
    /// An initial state in a sequence and another beside it.
    TwoStates {
        /// The cell.
        cell: &'static str,
    },
    /// A label beyond the classes.
    Label {
        /// The row.
        row: usize,
        /// Its label.
        label: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A target that a loss is not made for.
    Target {
        /// The loss.
        what: &'static str,
        /// The element, counted row-major.
        index: usize,
        /// Its target.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
    /// Features that cannot be halved for [`Pooling::Ends`](crate::train::Pooling::Ends).
    OddFeatures {
        /// How many there are.
        features: usize,
    },
    /// A weight that is negative or not finite.
    Weight {
        /// The loss.
        what: &'static str,
        /// The element, row or class, counted row-major.
        index: usize,
        /// Its weight.
        value: f64,
    },
    /// No element, or a mask or weights that leave none.
    NothingCounts {
        /// The loss.
        what: &'static str,
    },
    /// NaN or infinity where training needs a number.
    NotFinite {
        /// The loss, or the norm of named gradients.
        what: String,
        /// NaN or infinity.
        value: f64,
    },
    /// A setting of an optimiser outside its range.
    Setting {
        /// The setting.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
    /// Parameters, gradients and optimiser state of different length.
    Group {
        /// The group's name.
        group: String,
        /// Its parameters.
        parameters: usize,
        /// `gradients have`, `optimiser state has`.
        other: &'static str,
        /// As many as those are.
        found: usize,
    },
    /// An optimiser that was loaded for another model.
    OtherGroups {
        /// A group of the file.
        loaded: String,
        /// A group of the model.
        given: String,
    },
    /// Two parameter groups of one name.
    GroupTwice {
        /// The name.
        group: String,
    },

    // ---- files --------------------------------------------------------------------------
    /// A file that cannot be read or written, or holds something else.
    File(FileError),
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Error::File(error)
    }
}

/// The text of a [`FileError`] is that of the whole, so that its source is the next one.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::File(error) => error.source(),
            _ => None,
        }
    }
}
