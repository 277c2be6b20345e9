//! The driver: one line per stage.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::diag::Diagnostics;
use crate::emit::{Paths, emit, skeleton};
use crate::syntax::{Definition, Header};
use crate::{docs_form, grad, ir, model, plan, read, syntax};

/// The expansion of `cell! { … }`: the runtime's path, a semicolon, the definition.
pub(crate) fn compile_tokens(input: TokenStream) -> TokenStream {
    let (paths, definition) = split(input);
    let mut diagnostics = Diagnostics::default();
    let Some((header, body)) = syntax::parse_header(definition, &mut diagnostics) else {
        return errors(&diagnostics);
    };
    let tokens = read::read_tokens(body, &mut diagnostics);
    let definition = syntax::parse_cell(header.clone(), &tokens, &mut diagnostics);
    compile(definition, &header, &paths, &mut diagnostics)
}

/// The expansion of `#[cell_from_docs(…)]`.
pub(crate) fn compile_docs(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let Some(form) = docs_form::read(arguments, item.clone(), &mut diagnostics) else {
        return errors(&diagnostics);
    };
    let paths = Paths {
        runtime: form.runtime,
    };
    let mut diagnostics = Diagnostics::new(form.lines.iter().map(|l| l.text.clone()).collect());
    let Some((header, _)) = syntax::parse_header(form.header, &mut diagnostics) else {
        return errors(&diagnostics);
    };
    if form.blind {
        return skeleton(&header, &paths);
    }
    let text = (&*form.lines, form.section.as_deref(), form.choice);
    let definition = documented(header.clone(), form.hints, text, &mut diagnostics);
    compile(definition, &header, &paths, &mut diagnostics)
}

/// What documentation defines: the statements of the attribute, then those of the text, of which
/// the section and the definition are chosen.
pub(crate) fn documented(
    header: Header,
    hints: TokenStream,
    (lines, section, choice): (&[read::Line], Option<&str>, Option<usize>),
    diagnostics: &mut Diagnostics,
) -> Definition {
    let hints = read::read_tokens(hints, diagnostics);
    let mut items = syntax::parse_items(&hints, diagnostics);
    let tokens = read::read_text(lines, section, diagnostics);
    let mut definition = syntax::parse_cell(header, &tokens, diagnostics);
    if let Some(choice) = choice {
        docs_form::choose(&mut definition.items, choice);
    }
    items.append(&mut definition.items);
    definition.items = items;
    definition
}

/// From the syntax tree on, the same for every notation.
fn compile(
    definition: Definition,
    header: &Header,
    paths: &Paths,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    // An equation that could not be read would make its symbol look like a parameter.
    let sound = !diagnostics.any();
    let cell = if sound {
        model::resolve(definition, diagnostics)
    } else {
        None
    };
    let Some(cell) = cell.filter(|_| !diagnostics.any()) else {
        let (errors, skeleton) = (errors(diagnostics), skeleton(header, paths));
        return quote!(#errors #skeleton);
    };
    let graph = ir::lower(&cell);
    let simple = ir::simplify(graph.clone());
    let adjoint = grad::differentiate(&simple);
    let schedule = plan::plan(&cell, &adjoint);
    emit(&cell, &graph, &adjoint, &schedule, paths)
}

/// Splits `$crate; definition`.
fn split(input: TokenStream) -> (Paths, TokenStream) {
    let mut runtime = TokenStream::new();
    let mut tokens = input.into_iter();
    for token in tokens.by_ref() {
        match token {
            TokenTree::Punct(p) if p.as_char() == ';' => break,
            token => runtime.extend([token]),
        }
    }
    (Paths { runtime }, tokens.collect())
}

/// One `compile_error!` for each message, each at its place.
fn errors(diagnostics: &Diagnostics) -> TokenStream {
    let each = diagnostics
        .render()
        .into_iter()
        .map(|(span, text)| quote_spanned!(span=> ::core::compile_error!(#text);));
    quote!(#(#each)*)
}
