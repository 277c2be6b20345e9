//! What a file holds, for models that do not know it beforehand.

use super::settings::{Setting, SettingMut};

/// Names and shapes of a file's tensors, and its values of a model's settings.
#[derive(Debug)]
pub struct Contents {
    pub(super) tensors: Vec<(String, Vec<usize>)>,
    pub(super) settings: Vec<(String, Setting)>,
}

/// Where a tensor of a file goes.
#[derive(Clone, Debug)]
pub struct Place {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) earlier: Option<String>,
    /// Whether it counts steps.
    pub(super) counts: bool,
}

impl Contents {
    /// All tensors.
    pub(super) fn tensors(&self) -> impl Iterator<Item = (&str, &[usize])> {
        let tensors = self.tensors.iter();
        tensors.map(|(name, shape)| (&**name, &**shape))
    }

    /// Sets a setting that the file has.
    pub(super) fn give(&self, name: &str, setting: SettingMut<'_>) {
        if let Some((_, value)) = self.settings.iter().find(|(own, _)| own == name) {
            setting.set(*value);
        }
    }

    /// What the file holds of a part, under the names that it has there.
    pub(super) fn of_part(&self, part: &str) -> Contents {
        fn of<V: Clone>(part: &str, all: &[(String, V)]) -> Vec<(String, V)> {
            let own = |name: &str| Some(name.strip_prefix(part)?.strip_prefix('.')?.to_owned());
            let named = all.iter();
            named
                .filter_map(|(name, value)| Some((own(name)?, value.clone())))
                .collect()
        }
        Contents {
            tensors: of(part, &self.tensors),
            settings: of(part, &self.settings),
        }
    }
}
