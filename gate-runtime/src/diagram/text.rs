//! Names with subscripts and superscripts: how wide they are, and as SVG.

/// A piece of a name: raised (1), lowered (-1) or on the line (0).
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    text: String,
    level: i8,
}

/// Size of letters on the line, in pixels.
pub(super) const SIZE: f64 = 14.0;
/// That of subscripts and superscripts, as a share.
const SMALL: f64 = 0.72;

/// `W_x^(f)` in pieces: `_` and `^` hold for letters, or what stands in brackets after them.
fn pieces(text: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let level = match next {
            '_' => -1,
            '^' => 1,
            _ => 0,
        };
        let body = if level == 0 { rest } else { &rest[1..] };
        let end = match (level, body.chars().next()) {
            (0, _) => body.find(['_', '^']).unwrap_or(body.len()),
            (_, Some('{')) => body.find('}').map_or(body.len(), |i| i + 1),
            (_, Some('(')) => body.find(')').map_or(body.len(), |i| i + 1),
            _ => body
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(body.len()),
        };
        // A sign that nothing follows is a sign.
        let (piece, level, end) = match (level, end) {
            (0, end) => (&body[..end], 0, end),
            (_, 0) => (&rest[..1], 0, 0),
            (level, end) => (&body[..end], level, end),
        };
        let text = piece.trim_matches(['{', '}']).to_owned();
        out.push(Piece { text, level });
        rest = &body[end..];
    }
    out
}

/// Width of a text in pixels, rather too wide than too narrow.
pub(super) fn width(text: &str) -> f64 {
    let wide = |c: char| match c {
        '\u{300}'..='\u{36f}' => 0.0,
        'i' | 'j' | 'l' | '.' | ',' | '|' | '\'' | '(' | ')' | '[' | ']' | ' ' | '·' => 0.36,
        'f' | 'r' | 't' | '{' | '}' | '/' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '…' => 0.92,
        'A'..='Z' => 0.74,
        _ => 0.58,
    };
    let piece = |p: &Piece| {
        let scale = if p.level == 0 { 1.0 } else { SMALL };
        SIZE * scale * p.text.chars().map(wide).sum::<f64>()
    };
    pieces(text).iter().map(piece).sum()
}

/// The text as `tspan` elements.
pub(super) fn spans(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0.0;
    for piece in pieces(text) {
        let to = match piece.level {
            -1 => 0.28 * SIZE,
            1 => -0.42 * SIZE,
            _ => 0.0,
        };
        let size = if piece.level == 0 { SIZE } else { SMALL * SIZE };
        out.push_str(&format!(
            r#"<tspan font-size="{size:.1}" dy="{:.1}">{}</tspan>"#,
            to - at,
            escaped(&piece.text)
        ));
        at = to;
    }
    out
}

/// A text that may stand in XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
