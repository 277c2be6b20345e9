//! What symbols are, before their details.

use crate::model::SymbolId;

/// What a symbol is, before its details.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::model) enum Sort {
    Input,
    State,
    Intermediate,
    Constant(f64),
    Hyper(f64),
    Parameter,
    /// No equation mentions it.
    Absent,
}

/// Roles of all symbols.
#[derive(Debug)]
pub(in crate::model) struct Roles {
    pub(in crate::model) sorts: Vec<Sort>,
    /// The longest delay at which each symbol is read.
    pub(in crate::model) depth: Vec<usize>,
    pub(in crate::model) outputs: Vec<SymbolId>,
    /// Symbols of which it was reported that they may be lengths.
    pub(in crate::model) lengths: Vec<SymbolId>,
}
