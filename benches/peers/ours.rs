//! This crate's side of the comparison with other frameworks: answers commands of `run.py`.
//!
//! A line in, a line of JSON out:
//! `describe CELL I H`; `load CELL I H B T DIR` (little-endian `params.f32`, `x.f32`, `dy.f32`);
//! `check DIR` (writes `ours.y.f32`, `ours.dx.f32`, `ours.dp.f32`); `time forward|both MS`;
//! `peak`. The number of threads is the first argument; `avx2` as the second one leaves AVX-512 out.

#[path = "../common/mod.rs"]
mod common;

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use gate_runtime::kernels;

use common::{CELLS, Case, Pass, Shape, case, peak};

fn main() {
    let Some(threads) = std::env::args().nth(1).and_then(|a| a.parse().ok()) else {
        println!("Run by benches/peers/run.py; cells: {}", CELLS.join(", "));
        return;
    };
    gate_runtime::set_threads(threads);
    if std::env::args().nth(2).is_some_and(|isa| isa == "avx2") {
        assert!(
            kernels::set_isa(Some(kernels::Isa::Avx2)),
            "a processor with AVX2"
        );
    }
    let mut loaded = None;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line of text");
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = answer(&words, threads, &mut loaded)
            .unwrap_or_else(|error| format!("{{\"error\": {error:?}}}"));
        println!("{answer}");
        std::io::stdout().flush().expect("an open pipe");
    }
}

fn answer(
    words: &[&str],
    threads: usize,
    loaded: &mut Option<Box<dyn Case>>,
) -> Result<String, String> {
    let case = |loaded: &mut Option<Box<dyn Case>>| loaded.take().ok_or("nothing is loaded");
    match words {
        ["describe", name, sizes @ ..] => describe(&*make(name, sizes)?),
        ["load", name, sizes @ .., directory] => {
            let mut case = make(name, sizes)?;
            let [params, x, dy] = ["params", "x", "dy"].map(|n| read(Path::new(directory), n));
            case.set(&params?, &x?, &dy?);
            *loaded = Some(case);
            Ok("{}".to_owned())
        }
        ["check", directory] => {
            let mut case = case(loaded)?;
            case.run(Pass::Both);
            for (name, values) in ["y", "dx", "dp"].into_iter().zip(case.results()) {
                write(Path::new(directory), name, &values)?;
            }
            *loaded = Some(case);
            Ok("{}".to_owned())
        }
        ["time", pass, window] => {
            let mut case = case(loaded)?;
            let pass = match *pass {
                "forward" => Pass::Forward,
                "both" => Pass::Both,
                other => return Err(format!("no pass `{other}`")),
            };
            let window: f64 = window.parse().map_err(|_| "not a number of milliseconds")?;
            let (least, count) = time(&mut *case, pass, Duration::from_secs_f64(window / 1e3));
            *loaded = Some(case);
            Ok(format!("{{\"ns\": {least}, \"count\": {count}}}"))
        }
        ["peak"] => Ok(format!("{{\"gflops\": {:.1}}}", peak(threads))),
        _ => Err(format!("no command `{}`", words.join(" "))),
    }
}

fn make(name: &str, sizes: &[&str]) -> Result<Box<dyn Case>, String> {
    let mut sizes = sizes.iter().map(|s| s.parse().unwrap_or(1));
    let mut next = || sizes.next().unwrap_or(1);
    let shape = Shape {
        inputs: next(),
        units: next(),
        rows: next(),
        steps: next(),
    };
    case(name, shape).ok_or_else(|| format!("no cell `{name}`"))
}

fn describe(case: &dyn Case) -> Result<String, String> {
    let params = case.params();
    let params: Vec<String> = params
        .iter()
        .map(|(name, shape)| format!("[{name:?}, {shape:?}]"))
        .collect();
    Ok(format!(
        "{{\"outputs\": {}, \"flops\": {}, \"params\": [{}]}}",
        case.outputs(),
        case.flops(Pass::Forward),
        params.join(", ")
    ))
}

/// The least nanoseconds of a pass over repetitions that fill the window. At least two: the first
/// finds what it needs in nobody's cache.
fn time(case: &mut dyn Case, pass: Pass, window: Duration) -> (u128, usize) {
    let (mut least, mut count, begin) = (u128::MAX, 0, Instant::now());
    while count < 2 || begin.elapsed() < window {
        let start = Instant::now();
        case.run(pass);
        least = least.min(start.elapsed().as_nanos());
        count += 1;
    }
    (least, count)
}

fn read(directory: &Path, name: &str) -> Result<Vec<f32>, String> {
    let path = directory.join(name).with_extension("f32");
    let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (numbers, _) = bytes.as_chunks::<4>();
    Ok(numbers.iter().map(|b| f32::from_le_bytes(*b)).collect())
}

fn write(directory: &Path, name: &str, values: &[f32]) -> Result<(), String> {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let path = directory.join(format!("ours.{name}.f32"));
    std::fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))
}
