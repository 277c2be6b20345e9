//! Plans of known cells: what leaves the loop, what merges, what the tape keeps.

use super::{Instr, Kind, Schedule, dump, plan};
use crate::model::Cell;
use crate::{grad, ir};

fn planned(source: &str) -> (Cell, Schedule) {
    let cell = ir::tests::cell(source);
    let graph = ir::simplify(ir::lower(&cell));
    let adjoint = grad::differentiate(&graph);
    let schedule = plan(&cell, &adjoint);
    (cell, schedule)
}

const LSTM: &str = "pub struct Lstm {
    f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
    i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
    g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
    o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
    C_t = f .* C_{t-1} + i .* g;
    h_t = o .* tanh(C_t);
}";

const GRU: &str = "pub struct Gru {
    r   = sigmoid(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r));
    z   = sigmoid(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z));
    n   = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
    h_t = (1 - z) .* h_{t-1} + z .* n;
}";

fn names_of(schedule: &Schedule, kind: Kind) -> Vec<String> {
    schedule
        .buffers
        .iter()
        .filter(|b| b.kind == kind)
        .map(|b| b.names.join(" "))
        .collect()
}

fn is_stage(instr: &Instr) -> bool {
    matches!(instr, Instr::Stage { .. })
}

#[test]
fn lstm_is_one_stage_in_each_direction() {
    let (cell, schedule) = planned(LSTM);
    let text = dump(&schedule, &cell);
    assert_eq!(schedule.forward.before.len(), 1, "{text}");
    assert_eq!(schedule.forward.step.len(), 1, "{text}");
    assert!(is_stage(&schedule.forward.step[0]), "{text}");
    assert!(schedule.forward.after.is_empty(), "{text}");
    // The gates' gradients in one function, then one product for what flows back through h.
    assert_eq!(schedule.backward.step.len(), 2, "{text}");
    assert!(
        matches!(schedule.backward.step[1], Instr::Product { base: None, .. }),
        "{text}"
    );
    // One product for the input's gradient, one for each operand's weights.
    assert_eq!(schedule.backward.after.len(), 1, "{text}");
    let products = schedule
        .backward
        .reduce
        .iter()
        .filter(|i| matches!(i, Instr::GradProduct { .. }));
    assert_eq!(products.count(), 2, "{text}");
}

#[test]
fn what_is_added_to_a_product_is_its_base() {
    let (cell, schedule) = planned(LSTM);
    let text = dump(&schedule, &cell);
    // The biases side by side, then the input's products on them, then the gates' on those.
    assert_eq!(schedule.forward.once.len(), 4, "{text}");
    let [Instr::Product { base, out, .. }] = &schedule.forward.before[..] else {
        panic!("{text}");
    };
    let base = base.expect("a base");
    assert_eq!(schedule.slots[base].width.len(), 4, "{text}");
    let [Instr::Stage { bases, map, .. }] = &schedule.forward.step[..] else {
        panic!("{text}");
    };
    let buffer = |slot: usize| schedule.slots[slot].buffer;
    let hoisted = |base: &Option<usize>| base.is_some_and(|slot| buffer(slot) == buffer(*out));
    assert!(bases.len() == 4 && bases.iter().all(hoisted), "{text}");
    // Four products and the state.
    assert_eq!(schedule.maps[*map].inputs.len(), 5, "{text}");
}

#[test]
fn a_bias_of_two_products_is_added_once() {
    let (cell, schedule) = planned(
        "pub struct Twice {
            h_t = tanh(x_t * W + x_t * V + h_{t-1} * U + b);
        }",
    );
    let text = dump(&schedule, &cell);
    let products = schedule.forward.before.iter();
    let bases = products.filter(|i| matches!(i, Instr::Product { base: Some(_), .. }));
    assert_eq!(bases.count(), 0, "{text}");
    let [Instr::Stage { bases, .. }] = &schedule.forward.step[..] else {
        panic!("{text}");
    };
    let [Some(base)] = bases[..] else {
        panic!("{text}");
    };
    assert_eq!(
        schedule.buffers[schedule.slots[base].buffer].names,
        ["b"],
        "{text}"
    );
}

#[test]
fn a_value_that_is_read_elsewhere_too_stays_an_argument() {
    let (cell, schedule) = planned(
        "pub struct Residual {
            p   = x_t * W;
            h_t = tanh(p + h_{t-1} * U) + h_{t-1} + p;
        }",
    );
    let text = dump(&schedule, &cell);
    let [Instr::Stage { bases, inputs, .. }] = &schedule.forward.step[..] else {
        panic!("{text}");
    };
    let [Some(base)] = bases[..] else {
        panic!("{text}");
    };
    assert!(inputs.len() == 2 && inputs.contains(&base), "{text}");
}

#[test]
fn the_tape_of_an_lstm_holds_its_four_gates() {
    let (cell, schedule) = planned(LSTM);
    let mut kept = names_of(&schedule, Kind::Tape);
    kept.sort_unstable();
    assert_eq!(kept, ["f", "g", "i", "o"], "{}", dump(&schedule, &cell));
}

#[test]
fn gru_is_two_stages() {
    let (cell, schedule) = planned(GRU);
    let text = dump(&schedule, &cell);
    assert_eq!(schedule.forward.step.len(), 2, "{text}");
    assert!(schedule.forward.step.iter().all(is_stage), "{text}");
    let mut kept = names_of(&schedule, Kind::Tape);
    kept.sort_unstable();
    assert_eq!(kept, ["n", "r", "z"], "{text}");
}

#[test]
fn a_linear_recurrence_has_no_product_in_its_loop() {
    let (cell, schedule) = planned(
        "pub struct MinGru {
            z   = sigmoid(x_t * W^(z) + b^(z));
            n   = x_t * W^(n) + b^(n);
            h_t = (1 - z) .* h_{t-1} + z .* n;
        }",
    );
    let text = dump(&schedule, &cell);
    for pass in [&schedule.forward, &schedule.backward] {
        assert!(
            pass.step.iter().all(|i| matches!(i, Instr::Map { .. })),
            "{text}"
        );
        assert_eq!(pass.step.len(), 1, "{text}");
    }
}

#[test]
fn a_readout_leaves_the_loop() {
    let (cell, schedule) = planned(
        "pub struct Readout {
            h_t = tanh(x_t * W + h_{t-1} * U);
            y_t = tanh(h_t * V + c) * V_2;
        }",
    );
    let text = dump(&schedule, &cell);
    assert_eq!(schedule.forward.step.len(), 1, "{text}");
    assert!(schedule.forward.after.len() >= 2, "{text}");
    let before = |i: &&Instr| matches!(i, Instr::Product { .. } | Instr::Stage { .. });
    assert!(
        schedule.backward.before.iter().filter(before).count() >= 2,
        "{text}"
    );
}

#[test]
fn values_of_matrix_memories_have_places() {
    planned(
        "pub struct DeltaNet {
            p   = x_t * W_k;
            k   = p / sqrt(dot(p, p) + 0.000001);
            v   = x_t * W_v;
            q   = x_t * W_q;
            β   = sigmoid(dot(w, x_t));
            S_t = S_{t-1} + β * outer(v - S_{t-1} * k, k);
            y_t = S_t * q;
        }",
    );
}
const ATTENTION: &str = "pub struct Attention {
    k = x_t * W_k;
    v = x_t * W_v;
    q = x_t * W_q;
    S_t = sigmoid(g) .* S_{t-1} + outer(v, k);
    g: scalar;
    y_t = S_t * q;
}";

#[test]
fn a_matrix_is_passed_over_once_in_each_direction() {
    use super::Per;
    let (cell, schedule) = planned(ATTENTION);
    let text = dump(&schedule, &cell);
    // The decay, the outer product and the product with the query are one function.
    let [Instr::Matrix { map, outputs, .. }] = &schedule.forward.step[..] else {
        panic!("{text}");
    };
    let (takes, gives) = schedule.maps[*map]
        .per
        .as_ref()
        .expect("a function of matrices");
    assert_eq!(gives, &[Per::Element, Per::Line], "{text}");
    for per in [Per::Element, Per::Line, Per::Column, Per::Matrix] {
        assert!(takes.contains(&per), "{per:?} {text}");
    }
    assert_eq!(outputs.len(), 2, "{text}");
    assert!(schedule.forward.after.is_empty(), "{text}");
    let matrices = |pass: &[Instr]| {
        let matrix = |i: &&Instr| matches!(i, Instr::Matrix { .. });
        pass.iter().filter(matrix).count()
    };
    assert_eq!(matrices(&schedule.backward.step), 1, "{text}");
    // The query's gradient waits for nothing, but only the loop has the matrix.
    assert_eq!(matrices(&schedule.backward.before), 0, "{text}");
    assert_eq!(matrices(&schedule.again), 1, "{text}");
    assert_eq!(matrices(&schedule.backward.after), 0, "{text}");
}

#[test]
fn no_matrix_but_the_state_is_stored() {
    let (cell, schedule) = planned(ATTENTION);
    let text = dump(&schedule, &cell);
    let matrix = |b: &&super::Buffer| b.areas.iter().any(|area| area.len() == 2);
    let matrices = schedule.buffers.iter().filter(matrix);
    let own = matrices.filter(|b| !matches!(b.kind, Kind::Param(_) | Kind::Gradient(_)));
    let kinds: Vec<Kind> = own.map(|b| b.kind).collect();
    assert_eq!(kinds, [Kind::Again(1), Kind::Future(1)], "{text}");
}

#[test]
fn a_state_that_more_than_the_loop_reads_has_every_step() {
    let (cell, schedule) =
        planned(&ATTENTION.replace("struct Attention", "struct Attention -> S_t"));
    let text = dump(&schedule, &cell);
    assert_eq!(names_of(&schedule, Kind::History(1)), ["S"], "{text}");
}

#[test]
fn the_gradient_of_a_matrix_beside_the_memory_is_summed_in_the_loop() {
    let (cell, schedule) = planned(
        "pub struct Decay {
            A: [D, N];
            x_t: [D];
            δ: [D];
            δ = softplus(x_t * V + b);
            B = x_t * W_B;
            h_t = exp(-outer(δ, B) .* A) .* h_{t-1} + outer(x_t, B);
            y_t = h_t * B;
        }",
    );
    let text = dump(&schedule, &cell);
    // The gradient of `A` is a sum over steps in the loop, of rows after it; no matrix of every
    // step is stored.
    let matrix = |b: &&super::Buffer| b.areas.iter().any(|area| area.len() == 2);
    let own = schedule.buffers.iter().filter(matrix);
    let own = own.filter(|b| !matches!(b.kind, Kind::Param(_) | Kind::Gradient(_)));
    let kinds: Vec<Kind> = own.map(|b| b.kind).collect();
    assert_eq!(
        kinds,
        [Kind::Again(1), Kind::Future(1), Kind::Sum],
        "{text}"
    );
    assert_eq!(schedule.backward.rows.len(), 1, "{text}");
}

#[test]
fn what_flows_back_has_every_step_where_more_than_the_loop_reads_it() {
    let kinds = |output: &str| {
        let (cell, schedule) = planned(&format!(
            "pub struct Sum {{ s_t = 0.5 * s_{{t-1}} + b; y_t = {output} .* (x_t * V); }}"
        ));
        let text = dump(&schedule, &cell);
        let next = schedule.buffers.iter().find(|b| b.names == ["d_s_next"]);
        next.unwrap_or_else(|| panic!("{text}")).kind
    };
    // The gradient of `b` is the sum of what the next steps send.
    assert_eq!(kinds("s_{t-1}"), Kind::Ahead(1));
    assert_eq!(kinds("s_t"), Kind::Future(1));
}

#[test]
fn what_gives_a_matrix_again_is_on_the_tape() {
    let delta = "pub struct Delta {
        k = x_t * W_k;
        r = S_{t-1} * k;
        S_t = S_{t-1} - outer(r, k) + outer(x_t * W_v, k);
        y_t = S_t * (x_t * W_q);
    }";
    let (cell, schedule) = planned(delta);
    let text = dump(&schedule, &cell);
    assert_eq!(names_of(&schedule, Kind::Again(1)), ["S"], "{text}");
    assert_eq!(schedule.again.len(), 1, "{text}");
    for slot in schedule.again[0].reads() {
        let kind = schedule.buffers[schedule.slots[slot].buffer].kind;
        assert!(!matches!(kind, Kind::Step | Kind::Block), "{text}");
    }
    assert!(!schedule.together, "{text}");
    // With weights in the loop the rows stay together.
    let (cell, schedule) = planned(&delta.replace("x_t * W_q", "x_t * W_q + y_{t-1} * U"));
    let text = dump(&schedule, &cell);
    assert_eq!(names_of(&schedule, Kind::Again(1)), ["S"], "{text}");
    assert!(schedule.together, "{text}");
}

#[test]
fn predictions_keep_what_is_given_or_read_outside_of_the_loop() {
    let states = |source: &str| {
        let (_, schedule) = planned(source);
        let kind = |kind| names_of(&schedule, kind).join(" ");
        (kind(Kind::Carried(1)), kind(Kind::History(1)))
    };
    assert_eq!(states(LSTM), ("C".into(), "h".into()));
    assert_eq!(states(GRU), (String::new(), "h".into()));
    // What a step gives beside the loop is computed after it, from all steps of `s`.
    let linear = "pub struct Linear { s_t = a .* s_{t-1} + x_t * W; y_t = s_t * V; }";
    assert_eq!(states(linear), (String::new(), "s".into()));
}
