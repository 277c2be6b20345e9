//! The driver: one line per stage.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::diag::Diagnostics;
use crate::emit::{Paths, emit, skeleton};
use crate::syntax::{Definition, Header};
use crate::{docs_form, grad, ir, model, plan, read, syntax};

/// The expansion of `cell! { … }`: the runtime's path, a semicolon, the definition.
pub(crate) fn compile_tokens(input: TokenStream, diagnostics: &mut Diagnostics) -> TokenStream {
    let (paths, definition) = split(input);
    let Some((header, body)) = syntax::parse_header(definition.clone(), diagnostics) else {
        return failed(syntax::guess_header(definition), &paths, diagnostics);
    };
    let tokens = read::read_tokens(body, diagnostics);
    let definition = syntax::parse_cell(header, &tokens, diagnostics);
    compile(definition, &paths, diagnostics)
}

/// The expansion of `#[cell_from_docs(…)]`.
pub(crate) fn compile_docs(
    arguments: TokenStream,
    item: TokenStream,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let Some(form) = docs_form::read(arguments, item.clone(), diagnostics) else {
        let paths = Paths {
            runtime: quote!(::gate_runtime),
        };
        return failed(syntax::guess_header(item), &paths, diagnostics);
    };
    let paths = Paths {
        runtime: form.runtime,
    };
    diagnostics.set_lines(form.lines.iter().map(|l| l.text.clone()).collect());
    let Some((header, _)) = syntax::parse_header(form.header, diagnostics) else {
        return failed(syntax::guess_header(item), &paths, diagnostics);
    };
    if form.blind {
        return skeleton(&header, &paths);
    }
    let text = (&*form.lines, form.section.as_deref(), form.choice);
    let definition = documented(header, form.hints, text, diagnostics);
    compile(definition, &paths, diagnostics)
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
fn compile(definition: Definition, paths: &Paths, diagnostics: &mut Diagnostics) -> TokenStream {
    let header = definition.header.clone();
    // An equation that could not be read would make its symbol look like a parameter.
    let sound = !diagnostics.any();
    let cell = if sound {
        model::resolve(definition, diagnostics)
    } else {
        None
    };
    let Some(cell) = cell.filter(|_| !diagnostics.any()) else {
        return failed(Some(header), paths, diagnostics);
    };
    let graph = ir::lower(&cell);
    let simple = ir::simplify(graph.clone());
    let adjoint = grad::differentiate(&simple);
    let schedule = plan::plan(&cell, &adjoint);
    emit(&cell, &graph, &adjoint, &schedule, paths)
}

/// The messages, and the type as far as it is known.
fn failed(header: Option<Header>, paths: &Paths, diagnostics: &Diagnostics) -> TokenStream {
    let errors = errors(diagnostics);
    let skeleton = header.map(|header| skeleton(&header, paths));
    quote!(#errors #skeleton)
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

/// One `compile_error!` for each message, from the first to the last token of its place.
fn errors(diagnostics: &Diagnostics) -> TokenStream {
    let each = diagnostics.render().into_iter().map(|(place, text)| {
        // The compiler underlines from the span of the path to that of the brackets.
        let mut text = Literal::string(&text);
        text.set_span(place.end);
        let mut brackets = Group::new(Delimiter::Brace, TokenTree::Literal(text).into());
        brackets.set_span(place.end);
        let path = quote_spanned!(place.span=> ::core::compile_error!);
        quote!(#path #brackets)
    });
    quote!(#(#each)*)
}
