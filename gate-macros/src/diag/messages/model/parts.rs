//! Messages about several left sides, slices and families.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place, counted};

/// `g_0, …, h_7`
pub(crate) fn gap_in_lefts(place: Place) -> Diagnostic {
    let what = "it is not clear which names stand in this gap".to_owned();
    let help = "the names before and behind it must differ in one number, the first the smaller: \
                `g_0, …, g_7`; or write them out";
    message("gap_in_lefts", place, what, help)
}

/// `(a, b) = chunk(v, 3)`
pub(crate) fn left_sides(place: Place, lefts: usize, parts: usize) -> Diagnostic {
    let verb = if parts == 1 { "is" } else { "are" };
    let what = format!(
        "{lefts} names stand at the left, but there {verb} {}",
        counted(parts, "part")
    );
    message("left_sides", place, what, "give each part a name")
}

/// `chunk(v, 2)` as a value.
pub(crate) fn chunk_as_value(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` gives several values, but one is needed here");
    let help = format!(
        "name them all, `(f, i) = {name}(v, 2)`, or take one: `{name}(v, 2)[0]`, which is printed \
         `\\mathrm{{{name}}}_2(v)_1`"
    );
    message("chunk_as_value", place, what, &help)
}

/// `chunk(v, 1.5)`, `chunk(v, n)`
pub(crate) fn chunk_count(place: Place, name: &str) -> Diagnostic {
    let what = "this is no number of parts".to_owned();
    let help = format!("write a whole number from 1 to 999999: `{name}(v, 2)`");
    message("chunk_count", place, what, &help)
}

/// `chunk(v, 2)[2]`
pub(crate) fn chunk_index(place: Place, count: usize, marked: bool) -> Diagnostic {
    let what = match count {
        1 => "there is one part, but none of this number".to_owned(),
        _ => format!("there are {count} parts, but none of this number"),
    };
    let help = match marked {
        _ if count == 1 => "take all of it, without `chunk`".to_owned(),
        true => format!("a mark counts from 1 to {count}"),
        false => format!("brackets count from 0 to {}", count - 1),
    };
    message("chunk_index", place, what, &help)
}

/// `U[t, 0]`
pub(crate) fn element_at_step(place: Place, name: &str, list: &str) -> Diagnostic {
    let what = format!("is `{name}[{list}]` an element of `{name}` at a step?");
    let help = format!(
        "equations are about whole vectors: leave the element out, `{name}_t`, or take a slice of \
         one, `{name}_t[0..1]`"
    );
    message("element_at_step", place, what, &help)
}

/// `x_t[0]`
pub(crate) fn element(place: Place, name: &str, index: usize) -> Diagnostic {
    let what = format!("is `[{index}]` an element, or a factor in a bracket?");
    let help = format!(
        "the element is a slice of one, `{name}[{index}..{}]`; a factor stands before or behind \
         a `*`",
        index + 1
    );
    message("element", place, what, &help)
}

/// `W[i] * x_t[i]`
pub(crate) fn element_by_letter(place: Place, name: &str, letter: &str) -> Diagnostic {
    let what = format!("is `[{letter}]` a component, or a factor in a bracket?");
    let help = format!(
        "equations hold for whole vectors: `W * x_t` is the sum over `W_ij x_j`, `u .* v` multiplies \
         each `u_i` by `v_i`; a factor stands before or behind a `*`: `{name} * {letter}`"
    );
    message("element_by_letter", place, what, &help)
}

/// `x_t[-1]`
pub(crate) fn element_from_end(place: Place) -> Diagnostic {
    let what = "is this the last element, or a factor in a bracket?".to_owned();
    let help = "slices count from the start, `v[0..2]`; the value of the last step is taken outside \
                of the cell; a factor stands before or behind a `*`";
    message("element_from_end", place, what, help)
}

/// `v[1:n]`
pub(crate) fn slice_brackets(place: Place) -> Diagnostic {
    let what = "`[a:b]` counts from 0 in some languages and from 1 in others".to_owned();
    let help = "write `v[a..b]` for elements from 0 on without the end, or `v_{a:b}` for elements \
                from 1 on with the end";
    message("slice_brackets", place, what, help)
}

/// `v_{n:2n}`
pub(crate) fn slice_start(place: Place) -> Diagnostic {
    let what = "a slice in a mark counts from 1, and this start may be 0".to_owned();
    let help = "write `v_{n+1:2n}`, or `v[n..2n]`, which counts from 0";
    message("slice_start", place, what, help)
}

/// `v[0..H-2]`
pub(crate) fn difference_in_slice(place: Place) -> Diagnostic {
    let what =
        "a slice lies between sums of sizes and numbers, and this is a difference".to_owned();
    let help =
        "name the size of the part, `K`, declare the whole as `[K + 2]`, and write `v[0..K]`";
    message("difference_in_slice", place, what, help)
}

/// `v[3..2]`
pub(crate) fn slice_length(place: Place, name: &str, start: &str, end: &str) -> Diagnostic {
    let what =
        format!("this slice of {name} ends at {end}, which may be before its start, {start}");
    let help = "the end must be the start plus something: `v[H..2H]`";
    message("slice_length", place, what, help)
}

/// `v[0..3H]` where `v` has `2H` elements.
pub(crate) fn slice_beyond(place: Place, name: &str, whole: &str, end: &str) -> Diagnostic {
    let what = format!("this slice ends at {end}, but {name} has a size of {whole}");
    message("slice_beyond", place, what, "let it end before")
}

/// `x_{1:n} = …`
pub(crate) fn slice_of_name(place: Place) -> Diagnostic {
    let what = "a slice cannot stand here".to_owned();
    let help = "name all parts at the left: `(a, b) = …`; elsewhere write the value in brackets, \
                `[v]_{1:n}`";
    message("slice_of_name", place, what, help)
}

/// `(a, b) = …` where `a` is a scalar.
pub(crate) fn share_of_no_vector(place: Place, name: &str) -> Diagnostic {
    let what = format!("several left sides share a vector, but `{name}` is none");
    message(
        "share_of_no_vector",
        place,
        what,
        "declare it as a vector, or give it an equation",
    )
}

/// `o = …` for each `k`.
pub(crate) fn family_left(place: Place, variable: &str) -> Diagnostic {
    let what = format!("the rows hold for several `{variable}`, but the left side is one name");
    let help = format!("write `{variable}` as a mark of it: `o_{variable} = …`");
    message("family_left", place, what, &help)
}

/// `k ∈ {1, 2}` elsewhere than in the rows of a family.
pub(crate) fn member_outside(place: Place, variable: &str) -> Diagnostic {
    let what = format!("that `{variable}` is one of some numbers cannot be tested here");
    let help = "every row of `cases` must say for which numbers it holds, and the `cases` be the \
                whole right side: `o_k = σ(g_k)` for `k ∈ {0, 1}`";
    message("member_outside", place, what, help)
}

/// `g_i` beside a `g` that nothing reads.
pub(crate) fn part_not_defined(
    place: Place,
    parts: &[String],
    whole: &str,
    defined: Place,
) -> Diagnostic {
    let list = parts.join("`, `");
    let what = format!("no equation defines `{list}`, and nothing reads `{whole}`");
    let (part, they, all) = match parts {
        [part] => (part.as_str(), "it is an input", format!("({part}, …)")),
        parts => (
            "these",
            "they are inputs",
            format!("({})", parts.join(", ")),
        ),
    };
    let part = match parts.len() {
        1 => format!("`{part}` is a part"),
        _ => format!("{part} are parts"),
    };
    let help = format!(
        "if {part} of `{whole}`, say so, in the order in which they lie side by side: \
         `{all} = chunk({whole})`, in documentation text as an argument of the attribute; if \
         {they}, list the inputs"
    );
    message("part_not_defined", place, what, &help)
        .and(defined, &format!("`{whole}` is defined here"))
}
