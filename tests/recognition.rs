//! What cells are recognised as: themselves under other names, orders and conventions, and
//! variants by what they vary.

#![allow(confusable_idents, mixed_script_confusables)]

use std::collections::BTreeMap;

use gate_runtime::cells::ALL;
use gate_runtime::{
    Cell, CellInfo, Extent, GraphInfo, NodeInfo, OpInfo, RoleInfo, StateInfo, SymbolInfo, cell,
};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[test]
fn ready_made_cells_are_themselves() {
    for entry in ALL {
        let found = entry.info.recognise();
        let known = found.known.map(|k| k.info.name);
        assert_eq!(known, Some(entry.info.name), "{found}");
        assert!(found.features.is_empty(), "{}: {found}", entry.info.name);
        assert_eq!(found.to_string(), entry.title);
    }
}

#[test]
fn ready_made_cells_are_themselves_in_any_order_and_convention() {
    for (seed, entry) in ALL.iter().enumerate() {
        for round in 0..3 {
            let mut rng = ChaCha8Rng::seed_from_u64((seed * 7 + round) as u64);
            let other = disguised(entry.info, &mut rng);
            assert_eq!(other.recognise().to_string(), entry.title, "round {round}");
        }
    }
}

#[test]
fn titles_are_unlike() {
    let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in ALL {
        let before = titles.insert(entry.title, entry.info.name);
        assert_eq!(before, None, "{}", entry.title);
    }
}

/// The same cell: symbols and operations in another order, operands swapped, sums regrouped,
/// matrices transposed, `a - b` as `a + (-b)`.
fn disguised(info: &'static CellInfo, rng: &mut ChaCha8Rng) -> &'static CellInfo {
    let symbols = shuffled(info.symbols.len(), rng);
    let turned: Vec<bool> = info
        .symbols
        .iter()
        .map(|s| turns(info, s) && rng.random())
        .collect();
    let mut nodes = Nodes {
        info,
        rng,
        symbols: &symbols,
        turned: &turned,
        out: Vec::new(),
    };
    let map = nodes.rewrite();
    let out = std::mem::take(&mut nodes.out);
    let rng = nodes.rng;
    let mut order: Vec<usize> = (0..info.graph.states.len()).collect();
    order.shuffle(rng);
    let place = |state: usize| order.iter().position(|&s| s == state).expect("a state");
    let out = out.into_iter().map(|node| match node.op {
        OpInfo::Prev(state, delay) => NodeInfo {
            op: OpInfo::Prev(place(state), delay),
            ..node
        },
        _ => node,
    });
    let states = order.iter().map(|&s| {
        let state = &info.graph.states[s];
        StateInfo {
            symbol: symbols[state.symbol],
            value: map[state.value],
            depth: state.depth,
        }
    });
    let pair = |&(s, node): &(usize, usize)| (symbols[s], map[node]);
    let mut new: Vec<(usize, SymbolInfo)> = Vec::new();
    for (i, s) in info.symbols.iter().enumerate() {
        let shape = match turned[i] {
            true => leak(s.shape.iter().rev().copied().collect()),
            false => s.shape,
        };
        let printed: &'static str = format!("s_{}", symbols[i]).leak();
        let role = match s.role {
            RoleInfo::TrainedState(p) => RoleInfo::TrainedState(symbols[p]),
            role => role,
        };
        let symbol = SymbolInfo {
            ident: printed,
            printed,
            latex: printed,
            role,
            shape,
            ..*s
        };
        new.push((symbols[i], symbol));
    }
    new.sort_by_key(|(place, _)| *place);
    Box::leak(Box::new(CellInfo {
        name: "Disguised",
        symbols: leak(new.into_iter().map(|(_, s)| s).collect()),
        outputs: leak(info.outputs.iter().map(|&s| symbols[s]).collect()),
        graph: GraphInfo {
            nodes: leak(out.collect()),
            states: leak(states.collect()),
            outputs: leak(info.graph.outputs.iter().map(pair).collect()),
            named: leak(info.graph.named.iter().map(pair).collect()),
        },
        ..*info
    }))
}

fn leak<T>(list: Vec<T>) -> &'static [T] {
    list.leak()
}

fn shuffled(count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut list: Vec<usize> = (0..count).collect();
    list.shuffle(rng);
    list
}

/// Whether a parameter is a matrix that only products with vectors read.
fn turns(info: &CellInfo, symbol: &SymbolInfo) -> bool {
    let is = |id: usize| match info.graph.nodes[id].op {
        OpInfo::Param(s) => std::ptr::eq(&info.symbols[s], symbol),
        _ => false,
    };
    let product = |n: &NodeInfo| matches!(n.op, OpInfo::MatVec | OpInfo::MatVecTransposed);
    let mut nodes = info.graph.nodes.iter();
    symbol.shape.len() == 2
        && nodes.all(|n| !n.args.iter().any(|&a| is(a)) || product(n) && is(n.args[0]))
}

/// Writes a graph anew.
struct Nodes<'a> {
    info: &'static CellInfo,
    rng: &'a mut ChaCha8Rng,
    symbols: &'a [usize],
    turned: &'a [bool],
    out: Vec<NodeInfo>,
}

impl Nodes<'_> {
    fn push(&mut self, op: OpInfo, args: Vec<usize>, shape: &'static [Extent]) -> usize {
        self.out.push(NodeInfo {
            op,
            args: leak(args),
            shape,
        });
        self.out.len() - 1
    }

    /// In a random order in which arguments come first; gives the new places.
    fn rewrite(&mut self) -> Vec<usize> {
        let nodes = self.info.graph.nodes;
        let mut map = vec![usize::MAX; nodes.len()];
        let mut left: Vec<usize> = (0..nodes.len()).collect();
        while !left.is_empty() {
            let ready: Vec<usize> = left
                .iter()
                .copied()
                .filter(|&id| nodes[id].args.iter().all(|&a| map[a] != usize::MAX))
                .collect();
            let id = ready[self.rng.random_range(0..ready.len())];
            let args = nodes[id].args.iter().map(|&a| map[a]).collect();
            map[id] = self.node(&nodes[id], args);
            left.retain(|&other| other != id);
        }
        map
    }

    fn node(&mut self, node: &NodeInfo, mut args: Vec<usize>) -> usize {
        let symbols = self.symbols;
        let (mut op, mut shape) = (node.op, node.shape);
        match node.op {
            OpInfo::Input(s) => op = OpInfo::Input(symbols[s]),
            OpInfo::Hyper(s) => op = OpInfo::Hyper(symbols[s]),
            OpInfo::Param(s) => {
                op = OpInfo::Param(symbols[s]);
                if self.turned[s] {
                    shape = leak(shape.iter().rev().copied().collect());
                }
            }
            OpInfo::MatVec if self.turns(node) => op = OpInfo::MatVecTransposed,
            OpInfo::MatVecTransposed if self.turns(node) => op = OpInfo::MatVec,
            OpInfo::Sub if self.rng.random() => {
                let shape = self.out[args[1]].shape;
                args[1] = self.push(OpInfo::Neg, vec![args[1]], shape);
                op = OpInfo::Add;
            }
            // (a + b) + c as a + (b + c)
            OpInfo::Add if self.rng.random() => {
                let inner = &self.out[args[0]];
                let same = |id: usize| self.out[id].shape == node.shape;
                if inner.op == OpInfo::Add && inner.args.iter().all(|&a| same(a)) && same(args[1]) {
                    let (a, b) = (inner.args[0], inner.args[1]);
                    let right = self.push(OpInfo::Add, vec![b, args[1]], node.shape);
                    args = vec![a, right];
                }
            }
            _ => {}
        }
        if matches!(op, OpInfo::Add | OpInfo::Mul) && self.rng.random() {
            args.reverse();
        }
        self.push(op, args, shape)
    }

    fn turns(&self, node: &NodeInfo) -> bool {
        match self.info.graph.nodes[node.args[0]].op {
            OpInfo::Param(s) => self.turned[s],
            _ => false,
        }
    }
}

mod variants {
    use super::cell;

    cell! {
        /// PyTorch's: two biases, column convention, other names.
        pub struct Torch {
            i = sigmoid(W_ii * x_t + b_ii + W_hi * h_{t-1} + b_hi);
            f = sigmoid(W_if * x_t + b_if + W_hf * h_{t-1} + b_hf);
            g = tanh(W_ig * x_t + b_ig + W_hg * h_{t-1} + b_hg);
            o = sigmoid(W_io * x_t + b_io + W_ho * h_{t-1} + b_ho);
            c_t = f .* c_{t-1} + i .* g;
            h_t = o .* tanh(c_t);
        }
    }

    cell! {
        /// One matrix over values side by side, another order.
        pub struct Joined(x_t) -> y_t {
            y_t = k .* tanh(s_t);
            s_t = s_{t-1} .* u + e .* v;
            k = sigmoid(A * [y_{t-1}, x_t] + a);
            v = tanh(B * [y_{t-1}, x_t] + b);
            e = sigmoid(C * [y_{t-1}, x_t] + c);
            u = sigmoid(D * [y_{t-1}, x_t] + d);
        }
    }

    cell! {
        pub struct TorchGru {
            r = sigmoid(W_ir * x_t + b_ir + W_hr * h_{t-1} + b_hr);
            z = sigmoid(W_iz * x_t + b_iz + W_hz * h_{t-1} + b_hz);
            n = tanh(W_in * x_t + b_in + r .* (W_hn * h_{t-1} + b_hn));
            h_t = n + z .* (h_{t-1} - n);
        }
    }

    cell! {
        /// The update gate keeps.
        pub struct Keeps {
            r = sigmoid(x_t * A + h_{t-1} * B + a);
            z = sigmoid(x_t * C + h_{t-1} * D + b);
            n = tanh(x_t * E + (r .* h_{t-1}) * F + c);
            h_t = z .* h_{t-1} + (1 - z) .* n;
        }
    }

    cell! {
        pub struct BareLstm {
            f = sigmoid(x_t * A + h_{t-1} * B);
            i = sigmoid(x_t * C + h_{t-1} * D);
            g = tanh(x_t * E + h_{t-1} * F);
            o = sigmoid(x_t * G + h_{t-1} * J);
            c_t = f .* c_{t-1} + i .* g;
            h_t = o .* tanh(c_t);
        }
    }

    cell! {
        /// Peepholes and zoneout of the memory.
        pub struct Both {
            p: hyper = 0.1;
            f = sigmoid(x_t * A + h_{t-1} * B + p_f .* c_{t-1} + b_f);
            i = sigmoid(x_t * C + h_{t-1} * D + p_i .* c_{t-1} + b_i);
            g = tanh(x_t * E + h_{t-1} * F + b_g);
            c_t = zoneout(p, f .* c_{t-1} + i .* g, c_{t-1});
            o = sigmoid(x_t * G + h_{t-1} * J + p_o .* c_t + b_o);
            h_t = o .* tanh(c_t);
        }
    }

    cell! {
        pub struct NormedPeephole {
            f = sigmoid(layer_norm(x_t * A + h_{t-1} * B, g_f) + p_f .* c_{t-1} + b_f);
            i = sigmoid(layer_norm(x_t * C + h_{t-1} * D, g_i) + p_i .* c_{t-1} + b_i);
            g = tanh(layer_norm(x_t * E + h_{t-1} * F, g_g) + b_g);
            c_t = f .* c_{t-1} + i .* g;
            o = sigmoid(layer_norm(x_t * G + h_{t-1} * J, g_o) + p_o .* c_t + b_o);
            h_t = o .* tanh(c_t);
        }
    }

    cell! {
        /// Old Keras.
        pub struct Hard {
            i = clamp(0.2 * (x_t * A + h_{t-1} * B + a) + 0.5, 0, 1);
            f = clamp(0.2 * (x_t * C + h_{t-1} * D + b) + 0.5, 0, 1);
            c_t = f .* c_{t-1} + i .* tanh(x_t * E + h_{t-1} * F + k);
            o = clamp(0.2 * (x_t * G + h_{t-1} * J + d) + 0.5, 0, 1);
            h_t = o .* tanh(c_t);
        }
    }

    cell! {
        pub struct ReluGru {
            r = sigmoid(x_t * A + h_{t-1} * B + a);
            z = sigmoid(x_t * C + h_{t-1} * D + b);
            n = relu(x_t * E + (r .* h_{t-1}) * F + c);
            h_t = (1 - z) .* h_{t-1} + z .* n;
        }
    }

    cell! {
        pub struct Conditioned(x_t, u_t) -> h_t {
            r = sigmoid(x_t * A + u_t * P + h_{t-1} * B + a);
            z = sigmoid(x_t * C + u_t * Q + h_{t-1} * D + b);
            n = tanh(x_t * E + u_t * R + (r .* h_{t-1}) * F + c);
            h_t = (1 - z) .* h_{t-1} + z .* n;
        }
    }

    cell! {
        /// A readout, a projection and coupled gates.
        pub struct Wide {
            f = sigmoid(x_t * A + h_{t-1} * B + a);
            o = sigmoid(x_t * C + h_{t-1} * D + b);
            c_t = f .* c_{t-1} + (1 - f) .* tanh(x_t * E + h_{t-1} * F + k);
            h_t = (o .* tanh(c_t)) * P;
            y_t = h_t * V + v;
        }
    }

    cell! {
        /// JANET, with the memory written first, and so the first of two equal states.
        pub struct ShownMemory(x_t) -> c_t {
            β: hyper = 1.0;
            c_t = sigmoid(s) .* c_{t-1} + (1 - sigmoid(s - β)) .* n;
            h_t = c_t;
            s = x_t * C + h_{t-1} * D + b;
            n = tanh(x_t * A + h_{t-1} * B + a);
        }
    }

    cell! {
        pub struct ForgetOne {
            i = sigmoid(x_t * A + h_{t-1} * B + a);
            f = sigmoid(x_t * C + h_{t-1} * D + b + 1);
            c_t = f .* c_{t-1} + i .* tanh(x_t * E + h_{t-1} * F + k);
            o = sigmoid(x_t * G + h_{t-1} * J + d);
            h_t = o .* tanh(c_t);
        }
    }

    cell! {
        /// Nobody's.
        pub struct New {
            k = sigmoid(x_t * A + h_{t-1} * B + a);
            h_t = k .* sin(h_{t-1} * C) + exp(-square(x_t * D)) .* m_{t-1};
            m_t = 0.5 * m_{t-1} + h_t .* k;
        }
    }
}

#[test]
fn variants_are_named_by_what_they_vary() {
    use variants::*;
    let expected = [
        (Torch::<f32>::INFO, "LSTM with two biases in one sum"),
        (Joined::<f32>::INFO, "LSTM"),
        (
            TorchGru::<f32>::INFO,
            "GRU, reset after the product, with two biases in one sum",
        ),
        (
            Keeps::<f32>::INFO,
            "GRU, reset before the product, with z and 1 - z exchanged",
        ),
        (BareLstm::<f32>::INFO, "LSTM with no biases"),
        (Both::<f32>::INFO, "LSTM with peepholes, with zoneout"),
        (
            NormedPeephole::<f32>::INFO,
            "LSTM with peepholes, with layer normalisation",
        ),
        (Hard::<f32>::INFO, "LSTM with hard sigmoids"),
        (
            ReluGru::<f32>::INFO,
            "GRU, reset before the product, with relu in place of tanh",
        ),
        (
            Conditioned::<f32>::INFO,
            "GRU, reset before the product, with further inputs",
        ),
        (
            Wide::<f32>::INFO,
            "LSTM, coupled gates, with a projection and a readout",
        ),
        (ShownMemory::<f32>::INFO, "JANET"),
        (ForgetOne::<f32>::INFO, "LSTM"),
        (
            New::<f32>::INFO,
            "none of the known cells; cell with one gate, recurrence: dense",
        ),
    ];
    for (info, title) in expected {
        assert_eq!(info.recognise().to_string(), title, "{}", info.name);
    }
}

#[test]
fn gates_have_their_parts_and_order() {
    let order = |info: &CellInfo| info.recognise().order().map(|o| o.to_string());
    let lstm = "i f g o as written; i f g o in PyTorch and Keras, i o f g in ONNX";
    assert_eq!(order(variants::Torch::<f32>::INFO).as_deref(), Some(lstm));
    let gru = "r z n as written; r z n in PyTorch, z r n in Keras and ONNX";
    assert_eq!(order(variants::TorchGru::<f32>::INFO).as_deref(), Some(gru));
    let joined = variants::Joined::<f32>::INFO;
    let roles: Vec<(&str, &str)> = joined
        .recognise()
        .gates
        .iter()
        .map(|g| (joined.symbols[g.symbol].ident, g.role))
        .collect();
    for part in [
        ("k", "output gate"),
        ("v", "candidate"),
        ("e", "input gate"),
        ("u", "forget gate"),
    ] {
        assert!(roles.contains(&part), "{roles:?}");
    }
    assert_eq!(order(variants::New::<f32>::INFO), None);
}

/// One operation of a known cell replaced: no known cell any more, or a named variant.
#[test]
fn a_changed_cell_is_not_taken_for_the_known_one() {
    for entry in ALL {
        let nodes = entry.info.graph.nodes;
        for changed in 0..nodes.len() {
            let op = match nodes[changed].op {
                OpInfo::Sigmoid => OpInfo::Cos,
                OpInfo::Tanh | OpInfo::Relu => OpInfo::Gelu,
                OpInfo::Prev(s, 1) if entry.info.graph.states.len() > 1 => {
                    OpInfo::Prev(1 - s.min(1), 1)
                }
                _ => continue,
            };
            let fits = |p: usize| entry.info.graph.states[p].depth > 0;
            if let OpInfo::Prev(p, _) = op
                && (!fits(p) || unlike(entry.info, p, nodes[changed].shape))
            {
                continue;
            }
            let copy = nodes.iter().enumerate().map(|(i, n)| NodeInfo {
                op: if i == changed { op } else { n.op },
                ..*n
            });
            let graph = GraphInfo {
                nodes: leak(copy.collect()),
                ..entry.info.graph
            };
            let other = Box::leak(Box::new(CellInfo {
                graph,
                ..*entry.info
            }));
            let found = other.recognise();
            let same = found.known.is_some_and(|k| k.info.name == entry.info.name);
            assert!(
                !same || !found.features.is_empty(),
                "{}: node {changed}",
                entry.info.name
            );
        }
    }
}

/// Whether a state has another shape than a node, or is an input's past.
fn unlike(info: &CellInfo, state: usize, shape: &[Extent]) -> bool {
    let symbol = &info.symbols[info.graph.states[state].symbol];
    symbol.shape != shape || symbol.role == RoleInfo::Input
}
