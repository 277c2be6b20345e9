//! The schedule as text, for tests and for reading.

use std::fmt::Write;

use crate::model::Cell;

use super::schedule::{Area, Instr, MapFn, Pass, Scalar, Schedule, SlotId, Value};

/// The whole schedule, one line per buffer, function line and instruction.
pub(crate) fn dump(schedule: &Schedule, cell: &Cell) -> String {
    let mut out = String::new();
    for (i, b) in schedule.buffers.iter().enumerate() {
        let width: Vec<String> = b.areas.iter().map(|a| area(a, cell)).collect();
        let _ = writeln!(
            out,
            "buffer {i} {} {:?} [{}]",
            b.names.join(" "),
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

fn area(area: &Area, cell: &Cell) -> String {
    match area.is_empty() {
        true => "1".to_owned(),
        false => area
            .iter()
            .map(|d| d.written(&cell.sizes, " + "))
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
        buffer.names.join("|"),
        slot.buffer
    )
}

fn instruction(out: &mut String, schedule: &Schedule, cell: &Cell, instr: &Instr) {
    let s = |id: &SlotId| slot(schedule, cell, *id);
    let text = match instr {
        Instr::Map {
            map,
            inputs,
            outputs,
        } => function("map", (schedule, cell), (*map, inputs, outputs)),
        Instr::MapSum {
            map,
            inputs,
            outputs,
        } => function("map_sum", (schedule, cell), (*map, inputs, outputs)),
        Instr::Matrix {
            map,
            inputs,
            outputs,
            ..
        } => function("matrix", (schedule, cell), (*map, inputs, outputs)),
        Instr::MatrixSum {
            map,
            inputs,
            outputs,
            ..
        } => function("matrix_sum", (schedule, cell), (*map, inputs, outputs)),
        Instr::Stage {
            products,
            bases,
            map,
            inputs,
            outputs,
        } => {
            let below: Vec<String> = bases.iter().flatten().map(s).collect();
            let below = match below.is_empty() {
                true => String::new(),
                false => format!("  on {}\n", below.join(", ")),
            };
            let product = |(left, weight): &(SlotId, usize)| {
                let weights = weights(schedule, cell, *weight);
                format!("  stage {} · {weights}\n", s(left))
            };
            let products: String = products.iter().map(product).collect();
            let after = function(" ", (schedule, cell), (*map, inputs, outputs));
            format!("{below}{products}{after}")
        }
        Instr::Product {
            left,
            weight,
            out: target,
            base,
        } => {
            let below = base.map_or(String::new(), |base| format!("{} + ", s(&base)));
            let weights = weights(schedule, cell, *weight);
            format!("  {} = {below}{} · {weights}\n", s(target), s(left))
        }
        Instr::GradProduct {
            left,
            right,
            blocks,
        } => {
            let targets: Vec<String> = blocks.iter().map(|b| s(&b.slot)).collect();
            let (targets, left, right) = (targets.join(", "), s(left), s(right));
            format!("  [{targets}] += {left}ᵀ · {right}\n")
        }
        other => format!("  {}\n", format!("{other:?}").to_lowercase()),
    };
    out.push_str(&text);
}

/// A fused function with its operands and its lines.
fn function(
    name: &str,
    (schedule, cell): (&Schedule, &Cell),
    (map, inputs, outputs): (usize, &[SlotId], &[SlotId]),
) -> String {
    let list = |ids: &[SlotId]| {
        let each: Vec<String> = ids.iter().map(|&id| slot(schedule, cell, id)).collect();
        each.join(", ")
    };
    let map = &schedule.maps[map];
    let mut out = format!("  {name} ({}) -> ({})\n", list(inputs), list(outputs));
    if let Some((takes, gives)) = &map.per {
        let _ = writeln!(out, "      per {takes:?} -> {gives:?}");
    }
    lines(&mut out, map);
    out
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
