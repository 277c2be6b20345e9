//! The hidden macro of a cell's name, which hands the definition to variants of it and to cells
//! that it stands in.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::syntax::Header;

/// The macro of a cell; `source` is what it hands on.
///
/// A macro of a public cell has to be exported, and all exported macros of a crate share one
/// list of names: hence a name that tells where the cell stands. It lives beside the type under
/// the type's name, so that a path to the one is a path to the other.
pub(crate) fn export(header: &Header, source: &impl ToTokens) -> TokenStream {
    let (name, visibility) = (&header.name, &header.visibility);
    let hidden = hidden_name(name);
    let is_public = visibility.to_string() == "pub";
    let exported = is_public.then(|| quote!(#[macro_export]));
    let misuse = format!(
        "`{name}` is a cell, which a program makes with `{name}::new(…)`; a variant of it is \
         `cell! {{ pub struct Other = {name} with {{ … }} }}`"
    );
    quote! {
        #[doc(hidden)]
        #exported
        #[allow(unused_macros, non_local_definitions, uncommon_codepoints)]
        macro_rules! #hidden {
            ([$($resume:tt)*] $($waiting:tt)*) => { $($resume)*! { $($waiting)* { #source } } };
            ($($other:tt)*) => { ::core::compile_error!(#misuse); };
        }
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub, uncommon_codepoints, clippy::useless_attribute)]
        #visibility use #hidden as #name;
    }
}

fn hidden_name(name: &Ident) -> Ident {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", name.span()).hash(&mut hasher);
    let place = hasher.finish();
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    let mut ident = match times_before(place) {
        0 => format_ident!("__gate_{}_{:016x}", text, place),
        times => format_ident!("__gate_{}_{:016x}_{}", text, place, times),
    };
    ident.set_span(Span::call_site());
    ident
}

/// How many cells of this place there were: a repetition in a `macro_rules` gives several.
fn times_before(place: u64) -> usize {
    static PLACES: Mutex<BTreeMap<u64, usize>> = Mutex::new(BTreeMap::new());
    let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
    let times = places.entry(place).or_insert(0);
    *times += 1;
    *times - 1
}
