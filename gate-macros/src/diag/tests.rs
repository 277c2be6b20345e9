//! Every message is shown by a compile test: the definitions of `tests/ui` go through the
//! compiler here, and each constructor of the tables must have been called.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::Diagnostics;
use crate::pipeline;

/// All Rust files below a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the sources");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let below = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    };
    let all = paths.into_iter().flat_map(below);
    all.filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file")
}

/// The names of the constructors, with the text of each.
fn constructors() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diag");
    let is_table = |path: &PathBuf| path.to_string_lossy().contains("messages");
    let mut out = Vec::new();
    for path in files(&folder).into_iter().filter(is_table) {
        let source = text(&path);
        for part in source.split("pub(crate) fn ").skip(1) {
            let name = part.split('(').next().unwrap_or_default();
            out.push((name.to_owned(), part.to_owned()));
        }
    }
    out
}

/// Adds the code words of the messages that the definitions of one compile test give.
fn compiled(path: &Path, codes: &mut BTreeSet<&'static str>) {
    let Ok(stream) = text(path).parse::<TokenStream>() else {
        return;
    };
    let mut item: Vec<TokenTree> = Vec::new();
    let mut cells = BTreeMap::new();
    for tree in stream {
        let ends = match &tree {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        item.push(tree);
        if ends {
            let found = messages(std::mem::take(&mut item), &mut cells);
            codes.extend(found.iter().flat_map(Diagnostics::codes));
        }
    }
}

/// The messages for one item, where it is a definition.
fn messages(
    item: Vec<TokenTree>,
    cells: &mut BTreeMap<String, TokenStream>,
) -> Option<Diagnostics> {
    let is = |tree: &TokenTree, word: &str| matches!(tree, TokenTree::Ident(i) if i == word);
    if let [.., name, _, TokenTree::Group(body)] = &item[..]
        && is(name, "cell")
    {
        let runtime: TokenStream = quote!(gate_runtime;);
        let definition = body.stream();
        let mut diagnostics = Diagnostics::default();
        let mut code = pipeline::compile_tokens(quote!(#runtime #definition), &mut diagnostics);
        while let Some(answered) = answer(&code, cells) {
            diagnostics = Diagnostics::default();
            code = pipeline::resume(answered, &mut diagnostics);
        }
        let name = definition
            .clone()
            .into_iter()
            .skip_while(|t| !is(t, "struct"))
            .nth(1);
        let name = name.map_or(String::new(), |name| name.to_string());
        cells.insert(name, quote!({ tokens {#definition} {} }));
        return Some(diagnostics);
    }
    let attribute = item.iter().position(|tree| match tree {
        TokenTree::Group(group) => {
            let first = group.stream().into_iter().next();
            first.is_some_and(|tree| is(&tree, "cell_from_docs"))
        }
        _ => false,
    });
    let at = attribute?;
    let TokenTree::Group(group) = &item[at] else {
        return None;
    };
    let arguments = match group.stream().into_iter().nth(1) {
        Some(TokenTree::Group(arguments)) => arguments.stream(),
        _ => TokenStream::new(),
    };
    let rest = item[..at - 1].iter().chain(&item[at + 1..]).cloned();
    let mut diagnostics = Diagnostics::default();
    pipeline::compile_docs(arguments, rest.collect(), &mut diagnostics);
    Some(diagnostics)
}

/// What the macro of another cell of the same file answers, where the code asks for one.
fn answer(code: &TokenStream, cells: &BTreeMap<String, TokenStream>) -> Option<TokenStream> {
    let trees: Vec<TokenTree> = code.clone().into_iter().collect();
    let [
        TokenTree::Ident(name),
        TokenTree::Punct(_),
        TokenTree::Group(asked),
    ] = &trees[..]
    else {
        return None;
    };
    let source = cells.get(&name.to_string())?;
    let waiting = asked.stream().into_iter().skip(1);
    Some(waiting.chain(source.clone()).collect())
}

#[test]
fn code_words_are_the_constructors_names() {
    let all = constructors();
    assert!(all.len() > 80, "{} constructors found", all.len());
    for (name, body) in all {
        assert!(body.contains(&format!("\"{name}\"")), "{name}");
    }
}

/// Messages about files come up only in a compiler, which knows where the source is: what it
/// printed shows them.
fn is_printed(folder: &Path, name: &str) -> bool {
    let words = match name {
        "file_missing" => "no file `no_such_file.md` was found",
        "file_unreadable" => "the file `not_utf8.md` cannot be read",
        _ => return false,
    };
    text(&folder.join("fail/docs_structure.stderr")).contains(words)
}

#[test]
fn every_message_has_a_compile_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui");
    let mut shown = BTreeSet::new();
    for path in files(&folder) {
        compiled(&path, &mut shown);
    }
    let names = constructors().into_iter().map(|(name, _)| name);
    let known = |name: &str| shown.contains(name) || is_printed(&folder, name);
    let missing: Vec<String> = names.filter(|name| !known(name)).collect();
    assert!(missing.is_empty(), "no compile test shows {missing:?}");
}
