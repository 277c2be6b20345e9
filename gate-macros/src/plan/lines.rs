//! Fused functions.
//!
//! Takes: the element-wise nodes of one phase and width. Gives: one [`MapFn`] with the slots
//! that it reads and writes. Of a function of matrices it says what each argument has a number for.

use crate::ir::{Id, Op};
use crate::model::Shape;

use super::flow::Work;
use super::schedule::{Line, MapFn, Per, Scalar, SlotId, Value};
use super::storage::Draft;

/// A fused function with its operands.
pub(crate) struct Fused {
    pub(crate) map: MapFn,
    pub(crate) inputs: Vec<SlotId>,
    pub(crate) outputs: Vec<SlotId>,
}

/// Fuses `nodes` (in order); `given` are values that come first among the arguments without a
/// slot (parts of a stage's products); `out` are the values to write with their slots, and what of
/// each: itself, or sums.
pub(crate) fn fuse(draft: &Draft, nodes: &[Id], given: &[Id], out: &[(Id, Per, SlotId)]) -> Fused {
    let mut build = Build {
        draft,
        map: MapFn {
            inputs: Vec::new(),
            lines: Vec::new(),
            outputs: Vec::new(),
            per: None,
        },
        slots: Vec::new(),
        takes: Vec::new(),
        value: vec![None; draft.flow.nodes.len()],
    };
    for &id in given {
        build.value[id] = Some(Value::Input(build.map.inputs.len()));
        build.map.inputs.push(draft.names[id].clone());
    }
    for &id in nodes {
        if !matches!(draft.flow.nodes[id].op, Work::Spread(_)) {
            build.line(id);
        }
    }
    let outputs = out.iter().map(|&(id, ..)| build.argument(id)).collect();
    build.map.outputs = outputs;
    let gives: Vec<Per> = out.iter().map(|&(_, per, _)| per).collect();
    let along = |per: &Per| matches!(per, Per::Line | Per::Column);
    if build.takes.iter().any(along) || gives.iter().any(|&per| per != Per::Element) {
        build.map.per = Some((build.takes, gives));
    }
    Fused {
        map: build.map,
        inputs: build.slots,
        outputs: out.iter().map(|&(.., slot)| slot).collect(),
    }
}

struct Build<'a> {
    draft: &'a Draft,
    map: MapFn,
    slots: Vec<SlotId>,
    takes: Vec<Per>,
    value: Vec<Option<Value>>,
}

impl Build<'_> {
    /// The value of a node as an argument: a line, a number, or a new input.
    fn argument(&mut self, id: Id) -> Value {
        if let Some(value) = self.value[id] {
            return value;
        }
        let node = &self.draft.flow.nodes[id];
        let value = match (node.number(), &node.op, &node.shape) {
            (Some(number), ..) => Value::Number(number),
            (None, Work::Spread(per), _) => self.input(node.args[0], *per),
            (None, _, Shape::Scalar) => self.input(id, Per::Matrix),
            _ => self.input(id, Per::Element),
        };
        self.value[id] = Some(value);
        value
    }

    /// A new input.
    fn input(&mut self, id: Id, per: Per) -> Value {
        let slot = self.draft.slot[id];
        self.slots
            .push(slot.expect("a value read across instructions has a place"));
        self.takes.push(per);
        self.map.inputs.push(self.draft.names[id].clone());
        Value::Input(self.map.inputs.len() - 1)
    }

    /// Adds the line of an element-wise node.
    fn line(&mut self, id: Id) {
        let node = &self.draft.flow.nodes[id];
        let args: Vec<Value> = node.args.iter().map(|&a| self.argument(a)).collect();
        let op = match &node.op {
            Work::Op(Op::Unary(op)) => Scalar::Unary(*op),
            Work::Op(Op::Binary(op)) => Scalar::Binary(*op),
            Work::Op(Op::Select(op)) => Scalar::Select(*op),
            _ => {
                self.value[id] = Some(args[0]);
                return;
            }
        };
        self.value[id] = Some(Value::Line(self.map.lines.len()));
        self.map.lines.push(Line {
            name: self.draft.names[id].clone(),
            numbered: self.draft.numbered[id],
            op,
            args,
            origin: node.origin,
        });
    }
}
