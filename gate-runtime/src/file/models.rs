//! The tensors of cells, layers and heads.

use crate::cell::Cell;
use crate::info::RoleInfo;
use crate::kernels::Float;
use crate::train::{Bidirectional, Classifier, Layer, Linear, Stacked};

use super::outputs::outputs_axis;
use super::parts::{Named, NamedMut, entries, settings, settings_mut, tensors, tensors_mut};
use super::settings::{Setting, SettingMut};
use super::tensors::{Tensor, TensorMut, Tensors};
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

/// The layers of a stack, counted from 0.
fn numbered<L: Tensors>(layers: &[L]) -> Named<'_, L::Scalar> {
    let layers = layers.iter().enumerate();
    layers
        .map(|(k, l)| (k.to_string().into(), l as _))
        .collect()
}

/// The same, to change.
fn numbered_mut<L: Tensors>(layers: &mut [L]) -> NamedMut<'_, L::Scalar> {
    let layers = layers.iter_mut().enumerate();
    layers
        .map(|(k, l)| (k.to_string().into(), l as _))
        .collect()
}

impl<L: Layer + Tensors> Tensors for Stacked<L> {
    type Scalar = <L as Tensors>::Scalar;

    fn entries(&self) -> Vec<(String, String)> {
        let mut own = vec![entry("stack", format!("{} layers", self.layers().len()))];
        own.extend(entries(numbered(self.layers())));
        own
    }

    fn tensors(&self) -> Vec<Tensor<'_, Self::Scalar>> {
        tensors(numbered(self.layers()))
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, Self::Scalar>> {
        tensors_mut(numbered_mut(self.layers_mut()))
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        let mut own = vec![("dropout".to_owned(), Setting::Number(self.dropout()))];
        own.extend(settings(numbered(self.layers())));
        own
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        let (layers, dropout) = self.parts_mut();
        let mut own = vec![("dropout".to_owned(), SettingMut::Number(dropout))];
        own.extend(settings_mut(numbered_mut(layers)));
        own
    }
}

/// The two directions.
fn directed<L: Layer + Tensors>(layer: &Bidirectional<L>) -> Named<'_, <L as Tensors>::Scalar> {
    let [forward, backward] = layer.layers();
    vec![("forward".into(), forward), ("backward".into(), backward)]
}

/// The same, to change.
fn directed_mut<L>(layer: &mut Bidirectional<L>) -> NamedMut<'_, <L as Tensors>::Scalar>
where
    L: Layer + Tensors,
{
    let [forward, backward] = layer.layers_mut();
    vec![("forward".into(), forward), ("backward".into(), backward)]
}

impl<L: Layer + Tensors> Tensors for Bidirectional<L> {
    type Scalar = <L as Tensors>::Scalar;

    fn entries(&self) -> Vec<(String, String)> {
        entries(directed(self))
    }

    fn tensors(&self) -> Vec<Tensor<'_, Self::Scalar>> {
        tensors(directed(self))
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, Self::Scalar>> {
        tensors_mut(directed_mut(self))
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        settings(directed(self))
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        settings_mut(directed_mut(self))
    }
}

impl<A: Float, L: Layer<Scalar = A> + Tensors<Scalar = A>> Classifier<L> {
    fn named(&self) -> Named<'_, A> {
        vec![("layer".into(), &self.layer), ("head".into(), &self.head)]
    }

    fn named_mut(&mut self) -> NamedMut<'_, A> {
        let (layer, head) = (&mut self.layer, &mut self.head);
        vec![("layer".into(), layer), ("head".into(), head)]
    }
}

impl<A: Float, L: Layer<Scalar = A> + Tensors<Scalar = A>> Tensors for Classifier<L> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        let mut own = vec![entry("pooling", format!("{:?}", self.pooling))];
        own.extend(entries(self.named()));
        own
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        tensors(self.named())
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        tensors_mut(self.named_mut())
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        settings(self.named())
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        settings_mut(self.named_mut())
    }
}
