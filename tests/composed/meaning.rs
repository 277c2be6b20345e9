//! Cells made of cells, against the inner cells run by hand with the same parameters.

use gate_runtime::{Cell, RoleInfo, cell, elements};
use ndarray::{Array2, Array3, ArrayView2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::parents::{Gru, Lstm};
use crate::proof::Problem;

cell! {
    /// Two inner cells of one kind, two of another.
    pub(crate) struct Pair {
        left: Lstm;
        right: Lstm;
        up: Gru;
        down: Gru;
        y_t = up(left(x_t)) - down(right(x_t));
    }
}

cell! {
    /// The states go crosswise; one cell runs twice in a step.
    pub(crate) struct Crossed {
        one: Lstm;
        two: Gru;
        a = one(x_t, h_{t-1} = h_{t-1}^(two), C_{t-1} = tanh(y_{t-1} * M));
        b = one(0.5 * x_t, h_{t-1} = a, C_{t-1} = C_t^(one));
        y_t = two(b, h_{t-1} = 0.5 * a) + y_{t-2} * N;
    }
}

cell! {
    /// An inner cell of two inputs and two outputs; of the second output a value of a step ago.
    pub(crate) struct Renamed(u_t, v_t) -> (y_t, z_t) {
        inner: crate::Timed;
        w: [1];
        y_t = inner(u_t .* v_t, sigmoid(w));
        z_t = C_{t-1}^(inner) .* y_t;
        u_t: [I];
    }
}

cell! {
    /// Levels of two sizes each.
    pub(crate) struct Low { a: Gru; b: Gru; y_t = tanh(b(a(x_t)) * V + x_{t-1} * U); }
}

cell! {
    pub(crate) struct Middle { a: Low; b: Low; s_t = a(x_t) * P + 0.5 * s_{t-1}; y_t = s_t .* b(s_t); }
}

cell! {
    pub(crate) struct High { a: Middle; y_t = a(tanh(x_t)) + h_{t-1}^(a,a,a) * Q; }
}

/// A parameter by its name in Rust.
fn parameter<'c, C: Cell<Scalar = f64>>(cell: &'c C, ident: &str) -> &'c [f64] {
    let mut start = 0;
    for symbol in C::INFO.symbols {
        if let RoleInfo::Parameter(_) = symbol.role {
            let length = elements(symbol.shape, cell.sizes());
            if symbol.ident == ident {
                return &cell.params()[start..start + length];
            }
            start += length;
        }
    }
    panic!("no `{ident}` in {:?}", C::INFO.symbols);
}

fn matrix<C: Cell<Scalar = f64>>(cell: &C, ident: &str, columns: usize) -> Array2<f64> {
    let flat = parameter(cell, ident).to_vec();
    Array2::from_shape_vec((flat.len() / columns, columns), flat).expect("whole rows")
}

/// The inner cell of that label, by itself.
fn inner<C: Cell<Scalar = f64>, O: Cell<Scalar = f64>>(
    outer: &O,
    label: &str,
    sizes: &[usize],
) -> C {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut cell = C::with_sizes(sizes, &mut rng).expect("sizes");
    let parameters = C::INFO.symbols.iter();
    let parameters = parameters.filter(|s| matches!(s.role, RoleInfo::Parameter(_)));
    let flat: Vec<f64> = parameters
        .flat_map(|symbol| parameter(outer, &format!("{}_{label}", symbol.ident)).to_vec())
        .collect();
    cell.params_mut().copy_from_slice(&flat);
    cell
}

/// A problem that starts from the definition's own state.
fn problem<C: Cell<Scalar = f64>>(sizes: &[usize]) -> Problem<C> {
    Problem::new(sizes, 5, None, false)
}

#[track_caller]
fn close(found: &Array3<f64>, expected: &Array3<f64>) {
    assert_eq!(found.dim(), expected.dim());
    let apart = (found - expected)
        .iter()
        .fold(0.0_f64, |m, d| m.max(d.abs()));
    assert!(apart < 1e-12, "{apart}");
}

fn sizes_of<C: Cell>() -> Vec<&'static str> {
    C::INFO.sizes.iter().map(|size| size.argument).collect()
}

fn output<C: Cell<Scalar = f64>>(cell: &C, x: &Array3<f64>) -> Array3<f64> {
    cell.forward(x).expect("a run").output().to_owned()
}

#[test]
fn inner_cells_of_one_kind_are_told_apart() {
    assert_eq!(sizes_of::<Pair<f64>>().len(), 4);
    let p = problem::<Pair<f64>>(&[3, 4, 2, 5]);
    let x = &p.inputs[0];
    let (left, right) = (p.cell.W_x_f_left().dim().1, p.cell.W_x_f_right().dim().1);
    let width = p.cell.W_x_up().dim().1;
    let path = |lstm: Lstm<f64>, gru: Gru<f64>| output(&gru, &output(&lstm, x));
    let up = path(
        inner(&p.cell, "left", &[3, left]),
        inner(&p.cell, "up", &[left, width]),
    );
    let down = path(
        inner(&p.cell, "right", &[3, right]),
        inner(&p.cell, "down", &[right, width]),
    );
    close(&output(&p.cell, x), &(up - down));
}

#[test]
fn states_go_where_they_are_given() {
    let p = problem::<Crossed<f64>>(&[3, 4]);
    let units = p.cell.W_x_f_one().dim().1;
    let width = p.cell.W_x_two().dim().1;
    let one: Lstm<f64> = inner(&p.cell, "one", &[3, units]);
    let two: Gru<f64> = inner(&p.cell, "two", &[units, width]);
    let (m, n) = (matrix(&p.cell, "M", units), matrix(&p.cell, "N", width));
    let x = &p.inputs[0];
    let (steps, rows, _) = x.dim();
    let mut found = Array3::zeros((steps, rows, width));
    let mut last = Array2::zeros((rows, width));
    let (mut before, mut memory) = (last.clone(), last.clone());
    for t in 0..steps {
        let now = x.index_axis(Axis(0), t);
        let step = |cell: &Lstm<f64>, x: ArrayView2<'_, f64>, h, c| {
            let mut state = cell.zero_state(rows);
            (state.h, state.C) = (h, c);
            cell.step(&[x], &mut state).expect("a step");
            state
        };
        let first = step(&one, now, memory.clone(), last.dot(&m).mapv(f64::tanh));
        let half = now.mapv(|v| 0.5 * v);
        let second = step(&one, half.view(), first.h.clone(), first.C);
        let mut state = two.zero_state(rows);
        state.h = 0.5 * &first.h;
        two.step(&[second.h.view()], &mut state).expect("a step");
        memory = state.h;
        let y = &memory + &before.dot(&n);
        found.index_axis_mut(Axis(0), t).assign(&y);
        before = std::mem::replace(&mut last, y);
    }
    close(&output(&p.cell, x), &found);
}

#[test]
fn inputs_and_outputs_have_other_names_outside() {
    let p = problem::<Renamed<f64>>(&[3, 4]);
    let inner: crate::Timed<f64> = inner(&p.cell, "inner", &[3, 4]);
    let product = &p.inputs[0] * &p.inputs[1];
    let gate = parameter(&p.cell, "w")[0];
    let gate = Array3::from_elem(
        (product.dim().0, product.dim().1, 1),
        1.0 / (1.0 + (-gate).exp()),
    );
    let run = inner
        .forward(gate_runtime::Sequence::from([&product, &gate]))
        .expect("a run");
    let found = p.cell.forward(p.sequence()).expect("a run");
    close(&found.outputs[0], &run.outputs[0]);
    let mut memory = Array3::zeros(run.outputs[1].dim());
    let steps = memory.dim().0;
    memory
        .slice_mut(ndarray::s![1.., .., ..])
        .assign(&run.outputs[1].slice(ndarray::s![..steps - 1, .., ..]));
    close(&found.outputs[1], &(memory * &run.outputs[0]));
}

#[test]
fn levels_have_sizes_of_their_own() {
    assert_eq!(sizes_of::<Low<f64>>().len(), 4);
    assert_eq!(sizes_of::<Middle<f64>>().len(), 7);
    let p = problem::<High<f64>>(&[3, 4, 2, 5, 3, 2, 4]);
    let x = p.inputs[0].mapv(f64::tanh);
    let width = |ident: &str, rows: usize| parameter(&p.cell, ident).len() / rows;
    let low = |label: &str, input: usize| -> Low<f64> {
        let first = width(&format!("W_x_a_{label}"), input);
        let second = width(&format!("W_x_b_{label}"), first);
        let last = width(&format!("V_{label}"), second);
        let by_name = |size: &gate_runtime::SizeInfo| match size.argument {
            "x" => input,
            "y" => last,
            name if name.contains('a') => first,
            _ => second,
        };
        let sizes: Vec<usize> = Low::<f64>::INFO.sizes.iter().map(by_name).collect();
        inner(&p.cell, label, &sizes)
    };
    let one = low("a_a", 3);
    let a = output(&one, &x);
    let units = width("P_a", a.dim().2);
    let projection = matrix(&p.cell, "P_a", units);
    let two = low("b_a", units);
    let (steps, rows, _) = x.dim();
    let mut sums = Array3::zeros((steps, rows, units));
    let mut sum = Array2::zeros((rows, units));
    for t in 0..steps {
        sum = a.index_axis(Axis(0), t).dot(&projection) + 0.5 * &sum;
        sums.index_axis_mut(Axis(0), t).assign(&sum);
    }
    let mut expected = &sums * &output(&two, &sums);
    // The state of the innermost cell, a step ago.
    let gru: Gru<f64> = inner(&p.cell, "a_a_a", &[3, width("W_x_a_a_a", 3)]);
    let state = output(&gru, &x);
    let q = matrix(&p.cell, "Q", expected.dim().2);
    for t in 1..steps {
        let add = state.index_axis(Axis(0), t - 1).dot(&q);
        let mut row = expected.index_axis_mut(Axis(0), t);
        row += &add;
    }
    close(&output(&p.cell, &p.inputs[0]), &expected);
}
