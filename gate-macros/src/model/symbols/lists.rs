//! The struct line's lists of inputs and outputs.

use crate::diag::{self, Diagnostics, Place};
use crate::model::SymbolId;
use crate::model::names::Written;
use crate::model::names::clock::Part;
use crate::syntax::{Header, Name};

use super::Table;

impl Table {
    /// The symbols of a list.
    pub(super) fn listed(
        &mut self,
        names: &[Name],
        diagnostics: &mut Diagnostics,
    ) -> Vec<SymbolId> {
        let mut ids = Vec::new();
        for name in names {
            let written = Written::of(name, &self.clock);
            written.report(&self.clock, diagnostics);
            let key = written.labelled();
            let id = self.symbol(&key, name.place);
            self.symbols[id].listed.get_or_insert(name.place);
            match ids.contains(&id) {
                true => diagnostics.push(diag::listed_twice(name.place, &key.printed())),
                false => ids.push(id),
            }
        }
        ids
    }

    /// Reports what is listed at another step than this one.
    pub(super) fn check_lists(&self, header: &Header, diagnostics: &mut Diagnostics) {
        for (list, input) in [(&header.inputs, true), (&header.outputs, false)] {
            for name in list.iter().flatten() {
                let written = Written::of(name, &self.clock);
                let key = written.labelled();
                let (Some(time), Some(entry)) = (written.time, self.find(&key)) else {
                    continue;
                };
                let now = match input {
                    true => self.inputs_at.unwrap_or(self.now),
                    false => entry.left.unwrap_or(self.now),
                };
                let sound = input != entry.defined.is_some();
                if sound && written.fault.is_none() && time != 0 && time != now {
                    let place = self.index_place(name);
                    diagnostics.push(diag::listed_with_delay(place, &key.printed(), input));
                }
            }
        }
    }

    /// Where the time index of a name stands.
    fn index_place(&self, name: &Name) -> Place {
        let timed = |part: &Part| matches!(part, Part::Time(_));
        let mut marks = name.marks.iter();
        let index = marks.find(|mark| self.clock.parts(&name.base, mark).iter().any(timed));
        index.map_or(name.place, |mark| mark.place)
    }
}
