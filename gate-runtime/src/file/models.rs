//! The tensors of cells, layers and heads.

use crate::cell::Cell;
use crate::info::RoleInfo;
use crate::kernels::Float;
use crate::train::{Bidirectional, Classifier, Layer, Linear, Stacked};

use super::outputs::outputs_axis;
use super::settings::{Setting, SettingMut};
use super::tensors::{Tensor, TensorMut, Tensors, within};
use super::{EQUATIONS, SIZES};

pub(super) fn entry(key: &str, value: impl Into<String>) -> (String, String) {
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
            entries.extend(within(&k.to_string(), layer.entries()));
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

    fn settings(&self) -> Vec<(String, Setting)> {
        let dropout = ("dropout".to_owned(), Setting::Number(self.dropout()));
        let layers = self.layers().iter().enumerate();
        let layers = layers.flat_map(|(k, layer)| within(&k.to_string(), layer.settings()));
        std::iter::once(dropout).chain(layers).collect()
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        let (layers, dropout) = self.parts_mut();
        let dropout = ("dropout".to_owned(), SettingMut::Number(dropout));
        let layers = layers.iter_mut().enumerate();
        let layers = layers.flat_map(|(k, layer)| within(&k.to_string(), layer.settings_mut()));
        std::iter::once(dropout).chain(layers).collect()
    }
}

/// Names of the two directions.
const DIRECTIONS: [&str; 2] = ["forward", "backward"];

impl<L: Layer + Tensors> Tensors for Bidirectional<L> {
    type Scalar = <L as Tensors>::Scalar;

    fn entries(&self) -> Vec<(String, String)> {
        let layers = self.layers().into_iter().zip(DIRECTIONS);
        layers
            .flat_map(|(layer, name)| within(name, layer.entries()))
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
    fn settings(&self) -> Vec<(String, Setting)> {
        let layers = self.layers().into_iter().zip(DIRECTIONS);
        layers
            .flat_map(|(layer, name)| within(name, layer.settings()))
            .collect()
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        let layers = self.layers_mut().into_iter().zip(DIRECTIONS);
        layers
            .flat_map(|(layer, name)| within(name, layer.settings_mut()))
            .collect()
    }
}

impl<A: Float, L: Layer<Scalar = A> + Tensors<Scalar = A>> Tensors for Classifier<L> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        let mut entries = vec![entry("pooling", format!("{:?}", self.pooling))];
        entries.extend(within("layer", self.layer.entries()));
        entries.extend(within("head", self.head.entries()));
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
    fn settings(&self) -> Vec<(String, Setting)> {
        within("layer", self.layer.settings())
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        within("layer", self.layer.settings_mut())
    }
}
