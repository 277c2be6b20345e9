"""Reference numbers from published sources that are no package: written here after their equations.

Requirements: torch, numpy, safetensors. Run `python tests/reference/make_sources.py`; it writes
sources.safetensors beside itself. Tensors and conventions: `cases.py`.

Each function says whose code or paper it follows, in that source's own arrangement (units in
chunks, buffers of outputs to come, one matrix for all gates) and not in ours.
"""

import torch
from torch.nn.functional import normalize

from cases import B, H, I, case, gates, save, stepped, zeros


def ordered_neurons():
    """ON_LSTM.py of yikangshen/Ordered-Neurons: units are places times four, not four times places."""
    places, chunk = 2, 4
    units = places * chunk

    def theirs(value):
        return value.reshape(B, chunk, places).transpose(1, 2)

    def ours(value):
        return value.transpose(1, 2).reshape(B, units)

    def step(p, xs, states):
        h, c = states
        raw = {g: xs[0] @ p[f"W_{g}"] + h @ p[f"U_{g}"] + p[f"b_{g}"] for g in "pqfigo"}
        forget = torch.cumsum(torch.softmax(raw["p"], -1), -1)[:, :, None]
        write = 1 - torch.cumsum(torch.softmax(raw["q"], -1), -1)[:, :, None]
        f, i, o = [torch.sigmoid(theirs(raw[g])) for g in "fio"]
        overlap = forget * write
        f = f * overlap + (forget - overlap)
        i = i * overlap + (write - overlap)
        c = f * theirs(c) + i * torch.tanh(theirs(raw["g"]))
        h = ours(o * torch.tanh(c))
        return [h], [h, ours(c)]

    shapes = {}
    for g in "pqfigo":
        width = places if g in "pq" else units
        shapes |= {f"W_{g}": (I, width), f"U_{g}": (units, width), f"b_{g}": (width,)}
    case("sources", "OnLstm", shapes, stepped(step), [("h", (units,)), ("C", (units,))])


def shuffling():
    """SRNNCell of torchrecurrent (after its release 0.2.5): its ring turns the other way."""
    width = 5

    def step(p, xs, states):
        # Their units in reverse order.
        h, weight, bias = states[0].flip(-1), p["W_d"].flip(-1), p["b_d"].flip(-1)
        drive = torch.relu(xs[0] @ p["W_u"] + p["b_u"]) @ weight + bias
        drive = drive * torch.sigmoid(xs[0] @ p["W_g"].flip(-1) + p["b_g"].flip(-1))
        h = torch.relu(torch.roll(h, 1, -1) + drive).flip(-1)
        return [h], [h]

    shapes = {"W_u": (I, width), "b_u": (width,), "W_d": (width, H), "b_d": (H,), "W_g": (I, H), "b_g": (H,)}
    case("sources", "ShufflingRnn", shapes, stepped(step), [("h", (H,))])


def statistical():
    """Oliva, Póczos and Schneider 2017: all averages in one vector, block by block."""
    names, horizons, width, inner, out = "amnpq", [0, 0.5, 0.9, 0.99, 0.999], 3, 2, H

    def step(p, xs, states):
        keep = torch.tensor(horizons, dtype=torch.float64).repeat_interleave(width)
        averages = torch.cat(states, -1)
        read = torch.cat([p[f"R_{g}"] for g in names])
        r = torch.relu(averages @ read + p["b_r"])
        statistic = torch.relu(r @ p["U"] + xs[0] @ p["V"] + p["b_a"])
        averages = keep * averages + (1 - keep) * statistic.repeat(1, len(names))
        write = torch.cat([p[f"O_{g}"] for g in names])
        return [torch.relu(averages @ write + p["b_y"])], list(averages.chunk(len(names), -1))

    shapes = {f"R_{g}": (width, inner) for g in names} | {f"O_{g}": (width, out) for g in names}
    shapes |= {"b_r": (inner,), "U": (inner, width), "V": (I, width), "b_a": (width,), "b_y": (out,)}
    case("sources", "StatisticalRnn", shapes, stepped(step), [(g, (width,)) for g in names])


def non_saturating():
    """NRU.py of apsarath/NRU, heads summed as in the paper (the code takes their mean), directions
    by matrices of their own instead of outer products."""
    heads, size = 2, 5

    def side(p, letters, now):
        """Sum over heads of a strength times a direction; letters of: state, memory, bias."""
        (a, b, c), (u, v, w) = letters
        out = 0
        for k in range(1, heads + 1):
            strength = now[0] @ p[f"{a}_{k}"] + now[1] @ p[f"{b}_{k}"] + p[f"{c}_{k}"]
            direction = now[0] @ p[f"{u}_{k}"] + now[1] @ p[f"{v}_{k}"] + p[f"{w}_{k}"]
            # Kept off zero.
            size = (direction.abs().pow(5).sum(-1, keepdim=True) + 1e-6) ** 0.2
            out = out + strength[:, None] * direction / size
        return out

    def step(p, xs, states):
        h, m = states
        everything = torch.cat([xs[0], h, m], -1)
        h = torch.relu(everything @ torch.cat([p["W_x"], p["W_h"], p["W_m"]]) + p["b"])
        m = m + side(p, ("pqc", "UPa"), (h, m)) - side(p, ("rgd", "VQe"), (h, m))
        return [h], [h, m]

    shapes = {"W_x": (I, H), "W_h": (H, H), "W_m": (size, H), "b": (H,)}
    for k in range(1, heads + 1):
        shapes |= {f"{g}_{k}": (H,) for g in "pr"} | {f"{g}_{k}": (size,) for g in "qgae"}
        shapes |= {f"{g}_{k}": () for g in "cd"}
        shapes |= {f"{g}_{k}": (H, size) for g in "UV"} | {f"{g}_{k}": (size, size) for g in "PQ"}
    case("sources", "Nru", shapes, stepped(step), [("h", (H,)), ("m", (size,))])


def delayed_memory():
    """network.py of sunpengfei1122/DMU: a buffer of what is still to arrive."""
    taps = 3

    def run(p, xs, states):
        h, d = states
        steps = len(xs[0])
        arriving = [zeros(B, H) for _ in range(steps + taps)]
        out = []
        for t, x in enumerate(xs[0]):
            n = torch.tanh(x @ p["W"] + p["b"] + h @ p["U"])
            d = torch.tanh(x @ p["W_d"] + p["b_d"] + d @ p["U_d"])
            share = torch.softmax(d, -1)
            for k in range(taps):
                arriving[t + k] = arriving[t + k] + n * share[:, k : k + 1]
            h = n + arriving[t]
            out.append(h)
        return [torch.stack(out)], [h, d]

    shapes = {"W": (I, H), "U": (H, H), "b": (H,), "W_d": (I, taps), "U_d": (taps, taps), "b_d": (taps,)}
    case("sources", "DelayedMemoryUnit", shapes, run, [("h", (H,)), ("d", (taps,))])


def selective_update():
    """suRNNCell of torchrecurrent (after its release 0.2.5), with a gradient of the step; from t = 1."""
    waves = 3

    def run(p, xs, states):
        h = states[0]
        alpha = torch.stack([p[f"α_{k}"] for k in range(1, waves + 1)], -1)
        omega = torch.stack([p[f"ω_{k}"] for k in range(1, waves + 1)])
        phi = torch.stack([p[f"φ_{k}"] for k in range(1, waves + 1)], -1)
        out = []
        for t, x in enumerate(xs[0], 1):
            a = p["b_s"] + (alpha * torch.sin(omega * t + phi)).sum(-1)
            smooth = torch.sigmoid(a)
            gate = smooth + (torch.heaviside(a, zeros(1)) - smooth).detach()
            h = h + gate * (torch.tanh(x @ p["W"] + h @ p["U"] + p["b"]) - h)
            out.append(h)
        return [torch.stack(out)], [h]

    shapes = {"W": (I, H), "U": (H, H), "b": (H,), "b_s": (H,)}
    for k in range(1, waves + 1):
        shapes |= {f"α_{k}": (H,), f"ω_{k}": (), f"φ_{k}": (H,)}
    case("sources", "SuRnn", shapes, run, [("h", (H,))])


def mass_conserving():
    """mclstm.py of ml-jku/mc-lstm with LinearRedistribution and NormalisedSigmoid of its modelzoo:
    a row of the redistribution says where the mass of a unit goes; ours is transposed."""

    def step(p, xs, states):
        mass, auxiliary = xs
        c = states[0]
        total = c.sum(-1, keepdim=True)
        features = torch.cat([auxiliary, c / torch.where(total == 0, torch.ones(1).double(), total)], -1)
        raw = {g: features @ torch.cat([p[f"W_{g}"], p[f"U_{g}"]]) + p[f"b_{g}"] for g in "io"}
        i, o = torch.softmax(raw["i"], -1)[:, None], torch.sigmoid(raw["o"])
        r = normalize(torch.sigmoid(p["R"].T), p=1, dim=-1)
        c = torch.matmul(c[:, None], r)[:, 0] + torch.matmul(mass[:, None], i)[:, 0]
        h = o * c
        return [h], [c - h]

    shapes = {"R": (H, H)} | gates("io", width=I)
    case("sources", "McLstm", shapes, stepped(step), [("c", (H,))], inputs=(1, I), positive=["c", "x"])


def quasi_recurrent():
    """QRNNLayer and CPUForgetMult of salesforce/pytorch-qrnn, window of two: the forget gate there
    is what is let in, hence of the other sign, and there are biases, zero here."""

    def run(p, xs, states):
        x = xs[0]
        source = torch.cat([x, torch.cat([x[:1] * 0, x[:-1]])], -1)
        weight = torch.cat([torch.cat([p["W_z"], -p["W_f"], p["W_o"]], -1), torch.cat([p["V_z"], -p["V_f"], p["V_o"]], -1)])
        z, f, o = (source @ weight).chunk(3, -1)
        z, f = torch.tanh(z), torch.sigmoid(f)
        c, out = states[0], []
        for t in range(len(x)):
            c = (f * z)[t] + (1 - f[t]) * c
            out.append(c)
        return [torch.sigmoid(o) * torch.stack(out)], [c]

    shapes = {f"{k}_{g}": (I, H) for k in "WV" for g in "zfo"}
    case("sources", "Qrnn", shapes, run, [("c", (H,))])


def liquid():
    """Hasani et al. 2021, algorithm 1: the fused solver, six unfoldings of a step of one."""
    unfold, length = 6, 0.1666

    def step(p, xs, states):
        v = states[0]
        for _ in range(unfold):
            f = torch.sigmoid(torch.cat([xs[0], v], -1) @ torch.cat([p["W"], p["U"]]) + p["b"])
            v = (v + length * f * p["a"]) / (1 + length * (1 / p["τ"] + f))
        return [v], [v]

    shapes = {"W": (I, H), "U": (H, H), "b": (H,), "a": (H,), "τ": (H,)}
    case("sources", "Ltc", shapes, stepped(step), [("h", (H,))], positive=["τ"])


if __name__ == "__main__":
    ordered_neurons()
    statistical()
    shuffling()
    non_saturating()
    delayed_memory()
    selective_update()
    mass_conserving()
    quasi_recurrent()
    liquid()
    save("sources", "torch")
