//! Gradients of cells that nobody wrote: texts from a small grammar, through every stage up to
//! the adjoint.

use std::fmt::Write;

use super::unrolled::check_directions;
use crate::ir::tests::cell;
use crate::ir::{lower, simplify};

/// Writes expressions, all of them vectors of the state's length.
struct Writer {
    state: u64,
    /// Vectors that an expression may read at this step.
    known: Vec<String>,
}

impl Writer {
    /// A number below `bound`, the same on every machine.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// What needs no further expression: products with few matrices, so that some are shared.
    fn leaf(&mut self) -> String {
        let (matrix, delay) = (self.below(4), 1 + self.below(3));
        match self.below(8) {
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

    /// Smooth functions only, small slopes: differences have to be able to judge.
    fn vector(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let a = self.vector(depth - 1);
        match self.below(15) {
            0..=2 => {
                let f = self.pick(&[
                    "tanh", "sigmoid", "softplus", "gelu", "silu", "sin", "cos", "softmax",
                ]);
                format!("{f}({a})")
            }
            3 | 4 => format!("({a}) * U_{}", self.below(4)),
            5 => format!("({a} + b_{})", self.below(3)),
            6 => format!("{} * ({a})", self.pick(&["0.5", "α", "β_1", "(1 - γ)"])),
            7 | 8 => format!("({a} {} ({}))", self.pick(&["+", "-"]), self.shallow(depth)),
            9 | 10 => format!("(sigmoid({a}) .* ({}))", self.shallow(depth)),
            11 => format!("(({a}) / (1.5 + square({})))", self.shallow(depth)),
            12 => format!("(tanh(dot({a}, {})) * ({}))", self.leaf(), self.leaf()),
            13 => format!(
                "({a} - mean({a})) / sqrt(1 + square(norm({})))",
                self.leaf()
            ),
            _ => format!("(tanh({a}) .* tanh({a}) - {a})"),
        }
    }

    fn shallow(&mut self, depth: usize) -> String {
        let depth = self.below(depth);
        self.vector(depth)
    }

    /// A cell with intermediates, a memory, and a state that is its output.
    fn cell(&mut self) -> String {
        self.known.clear();
        let mut body = String::from("γ = 0.3; x_t: [I]; h_t: [H]; ");
        for name in ["a", "d", "r"].into_iter().take(self.below(4)) {
            let depth = 1 + self.below(3);
            let expression = self.vector(depth);
            write!(body, "{name} = tanh({expression}); ").expect("text");
            self.known.push(name.to_owned());
        }
        let (memory, depth) = (self.vector(2), 1 + self.below(2));
        write!(body, "C_t = 0.5 * C_{{t-1}} + 0.5 * tanh({memory}); ").expect("text");
        self.known.push("C_t".to_owned());
        let state = self.vector(depth);
        write!(body, "h_t = tanh({state}) + 0.1 * C_t .* (x_t * W_0);").expect("text");
        format!("struct F(x_t) -> h_t {{ {body} }}")
    }
}

#[test]
fn random_cells() {
    let rounds = std::env::var("FUZZ_ROUNDS").ok();
    let rounds = rounds.and_then(|n| n.parse().ok()).unwrap_or(60);
    let mut writer = Writer {
        state: 5,
        known: Vec::new(),
    };
    for _ in 0..rounds {
        let source = writer.cell();
        let graph = lower(&cell(&source));
        check_directions(&graph, &source);
        check_directions(&simplify(graph), &source);
    }
}
