//! The emitted code against the interpreter of the same equations, forward and backward.

use gate_runtime::interpret::{Gradients, Interpreter, OutputSeeds};
use gate_runtime::{Cell, CellGrads, CellState, Tape};
use ndarray::ArrayViewD;

use super::Problem;

/// Outputs, final states, every named value, and all gradients.
pub fn interpreter<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let name = C::INFO.name;
    let interpreter = Interpreter::new(C::INFO, problem.cell.sizes()).expect("sizes that fit");
    let views: Vec<_> = problem.inputs.iter().map(|x| x.view()).collect();
    let inputs = problem.interpreted(&views);
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
    let slow = gradients(problem);
    if let Err(difference) = differ::<C>(&problem.gradients(), &slow) {
        panic!("{name}: {difference}");
    }
}

/// Gradients of the interpreter.
pub fn gradients<C: Cell<Scalar = f64>>(problem: &Problem<C>) -> Gradients {
    let interpreter = Interpreter::new(C::INFO, problem.cell.sizes()).expect("sizes that fit");
    let views: Vec<_> = problem.inputs.iter().map(|x| x.view()).collect();
    let seeds = OutputSeeds {
        outputs: problem.outputs.clone(),
        states: owned(&problem.last),
    };
    interpreter
        .gradients(&problem.interpreted(&views), &seeds)
        .expect("gradients of the interpreter")
}

/// The first difference between emitted and interpreted gradients.
pub fn differ<C: Cell<Scalar = f64>>(fast: &C::Grads, slow: &Gradients) -> Result<(), String> {
    let flat = ndarray::ArrayView1::from(fast.params()).into_dyn();
    let params = ndarray::ArrayView1::from(&slow.params).into_dyn();
    same(flat, params, "gradients of parameters")?;
    for (i, slow) in slow.inputs.iter().enumerate() {
        let what = format!("gradient of input {i}");
        same(fast.input(i).into_dyn(), slow.view().into_dyn(), &what)?;
    }
    let states = fast.state().fields().into_iter().zip(&slow.states);
    for (i, (fast, slow)) in states.enumerate() {
        same(fast, slow.view(), &format!("gradient of state {i}"))?;
    }
    Ok(())
}

fn owned<S: CellState<Scalar = f64>>(state: &S) -> Vec<ndarray::ArrayD<f64>> {
    state.fields().iter().map(|f| f.to_owned()).collect()
}

fn equal(fast: ArrayViewD<'_, f64>, slow: ArrayViewD<'_, f64>, what: &str) {
    if let Err(difference) = same(fast, slow, what) {
        panic!("{difference}");
    }
}

/// Equal up to rounding.
fn same(fast: ArrayViewD<'_, f64>, slow: ArrayViewD<'_, f64>, what: &str) -> Result<(), String> {
    assert_eq!(fast.shape(), slow.shape(), "{what}");
    for (at, (a, b)) in fast.iter().zip(slow.iter()).enumerate() {
        let close = (a - b).abs() <= 1e-10 * (1.0 + b.abs());
        if !close {
            return Err(format!("{what} at {at}: emitted {a}, interpreted {b}"));
        }
    }
    Ok(())
}
