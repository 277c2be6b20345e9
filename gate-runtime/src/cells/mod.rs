//! Ready-made cells, each written as its equations, in files by family.
//!
//! In the row convention of the article: a vector stands left of its matrix, `x_t * W`, and `W`
//! is `[in, out]`. Where a paper and a library differ, the paper is followed.

mod gru;
mod linear;
mod list;
mod lstm;
mod memory;
mod plain;

pub use gru::*;
pub use linear::*;
pub use list::{ALL, Entry};
pub use lstm::*;
pub use memory::*;
pub use plain::*;
