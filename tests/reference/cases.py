"""What the scripts beside this share: cases, and the files that they go to.

The parameters are ours, under the symbols of our cells; each case says how those of another
implementation are built from them, so that automatic differentiation gives gradients by our
symbols as well. Tensors are named CASE/..., time-major, float64:
  x, x.1 .. [T, B, features]   inputs          y, y.1 ..  outputs       G, G.1 ..  weights of the loss
  S_0, S_T [B, ...]            states S        G_S        weights of the final states
  param.NAME, grad.param.NAME, grad.x, grad.S_0
Where the other side has no counterpart of a parameter, the parameter is 0 and has no gradient;
where it holds one fixed, that has its value and no gradient.
Implementations that compute in float32 whatever they are given say so in the metadata.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save as serialize

HERE = Path(__file__).parent
I, H, T, B = 3, 4, 5, 2
FILES = {}


def case(library, name, shapes, run, states=(), inputs=(I,), zero=(), positive=(), fixed={}, steps=T):
    """Adds a case. `run(p, xs, states)` gives lists of outputs [T, B, .] and of final states.

    `shapes`: of our parameters. `states`: name and shape of each. `zero`: parameters without a
    counterpart. `positive`: states that start above 0, parameters and inputs that are above 0.
    `fixed`: parameters with a value of their own.
    """
    generator = torch.Generator().manual_seed(1000 + len(FILES.get(library, {})))

    def normal(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    p = {key: 0.5 * normal(*shape) for key, shape in shapes.items()}
    for key in zero:
        p[key] = torch.zeros_like(p[key])
    for key, value in fixed.items():
        p[key] = torch.as_tensor(value, dtype=torch.float64).reshape(p[key].shape).clone()
    xs = [normal(steps, B, width) for width in inputs]
    first = {key: 0.5 * normal(B, *shape) for key, shape in states}
    for key in positive:
        if key in first:
            first[key] = first[key].abs() + 0.1
        elif key in p:
            p[key] = p[key].abs() + 0.1
        else:
            xs[0 if key == "x" else int(key[2:])].abs_()
    for leaf in [*p.values(), *xs, *first.values()]:
        leaf.requires_grad_()
    ys, last = run(p, xs, list(first.values()))
    weights = [normal(*y.shape) for y in ys]
    last_weights = [normal(*s.shape) for s in last]
    pairs = zip([*ys, *last], [*weights, *last_weights])
    sum((value * weight).sum() for value, weight in pairs).backward()

    def number(letter, i):
        return letter if i == 0 else f"{letter}.{i}"

    out = {}
    for i, (y, weight) in enumerate(zip(ys, weights)):
        out[number("y", i)], out[number("G", i)] = y, weight
    for i, x in enumerate(xs):
        out[number("x", i)], out[f"grad.{number('x', i)}"] = x, x.grad
    for (key, start), end, weight in zip(first.items(), last, last_weights):
        out |= {f"{key}_0": start, f"{key}_T": end, f"G_{key}": weight}
        out[f"grad.{key}_0"] = start.grad
    for key, value in p.items():
        out[f"param.{key}"] = value
        if key not in zero and key not in fixed:
            out[f"grad.param.{key}"] = value.grad
    file = FILES.setdefault(library, {})
    for key, value in out.items():
        assert value is not None and torch.isfinite(value).all(), (name, key)
        file[f"{name}/{key}"] = value.detach().to(torch.float64).numpy()


def save(library, package, **metadata):
    """Writes the file of a library; `package`: what its version is taken of."""
    arrays = {key: np.array(value, order="C") for key, value in FILES[library].items()}
    metadata = {"package": package, "version": version(package)} | metadata
    data = serialize(arrays, metadata)
    # Sorted, so that equal numbers give equal files.
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    header = header.ljust(-(-len(header) // 8) * 8)
    data = len(header).to_bytes(8, "little") + header + data[end:]
    (HERE / f"{library}.safetensors").write_bytes(data)
    print(f"{library}: {len({k.split('/')[0] for k in arrays})} cases, {len(data)} bytes")


def stepped(step):
    """A run from a function of one step: `step(p, xs, states) -> outputs, states`."""

    def run(p, xs, states):
        outputs = []
        for t in range(len(xs[0])):
            ys, states = step(p, [x[t] for x in xs], states)
            outputs.append(ys)
        return [torch.stack(y) for y in zip(*outputs)], states

    return run


def zeros(*shape):
    return torch.zeros(shape, dtype=torch.float64)


def gates(gates, W="W", U="U", b="b", width=I):
    """Shapes of matrices and biases with a label each."""
    out = {}
    for g in gates:
        out |= {f"{W}_{g}": (width, H), f"{U}_{g}": (H, H), f"{b}_{g}": (H,)}
    return out
