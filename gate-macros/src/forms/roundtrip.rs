//! Every ready-made cell and those that stretch the language, written as LaTeX and read again, has the plan that it had.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::{Span, TokenStream, TokenTree};

use super::{plan_text, rendered};
use crate::diag::Diagnostics;
use crate::load::{Loaded, load};
use crate::model::{self, Cell};
use crate::read::{Line, read_text};
use crate::source::{Form, Source};
use crate::syntax::{self, DeclaredKind, Definition, Item};

/// The token definitions in a file.
fn definitions(stream: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let is_cell = |window: &[TokenTree]| {
        matches!(&window[0], TokenTree::Ident(name) if name == "cell")
            && matches!(&window[1], TokenTree::Punct(p) if p.as_char() == '!')
    };
    tokens
        .windows(3)
        .filter(|window| is_cell(window))
        .filter_map(|window| match &window[2] {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        })
        .collect()
}

/// Reads the printed LaTeX of a cell, with the declarations of its source.
fn again(cell: &Cell, mut source: Definition) -> Result<Cell, String> {
    if source.header.outputs.is_none() {
        let last = source.items.iter().rev().find_map(|item| match item {
            Item::Equation(equation) => Some(equation.left.clone()),
            _ => None,
        });
        source.header.outputs = last.map(|name| vec![name]);
    }
    let rows: Vec<String> = cell.printed().into_iter().map(|(_, latex)| latex).collect();
    let text = format!("$$\n{}\n$$", rows.join(" \\\\\n"));
    let lines = text.lines().map(|line| Line {
        text: line.to_owned(),
        span: Span::call_site(),
    });
    let mut diagnostics = Diagnostics::new(text.lines().map(str::to_owned).collect());
    let tokens = read_text(&lines.collect::<Vec<_>>(), None, &mut diagnostics);
    let mut definition = syntax::parse_cell(source.header, &tokens, &mut diagnostics);
    let declared = |item: &Item| match item {
        Item::Declaration(declared) => !matches!(declared.kind, Some(DeclaredKind::Cell(_))),
        _ => false,
    };
    let mut items: Vec<Item> = source.items.into_iter().filter(declared).collect();
    items.append(&mut definition.items);
    definition.items = items;
    let cell = match diagnostics.any() {
        true => None,
        false => model::resolve(definition, &mut diagnostics),
    };
    cell.ok_or_else(|| format!("{text}\n{}", rendered(&diagnostics).join("\n")))
}

/// The definition of a ready-made cell, with those that it refers to.
fn complete(name: &str, all: &BTreeMap<String, TokenStream>) -> (Source, Definition) {
    let mut source = Source::new(Form::Tokens(all[name].clone()));
    loop {
        let mut diagnostics = Diagnostics::default();
        match load(&source, &mut diagnostics) {
            Loaded::Definition(definition) => return (source, *definition),
            Loaded::Missing(_, path) => {
                let (inner, _) = complete(&path.text, all);
                source.cells.push((path.text, inner));
            }
            _ => panic!("{name}: {:?}", diagnostics.list()),
        }
    }
}

/// What the first reading and the second have to agree in. What is declared inside inner cells
/// is not printed with their equations: there the operations have to do.
fn compared(cell: &Cell, inner: bool) -> String {
    let text = plan_text(cell);
    let listed = |line: &&str| line.starts_with("param") || line.starts_with("let");
    let operations = text.lines().filter(|line| !listed(line));
    match inner {
        true => operations.collect::<Vec<_>>().join("\n"),
        false => text,
    }
}

#[test]
fn latex_of_every_cell_reads_as_the_cell() {
    let folders = ["../gate-runtime/src/cells", "../tests/cells"];
    let paths = folders.iter().flat_map(|folder| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = fs::read_dir(folder).expect("a folder of cells");
        files.map(|file| file.expect("a file").path())
    });
    let texts = paths.map(|path| fs::read_to_string(path).expect("a text in UTF-8"));
    let sources = texts.flat_map(|text| definitions(text.parse().expect("Rust tokens")));
    let named = sources.map(|source| {
        let mut quiet = Diagnostics::default();
        let (header, _) = syntax::parse_header(source.clone(), &mut quiet).expect("a struct line");
        (header.name.to_string(), source)
    });
    let all: BTreeMap<String, TokenStream> = named.collect();
    let mut failures = Vec::new();
    for name in all.keys() {
        let mut diagnostics = Diagnostics::default();
        let (_, definition) = complete(name, &all);
        let cell = model::resolve(definition.clone(), &mut diagnostics);
        let cell = cell.unwrap_or_else(|| panic!("{name}: {:?}", diagnostics.list()));
        let merged = model::merged(definition);
        let inner = !merged.cells.is_empty();
        match again(&cell, merged) {
            Err(text) => failures.push(format!("{name}: {text}")),
            Ok(read) => {
                let (read, first) = (compared(&read, inner), compared(&cell, inner));
                if read != first {
                    let differs = read.lines().zip(first.lines()).find(|(a, b)| a != b);
                    failures.push(format!("{name}: {differs:?}"));
                }
            }
        }
    }
    let count = all.len();
    assert!(count > 80, "only {count} cells were found");
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
