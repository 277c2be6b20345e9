//! How the elements of one value depend on the elements of another: the structure of a block of
//! a Jacobian.
//!
//! Takes nothing. Gives: [`Structure`], what blocks are reported as, and `Dependence`, what is
//! carried through the graph to find it.

use crate::info::{CellInfo, Extent};

/// The structure of a block of a Jacobian. Every statement holds whatever the numbers are.
#[derive(Clone, Debug, PartialEq)]
pub enum Structure {
    /// All entries are zero: no path leads from one to the other.
    Zero,
    /// The identity.
    Identity,
    /// A multiple of the identity.
    Scaled,
    /// Each unit depends on the same unit alone.
    Diagonal,
    /// Each unit depends on units at fixed offsets alone (parts of vectors, side by side).
    Shifted,
    /// Elements depend on elements that share an index with them: axis of the earlier state,
    /// axis of the later one. For a matrix-valued state: rows on rows, or columns on columns.
    Aligned(usize, usize),
    /// All elements by one number.
    Column,
    /// One number by all elements.
    Row,
    /// The rank is at most the sum.
    LowRank(Vec<Bound>),
    /// A diagonal and a matrix whose rank is at most the sum.
    DiagonalAndLowRank(Vec<Bound>),
    /// Anything else.
    Dense,
}

/// A part of a bound on a rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// What has passed through one number.
    One,
    /// What has passed through a value of this length.
    Length(Extent),
}

impl Bound {
    /// The bound for given sizes, those of the cell in the order of `INFO.sizes`.
    ///
    /// # Panics
    ///
    /// If there are fewer sizes than the cell has.
    pub fn of(&self, sizes: &[usize]) -> usize {
        match self {
            Bound::One => 1,
            Bound::Length(extent) => extent.of(sizes),
        }
    }
}

impl Structure {
    /// The structure in words; lengths under the names of the cell's sizes.
    pub fn describe(&self, info: &CellInfo) -> String {
        match self {
            Structure::Zero => "0".into(),
            Structure::Identity => "identity".into(),
            Structure::Scaled => "multiple of the identity".into(),
            Structure::Diagonal => "diagonal".into(),
            Structure::Shifted => "shifted diagonal".into(),
            Structure::Aligned(from, to) => {
                let name = |axis: usize| if axis == 0 { "row" } else { "column" };
                format!("{} by {}", name(*to), name(*from))
            }
            Structure::Column => "all by one number".into(),
            Structure::Row => "one number by all".into(),
            Structure::LowRank(bounds) => format!("rank {}", rank(bounds, info)),
            Structure::DiagonalAndLowRank(bounds) => {
                format!("diagonal + rank {}", rank(bounds, info))
            }
            Structure::Dense => "dense".into(),
        }
    }
}

/// `2 + R`
fn rank(bounds: &[Bound], info: &CellInfo) -> String {
    let ones = bounds.iter().filter(|b| **b == Bound::One).count();
    let mut parts: Vec<(String, usize)> = Vec::new();
    for bound in bounds {
        let Bound::Length(extent) = bound else {
            continue;
        };
        let text = extent.describe(info);
        match parts.iter_mut().find(|(other, _)| *other == text) {
            Some((_, count)) => *count += 1,
            None => parts.push((text, 1)),
        }
    }
    let lengths = parts.into_iter().map(|(text, count)| match count {
        1 => text,
        count => format!("{count} {text}"),
    });
    let number = (ones > 0).then(|| ones.to_string());
    number
        .into_iter()
        .chain(lengths)
        .collect::<Vec<String>>()
        .join(" + ")
}

/// Element by element.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(super) enum Same {
    /// Not at all.
    #[default]
    Nothing,
    Identity,
    Scaled,
    Diagonal,
    Shifted,
}

/// How a value depends on one earlier state: a sum of what is element by element, what shares an
/// index, what has gone through few numbers, and anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dependence {
    pub(super) same: Same,
    /// `(axis of the state, axis of this value)`
    pub(super) aligned: Option<(usize, usize)>,
    /// Values of few elements through which it goes (nodes), once each.
    pub(super) rank: Vec<(usize, Bound)>,
    pub(super) full: bool,
}

impl Dependence {
    pub(super) fn identity() -> Dependence {
        Dependence {
            same: Same::Identity,
            ..Dependence::default()
        }
    }

    /// Passed through one value of few elements.
    pub(super) fn through(node: usize, bound: Bound) -> Dependence {
        Dependence {
            rank: vec![(node, bound)],
            ..Dependence::default()
        }
    }

    pub(super) fn full() -> Dependence {
        Dependence {
            full: true,
            ..Dependence::default()
        }
    }

    pub(super) fn none(&self) -> bool {
        *self == Dependence::default()
    }

    /// What shares an index, element-wise parts included; `None` if anything else is in it.
    pub(super) fn only_aligned(&self) -> Option<(usize, usize)> {
        (self.rank.is_empty() && !self.full)
            .then_some(self.aligned)
            .flatten()
    }

    /// After a function of each element.
    pub(super) fn mapped(mut self) -> Dependence {
        if matches!(self.same, Same::Identity | Same::Scaled) {
            self.same = Same::Diagonal;
        }
        self
    }

    /// After multiplication by one number.
    pub(super) fn scaled(mut self) -> Dependence {
        if self.same == Same::Identity {
            self.same = Same::Scaled;
        }
        self
    }

    /// The sum of two.
    pub(super) fn plus(mut self, other: Dependence) -> Dependence {
        self.same = match (self.same, other.same) {
            (Same::Nothing, same) | (same, Same::Nothing) => same,
            (Same::Identity, Same::Identity) => Same::Scaled,
            (a, b) if a >= b => a,
            (_, b) => b,
        };
        self.full |= other.full;
        self.aligned = match (self.aligned, other.aligned) {
            (a, None) => a,
            (None, b) => b,
            (a, b) if a == b => a,
            _ => {
                self.full = true;
                None
            }
        };
        let new = other
            .rank
            .into_iter()
            .filter(|part| !self.rank.contains(part));
        let new: Vec<(usize, Bound)> = new.collect();
        self.rank.extend(new);
        self
    }
}
