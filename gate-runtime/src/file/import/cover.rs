//! Whether every element of a file is taken or ignored.

use std::collections::HashMap;

use ndarray::{ArrayD, Axis, Dimension, IxDyn, Slice};
use safetensors::tensor::SafeTensors;

use crate::file::FileError;
use crate::words::counted;

use super::source::Expr;
use super::{Import, Origin, Rule};

impl Import {
    /// Whether the file has nothing that is neither taken nor ignored. The rules hold.
    pub(super) fn check_rest(
        &self,
        origin: &Origin,
        file: &SafeTensors<'_>,
        rules: &[Rule],
    ) -> Result<(), FileError> {
        let mut taken = Taken {
            file,
            elements: HashMap::new(),
        };
        for rule in rules {
            taken.mark(&rule.source.expr, &mut Vec::new());
        }
        let mut names = file.names();
        names.sort_unstable();
        let ignored = |name: &str| self.ignored.iter().any(|prefix| name.starts_with(prefix));
        for name in names.into_iter().filter(|name| !ignored(name)) {
            let tensor = name.to_owned();
            let origin = origin.clone();
            match taken.elements.get(name).map(rest) {
                Some(None) => {}
                Some(Some(part)) => {
                    return Err(FileError::TensorPart {
                        origin,
                        tensor,
                        part,
                    });
                }
                None => {
                    return Err(FileError::TensorExtra {
                        origin,
                        tensor,
                        advice: "say by `take` or `split` what it is for, or `ignore` it",
                    });
                }
            }
        }
        Ok(())
    }
}

/// What rules take of the tensors of a file.
struct Taken<'f, 'b> {
    file: &'f SafeTensors<'b>,
    /// Whether each element is taken.
    elements: HashMap<String, ArrayD<bool>>,
}

impl Taken<'_, '_> {
    /// Adds what an expression takes, of which `cuts` take a part, the last one first.
    fn mark<'e>(&mut self, expr: &'e Expr, cuts: &mut Vec<&'e Expr>) {
        match expr {
            Expr::Number(_) => {}
            Expr::Times(of, _) => self.mark(of, cuts),
            Expr::Plus(a, b) => {
                self.mark(a, cuts);
                self.mark(b, cuts);
            }
            Expr::At(of, _) | Expr::Slice(of, ..) => {
                cuts.push(expr);
                self.mark(of, cuts);
                cuts.pop();
            }
            Expr::Tensor(name) => self.mark_tensor(name, cuts),
        }
    }

    fn mark_tensor(&mut self, name: &str, cuts: &[&Expr]) {
        let Ok(tensor) = self.file.tensor(name) else {
            return;
        };
        let none = || ArrayD::from_elem(IxDyn(tensor.shape()), false);
        let elements = self.elements.entry(name.to_owned()).or_insert_with(none);
        let mut part = elements.view_mut();
        for cut in cuts.iter().rev() {
            match cut {
                Expr::At(_, index) => part = part.index_axis_move(Axis(0), *index),
                Expr::Slice(_, axis, range) => {
                    part.slice_axis_inplace(Axis(*axis), Slice::from(range.clone()));
                }
                _ => {}
            }
        }
        part.fill(true);
    }
}

/// What is left of a tensor, in words.
fn rest(taken: &ArrayD<bool>) -> Option<String> {
    let left = || taken.indexed_iter().filter(|(_, taken)| !**taken);
    let (first, last) = (left().next()?.0, left().last()?.0);
    Some(format!(
        "{} of the {}, from {:?} to {:?},",
        left().count(),
        counted(taken.len(), "element"),
        first.slice(),
        last.slice()
    ))
}
