//! Documentation of the emitted type: the equations, what each symbol was taken for, the cost.

mod cost;
mod lengths;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diagnostic;
use crate::ir::Graph;
use crate::model::{Cell, Change, Role};
use crate::plan::Schedule;

pub(crate) use lengths::shape;

/// `#[doc = …]` lines.
pub(crate) fn docs(
    cell: &Cell,
    graph: &Graph,
    schedule: &Schedule,
    backward: &[(String, String)],
) -> TokenStream {
    let own = &cell.header.docs;
    let mut lines: Vec<String> = cell.change.iter().flat_map(changes).collect();
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
    // One attribute: a hundred cost the compiler more.
    let lines = lines.join("\n");
    quote!(#(#[doc = #own])* #[doc = #lines])
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
