//! Documentation of the emitted type: the equations, what each symbol was taken for, the cost.

mod cost;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diagnostic;
use crate::ir::Graph;
use crate::model::{Cell, Change, Dim, Role, Shape};
use crate::plan::{Area, Schedule, area};

/// `#[doc = …]` lines.
pub(crate) fn docs(
    cell: &Cell,
    graph: &Graph,
    schedule: &Schedule,
    backward: &[(String, String)],
) -> TokenStream {
    let mut lines: Vec<String> = cell.header.docs.clone();
    lines.extend(cell.change.iter().flat_map(changes));
    lines.extend(["", " # Equations", "", " ```text"].map(str::to_owned));
    let forward = cell.printed();
    lines.extend(forward.iter().map(|(plain, _)| format!(" {plain}")));
    lines.extend(
        [
            " ```",
            "",
            " | symbol | Rust | role | shape | taken for |",
            " |---|---|---|---|---|",
        ]
        .map(str::to_owned),
    );
    for symbol in &cell.symbols {
        let taken_for = symbol.taken_for.replace('|', "\\|");
        lines.push(format!(
            " | `{}` | `{}` | {} | `{}` | {taken_for} |",
            symbol.printed.replace('|', "\\|"),
            symbol.ident,
            role(&symbol.role),
            shape(&symbol.shape, cell),
        ));
    }
    if !cell.notes.is_empty() {
        lines.extend(["", " # Notes", ""].map(str::to_owned));
        let notes = cell.notes.iter().map(Diagnostic::sentence);
        lines.extend(notes.map(|note| format!(" - {}", escaped(&note))));
    }
    lines.extend(["", " # Cost", ""].map(str::to_owned));
    lines.push(format!(" {}", cost::cost(cell, graph, schedule)));
    lines.extend(["", " # Backward pass", "", " ```text"].map(str::to_owned));
    lines.extend(backward.iter().map(|(plain, _)| format!(" {plain}")));
    lines.extend([" ```", "", " # LaTeX", "", " ```latex"].map(str::to_owned));
    let rows = forward.iter().chain(backward).map(|(_, latex)| latex);
    lines.extend(rows.map(|row| format!(r" {row} \\")));
    lines.push(" ```".to_owned());
    quote!(#(#[doc = #lines])*)
}

/// What a variant changed.
fn changes(change: &Change) -> Vec<String> {
    let parent = &change.parent;
    let list = |what: &str, names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        (!names.is_empty()).then(|| format!(" - {what}: {}", names.join(", ")))
    };
    let head = [
        String::new(),
        format!(" A variant of `{parent}`:"),
        String::new(),
    ];
    let lists = [
        list("other", &change.replaced),
        list("new", &change.added),
        list("left out", &change.left_out),
    ];
    head.into_iter()
        .chain(lists.into_iter().flatten())
        .collect()
}

/// A sentence as Markdown, in which only what stands in backquotes has signs.
fn escaped(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => part.replace('[', "\\[").replace('<', "\\<"),
        _ => format!("`{part}`"),
    });
    parts.collect()
}

fn role(role: &Role) -> String {
    match role {
        Role::Input => "input".to_owned(),
        Role::State(_) => "state".to_owned(),
        Role::Intermediate => "intermediate".to_owned(),
        Role::Constant(c) => format!("constant {c}"),
        Role::Hyper(c) => format!("hyper-parameter, {c} unless set"),
        Role::Parameter(_) => "parameter".to_owned(),
    }
}

/// A shape as the user would declare it: `[X, H]`.
pub(crate) fn shape(shape: &Shape, cell: &Cell) -> String {
    lengths(&area(shape), cell)
}

/// Lengths in brackets; none for a scalar.
fn lengths(area: &Area, cell: &Cell) -> String {
    let lengths: Vec<String> = area.iter().map(|n| size(n, cell)).collect();
    match lengths.is_empty() {
        true => "scalar".to_owned(),
        false => format!("[{}]", lengths.join(", ")),
    }
}

/// A length in the names of the definition.
pub(crate) fn size(dim: &Dim, cell: &Cell) -> String {
    let mut parts: Vec<String> = Vec::new();
    for &(size, factor) in &dim.terms {
        let name = &cell.sizes[size].name;
        parts.push(if factor == 1 {
            name.clone()
        } else {
            format!("{factor}{name}")
        });
    }
    if dim.constant > 0 || parts.is_empty() {
        parts.push(dim.constant.to_string());
    }
    let sum = parts.join(" + ");
    match dim.divisor {
        0 | 1 => sum,
        divisor if parts.len() > 1 => format!("({sum})/{divisor}"),
        divisor => format!("{sum}/{divisor}"),
    }
}
