//! Ready-made cells, each written as its equations, in files by family.
//!
//! In the row convention of the article: a vector stands left of its matrix, `x_t * W`, and `W`
//! is `[in, out]`. Where a paper and a library differ, the paper is followed.
//!
//! ```
//! use gate_runtime::{Cell, cells::Lstm};
//! # use rand::SeedableRng;
//!
//! let lstm = Lstm::<f32>::new(3, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?; // of x, of h
//! println!("{}", Lstm::<f32>::INFO.card(lstm.sizes())); // equations, gates, cost, Jacobian
//! # Ok::<(), gate_runtime::Error>(())
//! ```
//!
//! [`ALL`] lists them all; `for_each_cell!` does something with each.
//!
//! Not here, for they are no equations of one step in real numbers: convolutional and spiking
//! cells; batch normalisation, which couples the rows of a batch; matrices of frozen random
//! numbers (the reservoirs of echo states: all parameters are trained).

mod clocks;
mod composed;
mod gru;
mod linear;
mod list;
mod lstm;
mod memory;
mod orthogonal;
mod plain;

pub use clocks::*;
pub use composed::*;
pub use gru::*;
pub use linear::*;
pub use list::{ALL, Entry};
pub use lstm::*;
pub use memory::*;
pub use orthogonal::*;
pub use plain::*;
