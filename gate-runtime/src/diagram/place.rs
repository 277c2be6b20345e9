//! Sizes of nodes, the places where wires end at them, and coordinates.
//!
//! Takes: a figure in columns. Gives: [`Places`]. Heights in a column come from where the
//! neighbours are, as near to straight wires as the spacing lets (isotonic regression); the ways
//! of states through time weigh most.

use std::collections::BTreeMap;

use super::figure::{Figure, Node, NodeId, Shape};
use super::layers::{Item, Layers, Piece};
use super::text::width;

/// Radius of circles.
pub(super) const RADIUS: f64 = 11.0;
/// Height of a line in a box of products.
pub(super) const LINE: f64 = 19.0;
/// Above and below the lines of a box.
pub(super) const PADDING: f64 = 6.0;
/// Between items of a column.
pub(super) const GAP: f64 = 12.0;
/// From a circle to a wire that turns into it.
const LANE: f64 = 10.0;

/// The room that an item takes around the height of its wire.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Room {
    /// Of the shape alone.
    pub(super) shape: f64,
    /// With the label on the wire.
    pub(super) width: f64,
    pub(super) up: f64,
    pub(super) down: f64,
}

/// How a wire ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// At the left side, this far below the middle.
    Left(f64),
    /// From above (negative) or below, after a lane this far from the middle; and how far beside
    /// the middle of the circle.
    Turn(f64, f64),
}

/// Everything with coordinates.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) room: BTreeMap<Item, Room>,
    /// Height of each item's wire.
    pub(super) y: BTreeMap<Item, f64>,
    /// For each node, how its inputs end.
    pub(super) ends: Vec<Vec<End>>,
    /// For each box of products, its lines from the top.
    pub(super) lines: Vec<Vec<usize>>,
}

impl Places {
    pub(super) fn new(figure: &Figure, layers: &Layers) -> Places {
        let mut places = Places {
            room: BTreeMap::new(),
            y: BTreeMap::new(),
            ends: vec![Vec::new(); figure.nodes.len()],
            lines: vec![Vec::new(); figure.nodes.len()],
        };
        for (column, items) in layers.columns.iter().enumerate() {
            for &item in items {
                let room = match item {
                    Item::Bend(..) => Room {
                        up: 3.0,
                        down: 3.0,
                        ..Room::default()
                    },
                    Item::Node(id) => {
                        let order = places.order(id, column, layers);
                        places.node(id, &figure.nodes[id], figure, &order)
                    }
                };
                places.room.insert(item, room);
            }
        }
        places.spread(layers);
        for sweep in 0..17 {
            places.sweep(figure, layers, sweep % 2 == 0);
        }
        places.settle(figure, layers);
        places
    }

    /// A node's inputs in the order in which their wires come in, from the top.
    fn order(&self, id: NodeId, column: usize, layers: &Layers) -> Vec<usize> {
        let Some(before) = column.checked_sub(1) else {
            return Vec::new();
        };
        let own = layers.pieces[before]
            .iter()
            .filter(|p| p.to == Item::Node(id));
        let place = |p: &&Piece| {
            let at = layers.columns[before].iter().position(|&i| i == p.from);
            (at, p.input)
        };
        let mut own: Vec<&Piece> = own.collect();
        own.sort_by_key(place);
        own.iter().filter_map(|p| p.input).collect()
    }

    fn node(&mut self, id: NodeId, node: &Node, figure: &Figure, order: &[usize]) -> Room {
        let label = node.label.as_ref().map_or(0.0, |l| width(l) + 14.0);
        let simple = |shape: f64, half: f64| Room {
            shape,
            width: shape + label,
            up: half,
            down: half,
        };
        self.ends[id] = vec![End::Left(0.0); node.inputs.len()];
        match &node.shape {
            Shape::Input(_) | Shape::Output(_) => Room {
                up: 4.0,
                down: 4.0,
                ..Room::default()
            },
            Shape::Before(name) | Shape::After(name) => simple(width(name) + 8.0, 9.0),
            Shape::Pill(text) => simple(width(text) + 16.0, 12.0),
            Shape::Function(text) => {
                let count = node.inputs.len();
                for (place, &input) in order.iter().enumerate() {
                    let offset = place as f64 - (count as f64 - 1.0) / 2.0;
                    self.ends[id][input] = End::Left(14.0 * offset);
                }
                simple(
                    (width(text) + 16.0).max(36.0),
                    (7.0 * count as f64 + 4.0).max(14.0),
                )
            }
            Shape::Product(rows) => {
                let mut lines: Vec<usize> =
                    order.iter().filter_map(|&i| node.inputs[i].line).collect();
                lines.extend(
                    (0..rows.len())
                        .filter(|l| !order.iter().any(|&i| node.inputs[i].line == Some(*l))),
                );
                let half = LINE * rows.len() as f64 / 2.0;
                for (i, input) in node.inputs.iter().enumerate() {
                    let place = match input.line {
                        Some(line) => lines.iter().position(|&l| l == line),
                        None => None,
                    };
                    let count = node.inputs.len() as f64;
                    let offset = match place {
                        Some(place) => LINE * (place as f64 + 0.5) - half,
                        None => 6.0 * (2.0 * i as f64 - count + 1.0) / count.max(1.0),
                    };
                    self.ends[id][i] = End::Left(offset);
                }
                self.lines[id] = lines;
                let wide = rows.iter().map(|r| width(r)).fold(0.0, f64::max);
                simple(wide + 16.0, half + PADDING)
            }
            Shape::Circle(_) => self.circle(id, node, figure, order, label),
        }
    }

    /// One wire comes straight in, the state's if there is one; the others turn in from above or
    /// below.
    fn circle(
        &mut self,
        id: NodeId,
        node: &Node,
        figure: &Figure,
        order: &[usize],
        label: f64,
    ) -> Room {
        let carried = order
            .iter()
            .position(|&i| figure.nodes[node.inputs[i].from].carries);
        let main = carried.unwrap_or((order.len() - 1) / 2);
        let lane = |steps: usize| RADIUS + LANE * steps as f64;
        let (above, below) = (main, order.len() - 1 - main);
        // However many they are, all end on the circle.
        let most = above.max(below).max(2) as f64 - 1.0;
        let beside = |steps: usize| (0.9 * RADIUS / most).min(6.0) * (steps as f64 - 1.0);
        for (place, &input) in order.iter().enumerate() {
            self.ends[id][input] = match place {
                p if p < main => End::Turn(-lane(main - p), -beside(main - p)),
                p if p > main => End::Turn(lane(p - main), -beside(p - main)),
                _ => End::Left(0.0),
            };
        }
        let half = |count: usize| {
            if count == 0 {
                RADIUS
            } else {
                lane(count) + 3.0
            }
        };
        Room {
            shape: 2.0 * RADIUS,
            width: 2.0 * RADIUS + label,
            up: half(above).max(if label > 0.0 { 18.0 } else { 0.0 }),
            down: half(below),
        }
    }

    /// Items one below the other, columns centred.
    fn spread(&mut self, layers: &Layers) {
        for items in &layers.columns {
            let total: f64 = items
                .iter()
                .map(|i| self.room[i].up + self.room[i].down + GAP)
                .sum();
            let mut y = -total / 2.0;
            for &item in items {
                y += self.room[&item].up + GAP / 2.0;
                self.y.insert(item, y);
                y += self.room[&item].down + GAP / 2.0;
            }
        }
    }

    /// Where a piece ends, from the height of the item's wire.
    pub(super) fn offset(&self, piece: &Piece) -> f64 {
        match (piece.to, piece.input) {
            (Item::Node(id), Some(input)) => match self.ends[id][input] {
                End::Left(dy) | End::Turn(dy, _) => dy,
            },
            _ => 0.0,
        }
    }

    pub(super) fn weight(figure: &Figure, piece: &Piece) -> f64 {
        let carries = carried(figure, piece);
        let bend = |i: Item| matches!(i, Item::Bend(..));
        match (carries, bend(piece.from) || bend(piece.to)) {
            (true, _) => 30.0,
            (false, true) => 4.0,
            (false, false) => 1.0,
        }
    }

    fn sweep(&mut self, figure: &Figure, layers: &Layers, forth: bool) {
        let count = layers.columns.len();
        for step in 0..count {
            let column = if forth { step } else { count - 1 - step };
            let items = &layers.columns[column];
            let wanted: Vec<(f64, f64)> = items
                .iter()
                .map(|&i| self.wanted(figure, layers, column, i, forth))
                .collect();
            let heights = self.isotonic(items, &wanted);
            for (&item, y) in items.iter().zip(heights) {
                self.y.insert(item, y);
            }
        }
    }

    /// The height at which an item's wires are nearest to straight, and how much that matters.
    fn wanted(
        &self,
        figure: &Figure,
        layers: &Layers,
        column: usize,
        item: Item,
        forth: bool,
    ) -> (f64, f64) {
        let mut ends: Vec<(f64, f64)> = Vec::new();
        if let Some(before) = column.checked_sub(1) {
            let pieces = layers.pieces[before].iter().filter(|p| p.to == item);
            let scale = if forth { 1.0 } else { 0.4 };
            ends.extend(pieces.map(|p| {
                (
                    self.y[&p.from] - self.offset(p),
                    scale * Self::weight(figure, p),
                )
            }));
        }
        let pieces = layers.pieces[column].iter().filter(|p| p.from == item);
        let scale = if forth { 0.4 } else { 1.0 };
        ends.extend(pieces.map(|p| {
            (
                self.y[&p.to] + self.offset(p),
                scale * Self::weight(figure, p),
            )
        }));
        let total: f64 = ends.iter().map(|(_, w)| w).sum();
        if total == 0.0 {
            return (self.y[&item], 0.01);
        }
        // The weighted median keeps wires straight where a mean would bend all of them.
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        for &(y, w) in &ends {
            sum += w;
            if sum >= total / 2.0 {
                return (y, total);
            }
        }
        (self.y[&item], total)
    }

    /// Heights nearest to those wanted that keep the items apart.
    pub(super) fn isotonic(&self, items: &[Item], wanted: &[(f64, f64)]) -> Vec<f64> {
        let mut offsets = Vec::with_capacity(items.len());
        let mut at = 0.0;
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                at += self.room[&items[i - 1]].down + GAP + self.room[item].up;
            }
            offsets.push(at);
        }
        // Blocks of (weighted sum, weight, count).
        let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
        for (&(y, w), offset) in wanted.iter().zip(&offsets) {
            blocks.push((w * (y - offset), w, 1));
            while let [.., a, b] = blocks.as_slice() {
                if a.0 / a.1 <= b.0 / b.1 {
                    break;
                }
                let merged = (a.0 + b.0, a.1 + b.1, a.2 + b.2);
                blocks.truncate(blocks.len() - 2);
                blocks.push(merged);
            }
        }
        let means = blocks
            .iter()
            .flat_map(|&(sum, w, n)| std::iter::repeat_n(sum / w, n));
        means
            .zip(&offsets)
            .map(|(mean, offset)| mean + offset)
            .collect()
    }
}

/// Whether a piece of a state's wire leads on through time.
pub(super) fn carried(figure: &Figure, piece: &Piece) -> bool {
    match piece.to {
        Item::Node(id) => figure.nodes[piece.net].carries && figure.nodes[id].carries,
        Item::Bend(..) => figure.leads(piece.net),
    }
}
