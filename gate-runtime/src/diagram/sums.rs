//! Sums and products: terms and factors gathered over several operations; products with their
//! biases become one box.

use crate::info::OpInfo;

use super::build::Build;
use super::figure::{Input, NodeId, Shape, plain};

impl Build<'_> {
    /// Factors of a product, those inside of it included.
    fn factors(&self, id: usize, out: &mut Vec<usize>) {
        for &arg in self.args(id) {
            let arg = self.at(arg);
            let product = self.op(arg) == OpInfo::Mul && self.inner(arg) && !self.special(arg);
            match product && !self.fixed[arg] {
                true => self.factors(arg, out),
                false => out.push(arg),
            }
        }
    }

    fn special(&self, id: usize) -> bool {
        let args = self.args(id);
        self.find.normalised(id).is_some()
            || self.find.softmax(id).is_some()
            || matches!(self.op(args[1]), OpInfo::Dropout(_))
            || self.find.argument(args[1], OpInfo::Sigmoid) == Some(args[0])
    }

    pub(super) fn multiplied(&mut self, id: usize) -> NodeId {
        let mut factors = Vec::new();
        self.factors(id, &mut factors);
        let (fixed, moving): (Vec<usize>, Vec<usize>) =
            factors.into_iter().partition(|&f| self.fixed[f]);
        let inputs = self.nodes(&moving);
        let node = match inputs.len() {
            1 => inputs[0].from,
            _ => self.push(Shape::Circle("×"), inputs),
        };
        if fixed.is_empty() {
            return node;
        }
        let texts: Vec<String> = fixed.iter().map(|&f| self.formula(f)).collect();
        self.push(
            Shape::Pill(format!("× {}", texts.join(" × "))),
            vec![plain(node)],
        )
    }

    /// Terms of a sum with their signs, those inside of it included.
    fn terms(&self, id: usize, sign: bool, top: bool, out: &mut Vec<(usize, bool)>) {
        let id = self.at(id);
        let open = top || self.inner(id) && !self.fixed[id];
        let special = self.find.zoneout(id).is_some()
            || self.op(id) == OpInfo::Neg
                && self
                    .find
                    .argument(self.args(id)[0], OpInfo::Softplus)
                    .is_some();
        match self.op(id) {
            OpInfo::Add | OpInfo::Sub if open && (top || !special) => {
                let second = if self.op(id) == OpInfo::Add {
                    sign
                } else {
                    !sign
                };
                self.terms(self.args(id)[0], sign, false, out);
                self.terms(self.args(id)[1], second, false, out);
            }
            OpInfo::Neg if open && (top || !special) => {
                self.terms(self.args(id)[0], !sign, false, out);
            }
            _ => out.push((id, sign)),
        }
    }

    /// The factors of a dot product, the one that depends on parameters alone first.
    pub(super) fn dot(&self, id: usize) -> Option<(usize, usize)> {
        let product = self.at(self.find.argument(id, OpInfo::Sum)?);
        let &[a, b] = self.args(product) else {
            return None;
        };
        let (a, b) = (self.at(a), self.at(b));
        match (self.op(product), self.fixed[a], self.fixed[b]) {
            (OpInfo::Mul, _, false) => Some((a, b)),
            (OpInfo::Mul, false, true) => Some((b, a)),
            _ => None,
        }
    }

    /// A product's line and the value that it multiplies.
    fn line(&self, id: usize) -> Option<(String, usize)> {
        let args = self.args(id);
        match self.op(id) {
            OpInfo::MatVec if self.fixed[args[0]] => Some((self.formula(args[0]), args[1])),
            OpInfo::MatVecTransposed if self.fixed[args[0]] => {
                Some((self.formula(args[0]), args[1]))
            }
            OpInfo::Sum => {
                let (fixed, moving) = self.dot(id)?;
                self.fixed[fixed].then(|| (format!("{} ·", self.formula(fixed)), moving))
            }
            _ => None,
        }
    }

    /// A line of a parameter that multiplies unit by unit.
    fn unitwise(&self, id: usize) -> Option<(String, usize)> {
        let &[a, b] = self.args(id) else { return None };
        let (a, b) = (self.at(a), self.at(b));
        match (self.op(id), self.fixed[a], self.fixed[b]) {
            (OpInfo::Mul, true, false) => Some((format!("{} ⊙", self.formula(a)), b)),
            (OpInfo::Mul, false, true) => Some((format!("{} ⊙", self.formula(b)), a)),
            _ => None,
        }
    }

    pub(super) fn sum(&mut self, id: usize) -> NodeId {
        let mut terms = Vec::new();
        self.terms(id, true, true, &mut terms);
        let lines = |this: &Self, term: usize| match term == id || this.inner(term) {
            true => this.line(term),
            false => None,
        };
        let affine = terms.iter().any(|&(t, _)| lines(self, t).is_some());
        let (mut rows, mut inputs) = (Vec::new(), Vec::new());
        let (mut fixed, mut rest) = (Vec::new(), Vec::new());
        for (term, sign) in terms {
            let unitwise = |this: &Self| match affine && this.inner(term) {
                true => this.unitwise(term),
                false => None,
            };
            match lines(self, term).or_else(|| unitwise(self)) {
                _ if self.fixed[term] => fixed.push((term, sign)),
                Some((text, of)) => {
                    let from = self.node(of);
                    inputs.push(Input {
                        from,
                        mark: None,
                        line: Some(rows.len()),
                    });
                    rows.push(if sign { text } else { format!("− {text}") });
                }
                None => rest.push((term, sign)),
            }
        }
        if affine {
            for (term, sign) in fixed.drain(..) {
                let text = self.formula(term);
                rows.push(format!("{} {text}", if sign { "+" } else { "−" }));
            }
            let node = self.push(Shape::Product(rows), inputs);
            return self.added(Some(node), rest, &[]);
        }
        match (self.op(id), rest.as_slice()) {
            // A product of two values that both change.
            (OpInfo::MatVec | OpInfo::MatVecTransposed | OpInfo::MatMat, _) => {
                let inputs = self.nodes(self.args(id));
                self.push(Shape::Product(vec!["M v".into()]), inputs)
            }
            (OpInfo::Sum, _) => {
                let (a, b) = self.dot(id).unwrap_or((id, id));
                let inputs = self.nodes(&[a, b]);
                self.push(Shape::Product(vec!["u · v".into()]), inputs)
            }
            _ => self.added(None, rest, &fixed),
        }
    }

    /// Values added up, then what depends on parameters alone.
    fn added(
        &mut self,
        first: Option<NodeId>,
        rest: Vec<(usize, bool)>,
        fixed: &[(usize, bool)],
    ) -> NodeId {
        let mut inputs: Vec<Input> = first.map(plain).into_iter().collect();
        for (term, sign) in rest {
            let from = self.node(term);
            inputs.push(Input {
                from,
                mark: (!sign).then_some("−"),
                line: None,
            });
        }
        let mut texts = String::new();
        for &(term, sign) in fixed {
            let text = self.formula(term);
            let lead = match (texts.is_empty(), sign) {
                (true, true) => "",
                (true, false) => "−",
                (false, true) => " + ",
                (false, false) => " − ",
            };
            texts.push_str(lead);
            texts.push_str(&text);
        }
        let single = inputs.len() == 1;
        let negative = single && inputs[0].mark.is_some();
        let node = if single {
            inputs[0].from
        } else {
            self.push(Shape::Circle("+"), inputs)
        };
        let text = match (texts.is_empty(), negative) {
            (true, false) => return node,
            (true, true) => "−".to_owned(),
            (false, true) => format!("{texts} −"),
            (false, false) => match texts.strip_prefix('−') {
                Some(rest) => format!("− {rest}"),
                None => format!("+ {texts}"),
            },
        };
        self.push(Shape::Pill(text), vec![plain(node)])
    }
}
