//! Mistakes of declarations: hyper-parameters, initial values, initial states.

use super::super::cell;
use super::gives;

#[test]
fn hyper_with_time() {
    gives("ε_t: hyper = 0.5; h_t = ε_t x_t;", &["hyper_with_time"]);
}

#[test]
fn constant_no_size() {
    for value in ["1.5", "0", "-2", "10^12"] {
        gives(
            &format!("N = {value}; x_t: [N]; h_t = x_t[0..N] + h_{{t-1}};"),
            &["constant_no_size"],
        );
    }
}

#[test]
fn hyper_not_number() {
    gives("ε: hyper = α; h_t = ε * x_t;", &["hyper_not_number"]);
}

#[test]
fn hyper_defined() {
    gives(
        "ε: hyper = 0.1; ε = 0.5; h_t = ε * x_t;",
        &["hyper_defined"],
    );
}

#[test]
fn init_of_value() {
    gives(
        "x_t ~ zeros; f ~ 1; f = x_t; h_t = f;",
        &["init_of_value"; 2],
    );
}

#[test]
fn init_of_state() {
    gives("h_t ~ zeros; h_t = h_{t-1} + x_t;", &["init_of_state"]);
}

#[test]
fn initial_of_no_state() {
    gives(
        "f_0 ~ zeros; f_t = x_t; h_t = f_t;",
        &["initial_of_no_state"],
    );
}

#[test]
fn initial_state() {
    gives("h_0 ~ orthogonal; h_t = h_{t-1} + x_t;", &["initial_state"]);
}

#[test]
fn trainable_parameter() {
    gives("W ~ trainable; h_t = W x_t;", &["trainable_parameter"]);
}

#[test]
fn initialiser_arguments() {
    gives(
        "W ~ uniform(1, 0); h_t = W x_t;",
        &["initialiser_arguments"],
    );
    gives("W ~ he(2); h_t = W x_t;", &["initialiser_arguments"]);
}

#[test]
fn initialiser_of_matrix() {
    gives("b ~ orthogonal; h_t = b + x_t;", &["initialiser_of_matrix"]);
}

#[test]
fn identity_not_square() {
    gives("W ~ identity; h_t = W x_t;", &["identity_not_square"]);
    cell("U ~ identity; h_t = U h_{t-1} + x_t;");
}
