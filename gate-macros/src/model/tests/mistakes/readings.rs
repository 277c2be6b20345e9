//! What papers print and a definition would read as something else.

use super::super::has_lines;
use super::gives;

#[test]
fn number_in_matrix() {
    gives("h_t = (1 - A) h_{t-1} + x_t;", &["number_in_matrix"]);
    gives("h_t = h_{t-1} (A + α) + x_t;", &["number_in_matrix"]);
    gives("h_t = M h_{t-1} + x_t; M = 1 - A; A: [H, H];", &[]);
    gives("h_t = x_t + I - z_t; z_t = W x_t;", &[]);
    gives(
        "h_t = (I - z_t) .* h_{t-1}; z_t = W x_t;",
        &["identity_minus_vector"],
    );
}

#[test]
fn step_or_matrix() {
    let wanted = ["step_or_matrix"];
    gives("s_t = Θ(u_t - θ); u_t = β * u_{t-1} + W x_t;", &wanted);
    gives("s_t = H(u_t - v); u_t = β * u_{t-1} + W x_t;", &wanted);
    // What is read in another way too is a matrix.
    gives("s_t = H(u_t - v) + H x_t; u_t = H u_{t-1};", &[]);
    gives("s_t = H * (u_t - v); u_t = β * u_{t-1} + W x_t;", &[]);
    gives(
        "s_t = Θ(u_t); Θ(u) = where(u > 0, 1, 0); u_t = β * u_{t-1} + W x_t;",
        &[],
    );
}

#[test]
fn one_unit_of_a_layer() {
    let wanted = ["one_unit"];
    gives("h_t = tanh(w^T x_t + u .* h_{t-1} + b);", &wanted);
    gives("c_t = f_t * c_{t-1} + f_t; f_t = σ(w^T x_t + b);", &wanted);
    gives("h_t = tanh(w^T x_t + u * h_{t-1} + b); w: [I, H];", &[]);
    gives("h_t = tanh(w^T x_t + u .* h_{t-1} + b); w: [I];", &[]);
    gives("h_t = f_t * h_{t-1} + x_t; f_t = σ(w^T x_t + b);", &[]);
    gives("h_t = h_{t-1} + x_t - mean(x_t);", &[]);
    gives("h_t = V h_{t-1} + x_t; y_t = w^T h_t + b;", &[]);
}

#[test]
fn exponents_of_the_step_are_no_labels() {
    let body = "h_t = p^{c * x_t} .* h_{t-1}; c = 8;";
    has_lines(body, &["param(1) p [X]", "h_t = (p)^(c * x_t) .* h_{t-1}"]);
    gives("a_t = a^{x_t}; h_t = a_t .* h_{t-1};", &["cycle"]);
    gives("x_t = tanh(V x_t); h_t = W x_t + h_{t-1};", &["cycle"]);
}

#[test]
fn lengths_below_a_fraction() {
    let wanted = ["length_or_parameter"];
    gives("h_t = h_{t-1} + 1 / n * W x_t;", &wanted);
    gives("h_t = tanh((W x_t) / N);", &wanted);
    gives("h_t = a / n * h_{t-1} + x_t / (2 * n) + 1 / n;", &wanted);
    gives("h_t = tanh(d^{-1/2} W x_t);", &wanted);
    gives("h_t = h_{t-1} + x_t / d + x_t / τ;", &[]);
    gives("h_t = h_{t-1} + 1 / n * W x_t; n = 8;", &[]);
}

#[test]
fn time_in_an_exponent() {
    gives("h_t = β^{t-1} * h_{t-1} + x_t;", &["time_as_value"]);
    gives("y_t = σ(Q h^{i-1}) .* x_t + y_{t-1};", &["index_letter"]);
    gives("h_t^{l} = tanh(W h_t^{l-1} + U h_{t-1}^{l});", &[]);
    gives("h_t = tanh(W^{l-1} x_t + U h_{t-1});", &[]);
}

#[test]
fn complex_numbers() {
    let wanted = ["imaginary_unit"];
    gives(
        "h_t = λ .* h_{t-1} + x_t; λ = exp(-exp(u) + i * exp(v));",
        &wanted,
    );
    gives("h_t = e^{i * v} .* h_{t-1} + x_t;", &wanted);
    gives("h_t = exp(i * v) .* h_{t-1} + x_t; i: scalar;", &[]);
    gives("h_t = i .* exp(v) .* h_{t-1} + x_t;", &[]);
    gives(
        "h_t = A h_{t-1} + x_t; y_t = Re(C h_t);",
        &["function_outside"],
    );
}
