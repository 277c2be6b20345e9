"""Reference numbers from keras-lmu, the Legendre memory unit by its authors.

Requirements: tensorflow, keras-lmu, torch, numpy, safetensors (versions as in the file's
metadata); CPU is enough. Run `python tests/reference/make_lmu.py`; it writes keras_lmu.safetensors
beside itself. Tensors and conventions: `cases.py`.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import keras_lmu
import numpy as np
import tensorflow as tf
import torch

from cases import B, H, I, case, save, stepped

ORDER = 5


class TensorFlow(torch.autograd.Function):
    """A function of TensorFlow inside torch's differentiation."""

    @staticmethod
    def forward(context, function, *tensors):
        inputs = [tf.constant(t.detach().numpy()) for t in tensors]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            out = function(*inputs)
        context.tape, context.inputs, context.out = tape, inputs, out
        return torch.tensor(out.numpy())

    @staticmethod
    def backward(context, gradient):
        weights = tf.constant(gradient.numpy())
        gradients = context.tape.gradient(context.out, context.inputs, output_gradients=weights, unconnected_gradients="zero")
        return None, *[torch.tensor(g.numpy()) for g in gradients]


def main():
    keras.backend.set_floatx("float64")
    hidden = keras.layers.SimpleRNNCell(H, use_bias=False, dtype="float64")
    cell = keras_lmu.LMUCell(
        memory_d=1, order=ORDER, theta=8, hidden_cell=hidden, hidden_to_memory=True,
        memory_to_memory=True, input_to_hidden=True, use_bias=False, dtype="float64",
    )
    cell.build((B, I))
    A, b = np.array(cell.A), np.array(cell.B)
    keys = ["e_x", "e_h", "e_m", "W_x", "W_h", "W_m"]

    def step(p, xs, states):
        def function(*arrays):
            q, (x, h, m) = dict(zip(keys, arrays)), arrays[len(keys) :]
            # The cell with these as its weights.
            cell.kernel = tf.concat([q["e_x"], q["e_h"]], 0)[:, None]
            cell.recurrent_kernel = q["e_m"][:, None]
            hidden.kernel = tf.concat([q["W_m"], q["W_x"]], 0)
            hidden.recurrent_kernel = q["W_h"]
            y, (m, _) = cell.call(x, [m, h])
            return tf.concat([y, m], -1)

        out = TensorFlow.apply(function, *[p[key] for key in keys], xs[0], *states)
        return [out[:, :H]], [out[:, :H], out[:, H:]]

    shapes = {"e_x": (I,), "e_h": (H,), "e_m": (ORDER,), "A": (ORDER, ORDER), "b_m": (ORDER,)}
    shapes |= {"W_x": (I, H), "W_h": (H, H), "W_m": (ORDER, H)}
    # The library multiplies rows.
    fixed = {"A": A.T.copy(), "b_m": b.reshape(-1).copy()}
    case("keras_lmu", "Lmu", shapes, stepped(step), [("h", (H,)), ("m", (ORDER,))], fixed=fixed)
    save("keras_lmu", "keras-lmu")


main()
