//! Definitions that are no step in time: refused by name, before anything else is said of them.
//!
//! A cell computes the values of one step from those of a fixed number of earlier ones. Sums
//! over all of them, grids, trees and differential equations need another machine.

use crate::diag::{self, Diagnostic, Diagnostics};
use crate::model::names::Written;
use crate::model::names::clock::{Clock, each_name};
use crate::model::names::indices::{offset, split};
use crate::model::names::letters::{decompose, plain};
use crate::model::walk;
use crate::read::{Kind, Token};
use crate::syntax::{Equation, Header, Item, Mark, Name, Position};

/// Words that combine what an index runs over.
const OVER_INDEX: &[&str] = &[
    "sum",
    "prod",
    "max",
    "min",
    "mean",
    "softmax",
    "Σ",
    "Π",
    "argmax",
    "logsumexp",
];

/// Labels of the places around a node of a tree.
const NODES: &[&str] = &["left", "right", "child", "children", "parent", "parents"];

/// Reports what is no step; gives whether it did.
pub(in crate::model) fn check(
    header: &Header,
    items: &[Item],
    clock: &Clock,
    diagnostics: &mut Diagnostics,
) -> bool {
    let before = diagnostics.list().len();
    let mut names: Vec<&Name> = Vec::new();
    each_name(header, items, &mut |name| names.push(name));
    differential(items, clock, &names, diagnostics);
    derivative(items, clock, &names, diagnostics);
    sums_without_bounds(items, &names, diagnostics);
    step_size(items, clock, &names, diagnostics);
    if !grid(&names, diagnostics) {
        let message = names.iter().find_map(|name| range(name, clock, items));
        message.into_iter().for_each(|m| diagnostics.push(m));
    }
    trees(&names, items, clock, diagnostics);
    diagnostics.list().len() > before
}

fn equations(items: &[Item]) -> impl Iterator<Item = &Equation> {
    items.iter().filter_map(|item| match item {
        Item::Equation(equation) => Some(equation),
        _ => None,
    })
}

/// `sum_{k=1}^{t}`, `K_{1:t}`, `h_{<t}`
fn range(name: &Name, clock: &Clock, items: &[Item]) -> Option<Diagnostic> {
    let is_range = |kind: &Kind| {
        matches!(
            kind,
            Kind::Colon | Kind::Range(_) | Kind::Less | Kind::LessEq | Kind::In | Kind::Equals
        )
    };
    let holds = |mark: &Mark, wanted: &dyn Fn(&Kind) -> bool| {
        mark.tokens.iter().any(|token| wanted(&token.kind))
    };
    let letter = clock.letter.as_deref().unwrap_or("t");
    let time = |kind: &Kind| matches!(kind, Kind::Word(word) if word == letter || word == "t");
    let below = name.marks.iter().find(|m| m.position == Position::Sub);
    let own = items.iter().any(|item| match item {
        Item::Function(function) => function.name.base == name.base,
        _ => false,
    });
    let index = below.is_some_and(|mark| {
        holds(mark, &is_range) || (matches!(name.base.as_str(), "sum" | "prod") && !own)
    });
    if OVER_INDEX.contains(&name.base.as_str()) && index {
        let steps = name.marks.iter().any(|mark| holds(mark, &time));
        return Some(match steps {
            true => diag::all_past_states(name.place, &name.base),
            false => diag::sum_over_index(name.place, &name.base),
        });
    }
    // `a^{[l]<t>}`
    let angles = |mark: &Mark| {
        let less = mark.tokens.iter().any(|token| token.kind == Kind::Less);
        less && mark
            .tokens
            .last()
            .is_some_and(|token| token.kind == Kind::Greater)
    };
    let first = |mark: &Mark| mark.tokens.iter().find_map(word);
    if let Some(mark) = name.marks.iter().find(|mark| angles(mark)) {
        let letter = first(mark).unwrap_or_else(|| "l".to_owned());
        return Some(diag::layers(name.place, &name.base, &letter));
    }
    let past = name.marks.iter().any(|mark| {
        let equals = holds(mark, &|kind| *kind == Kind::Equals);
        holds(mark, &is_range) && holds(mark, &time) && !equals
    });
    past.then(|| diag::all_past_states(name.place, &name.base))
}

/// `h_{i-1,j}` beside `h_{i,j-1}`: two letters that both step.
fn grid(names: &[&Name], diagnostics: &mut Diagnostics) -> bool {
    let mut stepping: Vec<(&str, &Name)> = Vec::new();
    for name in names {
        for mark in &name.marks {
            let parts: Vec<&[Token]> = split(&mark.tokens).collect();
            for (letter, _, delay) in parts.iter().filter_map(|part| offset(part)) {
                if parts.len() > 1 && delay.is_some() {
                    stepping.push((letter, name));
                }
            }
        }
    }
    let Some((first, name)) = stepping.first() else {
        return layers(names, diagnostics);
    };
    let second = stepping.iter().find(|(letter, _)| letter != first);
    if let Some((second, other)) = second {
        diagnostics.push(diag::two_dimensional(
            name.place,
            &name.base,
            (first, second),
            other.place,
        ));
    }
    second.is_some()
}

/// `s_{\ell-1}^{[t]}`: time above, and another letter that steps below.
fn layers<'n>(names: &[&'n Name], diagnostics: &mut Diagnostics) -> bool {
    let steps = |name: &&'n Name| {
        let time = name.marks.iter().any(|mark| {
            let letter = offset(&mark.tokens).map(|(letter, ..)| letter);
            mark.position == Position::Sup && mark.bracketed && letter == Some("t")
        });
        let below = name.marks.iter().filter(|m| m.position == Position::Sub);
        let mut letters = below.filter_map(|mark| offset(&mark.tokens));
        let letter = letters.find(|(letter, _, delay)| *letter != "t" && delay.is_some());
        letter.filter(|_| time).map(|(letter, ..)| (*name, letter))
    };
    let found = names.iter().find_map(steps);
    let message = found.map(|(name, letter)| diag::layers(name.place, &name.base, letter));
    let any = message.is_some();
    message.into_iter().for_each(|m| diagnostics.push(m));
    any
}

/// `h_{left}` and `h^{(right)}`, where `h` is what the step computes.
fn trees(names: &[&Name], items: &[Item], clock: &Clock, diagnostics: &mut Diagnostics) {
    let key = |name: &Name| Written::of(name, clock).labelled();
    let known: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Item::Equation(equation) => Some(key(&equation.left)),
            Item::Declaration(declaration) => Some(key(&declaration.name)),
            _ => None,
        })
        .collect();
    let bases: Vec<&str> = equations(items)
        .map(|equation| equation.left.base.as_str())
        .collect();
    let labels = |name: &Name| {
        let key = key(name);
        let mut labels = key.subs.iter().chain(&key.sups);
        let only = labels.next().filter(|_| labels.next().is_none())?;
        // `h_t^(left)` of an inner cell.
        let of_cell = key.sups.last().is_some_and(|label| clock.is_cell(label));
        let node = bases.contains(&name.base.as_str()) && !known.contains(&key) && !of_cell;
        Some(only.clone()).filter(|_| node)
    };
    let labelled: Vec<(&Name, String)> = names
        .iter()
        .filter_map(|name| Some((*name, labels(name)?)))
        .collect();
    let has = |base: &str, label: &str| {
        labelled
            .iter()
            .any(|(name, own)| name.base == base && own == label)
    };
    let node = labelled.iter().find(|(name, label)| {
        let sides = [("l", "r"), ("L", "R")];
        let beside = |(a, b): &(&str, &str)| {
            (label == a || label == b) && has(&name.base, a) && has(&name.base, b)
        };
        NODES.contains(&label.as_str()) || sides.iter().any(beside)
    });
    if let Some((name, label)) = node {
        diagnostics.push(diag::tree_structured(name.place, &name.base, label));
    }
}

fn word(token: &Token) -> Option<String> {
    match &token.kind {
        Kind::Word(word) => Some(word.clone()),
        _ => None,
    }
}

/// `ḣ = …` where `h` has no equation of its own.
fn differential(items: &[Item], clock: &Clock, names: &[&Name], diagnostics: &mut Diagnostics) {
    for equation in equations(items) {
        let base = &equation.left.base;
        let dotted = base
            .chars()
            .any(|c| c == '\u{307}' || decompose(c).1 == Some('\u{307}'));
        let bare = plain(base);
        let defined = equations(items).any(|other| other.left.base == bare);
        let read = names.iter().any(|name| name.base == bare);
        if dotted && read && !defined {
            let letter = clock.letter.as_deref().unwrap_or("t");
            diagnostics.push(diag::differential_equation(
                equation.left.place,
                &bare,
                letter,
            ));
        }
    }
}

/// The steps from now of a name that has a time index.
fn step(name: &Name, clock: &Clock) -> Option<i64> {
    let written = Written::of(name, clock);
    written.time.filter(|_| !name.marks.is_empty())
}

/// `h'(t) = A h(t)`, where `h` has no equation of its own: `h' = A h` gives the new value, but with
/// one time on both sides it is a derivative.
fn derivative(items: &[Item], clock: &Clock, names: &[&Name], diagnostics: &mut Diagnostics) {
    for equation in equations(items) {
        let left = &equation.left;
        let same = |name: &Name| name.base == left.base && name.primes == 0;
        // What others read, `i'_t` beside `i_t`, is a second symbol.
        let mut used = false;
        for other in equations(items) {
            walk::names(&other.right, &mut |name, _| {
                used |= name.base == left.base && name.primes == 1;
            });
        }
        let now = step(left, clock).filter(|_| left.primes == 1 && !used);
        let read = |name: &&&Name| same(name) && now.is_some() && step(name, clock) == now;
        let defined = equations(items).any(|other| same(&other.left));
        if names.iter().any(|name| read(&name)) && !defined {
            let letter = clock.letter.as_deref().unwrap_or("t");
            diagnostics.push(diag::differential_equation(left.place, &left.base, letter));
        }
    }
}

/// Whether an equation or a declaration says what a base is.
fn is_said(items: &[Item], base: &str) -> bool {
    items.iter().any(|item| match item {
        Item::Equation(equation) => equation.left.base == base,
        Item::Declaration(declaration) => declaration.name.base == base,
        _ => false,
    })
}

/// `Σ W_ij h_j` in a text: the letter, where the sign of a sum is meant.
fn sums_without_bounds(items: &[Item], names: &[&Name], diagnostics: &mut Diagnostics) {
    let sigma = |name: &&&Name| name.base == "Σ" && name.place.is_text();
    if let Some(name) = names.iter().find(sigma).filter(|_| !is_said(items, "Σ")) {
        diagnostics.push(diag::sum_or_matrix(name.place, &name.base));
    }
}

/// `delta_t` in a text that has time in brackets.
fn step_size(items: &[Item], clock: &Clock, names: &[&Name], diagnostics: &mut Diagnostics) {
    let at = |name: &Name, position: Position| {
        let mark = name.marks.iter().find(|mark| clock.is_time(&mark.tokens));
        mark.is_some_and(|mark| mark.position == position)
    };
    let brackets = equations(items).any(|e| at(&e.left, Position::Index))
        && equations(items).all(|e| !at(&e.left, Position::Sub));
    let change = |name: &&&Name| {
        let delta = matches!(&*name.base, "Δ" | "δ" | "delta" | "Delta");
        delta && name.place.is_text() && at(name, Position::Sub) && !is_said(items, &name.base)
    };
    if let Some(name) = names.iter().find(change).filter(|_| brackets) {
        let name_text = format!("{}_t", name.base);
        diagnostics.push(diag::step_size_or_input(name.place, &name_text));
    }
}
