//! One step of one row: every node of the graph, one scalar operation after the other.
//!
//! Takes: the description, sizes, parameters, inputs and states as numbers on a list. Gives: the
//! elements of every node. It follows the graph as it stands, without a plan.

use crate::info::{CellInfo, Extent, NodeInfo, OpInfo, RoleInfo, elements};

use super::wengert::{Binary, Unary, Var, Wengert};

/// Elements of a value, row-major.
pub(super) type Value = Vec<Var>;

/// Gives the multiplier of a random mask: index of the mask, step, row, element.
pub(super) type Masks<'a> = dyn Fn(usize, usize, usize, usize) -> f64 + 'a;

/// What a step reads.
pub(super) struct Step<'a> {
    pub(super) info: &'a CellInfo,
    pub(super) sizes: &'a [usize],
    /// For each symbol: parameters, hyper-parameters and the inputs of this step; else empty.
    pub(super) symbols: &'a [Value],
    /// For each state: its history, newest first.
    pub(super) states: &'a [Vec<Value>],
    pub(super) masks: Option<&'a Masks<'a>>,
    pub(super) time: usize,
    pub(super) row: usize,
}

impl Step<'_> {
    /// The elements of every node.
    pub(super) fn evaluate(&self, list: &mut Wengert) -> Vec<Value> {
        self.evaluate_some(list, &vec![true; self.info.graph.nodes.len()])
    }

    /// The elements of the nodes that are needed; none of the others.
    pub(super) fn evaluate_some(&self, list: &mut Wengert, needed: &[bool]) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::with_capacity(needed.len());
        for (node, needed) in self.info.graph.nodes.iter().zip(needed) {
            let value = match needed {
                true => self.node(list, node, &values),
                false => Vec::new(),
            };
            values.push(value);
        }
        values
    }

    fn size(&self, shape: &[Extent]) -> usize {
        elements(shape, self.sizes)
    }

    fn node(&self, list: &mut Wengert, node: &NodeInfo, values: &[Value]) -> Value {
        let argument = |i: usize| values[node.args[i]].as_slice();
        let count = self.size(node.shape);
        if let Some(op) = unary(node.op) {
            return (0..count)
                .map(|k| list.unary(op, at(argument(0), k)))
                .collect();
        }
        if let Some(op) = binary(node.op) {
            return (0..count)
                .map(|k| list.binary(op, at(argument(0), k), at(argument(1), k)))
                .collect();
        }
        match node.op {
            OpInfo::Input(symbol) | OpInfo::Param(symbol) | OpInfo::Hyper(symbol) => {
                self.symbols[symbol].clone()
            }
            OpInfo::Prev(state, delay) => self.states[state][delay - 1].clone(),
            OpInfo::Number(number) => vec![Var::constant(number); count],
            OpInfo::Length(extent) => vec![Var::constant(extent.of(self.sizes) as f64); count],
            OpInfo::Identity => {
                let columns = node.shape[1].of(self.sizes);
                (0..count)
                    .map(|k| Var::constant(f64::from(u8::from(k / columns == k % columns))))
                    .collect()
            }
            OpInfo::Dropout(mask) => self.mask(mask, count, |_| Var::constant(1.0)),
            OpInfo::Zoneout(mask) => self.mask(mask, count, |k| at(argument(0), k)),
            OpInfo::SelectGreater => self.select(count, values, node, |a, b| a > b),
            OpInfo::SelectGreaterEq => self.select(count, values, node, |a, b| a >= b),
            OpInfo::Spread => vec![argument(0)[0]; count],
            OpInfo::StopGradient => (0..count)
                .map(|k| Var::constant(at(argument(0), k).value))
                .collect(),
            OpInfo::Sum => vec![sum(list, argument(0))],
            OpInfo::Largest => vec![list.largest(argument(0))],
            OpInfo::CumSum => running(list, argument(0).iter()),
            OpInfo::CumSumReversed => {
                let mut sums = running(list, argument(0).iter().rev());
                sums.reverse();
                sums
            }
            OpInfo::Concat => node
                .args
                .iter()
                .flat_map(|&a| values[a].iter().copied())
                .collect(),
            OpInfo::Slice(axis, from) => self.slice(node, values, axis, from),
            OpInfo::Pad(axis, from) => self.pad(node, values, axis, from),
            _ => self.product(list, node, values),
        }
    }

    fn mask(&self, mask: usize, count: usize, otherwise: impl Fn(usize) -> Var) -> Value {
        let element = |k: usize| match self.masks {
            Some(masks) => Var::constant(masks(mask, self.time, self.row, k)),
            None => otherwise(k),
        };
        (0..count).map(element).collect()
    }

    fn select(
        &self,
        count: usize,
        values: &[Value],
        node: &NodeInfo,
        holds: fn(f64, f64) -> bool,
    ) -> Value {
        let argument = |i: usize, k: usize| at(&values[node.args[i]], k);
        let chosen = |k: usize| {
            if holds(argument(0, k).value, argument(1, k).value) {
                2
            } else {
                3
            }
        };
        (0..count).map(|k| argument(chosen(k), k)).collect()
    }

    /// Rows and columns of a node's argument; a vector is a column.
    fn dims(&self, node: &NodeInfo, argument: usize) -> (usize, usize) {
        dims(self.info.graph.nodes[node.args[argument]].shape, self.sizes)
    }

    fn product(&self, list: &mut Wengert, node: &NodeInfo, values: &[Value]) -> Value {
        let argument = |i: usize| values[node.args[i]].as_slice();
        let (rows, columns) = self.dims(node, 0);
        match node.op {
            OpInfo::MatVec => {
                let (m, v) = (argument(0), argument(1));
                (0..rows)
                    .map(|r| dot(list, columns, |k| (m[r * columns + k], v[k])))
                    .collect()
            }
            OpInfo::MatVecTransposed => {
                let (m, v) = (argument(0), argument(1));
                (0..columns)
                    .map(|c| dot(list, rows, |k| (m[k * columns + c], v[k])))
                    .collect()
            }
            OpInfo::MatMat => {
                let (a, b, width) = (argument(0), argument(1), self.dims(node, 1).1);
                let mut out = Vec::with_capacity(rows * width);
                for r in 0..rows {
                    out.extend(
                        (0..width).map(|c| {
                            dot(list, columns, |k| (a[r * columns + k], b[k * width + c]))
                        }),
                    );
                }
                out
            }
            OpInfo::Transpose => (0..rows * columns)
                .map(|k| argument(0)[(k % rows) * columns + k / rows])
                .collect(),
            OpInfo::Outer => {
                let (u, v) = (argument(0), argument(1));
                u.iter()
                    .flat_map(|&a| v.iter().map(move |&b| (a, b)))
                    .map(|(a, b)| list.binary(Binary::Mul, a, b))
                    .collect()
            }
            other => unreachable!("{other:?} is evaluated elsewhere"),
        }
    }

    fn slice(&self, node: &NodeInfo, values: &[Value], axis: usize, from: Extent) -> Value {
        let (source, columns) = (&values[node.args[0]], self.dims(node, 0).1);
        let (rows, width) = dims(node.shape, self.sizes);
        let (down, right) = shift(axis, from.of(self.sizes));
        let element = |r: usize, c: usize| source[(r + down) * columns + c + right];
        (0..rows * width)
            .map(|k| element(k / width, k % width))
            .collect()
    }

    fn pad(&self, node: &NodeInfo, values: &[Value], axis: usize, from: Extent) -> Value {
        let (rows, columns) = self.dims(node, 0);
        let (height, width) = dims(node.shape, self.sizes);
        let (down, right) = shift(axis, from.of(self.sizes));
        let mut out = vec![Var::constant(0.0); height * width];
        for (k, &element) in values[node.args[0]].iter().enumerate().take(rows * columns) {
            out[(k / columns + down) * width + k % columns + right] = element;
        }
        out
    }
}

/// An element; a scalar has it everywhere.
fn at(value: &[Var], k: usize) -> Var {
    if value.len() == 1 { value[0] } else { value[k] }
}

/// Rows and columns; a vector is a column.
fn dims(shape: &[Extent], sizes: &[usize]) -> (usize, usize) {
    let length = |axis: usize| shape.get(axis).map_or(1, |e| e.of(sizes));
    (length(0), length(1))
}

/// An offset along an axis as rows down and columns to the right.
fn shift(axis: usize, offset: usize) -> (usize, usize) {
    if axis == 0 { (offset, 0) } else { (0, offset) }
}

fn sum(list: &mut Wengert, values: &[Var]) -> Var {
    values.iter().fold(Var::constant(0.0), |sum, &v| {
        list.binary(Binary::Add, sum, v)
    })
}

/// Sums up to each value.
fn running<'v>(list: &mut Wengert, values: impl Iterator<Item = &'v Var>) -> Value {
    let mut sum = Var::constant(0.0);
    values
        .map(|&v| {
            sum = list.binary(Binary::Add, sum, v);
            sum
        })
        .collect()
}

fn dot(list: &mut Wengert, count: usize, factors: impl Fn(usize) -> (Var, Var)) -> Var {
    (0..count).fold(Var::constant(0.0), |sum, k| {
        let (a, b) = factors(k);
        list.multiply_add(a, b, sum)
    })
}

fn unary(op: OpInfo) -> Option<Unary> {
    Some(match op {
        OpInfo::Neg => Unary::Neg,
        OpInfo::Sigmoid => Unary::Sigmoid,
        OpInfo::Tanh => Unary::Tanh,
        OpInfo::Relu => Unary::Relu,
        OpInfo::Exp => Unary::Exp,
        OpInfo::ExpM1 => Unary::ExpM1,
        OpInfo::Log => Unary::Log,
        OpInfo::Softplus => Unary::Softplus,
        OpInfo::Sqrt => Unary::Sqrt,
        OpInfo::Recip => Unary::Recip,
        OpInfo::Square => Unary::Square,
        OpInfo::Abs => Unary::Abs,
        OpInfo::Sign => Unary::Sign,
        OpInfo::Sin => Unary::Sin,
        OpInfo::Cos => Unary::Cos,
        OpInfo::Silu => Unary::Silu,
        OpInfo::SiluSlope => Unary::SiluSlope,
        OpInfo::Gelu => Unary::Gelu,
        OpInfo::GeluSlope => Unary::GeluSlope,
        _ => return None,
    })
}

fn binary(op: OpInfo) -> Option<Binary> {
    Some(match op {
        OpInfo::Add => Binary::Add,
        OpInfo::Sub => Binary::Sub,
        OpInfo::Mul => Binary::Mul,
        OpInfo::Div => Binary::Div,
        OpInfo::Pow => Binary::Pow,
        OpInfo::Min => Binary::Min,
        OpInfo::Max => Binary::Max,
        _ => return None,
    })
}

/// Indices of the symbols of one role, in order.
pub(super) fn symbols(info: &CellInfo, wanted: fn(&RoleInfo) -> bool) -> Vec<usize> {
    (0..info.symbols.len())
        .filter(|&s| wanted(&info.symbols[s].role))
        .collect()
}
