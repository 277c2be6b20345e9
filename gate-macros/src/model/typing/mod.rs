//! Trees to typed expressions: what each product and call means, and the sizes of everything.

mod binary;
mod calls;
mod capitals;
mod exponentials;
mod operations;
mod products;
mod rows;
mod slices;
mod typer;
mod units;

pub(super) use typer::{Shapes, Typer};
