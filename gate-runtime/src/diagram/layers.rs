//! Columns of a figure, and the order in each.
//!
//! Takes: a [`Figure`]. Gives: [`Layers`]: every node in a column right of what it reads, wires
//! over several columns as a chain of bends, and an order in each column with few crossings, by
//! medians of neighbours and exchanges (Sugiyama 1981; Gansner et al. 1993).

use super::figure::{Figure, NodeId, Shape};

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Item {
    Node(NodeId),
    /// A wire that passes: its source and the column.
    Bend(NodeId, usize),
}

/// A piece of a wire from one column to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The node that the wire comes from.
    pub(super) net: NodeId,
    pub(super) from: Item,
    pub(super) to: Item,
    /// Which input of the node at its end.
    pub(super) input: Option<usize>,
}

/// Columns with the order in each, top first.
#[derive(Debug)]
pub(super) struct Layers {
    pub(super) columns: Vec<Vec<Item>>,
    /// Between each column and the next.
    pub(super) pieces: Vec<Vec<Piece>>,
    /// Outputs: their wires go up past everything else, whatever the order.
    results: Vec<Item>,
    /// For each node, whether its wire is part of a state's way.
    leads: Vec<bool>,
}

const SWEEPS: usize = 24;

/// The columns of a figure.
pub(super) fn layers(figure: &Figure) -> Layers {
    let column = columns(figure);
    let count = column.iter().max().map_or(1, |c| c + 1);
    let mut layers = Layers {
        columns: vec![Vec::new(); count],
        pieces: vec![Vec::new(); count],
        results: Vec::new(),
        leads: (0..figure.nodes.len()).map(|id| figure.leads(id)).collect(),
    };
    for (id, (node, &own)) in figure.nodes.iter().zip(&column).enumerate() {
        layers.columns[own].push(Item::Node(id));
        if matches!(node.shape, Shape::Output(_)) {
            layers.results.push(Item::Node(id));
        }
    }
    for (id, node) in figure.nodes.iter().enumerate() {
        for (input, end) in node.inputs.iter().enumerate() {
            let mut from = Item::Node(end.from);
            for c in column[end.from] + 1..column[id] {
                let bend = Item::Bend(end.from, c);
                if !layers.columns[c].contains(&bend) {
                    layers.columns[c].push(bend);
                    layers.pieces[c - 1].push(Piece {
                        net: end.from,
                        from,
                        to: bend,
                        input: None,
                    });
                }
                from = bend;
            }
            let piece = Piece {
                net: end.from,
                from,
                to: Item::Node(id),
                input: Some(input),
            };
            layers.pieces[column[id] - 1].push(piece);
        }
    }
    layers.arrange(figure);
    layers
}

/// The column of each node: the first after all that it reads; results in the last, what nothing
/// feeds in the first, and what only parameters feed beside its reader.
fn columns(figure: &Figure) -> Vec<usize> {
    let mut column: Vec<usize> = Vec::with_capacity(figure.nodes.len());
    for node in &figure.nodes {
        let above = node.inputs.iter().map(|i| column[i.from]).max();
        let source = matches!(node.shape, Shape::Input(_) | Shape::Before(_));
        column.push(match above {
            Some(c) => c + 1,
            None => usize::from(!source),
        });
    }
    let last = column.iter().max().copied().unwrap_or(0);
    for (id, node) in figure.nodes.iter().enumerate() {
        if matches!(node.shape, Shape::After(_) | Shape::Output(_)) {
            column[id] = last;
        }
    }
    // What needs no input moves to its first reader.
    for id in (0..figure.nodes.len()).rev() {
        if figure.nodes[id].inputs.is_empty() && column[id] == 1 {
            let readers = figure.nodes.iter().enumerate();
            let readers = readers.filter(|(_, n)| n.inputs.iter().any(|i| i.from == id));
            let first = readers.map(|(r, _)| column[r]).min();
            column[id] = first.map_or(1, |c| c.saturating_sub(1).max(1));
        }
    }
    column
}

impl Layers {
    fn arrange(&mut self, figure: &Figure) {
        // Ways of states on top, memories before outputs; inputs at the bottom; the rest as it was
        // defined.
        let lane = |id: NodeId| figure.nodes[id].lane.map(|l| (figure.shown(l), l));
        let first = |item: &Item| match *item {
            Item::Node(id) => match (&figure.nodes[id].shape, lane(id)) {
                (Shape::Input(_), _) => (2, None),
                (_, Some(lane)) => (0, Some(lane)),
                _ => (1, None),
            },
            Item::Bend(net, _) if figure.leads(net) => (0, lane(net)),
            Item::Bend(..) => (1, None),
        };
        for column in &mut self.columns {
            column.sort_by_key(|item| (rank(figure, *item), first(item)));
        }
        let mut best = (self.crossings(), self.columns.clone());
        for sweep in 0..SWEEPS {
            let count = self.columns.len();
            let order: Vec<usize> = match sweep % 2 {
                0 => (1..count).collect(),
                _ => (0..count - 1).rev().collect(),
            };
            for column in order {
                self.by_neighbours(column, sweep % 2 == 0, figure);
            }
            self.exchange(figure);
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
        }
        self.columns = best.1;
    }

    /// Items of one column by the mean place of their neighbours before or after it.
    fn by_neighbours(&mut self, column: usize, before: bool, figure: &Figure) {
        let other = if before { column - 1 } else { column + 1 };
        let pieces = &self.pieces[column.min(other)];
        let place = |item: Item| self.columns[other].iter().position(|&i| i == item);
        let mut keyed: Vec<((u8, f64), Item)> = Vec::new();
        for (at, &item) in self.columns[column].iter().enumerate() {
            let neighbours = pieces.iter().filter_map(|p| match before {
                true if p.to == item => place(p.from),
                false if p.from == item => place(p.to),
                _ => None,
            });
            let places: Vec<f64> = neighbours.map(|p| p as f64).collect();
            let mean = match places.len() {
                0 => {
                    at as f64 * self.columns[other].len() as f64 / self.columns[column].len() as f64
                }
                n => places.iter().sum::<f64>() / n as f64,
            };
            keyed.push(((rank(figure, item), mean), item));
        }
        keyed.sort_by(|a, b| a.0.0.cmp(&b.0.0).then(a.0.1.total_cmp(&b.0.1)));
        self.columns[column] = keyed.into_iter().map(|(_, item)| item).collect();
    }

    /// Exchanges neighbours while that saves crossings.
    fn exchange(&mut self, figure: &Figure) {
        for _ in 0..4 {
            let mut better = false;
            for column in 0..self.columns.len() {
                for at in 1..self.columns[column].len() {
                    let (a, b) = (self.columns[column][at - 1], self.columns[column][at]);
                    if rank(figure, a) != rank(figure, b) {
                        continue;
                    }
                    let now = self.beside(column);
                    self.columns[column].swap(at - 1, at);
                    match self.beside(column) < now {
                        true => better = true,
                        false => self.columns[column].swap(at - 1, at),
                    }
                }
            }
            if !better {
                return;
            }
        }
    }

    /// The number of outputs in a column.
    pub(super) fn results(&self, column: usize) -> usize {
        let items = self.columns.get(column).into_iter().flatten();
        items.filter(|i| self.results.contains(i)).count()
    }

    /// Crossings at both sides of a column.
    fn beside(&self, column: usize) -> usize {
        let left = if column > 0 {
            self.between(column - 1)
        } else {
            0
        };
        left + self.between(column)
    }

    fn crossings(&self) -> usize {
        (0..self.columns.len()).map(|c| self.between(c)).sum()
    }

    fn between(&self, column: usize) -> usize {
        let Some(next) = self.columns.get(column + 1) else {
            return 0;
        };
        let place = |list: &[Item], item: Item| list.iter().position(|&i| i == item).unwrap_or(0);
        let ends: Vec<(usize, usize, NodeId)> = self.pieces[column]
            .iter()
            .filter(|p| !self.results.contains(&p.to))
            .map(|p| {
                (
                    place(&self.columns[column], p.from),
                    place(next, p.to),
                    p.net,
                )
            })
            .collect();
        let mut count = 0;
        for (i, a) in ends.iter().enumerate() {
            for b in &ends[..i] {
                let crossed = (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1);
                // Ways of states are to be seen at a glance.
                let price = if self.leads[a.2] && self.leads[b.2] {
                    5
                } else {
                    1
                };
                count += price * usize::from(a.2 != b.2 && crossed);
            }
        }
        count
    }
}

/// What has to stand on top of a column, and what at the bottom.
fn rank(figure: &Figure, item: Item) -> u8 {
    match item {
        Item::Node(id) => match figure.nodes[id].shape {
            Shape::Output(_) => 0,
            Shape::Input(_) => 2,
            _ => 1,
        },
        Item::Bend(..) => 1,
    }
}
