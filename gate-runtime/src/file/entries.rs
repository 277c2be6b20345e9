//! The lines of a file's metadata.

use crate::error::Error;

use super::settings::Setting;
use super::{EQUATIONS, FORMAT, Origin};

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

    fn find(&self, key: &str) -> Option<&'t str> {
        let line = self.lines.iter().find(|(own, _)| *own == key);
        line.map(|(_, value)| *value)
    }

    /// Whether the file says that it holds this model.
    pub(super) fn check(
        &self,
        expected: &[(String, String)],
        other_equations: bool,
    ) -> Result<(), Error> {
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
            return Err(Error::OtherModel {
                origin: self.origin.clone(),
                entry: key.clone(),
                expected: expected.clone(),
                found: found.map_or_else(|| self.known(), str::to_owned),
                advice: self.advice(key, is_equations),
            });
        }
        Ok(())
    }

    /// What there is instead of an entry.
    fn known(&self) -> String {
        let keys: Vec<&str> = self.lines.iter().map(|(key, _)| *key).collect();
        format!("no such entry (but: {})", keys.join(", "))
    }

    /// What to do about an entry that differs.
    fn advice(&self, key: &str, is_equations: bool) -> &'static str {
        let in_part = |(own, _): &(&str, &str)| {
            let part = own.strip_suffix(key);
            part.is_some_and(|part| part.ends_with('.'))
        };
        if is_equations {
            "load it into the same definition, or allow this with `Reader::other_equations`"
        } else if self.lines.iter().any(in_part) {
            "the file has it in a part: load it by `Parts`, under the name that it was saved under"
        } else {
            "load it into a model of the same kind and sizes"
        }
    }

    /// The file's value of each setting, if it has one.
    pub(super) fn settings(
        &self,
        own: &[(String, Setting)],
    ) -> Result<Vec<Option<Setting>>, Error> {
        let value = |(key, own): &(String, Setting)| {
            let Some(text) = self.find(key) else {
                return Ok(None);
            };
            let unread = || {
                let kind = own.kind();
                self.damaged(format!(
                    "its setting `{key}` is `{text}`, but must be {kind}"
                ))
            };
            own.parse(text).map(Some).ok_or_else(unread)
        };
        own.iter().map(value).collect()
    }

    fn damaged(&self, reason: String) -> Error {
        Error::NotAModel {
            origin: self.origin.clone(),
            reason,
        }
    }
}
