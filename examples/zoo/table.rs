//! The table of all cells.

use std::error::Error;
use std::io::{self, Write};

use gate_runtime::CellInfo;
use gate_runtime::cells::Entry;

use crate::time::{self, Times};
use crate::{Options, Sort, card, counted};

/// One cell's line.
struct Line {
    texts: Vec<String>,
    name: &'static str,
    /// What the table can be sorted by, in the order of [`Sort`] after the name.
    numbers: [f64; 6],
}

/// Names of the columns, and whether they hold numbers.
const COLUMNS: [(&str, bool); 12] = [
    ("cell", false),
    ("paper", false),
    ("gates", false),
    ("states", false),
    ("params", true),
    ("mul-adds", true),
    ("tape B", true),
    ("chain", true),
    ("recurrence", false),
    ("forward µs", true),
    ("+ backward µs", true),
    ("what it is", false),
];

/// Measures the cells and prints a line for each.
pub fn print(
    cells: &[(usize, &'static Entry)],
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    // First, as a folder that cannot be written to is then told before the measurement.
    if options.svg {
        for &(_, entry) in cells {
            card::draw(entry.info, options)?;
        }
    }
    let progress = indicatif::ProgressBar::new(cells.len() as u64);
    let mut lines = Vec::new();
    for &(index, entry) in cells {
        lines.push(line(index, entry, options)?);
        progress.inc(1);
    }
    progress.finish_and_clear();
    match options.sort {
        None => {}
        Some(Sort::Name) => lines.sort_by_key(|line| line.name.to_lowercase()),
        Some(sort) => {
            let column = sort as usize - 1;
            lines.sort_by(|a, b| a.numbers[column].total_cmp(&b.numbers[column]));
        }
    }
    let width = |column: usize| {
        let texts = lines.iter().map(|line| line.texts[column].chars().count());
        texts
            .chain([COLUMNS[column].0.chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COLUMNS.len()).map(width).collect();
    row(out, &COLUMNS.map(|(name, _)| name.to_owned()), &widths)?;
    lines
        .iter()
        .try_for_each(|line| row(out, &line.texts, &widths))?;
    let times = match options.budget {
        0 => String::new(),
        _ => format!(", times per step of {}", options.rows()),
    };
    writeln!(
        out,
        "\n{} with {} and {}; parameters and costs per step and row{times}.",
        counted(lines.len(), "cell"),
        counted(options.input.into(), "feature"),
        counted(options.hidden.into(), "unit"),
    )?;
    if options.svg {
        writeln!(
            out,
            "{} in {}",
            counted(cells.len(), "diagram"),
            options.out.display()
        )?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, texts: &[String], widths: &[usize]) -> io::Result<()> {
    let cells = texts.iter().zip(widths).zip(COLUMNS);
    let cells = cells.map(|((text, &width), (_, number))| match number {
        true => format!("{text:>width$}"),
        false => format!("{text:width$}"),
    });
    writeln!(
        out,
        "{}",
        cells.collect::<Vec<String>>().join("  ").trim_end()
    )
}

fn line(index: usize, entry: &'static Entry, options: &Options) -> Result<Line, Box<dyn Error>> {
    let info = entry.info;
    let cost = info.cost(&options.sizes(info));
    let times = match options.budget {
        0 => None,
        _ => Some(time::of(index)(&options.shape(info))?),
    };
    let names = |symbols: Vec<usize>| {
        let names = symbols.into_iter().map(|s| info.symbols[s].printed);
        short(&names.collect::<Vec<&str>>())
    };
    let microseconds =
        |time: fn(Times) -> f64| times.map_or(String::new(), |t| format!("{:.2}", 1e6 * time(t)));
    let texts = vec![
        info.name.to_owned(),
        paper(info),
        names(info.gates().iter().map(|g| g.symbol).collect()),
        names(info.states()),
        cost.parameters.to_string(),
        cost.multiply_adds.to_string(),
        (4 * cost.tape).to_string(),
        cost.chain.to_string(),
        info.recurrence().to_string(),
        microseconds(|t| t.forward),
        microseconds(|t| t.both),
        info.recognise().to_string(),
    ];
    let time = |time: fn(Times) -> f64| times.map_or(0.0, time);
    let numbers = [
        cost.parameters as f64,
        cost.multiply_adds as f64,
        cost.tape as f64,
        cost.chain as f64,
        time(|t| t.forward),
        time(|t| t.both),
    ];
    Ok(Line {
        texts,
        numbers,
        name: info.name,
    })
}

/// Some names, and how many there are where they are many.
fn short(names: &[&str]) -> String {
    const MOST: usize = 5;
    match names.get(MOST) {
        None => names.join(" "),
        Some(_) => format!("{} … ({})", names[..MOST - 1].join(" "), names.len()),
    }
}

/// Authors and year, out of the definition's documentation.
fn paper(info: &CellInfo) -> String {
    let year = |text: &str| {
        text.split([' ', ',', ';'])
            .any(|w| w.len() == 4 && w.parse::<u16>().is_ok())
    };
    let brackets = info
        .about
        .split('(')
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let text = brackets
        .into_iter()
        .find(|text| year(text))
        .unwrap_or_default();
    let first = text.split(';').next().unwrap_or_default();
    let parts = first.split(", ");
    let parts: Vec<&str> = parts
        .take_while(|p| !p.starts_with("arXiv") && !p.starts_with("doi"))
        .collect();
    let authors = parts.join(", ");
    let authors = authors.split(", version").next().unwrap_or_default();
    // Three authors and more: the first.
    match authors.split_once(", ") {
        Some((first, rest)) if rest.contains(" and ") => {
            let year = rest.rsplit(' ').next().unwrap_or_default();
            format!("{first} et al. {year}")
        }
        _ => authors.to_owned(),
    }
}
