#!/usr/bin/env python3
"""Whole steps of training against PyTorch: an LSTM, a linear head at every step, softmax
cross-entropy, clipping to norm 1, Adam (fused in PyTorch). Prints a table of the shortest time of
a step, in turns; both must agree on the loss of the first step.

`training.py --torch H B T CLASSES THREADS STEPS` is PyTorch's side.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHAPES = [(64, 32, 64, 64), (256, 32, 64, 100), (256, 32, 35, 10000), (512, 64, 50, 1000)]
ROUNDS = 4
STEPS = 8


def pytorch(units, rows, steps, classes, threads, count):
    import torch

    torch.set_num_threads(threads)

    def number(k, *shape):
        i = torch.arange(shape[-2], dtype=torch.float64)[:, None]
        j = torch.arange(shape[-1], dtype=torch.float64)
        return (torch.sin(k * 3.7 + i * 1.3 + j * 0.7) * 0.1).float()

    cell, head = torch.nn.LSTM(units, units), torch.nn.Linear(units, classes)
    with torch.no_grad():
        for weight, first in ((cell.weight_ih_l0, 0), (cell.weight_hh_l0, 4)):
            weight.copy_(torch.cat([number(first + k, units, units).T for k in range(4)]))
        cell.bias_ih_l0.copy_(torch.cat([number(8 + k, 1, units)[0] for k in range(4)]))
        cell.bias_hh_l0.zero_()
        head.weight.copy_(number(12, classes, units))
        head.bias.zero_()
    x = torch.stack([10.0 * number(t, rows, units) for t in range(steps)])
    labels = torch.arange(steps * rows) * 31 % classes
    parameters = [*cell.parameters(), *head.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-3, fused=True)

    def step():
        adam.zero_grad(set_to_none=False)
        logits = head(cell(x)[0].view(steps * rows, units))
        loss = torch.nn.functional.cross_entropy(logits, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
        return loss

    loss, least = step().item(), float("inf")
    for _ in range(count):
        start = time.perf_counter()
        step()
        least = min(least, (time.perf_counter() - start) * 1e6)
    print(json.dumps({"loss": loss, "us": least}))


def ask(command, threads):
    cores = ",".join(map(str, range(threads)))
    command = ["taskset", "-c", cores, *map(str, command)]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(lines.strip().splitlines()[-1])


def main():
    build = ["cargo", "bench", "--bench", "training", "--no-run", "--message-format=json"]
    lines = subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    messages = map(json.loads, lines.splitlines())
    made = [m["executable"] for m in messages if m.get("target", {}).get("name") == "training"]
    ours, theirs = [made[-1]], [sys.executable, __file__, "--torch"]
    print("| units, rows, steps, classes | threads | ours, µs | PyTorch, µs | times |")
    print("|---|---:|---:|---:|---:|")
    for shape in SHAPES:
        for threads in (1, 2):
            best = [float("inf")] * 2
            for _ in range(ROUNDS):
                both = [ask([*who, *shape, threads, STEPS], threads) for who in (ours, theirs)]
                a, b = (answer["loss"] for answer in both)
                assert abs(a - b) < 1e-4 * abs(b), f"losses differ: {a} and {b}"
                best = [min(least, answer["us"]) for least, answer in zip(best, both)]
            sizes = ", ".join(map(str, shape))
            row = f"| {sizes} | {threads} | {best[0]:,.0f} | {best[1]:,.0f} | {best[1] / best[0]:.2f} |"
            print(row, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--torch"]:
        pytorch(*map(int, sys.argv[2:]))
    else:
        main()
