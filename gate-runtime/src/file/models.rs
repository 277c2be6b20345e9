//! The tensors of cells, layers, heads and optimisers.

use crate::cell::Cell;
use crate::info::RoleInfo;
use crate::kernels::Float;
use crate::train::{
    Adam, Bidirectional, Classifier, Kept, Layer, Linear, RmsProp, Sgd, Stacked, join,
};

use super::outputs::outputs_axis;
use super::tensors::{Tensor, TensorMut, Tensors, entries_within};
use super::{EQUATIONS, SIZES};

fn entry(key: &str, value: impl Into<String>) -> (String, String) {
    (key.to_owned(), value.into())
}

/// A cell: a tensor per parameter and hyper-parameter.
impl<C: Cell> Tensors for C {
    type Scalar = C::Scalar;

    fn entries(&self) -> Vec<(String, String)> {
        let sizes = C::INFO.sizes.iter().zip(self.sizes());
        let sizes: Vec<String> = sizes
            .map(|(size, value)| format!("{} {value}", size.argument))
            .collect();
        let equations: Vec<&str> = C::INFO.equations.iter().map(|e| e.printed).collect();
        // Whatever stands between lines of an equation, the entry is one line.
        let equations: Vec<&str> = equations
            .iter()
            .flat_map(|e| e.lines())
            .map(str::trim)
            .collect();
        vec![
            entry("cell", C::INFO.name),
            entry(
                SIZES,
                format!("{} of sizes {}", C::INFO.name, sizes.join(", ")),
            ),
            entry(EQUATIONS, equations.join("; ")),
        ]
    }

    fn tensors(&self) -> Vec<Tensor<'_, C::Scalar>> {
        let (mut params, mut hypers) = (self.params(), self.hypers());
        let mut tensors = Vec::new();
        for (index, symbol) in C::INFO.symbols.iter().enumerate() {
            let shape: Vec<usize> = symbol.shape.iter().map(|e| e.of(self.sizes())).collect();
            let (source, count) = match symbol.role {
                RoleInfo::Parameter(_) => (&mut params, shape.iter().product()),
                RoleInfo::Hyper(_) => (&mut hypers, 1),
                _ => continue,
            };
            let (own, rest) = source.split_at(count);
            *source = rest;
            let mut tensor = Tensor::numbers(symbol.ident, &shape, own);
            tensor.outputs = outputs_axis(C::INFO, index);
            tensors.push(tensor);
        }
        tensors
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, C::Scalar>> {
        let sizes = self.sizes().to_vec();
        let instance = self.instance_mut();
        let (mut params, mut hypers) = instance.numbers.both_mut();
        let mut tensors = Vec::new();
        for symbol in C::INFO.symbols {
            let (source, count) = match symbol.role {
                RoleInfo::Parameter(_) => {
                    (&mut params, crate::info::elements(symbol.shape, &sizes))
                }
                RoleInfo::Hyper(_) => (&mut hypers, 1),
                _ => continue,
            };
            let (own, rest) = std::mem::take(source).split_at_mut(count);
            *source = rest;
            tensors.push(TensorMut::numbers(symbol.ident, own));
        }
        tensors
    }
}

impl<A: Float> Tensors for Linear<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("head", "Linear")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        let (weight, bias) = self.params().split_at(self.inputs() * self.outputs());
        let shape = [self.outputs(), self.inputs()];
        vec![
            Tensor::numbers("weight", &shape, weight).outputs_on(0),
            Tensor::numbers("bias", &shape[..1], bias),
        ]
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let split = self.inputs() * self.outputs();
        let (weight, bias) = self.params_mut().split_at_mut(split);
        vec![
            TensorMut::numbers("weight", weight),
            TensorMut::numbers("bias", bias),
        ]
    }
}

impl<L: Layer + Tensors> Tensors for Stacked<L> {
    type Scalar = <L as Tensors>::Scalar;

    fn entries(&self) -> Vec<(String, String)> {
        let mut entries = vec![entry("stack", format!("{} layers", self.layers().len()))];
        for (k, layer) in self.layers().iter().enumerate() {
            entries.extend(entries_within(&k.to_string(), layer.entries()));
        }
        entries
    }

    fn tensors(&self) -> Vec<Tensor<'_, Self::Scalar>> {
        let layers = self.layers().iter().enumerate();
        layers
            .flat_map(|(k, layer)| {
                layer
                    .tensors()
                    .into_iter()
                    .map(move |t| t.within(&k.to_string()))
            })
            .collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, Self::Scalar>> {
        let layers = self.layers_mut().iter_mut().enumerate();
        layers
            .flat_map(|(k, layer)| {
                layer
                    .tensors_mut()
                    .into_iter()
                    .map(move |t| t.within(&k.to_string()))
            })
            .collect()
    }
}

/// Names of the two directions.
const DIRECTIONS: [&str; 2] = ["forward", "backward"];

impl<L: Layer + Tensors> Tensors for Bidirectional<L> {
    type Scalar = <L as Tensors>::Scalar;

    fn entries(&self) -> Vec<(String, String)> {
        let layers = self.layers().into_iter().zip(DIRECTIONS);
        layers
            .flat_map(|(layer, name)| entries_within(name, layer.entries()))
            .collect()
    }

    fn tensors(&self) -> Vec<Tensor<'_, Self::Scalar>> {
        let layers = self.layers().into_iter().zip(DIRECTIONS);
        layers
            .flat_map(|(layer, name)| layer.tensors().into_iter().map(move |t| t.within(name)))
            .collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, Self::Scalar>> {
        let layers = self.layers_mut().into_iter().zip(DIRECTIONS);
        layers
            .flat_map(|(layer, name)| layer.tensors_mut().into_iter().map(move |t| t.within(name)))
            .collect()
    }
}

impl<A: Float, L: Layer<Scalar = A> + Tensors<Scalar = A>> Tensors for Classifier<L> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        let mut entries = vec![entry("pooling", format!("{:?}", self.pooling))];
        entries.extend(entries_within("layer", self.layer.entries()));
        entries.extend(entries_within("head", self.head.entries()));
        entries
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        let layer = self.layer.tensors().into_iter().map(|t| t.within("layer"));
        layer
            .chain(self.head.tensors().into_iter().map(|t| t.within("head")))
            .collect()
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let layer = self
            .layer
            .tensors_mut()
            .into_iter()
            .map(|t| t.within("layer"));
        layer
            .chain(
                self.head
                    .tensors_mut()
                    .into_iter()
                    .map(|t| t.within("head")),
            )
            .collect()
    }
}

/// Numbers of steps, of all and of each parameter group, and two moments for each group.
impl<A: Float> Tensors for Adam<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", "Adam")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        let mut tensors = vec![Tensor::count(STEPS, &self.steps)];
        for kept in &self.kept {
            let mut steps = Tensor::count(join(&kept.group, STEPS), &kept.steps);
            // Groups had no counts of their own.
            steps.earlier = Some(STEPS.to_owned());
            tensors.push(steps);
        }
        tensors.extend(moments(&self.kept, &["first", "second"]));
        tensors
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let mut tensors = vec![TensorMut::count(STEPS, &mut self.steps)];
        let mut moments = Vec::new();
        for kept in &mut self.kept {
            tensors.push(TensorMut::count(join(&kept.group, STEPS), &mut kept.steps));
            moments.extend(of_group(
                &kept.group,
                &mut kept.moments,
                &["first", "second"],
            ));
        }
        tensors.extend(moments);
        tensors
    }

    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some(UNPREPARED)
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }
}

/// The name of a number of steps.
const STEPS: &str = "steps";

/// A velocity for each parameter group.
impl<A: Float> Tensors for Sgd<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", "Sgd")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        moments(&self.kept, &["velocity"])
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let kept = self.kept.iter_mut();
        kept.flat_map(|k| of_group(&k.group, &mut k.moments, &["velocity"]))
            .collect()
    }

    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some(UNPREPARED)
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }
}

/// A mean square, a mean and a velocity for each parameter group.
impl<A: Float> Tensors for RmsProp<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", "RmsProp")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        moments(&self.kept, &["square", "mean", "velocity"])
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let (kept, names) = (self.kept.iter_mut(), ["square", "mean", "velocity"]);
        kept.flat_map(|k| of_group(&k.group, &mut k.moments, &names).collect::<Vec<_>>())
            .collect()
    }

    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some(UNPREPARED)
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }
}

/// What to do about an optimiser without room for what a file holds.
const UNPREPARED: &str =
    "give the optimiser room by `prepare`, with the groups of the model it was saved with";

/// What to do about a file without what an optimiser has room for.
const UNSTEPPED: &str = "the optimiser was saved before its first step, or for another model: load the model alone, and begin with a new optimiser";

fn moments<'a, A>(kept: &'a [Kept<A>], names: &[&str]) -> Vec<Tensor<'a, A>> {
    let mut tensors = Vec::new();
    for group in kept {
        for (name, moment) in names.iter().zip(&group.moments) {
            tensors.push(Tensor::numbers(
                join(&group.group, name),
                &[moment.len()],
                moment,
            ));
        }
    }
    tensors
}

/// The moments of a group.
fn of_group<'a, A>(
    group: &str,
    moments: &'a mut [Vec<A>],
    names: &[&str],
) -> impl Iterator<Item = TensorMut<'a, A>> {
    let pairs = names.iter().zip(moments);
    pairs.map(move |(name, moment)| TensorMut::numbers(join(group, name), moment))
}
