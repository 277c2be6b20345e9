//! Declarations in both forms.

use super::*;

#[test]
fn shapes() {
    assert_eq!(tree("x_t: [I];"), "(declare x_{t} [\"1I\"])");
    assert_eq!(
        tree("h_t: [H]; C_t: [H];"),
        "(declare h_{t} [\"1H\"])\n(declare C_{t} [\"1H\"])"
    );
    assert_eq!(
        tree("W: [2H + 1, 4 * H]; V: [d_x, H * 2];"),
        "(declare W [\"2H+1\", \"4H\"])\n(declare V [\"1d_x\", \"2H\"])"
    );
    assert_eq!(
        tree("W: [H/4, (H + 2)/3];"),
        "(declare W [\"(1H)/4\", \"(1H+2)/3\"])"
    );
    assert_eq!(
        tree("x_t: R^I; α: R;"),
        "(declare x_{t} [\"1I\"])\n(declare α scalar)"
    );
}

#[test]
fn shapes_of_text() {
    assert_eq!(text_tree("x _ t ∈ ℝ ^ I"), "(declare x_{t} [\"1I\"])");
    assert_eq!(
        text_tree("W ∈ ℝ ^ { I × H }"),
        "(declare W [\"1I\", \"1H\"])"
    );
    assert_eq!(
        text_tree("W ∈ ℝ ^ { 4 H × 3 }"),
        "(declare W [\"4H\", \"3\"])"
    );
    assert_eq!(text_tree("α ∈ ℝ ~ 1"), "(declare α scalar ~constant[1.0])");
}

#[test]
fn initial_values() {
    assert_eq!(
        tree("α: scalar ~ 0.1;"),
        "(declare α scalar ~constant[0.1])"
    );
    assert_eq!(tree("b^(f) ~ 1;"), "(declare b^(f) ~constant[1.0])");
    assert_eq!(tree("W_h ~ orthogonal;"), "(declare W_{h} ~orthogonal[])");
    assert_eq!(
        tree("u: [H] ~ uniform(0, 1);"),
        "(declare u [\"1H\"] ~uniform[0.0, 1.0])"
    );
    assert_eq!(
        tree("u ~ normal(-1/4, 2 * 0.5);"),
        "(declare u ~normal[-0.25, 1.0])"
    );
    assert_eq!(tree("W ~ glorot_uniform;"), "(declare W ~glorot_uniform[])");
    assert_eq!(tree("h_0 ~ zeros;"), "(declare h_{0} ~zeros[])");
    assert_eq!(tree("h_0 ~ trainable;"), "(declare h_{0} ~trainable[])");
}

#[test]
fn hyper_parameters() {
    assert_eq!(tree("ε: hyper = 0.5;"), "(declare ε hyper =0.5)");
    assert_eq!(codes("ε: hyper;"), ["hyper_without_value"]);
    assert_eq!(codes("W: [H] = 1;"), ["value_of_parameter"]);
}

#[test]
fn mistakes() {
    assert_eq!(codes("x_t: H;"), ["declared_without_brackets"]);
    assert_eq!(codes("W: I x H;"), ["declared_without_brackets"]);
    assert_eq!(codes("H: 64;"), ["declared_number"]);
    assert_eq!(codes("x_t: ;"), ["missing_value"]);
    assert_eq!(codes("x_t: [];"), ["declared_dimensions"]);
    assert_eq!(codes("x_t: [A, B, C];"), ["declared_dimensions"]);
    for size in [
        "0", "H - 1", "2.5", "H I", "H + ", "a^{b+c}", "H / 0", "H + I/2",
    ] {
        let code = codes(&format!("W: [{size}];"));
        assert!(
            code == ["declared_size"] || code == ["missing_value"],
            "{size}: {code:?}"
        );
    }
    assert_eq!(codes("W ~ xavier;"), ["initialiser"]);
    assert_eq!(codes("W ~ ;"), ["missing_value"]);
    assert_eq!(codes("W ~ uniform(a, 1);"), ["initialiser_argument"]);
    assert_eq!(codes("W ~ 1 / 0;"), ["initialiser_argument"]);
    assert_eq!(codes("W ~ 0.1 0.2;"), ["unexpected"]);
}
