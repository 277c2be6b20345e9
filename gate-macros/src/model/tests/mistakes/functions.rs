//! Functions: how many arguments, powers of them, their definitions.

use super::super::cell;
use super::gives;

#[test]
fn wrong_arity() {
    gives("h_t = tanh(x_t, x_t) + clamp(x_t);", &["wrong_arity"; 2]);
    gives("f(u, v) = u + v; h_t = f(x_t);", &["wrong_arity_of_own"]);
}

#[test]
fn power_on_function() {
    gives("h_t = σ^2(x_t);", &["power_on_function"]);
}

#[test]
fn power_of_power() {
    for value in [
        "x_t^2^3",
        "x_t^2^{-1}",
        "e^{x_t}^2",
        "f(x_t)",
        "x_t .* α^{0.5}^2",
    ] {
        let body = format!("f(u) = u^2^3; h_t = {value} + h_{{t-1}};");
        gives(&body, &["power_of_power"]);
    }
    cell("h_t = (x_t^2)^3 + x_t^{2^3} + W^1^2 x_t + h_{t-1}; f(u) = u^(2)^T * u;");
}

#[test]
fn power_or_label() {
    for body in [
        "h_t = x_t^1 + x_t + h_{t-1};",
        "h_t = x_t^1 + x_t^2 + h_{t-1};",
        "h_t = x_t + h_{t-1}^1;",
        "h_t = x_t + f^{1}; f = tanh(h_{t-1});",
    ] {
        gives(body, &["power_or_label"]);
    }
    for body in [
        "h_t = x_t^1 + h_{t-1};",
        "h_t = x_t^(1) + x_t + h_{t-1};",
        "h_t^1 = x_t + h_{t-1}^1; h_t^2 = h_t^1 + h_{t-1}^2; y_t = h_t^2;",
        "x_t^1: [I]; h_t = x_t^1 + x_t^2 + h_{t-1};",
        "h_t = W^1 * x_t + W * h_{t-1};",
    ] {
        cell(body);
    }
}

#[test]
fn function_as_value() {
    gives("h_t = tanh + x_t;", &["function_as_value"]);
    gives("φ(u) = tanh(u); h_t = φ + x_t;", &["function_as_value"]);
}

#[test]
fn function_and_value() {
    gives("s(u) = u; s = x_t; h_t = s(x_t);", &["function_and_value"]);
}

#[test]
fn duplicate_argument() {
    gives(
        "f(u, u) = u + 1; h_t = f(x_t, x_t);",
        &["duplicate_argument"],
    );
}

#[test]
fn argument_with_time() {
    for body in [
        "f(u) = u + u_{t-1}; h_t = f(x_t);",
        "f(u) = u + u_t; h_t = f(x_t);",
        "f(x) = x + x_t; h_t = f(x_t);",
        "f(x) = x + x(t-1); h_t = f(x_t);",
        "f(x) = x + tanh(x_{t-2}^2); h_t = f(x_t);",
    ] {
        gives(body, &["argument_with_time"]);
    }
    cell("f(u) = u * W_u + u_s + x_t; h_t = f(x_t) + h_{t-1};");
}

#[test]
fn language_function() {
    gives(
        "tanh(u) = u; exp = relu; max(u, v) = u + v; h_t = max(tanh(x_t), exp(h_{t-1}));",
        &["language_function"; 3],
    );
    cell("σ = tanh; h_t = σ(x_t) + h_{t-1};");
    cell("swish(v, k) = v .* σ(k * v); tanh_1(u) = u; h_t = swish(tanh_1(x_t), 2);");
}

#[test]
fn recursive_function() {
    gives(
        "f(u) = g(u); g(u) = f(u); h_t = f(x_t);",
        &["recursive_function"],
    );
}
