//! Right sides as trees of symbols: names resolved, functions and inner cells expanded.

mod apply;
mod arguments;
pub(super) mod build;
mod foreign;
mod inline;
mod misread;
mod ones;
mod reads;
mod select;
mod slips;
pub(super) mod tree;
