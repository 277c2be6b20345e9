//! The text of every error.

use std::fmt;

use super::Error;
use crate::words::{counted, there_are, were};

/// A table in the order of the variants, apart from them so that either can be read at one sitting.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // ---- sizes of a cell ----
            Error::SizeCount {
                cell,
                expected,
                found,
            } => write!(
                f,
                "{cell} has {}, but {} given; `{cell}::INFO.sizes` lists them",
                counted(*expected, "independent size"),
                were(*found)
            ),
            Error::SizeZero { cell, size } => write!(
                f,
                "the size `{size}` of {cell} is 0; every size must be at least 1"
            ),
            Error::TooLarge { cell, sizes } => write!(
                f,
                "the parameters of {cell} of sizes {sizes:?} do not fit in memory; choose smaller \
                 ones"
            ),
            Error::SizeIndivisible {
                cell,
                symbol,
                length,
                divisor,
            } => write!(
                f,
                "`{symbol}` of {cell} has a length of {length}/{divisor}, which is no whole \
                 number; choose sizes that {divisor} divides"
            ),
            Error::SliceBeyond {
                cell,
                symbol,
                end,
                length,
            } => write!(
                f,
                "a slice of `{symbol}` of {cell} ends at {end}, but {}; choose sizes that fit the \
                 slice",
                there_are(*length, "element")
            ),
            // ---- what a run is given ----
            Error::InputCount {
                cell,
                expected,
                found,
            } => write!(
                f,
                "{cell} has {}, but {} given; pass one array per input, in the order of the \
                 definition: `[&x, &m]`",
                counted(*expected, "input"),
                were(*found)
            ),
            Error::OutputCount {
                cell,
                expected,
                found,
            } => write!(
                f,
                "{cell} has {}, but {} given; pass one array per output, in the order of the \
                 definition",
                counted(*expected, "output"),
                were(*found)
            ),
            Error::StateCount {
                cell,
                expected,
                found,
            } => write!(
                f,
                "the state of {cell} has {}, but {} given; start from `zero_state` of the same cell",
                counted(*expected, "field"),
                were(*found)
            ),
            Error::NumberCount {
                cell,
                what,
                expected,
                found,
            } => write!(
                f,
                "{cell} has {} for its sizes, but {} given",
                counted(*expected, what),
                were(*found)
            ),
            Error::Shape {
                cell,
                symbol,
                expected,
                found,
            } => write!(
                f,
                "`{symbol}` of {cell} must have shape {expected:?}, but has {found:?}: {}",
                difference(expected, found)
            ),
            Error::SequenceTooLarge { cell, steps, batch } => write!(
                f,
                "a sequence of {} of {} for {cell} does not fit in memory; use fewer rows, or take \
                 the steps in parts, each from the state of the one before",
                counted(*steps, "step"),
                counted(*batch, "row")
            ),
            Error::Empty { cell, steps, batch } => write!(
                f,
                "the sequence for {cell} has {} of {}; it needs at least one of each",
                counted(*steps, "step"),
                counted(*batch, "row")
            ),
            Error::LengthCount { expected, found } => write!(
                f,
                "{} given for a batch of {}; pass one length per row",
                match found {
                    1 => "1 length was".to_owned(),
                    _ => format!("{found} lengths were"),
                },
                counted(*expected, "row")
            ),
            Error::LengthRange { row, length, steps } => write!(
                f,
                "row {row} has length {length}, but the sequence has {}; a length must be between 1 \
                 and {steps}",
                counted(*steps, "step")
            ),
            Error::NoSuchRow { row, rows } => write!(
                f,
                "the stream has no row {row}, but {}, counted from 0; pass a number below {rows}",
                counted(*rows, "row")
            ),
            Error::Chance {
                cell,
                symbol,
                function,
                range,
                value,
            } => write!(
                f,
                "the probability of {function} in {cell}, `{symbol}`, is {}, but must be \
                 {range}; set the hyper-parameter accordingly",
                number(*value)
            ),
            Error::UnknownSymbol {
                cell,
                symbol,
                known,
            } => write!(
                f,
                "{cell} computes no symbol `{symbol}`; it computes: {known}"
            ),
            // ---- going back ----
            Error::NotRecorded { cell } => write!(
                f,
                "nothing of {cell} is recorded on this tape, or a backward pass has used it \
                 up; call `record` before each `backward`"
            ),
            Error::OtherSizes {
                cell,
                recorded,
                found,
            } => write!(
                f,
                "the tape was recorded by {cell} of sizes {recorded:?}, but this one has sizes \
                 {found:?}; record again"
            ),
            Error::OtherCell { cell } => write!(
                f,
                "the tape was recorded by another {cell}, with other parameters; pass the one \
                 that recorded, or its clone, or record again"
            ),
            Error::NothingToContinue { cell } => write!(
                f,
                "the sequence is `continued`, but nothing of {cell} was recorded on this tape \
                 before; `forward` has no tape to continue: give it a state"
            ),
            Error::ContinuedBackwards { cell } => write!(
                f,
                "the sequence is `continued`, but a layer of {cell} reads it in both directions: the \
                 one from the end would have to start in a part that is yet to come; record the \
                 whole sequence at once, or start each part anew"
            ),
            Error::OtherGradients {
                cell,
                expected,
                found,
            } => write!(
                f,
                "the gradients are those of {cell} of sizes {found:?}, but this one has sizes \
                 {expected:?}; make them with its `zero_grads`"
            ),
            Error::FixedSizes {
                fixed,
                cell,
                expected,
                found,
            } => write!(
                f,
                "`{fixed}` has sizes {expected:?}, but the {cell} that it is made from has \
                 {found:?}; make it from one of its sizes"
            ),
            // ---- layers and training ----
            Error::NoLayers { cell } => write!(f, "a stack of {cell} needs at least one layer"),
            Error::TooManyLayers { cell, layers } => write!(
                f,
                "{layers} layers of {cell} do not fit in memory; use fewer"
            ),
            Error::StackStates {
                cell,
                layers,
                found,
            } => write!(
                f,
                "a stack of {} of {cell} starts from a state for each, but {} given; pass those \
                 that a run of the same stack gave",
                counted(*layers, "layer"),
                were(*found)
            ),
            Error::LayerWidth {
                cell,
                layer,
                expected,
                found,
            } => write!(
                f,
                "layer {layer} of the stack of {cell} reads {}, but the layer below gives {found}; \
                 make the two equal",
                counted(*expected, "feature")
            ),
            Error::NotALayer { cell, inputs } => write!(
                f,
                "{cell} has {inputs} inputs; a layer of a stack or of a classifier has one"
            ),
            Error::StateElsewhere { layer } => write!(
                f,
                "{layer} does not take its initial state from the sequence; pass it as the \
                 second argument"
            ),
            Error::TwoStates { cell } => write!(
                f,
                "{cell} is given two initial states, one by the sequence and one as the \
                 argument; leave one of them out"
            ),
            Error::Label {
                row,
                label,
                classes,
            } => write!(
                f,
                "row {row} has label {label}, but {}; labels count from 0",
                there_are(*classes, "class")
            ),
            Error::Target {
                what,
                index,
                value,
                range,
            } => write!(
                f,
                "the target at index {index} of {what} is {}, but must be {range}; leave \
                 an element out by the mask where it has no target",
                number(*value)
            ),
            Error::OddFeatures { features } => write!(
                f,
                "`Pooling::Ends` takes one half of the features from the last step and one from \
                 the first, but {}; use it behind a bidirectional layer, and `Last` or `Mean` \
                 behind others",
                there_are(*features, "feature")
            ),
            Error::Weight { what, index, value } => write!(
                f,
                "the weight at index {index} of {what} is {value}, but must be finite, 0 or above"
            ),
            Error::NothingCounts { what } => write!(
                f,
                "no element counts for {what}: there is none, or mask and weights keep none; at \
                 least one must count"
            ),
            Error::NotFinite { what, value } => write!(
                f,
                "{what} is {value}; lower the learning rate, clip gradients, or look for NaN \
                 and infinity in the data"
            ),
            Error::Setting { what, value, range } => {
                write!(f, "{what} is {}, but must be {range}", number(*value))
            }
            Error::Group {
                group,
                parameters,
                other,
                found,
            } => write!(
                f,
                "the parameter group `{group}` has {}, but its {other} {found}; use one optimiser \
                 per model, and the gradients of the same model",
                counted(*parameters, "number")
            ),
            Error::OtherGroups { loaded, given } => write!(
                f,
                "the optimiser was loaded for parameter groups such as `{loaded}`, but is given \
                 `{given}` and none of those; load it for the model that it was saved with, or \
                 begin with a new one"
            ),
            Error::GroupTwice { group } => write!(
                f,
                "two parameter groups are named `{group}`; give each a name of its own"
            ),
            Error::File(error) => error.fmt(f),
        }
    }
}

/// A number with few digits, however large it is.
fn number(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// Where two shapes differ, in words.
pub(super) fn difference(expected: &[usize], found: &[usize]) -> String {
    if expected.len() != found.len() {
        return format!(
            "{} instead of {}",
            counted(found.len(), "axis"),
            expected.len()
        );
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
