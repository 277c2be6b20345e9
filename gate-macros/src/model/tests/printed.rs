//! Printed equations, read again, give the same cell.

use super::{cell, dump};

const BODIES: &[&str] = &[
    "f = σ(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f)); C_t = f .* C_{t-1} + 1; h_t = f .* tanh(C_t);",
    "h_t = W (x_t .* h_{t-1}) - (x_t - (h_{t-1} - x_t)) .* -x_t + -(x_t + h_{t-1}) / (x_t * 2);",
    "h_t = [x_t, x_t] .* (h_{t-1} / (1 + h_{t-1}))^2 - (2 * h_{t-1})^(0.5) + e^{-h_{t-1}};",
    "A = M - M^T - 0.5 * I; h_t = (A A) h_{t-1} + x_t^T V V^T x_t * α^2 .* h_{t-1};",
    "S_t = σ(α) * S_{t-1} + x_t u_t^T; y_t = max(|S_t u_t|, x_t) - u_t (x_t^T S_t + W u_t)^T u_t;",
    "h_t = where(x_t >= 2 * c, -2 * x_t, c * (d - x_t)) + clamp(h_{t-1}, -1, 1) / norm(x_t / c);",
];

#[test]
fn printed_equations_give_the_same_cell() {
    for body in BODIES {
        let first = cell(body);
        let printed: Vec<String> = first
            .equations
            .iter()
            .map(|e| format!("{};", e.printed))
            .collect();
        let printed = printed.join("\n");
        let again = cell(&printed);
        let texts = |cell: &super::Cell| {
            cell.equations
                .iter()
                .map(|e| e.printed.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(&again), texts(&first), "{printed}");
        assert_eq!(sorted(&dump(&again)), sorted(&dump(&first)), "{printed}");
    }
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}
