//! Adjoints against central differences over unrolled steps, and their form.

mod cells;
mod form;
mod random;
mod unrolled;
