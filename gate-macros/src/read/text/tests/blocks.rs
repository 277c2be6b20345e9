//! Whole blocks, in the ways that packages print them.

use super::*;

#[test]
fn the_same_cell_in_many_hands() {
    let latex = "\\begin{array}{ll}\nz = \\sigma(W_{iz} x + b_{iz} + W_{hz} h) \\\\\nh' = (1 - z) \\odot h + z \\odot x\n\\end{array}";
    let bold = "\\begin{aligned}\n\\mathbf{z} &= \\sigma\\bigl(\n    \\mathbf{W}_{iz}\\,\\mathbf{x}\n    + \\mathbf{b}_{iz}\n    + \\mathbf{W}_{hz}\\mathbf{h}\n\\bigr), \\\\[4pt]\n\\mathbf{h}' &= \\left(1 - \\mathbf{z}\\right)\\!\\circ\\!\\mathbf{h}\n    \\;+\\; \\mathbf{z}\\circ\\mathbf{x},\n\\end{aligned}";
    let unicode = "z = σ(W_{iz} x + b_{iz} + W_{hz} h)\nh′ = (1 − z) ⊙ h + z ∘ x";
    let first = fenced(latex);
    assert_eq!(
        first,
        "z = σ ( W _ { iz } x + b _ { iz } + W _ { hz } h )\nh ' = ( 1 - z ) ⊙ h + z ⊙ x"
    );
    assert_eq!(fenced(bold), first);
    assert_eq!(fenced(unicode), first);
    assert_eq!(shown(latex), first);
}

#[test]
fn peephole_with_time_in_brackets() {
    let block = "\\mathbf{i}(t) &= \\sigma\\Bigl(\n    \\mathbf{W}_{ih}^{i}\\,\\mathbf{x}(t)\n    + \\mathbf{p}^{i}\\circ\\mathbf{c}(t-1)\n\\Bigr), \\\\[6pt]\n\\mathbf{c}(t) &= \\mathbf{i}(t)\\,\\circ\\,\\mathbf{c}(t-1)";
    assert_eq!(
        shown(block),
        "i ( t ) = σ ( W _ { ih } ^ { i } x ( t ) + p ^ { i } ⊙ c ( t - 1 ) )\nc ( t ) = i ( t ) ⊙ c ( t - 1 )"
    );
}

#[test]
fn spiking_neuron() {
    let block = "I_{\\rm syn}[t+1] = αI_{\\rm syn}[t] + I_{\\rm in}[t+1] \\\\\nU[t+1] = βU[t] + I_{\\rm syn}[t+1] - R(βU[t] + I_{\\rm syn}[t+1])";
    assert_eq!(
        shown(block),
        "I _ { syn } [ t + 1 ] = α I _ { syn } [ t ] + I _ { in } [ t + 1 ]\n\
         U [ t + 1 ] = β U [ t ] + I _ { syn } [ t + 1 ] - R ( β U [ t ] + I _ { syn } [ t + 1 ] )"
    );
    // The same out of a string of another language, every backslash twice.
    assert_eq!(shown(&block.replace('\\', "\\\\")), shown(block));
}

#[test]
fn plain_text_with_bullets() {
    let block = "Equations (f is the sigmoid, g = tanh):\n* it = f(Xt*(Wi^T) + Ht-1*(Ri^T) + Pi (.) Ct-1 + Wbi)\n* ct = g(Xt*(Wc^T) + Wbc) # candidate\n* Ct = it (.) ct\n* Ht = g(Ct)";
    assert_eq!(count(block), 4);
    assert!(shown(block).starts_with("i _ { t } = f ( X _ { t } * ( Wi ^ T ) + H _ { t - 1 }"));
}

#[test]
fn matrix_expressions_and_concatenation() {
    let block = "\\begin{array}{ll}\n \\mathbf{A} = \\mathbf{W}_{hh} - \\mathbf{W}_{hh}^\\top -\n   \\gamma \\mathbf{I} \\\\\n h' = h + \\varepsilon \\,\\tanh(\\mathbf{A} [x, h])\n\\end{array}";
    assert_eq!(
        shown(block),
        "A = W _ { hh } - W _ { hh } ^ ⊤ - γ I\nh ' = h + ε tanh ( A [ x , h ] )"
    );
}

#[test]
fn three_symbols_of_time() {
    let block = "\\Delta t_t &= \\Delta t \\,\\hat{\\sigma}(W^{1} x_t), \\\\\n\\overline{\\Delta t}_t &= \\Delta t \\,\\hat{\\sigma}(W^{2} x_t)";
    let bar = "Δ\u{304}t\u{304}";
    assert_eq!(
        shown(block),
        format!(
            "Δt _ t = Δt σ\u{302} ( W ^ {{ 1 }} x _ t )\n{bar} _ t = Δt σ\u{302} ( W ^ {{ 2 }} x _ t )"
        )
    );
}

#[test]
fn blocks_of_one_text_know_each_other() {
    let text = "The gate\n\n$$z_t = \\sigma(x_t)$$\n\nmixes old and new:\n\n$$h_t = zh_{t-1}$$";
    assert_eq!(shown(text), "z _ t = σ ( x _ t )\nh _ t = z h _ { t - 1 }");
}

#[test]
fn article_style() {
    let text = "## Gated unit\n\nThe reset gate is computed first.\n\n$$ r = σ(x_t ∗ W_x^{(r)} + h_{(t−1)} ∗ W_h^{(r)} + b^{(r)}) $$\n\nand the candidate, where ⊙ is element-wise,\n\n```math\n\\tilde{h}_t = \\tanh(x_t ∗ W_x + (r ⊙ h_{(t−1)}) ∗ W_h + b)\n```\n";
    assert_eq!(
        shown(text),
        "r = σ ( x _ t * W _ x ^ { ( r ) } + h _ { ( t - 1 ) } * W _ h ^ { ( r ) } + b ^ { ( r ) } )\n\
         h\u{303} _ t = tanh ( x _ t * W _ x + ( r ⊙ h _ { ( t - 1 ) } ) * W _ h + b )"
    );
}
