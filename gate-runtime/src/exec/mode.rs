//! What memory is for: a sequence or a stream, and of how many steps its buffers hold values.

use super::tables::Kind;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A sequence. Values that are handed from section to section stand in rings of `block`
    /// steps; so does the tape, unless it is kept. Of matrices that can be computed again it keeps
    /// those before each block if there are `windows` for them: workers that go back.
    Sequence {
        block: usize,
        keep: bool,
        windows: usize,
    },
    /// One step after the other, for ever: what is read later stands in rings.
    Stream,
}

impl Mode {
    /// The steps in a block, whether the tape is kept, and how many windows there are.
    pub(super) fn parts(self) -> (usize, bool, usize) {
        match self {
            Mode::Sequence {
                block,
                keep,
                windows,
            } => (block, keep, windows),
            Mode::Stream => (1, false, 0),
        }
    }

    /// For a buffer in a sequence of `steps`: of how many steps it has room for values, how many of
    /// them stand before the first, and the steps of its ring, 0 for none. Shared ones have no steps.
    pub(super) fn steps_of(self, kind: Kind, steps: usize) -> (usize, usize, usize) {
        let (block, keep, windows) = self.parts();
        match (kind, self) {
            (
                Kind::Shared | Kind::Total | Kind::Param(_) | Kind::Gradient(_) | Kind::Hyper(_),
                _,
            ) => (0, 0, 0),
            (Kind::Step | Kind::Sum, _) => (1, 0, 0),
            (Kind::History(depth) | Kind::Carried(depth) | Kind::Again(depth), Mode::Stream) => {
                (depth + 1, depth, depth + 1)
            }
            (Kind::Carried(depth) | Kind::Again(depth), _) if !keep => {
                (depth + 1, depth, depth + 1)
            }
            (Kind::Again(depth), _) if windows > 0 => (depth + 1, depth, depth + 1),
            (_, Mode::Stream) => (1, 0, 0),
            (Kind::Tape, _) if keep => (steps, 0, 0),
            (Kind::Block | Kind::Tape, _) => (block, 0, block),
            (Kind::Full, _) => (steps, 0, 0),
            (Kind::History(depth) | Kind::Carried(depth) | Kind::Again(depth), _) => {
                (steps + depth, depth, 0)
            }
            (Kind::Ahead(depth), _) => (steps + depth, 0, 0),
            (Kind::Future(depth), _) => (depth + 1, 0, depth + 1),
        }
    }
}
