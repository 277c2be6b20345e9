//! The messages of all stages: one constructor for each kind of mistake, named like its code word.
//!
//! Each text says what is wrong and, after `help:`, the way out.

mod declare;
mod expressions;
mod fixed;
mod message;
mod model;
mod series;
mod syntax;
mod text;

pub(crate) use declare::*;
pub(crate) use expressions::*;
pub(crate) use fixed::*;
pub(crate) use model::*;
pub(crate) use series::*;
pub(crate) use syntax::*;
pub(crate) use text::*;
