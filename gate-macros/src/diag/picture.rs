//! The line of a text definition with a caret under the place, drawn into the message: inside a
//! documentation line the compiler can underline no single symbol.

use super::place::Place;

/// The text, followed by the line and a caret line where the place is one in a text definition.
pub(super) fn with_picture(text: &str, place: Place, lines: &[String]) -> String {
    let index = (place.line as usize).wrapping_sub(1);
    let Some(line) = lines.get(index) else {
        return text.to_string();
    };
    let column = place.column as usize;
    let indent: String = line
        .chars()
        .take(column)
        .filter(|c| !is_combining(*c))
        .map(|c| if c == '\t' { c } else { ' ' })
        .collect();
    let marked = line.chars().skip(column).take(place.width as usize);
    let carets = "^".repeat(marked.filter(|c| !is_combining(*c)).count().max(1));
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len());
    let line = line.trim_end();
    format!("{text}\n{gutter} |\n{number} | {line}\n{gutter} | {indent}{carets}")
}

/// Whether a character takes no room of its own: an accent on the letter before it.
fn is_combining(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn place(line: u32, column: u32, width: u32) -> Place {
        Place {
            line,
            column,
            width,
            ..Place::of(Span::call_site())
        }
    }

    #[test]
    fn token_places_have_no_picture() {
        let lines = ["f = a".to_string()];
        assert_eq!(with_picture("no", place(0, 0, 0), &lines), "no");
        assert_eq!(with_picture("no", place(7, 0, 1), &lines), "no");
    }

    #[test]
    fn carets_stand_under_the_piece() {
        let lines = ["a = b".to_string(), "f = σ(x ⊙ c)".to_string()];
        let picture = with_picture("odd", place(2, 6, 5), &lines);
        assert_eq!(picture, "odd\n  |\n2 | f = σ(x ⊙ c)\n  |       ^^^^^");
    }

    #[test]
    fn accents_take_no_room() {
        let lines = ["h\u{303}_t = c\u{303} d".to_string()];
        let picture = with_picture("odd", place(1, 10, 1), &lines);
        assert!(picture.ends_with("\n  |         ^"), "{picture}");
        let picture = with_picture("odd", place(1, 0, 2), &lines);
        assert!(picture.ends_with("\n  | ^"), "{picture}");
    }

    #[test]
    fn a_place_behind_the_line_gets_one_caret() {
        let lines = ["ab".to_string()];
        assert!(with_picture("odd", place(1, 9, 3), &lines).ends_with("\n  |   ^"));
    }
}
