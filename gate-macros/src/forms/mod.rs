//! Both notations of one cell: documentation text and `cell!` give equal plans, mistakes in
//! text give messages that a reader can act on, and printed LaTeX reads as the cell it came from.

mod long;
mod mistakes;
mod pairs_layout;
mod pairs_names;
mod pairs_parts;
mod pairs_printed;
mod pairs_products;
mod pairs_published;
mod pairs_recurrences;
mod pairs_series;
mod pairs_time;
mod pairs_traps;
mod parts;
mod roundtrip;
mod unfinished;

pub(crate) use roundtrip::difference;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diagnostics;
use crate::model::Cell;
use crate::syntax::Definition;
use crate::{docs_form, grad, ir, load, model, plan, read, syntax};

/// The attribute's arguments and the documentation of a struct, as far as the driver reads them
/// before the model.
fn documented(arguments: &str, text: &str) -> (Option<Definition>, Diagnostics) {
    let arguments: TokenStream = arguments.parse().expect("arguments are Rust tokens");
    let lines: Vec<&str> = text.split('\n').collect();
    let item = quote!(#(#[doc = #lines])* struct Test;);
    let mut diagnostics = Diagnostics::default();
    let Some(form) = docs_form::read(arguments, item, &mut diagnostics) else {
        return (None, diagnostics);
    };
    let mut diagnostics = Diagnostics::new(form.lines.iter().map(|l| l.text.clone()).collect());
    let (header, _) = syntax::parse_header(form.header, &mut diagnostics).expect("a struct line");
    let text = (&*form.lines, form.section.as_deref(), form.choice);
    let definition = load::documented(header, form.hints, text, 0, &mut diagnostics);
    (Some(definition), diagnostics)
}

/// The cell of documentation text, or what is wrong with it, as the user reads it.
fn from_docs(arguments: &str, text: &str) -> Result<Cell, Vec<String>> {
    let (definition, mut diagnostics) = documented(arguments, text);
    let cell = definition
        .filter(|_| !diagnostics.any())
        .and_then(|definition| model::resolve(definition, &mut diagnostics));
    cell.ok_or_else(|| rendered(&diagnostics))
}

/// The cell of a token definition.
fn from_tokens(source: &str) -> Result<Cell, Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    let cell = tokens_definition(source.parse().expect("Rust tokens"), &mut diagnostics)
        .filter(|_| !diagnostics.any())
        .and_then(|definition| model::resolve(definition, &mut diagnostics));
    cell.ok_or_else(|| rendered(&diagnostics))
}

fn tokens_definition(source: TokenStream, diagnostics: &mut Diagnostics) -> Option<Definition> {
    let (header, body) = syntax::parse_header(source, diagnostics)?;
    let tokens = read::read_tokens(body, diagnostics);
    Some(syntax::parse_cell(header, &tokens, diagnostics))
}

/// The code words of what is wrong with a token definition.
fn codes(source: &str) -> Vec<&'static str> {
    let mut diagnostics = Diagnostics::default();
    let definition = tokens_definition(source.parse().expect("Rust tokens"), &mut diagnostics);
    words(definition, diagnostics)
}

/// The same of documentation text.
fn text_codes(text: &str) -> Vec<&'static str> {
    let (definition, diagnostics) = documented("", &format!("```math\n{text}\n```"));
    words(definition, diagnostics)
}

fn words(definition: Option<Definition>, mut diagnostics: Diagnostics) -> Vec<&'static str> {
    if let Some(definition) = definition.filter(|_| !diagnostics.any()) {
        model::resolve(definition, &mut diagnostics);
    }
    diagnostics.list().iter().map(|d| d.code).collect()
}

fn rendered(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.render().into_iter().map(|(_, t)| t).collect()
}

/// The simplified graph and the schedule as text.
fn plan_text(cell: &Cell) -> String {
    let graph = ir::simplify(ir::lower(cell));
    let schedule = plan::plan(cell, &grad::differentiate(&graph));
    let symbols = model::dump(cell);
    let inferred = symbols.lines().filter(|line| !line.contains(" = "));
    let inferred: Vec<&str> = inferred.collect();
    format!(
        "{}\n{}\n{}",
        inferred.join("\n"),
        ir::dump(&graph, cell),
        plan::dump(&schedule, cell)
    )
}

/// Checks that a block and the statements of a token definition have equal plans.
#[track_caller]
fn pair(block: &str, body: &str) {
    pair_with("", block, &format!("struct Test {{ {body} }}"));
}

/// The same with arguments of the attribute, and a whole token definition.
#[track_caller]
fn pair_with(arguments: &str, text: &str, source: &str) {
    let text = match text.contains("$") || text.contains("```") {
        true => text.to_owned(),
        false => format!("```math\n{text}\n```"),
    };
    let docs = from_docs(arguments, &text).unwrap_or_else(|e| panic!("text: {}", e.join("\n")));
    let tokens = from_tokens(source).unwrap_or_else(|e| panic!("tokens: {}", e.join("\n")));
    let (docs, tokens) = (plan_text(&docs), plan_text(&tokens));
    let differs = docs.lines().zip(tokens.lines()).find(|(a, b)| a != b);
    assert!(docs == tokens, "{differs:?} in\n{docs}\n{tokens}");
}
