//! What cells are recognised as: themselves under other names, orders and conventions, and
//! variants by what they vary.

#![allow(confusable_idents, mixed_script_confusables)]

mod disguise;
mod libraries;
mod variants;

use std::collections::BTreeMap;

use disguise::{disguised, leak};
use gate_runtime::cells::{self, ALL};
use gate_runtime::{Cell, CellInfo, Extent, GraphInfo, NodeInfo, OpInfo, RoleInfo};
use rand::SeedableRng;
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
        (Shown::<f32>::INFO, "LSTM with further outputs"),
        (
            Watched::<f32>::INFO,
            "GRU, reset before the product, with further outputs",
        ),
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
fn printed_blocks_of_libraries_are_named() {
    use libraries::*;
    let expected = [
        (
            Antisymmetric::<f32>::INFO,
            "antisymmetric RNN with numbers for hyper-parameters and two biases in one sum",
        ),
        (
            Janet::<f32>::INFO,
            "JANET with trained scalars for hyper-parameters and two biases in one sum",
        ),
        (
            Mut1::<f32>::INFO,
            "MUT1 with a matrix on the input and two biases in one sum",
        ),
        (
            Multiplicative::<f32>::INFO,
            "multiplicative LSTM with other biases and two biases in one sum",
        ),
    ];
    for (info, title) in expected {
        assert_eq!(info.recognise().to_string(), title, "{}", info.name);
    }
}

/// What looks like a feature and is none.
#[test]
fn likenesses_are_no_variants() {
    use variants::*;
    for info in [
        TiedInput::<f32>::INFO,
        OtherMemory::<f32>::INFO,
        HalfBias::<f32>::INFO,
        TwoFixed::<f32>::INFO,
    ] {
        let found = info.recognise();
        assert!(found.known.is_none(), "{}: {found}", info.name);
    }
}

#[test]
fn gates_have_their_parts_and_order() {
    let order = |info: &CellInfo| info.recognise().order().map(|o| o.to_string());
    let lstm = "i f g o as written; i f g o in PyTorch and Keras, i o f g in ONNX";
    assert_eq!(order(variants::Torch::<f32>::INFO).as_deref(), Some(lstm));
    let after = "r z n as written; r z n in PyTorch, z r n in Keras (reset_after=True) and ONNX \
                 (linear_before_reset=1)";
    let complement = ", where z is 1 - z of this cell: its weights and biases change sign";
    let before = "r z n as written; z r n in Keras (reset_after=False) and ONNX \
                  (linear_before_reset=0)";
    let renewing = format!("{before}{complement}");
    for (info, text) in [
        (variants::TorchGru::<f32>::INFO, after),
        (cells::Gru::<f32>::INFO, &renewing),
        (variants::Keeps::<f32>::INFO, before),
        (
            variants::RenewingGru::<f32>::INFO,
            &format!("{after}{complement}"),
        ),
    ] {
        assert_eq!(order(info).as_deref(), Some(text), "{}", info.name);
    }
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
