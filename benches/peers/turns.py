"""Two sides that take turns: this crate's, a benchmark of cargo, and a script of this folder."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def number(k, *shape):
    """What `lstm.rs` computes too."""
    import torch

    i = torch.arange(shape[-2], dtype=torch.float64)[:, None]
    j = torch.arange(shape[-1], dtype=torch.float64)
    return (torch.sin(k * 3.7 + i * 1.3 + j * 0.7) * 0.1).float()


def give_weights(lstm, name, features, units, index):
    """The weights of the `index`-th LSTM of a model to one direction of a layer of PyTorch's."""
    import torch

    first, gates = 16 * index, range(4)
    with torch.no_grad():
        for matrix, k, width in (("weight_ih", 0, features), ("weight_hh", 4, units)):
            whole = torch.cat([number(first + k + gate, width, units).T for gate in gates])
            getattr(lstm, f"{matrix}_{name}").copy_(whole)
        bias = torch.cat([number(first + 8 + gate, 1, units)[0] for gate in gates])
        getattr(lstm, f"bias_ih_{name}").copy_(bias)
        getattr(lstm, f"bias_hh_{name}").zero_()


def built(bench):
    """The executable of a benchmark."""
    build = ["cargo", "bench", "--bench", bench, "--no-run", "--message-format=json"]
    lines = subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    messages = map(json.loads, lines.splitlines())
    return [m["executable"] for m in messages if m.get("target", {}).get("name") == bench][-1]


def ask(command, threads):
    """The answer of a side on so many cores."""
    cores = ",".join(map(str, range(threads)))
    command = ["taskset", "-c", cores, *map(str, command)]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(lines.strip().splitlines()[-1])


def turns(bench, script, arguments, threads, rounds):
    """The answers of both sides, ours first, of every round."""
    sides = [built(bench)], [sys.executable, script, "--torch"]
    for _ in range(rounds):
        yield [ask([*side, *arguments], threads) for side in sides]


def same(ours, theirs):
    """Fails if both have computed something else."""
    for a, b in zip(ours, theirs, strict=True):
        assert abs(a - b) < 1e-4 * abs(b), f"results differ: {a} and {b}"
