//! Every message is shown by a test: a compile test that names its code word (a file of
//! `tests/ui/fail` after it, or a comment), or a unit test that quotes it.

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files below a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the sources");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let below = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    };
    let all = paths.into_iter().flat_map(below);
    all.filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file")
}

/// The names of the constructors, with the text of each.
fn constructors() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diag");
    let is_table = |path: &PathBuf| path.to_string_lossy().contains("messages");
    let mut out = Vec::new();
    for path in files(&folder).into_iter().filter(is_table) {
        let source = text(&path);
        for part in source.split("pub(crate) fn ").skip(1) {
            let name = part.split('(').next().unwrap_or_default();
            out.push((name.to_owned(), part.to_owned()));
        }
    }
    out
}

/// The tests of this crate, without this file.
fn unit_tests() -> String {
    let sources = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let tests = sources
        .iter()
        .filter(|path| !path.ends_with("diag/tests.rs"));
    let only_tests = tests.map(|path| {
        let source = text(path);
        match path.to_string_lossy().contains("tests") {
            true => source,
            false => source
                .split_once("#[cfg(test)]")
                .map_or(String::new(), |(_, tests)| tests.to_owned()),
        }
    });
    only_tests.collect()
}

/// The code words that compile tests name: their files, and words in their comments.
fn compile_tests() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui/fail");
    let mut words = Vec::new();
    for path in files(&folder) {
        words.extend(path.file_stem().map(|s| s.to_string_lossy().into_owned()));
        for line in text(&path).lines() {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            words.extend(comment.split([' ', ',']).map(str::to_owned));
        }
    }
    words
}

#[test]
fn code_words_are_the_constructors_names() {
    let all = constructors();
    assert!(all.len() > 80, "{} constructors found", all.len());
    for (name, body) in all {
        assert!(body.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn every_message_has_a_test() {
    let (units, compiled) = (unit_tests(), compile_tests());
    let untested: Vec<String> = constructors()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !units.contains(&format!("\"{name}\"")) && !compiled.contains(name))
        .collect();
    assert!(untested.is_empty(), "no test shows {untested:?}");
}
