//! Messages about names and marks that read like one thing and would mean another.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place};

/// A statement where the form at hand says it: in the attribute, or among the equations.
pub(super) fn said(place: Place, statement: &str) -> String {
    match place.is_text() {
        true => format!("`#[cell_from_docs({statement})]`"),
        false => format!("`{statement};`"),
    }
}

/// `-> C_{t-1}`
pub(crate) fn listed_with_delay(place: Place, name: &str, input: bool) -> Diagnostic {
    let (what, help) = match input {
        true => (
            "an input is a value of this step",
            format!("list `{name}_t`; equations may read `{name}_{{t-1}}` of it all the same"),
        ),
        false => (
            "an output is a value of this step",
            format!(
                "list `{name}_t`; to give the value of the step before, add an equation \
                 `y_t = {name}_{{t-1}}` and list `y_t`"
            ),
        ),
    };
    message("listed_with_delay", place, what.to_owned(), &help)
}

/// `f(u, u) = …`
pub(crate) fn duplicate_argument(
    place: Place,
    argument: &str,
    function: &str,
    first: Place,
) -> Diagnostic {
    let what = format!("two arguments of `{function}` are called `{argument}`");
    message("duplicate_argument", place, what, "rename one of the two")
        .and(first, "the other one is here")
}

/// `f(u) = u + u_{t-1}`
pub(crate) fn argument_with_time(
    place: Place,
    argument: &str,
    function: &str,
    declared: Place,
) -> Diagnostic {
    let what =
        format!("`{argument}` is the argument of `{function}` here, which has no time index");
    let help = format!(
        "write `{argument}`, and hand over an earlier value as an argument of its own; if the \
         cell's `{argument}` is meant, rename the argument"
    );
    message("argument_with_time", place, what, &help)
        .and(declared, &format!("the argument `{argument}`"))
}

/// `x_t^1` beside `x_t`
pub(crate) fn power_or_label(
    place: Place,
    bare: &str,
    labelled: &str,
    elsewhere: Place,
) -> Diagnostic {
    let what = format!(
        "`{bare}^1` can be read in two ways: as a power of `{bare}`, and as another symbol"
    );
    let help = format!("write `{bare}` for the power, `{labelled}` for a symbol with that label");
    message("power_or_label", place, what, &help).and(elsewhere, &format!("`{bare}` is read here"))
}

/// `N = 1.5; x_t: [N]`
pub(crate) fn constant_no_size(place: Place, name: &str, value: f64, defined: Place) -> Diagnostic {
    let what = format!("`{name}` is {value} here, which is no size");
    let help = format!(
        "a fixed size is a whole number from 1 on, `{name} = 4`; a size that the user of the cell \
         chooses has no equation"
    );
    message("constant_no_size", place, what, &help)
        .and(defined, &format!("`{name}` is defined here"))
}

/// `x_t: [I]; h_t = 2 * I * x_t`
pub(crate) fn size_or_identity(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `{name}` the declared size here, or an identity matrix?");
    let help = format!(
        "the size as a number is read behind `/` and in functions, `x_t / {name}`, `sqrt({name})`; \
         the identity is a term of a sum of matrices, `W - γ * {name}`; give the size or the \
         parameter another name"
    );
    message("size_or_identity", place, what, &help)
}

/// `h_t = t * x_t`
pub(crate) fn time_as_value(place: Place, letter: &str) -> Diagnostic {
    let what = format!("`{letter}` is the time index, and no value");
    let help = format!(
        "count the steps in a state, `s_{letter}: scalar; s_{letter} = s_{{{letter}-1}} + 1`, or read \
         the time as an input; a parameter of this name has to be declared, `{letter} ~ 1`"
    );
    message("time_as_value", place, what, &help)
}

/// `tanh(u) = u`
pub(crate) fn language_function(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` is a function of the language");
    let help = format!("give yours another name, `{name}_1(…) = …`, and call it by that");
    message("language_function", place, what, &help)
}

/// `S_t = S_{t-1} + k_t^T v_t`, where nothing says whether vectors are rows. The product is in
/// backquotes.
pub(crate) fn row_or_column(place: Place, product: &str, left: &str) -> Diagnostic {
    let what = format!(
        "is {product} one number or a matrix? It is a number where vectors are columns, and a \
         matrix where they are rows"
    );
    let form = |declared: &str| said(place, declared);
    let help = format!(
        "declare what it is part of: {} if it is a matrix, {} if it is a number",
        form(&format!("{left}: [K, V]")),
        form(&format!("{left}: scalar"))
    );
    message("row_or_column", place, what, &help)
}

/// `W x_t / \sqrt{d}`, `\frac{1}{n} W x_t`
pub(crate) fn length_or_parameter(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `{name}` a length? To this definition it is a parameter, and trained");
    let say = |statement: &str| said(place, statement);
    let help = format!(
        "declare a vector that has this length, for instance {}, or give the number, {}; a \
         parameter has to be declared, {}",
        say(&format!("k_t: [{name}]")),
        say(&format!("{name} = 64")),
        say(&format!("{name}: scalar"))
    );
    message("length_or_parameter", place, what, &help)
}

/// `s_t = Θ(u_t - v)`, where a paper has Heaviside's function.
pub(crate) fn step_or_matrix(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `{name}` the step function here, or a matrix?");
    let say = |statement: &str| said(place, statement);
    let help = format!(
        "define the step, {}, whose gradient is 0, or one with the gradient of a sigmoid, {}; a \
         matrix is multiplied with a sign, `{name} * (…)`",
        say(&format!("{name}(u) = where(u > 0, 1, 0)")),
        say(&format!(
            "{name}(u) = σ(u) + stop_gradient(where(u > 0, 1, 0) - σ(u))"
        )),
    );
    message("step_or_matrix", place, what, &help)
}

/// `(I - z_t) .* h_{t-1}`
pub(crate) fn identity_minus_vector(place: Place) -> Diagnostic {
    let what = "is `I` the identity matrix? Before a vector it would be a trained vector";
    let help = format!(
        "write `1` for a vector of ones; the identity is a factor or a term beside matrices, \
         `W - γ * I`; a trained vector has to be declared, {}",
        said(place, "I: [H]")
    );
    message("identity_minus_vector", place, what.to_owned(), &help)
}

/// `(1 - A) * h_{t-1}`. Number and matrix are in backquotes.
pub(crate) fn number_in_matrix(place: Place, number: &str, matrix: &str) -> Diagnostic {
    let what = format!(
        "{number} and {matrix} make up a matrix of a product here: the number would be added to \
         each of its elements"
    );
    let times = match number {
        "`1`" => "I".to_owned(),
        number => format!("{} * I", number.replace('`', "")),
    };
    let help = format!(
        "write `{times}` for that multiple of the identity matrix; if every element is meant, \
         give the sum a name in an equation of its own"
    );
    message("number_in_matrix", place, what, &help)
}

/// `z_t = w_z^T x_t + r_z .* h_{t-1}`. The product is in backquotes.
pub(crate) fn one_unit(place: Place, product: &str, weights: &[String], left: &str) -> Diagnostic {
    let what = format!("{product} is one number, which every element of a vector would get here");
    let shapes: Vec<String> = weights.iter().map(|w| format!("{w}: [I, H]")).collect();
    let declared = match place.is_text() {
        true => said(place, &shapes.join(", ")),
        false => said(place, &shapes.join("; ")),
    };
    let number = format!(
        "if all of it is one number, declare that, {}",
        said(place, &format!("{left}: scalar"))
    );
    let help = match weights.is_empty() {
        true => format!(
            "{number}, and what it is added to as well; if each element shall have a product of \
             its own, one of the two is a matrix: declare it"
        ),
        false => format!(
            "for a layer, whose units have weights of their own, write a matrix, or declare the \
             vectors of weights as matrices with a column for each unit, {declared}; {number}"
        ),
    };
    message("one_unit", place, what, &help)
}

/// `h^+ = \tanh(W x + U h)`, and `σ_t^2 = …` beside `σ_t`; `left` is the left side.
pub(crate) fn plain_beside_defined(
    place: Place,
    plain: &str,
    name: &str,
    power: bool,
    left: Place,
) -> Diagnostic {
    let what = format!("`{plain}` would be a symbol of its own beside `{name}`, which is defined");
    // In text, the attribute can say it.
    let help = match power {
        true => format!(
            "the square of a left side is a label: give it a name of its own, `v_t = …`, and write \
             `{plain}_t = \\sqrt{{v_t}}`, or say what `{plain}` is, {}",
            said(place, &format!("{plain}_t = sqrt({plain}_t^(2))"))
        ),
        false => {
            let before = format!("{plain} = {name}_{{t-1}}");
            let before = match place.is_text() && plain != "x" {
                true => said(place, &format!("{before}, input = x")),
                false => said(place, &before),
            };
            format!(
                "for the value of the step before write `{plain}_t = …` and `{plain}_{{t-1}}`, or \
                 say so, {before}; what is a symbol of its own is declared, {}",
                said(place, &format!("{plain}: [H]"))
            )
        }
    };
    let mut message = message("plain_beside_defined", place, what, &help);
    message
        .others
        .push((left, format!("`{name}` is defined here")));
    message
}

/// `\frac{K}{T}`. The name is in backquotes.
pub(crate) fn divided_by_capital(place: Place, name: &str) -> Diagnostic {
    let what = format!("{name} is divided by, and a capital letter is a matrix");
    let bare = name.trim_matches('`');
    let help = format!(
        "if it is one number, say so: {}",
        said(place, &format!("{bare}: scalar"))
    );
    message("divided_by_capital", place, what, &help)
}

/// `w \cdot x_t`; `other` is in backquotes.
pub(crate) fn dot_of_weights(place: Place, weights: &str, other: &str) -> Diagnostic {
    let what = format!("is `{weights}` · {other} one number, or element by element?");
    let help = format!(
        "one number is `{weights}^\\top` and the other vector, or `\\langle {weights}, … \\rangle`; \
         element by element is `\\odot`, or declare the weights of each element, {}",
        said(place, &format!("{weights}: [H]"))
    );
    message("dot_of_weights", place, what, &help)
}

/// `\Delta T v_{t-1}`
pub(crate) fn change_of_capital(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `Δ{name}` one symbol, such as a step size, or a number times a matrix?");
    let help = format!(
        "write one symbol with a mark, `\\Delta_{{{name}}}`; a matrix is declared, {}, and so is the \
         diagonal of one, {}",
        said(place, &format!("{name}: [H, H]")),
        said(place, &format!("{name}: [H]"))
    );
    message("change_of_capital", place, what, &help)
}

/// `W^\dagger`, `W^H`
pub(crate) fn conjugate(place: Place, name: &str, label: &str) -> Diagnostic {
    let what = format!("is the `{label}` above `{name}` a label, of a parameter of its own?");
    let other = match label {
        "†" => "the transpose of a matrix, the conjugate one as well, is",
        _ => "the conjugate transpose of a matrix of real numbers is",
    };
    let inverse = match label {
        "†" => "; a pseudo-inverse is not part of the language",
        _ => "",
    };
    let labelled = match place.is_text() {
        true => format!("{name}^{{({label})}}"),
        false => format!("{name}^({label})"),
    };
    let help = format!("{other} `{name}^T`; a label is put in brackets, `{labelled}`{inverse}");
    message("conjugate", place, what, &help)
}

/// `R(\theta_t) h_{t-1}`
pub(crate) fn matrix_of_value(place: Place, name: &str, value: &str) -> Diagnostic {
    let what = format!("is `{name}({value})` a matrix that is made of `{value}`?");
    let help = format!(
        "write out what it does to a vector, a rotation for instance with `cos({value})` and \
         `sin({value})`; a product of the two has no brackets, `{name} * {value}`"
    );
    message("matrix_of_value", place, what, &help)
}

/// `h_t = A_t h_{t-1} + B_t x_t`
pub(crate) fn matrix_as_input(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `{name}` a matrix? No equation defines it, and inputs are vectors");
    let help = format!(
        "write what it is made of, `{name} = …`; weights have no time index, and where the index is \
         meant as a label, it needs another letter; a vector that is an input, to be multiplied \
         element by element, has to be declared, {}",
        said(place, &format!("{name}: [H]"))
    );
    message("matrix_as_input", place, what, &help)
}

/// `\exp(A) h_{t-1}`
pub(crate) fn exponential_or_diagonal(place: Place, name: &str) -> Diagnostic {
    let what = format!("is `{name}` a diagonal matrix? The exponential is that of each element");
    let help = format!(
        "declare the diagonal as a vector, {}; the exponential of a whole matrix is not part of \
         the language",
        said(place, &format!("{name}: [H]"))
    );
    message("exponential_or_diagonal", place, what, &help)
}

/// `λ = exp(-ν + i * θ)`
pub(crate) fn imaginary_unit(place: Place, name: &str) -> Diagnostic {
    let what = format!(
        "is `{name}` the imaginary unit? To this definition it is a parameter, and trained"
    );
    let help = format!(
        "cells compute with real numbers: write a complex state as two, its real and its imaginary \
         part, with `cos(θ)` and `sin(θ)`; a parameter has to be declared, {}",
        said(place, &format!("{name}: [H]"))
    );
    message("imaginary_unit", place, what, &help)
}

/// `o_t = …; b_t = …` in a text, where nothing reads `o`. `names`: that and the last one.
pub(crate) fn output_unread(place: Place, (unread, last): (&str, &str)) -> Diagnostic {
    let what = format!(
        "is `{unread}` the output? Nothing reads it, but the last equation is that of `{last}`"
    );
    let help = format!(
        "say which value is: `#[cell_from_docs(output = {unread}_t)]`, or `output = {last}_t`"
    );
    message("output_unread", place, what, &help)
}
