//! The card of a cell: everything that its definition says about it, as text.

use std::fmt;

use crate::info::{CellInfo, RoleInfo, SymbolInfo};
use crate::sizes::expect_countable;
use crate::words::counted;

/// A cell's card for certain sizes: printed, it is a table of lines.
#[derive(Clone, Debug)]
pub struct Card<'i> {
    info: &'i CellInfo,
    sizes: Vec<usize>,
}

impl CellInfo {
    /// The card: kind, sizes, states, gates, cost, equations, structure of the Jacobian.
    ///
    /// # Panics
    ///
    /// If the number of sizes is wrong, or what they make cannot be counted.
    pub fn card(&self, sizes: &[usize]) -> Card<'_> {
        expect_countable(self, sizes);
        let sizes = sizes.to_vec();
        Card { info: self, sizes }
    }
}

impl fmt::Display for Card<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.info;
        let mut line = |label: &str, text: String| line(f, label, text);
        line("cell", info.name.to_owned())?;
        line("variant of", info.parent.unwrap_or_default().to_owned())?;
        line("about", info.about.to_owned())?;
        let kind = info.recognise();
        line("recognised as", kind.to_string())?;
        line("recurrence", info.recurrence().to_string())?;
        line("sizes", self.sizes_text())?;
        line("inputs", symbols(info, |s| s.role == RoleInfo::Input))?;
        line(
            "outputs",
            join(info.outputs.iter().map(|&s| printed(info, s))),
        )?;
        line(
            "states",
            join(info.states().iter().map(|&s| printed(info, s))),
        )?;
        line("gates", self.gates())?;
        let order = kind.order().map(|order| order.to_string());
        line("order of gates", order.unwrap_or_default())?;
        self.costs(f)?;
        writeln!(f, "\nJacobian of the step")?;
        self.jacobian(f)?;
        if !info.notes.is_empty() {
            writeln!(f, "\nNotes")?;
        }
        info.notes
            .iter()
            .try_for_each(|note| writeln!(f, "  {note}"))
    }
}

/// A line of the card; nothing where there is nothing to say.
fn line(f: &mut fmt::Formatter<'_>, label: &str, text: String) -> fmt::Result {
    match text.is_empty() {
        true => Ok(()),
        false => writeln!(f, "{label:18}{text}"),
    }
}

impl Card<'_> {
    fn costs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |label: &str, text: String| line(f, label, text);
        let info = self.info;
        let cost = info.cost(&self.sizes);
        line("parameters", cost.parameters.to_string())?;
        line(
            "multiply-adds",
            format!(
                "{} forward, {} backward, per step and row",
                cost.multiply_adds, cost.backward_multiply_adds
            ),
        )?;
        line(
            "element-wise",
            format!(
                "{}, {}",
                counted(cost.elementwise, "operation"),
                counted(cost.activations, "activation")
            ),
        )?;
        line(
            "tape",
            format!(
                "{} per step and row ({} bytes in f32){}",
                counted(cost.tape, "number"),
                4 * cost.tape,
                // Only areas of several lengths can be those of memories that are matrices.
                match info.tape.iter().any(|area| area.len() > 1) {
                    true => "; long sequences keep matrices of every few steps",
                    false => "",
                }
            ),
        )?;
        line(
            "longest chain",
            format!("{} from step to step", counted(cost.chain, "operation")),
        )
    }

    fn sizes_text(&self) -> String {
        let each = self.info.sizes.iter().zip(&self.sizes);
        join(each.map(|(size, value)| format!("{} = {value}", size.name)))
    }

    fn gates(&self) -> String {
        let gates = self.info.gates().into_iter();
        join(gates.map(|g| format!("{} ({})", printed(self.info, g.symbol), g.activation)))
    }

    fn jacobian(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |state: usize| printed(self.info, self.info.graph.states[state].symbol);
        let blocks = self.info.jacobian();
        if blocks.is_empty() {
            return writeln!(f, "  no state");
        }
        let left = |block: &super::JacobianBlock| {
            format!(
                "d {}_t / d {}_{{t-{}}}",
                name(block.of),
                name(block.by),
                block.delay
            )
        };
        let width = blocks.iter().map(|b| left(b).chars().count()).max();
        for block in &blocks {
            let (left, pad) = (left(block), width.unwrap_or(0));
            let linear = match block.linear && block.structure != super::Structure::Zero {
                true => ", free of states",
                false => "",
            };
            let structure = block.structure.describe(self.info);
            writeln!(f, "  {left:pad$}  {structure}{linear}")?;
        }
        Ok(())
    }
}

fn printed(info: &CellInfo, symbol: usize) -> String {
    info.symbols[symbol].printed.to_owned()
}

fn symbols(info: &CellInfo, wanted: fn(&SymbolInfo) -> bool) -> String {
    let each = info.symbols.iter().filter(|s| wanted(s));
    join(each.map(|s| s.printed.to_owned()))
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<String>>().join(", ")
}
