//! What products are added to.
//!
//! Takes: a fused function of products, or a draft in normal form. Gives: what is only added to a
//! product, as its base: the kernel of the product adds it, and no function reads it again. A gate's
//! product in the loop stands on the input product from before the loop, and that one on the bias.

use crate::ir::{Binary, Id, Op};
use crate::model::Shape;

use super::flow::Work;
use super::products::side_by_side;
use super::schedule::{Kind, Line, MapFn, Scalar, Schedule, SlotId, Value};
use super::sections::Section;
use super::storage::{Draft, area};

/// Takes out of a stage's function what is added to its first `given` arguments, the products, and
/// gives it: one value for each product, or none at all. `inputs` are the slots of the other
/// arguments.
pub(crate) fn of_stage(
    schedule: &Schedule,
    shape: &Shape,
    map: &mut MapFn,
    given: usize,
    inputs: &mut Vec<SlotId>,
) -> Vec<Option<SlotId>> {
    let whole = vec![area(shape)];
    let mut bases = vec![None; given];
    for (product, base) in bases.iter_mut().enumerate() {
        let addends = addends(map, product);
        let addends = addends.iter().filter_map(|&(line, operand)| match operand {
            Value::Input(i) if i >= given => Some((line, i, inputs[i - given])),
            _ => None,
        });
        let (shared, own): (Vec<_>, Vec<_>) = addends
            .filter(|&(_, _, slot)| schedule.slots[slot].width == whole)
            .partition(|&(_, _, slot)| is_shared(schedule, slot));
        // What differs from row to row costs more to add.
        if let Some(&(line, input, slot)) = own.first().or(shared.first()) {
            *base = Some(slot);
            drop_addend(map, line, Value::Input(input));
        }
    }
    drop_unread(map, given, inputs);
    match bases.iter().all(Option::is_none) {
        true => Vec::new(),
        false => bases,
    }
}

fn is_shared(schedule: &Schedule, slot: SlotId) -> bool {
    let kind = schedule.buffers[schedule.slots[slot].buffer].kind;
    matches!(kind, Kind::Shared | Kind::Param(_) | Kind::Hyper(_))
}

/// The sums that an argument flows into before anything else reads them: lines, and what each adds.
fn addends(map: &mut MapFn, argument: usize) -> Vec<(usize, Value)> {
    let mut out = Vec::new();
    let mut sum = Value::Input(argument);
    loop {
        if values(map).filter(|value| **value == sum).count() != 1 {
            return out;
        }
        let adds = |line: &Line| line.op == Scalar::Binary(Binary::Add) && line.args.contains(&sum);
        let Some(line) = map.lines.iter().position(adds) else {
            return out;
        };
        let args = &map.lines[line].args;
        out.push((line, if args[0] == sum { args[1] } else { args[0] }));
        sum = Value::Line(line);
    }
}

/// A sum becomes its other operand.
fn drop_addend(map: &mut MapFn, line: usize, addend: Value) {
    let args = &map.lines[line].args;
    let other = if args[0] == addend { args[1] } else { args[0] };
    map.lines.remove(line);
    let moved = |value: &mut Value| {
        *value = match *value {
            Value::Line(i) if i == line => other,
            Value::Line(i) if i > line => Value::Line(i - 1),
            value => value,
        }
    };
    values(map).for_each(moved);
}

/// Everything that a function reads or gives.
fn values(map: &mut MapFn) -> impl Iterator<Item = &mut Value> {
    let args = map.lines.iter_mut().flat_map(|line| &mut line.args);
    args.chain(&mut map.outputs)
}

/// Removes arguments after the first `given` that nothing reads any more.
fn drop_unread(map: &mut MapFn, given: usize, inputs: &mut Vec<SlotId>) {
    for argument in (given..map.inputs.len()).rev() {
        if values(map).any(|value| *value == Value::Input(argument)) {
            continue;
        }
        map.inputs.remove(argument);
        inputs.remove(argument - given);
        let moved = |value: &mut Value| match value {
            Value::Input(i) if *i > argument => *i -= 1,
            _ => {}
        };
        values(map).for_each(moved);
    }
}

impl Draft {
    /// Adds to products before the loop what the loop would add to them, if it is the same for all
    /// rows: a bias. It is copied, so that those of several products are neighbours.
    pub(crate) fn choose_bases(&mut self) {
        for group in side_by_side(self, 1) {
            let found: Option<Vec<_>> = group.iter().map(|&id| self.bias(id)).collect();
            let mut found = found.unwrap_or_default();
            // A bias that several products reach is none of theirs.
            let mut sums: Vec<Id> = found.iter().map(|bias| bias.sum).collect();
            sums.sort_unstable();
            if sums.windows(2).any(|pair| pair[0] == pair[1]) {
                found.clear();
            }
            for (product, bias) in group.into_iter().zip(found) {
                let node = &mut self.flow.nodes[bias.sum];
                (node.op, node.args) = (Work::Op(Op::Spread), vec![bias.other]);
                self.base[product] = Some(self.copy(bias.value));
            }
        }
    }

    /// The shared value that the loop adds to a product which only the loop reads.
    fn bias(&self, product: Id) -> Option<Bias> {
        let node = &self.flow.nodes[product];
        let alone = self.section[product] == Section::Before && self.pinned[product].is_none();
        if !alone || !matches!(node.shape, Shape::Vector(_)) {
            return None;
        }
        let users = self.flow.users();
        let mut other = product;
        loop {
            let &[sum] = users[other].as_slice() else {
                return None;
            };
            let node = &self.flow.nodes[sum];
            let adds = node.op == Work::Op(Op::Binary(Binary::Add));
            if !adds || self.section[sum] != Section::Loop || node.args[0] == node.args[1] {
                return None;
            }
            let value = node.args[usize::from(node.args[0] == other)];
            let shared = self.section[value] == Section::Once;
            if shared && self.flow.nodes[value].shape == node.shape {
                return Some(Bias { sum, other, value });
            }
            if self.pinned[sum].is_some() {
                return None;
            }
            other = sum;
        }
    }

    /// A value again, with a place of its own.
    fn copy(&mut self, of: Id) -> Id {
        let inside = self.flow.nodes[of].leaf();
        let phase = if inside { 1 } else { self.phase[of] + 1 };
        let copy = self.flow.copy_of(of);
        // One part alone: unlike an element-wise copy it is no arithmetic, even in constants.
        self.flow.nodes[copy].op = Work::Op(Op::Concat);
        self.section.push(Section::Once);
        self.phase.push(phase);
        self.pinned.push(None);
        self.slot.push(None);
        self.names.push(String::new());
        self.numbered.push(false);
        self.staged.push(false);
        self.skipped.push(false);
        self.base.push(None);
        copy
    }
}

/// What is added to a product.
struct Bias {
    /// The sum that adds it.
    sum: Id,
    /// The rest of the sum.
    other: Id,
    value: Id,
}
