//! Fused functions.
//!
//! Takes: the element-wise nodes of one phase and width. Gives: one [`MapFn`] with the slots
//! that it reads and writes.

use crate::ir::{Id, Op, Unary};

use super::flow::Work;
use super::schedule::{Line, MapFn, Scalar, SlotId, Value};
use super::storage::Draft;

/// A fused function with its operands.
pub(crate) struct Fused {
    pub(crate) map: MapFn,
    pub(crate) inputs: Vec<SlotId>,
    pub(crate) outputs: Vec<SlotId>,
}

/// Fuses `nodes` (in order); `given` are values that come first among the arguments without a
/// slot (parts of a stage's products); `out` are the values to write, with their slots.
pub(crate) fn fuse(draft: &Draft, nodes: &[Id], given: &[Id], out: &[(Id, SlotId)]) -> Fused {
    let mut build = Build {
        draft,
        map: MapFn {
            inputs: Vec::new(),
            lines: Vec::new(),
            outputs: Vec::new(),
        },
        slots: Vec::new(),
        value: vec![None; draft.flow.nodes.len()],
    };
    for &id in given {
        build.value[id] = Some(Value::Input(build.map.inputs.len()));
        build.map.inputs.push(draft.names[id].clone());
    }
    for &id in nodes {
        build.line(id);
    }
    let outputs = out.iter().map(|&(id, _)| build.argument(id)).collect();
    build.map.outputs = outputs;
    Fused {
        map: build.map,
        inputs: build.slots,
        outputs: out.iter().map(|&(_, slot)| slot).collect(),
    }
}

struct Build<'a> {
    draft: &'a Draft,
    map: MapFn,
    slots: Vec<SlotId>,
    value: Vec<Option<Value>>,
}

impl Build<'_> {
    /// The value of a node as an argument: a line, a number, or a new input.
    fn argument(&mut self, id: Id) -> Value {
        if let Some(value) = self.value[id] {
            return value;
        }
        let value = match (self.draft.flow.nodes[id].number(), self.draft.slot[id]) {
            (Some(number), _) => Value::Number(number),
            (None, slot) => {
                let slot = slot.expect("a value read across instructions has a place");
                self.slots.push(slot);
                self.map.inputs.push(self.draft.names[id].clone());
                Value::Input(self.map.inputs.len() - 1)
            }
        };
        self.value[id] = Some(value);
        value
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
        debug_assert!(op != Scalar::Unary(Unary::Neg) || args.len() == 1);
        self.value[id] = Some(Value::Line(self.map.lines.len()));
        self.map.lines.push(Line {
            name: self.draft.names[id].clone(),
            op,
            args,
            origin: node.origin,
        });
    }
}
