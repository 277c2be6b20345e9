//! The table of symbols: what is defined, declared, listed and read, and which step is now.

mod declarations;
mod earlier;
mod instances;
pub(super) mod labels;
mod lengths;
mod lists;
pub(super) mod lookalikes;
mod primes;
mod user_functions;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diag::{self, Diagnostics, Place};
use crate::functions;
use crate::model::SymbolId;
use crate::model::kinds::Known;
use crate::model::names::clock::Clock;
use crate::model::names::{Key, Written};
use crate::model::walk;
use crate::syntax::{Equation, ExprKind, FunctionItem, Header, Item, Name, SizeName};

pub(super) use declarations::Declared;
pub(super) use instances::{Inner, Instance, label, labelled, of_instance};

/// What is known of the symbols before equations are read.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) clock: Clock,
    pub(super) symbols: Vec<Entry>,
    index: BTreeMap<Key, SymbolId>,
    pub(super) functions: Vec<UserFunction>,
    /// Latest time index of a left side.
    pub(super) now: i64,
    /// Time index at which the latest input is read, where that is before `now`: then each
    /// symbol counts from its own latest index.
    pub(super) inputs_at: Option<i64>,
    pub(super) inputs: Option<Vec<SymbolId>>,
    pub(super) outputs: Option<Vec<SymbolId>>,
    /// Every word that something reads.
    pub(super) words: BTreeSet<String>,
    /// The sizes that declarations name.
    size_names: BTreeSet<String>,
    /// `\langle w, x_t \rangle` of vectors, whose author may mean the product of a layer.
    pub(super) inner_products: Vec<Place>,
    /// `w \cdot x_t`
    pub(super) dots: Vec<Place>,
    /// It was reported that the definition is no step in time.
    pub(super) no_step: bool,
    /// Whether an equation is real, a declaration in disguise, or a function.
    pub(super) sorts: Vec<Sort>,
    /// Cells inside this one.
    pub(super) instances: Vec<Instance>,
    /// States of inner cells, what is given in the place of their earlier values, and where.
    pub(super) given: Vec<(SymbolId, SymbolId, Place)>,
    /// Reads of inner cells that were reported: names, and whether they have a time index.
    pub(super) misread: BTreeSet<(Key, bool)>,
}

/// What the statement at an index of the definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Sort {
    Equation(SymbolId),
    Other,
}

/// A symbol.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    /// Where it was first met.
    pub(super) place: Place,
    /// The left side that defines it.
    pub(super) defined: Option<Place>,
    /// The time index of that left side.
    pub(super) left: Option<i64>,
    /// By how many steps that is later than it is written.
    pub(super) moved: i64,
    /// Written with a time index somewhere in the equations.
    pub(super) timed: bool,
    /// Read without brackets behind it that could be a function's.
    pub(super) bare: bool,
    /// The new value is written with a prime, the old one without.
    pub(super) primed: bool,
    /// Where it is read as `U^t`, `W^†`.
    pub(super) odd_label: Option<Place>,
    /// How many labels stand behind its time index where it is read: one in `h_t_1`.
    pub(super) behind: usize,
    /// Its number in the order in which equations mention symbols.
    pub(super) seen: Option<usize>,
    pub(super) declared: Declared,
    /// Where the struct line lists it first.
    pub(super) listed: Option<Place>,
    /// The declared size of that name.
    pub(super) size: Option<SizeName>,
    /// What it is in the inner cell that it comes from.
    pub(super) known: Option<Known>,
}

/// A function of the user's own.
#[derive(Clone, Debug)]
pub(super) struct UserFunction {
    pub(super) key: Key,
    pub(super) place: Place,
    pub(super) body: Body,
}

/// What a function of the user's own means.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// `φ = tanh`
    Alias(functions::Function),
    /// `φ(u) = …`
    Expr(Rc<FunctionItem>),
}

/// Reads everything but the right sides.
pub(super) fn collect(
    header: &Header,
    items: &[Item],
    (clock, instances): (Clock, Vec<Instance>),
    diagnostics: &mut Diagnostics,
) -> Table {
    let mut table = Table {
        clock,
        symbols: Vec::new(),
        index: BTreeMap::new(),
        functions: Vec::new(),
        now: 0,
        inputs_at: None,
        inputs: None,
        outputs: None,
        words: walk::words(items),
        size_names: lengths::declared(items),
        inner_products: Vec::new(),
        dots: Vec::new(),
        no_step: false,
        sorts: vec![Sort::Other; items.len()],
        instances: Vec::new(),
        given: Vec::new(),
        misread: BTreeSet::new(),
    };
    table.lefts(items, diagnostics);
    table.declarations(items, diagnostics);
    table.add_instances(instances, diagnostics);
    table.check_inner_reads(items, diagnostics);
    table.scan(items);
    table.primes(items);
    table.inputs = header
        .inputs
        .as_ref()
        .map(|names| table.listed(names, diagnostics));
    table.outputs = header
        .outputs
        .as_ref()
        .map(|names| table.listed(names, diagnostics));
    table.set_now(items);
    table.move_earlier(items);
    table.check_lists(header, diagnostics);
    table.set_instances_now();
    table
}

impl Table {
    /// The symbol of a key, made where it is new.
    pub(super) fn symbol(&mut self, key: &Key, place: Place) -> SymbolId {
        if let Some(&id) = self.index.get(key) {
            return id;
        }
        let id = self.symbols.len();
        let size = self.size_names.get(&lengths::name(key));
        self.symbols.push(Entry {
            key: key.clone(),
            place,
            defined: None,
            left: None,
            moved: 0,
            timed: false,
            bare: false,
            primed: false,
            odd_label: None,
            behind: 0,
            seen: None,
            declared: Declared::default(),
            listed: None,
            size: size.cloned().map(SizeName::new),
            known: None,
        });
        self.index.insert(key.clone(), id);
        id
    }

    /// The number of a key, if it is a symbol.
    pub(super) fn id(&self, key: &Key) -> Option<SymbolId> {
        self.index.get(key).copied()
    }

    /// The entry of a key, if there is one.
    pub(super) fn find(&self, key: &Key) -> Option<&Entry> {
        self.index.get(key).map(|&id| &self.symbols[id])
    }

    /// The function of the user's own with a key.
    pub(super) fn function(&self, key: &Key) -> Option<&UserFunction> {
        self.functions.iter().find(|function| function.key == *key)
    }

    /// Left sides of equations, and functions.
    fn lefts(&mut self, items: &[Item], diagnostics: &mut Diagnostics) {
        let bare = |name: &Name| Written::of(name, &self.clock).labelled().is_bare();
        let own = items.iter().filter_map(|item| match item {
            Item::Equation(e) if bare(&e.left) => Some(e.left.base.clone()),
            _ => None,
        });
        let own: BTreeSet<String> = own.collect();
        let defined = |name: &str| own.contains(name);
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Equation(equation) => match alias(equation).filter(|_| {
                    matches!(&equation.right.kind, ExprKind::Name(name) if !defined(&name.base))
                }) {
                    Some(function) => {
                        let key = Written::of(&equation.left, &self.clock).labelled();
                        let place = equation.left.place;
                        self.check_language(&key.printed(), 1, place, diagnostics);
                        self.add_function(key, equation.place, Body::Alias(function), diagnostics);
                    }
                    None => {
                        let id = self.left(equation, diagnostics);
                        self.sorts[at] = id.map_or(Sort::Other, Sort::Equation);
                    }
                },
                Item::Function(function) => {
                    self.check_function(function, diagnostics);
                    let key = Written::of(&function.name, &self.clock).labelled();
                    let body = Body::Expr(Rc::new(function.clone()));
                    self.add_function(key, function.place, body, diagnostics);
                }
                Item::Declaration(_) | Item::Loop(_) | Item::Split(_) => {}
            }
        }
    }

    fn add_function(&mut self, key: Key, place: Place, body: Body, diagnostics: &mut Diagnostics) {
        match self.function(&key) {
            Some(first) => {
                diagnostics.push(diag::duplicate_function(place, &key.printed(), first.place));
            }
            None => self.functions.push(UserFunction { key, place, body }),
        }
    }

    /// A left side; `None` where the symbol is already defined.
    fn left(&mut self, equation: &Equation, diagnostics: &mut Diagnostics) -> Option<SymbolId> {
        let name = &equation.left;
        let written = Written::of(name, &self.clock);
        written.report(&self.clock, diagnostics);
        let key = written.labelled();
        if written.sups.iter().any(|sup| sup.transpose) {
            diagnostics.push(diag::transpose_on_left(name.place, &key.printed()));
            return None;
        }
        let id = self.symbol(&key, name.place);
        let entry = &mut self.symbols[id];
        entry.timed |= written.time.is_some();
        if let Some(first) = entry.defined {
            let message = match self.reads_itself(equation) {
                true => {
                    // A program does so throughout: once is enough.
                    let said = diagnostics.list().iter().any(|d| d.code == "written_over");
                    if said && name.place.is_text() {
                        return None;
                    }
                    diag::written_over(name.place, &key.printed(), first)
                }
                false => diag::duplicate_definition(name.place, &key.printed(), first),
            };
            diagnostics.push(message);
            return None;
        }
        entry.defined = Some(name.place);
        entry.left = written.time.filter(|_| written.fault.is_none());
        Some(id)
    }

    /// Whether an equation reads its left side in the same step: `l = tanh(l + c)`.
    fn reads_itself(&self, equation: &Equation) -> bool {
        let left = Written::of(&equation.left, &self.clock);
        let mut found = false;
        walk::names(&equation.right, &mut |name, _| {
            let read = Written::of(name, &self.clock);
            found |= read.time == left.time && read.labelled() == left.labelled();
        });
        found
    }

    /// Marks what is read with a time index, and what without brackets behind it.
    fn scan(&mut self, items: &[Item]) {
        for timed in [true, false] {
            for item in items {
                let (expr, parameters) = match item {
                    Item::Equation(equation) => (&equation.right, &[][..]),
                    Item::Function(function) => (&function.body, &function.parameters[..]),
                    Item::Declaration(_) | Item::Loop(_) | Item::Split(_) => continue,
                };
                let mut found: Vec<(Key, Place, bool)> = Vec::new();
                walk::names(expr, &mut |name, applied| {
                    let written = Written::of(name, &self.clock);
                    let own = parameters.iter().any(|p| p.base == name.base);
                    let function =
                        name.marks.is_empty() && functions::function(&name.base).is_some();
                    if written.time.is_some() == timed && !own && !function && (timed || !applied) {
                        found.push((self.read_key(&written).0, name.place, applied));
                    }
                });
                for (key, place, applied) in found {
                    let id = self.symbol(&key, place);
                    self.symbols[id].timed |= timed;
                    self.symbols[id].bare |= !applied;
                }
            }
        }
    }

    /// Finds which written index is the present step.
    fn set_now(&mut self, items: &[Item]) {
        self.now = self
            .symbols
            .iter()
            .filter_map(|entry| entry.left)
            .max()
            .unwrap_or(0);
        let mut latest: Option<i64> = None;
        for item in items {
            let Item::Equation(equation) = item else {
                continue;
            };
            walk::names(&equation.right, &mut |name, _| {
                let written = Written::of(name, &self.clock);
                let (key, _) = self.read_key(&written);
                let input = self.find(&key).is_some_and(|entry| entry.defined.is_none());
                if let Some(time) = written.time.filter(|_| input) {
                    latest = Some(latest.map_or(time, |l| l.max(time)));
                }
            });
        }
        self.inputs_at = latest.filter(|&latest| self.now > 0 && latest < self.now);
    }
}

/// `φ = tanh`: the function.
fn alias(equation: &Equation) -> Option<functions::Function> {
    let ExprKind::Name(name) = &equation.right.kind else {
        return None;
    };
    let plain = name.marks.is_empty() && name.primes == 0;
    let timed = equation
        .left
        .marks
        .iter()
        .any(|mark| crate::model::names::indices::text(&mark.tokens) == "t");
    functions::function_of_any_case(&name.base)
        .filter(|_| plain && !timed)
        .map(|entry| entry.function)
}
