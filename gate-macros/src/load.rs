//! A source to its syntax tree, with those of the cells that it refers to.

use proc_macro2::TokenStream;

use crate::diag::{self, Diagnostics, Place};
use crate::source::{Form, Source};
use crate::syntax::{
    self, CellName, CellPath, Declaration, DeclaredKind, Definition, Header, Item,
};
use crate::{docs_form, read};

/// What became of a source.
pub(crate) enum Loaded {
    Definition(Box<Definition>),
    /// A cell that it refers to is not at hand yet.
    Missing(Header, CellPath),
    /// A cell that it refers to has mistakes.
    Broken(Header, CellPath),
    /// There is no struct line.
    Nothing,
}

/// Reads a source; mistakes go to `diagnostics`.
pub(crate) fn load(source: &Source, diagnostics: &mut Diagnostics) -> Loaded {
    loaded(source, None, diagnostics)
}

/// `reference`: where the definition at hand refers to this one.
fn loaded(source: &Source, reference: Option<&CellPath>, diagnostics: &mut Diagnostics) -> Loaded {
    let definition = match &source.form {
        Form::Tokens(tokens) => of_tokens(tokens.clone(), reference, diagnostics),
        Form::Docs(arguments, item) => {
            of_docs(arguments.clone(), item.clone(), reference, diagnostics)
        }
        Form::Broken => return Loaded::Nothing,
    };
    let Some(mut definition) = definition else {
        return Loaded::Nothing;
    };
    let mut paths: Vec<CellPath> = definition.header.parent.iter().cloned().collect();
    inner_cells(&definition.items, &mut paths);
    let own = definition.header.name.to_string();
    if let Some(path) = paths.iter().find(|path| path.name.path == own) {
        let parent = definition.header.parent.is_some();
        diagnostics.push(diag::cell_in_itself(path.place, &own, parent));
        return Loaded::Broken(definition.header, path.clone());
    }
    for path in paths {
        let has = |(name, _): &(CellName, _)| *name == path.name;
        if definition.cells.iter().any(has) {
            continue;
        }
        let is = |(text, _): &&(String, Source)| *text == path.name.path;
        let Some((_, inner)) = source.cells.iter().find(is) else {
            return Loaded::Missing(definition.header, path);
        };
        match loaded(inner, reference.or(Some(&path)), diagnostics) {
            Loaded::Definition(inner) => definition.cells.push((path.name, *inner)),
            Loaded::Missing(_, _) | Loaded::Broken(_, _) | Loaded::Nothing => {
                return Loaded::Broken(definition.header, path);
            }
        }
    }
    Loaded::Definition(Box::new(definition))
}

fn of_tokens(
    tokens: TokenStream,
    reference: Option<&CellPath>,
    diagnostics: &mut Diagnostics,
) -> Option<Definition> {
    let (header, body) = syntax::parse_header(tokens, diagnostics)?;
    let mut tokens = read::read_tokens(body, diagnostics);
    let layer = layer(reference, Vec::new(), diagnostics);
    tokens
        .iter_mut()
        .for_each(|token| token.place.layer = layer);
    Some(syntax::parse_cell(
        in_layer(header, layer),
        &tokens,
        diagnostics,
    ))
}

fn of_docs(
    arguments: TokenStream,
    item: TokenStream,
    reference: Option<&CellPath>,
    diagnostics: &mut Diagnostics,
) -> Option<Definition> {
    let form = docs_form::read(arguments, item, diagnostics)?;
    let lines = form.lines.iter().map(|line| line.text.clone()).collect();
    let layer = layer(reference, lines, diagnostics);
    let (header, _) = syntax::parse_header(form.header, diagnostics)?;
    let text = (&*form.lines, form.section.as_deref(), form.choice);
    let header = in_layer(header, layer);
    Some(documented(header, form.hints, text, layer, diagnostics))
}

/// What documentation defines: the statements of the attribute, then those of the text, of which
/// the section and the definition are chosen.
pub(crate) fn documented(
    header: Header,
    hints: TokenStream,
    (lines, section, choice): (&[read::Line], Option<&str>, Option<(usize, Place)>),
    layer: u16,
    diagnostics: &mut Diagnostics,
) -> Definition {
    let mut hints = read::read_tokens(hints, diagnostics);
    hints.iter_mut().for_each(|token| token.place.layer = layer);
    let mut items = syntax::parse_items(&hints, diagnostics);
    let mut tokens = read::read_text(lines, section, diagnostics);
    tokens
        .iter_mut()
        .for_each(|token| token.place.layer = layer);
    let mut definition = syntax::parse_cell(header, &tokens, diagnostics);
    if let Some(choice) = choice {
        docs_form::choose(&mut definition.items, choice, diagnostics);
    }
    items.append(&mut definition.items);
    definition.items = items;
    definition
}

/// The number of the definition in messages, which know its lines from now on.
fn layer(reference: Option<&CellPath>, lines: Vec<String>, diagnostics: &mut Diagnostics) -> u16 {
    match reference {
        Some(path) => {
            let text = format!("`{}` is brought in here", path.name.path);
            diagnostics.add_layer(lines, path.place, text)
        }
        None => {
            diagnostics.set_lines(lines);
            0
        }
    }
}

/// A struct line whose names stand in a layer.
fn in_layer(mut header: Header, layer: u16) -> Header {
    let names = header
        .inputs
        .iter_mut()
        .chain(&mut header.outputs)
        .flatten();
    names.for_each(|name| name.place.layer = layer);
    header
}

fn inner_cells(items: &[Item], paths: &mut Vec<CellPath>) {
    for item in items {
        match item {
            Item::Declaration(Declaration {
                kind: Some(DeclaredKind::Cell(path)),
                ..
            }) => paths.push(path.clone()),
            Item::Loop(inner) => inner_cells(&inner.body, paths),
            _ => {}
        }
    }
}
