//! The kind of a recurrence, summed up from the blocks of its Jacobian.

use std::fmt;

use crate::info::{CellInfo, RoleInfo};

use super::jacobian::JacobianBlock;
use super::structure::Structure;

/// What kind of recurrence a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// No state is read.
    None,
    /// Linear in its states with coefficients free of them, unit by unit: a scan over time.
    LinearDiagonal,
    /// Linear in its states, but units mix.
    LinearDense,
    /// Each unit sees its own past alone.
    Diagonal,
    /// A matrix-valued state, of which rows see their own past alone, linear in it.
    LinearRows,
    /// The same, not linear.
    Rows,
    /// Units mix through a few numbers.
    LowRank,
    /// Units mix.
    Dense,
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Recurrence::None => "none",
            Recurrence::LinearDiagonal => "linear, diagonal",
            Recurrence::LinearDense => "linear, dense",
            Recurrence::Diagonal => "diagonal",
            Recurrence::LinearRows => "linear, by rows",
            Recurrence::Rows => "by rows",
            Recurrence::LowRank => "low rank",
            Recurrence::Dense => "dense",
        })
    }
}

impl CellInfo {
    /// What kind of recurrence the step is.
    pub fn recurrence(&self) -> Recurrence {
        let blocks = self.jacobian();
        let read: Vec<&JacobianBlock> = blocks
            .iter()
            .filter(|b| b.structure != Structure::Zero)
            .collect();
        let linear = read.iter().all(|b| b.linear);
        let any = |test: fn(&Structure) -> bool| read.iter().any(|b| test(&b.structure));
        let dense = any(|s| matches!(s, Structure::Dense));
        let low = any(|s| {
            use Structure::{DiagonalAndLowRank, LowRank, Row};
            matches!(s, LowRank(_) | DiagonalAndLowRank(_) | Row)
        });
        let rows = any(|s| matches!(s, Structure::Aligned(..)));
        match (dense, low, rows, linear) {
            _ if read.is_empty() => Recurrence::None,
            (true, _, _, true) => Recurrence::LinearDense,
            (true, ..) => Recurrence::Dense,
            (_, true, ..) => Recurrence::LowRank,
            (_, _, true, true) => Recurrence::LinearRows,
            (_, _, true, false) => Recurrence::Rows,
            (.., true) => Recurrence::LinearDiagonal,
            _ => Recurrence::Diagonal,
        }
    }

    /// Symbols of the states, in the order of the graph's `states`: what one step hands to the
    /// next, without inputs that are kept for a delay.
    pub fn states(&self) -> Vec<usize> {
        let symbols = self.graph.states.iter().map(|s| s.symbol);
        symbols
            .filter(|&s| self.symbols[s].role != RoleInfo::Input)
            .collect()
    }
}
