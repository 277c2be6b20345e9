//! Whole cells, left sides, functions, loops, places.

use super::*;

#[test]
fn lstm() {
    let source = "
        f   = σ(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = σ(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = σ(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);";
    let gate = |left: &str, function: &str| {
        format!(
            "(= {left} ({function}! (+ (+ (* x_{{t}} W_{{x}}^({left})) \
             (* h_{{t-1}} W_{{h}}^({left}))) b^({left}))))"
        )
    };
    let expected = [
        gate("f", "σ"),
        gate("i", "σ"),
        gate("g", "tanh"),
        gate("o", "σ"),
        "(= C_{t} (+ (⊙ f C_{t-1}) (⊙ i g)))".to_string(),
        "(= h_{t} (⊙ o (tanh! C_{t})))".to_string(),
    ];
    assert_eq!(tree(source), expected.join("\n"));
}

#[test]
fn gru() {
    let source = "
        r   = sigmoid(x_t W_x^{(r)} + h_{t-1} W_h^{(r)} + b^{(r)});
        h̃_t = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
        h_t = (1 - z) .* h_{t-1} + z .* h̃_t;";
    let expected = "\
        (= r (sigmoid! (+ (+ (side x_{t} W_{x}^(r)) (side h_{t-1} W_{h}^(r))) b^(r))))\n\
        (= h̃_{t} (tanh! (+ (+ (* x_{t} W_{x}) (* (⊙ r h_{t-1}) W_{h})) b)))\n\
        (= h_{t} (+ (⊙ (- 1 z) h_{t-1}) (⊙ z h̃_{t})))";
    assert_eq!(tree(source), expected);
}

#[test]
fn left_sides() {
    assert_eq!(tree("U[t+1] = a;"), "(= U[t+1] a)");
    assert_eq!(tree("h(t) = a;"), "(= h[t] a)");
    assert_eq!(tree("h_{n+1} = a;"), "(= h_{n+1} a)");
    assert_eq!(tree("h_t^(2) = a;"), "(= h_{t}^(2) a)");
    assert_eq!(text_tree("h ' = h"), "(= h' h)");
    assert_eq!(text_tree("{ h } _ t = a"), "(= h_{t} a)");
    assert_eq!(text_tree("h ^ { ' } = a"), "(= h' a)");
}

#[test]
fn semicolons_may_be_many_and_the_last_may_be_missing() {
    assert_eq!(tree(";; a = b;; c = d"), "(= a b)\n(= c d)");
    assert_eq!(tree(""), "");
}

#[test]
fn functions() {
    assert_eq!(
        tree("φ(u) = u .* σ(1.702 * u);"),
        "(fn φ (u) (⊙ u (σ! (* 1.702 u))))"
    );
    assert_eq!(tree("my_act(u, v) = u + v;"), "(fn my_{act} (u v) (+ u v))");
    // A function of the user's own is applied to `n`; any other name has a time index there.
    assert_eq!(tree("y = φ(n); φ(u) = u;"), "(= y (φ! n))\n(fn φ (u) u)");
    assert_eq!(tree("y = x(n);"), "(= y x[n])");
    assert_eq!(tree("y = tanh(n);"), "(= y (tanh! n))");
    assert_eq!(codes("φ(2 * u) = u;"), ["function_parameters"]);
    assert_eq!(codes("φ(u_x) = u;"), ["function_parameters"]);
    assert_eq!(codes("φ(u, t) = u;"), ["function_parameters"]);
}

#[test]
fn loops() {
    assert_eq!(
        tree("for k in 1..=3 { h^(k) = a; g = b } y = c;"),
        "(for k 1 3 (= h^(k) a) (= g b))\n(= y c)"
    );
    assert_eq!(tree("for k in -1..1 { a = b; }"), "(for k -1 0 (= a b))");
    assert_eq!(
        tree("for k in 0..2 { for j in 0..2 { a = b; } }"),
        "(for k 0 1 (for j 0 1 (= a b)))"
    );
    assert_eq!(codes("for k in 3..3 { a = b; }"), ["loop_range"]);
    assert_eq!(codes("for k in 0..100000 { a = b; }"), ["loop_range"]);
    for head in [
        "for k in K..3",
        "for k in 1, 3",
        "for k in 1..2.5",
        "for k in (1)..3",
    ] {
        assert_eq!(
            codes(&format!("{head} {{ a = b; }}")),
            ["loop_head"],
            "{head}"
        );
    }
    assert_eq!(codes("for k in 1..3;"), ["loop_head"]);
    assert_eq!(codes("for k in 1..3 { a + b; }"), ["not_a_statement"]);
}

#[test]
fn places_span_text_and_keep_the_first_token_of_rust() {
    let (items, _) = parse_text("y = ( a + b ) * c");
    let Item::Equation(equation) = &items[0] else {
        panic!("an equation")
    };
    assert_eq!((equation.place.column, equation.place.width), (0, 17));
    assert_eq!(
        (equation.right.place.column, equation.right.place.width),
        (4, 13)
    );
    let (items, _) = parse("y = a + b;");
    let Item::Equation(equation) = &items[0] else {
        panic!("an equation")
    };
    assert_eq!(
        (equation.right.place.line, equation.right.place.width),
        (0, 0)
    );
}
