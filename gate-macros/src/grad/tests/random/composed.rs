//! Variants of random cells, variants of those, and cells with such cells inside, on several
//! levels. The same writer writes the cells of `tests/random_composed.rs`.

use std::fmt::Write;

use super::writer::{DECLARED, Writer, ended};
use super::{golden, rounds};
use crate::diag::Diagnostics;
use crate::forms::difference;
use crate::grad::tests::unrolled::check_directions;
use crate::ir::{lower, simplify};
use crate::load::{Loaded, load};
use crate::model::{self, Cell};
use crate::source::{Form, Source};

/// A definition among others that it may refer to.
struct Made {
    name: String,
    /// What stands behind the name: `(x_t) -> h_t`, `= A with`.
    line: String,
    statements: Vec<String>,
    /// A state, and the value of it that readers outside of the cell write.
    state: String,
    /// What is said so far in this cell and its parents; empty for one around others.
    said: String,
    /// The writer's memory of which values there are.
    writer: Option<Known>,
}

#[derive(Clone)]
struct Known {
    known: Vec<String>,
    matrix: bool,
    part: bool,
    late: bool,
}

impl Made {
    fn text(&self) -> String {
        let body: String = self.statements.iter().cloned().map(ended).collect();
        format!("struct {} {} {{ {body} }}", self.name, self.line)
    }

    /// As it stands in a file.
    fn printed(&self) -> String {
        let body: String = self
            .statements
            .iter()
            .map(|s| format!("        {}\n", ended(s.clone()).trim_end()))
            .collect();
        let line = match self.line.starts_with('(') {
            true => self.line.clone(),
            false => format!(" {}", self.line),
        };
        format!(
            "cell! {{\n    /// Random.\n    pub struct {}{line} {{\n{body}    }}\n}}\n\n",
            self.name
        )
    }
}

impl Writer {
    /// A cell, variants of it and of them, and cells around those.
    fn family(&mut self, prefix: &str) -> Vec<Made> {
        let mut all = vec![
            self.plain(format!("{prefix}A")),
            self.plain(format!("{prefix}B")),
        ];
        for letter in ["C", "D"] {
            let of = match self.below(3) {
                0 => 0,
                _ => all.len() - 1,
            };
            let made = self.variant(format!("{prefix}{letter}"), &all[of]);
            all.push(made);
        }
        for letter in ["E", "F"] {
            let made = self.around(format!("{prefix}{letter}"), &all);
            all.push(made);
        }
        let made = self.variant_around(format!("{prefix}G"), &all[all.len() - 1]);
        all.push(made);
        all
    }

    fn plain(&mut self, name: String) -> Made {
        let statements = self.statements();
        Made {
            name,
            line: "(x_t) -> h_t".to_owned(),
            said: statements.join("; "),
            statements,
            state: "C".to_owned(),
            writer: Some(Known {
                known: self.known.clone(),
                matrix: self.matrix,
                part: self.part,
                late: self.late,
            }),
        }
    }

    /// Some equations of a cell anew, all of which its output reads.
    fn variant(&mut self, name: String, parent: &Made) -> Made {
        let memory = parent.writer.clone().expect("no cell around others");
        (self.matrix, self.part, self.late) = (memory.matrix, memory.part, memory.late);
        let gate = memory.known.iter().any(|known| known == "a");
        let (mut out, mut read) = (Vec::new(), Vec::new());
        self.known.clear();
        match self.below(4) {
            0 if gate => {
                out.push(format!("a = tanh({})", self.vector(2)));
                read.push("a");
            }
            1 if gate && !parent.said.contains("a ~") => {
                out.push("a ~ 0.3".to_owned());
                read.push("a");
            }
            2 => {
                out.push(format!("n = sigmoid({})", self.vector(1)));
                read.push("n");
            }
            _ => {}
        }
        // What the memory leads to may not lead to it.
        let before = |known: &&String| known.as_str() != "C_t";
        self.known = memory.known.iter().filter(before).cloned().collect();
        if self.below(2) == 0 {
            let value = self.vector(1);
            out.push(format!("C_t = 0.5 * C_{{t-1}} + 0.5 * tanh({value})"));
        }
        self.known.push("C_t".to_owned());
        let depth = 1 + self.below(2);
        let value = self.vector(depth);
        let terms: String = read.iter().map(|term| format!(" + 0.3 * {term}")).collect();
        out.push(format!(
            "h_t = tanh({value}{terms}) + 0.1 * C_t .* (x_t * W_0)"
        ));
        if self.below(3) == 0 && !parent.said.contains("C_0") {
            out.push("C_0 ~ trainable".to_owned());
        }
        let ends = self.pick(&["", "", "-> (h_t, C_t) "]);
        let said = format!("{}; {}", parent.said, out.join("; "));
        for matrix in DECLARED {
            let used = out
                .iter()
                .any(|s| s.contains(&format!("* {}", &matrix[..3])));
            if used && !parent.said.contains(*matrix) {
                out.insert(0, (*matrix).to_owned());
            }
        }
        if said.contains("ε *") && !parent.said.contains("ε: ") {
            out.insert(0, "ε: hyper = 0.7".to_owned());
        }
        Made {
            name,
            line: format!("{ends}= {} with", parent.name),
            said: format!("{said}; {}", out.join("; ")),
            statements: out,
            state: "C".to_owned(),
            writer: Some(memory),
        }
    }

    /// A cell around two others, which may be of one kind.
    fn around(&mut self, name: String, all: &[Made]) -> Made {
        let (first, second) = (self.below(all.len()), self.below(all.len()));
        let (first, second) = (&all[first], &all[second]);
        let mut out = vec![
            format!("one: {}", first.name),
            format!("two: {}", second.name),
        ];
        let argument = self.pick(&["x_t", "x_t", "x_{t-1}", "tanh(x_t)", "[x_t, y_{t-1}]"]);
        out.push(format!("u = one({argument})"));
        let argument = self.pick(&["u", "u", "u * M_1", "u_{t-2}", "u - h_{t-1}"]);
        let argument = match argument {
            "u - h_{t-1}" => format!("u - {}_{{t-1}}^(one) * M_1", first.state),
            argument => argument.to_owned(),
        };
        let state = &second.state;
        let given = match self.below(4) {
            0 => format!(", {state}_{{t-1}} = tanh(y_{{t-1}} * M_2)"),
            1 => format!(", {state}_{{t-1}} = {state}_{{t-2}}^(two)"),
            _ => String::new(),
        };
        out.push(format!("v = two({argument}{given})"));
        let value = self.pick(&[
            "v + y_{t-1} * M_4",
            "v * M_3 + y_{t-1}",
            "v .* sigmoid(u * M_5)",
        ]);
        let more = match self.below(3) {
            0 => format!(" + {}_{{t-1}}^(one) * M_6", first.state),
            _ => String::new(),
        };
        out.push(format!("y_t = tanh({value}{more}) + 0.2 * y_{{t-1}}"));
        Made {
            name,
            line: "(x_t) -> y_t".to_owned(),
            statements: out,
            state: "y".to_owned(),
            said: String::new(),
            writer: None,
        }
    }

    /// The same cell with another equation behind its inner cells, or in their way.
    fn variant_around(&mut self, name: String, parent: &Made) -> Made {
        let out = match self.below(3) {
            0 => vec!["y_t = sigmoid(v - u * M_7) + 0.3 * y_{t-1}".to_owned()],
            1 => vec![
                "u = one(sigmoid(x_t))".to_owned(),
                "y_t = sin(v) .* tanh(u * M_7) - 0.3 * y_{t-1}".to_owned(),
            ],
            _ => vec!["y_t = 0.5 * y_{t-1} + u * M_7".to_owned()],
        };
        Made {
            name,
            line: format!("= {} with", parent.name),
            statements: out,
            state: "y".to_owned(),
            said: String::new(),
            writer: None,
        }
    }
}

/// The cell that a definition means among others.
fn compiled(made: &Made, all: &[Made]) -> Cell {
    let mut diagnostics = Diagnostics::default();
    let Loaded::Definition(definition) = load(&source(made, all), &mut diagnostics) else {
        panic!("{}: {:?}", made.text(), diagnostics.list());
    };
    let cell = model::resolve(*definition, &mut diagnostics);
    let text = || all.iter().map(Made::text).collect::<Vec<_>>().join("\n");
    cell.unwrap_or_else(|| panic!("{}: {:?}", text(), diagnostics.render()))
}

fn source(made: &Made, all: &[Made]) -> Source {
    let text = made.text();
    let mut source = Source::new(Form::Tokens(text.parse().expect("Rust tokens")));
    let refers = |other: &&Made| {
        let (parent, inner) = (format!("= {} ", other.name), format!(": {};", other.name));
        text.contains(&parent) || text.contains(&inner)
    };
    for other in all.iter().filter(refers) {
        source
            .cells
            .push((other.name.clone(), self::source(other, all)));
    }
    source
}

#[test]
fn random_families() {
    let mut writer = Writer::new(11);
    for _ in 0..rounds(4) {
        let all = writer.family("F");
        for made in &all[2..] {
            let text = all.iter().map(Made::text).collect::<Vec<_>>().join("\n");
            let cell = compiled(made, &all);
            assert_eq!(difference(&cell, false), None, "{text}");
            let graph = lower(&cell);
            check_directions(&graph, &format!("{} of\n{text}", made.name));
            check_directions(&simplify(graph), &text);
        }
    }
}

/// What the cells of `tests/random_composed.rs` have to contain, together.
const FORMS: &[&str] = &[
    "a ~ 0.3",
    "    a = ",
    "    n = ",
    "    C_t = ",
    "-> (h_t, C_t) =",
    "C_0 ~ trainable",
    "one([x_t, y_{t-1}])",
    "two(u)",
    "two(u * M_1",
    "^(one) * M_1",
    "_{t-2}^(two))",
    "_{t-1} = tanh(y_{t-1} * M_2)",
    "^(one) * M_6",
];

/// `tests/random_composed.rs` holds what this writer writes; `RANDOM_CELLS=write` writes it again.
#[test]
fn the_families_of_the_whole_compiler() {
    let mut writer = Writer::new(2919);
    let (mut cells, mut tests) = (String::new(), String::new());
    for number in 1..=4 {
        let all = writer.family(&format!("Random{number}"));
        // A difference steps over one of its thresholds.
        if number == 3 {
            continue;
        }
        for made in &all {
            compiled(made, &all);
            cells.push_str(&made.printed());
        }
        let proofs: String = all[2..]
            .iter()
            .map(|made| format!("    proof::prove::<{}<f64>>();\n", made.name))
            .collect();
        write!(tests, "\n#[test]\nfn random_{number}() {{\n{proofs}}}\n").expect("text");
    }
    let missing: Vec<_> = FORMS.iter().filter(|f| !cells.contains(**f)).collect();
    assert!(missing.is_empty(), "no cell has {missing:?}");
    golden(
        "random_composed.rs",
        "Variants of cells that nobody wrote, and cells made of them, through the whole compiler.\n//!",
        &(cells.trim_end_matches('\n').to_owned() + "\n" + &tests),
    );
}
