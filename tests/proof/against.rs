//! The emitted code against the interpreter of the same equations, forward and backward.

use gate_runtime::interpret::{Inputs, Interpreter, OutputSeeds};
use gate_runtime::{Cell, CellGrads, CellState, Tape};
use ndarray::ArrayViewD;

use super::Problem;

/// Outputs, final states, every named value, and all gradients.
pub fn interpreter<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let name = C::INFO.name;
    let interpreter = Interpreter::new(C::INFO, problem.cell.sizes()).expect("sizes that fit");
    let views: Vec<_> = problem.inputs.iter().map(|x| x.view()).collect();
    let mut inputs = Inputs::new(problem.cell.params(), &views).hypers(problem.cell.hypers());
    if let Some(state) = &problem.state {
        inputs = inputs.states(state.fields().iter().map(|f| f.to_owned()).collect());
    }
    if let Some(lengths) = &problem.lengths {
        inputs = inputs.lengths(lengths);
    }
    let trace = interpreter.run(&inputs).expect("a run of the interpreter");
    let mut tape = Tape::new();
    problem
        .cell
        .record(problem.sequence(), &mut tape)
        .expect("a recording");
    for (i, slow) in trace.outputs.iter().enumerate() {
        equal(
            tape.output(i).into_dyn(),
            slow.view().into_dyn(),
            &format!("{name}: output {i}"),
        );
    }
    for (i, (fast, slow)) in tape
        .state()
        .fields()
        .into_iter()
        .zip(&trace.states)
        .enumerate()
    {
        equal(fast, slow.view(), &format!("{name}: final state {i}"));
    }
    for (symbol, slow) in &trace.named {
        let fast = tape
            .get(&problem.cell, symbol)
            .expect("a symbol of the equations");
        equal(
            fast.view().into_dyn(),
            slow.view().into_dyn(),
            &format!("{name}: {symbol}"),
        );
    }
    let seeds = OutputSeeds {
        outputs: problem.outputs.clone(),
        states: problem.last.fields().iter().map(|f| f.to_owned()).collect(),
    };
    let slow = interpreter
        .gradients(&inputs, &seeds)
        .expect("gradients of the interpreter");
    let fast = problem.gradients();
    let flat = ndarray::ArrayView1::from(fast.params()).into_dyn();
    equal(
        flat,
        ndarray::ArrayView1::from(&slow.params).into_dyn(),
        &format!("{name}: gradients of parameters"),
    );
    for (i, slow) in slow.inputs.iter().enumerate() {
        equal(
            fast.input(i).into_dyn(),
            slow.view().into_dyn(),
            &format!("{name}: gradient of input {i}"),
        );
    }
    for (i, (fast, slow)) in fast
        .state()
        .fields()
        .into_iter()
        .zip(&slow.states)
        .enumerate()
    {
        equal(fast, slow.view(), &format!("{name}: gradient of state {i}"));
    }
}

/// Equal up to rounding.
fn equal(fast: ArrayViewD<'_, f64>, slow: ArrayViewD<'_, f64>, what: &str) {
    assert_eq!(fast.shape(), slow.shape(), "{what}");
    for (at, (a, b)) in fast.iter().zip(slow.iter()).enumerate() {
        assert!(
            (a - b).abs() <= 1e-10 * (1.0 + b.abs()),
            "{what} at {at}: emitted {a}, interpreted {b}"
        );
    }
}
