//! Names of fields and locals, and the type of what a step gives.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::paths::local;
use super::context::Fixed;

/// The field of a weight.
pub(super) fn weight_name(weight: usize) -> Ident {
    local(&format!("w{weight}"))
}

/// The field of a trained initial state.
pub(super) fn initial_name(symbol: usize) -> Ident {
    local(&format!("s{symbol}"))
}

/// The name of a buffer's field or local.
pub(super) fn buffer_name(buffer: usize) -> Ident {
    local(&format!("v{buffer}"))
}

/// The name of an input inside the step.
pub(super) fn input_name(input: usize) -> Ident {
    local(&format!("x{input}"))
}

/// What a step gives: one array, or several.
pub(super) fn output(fixed: &Fixed<'_>) -> TokenStream {
    let outputs = fixed.cell.outputs.iter();
    let arrays = outputs.map(|&symbol| fixed.array(&fixed.cell.symbols[symbol].shape));
    quote!((#(#arrays),*))
}
