//! Tokens that mean nothing in equations; each `cell!` is one theme.

use gate_runtime::cell;

cell! {
    pub struct Tokens {
        a   = x_t % h_{t-1};
        b   = "text" + 'c';
        d   = 'h + W . x_t;
        e   = 1.0f32 * x_t + 1e999;
    }
}

cell! {
    pub struct Values {
        a   = () + x_t;
        b   = x_t^-1;
        d   = x_t / a b;
        e   = (a, b) .* x_t;
        f   = [a, b; d] * W;
        g   = where(a < b > d, a, b);
        i   = a + x_;
        j   = a .* * b;
        k   = a +;
        l   = a 2;
    }
}

fn main() {}
