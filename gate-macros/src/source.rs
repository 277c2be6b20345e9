//! Definitions as they travel from macro to macro.
//!
//! A macro sees no item but its own. So each cell comes with a hidden macro of its name, which
//! hands the cell's definition to whatever macro asks: a variant asks its parent, a cell with
//! inner cells asks those. The answer arrives as tokens, with the places of the original, and
//! holds what that cell had asked for itself.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::emit::Paths;

/// A definition as written, with those that it refers to.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) form: Form,
    /// The cells that it refers to, by path as written.
    pub(crate) cells: Vec<(String, Source)>,
}

/// What stands in the source.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// What `cell!` was given.
    Tokens(TokenStream),
    /// What `#[cell_from_docs]` was given: arguments and struct, files read.
    Docs(TokenStream, TokenStream),
    /// The definition has mistakes, which were reported.
    Broken,
}

impl Source {
    pub(crate) fn new(form: Form) -> Source {
        Source {
            form,
            cells: Vec::new(),
        }
    }

    /// The tokens that hold the struct line.
    pub(crate) fn item(&self) -> TokenStream {
        match &self.form {
            Form::Tokens(tokens) => tokens.clone(),
            Form::Docs(_, item) => item.clone(),
            Form::Broken => TokenStream::new(),
        }
    }

    /// The source from its tokens.
    fn read(tokens: TokenStream) -> Source {
        let mut trees = tokens.into_iter();
        let form = match trees.next() {
            Some(TokenTree::Ident(word)) if word == "tokens" => Form::Tokens(inside(trees.next())),
            Some(TokenTree::Ident(word)) if word == "docs" => {
                let arguments = inside(trees.next());
                Form::Docs(arguments, inside(trees.next()))
            }
            _ => Form::Broken,
        };
        let mut cells = Vec::new();
        let mut inner = inside(trees.next()).into_iter();
        while let (Some(path), Some(source)) = (inner.next(), inner.next()) {
            cells.push((unquoted(&path), Source::read(inside(Some(source)))));
        }
        Source { form, cells }
    }
}

impl ToTokens for Source {
    fn to_tokens(&self, out: &mut TokenStream) {
        let cells = self
            .cells
            .iter()
            .map(|(path, source)| quote!(#path {#source}));
        out.extend(match &self.form {
            Form::Tokens(definition) => {
                let definition = portable(definition.clone());
                quote!(tokens {#definition} {#(#cells)*})
            }
            Form::Docs(arguments, item) => {
                let arguments = portable(arguments.clone());
                quote!(docs {#arguments} {#item} {#(#cells)*})
            }
            Form::Broken => quote!(broken),
        });
    }
}

/// A definition that waits for one that it refers to.
pub(crate) struct Waiting {
    pub(crate) paths: Paths,
    pub(crate) source: Source,
}

impl Waiting {
    pub(crate) fn new(paths: Paths, source: Source) -> Waiting {
        Waiting { paths, source }
    }

    /// Reads `{runtime} {mutants} {source} "path" {answer}`.
    pub(crate) fn read(tokens: TokenStream) -> Waiting {
        let mut trees = tokens.into_iter();
        let runtime = inside(trees.next());
        let mutants = Some(inside(trees.next())).filter(|path| !path.is_empty());
        let mut source = Source::read(inside(trees.next()));
        if let Some(path) = trees.next() {
            let answer = Source::read(inside(trees.next()));
            source.cells.push((unquoted(&path), answer));
        }
        Waiting::new(Paths { runtime, mutants }, source)
    }

    /// The call of another cell's macro, which goes on with its answer.
    pub(crate) fn ask(&self, path: &str, cell: &TokenStream) -> TokenStream {
        let (Paths { runtime, mutants }, source) = (&self.paths, &self.source);
        let path = Literal::string(path);
        quote!(#cell! { [#runtime::__private::resume] {#runtime} {#mutants} {#source} #path })
    }
}

/// Tokens that survive the way through a `macro_rules`, which forgets that two signs stood side
/// by side unless Rust has an operator of them: `.*` becomes `odot`, `:=` becomes `=`.
fn portable(tokens: TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let mut joined = |first: char, second: char| match (&tree, trees.peek()) {
            (TokenTree::Punct(a), Some(TokenTree::Punct(b))) => {
                let joint = a.spacing() == Spacing::Joint;
                joint && a.as_char() == first && b.as_char() == second
            }
            _ => false,
        };
        let (product, equals) = (joined('.', '*'), joined(':', '='));
        out.extend([match tree {
            TokenTree::Punct(sign) if product => {
                trees.next();
                TokenTree::Ident(Ident::new("odot", sign.span()))
            }
            TokenTree::Punct(_) if equals => continue,
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), portable(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            tree => tree,
        }]);
    }
    out
}

fn inside(tree: Option<TokenTree>) -> TokenStream {
    match tree {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            inside(group.stream().into_iter().next())
        }
        Some(TokenTree::Group(group)) => Group::stream(&group),
        _ => TokenStream::new(),
    }
}

fn unquoted(tree: &TokenTree) -> String {
    match tree {
        TokenTree::Group(group) => group
            .stream()
            .into_iter()
            .next()
            .map_or(String::new(), |tree| unquoted(&tree)),
        tree => syn::parse2::<syn::LitStr>(tree.to_token_stream())
            .map_or(String::new(), |text| text.value()),
    }
}
