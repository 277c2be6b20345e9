#!/usr/bin/env python3
"""LSTMs in two layers, in both directions, in two layers of both directions, and over rows of
different lengths (from a quarter to all of the steps; PyTorch's packed sequences), against PyTorch.
Prints a table of the shortest times in turns; both must agree on the output and on the gradient by
the input.

`layers.py --torch KIND I H B T THREADS COUNT` is PyTorch's side.
"""

import json
import sys
import time

from turns import give_weights, number, same, turns

KINDS = {
    "layers": "two layers",
    "directions": "both directions",
    "both": "two layers of both directions",
    "lengths": "rows of different lengths",
}
SHAPES = [(16, 32, 1, 256), (64, 64, 32, 64), (256, 256, 64, 64)]
ROUNDS = 3


def pytorch(kind, features, units, rows, steps, threads, count):
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    torch.set_num_threads(threads)
    layers = 2 if kind in ("layers", "both") else 1
    names = ["", "_reverse"] if kind in ("directions", "both") else [""]
    model = torch.nn.LSTM(features, units, layers, bidirectional=len(names) == 2)
    for layer in range(layers):
        for direction, name in enumerate(names):
            width = len(names) * units if layer else features
            index = layer * len(names) + direction
            give_weights(model, f"l{layer}{name}", width, units, index)
    x = torch.stack([10.0 * number(t, rows, features) for t in range(steps)]).requires_grad_()
    lengths = torch.tensor([steps // 4 + row * 37 % (3 * steps // 4) + 1 for row in range(rows)])

    def run():
        if kind != "lengths":
            return model(x)[0]
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        return pad_packed_sequence(model(packed)[0], total_length=steps)[0]

    gradient = torch.ones(steps, rows, len(names) * units)
    forward = both = float("inf")
    for _ in range(count):
        start = time.perf_counter()
        with torch.no_grad():
            run()
        forward = min(forward, (time.perf_counter() - start) * 1e6)
        start = time.perf_counter()
        model.zero_grad()
        x.grad = None
        output = run()
        output.backward(gradient)
        both = min(both, (time.perf_counter() - start) * 1e6)
    check = [value.detach().double().square().sum().item() for value in (output, x.grad)]
    print(json.dumps({"check": check, "forward": forward, "both": both}))


def main():
    print("| LSTM | input, units, rows, steps | threads | forward, µs | times | both, µs | times |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for kind, words in KINDS.items():
        for shape in SHAPES if kind != "lengths" else SHAPES[1:]:
            count = 40 if shape[2] == 1 else 10
            for threads in (1, 2):
                arguments = [kind, *shape, threads, count]
                best = [{"forward": float("inf"), "both": float("inf")} for _ in range(2)]
                for answers in turns("layers", __file__, arguments, threads, ROUNDS):
                    same(*(side["check"] for side in answers))
                    for least, side in zip(best, answers):
                        least.update({key: min(least[key], side[key]) for key in least})
                ours, theirs = best
                cells = [words, ", ".join(map(str, shape)), threads]
                for key in ("forward", "both"):
                    pair = f"{ours[key]:,.0f} / {theirs[key]:,.0f}"
                    cells += [pair, f"{theirs[key] / ours[key]:.2f}"]
                print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--torch"]:
        pytorch(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main()
