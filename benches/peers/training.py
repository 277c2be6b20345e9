#!/usr/bin/env python3
"""Whole steps of training against PyTorch: an LSTM, a linear head at every step, softmax
cross-entropy, clipping to norm 1, Adam (fused in PyTorch). Prints a table of the shortest time of
a step, in turns; both must agree on the loss of the first step.

`training.py --torch H B T CLASSES THREADS STEPS` is PyTorch's side.
"""

import json
import sys
import time

from turns import give_weights, number, same, turns

SHAPES = [(64, 32, 64, 64), (256, 32, 64, 100), (256, 32, 35, 10000), (512, 64, 50, 1000)]
ROUNDS = 4
STEPS = 8


def pytorch(units, rows, steps, classes, threads, count):
    import torch

    torch.set_num_threads(threads)

    cell, head = torch.nn.LSTM(units, units), torch.nn.Linear(units, classes)
    give_weights(cell, "l0", units, units, 0)
    with torch.no_grad():
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


def main():
    print("| units, rows, steps, classes | threads | ours, µs | PyTorch, µs | times |")
    print("|---|---:|---:|---:|---:|")
    for shape in SHAPES:
        for threads in (1, 2):
            best = [float("inf")] * 2
            for both in turns("training", __file__, [*shape, threads, STEPS], threads, ROUNDS):
                same(*([side["loss"]] for side in both))
                best = [min(least, side["us"]) for least, side in zip(best, both)]
            sizes = ", ".join(map(str, shape))
            row = f"| {sizes} | {threads} | {best[0]:,.0f} | {best[1]:,.0f} | {best[1] / best[0]:.2f} |"
            print(row, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--torch"]:
        pytorch(*map(int, sys.argv[2:]))
    else:
        main()
