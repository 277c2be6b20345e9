"""A process with one framework: `worker.py FRAMEWORK THREADS`; commands of `run.py`, a line of
JSON in, a line of JSON out."""

import json
import os
import sys
import time

import numpy as np

import frameworks

framework, threads = sys.argv[1], int(sys.argv[2])
# What frameworks print must not stand between answers.
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
if framework == "torch":
    import torch

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
loaded = {}


def numbers(directory, name, shape):
    return np.fromfile(f"{directory}/{name}.f32", np.float32).reshape(shape)


def load(contender, cell, shape, outputs, params, directory):
    loaded.pop(contender, None)
    inputs, _, rows, steps = shape
    flat, start, named = np.fromfile(f"{directory}/params.f32", np.float32), 0, {}
    for name, axes in params:
        size = int(np.prod(axes))
        named[name] = flat[start : start + size].reshape(axes)
        start += size
    x = numbers(directory, "x", (steps, rows, inputs))
    dy = numbers(directory, "dy", (steps, rows, outputs))
    made = frameworks.make(contender, cell, named, x, dy, threads)
    y, dx, grads = made.results()
    loaded[contender] = made
    found = {"y": y, "dx": dx}
    if grads is not None:
        found["dp"] = np.concatenate([np.ascontiguousarray(grads[n]).ravel() for n, _ in params])
    return {n: distance(a, np.fromfile(f"{directory}/ours.{n}.f32", np.float32)) for n, a in found.items() if a is not None}


def distance(theirs, ours):
    """The largest difference, relative to the largest element."""
    theirs = np.asarray(theirs).ravel()
    return float(np.abs(theirs - ours).max() / max(np.abs(theirs).max(), 1e-30))


def clock(contender, which, window):
    run = getattr(loaded[contender], which)
    least, count, begin = float("inf"), 0, time.perf_counter_ns()
    # At least two: the first finds what it needs in nobody's cache.
    while count < 2 or time.perf_counter_ns() - begin < window * 1e6:
        start = time.perf_counter_ns()
        run()
        least = min(least, time.perf_counter_ns() - start)
        count += 1
    return {"ns": least, "count": count}


for line in sys.stdin:
    command, *arguments = json.loads(line)
    try:
        if command == "load":
            answer = load(*arguments)
        elif command == "time":
            answer = clock(*arguments)
        else:
            loaded.clear()
            answer = {}
    except NotImplementedError:
        answer = {"absent": True}
    except Exception as error:  # a framework's own failure is a result too
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer), file=answers)
