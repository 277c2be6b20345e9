//! Numbers of things in sentences.

/// A number with its noun: `1 step`, `2 steps`, `3 classes`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "axis") => format!("{count} axes"),
        (_, noun) if noun.ends_with('s') => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}

/// `1 was`, `2 were`.
pub(crate) fn were(count: usize) -> String {
    match count {
        1 => "1 was".to_owned(),
        _ => format!("{count} were"),
    }
}

/// `there is 1 class`, `there are 2 classes`.
pub(crate) fn there_are(count: usize, noun: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("there {verb} {}", counted(count, noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_nouns_and_verbs() {
        let steps = [0, 1, 2].map(|count| counted(count, "step"));
        assert_eq!(steps, ["0 steps", "1 step", "2 steps"]);
        assert_eq!(counted(3, "axis"), "3 axes");
        assert_eq!(counted(1, "axis"), "1 axis");
        assert_eq!(there_are(1, "class"), "there is 1 class");
        assert_eq!(there_are(2, "class"), "there are 2 classes");
        assert_eq!([0, 1, 2].map(were), ["0 were", "1 was", "2 were"]);
    }
}
