//! The driver: one line per stage.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::diag::Diagnostics;
use crate::emit::{Paths, emit, export, skeleton, sketch};
use crate::load::{Loaded, load};
use crate::source::{Form, Source, Waiting};
use crate::syntax::{Definition, Header};
use crate::{conditions, docs_form, grad, ir, model, nesting, plan, syntax};

/// The expansion of `cell! { … }`: the runtime's path, a semicolon, the definition.
pub(crate) fn compile_tokens(input: TokenStream, diagnostics: &mut Diagnostics) -> TokenStream {
    let (runtime, definition) = split(input);
    let (conditions, definition) = conditions::take(definition);
    if !conditions.is_empty() {
        return conditions::tokens(&conditions, &runtime, &definition);
    }
    if nesting::too_deep(&definition, diagnostics) {
        let paths = Paths::new(runtime);
        return failed(
            syntax::guess_header(definition),
            None,
            None,
            &paths,
            diagnostics,
        );
    }
    let source = Source::new(Form::Tokens(definition));
    compile(Waiting::new(Paths::new(runtime), source), diagnostics)
}

/// The same, with a path before the runtime's: that of the module which breaks terms of the
/// backward pass.
pub(crate) fn compile_mutants(input: TokenStream, diagnostics: &mut Diagnostics) -> TokenStream {
    let (mutants, rest) = split(input);
    let (runtime, definition) = split(rest);
    let paths = Paths {
        mutants: Some(mutants),
        ..Paths::new(runtime)
    };
    let source = Source::new(Form::Tokens(definition));
    compile(Waiting::new(paths, source), diagnostics)
}

/// The expansion of `#[cell_from_docs(…)]`.
pub(crate) fn compile_docs(
    arguments: TokenStream,
    item: TokenStream,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let (conditions, item) = conditions::take(item);
    if !conditions.is_empty() {
        let runtime = docs_form::runtime(&arguments);
        return conditions::docs(&conditions, &runtime, &arguments, &item);
    }
    let deep = [&arguments, &item].map(|stream| nesting::too_deep(stream, diagnostics));
    let form = (deep == [false; 2])
        .then(|| docs_form::read(arguments.clone(), item.clone(), diagnostics))
        .flatten();
    let Some(form) = form else {
        let paths = Paths::new(docs_form::runtime(&arguments));
        return failed(syntax::guess_header(item), None, None, &paths, diagnostics);
    };
    let paths = Paths::new(form.runtime);
    if form.blind {
        // The text cannot be looked for.
        let header = syntax::parse_header(form.header, diagnostics).map(|(header, _)| header);
        return failed(header, None, None, &paths, diagnostics);
    }
    let source = Source::new(Form::Docs(arguments, form.item));
    let code = compile(Waiting::new(paths, source), diagnostics);
    let tracked = form.tracked;
    quote!(#code #tracked)
}

/// The expansion of a definition that has asked for another one.
pub(crate) fn resume(input: TokenStream, diagnostics: &mut Diagnostics) -> TokenStream {
    compile(Waiting::read(input), diagnostics)
}

/// From a source on, the same for every notation.
fn compile(waiting: Waiting, diagnostics: &mut Diagnostics) -> TokenStream {
    let paths = waiting.paths.clone();
    let mut other = None;
    let (header, definition) = match load(&waiting.source, diagnostics) {
        Loaded::Missing(_, path) if !diagnostics.any() => {
            return waiting.ask(&path.name.path, &path.tokens);
        }
        Loaded::Definition(definition) => (Some(definition.header.clone()), Some(definition)),
        Loaded::Missing(header, _) => (Some(header), None),
        Loaded::Broken(header, path) => {
            other = Some(path.tokens);
            (Some(header), None)
        }
        Loaded::Nothing => (syntax::guess_header(waiting.source.item()), None),
    };
    let written = definition.clone().filter(|_| in_editor());
    // An equation that could not be read would make its symbol look like a parameter.
    let definition = definition.filter(|_| !diagnostics.any());
    let cell = definition.and_then(|definition| model::resolve(*definition, diagnostics));
    let fixed = cell
        .as_ref()
        .map(|cell| model::fixed_types(cell, diagnostics));
    let (Some(cell), Some(fixed), false) = (cell, fixed, diagnostics.any()) else {
        return failed(header, written, other, &paths, diagnostics);
    };
    let graph = ir::lower(&cell);
    let simple = ir::simplify(graph.clone());
    let adjoint = grad::differentiate(&simple);
    let schedule = plan::plan(&cell, &adjoint);
    let code = emit(&cell, &fixed, &graph, &adjoint, &schedule, &paths);
    let export = export(&cell.header, &waiting.source);
    quote!(#code #export)
}

/// The messages, and the type as far as it is known. `other`: the path of another cell whose
/// mistakes are in the way.
fn failed(
    header: Option<Header>,
    written: Option<Box<Definition>>,
    other: Option<TokenStream>,
    paths: &Paths,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let errors = errors(diagnostics);
    let Some(header) = header else {
        return quote!(#(#errors)*);
    };
    let export = export(&header, &Source::new(Form::Broken));
    if let Some(written) = written {
        let types = sketch(&model::sketch(*written), paths);
        return quote!(#(#errors)* #types #export);
    }
    let types = skeleton(&header, &errors, other.as_ref(), paths);
    quote!(#types #export)
}

/// Whether an editor's language server expands the macro, which knows no files. To it the types
/// of an unfinished definition matter; to the compiler, that nothing is said twice.
fn in_editor() -> bool {
    proc_macro::is_available() && Span::call_site().unwrap().local_file().is_none()
}

/// Splits `path; rest`.
fn split(input: TokenStream) -> (TokenStream, TokenStream) {
    let mut path = TokenStream::new();
    let mut tokens = input.into_iter();
    for token in tokens.by_ref() {
        match token {
            TokenTree::Punct(p) if p.as_char() == ';' => break,
            token => path.extend([token]),
        }
    }
    (path, tokens.collect())
}

/// One `compile_error!` for each message, from the first to the last token of its place.
fn errors(diagnostics: &Diagnostics) -> Vec<TokenStream> {
    let each = diagnostics.render().into_iter().map(|(place, text)| {
        // The compiler underlines from the span of the path to that of the brackets.
        let mut text = Literal::string(&text);
        text.set_span(place.end);
        let mut brackets = Group::new(Delimiter::Brace, TokenTree::Literal(text).into());
        brackets.set_span(place.end);
        let path = quote_spanned!(place.span=> ::core::compile_error!);
        quote!(#path #brackets)
    });
    each.collect()
}
