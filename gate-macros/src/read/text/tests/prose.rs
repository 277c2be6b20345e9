//! What is an equation and what is prose; where equations begin and end.

use super::*;

#[test]
fn rows_and_lines() {
    let plain = "f _ t = σ ( x _ t )\nh _ t = f _ t ⊙ c _ t";
    for source in [
        "f_t &= \\sigma(x_t) \\\\ h_t &= f_t \\odot c_t",
        "f_t &= \\sigma(x_t), \\\\[6pt]\nh_t &= f_t \\odot c_t.",
        "f_t = \\sigma(x_t) \\nonumber \\\\* \\label{eq:h} h_t = f_t \\odot c_t \\tag{2}",
        "f_t = \\sigma(x_t)\nh_t = f_t \\odot c_t",
        "f_t = \\sigma(x_t); h_t = f_t \\odot c_t;",
        "f_t = \\sigma(x_t), \\quad h_t = f_t \\odot c_t",
        "f_t = \\sigma(x_t) \\qquad h_t = f_t \\odot c_t",
        "f_t = \\sigma(x_t), h_t = f_t \\odot c_t",
        "\\begin{aligned}[t] f_t &= \\sigma(x_t) \\\\ h_t &= f_t \\odot c_t \\end{aligned}",
        "\\begin{equation}\\begin{split}\nf_t =& \\sigma(x_t) \\\\\nh_t =& f_t \\odot c_t\n\\end{split}\\end{equation}",
        "\\begin{array}{ll}\n f_t = \\sigma(x_t) \\\\\n h_t = f_t \\odot c_t \\\\\n\\end{array}",
        "\\begin{eqnarray*} f_t &=& \\sigma(x_t) \\\\ h_t &=& f_t \\odot c_t \\end{eqnarray*}",
        "* f_t = \\sigma(x_t)\n* h_t = f_t \\odot c_t",
        "1. f_t = \\sigma(x_t)\n2. h_t = f_t \\odot c_t",
        "(1) f_t = \\sigma(x_t)\n(2) h_t = f_t \\odot c_t",
        "f_t = \\sigma(x_t) \\quad (1) \\\\ h_t = f_t \\odot c_t \\quad (2)",
        "f_t\n &= \\sigma(x_t) \\\\\nh_t\n &= f_t \\odot c_t",
    ] {
        assert_eq!(fenced(source), plain, "{source}");
    }
}

#[test]
fn wrapped_formulas() {
    let plain = "h _ t = a + b ⊙ ( c + d )";
    for source in [
        "h_t = a +\n  b ⊙ (c + d)",
        "h_t = a\n  + b ⊙ (c + d)",
        "h_t = a + b ⊙ (c\n  + d)",
        "h_t &= a \\\\ &\\quad + b \\odot (c + d)",
        "h_t &= a \\\\ &\\qquad {}+ b \\odot \\bigl(c \\\\ &+ d\\bigr)",
        "h_t =\n  a + b ⊙ (\n    c + d\n  ),",
    ] {
        assert_eq!(fenced(source), plain, "{source}");
    }
}

#[test]
fn remarks_behind_an_equation() {
    let plain = "h _ t = o _ t ⊙ tanh ( c _ t )";
    for source in [
        "h_t = o_t \\odot \\tanh(c_t) \\text{ (hidden state)}",
        "h_t = o_t \\odot \\tanh(c_t), \\quad \\text{for all } t = 1, \\dots, T",
        "h_t = o_t ⊙ tanh(c_t), where σ is the sigmoid",
        "h_t = o_t ⊙ tanh(c_t)  # the hidden state, f = 2",
        "h_t = o_t ⊙ tanh(c_t)  // the hidden state",
        "h_t = o_t ⊙ tanh(c_t)    (output gate)",
        "h_t = o_t \\odot \\tanh(c_t) % f = 2",
        "h_t = o_t ⊙ tanh(c_t) for t = 1, ..., T",
        "h_t = o_t \\odot \\tanh(c_t) \\quad \\forall t",
        "h_t = o_t ⊙ tanh(c_t)\nwhere ⊙ is the element-wise product and o_t\nthe output gate.",
        "h_t = o_t \\odot \\tanh(c_t)\nThe symbol \\odot stands for the product\nof elements § \\foo.",
        "Hidden state: h_t = o_t ⊙ tanh(c_t)",
        "Equations (with f = tanh):\nh_t = o_t ⊙ tanh(c_t)",
        "\\text{hidden state:} && h_t &= o_t \\odot \\tanh(c_t)",
        "\\text{Second layer:} & \\\\ h_t &= o_t \\odot \\tanh(c_t) \\\\ N &= \\text{batch size}",
        "h_t = o_t \\odot \\tanh(c_t) \\quad (t = 1, \\dots, T)",
    ] {
        assert_eq!(fenced(source), plain, "{source}");
    }
}

#[test]
fn words_that_part_equations() {
    let plain = "y = φ ( x )\nφ ( u ) = max ( 0 , u )";
    for source in [
        "y = φ(x), where φ(u) = max(0, u)",
        "y = \\phi(x), \\text{ where } \\phi(u) = \\max(0, u)",
        "y = \\phi(x) \\quad \\text{and} \\quad \\phi(u) = \\max(0, u)",
        "y = φ(x) with\nφ(u) = max(0, u)",
    ] {
        assert_eq!(fenced(source), plain, "{source}");
    }
}

#[test]
fn labels_that_look_like_prose() {
    assert_eq!(
        fenced("f = \\sigma(W_{if} x + b_{is})"),
        "f = σ ( W _ { if } x + b _ { is } )"
    );
    assert_eq!(
        fenced("y = where(a > b, x, z)"),
        "y = where ( a > b , x , z )"
    );
    assert_eq!(
        fenced("y = max(0, gate value)"),
        "y = max ( 0 , gate value )"
    );
    assert_eq!(
        fenced("y = \\underbrace{W x}_{\\text{the input}} + \\underbrace{U h}_{past}"),
        "y = { W x } + { U h }"
    );
}

#[test]
fn two_rows_that_define_one_symbol_stay_two() {
    assert_eq!(
        fenced("h = x # default\nh = 2 x # otherwise"),
        "h = x\nh = 2 x"
    );
}

#[test]
fn words_that_are_symbols_are_no_prose() {
    assert_eq!(
        fenced("gate = σ(x_t)\ncell = tanh(x_t)\nh_t = gate cell out"),
        "gate = σ ( x _ t )\ncell = tanh ( x _ t )\nh _ t = gate cell out"
    );
    assert_eq!(fenced("h = ab cd ef"), "h = ab cd ef");
}
