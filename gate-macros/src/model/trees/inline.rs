//! A call of an inner cell: its equations with the arguments in the place of inputs and states.

use std::collections::BTreeMap;

use crate::diag::{self, Place};
use crate::model::SymbolId;
use crate::model::symbols::{Inner, label, labelled, of_instance};
use crate::syntax::{Expr, SizeExpr};

use super::build::Builder;
use super::tree::{Node, Part, Resolved, Tree};

/// What stands for a symbol of the inner cell.
#[derive(Clone, Copy)]
struct Stand {
    symbol: SymbolId,
    /// Steps to add to each delay.
    later: usize,
}

/// What stands for the symbols of the inner cell in one call.
struct Scope {
    /// At any delay.
    symbols: Vec<Option<Stand>>,
    /// For earlier values of states that the call is given, at delay one and more.
    earlier: BTreeMap<SymbolId, Stand>,
    /// The instance's label, which its sizes have too.
    label: String,
}

impl Builder<'_> {
    /// The value of a call: the inner cell's first output.
    pub(super) fn call_cell(&mut self, instance: usize, arguments: &[Expr], place: Place) -> Node {
        let inner = self.table.instances[instance].inner.clone();
        let name = self.table.instances[instance].key.printed();
        let given = self.given(instance, arguments, place);
        // Those in the arguments come first.
        self.table.instances[instance].calls += 1;
        let call = self.table.instances[instance].calls;
        let Some((inputs, given)) = given else {
            return Node::Unknown;
        };
        let open = inner.state_ids().find(|id| !given.contains_key(id));
        if let Some(state) = open.filter(|_| call > 1) {
            self.diagnostics
                .push(diag::cell_called_twice(place, &name, &inner.name(state)));
            return Node::Unknown;
        }
        let mut scope = self.scope(instance, call);
        for (&id, value) in inner.inputs.iter().zip(inputs) {
            self.stand_for_input(&mut scope, &inner, id, value);
        }
        for (id, value) in given {
            self.stand_for_state(&mut scope, &inner, id, value, (instance, call));
        }
        self.equations_of(&inner, &scope, call);
        match inner.outputs.first().and_then(|&id| scope.symbols[id]) {
            Some(Stand { symbol, .. }) => {
                self.mention(symbol);
                Node::Read { symbol, delay: 0 }
            }
            None => Node::Unknown,
        }
    }

    /// The inner symbols as they are called here; values of a further call have its number.
    fn scope(&mut self, instance: usize, call: usize) -> Scope {
        let inner = self.table.instances[instance].inner.clone();
        let label = format!("{},{call}", label(&self.table.instances[instance].key));
        let mut symbols = self.table.instances[instance].symbols.clone();
        for (id, entry) in inner.table.symbols.iter().enumerate() {
            if call > 1 && symbols[id].is_some() && inner.varies(id) {
                let here = self
                    .table
                    .symbol(&labelled(&entry.key, &label), entry.place);
                self.table.symbols[here].timed |= entry.timed;
                self.table.symbols[here].defined = entry.defined;
                self.table.symbols[here].known = inner.known[id].clone();
                symbols[id] = Some(here);
            }
        }
        let stand = |symbol| Stand { symbol, later: 0 };
        Scope {
            symbols: symbols.into_iter().map(|id| id.map(stand)).collect(),
            earlier: BTreeMap::new(),
            label: self.table.instances[instance].key.printed(),
        }
    }

    /// A symbol in the place of an input; an argument that is more than a symbol is given a name.
    fn stand_for_input(&mut self, scope: &mut Scope, inner: &Inner, id: SymbolId, value: Tree) {
        let declared = inner.table.symbols[id].declared.place.is_some();
        if let Node::Read { symbol, delay } = value.node
            && !declared
        {
            scope.symbols[id] = Some(Stand {
                symbol,
                later: delay,
            });
        } else if let Some(stand) = scope.symbols[id] {
            self.name_value(stand.symbol, value);
        }
    }

    /// A symbol in the place of a state's earlier values.
    fn stand_for_state(
        &mut self,
        scope: &mut Scope,
        inner: &Inner,
        id: SymbolId,
        value: Tree,
        (instance, call): (usize, usize),
    ) {
        let place = value.place;
        let stand = match value.node {
            Node::Read { symbol, delay } => Stand {
                symbol,
                later: delay,
            },
            _ => {
                let label = label(&self.table.instances[instance].key);
                let label = match call {
                    1 => format!("{label},old"),
                    call => format!("{label},{call},old"),
                };
                let key = labelled(&inner.table.symbols[id].key, &label);
                let symbol = self.table.symbol(&key, value.place);
                self.table.symbols[symbol].known = inner.known[id].clone();
                self.name_value(symbol, value);
                Stand { symbol, later: 0 }
            }
        };
        if let Some(state) = scope.symbols[id] {
            self.table.given.push((state.symbol, stand.symbol, place));
        }
        scope.earlier.insert(id, stand);
    }

    /// An equation that gives a symbol the value of an argument.
    fn name_value(&mut self, symbol: SymbolId, right: Tree) {
        let place = right.place;
        self.table.symbols[symbol].defined = Some(place);
        self.mention(symbol);
        self.inner.push(Resolved {
            left: symbol,
            right,
            place,
        });
    }

    fn equations_of(&mut self, inner: &Inner, scope: &Scope, call: usize) {
        for &(state, given, place) in &inner.table.given {
            if let (Some(state), Some(given)) = (scope.symbols[state], scope.symbols[given]) {
                self.table.given.push((state.symbol, given.symbol, place));
            }
        }
        for equation in &inner.equations {
            let Some(left) = scope.symbols[equation.left] else {
                continue;
            };
            if call > 1 && !inner.varies(equation.left) {
                continue;
            }
            self.mention(left.symbol);
            let right = self.inlined(&equation.right, scope);
            self.inner.push(Resolved {
                left: left.symbol,
                right,
                place: equation.place,
            });
        }
    }

    /// A tree of the inner cell in symbols of the outer one.
    fn inlined(&mut self, tree: &Tree, scope: &Scope) -> Tree {
        self.nodes += 1;
        let mut go = |tree: &Tree| self.inlined(tree, scope);
        let node = match &tree.node {
            Node::Unknown => Node::Unknown,
            Node::Number(value) => Node::Number(*value),
            Node::Read { symbol, delay } => match scope.at(*symbol, *delay) {
                Some((symbol, delay)) => {
                    self.mention(symbol);
                    Node::Read { symbol, delay }
                }
                None => Node::Unknown,
            },
            Node::Negate(a) => Node::Negate(Box::new(go(a))),
            Node::Transpose(a) => Node::Transpose(Box::new(go(a))),
            Node::Binary(operator, a, b) => {
                let a = Box::new(go(a));
                Node::Binary(*operator, a, Box::new(go(b)))
            }
            Node::Power(a, b) => {
                let a = Box::new(go(a));
                Node::Power(a, Box::new(go(b)))
            }
            Node::Slice(a, part) => {
                let Some(part) = scope.part(part) else {
                    return Tree::unknown(tree.place);
                };
                Node::Slice(Box::new(go(a)), part)
            }
            Node::Chain(parts) => Node::Chain(parts.iter().map(go).collect()),
            Node::Concat(parts) => Node::Concat(parts.iter().map(go).collect()),
            Node::Call(function, parts) => Node::Call(*function, parts.iter().map(go).collect()),
            Node::Select { strict, parts } => Node::Select {
                strict: *strict,
                parts: Box::new(parts.each_ref().map(go)),
            },
        };
        Tree {
            node,
            place: tree.place,
        }
    }

    /// Reports inner cells that are not called, and forgets the start of states that no call
    /// carries on.
    pub(super) fn finish_instances(&mut self, equations: &[Resolved]) {
        let mut carried = vec![false; self.table.symbols.len()];
        for equation in equations {
            equation
                .right
                .reads(&mut |symbol, delay, _| carried[symbol] |= delay > 0);
        }
        for instance in &self.table.instances {
            // An equation that is lost to a mistake may have called it.
            if instance.calls == 0 && !self.diagnostics.any() {
                let name = instance.key.printed();
                let inputs = instance.inner.input_names();
                let (place, path) = (instance.place, &instance.path);
                self.diagnostics
                    .push(diag::cell_not_called(place, &name, path, &inputs));
            }
            for id in instance.symbols.iter().flatten() {
                let state = carried.get(*id).is_some_and(|carried| *carried);
                let declared = &mut self.table.symbols[*id].declared;
                declared.initial = declared.initial.take().filter(|_| state);
            }
        }
    }
}

impl Scope {
    /// A part of the inner cell's vector, in symbols and sizes of the outer one.
    fn part(&self, part: &Part) -> Option<Part> {
        let size = |size: &Option<SizeExpr>| size.clone().map(|s| of_instance(s, &self.label));
        Some(match part {
            &Part::Equal { index, count } => Part::Equal { index, count },
            Part::Range { from, to } => {
                let from = size(from);
                Part::Range { from, to: size(to) }
            }
            Part::Share { symbols, index } => {
                let symbols = symbols.iter().map(|&id| Some(self.at(id, 0)?.0));
                let symbols: Vec<SymbolId> = symbols.collect::<Option<_>>()?;
                let index = *index;
                Part::Share {
                    symbols: symbols.into(),
                    index,
                }
            }
        })
    }

    /// What a read of the inner cell reads here.
    fn at(&self, symbol: SymbolId, delay: usize) -> Option<(SymbolId, usize)> {
        let earlier = self.earlier.get(&symbol).filter(|_| delay > 0);
        let (stand, delay) = match earlier {
            Some(earlier) => (*earlier, delay - 1),
            None => (self.symbols[symbol]?, delay),
        };
        Some((stand.symbol, stand.later + delay))
    }
}
