//! The equations of the backward pass, as text: what the adjoint computes, symbol by symbol.
//!
//! `δf_t` is the gradient of the loss by `f_t`, `G_h_t` what the caller gives for an output,
//! `ε_h_t` what flows back to a state from later steps.

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::{Cell, Dim, Role};

use super::formula::{Formulas, Style};

/// `(plain, LaTeX)` for every equation.
pub(crate) fn equations(cell: &Cell, adjoint: &Adjoint) -> Vec<(String, String)> {
    let plain = Writer::new(cell, adjoint, Style::Plain).equations();
    let latex = Writer::new(cell, adjoint, Style::Latex).equations();
    plain.into_iter().zip(latex).collect()
}

struct Writer<'a> {
    cell: &'a Cell,
    adjoint: &'a Adjoint,
    style: Style,
    names: Vec<Option<String>>,
    /// Values that several equations need and that nothing names: `(name, node)`.
    helpers: Vec<(String, Id)>,
}

impl<'a> Writer<'a> {
    fn new(cell: &'a Cell, adjoint: &'a Adjoint, style: Style) -> Writer<'a> {
        let mut writer = Writer {
            cell,
            adjoint,
            style,
            names: vec![None; adjoint.graph.nodes.len()],
            helpers: Vec::new(),
        };
        writer.name_leaves();
        for &(symbol, id) in &adjoint.graph.named {
            writer.names[id] = Some(writer.symbol(symbol, 0));
        }
        for (symbol, _, id) in writer.named_adjoints() {
            writer.names[id] = Some(writer.delta(symbol));
        }
        writer.name_helpers();
        writer
    }

    /// Gives names to what would otherwise be spelled out several times.
    fn name_helpers(&mut self) {
        const WORTH: usize = 4;
        let nodes = &self.adjoint.graph.nodes;
        let mut last = 0;
        let mut uses = vec![0; nodes.len()];
        for node in nodes {
            for &arg in &node.args {
                uses[arg] += 1;
            }
        }
        for id in 0..nodes.len() {
            let long = || self.weight(id) > WORTH;
            if uses[id] > 1 && self.names[id].is_none() && !nodes[id].args.is_empty() && long() {
                let found = (last + 1..).find(|&number| self.free(number));
                last = found.expect("a cell has finitely many symbols");
                let name = match self.style {
                    Style::Plain => format!("a{last}_t"),
                    Style::Latex => format!("a^{{({last})}}_t"),
                };
                self.helpers.push((name.clone(), id));
                self.names[id] = Some(name);
            }
        }
    }

    /// Whether no symbol looks like the helper of this number, in text or in LaTeX: both styles
    /// have the same helpers.
    fn free(&self, number: usize) -> bool {
        let (plain, latex) = (format!("a{number}"), format!("a^{{({number})}}"));
        let mut symbols = self.cell.symbols.iter();
        !symbols.any(|symbol| symbol.printed.contains(&plain) || symbol.latex.contains(&latex))
    }

    /// Operations that spelling a node out takes.
    fn weight(&self, id: Id) -> usize {
        let args = &self.adjoint.graph.nodes[id].args;
        let inner = args.iter().filter(|&&a| self.names[a].is_none());
        1 + inner.map(|&a| self.weight(a)).sum::<usize>()
    }

    /// Adds an equation, and before it those of the helpers that it reads first.
    fn add(&self, equation: String, told: &mut Vec<Id>, out: &mut Vec<String>) {
        for (name, id) in &self.helpers {
            if equation.contains(name.as_str()) && !told.contains(id) {
                told.push(*id);
                self.add(format!("{name} = {}", self.definition(*id)), told, out);
            }
        }
        out.push(equation);
    }

    fn name_leaves(&mut self) {
        for id in 0..self.adjoint.graph.nodes.len() {
            let states = &self.adjoint.graph.states;
            self.names[id] = match &self.adjoint.graph.nodes[id].op {
                Op::Input(symbol) | Op::Param(symbol) | Op::Hyper(symbol) => {
                    Some(self.symbol(*symbol, 0))
                }
                Op::Prev { state, delay } => Some(self.symbol(states[*state].symbol, *delay)),
                Op::Seed(output) => Some(self.given(self.adjoint.graph.outputs[*output].0)),
                Op::Future { state, delay } => Some(self.flow(*state, *delay, 0)),
                Op::Total(index) => Some(self.total(*index)),
                _ => None,
            };
        }
    }

    /// `(symbol, forward node, its adjoint)`, last equation first, where the adjoint is a node
    /// of its own.
    fn named_adjoints(&self) -> Vec<(usize, Id, Id)> {
        let mut out: Vec<(usize, Id, Id)> = Vec::new();
        for &(symbol, id) in self.adjoint.graph.named.iter().rev() {
            let found = self.adjoint.adjoints.iter().find(|(node, _)| *node == id);
            if let Some(&(_, d)) = found {
                let leaf = self.adjoint.graph.nodes[d].args.is_empty();
                if d >= self.adjoint.forward
                    && !leaf
                    && !out.iter().any(|(_, _, other)| *other == d)
                {
                    out.push((symbol, id, d));
                }
            }
        }
        out.sort_by_key(|&(_, id, _)| std::cmp::Reverse(id));
        out
    }

    fn equations(&self) -> Vec<String> {
        let (mut told, mut out) = (Vec::new(), Vec::new());
        for equation in self.plain_equations() {
            self.add(equation, &mut told, &mut out);
        }
        out
    }

    fn plain_equations(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for (symbol, _, d) in self.named_adjoints() {
            out.push(format!("{} = {}", self.delta(symbol), self.definition(d)));
        }
        for &(state, delay, id) in &self.adjoint.states {
            out.push(format!(
                "{} = {}",
                self.flow(state, delay, delay),
                self.text(id)
            ));
        }
        for &(symbol, id) in &self.adjoint.inputs {
            out.push(format!("{} = {}", self.delta(symbol), self.text(id)));
        }
        for (index, &(_, id)) in self.adjoint.shared.iter().enumerate() {
            let sum = if self.style == Style::Plain {
                "sum_t"
            } else {
                r"\sum_t"
            };
            out.push(format!(
                "{} = {sum} {}",
                self.total(index),
                self.bracketed(id)
            ));
        }
        for &(symbol, id) in &self.adjoint.once {
            let also = self
                .adjoint
                .shared
                .iter()
                .any(|&(v, _)| self.adjoint.graph.nodes[v].op == Op::Param(symbol));
            let sign = if also { "+=" } else { "=" };
            out.push(format!("{} {sign} {}", self.delta(symbol), self.text(id)));
        }
        out
    }

    fn formulas<T>(&self, run: impl FnOnce(&Formulas<'_>) -> T) -> T {
        let names = |id: Id| self.names[id].clone();
        let length = |dim: &Dim| self.length(dim);
        run(&Formulas {
            graph: &self.adjoint.graph,
            style: self.style,
            names: &names,
            length: &length,
        })
    }

    fn definition(&self, id: Id) -> String {
        self.formulas(|f| f.definition(id))
    }

    /// The name of a node, or its formula.
    fn text(&self, id: Id) -> String {
        self.names[id]
            .clone()
            .unwrap_or_else(|| self.definition(id))
    }

    fn bracketed(&self, id: Id) -> String {
        match &self.names[id] {
            Some(name) => name.clone(),
            None => self.formulas(|f| f.factor(id)),
        }
    }

    /// A symbol `delay` steps ago; parameters have no index.
    fn symbol(&self, symbol: usize, delay: usize) -> String {
        let symbol = &self.cell.symbols[symbol];
        let base = if self.style == Style::Plain {
            &symbol.printed
        } else {
            &symbol.latex
        };
        match (&symbol.role, delay) {
            (Role::Parameter(_) | Role::Hyper(_) | Role::Constant(_), _) => base.clone(),
            (_, 0) if self.style == Style::Plain => format!("{base}_t"),
            (_, 0) => format!("{{{base}}}_t"),
            (_, d) if self.style == Style::Plain => format!("{base}_{{t-{d}}}"),
            (_, d) => format!("{{{base}}}_{{t-{d}}}"),
        }
    }

    fn delta(&self, symbol: usize) -> String {
        format!(
            "{}{}",
            if self.style == Style::Plain {
                "δ"
            } else {
                r"\delta "
            },
            self.symbol(symbol, 0)
        )
    }

    fn given(&self, symbol: usize) -> String {
        let of = self.symbol(symbol, 0);
        match self.style {
            Style::Plain => format!("G_{of}"),
            Style::Latex => format!(r"\frac{{\partial L}}{{\partial {of}}}"),
        }
    }

    /// What flows back over `delay` steps to the state's value `back` steps ago.
    fn flow(&self, state: usize, delay: usize, back: usize) -> String {
        let of = self.symbol(self.adjoint.graph.states[state].symbol, back);
        let marks = "'".repeat(delay - 1);
        match self.style {
            Style::Plain => format!("ε{marks}_{of}"),
            Style::Latex => format!(r"\varepsilon{marks}_{{{of}}}"),
        }
    }

    /// The summed gradient of a shared value.
    fn total(&self, index: usize) -> String {
        let (value, _) = self.adjoint.shared[index];
        let of = match &self.names[value] {
            Some(name) => name.clone(),
            None => self.formulas(|f| f.factor(value)),
        };
        match self.style {
            Style::Plain => format!("δ{of}"),
            Style::Latex => format!(r"\delta {of}"),
        }
    }

    fn length(&self, dim: &Dim) -> String {
        dim.written(&self.cell.sizes, " + ")
    }
}

#[cfg(test)]
mod tests {
    use super::equations;
    use crate::{grad, ir};

    /// The left sides of the derived equations, as text and in LaTeX.
    fn left_sides(source: &str) -> Vec<(String, String)> {
        let cell = ir::tests::cell(source);
        let adjoint = grad::differentiate(&ir::simplify(ir::lower(&cell)));
        let left = |text: String| text.split(" = ").next().unwrap_or_default().to_owned();
        let each = equations(&cell, &adjoint).into_iter();
        each.map(|(plain, latex)| (left(plain), left(latex)))
            .collect()
    }

    #[test]
    fn helpers_have_names_that_no_symbol_has() {
        let of = |name: &str| {
            left_sides(&format!(
                "pub struct Cell {{
                    {name} = softmax(x_t * W + h_{{t-1}} * U);
                    q = layer_norm({name} .* x_t * V);
                    h_t = tanh(q .* {name} + h_{{t-1}});
                }}"
            ))
        };
        let helper = |number: usize| (format!("a{number}_t"), format!("a^{{({number})}}_t"));
        let (plain, other) = (of("p"), of("a2"));
        assert!(plain.contains(&helper(1)) && plain.contains(&helper(2)));
        // The text and the LaTeX of an equation stand together, and none has the symbol's name.
        assert!(other.contains(&helper(1)) && other.contains(&helper(3)));
        assert!(other.iter().all(|(plain, _)| plain != "a2_t"));
        assert_eq!(plain.len(), other.len());
    }
}
