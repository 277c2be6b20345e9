//! Every ready-made cell in one table: what it costs, what it is, how long it takes. And the card
//! of one: its equations, the derived backward pass, the structure of its Jacobian, its diagram.
//!
//! `cargo run --release --example zoo -- --help`

#![allow(confusable_idents, mixed_script_confusables)]

mod card;
#[path = "../common/mod.rs"]
mod common;
mod table;
mod time;

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, ValueEnum};
use gate_runtime::cells::{ALL, Entry};
use gate_runtime::{CellInfo, RoleInfo};

use crate::time::Shape;

/// Prints all ready-made cells in one table, with measured times; with --cell the card of one.
#[derive(Parser)]
#[command(name = "zoo")]
struct Options {
    /// The card of one cell, by the name of its type
    #[arg(long, value_name = "NAME", value_parser = place)]
    cell: Option<usize>,
    /// Cells of one family alone
    #[arg(long, value_enum, conflicts_with = "cell")]
    family: Option<Family>,
    /// What the table is sorted by; otherwise by family
    #[arg(long, value_enum, conflicts_with = "cell")]
    sort: Option<Sort>,
    /// With --cell: equations as LaTeX too
    #[arg(long, requires = "cell")]
    latex: bool,
    /// Draws a diagram into the output folder: of the cell, or of every cell in the table
    #[arg(long)]
    svg: bool,
    /// Folder for the diagrams
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Features of each input
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    input: u16,
    /// Units of each state
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    hidden: u16,
    /// Rows that are measured together
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=4096))]
    batch: u16,
    /// Steps of the measured sequence
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    steps: u16,
    /// How long each cell is measured, in milliseconds; 0 leaves the times out
    #[arg(long, default_value_t = 40)]
    budget: u32,
    /// Threads
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
}

/// The files that the ready-made cells stand in.
#[derive(Clone, Copy, ValueEnum)]
enum Family {
    Plain,
    Gru,
    Lstm,
    Linear,
    Memory,
    Composed,
    Clocks,
    Orthogonal,
}

/// Columns that the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sort {
    Name,
    Parameters,
    MultiplyAdds,
    Tape,
    Chain,
    Forward,
    Both,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.budget == 0 && matches!(options.sort, Some(Sort::Forward | Sort::Both)) {
        let text = "a table without times (--budget 0) cannot be sorted by them";
        let error = Options::command().error(ErrorKind::ArgumentConflict, text);
        error.exit();
    }
    gate_runtime::set_threads(options.threads.into());
    common::main(|out| print(&options, &mut BufWriter::new(out)))
}

fn print(options: &Options, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    match options.cell {
        Some(index) => card::print(index, &ALL[index], options, out)?,
        None => table::print(&chosen(options), options, out)?,
    }
    Ok(out.flush()?)
}

/// The place of a cell in the list, by the name of its type.
fn place(name: &str) -> Result<usize, String> {
    let known = ALL.iter().map(|e| e.info.name);
    if let Some(place) = known.clone().position(|n| n.eq_ignore_ascii_case(name)) {
        return Ok(place);
    }
    let (name, likeness) = (name.to_lowercase(), |other: &str, name: &str| {
        strsim::jaro_winkler(&other.to_lowercase(), name)
    });
    let nearest = known.max_by(|a, b| likeness(a, &name).total_cmp(&likeness(b, &name)));
    Err(match nearest.filter(|n| likeness(n, &name) > 0.7) {
        Some(nearest) => format!("there is no such cell; a similar name exists: '{nearest}'"),
        None => "there is no such cell; without --cell, a table lists them all".to_owned(),
    })
}

/// Cells of the family that was asked for, with their places in the list.
fn chosen(options: &Options) -> Vec<(usize, &'static Entry)> {
    let family = options.family.and_then(|f| f.to_possible_value());
    let wanted = |e: &Entry| family.as_ref().is_none_or(|f| f.get_name() == e.family);
    ALL.iter().enumerate().filter(|(_, e)| wanted(e)).collect()
}

impl Options {
    /// Sizes for a cell: those of inputs alone, those of states and outputs, and inner ones,
    /// which low-rank products have, a quarter as wide.
    fn sizes(&self, info: &CellInfo) -> Vec<usize> {
        let (input, hidden) = (usize::from(self.input), usize::from(self.hidden));
        // How often a size stands in the length of such a symbol; 0 for never.
        let of = |size: usize, wanted: &dyn Fn(usize) -> bool| {
            let symbols = info.symbols.iter().enumerate().filter(|(i, _)| wanted(*i));
            let terms = symbols.flat_map(|(_, s)| s.shape.iter().flat_map(|e| e.terms));
            terms
                .filter(|t| t.0 == size)
                .map(|t| t.1)
                .max()
                .unwrap_or(0)
        };
        let states = info.states();
        let each = (0..info.sizes.len()).map(|size| {
            let state = |i: usize| states.contains(&i) || info.outputs.contains(&i);
            match (
                of(size, &state),
                of(size, &|i| info.symbols[i].role == RoleInfo::Input),
            ) {
                (0, 0) => hidden.div_ceil(4),
                (0, factor) => input.div_ceil(factor),
                (factor, _) => hidden.div_ceil(factor),
            }
        });
        each.collect()
    }

    /// What the times are for.
    fn rows(&self) -> String {
        counted(self.batch.into(), "row")
    }

    fn shape(&self, info: &CellInfo) -> Shape {
        Shape {
            sizes: self.sizes(info),
            batch: self.batch.into(),
            steps: self.steps.into(),
            budget: Duration::from_millis(self.budget.into()),
        }
    }
}

/// A number with its noun: `1 row`, `2 rows`.
fn counted(count: usize, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}
