//! What a misspelled word was meant to be. Knows nothing of cells.

use strsim::osa_distance;

/// The candidate that a word was most likely meant to be, if any is near.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    let lower = word.to_lowercase();
    candidates
        .filter(|c| *c != word)
        .map(|c| (osa_distance(&lower, &c.to_lowercase()), c))
        .filter(|(d, _)| *d <= allowed)
        .min_by_key(|(d, _)| *d)
        .map(|(_, c)| c)
}
