//! What can go wrong in use: [`Error`]. Every text names the symbol and both sizes, and says what
//! to do.

use std::path::PathBuf;

use crate::file::Origin;

/// An error of use. Bugs of this crate panic instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // ---- sizes of a cell ----------------------------------------------------------------
    /// Too many or too few sizes for a new cell.
    #[error(
        "{cell} has {expected} independent size(s), but {found} were given; `{cell}::INFO.sizes` lists them"
    )]
    SizeCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// A size of zero.
    #[error("the size `{size}` of {cell} is 0; every size must be at least 1")]
    SizeZero {
        /// The cell.
        cell: &'static str,
        /// The constructor's argument.
        size: &'static str,
    },
    /// Sizes that no memory holds.
    #[error(
        "the parameters of a {cell} of sizes {sizes:?} do not fit in memory; choose smaller sizes"
    )]
    TooLarge {
        /// The cell or layer.
        cell: &'static str,
        /// The sizes, in the order of `new`.
        sizes: Vec<usize>,
    },
    /// A length such as `H/4` that is no whole number.
    #[error(
        "`{symbol}` of {cell} has a length of {length}/{divisor}, which is no whole number; choose sizes that {divisor} divides"
    )]
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
    #[error(
        "a slice of `{symbol}` of {cell} ends at {end}, but there are {length} element(s); choose sizes that fit the slice"
    )]
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
    #[error(
        "{cell} has {expected} input(s), but {found} were given; pass one array per input, in the order of the definition"
    )]
    InputCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// Too many or too few outputs, or gradients of them.
    #[error(
        "{cell} has {expected} output(s), but {found} were given; pass one array per output, in the order of the definition"
    )]
    OutputCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// Too many or too few fields of a state.
    #[error(
        "the state of {cell} has {expected} field(s), but {found} were given; start from `zero_state` of the same cell"
    )]
    StateCount {
        /// The cell.
        cell: &'static str,
        /// As many as the definition has.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// Too many or too few numbers for all parameters or hyper-parameters.
    #[error("{cell} has {expected} {what} for its sizes, but {found} were given")]
    NumberCount {
        /// The cell.
        cell: &'static str,
        /// Parameters or hyper-parameters.
        what: &'static str,
        /// As many as the definition has for the sizes.
        expected: usize,
        /// As many as were given.
        found: usize,
    },
    /// An array of the wrong shape.
    #[error(
        "`{symbol}` of {cell} must have shape {expected:?}, but has {found:?}: {}",
        difference(expected, found)
    )]
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
    #[error(
        "{steps} step(s) of {batch} row(s) of {cell} do not fit in memory; use fewer rows, or take the steps in parts, each from the state of the one before"
    )]
    SequenceTooLarge {
        /// The cell.
        cell: &'static str,
        /// Steps.
        steps: usize,
        /// Rows.
        batch: usize,
    },
    /// A sequence without steps or without rows.
    #[error(
        "the sequence for {cell} has {steps} step(s) of {batch} row(s); it needs at least one of each"
    )]
    Empty {
        /// The cell, layer or function.
        cell: &'static str,
        /// Steps.
        steps: usize,
        /// Rows.
        batch: usize,
    },
    /// Too many or too few lengths.
    #[error(
        "{found} length(s) were given for a batch of {expected} row(s); pass one length per row"
    )]
    LengthCount {
        /// Rows of the batch.
        expected: usize,
        /// Lengths given.
        found: usize,
    },
    /// A length that is zero, or longer than the sequence.
    #[error(
        "row {row} has length {length}, but the sequence has {steps} step(s); a length must be between 1 and {steps}"
    )]
    LengthRange {
        /// The row.
        row: usize,
        /// Its length.
        length: usize,
        /// Steps of the sequence.
        steps: usize,
    },
    /// A row that a stream does not have.
    #[error(
        "the stream has no row {row}, but {rows} row(s), counted from 0; pass a number below {rows}"
    )]
    NoSuchRow {
        /// The row that was asked for.
        row: usize,
        /// Rows of the stream.
        rows: usize,
    },
    /// What dropout or zoneout takes for a probability, and is none.
    #[error(
        "the probability of {function} in {cell}, `{symbol}`, is {value}, but must be {range}; set the hyper-parameter accordingly"
    )]
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
    #[error("{cell} computes no symbol `{symbol}`; it computes: {known}")]
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
    #[error(
        "nothing of {cell} is recorded on this tape, or a backward pass has used it up; call `record` before each `backward`"
    )]
    NotRecorded {
        /// The cell or layer.
        cell: &'static str,
    },
    /// A tape of a cell with other sizes.
    #[error(
        "the tape was recorded by a {cell} of sizes {recorded:?}, but this one has sizes {found:?}; record again"
    )]
    OtherSizes {
        /// The cell.
        cell: &'static str,
        /// Sizes of the cell that recorded.
        recorded: Vec<usize>,
        /// Sizes of the cell that was to go back.
        found: Vec<usize>,
    },
    /// A tape of another cell of the same type and sizes.
    #[error(
        "the tape was recorded by another {cell}, with other parameters; pass the one that recorded, or its clone, or record again"
    )]
    OtherCell {
        /// The cell.
        cell: &'static str,
    },
    /// A sequence that goes on from nothing.
    #[error(
        "the sequence is `continued`, but nothing of {cell} was recorded on this tape before; `forward` has no tape to continue: give it a state"
    )]
    NothingToContinue {
        /// The cell.
        cell: &'static str,
    },
    /// Gradients of a cell with other sizes.
    #[error(
        "the gradients are those of a {cell} of sizes {found:?}, but this one has sizes {expected:?}; make them with its `zero_grads`"
    )]
    OtherGradients {
        /// The cell.
        cell: &'static str,
        /// Sizes of the cell that goes back.
        expected: Vec<usize>,
        /// Sizes of the cell that the gradients were made by.
        found: Vec<usize>,
    },
    /// A cell of other sizes than those of a type of fixed sizes.
    #[error("`{fixed}` has sizes {expected:?}, but the {cell} that it is made from has {found:?}")]
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
    #[error("a stack of {cell} needs at least one layer")]
    NoLayers {
        /// The cell.
        cell: &'static str,
    },
    /// Too many or too few states for a stack.
    #[error(
        "a stack of {layers} layer(s) of {cell} starts from a state for each, but {found} were given; pass those that a run of the same stack gave"
    )]
    StackStates {
        /// The cell.
        cell: &'static str,
        /// Layers of the stack.
        layers: usize,
        /// States given.
        found: usize,
    },
    /// A layer that cannot read what the one below gives.
    #[error(
        "layer {layer} of the stack of {cell} reads {expected} feature(s), but the layer below gives {found}; make the two equal"
    )]
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
    #[error("{cell} has {inputs} inputs; a layer of a stack or of a classifier has one")]
    NotALayer {
        /// The cell.
        cell: &'static str,
        /// Its inputs.
        inputs: usize,
    },
    /// An initial state in a sequence for a layer that has several.
    #[error(
        "{layer} does not take its initial state from the sequence; pass it as the second argument"
    )]
    StateElsewhere {
        /// The layer.
        layer: &'static str,
    },
    /// An initial state in a sequence and another beside it.
    #[error(
        "{cell} is given two initial states, one by the sequence and one as the argument; leave one of them out"
    )]
    TwoStates {
        /// The cell.
        cell: &'static str,
    },
    /// A label beyond the classes.
    #[error("row {row} has label {label}, but there are {classes} class(es); labels count from 0")]
    Label {
        /// The row.
        row: usize,
        /// Its label.
        label: usize,
        /// Number of classes.
        classes: usize,
    },
    /// A target that a loss is not made for.
    #[error(
        "the target at index {index} of {what} is {value}, but must be {range}; leave an element out by the mask where it has no target"
    )]
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
    /// No element, or a mask that leaves none.
    #[error(
        "no element counts for {what}: there is none, or the mask keeps none; at least one must count"
    )]
    NothingCounts {
        /// The loss.
        what: &'static str,
    },
    /// NaN or infinity where training needs a number.
    #[error(
        "{what} is {value}; lower the learning rate, clip gradients, or look for NaN and infinity in the data"
    )]
    NotFinite {
        /// The loss, or the norm of named gradients.
        what: String,
        /// NaN or infinity.
        value: f64,
    },
    /// A setting of an optimiser outside its range.
    #[error("{what} is {value}, but must be {range}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        range: &'static str,
    },
    /// Parameters, gradients and optimiser state of different length.
    #[error(
        "the parameter group `{group}` has {parameters} number(s), but its {other} {found}; use one optimiser per model, and the gradients of the same model"
    )]
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
    /// Two parameter groups of one name.
    #[error("two parameter groups are named `{group}`; give each a name of its own")]
    GroupTwice {
        /// The name.
        group: String,
    },

    // ---- files --------------------------------------------------------------------------
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// `read`, `write`.
        action: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// Not a file of this crate.
    #[error("{origin} is not a readable model file: {reason}")]
    NotAModel {
        /// The file, or bytes.
        origin: Origin,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of something else: another cell, other sizes, other equations.
    #[error("{origin} holds {found}, but is read into {expected} ({entry}); {advice}")]
    OtherModel {
        /// The file, or bytes.
        origin: Origin,
        /// The entry of the metadata that differs.
        entry: String,
        /// What it is read into.
        expected: String,
        /// What the file holds.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A tensor that the model needs and the file lacks.
    #[error("{origin} has no tensor `{tensor}` (of shape {expected:?}); {advice}")]
    TensorMissing {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The shape it must have.
        expected: Vec<usize>,
        /// What to do.
        advice: &'static str,
    },
    /// A tensor of the file that the model has no place for.
    #[error("{origin} has a tensor `{tensor}` that the model has no place for; {advice}")]
    TensorExtra {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// What to do.
        advice: &'static str,
    },
    /// Elements of a tensor that no rule of an import takes.
    #[error(
        "no rule takes {part} of tensor `{tensor}` of {origin}; say by `take` or `split` what they are for, or `ignore` the tensor"
    )]
    TensorPart {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// How many elements, and where.
        part: String,
    },
    /// A tensor of another shape.
    #[error(
        "tensor `{tensor}` of {origin} has shape {found:?}, but the model's has {expected:?}; make the model with the sizes of the file"
    )]
    TensorShape {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The model's shape.
        expected: Vec<usize>,
        /// The file's shape.
        found: Vec<usize>,
    },
    /// A tensor of a number type that does not fit.
    #[error(
        "tensor `{tensor}` of {origin} holds {found}, but the model {expected}; only widening is done unasked: see `narrowing` of `Reader` and of `Import`"
    )]
    TensorType {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The model's number type.
        expected: &'static str,
        /// The file's number type.
        found: String,
    },
    /// A rule of an import that does not fit the model or the file.
    #[error("`{target}` cannot be taken from {source_text} of {origin}: {reason}")]
    Import {
        /// The file, or bytes.
        origin: Origin,
        /// The model's tensor.
        target: String,
        /// What it was to be taken from.
        source_text: String,
        /// What does not fit, and what to do.
        reason: String,
    },
    /// A size of a cell that the shapes of a foreign file leave open.
    #[error(
        "the size `{size}` of {cell} does not follow from what is taken of {origin}; make the cell with its sizes, and `load` into it"
    )]
    SizeUnknown {
        /// The file, or bytes.
        origin: Origin,
        /// The cell.
        cell: &'static str,
        /// The constructor's argument.
        size: &'static str,
    },
    /// NaN or infinity in a tensor to be saved.
    #[error(
        "tensor `{tensor}` of the model has {value} at index {index}, so that nothing is saved; lower the learning rate, clip gradients, or look for NaN and infinity in the data"
    )]
    ModelNotFinite {
        /// The tensor.
        tensor: String,
        /// The element, counted row-major.
        index: usize,
        /// NaN or infinity.
        value: f64,
    },
    /// Names that a file could not give back.
    #[error("the model cannot be saved: {reason}")]
    NotSavable {
        /// What is in the way.
        reason: String,
    },
    /// Two parts of one name.
    #[error("two parts of the file are named `{part}`; give each a name of its own")]
    PartTwice {
        /// The name.
        part: String,
    },
    /// NaN or infinity in a tensor.
    #[error(
        "tensor `{tensor}` of {origin} has {value} at index {index}; the file, or the training that wrote it, is damaged"
    )]
    TensorNotFinite {
        /// The file, or bytes.
        origin: Origin,
        /// The tensor.
        tensor: String,
        /// The element, counted row-major.
        index: usize,
        /// NaN or infinity.
        value: f64,
    },
}

/// Where two shapes differ, in words.
fn difference(expected: &[usize], found: &[usize]) -> String {
    if expected.len() != found.len() {
        return format!("{} axes instead of {}", found.len(), expected.len());
    }
    let differs = |axis: &usize| expected[*axis] != found[*axis];
    let Some(axis) = (0..expected.len()).find(differs) else {
        return "the axes agree".to_owned();
    };
    format!(
        "axis {axis} is {} instead of {}",
        found[axis], expected[axis]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_error_names_symbol_sizes_and_axis() {
        let error = Error::Shape {
            cell: "Lstm",
            symbol: "x_t",
            expected: vec![7, 2, 12],
            found: vec![7, 2, 13],
        };
        let text = error.to_string();
        assert_eq!(
            text,
            "`x_t` of Lstm must have shape [7, 2, 12], but has [7, 2, 13]: axis 2 is 13 instead of 12"
        );
    }

    #[test]
    fn a_different_number_of_axes_is_said() {
        assert_eq!(difference(&[1, 2], &[1, 2, 3]), "3 axes instead of 2");
    }

    #[test]
    fn errors_stay_small() {
        assert!(
            std::mem::size_of::<Error>() <= 128,
            "{}",
            std::mem::size_of::<Error>()
        );
    }
}
