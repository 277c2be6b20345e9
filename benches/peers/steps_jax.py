"""One step of each cell in JAX: `(input product, states, weights) -> states`, the output first."""

import jax.numpy as np
from jax.nn import relu, sigmoid


def lstm(g, h, c, w):
    f, i, a, o = np.split(g + h @ w[0], 4, 1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(a)
    return sigmoid(o) * np.tanh(c), c


def peephole(g, h, c, w):
    f, i, a, o = np.split(g + h @ w[0], 4, 1)
    n = sigmoid(f + w[1] * c) * c + sigmoid(i + w[2] * c) * np.tanh(a)
    return sigmoid(o + w[3] * n) * np.tanh(n), n


def coupled(g, h, c, w):
    f, a, o = np.split(g + h @ w[0], 3, 1)
    f = sigmoid(f)
    c = f * c + (1 - f) * np.tanh(a)
    return sigmoid(o) * np.tanh(c), c


def projected(g, h, c, w):
    h, c = lstm(g, h, c, w)
    return h @ w[1], c


def nas(g, h, c, w):
    x1, x2, x3, x4, x5, x6, x7, x8 = np.split(g, 8, 1)
    h1, h2, h3, h4, h5, h6, h7, h8 = np.split(h @ w[0], 8, 1)
    l1 = np.tanh(sigmoid(x1 + h1) * relu(x2 + h2))
    l2 = np.tanh(sigmoid(x3 + h3) + relu(x4 * h4))
    l3 = np.tanh(np.tanh(x5 + h5) * sigmoid(x6 + h6))
    l4 = sigmoid(np.tanh(x7 + h7) + sigmoid(x8 + h8))
    c = np.tanh(l1 + c) * l2
    return np.tanh(c * np.tanh(l3 + l4)), c


def gru(g, h, w):
    n = h.shape[1]
    r, z = np.split(sigmoid(g[:, : 2 * n] + h @ w[0]), 2, 1)
    return ((1 - z) * h + z * np.tanh(g[:, 2 * n :] + (r * h) @ w[1]),)


def gru_reset_after(g, h, w):
    x1, x2, x3 = np.split(g, 3, 1)
    h1, h2, h3 = np.split(h @ w[0], 3, 1)
    r, z = sigmoid(x1 + h1), sigmoid(x2 + h2)
    return ((1 - z) * np.tanh(x3 + r * (h3 + w[1])) + z * h,)


def mgu(g, h, w):
    x1, x2 = np.split(g, 2, 1)
    f = sigmoid(x1 + h @ w[0])
    return ((1 - f) * h + f * np.tanh(x2 + (f * h) @ w[1]),)


def min_gru(g, h, w):
    z, a = np.split(g, 2, 1)
    z = sigmoid(z)
    return ((1 - z) * h + z * a,)


def gated_linear_attention(g, y, s, w):
    a, k, v, q = np.split(g, 4, 1)
    s = sigmoid(a + w[0])[:, None, :] * s + v[:, :, None] * k[:, None, :]
    return np.einsum("bij,bj->bi", s, q), s


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
