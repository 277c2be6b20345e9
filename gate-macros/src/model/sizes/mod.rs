//! Sizes: unification of lengths that are sums of unknown sizes.

mod because;
pub(super) mod form;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use self::because::Because;
use self::form::{Form, add, reduced, solved_for};
use crate::diag::{self, Diagnostics, Place};
use crate::model::Dim;
use crate::syntax::{SizeExpr, SizeName};

/// All sizes of a definition. A [`Dim`] holds variables of this table until the cell is made.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    variables: Vec<Variable>,
    named: BTreeMap<SizeName, usize>,
    later: Vec<Meeting>,
    pub(super) because: Because,
    /// Pairs of declarations that disagree, which was reported.
    reported: BTreeSet<[String; 2]>,
    /// Ranks below are those of inputs, outputs and states.
    given: usize,
}

#[derive(Debug)]
struct Variable {
    /// The name that a declaration gives.
    name: Option<String>,
    /// "the size of `x`", where no declaration names it.
    owner: String,
    /// The symbols whose declarations have it.
    declared_for: Vec<String>,
    /// How far up the owner stands: inputs before outputs, and so on.
    rank: usize,
    bound: Option<Form>,
}

/// Two lengths that must be equal.
#[derive(Clone, Debug)]
struct Meeting {
    left: Dim,
    right: Dim,
    /// Lengths that agree one by one, where both are vectors side by side.
    parts: Vec<(Dim, Dim)>,
    said: Said,
}

/// How to speak of two lengths that meet.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// What has the length, and where it stands.
    pub(super) left: (String, Place),
    pub(super) right: (String, Place),
    /// How they meet: "are added".
    pub(super) how: &'static str,
}

enum Outcome {
    Done,
    Conflict,
    /// More than one size is open.
    Later,
}

impl Sizes {
    /// No sizes yet; the rank up to which they are those of inputs, outputs and states.
    pub(super) fn new(given: usize) -> Sizes {
        Sizes {
            given,
            ..Sizes::default()
        }
    }

    /// A new size.
    pub(super) fn fresh(&mut self, owner: String, rank: usize) -> Dim {
        self.variables.push(Variable {
            name: None,
            owner,
            declared_for: Vec::new(),
            rank,
            bound: None,
        });
        Dim::size(self.variables.len() - 1)
    }

    /// A length divided; `None` where it is a number.
    pub(super) fn fraction(&mut self, whole: &Dim, count: usize, owner: &str) -> Option<Dim> {
        let mut form = self.resolve(whole);
        form.divisor = form.divisor.saturating_mul(i64::try_from(count).ok()?);
        if form.terms.is_empty() {
            return None;
        }
        let part = self.fresh(owner.to_owned(), usize::MAX);
        self.variables[part.terms[0].0].bound = Some(reduced(form));
        Some(part)
    }

    /// A size that the declaration of a symbol states.
    pub(super) fn declared(&mut self, size: &SizeExpr, symbol: &str) -> Dim {
        let mut form = Form {
            terms: BTreeMap::new(),
            constant: 0,
            divisor: size.divisor.max(1) as i64,
        };
        for (factor, name) in &size.terms {
            match name {
                Some(name) => {
                    *form.terms.entry(self.name(name, symbol)).or_insert(0) += *factor as i64;
                }
                None => form.constant += *factor as i64,
            }
        }
        let single = form.terms.len() == 1 && form.constant == 0 && form.divisor == 1;
        match form.terms.first_key_value() {
            Some((&variable, 1)) if single => Dim::size(variable),
            _ => {
                let dim = self.fresh("the declared size".to_owned(), usize::MAX);
                let variable = &mut self.variables[dim.terms[0].0];
                variable.bound = Some(reduced(form));
                variable.declared_for.push(symbol.to_owned());
                dim
            }
        }
    }

    fn name(&mut self, name: &SizeName, symbol: &str) -> usize {
        if let Some(&variable) = self.named.get(name) {
            self.variables[variable]
                .declared_for
                .push(symbol.to_owned());
            return variable;
        }
        let variable = self.variables.len();
        let (own, size) = (name.cells.is_empty(), &name.text);
        self.variables.push(Variable {
            name: own.then(|| size.clone()),
            owner: match own {
                true => String::new(),
                false => format!("the size `{size}` of `{}`", name.cells.join(",")),
            },
            declared_for: vec![symbol.to_owned()],
            // Sizes of an inner cell take any value here.
            rank: if own { 0 } else { usize::MAX },
            bound: None,
        });
        self.named.insert(name.clone(), variable);
        variable
    }

    /// The name that a declaration gives to a variable.
    pub(super) fn declared_name(&self, variable: usize) -> Option<&str> {
        self.variables[variable].name.as_deref()
    }

    /// Makes two lengths equal; `None` where they cannot be, which is reported.
    pub(super) fn equal(
        &mut self,
        (left, right): (&Dim, &Dim),
        parts: Vec<(Dim, Dim)>,
        say: impl FnOnce() -> Said,
        diagnostics: &mut Diagnostics,
    ) -> Option<()> {
        let outcome = self.solve(self.difference(left, right), false);
        if !matches!(outcome, Outcome::Conflict) {
            self.because.link(left, right);
        }
        match outcome {
            Outcome::Done => {}
            Outcome::Later => {
                let (left, right) = (left.clone(), right.clone());
                self.later.push(Meeting {
                    left,
                    right,
                    parts,
                    said: say(),
                });
            }
            Outcome::Conflict => {
                self.report((left, right), &say(), diagnostics);
                return None;
            }
        }
        Some(())
    }

    fn meet(&mut self, meeting: Meeting, diagnostics: &mut Diagnostics) -> Option<()> {
        let Meeting {
            left,
            right,
            parts,
            said,
        } = meeting;
        self.equal((&left, &right), parts, || said, diagnostics)
    }

    /// Solves what was left open.
    pub(super) fn finish(&mut self, diagnostics: &mut Diagnostics) {
        self.repeat(diagnostics);
        while let Some(at) = self
            .later
            .iter()
            .position(|meeting| !meeting.parts.is_empty())
        {
            let meeting = self.later.remove(at);
            for (left, right) in meeting.parts.clone() {
                let parts = Vec::new();
                let part = Meeting {
                    left,
                    right,
                    parts,
                    said: meeting.said.clone(),
                };
                if self.meet(part, diagnostics).is_none() {
                    break;
                }
            }
            self.repeat(diagnostics);
        }
        // One message: other lengths are often open for the same reason.
        let mut said_open = false;
        while !self.later.is_empty() {
            let meeting = self.later.remove(0);
            let Meeting {
                left, right, said, ..
            } = &meeting;
            match self.solve(self.difference(left, right), true) {
                Outcome::Done => {}
                Outcome::Conflict => self.report((left, right), said, diagnostics),
                Outcome::Later if said_open => {}
                Outcome::Later => {
                    said_open = true;
                    let (left, right) = (self.describe(left), self.describe(right));
                    diagnostics.push(diag::sizes_open(said.left.1, &left, &right));
                }
            }
            self.repeat(diagnostics);
        }
    }

    /// Tries what is open again until nothing more follows.
    fn repeat(&mut self, diagnostics: &mut Diagnostics) {
        loop {
            let open = std::mem::take(&mut self.later);
            let count = open.len();
            for meeting in open {
                self.meet(meeting, diagnostics);
            }
            if self.later.len() == count {
                return;
            }
        }
    }

    fn difference(&self, left: &Dim, right: &Dim) -> Form {
        let mut form = self.resolve(left);
        add(&mut form, &self.resolve(right), -1);
        form.divisor = 0;
        reduced(form)
    }

    /// Whether one length is more than another, whatever the sizes are.
    pub(super) fn is_longer(&self, long: &Dim, short: &Dim) -> bool {
        let form = self.difference(long, short);
        let sound = form.constant >= 0 && form.terms.values().all(|c| *c >= 0);
        sound && (form.constant > 0 || !form.terms.is_empty())
    }

    /// A length in terms of independent sizes.
    pub(super) fn resolve(&self, dim: &Dim) -> Form {
        let constant = i64::try_from(dim.constant).unwrap_or(i64::MAX);
        let mut form = Form {
            terms: BTreeMap::new(),
            constant,
            divisor: 1,
        };
        for &(variable, factor) in &dim.terms {
            let factor = i64::try_from(factor).unwrap_or(i64::MAX);
            add(&mut form, &self.resolve_variable(variable), factor);
        }
        reduced(form)
    }

    fn resolve_variable(&self, variable: usize) -> Form {
        match &self.variables[variable].bound {
            None => Form {
                terms: BTreeMap::from([(variable, 1)]),
                constant: 0,
                divisor: 1,
            },
            Some(bound) => {
                let mut form = Form {
                    terms: BTreeMap::new(),
                    constant: bound.constant,
                    divisor: bound.divisor,
                };
                for (&inner, &factor) in &bound.terms {
                    let mut part = self.resolve_variable(inner);
                    part.divisor = part.divisor.saturating_mul(bound.divisor);
                    add(&mut form, &part, factor);
                }
                reduced(form)
            }
        }
    }

    /// Solves `form = 0`.
    fn solve(&mut self, form: Form, late: bool) -> Outcome {
        let named = |variable: usize| self.variables[variable].name.is_some();
        if form.terms.is_empty() {
            return if form.constant == 0 {
                Outcome::Done
            } else {
                Outcome::Conflict
            };
        }
        let signs = form
            .terms
            .values()
            .chain([&form.constant])
            .filter(|c| **c != 0);
        if signs.clone().all(|c| *c > 0) || signs.clone().all(|c| *c < 0) {
            return Outcome::Conflict;
        }
        let mut choices: Vec<(usize, Form)> = form
            .terms
            .keys()
            .filter_map(|&v| Some((v, solved_for(&form, v)?)))
            .collect();
        if let [(variable, value)] = &choices[..]
            && value.terms.is_empty()
            && (value.divisor != 1 || named(*variable))
        {
            return Outcome::Conflict;
        }
        // What lies between gives way to what is given, a factor of one before others, a newer
        // size to an older one.
        let given = |v: usize| self.variables[v].rank < self.given;
        choices.sort_by_key(|(v, value)| (given(*v), value.divisor, usize::MAX - v));
        let flexible = choices.iter().find(|(v, _)| !named(*v));
        let two_names = form.terms.len() == 2 && form.terms.keys().all(|&v| named(v));
        if two_names && form.constant == 0 && form.terms.values().all(|c| c.abs() == 1) {
            return Outcome::Conflict;
        }
        let all_named = form.terms.keys().all(|&v| named(v));
        // A declared size is not another's plus a number, unless that one is declared too.
        let plain = choices.first().filter(|(_, value)| value.constant == 0);
        let named_one = if all_named { choices.first() } else { plain };
        let chosen = flexible.or(named_one.filter(|_| late || all_named));
        match chosen.cloned() {
            Some((variable, value)) => {
                self.bind(variable, value);
                Outcome::Done
            }
            None => Outcome::Later,
        }
    }

    fn bind(&mut self, variable: usize, value: Form) {
        let (owner, rank) = (
            self.variables[variable].owner.clone(),
            self.variables[variable].rank,
        );
        let single = value.terms.len() == 1 && value.constant == 0 && value.divisor == 1;
        if let Some((&target, 1)) = value.terms.first_key_value().filter(|_| single) {
            let target = &mut self.variables[target];
            if target.name.is_none() && rank < target.rank {
                target.owner = owner;
                target.rank = rank;
            }
        }
        self.variables[variable].bound = Some(value);
    }
}
