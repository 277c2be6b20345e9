//! Every ready-made cell in one table: what it costs, what it is, how long it takes. And the card
//! of one: its equations, the derived backward pass, the structure of its Jacobian, its diagram.
//!
//! `cargo run --release --example zoo -- --help`

#![allow(confusable_idents, mixed_script_confusables)]

mod card;
mod table;
mod time;

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Parser, ValueEnum};
use gate_runtime::cells::{ALL, Entry};
use gate_runtime::{CellInfo, RoleInfo};

use crate::time::Shape;

/// Prints all ready-made cells in one table, with measured times; with --cell the card of one.
#[derive(Parser)]
struct Options {
    /// The card of one cell, by the name of its type
    #[arg(long, value_name = "NAME", ignore_case = true, hide_possible_values = true,
          value_parser = PossibleValuesParser::new(ALL.iter().map(|e| e.info.name)))]
    cell: Option<String>,
    /// Cells of one family alone
    #[arg(long, value_enum)]
    family: Option<Family>,
    /// What the table is sorted by; otherwise by family
    #[arg(long, value_enum)]
    sort: Option<Sort>,
    /// With --cell: equations as LaTeX too
    #[arg(long)]
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

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    gate_runtime::set_threads(options.threads.into());
    let found = options.cell.as_ref().and_then(|name| {
        let mut cells = ALL.iter().enumerate();
        cells.find(|(_, e)| e.info.name.eq_ignore_ascii_case(name))
    });
    match found {
        Some((index, entry)) => card::print(index, entry, &options),
        None => table::print(&chosen(&options), &options),
    }
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
        let of = |size: usize, wanted: &dyn Fn(usize) -> bool| {
            let mut symbols = info.symbols.iter().enumerate().filter(|(i, _)| wanted(*i));
            symbols.any(|(_, s)| s.shape.iter().any(|e| e.terms.iter().any(|t| t.0 == size)))
        };
        let states = info.states();
        let each = (0..info.sizes.len()).map(|size| {
            let state = |i: usize| states.contains(&i) || info.outputs.contains(&i);
            match (
                of(size, &state),
                of(size, &|i| info.symbols[i].role == RoleInfo::Input),
            ) {
                (true, _) => hidden,
                (false, true) => input,
                (false, false) => hidden.div_ceil(4),
            }
        });
        each.collect()
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
