//! Every ready-made cell, those that stretch the language, random ones and those made of others,
//! written as LaTeX and read again beside declarations of their symbols, are what they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::{Span, TokenStream, TokenTree};

use super::{plan_text, rendered};
use crate::diag::Diagnostics;
use crate::ir;
use crate::load::{Loaded, load};
use crate::model::{self, Cell, Init, InitialState, Role, Shape, Symbol};
use crate::read::{Line, read_text, read_tokens};
use crate::source::{Form, Source};
use crate::syntax::{self, Definition, Header, Item};

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

/// The struct line and the declarations of a cell as it was understood: what LaTeX does not say.
fn declared(cell: &Cell) -> (Header, Vec<Item>) {
    let name = |id: &usize| cell.symbols[*id].printed.clone();
    let inputs = (0..cell.symbols.len()).filter(|&id| cell.symbols[id].role == Role::Input);
    let inputs: Vec<String> = inputs.map(|id| name(&id) + "_t").collect();
    let outputs: Vec<String> = cell.outputs.iter().map(|id| name(id) + "_t").collect();
    let starts: Vec<usize> = cell.symbols.iter().filter_map(start).collect();
    let all = cell.symbols.iter().enumerate();
    let rows = all.filter(|(id, _)| !starts.contains(id));
    let rows: String = rows.map(|(_, symbol)| declaration(cell, symbol)).collect();
    let text = format!(
        "struct {}({}) -> ({}) {{ {rows} }}",
        cell.header.name,
        inputs.join(", "),
        outputs.join(", ")
    );
    let mut diagnostics = Diagnostics::default();
    let tokens = text.parse().expect("Rust tokens");
    let parsed = syntax::parse_header(tokens, &mut diagnostics).map(|(header, body)| {
        let tokens = read_tokens(body, &mut diagnostics);
        (header, syntax::parse_items(&tokens, &mut diagnostics))
    });
    match parsed {
        Some(parsed) if !diagnostics.any() => parsed,
        _ => panic!("{text}: {:?}", rendered(&diagnostics)),
    }
}

/// The parameter that a state starts from.
fn start(symbol: &Symbol) -> Option<usize> {
    match symbol.role {
        Role::State(InitialState::Trainable(id)) => Some(id),
        _ => None,
    }
}

fn declaration(cell: &Cell, symbol: &Symbol) -> String {
    let name = &symbol.printed;
    let shape = match &symbol.shape {
        Shape::Scalar => "scalar".to_owned(),
        Shape::Vector(size) => format!("[{}]", model::dim(cell, size)),
        Shape::Matrix(rows, columns) => {
            let [rows, columns] = [rows, columns].map(|size| model::dim(cell, size));
            format!("[{rows}, {columns}]")
        }
    };
    match &symbol.role {
        Role::Input | Role::Intermediate => format!("{name}_t: {shape}; "),
        Role::State(InitialState::Constant(value)) => {
            format!("{name}_t: {shape}; {name}_0 ~ {value}; ")
        }
        Role::State(InitialState::Trainable(_)) => {
            format!("{name}_t: {shape}; {name}_0 ~ trainable; ")
        }
        Role::Constant(_) => String::new(),
        Role::Hyper(value) => format!("{name}: hyper = {value}; "),
        Role::Parameter(init) => {
            let init = match init {
                Init::Constant(value) => value.to_string(),
                Init::Uniform(least, most) => format!("uniform({least}, {most})"),
                Init::Normal(mean, deviation) => format!("normal({mean}, {deviation})"),
                Init::GlorotUniform => "glorot_uniform".to_owned(),
                Init::GlorotNormal => "glorot_normal".to_owned(),
                Init::He => "he".to_owned(),
                Init::Orthogonal => "orthogonal".to_owned(),
                Init::Identity => "identity".to_owned(),
            };
            format!("{name}: {shape} ~ {init}; ")
        }
    }
}

/// Reads the printed LaTeX of a cell, with what is declared beside it.
fn again(cell: &Cell) -> Result<Cell, String> {
    let (header, declared) = declared(cell);
    let rows: Vec<String> = cell.printed().into_iter().map(|(_, latex)| latex).collect();
    let text = format!("$$\n{}\n$$", rows.join(" \\\\\n"));
    let lines = text.lines().map(|line| Line {
        text: line.to_owned(),
        span: Span::call_site(),
    });
    let mut diagnostics = Diagnostics::new(text.lines().map(str::to_owned).collect());
    let tokens = read_text(&lines.collect::<Vec<_>>(), None, &mut diagnostics);
    let mut definition = syntax::parse_cell(header, &tokens, &mut diagnostics);
    definition.items.splice(..0, declared);
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

/// What differs between a cell and its printed equations read again: those stand in the order in
/// which they are computed, after which symbols may come in another order than in the source, and
/// all numbers with them.
pub(crate) fn difference(cell: &Cell, ordered: bool) -> Option<String> {
    let name = &cell.header.name;
    let lines = |cell: &Cell| match ordered {
        true => plan_text(cell).lines().map(str::to_owned).collect(),
        false => unordered(cell),
    };
    let (first, read) = match again(cell) {
        Err(text) => return Some(format!("{name}: {text}")),
        Ok(read) => (lines(cell), lines(&read)),
    };
    let differs = read.iter().zip(&first).find(|(a, b)| a != b);
    (read != first).then(|| format!("{name}: {differs:?}"))
}

/// The symbols, the printed equations and the operations of a cell, sorted. The label of an inner
/// cell `R_1` has an underscore, that of no cell has none.
fn unordered(cell: &Cell) -> Vec<String> {
    let graph = ir::dump(&ir::simplify(ir::lower(cell)), cell);
    let operation = |line: &str| -> Option<String> {
        let (operation, _) = line.split_once(" = ")?.1.split_once('(')?;
        Some(operation.to_owned())
    };
    let mut out: Vec<String> = graph.lines().filter_map(operation).collect();
    let symbols = model::dump(cell);
    let symbols = symbols.lines().filter(|line| !line.starts_with("sizes "));
    out.extend(symbols.map(|line| line.replace('_', "")));
    out.sort();
    out
}

/// The same of a definition in a file.
fn difference_of(name: &str, all: &BTreeMap<String, TokenStream>) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let (_, definition) = complete(name, all);
    // Of its parent's equations, or those of cells inside it.
    let composed = !definition.cells.is_empty();
    let cell = model::resolve(definition, &mut diagnostics);
    let cell = cell.unwrap_or_else(|| panic!("{name}: {:?}", diagnostics.list()));
    difference(&cell, !composed)
}

#[test]
fn latex_of_every_cell_reads_as_the_cell() {
    let all = named(&["../gate-runtime/src/cells", "../tests/cells"]);
    let failures: Vec<String> = all
        .keys()
        .filter_map(|name| difference_of(name, &all))
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
    for file in [
        "composed/levels.rs",
        "random.rs",
        "random_composed.rs",
        "again.rs",
        "reference/variants.rs",
    ] {
        let own = named(&[&format!("../tests/{file}")]);
        let mut all = ready_made.clone();
        all.extend(own.clone());
        let names = own.keys();
        let failures: Vec<String> = names.filter_map(|name| difference_of(name, &all)).collect();
        assert!(failures.is_empty(), "{file}: {}", failures.join("\n"));
    }
}
