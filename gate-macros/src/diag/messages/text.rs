//! The messages of the text front end.

use super::message::message;
use crate::diag::{Diagnostic, Place};

// ---- where the equations stand --------------------------------------------------------------

/// Documentation without mathematics.
pub(crate) fn no_equations_in_text(place: Place) -> Diagnostic {
    let what = "this documentation holds no equation";
    let help = "write the equations between ```` ```math ```` and ```` ``` ````, or between `$$` \
                and `$$`; what stands between backquotes is code";
    message("no_equations_in_text", place, what, help)
}

/// `section = "…"` names no heading.
pub(crate) fn section_missing(place: Place, name: &str, known: &[&str]) -> Diagnostic {
    let what = format!("no heading of this text reads \"{name}\"");
    let help = match known {
        [] => "the text has no headings: leave `section` out".to_owned(),
        known => format!("its headings are: {}", known.join(", ")),
    };
    message("section_missing", place, what, &help)
}

/// `section = "…"` names two headings.
pub(crate) fn section_twice(place: Place, second: Place, name: &str) -> Diagnostic {
    let what = format!("two headings of this text read \"{name}\"");
    let mut d = message(
        "section_twice",
        place,
        what,
        "give one of them another text",
    );
    d.others.push((second, "the second of them".to_owned()));
    d
}

/// `$$` without its partner.
pub(crate) fn unclosed_math(place: Place, sign: &str) -> Diagnostic {
    let what = format!("the mathematics that begins at this `{sign}` has no end");
    message(
        "unclosed_math",
        place,
        what,
        &format!("end it with `{sign}`"),
    )
}

/// The file of `include_str!` is not there.
pub(crate) fn file_missing(place: Place, path: &str, tried: &[String]) -> Diagnostic {
    let what = format!("no file `{path}` was found");
    let first = tried.first().map_or("", String::as_str);
    let help = format!(
        "the path is relative to this source file, which makes it {first}, or to the folder of \
         `Cargo.toml`"
    );
    message("file_missing", place, what, &help)
}

/// The file of `include_str!` cannot be read.
pub(crate) fn file_unreadable(place: Place, path: &str, reason: &str) -> Diagnostic {
    let what = format!("the file `{path}` cannot be read: {reason}");
    message(
        "file_unreadable",
        place,
        what,
        "it has to be a text in UTF-8",
    )
}

// ---- characters -----------------------------------------------------------------------------

/// `\foo`
pub(crate) fn unknown_command(place: Place, command: &str, near: Option<&str>) -> Diagnostic {
    let what = format!("the command `{command}` is not understood");
    if let Some(near) = near {
        let help = format!("did you mean `\\{near}`?");
        return message("unknown_command", place, what, &help);
    }
    let help = match command {
        "\\arg" | "\\argmax" | "\\argmin" => {
            "which element is the largest has no gradient: `\\mathrm{softmax}(v)` weighs them"
        }
        "\\over" | "\\atop" => "write `\\frac{a}{b}`",
        "\\approx" | "\\simeq" | "\\propto" => "an equation has `=`",
        "\\int" => "a cell has steps: write the sum of the step before and what is added to it",
        "\\bmod" | "\\pmod" | "\\mod" => REMAINDER,
        "\\partial" | "\\nabla" => GRADIENT,
        _ => {
            "a function or a name of several letters is written `\\mathrm{name}`; remove commands \
             that only change the layout"
        }
    };
    message("unknown_command", place, what, help)
}

/// What stands for `∇ℓ(W)`.
const GRADIENT: &str = "gradients are derived by the compiler: write the forward pass; where a step \
                        descends one, write it out, `W_t = W_{t-1} - η * outer(W_{t-1} * k_t - v_t, \
                        k_t)`";

/// What stands for `a \bmod b`.
pub(crate) const REMAINDER: &str = "a remainder is no function of the language: keep the phase in \
                                    a state, `p_t = where(p_{t-1} + d < 1, p_{t-1} + d, p_{t-1} + \
                                    d - 1)`, or read it as an input";

/// `\begin{foo}`
pub(crate) fn unknown_environment(place: Place, name: &str) -> Diagnostic {
    let what = format!("the environment `{name}` is not understood");
    let help = "equations stand in `aligned`, `align`, `equation`, `gather`, `split`, `array` or \
                `cases`, vectors one above the other in `bmatrix` or `pmatrix`";
    message("unknown_environment", place, what, help)
}

/// `\begin` without `\end`, or another one.
pub(crate) fn environment_pair(place: Place, begin: Option<Place>) -> Diagnostic {
    let what = "this environment has no partner";
    let help = "each `\\begin{…}` needs an `\\end{…}` of the same name";
    let mut d = message("environment_pair", place, what, help);
    d.others
        .extend(begin.map(|begin| (begin, "this one is still open".to_owned())));
    d
}

/// `\mathbb{E}[x_t]`
pub(crate) fn expectation(place: Place, letter: &str) -> Diagnostic {
    let what = format!("`\\mathbb{{{letter}}}` is taken over chance, and a step has one value");
    let help = format!(
        "the mean of the elements of a vector is `mean(v)`; a parameter is written in another \
         font, `{letter}`"
    );
    message("expectation", place, what, &help)
}

/// `§`
pub(crate) fn unknown_glyph(place: Place, glyph: char) -> Diagnostic {
    let what = format!("`{glyph}` means nothing in an equation");
    let help = match glyph {
        '%' => "a comment begins with `//`",
        '∇' | '∂' => GRADIENT,
        _ => {
            "operators are `+ - * / ⊙ ∘ ^`; move prose out of the mathematics, or into \
             `\\text{…}`"
        }
    };
    message("unknown_glyph", place, what, help)
}

/// `.` within an equation.
pub(crate) fn dot_in_text(place: Place) -> Diagnostic {
    let what = "a dot stands in the middle of this equation";
    let help = "a product is written `*`, `⊙` or without a sign; a dot ends an equation";
    message("dot_in_text", place, what, help)
}

// ---- groups ---------------------------------------------------------------------------------

/// `\mathbf{W` and no `}`.
pub(crate) fn unclosed_group(place: Place) -> Diagnostic {
    let what = "the argument of this command is not closed";
    message("unclosed_group", place, what, "add the `}` that ends it")
}

/// `\tilde` at the end.
pub(crate) fn missing_argument(place: Place) -> Diagnostic {
    let what = "this command has nothing to stand on";
    message(
        "missing_argument",
        place,
        what,
        "write its argument in braces: `\\tilde{h}`, `\\frac{a}{b}`",
    )
}

/// `\overline{a + b}`
pub(crate) fn accent_target(place: Place) -> Diagnostic {
    let what = "an accent stands on a single name, not on an expression";
    message(
        "accent_target",
        place,
        what,
        "give the expression a name in an equation of its own",
    )
}

/// `\sqrt[3]{x}`
pub(crate) fn root_degree(place: Place) -> Diagnostic {
    let help = "write a power: `x^{1/3}`";
    message(
        "root_degree",
        place,
        "only the square root is understood",
        help,
    )
}

/// `\text{pre-activation}` or a remark within a formula.
pub(crate) fn text_in_equation(place: Place, text: &str) -> Diagnostic {
    let what = format!("the text \"{text}\" stands within an equation");
    let help = "a remark stands behind its equation, a condition in `cases`; a name is one word: \
                `\\text{name}`";
    message("text_in_equation", place, what, help)
}

/// `f = exp(a) or σ(a)`
pub(crate) fn alternative_in_text(place: Place) -> Diagnostic {
    let what = "\"or\" gives this equation another right side: which one is meant is not clear";
    let help = "leave one of them in the equation, and give the other an equation of its own: \
                `definition = 2` then takes the second";
    message("alternative_in_text", place, what, help)
}

/// `f_t = σ(W_f x_t) forget gate`
pub(crate) fn words_behind_equation(place: Place, words: &[String; 2]) -> Diagnostic {
    let what = format!(
        "is \"{}\" prose, or a product of two parameters?",
        words.join(" ")
    );
    let help = format!(
        "prose stands behind a comma, in brackets, or behind two blanks; a product is written with \
         its sign, `{}`",
        words.join(" * ")
    );
    message("words_behind_equation", place, what, &help)
}

/// `h_t = \tanh(W x_t) \\\\ c_t`
pub(crate) fn row_without_sign(place: Place) -> Diagnostic {
    let what = "does the equation of the row before go on here? That row is complete";
    let help = "a row that goes on begins with its sign, `+` or `\\cdot`; the next equation begins \
                with its name and `=`; prose stands in `\\text{…}`";
    message("row_without_sign", place, what, help)
}

// ---- names ----------------------------------------------------------------------------------

/// `zh` where neither reading is sure.
pub(crate) fn unclear_letters(place: Place, letters: &str) -> Diagnostic {
    let apart: Vec<String> = letters.chars().map(String::from).collect();
    let what = format!("`{letters}` may be one name or a product");
    let help = format!(
        "write `{}` for a product, `\\mathrm{{{letters}}}` for one name",
        apart.join(" ")
    );
    message("unclear_letters", place, what, &help)
}

/// `W_xr` in LaTeX, which prints `W_x r`; `W_hh_{t-1}` anywhere.
pub(crate) fn unclear_mark(place: Place, sign: char, first: &str, rest: &str) -> Diagnostic {
    let what = format!("does the mark end behind `{sign}{first}` or behind `{sign}{first}{rest}`?");
    let help = format!(
        "write `{sign}{{{first}{rest}}}` if all of it is one, `{sign}{first} {rest}` if not"
    );
    message("unclear_mark", place, what, &help)
}

/// `h_t-1`
pub(crate) fn unclear_step(place: Place) -> Diagnostic {
    let what = "is the number part of the time index or subtracted from the value?";
    let help = "write `h_{t-1}` for the step before, `h_t - 1` with gaps for a difference";
    message("unclear_step", place, what, help)
}

// ---- the attribute --------------------------------------------------------------------------

/// `#[cell_from_docs]` on something else.
pub(crate) fn not_a_unit_struct(place: Place) -> Diagnostic {
    let help = "write `#[cell_from_docs] pub struct Name;`, the equations in its documentation";
    message(
        "not_a_unit_struct",
        place,
        "`#[cell_from_docs]` stands on a struct without fields and generics",
        help,
    )
}

/// An option, or an included file, that is not given as a string.
pub(crate) fn section_not_text(place: Place) -> Diagnostic {
    let help = "write `section = \"GRU\"`, and `#[doc = include_str!(\"article.md\")]`";
    message(
        "section_not_text",
        place,
        "a string in quotes is needed here",
        help,
    )
}

/// Documentation that is computed.
pub(crate) fn docs_not_text(place: Place) -> Diagnostic {
    let help = "write the equations in `///` lines, or include a file with \
                `#[doc = include_str!(\"article.md\")]`";
    message(
        "docs_not_text",
        place,
        "this documentation cannot be read while the macro runs",
        help,
    )
}

/// `definition = 3` where no symbol has as many.
pub(crate) fn choice_of_nothing(place: Place, choice: usize, count: usize) -> Diagnostic {
    let what = match count {
        0 => "the text defines no symbol twice: there is nothing to choose".to_owned(),
        count => format!("there is no definition {choice} of a symbol that has {count}"),
    };
    let help = "leave the argument out, or give the number of a definition that is there";
    message("choice_of_nothing", place, what, help)
}

/// `definition = …` without a number.
pub(crate) fn choice_not_number(place: Place) -> Diagnostic {
    let help = "write `definition = 2` for the second of several equations of one symbol";
    message(
        "choice_not_number",
        place,
        "a whole number from 1 is needed here",
        help,
    )
}

/// `otuput = h_t`, `name = "GRU"`
pub(crate) fn unknown_option(
    place: Place,
    key: &str,
    near: Option<&str>,
    options: &[&str],
) -> Diagnostic {
    let what = format!("there is no option `{key}`");
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("options are `{}`", options.join("`, `")),
    };
    message("unknown_option", place, what, &help)
}

/// `W * \mathcal{X}_t` beside `\circ`
pub(crate) fn convolution(place: Place) -> Diagnostic {
    let what = "is `*` a convolution here? To this definition it is the product with a matrix";
    let help = "convolutions are not part of the language; for the product write `\\cdot`, or no \
                sign at all";
    message("convolution", place, what, help)
}

/// `\mathcal{W} z_t + W y_t`
pub(crate) fn one_letter_in_two_fonts(place: Place, letter: &str, other: Place) -> Diagnostic {
    let what = format!("`{letter}` in this font and in another would be one symbol");
    let help = format!(
        "fonts are not told apart: give one of the two a mark of its own, `{letter}_2`, or another \
         letter; if one is meant, write it in one font"
    );
    let mut d = message("one_letter_in_two_fonts", place, what, &help);
    d.others.push((other, "the other one is here".to_owned()));
    d
}
