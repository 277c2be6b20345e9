//! What the steps before have found.

use crate::model::Expr;
use crate::model::kinds::Known;
use crate::model::roles::Roles;
use crate::model::symbols::Table;
use crate::model::trees::tree::Resolved;
use crate::model::typing::Shapes;

/// What the steps before have found. No equation holds a mistake.
pub(in crate::model) struct Parts {
    pub(in crate::model) table: Table,
    pub(in crate::model) roles: Roles,
    pub(in crate::model) known: Vec<Known>,
    pub(in crate::model) shapes: Shapes,
    pub(in crate::model) equations: Vec<Resolved>,
    pub(in crate::model) typed: Vec<Option<Expr>>,
    /// The equations in order of computation.
    pub(in crate::model) order: Vec<usize>,
}
