//! Single pieces of notation.

use super::*;

/// The right side of `y = …`.
#[track_caller]
fn right(source: &str) -> String {
    let shown = fenced(&format!("y = {source}"));
    shown.strip_prefix("y = ").unwrap_or(&shown).to_owned()
}

#[test]
fn names_and_marks() {
    assert_eq!(right("W_{ih} x_t"), "W _ { ih } x _ t");
    assert_eq!(
        right("b_{hh}^{f} + W^{(1)}"),
        "b _ { hh } ^ { f } + W ^ { ( 1 ) }"
    );
    assert_eq!(right("h_{t-1} + h_{t−1}"), "h _ { t - 1 } + h _ { t - 1 }");
    assert_eq!(right("h(t-1) U[t+1]"), "h ( t - 1 ) U [ t + 1 ]");
    assert_eq!(right("W_h^\\top x"), "W _ h ^ ⊤ x");
    assert_eq!(
        right("W^{\\mathsf T} + V^{\\intercal}"),
        "W ^ { T } + V ^ { ⊤ }"
    );
    assert_eq!(
        right("h' + c'' + z^\\prime + u^{\\prime}"),
        "h ' + c '' + z ' + u ^ { ' }"
    );
    assert_eq!(right("x^2 + e^{-x/2}"), "x ^ 2 + e ^ { - x / 2 }");
    assert_eq!(right("h\\_t"), "h _ t");
}

#[test]
fn small_glyphs() {
    assert_eq!(right("hₜ₋₁ + x²"), "h _ { t - 1 } + x ^ { 2 }");
    assert_eq!(right("Wᵀ x + V⁽¹⁾ₜ"), "W ^ { T } x + V ^ { ( 1 ) } _ { t }");
    assert_eq!(right("bᶠ + cᵢ"), "b ^ { f } + c _ { i }");
}

#[test]
fn fonts_leave_nothing() {
    assert_eq!(
        right("\\mathbf{W}_{ih}\\,\\mathbf{x}(t)"),
        "W _ { ih } x ( t )"
    );
    assert_eq!(right("\\mathbf W \\boldsymbol{h}_t"), "W h _ t");
    assert_eq!(
        right("{\\bf W} x + I_{\\rm in}[t]"),
        "{ W } x + I _ { in } [ t ]"
    );
    assert_eq!(
        right("c_{\\text{new}} + c_\\mathrm{old}"),
        "c _ { new } + c _ old"
    );
    assert_eq!(right("\\mathbf{h_t} + \\mathcal{U}"), "h _ t + U");
    assert_eq!(
        right("\\mathrm{ReLU}(x) + \\text{tanh}(x)"),
        "ReLU ( x ) + tanh ( x )"
    );
    assert_eq!(right("\\operatorname{softplus} x"), "softplus x");
    assert_eq!(right("\\mathrm{hard\\_sigmoid}(x)"), "hard_sigmoid ( x )");
    assert_eq!(
        right("\\mathit{net}_t + \\mathrm{d\\_x}"),
        "net _ t + d _ x"
    );
    assert_eq!(right("\\mathbf{1} - z"), "1 - z");
    assert_eq!(right("𝐖 𝒙 + 𝜎"), "W x + σ");
}

#[test]
fn accents_join_their_letter() {
    let tilde = "h\u{303} _ t";
    for source in [
        "\\tilde{h}_t",
        "\\tilde h_t",
        "\\widetilde{\\mathbf{h}}_t",
        "\\tilde\\mathbf{h}_t",
        "h̃_t",
        "\\tilde{h_t}",
    ] {
        assert_eq!(right(source), tilde, "{source}");
    }
    assert_eq!(right("\\hat{y} + \\hat y + ŷ + y\u{302}"), "ŷ + ŷ + ŷ + ŷ");
    assert_eq!(
        right("\\bar{n} + \\overline{n} + n̅"),
        "n\u{304} + n\u{304} + n\u{304}"
    );
    assert_eq!(
        right("\\vec x + \\dot{v} + \\ddot{v}"),
        "x\u{20d7} + v\u{307} + v\u{308}"
    );
    assert_eq!(right("\\hat{\\sigma}(x)"), "σ\u{302} ( x )");
    assert_eq!(right("\\tilde{h_{t-1}}"), "h\u{303} _ { t - 1 }");
}

#[test]
fn delta_binds_to_what_follows() {
    assert_eq!(
        right("\\Delta t + Δt + \\Delta{t} + \\boldsymbol{\\Delta t}"),
        "Δt + Δt + Δt + Δt"
    );
    assert_eq!(right("\\Delta t_t h + ∆t"), "Δt _ t h + Δt");
    assert_eq!(right("\\overline{\\Delta t}_t"), "Δ\u{304}t\u{304} _ t");
    assert_eq!(
        right("\\Delta \\mathbf{h}_t + \\Delta \\tilde h"),
        "Δh _ t + Δh\u{303}"
    );
    assert_eq!(right("\\Delta tW x"), "Δt W x");
    assert_eq!(
        right("\\Delta + \\Delta_t + \\Delta(t)"),
        "Δ + Δ _ t + Δ ( t )"
    );
    assert_eq!(right("\\delta t + \\delta h"), "δt + δ h");
}

#[test]
fn greek_letters() {
    assert_eq!(right("\\alpha x + α x + αx"), "α x + α x + α x");
    assert_eq!(right("\\sigma_h(x) + σ(x)"), "σ _ h ( x ) + σ ( x )");
    assert_eq!(right("\\phi(x)"), "φ ( x )");
    assert_eq!(right("\\varphi(x) + ϕ"), "φ ( x ) + ϕ");
    assert_eq!(right("\\epsilon + \\lambda"), "ε + λ");
    assert_eq!(
        right("\\log\\sigma(x) + logσ(x)"),
        "logσ ( x ) + logσ ( x )"
    );
    assert_eq!(right("\\log \\sigma(x)"), "log σ ( x )");
}

#[test]
fn operators() {
    assert_eq!(
        right("a \\odot b ⊙ c \\circ d ∘ e (.) f .* g odot h"),
        "a ⊙ b ⊙ c ⊙ d ⊙ e ⊙ f ⊙ g ⊙ h"
    );
    assert_eq!(
        right("a \\cdot b * c ∗ d · e \\times f"),
        "a * b * c * d * e * f"
    );
    assert_eq!(right("a \\otimes b / c − d"), "a ⊗ b / c - d");
    assert_eq!(right("a {\\circ} b {}+{} c"), "a ⊙ b + c");
    assert_eq!(
        right("\\mathbf{f}(t)\\!\\circ\\!\\mathbf{c}(t)"),
        "f ( t ) ⊙ c ( t )"
    );
    assert_eq!(right("where(a \\ge b, c, d)"), "where ( a >= b , c , d )");
    assert_eq!(fenced("h := x"), "h = x");
    assert_eq!(fenced("h \\stackrel{\\text{def}}{=} x"), "h = x");
    assert_eq!(fenced("h ← x"), "h = x");
}

#[test]
fn brackets_of_every_size() {
    assert_eq!(
        right("\\sigma\\bigl(\\left[ x \\right]\\Bigr)"),
        "σ ( [ x ] )"
    );
    assert_eq!(
        right("\\left. x \\right| + \\{a + b\\} c"),
        "x | + ( a + b ) c"
    );
    assert_eq!(
        right("|x| + \\lvert u \\rvert + \\left|v\\right|"),
        "| x | + | u | + | v |"
    );
    assert_eq!(
        right("\\|x\\| + \\lVert u \\rVert"),
        "norm ( x ) + norm ( u )"
    );
}

#[test]
fn fractions_and_roots() {
    assert_eq!(right("\\frac{a}{b + c}"), "frac { a } { b + c }");
    assert_eq!(
        right("\\frac12 x + \\tfrac1{\\tau}"),
        "frac { 1 } { 2 } x + frac { 1 } { τ }"
    );
    assert_eq!(
        right("\\frac{\\frac a b}{c}"),
        "frac { frac { a } { b } } { c }"
    );
    assert_eq!(
        right("\\sqrt{x + 1} + \\sqrt x + √x"),
        "sqrt ( x + 1 ) + sqrt ( x ) + sqrt x"
    );
}

#[test]
fn vectors_one_above_the_other() {
    let stacked = "W [ h _ { t - 1 } , x _ t ] + b";
    assert_eq!(
        right("W \\begin{bmatrix} h_{t-1} \\\\ x_t \\end{bmatrix} + b"),
        stacked
    );
    assert_eq!(
        right("W \\left[\\begin{array}{c} h_{t-1} \\\\ x_t \\\\ \\end{array}\\right] + b"),
        stacked
    );
    assert_eq!(right("[h; x]"), "[ h ; x ]");
}

#[test]
fn cases_select() {
    let plain = "y = cases x & if x > 0 row a x , & otherwise end";
    assert_eq!(
        fenced(
            "y = \\begin{cases} x & \\text{if } x > 0 \\\\ a x, & \\text{otherwise.} \\end{cases}"
        ),
        plain
    );
    assert_eq!(
        fenced(
            "y = \\left\\{ \\begin{array}{ll} x & \\text{if } x > 0 \\\\ a x, & \\text{otherwise} \\end{array} \\right."
        ),
        plain
    );
    // Around a whole system the brace says nothing.
    let system = "f = x\nh = f";
    assert_eq!(
        fenced("\\begin{cases} f = x \\\\ h = f \\end{cases}"),
        system
    );
    assert_eq!(
        fenced("\\left\\{ \\begin{aligned} f &= x \\\\ h &= f \\end{aligned} \\right."),
        system
    );
}

#[test]
fn letters_side_by_side() {
    // A capital and another letter.
    assert_eq!(
        fenced("h_t = \\tanh(Wx_t + Uh_{t-1})"),
        "h _ t = tanh ( W x _ t + U h _ { t - 1 } )"
    );
    assert_eq!(
        fenced("h_t = σ(Wx_t + Uh_{t-1})"),
        "h _ t = σ ( W x _ t + U h _ { t - 1 } )"
    );
    assert_eq!(right("βU[t] - RU_{\\rm thr}"), "β U [ t ] - R U _ { thr }");
    // Both known on their own.
    assert_eq!(
        fenced("z = \\sigma(x) \\\\ h_t = zh_{t-1}"),
        "z = σ ( x )\nh _ t = z h _ { t - 1 }"
    );
    // Words: defined, known, upright, long.
    assert_eq!(
        fenced("net = \\sigma(x) \\\\ h = net"),
        "net = σ ( x )\nh = net"
    );
    assert_eq!(
        fenced("zh = \\sigma(x) \\\\ h = zh"),
        "zh = σ ( x )\nh = zh"
    );
    assert_eq!(
        right("tanh(gate \\odot max(a, b))"),
        "tanh ( gate ⊙ max ( a , b ) )"
    );
    assert_eq!(right("\\text{zh} + W1 + dt"), "zh + W1 + dt");
    assert_eq!(right("FC(x_t) + Wx(t)"), "FC ( x _ t ) + W x ( t )");
    // Text that writes its products with a sign has words only.
    assert_eq!(fenced("y_t = x_t * Wz"), "y _ t = x _ t * Wz");
    // A mark of LaTeX is one letter.
    assert_eq!(
        right("\\tanh(W_hh_{t-1} + W_xx_t)"),
        "tanh ( W _ h h _ { t - 1 } + W _ x x _ t )"
    );
    assert_eq!(fenced("y = W_xf + V_x_f"), "y = W _ xf + V _ x _ f");
}

#[test]
fn declarations() {
    assert_eq!(fenced("x_t ∈ ℝ^I"), "x _ t ∈ ℝ ^ I");
    assert_eq!(
        fenced("W \\in \\mathbb{R}^{I \\times H}"),
        "W ∈ ℝ ^ { I * H }"
    );
    assert_eq!(fenced("b^{(f)} \\sim 1"), "b ^ { ( f ) } ~ 1");
    assert_eq!(
        fenced("h_t, c_t \\in \\mathbb{R}^H"),
        "h _ t ∈ ℝ ^ H\nc _ t ∈ ℝ ^ H"
    );
    assert_eq!(
        fenced("α ∈ ℝ ~ 0.1\nW ~ orthogonal"),
        "α ∈ ℝ ~ 0.1\nW ~ orthogonal"
    );
    assert_eq!(fenced("b ∼ uniform(-1, 1)"), "b ~ uniform ( - 1 , 1 )");
    assert_eq!(
        fenced("ε: hyper = 0.5\nx_t: [I]"),
        "ε : hyper = 0.5\nx _ t : [ I ]"
    );
    assert_eq!(
        fenced("x_t ∈ ℝ^I, h_t ∈ ℝ^H"),
        "x _ t ∈ ℝ ^ I\nh _ t ∈ ℝ ^ H"
    );
    // A space of LaTeX is none.
    assert_eq!(fenced("h~=~\\tanh(x)~+~b"), "h = tanh ( x ) + b");
}

#[test]
fn numbers() {
    assert_eq!(right("0.5 x + 1e-3 + .5 + 2x"), "0.5 x + 1e-3 + .5 + 2 x");
    assert_eq!(right("1 - e^{2}"), "1 - e ^ { 2 }");
    assert_eq!(right("2e^{x} + 1.*z"), "2 e ^ { x } + 1 ⊙ z");
}

#[test]
fn glued_indices() {
    assert_eq!(
        fenced("zt = f(Xt*(Wz^T) + Ht-1*(Rz^T) + Wbz)\nHt = (1 - zt) (.) Ht-1"),
        "z _ { t } = f ( X _ { t } * ( Wz ^ T ) + H _ { t - 1 } * ( Rz ^ T ) + Wbz )\n\
         H _ { t } = ( 1 - z _ { t } ) ⊙ H _ { t - 1 }"
    );
    // Not where an index of another sort occurs.
    assert_eq!(fenced("ft = x_t + ct-1"), "ft = x _ t + ct - 1");
    // A longer word that ends in `t` is no name with an index.
    assert!(fenced("Ht = tanh(Ht-1) * output").ends_with("* output"));
}
