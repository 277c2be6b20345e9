use ndarray::{Array1, Array2, Array3, ArrayD, IxDyn};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::info::{
    CellInfo, Extent, GraphInfo, InitInfo, NodeInfo, OpInfo, RoleInfo, SizeInfo, StateInfo,
    SymbolInfo, elements,
};

use super::{Inputs, Interpreter, OutputSeeds, check_gradients};

const I: Extent = Extent {
    terms: &[(0, 1)],
    constant: 0,
    divisor: 1,
};
const H: Extent = Extent {
    terms: &[(1, 1)],
    constant: 0,
    divisor: 1,
};
const BOTH: Extent = Extent {
    terms: &[(0, 1), (1, 1)],
    constant: 0,
    divisor: 1,
};
const ZERO: Extent = Extent {
    terms: &[],
    constant: 0,
    divisor: 1,
};
const SCALAR: &[Extent] = &[];
const SIZES: &[usize] = &[3, 4];

const WEIGHT: RoleInfo = RoleInfo::Parameter(InitInfo::GlorotUniform);

fn symbol(ident: &'static str, role: RoleInfo, shape: &'static [Extent]) -> SymbolInfo {
    SymbolInfo {
        ident,
        printed: ident,
        latex: ident,
        role,
        shape,
        depth: 1,
        taken_for: "",
    }
}

/// Nodes in order; each call gives the index of the new one.
#[derive(Default)]
struct Nodes(Vec<NodeInfo>);

impl Nodes {
    fn push(&mut self, op: OpInfo, args: &[usize], shape: &'static [Extent]) -> usize {
        self.0.push(NodeInfo {
            op,
            args: args.to_vec().leak(),
            shape,
        });
        self.0.len() - 1
    }
}

fn info(
    symbols: Vec<SymbolInfo>,
    nodes: Nodes,
    states: Vec<StateInfo>,
    output: (usize, usize),
    named: Vec<(usize, usize)>,
) -> CellInfo {
    CellInfo {
        name: "Toy",
        parent: None,
        sizes: &[
            SizeInfo {
                name: "I",
                argument: "x",
            },
            SizeInfo {
                name: "H",
                argument: "h",
            },
        ],
        symbols: symbols.leak(),
        equations: &[],
        backward: &[],
        outputs: vec![output.0].leak(),
        graph: GraphInfo {
            nodes: nodes.0.leak(),
            states: states.leak(),
            outputs: vec![output].leak(),
            named: named.leak(),
        },
        notes: &[],
        about: "",
        tape: &[],
    }
}

fn elman() -> CellInfo {
    elman_with(OpInfo::Tanh)
}

/// `h_t = tanh(x_t W + V h_{t-1} + b)`, or another function instead of `tanh`.
fn elman_with(function: OpInfo) -> CellInfo {
    let symbols = vec![
        symbol("x", RoleInfo::Input, &[I]),
        symbol("h", RoleInfo::State(0.25), &[H]),
        symbol("W", WEIGHT, &[I, H]),
        symbol("V", WEIGHT, &[H, H]),
        symbol("b", WEIGHT, &[H]),
    ];
    let mut n = Nodes::default();
    let x = n.push(OpInfo::Input(0), &[], &[I]);
    let h = n.push(OpInfo::Prev(0, 1), &[], &[H]);
    let w = n.push(OpInfo::Param(2), &[], &[I, H]);
    let v = n.push(OpInfo::Param(3), &[], &[H, H]);
    let b = n.push(OpInfo::Param(4), &[], &[H]);
    let xw = n.push(OpInfo::MatVecTransposed, &[w, x], &[H]);
    let vh = n.push(OpInfo::MatVec, &[v, h], &[H]);
    let sum = n.push(OpInfo::Add, &[xw, vh], &[H]);
    let sum = n.push(OpInfo::Add, &[sum, b], &[H]);
    let out = n.push(function, &[sum], &[H]);
    info(
        symbols,
        n,
        vec![StateInfo {
            symbol: 1,
            value: out,
            depth: 1,
        }],
        (1, out),
        vec![(1, out)],
    )
}

/// A cell that uses every kind of operation that is not element-wise, a delayed input, a state
/// read two steps back, a matrix state, a trained initial state, a hyper-parameter and masks.
fn everything() -> CellInfo {
    let symbols = vec![
        symbol("x", RoleInfo::Input, &[I]),
        symbol("h", RoleInfo::TrainedState(4), &[H]),
        symbol("M", RoleInfo::State(0.0), &[H, I]),
        symbol("γ", RoleInfo::Hyper(0.7), SCALAR),
        symbol("h_0", WEIGHT, &[H]),
        symbol("W", WEIGHT, &[H, BOTH]),
        symbol("A", WEIGHT, &[H, H]),
        symbol("p", WEIGHT, SCALAR),
        symbol("u", RoleInfo::Intermediate, &[H]),
    ];
    let mut n = Nodes::default();
    let x = n.push(OpInfo::Input(0), &[], &[I]);
    let (h1, h2) = (
        n.push(OpInfo::Prev(0, 1), &[], &[H]),
        n.push(OpInfo::Prev(0, 2), &[], &[H]),
    );
    let before = n.push(OpInfo::Prev(1, 1), &[], &[H, I]);
    let x1 = n.push(OpInfo::Prev(2, 1), &[], &[I]);
    let (w, a, p) = (
        n.push(OpInfo::Param(5), &[], &[H, BOTH]),
        n.push(OpInfo::Param(6), &[], &[H, H]),
        n.push(OpInfo::Param(7), &[], SCALAR),
    );
    let gamma = n.push(OpInfo::Hyper(3), &[], SCALAR);
    let transposed = n.push(OpInfo::Transpose, &[a], &[H, H]);
    let skew = n.push(OpInfo::Sub, &[a, transposed], &[H, H]);
    let identity = n.push(OpInfo::Identity, &[], &[H, H]);
    let damping = n.push(OpInfo::Mul, &[identity, gamma], &[H, H]);
    let skew = n.push(OpInfo::Sub, &[skew, damping], &[H, H]);
    let squared = n.push(OpInfo::MatMat, &[skew, a], &[H, H]);
    let all = n.push(OpInfo::Concat, &[x, h2], &[BOTH]);
    let u = n.push(OpInfo::MatVec, &[w, all], &[H]);
    let back = n.push(OpInfo::MatVec, &[squared, h1], &[H]);
    let outer = n.push(OpInfo::Outer, &[h1, x1], &[H, I]);
    let chance = n.push(OpInfo::Sigmoid, &[p], SCALAR);
    let zoneout = n.push(OpInfo::Zoneout(0), &[chance], &[H, I]);
    let kept = n.push(OpInfo::Mul, &[zoneout, before], &[H, I]);
    let memory = n.push(OpInfo::Add, &[kept, outer], &[H, I]);
    let read = n.push(OpInfo::MatVec, &[memory, x], &[H]);
    let columns = n.push(OpInfo::MatVecTransposed, &[memory, u], &[I]);
    let part = n.push(OpInfo::Slice(1, I), &[w], &[H, H]);
    let part = n.push(OpInfo::MatVecTransposed, &[part, h1], &[H]);
    let padded = n.push(OpInfo::Pad(0, ZERO), &[columns], &[BOTH]);
    let tail = n.push(OpInfo::Slice(0, I), &[padded], &[H]);
    let sum = n.push(OpInfo::Sum, &[columns], SCALAR);
    let length = n.push(OpInfo::Length(BOTH), &[], SCALAR);
    let mean = n.push(OpInfo::Div, &[sum, length], SCALAR);
    let largest = n.push(OpInfo::Largest, &[u], SCALAR);
    let shifted = n.push(OpInfo::Sub, &[u, largest], &[H]);
    let spread = n.push(OpInfo::Spread, &[mean], &[H]);
    let chosen = n.push(OpInfo::SelectGreater, &[u, back, read, part], &[H]);
    let mut total = chosen;
    for term in [back, shifted, spread, tail] {
        total = n.push(OpInfo::Add, &[total, term], &[H]);
    }
    let out = n.push(OpInfo::Tanh, &[total], &[H]);
    let states = vec![
        StateInfo {
            symbol: 1,
            value: out,
            depth: 2,
        },
        StateInfo {
            symbol: 2,
            value: memory,
            depth: 1,
        },
        StateInfo {
            symbol: 0,
            value: x,
            depth: 1,
        },
    ];
    info(
        symbols,
        n,
        states,
        (1, out),
        vec![(8, u), (2, memory), (1, out)],
    )
}

fn count(info: &CellInfo) -> usize {
    let params = info
        .symbols
        .iter()
        .filter(|s| matches!(s.role, RoleInfo::Parameter(_)));
    params.map(|s| elements(s.shape, SIZES)).sum()
}

struct Numbers(ChaCha8Rng);

impl Numbers {
    fn new() -> Numbers {
        Numbers(ChaCha8Rng::seed_from_u64(2))
    }

    fn next(&mut self) -> f64 {
        self.0.random_range(-0.9..0.9)
    }

    fn array(&mut self, shape: &[usize]) -> ArrayD<f64> {
        ArrayD::from_shape_simple_fn(IxDyn(shape), || self.next())
    }

    fn sequence(&mut self, shape: (usize, usize, usize)) -> Array3<f64> {
        Array3::from_shape_simple_fn(shape, || self.next())
    }
}

#[test]
fn values_equal_a_loop_by_hand() {
    let (info, mut numbers) = (elman(), Numbers::new());
    let params: Vec<f64> = (0..count(&info)).map(|_| numbers.next()).collect();
    let x = numbers.sequence((5, 2, 3));
    let trace = Interpreter::new(&info, SIZES)
        .unwrap()
        .run(&Inputs::new(&params, &[x.view()]))
        .unwrap();
    let w = Array2::from_shape_vec((3, 4), params[..12].to_vec()).unwrap();
    let v = Array2::from_shape_vec((4, 4), params[12..28].to_vec()).unwrap();
    let b = Array1::from(params[28..].to_vec());
    for row in 0..2 {
        let mut h = Array1::from_elem(4, 0.25);
        for time in 0..5 {
            let step = x.slice(ndarray::s![time, row, ..]);
            let sum: Array1<f64> = w.t().dot(&step) + v.dot(&h) + &b;
            h = sum.mapv(f64::tanh);
            for k in 0..4 {
                assert!((trace.outputs[0][[time, row, k]] - h[k]).abs() < 1e-15);
            }
        }
        assert_eq!(
            trace.states[0].index_axis(ndarray::Axis(0), row),
            trace.outputs[0].slice(ndarray::s![4, row, ..]).into_dyn()
        );
    }
    assert_eq!(trace.get("h"), Some(&trace.outputs[0]));
    assert_eq!(trace.get("y"), None);
}

#[test]
fn gradients_equal_central_differences() {
    for (info, given) in [
        (elman(), false),
        (elman(), true),
        (everything(), false),
        (everything(), true),
    ] {
        let mut numbers = Numbers::new();
        let interpreter = Interpreter::new(&info, SIZES).unwrap();
        let params: Vec<f64> = (0..count(&info)).map(|_| numbers.next()).collect();
        let x = numbers.sequence((5, 2, 3));
        let mut inputs = Inputs::new(&params, &[x.view()]).lengths(&[5, 3]);
        let shapes: Vec<Vec<usize>> = interpreter
            .run(&inputs)
            .unwrap()
            .states
            .iter()
            .map(|s| s.shape().to_vec())
            .collect();
        if given {
            inputs = inputs.states(shapes.iter().map(|s| numbers.array(s)).collect());
        }
        let seeds = OutputSeeds {
            outputs: vec![numbers.sequence((5, 2, 4))],
            states: shapes.iter().map(|s| numbers.array(s)).collect(),
        };
        let report = check_gradients(&interpreter, &inputs, &seeds).unwrap();
        let parts = 1 + if given { shapes.len() } else { 0 };
        assert_eq!(
            report.len(),
            parts + info.symbols.iter().filter(|s| s.role == WEIGHT).count()
        );
        for deviation in report {
            let unused = given
                && deviation.symbol == "h_0"
                && deviation.elements == 4
                && deviation.analytic == 0.0;
            assert!(deviation.analytic != 0.0 || unused, "{deviation:?}");
            assert!(deviation.relative < 1e-8, "{deviation:?}");
        }
    }
}

#[test]
fn a_stopped_gradient_is_zero_and_its_value_is_not() {
    let (info, mut numbers) = (elman_with(OpInfo::StopGradient), Numbers::new());
    let interpreter = Interpreter::new(&info, SIZES).unwrap();
    let params: Vec<f64> = (0..count(&info)).map(|_| numbers.next()).collect();
    let x = numbers.sequence((2, 1, 3));
    let inputs = Inputs::new(&params, &[x.view()]);
    let seeds = OutputSeeds {
        outputs: vec![numbers.sequence((2, 1, 4))],
        states: Vec::new(),
    };
    assert!(
        interpreter.run(&inputs).unwrap().outputs[0]
            .iter()
            .all(|&y| y != 0.0)
    );
    assert!(
        interpreter
            .gradients(&inputs, &seeds)
            .unwrap()
            .params
            .iter()
            .all(|&g| g == 0.0)
    );
}

#[test]
fn padded_equals_truncated() {
    let (info, mut numbers) = (everything(), Numbers::new());
    let interpreter = Interpreter::new(&info, SIZES).unwrap();
    let params: Vec<f64> = (0..count(&info)).map(|_| numbers.next()).collect();
    let (x, seed) = (numbers.sequence((6, 1, 3)), numbers.sequence((6, 1, 4)));
    let short = |a: &Array3<f64>| a.slice(ndarray::s![..4, .., ..]).to_owned();
    let (x4, seed4) = (short(&x), short(&seed));
    let padded = Inputs::new(&params, &[x.view()]).lengths(&[4]);
    let truncated = Inputs::new(&params, &[x4.view()]);
    let (a, b) = (
        interpreter.run(&padded).unwrap(),
        interpreter.run(&truncated).unwrap(),
    );
    assert_eq!(a.states, b.states);
    assert_eq!(short(&a.outputs[0]), b.outputs[0]);
    assert!(
        a.outputs[0]
            .slice(ndarray::s![4.., .., ..])
            .iter()
            .all(|&y| y == 0.0)
    );
    let seeds = |y| OutputSeeds {
        outputs: vec![y],
        states: Vec::new(),
    };
    let a = interpreter.gradients(&padded, &seeds(seed)).unwrap();
    let b = interpreter.gradients(&truncated, &seeds(seed4)).unwrap();
    assert_eq!(a.params, b.params);
    assert_eq!(short(&a.inputs[0]), b.inputs[0]);
    assert!(
        a.inputs[0]
            .slice(ndarray::s![4.., .., ..])
            .iter()
            .all(|&y| y == 0.0)
    );
}

#[test]
fn masks_and_hyper_parameters_are_the_callers() {
    let (info, mut numbers) = (everything(), Numbers::new());
    let interpreter = Interpreter::new(&info, SIZES).unwrap();
    let mut params: Vec<f64> = (0..count(&info)).map(|_| numbers.next()).collect();
    let last = params.len() - 1;
    params[last] = 0.4;
    let x = numbers.sequence((3, 2, 3));
    let inputs = Inputs::new(&params, &[x.view()]);
    let chance = 1.0 / (1.0 + (-0.4_f64).exp());
    let expected = |_: usize, _: usize, _: usize, _: usize| chance;
    let plain = interpreter.run(&inputs).unwrap().outputs;
    let same = interpreter
        .run(&inputs.clone().masks(&expected))
        .unwrap()
        .outputs;
    assert!((&plain[0] - &same[0]).iter().all(|d| d.abs() < 1e-14));
    let one_row = |_: usize, _: usize, row: usize, _: usize| if row == 1 { 0.0 } else { chance };
    let other = interpreter
        .run(&inputs.clone().masks(&one_row))
        .unwrap()
        .outputs;
    let row = |y: &Array3<f64>, row: usize| y.index_axis(ndarray::Axis(1), row).to_owned();
    assert_eq!(row(&other[0], 0), row(&same[0], 0));
    assert_ne!(row(&other[0], 1), row(&same[0], 1));
    assert_eq!(
        interpreter
            .run(&inputs.clone().hypers(&[0.7]))
            .unwrap()
            .outputs,
        plain
    );
    assert_ne!(
        interpreter.run(&inputs.hypers(&[0.5])).unwrap().outputs,
        plain
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let info = elman();
    let text = |inputs: &Inputs<'_>| {
        Interpreter::new(&info, SIZES)
            .unwrap()
            .run(inputs)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        Interpreter::new(&info, &[3]).unwrap_err().to_string(),
        "Toy has 2 independent size(s), but 1 were given; `Toy::INFO.sizes` lists them"
    );
    assert_eq!(
        Interpreter::new(&info, &[3, 0]).unwrap_err().to_string(),
        "the size `h` of Toy is 0; every size must be at least 1"
    );
    let (params, x) = (vec![0.0; count(&info)], Array3::zeros((5, 2, 3)));
    let wide = Array3::zeros((5, 2, 4));
    assert!(text(&Inputs::new(&params[1..], &[x.view()])).contains("32 parameters"));
    assert!(text(&Inputs::new(&params, &[])).contains("1 input(s), but 0"));
    assert!(
        text(&Inputs::new(&params, &[wide.view()]))
            .contains("`x` of Toy must have shape [5, 2, 3], but has [5, 2, 4]")
    );
    assert!(text(&Inputs::new(&params, &[x.view()]).lengths(&[5])).contains("1 length(s)"));
    assert!(
        text(&Inputs::new(&params, &[x.view()]).lengths(&[5, 6])).contains("row 1 has length 6")
    );
    assert!(
        text(&Inputs::new(&params, &[x.view()]).states(vec![ArrayD::zeros(IxDyn(&[2, 3]))]))
            .contains("`h` of Toy")
    );
    let seeds = OutputSeeds {
        outputs: vec![wide.clone(), wide],
        states: Vec::new(),
    };
    let error = Interpreter::new(&info, SIZES)
        .unwrap()
        .gradients(&Inputs::new(&params, &[x.view()]), &seeds);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("1 output(s), but 2")
    );
}
