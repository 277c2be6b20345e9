//! Steps in angles without braces, as courses write them: `h^<t-1>` as `h^(t-1)`. Of both front
//! ends.

use super::{Bracket, Kind};

/// Puts brackets in the place of the angles behind each `^`. `kind` tells what a piece is, `with`
/// gives a piece of that place and another kind.
pub(super) fn angles<T>(
    pieces: &mut Vec<T>,
    kind: impl Fn(&T) -> Option<&Kind>,
    with: impl Fn(&T, Kind) -> T,
) {
    for sup in (0..pieces.len()).rev() {
        let is = |at: usize, wanted: &Kind| pieces.get(at).and_then(&kind) == Some(wanted);
        if !is(sup, &Kind::Sup) || !is(sup + 1, &Kind::Less) {
            continue;
        }
        let signed = is(sup + 3, &Kind::Plus) || is(sup + 3, &Kind::Minus);
        let values: &[usize] = if signed { &[2, 4] } else { &[2] };
        let value = |offset: &usize| {
            let kind = pieces.get(sup + offset).and_then(&kind);
            matches!(kind, Some(Kind::Word(_) | Kind::Number(..)))
        };
        let close = sup + if signed { 5 } else { 3 };
        // `c^<t>= …`
        let joined = is(close, &Kind::GreaterEq);
        if !(joined || is(close, &Kind::Greater)) || !values.iter().all(value) {
            continue;
        }
        if joined {
            pieces.insert(close + 1, with(&pieces[close], Kind::Equals));
        }
        for (at, bracket) in [
            (sup + 1, Kind::Open(Bracket::Paren)),
            (close, Kind::Close(Bracket::Paren)),
        ] {
            pieces[at] = with(&pieces[at], bracket);
        }
    }
}
