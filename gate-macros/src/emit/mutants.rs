//! Backward code in which every term can be broken, one at a time, while it runs.
//!
//! Takes: a schedule, and the path of a module of the test's. Gives: the same schedule with the
//! spare weights and grids that broken products need, and expressions that ask that module
//! whether they are the broken one. Nothing of it is in the code of an ordinary cell.
//!
//! The module has `active(mutant) -> bool`, `term(mutant, value, broken) -> V` and the trait
//! `Mutants` with `const MUTANTS: &[&str]`: what each of them breaks.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Binary, Unary};
use crate::plan::{Block, Instr, Kind, MapId, Pass, Scalar, Schedule, Weight, WeightId};

use super::paths::local;

/// What emission needs to make terms breakable.
pub(super) struct Mutants {
    hook: TokenStream,
    names: RefCell<Vec<String>>,
    /// The functions of the backward pass.
    maps: BTreeSet<MapId>,
    /// For each product's weights: those with one block of zeros instead.
    weights: BTreeMap<WeightId, Vec<WeightId>>,
    /// For each grid of weight gradients: those with one block that goes nowhere.
    grids: Vec<Vec<usize>>,
    /// These grids, which stand after those of the schedule.
    pub(super) spare: Vec<Vec<Block>>,
}

impl Mutants {
    /// Prepares a schedule.
    pub(super) fn of(schedule: &mut Schedule, hook: &TokenStream) -> Mutants {
        let mut out = Mutants {
            hook: hook.clone(),
            names: RefCell::default(),
            maps: BTreeSet::new(),
            weights: BTreeMap::new(),
            grids: Vec::new(),
            spare: Vec::new(),
        };
        let Pass {
            once,
            before,
            step,
            after,
            reduce,
            rows,
            finish,
            ..
        } = schedule.backward.clone();
        let sections = [once, before, step, after, reduce, rows, finish];
        for instr in sections.iter().flatten() {
            out.prepare(instr, schedule);
        }
        let count = out.grids.len();
        out.grids.iter_mut().flatten().for_each(|at| *at += count);
        out
    }

    fn prepare(&mut self, instr: &Instr, schedule: &mut Schedule) {
        match instr {
            Instr::Map { map, .. }
            | Instr::MapSum { map, .. }
            | Instr::Matrix { map, .. }
            | Instr::MatrixSum { map, .. } => {
                self.maps.insert(*map);
            }
            Instr::Stage { products, map, .. } => {
                self.maps.insert(*map);
                for &(_, weight) in products {
                    self.weights(weight, schedule);
                }
            }
            Instr::Product { weight, .. } => self.weights(*weight, schedule),
            Instr::GradProduct { blocks, .. } => {
                let first = self.spare.len();
                for at in 0..blocks.len() {
                    self.spare.push(elsewhere(blocks, at, schedule));
                }
                self.grids.push((first..self.spare.len()).collect());
            }
            _ => {}
        }
    }

    fn weights(&mut self, weight: WeightId, schedule: &mut Schedule) {
        if self.weights.contains_key(&weight) {
            return;
        }
        let whole = schedule.weights[weight].clone();
        let mut spare = Vec::new();
        for at in 0..whole.blocks.len() {
            let blocks = elsewhere(&whole.blocks, at, schedule);
            spare.push(schedule.weights.len());
            schedule.backward.packs.push(schedule.weights.len());
            schedule.weights.push(Weight {
                blocks,
                gates: whole.gates,
            });
        }
        self.weights.insert(weight, spare);
    }

    /// The number of a new mutant.
    fn mutant(&self, what: String) -> usize {
        let mut names = self.names.borrow_mut();
        names.push(what);
        names.len() - 1
    }

    fn term(&self, what: String, value: &TokenStream, broken: &TokenStream) -> TokenStream {
        let (hook, mutant) = (&self.hook, self.mutant(what));
        quote!(#hook::term(#mutant, #value, #broken))
    }

    /// Whether a fused function belongs to the backward pass.
    pub(super) fn breaks(&self, map: MapId) -> bool {
        self.maps.contains(&map)
    }

    /// `value`, or what `broken` makes of it.
    fn changed(
        &self,
        what: String,
        value: &TokenStream,
        broken: impl Fn(&Ident) -> TokenStream,
    ) -> TokenStream {
        let name = local("whole");
        let term = self.term(what, &quote!(#name), &broken(&name));
        quote!({ let #name = #value; #term })
    }

    /// An operand of an operation, `at` from 0, with its value if it is known.
    pub(super) fn operand(
        &self,
        place: &str,
        (op, at): (Scalar, usize),
        operand: Option<f64>,
        value: TokenStream,
    ) -> TokenStream {
        let neutral = neutral(op);
        let what = |how: &str| format!("{place}: operand {} {how}", at + 1);
        let number = |number: f64| move |_: &Ident| quote!(V::num(#number));
        if operand == Some(0.0) {
            return self.changed(what("replaced by 1"), &value, number(1.0));
        }
        let mut out = value;
        if operand != Some(neutral) {
            let how = what(&format!("replaced by {neutral}"));
            out = self.changed(how, &out, number(neutral));
        }
        // Of an even function the sign of the operand is no term. The backward pass
        // reads sigmoid and tanh for their slopes, which are even too.
        const EVEN: [Unary; 5] = [
            Unary::Square,
            Unary::Abs,
            Unary::Cos,
            Unary::Sigmoid,
            Unary::Tanh,
        ];
        match EVEN.map(Scalar::Unary).contains(&op) {
            true => out,
            false => self.changed(what("negated"), &out, |v| quote!(-#v)),
        }
    }

    /// An operation on its operands: the function left out, the choice inverted.
    pub(super) fn operation(
        &self,
        place: &str,
        op: Scalar,
        args: &[TokenStream],
        apply: impl Fn(&[TokenStream]) -> TokenStream,
    ) -> TokenStream {
        let names = (0..args.len()).map(|i| local(&format!("operand_{i}")));
        let names: Vec<TokenStream> = names.map(|name| quote!(#name)).collect();
        let whole = apply(&names);
        let value = match (op, &names[..]) {
            (Scalar::Unary(Unary::Neg), _) => whole,
            (Scalar::Unary(_), [a]) => self.term(format!("{place}: function left out"), &whole, a),
            (Scalar::Select(_), [a, b, yes, no]) => {
                let other = apply(&[a.clone(), b.clone(), no.clone(), yes.clone()]);
                self.term(format!("{place}: choice inverted"), &whole, &other)
            }
            _ => whole,
        };
        quote!({ let (#(#names,)*) = (#(#args,)*); #value })
    }

    /// What a fused function gives.
    pub(super) fn result(&self, place: &str, value: &TokenStream) -> TokenStream {
        let zero = |_: &Ident| quote!(V::num(0.0));
        let out = self.changed(format!("{place} left out"), value, zero);
        self.changed(format!("{place} negated"), &out, |v| quote!(-#v))
    }

    /// The weights of a product, one of its terms perhaps left out.
    pub(super) fn weight(&self, place: &str, weight: WeightId) -> TokenStream {
        let spare = self.weights.get(&weight).map_or(&[][..], |s| s);
        self.choice(place, "term", weight, spare)
    }

    /// The grid of a weight gradient, one of its terms perhaps left out.
    pub(super) fn grid(&self, place: &str, grid: usize) -> TokenStream {
        self.choice(place, "gradient", grid, &self.grids[grid])
    }

    fn choice(&self, place: &str, what: &str, whole: usize, spare: &[usize]) -> TokenStream {
        let hook = &self.hook;
        let each = spare.iter().enumerate().map(|(i, other)| {
            let mutant = self.mutant(format!("{place}: {what} {} left out", i + 1));
            quote!(if #hook::active(#mutant) { #other } else)
        });
        quote!(#(#each)* { #whole })
    }

    /// A flag, perhaps the wrong one.
    pub(super) fn flag(&self, place: &str, what: &str, flag: bool) -> TokenStream {
        let (hook, mutant) = (&self.hook, self.mutant(format!("{place}: {what}")));
        quote!(#hook::active(#mutant) != #flag)
    }

    /// What a product is added to, perhaps something else.
    pub(super) fn base(&self, place: &str, base: &TokenStream, other: &TokenStream) -> TokenStream {
        let mutant = self.mutant(format!("{place}: base replaced by {other}"));
        let hook = &self.hook;
        quote!(if #hook::active(#mutant) { #other } else { #base })
    }

    /// A call, perhaps left out.
    pub(super) fn call(&self, place: &str, call: TokenStream) -> TokenStream {
        let (hook, mutant) = (&self.hook, self.mutant(format!("{place}: left out")));
        quote!(if !#hook::active(#mutant) { #call })
    }

    /// The list of all mutants that were handed out.
    pub(super) fn list(&self, cell: &Ident, float: &TokenStream) -> TokenStream {
        let (hook, names) = (&self.hook, self.names.borrow());
        quote! {
            impl<A: #float> #hook::Mutants for #cell<A> {
                const MUTANTS: &'static [&'static ::core::primitive::str] = &[#(#names),*];
            }
        }
    }
}

/// The value that an operand is replaced by: it takes the term out of a sum and the factor out
/// of a product.
fn neutral(op: Scalar) -> f64 {
    match op {
        Scalar::Binary(Binary::Mul | Binary::Div | Binary::Pow) => 1.0,
        _ => 0.0,
    }
}

/// The blocks, one of them in a buffer of zeros that nothing else reads.
fn elsewhere(blocks: &[Block], at: usize, schedule: &mut Schedule) -> Vec<Block> {
    let slot = blocks[at].slot;
    // A matrix stands alone: its width is one area.
    let area = schedule.slots[slot].width.concat();
    let name = format!("spare{}", schedule.buffers.len());
    let spare = schedule.single(&name, Kind::Total, area);
    let mut out = blocks.to_vec();
    out[at].slot = spare;
    out
}
