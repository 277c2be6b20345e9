//! Whether sizes fit a definition: asked when a cell is made, by both readings of it.

use crate::error::Error;
use crate::info::{CellInfo, Extent, NodeInfo, OpInfo};

/// Checks that every length is a whole number and that every slice lies in its vector.
///
/// # Errors
///
/// As many sizes as the definition has must be given, none of them 0, that its divisors divide
/// and in which its slices lie; and there must be numbers for what they make.
pub(crate) fn check(info: &CellInfo, sizes: &[usize]) -> Result<(), Error> {
    numbered(info, sizes)?;
    if let Some(zero) = sizes.iter().position(|&size| size == 0) {
        return Err(Error::SizeZero {
            cell: info.name,
            size: info.sizes[zero].argument,
        });
    }
    countable(info, sizes)?;
    for symbol in info.symbols {
        for extent in symbol.shape {
            whole(info, symbol.printed, extent, sizes)?;
        }
    }
    for node in info.graph.nodes {
        slice(info, node, sizes)?;
    }
    Ok(())
}

/// For numbers that are asked for without a cell.
///
/// # Panics
///
/// If there are too many or too few sizes, or what they make cannot be counted.
pub(crate) fn expect_countable(info: &CellInfo, sizes: &[usize]) {
    if let Err(error) = numbered(info, sizes).and_then(|()| countable(info, sizes)) {
        panic!("{error}");
    }
}

/// Whether there are as many sizes as the definition has.
fn numbered(info: &CellInfo, sizes: &[usize]) -> Result<(), Error> {
    match sizes.len() == info.sizes.len() {
        true => Ok(()),
        false => Err(Error::SizeCount {
            cell: info.name,
            expected: info.sizes.len(),
            found: sizes.len(),
        }),
    }
}

/// Whether what a definition names can be counted, all together, in bytes; nothing later can
/// overflow then.
fn countable(info: &CellInfo, sizes: &[usize]) -> Result<(), Error> {
    let length = |extent: &Extent| dividend(extent, sizes);
    let area = |shape: &[Extent]| {
        let mut lengths = shape.iter().map(length);
        lengths.try_fold(1_usize, |area, length| area.checked_mul(length?))
    };
    let symbols = info.symbols.iter().map(|symbol| area(symbol.shape));
    let nodes = info.graph.nodes.iter();
    let starts = nodes.clone().map(|node| match &node.op {
        OpInfo::Slice(_, from) | OpInfo::Pad(_, from) => length(from),
        _ => Some(0),
    });
    let mut areas = symbols
        .chain(nodes.map(|node| area(node.shape)))
        .chain(starts);
    let all = areas.try_fold(0_usize, |sum, area| sum.checked_add(area?));
    match all.is_some_and(|all| all <= isize::MAX as usize / size_of::<f64>()) {
        true => Ok(()),
        false => Err(too_large(info.name, sizes)),
    }
}

/// A length before it is divided; `None` if that cannot be counted.
pub(crate) fn dividend(extent: &Extent, sizes: &[usize]) -> Option<usize> {
    let terms = extent.terms.iter();
    let sum = terms.map(|&(size, factor)| sizes[size].checked_mul(factor));
    sum.chain([Some(extent.constant)])
        .try_fold(0_usize, |sum, term| sum.checked_add(term?))
}

/// Whether there is memory for so many numbers; `None` is more than can be counted.
pub(crate) fn memory_for<A>(count: Option<usize>) -> bool {
    count.is_some_and(|count| Vec::<A>::new().try_reserve_exact(count).is_ok())
}

pub(crate) fn too_large(cell: &'static str, sizes: &[usize]) -> Error {
    Error::TooLarge {
        cell,
        sizes: sizes.to_vec(),
    }
}

/// A length is a whole number.
fn whole(
    info: &CellInfo,
    symbol: &'static str,
    extent: &Extent,
    sizes: &[usize],
) -> Result<(), Error> {
    let sum: usize = extent.terms.iter().map(|&(s, f)| f * sizes[s]).sum();
    let length = sum + extent.constant;
    if length.is_multiple_of(extent.divisor.max(1)) {
        return Ok(());
    }
    Err(Error::SizeIndivisible {
        cell: info.name,
        symbol,
        length,
        divisor: extent.divisor,
    })
}

/// What a slice takes is there.
fn slice(info: &CellInfo, node: &NodeInfo, sizes: &[usize]) -> Result<(), Error> {
    let OpInfo::Slice(axis, from) = &node.op else {
        return Ok(());
    };
    let source = node.args[0];
    let symbol = name(info, source);
    let (part, all) = (&node.shape[*axis], &info.graph.nodes[source].shape[*axis]);
    whole(info, symbol, part, sizes)?;
    whole(info, symbol, from, sizes)?;
    let (end, length) = (from.of(sizes) + part.of(sizes), all.of(sizes));
    match end <= length {
        true => Ok(()),
        false => Err(Error::SliceBeyond {
            cell: info.name,
            symbol,
            end,
            length,
        }),
    }
}

/// The symbol whose value a node is.
pub(crate) fn name(info: &CellInfo, node: usize) -> &'static str {
    let named = info.graph.named.iter().find(|(_, at)| *at == node);
    let symbol = match info.graph.nodes[node].op {
        OpInfo::Input(symbol) | OpInfo::Param(symbol) | OpInfo::Hyper(symbol) => Some(symbol),
        OpInfo::Prev(state, _) => Some(info.graph.states[state].symbol),
        _ => named.map(|(symbol, _)| *symbol),
    };
    symbol.map_or("an expression", |symbol| info.symbols[symbol].printed)
}
