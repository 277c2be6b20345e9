//! Declarations: their effect on the table of symbols.

use crate::diag::{self, Diagnostics, Place};
use crate::model::SymbolId;
use crate::model::names::Written;
use crate::model::names::letters::{Letter, letter};
use crate::model::trees::tree;
use crate::syntax::{Declaration, DeclaredKind, Expr, Initial, Item, Name, SizeExpr};

use super::{Sort, Table};

/// What declarations say of a symbol.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Declared {
    /// The first declaration.
    pub(in crate::model) place: Option<Place>,
    pub(in crate::model) kind: Option<(DeclaredKind, Place)>,
    pub(in crate::model) init: Option<Initial>,
    /// The value of a hyper-parameter.
    pub(in crate::model) value: Option<Expr>,
    /// Declared with a time index.
    pub(in crate::model) timed: bool,
    /// From a declaration of `h_0`.
    pub(in crate::model) initial: Option<Initial>,
}

impl Table {
    /// Declarations, and `h_0 = 0` where `h` is defined.
    pub(super) fn declarations(&mut self, items: &[Item], diagnostics: &mut Diagnostics) {
        let batch = batch(items);
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Declaration(Declaration {
                    kind: Some(DeclaredKind::Cell(_)),
                    ..
                }) => {}
                Item::Declaration(declaration) => self.declare(declaration, batch, diagnostics),
                Item::Equation(equation) => {
                    let Sort::Equation(id) = self.sorts[at] else {
                        continue;
                    };
                    if let Some(state) = self.before_start(id) {
                        diagnostics.push(diag::before_start(equation.left.place, &state));
                        self.sorts[at] = Sort::Other;
                        continue;
                    }
                    let state = self.symbols[id].key.without_zero();
                    let state = state.and_then(|key| self.index.get(&key).copied());
                    let Some(state) = state.filter(|&s| self.symbols[s].defined.is_some()) else {
                        continue;
                    };
                    let Some(value) = tree::constant(&equation.right) else {
                        continue;
                    };
                    self.sorts[at] = Sort::Other;
                    self.symbols[id].defined = None;
                    self.symbols[state].declared.initial = Some(Initial {
                        name: "constant".to_owned(),
                        arguments: vec![value],
                        place: equation.place,
                    });
                }
                Item::Function(_) | Item::Loop(_) | Item::Split(_) => {}
            }
        }
    }

    /// The state of `h_{-1}`, where `h` is defined.
    fn before_start(&self, id: SymbolId) -> Option<String> {
        let mut key = self.symbols[id].key.clone();
        let before = key.subs.pop()? == "-1";
        let state = self.find(&key).filter(|e| before && e.defined.is_some());
        state.map(|entry| entry.key.printed())
    }

    /// `batch`: the length of the batch, which no value of a row has.
    fn declare(
        &mut self,
        declaration: &Declaration,
        batch: Option<&str>,
        diagnostics: &mut Diagnostics,
    ) {
        let written = Written::of(&declaration.name, &self.clock);
        written.report(&self.clock, diagnostics);
        let key = written.labelled();
        let name = key.printed();
        if written.sups.iter().any(|sup| sup.transpose) {
            diagnostics.push(diag::transpose_on_left(declaration.place, &name));
        }
        let place = declaration.place;
        let id = self.symbol(&key, declaration.name.place);
        if let Some(state) = self.before_start(id) {
            diagnostics.push(diag::before_start(place, &state));
            return;
        }
        let timed = written.time.is_some();
        let value = timed || self.symbols[id].defined.is_some();
        // A bias with one row, beside a batch of rows.
        let bias = batch.is_some() && letter(&key.base) == Letter::LowerLatin;
        let kind = declaration.kind.as_ref();
        let printed = kind.filter(|_| (value || bias) && place.is_text());
        let row = printed.and_then(|kind| row_or_column(kind, batch));
        let kind = row.or_else(|| kind.cloned());
        let declared = &mut self.symbols[id].declared;
        let first = *declared.place.get_or_insert(place);
        declared.timed |= timed;
        let same = match (&kind, &declared.kind) {
            (Some(kind), Some((first, _))) => place.is_text() && first.is_same(kind),
            _ => false,
        };
        let again = (kind.is_some() && declared.kind.is_some() && !same)
            || (declaration.init.is_some() && declared.init.is_some());
        if again {
            diagnostics.push(diag::duplicate_declaration(place, &name, first));
            return;
        }
        if kind.is_some() && !same {
            declared.kind = kind.map(|kind| (kind, place));
        }
        if let Some(init) = &declaration.init {
            declared.init = Some(init.clone());
        }
        if let Some(value) = &declaration.value {
            declared.value = Some(value.clone());
        }
    }
}

/// The one name that a size is.
fn named(size: &SizeExpr) -> Option<&str> {
    match &size.terms[..] {
        [(1, Some(name))] if size.divisor == 1 => Some(&name.text),
        _ => None,
    }
}

/// The `n` of `X_t ∈ ℝ^{n × d}` in a text, where all that has it has it as its number of rows: the
/// rows of a batch, which are computed alike.
fn batch(items: &[Item]) -> Option<&str> {
    let shapes = || {
        items.iter().filter_map(|item| match item {
            Item::Declaration(Declaration {
                name,
                kind: Some(DeclaredKind::Shape(sizes)),
                ..
            }) => Some((name, &sizes[..])),
            _ => None,
        })
    };
    let of = |(name, sizes): (&Name, &'_ [SizeExpr])| name.base == "X" && sizes.len() == 2;
    let (input, sizes) = shapes().find(|&shape| of(shape))?;
    let rows = named(&sizes[0]).filter(|_| input.place.is_text())?;
    let has = |size: &SizeExpr| {
        let mut names = size.terms.iter().filter_map(|(_, name)| name.as_ref());
        names.any(|name| name.text == rows)
    };
    let alike = |sizes: &[SizeExpr]| match sizes {
        [first, second] => !has(second) && (!has(first) || named(first).is_some()),
        sizes => !sizes.iter().any(has),
    };
    shapes().all(|(_, sizes)| alike(sizes)).then_some(rows)
}

/// `x_t ∈ ℝ^{1 × d}`, `ℝ^{d × 1}`: articles write vectors as matrices of one row or column, and of
/// the rows of a batch.
fn row_or_column(kind: &DeclaredKind, batch: Option<&str>) -> Option<DeclaredKind> {
    let DeclaredKind::Shape(sizes) = kind else {
        return None;
    };
    if let [rows, size] = &sizes[..]
        && batch.is_some()
        && named(rows) == batch
    {
        return Some(DeclaredKind::Shape(vec![size.clone()]));
    }
    let one = |size: &SizeExpr| matches!(size.terms[..], [(1, None)]) && size.divisor == 1;
    match &sizes[..] {
        [first, size] | [size, first] if one(first) && !one(size) => {
            Some(DeclaredKind::Shape(vec![size.clone()]))
        }
        _ => None,
    }
}
