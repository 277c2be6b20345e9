//! Sums over steps of matrices that the backward loop gives.
//!
//! Takes: the schedule of the backward pass. Gives: one in which a matrix of each row that is only
//! added up over all rows of all steps is added to what later steps gave, and the rows are added up
//! after the loop, so that it is not stored for every step. May assume that what a step adds is a
//! result of a function of the loop.

use crate::ir::Binary;

use super::schedule::{Instr, Kind, Line, MapFn, MapId, Per, Scalar, Schedule, SlotId, Value};

/// Moves such sums from [`super::Pass::reduce`] to [`super::Pass::rows`].
pub(crate) fn sum_in_loop(schedule: &mut Schedule) {
    let (rows, reduce) = std::mem::take(&mut schedule.backward.reduce)
        .into_iter()
        .partition(|instr| sums_alone(schedule, instr));
    (schedule.backward.rows, schedule.backward.reduce) = (rows, reduce);
    for instr in schedule.backward.rows.clone() {
        for slot in instr.reads() {
            add_up(schedule, slot);
        }
    }
}

/// Whether an instruction adds up matrices that the loop gives, and does nothing else.
fn sums_alone(schedule: &Schedule, instr: &Instr) -> bool {
    let Instr::MapSum { map, inputs, .. } = instr else {
        return false;
    };
    let map = &schedule.maps[*map];
    let as_they_are = map.outputs.iter().all(|v| matches!(v, Value::Input(_)));
    as_they_are && inputs.iter().all(|&slot| given(schedule, slot).is_some())
}

/// The place in the loop of the function that gives a whole matrix, which only one reads.
fn given(schedule: &Schedule, slot: SlotId) -> Option<usize> {
    let (of, pass) = (&schedule.slots[slot], &schedule.backward);
    let buffer = &schedule.buffers[of.buffer];
    let own = buffer.kind == Kind::Full && of.width == buffer.areas && of.delay == 0;
    let matrix = buffer.areas.len() == 1 && buffer.areas[0].len() == 2;
    let mut all = [&pass.before, &pass.step, &pass.after, &pass.reduce]
        .into_iter()
        .flatten();
    if !(own && matrix) || all.any(|i| i.reads().iter().any(|&r| schedule.overlap(r, slot))) {
        return None;
    }
    let gives = |instr: &Instr| match instr {
        Instr::Matrix { outputs, .. } | Instr::Map { outputs, .. } => outputs.contains(&slot),
        _ => false,
    };
    pass.step.iter().position(gives)
}

/// Makes the function that gives a matrix add it to what is there.
fn add_up(schedule: &mut Schedule, slot: SlotId) {
    let Some(place) = given(schedule, slot) else {
        return;
    };
    let buffer = schedule.slots[slot].buffer;
    schedule.buffers[buffer].kind = Kind::Sum;
    let name = format!("{}_later", schedule.buffers[buffer].names.join("_"));
    let fresh: MapId = schedule.maps.len();
    if let Instr::Matrix {
        map,
        inputs,
        outputs,
        ..
    }
    | Instr::Map {
        map,
        inputs,
        outputs,
    } = &mut schedule.backward.step[place]
    {
        let at = outputs.iter().position(|&out| out == slot);
        inputs.push(slot);
        let old = std::mem::replace(map, fresh);
        let adding = adding(&schedule.maps[old], at.unwrap_or(0), name);
        schedule.maps.push(adding);
    }
}

/// The function with a further argument, to which it adds a result.
fn adding(map: &MapFn, result: usize, name: String) -> MapFn {
    let mut map = map.clone();
    map.lines.push(Line {
        name: format!("{name}_and_now"),
        numbered: false,
        op: Scalar::Binary(Binary::Add),
        args: vec![Value::Input(map.inputs.len()), map.outputs[result]],
        origin: None,
    });
    map.inputs.push(name);
    map.outputs[result] = Value::Line(map.lines.len() - 1);
    if let Some((takes, _)) = &mut map.per {
        takes.push(Per::Element);
    }
    map
}
