//! Time indices: which letter counts the steps, and how far from it an index is.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::walk;
use crate::read::{Kind, Token};
use crate::syntax::{DeclaredKind, Equation, Expr, ExprKind, Header, Item, Mark, Name, Position};

use super::indices::{given, offset, split, text};
use super::survey::Survey;

/// How a definition writes time.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Clock {
    /// The letter that counts steps; `None` where no symbol has a time index.
    pub(in crate::model) letter: Option<String>,
    /// No equation has a `t`: where arguments write `h_t`, they mean the letter of the text.
    any_t: bool,
    /// No equation has a time index: steps are told by primes, whatever declarations write.
    pub(in crate::model) timeless: bool,
    /// Time stands in superscripts: `h^{(t-1)}`.
    pub(super) raised: bool,
    /// Time stands in both: `h^{(t-1)}` and `h_{(t-1)}`.
    both: bool,
    /// No equation has a letter below: where arguments write `h_t`, they mean what stands above.
    said: bool,
    /// Whole numbers with a name, for delays: `h_{t-d}` with `d = 3`.
    pub(super) numbers: BTreeMap<String, i64>,
    /// Bases on which the bare letter is a label: `b_n` beside `b_z`, where `x_n` is an input.
    labelled: BTreeSet<String>,
    /// Bases of which `h_prev` is the value one step ago: equations define them, and none of those
    /// with that mark.
    previous: BTreeSet<String>,
    /// Bases that equations define at a step above them: `h^{(0)}` of these is where `h` starts.
    stepped: BTreeSet<String>,
    /// The labels of inner cells.
    cells: BTreeSet<String>,
    /// Bases of two symbols, one with a time index and one without: `Δt_t = Δt σ(x_t)`.
    twofold: BTreeSet<String>,
}

/// One part of a mark, between commas.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::model) enum Part {
    /// Steps from now, as written: `t-1` is -1.
    Time(i64),
    Label(String),
    /// `t-d` where `d` is no number: the letter, and whether it is `t+d`.
    BadDelay(String, bool),
    /// `t-1.5`, `t-1000000`: the delay.
    BadCount(String),
    /// `n-1` where the steps are counted by another letter: that letter.
    BadLetter(String),
    /// `t--1`, `1-t`, `t*2`: as written.
    BadForm(String),
}

/// Whether time stands above, and whether it stands above and below: by all names, those in
/// equations, and their left sides.
fn above(all: &Survey, inside: &Survey, lefts: &Survey) -> (bool, bool) {
    // Beside `h^{(t-1)}` a `t` below is a label, `W_t`, unless steps are told there as well.
    let below = inside.steps || lefts.low.is_some();
    let both = (inside.bracketed || lefts.above) && below;
    let silent = all.low.is_none() || inside.low.is_none() || inside.bracketed;
    let raised = inside.high && silent && !both || all.low.is_none() && all.high;
    (raised, both)
}

impl Clock {
    /// Finds out how time is written.
    pub(in crate::model) fn of(header: &Header, items: &[Item]) -> Clock {
        let mut survey = Survey::default();
        each_name(header, items, &mut |name| survey.name(name));
        let equations = || {
            items.iter().filter_map(|item| match item {
                Item::Equation(equation) => Some(equation),
                _ => None,
            })
        };
        let numbers = equations().filter_map(whole_number).collect();
        let bases = |marked: bool| -> BTreeSet<String> {
            let marks = |e: &&Equation| e.left.marks.iter().any(is_previous);
            let lefts = equations().filter(|e| !marked || marks(e));
            lefts.map(|equation| equation.left.base.clone()).collect()
        };
        let (defined, previous) = (bases(false), &bases(false) - &bases(true));
        let mut inside = Survey::default();
        for equation in equations() {
            inside.name(&equation.left);
            walk::names(&equation.right, &mut |name, _| inside.name(name));
        }
        let timeless = inside.low.is_none() && !inside.high;
        let mut lefts = Survey::default();
        equations().for_each(|equation| lefts.name(&equation.left));
        let (raised, both) = above(&survey, &inside, &lefts);
        let told = match raised {
            true => Some("t".to_owned()),
            false => survey.low,
        };
        let said = inside.low.is_none();
        let other = inside.low.filter(|letter| letter != "t");
        let any_t = other.is_some() && told.as_deref() == Some("t");
        let letter = if any_t { other } else { told };
        let mut clock = Clock {
            letter,
            any_t,
            timeless,
            raised,
            both,
            said,
            numbers,
            labelled: BTreeSet::new(),
            previous,
            stepped: BTreeSet::new(),
            cells: items.iter().filter_map(cell_label).collect(),
            twofold: BTreeSet::new(),
        };
        if raised || both {
            let now = |e: &&Equation| e.left.marks.iter().any(|mark| clock.is_time(&mark.tokens));
            let lefts = equations().filter(now);
            clock.stepped = lefts.map(|equation| equation.left.base.clone()).collect();
        }
        if clock.letter.as_deref().is_some_and(|letter| letter != "t") {
            clock.labelled = clock.labelled_bases(header, items, &defined);
        }
        let plain = |e: &&Equation| e.left.marks.is_empty() && e.left.primes == 0;
        let plain = equations()
            .filter(plain)
            .map(|e| &e.left.base[..])
            .collect();
        let twofold = equations().filter_map(|e| clock.twofold_base(e, &plain));
        clock.twofold = twofold.collect();
        clock
    }

    /// The base of a step such as `Δt_t` that its own equation scales `Δt` to, or of a value such
    /// as the `a_t` of `a_t = a^{c r_t}`, where `a` has an equation too (`plain`): as one symbol
    /// it would need its own value.
    fn twofold_base(&self, equation: &Equation, plain: &BTreeSet<&str>) -> Option<String> {
        let left = &equation.left;
        let timed = left.marks.iter().any(|mark| {
            let parts = self.parts(&left.base, mark);
            parts.iter().any(|part| matches!(part, Part::Time(_)))
        });
        let mut read = false;
        walk::names(&equation.right, &mut |name, _| {
            // A power is one of the plain symbol.
            let power = |mark: &Mark| mark.position == Position::Sup && !self.is_time(&mark.tokens);
            read |= name.base == left.base && name.marks.iter().all(power);
        });
        let step = left.base.starts_with('Δ') && left.base.chars().count() > 1;
        let two = step || equation.place.is_text() && plain.contains(&left.base[..]);
        (two && timed && read).then(|| left.base.clone())
    }

    /// Whether a base with a time index is another symbol than without.
    pub(super) fn is_twofold(&self, base: &str) -> bool {
        self.twofold.contains(base)
    }

    /// Whether a label ends in that of an inner cell.
    pub(in crate::model) fn is_cell(&self, label: &str) -> bool {
        let last = label.rsplit(',').next().unwrap_or_default();
        self.cells.contains(last)
    }

    /// The text of a label, with the underscores of an inner cell's: `C_t^(inner_cell)`.
    pub(super) fn label(&self, tokens: &[Token]) -> String {
        let whole: Vec<String> = tokens.split(|t| t.kind == Kind::Sub).map(text).collect();
        let whole = whole.join("_");
        match self.is_cell(&whole) {
            true => whole,
            false => text(tokens),
        }
    }

    /// Whether a mark is the 0 of `h^{(0)}`, which is what `h_0` is where time stands below.
    pub(super) fn is_start(&self, base: &str, mark: &Mark) -> bool {
        let above = mark.position == Position::Sup && text(&mark.tokens) == "0";
        above && self.stepped.contains(base)
    }

    /// Undefined bases that have the bare letter, never an offset, and labels in its place
    /// elsewhere. What stands above, `K_n^⊤` and `x_n^2`, or beside it, `x_{n,1}` and `y_{in}(n)`, is
    /// no such label.
    fn labelled_bases(
        &self,
        header: &Header,
        items: &[Item],
        defined: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        let mut moved: BTreeSet<String> = defined.clone();
        let mut other: BTreeSet<String> = BTreeSet::new();
        each_name(header, items, &mut |name| {
            let now = |mark: &Mark| self.parts(&name.base, mark).contains(&Part::Time(0));
            let timed = name.marks.iter().any(now);
            for mark in &name.marks {
                let parts = self.parts(&name.base, mark);
                let replaces = mark.position != Position::Sup && !timed;
                for part in parts {
                    match part {
                        Part::Time(0) => {}
                        Part::Label(_) if replaces => drop(other.insert(name.base.clone())),
                        Part::Label(_) => {}
                        _ => drop(moved.insert(name.base.clone())),
                    }
                }
            }
        });
        &other - &moved
    }

    /// Whether tokens are a time index.
    pub(in crate::model) fn is_time(&self, tokens: &[Token]) -> bool {
        matches!(
            self.part(tokens),
            Part::Time(_) | Part::BadDelay(..) | Part::BadCount(_)
        )
    }

    /// The parts of a mark.
    pub(in crate::model) fn parts(&self, base: &str, mark: &Mark) -> Vec<Part> {
        if is_previous(mark) && self.previous.contains(base) {
            return vec![Part::Time(-1)];
        }
        let timed = match mark.position {
            Position::Index => true,
            Position::Sub if self.raised => self.said && self.part(&mark.tokens) == Part::Time(0),
            Position::Sub => true,
            Position::Sup if self.both => mark.bracketed && self.is_time(&mark.tokens),
            Position::Sup => self.raised,
        };
        if !timed {
            return vec![Part::Label(text(&mark.tokens))];
        }
        let label = self.labelled.contains(base);
        let part = |tokens: &[Token]| match self.part(tokens) {
            Part::Time(0) if label => Part::Label(text(tokens)),
            part => part,
        };
        let parts = split(&mark.tokens).flat_map(|tokens| {
            let ahead = self.ahead(tokens).filter(|&steps| steps > 0);
            let predicted = ahead.map(|steps| match steps {
                1 => Part::Label("pred".to_owned()),
                _ => Part::Label(format!("pred{steps}")),
            });
            std::iter::once(part(tokens)).chain(predicted)
        });
        parts.collect()
    }

    /// How many steps before a value what is known ends: 1 in `k|k-1`, 0 in `k|k`.
    fn ahead(&self, tokens: &[Token]) -> Option<i64> {
        let (value, known) = given(tokens)?;
        match (self.part(value), self.part(known)) {
            (Part::Time(value), Part::Time(known)) => Some(value - known),
            _ => None,
        }
    }

    /// Whether the letter of time stands beside an operator.
    fn calculates(&self, tokens: &[Token]) -> bool {
        let ours = self.letter.as_deref().unwrap_or("t");
        let time = |kind: &Kind| matches!(kind, Kind::Word(word) if word == ours);
        let operator = |kind: &Kind| {
            matches!(
                kind,
                Kind::Plus | Kind::Minus | Kind::Star | Kind::Dot | Kind::Slash
            )
        };
        let any = |wanted: &dyn Fn(&Kind) -> bool| tokens.iter().any(|t| wanted(&t.kind));
        any(&time) && any(&operator)
    }

    fn part(&self, tokens: &[Token]) -> Part {
        let label = || Part::Label(text(tokens));
        if let Some((value, known)) = given(tokens) {
            return match (self.part(value), self.part(known)) {
                (part @ Part::Time(of), Part::Time(until)) if until <= of => part,
                (Part::Label(_), _) => label(),
                (delay @ Part::BadDelay(..), Part::Time(_)) => delay,
                _ => Part::BadForm(text(tokens)),
            };
        }
        let Some((letter, sign, delay)) = offset(tokens) else {
            return match self.calculates(tokens) {
                true => Part::BadForm(text(tokens)),
                false => label(),
            };
        };
        let ours = self.letter.as_deref() == Some(letter) || (self.any_t && letter == "t");
        let count = match delay {
            None if ours => return Part::Time(0),
            None => return label(),
            Some(_) if !ours => return Part::BadLetter(letter.to_owned()),
            Some(Kind::Number(value, _)) if value.fract() == 0.0 => Some(*value as i64),
            Some(Kind::Word(word)) => self.numbers.get(word).copied(),
            Some(_) => None,
        };
        match (count, delay) {
            (Some(count), _) if count.abs() < 1_000_000 => Part::Time(sign * count),
            (None, Some(Kind::Word(word))) => Part::BadDelay(word.clone(), sign > 0),
            (_, Some(Kind::Word(text) | Kind::Number(_, text))) => Part::BadCount(text.clone()),
            _ => Part::BadDelay(text(tokens), false),
        }
    }
}

/// The label that an inner cell gives to its symbols.
fn cell_label(item: &Item) -> Option<String> {
    let Item::Declaration(declared) = item else {
        return None;
    };
    let cell = matches!(declared.kind, Some(DeclaredKind::Cell(_)));
    let marks = declared.name.marks.iter().map(|mark| text(&mark.tokens));
    let parts = [declared.name.base.clone()].into_iter().chain(marks);
    cell.then(|| parts.collect::<Vec<_>>().join("_"))
}

/// Calls `visit` for each name of a definition.
pub(in crate::model) fn each_name<'a>(
    header: &'a Header,
    items: &'a [Item],
    visit: &mut impl FnMut(&'a Name),
) {
    header
        .inputs
        .iter()
        .chain(&header.outputs)
        .flatten()
        .for_each(&mut *visit);
    for item in items {
        match item {
            Item::Equation(equation) => {
                visit(&equation.left);
                walk::names(&equation.right, &mut |name, _| visit(name));
            }
            Item::Declaration(declaration) => visit(&declaration.name),
            Item::Function(f) => walk::names(&f.body, &mut |name, _| visit(name)),
            Item::Loop(_) | Item::Split(_) => {}
        }
    }
}

/// `h_{prev}`, `h^{previous}` in documentation text. Who writes tokens is told to write `h_{t-1}`.
fn is_previous(mark: &Mark) -> bool {
    let [
        Token {
            kind: Kind::Word(word),
            ..
        },
    ] = &mark.tokens[..]
    else {
        return false;
    };
    let previous = matches!(word.as_str(), "prev" | "previous");
    previous && mark.position != Position::Index && mark.place.is_text()
}

/// `d = 3`
pub(in crate::model) fn whole_number(equation: &Equation) -> Option<(String, i64)> {
    let plain = equation.left.marks.is_empty() && equation.left.primes == 0;
    match equation.right {
        Expr {
            kind: ExprKind::Number(value),
            ..
        } if plain && value.fract() == 0.0 => Some((equation.left.base.clone(), value as i64)),
        _ => None,
    }
}
