//! Precedence, names with marks, functions, brackets.

use super::*;

#[test]
fn precedence() {
    assert_eq!(right("a + b * c"), "(+ a (* b c))");
    assert_eq!(right("a - b - c"), "(- (- a b) c)");
    assert_eq!(right("f .* W * x"), "(⊙ f (* W x))");
    assert_eq!(right("a + f .* g odot h"), "(+ a (⊙ (⊙ f g) h))");
    assert_eq!(right("u otimes v + w"), "(+ (⊗ u v) w)");
    assert_eq!(right("a * b * c"), "(* a b c)");
    assert_eq!(right("a b * c d e"), "(* (side a b) (side c d e))");
    assert_eq!(right("a * (b * c)"), "(* a (* b c))");
    assert_eq!(right("(a b) c"), "(side (side a b) c)");
    assert_eq!(right("a * b / c * d"), "(* (/ (* a b) c) d)");
    assert_eq!(right("a / b / c"), "(/ (/ a b) c)");
    assert_eq!(right("a b / c"), "(/ (side a b) c)");
}

#[test]
fn minus_takes_the_whole_term() {
    assert_eq!(right("-a * b"), "(neg (* a b))");
    assert_eq!(right("-a .* b + c"), "(+ (neg (⊙ a b)) c)");
    assert_eq!(right("a - -b"), "(- a (neg b))");
    assert_eq!(right("--a"), "a");
    assert_eq!(right("+a"), "a");
    assert_eq!(right("a * -b * c"), "(* a (neg b) c)");
    assert_eq!(right("a / -b"), "(/ a (neg b))");
    assert_eq!(right("a .* -b c"), "(⊙ a (neg (side b c)))");
}

#[test]
fn division_by_factors_without_a_sign_is_refused() {
    assert_eq!(codes("y = a / b c;"), ["division_then_product"]);
    assert_eq!(codes("y = a / 2 c;"), ["division_then_product"]);
    assert_eq!(codes("y = a / -b c;"), ["division_then_product"]);
    assert_eq!(codes("y = a / (b + d) c;"), ["division_then_product"]);
    assert_eq!(right("a / (b c)"), "(/ a (side b c))");
    assert_eq!(right("a / (b * c)"), "(/ a (* b c))");
    assert_eq!(right("a / b * c"), "(* (/ a b) c)");
}

#[test]
fn marks() {
    assert_eq!(right("W_x^(f)"), "W_{x}^(f)");
    assert_eq!(right("W_x^{(f)}"), "W_{x}^(f)");
    assert_eq!(right("W_{x}^{f}"), "W_{x}^{f}");
    assert_eq!(right("W_x^f"), "W_{x}^{f}");
    assert_eq!(right("b_{hh}^{f}"), "b_{hh}^{f}");
    assert_eq!(right("b_hh_f"), "b_{hh}_{f}");
    assert_eq!(right("h_{(t-1)}"), "h_(t-1)");
    assert_eq!(right("h_(t-1)"), "h_(t-1)");
    assert_eq!(right("c_t^2"), "c_{t}^{2}");
    assert_eq!(right("W^T x"), "(side W^{T} x)");
    assert_eq!(right("h^{-} + a"), "(+ h^{-} a)");
    assert_eq!(right("h^- + a"), "(+ h^{-} a)");
    assert_eq!(right("W^[1]"), "W^(1)");
    assert_eq!(text_tree("y = W ^ ⊤ x"), "(= y (side W^{⊤} x))");
    assert_eq!(codes("y = x^-1;"), ["signed_mark"]);
    assert_eq!(codes("y = x_;"), ["dangling_mark"]);
    assert_eq!(codes("y = x^ / a;"), ["dangling_mark"]);
    assert_eq!(codes("y = x_{};"), ["empty_brackets"]);
}

#[test]
fn time_indices() {
    assert_eq!(right("h(t-1) + x(t)"), "(+ h[t-1] x[t])");
    assert_eq!(right("h[t-1]^2"), "h[t-1]^{2}");
    assert_eq!(right("h[1+t]"), "h[1+t]");
    assert_eq!(right("x[n] U[n-3]"), "(side x[n] U[n-3])");
    assert_eq!(right("h(t-s)"), "h[t-s]");
    assert_eq!(right("h(k-1)"), "(h! (- k 1))");
    assert_eq!(right("W [t, s]"), "(side W (concat t s))");
}

#[test]
fn exponents_are_read_as_expressions_too() {
    let (items, _) = parse("y = e^{-x/2} + W^{+};");
    let Item::Equation(equation) = &items[0] else {
        panic!("an equation")
    };
    let super::super::ExprKind::Binary(_, left, right) = &equation.right.kind else {
        panic!("a sum")
    };
    let exponent = |e: &super::super::Expr| match &e.kind {
        super::super::ExprKind::Name(name) => name.marks[0].expr.clone(),
        _ => panic!("a name"),
    };
    let power = exponent(left).map(|e| super::super::dump::expr(&e));
    assert_eq!(power.as_deref(), Some("(neg (/ x 2))"));
    assert!(exponent(right).is_none());
}

#[test]
fn powers_and_transposition_of_brackets() {
    assert_eq!(right("(a + b)^2"), "(pow (+ a b) 2)");
    assert_eq!(right("2^n"), "(pow 2 n)");
    assert_eq!(right("tanh(x)^{k+1}"), "(pow (tanh! x) (+ k 1))");
    assert_eq!(right("(W - V)^T x"), "(side (transpose (- W V)) x)");
    assert_eq!(right("(W V)^(T)"), "(transpose (side W V))");
    assert_eq!(
        text_tree("y = ( W V ) ^ { ⊤ }"),
        "(= y (transpose (side W V)))"
    );
    assert_eq!(codes("y = (a)^{+};"), ["missing_value"]);
}

#[test]
fn functions_without_brackets_take_the_next_factor() {
    assert_eq!(right("o .* tanh C_t"), "(⊙ o (tanh! C_{t}))");
    assert_eq!(right("σ(α) h̃"), "(side (σ! α) h̃)");
    assert_eq!(right("sin α cos β"), "(side (sin! α) (cos! β))");
    for unclear in ["tanh W x", "tanh x * W", "σ x / y"] {
        assert_eq!(
            codes(&format!("y = {unclear};")),
            ["function_without_brackets"]
        );
    }
    assert_eq!(right("sqrt 2 x"), "(side (sqrt! 2) x)");
    assert_eq!(right("log exp x"), "(log! (exp! x))");
    assert_eq!(right("sigma"), "sigma");
    assert_eq!(text_tree("y = sqrt { x + 1 }"), "(= y (sqrt! (+ x 1)))");
    assert_eq!(text_tree("y = max { a , b }"), "(= y (max! a b))");
}

#[test]
fn any_name_before_round_brackets_is_applied() {
    assert_eq!(right("W_x (a + b)"), "(W_{x}! (+ a b))");
    assert_eq!(right("zoneout(p, a, b) c"), "(side (zoneout! p a b) c)");
    assert_eq!(right("where(a > b, u, v)"), "(where! (Greater a b) u v)");
    assert_eq!(
        right("where(a + 1 <= b, u, v)"),
        "(where! (LessEq (+ a 1) b) u v)"
    );
    assert_eq!(right("σ_g(x)"), "(σ_{g}! x)");
    assert_eq!(codes("y = h();"), ["empty_brackets"]);
    for condition in ["a < b > c", "a < b < c < d"] {
        let source = format!("y = where({condition}, u, v);");
        assert_eq!(codes(&source), ["chained_comparison"]);
    }
}

#[test]
fn square_brackets() {
    assert_eq!(
        right("W_i [x_t, h_{t-1}]"),
        "(side W_{i} (concat x_{t} h_{t-1}))"
    );
    assert_eq!(right("W * [a; b; c] + d"), "(+ (* W (concat a b c)) d)");
    assert_eq!(right("[a + b] c"), "(side (+ a b) c)");
    assert_eq!(right("tanh [a, b]"), "(tanh! (concat a b))");
    assert_eq!(codes("y = [a, b; c];"), ["mixed_separators"]);
    assert_eq!(codes("y = [];"), ["empty_brackets"]);
    assert_eq!(codes("y = 2 * (a, b);"), ["several_values"]);
}

#[test]
fn absolute_values() {
    assert_eq!(right("|x| + a |b|"), "(+ (abs x) (side a (abs b)))");
    assert_eq!(
        right("|a * |b| - c|^2"),
        "(pow (abs (- (* a (abs b)) c)) 2)"
    );
    assert_eq!(right("|(a |b|) c|"), "(abs (side (side a (abs b)) c))");
    assert_eq!(codes("y = |a;"), ["unclosed_bracket"]);
    assert_eq!(codes("y = |a -> b|;"), ["unexpected"]);
}

#[test]
fn fractions_and_cases_of_text() {
    assert_eq!(
        text_tree("y = a frac { u } { v w } ^ 2"),
        "(= y (side a (pow (/ u (side v w)) 2)))"
    );
    assert_eq!(
        text_tree("y = cases x , & if x > 0 row 0 & otherwise endcases"),
        "(= y (cases (x (Greater x 0)) (0 else)))"
    );
    assert_eq!(
        text_tree("y = cases x & x >= 1 row 1 & x < 1 row endcases + b"),
        "(= y (+ (cases (x (GreaterEq x 1)) (1 (Less x 1))) b))"
    );
    assert_eq!(
        text_codes("y = cases x & z row 1 endcases"),
        ["cases_condition"]
    );
    assert_eq!(
        text_codes("y = cases x row 1 & x > 1 endcases"),
        ["cases_condition"]
    );
    assert_eq!(text_codes("y = frac { a } b"), ["fraction"]);
}
