//! Hoisted products that stages take up.
//!
//! Takes: a [`Draft`] of the forward pass with its stages. Gives: which product of a stage has a
//! sum that begins with a hoisted one, `x W + h U`. With few rows the hoisted product is computed
//! for a block of steps and read back; with many a stage computes both. Every term is added in
//! one order either way.

use crate::ir::{Binary, Id, Op};

use super::flow::Work;
use super::products::{Group, groups, operands};
use super::schedule::{Hoisted, Packs, Schedule, SlotId};
use super::sections::Section;
use super::storage::{Begin, Draft};

impl Draft {
    /// Finds the sums of a staged product and a hoisted one that nothing else reads.
    pub(crate) fn choose_begins(&mut self) {
        let users = self.flow.users();
        for id in 0..self.flow.nodes.len() {
            if !self.staged[id] || self.section[id] != Section::Loop {
                continue;
            }
            let &[sum] = users[id].as_slice() else {
                continue;
            };
            let node = &self.flow.nodes[sum];
            let add = node.op == Work::Op(Op::Binary(Binary::Add));
            let other = node.args.iter().copied().find(|&a| a != id);
            self.begins[id] = other
                .filter(|&other| {
                    add && self.in_stage(id, sum) && self.only_begins(other, id, &users[other])
                })
                .map(|hoisted| Begin { hoisted, sum });
        }
    }

    /// Whether a value is a hoisted product like `id` with one reader.
    fn only_begins(&self, hoisted: Id, id: Id, users: &[Id]) -> bool {
        let node = &self.flow.nodes[hoisted];
        matches!(&node.op, Work::Product(flags) if flags.len() == 1)
            && node.shape == self.flow.nodes[id].shape
            && self.section[hoisted] == Section::Before
            && !self.staged[hoisted]
            && self.pinned[hoisted].is_none()
            && users.len() == 1
    }

    /// What a product is summed up with: products that agree in this stay together. `None` if it
    /// has no partner.
    pub(crate) fn partner(&self, id: Id) -> Option<(usize, Vec<Id>)> {
        if let Some(begin) = self.begins[id] {
            return Some((0, operands(&self.flow, begin.hoisted)));
        }
        let is_begin = |b: &Option<Begin>| b.is_some_and(|b| b.hoisted == id);
        let stage = self.begins.iter().position(is_begin)?;
        Some((self.phase[stage], operands(&self.flow, stage)))
    }

    /// Drops the pairs whose hoisted products did not come to stand side by side.
    pub(crate) fn settle_begins(&mut self, schedule: &mut Schedule) {
        let last = self.phase.iter().copied().max().unwrap_or(0);
        for phase in 0..=last {
            let staged = (0..self.flow.nodes.len()).filter(|&id| {
                self.staged[id] && self.section[id] == Section::Loop && self.phase[id] == phase
            });
            let staged: Vec<Id> = staged.collect();
            for group in groups(self, schedule, &staged) {
                if self.sums(&group, schedule).is_none() {
                    for &part in &group.parts {
                        self.begins[part] = None;
                    }
                }
            }
        }
    }

    /// Where the hoisted sums of a group stand, if it has any and they are neighbours.
    fn sums(&self, group: &Group, schedule: &mut Schedule) -> Option<SlotId> {
        let slots = group.parts.iter().map(|&part| {
            let hoisted = self.begins[part]?.hoisted;
            self.slot[hoisted]
        });
        schedule.run(&slots.collect::<Option<Vec<SlotId>>>()?)
    }

    /// The hoisted product that a group of a stage begins with.
    pub(crate) fn hoisted(
        &self,
        group: &Group,
        schedule: &mut Schedule,
        packs: &mut Packs,
    ) -> Option<Hoisted> {
        let sums = self.sums(group, schedule)?;
        let parts: Vec<Id> = group
            .parts
            .iter()
            .filter_map(|&part| Some(self.begins[part]?.hoisted))
            .collect();
        let left = operands(&self.flow, parts[0])
            .first()
            .and_then(|&left| self.slot[left])?;
        let own = Group {
            left: vec![left],
            parts,
            staged: true,
        };
        let weight = own.pack(self, schedule);
        packs.joined.push(weight);
        Some(Hoisted { sums, left, weight })
    }
}
