"""Weights under the names, orders and transposes of PyTorch, Keras and ONNX, for `tests/import.rs`.

Requirements: torch, keras, numpy, onnx, onnxruntime, safetensors (versions as in the metadata).
Run `python tests/reference/make_import.py`; it writes import_*.safetensors beside itself.

Each file holds the weights as the library has them, and under `case.`, time-major:
  x [T, B, I], y [T, B, features], G weights of the loss sum(y * G); lengths [B] int64 (where
  sequences differ); grad.x and grad.NAME, its gradients (not of ONNX Runtime)
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnxruntime
import torch
from make_reference import B, H, I, T, run_onnx, save

nn = torch.nn
# In no order: PyTorch sorts and unsorts.
LENGTHS = [4, 7, 1, 6]


def normal(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def torch_case(name, module, run, seed, lengths=None):
    """`run(module, x)` gives y."""
    generator = torch.Generator().manual_seed(seed)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(0.5 * normal(generator, *parameter.shape))
    x = normal(generator, T, B, I).requires_grad_()
    y = run(module, x)
    weights = normal(generator, *y.shape)
    (y * weights).sum().backward()
    tensors = dict(module.state_dict())
    tensors |= {"case.x": x, "case.y": y, "case.G": weights, "case.grad.x": x.grad}
    tensors |= {f"case.grad.{key}": value.grad for key, value in module.named_parameters()}
    tensors = {key: value.detach().numpy() for key, value in tensors.items()}
    if lengths:
        tensors["case.lengths"] = np.array(lengths, dtype=np.int64)
    save(f"import_torch_{name}", tensors, package="torch", version=torch.__version__, what=str(module))


def packed(module, x):
    rows = nn.utils.rnn.pack_padded_sequence(x, LENGTHS, enforce_sorted=False)
    return nn.utils.rnn.pad_packed_sequence(module(rows)[0], total_length=T)[0]


class Custom(nn.Module):
    """A gate over the joined vectors, and a matrix that is multiplied from the right."""

    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(H + I, H)
        self.inner = nn.Linear(I, H, bias=False)
        self.A = nn.Parameter(torch.empty(H, H))

    def forward(self, x):
        h, ys = x.new_zeros(x.shape[1], H), []
        for x_t in x:
            z = torch.sigmoid(self.gate(torch.cat([h, x_t], 1)))
            h = (1 - z) * h + z * torch.tanh(self.inner(x_t) + h @ self.A)
            ys.append(h)
        return torch.stack(ys)


def keras_case(name, layer, seed):
    generator = torch.Generator().manual_seed(seed)
    keras.backend.set_floatx("float64")
    layer.build((B, T, I))
    layer.set_weights([0.5 * normal(generator, *w.shape).numpy() for w in layer.weights])
    x = normal(generator, T, B, I).requires_grad_()
    y = layer(x.transpose(0, 1)).transpose(0, 1)
    weights = normal(generator, *y.shape)
    (y * weights).sum().backward()
    tensors = {"case.x": x, "case.y": y, "case.G": weights, "case.grad.x": x.grad}
    for weight in layer.weights:
        tensors[weight.name] = weight.value
        tensors[f"case.grad.{weight.name}"] = weight.value.grad
    tensors = {key: value.detach().numpy() for key, value in tensors.items()}
    save(f"import_keras_{name}", tensors, package="keras", version=keras.__version__, what=str(layer))


def onnx_case(seed):
    rng = np.random.default_rng(seed)
    shapes = {"X": (T, B, I), "W": (1, 4 * H, I), "R": (1, 4 * H, H), "B": (1, 8 * H)}
    inputs = {key: 0.5 * rng.standard_normal(shape) for key, shape in shapes.items()}
    inputs |= {"sequence_lens": None, "initial_h": None, "initial_c": None}
    inputs["P"] = 0.5 * rng.standard_normal((1, 3 * H))
    inputs = {key: v if v is None else v.astype(np.float32) for key, v in inputs.items()}
    y = run_onnx("LSTM", inputs, ["Y"])[0][:, 0]
    tensors = {key: inputs[key] for key in "WRBP"}
    tensors |= {"case.x": inputs["X"].astype(np.float64), "case.y": y}
    what = "LSTM of opset 14 with peepholes, computed in float32"
    save("import_onnx_lstm", tensors, package="onnxruntime", version=onnxruntime.__version__, what=what)


def main():
    two = {"num_layers": 2}
    torch_case("lstm", nn.LSTM(I, H, bidirectional=True, **two), packed, 1, LENGTHS)
    torch_case("projected", nn.LSTM(I, H, proj_size=2, **two), lambda m, x: m(x)[0], 2)
    torch_case("gru", nn.GRU(I, H), lambda m, x: m(x)[0], 3)
    torch_case("custom", Custom(), lambda m, x: m(x), 4)
    kinds = {"return_sequences": True, "dtype": "float64"}
    keras_case("lstm", keras.layers.LSTM(H, **kinds), 5)
    keras_case("gru_before", keras.layers.GRU(H, reset_after=False, **kinds), 6)
    keras_case("gru_after", keras.layers.GRU(H, reset_after=True, **kinds), 7)
    onnx_case(8)


if __name__ == "__main__":
    main()
