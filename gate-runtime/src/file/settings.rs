//! Numbers beside the tensors, a line each in the metadata.

use std::fmt;

/// A number that a file keeps beside the tensors, such as the learning rate of an optimiser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// A number; a file has all of its digits.
    Number(f64),
    /// On or off.
    Switch(bool),
    /// A count, as of steps.
    Count(u64),
}

/// A number that a file gives back.
#[derive(Debug)]
pub enum SettingMut<'a> {
    /// A number.
    Number(&'a mut f64),
    /// On or off.
    Switch(&'a mut bool),
    /// A count.
    Count(&'a mut u64),
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The shortest text that is read as the same number.
            Setting::Number(number) => write!(f, "{number:?}"),
            Setting::Switch(on) => on.fmt(f),
            Setting::Count(count) => count.fmt(f),
        }
    }
}

impl Setting {
    /// A setting of the same kind, from the text of a file.
    pub(super) fn parse(self, text: &str) -> Option<Setting> {
        match self {
            Setting::Number(_) => {
                let number: f64 = text.parse().ok()?;
                number.is_finite().then_some(Setting::Number(number))
            }
            Setting::Switch(_) => text.parse().ok().map(Setting::Switch),
            Setting::Count(_) => text.parse().ok().map(Setting::Count),
        }
    }

    /// Whether a file can give it back.
    pub(super) fn is_finite(self) -> bool {
        !matches!(self, Setting::Number(number) if !number.is_finite())
    }

    /// What its text must be.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Setting::Number(_) => "a number",
            Setting::Switch(_) => "`true` or `false`",
            Setting::Count(_) => "a count",
        }
    }
}

impl SettingMut<'_> {
    /// What it is.
    pub(super) fn value(self) -> Setting {
        match self {
            SettingMut::Number(own) => Setting::Number(*own),
            SettingMut::Switch(own) => Setting::Switch(*own),
            SettingMut::Count(own) => Setting::Count(*own),
        }
    }

    /// Takes the value of a setting of the same kind.
    pub(super) fn set(self, value: Setting) {
        match (self, value) {
            (SettingMut::Number(own), Setting::Number(value)) => *own = value,
            (SettingMut::Switch(own), Setting::Switch(value)) => *own = value,
            (SettingMut::Count(own), Setting::Count(value)) => *own = value,
            _ => unreachable!("`settings` and `settings_mut` list the same"),
        }
    }
}
