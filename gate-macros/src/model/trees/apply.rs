//! `name(…)`: a function of the table, one of the user's own, or a product with a bracket.

use crate::diag::{self, Place};
use crate::functions::{self, Entry as Row, Function, INNER};
use crate::model::names::letters::{Letter, letter};
use crate::model::names::{Key, Written};
use crate::model::symbols::{Body, Entry};
use crate::spelling::nearest;
use crate::syntax::{DeclaredKind, Expr, ExprKind, FunctionItem, Join, Name, bad_chunk_count};

use super::build::{Builder, Frame};
use super::foreign;
use super::tree::{Node, Tree};

/// Letters that stand for a function even with a label: `φ_h(…)`.
const FUNCTION_LETTERS: &[&str] = &["φ", "ϕ", "ψ", "phi", "psi", "varphi", "act", "activation"];

/// Letters that papers on spiking neurons give to the step function.
const STEPS: &[&str] = &["Θ", "Theta", "H"];

/// What `name(…)` means.
enum Meaning {
    Table(&'static Row),
    Own(Body),
    Product,
    /// A value, but a function in its own equation.
    NotGiven,
    /// A cell inside this one.
    Cell(usize),
    /// A letter of Heaviside's, which nothing else reads.
    Step,
    /// `R(θ)`: a matrix that is made of a number.
    Made,
    Unknown,
}

impl Builder<'_> {
    /// Whether an expression is a value with a bracket behind it, to be multiplied.
    pub(super) fn is_product(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Apply(name, arguments) if arguments.len() == 1 => {
                matches!(self.meaning(name, arguments), Meaning::Product)
            }
            _ => false,
        }
    }

    /// The two factors of a value with a bracket behind it.
    pub(super) fn applied_product(&mut self, expr: &Expr) -> Option<(Tree, Tree)> {
        match &expr.kind {
            ExprKind::Apply(name, arguments) if self.is_product(expr) => {
                Some((self.name(name), self.tree(&arguments[0])))
            }
            _ => None,
        }
    }

    /// `name(…)`
    pub(super) fn apply(&mut self, name: &Name, arguments: &[Expr], place: Place) -> Node {
        match self.meaning(name, arguments) {
            Meaning::Cell(instance) => self.call_cell(instance, arguments, place),
            Meaning::Product => {
                let left = self.name(name);
                Node::Chain(vec![left, self.tree(&arguments[0])])
            }
            Meaning::NotGiven => {
                self.function_not_given(name);
                Node::Unknown
            }
            Meaning::Step => {
                let key = Written::of(name, &self.table.clock).labelled();
                if self.told.insert(key) {
                    let message = diag::step_or_matrix(name.place, &name.base);
                    self.diagnostics.push(message);
                }
                Node::Unknown
            }
            Meaning::Made => {
                let key = Written::of(name, &self.table.clock).labelled();
                let argument = match &arguments[0].kind {
                    ExprKind::Name(name) => Written::of(name, &self.table.clock).labelled(),
                    _ => key.clone(),
                };
                if self.told.insert(key.clone()) {
                    let message = diag::matrix_of_value(place, &key.printed(), &argument.printed());
                    self.diagnostics.push(message);
                }
                Node::Unknown
            }
            Meaning::Table(_) | Meaning::Own(_) if !name.marks.is_empty() && self.raised(name) => {
                self.diagnostics
                    .push(diag::power_on_function(place, &name.base));
                Node::Unknown
            }
            Meaning::Table(_) | Meaning::Own(_) if self.value_too(name).is_some() => {
                let value = self.value_too(name).unwrap_or(place);
                self.diagnostics
                    .push(diag::function_and_value(place, &name.base, value));
                Node::Unknown
            }
            Meaning::Table(entry) => self.call(entry.function, &name.base, arguments, place),
            Meaning::Own(Body::Alias(function)) => {
                self.call(function, &name.base, arguments, place)
            }
            Meaning::Own(Body::Expr(function)) => self.expand(name, &function, arguments, place),
            Meaning::Unknown if functions::is_chunk(&name.base) => {
                self.diagnostics
                    .push(match bad_chunk_count(name, arguments) {
                        Some(count) => diag::chunk_count(count, &name.base),
                        None => diag::chunk_as_value(place, &name.base),
                    });
                Node::Unknown
            }
            Meaning::Unknown => {
                self.unknown_function(name, arguments);
                Node::Unknown
            }
        }
    }

    /// Whether something stands above a function's name that is not part of the name.
    fn raised(&self, name: &Name) -> bool {
        let written = Written::of(name, &self.table.clock);
        !written.sups.is_empty() && self.table.function(&written.labelled()).is_none()
    }

    /// Where a function's name is given a value of its own, other than `f_t` beside `f(…)`.
    fn value_too(&self, name: &Name) -> Option<Place> {
        let key = Written::of(name, &self.table.clock).labelled();
        let entry = self.table.find(&key)?;
        entry
            .defined
            .filter(|_| entry.left.is_none())
            .or(entry.declared.place)
    }

    fn meaning(&self, name: &Name, arguments: &[Expr]) -> Meaning {
        let count = arguments.len();
        let parameter = self
            .frames
            .last()
            .is_some_and(|frame| frame.arguments.iter().any(|(own, _)| *own == name.base));
        if parameter && count == 1 {
            return Meaning::Product;
        }
        let written = Written::of(name, &self.table.clock);
        let labelled = written.labelled();
        if let Some(instance) = self.table.instance(&labelled) {
            return Meaning::Cell(instance);
        }
        let own = self
            .table
            .function(&labelled)
            .or_else(|| self.table.function(&written.stem));
        if let Some(function) = own.filter(|_| written.time.is_none()) {
            return Meaning::Own(function.body.clone());
        }
        let unmarked = written.stem.is_bare() && written.time.is_none();
        if let Some(entry) = functions::function_of_any_case(&name.base).filter(|_| unmarked) {
            return Meaning::Table(entry);
        }
        if written.time.is_none() && self.own_functions.contains(&labelled) {
            return Meaning::NotGiven;
        }
        match count == 1 && (written.time.is_some() || self.multiplies(&written, arguments)) {
            true if self.is_step(&written) => Meaning::Step,
            true if self.is_made(&written, &arguments[0]) => Meaning::Made,
            true => Meaning::Product,
            false => Meaning::Unknown,
        }
    }

    /// Whether nothing tells a name from the step function: it stands before brackets alone.
    fn is_step(&self, written: &Written) -> bool {
        let (key, _) = self.table.read_key(written);
        let said = self.table.find(&key).is_some_and(is_used);
        written.time.is_none() && key.is_bare() && STEPS.contains(&key.base.as_str()) && !said
    }

    /// Whether a capital letter that stands nowhere else has a lone Greek letter in its brackets.
    fn is_made(&self, written: &Written, argument: &Expr) -> bool {
        let (key, _) = self.table.read_key(written);
        let said = self.table.find(&key).is_some_and(is_used);
        let matrix = written.time.is_none() && letter(&key.base) == Letter::Capital;
        let greek = match &argument.kind {
            ExprKind::Name(name) => letter(&name.base) == Letter::LowerGreek,
            _ => false,
        };
        matrix && greek && !said
    }

    /// Whether a name before a bracket is a value or a parameter.
    fn multiplies(&self, written: &Written, arguments: &[Expr]) -> bool {
        let (key, posts) = self.table.read_key(written);
        let entry = self.table.find(&key);
        if !posts.is_empty() || entry.is_some_and(is_used) {
            return true;
        }
        let base = written.stem.base.as_str();
        let like_function = functions::function_of_any_case(base).is_some()
            || FUNCTION_LETTERS.contains(&base)
            || functions::is_chunk(base)
            || matches!(base, "Re" | "Im")
            || is_network(&key);
        let capitals = base.chars().filter(|c| c.is_uppercase()).count();
        let word = base.chars().count() > 3 || capitals > 1;
        // A step size: `Δt (x_t - h_{t-1})`.
        if base.starts_with('Δ') && base.chars().count() == 2 && key.is_bare() {
            return true;
        }
        // `s_B(x_t)`, `D(h_t)`: brackets around a value by itself are those of a function.
        let lone = matches!(&arguments[0].kind, ExprKind::Name(value) if value.place.is_text());
        let weights = matches!(base, "W" | "U" | "V" | "R" | "A" | "B" | "C");
        let matrix = letter(base) == Letter::Capital && (weights || !key.is_bare());
        if lone && !matrix {
            return false;
        }
        if !key.is_bare() {
            // `Linear_d(…)`, `MLP_1(…)`: a layer whose weights the text does not name; `f_h(…)`.
            return !(like_function
                || matches!(base, "f" | "g")
                || (word && letter(base) == Letter::Capital));
        }
        // `R(β u_t + x_t)`: more often the reset of a neuron than weights. Where the sign is written,
        // `R * (…)`, nothing is asked.
        let usual = lone || base != "R";
        usual && letter(base) == Letter::Capital && !word && !like_function
    }

    /// `\langle w, x_t \rangle`: of each column of `w` where that is declared as a matrix.
    fn inner_product(&mut self, a: &Expr, b: &Expr, place: Place) -> Node {
        let (a, b) = (self.tree(a), self.tree(b));
        let is_matrix = |tree: &Tree| {
            let declared = tree
                .symbol()
                .map(|id| &self.table.symbols[id].declared.kind);
            matches!(declared, Some(Some((DeclaredKind::Shape(sizes), _))) if sizes.len() == 2)
        };
        let (matrix, other) = match (is_matrix(&a), is_matrix(&b)) {
            (true, _) => (a, b),
            (false, true) => (b, a),
            (false, false) => {
                self.table.inner_products.push(place);
                return Node::Call(Function::Dot, vec![a, b]);
            }
        };
        let place = matrix.place;
        let node = Node::Transpose(Box::new(matrix));
        Node::Chain(vec![Tree { node, place }, other])
    }

    /// A call of a function of the table.
    fn call(&mut self, function: Function, name: &str, arguments: &[Expr], place: Place) -> Node {
        let (least, most) = functions::entry(function).arity;
        if !(least..=most).contains(&arguments.len()) {
            self.diagnostics
                .push(diag::wrong_arity(place, name, least, most, arguments.len()));
            return Node::Unknown;
        }
        match (function, arguments) {
            (Function::Where, [condition, yes, no]) => self.select(condition, yes, no),
            (_, [only]) => Node::Call(function, vec![self.number_or_tree(only)]),
            (Function::Dot, [a, b]) if name == INNER => self.inner_product(a, b, place),
            _ => Node::Call(function, arguments.iter().map(|a| self.tree(a)).collect()),
        }
    }

    /// A function of the user's own, written out.
    fn expand(
        &mut self,
        name: &Name,
        function: &FunctionItem,
        arguments: &[Expr],
        place: Place,
    ) -> Node {
        let key = Written::of(name, &self.table.clock).labelled();
        let count = function.parameters.len();
        if count != arguments.len() {
            let names = function.parameters.iter();
            let names: Vec<String> = names.map(|p| p.base.clone()).collect();
            let own = (&*key.printed(), &names[..]);
            let message = diag::wrong_arity_of_own(place, own, arguments.len(), function.place);
            self.diagnostics.push(message);
            return Node::Unknown;
        }
        if self.frames.iter().any(|frame| frame.key == key) {
            self.diagnostics.push(diag::recursive_function(
                place,
                &key.printed(),
                function.place,
            ));
            return Node::Unknown;
        }
        let values = arguments
            .iter()
            .map(|argument| self.tree(argument))
            .collect::<Vec<_>>();
        let names = function
            .parameters
            .iter()
            .map(|parameter| parameter.base.clone());
        let arguments = names.zip(values).collect();
        self.frames.push(Frame { key, arguments });
        let body = self.tree(&function.body);
        self.frames.pop();
        body.node
    }

    /// Reports `\mathrm{Re}[C h_t]` and `\mathrm{MLP}[x_t, h_{t-1}]` in a text: what is no symbol
    /// of it and is named like a function, before values in square brackets.
    pub(super) fn function_before_list(&mut self, factors: &[(Join, Expr)]) -> bool {
        let found = factors.windows(2).find_map(|pair| {
            let [
                (
                    _,
                    Expr {
                        kind: ExprKind::Name(name),
                        ..
                    },
                ),
                (Join::Side, list),
            ] = pair
            else {
                return None;
            };
            let ExprKind::Concat(parts) = &list.kind else {
                return None;
            };
            let (base, key) = (&name.base, Written::of(name, &self.table.clock).labelled());
            let symbol = self.table.find(&key).is_some_and(|entry| {
                entry.defined.is_some() || entry.timed || entry.declared.place.is_some()
            });
            let known = foreign::outside(base).is_some() || foreign::written(base).is_some();
            let capitals = base.len() > 1 && base.chars().all(|c| c.is_ascii_uppercase());
            let word = name.place.is_text() && (known || capitals);
            (word && !symbol).then_some((name, parts))
        });
        if let Some((name, parts)) = found {
            self.unknown_function(name, parts);
        }
        found.is_some()
    }

    fn unknown_function(&mut self, name: &Name, arguments: &[Expr]) {
        let written = Written::of(name, &self.table.clock);
        let printed = written.labelled().printed();
        let known = functions::FUNCTIONS
            .iter()
            .flat_map(|entry| entry.names.iter().copied());
        let own = self
            .table
            .functions
            .iter()
            .map(|function| function.key.base.as_str());
        let near = nearest(&name.base, known.chain(own)).map(str::to_owned);
        let single = arguments.len() == 1;
        let marked =
            !written.stem.subs.is_empty() && functions::function_of_any_case(&name.base).is_some();
        let near = near.or_else(|| marked.then(|| name.base.clone()));
        if let Some(why) = foreign::outside(&name.base) {
            self.diagnostics
                .push(diag::function_outside(name.place, &printed, why));
            self.table.no_step = true;
            return;
        }
        if let Some(here) = foreign::written(&name.base) {
            if self.told.insert(written.labelled()) {
                let message = diag::foreign_function(name.place, &printed, here);
                self.diagnostics.push(message);
            }
            return;
        }
        // Once for each name.
        if self.told.insert(written.labelled()) {
            let message = diag::unknown_function(name.place, &printed, near.as_deref(), single);
            self.diagnostics.push(message);
        }
        for argument in arguments {
            self.tree(argument);
        }
    }
}

/// Whether a name is more than one before a bracket.
fn is_used(entry: &Entry) -> bool {
    entry.defined.is_some() || entry.timed || entry.bare || entry.declared.place.is_some()
}

/// `f_θ(…)`, `g_φ(…)`: a function whose parameters are not written out.
fn is_network(key: &Key) -> bool {
    let weights = |label: &String| matches!(label.as_str(), "θ" | "ϑ" | "φ" | "ϕ" | "ψ" | "ω");
    let labels = || key.subs.iter().chain(&key.sups);
    letter(&key.base) == Letter::LowerLatin
        && key.base.chars().count() == 1
        && labels().count() > 0
        && labels().all(weights)
}
