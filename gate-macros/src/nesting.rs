//! How deeply brackets are nested in what a macro is given: `syn` and the compiler go through
//! brackets in brackets by calls in calls, which a program that writes definitions could make so
//! many that the compiler dies.

use proc_macro2::{TokenStream, TokenTree};

use crate::diag::{self, Diagnostics, Place};

/// More levels than the language reads, and fewer than the stack of a thread has room for.
const MOST_LEVELS: usize = 200;

/// Whether brackets are nested too deeply, which is reported. Needs no stack for it.
pub(crate) fn too_deep(stream: &TokenStream, diagnostics: &mut Diagnostics) -> bool {
    let mut levels = vec![stream.clone().into_iter()];
    while let Some(level) = levels.last_mut() {
        match level.next() {
            None => {
                levels.pop();
            }
            Some(TokenTree::Group(group)) if levels.len() > MOST_LEVELS => {
                let place = Place::of(group.span_open());
                diagnostics.push(diag::brackets_too_deep(place, MOST_LEVELS));
                return true;
            }
            Some(TokenTree::Group(group)) => levels.push(group.stream().into_iter()),
            Some(_) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group};

    use super::*;

    #[test]
    fn nesting_is_counted_without_a_stack() {
        let nested = |levels: usize| {
            let within = |inner, _| TokenTree::Group(Group::new(Delimiter::Bracket, inner)).into();
            (0..levels).fold(TokenStream::new(), within)
        };
        let mut diagnostics = Diagnostics::default();
        let beside: TokenStream = std::iter::repeat_n(nested(100), 300).collect();
        assert!(!too_deep(&nested(MOST_LEVELS), &mut diagnostics));
        assert!(!too_deep(&beside, &mut diagnostics));
        assert!(!diagnostics.any());
        assert!(too_deep(&nested(MOST_LEVELS + 1), &mut diagnostics));
        assert_eq!(diagnostics.codes(), ["brackets_too_deep"]);
    }
}
