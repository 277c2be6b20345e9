"""Reference numbers from libraries of recurrent cells: torchrecurrent, Keras, Flax, ncps, xlstm,
flash-linear-attention, minGRU-pytorch, sru.

Requirements: torch, torchrecurrent, keras, jax, flax, ncps, xlstm, flash-linear-attention,
minGRU-pytorch, sru (compiles itself: needs ninja and a C++ compiler), numpy, safetensors (versions
as in the files' metadata); CPU is enough.
Run `python tests/reference/make_libraries.py`; it writes one *.safetensors per library beside itself.

Tensors and conventions: `cases.py`.
"""

import math
import os

os.environ["KERAS_BACKEND"] = "torch"

import jax

jax.config.update("jax_enable_x64", True)

import flax.linen
import jax.numpy as jnp
import keras
from minGRU_pytorch.minGRU import minGRU
from minGRU_pytorch.minLSTM import minLSTM
import numpy as np
import torch
import torchrecurrent as tr
from fla.ops.delta_rule.naive import delta_rule_recurrence
from fla.ops.gated_delta_rule.naive import naive_recurrent_gated_delta_rule
from fla.ops.gla.naive import naive_recurrent_gla
from fla.ops.generalized_delta_rule.dplr.naive import dplr_recurrence
from fla.ops.hgrn.naive import naive_recurrent_hgrn
from fla.ops.retention.naive import naive_retention
from ncps.torch import CfCCell, LTCCell
from ncps.wirings import FullyConnected
from sru import SRUCell
from torch.func import functional_call
from xlstm.blocks.mlstm.backends import recurrent_step_stabilized_simple
from xlstm.blocks.slstm.src.vanilla.slstm import slstm_forward_pointwise

from cases import B, H, I, T, case, gates, save, stepped, zeros


# ------------------------------------------------------- torchrecurrent


def recurrent(name, cell, weights, shapes, states, library="torchrecurrent", **options):
    """A cell of torchrecurrent. `weights(p)` gives its parameters; biases that are left out are 0.

    `states`: our names in the library's order.
    """
    cell = cell.double()
    names = {key: value.shape for key, value in cell.named_parameters()}

    def step(p, xs, now):
        given = weights(p)
        assert set(given) <= set(names), (name, set(given) - set(names))
        left_out = set(names) - set(given)
        assert all(key.startswith("bias") for key in left_out), (name, left_out)
        built = {key: given.get(key, torch.zeros(shape, dtype=torch.float64)) for key, shape in names.items()}
        for key, value in built.items():
            assert value.shape == names[key], (name, key, value.shape, names[key])
        after = functional_call(cell, built, (xs[0], now[0] if len(now) == 1 else tuple(now)))
        after = [after] if len(now) == 1 else list(after)
        return after[:1], after

    case(library, name, shapes, stepped(step), [(s, (H,)) for s in states], **options)


def rows(*matrices):
    """[in, out] matrices as one of torch's, a block of rows for each."""
    return torch.cat([m.T for m in matrices])


def stack(p, letter, labels):
    return rows(*[p[f"{letter}_{g}"] for g in labels])


def bias(p, labels, part=1.0):
    return part * torch.cat([p[f"b_{g}"] for g in labels])


def plain(labels, W="W", U="U"):
    """The usual parameters; the bias is shared between both of the library's."""
    return lambda p: {
        "weight_ih": stack(p, W, labels),
        "weight_hh": stack(p, U, labels),
        "bias_ih": bias(p, labels, 0.75),
        "bias_hh": bias(p, labels, 0.25),
    }


def torchrecurrent():
    v, m, w = (H,), (H, H), (I, H)
    eye = torch.eye(H, dtype=torch.float64)
    recurrent("OriginalLstm", tr.OriginalLSTMCell(I, H), plain("igo", "W_x", "W_h"), gates("igo", "W_x", "W_h"), "hC")
    peep = {f"p_{g}": v for g in "ifo"}
    peep_of = lambda p: {"weight_ph": torch.cat([p["p_i"], p["p_f"], p["p_o"]])}
    recurrent("PeepholeLstm", tr.PeepholeLSTMCell(I, H), lambda p: plain("ifgo", "W_x", "W_h")(p) | peep_of(p), gates("ifgo", "W_x", "W_h") | peep, "hC")
    recurrent("ResidualLstm", tr.ResLSTMCell(I, H), lambda p: plain("ifgo")(p) | peep_of(p) | {"weight_proj": p["W_p"].T, "weight_res": p["W_r"].T}, gates("ifgo") | peep | {"W_p": m, "W_r": w}, "hC")
    mult = {f"W_{g}": w for g in "mifgo"} | {f"V_{g}": m for g in "ifgo"} | {f"b_{g}": v for g in "ifgo"} | {"U_m": m}
    recurrent("MultiplicativeLstm", tr.MultiplicativeLSTMCell(I, H), lambda p: {"weight_ih": stack(p, "W", "mifgo"), "weight_hh": p["U_m"].T, "weight_mh": stack(p, "V", "ifgo"), "bias_ih": torch.cat([zeros(H), bias(p, "ifgo", 0.5)]), "bias_mh": bias(p, "ifgo", 0.5)}, mult, "hC")
    recurrent("WorkingMemoryLstm", tr.WMCLSTMCell(I, H), lambda p: plain("ifgo")(p) | {"weight_mh": stack(p, "V", "ifo")}, gates("ifgo") | {f"V_{g}": m for g in "ifo"}, "hC")
    recurrent("NasSum", tr.NASCell(I, H), lambda p: {"weight_ih": stack(p, "W", "12345678"), "weight_hh": stack(p, "U", "12345678")}, {f"W_{k}": w for k in range(1, 9)} | {f"U_{k}": m for k in range(1, 9)}, "hc")
    recurrent("Janet", tr.JANETCell(I, H), lambda p: plain("fc")(p) | {"beta": torch.tensor(1.0, dtype=torch.float64)}, gates("fc"), "hc")
    recurrent("Ran", tr.RANCell(I, H), lambda p: {"weight_ih": stack(p, "W", "cif"), "weight_hh": stack(p, "U", "if"), "bias_ih": bias(p, "if", 0.5), "bias_hh": bias(p, "if", 0.5)}, {"W_c": w, "b_c": v} | gates("if"), "hc", zero=["b_c"])

    recurrent("Mgu", tr.MGUCell(I, H), lambda p: {"weight_ih": rows(p["W_x_f"], p["W_x"]), "weight_hh": rows(p["W_h_f"], p["W_h"]), "bias_ih": torch.cat([p["b_f"], p["b"]])}, gates("f", "W_x", "W_h") | {"W_x": w, "W_h": m, "b": v}, "h")
    recurrent("Mut1", tr.MUT1Cell(H, H), lambda p: {"weight_ih": torch.cat([rows(p["W_z"], p["W_r"]), eye]), "weight_hh": stack(p, "U", "rh"), "bias_ih": torch.cat([bias(p, "zr"), zeros(H)]), "bias_hh": torch.cat([zeros(H), p["b_h"]])}, {"W_z": m, "b_z": v, "W_r": m, "U_r": m, "b_r": v, "U_h": m, "b_h": v}, "h", inputs=(H,))
    recurrent("Mut2", tr.MUT2Cell(H, H), lambda p: {"weight_ih": torch.cat([p["W_z"].T, eye, p["W_h"].T]), "weight_hh": stack(p, "U", "zrh"), "bias_ih": bias(p, "zrh")}, gates("zh", width=H) | {"U_r": m, "b_r": v}, "h", inputs=(H,))
    recurrent("Mut3", tr.MUT3Cell(I, H), plain("zrh"), gates("zrh"), "h")
    recurrent("LiGru", tr.LiGRUCell(I, H), lambda p: {"weight_ih": stack(p, "W", "zh"), "weight_hh": stack(p, "U", "zh")}, {"W_z": w, "U_z": m, "W_h": w, "U_h": m}, "h")
    recurrent("Ugrnn", tr.UGRNNCell(I, H), plain("cg"), gates("cg"), "h")
    recurrent("MinimalRnn", tr.MinimalRNNCell(I, H), lambda p: {"weight_ih": p["W"].T, "weight_hh": p["U_h"].T, "weight_mm": p["U_z"].T, "bias_ih": p["b_z"], "bias_hh": p["b_u"]}, {"W": w, "b_z": v, "U_h": m, "U_z": m, "b_u": v}, "h")
    recurrent("Cfn", tr.CFNCell(I, H), lambda p: {"weight_ih": rows(p["V_p"], p["V_q"], p["W"]), "weight_hh": stack(p, "U", "pq"), "bias_hh": bias(p, "pq")}, {"V_p": w, "V_q": w, "U_p": m, "U_q": m, "b_p": v, "b_q": v, "W": w}, "h")
    recurrent("Atr", tr.ATRCell(I, H), lambda p: {"weight_ih": p["W"].T, "weight_hh": p["U"].T, "bias_ih": p["b"]}, {"W": w, "U": m, "b": v}, "h")
    recurrent("Sgrn", tr.SGRNCell(I, H), lambda p: {"weight_ih": p["W"].T, "weight_hh": p["U"].T, "bias_hh": p["b"]}, {"W": w, "U": m, "b": v}, "h")
    recurrent("Star", tr.STARCell(I, H), lambda p: {"weight_ih": stack(p, "W", "zk"), "weight_hh": p["U_k"].T, "bias_ih": bias(p, "zk")}, {"W_z": w, "b_z": v} | gates("k"), "h")
    recurrent("Brc", tr.BRCell(I, H), lambda p: {"weight_ih": rows(p["W_a"], p["W_c"], p["W"]), "weight_hh": torch.cat([p["w_a"], p["w_c"]]), "bias_ih": torch.cat([p["b_a"], p["b_c"], p["b"]])}, {"W_a": w, "w_a": v, "b_a": v, "W_c": w, "w_c": v, "b_c": v, "W": w, "b": v}, "h")
    recurrent("Nbrc", tr.NBRCell(I, H), lambda p: {"weight_ih": rows(p["W_a"], p["W_c"], p["W"]), "weight_hh": stack(p, "U", "ac"), "bias_ih": torch.cat([p["b_a"], p["b_c"], p["b"]])}, gates("ac") | {"W": w, "b": v}, "h")
    recurrent("FastGrnn", tr.FastGRNNCell(I, H, nonlinearity="sigmoid"), lambda p: {"weight_ih": p["W"].T, "weight_hh": p["U"].T, "bias_ih": bias(p, "zh"), "zeta": p["ζ"].reshape(1), "nu": p["ν"].reshape(1)}, {"W": w, "U": m, "b_z": v, "b_h": v, "ζ": (), "ν": ()}, "h")
    recurrent("FastRnn", tr.FastRNNCell(I, H), lambda p: {"weight_ih": p["W"].T, "weight_hh": p["U"].T, "bias_ih": p["b"], "alpha": p["α"].reshape(1), "beta": p["β"].reshape(1)}, {"W": w, "U": m, "b": v, "α": (), "β": ()}, "h")
    recurrent("LightRu", tr.LightRUCell(I, H), lambda p: {"weight_ih": stack(p, "W", "hf"), "weight_hh": p["U_f"].T, "bias_ih": bias(p, "hf")}, {"W_h": w, "b_h": v} | gates("f"), "h")
    candidate = {"W": w, "U": m, "b": v}
    recurrent("MiRu1", tr.MiRU1Cell(I, H), lambda p: {"weight_ih": rows(p["W_r"], p["W"]), "weight_hh": rows(p["U_r"], p["U"]), "bias_ih": torch.cat([p["b_r"], p["b"]])}, gates("r") | candidate, "h")
    recurrent("MiRu2", tr.MiRU2Cell(I, H), lambda p: {"weight_ih": p["W"].T, "weight_hh": p["U"].T, "bias_ih": p["b"]}, candidate, "h")
    sgu = {"W_g": w, "b_g": v, "U_q": m, "b_q": v} | gates("z")
    sgu_of = lambda p: {"weight_ih": stack(p, "W", "gz"), "weight_hh": stack(p, "U", "qz"), "bias_ih": bias(p, "gz"), "bias_hh": torch.cat([p["b_q"], zeros(H)])}
    recurrent("Sgu", tr.SGUCell(I, H), sgu_of, sgu, "h", "torch_hard")
    recurrent("Dsgu", tr.DSGUCell(I, H), lambda p: sgu_of(p) | {"weight_ho": p["U_o"].T}, sgu | {"U_o": m, "b_o": v}, "h", "torch_hard", zero=["b_o"])

    recurrent("IndRnn", tr.IndRNNCell(I, H, nonlinearity="relu"), lambda p: {"weight_ih": p["W"].T, "vector_u": p["u"], "bias_ih": p["b"]}, {"W": w, "u": v, "b": v}, "h")
    anti = dict(epsilon=0.1, gamma=0.01)
    recurrent("AntisymmetricRnn", tr.AntisymmetricRNNCell(I, H, **anti), lambda p: {"weight_ih": p["V"], "weight_hh": p["M"], "bias_ih": p["b"]}, {"V": (H, I), "M": m, "b": v}, "h")
    recurrent("GatedAntisymmetricRnn", tr.GatedAntisymmetricRNNCell(I, H, **anti), lambda p: {"weight_ih": torch.cat([p["V_z"], p["V_h"]]), "weight_hh": p["M"], "bias_ih": bias(p, "zh")}, {"V_z": (H, I), "V_h": (H, I), "M": m, "b_z": v, "b_h": v}, "h")
    recurrent("CoRnn", tr.coRNNCell(I, H), lambda p: {"weight_ih": p["V"].T, "weight_hh": p["W"].T, "weight_ch": p["W_z"].T, "bias_ih": p["b"]}, {"V": w, "W": m, "W_z": m, "b": v}, "hz")
    recurrent("Unicornn", tr.UnICORNNCell(I, H, alpha=1.0), lambda p: {"weight_ih": p["V"].T, "weight_hh": p["w"], "weight_ch": p["c"], "bias_ih": p["b"]}, {"V": w, "w": v, "c": v, "b": v}, "hz")
    lem = {"V_1": w, "V_2": w, "V_z": w, "V_h": w, "W_1": m, "W_2": m, "W_z": m, "W_h": m, "b_1": v, "b_2": v, "b_z": v, "b_h": v}
    recurrent("LemDelayed", tr.LEMCell(I, H), lambda p: {"weight_ih": stack(p, "V", "21zh"), "weight_hh": stack(p, "W", "21z"), "weight_ch": p["W_h"].T, "bias_ih": bias(p, "21zh")}, lem, "hz")
    recurrent("ScrnOutput", tr.SCRNCell(I, H, alpha=0.95), lambda p: {"weight_ih": rows(p["B"], p["A"]), "weight_hh": rows(p["R"], p["U"]), "weight_ch": rows(p["P"], p["V"]), "alpha": torch.tensor(0.95, dtype=torch.float64)}, {"A": w, "B": w, "R": m, "U": m, "P": m, "V": m}, "ys")
    recurrent("TRnn", tr.TRNNCell(I, H), lambda p: {"weight_ih": rows(p["W"], p["V"]), "bias_ih": torch.cat([zeros(H), p["b"]])}, {"W": w, "V": w, "b": v}, "h")

    typed = {f"{k}_{g}": w for k in "WV" for g in "zfo"} | {f"b_{g}": v for g in "zfo"}
    typed_of = lambda p: {"weight_ih": stack(p, "W", "zfo"), "weight_hh": stack(p, "V", "zfo"), "bias_ih": bias(p, "zfo"), "bias_hh": zeros(3 * H)}

    def previous_input(cell, nested):
        cell = cell.double()

        def run(p, xs, states):
            state, before, out = states[0], zeros(B, I), []
            for x in xs[0]:
                if nested:
                    y, (state, before) = functional_call(cell, typed_of(p), (x, (state, before)))
                else:
                    y, before = functional_call(cell, typed_of(p), (x, (state, before)))
                    state = y
                out.append(y)
            return [torch.stack(out)], [state]

        return run

    case("torchrecurrent", "TGru", typed, previous_input(tr.TGRUCell(I, H), False), [("h", v)])
    case("torchrecurrent", "TLstm", typed, previous_input(tr.TLSTMCell(I, H), True), [("c", v)])

    cross = tr.IntersectionRNNCell(H, H).double()

    def intersect(p, xs, states):
        given = {"weight_ih": stack(p, "W", "pqyh"), "weight_hh": stack(p, "U", "pqyh"), "bias_ih": bias(p, "pqyh"), "bias_hh": zeros(4 * H)}
        y, h = functional_call(cross, given, (xs[0], states[0]))
        return [y, h], [h]

    case("torchrecurrent", "IntersectionRnn", gates("pqyh", width=H), stepped(intersect), [("h", v)], inputs=(H,))

    tau = tr.tauGRUCell(I, H).double()

    def delayed(p, xs, _):
        given = {"weight_ih": stack(p, "W", "uvga"), "weight_hh": stack(p, "U", "uvga"), "bias_ih": bias(p, "uvga"), "bias_hh": zeros(4 * H)}
        past = [zeros(B, H)] * 5
        for x in torch.cat([xs[0], xs[1]]):
            past.append(functional_call(tau, given, (x, past[-1], past[-5])))
        return [torch.stack(past[5:])], []

    # The delay shows after five steps only: twice as many.
    def twice(p, xs, states):
        return delayed(p, [xs[0][:5], xs[0][5:]], states)

    case("torchrecurrent", "TauGru", gates("uvga"), twice, steps=10)

    controller = tr.MCLSTMCell(I, H).double()

    def controlled(p, xs, states):
        given = plain("fiomn")(p)
        y, after = functional_call(controller, given, (xs[0], tuple(states)))
        return [y], list(after)

    case("torchrecurrent", "MemoryControllerLstm", gates("fiomn"), stepped(controlled), [("v", v), ("C", v)])
    save("torchrecurrent", "torchrecurrent")
    save("torch_hard", "torchrecurrent", precision="the slope of torch's hard sigmoid is a float32")


# ------------------------------------------------------------------ Keras


def with_keras():
    keras.backend.set_floatx("float64")
    shapes = {"W_x": (I, H), "W_h": (H, H), "b": (H,)}
    lstm = keras.layers.LSTMCell(H, dtype="float64")
    gru = keras.layers.GRUCell(H, reset_after=False, dtype="float64")
    after = keras.layers.GRUCell(H, reset_after=True, dtype="float64")
    simple = keras.layers.SimpleRNNCell(H, dtype="float64")
    for cell in (lstm, gru, after, simple):
        cell.build((B, I))

    def fixed(cell):
        return [variable.value for variable in cell.non_trainable_variables]

    def side(p, letter, labels, signs=None):
        return torch.cat([s * p[f"{letter}_{g}"] for g, s in zip(labels, signs or [1] * len(labels))], -1)

    def call(cell, weights, x, states):
        (y, after), _ = cell.stateless_call(weights, fixed(cell), x, states)
        return [y], list(after)

    def rnn_step(p, xs, states):
        return call(simple, [p["W_x"], p["W_h"], p["b"]], xs[0], states)

    def lstm_step(p, xs, states):
        return call(lstm, [side(p, k, "ifgo") for k in ("W_x", "W_h", "b")], xs[0], states)

    # Keras keeps with z, the article renews with it: sigmoid(-a) = 1 - sigmoid(a).
    def gru_step(p, xs, states):
        weights = [torch.cat([-p[f"{k}_z"], p[f"{k}_r"], p[k]], -1) for k in ("W_x", "W_h", "b")]
        return call(gru, weights, xs[0], states)

    def after_step(p, xs, states):
        biases = torch.stack([side(p, "b", "zrn"), torch.cat([zeros(2 * H), p["b_h_n"]])])
        return call(after, [side(p, "W_x", "zrn"), side(p, "W_h", "zrn"), biases], xs[0], states)

    case("keras", "Rnn", shapes, stepped(rnn_step), [("h", (H,))])
    case("keras", "Lstm", gates("ifgo", "W_x", "W_h"), stepped(lstm_step), [("h", (H,)), ("C", (H,))])
    case("keras", "Gru", gates("rz", "W_x", "W_h") | shapes, stepped(gru_step), [("h", (H,))])
    case("keras", "GruResetAfter", gates("rzn", "W_x", "W_h") | {"b_h_n": (H,)}, stepped(after_step), [("h", (H,))])
    save("keras", "keras", precision="matrix products in float32")


# ------------------------------------------------------------------- Flax


class Flax(torch.autograd.Function):
    """A function of JAX inside torch's differentiation."""

    @staticmethod
    def forward(context, function, *tensors):
        arrays = [jnp.asarray(t.detach().numpy()) for t in tensors]
        out, context.back = jax.vjp(function, *arrays)
        return torch.tensor(np.asarray(out))

    @staticmethod
    def backward(context, gradient):
        gradients = context.back(jnp.asarray(gradient.numpy()))
        return None, *[torch.tensor(np.asarray(g)) for g in gradients]


def with_flax():
    def dense(kernel, bias=None):
        return {"kernel": kernel} | ({} if bias is None else {"bias": bias})

    def flax_case(name, cell, shapes, tree, states):
        keys = list(shapes)

        def step(p, xs, now):
            def function(*arrays):
                count = len(keys)
                parameters = tree(dict(zip(keys, arrays)))
                x, carry = arrays[count], arrays[count + 1 :]
                carry = carry[0] if len(carry) == 1 else tuple(carry)
                after, y = cell.apply({"params": parameters}, carry, x)
                return jnp.stack([y, *(after if isinstance(after, tuple) else [after])])

            out = Flax.apply(function, *[p[k] for k in keys], xs[0], *now)
            return [out[0]], list(out[1:])

        case("flax", name, shapes, stepped(step), [(s, (H,)) for s in states])

    args = dict(dtype=jnp.float64, param_dtype=jnp.float64)

    def lstm(p):
        out = {}
        for g in "ifgo":
            out |= {f"i{g}": dense(p[f"W_x_{g}"]), f"h{g}": dense(p[f"W_h_{g}"], p[f"b_{g}"])}
        return out

    def gru(p):
        out = {}
        for g in "rzn":
            last = p["b_h_n"] if g == "n" else None
            out |= {f"i{g}": dense(p[f"W_x_{g}"], p[f"b_{g}"]), f"h{g}": dense(p[f"W_h_{g}"], last)}
        return out

    def mgu(p):
        return {
            "if": dense(p["W_x_f"], p["b_f"]),
            "hf": dense(p["W_h_f"]),
            "in": dense(p["W_x"], p["b"]),
            "hn": dense(p["W_h"], p["c"]),
        }

    flax_case("Lstm", flax.linen.LSTMCell(H, **args), gates("ifgo", "W_x", "W_h"), lstm, "Ch")
    flax_case("GruResetAfter", flax.linen.GRUCell(H, **args), gates("rzn", "W_x", "W_h") | {"b_h_n": (H,)}, gru, "h")
    shapes = gates("f", "W_x", "W_h") | {"W_x": (I, H), "W_h": (H, H), "b": (H,), "c": (H,)}
    flax_case("MguResetAfter", flax.linen.MGUCell(H, **args), shapes, mgu, "h")
    save("flax", "flax")


# --------------------------------------- ncps, xlstm, linear attention, minGRU


def with_ncps():
    cell = CfCCell(I, H, backbone_activation="tanh", backbone_units=H, backbone_layers=1, backbone_dropout=0.0).double()
    cell.eval()

    def step(p, xs, states):
        given = {
            "backbone.0.weight": torch.cat([p["W"], p["U"]]).T,
            "backbone.0.bias": p["b"],
            "ff1.weight": p["W_g"].T,
            "ff1.bias": p["b_g"],
            "ff2.weight": p["W_q"].T,
            "ff2.bias": p["b_q"],
            "time_a.weight": p["W_f"].T,
            "time_a.bias": p["b_f"],
            "time_b.weight": zeros(H, H),
            "time_b.bias": zeros(H),
        }
        y, after = functional_call(cell, given, (xs[0], states[0], xs[1]))
        return [y], [after]

    shapes = {"W": (I, H), "U": (H, H), "b": (H,)}
    for g in "fgq":
        shapes |= {f"W_{g}": (H, H), f"b_{g}": (H,)}
    case("ncps", "Cfc", shapes, stepped(step), [("h", (H,))], inputs=(I, 1))

    liquid = LTCCell(FullyConnected(H), I, input_mapping=None, output_mapping=None).double()
    kinds = {"W": "w", "S": "sigma", "M": "mu", "E": "erev"}
    masks = {key: value.double() for key, value in liquid._params.items() if "mask" in key}

    def liquid_step(p, xs, states):
        given = {name: p[f"{letter}_h"] for letter, name in kinds.items()}
        given |= {f"sensory_{name}": p[f"{letter}_x"] for letter, name in kinds.items()}
        given |= {"gleak": p["g"], "vleak": p["l"], "cm": p["c"]}
        # The cell keeps its parameters in a dictionary of its own.
        liquid._params = masks | given
        y, after = liquid(xs[0], states[0])
        return [y], [after]

    shapes = {f"{letter}_x": (I, H) for letter in kinds} | {f"{letter}_h": (H, H) for letter in kinds}
    shapes |= {"g": (H,), "l": (H,), "c": (H,)}
    case("ncps", "LtcSynapses", shapes, stepped(liquid_step), [("h", (H,))], positive=["c", "g", "W_x", "W_h"])
    save("ncps", "ncps")


def with_xlstm():
    def scalar(p, xs, states):
        h, c, n, m = states
        raw = [torch.cat([p[f"{k}_{g}"] for g in "ifzo"], -1) for k in "WRb"]
        after, _ = slstm_forward_pointwise(xs[0] @ raw[0], h @ raw[1], raw[2][None], torch.stack([h, c, n, m]), {})
        return [after[0]], list(after)

    shapes = gates("ifzo", "W", "R")
    case("xlstm", "SLstm", shapes, stepped(scalar), [(s, (H,)) for s in "hcnm"], positive="n")

    def matrix(p, xs, states):
        C, n, m = states
        x = xs[0]
        q, k, v = [x @ p[f"W_{g}"] for g in "qkv"]
        q, v = q + p["b_q"], v + p["b_v"]
        # The library scales k with its bias; the bias of ours is added after.
        k = k + math.sqrt(H) * p["b_k"]
        o = torch.sigmoid(x @ p["W_o"] + p["b_o"])
        i, f = x @ p["w_i"] + p["β_i"], x @ p["w_f"] + p["β_f"]
        head = lambda value: value[:, None, None, :]
        gate = lambda value: value[:, None, None, None]
        h, (C, n, m) = recurrent_step_stabilized_simple(
            C.transpose(1, 2)[:, None], n[:, None, :, None], gate(m[:, 0]), head(q).clone(), head(k).clone(), head(v).clone(), gate(i), gate(f), eps=0.0
        )
        y = o * h[:, 0, 0]
        return [y], [C[:, 0].transpose(1, 2), n[:, 0, :, 0], m[:, 0, 0]]

    shapes = {f"W_{g}": (I, H) for g in "qkvo"} | {f"b_{g}": (H,) for g in "qkvo"}
    shapes |= {"w_i": (I,), "w_f": (I,), "β_i": (), "β_f": ()}
    case("xlstm", "MLstm", shapes, stepped(matrix), [("C", (H, H)), ("n", (H,)), ("m", (1,))])
    save("xlstm", "xlstm")


def with_fla():
    K, V = 3, 4
    matrices = {"W_k": (I, K), "W_v": (I, V), "W_q": (I, K)}

    def projections(p, x, normalise=False):
        k, v, q = [(x @ p[f"W_{g}"]).transpose(0, 1) for g in "kvq"]  # [B, T, .]
        if normalise:
            k = k / torch.sqrt((k * k).sum(-1, keepdim=True) + 1e-6)
        return k, v, q * math.sqrt(K)  # the library divides by the root

    def back(o):
        return o.transpose(0, 1).double()

    def state(S):
        return S[:, 0].transpose(1, 2).double()

    def gla(p, xs, states):
        k, v, q = projections(p, xs[0])
        log = torch.nn.functional.logsigmoid(xs[0] @ p["W_a"] + p["b_a"]).transpose(0, 1)
        heads = [value[:, :, None] for value in (q, k, v, log)]
        o, S = naive_recurrent_gla(*heads, states[0].transpose(1, 2)[:, None], True)
        return [back(o[:, :, 0])], [state(S)]

    def delta(p, xs, states):
        k, v, q = projections(p, xs[0], True)
        beta = torch.sigmoid(xs[0] @ p["w"]).transpose(0, 1)
        heads = [value[:, None] for value in (q, k, v, beta)]
        o, S = delta_rule_recurrence(*heads, states[0].transpose(1, 2)[:, None])
        return [back(o[:, 0])], [state(S)]

    def gated_delta(p, xs, states):
        k, v, q = projections(p, xs[0], True)
        beta = torch.sigmoid(xs[0] @ p["w"]).transpose(0, 1)
        log = torch.nn.functional.logsigmoid(xs[0] @ p["u"]).transpose(0, 1)
        heads = [value[:, :, None] for value in (q, k, v, beta, log)]
        o, S = naive_recurrent_gated_delta_rule(*heads, initial_state=states[0].transpose(1, 2)[:, None], output_final_state=True)
        return [back(o[:, :, 0])], [state(S)]

    def hgrn(p, xs, states):
        lower = torch.sigmoid(p["γ"])
        f = lower + (1 - lower) * torch.sigmoid(xs[0] @ p["W_f"] + p["b_f"])
        value = (1 - f) * torch.nn.functional.silu(xs[0] @ p["W_c"] + p["b_c"])
        o, h = naive_recurrent_hgrn(value.transpose(0, 1), f.log().transpose(0, 1), states[0], True)
        return [back(o)], [h.double()]

    memory = [("S", (V, K))]
    case("fla", "GatedLinearAttention", matrices | {"W_a": (I, K), "b_a": (K,)}, gla, memory)
    case("fla", "DeltaNet", matrices | {"w": (I,)}, delta, memory)
    case("fla", "GatedDeltaNet", matrices | {"w": (I,), "u": (I,)}, gated_delta, memory)
    case("fla", "Hgrn", {"γ": (H,), "W_f": (I, H), "b_f": (H,), "W_c": (I, H), "b_c": (H,)}, hgrn, [("h", (H,))])

    def attention(q, k, v, log, S):
        """Gated linear attention; all as [T, B, .], the library divides q by the root."""
        heads = [value.transpose(0, 1)[:, :, None] for value in (q * math.sqrt(q.shape[-1]), k, v, log)]
        o, S = naive_recurrent_gla(*heads, S.transpose(1, 2)[:, None], True)
        return back(o[:, :, 0]), state(S)

    def retention(p, xs, states):
        q, k, v = [xs[0] @ p[f"W_{g}"] for g in "qkv"]
        log = torch.nn.functional.logsigmoid(p["γ"]).expand(k.shape)
        y, S = attention(q, k, v, log, states[0])
        return [y], [S]

    def retention_head(p, xs, _):
        q, k, v = [(xs[0] @ p[f"W_{g}"]).transpose(0, 1)[:, None] for g in "qkv"]
        return [back(naive_retention(math.sqrt(K) * q, k, v)[:, 0])], []

    def hgrn2(p, xs, states):
        lower = torch.sigmoid(p["γ"])
        f = lower + (1 - lower) * torch.sigmoid(xs[0] @ p["W_f"] + p["b_f"])
        v = torch.nn.functional.silu(xs[0] @ p["W_v"] + p["b_v"])
        y, S = attention(xs[0] @ p["W_q"] + p["b_q"], 1 - f, v, f.log(), states[0])
        return [y], [S]

    def mamba2(p, xs, states):
        delta = torch.nn.functional.softplus(xs[0] @ p["w"] + p["β"])[..., None]
        k, q = xs[0] @ p["W_B"], xs[0] @ p["W_C"]
        log = (-delta * p["α"].exp()).expand(k.shape)
        y, S = attention(q, k, delta * xs[0], log, states[0])
        return [y + p["d"] * xs[0]], [S]

    def rwkv7(p, xs, states):
        x = xs[0]
        shifted = torch.cat([torch.zeros_like(x[:1]), x[:-1]]) - x
        r, w, k, v, a = [x + p[f"μ_{g}"] * shifted for g in range(1, 6)]
        r, k, v = r @ p["W_r"], k @ p["W_k"], v @ p["W_v"]
        log = -math.exp(-0.5) * torch.sigmoid(torch.tanh(w @ p["D_1"]) @ p["D_2"] + p["b_w"])
        a = torch.sigmoid(a @ p["A_1"] @ p["A_2"] + p["b_a"])
        n = k * p["ξ"]
        n = n / torch.sqrt((n * n).sum(-1, keepdim=True) + 1e-6)
        k = k.addcmul(k * (a - 1), p["α"])
        heads = [value.transpose(0, 1)[:, None].float() for value in (math.sqrt(K) * r, k, v, -n, n * a, log)]
        o, S = dplr_recurrence(*heads, states[0].transpose(1, 2)[:, None])
        return [back(o[:, 0]) + (r * p["ρ"] * k).sum(-1, keepdim=True) * v], [state(S)]

    case("fla", "RetNet", matrices | {"γ": ()}, retention, memory)
    square = {f"W_{g}": (I, K) for g in "kvq"} | {"γ": ()}
    # One head of the paper: its decay is 1 - 2^-5.
    case("fla", "RetNetHead", square, retention_head, fixed={"γ": math.log(31)})
    gated = {"γ": (K,), "W_f": (I, K), "b_f": (K,), "W_v": (I, V), "b_v": (V,), "W_q": (I, K), "b_q": (K,)}
    case("fla", "Hgrn2", gated, hgrn2, memory)
    space = {"w": (I,), "β": (), "α": (), "W_B": (I, K), "W_C": (I, K), "d": (I,)}
    case("fla", "Mamba2", space, mamba2, [("h", (I, K))])
    mixing = {f"μ_{g}": (I,) for g in range(1, 6)} | {f"W_{g}": (I, K) for g in "rk"} | {"W_v": (I, V)}
    mixing |= {"D_1": (I, 2), "D_2": (2, K), "b_w": (K,), "A_1": (I, 2), "A_2": (2, K), "b_a": (K,)}
    mixing |= {g: (K,) for g in "ξαρ"}
    case("fla", "Rwkv7", mixing, rwkv7, memory)
    save("fla", "flash-linear-attention", precision="float32")


def with_min_gru():
    # One step at a time: the libraries' own form for a sequence of one.
    gru, lstm = minGRU(I, H / I).double(), minLSTM(I, H / I).double()
    gru.to_out = lstm.to_out = torch.nn.Identity()

    def run(module, weight, labels):
        def step(p, xs, states):
            given = {weight: stack(p, "W", labels)}
            y, after = functional_call(module, given, (xs[0][:, None], states[0][:, None], True))
            return [y[:, 0]], [after[:, 0]]

        return stepped(step)

    case("min_gru", "MinGruPositive", {"W_h": (I, H), "W_z": (I, H)}, run(gru, "to_hidden_and_gate.weight", "hz"), [("h", (H,))])
    case("min_gru", "MinLstmPositive", {"W_h": (I, H), "W_f": (I, H), "W_i": (I, H)}, run(lstm, "to_hidden_and_f_i_gate.weight", "hfi"), [("h", (H,))])
    save("min_gru", "minGRU-pytorch")


def with_sru():
    cell = SRUCell(H, H, rescale=False).double()

    def run(p, xs, states):
        given = {
            # A column of each matrix in turn.
            "weight": torch.stack([p["W"], p["W_f"], p["W_r"]], -1).reshape(H, 3 * H),
            "weight_c": torch.cat([p["v_f"], p["v_r"]]),
            "bias": torch.cat([p["b_f"], p["b_r"]]),
        }
        y, c = functional_call(cell, given, (xs[0], states[0]))
        return [y], [c]

    shapes = {"W": (H, H)} | {f"W_{g}": (H, H) for g in "fr"} | {f"{k}_{g}": (H,) for k in "vb" for g in "fr"}
    case("sru", "Sru", shapes, run, [("c", (H,))], inputs=(H,))
    save("sru", "sru")


if __name__ == "__main__":
    torchrecurrent()
    with_keras()
    with_flax()
    with_ncps()
    with_xlstm()
    with_fla()
    with_min_gru()
    with_sru()
