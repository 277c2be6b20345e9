//! The LaTeX of a cell's equations and of its derived backward pass: what a typesetter refuses.

use gate_runtime::CellInfo;

/// What is wrong with a row, if something is: braces without a partner, or a second script at one
/// place.
pub fn mistake(latex: &str) -> Option<&'static str> {
    // For each open group whether the present symbol has something above and below it.
    let mut groups = vec![[false; 2]];
    let mut scripts = false;
    let mut rest = latex.chars().peekable();
    while let Some(sign) = rest.next() {
        let present = groups.last_mut()?;
        match sign {
            ' ' => continue,
            '^' | '_' | '\'' => {
                let side = &mut present[usize::from(sign == '_')];
                if std::mem::replace(side, true) {
                    return Some("a second script at one place");
                }
                scripts = sign != '\'';
                // Primes in a row are one script.
                while sign == '\'' && rest.next_if_eq(&'\'').is_some() {}
                continue;
            }
            '}' => {
                groups.pop();
                if groups.is_empty() {
                    return Some("a closing brace too many");
                }
                continue;
            }
            '\\' => while rest.next_if(char::is_ascii_alphabetic).is_some() {},
            _ => {}
        }
        // What stands above or below is no symbol of its own.
        if !std::mem::take(&mut scripts) {
            *present = [false; 2];
        }
        if sign == '{' {
            groups.push([false; 2]);
        }
    }
    (groups.len() > 1).then_some("a brace that is not closed")
}

/// # Panics
/// If some row cannot be set.
pub fn check(info: &CellInfo) {
    for equation in info.equations.iter().chain(info.backward) {
        let latex = equation.latex;
        if let Some(mistake) = mistake(latex) {
            panic!("{}: {mistake} in {latex}", info.name);
        }
    }
}
