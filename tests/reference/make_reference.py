"""Reference numbers from PyTorch and ONNX Runtime for the tests of the ready-made cells.

Requirements: torch, numpy, onnx, onnxruntime, safetensors (versions as in each file's metadata).
Run `python tests/reference/make_reference.py`; it writes *.safetensors beside itself.

Tensors, all float64 unless said otherwise, time-major:
  x [T, B, I]; h_0, h_T [B, H]; C_0, C_T (LSTM); y [T, B, H]; lengths [B] int64 (where sequences differ)
  param.NAME            parameters by the symbols of our cells, W as [in, out]
  G [T, B, H], G_h, G_C weights of the loss: sum(y * G) + sum(h_T * G_h) + sum(C_T * G_C)
  grad.x, grad.h_0, grad.C_0, grad.param.NAME   its gradients (PyTorch only)
The equations behind the names are in each file's metadata.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from safetensors.numpy import save as serialize

HERE = Path(__file__).parent
I, H, P, T, B = 3, 5, 2, 7, 4
LENGTHS = [7, 5, 2, 1]

LSTM = (
    "f = sigmoid(x_t*W_x_f + h_{t-1}*W_h_f + b_f); i, o likewise; "
    "g = tanh(x_t*W_x_g + h_{t-1}*W_h_g + b_g); C_t = f.*C_{t-1} + i.*g; h_t = o.*tanh(C_t)"
)
PROJECTED = LSTM.replace("h_t = o.*tanh(C_t)", "h_t = (o.*tanh(C_t))*W_p")
PEEPHOLE = LSTM.replace("+ b_f)", "+ p_f.*C_{t-1} + b_f)").replace(
    "i, o likewise", "i likewise with p_i; o likewise with p_o.*C_t"
)
GRU_AFTER = (
    "r = sigmoid(x_t*W_x_r + h_{t-1}*W_h_r + b_r); z likewise; "
    "n = tanh(x_t*W_x_n + b_n + r.*(h_{t-1}*W_h_n + b_h_n)); h_t = (1 - z).*n + z.*h_{t-1}"
)
GRU_BEFORE = (
    "r = sigmoid(x_t*W_x_r + h_{t-1}*W_h_r + b_r); z likewise; "
    "n = tanh(x_t*W_x + (r.*h_{t-1})*W_h + b); h_t = (1 - z).*h_{t-1} + z.*n"
)
RNN = "h_t = tanh(x_t*W_x + h_{t-1}*W_h + b)"


def save(name, tensors, **metadata):
    arrays = {key: np.ascontiguousarray(value) for key, value in tensors.items()}
    data = serialize(arrays, {k: str(v) for k, v in metadata.items()})
    # The order of the metadata varies from run to run: sort it, so that equal numbers give equal files.
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8:end]), sort_keys=True, separators=(",", ":")).encode()
    (HERE / f"{name}.safetensors").write_bytes(data[:8] + header.ljust(end - 8) + data[end:])
    print(f"{name}: {len(arrays)} tensors, {sum(a.nbytes for a in arrays.values())} bytes")


# ---------------------------------------------------------------- PyTorch


def split_torch(tensor_of, gates, bias_apart=()):
    """Parameters (or their gradients) of a torch layer by our names, transposed to [in, out].

    `tensor_of(name)` gives the tensor; biases of one gate are added, except for the gates in
    `bias_apart`, which keep two (`b`, `b_h`).
    """
    named = {}
    parts = {
        kind: tensor_of(f"{kind}_l0").chunk(len(gates))
        for kind in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    }
    for k, gate in enumerate(gates):
        suffix = f"_{gate}" if gate else ""
        named[f"W_x{suffix}"] = parts["weight_ih"][k].T
        named[f"W_h{suffix}"] = parts["weight_hh"][k].T
        if gate in bias_apart:
            named[f"b{suffix}"] = parts["bias_ih"][k]
            named[f"b_h{suffix}"] = parts["bias_hh"][k]
        else:
            named[f"b{suffix}"] = (parts["bias_ih"][k], parts["bias_hh"][k])
    return named


def torch_case(name, layer, gates, equations, bias_apart=(), lengths=None, seed=0):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    layer = layer.double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(0.5 * normal(*parameter.shape))
    width = getattr(layer, "proj_size", 0) or H
    is_lstm = isinstance(layer, torch.nn.LSTM)

    x = normal(T, B, I).requires_grad_()
    states = [normal(1, B, width).requires_grad_()]
    if is_lstm:
        states.append(normal(1, B, H).requires_grad_())
    initial = tuple(states) if is_lstm else states[0]
    if lengths:
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths)
        output, final = layer(packed, initial)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(output, total_length=T)
    else:
        y, final = layer(x, initial)
    final = list(final) if is_lstm else [final]

    weights = [normal(T, B, width)] + [normal(*value.shape) for value in final]
    loss = (y * weights[0]).sum() + sum((v * w).sum() for v, w in zip(final, weights[1:]))
    loss.backward()

    letters = ["h", "C"]
    tensors = {"x": x.detach(), "y": y.detach(), "G": weights[0], "grad.x": x.grad}
    for letter, state, value, weight in zip(letters, states, final, weights[1:]):
        tensors[f"{letter}_0"] = state.detach()[0]
        tensors[f"{letter}_T"] = value.detach()[0]
        tensors[f"G_{letter}"] = weight[0]
        tensors[f"grad.{letter}_0"] = state.grad[0]
    values = split_torch(lambda n: getattr(layer, n).detach(), gates, bias_apart)
    gradients = split_torch(lambda n: getattr(layer, n).grad, gates, bias_apart)
    for key in values:
        value, gradient = values[key], gradients[key]
        if isinstance(value, tuple):  # b = b_ih + b_hh; both have the same gradient
            assert torch.allclose(*gradient)
            value, gradient = value[0] + value[1], gradient[0]
        tensors[f"param.{key}"] = value
        tensors[f"grad.param.{key}"] = gradient
    if getattr(layer, "proj_size", 0):
        tensors["param.W_p"] = layer.weight_hr_l0.detach().T
        tensors["grad.param.W_p"] = layer.weight_hr_l0.grad.T
    tensors = {key: value.numpy() for key, value in tensors.items()}
    if lengths:
        tensors["lengths"] = np.array(lengths, dtype=np.int64)
    save(
        name,
        tensors,
        package="torch",
        version=torch.__version__,
        what=f"torch.nn.{layer}, float64, forward and gradients",
        equations=equations,
    )


# ----------------------------------------------------------- ONNX Runtime


def run_onnx(op, inputs, outputs, **attributes):
    """One ONNX node in ONNX Runtime; its recurrent kernels are float32 only."""
    feeds = {key: value.astype(np.float32) for key, value in inputs.items() if value is not None}
    names = [key if value is not None else "" for key, value in inputs.items()]
    node = helper.make_node(op, names, outputs, hidden_size=H, **attributes)
    graph = helper.make_graph(
        [node],
        op,
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in feeds.items()],
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, [None] * (4 if k == "Y" else 3)) for k in outputs],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return [value.astype(np.float64) for value in session.run(outputs, feeds)]


def onnx_case(name, op, gates, to_ours, equations, has_cell=False, peepholes=False, seed=0, **attributes):
    """`gates`: ONNX's order. `to_ours(W, R, Wb, Rb, P)`: dictionaries by gate → our parameters."""
    rng = np.random.default_rng(seed)

    def normal(*shape):  # exactly representable in float32, so that both sides see the same numbers
        return rng.standard_normal(shape).astype(np.float32).astype(np.float64)

    n = len(gates)
    x, h_0 = normal(T, B, I), normal(B, H)
    w, r, b = 0.5 * normal(1, n * H, I), 0.5 * normal(1, n * H, H), 0.5 * normal(1, 2 * n * H)
    inputs = {"X": x, "W": w, "R": r, "B": b, "sequence_lens": None, "initial_h": h_0[None]}
    outputs = ["Y", "Y_h"]
    p = {}
    tensors = {"x": x, "h_0": h_0}
    if has_cell:
        tensors["C_0"] = normal(B, H)
        inputs["initial_c"] = tensors["C_0"][None]
        outputs.append("Y_c")
    if peepholes:
        inputs["P"] = 0.5 * normal(1, 3 * H)
        p = dict(zip(gates[:3], np.split(inputs["P"][0], 3)))
    results = run_onnx(op, inputs, outputs, **attributes)
    tensors["y"] = results[0][:, 0]
    tensors["h_T"] = results[1][0]
    if has_cell:
        tensors["C_T"] = results[2][0]

    biases = np.split(b[0], 2 * n)
    ours = to_ours(
        {g: m.T for g, m in zip(gates, np.split(w[0], n))},
        {g: m.T for g, m in zip(gates, np.split(r[0], n))},
        dict(zip(gates, biases[:n])),
        dict(zip(gates, biases[n:])),
        p,
    )
    tensors.update({f"param.{key}": value for key, value in ours.items()})
    save(
        name,
        tensors,
        package="onnxruntime",
        version=onnxruntime.__version__,
        what=f"{op} of opset 14 {attributes or ''}, computed in float32, forward only".replace("  ", " "),
        equations=equations,
    )


def lstm_peephole(w, r, wb, rb, p):
    ours = {}
    for theirs, gate in [("f", "f"), ("i", "i"), ("c", "g"), ("o", "o")]:
        ours[f"W_x_{gate}"], ours[f"W_h_{gate}"] = w[theirs], r[theirs]
        ours[f"b_{gate}"] = wb[theirs] + rb[theirs]
    return ours | {f"p_{gate}": p[gate] for gate in "fio"}


def gru_after(w, r, wb, rb, _):
    ours = {"W_x_n": w["h"], "W_h_n": r["h"], "b_n": wb["h"], "b_h_n": rb["h"]}
    for gate in "rz":
        ours[f"W_x_{gate}"], ours[f"W_h_{gate}"] = w[gate], r[gate]
        ours[f"b_{gate}"] = wb[gate] + rb[gate]
    return ours


def gru_before(w, r, wb, rb, _):
    # ONNX keeps with z, the article renews with z: sigmoid(-a) = 1 - sigmoid(a).
    ours = {"W_x": w["h"], "W_h": r["h"], "b": wb["h"] + rb["h"]}
    for gate, sign in [("r", 1.0), ("z", -1.0)]:
        ours[f"W_x_{gate}"], ours[f"W_h_{gate}"] = sign * w[gate], sign * r[gate]
        ours[f"b_{gate}"] = sign * (wb[gate] + rb[gate])
    return ours


def rnn(w, r, wb, rb, _):
    return {"W_x": w["h"], "W_h": r["h"], "b": wb["h"] + rb["h"]}


def main():
    nn = torch.nn
    torch_case("torch_lstm", nn.LSTM(I, H), "ifgo", LSTM, seed=1)
    torch_case("torch_gru", nn.GRU(I, H), "rzn", GRU_AFTER, bias_apart="n", seed=2)
    torch_case("torch_rnn", nn.RNN(I, H), [""], RNN, seed=3)
    torch_case("torch_lstm_lengths", nn.LSTM(I, H), "ifgo", LSTM, lengths=LENGTHS, seed=4)
    torch_case("torch_gru_lengths", nn.GRU(I, H), "rzn", GRU_AFTER, "n", LENGTHS, seed=5)
    torch_case("torch_lstm_projected", nn.LSTM(I, H, proj_size=P), "ifgo", PROJECTED, seed=6)

    onnx_case("onnx_lstm_peephole", "LSTM", "iofc", lstm_peephole, PEEPHOLE, True, True, seed=7)
    onnx_case("onnx_gru_reset_before", "GRU", "zrh", gru_before, GRU_BEFORE, seed=8, linear_before_reset=0)
    onnx_case("onnx_gru_reset_after", "GRU", "zrh", gru_after, GRU_AFTER, seed=9, linear_before_reset=1)
    onnx_case("onnx_rnn", "RNN", "h", rnn, RNN, seed=10)


if __name__ == "__main__":
    main()
