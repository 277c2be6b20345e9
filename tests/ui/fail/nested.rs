//! Expressions that nobody writes by hand.

use gate_runtime::cell;

cell! {
    pub struct Brackets {
        h_t = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((x_t))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))));
    }
}

cell! {
    pub struct Functions {
        f(u) = u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u
            + u + u + u + u + u + u + u + u + u + u + u + u;
        h_t = f(f(x_t));
    }
}

fn main() {}
