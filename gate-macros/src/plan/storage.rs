//! Where values live.
//!
//! Takes: a flow in normal form with sections and phases. Gives: a slot for every value that
//! more than one instruction touches. Values that one product reads side by side are placed
//! side by side, so that the product is one.

use crate::ir::{Id, Op};
use crate::model::{Dim, Shape};

use super::flow::{Flow, Work};
use super::phases::{together, view};
use super::schedule::{Area, Buffer, Kind, Schedule, Slot, SlotId};
use super::sections::Section;

/// One direction while it is being planned.
pub(crate) struct Draft {
    pub(crate) flow: Flow,
    pub(crate) section: Vec<Section>,
    pub(crate) phase: Vec<usize>,
    /// Nodes that must be stored whoever reads them, and for how long.
    pub(crate) pinned: Vec<Option<Kind>>,
    /// Where each node's value is; views and leaves included.
    pub(crate) slot: Vec<Option<SlotId>>,
    /// Names for buffers and for lines of fused functions.
    pub(crate) names: Vec<String>,
    /// Names that are only numbers.
    pub(crate) numbered: Vec<bool>,
    /// Products whose results stay in the registers of a stage.
    pub(crate) staged: Vec<bool>,
    /// Slices and transpositions that are read in place.
    pub(crate) skipped: Vec<bool>,
    /// What plain products are added to, where that is something.
    pub(crate) base: Vec<Option<Id>>,
}

/// The number of elements of a shape.
pub(crate) fn area(shape: &Shape) -> Area {
    match shape {
        Shape::Scalar => Vec::new(),
        Shape::Vector(n) => vec![n.clone()],
        Shape::Matrix(m, n) => vec![m.clone(), n.clone()],
    }
}

impl Schedule {
    /// The slot, shared with an equal one.
    pub(crate) fn slot(&mut self, slot: Slot) -> SlotId {
        match self.slots.iter().position(|s| *s == slot) {
            Some(id) => id,
            None => {
                self.slots.push(slot);
                self.slots.len() - 1
            }
        }
    }

    /// A buffer for one value, as a slot.
    pub(crate) fn single(&mut self, name: &str, kind: Kind, area: Area) -> SlotId {
        self.buffers.push(Buffer {
            names: vec![name.to_owned()],
            kind,
            areas: vec![area.clone()],
        });
        self.slot(Slot {
            buffer: self.buffers.len() - 1,
            skip: Vec::new(),
            width: vec![area],
            delay: 0,
        })
    }

    /// The one buffer of a parameter, its gradient, or a hyper-parameter.
    pub(crate) fn global(&mut self, name: &str, kind: Kind, area: Area) -> SlotId {
        match self.buffers.iter().position(|b| b.kind == kind) {
            Some(buffer) => self.slot(Slot {
                buffer,
                skip: Vec::new(),
                width: vec![area],
                delay: 0,
            }),
            None => self.single(name, kind, area),
        }
    }

    /// The same value some steps earlier (or later).
    pub(crate) fn delayed(&mut self, slot: SlotId, delay: isize) -> SlotId {
        let mut slot = self.slots[slot].clone();
        slot.delay += delay;
        self.slot(slot)
    }

    /// The run that several neighbouring slots form, if they do.
    pub(crate) fn run(&mut self, parts: &[SlotId]) -> Option<SlotId> {
        let mut run = self.slots[*parts.first()?].clone();
        for &part in &parts[1..] {
            let next = &self.slots[part];
            let mut end = run.skip.clone();
            end.extend(run.width.iter().cloned());
            if next.buffer != run.buffer || next.delay != run.delay || next.skip != end {
                return None;
            }
            let width = next.width.clone();
            run.width.extend(width);
        }
        Some(self.slot(run))
    }
}

impl Draft {
    /// Whether a node needs memory: it is pinned, or something outside its fused function reads it.
    pub(crate) fn stored(&self, id: Id, users: &[Vec<Id>]) -> bool {
        let node = &self.flow.nodes[id];
        if node.leaf()
            || matches!(node.op, Work::Spread(_))
            || view(&self.flow, id)
            || self.skipped[id]
            || self.section[id] == Section::Reduce
        {
            return false;
        }
        let inside = |&u: &Id| match self.staged[id] {
            true => self.in_stage(id, u),
            false => together(&self.flow, &self.section, &self.phase, id, u) || self.folded(u),
        };
        let fused = node.elementwise() || self.staged[id];
        self.pinned[id].is_some() || !fused || !users[id].iter().all(inside)
    }

    /// Whether a sum is one of the results of the function that computes its terms.
    pub(crate) fn folded(&self, id: Id) -> bool {
        let node = &self.flow.nodes[id];
        matches!(node.op, Work::Fold(_)) && self.section[node.args[0]] == self.section[id]
    }

    /// Whether `user` is computed by the fused function of the stage that computes product `id`.
    pub(crate) fn in_stage(&self, id: Id, user: Id) -> bool {
        self.section[user] == self.section[id]
            && self.phase[user] == self.phase[id]
            && self.flow.nodes[user].elementwise()
            && self.flow.nodes[user].shape == self.flow.nodes[id].shape
    }

    /// How long a stored value lives.
    pub(crate) fn kind(&self, id: Id, users: &[Vec<Id>]) -> Kind {
        let own = match self.section[id] {
            Section::Once | Section::Finish => return Kind::Shared,
            Section::Loop => Kind::Step,
            _ => Kind::Block,
        };
        self.demand(id, self.section[id], users)
            .unwrap_or(own)
            .max(own)
    }

    /// Whether a value of the loop is wanted itself, or read outside of the loop.
    pub(crate) fn outlasts_loop(&self, id: Id, users: &[Vec<Id>]) -> bool {
        self.demand(id, Section::Loop, users).is_some()
    }

    /// The longest life that anything asks of a value computed in `section`.
    fn demand(&self, id: Id, section: Section, users: &[Vec<Id>]) -> Option<Kind> {
        users[id]
            .iter()
            .filter_map(|&u| match self.section[u] {
                _ if view(&self.flow, u) || matches!(self.flow.nodes[u].op, Work::Spread(_)) => {
                    self.demand(u, section, users)
                }
                Section::Reduce => Some(Kind::Full),
                s if s == section => None,
                _ => Some(Kind::Block),
            })
            .chain(self.pinned[id])
            .max()
    }

    /// Gives every stored value its place; `wishes` are values that should be neighbours.
    pub(crate) fn place(&mut self, schedule: &mut Schedule, wishes: &[Vec<Id>]) {
        let users = self.flow.users();
        let mut sorted: Vec<&Vec<Id>> = wishes.iter().filter(|w| w.len() > 1).collect();
        sorted.sort_by_key(|w| std::cmp::Reverse(w.len()));
        for wish in sorted {
            self.place_side_by_side(schedule, wish, &users);
        }
        for id in 0..self.flow.nodes.len() {
            if self.slot[id].is_none() && self.stored(id, &users) {
                let (kind, area) = (self.kind(id, &users), area(&self.flow.nodes[id].shape));
                self.slot[id] = Some(schedule.single(&self.names[id].clone(), kind, area));
            }
        }
        for id in 0..self.flow.nodes.len() {
            if view(&self.flow, id) {
                self.slot[id] = self.view_slot(schedule, id);
            }
        }
    }

    /// One buffer for all values of a wish, where none of them has a place yet.
    fn place_side_by_side(&mut self, schedule: &mut Schedule, wish: &[Id], users: &[Vec<Id>]) {
        let free = |id: Id| {
            let node = &self.flow.nodes[id];
            let whole = matches!(node.op, Work::Product(_) | Work::Op(Op::Concat));
            let computed = node.elementwise() || whole;
            let bound = matches!(
                self.pinned[id],
                Some(Kind::History(_) | Kind::Future(_) | Kind::Ahead(_))
            );
            self.slot[id].is_none() && !bound && computed && self.stored(id, users)
        };
        let mut group: Vec<Id> = wish.iter().copied().filter(|&id| free(id)).collect();
        group.dedup();
        if group.len() < wish.len() {
            return;
        }
        group.sort_by_key(|&id| (self.phase[id], id));
        let kind = group
            .iter()
            .map(|&id| self.kind(id, users))
            .max()
            .unwrap_or(Kind::Full);
        let areas: Vec<Area> = group
            .iter()
            .map(|&id| area(&self.flow.nodes[id].shape))
            .collect();
        schedule.buffers.push(Buffer {
            names: group.iter().map(|&id| self.names[id].clone()).collect(),
            kind,
            areas: areas.clone(),
        });
        for (i, &id) in group.iter().enumerate() {
            let slot = Slot {
                buffer: schedule.buffers.len() - 1,
                skip: areas[..i].to_vec(),
                width: vec![areas[i].clone()],
                delay: 0,
            };
            self.slot[id] = Some(schedule.slot(slot));
        }
    }

    /// The slot of a slice: its argument's, further in.
    fn view_slot(&self, schedule: &mut Schedule, id: Id) -> Option<SlotId> {
        let node = &self.flow.nodes[id];
        let Work::Op(Op::Slice { from, .. }) = &node.op else {
            return None;
        };
        let mut slot = schedule.slots[self.slot[node.args[0]]?].clone();
        let mut skip: Area = vec![from.clone()];
        if let Shape::Matrix(_, columns) = &node.shape {
            skip.push(columns.clone());
        }
        if *from != Dim::number(0) {
            slot.skip.push(skip);
        }
        slot.width = vec![area(&node.shape)];
        Some(schedule.slot(slot))
    }
}
