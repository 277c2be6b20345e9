//! The lines of a file's metadata.

use super::error::FileError;
use super::settings::Setting;
use super::{EQUATIONS, FORMAT, Origin};
use crate::words::counted;

/// What the metadata of a file say, a key and a value each.
pub(super) struct Entries<'t> {
    origin: &'t Origin,
    lines: Vec<(&'t str, &'t str)>,
}

impl<'t> Entries<'t> {
    pub(super) fn new(origin: &'t Origin, text: &'t str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once(" = "));
        Entries {
            origin,
            lines: lines.collect(),
        }
    }

    pub(super) fn find(&self, key: &str) -> Option<&'t str> {
        let line = self.lines.iter().find(|(own, _)| *own == key);
        line.map(|(_, value)| *value)
    }

    /// Whether the file says that it holds this model.
    pub(super) fn check(
        &self,
        expected: &[(String, String)],
        other_equations: bool,
    ) -> Result<(), FileError> {
        let version = self.find(FORMAT.0);
        if version != Some(FORMAT.1) {
            let version = version.unwrap_or("not stated");
            return Err(self.damaged(format!(
                "its format is {version}, this version reads {}",
                FORMAT.1
            )));
        }
        for (key, expected) in expected {
            let found = self.find(key);
            let is_equations = key.rsplit('.').next() == Some(EQUATIONS);
            if found == Some(expected) || (is_equations && other_equations) {
                continue;
            }
            return Err(self.other(key, expected));
        }
        Ok(())
    }

    /// That an entry is not what it must be.
    pub(super) fn other(&self, key: &str, expected: &str) -> FileError {
        let kind = key.rsplit('.').next().unwrap_or(key);
        let (expected, found) = match self.find(key) {
            Some(found) if kind == EQUATIONS => differing(expected, found),
            Some(found) => (described(kind, expected), described(kind, found)),
            None => (described(kind, expected), self.whole()),
        };
        FileError::OtherModel {
            origin: self.origin.clone(),
            entry: key.to_owned(),
            expected,
            found,
            advice: self.advice(key, kind),
        }
    }

    /// What the file holds, in words.
    fn whole(&self) -> String {
        let kinds = ["cell", "stack", "pooling", "head", "optimiser"];
        let found = kinds.iter().find_map(|kind| Some((kind, self.find(kind)?)));
        if let Some((kind, value)) = found {
            return described(kind, value);
        }
        let mut parts: Vec<String> = Vec::new();
        for (key, _) in self.lines.iter().filter(|(key, _)| *key != FORMAT.0) {
            let part = format!("`{}`", key.split('.').next().unwrap_or(key));
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let noun = if parts.len() == 1 { "part" } else { "parts" };
        format!("the {noun} {}", parts.join(", "))
    }

    /// What to do about an entry that differs.
    fn advice(&self, key: &str, kind: &str) -> String {
        let part = |(own, _): &(&'t str, _)| own.strip_suffix(key)?.strip_suffix('.');
        let text = match (kind, self.lines.iter().find_map(part)) {
            (_, Some(part)) if self.find(key).is_none() => {
                return format!(
                    "the file has such a part: load it by `Parts::new().with(\"{part}\", …)`, or \
                     make it by `Reader::load_part`"
                );
            }
            (EQUATIONS, _) => {
                "load it into the same definition, or allow this with `Reader::other_equations`"
            }
            ("cell", _) => {
                "load it into the cell that it was saved from, or say by `Import` which of its \
                 tensors are those of this one"
            }
            _ => "load it into a model of the same kind and sizes, or make one by `load_model`",
        };
        text.to_owned()
    }

    /// Whether the file has nothing to say of this model that is not known.
    pub(super) fn check_rest<'k>(
        &self,
        known: impl Iterator<Item = &'k str> + Clone,
        own: impl Fn(&str) -> bool,
    ) -> Result<(), FileError> {
        let unknown = |key: &str| key != FORMAT.0 && !known.clone().any(|k| k == key) && own(key);
        match self.lines.iter().find(|(key, _)| unknown(key)) {
            Some((key, value)) => Err(FileError::SettingUnknown {
                origin: self.origin.clone(),
                setting: (*key).to_owned(),
                value: (*value).to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// The file's values of settings, as far as it has them.
    pub(super) fn settings(
        &self,
        own: &[(String, Setting)],
    ) -> Result<Vec<(String, Setting)>, FileError> {
        let value = |(key, own): &(String, Setting)| {
            let text = self.find(key)?;
            let unread = || {
                let kind = own.kind();
                self.damaged(format!(
                    "its setting `{key}` is `{text}`, but must be {kind}"
                ))
            };
            let value = own.parse(text).ok_or_else(unread);
            Some(value.map(|value| (key.clone(), value)))
        };
        own.iter().filter_map(value).collect()
    }

    /// That the file is none of this crate, or no longer.
    pub(super) fn damaged(&self, reason: String) -> FileError {
        FileError::NotAModel {
            origin: self.origin.clone(),
            reason,
        }
    }
}

/// An entry's value as a text has it.
fn described(kind: &str, value: &str) -> String {
    match kind {
        "stack" => match value.strip_suffix(" layers").map(str::parse) {
            Some(Ok(layers)) => format!("a stack of {}", counted(layers, "layer")),
            _ => value.to_owned(),
        },
        "pooling" if !value.contains(' ') => format!("a classifier with pooling {value}"),
        "head" => format!("a head {value}"),
        _ => value.to_owned(),
    }
}

/// The first of two lists of equations that differ, of either list.
fn differing(expected: &str, found: &str) -> (String, String) {
    let (mut own, mut theirs) = (expected.split("; "), found.split("; "));
    loop {
        let (a, b) = match (own.next(), theirs.next()) {
            (Some(a), Some(b)) if a == b => continue,
            (a, b) => (a.unwrap_or_default(), b.unwrap_or_default()),
        };
        let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
        return (around(a, same), around(b, same));
    }
}

/// An equation, of a long one what stands around a place.
fn around(equation: &str, place: usize) -> String {
    const BEFORE: usize = 30;
    const AFTER: usize = 50;
    let length = equation.chars().count();
    if length == 0 {
        return "no further equation".to_owned();
    }
    if length <= BEFORE + AFTER {
        return format!("`{equation}`");
    }
    let start = place.saturating_sub(BEFORE);
    let part: String = equation.chars().skip(start).take(BEFORE + AFTER).collect();
    let [before, after] = [start > 0, start + BEFORE + AFTER < length];
    let dots = |there| if there { "…" } else { "" };
    format!("`{}{part}{}`", dots(before), dots(after))
}
