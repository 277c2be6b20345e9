//! Every ready-made cell and those that stretch the language, written as LaTeX and read again, has the plan that it had.

use std::fs;
use std::path::Path;

use proc_macro2::{Span, TokenStream, TokenTree};

use super::{plan_text, rendered, tokens_definition};
use crate::diag::Diagnostics;
use crate::model::{self, Cell};
use crate::read::{Line, read_text};
use crate::syntax::{self, Definition, Item};

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
    let declared = |item: &Item| matches!(item, Item::Declaration(_));
    let mut items: Vec<Item> = source.items.into_iter().filter(declared).collect();
    items.append(&mut definition.items);
    definition.items = items;
    let cell = match diagnostics.any() {
        true => None,
        false => model::resolve(definition, &mut diagnostics),
    };
    cell.ok_or_else(|| format!("{text}\n{}", rendered(&diagnostics).join("\n")))
}

#[test]
fn latex_of_every_cell_reads_as_the_cell() {
    let mut paths = Vec::new();
    for folder in ["../gate-runtime/src/cells", "../tests/cells"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = fs::read_dir(folder).expect("a folder of cells");
        paths.extend(files.map(|file| file.expect("a file").path()));
    }
    paths.sort();
    let (mut count, mut failures) = (0, Vec::new());
    for path in paths {
        let text = fs::read_to_string(&path).expect("a text in UTF-8");
        for source in definitions(text.parse().expect("Rust tokens")) {
            let mut diagnostics = Diagnostics::default();
            let definition = tokens_definition(source, &mut diagnostics).expect("a cell");
            let cell = model::resolve(definition.clone(), &mut diagnostics).expect("a sound cell");
            count += 1;
            let name = definition.header.name.clone();
            match again(&cell, definition) {
                Err(text) => failures.push(format!("{name}: {text}")),
                Ok(read) => {
                    let (read, first) = (plan_text(&read), plan_text(&cell));
                    if read != first {
                        let differs = read.lines().zip(first.lines()).find(|(a, b)| a != b);
                        failures.push(format!("{name}: {differs:?}"));
                    }
                }
            }
        }
    }
    assert!(count > 80, "only {count} cells were found");
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
