//! The lengths of a definition, each written once: a cell of some sizes has few different ones,
//! but hundreds of places in its tables, its graph and its calls have one of them.

use std::cell::RefCell;
use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::Dim;
use crate::plan::Area;

use super::paths::Paths;

/// Gives constants to lengths.
pub(crate) struct Lengths<'p> {
    paths: &'p Paths,
    known: RefCell<HashMap<Dim, Ident>>,
    constants: RefCell<TokenStream>,
}

impl<'p> Lengths<'p> {
    pub(crate) fn new(paths: &'p Paths) -> Lengths<'p> {
        Lengths {
            paths,
            known: RefCell::default(),
            constants: RefCell::default(),
        }
    }

    /// A symbolic length.
    pub(crate) fn extent(&self, dim: &Dim) -> Ident {
        if let Some(name) = self.known.borrow().get(dim) {
            return name.clone();
        }
        let mut known = self.known.borrow_mut();
        let name = format_ident!("__N{}", known.len());
        let constant = self.constant(&name, dim);
        self.constants.borrow_mut().extend(constant);
        known.insert(dim.clone(), name.clone());
        name
    }

    fn constant(&self, name: &Ident, dim: &Dim) -> TokenStream {
        let extent = self.paths.private("Extent");
        let terms = dim
            .terms
            .iter()
            .map(|(size, factor)| quote!((#size, #factor)));
        let (constant, divisor) = (dim.constant, dim.divisor.max(1));
        quote! {
            const #name: #extent = #extent { terms: &[#(#terms),*], constant: #constant, divisor: #divisor };
        }
    }

    /// A product of lengths.
    pub(crate) fn area(&self, area: &Area) -> TokenStream {
        let each = area.iter().map(|d| self.extent(d));
        quote!(&[#(#each),*])
    }

    /// A sum of products of lengths.
    pub(crate) fn areas(&self, list: &[Area]) -> TokenStream {
        let list = summed(list);
        let each = list.iter().map(|a| self.area(a));
        quote!(&[#(#each),*])
    }

    /// The constants that were given so far.
    pub(crate) fn constants(self) -> TokenStream {
        self.constants.into_inner()
    }
}

/// The same sum with products of like lengths as one: that of many parts, each of which begins
/// where the ones before it end, would else be written once more for each part behind them.
fn summed(list: &[Area]) -> Vec<Area> {
    let mut out: Vec<Area> = Vec::new();
    for area in list {
        let Some((last, outer)) = area.split_last() else {
            out.push(Area::new());
            continue;
        };
        let like = out.iter_mut().find_map(|other| {
            let (end, begin) = other.split_last_mut()?;
            (begin == outer && end.divisor <= 1 && last.divisor <= 1).then_some(end)
        });
        match like {
            Some(end) => *end = end.sum(last),
            None => out.push(area.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Diagnostics;
    use crate::pipeline::compile_tokens;

    #[test]
    fn equal_lengths_have_one_name() {
        let paths = Paths::new(quote!(runtime));
        let lengths = Lengths::new(&paths);
        let (size, one) = (Dim::size(1), Dim::number(1));
        let found = lengths.areas(&[vec![size.clone(), one], vec![size]]);
        let expected = quote!(&[&[__N0, __N1], &[__N0]]);
        assert_eq!(found.to_string(), expected.to_string());
        let constants = lengths.constants().to_string();
        assert_eq!(constants.matches("const __N").count(), 2, "{constants}");
    }

    #[test]
    fn a_cell_writes_each_length_once() {
        let cell = quote! {
            runtime;
            pub struct Rnn { h_t = tanh(x_t * W_x + h_{t-1} * W_h + b); }
        };
        let code = compile_tokens(cell, &mut Diagnostics::default()).to_string();
        assert_eq!(code.matches("Extent {").count(), 3, "X, H and 0 in {code}");
    }
}
