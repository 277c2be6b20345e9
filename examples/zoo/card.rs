//! The card of one cell.

use std::error::Error;
use std::path::PathBuf;

use gate_runtime::cells::Entry;
use gate_runtime::{CellInfo, EquationInfo};

use crate::{Options, time};

/// Prints everything about a cell, and draws it if that is wanted.
pub fn print(index: usize, entry: &Entry, options: &Options) -> Result<(), Box<dyn Error>> {
    let info = entry.info;
    print!("{}", info.card(&options.sizes(info)));
    if options.budget > 0 {
        let times = time::of(index)(&options.shape(info))?;
        println!("\nTime per step, {} row(s)", options.batch);
        println!("  forward            {:.2} µs", 1e6 * times.forward);
        println!("  forward, backward  {:.2} µs", 1e6 * times.both);
    }
    equations("Equations", info.equations, |e| e.printed);
    equations("Backward pass", info.backward, |e| e.printed);
    if options.latex {
        equations("Equations in LaTeX", info.equations, |e| e.latex);
        equations("Backward pass in LaTeX", info.backward, |e| e.latex);
    }
    if options.svg {
        println!("\n{}", draw(info, options)?.display());
    }
    Ok(())
}

fn equations(title: &str, list: &[EquationInfo], text: fn(&EquationInfo) -> &str) {
    println!("\n{title}");
    list.iter().for_each(|e| println!("  {}", text(e)));
}

/// Draws a cell's diagram; the file is there whole or not at all.
pub fn draw(info: &CellInfo, options: &Options) -> Result<PathBuf, Box<dyn Error>> {
    std::fs::create_dir_all(&options.out)?;
    let path = options.out.join(format!("{}.svg", info.name));
    let part = options.out.join(format!("{}.svg.part", info.name));
    std::fs::write(&part, info.diagram())?;
    std::fs::rename(&part, &path)?;
    Ok(path)
}
