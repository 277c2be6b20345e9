#!/usr/bin/env python3
"""Measures this crate against PyTorch, JAX and ONNX Runtime on this machine, and writes
`results.json`, `table.md` and `table.svg`.

Every framework has a process of its own, pinned to as many cores as it may use threads; all get
the same weights and inputs; outputs and gradients must agree before anything is timed. Then they
take turns: rounds, in each of which everyone fills a window with repetitions, and the minimum over
all counts. There are rounds until two in a row have found nothing shorter, by more than 2 %. The LSTM
and the GRU took 22 minutes once the compilers' caches were warm (`--warm`); a run can be stopped at
any time. What is in `results.json` already is not measured again.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

import cells
import report

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHAPES = [
    (16, 32, 1, 256),
    (64, 64, 1, 256),
    (128, 128, 1, 256),
    (256, 256, 1, 128),
    (64, 64, 32, 64),
    (128, 128, 32, 64),
    (256, 256, 64, 64),
    (512, 512, 64, 50),
    (1024, 1024, 32, 25),
]
CONTENDERS = ["torch-builtin", "torch-eager", "torch-script", "torch-compile", "jax", "onnx"]
# Built-in cells are compared with built-in cells; nobody writes them anew.
BUILTIN = {"Lstm", "GruResetAfter"}
# What keeps PyTorch from using AVX-512. ONNX Runtime and the products of JAX cannot be told.
AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
# Relative to the largest element: single precision, sums over all steps and rows.
TOLERANCE = 2e-3
# Seconds before each window: threads of the one before spin for a while and would hold a core.
REST = 0.25
# Where others share the machine, two virtual cores may be one for seconds, or half of one: a window
# waits until arithmetic alone takes no longer than it did, within so much, and at most so often.
SLOWER, TRIES = 1.12, 100
# A round is followed by others as long as it has made a time shorter by this, up to so many rounds.
SHORTER, QUIET, MOST = 0.98, 2, 20


class Process:
    """A process that answers a line with a line."""

    def __init__(self, command, threads, environment=()):
        cores = sorted(os.sched_getaffinity(0))[:threads]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | dict(environment),
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        return json.loads(answer) if answer else {"error": "the process ended"}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Team:
    """This crate and every framework, with the same number of threads."""

    def __init__(self, ours, threads, options):
        n, out = str(threads), options.out
        flags = "--xla_cpu_multi_thread_eigen=false" if threads == 1 else ""
        environment = {
            "OMP_NUM_THREADS": n,
            "MKL_NUM_THREADS": n,
            "XLA_FLAGS": flags,
            "JAX_PLATFORMS": "cpu",
            "JAX_COMPILATION_CACHE_DIR": str(out / "cache" / f"jax-{n}"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "TORCHINDUCTOR_CACHE_DIR": str(out / "cache" / f"torch-{n}"),
            "TORCHINDUCTOR_COMPILE_THREADS": "1",
        }
        if options.avx2:
            environment |= AVX2
        own = [ours, n, "avx2"] if options.avx2 else [ours, n]
        self.threads, self.ours = threads, Process(own, threads)
        self.least = float("inf")
        frameworks = {c.split("-")[0] for c in options.contenders}
        start = lambda f: Process([sys.executable, str(HERE / "worker.py"), f, n], threads, environment)
        self.others = {f: start(f) for f in sorted(frameworks)}

    def tell(self, contender, *command):
        return self.others[contender.split("-")[0]].ask(json.dumps(command))

    def ask(self, *words):
        answer = self.ours.ask(" ".join(map(str, words)))
        if "error" in answer:
            sys.exit(f"ours: {answer['error']}")
        return answer

    def rest(self):
        """Waits until the cores are free, as far as that can be told; their peak in GFLOP/s."""
        time.sleep(REST)
        tried = []
        for _ in range(TRIES):
            before = time.monotonic()
            peak = self.ask("peak")["gflops"]
            tried.append(time.monotonic() - before)
            if tried[-1] < SLOWER * self.least:
                self.least = min(self.least, tried[-1])
                return peak
        # What has become slower for good is the measure from now on.
        self.least = min(tried)
        return peak

    def clear(self):
        for other in self.others.values():
            other.ask(json.dumps(["clear"]))

    def close(self):
        for process in [self.ours, *self.others.values()]:
            process.close()


def data(params, outputs, shape, directory):
    """Weights, inputs and gradients of the outputs, the same for everyone."""
    inputs, units, rows, steps = shape
    rng = np.random.default_rng(1)
    total = sum(int(np.prod(axes)) for _, axes in params)
    weights = rng.uniform(-1, 1, total) / np.sqrt(units)
    arrays = {
        "params": weights,
        "x": rng.uniform(-1, 1, (steps, rows, inputs)),
        "dy": rng.uniform(-1, 1, (steps, rows, outputs)) / np.sqrt(rows * steps),
    }
    for name, array in arrays.items():
        array.astype("<f4").tofile(f"{directory}/{name}.f32")


def competitors(cell, wanted):
    custom = [c for c in wanted if c in ("torch-eager", "torch-script", "torch-compile")]
    return [c for c in wanted if not (cell in BUILTIN and c in custom)]


def measure(team, cell, shape, wanted, options):
    """Minima in nanoseconds: contender -> pass -> time."""
    described = team.ask("describe", cell, *shape)
    params, outputs = described["params"], described["outputs"]
    result = {"flops": described["flops"], "ns": {"ours": {}}, "apart": {}, "failed": {}}
    with tempfile.TemporaryDirectory() as directory:
        data(params, outputs, shape, directory)
        team.ask("load", cell, *shape, directory)
        team.ask("check", directory)
        present = []
        for c in competitors(cell, wanted):
            apart = team.tell(c, "load", c, cell, shape, outputs, params, directory)
            if apart.get("absent"):
                continue
            if "error" in apart:
                result["failed"][c] = apart["error"]
                continue
            if not max(apart.values()) < TOLERANCE:
                sys.exit(f"{cell} {shape}: {c} computes something else: {apart}")
            result["apart"][c] = apart
            result["ns"][c] = {}
            present.append(c)
    if not options.warm:
        take_turns(team, present, result, options)
    team.clear()
    return result


def take_turns(team, present, result, options):
    """Fills in the peak and the minima."""
    # The clock changes from minute to minute: the peak is measured beside what is a share of it.
    result["peak"], result["rounds"], quiet = 0, 0, 0
    most = options.rounds if options.quick else MOST
    while result["rounds"] < options.rounds or quiet < QUIET and result["rounds"] < most:
        shorter = False
        for which in ["forward", "both"]:
            result["peak"] = max(result["peak"], team.rest())
            shorter |= keep(result["ns"]["ours"], which, team.ask("time", which, options.window))
            for c in present:
                if which == "both" and c == "onnx":
                    continue
                result["peak"] = max(result["peak"], team.rest())
                shorter |= keep(result["ns"][c], which, team.tell(c, "time", c, which, options.window))
        quiet = 0 if shorter else quiet + 1
        result["rounds"] += 1


def keep(times, which, answer):
    """Whether it is clearly shorter than any before."""
    before, now = times.get(which, float("inf")), answer.get("ns", float("inf"))
    if "ns" in answer:
        times[which] = min(before, now)
    return now < SHORTER * before


def build():
    """The path of our side, built in release mode."""
    command = ["cargo", "bench", "--bench", "peers", "--no-run", "--message-format=json"]
    lines = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    messages = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("target", {}).get("name") == "peers" and m.get("executable"))


def machine():
    text = lambda *command: subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    lines = [l.split(":", 1) for l in Path("/proc/cpuinfo").read_text().splitlines() if ":" in l]
    processor = {name.strip(): value.strip() for name, value in lines}
    family = f", family {processor['cpu family']}" if "cpu family" in processor else ""
    return {
        "processor": processor.get("model name", platform.processor()) + family,
        "cores": os.cpu_count(),
        "avx512": "avx512f" in processor.get("flags", ""),
        "system": platform.platform(),
        "rustc": text("rustc", "--version"),
        "commit": text("git", "rev-parse", "--short", "HEAD"),
        "python": platform.python_version(),
        "versions": {p: version(p) for p in ["torch", "jax", "onnxruntime", "numpy"]},
        "date": time.strftime("%Y-%m-%d"),
    }


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", nargs="+", default=list(cells.CELLS), choices=list(cells.CELLS))
    parser.add_argument("--shapes", nargs="+", type=int, default=list(range(len(SHAPES))), help="numbers from 0 to 8")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--contenders", nargs="+", default=CONTENDERS, choices=CONTENDERS)
    parser.add_argument("--rounds", type=int, default=3, help="at least")
    parser.add_argument("--window", type=float, default=40, help="milliseconds that each fills in a round")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin nothing new after so long")
    parser.add_argument("--out", type=Path, help="target/peers, or target/peers-avx2 with --avx2")
    parser.add_argument("--fresh", action="store_true", help="measure again what was measured before")
    parser.add_argument("--avx2", action="store_true", help="as on a processor without AVX-512, with PyTorch alone")
    parser.add_argument("--quick", action="store_true", help="three cells, two shapes, one round")
    parser.add_argument("--warm", action="store_true", help="only check, which fills the compilers' caches")
    parser.add_argument("--report", action="store_true", help="only write table and plot again")
    chosen = parser.parse_args()
    chosen.out = chosen.out or ROOT / "target" / ("peers-avx2" if chosen.avx2 else "peers")
    if chosen.avx2:
        chosen.contenders = [c for c in chosen.contenders if c.startswith("torch")]
    if chosen.quick:
        chosen.cells, chosen.shapes, chosen.rounds = ["Lstm", "GruResetAfter", "PeepholeLstm"], [0, 4], 1
    return chosen


def main():
    chosen = options()
    chosen.out = chosen.out.resolve()
    chosen.out.mkdir(parents=True, exist_ok=True)
    file = chosen.out / "results.json"
    results = json.loads(file.read_text()) if file.exists() and not chosen.fresh else {}
    if not chosen.report:
        fill(results, chosen, file)
    if chosen.warm:
        return
    report.write(results, SHAPES, chosen.out)
    print(f"{chosen.out}/table.md, table.svg, results.json")


def fill(results, chosen, file):
    begin, ours = time.monotonic(), build()
    results.setdefault("peak", {})
    results["machine"] = machine() | {"avx512": False} if chosen.avx2 else machine()
    for threads in chosen.threads:
        team = Team(ours, threads, chosen)
        for cell in chosen.cells:
            for shape in (SHAPES[i] for i in chosen.shapes if cells.CELLS[cell].measured(SHAPES[i])):
                key = f"{threads}/{cell}/{'-'.join(map(str, shape))}"
                if key in results.setdefault("cases", {}):
                    continue
                if time.monotonic() - begin > 60 * chosen.minutes:
                    team.close()
                    return
                before = time.monotonic()
                case = measure(team, cell, shape, chosen.contenders, chosen)
                if chosen.warm:
                    print(f"{key}: {', '.join(case['apart'])} agree [{time.monotonic() - before:.1f} s]", flush=True)
                    continue
                results["cases"][key] = case
                results["peak"].setdefault(str(threads), []).append(case["peak"])
                results["seconds"] = results.get("seconds", 0) + time.monotonic() - before
                file.write_text(json.dumps(results, indent=1))
                print(report.line(key, case), f"[{time.monotonic() - before:.1f} s]", flush=True)
        team.close()


if __name__ == "__main__":
    main()
