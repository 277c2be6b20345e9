//! Where a piece of a definition stands.

use proc_macro2::Span;

/// Where a piece of a definition stands.
///
/// Token definitions have an exact [`Span`]; text definitions have the span of the line's
/// literal and a column in that line, so that a caret can be drawn inside the message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The compiler's span: the token itself, or the documentation line that holds it.
    pub(crate) span: Span,
    /// The span of the last token of the piece, where tokens have spans of their own.
    pub(crate) end: Span,
    /// Number of the line in the definition's text, from 1; 0 for token definitions.
    pub(crate) line: u32,
    /// First character of the piece in that line, from 0.
    pub(crate) column: u32,
    /// Number of characters.
    pub(crate) width: u32,
    /// The definition that it stands in: 0 for the one at hand, else one that this refers to.
    pub(crate) layer: u16,
}

impl Place {
    /// Whether it stands in documentation text.
    pub(crate) fn is_text(&self) -> bool {
        self.line > 0
    }

    /// Whether two places are one. Of tokens only a compiler tells.
    pub(crate) fn is(&self, other: &Place) -> bool {
        let numbers = |p: &Place| (p.line, p.column, p.width, p.layer);
        if numbers(self) != numbers(other) {
            return false;
        }
        // Spans cannot be compared, but they print what they are.
        let spans = |p: &Place| format!("{:?} {:?}", p.span, p.end);
        let told = || spans(self).contains(|c: char| c.is_ascii_digit());
        self.is_text() || told() && spans(self) == spans(other)
    }

    /// The place of a token that has a span of its own.
    pub(crate) fn of(span: Span) -> Place {
        Place {
            span,
            end: span,
            line: 0,
            column: 0,
            width: 0,
            layer: 0,
        }
    }

    /// The place from the start of `self` to the end of `end` where both are tokens or stand on
    /// one text line; else `self`.
    pub(crate) fn to(self, end: Place) -> Place {
        let one_layer = self.layer == end.layer;
        if self.line == 0 && end.line == 0 && one_layer {
            return Place {
                end: end.end,
                ..self
            };
        }
        let one_line = self.line == end.line && one_layer;
        if self.line == 0 || !one_line || end.column < self.column {
            return self;
        }
        Place {
            width: end.column + end.width - self.column,
            ..self
        }
    }
}
