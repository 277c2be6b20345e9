//! Models of the sizes that a foreign file has.

use std::path::Path;

use ndarray::ArrayD;
use safetensors::tensor::SafeTensors;

use crate::error::Error;
use crate::info::Extent;
use crate::train::Pooling;

use super::super::equations::{Equation, solved};
use super::super::error::FileError;
use super::super::outline::{Extents, FromFile, Outline, Shapes, in_part, largest};
use super::super::read::{contents, deserialized};
use super::fit::OTHER_SIZES;
use super::rules::{evaluated, refused, tensor_of};
use super::{Import, Origin, Rule, Source};

impl Import {
    /// A model of the sizes that follow from the shapes of a file's tensors, with their numbers: a
    /// cell, a linear head, or a stack, a bidirectional layer or a classifier of cells. What the rules
    /// [`keep`](Import::keep) starts as the definition says. A stack has as many layers as the rules
    /// and the file name, and no dropout; what a classifier's [`pooling`](Import::pooling) is has to
    /// be said.
    ///
    /// # Errors
    ///
    /// As [`Import::load`], or if a size does not follow.
    pub fn load_model<M: FromFile>(&self, path: impl AsRef<Path>) -> Result<M, Error> {
        let (origin, bytes) = contents(path.as_ref())?;
        self.made(&origin, &bytes)
    }

    /// The same from bytes.
    ///
    /// # Errors
    ///
    /// As [`Import::load_model`].
    pub fn load_model_bytes<M: FromFile>(&self, bytes: &[u8]) -> Result<M, Error> {
        self.made(&Origin::Bytes, bytes)
    }

    fn made<M: FromFile>(&self, origin: &Origin, bytes: &[u8]) -> Result<M, Error> {
        let (file, _) = deserialized(origin, bytes)?;
        let foreign = Foreign {
            import: self,
            origin,
            file: &file,
        };
        let mut model = M::of_sizes(&foreign, "")?;
        let done = self.read(origin, bytes, &mut model);
        done.map_err(contradicted)?;
        Ok(model)
    }
}

/// The same error where the sizes are those of other tensors of the file.
fn contradicted(mut error: FileError) -> FileError {
    if let FileError::Import { reason, .. } = &mut error
        && let Some(own) = reason.strip_suffix(OTHER_SIZES)
    {
        *reason = format!("{own}{CONTRADICTED}");
    }
    error
}

/// What to do where sizes and shapes do not agree.
const CONTRADICTED: &str = "; the model has the sizes that follow from other tensors of the file: see \
     whether each rule takes what it should, and `Matrices` is how this file stores them";

/// A foreign file with the rules for it.
struct Foreign<'f> {
    import: &'f Import,
    origin: &'f Origin,
    file: &'f SafeTensors<'f>,
}

impl Outline for Foreign<'_> {
    fn sizes(&self, part: &str, shapes: &Shapes) -> Result<Vec<usize>, Error> {
        let sizes = solved(&self.equations(part, shapes)?, shapes.sizes.len());
        let sizes = sizes.into_iter().zip(&shapes.sizes);
        let known = |(value, size): (Option<usize>, &&'static str)| {
            value.ok_or_else(|| self.unknown(part, shapes.owner, size))
        };
        let sizes: Vec<usize> = sizes.map(known).collect::<Result<_, _>>()?;
        match self.taken(part, shapes).beyond(&sizes, largest(self.file)) {
            Some(tensor) => {
                let reason = format!(
                    "of the sizes that follow, {sizes:?}, it would be larger than any tensor of the \
                     file{CONTRADICTED}"
                );
                let (target, source) = (in_part(part, tensor), "the tensors".to_owned());
                Err(refused(self.origin, &target, source, reason).into())
            }
            None => Ok(sizes),
        }
    }

    /// One more than the highest number that rules name, or tensors that no rule reads or ignores.
    fn layers(&self, part: &str) -> Result<usize, Error> {
        let rules = self.import.rules.iter().flat_map(|rule| &rule.targets);
        let names = rules.chain(&self.import.kept).map(String::as_str);
        let start = in_part(part, "");
        let number = |name: &str| -> Option<usize> {
            let (number, _) = name.strip_prefix(&start)?.split_once('.')?;
            number.parse().ok()
        };
        let read = |name: &str| self.import.rules.iter().any(|r| r.source.expr.reads(name));
        let ignored = |name: &str| {
            self.import
                .ignored
                .iter()
                .any(|start| name.starts_with(start))
        };
        let file = self.file.names().into_iter();
        let file = file.filter(|name| !read(name) && !ignored(name));
        let highest = names.chain(file).filter_map(number).max();
        let count = highest.and_then(|highest| highest.checked_add(1));
        count.ok_or_else(|| self.unknown(part, "Stacked", "layers"))
    }

    fn pooling(&self, part: &str) -> Result<Pooling, Error> {
        self.import.pooling.ok_or_else(|| {
            let reason = "a file of another library does not say it; say it by `Import::pooling`";
            let target = in_part(part, "pooling");
            let source = "the tensors".to_owned();
            refused(self.origin, &target, source, reason.to_owned()).into()
        })
    }
}

impl Foreign<'_> {
    fn unknown(&self, part: &str, cell: &'static str, size: &'static str) -> Error {
        let unknown = FileError::SizeUnknown {
            origin: self.origin.clone(),
            part: part.to_owned(),
            cell,
            size,
        };
        unknown.into()
    }

    /// The tensors of a part that are taken from such of the file.
    fn taken(&self, part: &str, shapes: &Shapes) -> Shapes {
        let filled = |rule: &&Rule| rule.source.expr.is_number();
        let filled = self.import.rules.iter().filter(filled);
        let left: Vec<&String> = filled.flat_map(|rule| &rule.targets).collect();
        let own = |tensor: &&Extents| {
            let name = in_part(part, tensor.name);
            !left.contains(&&name) && !self.import.kept.contains(&name)
        };
        Shapes {
            owner: shapes.owner,
            sizes: shapes.sizes.clone(),
            tensors: shapes.tensors.iter().filter(own).copied().collect(),
        }
    }

    /// What the rules say about the sizes of a part; rules that do not fit are left for the import
    /// to refuse.
    fn equations(&self, part: &str, shapes: &Shapes) -> Result<Vec<Equation>, Error> {
        let start = in_part(part, "");
        let rules = &self.import.rules;
        let mut equations = Vec::new();
        for rule in rules.iter().filter(|rule| !rule.source.expr.is_number()) {
            let own = |target: &String| shapes.find(target.strip_prefix(&start)?);
            let targets: Vec<&Extents> = rule.targets.iter().filter_map(own).collect();
            if !targets.is_empty() {
                let all = targets.len() == rule.targets.len();
                // Shapes alone matter here; the import looks at the numbers and their type.
                let value = evaluated(self.origin, rule, &mut |name| {
                    Ok(ArrayD::zeros(tensor_of(self.file, name)?.shape()))
                })?;
                equations.extend(self.lengths(&targets, all, &rule.source, value.shape()));
            }
        }
        for tensor in &shapes.tensors {
            let name = in_part(part, tensor.name);
            let given = rules.iter().any(|rule| rule.targets.contains(&name));
            if let (false, Ok(view)) = (given, self.file.tensor(&name)) {
                let source = Source::new(name);
                equations.extend(self.lengths(&[tensor], true, &source, view.shape()));
            }
        }
        Ok(equations)
    }

    /// That targets side by side are as long as what they are taken from. Where other parts of the
    /// model take from it too, not `all` targets are here: then only the other axis is known.
    fn lengths(
        &self,
        targets: &[&Extents],
        all: bool,
        source: &Source,
        found: &[usize],
    ) -> Vec<Equation> {
        let stored = targets.iter().map(|target| self.stored(target, source));
        let stored: Option<Vec<Vec<&Extent>>> = stored.collect();
        let fits = |stored: &Vec<Vec<&Extent>>| stored.iter().all(|s| s.len() == found.len());
        let Some(stored) = stored.filter(fits) else {
            return Vec::new();
        };
        let mut equations = Vec::new();
        for (axis, &length) in found.iter().enumerate() {
            let of_axis: Vec<&Extent> = stored.iter().map(|stored| stored[axis]).collect();
            match axis == self.import.matrices.split_axis(found.len()) {
                true if all => equations.push(Equation::new(&of_axis, length)),
                true => {}
                false => equations.extend(of_axis.iter().map(|&e| Equation::new(&[e], length))),
            }
        }
        equations
    }

    /// The lengths of a tensor, in the order of the file's axes.
    fn stored(&self, target: &Extents, source: &Source) -> Option<Vec<&'static Extent>> {
        let mut shape: Vec<_> = target.shape.iter().collect();
        if shape.len() == 2 {
            let follows = || Some(target.outputs? != self.import.matrices.outputs_axis());
            if source.transposed.or_else(follows)? {
                shape.reverse();
            }
        }
        Some(shape)
    }
}
