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
        // All over one denominator, the least: a product would overflow with many extents.
        let divisors = extents.iter().map(|e| e.divisor);
        let whole = divisors.fold(1, |whole, divisor| whole / common(whole, divisor) * divisor);
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

/// The greatest common divisor.
fn common(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        b => common(b, a % b),
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

#[cfg(test)]
mod tests {
    use super::{Equation, solved};
    use crate::info::Extent;

    #[test]
    fn many_quarters_side_by_side_say_the_size() {
        let quarter = Extent {
            terms: &[(0, 1)],
            constant: 0,
            divisor: 4,
        };
        let half = Extent {
            divisor: 2,
            constant: 2,
            ..quarter
        };
        let (mut extents, size) = (vec![&quarter; 40], 8);
        assert_eq!(solved(&[Equation::new(&extents, 80)], 1), [Some(size)]);
        extents.push(&half);
        assert_eq!(solved(&[Equation::new(&extents, 85)], 1), [Some(size)]);
        assert_eq!(solved(&[Equation::new(&extents, usize::MAX)], 1), [None]);
    }
}
