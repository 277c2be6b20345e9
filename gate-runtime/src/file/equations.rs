//! Sizes that follow from lengths.

use crate::info::Extent;

/// That a sum of sizes, each times a factor, is a number.
pub(super) struct Equation {
    terms: Vec<(usize, usize)>,
    sum: Option<usize>,
}

impl Equation {
    /// That lengths add up to another.
    pub(super) fn new(extents: &[&Extent], length: usize) -> Self {
        // All over one denominator.
        let whole: usize = extents.iter().map(|e| e.divisor).product();
        let (mut terms, mut sum) = (Vec::new(), length.checked_mul(whole));
        for extent in extents {
            let share = whole / extent.divisor;
            sum = sum.and_then(|sum| sum.checked_sub(share * extent.constant));
            let scaled = extent.terms.iter();
            terms.extend(scaled.map(|&(size, factor)| (size, factor * share)));
        }
        Equation { terms, sum }
    }

    /// The size that follows once all others are known.
    fn solve(&self, sizes: &[Option<usize>]) -> Option<(usize, usize)> {
        let (mut rest, mut open) = (self.sum?, None);
        for &(size, factor) in &self.terms {
            match (sizes[size], &mut open) {
                (Some(value), _) => rest = rest.checked_sub(factor.checked_mul(value)?)?,
                (None, None) => open = Some((size, factor)),
                (None, Some((other, sum))) if *other == size => *sum += factor,
                (None, Some(_)) => return None,
            }
        }
        let (size, factor) = open?;
        (rest > 0 && rest.is_multiple_of(factor)).then_some((size, rest / factor))
    }
}

/// The sizes that follow one from the other.
pub(super) fn solved(equations: &[Equation], count: usize) -> Vec<Option<usize>> {
    let mut sizes = vec![None; count];
    while let Some((size, value)) = equations.iter().find_map(|e| e.solve(&sizes)) {
        sizes[size] = Some(value);
    }
    sizes
}
