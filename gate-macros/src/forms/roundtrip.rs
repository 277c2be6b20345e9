//! Every ready-made cell, those that stretch the language and those made of others, written as
//! LaTeX and read again, has the plan that it had.

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
                let last = path.name.path.rsplit("::").next().unwrap_or_default();
                let (inner, _) = complete(last.trim(), all);
                source.cells.push((path.name.path, inner));
            }
            _ => panic!("{name}: {:?}", diagnostics.list()),
        }
    }
}

/// What the first reading and the second have to agree in. What is declared inside inner cells
/// is not printed with their equations, and their symbols may come in another order: there the
/// operations have to do, without their numbers and names.
fn compared(cell: &Cell, inner: bool) -> String {
    let text = plan_text(cell);
    if !inner {
        return text;
    }
    let operation = |line: &str| -> Option<String> {
        let (operation, _) = line.split_once(" = ")?.1.split_once('(')?;
        Some(operation.to_owned())
    };
    let mut operations: Vec<String> = text.lines().filter_map(operation).collect();
    operations.sort();
    operations.join("\n")
}

/// The definitions of files or folders, by name.
fn named(paths: &[&str]) -> BTreeMap<String, TokenStream> {
    let files = paths.iter().flat_map(|path| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        match path.is_dir() {
            true => fs::read_dir(path)
                .expect("a folder of cells")
                .map(|file| file.expect("a file").path())
                .collect(),
            false => vec![path],
        }
    });
    let texts = files.map(|path| fs::read_to_string(path).expect("a text in UTF-8"));
    let sources = texts.flat_map(|text| definitions(text.parse().expect("Rust tokens")));
    let named = sources.map(|source| {
        let mut quiet = Diagnostics::default();
        let (header, _) = syntax::parse_header(source.clone(), &mut quiet).expect("a struct line");
        (header.name.to_string(), source)
    });
    named.collect()
}

/// What differs between a cell and its printed equations read again.
fn difference(name: &str, all: &BTreeMap<String, TokenStream>) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let (_, definition) = complete(name, all);
    let cell = model::resolve(definition.clone(), &mut diagnostics);
    let cell = cell.unwrap_or_else(|| panic!("{name}: {:?}", diagnostics.list()));
    let merged = model::merged(definition);
    let inner = !merged.cells.is_empty();
    let read = match again(&cell, merged) {
        Err(text) => return Some(format!("{name}: {text}")),
        Ok(read) => compared(&read, inner),
    };
    let first = compared(&cell, inner);
    let differs = read.lines().zip(first.lines()).find(|(a, b)| a != b);
    (read != first).then(|| format!("{name}: {differs:?}"))
}

#[test]
fn latex_of_every_cell_reads_as_the_cell() {
    let all = named(&["../gate-runtime/src/cells", "../tests/cells"]);
    let failures: Vec<String> = all
        .keys()
        .filter_map(|name| difference(name, &all))
        .collect();
    let count = all.len();
    assert!(count > 80, "only {count} cells were found");
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn latex_of_composed_cells_reads_as_the_cell() {
    let ready_made = named(&["../gate-runtime/src/cells"]);
    for file in ["composed/levels.rs", "random.rs"] {
        let own = named(&[&format!("../tests/{file}")]);
        let mut all = ready_made.clone();
        all.extend(own.clone());
        // Numbers that the user sets are declared inside the inner cells of these.
        let told = own
            .keys()
            .filter(|name| !["Riches", "Poorer"].contains(&name.as_str()));
        let failures: Vec<String> = told.filter_map(|name| difference(name, &all)).collect();
        assert!(failures.is_empty(), "{file}: {}", failures.join("\n"));
    }
}
