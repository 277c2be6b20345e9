//! Cells of the sizes that a foreign file has.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::SafeTensors;

use crate::cell::Cell;
use crate::error::Error;
use crate::info::{CellInfo, Extent, RoleInfo};

use super::super::outputs::outputs_axis;
use super::super::read::{contents, deserialized};
use super::{Import, Origin, Rule, Source};

impl Import {
    /// A cell of the sizes that follow from the shapes of a file's tensors, with their numbers. What
    /// the rules [`keep`](Import::keep) starts as the definition says.
    ///
    /// # Errors
    ///
    /// As [`Import::load`], or if a size does not follow.
    pub fn load_cell<C: Cell>(&self, path: impl AsRef<Path>) -> Result<C, Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        self.made(&origin, &bytes)
    }

    /// The same from bytes.
    ///
    /// # Errors
    ///
    /// As [`Import::load_cell`].
    pub fn load_cell_bytes<C: Cell>(&self, bytes: &[u8]) -> Result<C, Error> {
        self.made(&Origin::Bytes, bytes)
    }

    fn made<C: Cell>(&self, origin: &Origin, bytes: &[u8]) -> Result<C, Error> {
        let (file, _) = deserialized(origin, bytes)?;
        let equations = self.equations::<C>(origin, &file)?;
        let sizes = solved(&equations, C::INFO.sizes.len());
        let unknown = |size: usize| Error::SizeUnknown {
            origin: origin.clone(),
            cell: C::INFO.name,
            size: C::INFO.sizes[size].argument,
        };
        let sizes = sizes.into_iter().enumerate();
        let sizes: Result<Vec<usize>, Error> = sizes
            .map(|(size, value)| value.ok_or_else(|| unknown(size)))
            .collect();
        let mut cell = C::with_sizes(&sizes?, &mut ChaCha8Rng::seed_from_u64(0))?;
        self.read(origin, bytes, &mut cell)?;
        Ok(cell)
    }

    /// What the rules say about the sizes; rules that do not fit are left for the import to refuse.
    fn equations<C: Cell>(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
    ) -> Result<Vec<Equation>, Error> {
        let mut rules = self.rules.clone();
        let given = |name: &str| rules.iter().any(|r| r.targets.iter().any(|t| t == name));
        let symbols = C::INFO.symbols.iter();
        let parameters = symbols.filter(|s| matches!(s.role, RoleInfo::Parameter(_)));
        let same = parameters.filter(|s| !given(s.ident) && file.tensor(s.ident).is_ok());
        let same: Vec<Rule> = same
            .map(|s| Rule {
                targets: vec![s.ident.to_owned()],
                source: Source::new(s.ident),
            })
            .collect();
        rules.extend(same);
        let mut equations = Vec::new();
        for rule in rules.iter().filter(|rule| !rule.source.expr.is_number()) {
            let value = self.value::<C::Scalar>((origin, file), rule)?;
            let targets = rule.targets.iter();
            let stored: Option<Vec<_>> = targets
                .map(|target| self.stored(C::INFO, target, &rule.source))
                .collect();
            equations
                .extend(stored.map_or(Vec::new(), |stored| self.lengths(&stored, value.shape())));
        }
        Ok(equations)
    }

    /// The lengths of a parameter, in the order of the file's axes.
    fn stored(
        &self,
        info: &CellInfo,
        target: &str,
        source: &Source,
    ) -> Option<Vec<&'static Extent>> {
        let index = info.symbols.iter().position(|s| s.ident == target)?;
        let mut shape: Vec<_> = info.symbols[index].shape.iter().collect();
        if shape.len() == 2 {
            let follows = || Some(outputs_axis(info, index)? != self.matrices.outputs_axis());
            if source.transposed.or_else(follows)? {
                shape.reverse();
            }
        }
        Some(shape)
    }

    /// That targets side by side are as long as what they are taken from.
    fn lengths(&self, targets: &[Vec<&'static Extent>], found: &[usize]) -> Vec<Equation> {
        let mut equations = Vec::new();
        if targets.iter().any(|stored| stored.len() != found.len()) {
            return equations;
        }
        for (axis, &length) in found.iter().enumerate() {
            let of_axis: Vec<&Extent> = targets.iter().map(|stored| stored[axis]).collect();
            match axis == self.matrices.split_axis(found.len()) {
                true => equations.push(Equation::new(&of_axis, length)),
                false => equations.extend(of_axis.iter().map(|&e| Equation::new(&[e], length))),
            }
        }
        equations
    }
}

/// That a sum of sizes, each times a factor, is a number.
struct Equation {
    terms: Vec<(usize, usize)>,
    sum: Option<usize>,
}

impl Equation {
    /// That lengths add up to another.
    fn new(extents: &[&Extent], length: usize) -> Self {
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
fn solved(equations: &[Equation], count: usize) -> Vec<Option<usize>> {
    let mut sizes = vec![None; count];
    while let Some((size, value)) = equations.iter().find_map(|e| e.solve(&sizes)) {
        sizes[size] = Some(value);
    }
    sizes
}
