//! A loop over a few steps, forward and backward, and central differences of its loss.

use std::collections::BTreeMap;

use crate::grad::{Adjoint, differentiate};
use crate::ir::eval::{Noise, elements, eval};
use crate::ir::tests::{SIZES, cell};
use crate::ir::{Graph, Id, Node, Op, lower, simplify};

/// More than the longest delay.
const STEPS: usize = 5;
/// Half the width of a difference.
const STEP: f64 = 1e-5;

/// What the loss depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Param(usize),
    Input {
        step: usize,
        symbol: usize,
    },
    /// The value of a state `ago` steps before the first.
    Initial {
        state: usize,
        ago: usize,
    },
}

type Point = BTreeMap<Key, Vec<f64>>;

/// The loss: a random linear function of all outputs and of the last values of the states.
struct Loss<'a> {
    graph: &'a Graph,
    seeds: Vec<Vec<Vec<f64>>>,
    /// By state, then by step.
    finals: Vec<Vec<Vec<f64>>>,
}

/// Values of all nodes at all steps.
type Values = Vec<Vec<Vec<f64>>>;

impl<'a> Loss<'a> {
    fn new(graph: &'a Graph, noise: &mut Noise) -> Loss<'a> {
        let random =
            |noise: &mut Noise, id: Id| noise.vector(elements(&graph.nodes[id].shape, &SIZES));
        let seeds = (0..STEPS).map(|_| {
            graph
                .outputs
                .iter()
                .map(|&(_, id)| random(noise, id))
                .collect()
        });
        let seeds = seeds.collect();
        let finals = graph
            .states
            .iter()
            .map(|s| (0..STEPS).map(|_| random(noise, s.value)).collect());
        let finals = finals.collect();
        Loss {
            graph,
            seeds,
            finals,
        }
    }

    /// A random point: parameters, inputs, earlier states.
    fn point(&self, noise: &mut Noise) -> Point {
        let mut point = Point::new();
        for node in &self.graph.nodes {
            let length = elements(&node.shape, &SIZES);
            match node.op {
                Op::Param(symbol) => {
                    point
                        .entry(Key::Param(symbol))
                        .or_insert_with(|| noise.vector(length));
                }
                Op::Input(symbol) => {
                    for step in 0..STEPS {
                        point
                            .entry(Key::Input { step, symbol })
                            .or_insert_with(|| noise.vector(length));
                    }
                }
                _ => {}
            }
        }
        for (state, s) in self.graph.states.iter().enumerate() {
            for ago in 1..=s.depth {
                let length = elements(&self.graph.nodes[s.value].shape, &SIZES);
                point.insert(Key::Initial { state, ago }, noise.vector(length));
            }
        }
        point
    }

    /// Value of a forward leaf at a step, given the steps before it.
    fn leaf(&self, point: &Point, past: &[Vec<Vec<f64>>], step: usize, node: &Node) -> Vec<f64> {
        match node.op {
            Op::Param(symbol) => point[&Key::Param(symbol)].clone(),
            Op::Input(symbol) => point[&Key::Input { step, symbol }].clone(),
            Op::Prev { state, delay } if delay <= step => {
                past[step - delay][self.graph.states[state].value].clone()
            }
            Op::Prev { state, delay } => point[&Key::Initial {
                state,
                ago: delay - step,
            }]
                .clone(),
            Op::Hyper(_) => vec![0.3],
            Op::Mask { index, .. } => {
                let seed = 1 + index as u64 + 100 * step as u64;
                Noise(seed * 7919).vector(elements(&node.shape, &SIZES))
            }
            _ => panic!("{:?} is no forward leaf", node.op),
        }
    }

    fn forward(&self, point: &Point) -> Values {
        let mut values = Values::new();
        for step in 0..STEPS {
            let now = eval(self.graph, &SIZES, &|_, node: &Node| {
                self.leaf(point, &values, step, node)
            });
            values.push(now);
        }
        values
    }

    /// Whether the value of a state at a step is among its last ones.
    fn is_final(&self, state: usize, step: usize) -> bool {
        step + self.graph.states[state].depth >= STEPS
    }

    fn loss(&self, point: &Point) -> f64 {
        let values = self.forward(point);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut loss = 0.0;
        for (step, values) in values.iter().enumerate() {
            for (seed, &(_, id)) in self.seeds[step].iter().zip(&self.graph.outputs) {
                loss += dot(seed, &values[id]);
            }
            for (state, s) in self.graph.states.iter().enumerate() {
                if self.is_final(state, step) {
                    loss += dot(&self.finals[state][step], &values[s.value]);
                }
            }
        }
        loss
    }

    /// What later steps, and the loss itself, contribute to the adjoint of a state.
    fn future(
        &self,
        (state, delay): (usize, usize),
        step: usize,
        back: &[Back],
        zeros: Vec<f64>,
    ) -> Vec<f64> {
        let mut sum = zeros;
        let later = back[step..].get(delay);
        if let Some(part) = later.and_then(|later| later.states.get(&(state, delay))) {
            add(&mut sum, part);
        }
        // The longest delay is always read, or stands for all.
        if delay == self.graph.states[state].depth && self.is_final(state, step) {
            add(&mut sum, &self.finals[state][step]);
        }
        sum
    }

    /// The gradient by the adjoint.
    fn gradient(&self, adjoint: &Adjoint, point: &Point) -> Point {
        let values = self.forward(point);
        let mut out: Point = point
            .iter()
            .map(|(key, v)| (*key, vec![0.0; v.len()]))
            .collect();
        let mut back: Vec<Back> = vec![Back::default(); STEPS];
        let shapes: Vec<usize> = adjoint
            .shared
            .iter()
            .map(|&(id, _)| elements(&self.graph.nodes[id].shape, &SIZES))
            .collect();
        let mut totals: Vec<Vec<f64>> = shapes.iter().map(|&n| vec![0.0; n]).collect();
        for step in (0..STEPS).rev() {
            let now = eval(&adjoint.graph, &SIZES, &|_, node: &Node| match node.op {
                Op::Seed(output) => self.seeds[step][output].clone(),
                Op::Future { state, delay } => {
                    let zeros = vec![0.0; elements(&node.shape, &SIZES)];
                    self.future((state, delay), step, &back, zeros)
                }
                Op::Total(_) => vec![f64::NAN; elements(&node.shape, &SIZES)],
                _ => self.leaf(point, &values, step, node),
            });
            for (total, &(_, id)) in totals.iter_mut().zip(&adjoint.shared) {
                add(total, &now[id]);
            }
            for &(symbol, id) in &adjoint.inputs {
                add(
                    out.get_mut(&Key::Input { step, symbol }).expect("an input"),
                    &now[id],
                );
            }
            for &(state, delay, id) in &adjoint.states {
                back[step].states.insert((state, delay), now[id].clone());
            }
        }
        self.before_the_first(&back, &mut out);
        self.parameters(adjoint, point, &totals, &mut out);
        out
    }

    /// Gradients of the values before the first step.
    fn before_the_first(&self, back: &[Back], out: &mut Point) {
        for (step, back) in back.iter().enumerate() {
            for (&(state, delay), part) in
                back.states.iter().filter(|((_, delay), _)| *delay > step)
            {
                let key = Key::Initial {
                    state,
                    ago: delay - step,
                };
                add(out.get_mut(&key).expect("an initial value"), part);
            }
        }
    }

    fn parameters(&self, adjoint: &Adjoint, point: &Point, totals: &[Vec<f64>], out: &mut Point) {
        let once = eval(&adjoint.graph, &SIZES, &|_, node: &Node| match node.op {
            Op::Total(index) => totals[index].clone(),
            Op::Param(symbol) => point[&Key::Param(symbol)].clone(),
            Op::Hyper(_) => vec![0.3],
            // Values of rows must not matter here.
            _ => vec![f64::NAN; elements(&node.shape, &SIZES)],
        });
        for (&(id, _), total) in adjoint.shared.iter().zip(totals) {
            if let Op::Param(symbol) = self.graph.nodes[id].op {
                add(
                    out.get_mut(&Key::Param(symbol)).expect("a parameter"),
                    total,
                );
            }
        }
        for &(symbol, id) in &adjoint.once {
            add(
                out.get_mut(&Key::Param(symbol)).expect("a parameter"),
                &once[id],
            );
        }
    }
}

/// What a step contributes to earlier ones.
#[derive(Clone, Default)]
struct Back {
    states: BTreeMap<(usize, usize), Vec<f64>>,
}

fn add(to: &mut [f64], from: &[f64]) {
    assert_eq!(to.len(), from.len());
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// Holds the adjoint of a graph against central differences.
pub(super) fn check_graph(graph: &Graph, what: &str) {
    let mut noise = Noise(11);
    let adjoint = differentiate(graph);
    assert_eq!(adjoint.forward, graph.nodes.len());
    assert_eq!(
        adjoint.graph.nodes[..adjoint.forward],
        graph.nodes,
        "forward nodes stay as they are"
    );
    let loss = Loss::new(graph, &mut noise);
    let mut point = loss.point(&mut noise);
    let gradient = loss.gradient(&adjoint, &point);
    let keys: Vec<Key> = point.keys().copied().collect();
    for key in keys {
        for i in 0..point[&key].len() {
            let mut at = |offset: f64| {
                let entry = point.get_mut(&key).expect("a coordinate");
                let centre = entry[i];
                entry[i] = centre + offset;
                let value = loss.loss(&point);
                point.get_mut(&key).expect("a coordinate")[i] = centre;
                value
            };
            let expected = (at(STEP) - at(-STEP)) / (2.0 * STEP);
            let found = gradient[&key][i];
            let error = (found - expected).abs();
            let right = error <= 2e-8 * (1.0 + expected.abs());
            assert!(
                right,
                "{what}: {key:?}[{i}] is {found}, differences say {expected}"
            );
        }
    }
}

/// As [`check_graph`], along one random direction for each parameter, input and state: cheap
/// enough for many graphs.
pub(super) fn check_directions(graph: &Graph, what: &str) {
    let mut noise = Noise(13);
    let adjoint = differentiate(graph);
    let loss = Loss::new(graph, &mut noise);
    let point = loss.point(&mut noise);
    let gradient = loss.gradient(&adjoint, &point);
    for (key, centre) in &point {
        let direction = noise.vector(centre.len());
        let at = |offset: f64| {
            let mut moved = point.clone();
            let moving = moved.get_mut(key).expect("a coordinate");
            for (value, slope) in moving.iter_mut().zip(&direction) {
                *value += offset * slope;
            }
            loss.loss(&moved)
        };
        // Of fourth order: random cells have large third derivatives.
        let near = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        let far = (at(2.0 * STEP) - at(-2.0 * STEP)) / (4.0 * STEP);
        let expected = (4.0 * near - far) / 3.0;
        let found: f64 = gradient[key]
            .iter()
            .zip(&direction)
            .map(|(g, d)| g * d)
            .sum();
        let right = (found - expected).abs() <= 1e-7 * (1.0 + expected.abs());
        assert!(
            right,
            "{what}: {key:?} is {found}, differences say {expected}"
        );
    }
}

/// Checks a definition, as lowered and simplified.
pub(super) fn check(source: &str) {
    let graph = lower(&cell(source));
    check_graph(&graph, source);
    check_graph(&simplify(graph), source);
}
