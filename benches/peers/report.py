"""Table and plot of `results.json`."""

import math

PASSES = {"forward": "forward", "both": "forward and backward"}
FACTOR = {"forward": 1, "both": 3}
BUILTIN = ["Lstm", "GruResetAfter"]
# Which built-in cell does the same work; others have none.
CUSTOM = ["Gru", "PeepholeLstm", "CoupledLstm", "Mgu", "Nas", "ProjectedLstm", "MinGru", "GatedLinearAttention"]


def line(key, case):
    """A case in one line, for the terminal."""
    parts = []
    for which in PASSES:
        times = {c: t[which] for c, t in case["ns"].items() if which in t}
        own = times.pop("ours")
        best = min(times.items(), key=lambda item: item[1], default=None)
        than = f", {best[0]} {best[1] / own:.2f} x" if best else ""
        parts.append(f"{which} {own / 1e3:.0f} us{than}")
    failed = "".join(f"; {c} failed: {e[:60]}" for c, e in case["failed"].items())
    return f"{key}: {'; '.join(parts)}{failed}"


def rivals(results, key, which, accept=lambda c: True):
    """Times of everybody else: with two threads also those with one, as everybody may choose."""
    threads, rest = key.split("/", 1)
    out = {}
    for n in range(1, int(threads) + 1):
        case = results["cases"].get(f"{n}/{rest}")
        for c, times in (case["ns"] if case else {}).items():
            if c != "ours" and which in times and accept(c):
                out[c] = min(out.get(c, math.inf), times[which])
    return out


def mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def ratios(results, names, threads, which, accept=lambda c: True):
    out = []
    for key, case in results["cases"].items():
        n, cell, shape = key.split("/")
        others = rivals(results, key, which, accept)
        if int(n) == threads and cell in names and others:
            out.append((min(others.values()) / case["ns"]["ours"][which], cell, shape))
    return out


def measured(results):
    """Names of the others that have a time."""
    names = {"torch": "PyTorch", "jax": "JAX", "onnx": "ONNX Runtime"}
    found = {c.split("-")[0] for case in results["cases"].values() for c in case["ns"]}
    return [name for key, name in names.items() if key in found]


def summary(results):
    rows = ["| geometric mean of the best other's time over ours | threads | forward | forward and backward |", "|---|---|---|---|"]
    torch = lambda c: c.startswith("torch")
    groups = [
        ("LSTM and GRU: best of " + ", ".join(measured(results)), BUILTIN, lambda c: True),
        ("custom cells: best of PyTorch's eager, script, compile", CUSTOM, torch),
        ("custom cells: best of all", CUSTOM, lambda c: True),
    ]
    groups += [(f"{cell}: best of all", [cell], lambda c: True) for cell in CUSTOM]
    for title, names, accept in groups:
        for threads in sorted(map(int, results["peak"])):
            found = [mean(r for r, *_ in ratios(results, names, threads, which, accept)) for which in PASSES]
            if any(found):
                rows.append(f"| {title} | {threads} | " + " | ".join(f"{f:.2f}" if f else "" for f in found) + " |")
    return "\n".join(rows)


def lost(results):
    out = []
    for threads in sorted(map(int, results["peak"])):
        for which, words in PASSES.items():
            for ratio, cell, shape in ratios(results, BUILTIN + CUSTOM, threads, which):
                if ratio < 1:
                    out.append(f"- {cell} {shape}, {words}, {threads} thread(s): {ratio:.2f}")
    return "\n".join(out) if out else "None."


def details(results):
    contenders = ["torch-builtin", "torch-eager", "torch-script", "torch-compile", "jax", "onnx"]
    head = "| cell | I-H-B-T | ours, µs | GFLOP/s | of peak | " + " | ".join(contenders) + " | best / ours |"
    parts = []
    for threads in sorted(map(int, results["peak"])):
        for which, words in PASSES.items():
            rows = [f"\n### {words[0].upper() + words[1:]}, {threads} thread(s), µs\n", head, "|---" * 12 + "|"]
            for key, case in results["cases"].items():
                n, cell, shape = key.split("/")
                if int(n) != threads:
                    continue
                own, others = case["ns"]["ours"][which], rivals(results, key, which)
                rate = FACTOR[which] * case["flops"] / own
                cells = [f"{case['ns'][c][which] / 1e3:,.0f}" if which in case["ns"].get(c, {}) else "" for c in contenders]
                best = f"**{min(others.values()) / own:.2f}**" if others else ""
                share = 100 * rate / case["peak"]
                rows.append(f"| {cell} | {shape} | {own / 1e3:,.0f} | {rate:.0f} | {share:.0f} % | {' | '.join(cells)} | {best} |")
            parts.append("\n".join(rows))
    return "\n".join(parts)


def scaling(results):
    rows = ["| two threads over one, ours | forward | forward and backward |", "|---|---|---|"]
    cases = results["cases"]
    for key, case in cases.items():
        other = cases.get("2" + key[1:])
        if key.startswith("1/Lstm/") and other:
            both = [case["ns"]["ours"][w] / other["ns"]["ours"][w] for w in PASSES]
            rows.append(f"| {key[2:]} | {both[0]:.2f} | {both[1]:.2f} |")
    return "\n".join(rows) if len(rows) > 2 else ""


def write(results, shapes, out):
    m = results["machine"]
    peaks = ", ".join(f"{min(g):.0f} to {max(g):.0f} GFLOP/s on {n} thread(s)" for n, g in results["peak"].items())
    versions = ", ".join(f"{p} {v}" for p, v in m["versions"].items())
    text = [
        f"{m['processor']}, {m['cores']} cores, AVX-512: {'yes' if m['avx512'] else 'no'}; multiply-add peak "
        f"measured beside each figure: {peaks}. {m['rustc']}, commit {m['commit']}; Python {m['python']}, {versions}. "
        f"{m['date']}; {results.get('seconds', 0) / 60:.0f} minutes.",
        "f32; minima over alternating repetitions. Shapes are input features, units, rows, steps. Others run with "
        "the same number of threads; with two, their better of one and two counts.",
        summary(results),
        scaling(results),
        "Lost (the best other is faster):\n\n" + lost(results),
        details(results),
    ]
    (out / "table.md").write_text("\n\n".join(t for t in text if t) + "\n")
    plot(results, shapes, out / "table.svg")


def plot(results, shapes, path):
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    threads = sorted(map(int, results["peak"]))
    figure, axes = pyplot.subplots(len(threads), 2, figsize=(12, 4.2 * len(threads)), sharey=True, squeeze=False)
    places = {"-".join(map(str, s)): i for i, s in enumerate(shapes)}
    for row, n in zip(axes, threads):
        for panel, (which, words) in zip(row, PASSES.items()):
            for index, cell in enumerate(BUILTIN + CUSTOM):
                points = sorted((places[s], r) for r, _, s in ratios(results, [cell], n, which))
                if points:
                    marker = "os"[index] if index < 2 else "^vDPX*<>"[index - 2]
                    panel.plot(*zip(*points), marker=marker, linewidth=0.8, label=cell)
            panel.axhline(1, color="black", linewidth=1)
            panel.set_yscale("log")
            ticks = [0.5, 1, 2, 5, 10, 20, 50]
            panel.set_yticks(ticks, [f"{t:g}" for t in ticks])
            panel.set_xticks(range(len(shapes)), ["-".join(map(str, s)) for s in shapes], rotation=40, ha="right", fontsize=8)
            panel.set_title(f"{words}, {n} thread(s)", fontsize=10)
            panel.grid(alpha=0.3)
        row[0].set_ylabel("times faster than the best other")
    handles, labels = axes[0][1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=9, fontsize=8, frameon=False)
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    figure.savefig(path)
