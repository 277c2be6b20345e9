//! The rules of an import, carried out on a file: what each takes, that it fits, and that nothing is
//! left over on either side.

use ndarray::ArrayD;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::file::read::deserialized;
use crate::file::tensors::{Tensor, Tensors, Values, ValuesMut};
use crate::file::write::not_finite;
use crate::file::{FileError, Origin};
use crate::kernels::Float;

use super::fit::Fit;
use super::{Import, Rule, Source, numbers};

/// Why a rule does not hold.
pub(super) enum Trouble {
    /// In words, that go on after what was to be taken from what.
    Reason(String),
    Error(FileError),
}

impl From<String> for Trouble {
    fn from(reason: String) -> Self {
        Trouble::Reason(reason)
    }
}

impl Import {
    /// Takes all that the rules say, or nothing.
    pub(super) fn read<T: Tensors + ?Sized>(
        &self,
        origin: &Origin,
        bytes: &[u8],
        model: &mut T,
    ) -> Result<(), FileError> {
        let (file, _) = deserialized(origin, bytes)?;
        let expected = model.tensors();
        let mut rules = self.rules.clone();
        self.check_targets(origin, &expected)?;
        self.complete(origin, &file, &expected, &mut rules)?;
        let mut taken: Vec<Option<Vec<T::Scalar>>> = expected.iter().map(|_| None).collect();
        for rule in &rules {
            self.apply((origin, &file), rule, &expected, &mut taken)?;
        }
        self.check_rest(origin, &file, &rules)?;
        for (target, source) in model.tensors_mut().into_iter().zip(taken) {
            if let (ValuesMut::Numbers(target), Some(source)) = (target.values, source) {
                target.copy_from_slice(&source);
            }
        }
        Ok(())
    }

    /// Whether the model has all targets, each of them once.
    fn check_targets<A>(
        &self,
        origin: &Origin,
        expected: &[Tensor<'_, A>],
    ) -> Result<(), FileError> {
        let mut all: Vec<(&str, String)> = Vec::new();
        for rule in &self.rules {
            if rule.targets.is_empty() {
                let reason = "the rule names no tensor of the model; name one, or `ignore` these";
                let source_text = rule.source.expr.to_string();
                return Err(refused(origin, "nothing", source_text, reason.to_owned()));
            }
            let of_rule = rule.targets.iter();
            all.extend(of_rule.map(|target| (&**target, rule.source.expr.to_string())));
        }
        all.extend(
            self.kept
                .iter()
                .map(|target| (&**target, "itself".to_owned())),
        );
        for (at, (target, source_text)) in all.iter().enumerate() {
            let found = expected.iter().find(|t| t.name == *target);
            let counts = |t: &Tensor<_>| matches!(t.values, Values::Counts(_));
            let reason = match found.map(counts) {
                None => {
                    let known = expected.iter().map(|t| &*t.name).collect();
                    format!(
                        "the model has no such tensor, but: {}",
                        listed(known, target)
                    )
                }
                _ if all[..at].iter().any(|(other, _)| other == target) => {
                    "it has two rules; leave one of them out".to_owned()
                }
                Some(true) if *source_text != "itself" => COUNTS.to_owned(),
                Some(_) => continue,
            };
            return Err(refused(origin, target, source_text.clone(), reason));
        }
        Ok(())
    }

    /// Adds a rule for each tensor without one, which the file has under the same name.
    fn complete<A>(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
        expected: &[Tensor<'_, A>],
        rules: &mut Vec<Rule>,
    ) -> Result<(), FileError> {
        for tensor in expected {
            let given = |rule: &Rule| rule.targets.contains(&tensor.name);
            if self.kept.contains(&tensor.name) || self.rules.iter().any(given) {
                continue;
            }
            if let Values::Counts(_) = tensor.values {
                let source = Source::new(&*tensor.name).expr.to_string();
                return Err(refused(origin, &tensor.name, source, COUNTS.to_owned()));
            }
            if file.tensor(&tensor.name).is_err() {
                return Err(FileError::TensorMissing {
                    origin: origin.clone(),
                    tensor: tensor.name.clone(),
                    expected: tensor.shape.clone(),
                    advice: "say by `take` or `split` what it is taken from, or `keep` it as it is",
                });
            }
            rules.push(Rule {
                targets: vec![tensor.name.clone()],
                source: Source::new(&*tensor.name),
            });
        }
        Ok(())
    }

    /// Takes what a rule says.
    fn apply<A: Float>(
        &self,
        (origin, file): (&Origin, &SafeTensors<'_>),
        rule: &Rule,
        expected: &[Tensor<'_, A>],
        taken: &mut [Option<Vec<A>>],
    ) -> Result<(), FileError> {
        let text = || rule.source.expr.to_string();
        let refuse = |target: &str, reason| refused(origin, target, text(), reason);
        let value = evaluated(origin, rule, &mut |name| {
            self.tensor::<A>(origin, file, name)
        })?;
        let place = |target: &String| expected.iter().position(|t| t.name == *target);
        let places: Vec<usize> = rule.targets.iter().filter_map(place).collect();
        let targets: Vec<&Tensor<'_, A>> = places.iter().map(|&at| &expected[at]).collect();
        let fit = Fit {
            matrices: self.matrices,
            source: &rule.source,
        };
        let parts = fit.parts(&value, &targets);
        let parts = parts.map_err(|(target, reason)| refuse(target, reason))?;
        for (at, part) in places.into_iter().zip(parts) {
            let numbers: Vec<A> = part.iter().map(|&v| A::from_f64(v)).collect();
            if let Some((index, value)) = not_finite(&numbers) {
                let reason = format!(
                    "it would have {value} at index {index}; the file is damaged, or the number too \
                     large for {}",
                    A::NAME
                );
                return Err(refuse(&expected[at].name, reason));
            }
            taken[at] = Some(numbers);
        }
        Ok(())
    }

    /// A tensor of the file.
    fn tensor<A: Float>(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
        name: &str,
    ) -> Result<ArrayD<f64>, Trouble> {
        let view = tensor_of(file, name)?;
        let narrows = view.dtype() == Dtype::F64 && size_of::<A>() < 8 && !self.narrowing;
        match numbers::numbers(&view).filter(|_| !narrows) {
            Some(numbers) => Ok(numbers),
            None => Err(Trouble::Error(FileError::TensorType {
                origin: origin.clone(),
                tensor: name.to_owned(),
                expected: A::NAME,
                found: format!("{:?}", view.dtype()).to_lowercase(),
            })),
        }
    }
}

/// A tensor of a file.
pub(super) fn tensor_of<'f>(
    file: &'f SafeTensors<'_>,
    name: &str,
) -> Result<TensorView<'f>, Trouble> {
    file.tensor(name).map_err(|_| {
        let known = listed(file.names(), name);
        format!("the file has no tensor `{name}`, but: {known}").into()
    })
}

/// What a rule takes, as the file has it; `tensor` gives the tensors by their names.
pub(super) fn evaluated(
    origin: &Origin,
    rule: &Rule,
    tensor: &mut dyn FnMut(&str) -> Result<ArrayD<f64>, Trouble>,
) -> Result<ArrayD<f64>, FileError> {
    let expr = &rule.source.expr;
    expr.value(tensor)
        .map_err(|trouble| match (trouble, rule.targets.first()) {
            (Trouble::Reason(reason), target) => {
                let target = target.map_or("nothing", String::as_str);
                refused(origin, target, expr.to_string(), reason)
            }
            (Trouble::Error(error), _) => error,
        })
}

/// The names that begin and end most like another, with the number of the rest.
fn listed(mut names: Vec<&str>, other: &str) -> String {
    let same = |(a, b): &(u8, u8)| a == b;
    let likeness = |name: &str| {
        let begin = name.bytes().zip(other.bytes()).take_while(same).count();
        let end = name.bytes().rev().zip(other.bytes().rev());
        begin + end.take_while(same).count()
    };
    names.sort_unstable_by_key(|name| (std::cmp::Reverse(likeness(name)), *name));
    let rest = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    match rest {
        0 => names.join(", "),
        rest => format!("{}, and {rest} more", names.join(", ")),
    }
}

/// What to do about a tensor that is no numbers.
const COUNTS: &str = "it counts steps; `keep` it";

/// As many names as an error lists.
const LISTED: usize = 8;

/// A rule that does not hold.
pub(super) fn refused(
    origin: &Origin,
    target: &str,
    source_text: String,
    reason: String,
) -> FileError {
    FileError::Import {
        origin: origin.clone(),
        target: target.to_owned(),
        source_text,
        reason,
    }
}
