//! The card of one cell.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

use gate_runtime::cells::Entry;
use gate_runtime::{CellInfo, EquationInfo};

use crate::{Options, time};

/// Prints everything about a cell, and draws it if that is wanted.
pub fn print(
    index: usize,
    entry: &Entry,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let info = entry.info;
    // First, as a folder that cannot be written to is then told before the measurement.
    let drawn = options.svg.then(|| draw(info, options)).transpose()?;
    write!(out, "{}", info.card(&options.sizes(info)))?;
    if options.budget > 0 {
        let times = time::of(index)(&options.shape(info))?;
        writeln!(out, "\nTime per step, {}", options.rows())?;
        writeln!(out, "  forward            {:.2} µs", 1e6 * times.forward)?;
        writeln!(out, "  forward, backward  {:.2} µs", 1e6 * times.both)?;
    }
    equations(out, "Equations", info.equations, |e| e.printed)?;
    equations(out, "Backward pass", info.backward, |e| e.printed)?;
    if options.latex {
        equations(out, "Equations in LaTeX", info.equations, |e| e.latex)?;
        equations(out, "Backward pass in LaTeX", info.backward, |e| e.latex)?;
    }
    if let Some(path) = drawn {
        writeln!(out, "\n{}", path.display())?;
    }
    Ok(())
}

fn equations(
    out: &mut dyn Write,
    title: &str,
    list: &[EquationInfo],
    text: fn(&EquationInfo) -> &str,
) -> io::Result<()> {
    writeln!(out, "\n{title}")?;
    list.iter().try_for_each(|e| writeln!(out, "  {}", text(e)))
}

/// Draws a cell's diagram; the file is there whole or not at all.
pub fn draw(info: &CellInfo, options: &Options) -> Result<PathBuf, Box<dyn Error>> {
    let path = options.out.join(format!("{}.svg", info.name));
    let part = options.out.join(format!("{}.svg.part", info.name));
    let drawn = std::fs::create_dir_all(&options.out)
        .and_then(|()| std::fs::write(&part, info.diagram()))
        .and_then(|()| std::fs::rename(&part, &path));
    match drawn {
        Ok(()) => Ok(path),
        Err(e) => Err(format!("cannot write {}: {e}", path.display()).into()),
    }
}
