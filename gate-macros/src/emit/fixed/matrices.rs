//! Functions and products of matrices on arrays. A state that is a matrix is replaced where it
//! stands, if nothing reads its earlier value afterwards.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Dim, Shape};
use crate::plan::{Instr, Per, SlotId};

use super::super::scalar::map_name;
use super::context::Fixed;
use super::memory::Memory;

/// The buffers of states that are replaced where they stand.
pub(super) fn in_place(fixed: &Fixed<'_>, instrs: &[&Instr]) -> Vec<usize> {
    let states = fixed.graph.states.iter().zip(&fixed.schedule.states);
    let alone = states.filter(|(state, _)| {
        let matrix = matches!(fixed.cell.symbols[state.symbol].shape, Shape::Matrix(..));
        matrix && state.depth == 1
    });
    let found = alone.filter(|(_, slot)| replaced_last(fixed, instrs, **slot));
    found
        .map(|(_, &slot)| fixed.schedule.slots[slot].buffer)
        .collect()
}

/// Whether the function that gives a state reads its earlier value element by element, or not at
/// all, and nothing does after it.
fn replaced_last(fixed: &Fixed<'_>, instrs: &[&Instr], state: SlotId) -> bool {
    let schedule = fixed.schedule;
    let buffer = schedule.slots[state].buffer;
    let earlier =
        |slot: &SlotId| schedule.slots[*slot].buffer == buffer && schedule.slots[*slot].delay > 0;
    let gives =
        |instr: &&Instr| matches!(instr, Instr::Matrix { outputs, .. } if outputs.contains(&state));
    let Some(at) = instrs.iter().position(gives) else {
        return false;
    };
    let Instr::Matrix {
        map,
        inputs,
        outputs,
        ..
    } = instrs[at]
    else {
        return false;
    };
    let Some((takes, results)) = &schedule.maps[*map].per else {
        return false;
    };
    let by_element = |(slot, per): (&SlotId, &Per)| !earlier(slot) || *per == Per::Element;
    let given = outputs.iter().zip(results);
    let mut whole = given.filter(|(slot, _)| schedule.slots[**slot].buffer == buffer);
    let elements = |(slot, per): (&SlotId, &Per)| {
        *per == Per::Element && fixed.width(*slot) == fixed.buffer(buffer)
    };
    whole.all(elements)
        && inputs.iter().zip(takes).all(by_element)
        && !instrs[at + 1..]
            .iter()
            .flat_map(|instr| instr.reads())
            .any(|slot| earlier(&slot))
}

/// A fused function of matrices.
pub(super) fn by_elements(
    memory: &mut Memory<'_>,
    map: usize,
    (lines, columns): (&Dim, &Dim),
    (inputs, outputs): (&[SlotId], &[SlotId]),
    out: &mut TokenStream,
) {
    let fixed = memory.fixed;
    let size = [lines, columns].map(|dim| dim.of(&fixed.of.sizes));
    let (mut to, mut copies) = (Vec::new(), Vec::new());
    for &slot in outputs {
        to.push(memory.fresh(slot, out).unwrap_or_else(|| {
            let (name, width) = (memory.temporary(), fixed.width(slot));
            out.extend(quote! {
                let mut #name = [<A as ::core::default::Default>::default(); #width];
            });
            copies.push((name.clone(), slot));
            quote!(#name[..])
        }));
    }
    let operand = fixed.primitive("Operand");
    let buffer = |slot: SlotId| fixed.schedule.slots[slot].buffer;
    let from: Vec<TokenStream> = inputs
        .iter()
        .map(|&slot| {
            let same = outputs.iter().position(|&output| {
                buffer(output) == buffer(slot) && memory.in_place.contains(&buffer(slot))
            });
            match same {
                Some(result) => quote!(#operand::Replaced(#result)),
                None => {
                    let value = memory.read(slot, out);
                    quote!(#operand::Of(&#value[..]))
                }
            }
        })
        .collect();
    let (i, o) = (inputs.len(), outputs.len());
    let (function, name) = (fixed.primitive("by_elements"), map_name(map));
    let (lines, columns) = (size[0], size[1]);
    out.extend(quote! {
        #function::<__M, A, #name, #i, #o>((#lines, #columns), [#(#from),*], [#(&mut #to),*]);
    });
    for (name, slot) in copies {
        memory.write(slot, quote!(#name), out);
    }
}

/// What a product or another arrangement of a matrix gives, and where it goes.
pub(super) fn of_matrix<'i>(
    memory: &mut Memory<'_>,
    instr: &'i Instr,
    out: &mut TokenStream,
) -> (&'i SlotId, TokenStream) {
    let fixed = memory.fixed;
    let of = |dim: &Dim| dim.of(&fixed.of.sizes);
    let width = |slot: &SlotId| fixed.width(*slot);
    match instr {
        Instr::MatVec {
            matrix,
            vector,
            transposed,
            out: target,
        } => {
            let (from, to, l) = (width(vector), width(target), width(matrix));
            let (m, v) = (memory.read(*matrix, out), memory.read(*vector, out));
            let (name, generics) = match transposed {
                false => ("mat_vec", quote!(__M, A, #to, #from, #l)),
                true => ("mat_vec_transposed", quote!(__M, A, #from, #to, #l)),
            };
            (target, fixed.call(name, generics, quote!(#m, #v)))
        }
        Instr::MatMat {
            left,
            right,
            inner,
            out: target,
        } => {
            let (p, q, l, inner) = (width(left), width(right), width(target), of(inner));
            let (a, b) = (memory.read(*left, out), memory.read(*right, out));
            let (generics, columns) = (quote!(__M, A, #p, #q, #l), q / inner.max(1));
            let arguments = quote!(#a, #b, (#inner, #columns));
            (target, fixed.call("mat_mat", generics, arguments))
        }
        Instr::Transpose {
            of: x,
            columns,
            out: target,
        } => {
            let (l, columns, x) = (width(target), of(columns), memory.read(*x, out));
            let value = fixed.call("transpose", quote!(A, #l), quote!(#x, #columns));
            (target, value)
        }
        Instr::TakeColumns {
            of: x,
            columns,
            from,
            width: part,
            out: target,
        } => {
            let (sizes, part) = some_columns(memory, (x, target), [columns, from, part], out);
            (target, fixed.call("take_columns", sizes, part))
        }
        Instr::PutColumns {
            of: x,
            columns,
            from,
            width: part,
            out: target,
        } => {
            let (sizes, part) = some_columns(memory, (x, target), [columns, from, part], out);
            let to = memory.read(*target, out);
            (
                target,
                fixed.call("put_columns", sizes, quote!(*#to, #part)),
            )
        }
        _ => unreachable!("sums of gradients are no part of a forward pass"),
    }
}

/// The sizes of two matrices of which one is some columns of the other; the matrix that is read,
/// and which columns these are.
fn some_columns(
    memory: &mut Memory<'_>,
    (read, target): (&SlotId, &SlotId),
    place: [&Dim; 3],
    out: &mut TokenStream,
) -> (TokenStream, TokenStream) {
    let fixed = memory.fixed;
    let (from, to) = (fixed.width(*read), fixed.width(*target));
    let [columns, first, count] = place.map(|dim| dim.of(&fixed.of.sizes));
    let read = memory.read(*read, out);
    (
        quote!(A, #from, #to),
        quote!(#read, (#columns, #first, #count)),
    )
}
