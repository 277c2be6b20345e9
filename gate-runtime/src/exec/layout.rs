//! Tables for given sizes.
//!
//! Takes: [`Tables`], the description of the cell, its sizes. Gives: numbers of elements instead
//! of symbolic lengths. Computed once per cell.

use crate::info::{CellInfo, OpInfo, RoleInfo, elements};
use crate::kernels::{Grid, LINE};

use super::tables::{BlockSpec, BufferSpec, Kind, Tables, WeightSpec, total};

/// The most steps between matrices that the tape remembers where it does not hold all.
pub(super) const LONGEST: usize = 16;

/// A slot in numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) buffer: usize,
    pub(crate) skip: usize,
    pub(crate) width: usize,
    pub(crate) delay: isize,
}

/// The tables of a program for given sizes.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) tables: &'static Tables,
    pub(crate) info: &'static CellInfo,
    pub(crate) sizes: Vec<usize>,
    /// Elements per row of each buffer.
    pub(crate) widths: Vec<usize>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) weights: Vec<Weight>,
    pub(crate) grids: Vec<Vec<Grid>>,
    /// `(offset, length)` of each symbol in the flat parameters; empty for others.
    pub(crate) parameters: Vec<(usize, usize)>,
    /// Index of each symbol among the hyper-parameters.
    pub(crate) hypers: Vec<usize>,
    /// `(state, back, delay, slot)`: how the gradient of the value `back` steps before the end,
    /// from 1, enters: through the shortest delay that reaches it.
    pub(crate) entries: Vec<(usize, usize, usize, usize)>,
    /// Elements of all parameters.
    pub(crate) flat: usize,
    /// Whether the definition draws random masks.
    pub(crate) random: bool,
    /// Elements of the shared buffers.
    pub(crate) shared: usize,
}

/// Weights in numbers.
#[derive(Debug)]
pub(crate) struct Weight {
    pub(crate) k: usize,
    pub(crate) n: usize,
    pub(crate) gates: usize,
    pub(crate) blocks: Vec<Grid>,
}

impl Weight {
    fn new(spec: &WeightSpec, blocks: Vec<Grid>) -> Weight {
        let end = |f: fn(&Grid) -> usize| blocks.iter().map(f).max().unwrap_or(0);
        Weight {
            k: end(|b| b.k_offset + b.k),
            n: end(|b| b.n_offset + b.n),
            gates: spec.gates,
            blocks,
        }
    }
}

/// For each symbol, where its numbers begin in the flat parameters and how many they are; and how
/// many there are of all.
fn parameters(info: &CellInfo, sizes: &[usize]) -> (Vec<(usize, usize)>, usize) {
    let (mut places, mut flat) = (Vec::new(), 0);
    for symbol in info.symbols {
        let length = match symbol.role {
            RoleInfo::Parameter(_) => elements(symbol.shape, sizes),
            _ => 0,
        };
        places.push((flat, length));
        flat += length;
    }
    (places, flat)
}

/// For each symbol, how many hyper-parameters stand before it.
fn hypers(info: &CellInfo) -> Vec<usize> {
    let mut count = 0;
    let each = info.symbols.iter().map(|symbol| {
        let before = count;
        count += usize::from(matches!(symbol.role, RoleInfo::Hyper(_)));
        before
    });
    each.collect()
}

impl Layout {
    /// # Panics
    /// If the tables contradict each other; those of a definition do not.
    pub(crate) fn new(tables: &'static Tables, info: &'static CellInfo, sizes: &[usize]) -> Layout {
        let slots: Vec<Slot> = tables
            .slots
            .iter()
            .map(|s| Slot {
                buffer: s.buffer,
                skip: total(s.skip, sizes),
                width: total(s.width, sizes),
                delay: s.delay,
            })
            .collect();
        let widths: Vec<usize> = tables
            .buffers
            .iter()
            .map(|b| total(b.areas, sizes))
            .collect();
        // Workers with rows of their own stay in them.
        let inside = |slot: &Slot| {
            let end = slot.skip.checked_add(slot.width);
            end.is_some_and(|end| end <= widths[slot.buffer])
        };
        assert!(slots.iter().all(inside), "a slot wider than its buffer");
        let (parameters, flat) = parameters(info, sizes);
        let grids = |blocks: &[BlockSpec]| -> Vec<Grid> {
            blocks.iter().map(|block| grid(block, sizes)).collect()
        };
        let weights = tables.weights.iter();
        let shared = tables
            .buffers
            .iter()
            .zip(&widths)
            .filter(|(b, _)| b.kind.in_arena())
            .map(|(_, w)| *w)
            .sum();
        let nodes = info.graph.nodes.iter();
        let random = |op| matches!(op, OpInfo::Dropout(_) | OpInfo::Zoneout(_));
        Layout {
            random: nodes.into_iter().any(|node| random(node.op)),
            tables,
            info,
            sizes: sizes.to_vec(),
            widths,
            slots,
            weights: weights.map(|w| Weight::new(w, grids(w.blocks))).collect(),
            grids: tables.grids.iter().map(|blocks| grids(blocks)).collect(),
            parameters,
            hypers: hypers(info),
            entries: entries(tables, info),
            flat,
            shared,
        }
    }

    /// Width of a slot.
    pub(crate) fn width(&self, slot: usize) -> usize {
        self.slots[slot].width
    }

    /// Elements of the weights that a step multiplies by, and so its multiplications in products.
    pub(crate) fn products(&self) -> usize {
        let products = self.tables.packs[0].iter().map(|&w| {
            let blocks = self.weights[w].blocks.iter();
            blocks.map(|block| block.k * block.n).sum::<usize>()
        });
        products.sum()
    }

    /// What one row of one step costs, in multiplications and additions: the products' are
    /// exact, the rest is a guess from the number of values.
    pub(crate) fn work(&self) -> usize {
        let values = self.tables.buffers.iter().zip(&self.widths);
        let values = values.filter(|(b, _)| b.kind.on_tape());
        self.products() + 8 * values.map(|(_, width)| width).sum::<usize>()
    }

    /// Units of the widest result of a product.
    pub(crate) fn widest(&self) -> usize {
        let widths = self.weights.iter().map(|w| w.n / w.gates.max(1));
        widths.max().unwrap_or(0)
    }

    /// Elements per row of the states.
    pub(crate) fn state_width(&self) -> usize {
        let states = self.info.graph.states.iter().zip(self.tables.states);
        states.map(|(s, &slot)| s.depth * self.width(slot)).sum()
    }

    /// The buffers that there is memory for, with their widths: those of the backward pass alone if
    /// one may follow.
    pub(super) fn buffers(&self, keep: bool) -> impl Iterator<Item = (&BufferSpec, usize)> {
        let count = match keep {
            true => self.tables.buffers.len(),
            false => self.tables.ahead,
        };
        let widths = self.widths.iter().copied();
        self.tables.buffers[..count].iter().zip(widths)
    }

    /// Elements per row that single steps work on.
    pub(crate) fn stream_width(&self) -> usize {
        let own = self
            .buffers(false)
            .map(|(buffer, width)| match buffer.kind {
                Kind::History(depth) | Kind::Carried(depth) | Kind::Again(depth) => {
                    (depth + 1) * width
                }
                kind if kind.shared() => 0,
                _ => width,
            });
        own.sum()
    }

    /// Elements that a sequence of so many steps and rows takes at least; `None` if they cannot be
    /// counted. `keep` says whether a backward pass may follow.
    pub(crate) fn sequence_elements(&self, steps: usize, rows: usize, keep: bool) -> Option<usize> {
        let mut own = self.buffers(keep).filter(|(b, _)| !b.kind.shared());
        own.try_fold(0_usize, |sum, (buffer, width)| {
            let count = match buffer.kind {
                Kind::Full | Kind::History(_) | Kind::Ahead(_) => steps,
                Kind::Tape | Kind::Carried(_) if keep => steps,
                Kind::Again(_) if keep => steps.div_ceil(LONGEST),
                _ => 1,
            };
            sum.checked_add(rows.checked_mul(width)?.checked_mul(count)?)
        })
    }

    /// Whether the bytes of every value of so many steps and rows can be counted, whichever are kept.
    pub(crate) fn countable(&self, steps: usize, rows: usize) -> bool {
        // A step more for each that is read later, and what fills up lines of the cache.
        let depths = self.info.graph.states.iter().map(|state| state.depth);
        let steps = steps.checked_add(depths.max().unwrap_or(0) + 2 * LONGEST);
        let width: usize = self.widths.iter().map(|width| width + LINE).sum();
        let most = 2 * width.max(self.work());
        let all = steps.and_then(|steps| steps.checked_mul(rows)?.checked_mul(most));
        all.is_some_and(|all| all <= isize::MAX as usize / size_of::<f64>())
    }

    /// Elements per row that the tape keeps for one step; of a long sequence fewer, where matrices
    /// are computed again.
    pub(crate) fn tape_width(&self) -> usize {
        let inputs = self.tables.inputs;
        let input = |buffer: usize| inputs.iter().any(|&s| self.slots[s].buffer == buffer);
        let output = |buffer: usize| {
            self.tables
                .outputs
                .iter()
                .any(|&s| self.slots[s].buffer == buffer)
        };
        let buffers = self.tables.buffers.iter().zip(&self.widths).enumerate();
        buffers
            .filter(|(i, (b, _))| (b.kind.on_tape() || output(*i)) && !input(*i))
            .map(|(_, (_, w))| w)
            .sum()
    }
}

/// A block in numbers.
fn grid(block: &BlockSpec, sizes: &[usize]) -> Grid {
    let columns = block.columns.of(sizes);
    let (k, n) = (block.k.of(sizes), block.n.of(sizes));
    // Then no two of its elements are one of the matrix: threads write different columns.
    let line = if block.transposed { k } else { n };
    assert!(line <= columns, "a block wider than its matrix");
    let (k_stride, n_stride) = if block.transposed {
        (1, columns)
    } else {
        (columns, 1)
    };
    Grid {
        slot: block.slot,
        start: block.row.of(sizes) * columns + block.column.of(sizes),
        k_offset: total(block.k_skip, sizes),
        n_offset: total(block.n_skip, sizes),
        k,
        n,
        k_stride,
        n_stride,
    }
}

/// See [`Layout::entries`].
fn entries(tables: &Tables, info: &CellInfo) -> Vec<(usize, usize, usize, usize)> {
    let mut out = Vec::new();
    for (state, of) in info.graph.states.iter().enumerate() {
        for back in 1..=of.depth {
            let futures = tables
                .futures
                .iter()
                .filter(|(s, delay, _)| *s == state && *delay >= back);
            if let Some(&(_, delay, slot)) = futures.min_by_key(|(_, delay, _)| *delay) {
                out.push((state, back, delay, slot));
            }
        }
    }
    out
}
