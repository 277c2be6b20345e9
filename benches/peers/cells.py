"""The cells as users of PyTorch and JAX write them well: products of inputs leave the loop, gates
share one matrix.

`CELLS[name]` says which of our parameters stand side by side in each of theirs: `wx` and `b` for
the product of inputs, `w` for what the step takes. Parameters keep our names.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    wx: list
    b: list
    w: list = field(default_factory=list)
    states: int = 1
    projected: bool = False
    # The second state is a matrix; its tape is the square of others'.
    matrix: bool = False

    def measured(self, shape):
        _, units, rows, steps = shape
        return not self.matrix or units * units * rows * steps <= 2**26

    def hidden(self, params, rows, units):
        """Shapes of the states."""
        second = (units, units) if self.matrix else (params["W_x_f"].shape[1],) if self.projected else (units,)
        return [(rows, units), (rows, *second)]

    def groups(self):
        return [self.wx] + ([self.b] if self.b else []) + self.w


def gates(prefix, names):
    return [f"{prefix}_{name}" for name in names]


def lstm(*more, gates_="figo", **settings):
    return Cell(
        wx=gates("W_x", gates_), b=gates("b", gates_), w=[gates("W_h", gates_), *more], states=2, **settings
    )


CELLS = {
    "Lstm": lstm(),
    "GruResetAfter": Cell(wx=gates("W_x", "rzn"), b=gates("b", "rzn"), w=[gates("W_h", "rzn"), ["b_h_n"]]),
    "Gru": Cell(wx=["W_x_r", "W_x_z", "W_x"], b=["b_r", "b_z", "b"], w=[gates("W_h", "rz"), ["W_h"]]),
    "PeepholeLstm": lstm(["p_f"], ["p_i"], ["p_o"]),
    "CoupledLstm": lstm(gates_="fgo"),
    "Mgu": Cell(wx=["W_x_f", "W_x"], b=["b_f", "b"], w=[["W_h_f"], ["W_h"]]),
    "Nas": Cell(wx=gates("W", "12345678"), b=[], w=[gates("U", "12345678")], states=2),
    "ProjectedLstm": lstm(["W_p"], projected=True),
    "GatedLinearAttention": Cell(wx=["W_a", "W_k", "W_v", "W_q"], b=[], w=[["b_a"]], states=2, matrix=True),
    "MinGru": Cell(wx=gates("W", "zh"), b=gates("b", "zh")),
}


def fuse(name, params, concatenate):
    """Our parameters as theirs, in the order of `groups`."""
    return [concatenate([params[n] for n in group]) for group in CELLS[name].groups()]


def split(name, fused, widths):
    """Their gradients under our names; `widths` gives each parameter's last axis."""
    out = {}
    for group, array in zip(CELLS[name].groups(), fused):
        start = 0
        for n in group:
            out[n] = array[..., start : start + widths[n]]
            start += widths[n]
    return out
