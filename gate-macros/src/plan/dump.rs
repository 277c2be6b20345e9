//! The schedule as text, for tests and for reading.

use std::fmt::Write;

use crate::model::{Cell, Dim};

use super::schedule::{Area, Instr, MapFn, Pass, Scalar, Schedule, SlotId, Value};

/// The whole schedule, one line per buffer, function line and instruction.
pub(crate) fn dump(schedule: &Schedule, cell: &Cell) -> String {
    let mut out = String::new();
    for (i, b) in schedule.buffers.iter().enumerate() {
        let width: Vec<String> = b.areas.iter().map(|a| area(a, cell)).collect();
        let _ = writeln!(
            out,
            "buffer {i} {} {:?} [{}]",
            b.name,
            b.kind,
            width.join(" + ")
        );
    }
    for (name, pass) in [
        ("forward", &schedule.forward),
        ("backward", &schedule.backward),
    ] {
        for (section, instrs) in sections(pass) {
            if !instrs.is_empty() {
                let _ = writeln!(out, "{name} {section}:");
            }
            for instr in instrs {
                instruction(&mut out, schedule, cell, instr);
            }
        }
    }
    if !schedule.again.is_empty() {
        let _ = writeln!(out, "again:");
    }
    for instr in &schedule.again {
        instruction(&mut out, schedule, cell, instr);
    }
    out
}

fn sections(pass: &Pass) -> [(&'static str, &Vec<Instr>); 7] {
    [
        ("once", &pass.once),
        ("before", &pass.before),
        ("step", &pass.step),
        ("after", &pass.after),
        ("reduce", &pass.reduce),
        ("rows", &pass.rows),
        ("finish", &pass.finish),
    ]
}

/// A size as text: `2H + 1`.
fn size(dim: &Dim, cell: &Cell) -> String {
    let mut parts: Vec<String> = dim
        .terms
        .iter()
        .map(|&(s, f)| {
            if f == 1 {
                cell.sizes[s].name.clone()
            } else {
                format!("{f}{}", cell.sizes[s].name)
            }
        })
        .collect();
    if dim.constant > 0 || parts.is_empty() {
        parts.push(dim.constant.to_string());
    }
    match dim.divisor {
        0 | 1 => parts.join(" + "),
        divisor => format!("({})/{divisor}", parts.join(" + ")),
    }
}

fn area(area: &Area, cell: &Cell) -> String {
    match area.is_empty() {
        true => "1".to_owned(),
        false => area
            .iter()
            .map(|d| size(d, cell))
            .collect::<Vec<_>>()
            .join("·"),
    }
}

fn slot(schedule: &Schedule, cell: &Cell, id: SlotId) -> String {
    let slot = &schedule.slots[id];
    let buffer = &schedule.buffers[slot.buffer];
    let skip: Vec<String> = slot.skip.iter().map(|a| area(a, cell)).collect();
    let at = if skip.is_empty() {
        String::new()
    } else {
        format!("+{}", skip.join("+"))
    };
    let delay = if slot.delay == 0 {
        String::new()
    } else {
        format!("@{}", -slot.delay)
    };
    let whole = slot.width.len() == buffer.areas.len();
    let width: Vec<String> = slot.width.iter().map(|a| area(a, cell)).collect();
    let width = if whole {
        String::new()
    } else {
        format!(":{}", width.join("+"))
    };
    format!(
        "{}#{}{at}{width}{delay}",
        buffer.name.replace(' ', "|"),
        slot.buffer
    )
}

fn instruction(out: &mut String, schedule: &Schedule, cell: &Cell, instr: &Instr) {
    let s = |id: &SlotId| slot(schedule, cell, *id);
    let list = |ids: &[SlotId]| ids.iter().map(s).collect::<Vec<_>>().join(", ");
    match instr {
        Instr::Map {
            map,
            inputs,
            outputs,
        } => {
            let _ = writeln!(out, "  map ({}) -> ({})", list(inputs), list(outputs));
            lines(out, &schedule.maps[*map]);
        }
        Instr::MapSum {
            map,
            inputs,
            outputs,
        } => {
            let _ = writeln!(out, "  map_sum ({}) -> ({})", list(inputs), list(outputs));
            lines(out, &schedule.maps[*map]);
        }
        Instr::Matrix {
            map,
            inputs,
            outputs,
            ..
        }
        | Instr::MatrixSum {
            map,
            inputs,
            outputs,
            ..
        } => {
            let name = match instr {
                Instr::Matrix { .. } => "matrix",
                _ => "matrix_sum",
            };
            let (inputs, outputs) = (list(inputs), list(outputs));
            let _ = writeln!(out, "  {name} ({inputs}) -> ({outputs})");
            if let Some((takes, gives)) = &schedule.maps[*map].per {
                let _ = writeln!(out, "      per {takes:?} -> {gives:?}");
            }
            lines(out, &schedule.maps[*map]);
        }
        Instr::Stage {
            products,
            bases,
            map,
            inputs,
            outputs,
        } => {
            let each: Vec<String> = bases.iter().flatten().map(s).collect();
            if !each.is_empty() {
                let _ = writeln!(out, "  on {}", each.join(", "));
            }
            for (left, weight) in products {
                let _ = writeln!(
                    out,
                    "  stage {} · {}",
                    s(left),
                    weights(schedule, cell, *weight)
                );
            }
            let _ = writeln!(out, "    ({}) -> ({})", list(inputs), list(outputs));
            lines(out, &schedule.maps[*map]);
        }
        Instr::Product {
            left,
            weight,
            out: target,
            base,
        } => {
            let below = match base {
                Some(base) => format!("{} + ", s(base)),
                None => String::new(),
            };
            let _ = writeln!(
                out,
                "  {} = {below}{} · {}",
                s(target),
                s(left),
                weights(schedule, cell, *weight)
            );
        }
        Instr::GradProduct {
            left,
            right,
            blocks,
        } => {
            let targets: Vec<String> = blocks.iter().map(|b| s(&b.slot)).collect();
            let _ = writeln!(
                out,
                "  [{}] += {}ᵀ · {}",
                targets.join(", "),
                s(left),
                s(right)
            );
        }
        other => {
            let text = format!("{other:?}");
            let _ = writeln!(out, "  {}", text.to_lowercase());
        }
    }
}

fn weights(schedule: &Schedule, cell: &Cell, weight: usize) -> String {
    let blocks = schedule.weights[weight].blocks.iter();
    let text: Vec<String> = blocks
        .map(|b| {
            format!(
                "{}{}",
                slot(schedule, cell, b.slot),
                if b.transposed { "ᵀ" } else { "" }
            )
        })
        .collect();
    format!("[{}]", text.join(" "))
}

fn lines(out: &mut String, map: &MapFn) {
    let value = |v: &Value| match v {
        Value::Input(i) => map.inputs[*i].clone(),
        Value::Line(i) => map.lines[*i].name.clone(),
        Value::Number(n) => n.to_string(),
    };
    for line in &map.lines {
        let op = match line.op {
            Scalar::Unary(op) => format!("{op:?}"),
            Scalar::Binary(op) => format!("{op:?}"),
            Scalar::Select(op) => format!("{op:?}"),
        };
        let args: Vec<String> = line.args.iter().map(value).collect();
        let _ = writeln!(
            out,
            "      {} = {}({})",
            line.name,
            op.to_lowercase(),
            args.join(", ")
        );
    }
    let results: Vec<String> = map.outputs.iter().map(value).collect();
    let _ = writeln!(out, "      -> {}", results.join(", "));
}
