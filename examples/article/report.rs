//! The comparison: what a definition says about itself (`CellInfo`), and what is measured.

use std::error::Error;
use std::io::{self, Write};
use std::time::Instant;

use gate_runtime::{Cell, CellInfo, RoleInfo, Seeds, Tape};
use ndarray::Array3;

use crate::train::Trained;

/// Repetitions of each measurement; the least time counts.
const REPETITIONS: usize = 500;

/// Microseconds for one sequence.
#[derive(Clone, Copy)]
pub struct Times {
    forward: f64,
    backward: f64,
}

/// One cell's side of the table.
pub struct Column {
    name: &'static str,
    rows: Vec<(&'static str, String)>,
}

impl Column {
    /// Everything about a trained cell.
    pub fn new<C: Cell<Scalar = f32>>(model: &Trained<C>, times: Times) -> Self {
        let (info, cell) = (C::INFO, model.cell());
        let rows = vec![
            ("gates", gates(info)),
            ("memory cell besides the output", memory(info)),
            ("parameters", cell.params().len().to_string()),
            (
                "multiply-adds of one step's products",
                info.cost(cell.sizes()).multiply_adds.to_string(),
            ),
            ("one sequence forward", format!("{:.1} µs", times.forward)),
            ("one sequence backward", format!("{:.1} µs", times.backward)),
            ("tape per step", format!("{} bytes", cell.tape_bytes())),
            ("training", format!("{:.1} s", model.seconds)),
            (
                "test accuracy",
                format!("{:.1} %", 100.0 * model.test_accuracy()),
            ),
        ];
        Column {
            name: info.name,
            rows,
        }
    }
}

/// Prints columns side by side, under one heading each.
pub fn print_table(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = columns.first() else {
        return Ok(());
    };
    let wide = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let margin = wide(&mut first.rows.iter().map(|(label, _)| *label));
    let widths: Vec<usize> = columns
        .iter()
        .map(|column| {
            wide(
                &mut column
                    .rows
                    .iter()
                    .map(|(_, text)| text.as_str())
                    .chain([column.name]),
            )
        })
        .collect();
    let mut print = |label: &str, cells: &mut dyn Iterator<Item = &str>| {
        write!(out, "{label:margin$}")?;
        for (cell, width) in cells.zip(&widths) {
            write!(out, "  {cell:width$}")?;
        }
        writeln!(out)
    };
    print("", &mut columns.iter().map(|column| column.name))?;
    for (k, (label, _)) in first.rows.iter().enumerate() {
        print(
            label,
            &mut columns.iter().map(|column| column.rows[k].1.as_str()),
        )?;
    }
    Ok(())
}

/// What the letter of a gate stands for in the article.
pub fn gate_name(ident: &str) -> String {
    match ident {
        "f" => "forget gate f".into(),
        "i" => "input gate i".into(),
        "o" => "output gate o".into(),
        "r" => "reset gate r".into(),
        "z" => "update gate z".into(),
        other => format!("gate {other}"),
    }
}

/// "3: forget gate f, …"
fn gates(info: &CellInfo) -> String {
    let names: Vec<String> = info
        .gates()
        .iter()
        .map(|gate| gate_name(info.symbols[gate.symbol].ident))
        .collect();
    format!("{}: {}", names.len(), names.join(", "))
}

/// The states that are no output.
fn memory(info: &CellInfo) -> String {
    let states = info.symbols.iter().enumerate().filter(|(index, symbol)| {
        matches!(symbol.role, RoleInfo::State(_) | RoleInfo::TrainedState(_))
            && !info.outputs.contains(index)
    });
    let names: Vec<&str> = states.map(|(_, symbol)| symbol.printed).collect();
    if names.is_empty() {
        "no".into()
    } else {
        format!("yes: {}", names.join(", "))
    }
}

/// Times of two cells on the same sequence, taken in turns, so that both meet the same machine.
pub fn measure_pair<A: Cell<Scalar = f32>, B: Cell<Scalar = f32>>(
    first: &A,
    second: &B,
    x: &Array3<f32>,
) -> Result<(Times, Times), Box<dyn Error>> {
    let (mut first, mut second) = (Watch::new(first, x), Watch::new(second, x));
    for _ in 0..REPETITIONS {
        first.run(x)?;
        second.run(x)?;
    }
    Ok((first.best, second.best))
}

/// Measures one cell again and again in the same buffers.
struct Watch<'a, C: Cell> {
    cell: &'a C,
    tape: Tape<C>,
    grads: C::Grads,
    seed: Array3<f32>,
    best: Times,
}

impl<'a, C: Cell<Scalar = f32>> Watch<'a, C> {
    fn new(cell: &'a C, x: &Array3<f32>) -> Self {
        let (steps, rows, _) = x.dim();
        Watch {
            cell,
            tape: Tape::new(),
            grads: cell.zero_grads(),
            seed: Array3::ones((steps, rows, cell.output_width(0))),
            best: Times {
                forward: f64::INFINITY,
                backward: f64::INFINITY,
            },
        }
    }

    fn run(&mut self, x: &Array3<f32>) -> Result<(), Box<dyn Error>> {
        let start = Instant::now();
        self.cell.record(x, &mut self.tape)?;
        let middle = Instant::now();
        self.cell
            .backward(&mut self.tape, Seeds::from(&self.seed), &mut self.grads)?;
        let end = Instant::now();
        self.best.forward = self.best.forward.min(1e6 * (middle - start).as_secs_f64());
        self.best.backward = self.best.backward.min(1e6 * (end - middle).as_secs_f64());
        Ok(())
    }
}
