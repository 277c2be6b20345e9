"""One step of each cell in PyTorch: `(input product, states, weights) -> states`, the output first.

Written so that it runs eagerly, under `torch.jit.script` and under `torch.compile`.
"""

from typing import List

import torch
from torch import Tensor


def lstm(g: Tensor, h: Tensor, c: Tensor, w: List[Tensor]):
    f, i, a, o = (g + h @ w[0]).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(a)
    return torch.sigmoid(o) * torch.tanh(c), c


def peephole(g: Tensor, h: Tensor, c: Tensor, w: List[Tensor]):
    f, i, a, o = (g + h @ w[0]).chunk(4, 1)
    n = torch.sigmoid(f + w[1] * c) * c + torch.sigmoid(i + w[2] * c) * torch.tanh(a)
    return torch.sigmoid(o + w[3] * n) * torch.tanh(n), n


def coupled(g: Tensor, h: Tensor, c: Tensor, w: List[Tensor]):
    f, a, o = (g + h @ w[0]).chunk(3, 1)
    f = torch.sigmoid(f)
    c = f * c + (1 - f) * torch.tanh(a)
    return torch.sigmoid(o) * torch.tanh(c), c


def projected(g: Tensor, h: Tensor, c: Tensor, w: List[Tensor]):
    f, i, a, o = (g + h @ w[0]).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(a)
    return (torch.sigmoid(o) * torch.tanh(c)) @ w[1], c


def nas(g: Tensor, h: Tensor, c: Tensor, w: List[Tensor]):
    x1, x2, x3, x4, x5, x6, x7, x8 = g.chunk(8, 1)
    h1, h2, h3, h4, h5, h6, h7, h8 = (h @ w[0]).chunk(8, 1)
    l1 = torch.tanh(torch.sigmoid(x1 + h1) * torch.relu(x2 + h2))
    l2 = torch.tanh(torch.sigmoid(x3 + h3) + torch.relu(x4 * h4))
    l3 = torch.tanh(torch.tanh(x5 + h5) * torch.sigmoid(x6 + h6))
    l4 = torch.sigmoid(torch.tanh(x7 + h7) + torch.sigmoid(x8 + h8))
    c = torch.tanh(l1 + c) * l2
    return torch.tanh(c * torch.tanh(l3 + l4)), c


def gru(g: Tensor, h: Tensor, w: List[Tensor]):
    n = h.size(1)
    gates = torch.sigmoid(g[:, : 2 * n] + h @ w[0])
    r, z = gates.chunk(2, 1)
    a = torch.tanh(g[:, 2 * n :] + (r * h) @ w[1])
    return (1 - z) * h + z * a


def gru_reset_after(g: Tensor, h: Tensor, w: List[Tensor]):
    x1, x2, x3 = g.chunk(3, 1)
    h1, h2, h3 = (h @ w[0]).chunk(3, 1)
    r, z = torch.sigmoid(x1 + h1), torch.sigmoid(x2 + h2)
    n = torch.tanh(x3 + r * (h3 + w[1]))
    return (1 - z) * n + z * h


def mgu(g: Tensor, h: Tensor, w: List[Tensor]):
    x1, x2 = g.chunk(2, 1)
    f = torch.sigmoid(x1 + h @ w[0])
    return (1 - f) * h + f * torch.tanh(x2 + (f * h) @ w[1])


def min_gru(g: Tensor, h: Tensor, w: List[Tensor]):
    z, a = g.chunk(2, 1)
    z = torch.sigmoid(z)
    return (1 - z) * h + z * a


def gated_linear_attention(g: Tensor, y: Tensor, s: Tensor, w: List[Tensor]):
    a, k, v, q = g.chunk(4, 1)
    s = torch.sigmoid(a + w[0]).unsqueeze(1) * s + v.unsqueeze(2) * k.unsqueeze(1)
    return torch.bmm(s, q.unsqueeze(2)).squeeze(2), s


STEPS = {
    "Lstm": lstm,
    "GruResetAfter": gru_reset_after,
    "Gru": gru,
    "PeepholeLstm": peephole,
    "CoupledLstm": coupled,
    "Mgu": mgu,
    "Nas": nas,
    "ProjectedLstm": projected,
    "MinGru": min_gru,
    "GatedLinearAttention": gated_linear_attention,
}


def sequence_of_one(step):
    def run(x: Tensor, h: Tensor, c: Tensor, wx: Tensor, b: Tensor, w: List[Tensor]) -> Tensor:
        ys: List[Tensor] = []
        for g in (torch.matmul(x, wx) + b).unbind(0):
            h = step(g, h, w)
            ys.append(h)
        return torch.stack(ys)

    return run


def sequence_of_two(step):
    def run(x: Tensor, h: Tensor, c: Tensor, wx: Tensor, b: Tensor, w: List[Tensor]) -> Tensor:
        ys: List[Tensor] = []
        for g in (torch.matmul(x, wx) + b).unbind(0):
            h, c = step(g, h, c, w)
            ys.append(h)
        return torch.stack(ys)

    return run
