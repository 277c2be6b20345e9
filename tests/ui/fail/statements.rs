//! Statements and declarations that cannot be read.

#![allow(mixed_script_confusables, confusable_idents)]

use gate_runtime::cell;

cell! {
    pub struct Statements {
        tanh(x_t);
        a + b = x_t;
        φ(2 u) = tanh(u);
    }
}

cell! {
    pub struct Declarations {
        a: vector;
        b: [H - 1];
        c: [H, H, H];
        d: hyper;
        e: [H] = 1;
        f ~ glorot;
        g ~ uniform(a, 1);
        h_t = x_t + a;
    }
}

cell! {
    pub struct Loops {
        for k in a..=3 { a_k = x_t; }
        for k in 3..=1 { b_k = x_t; }
        h_t = x_t;
    }
}

cell! {
    pub struct Empty {}
}

cell! {
    pub struct FunctionAlone { squash(u) = u / (1 + abs(u)); }
}

cell! {
    pub struct TwoEquals {
        a = h_t = tanh(x_t * W + h_{t-1} * U);
        y_t = a;
    }
}

fn main() {}
