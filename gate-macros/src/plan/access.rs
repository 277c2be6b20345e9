//! What instructions read and write.
//!
//! Takes: an instruction. Gives: slots.

use super::schedule::{Instr, Schedule, Slot, SlotId};

impl Instr {
    /// The slots that it reads; not the weights.
    pub(crate) fn reads(&self) -> Vec<SlotId> {
        match self {
            Instr::Map { inputs, .. }
            | Instr::MapSum { inputs, .. }
            | Instr::Matrix { inputs, .. }
            | Instr::MatrixSum { inputs, .. } => inputs.clone(),
            Instr::Stage {
                products,
                bases,
                inputs,
                ..
            } => {
                let lefts = products.iter().map(|(left, _)| left);
                lefts
                    .chain(bases.iter().flatten())
                    .chain(inputs)
                    .copied()
                    .collect()
            }
            Instr::Product { left, base, .. } => {
                [Some(*left), *base].into_iter().flatten().collect()
            }
            Instr::Sum { of, .. }
            | Instr::Largest { of, .. }
            | Instr::CumSum { of, .. }
            | Instr::Transpose { of, .. }
            | Instr::Copy { of, .. }
            | Instr::TakeColumns { of, .. }
            | Instr::PutColumns { of, .. }
            | Instr::Add { of, .. } => vec![*of],
            Instr::Outer { left, right, .. }
            | Instr::MatMat { left, right, .. }
            | Instr::GradProduct { left, right, .. } => vec![*left, *right],
            Instr::MatVec { matrix, vector, .. } => vec![*matrix, *vector],
            Instr::Mask { chance, .. } => vec![*chance],
            Instr::Identity { .. } | Instr::Length { .. } | Instr::Zero { .. } => Vec::new(),
        }
    }

    /// The slots that it writes, gradients of weights aside.
    pub(crate) fn writes(&self) -> Vec<SlotId> {
        match self {
            Instr::Map { outputs, .. }
            | Instr::MapSum { outputs, .. }
            | Instr::Matrix { outputs, .. }
            | Instr::MatrixSum { outputs, .. }
            | Instr::Stage { outputs, .. } => outputs.clone(),
            Instr::Product { out, .. }
            | Instr::Sum { out, .. }
            | Instr::Largest { out, .. }
            | Instr::CumSum { out, .. }
            | Instr::Outer { out, .. }
            | Instr::MatVec { out, .. }
            | Instr::MatMat { out, .. }
            | Instr::Transpose { out, .. }
            | Instr::Identity { out, .. }
            | Instr::Length { out, .. }
            | Instr::Copy { out, .. }
            | Instr::Zero { out }
            | Instr::TakeColumns { out, .. }
            | Instr::PutColumns { out, .. }
            | Instr::Mask { out, .. }
            | Instr::Add { out, .. } => vec![*out],
            Instr::GradProduct { .. } => Vec::new(),
        }
    }

    /// Whether it multiplies by weights that all rows share.
    pub(crate) fn multiplies(&self) -> bool {
        matches!(self, Instr::Stage { .. } | Instr::Product { .. })
    }
}

impl Schedule {
    /// Whether two slots of one buffer may have elements in common, at whatever distance in time.
    pub(crate) fn overlap(&self, a: SlotId, b: SlotId) -> bool {
        let (a, b) = (&self.slots[a], &self.slots[b]);
        let end = |slot: &Slot| slot.skip.len() + slot.width.len();
        let areas = &self.buffers[a.buffer].areas;
        let whole = |slot: &Slot| {
            let inside = areas.get(slot.skip.len()..end(slot));
            areas.starts_with(&slot.skip) && inside == Some(&slot.width[..])
        };
        let apart = end(a) <= b.skip.len() || end(b) <= a.skip.len();
        a.buffer == b.buffer && !(whole(a) && whole(b) && apart)
    }
}
