//! Kinds: which symbol is a scalar, a vector, a matrix.
//!
//! What is declared comes first, then what the equations force, carried through them to a
//! fixpoint; then, only where something is still open, what the letters suggest.

pub(super) mod chain;
pub(super) mod evidence;
mod kind;
pub(super) mod of_trees;
pub(super) mod rows;

use self::evidence::{Context, Position, beside, forced, occurrences, scalar_terms};
use self::of_trees::KindsOf;
use crate::model::SymbolId;
use crate::model::names::letters::{Letter, letter};
use crate::model::roles::{Roles, Sort};
use crate::model::symbols::Table;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::syntax::DeclaredKind;

pub(super) use kind::{Kind, Known, STATES};

/// Finds the kinds of all symbols, and whether vectors are rows. `order`: an order in which the
/// equations can be computed.
pub(super) fn infer(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    order: &[usize],
) -> (Vec<Known>, bool) {
    let columns = oriented(table, roles, equations, order, false);
    match rows::are_asked_for(table, equations, &columns) {
        true => (oriented(table, roles, equations, order, true), true),
        false => (columns, false),
    }
}

fn oriented(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    order: &[usize],
    rows: bool,
) -> Vec<Known> {
    let mut scalars: Vec<SymbolId> = Vec::new();
    loop {
        let mut inference = Inference {
            table,
            roles,
            equations,
            order,
            rows,
            known: Vec::new(),
        };
        inference.start(&scalars);
        inference.settle();
        let open = |id| inference.by_letter(id);
        let more = scalar_terms(equations, &inference.kinds(), rows, &open);
        let new: Vec<SymbolId> = more
            .into_iter()
            .filter(|id| !scalars.contains(id))
            .collect();
        if new.is_empty() {
            return inference.known;
        }
        scalars.extend(new);
    }
}

struct Inference<'a> {
    table: &'a Table,
    roles: &'a Roles,
    equations: &'a [Resolved],
    order: &'a [usize],
    /// Vectors are rows.
    rows: bool,
    known: Vec<Known>,
}

impl Inference<'_> {
    fn kinds(&self) -> Vec<Option<Kind>> {
        self.known.iter().map(|known| known.kind).collect()
    }

    fn set(&mut self, id: SymbolId, kind: Kind, why: &str) {
        self.known[id] = Known {
            kind: Some(kind.upright()),
            why: why.to_owned(),
            identity: false,
        };
    }

    /// A lower-case Latin parameter that is a vector for want of anything better.
    fn by_letter(&self, id: SymbolId) -> bool {
        self.known[id].why == LOWER_CASE && self.roles.sorts[id] == Sort::Parameter
    }

    /// Whether a Greek parameter may be a vector beside `⊙`; `false` for what is a number, such as
    /// a step `Δt`, and `None` for anything else.
    fn may_be_vector(&self, id: SymbolId) -> Option<bool> {
        let base = &self.table.symbols[id].key.base;
        match self.roles.sorts[id] {
            Sort::Constant(_) | Sort::Hyper(_) => Some(false),
            Sort::Parameter if letter(base) == Letter::LowerGreek => {
                let step = base.starts_with(['Δ', 'δ']) && base.chars().count() > 1;
                Some(!step && self.known[id].kind.is_none_or(|kind| kind != Kind::Scalar))
            }
            _ => None,
        }
    }

    /// What is known without looking at products.
    fn start(&mut self, scalars: &[SymbolId]) {
        self.known = vec![Known::default(); self.table.symbols.len()];
        for id in 0..self.known.len() {
            self.start_symbol(id);
        }
        // What depends on a cycle, which was reported, may be anything.
        for at in (0..self.equations.len()).filter(|at| !self.order.contains(at)) {
            let left = self.equations[at].left;
            if self.known[left].kind.is_none() {
                self.set(left, Kind::Wild, "in a cycle");
            }
        }
        for &id in &self.roles.lengths {
            self.set(id, Kind::Wild, "perhaps a length");
        }
        for &id in scalars {
            self.set(id, Kind::Scalar, "added to scalars alone");
        }
        self.start_parameters();
    }

    /// What a symbol is by its declaration or its role.
    fn start_symbol(&mut self, id: SymbolId) {
        let entry = &self.table.symbols[id];
        match (&entry.declared.kind, self.roles.sorts[id]) {
            (Some((DeclaredKind::Shape(sizes), _)), _) => {
                let kind = if sizes.len() == 1 {
                    Kind::Vector
                } else {
                    Kind::Matrix
                };
                self.set(id, kind, "declared");
            }
            (Some((DeclaredKind::Scalar, _)), _) => self.set(id, Kind::Scalar, "declared"),
            _ if self.table.is_size(id) => self.set(id, Kind::Scalar, "a size"),
            // A number for an inner cell's vector is reported.
            (_, Sort::Constant(_)) => match &entry.known {
                Some(known) if known.kind != Some(Kind::Scalar) => {
                    self.set(id, Kind::Wild, "a number for what is none");
                }
                _ => self.set(id, Kind::Scalar, "an equation of numbers"),
            },
            (_, sort) => match (&entry.known, sort) {
                (Some(known), _) => self.known[id] = known.clone(),
                (None, Sort::Hyper(_)) => {
                    self.set(id, Kind::Scalar, "declared as a hyper-parameter");
                }
                (None, Sort::Input) => self.set(id, Kind::Vector, "inputs are vectors"),
                (None, _) => {}
            },
        }
    }

    /// What parameters are by where they stand, and by their letters.
    fn start_parameters(&mut self) {
        let open = |i: &Self, id: SymbolId| {
            i.known[id].kind.is_none() && i.roles.sorts[id] == Sort::Parameter
        };
        for (id, kind, why) in forced(self.equations) {
            let capital = letter(&self.table.symbols[id].key.base) == Letter::Capital;
            let kind = match why {
                "transposed" if capital => Kind::Matrix,
                _ => kind,
            };
            if open(self, id) {
                self.set(id, kind, why);
            }
        }
        let beside = beside(self.equations, &|id| self.may_be_vector(id));
        for id in 0..self.known.len() {
            if open(self, id) {
                match letter(&self.table.symbols[id].key.base) {
                    // Beside `⊙` it waits for what is at the other side.
                    Letter::LowerGreek if beside.contains(&id) => {}
                    Letter::LowerGreek => self.set(id, Kind::Scalar, GREEK),
                    Letter::LowerLatin => self.set(id, Kind::Vector, LOWER_CASE),
                    Letter::Capital => {}
                }
            }
        }
    }

    /// To the fixpoint, from strong evidence to weak.
    fn settle(&mut self) {
        let steps: [fn(&mut Self) -> bool; 6] = [
            Self::carry,
            |i| i.parameters(true),
            Self::shared_matrices,
            Self::one_state,
            |i| i.parameters(false),
            Self::one_left,
        ];
        while steps.iter().any(|step| step(self)) {}
    }

    /// Left sides get the kinds of their right sides.
    fn carry(&mut self) -> bool {
        let mut kinds = self.kinds();
        let mut changed = false;
        for equation in self.order.iter().map(|&at| &self.equations[at]) {
            if kinds[equation.left].is_some() {
                continue;
            }
            let kind = KindsOf::new(&kinds, self.rows).of(&equation.right);
            // A product that is still to be reported must not hide its own factors.
            let kind = kind.filter(|kind| *kind != Kind::Wild || is_lost(&equation.right, &kinds));
            if let Some(kind) = kind {
                self.set(equation.left, kind, "as its equation gives");
                kinds[equation.left] = self.known[equation.left].kind;
                changed = true;
            }
        }
        changed
    }

    /// Parameters get kinds from where they stand: from what is certain alone, or from what the
    /// letter suggests there.
    fn parameters(&mut self, strong: bool) -> bool {
        let found = occurrences(self.equations, &self.kinds(), self.rows);
        let factors = factors(self.known.len(), &found, strong);
        let mut changed = false;
        for (id, context) in &found {
            let id = *id;
            if self.known[id].kind.is_some() || self.roles.sorts[id] != Sort::Parameter {
                continue;
            }
            if letter(&self.table.symbols[id].key.base) == Letter::LowerGreek {
                match (context.beside, context.expect) {
                    (true, Some(Kind::Vector)) => self.set(id, Kind::Vector, "beside `⊙`"),
                    _ if strong => continue,
                    _ => self.set(id, Kind::Scalar, GREEK),
                }
                changed = true;
                continue;
            }
            // A factor, or a term beside matrices, or what cuts the diagonal out of one: `W .* I`.
            let cuts = context.position == Position::Beside && context.expect == Some(Kind::Matrix);
            let product = factors[id];
            let factor = product && self.table.size_of_name(id).is_none();
            let identity = self.table.is_identity_letter(id) && (context.in_sum || cuts || factor);
            let (kind, why) = match (product, context.expect) {
                (true, _) if !identity => (Kind::Matrix, "a capital letter in a product"),
                (_, Some(Kind::Matrix)) if identity => return self.set_identity(id),
                (_, Some(kind)) => (kind, context.reason()),
                (_, None) if product => return self.set_identity(id),
                (_, None) if strong => continue,
                (_, None) if identity => return self.set_identity(id),
                (_, None) => (Kind::Vector, context.reason()),
            };
            self.set(id, kind, why);
            changed = true;
        }
        changed
    }

    fn set_identity(&mut self, id: SymbolId) -> bool {
        self.set(id, Kind::Matrix, "the identity matrix");
        self.known[id].identity = true;
        true
    }

    /// What is made of parameters only is a matrix where a matrix is asked for, and a capital
    /// also where it multiplies a vector.
    fn shared_matrices(&mut self) -> bool {
        let found = occurrences(self.equations, &self.kinds(), self.rows);
        let factors = factors(self.known.len(), &found, true);
        let mut expected = vec![false; self.known.len()];
        for (id, context) in &found {
            expected[*id] |= context.expect == Some(Kind::Matrix);
        }
        for equation in self.equations {
            let id = equation.left;
            let capital = letter(&self.table.symbols[id].key.base) == Letter::Capital;
            let mut shared = true;
            equation.right.reads(&mut |symbol, _, _| {
                shared &= !matches!(self.roles.sorts[symbol], Sort::Input | Sort::State);
            });
            if self.known[id].kind.is_none() && shared && (expected[id] || capital && factors[id]) {
                self.set(
                    id,
                    Kind::Matrix,
                    "made of parameters, and a matrix is needed",
                );
                return true;
            }
        }
        false
    }

    fn one_state(&mut self) -> bool {
        self.default_left(|sort| sort == Sort::State, STATES)
    }

    fn one_left(&mut self) -> bool {
        self.default_left(|_| true, "nothing says otherwise")
    }

    fn default_left(&mut self, wanted: fn(Sort) -> bool, why: &str) -> bool {
        let open = self
            .equations
            .iter()
            .map(|equation| equation.left)
            .find(|&id| self.known[id].kind.is_none() && wanted(self.roles.sorts[id]));
        if let Some(id) = open {
            self.set(id, Kind::Vector, why);
        }
        open.is_some()
    }
}

/// Whether a tree has something in it that was reported.
fn is_lost(tree: &Tree, kinds: &[Option<Kind>]) -> bool {
    match &tree.node {
        Node::Unknown => true,
        Node::Read { symbol, .. } => kinds[*symbol] == Some(Kind::Wild),
        _ => tree
            .children()
            .into_iter()
            .any(|child| is_lost(child, kinds)),
    }
}

/// For each symbol whether it is somewhere a factor beside another that is no scalar.
fn factors(count: usize, found: &[(SymbolId, Context)], strong: bool) -> Vec<bool> {
    let mut factors = vec![false; count];
    for (id, context) in found {
        factors[*id] |= context.is_factor(strong);
    }
    factors
}

const LOWER_CASE: &str = "a lower-case letter";
const GREEK: &str = "a lower-case Greek letter";

impl Context {
    /// Whether the symbol is a factor beside another that is no scalar.
    fn is_factor(&self, strong: bool) -> bool {
        self.expect.is_none() && self.factor && (self.strong || !strong)
    }

    fn reason(&self) -> &'static str {
        match self.position {
            Position::Term => "a capital letter as a term of a sum",
            Position::Beside => "a capital letter in an element-wise product",
            Position::Argument => "a capital letter as the argument of a function",
            Position::Factor => "a capital letter in a product",
            Position::Alone => "a capital letter by itself",
        }
    }
}
