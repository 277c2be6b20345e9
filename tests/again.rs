//! Memories that are matrices, computed again by the backward pass instead of kept on the tape:
//! the same bits as from a tape that holds those of every step, whatever the distance between
//! remembered ones, for rows of all lengths, with one thread and with several.

#![allow(confusable_idents, mixed_script_confusables)]

mod proof;

use gate_runtime::{Cell, Tape, cell, cells, compute_again_after, set_threads, share_small_runs};
use proof::{Problem, isa};

cell! {
    /// A matrix of two steps ago, and a second matrix that follows the first.
    pub struct Late {
        α: scalar ~ 0.3;
        k = x_t * W_k;
        v = tanh(x_t * W_v);
        S_t = 0.5 * S_{t-1} + σ(α) * S_{t-2} .* outer(v, u) + outer(v, k);
        R_t = tanh(S_{t-1}) .* R_{t-1} + outer(k * M, w);
        y_t = S_t * k + R_t * (x_t * W_r);
    }
}

cell! {
    /// Recurrent vectors beside the matrix; a step reads the matrix before it writes it.
    pub struct Corrected {
        k = x_t * W_k;
        γ: scalar ~ 0.2;
        n_t = β .* n_{t-1} + k;
        r = S_{t-1} * k;
        e = dot(n_t, n_t);
        S_t = (1 - 0.5 * σ(γ)) * S_{t-1} - outer(tanh(r) / (1 + e), k) + outer(x_t * W_v, n_t);
        y_t = S_t * (x_t * W_q) + r;
    }
}

cell! {
    /// Products of a row's own matrices, a transpose, a sum, and masks.
    pub struct Turned {
        x_t: [X];
        S_t: [D, D];
        k = dropout(0.3, x_t * W_k);
        A = outer(k, x_t * W_a);
        S_t = 0.9 * S_{t-1} * (diag(p) - A) + 0.1 * S_{t-1}^T + outer(k, q);
        y_t = S_t * k + sum(S_{t-1} * k) * k;
    }
}

cell! {
    /// A product of two matrices of each row: its gradients are products with the memory.
    pub struct Twisted {
        S_t: [D, D];
        k = x_t * W_k;
        A = tanh(outer(k, x_t * W_a) - outer(x_t * W_b, k));
        S_t = 0.9 * S_{t-1} * A + outer(k, q);
        y_t = S_t * k;
    }
}

cell! {
    /// Parameters that are matrices beside the memory: their gradients are summed in the loop, one
    /// of them together with what the loop does not give.
    pub struct Beside {
        x_t: [D];
        A: [D, D]; B: [D, D];
        k = x_t * W_k;
        S_t = exp(-A) .* S_{t-1} + B .* outer(k, x_t) + outer(x_t, k);
        y_t = (S_t .* B) * k;
    }
}

cell! {
    /// What the memory gives goes into the next step through weights: the loops multiply by them,
    /// and the rows stay together.
    pub struct Fed {
        k = tanh(x_t * W_k + y_{t-1} * U_k);
        v = dropout(0.2, y_{t-2} * U_v) + b;
        e = v - S_{t-1} * k;
        S_t = 0.9 * S_{t-1} + 0.1 * tanh(S_{t-2}) + outer(σ(y_{t-1} * U_e) .* e, k);
        R_t = R_{t-1} .* σ(S_t) + outer(k, v);
        y_t = tanh(S_t * (x_t * W_q) + R_t * v);
    }
}

cell! {
    /// A memory that is itself multiplied by weights.
    pub struct Weighed {
        x_t: [D];
        S_t: [D, D]; W: [D, D];
        S_t = tanh(S_{t-1} * W) + outer(x_t, u);
        y_t = S_t * x_t;
    }
}

/// Steps after which nothing is remembered.
const NEVER: usize = usize::MAX;

fn settings(threads: usize, after: usize) {
    share_small_runs(threads > 0);
    set_threads(threads);
    compute_again_after(after);
}

/// `with` a training seed where masks are drawn.
fn problem<C: Cell<Scalar = f64>>(steps: usize, batch: usize) -> Problem<C> {
    let lengths = (0..batch).map(|row| 1 + row * 5 % steps).collect();
    let mut problem = Problem::with(proof::sizes::<C>(), 7, steps, batch, Some(lengths), true);
    problem.seed = Some(4);
    problem
}

fn the_same_bits<C: Cell<Scalar = f64>>() {
    for batch in [1, 3, 26] {
        let problem = problem::<C>(7, batch);
        settings(1, NEVER);
        let kept = problem.results();
        for (threads, after) in [(1, 1), (1, 3), (1, 6), (2, 2), (5, 3)] {
            settings(threads, after);
            let predicted = problem.cell.forward(problem.sequence()).expect("a run");
            for (i, output) in predicted.outputs.iter().enumerate() {
                let (what, values) = &kept[1 + i];
                assert!(
                    output.iter().eq(values),
                    "{}: {what} predicted",
                    C::INFO.name
                );
            }
            for ((what, a), (_, b)) in kept.iter().zip(&problem.results()) {
                let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert!(
                    bits(a) == bits(b),
                    "{}: {what} of {batch} rows, after {after} steps with {threads} threads",
                    C::INFO.name
                );
            }
        }
    }
}

/// The tape is shorter then, and still gives every symbol.
fn the_tape<C: Cell<Scalar = f64>>() {
    let problem = problem::<C>(20, 3);
    let on = |after: usize| {
        settings(1, after);
        let mut tape = Tape::new();
        problem.gradients_on(&mut tape);
        tape
    };
    let (kept, again) = (on(NEVER), on(3));
    assert!(again.bytes() < kept.bytes(), "{}", C::INFO.name);
    for &(symbol, _) in C::INFO.graph.named {
        let name = C::INFO.symbols[symbol].ident;
        let get = |tape: &Tape<C>| tape.get(&problem.cell, name).expect("a symbol");
        let apart = (get(&kept) - get(&again)).mapv(f64::abs);
        assert!(apart.into_iter().all(|d| d < 1e-12), "{name}");
    }
}

/// More threads going back than there were going forward, and a tape that was used before.
fn threads_between<C: Cell<Scalar = f64>>() {
    let problem = problem::<C>(7, 26);
    let seeds: Vec<_> = problem.outputs.iter().map(|g| g.view()).collect();
    let mut tape = Tape::new();
    let mut with = |first: usize, then: usize, after: usize| {
        settings(first, after);
        problem
            .cell
            .record(problem.sequence(), &mut tape)
            .expect("a recording");
        settings(then, after);
        let mut grads = problem.cell.zero_grads();
        let seeds = gate_runtime::Seeds::outputs(&seeds);
        problem
            .cell
            .backward(&mut tape, seeds, &mut grads)
            .expect("a way back");
        gate_runtime::CellGrads::params(&grads).to_vec()
    };
    let kept = with(1, 1, NEVER);
    for (first, then, after) in [(1, 3, 2), (3, 1, 2), (2, 5, 4)] {
        assert!(
            with(first, then, after) == kept,
            "{first} and {then} threads"
        );
    }
}

macro_rules! tests {
    ($($name:ident: $cell:ty;)*) => {
        $(#[test]
        fn $name() {
            isa::alone(|| {
                the_same_bits::<$cell>();
                the_tape::<$cell>();
                threads_between::<$cell>();
                settings(0, 0);
            });
        })*
    };
}

tests! {
    late: Late<f64>;
    corrected: Corrected<f64>;
    turned: Turned<f64>;
    beside: Beside<f64>;
    twisted: Twisted<f64>;
    m_lstm: cells::MLstm<f64>;
    gated_linear_attention: cells::GatedLinearAttention<f64>;
    ret_net: cells::RetNet<f64>;
    delta_net: cells::DeltaNet<f64>;
    gated_delta_net: cells::GatedDeltaNet<f64>;
    mamba: cells::Mamba<f64>;
    mamba2: cells::Mamba2<f64>;
    hgrn2: cells::Hgrn2<f64>;
    rwkv7: cells::Rwkv7<f64>;
    fed: Fed<f64>;
    weighed: Weighed<f64>;
    fast_weights: cells::FastWeights<f64>;
}
