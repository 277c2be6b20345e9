//! The messages of the stage model: one constructor for each kind of mistake, named like its
//! code word. Names come without backquotes, places first.

mod cells;
mod definitions;
mod functions;
mod kinds;
mod notes;
mod parts;
mod printed;
mod readings;
mod roles;
mod scope;
mod slips;

pub(crate) use cells::*;
pub(crate) use definitions::*;
pub(crate) use functions::*;
pub(crate) use kinds::*;
pub(crate) use notes::*;
pub(crate) use parts::*;
pub(crate) use printed::*;
pub(crate) use readings::*;
pub(crate) use roles::*;
pub(crate) use scope::*;
pub(crate) use slips::*;
