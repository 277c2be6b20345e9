//! Definitions of cells from a small grammar of all operators. The numbers behind them are the
//! same on every machine.

/// Of the free sizes two are enough; what is declared has to be used.
pub(super) const DECLARED: &[&str] = &[
    "W_0: [I, H]",
    "W_1: [I, H]",
    "W_2: [I, H]",
    "V_0: [I, H]",
    "V_1: [I, H]",
    "V_2: [I, H]",
    "U_0: [H, H]",
    "U_1: [H, H]",
    "U_2: [H, H]",
    "U_3: [H, H]",
];

/// Writes expressions, all of them vectors of the state's length.
pub(super) struct Writer {
    state: u64,
    /// Vectors that an expression may read at this step.
    pub(super) known: Vec<String>,
    /// Whether there is a memory that is a matrix.
    pub(super) matrix: bool,
    /// Whether there is a memory that is a part of another value.
    pub(super) part: bool,
    /// Whether there is a sum over time that is read one step late or more.
    pub(super) late: bool,
}

impl Writer {
    /// One that begins at a number.
    pub(super) fn new(state: u64) -> Writer {
        Writer {
            state,
            known: Vec::new(),
            matrix: false,
            part: false,
            late: false,
        }
    }

    /// A number below `bound`, the same on every machine.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % bound
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// What needs no further expression: products with few matrices, so that some are shared.
    pub(super) fn leaf(&mut self) -> String {
        let (matrix, delay) = (self.below(4), 1 + self.below(3));
        match self.below(11) {
            10 if self.late => format!("L_{{t-{delay}}}"),
            10 => "h_{t-1}".to_owned(),
            9 if self.part => format!("P_{{t-{delay}}}"),
            9 => "C_{t-2}".to_owned(),
            8 if self.matrix => match self.below(3) {
                0 => format!("S_{{t-1}}^T * tanh(h_{{t-{delay}}})"),
                _ => format!("S_{{t-1}} * tanh(h_{{t-{delay}}})"),
            },
            8 => "h_{t-1} * U_1^T".to_owned(),
            0 | 1 => format!("x_t * W_{matrix}"),
            2 => format!("x_{{t-{delay}}} * V_{matrix}"),
            3 => format!("h_{{t-{delay}}} * U_{matrix}"),
            4 => format!("u_{matrix} .* h_{{t-{delay}}}"),
            5 => format!("h_{{t-{delay}}}"),
            6 => "C_{t-1}".to_owned(),
            _ => match self.known.len() {
                0 => "h_{t-1} * U_0".to_owned(),
                count => {
                    let at = self.below(count);
                    self.known[at].clone()
                }
            },
        }
    }

    /// Small slopes, and kinks that the data does not stand on: differences have to be able to
    /// judge.
    pub(super) fn vector(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let a = self.vector(depth - 1);
        match self.below(27) {
            0..=2 => {
                let f = self.pick(&[
                    "tanh",
                    "sigmoid",
                    "softplus",
                    "gelu",
                    "silu",
                    "sin",
                    "cos",
                    "softmax",
                    "relu",
                    "leaky_relu",
                    "elu",
                    "selu",
                    "abs",
                    "hard_sigmoid",
                    "hard_tanh",
                    "softsign",
                    "log_sigmoid",
                ]);
                format!("{f}({a})")
            }
            3 | 4 => format!("({a}) * U_{}", self.below(4)),
            5 => format!("({a} + b_{})", self.below(3)),
            6 => format!(
                "{} * ({a})",
                self.pick(&["0.5", "α", "β_1", "(1 - γ)", "ε"])
            ),
            7 | 8 => format!("({a} {} ({}))", self.pick(&["+", "-"]), self.shallow(depth)),
            9 | 10 => format!("(sigmoid({a}) .* ({}))", self.shallow(depth)),
            11 => format!("(({a}) / (1.5 + square({})))", self.shallow(depth)),
            12 => format!("(tanh(dot({a}, {})) * ({}))", self.leaf(), self.leaf()),
            13 => format!(
                "({a} - mean({a})) / sqrt(1 + square(norm({})))",
                self.leaf()
            ),
            14 => format!("(tanh({a}) .* tanh({a}) - {a})"),
            15 | 16 => {
                let (left, right) = (self.leaf(), self.leaf());
                let compare = self.pick(&[">", "<", ">=", "<="]);
                let other = self.shallow(depth);
                format!("where({left} {compare} {right}, {a}, {other})")
            }
            17 | 18 => {
                let f = self.pick(&["max", "min"]);
                format!("{f}({a}, {})", self.shallow(depth))
            }
            19 => format!("clamp({a}, -0.4, 0.6)"),
            20 => format!("layer_norm({a}, g_{0}, c_{0})", self.below(2)),
            21 => format!("rms_norm({a}, g_{})", self.below(2)),
            22 => format!("(1.5 + tanh({a}))^1.7"),
            23 => format!("exp(0.4 * tanh({a})) - log(2 + tanh({}))", self.leaf()),
            24 => format!("({a}) * U_{}^T", self.below(4)),
            // Sizes of parts have to be known.
            25 => format!("Q * [h_{{t-{}}}, C_{{t-1}}] + {a}", 1 + self.below(2)),
            _ => {
                let f = self.pick(&["sum", "max", "mean", "norm"]);
                format!("(tanh({f}({})) * ({a}))", self.leaf())
            }
        }
    }

    pub(super) fn shallow(&mut self, depth: usize) -> String {
        let depth = self.below(depth);
        self.vector(depth)
    }

    /// The statements of a cell with intermediates, memories, an inner loop, and a state that is
    /// its output.
    pub(super) fn statements(&mut self) -> Vec<String> {
        self.known.clear();
        self.matrix = self.below(3) == 0;
        self.part = self.below(3) == 0;
        self.late = self.below(3) == 0;
        let mut out: Vec<String> = [
            "γ = 0.3",
            "ε: hyper = 0.7",
            "x_t: [I]",
            "h_t: [H]",
            "C_t: [H]",
        ]
        .map(str::to_owned)
        .to_vec();
        if self.matrix {
            out.push("S_t: [H, H]".to_owned());
        }
        if self.part {
            out.push("P_t: [H]".to_owned());
        }
        if self.late {
            out.push("L_t: [H]".to_owned());
            let term = self.pick(&["l", "x_t * W_0", "x_{t-1} * V_1", "0.3 * h_{t-1}"]);
            out.push(format!("L_t = 0.5 * L_{{t-1}} + {term}"));
        }
        if self.below(3) == 0 {
            out.push("h_0 ~ trainable".to_owned());
        }
        for name in ["a", "d", "r"].into_iter().take(self.below(4)) {
            let depth = 1 + self.below(3);
            let expression = self.vector(depth);
            out.push(format!("{name} = tanh({expression})"));
            self.known.push(name.to_owned());
        }
        if self.below(3) == 0 {
            out.extend(self.inner_loop());
        }
        if self.matrix {
            out.extend(self.matrix_state());
        }
        if self.part {
            let (left, right) = (self.leaf(), self.vector(1));
            let sides = "[h_{t-1}, C_{t-1}] .* k";
            out.push(format!(
                "(e, P_t) = chunk(tanh({sides} + [{left}, {right}]), 2)"
            ));
            self.known.push("e".to_owned());
        }
        let (memory, depth) = (self.vector(2), 1 + self.below(2));
        out.push(format!("C_t = 0.5 * C_{{t-1}} + 0.5 * tanh({memory})"));
        self.known.push("C_t".to_owned());
        let mut state = self.vector(depth);
        if self.late {
            state = format!("({state}) + 0.3 * L_{{t-1}}");
        }
        out.push(format!("h_t = tanh({state}) + 0.1 * C_t .* (x_t * W_0)"));
        for matrix in DECLARED {
            if out
                .iter()
                .any(|s| s.contains(&format!("* {}", &matrix[..3])))
            {
                out.insert(2, (*matrix).to_owned());
            }
        }
        for (declared, read) in [("ε: ", "ε *"), ("h_0 ", "h_{t-")] {
            let used = out.iter().any(|s| s.contains(read));
            out.retain(|s| used || !s.starts_with(declared));
        }
        out
    }

    /// Two rounds of one equation.
    fn inner_loop(&mut self) -> [String; 2] {
        let first = format!("p_0 = tanh({})", self.vector(1));
        let inner = self.pick(&[
            "tanh(p_{k-1} * R_k + e_k)",
            "sigmoid(p_{k-1} * R_k) .* p_{k-1}",
        ]);
        self.known.push("p_2".to_owned());
        [first, format!("for k in 1..=2 {{ p_k = {inner}; }}")]
    }

    /// A matrix that decays and is written to, and perhaps read in the same step.
    fn matrix_state(&mut self) -> Vec<String> {
        let (left, right) = (self.vector(1), self.leaf());
        let kept = match self.below(5) {
            0 => format!(
                "outer(sigmoid({}), sigmoid({left})) .* S_{{t-1}}",
                self.leaf()
            ),
            1 => "0.5 * S_{t-1}^T".to_owned(),
            2 => "sigmoid(S_{t-2}) .* S_{t-1}".to_owned(),
            3 => format!("sigmoid(dot({left}, {})) * S_{{t-1}}", self.leaf()),
            _ => "0.6 * S_{t-1}".to_owned(),
        };
        let written = match self.below(3) {
            0 => format!("outer(tanh({left}) - S_{{t-1}} * tanh({right}), tanh({right}))"),
            1 => format!("outer(tanh({right}), tanh({right}))"),
            _ => format!("outer(tanh({left}), tanh({right}))"),
        };
        let mut out = vec![format!("S_t = {kept} + 0.4 * {written}")];
        if self.below(2) == 0 {
            let matrix = self.pick(&["S_t", "S_t^T"]);
            out.push(format!("m = {matrix} * tanh({})", self.leaf()));
            self.known.push("m".to_owned());
        }
        out
    }

    /// The whole cell as one line.
    pub(super) fn cell(&mut self) -> String {
        let statements = self.statements().into_iter();
        let body: String = statements.map(ended).collect();
        format!("struct F(x_t) -> h_t {{ {body} }}")
    }
}

/// A statement with what ends it.
pub(super) fn ended(statement: String) -> String {
    match statement.ends_with('}') && statement.starts_with("for") {
        true => format!("{statement} "),
        false => format!("{statement}; "),
    }
}
