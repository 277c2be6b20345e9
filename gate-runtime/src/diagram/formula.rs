//! What depends on parameters alone, as a short formula.

use crate::analyse::Patterns;
use crate::info::{CellInfo, OpInfo};

/// The formula of a node in names of symbols, with `_` and `^` as in the equations.
pub(super) fn formula(info: &CellInfo, same: &[usize], id: usize) -> String {
    Formula { info, same }.text(id, 0)
}

struct Formula<'a> {
    info: &'a CellInfo,
    same: &'a [usize],
}

/// How tightly sums, products and the rest hold together.
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const ATOM: u8 = 3;

impl Formula<'_> {
    /// A node in a place that binds as tightly as `level`.
    fn text(&self, id: usize, level: u8) -> String {
        let id = Patterns(self.info).plain(id);
        let graph = &self.info.graph;
        let mut names = graph.named.iter();
        if let Some(&(symbol, _)) = names.find(|&&(_, n)| self.same[n] == self.same[id]) {
            return self.info.symbols[symbol].printed.to_owned();
        }
        let (text, own) = self.spelled(id);
        if own >= level {
            text
        } else {
            format!("({text})")
        }
    }

    fn spelled(&self, id: usize) -> (String, u8) {
        let node = &self.info.graph.nodes[id];
        let arg = |i: usize, level: u8| self.text(node.args[i], level);
        let two = |sign: &str, level: u8, right: u8| {
            (format!("{}{sign}{}", arg(0, level), arg(1, right)), level)
        };
        match node.op {
            OpInfo::Input(s) | OpInfo::Param(s) | OpInfo::Hyper(s) => {
                (self.info.symbols[s].printed.to_owned(), ATOM)
            }
            OpInfo::Number(n) => (number(n), if n < 0.0 { SUM } else { ATOM }),
            OpInfo::Length(extent) => (extent.describe(self.info), ATOM),
            OpInfo::Identity => ("I".into(), ATOM),
            OpInfo::Neg => (format!("−{}", arg(0, PRODUCT)), SUM),
            OpInfo::Add => two(" + ", SUM, SUM),
            OpInfo::Sub => two(" − ", SUM, PRODUCT),
            OpInfo::Mul => two(" ", PRODUCT, PRODUCT),
            OpInfo::MatMat | OpInfo::MatVec => two(" ", PRODUCT, PRODUCT),
            OpInfo::MatVecTransposed => {
                (format!("{}^T {}", arg(0, ATOM), arg(1, PRODUCT)), PRODUCT)
            }
            OpInfo::Div => two(" / ", PRODUCT, ATOM),
            OpInfo::Recip => (format!("1 / {}", arg(0, ATOM)), PRODUCT),
            OpInfo::Transpose => (format!("{}^T", arg(0, ATOM)), ATOM),
            OpInfo::Square => (format!("{}^2", arg(0, ATOM)), ATOM),
            OpInfo::Slice(..) | OpInfo::StopGradient => (arg(0, ATOM), ATOM),
            OpInfo::Sigmoid => (format!("σ({})", arg(0, 0)), ATOM),
            op => {
                let name = format!("{op:?}").to_lowercase();
                let args: Vec<String> = (0..node.args.len()).map(|i| arg(i, 0)).collect();
                (format!("{name}({})", args.join(", ")), ATOM)
            }
        }
    }
}

/// A number in few digits.
fn number(n: f64) -> String {
    let text = format!("{n}");
    let short = if text.len() > 6 {
        format!("{n:.3}")
    } else {
        text
    };
    short.replace('-', "−")
}
