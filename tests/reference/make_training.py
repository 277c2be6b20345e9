"""Steps of optimisers, losses and clipping of PyTorch, for `tests/training.rs`.

Requirements: torch, numpy, safetensors (versions as in the metadata).
Run `python tests/reference/make_training.py`; it writes training.safetensors beside itself.

Tensors, all float64 unless said otherwise:
  p [N], g [STEPS, N]      parameters before the first step, the gradient of each step
  steps.NAME [STEPS, N]    parameters after each step of the optimiser NAME
  x, y, c [A, B, C]        predictions or logits, targets, targets from 0 to 1; mask likewise, uint8
  loss.NAME [1], grad.NAME the mean loss and its gradient by x; NAME_masked over the mask alone
  clip.0, clip.1           gradients; clipped.0, clipped.1 after `clip_grad_norm_(…, 0.5)`
  weights [A, B, C]        of elements; positive [C] `pos_weight`
  z [ROWS, K], labels      logits and labels of classes, uint8; classes [K] `weight`; a row whose label
                           is K does not count
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save as serialize
from torch.nn import functional as F

N, STEPS = 7, 6
ROWS, K = 11, 4
DECAY = {"weight_decay": 0.1}
OPTIMISERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.1}),
    "sgd_momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "sgd_nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "sgd_dampened": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, **DECAY}),
    "sgd_decay": (torch.optim.SGD, {"lr": 0.1, **DECAY}),
    "sgd_all": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, **DECAY}),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.01}),
    "rmsprop_momentum": (torch.optim.RMSprop, {"lr": 0.01, "momentum": 0.8}),
    "rmsprop_centred": (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.9, "eps": 1e-6, "centered": True}),
    "rmsprop_all": (torch.optim.RMSprop, {"lr": 0.01, "momentum": 0.8, "centered": True, **DECAY}),
    "adam": (torch.optim.Adam, {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-6}),
    "adam_coupled": (torch.optim.Adam, {"lr": 0.01, **DECAY}),
    "adam_decoupled": (torch.optim.AdamW, {"lr": 0.01, **DECAY}),
    "adam_largest": (torch.optim.Adam, {"lr": 0.01, "betas": (0.8, 0.7), "amsgrad": True, **DECAY}),
}
LOSSES = {
    "squared": (F.mse_loss, "y", {}),
    "absolute": (F.l1_loss, "y", {}),
    "huber": (F.huber_loss, "y", {"delta": 0.7}),
    "smooth": (F.smooth_l1_loss, "y", {"beta": 0.7}),
    "sigmoid": (F.binary_cross_entropy_with_logits, "c", {}),
}


def normal(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def optimisers(generator, tensors):
    tensors["p"], tensors["g"] = normal(generator, N), normal(generator, STEPS, N)
    for name, (kind, settings) in OPTIMISERS.items():
        p = tensors["p"].clone().requires_grad_()
        optimiser, after = kind([p], **settings), []
        for g in tensors["g"]:
            p.grad = g.clone()
            optimiser.step()
            after.append(p.detach().clone())
        tensors[f"steps.{name}"] = torch.stack(after)


def losses(generator, tensors):
    shape = (4, 3, 2)
    tensors["x"], tensors["y"] = 2 * normal(generator, *shape), normal(generator, *shape)
    tensors["c"] = torch.rand(*shape, generator=generator, dtype=torch.float64)
    tensors["c"][0] = torch.tensor([0.0, 1.0])
    mask = torch.rand(*shape, generator=generator) < 0.6
    tensors["mask"] = mask.to(torch.uint8)
    for name, (loss, targets, settings) in LOSSES.items():
        for suffix, keep in [("", torch.ones_like(mask)), ("_masked", mask)]:
            x = tensors["x"].clone().requires_grad_()
            value = loss(x[keep], tensors[targets][keep], **settings)
            value.backward()
            tensors[f"loss.{name}{suffix}"] = value.reshape(1)
            tensors[f"grad.{name}{suffix}"] = x.grad


def clipping(generator, tensors):
    slices = [torch.nn.Parameter(normal(generator, n)) for n in (5, 3)]
    for k, p in enumerate(slices):
        p.grad = normal(generator, len(p))
        tensors[f"clip.{k}"] = p.grad.clone()
    torch.nn.utils.clip_grad_norm_(slices, 0.5)
    tensors |= {f"clipped.{k}": p.grad for k, p in enumerate(slices)}


def weighted(generator, tensors):
    """What is not a plain mean."""
    x, y, c = (tensors[name] for name in "xyc")
    weights = tensors["weights"] = torch.rand(*x.shape, generator=generator, dtype=torch.float64)
    positive = tensors["positive"] = torch.tensor([0.5, 7.0], dtype=torch.float64)
    bce = F.binary_cross_entropy_with_logits
    results = {
        "squared_weighted": lambda x: (weights * F.mse_loss(x, y, reduction="none")).sum() / weights.sum(),
        "sigmoid_weighted": lambda x: bce(x, c, weight=weights),
        "sigmoid_positive": lambda x: bce(x, c, pos_weight=positive),
    }
    record(tensors, x, results)
    z = tensors["z"] = 2 * normal(generator, ROWS, K)
    labels = torch.arange(ROWS) % (K + 1)
    classes = tensors["classes"] = torch.tensor([1.0, 0.25, 3.0, 0.0], dtype=torch.float64)
    tensors["labels"] = labels.to(torch.uint8)
    settings = {
        "softmax": {},
        "softmax_classes": {"weight": classes},
        "softmax_smooth": {"label_smoothing": 0.1},
        "softmax_all": {"weight": classes, "label_smoothing": 0.3},
    }
    entropy = lambda options: lambda z: F.cross_entropy(z, labels, ignore_index=K, **options)
    record(tensors, z, {name: entropy(options) for name, options in settings.items()})


def record(tensors, at, losses):
    for name, loss in losses.items():
        x = at.clone().requires_grad_()
        value = loss(x)
        value.backward()
        tensors |= {f"loss.{name}": value.reshape(1), f"grad.{name}": x.grad}


def main():
    generator, tensors = torch.Generator().manual_seed(1), {}
    optimisers(generator, tensors)
    losses(generator, tensors)
    clipping(generator, tensors)
    weighted(generator, tensors)
    arrays = {name: np.ascontiguousarray(value.detach().numpy()) for name, value in tensors.items()}
    settings = {name: f"{kind.__name__} {options}" for name, (kind, options) in OPTIMISERS.items()}
    data = serialize(arrays, {"torch": torch.__version__, **settings})
    # The order of the metadata varies from run to run: sort it, so that equal numbers give equal files.
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8:end]), sort_keys=True, separators=(",", ":")).encode()
    path = Path(__file__).parent / "training.safetensors"
    path.write_bytes(data[:8] + header.ljust(end - 8) + data[end:])


if __name__ == "__main__":
    main()
