//! The independent sizes: numbered, named, with an argument of the constructor each.

use std::collections::BTreeMap;

use crate::model::names::spell;
use crate::model::roles::Sort;
use crate::model::sizes::form::Form;
use crate::model::{Dim, Shape, Size, SymbolId};

use super::parts::Parts;

/// Sizes of the cell by the variables that stood for them.
pub(super) struct Numbering {
    pub(super) sizes: Vec<Size>,
    ids: BTreeMap<usize, usize>,
}

impl Numbering {
    /// Numbers sizes by the first input that has them, then output, state, intermediate,
    /// parameter. `ids`: the symbols in the order of the cell.
    pub(super) fn new(parts: &Parts, ids: &[SymbolId]) -> Numbering {
        let mut numbering = Numbering {
            sizes: Vec::new(),
            ids: BTreeMap::new(),
        };
        let sort = |wanted: fn(Sort) -> bool| {
            ids.iter()
                .copied()
                .filter(move |&id| wanted(parts.roles.sorts[id]))
        };
        let order: Vec<SymbolId> = sort(|s| s == Sort::Input)
            .chain(parts.roles.outputs.iter().copied())
            .chain(sort(|s| s == Sort::State))
            .chain(sort(|s| s == Sort::Intermediate))
            .chain(sort(|s| s == Sort::Parameter))
            .collect();
        for whole in [true, false] {
            for &id in &order {
                numbering.symbol(parts, id, whole);
            }
        }
        numbering
    }

    /// Numbers the sizes of a symbol: those that are a whole length, or all.
    fn symbol(&mut self, parts: &Parts, id: SymbolId, whole: bool) {
        let Some(shape) = &parts.shapes.shapes[id] else {
            return;
        };
        let dims = match shape {
            Shape::Scalar => Vec::new(),
            Shape::Vector(size) => vec![("", size)],
            Shape::Matrix(rows, columns) => vec![("_rows", rows), ("_columns", columns)],
        };
        let mut new: Vec<(usize, &str)> = Vec::new();
        for (axis, dim) in dims {
            let form = parts.shapes.sizes.resolve(dim);
            let single = form.terms.len() == 1 && form.constant == 0 && form.divisor == 1;
            for &variable in form.terms.keys().filter(|_| !whole || single) {
                if !self.ids.contains_key(&variable) && !new.iter().any(|(v, _)| *v == variable) {
                    new.push((variable, axis));
                }
            }
        }
        let several = new.len() > 1;
        let ident = spell::ident(&parts.table.symbols[id].key);
        for (variable, axis) in new {
            let name = match parts.shapes.sizes.declared_name(variable) {
                Some(name) => name.to_owned(),
                None => self.free_name(&ident, if several { axis } else { "" }),
            };
            self.add(variable, &name);
        }
    }

    /// The name of a size after a symbol; `P` may be that of another, which is declared.
    fn free_name(&self, ident: &str, axis: &str) -> String {
        // `in` is a keyword, `IN` is none.
        let name = format!("{}{axis}", ident.trim_end_matches('_')).to_uppercase();
        match self.sizes.iter().any(|size| size.name == name) {
            true => format!("{name}_SIZE"),
            false => name,
        }
    }

    fn add(&mut self, variable: usize, name: &str) -> usize {
        let argument = spell::argument(name);
        let unique = |text: &str, taken: &dyn Fn(&str) -> bool| {
            let mut count = 1;
            let mut candidate = text.to_owned();
            while taken(&candidate) {
                count += 1;
                candidate = format!("{text}{count}");
            }
            candidate
        };
        let name = unique(name, &|text| {
            self.sizes.iter().any(|size| size.name == text)
        });
        let argument = unique(&argument, &|text| {
            self.sizes.iter().any(|s| s.argument == text)
        });
        self.sizes.push(Size { name, argument });
        self.ids.insert(variable, self.sizes.len() - 1);
        self.sizes.len() - 1
    }

    /// A length in the sizes of the cell.
    pub(super) fn dim(&mut self, form: &Form) -> Dim {
        let mut terms: Vec<(usize, usize)> = form
            .terms
            .iter()
            .map(|(&variable, &factor)| {
                let id = match self.ids.get(&variable) {
                    Some(&id) => id,
                    None => self.add(variable, "N"),
                };
                (id, usize::try_from(factor).unwrap_or(0))
            })
            .collect();
        terms.sort_unstable();
        let constant = usize::try_from(form.constant).unwrap_or(0);
        Dim {
            terms,
            constant,
            divisor: usize::try_from(form.divisor).unwrap_or(1),
        }
    }
}
