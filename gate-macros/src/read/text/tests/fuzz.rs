//! Random text: nothing panics, everything ends soon, and nothing but prose gets lost silently.

use super::*;
/// A linear congruential generator, so that failures repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

const PIECES: &str = r"W|x|_t|_{t-1}|(t)|[t+1]|^T|^|_|{|}|(|)|[|]|\mathbf{|\tilde|\tilde{h}|\frac|\sqrt|\sqrt[3]|\left|\right.|\{|\left\{|\begin{aligned}|\end{aligned}|\begin{cases}|\end{cases}|\begin{bmatrix}|\end{bmatrix}|\begin{array}{ll}|\end{array}|\begin{|&|&=|\\|\\[6pt]| |  |=|∈|ℝ^{I}|\sim|~|+|-|*|⊙|(.)|..|σ|\Delta|Δ|t|\overline{|\text{|\text{if }|\mathrm{in}|\rm|'|\prime|ᵀ|ₜ₋₁|where|the sigmoid function|if|#|%|:|;|,|.|$|$$|`|```|\foo|\|§|1|0.5|1e|\||\underbrace{|\overset{|\tag{1}|\quad|Ht-1|zt|Wx|zh|max|\intertext{|h̃|𝐡|中文|\(|\]|hard_sigmoid|scalar";

const BLOCKS: [&str; 4] = [
    "\\begin{aligned}\nf_t &= \\sigma(W_f [x_t, h_{t-1}] + b_f), \\\\\nh_t &= f_t \\odot \\tanh(c_t)\n\\end{aligned}",
    "Equations:\n* zt = f(Xt*(Wz^T) + Ht-1*(Rz^T))\n* Ht = (1 - zt) (.) Ht-1 # remark",
    "h̃_t = tanh(x_t ∗ W_x + (r ⊙ h_{t−1}) ∗ W_h)\nx_t ∈ ℝ^I\nwhere ⊙ is the product of elements",
    "text $a = \\frac{1}{2}$ and\n$$\\mathbf{h}(t) = \\begin{cases} x & \\text{if } x > 0 \\\\ 0 \\end{cases}$$\n```math\ny = \\underbrace{Wx}_{in}\n```",
];

/// A text of random pieces, or a block with random changes.
fn text(random: &mut Random, pieces: &[&str]) -> String {
    let piece = |random: &mut Random| match random.below(12) {
        0 => "\n".to_owned(),
        _ => pieces[random.below(pieces.len())].to_owned(),
    };
    if random.below(2) == 0 {
        let count = 1 + random.below(30);
        return (0..count).map(|_| piece(random)).collect();
    }
    let mut chars: Vec<char> = BLOCKS[random.below(BLOCKS.len())].chars().collect();
    for _ in 0..1 + random.below(4) {
        let at = random.below(chars.len());
        match random.below(3) {
            0 => drop(chars.remove(at)),
            1 => drop(chars.splice(at..at, piece(random).chars())),
            _ => chars.swap(at, 0),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn any_text_is_read_or_reported() {
    let pieces: Vec<&str> = PIECES
        .split('|')
        .filter(|piece| !piece.is_empty())
        .collect();
    let mut random = Random(7);
    let (mut sound, mut mistaken) = (0, 0);
    for _ in 0..8_000 {
        let text = text(&mut random, &pieces);
        let section = (random.below(20) == 0).then_some("GRU");
        let (tokens, diagnostics) = read(&text, section);
        diagnostics.render();
        assert!(!tokens.is_empty() || diagnostics.any(), "{text:?}");
        assert!(
            tokens.last().is_none_or(|last| last.kind == Kind::Semi),
            "{text:?}"
        );
        sound += usize::from(!diagnostics.any());
        mistaken += usize::from(diagnostics.any());
    }
    assert!(sound > 500 && mistaken > 3_000, "{sound} {mistaken}");
}

/// What took time by the square of the length would not end while anyone looks on.
#[test]
fn long_text_ends() {
    for unit in [
        "{",
        "}",
        ",",
        "^{",
        "\\mathbf{",
        "(",
        "$a ",
        "`",
        "\\begin{cases}",
        "x_t, ",
        "\\text{",
        "\\\\",
        ", where ",
        "Δ",
        "\\frac",
    ] {
        let text = format!("```math\nx = {}\n```", unit.repeat(20_000));
        read(&text, None);
    }
}
