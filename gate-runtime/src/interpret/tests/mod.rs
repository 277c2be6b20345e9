//! Values and gradients of cells by hand, against a loop, differences and one another.

mod toy;

use ndarray::{Array1, Array2, Array3, ArrayD, IxDyn};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Inputs, Interpreter, OutputSeeds, check_gradients};
use crate::info::OpInfo;
use toy::{SIZES, WEIGHT, count, elman, elman_with, everything};

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
        "Toy has 2 independent sizes, but 1 was given; `Toy::INFO.sizes` lists them"
    );
    assert_eq!(
        Interpreter::new(&info, &[3, 0]).unwrap_err().to_string(),
        "the size `h` of Toy is 0; every size must be at least 1"
    );
    let (params, x) = (vec![0.0; count(&info)], Array3::zeros((5, 2, 3)));
    let wide = Array3::zeros((5, 2, 4));
    assert!(text(&Inputs::new(&params[1..], &[x.view()])).contains("32 parameters"));
    assert!(text(&Inputs::new(&params, &[])).contains("1 input, but 0 were"));
    assert!(
        text(&Inputs::new(&params, &[wide.view()]))
            .contains("`x` of Toy must have shape [5, 2, 3], but has [5, 2, 4]")
    );
    assert!(text(&Inputs::new(&params, &[x.view()]).lengths(&[5])).contains("1 length was given"));
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
    assert!(error.unwrap_err().to_string().contains("1 output, but 2"));
}
