//! `#[fixed(TinyLstm, x = 1, h = 16)]` above a struct line: a further type, of these sizes.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitInt, Token};

use super::ast::Fixed;
use crate::diag::{self, Diagnostics, Place};

/// Takes the `fixed` attributes out of a list.
pub(super) fn take_fixed(
    attributes: Vec<Attribute>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Attribute>, Vec<Fixed>) {
    let (fixed, others): (Vec<_>, Vec<_>) = attributes
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("fixed"));
    let mut list = Vec::new();
    for attribute in fixed {
        match attribute.parse_args::<Line>() {
            Ok(line) => list.push(sizes(line, diagnostics)),
            Err(error) => {
                let place = Place::of(error.span());
                diagnostics.push(diag::fixed_arguments(place, &error.to_string()));
            }
        }
    }
    (others, list)
}

/// The arguments as written.
struct Line {
    name: Ident,
    sizes: Vec<(Ident, LitInt)>,
}

impl Parse for Line {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let mut sizes = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let size = input.parse()?;
            input.parse::<Token![=]>()?;
            sizes.push((size, input.parse()?));
        }
        Ok(Line { name, sizes })
    }
}

/// The sizes as numbers.
fn sizes(line: Line, diagnostics: &mut Diagnostics) -> Fixed {
    let mut out = Fixed {
        name: line.name,
        sizes: Vec::new(),
    };
    for (size, literal) in line.sizes {
        let (name, place) = (size.to_string(), Place::of(size.span()));
        if let Some((_, _, first)) = out.sizes.iter().find(|(other, ..)| *other == name) {
            diagnostics.push(diag::fixed_twice(place, &name, *first));
            continue;
        }
        match literal.base10_parse::<u16>() {
            Ok(value) if value > 0 => out.sizes.push((name, value.into(), place)),
            _ => {
                let place = Place::of(literal.span());
                diagnostics.push(diag::fixed_value(place, &name, literal.base10_digits()));
            }
        }
    }
    out
}

/// Reports and takes out what would be a second type of one name. `cell`: the name of the cell.
pub(super) fn distinct(
    cell: &Ident,
    fixed: Vec<Fixed>,
    diagnostics: &mut Diagnostics,
) -> Vec<Fixed> {
    let types = |name: &Ident, endings: [&str; 3]| {
        let place = Place::of(name.span());
        endings.map(|ending| (format!("{name}{ending}"), place))
    };
    let mut taken: Vec<(String, Place)> = types(cell, ["", "State", "Grads"]).into();
    let mut left = Vec::new();
    for fixed in fixed {
        let here = types(&fixed.name, ["", "Params", "State"]);
        let twice = here
            .iter()
            .find_map(|(name, _)| taken.iter().find(|(other, _)| other == name).cloned());
        match twice {
            Some((name, first)) => diagnostics.push(diag::fixed_name(here[0].1, &name, first)),
            None => left.push(fixed),
        }
        taken.extend(here);
    }
    left
}
