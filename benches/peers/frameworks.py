"""One class per way to run a cell elsewhere. Each takes numpy arrays under our names and gives

`forward()` and `both()` to time, and `results()`: the output, the gradient of the input and the
gradients of the parameters under our names (None where the framework does not train).
"""

import numpy as np

import cells


class Torch:
    """Custom cells, `kind` eager, script or compile; the step alone is compiled, since a loop over
    hundreds of steps is unrolled and takes minutes."""

    def __init__(self, kind, name, params, x, dy):
        import torch

        import steps_torch

        self.torch, self.kind, self.name = torch, kind, name
        self.widths = {n: p.shape[-1] for n, p in params.items()}
        cell = cells.CELLS[name]
        step = steps_torch.STEPS[name]
        if kind == "compile":
            # Anew for each shape: compiled for any size, this version's compiler fails on some cells.
            torch._dynamo.reset()
            step = torch.compile(step, dynamic=False)
        make = steps_torch.sequence_of_two if cell.states == 2 else steps_torch.sequence_of_one
        self.run = make(step)
        if kind == "script":
            # The step is compiled with the loop that calls it.
            scripted = torch.jit.script(step)
            self.run = torch.jit.script(make(scripted))
        own = [torch.tensor(a, requires_grad=True) for a in cells.fuse(name, params, lambda l: np.concatenate(l, -1))]
        self.own = own
        wx, rest = own[0], own[1:]
        b = rest.pop(0) if cell.b else torch.zeros(())
        states = [torch.zeros(shape) for shape in cell.hidden(params, x.shape[1], dy.shape[2])]
        self.x = torch.tensor(x, requires_grad=True)
        self.dy = torch.tensor(dy)
        self.arguments = (*states, wx, b, rest)

    def forward(self):
        with self.torch.no_grad():
            return self.run(self.x, *self.arguments)

    def both(self):
        y = self.run(self.x, *self.arguments)
        return y, self.torch.autograd.grad(y, [self.x, *self.own], self.dy)

    def results(self):
        for _ in range(3 if self.kind == "script" else 1):  # it optimises from its third run on
            self.forward()
            y, (dx, *own) = self.both()
        return y.detach().numpy(), dx.numpy(), cells.split(self.name, [g.numpy() for g in own], self.widths)


class TorchBuiltin:
    """`torch.nn.LSTM` and `torch.nn.GRU`."""

    ORDER = {"Lstm": "ifgo", "ProjectedLstm": "ifgo", "GruResetAfter": "rzn"}

    def __init__(self, name, params, x, dy):
        import torch

        if name not in self.ORDER:
            raise NotImplementedError
        self.torch, self.order, self.name = torch, self.ORDER[name], name
        units = params["W_x_" + self.order[0]].shape[1]
        if name == "GruResetAfter":
            self.net = torch.nn.GRU(x.shape[2], units)
        else:
            width = dy.shape[2] if name == "ProjectedLstm" else 0
            self.net = torch.nn.LSTM(x.shape[2], units, proj_size=width)
        join = lambda prefix: torch.tensor(np.concatenate([params[f"{prefix}_{g}"].T for g in self.order]))
        with torch.no_grad():
            self.net.weight_ih_l0.copy_(join("W_x"))
            self.net.weight_hh_l0.copy_(join("W_h"))
            self.net.bias_ih_l0.copy_(join("b"))
            self.net.bias_hh_l0.zero_()
            if name == "GruResetAfter":
                self.net.bias_hh_l0[2 * units :] = torch.tensor(params["b_h_n"])
            if name == "ProjectedLstm":
                self.net.weight_hr_l0.copy_(torch.tensor(params["W_p"].T))
        self.x, self.dy = torch.tensor(x, requires_grad=True), torch.tensor(dy)

    def forward(self):
        with self.torch.no_grad():
            return self.net(self.x)[0]

    def both(self):
        y = self.net(self.x)[0]
        return y, self.torch.autograd.grad(y, [self.x, *self.net.parameters()], self.dy)

    def results(self):
        y, (dx, *own) = self.both()
        own = [g.numpy() for g in own]
        chunks = lambda a: dict(zip(self.order, np.split(a, len(self.order))))
        grads = {f"W_x_{g}": a.T for g, a in chunks(own[0]).items()}
        grads |= {f"W_h_{g}": a.T for g, a in chunks(own[1]).items()}
        grads |= {f"b_{g}": a for g, a in chunks(own[2]).items()}
        if self.name == "GruResetAfter":
            grads["b_h_n"] = chunks(own[3])["n"]
        if self.name == "ProjectedLstm":
            grads["W_p"] = own[4].T
        return y.detach().numpy(), dx.numpy(), grads


class Jax:
    """`lax.scan` under `jit`."""

    def __init__(self, name, params, x, dy):
        import jax

        import steps_jax

        self.jax, self.name = jax, name
        self.widths = {n: p.shape[-1] for n, p in params.items()}
        cell, step = cells.CELLS[name], steps_jax.STEPS[name]
        shapes = cell.hidden(params, x.shape[1], dy.shape[2])[: cell.states]

        def run(x, own):
            wx, rest = own[0], own[1:]
            g = x @ wx + (rest[0] if cell.b else 0)
            w = rest[1:] if cell.b else rest

            def body(states, g):
                states = step(g, *states, w)
                return tuple(states), states[0]

            zeros = tuple(jax.numpy.zeros(s) for s in shapes)
            return jax.lax.scan(body, zeros, g)[1]

        def both(x, own, dy):
            y, pull = jax.vjp(run, x, own)
            return y, pull(dy)

        self.own = [jax.numpy.asarray(a) for a in cells.fuse(name, params, lambda l: np.concatenate(l, -1))]
        self.x, self.dy = jax.numpy.asarray(x), jax.numpy.asarray(dy)
        self.jit_forward, self.jit_both = jax.jit(run), jax.jit(both)

    def forward(self):
        return self.jit_forward(self.x, self.own).block_until_ready()

    def both(self):
        return self.jax.block_until_ready(self.jit_both(self.x, self.own, self.dy))

    def results(self):
        self.forward()
        y, (dx, own) = self.both()
        return np.asarray(y), np.asarray(dx), cells.split(self.name, [np.asarray(g) for g in own], self.widths)


class Onnx:
    """ONNX Runtime's LSTM and GRU, inference alone."""

    def __init__(self, name, params, x, dy, threads):
        import onnxruntime

        model = self.model(name, params, x.shape, dy.shape[2])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.x = x

    @staticmethod
    def model(name, params, shape, units):
        from onnx import TensorProto, helper, numpy_helper

        order = {"Lstm": "iofg", "PeepholeLstm": "iofg", "GruResetAfter": "zrn", "Gru": "zrn"}.get(name)
        if order is None:
            raise NotImplementedError
        of = lambda prefix, g: params.get(f"{prefix}_{g}", params.get(prefix))
        # ONNX's update gate keeps the old state; the article's takes the new one.
        sign = lambda g: -1 if name == "Gru" and g == "z" else 1
        join = lambda prefix: np.concatenate([sign(g) * of(prefix, g).T for g in order])[None]
        w, r, b = join("W_x"), join("W_h"), join("b")
        rb = np.zeros_like(b)
        if name == "GruResetAfter":
            rb[0, 2 * units :] = params["b_h_n"]
        tensors = {"W": w, "R": r, "B": np.concatenate([b, rb], 1)}
        inputs, settings = ["X", "W", "R", "B"], {"hidden_size": units}
        if name == "PeepholeLstm":
            tensors["P"] = np.concatenate([params[f"p_{g}"] for g in "iof"])[None]
            inputs += ["", "", "", "P"]
        if name.startswith("Gru"):
            settings["linear_before_reset"] = int(name == "GruResetAfter")
        node = helper.make_node("GRU" if name.startswith("Gru") else "LSTM", inputs, ["Y"], **settings)
        steps, batch, features = shape
        graph = helper.make_graph(
            [node],
            name,
            [helper.make_tensor_value_info("X", TensorProto.FLOAT, [steps, batch, features])],
            [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [steps, 1, batch, units])],
            [numpy_helper.from_array(np.ascontiguousarray(a, np.float32), n) for n, a in tensors.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
        return model.SerializeToString()

    def forward(self):
        return self.session.run(None, {"X": self.x})[0]

    both = None

    def results(self):
        return self.forward()[:, 0], None, None


def make(contender, name, params, x, dy, threads):
    if contender == "jax":
        return Jax(name, params, x, dy)
    if contender == "onnx":
        return Onnx(name, params, x, dy, threads)
    if contender == "torch-builtin":
        return TorchBuiltin(name, params, x, dy)
    return Torch(contender.removeprefix("torch-"), name, params, x, dy)
