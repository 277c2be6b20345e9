//! Files that documentation includes: `#[doc = include_str!("article.md")]`.
//!
//! The compiler hands the call over unexpanded, so the macro finds the file itself: relative to
//! the calling source file as `include_str!` does, and relative to the folder of `Cargo.toml`
//! where the source file is not known, as in an editor's language server.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use proc_macro2::Span;

use crate::diag::{self, Diagnostic, Place};

/// A file and its text; `None` where neither the calling source file nor a file relative to the
/// package is known.
pub(crate) fn load(path: &str, span: Span) -> Result<Option<(PathBuf, String)>, Diagnostic> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    read_first(path, span, source_folder(span), package)
}

/// The folder of the source file that a span is in.
fn source_folder(span: Span) -> Option<PathBuf> {
    if !proc_macro::is_available() {
        return None;
    }
    let file = span.unwrap().local_file()?;
    file.parent().map(Path::to_path_buf)
}

/// The first file that exists.
fn read_first(
    path: &str,
    span: Span,
    source: Option<PathBuf>,
    package: Option<PathBuf>,
) -> Result<Option<(PathBuf, String)>, Diagnostic> {
    let place = Place::of(span);
    let known = source.is_some();
    let inside = package.as_ref().map(|package| package.join("src"));
    // `join` of an absolute path gives that path.
    let tried: Vec<PathBuf> = [source, package, inside]
        .into_iter()
        .flatten()
        .map(|folder| folder.join(path))
        .collect();
    for candidate in &tried {
        match std::fs::read_to_string(candidate) {
            Ok(text) => return Ok(Some((candidate.clone(), text))),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => return Err(diag::file_unreadable(place, path, &error.to_string())),
        }
    }
    if !known {
        return Ok(None);
    }
    let tried: Vec<String> = tried
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    Err(diag::file_missing(place, path, &tried))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, source: Option<&str>) -> Result<Option<String>, Diagnostic> {
        let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let source = source.map(|folder| package.join(folder));
        let file = read_first(path, Span::call_site(), source, Some(package))?;
        Ok(file.map(|(_, text)| text))
    }

    #[test]
    fn the_source_folder_comes_first() {
        let text = read("mod.rs", Some("src/read"))
            .expect("readable")
            .expect("found");
        assert!(text.contains("Stage 1"));
        let text = read("../diag/mod.rs", Some("src/read"))
            .expect("readable")
            .expect("found");
        assert!(text.contains("diagnostics"));
    }

    #[test]
    fn then_the_package() {
        let manifest = read("Cargo.toml", Some("src/read")).expect("readable");
        assert!(manifest.is_some_and(|text| text.contains("[package]")));
        let manifest = read("Cargo.toml", None).expect("readable");
        assert!(manifest.is_some());
    }

    #[test]
    fn a_missing_file_is_a_mistake_where_the_source_is_known() {
        let error = read("no.md", Some("src")).expect_err("missing");
        assert_eq!(error.code, "file_missing");
        assert!(error.text.contains("no.md"));
        assert_eq!(read("no.md", None).expect("not known"), None);
    }

    #[test]
    fn a_folder_is_no_text() {
        let error = read("src", Some(".")).expect_err("a folder");
        assert_eq!(error.code, "file_unreadable");
    }

    #[test]
    fn outside_of_a_macro_no_source_is_known() {
        assert_eq!(source_folder(Span::call_site()), None);
    }
}
