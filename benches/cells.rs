//! Whole sequences through whole cells: time, GFLOP/s and the share of the multiply-add peak.
//!
//! `cargo bench --bench cells`, or a part: names are `CELL/PASS/I-H-B-T/THREADS`, and the
//! argument is a pattern: `-- 'Lstm/both/.*/1'`, `-- /64-64-1-256/`, `-- --list`.

// The other half is for the comparison with other frameworks.
#[allow(dead_code)]
mod common;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::{CELLS, Pass, Shape, case, peak};
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Input features, units, rows, steps.
const SHAPES: [(usize, usize, usize, usize); 9] = [
    (16, 32, 1, 256),
    (64, 64, 1, 256),
    (128, 128, 1, 256),
    (256, 256, 1, 128),
    (64, 64, 32, 64),
    (128, 128, 32, 64),
    (256, 256, 64, 64),
    (512, 512, 64, 50),
    (1024, 1024, 32, 25),
];

fn cells(criterion: &mut Criterion<Rate>) {
    for name in CELLS {
        for (inputs, units, rows, steps) in SHAPES {
            for (pass, word) in [(Pass::Forward, "forward"), (Pass::Both, "both")] {
                let shape = Shape {
                    inputs,
                    units,
                    rows,
                    steps,
                };
                let mut group = criterion.benchmark_group(format!("{name}/{word}"));
                for threads in [1, 2] {
                    let id = format!("{inputs}-{units}-{rows}-{steps}/{threads}");
                    let least = Shape {
                        inputs,
                        units,
                        rows: 1,
                        steps: 1,
                    };
                    let flops = case(name, least).map_or(0.0, |c| c.flops(pass));
                    group.throughput(Throughput::Elements(flops as u64 * (rows * steps) as u64));
                    group.bench_function(id, |bencher| {
                        let mut case = case(name, shape).expect("a cell of the list");
                        THREADS.store(threads, Ordering::Relaxed);
                        gate_runtime::set_threads(threads);
                        bencher.iter(|| case.run(pass));
                    });
                }
                group.finish();
            }
        }
    }
}

/// Threads of the benchmark that runs.
static THREADS: AtomicUsize = AtomicUsize::new(1);

/// The peak of one core and of two, measured when it is first needed.
fn peaks(threads: usize) -> f64 {
    static PEAKS: [OnceLock<f64>; 2] = [const { OnceLock::new() }; 2];
    *PEAKS[threads - 1].get_or_init(|| peak(threads))
}

/// Time, and operations per time with their share of the peak.
struct Rate(WallTime);

impl Measurement for Rate {
    type Intermediate = <WallTime as Measurement>::Intermediate;
    type Value = <WallTime as Measurement>::Value;

    fn start(&self) -> Self::Intermediate {
        self.0.start()
    }

    fn end(&self, start: Self::Intermediate) -> Self::Value {
        self.0.end(start)
    }

    fn add(&self, a: &Self::Value, b: &Self::Value) -> Self::Value {
        self.0.add(a, b)
    }

    fn zero(&self) -> Self::Value {
        self.0.zero()
    }

    fn to_f64(&self, value: &Self::Value) -> f64 {
        self.0.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self
    }
}

impl ValueFormatter for Rate {
    fn format_throughput(&self, throughput: &Throughput, nanoseconds: f64) -> String {
        let Throughput::Elements(flops) = throughput else {
            return String::new();
        };
        let (rate, threads) = (*flops as f64 / nanoseconds, THREADS.load(Ordering::Relaxed));
        let share = 100.0 * rate / peaks(threads);
        format!("{rate:.1} GFLOP/s = {share:.0} % of peak")
    }

    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        self.0.formatter().scale_values(typical, values)
    }

    fn scale_throughputs(
        &self,
        _typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        if let Throughput::Elements(flops) = throughput {
            values.iter_mut().for_each(|v| *v = *flops as f64 / *v);
        }
        "GFLOP/s"
    }

    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str {
        self.0.formatter().scale_for_machines(values)
    }
}

criterion_group! {
    name = all;
    config = Criterion::default()
        .with_measurement(Rate(WallTime))
        .sample_size(10)
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(300));
    targets = cells
}
criterion_main!(all);
