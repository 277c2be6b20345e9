//! Wires: horizontal and vertical lines in the channels between columns.
//!
//! Takes: a figure in columns with heights. Gives: a [`Scene`]: boxes and wires in pixels. In a
//! channel each wire has a track of its own for its vertical line; tracks are ordered so that no
//! two wires lie on one another, with few crossings.

use std::collections::BTreeMap;

use super::figure::{Figure, NodeId, Shape};
use super::layers::{Item, Layers, Piece};
use super::place::{End, Places};

/// Between tracks.
const TRACK: f64 = 10.0;
/// The same where outputs go up, each with its name.
const NAMES: f64 = 30.0;
/// Beside the first and the last.
const MARGIN: f64 = 12.0;
/// A step this small is not drawn.
const SLACK: f64 = 3.0;

/// A shape in pixels; its wire leaves at the right, at height `y`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) node: NodeId,
    pub(super) left: f64,
    /// Of the shape alone.
    pub(super) width: f64,
    pub(super) y: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// A wire to one input, corner by corner.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) net: NodeId,
    pub(super) points: Vec<(f64, f64)>,
    /// The node and the input that it ends at; a bend otherwise.
    pub(super) end: Option<(NodeId, usize)>,
}

/// A figure in pixels.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) placed: Vec<Placed>,
    pub(super) wires: Vec<Wire>,
    /// Where outputs go up.
    outputs: BTreeMap<NodeId, f64>,
    pub(super) width: f64,
    /// The highest and lowest of all that is drawn.
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// One wire's lines in a channel.
struct Lines<'a> {
    net: NodeId,
    start: f64,
    pieces: Vec<(&'a Piece, f64)>,
}

impl Lines<'_> {
    fn span(&self) -> (f64, f64) {
        let ends = self.pieces.iter().map(|(_, y)| *y).chain([self.start]);
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| {
            (low.min(y), high.max(y))
        })
    }

    fn straight(&self) -> bool {
        let (low, high) = self.span();
        high - low < 0.5
    }
}

/// The figure in pixels.
pub(super) fn route(figure: &Figure, layers: &Layers, places: &Places) -> Scene {
    let mut scene = Scene {
        placed: Vec::new(),
        wires: Vec::new(),
        outputs: BTreeMap::new(),
        width: 0.0,
        top: f64::INFINITY,
        bottom: f64::NEG_INFINITY,
    };
    let mut x = 0.0;
    for (column, items) in layers.columns.iter().enumerate() {
        let wide = items
            .iter()
            .map(|i| places.room[i].width)
            .fold(0.0, f64::max);
        let right = x + wide;
        let mut inputs = 0.0;
        for &item in items {
            // An input comes up right of the names of states.
            let left = match item {
                Item::Node(id) if matches!(figure.nodes[id].shape, Shape::Input(_)) => {
                    inputs += 1.0;
                    right + 26.0 * inputs
                }
                _ => x,
            };
            scene.place(figure, places, item, left);
        }
        let right = right + 26.0 * inputs;
        let channel = lines(layers, places, column);
        let order = tracks(&channel);
        let results = layers.results(column + 1);
        let between = if results > 1 { NAMES } else { TRACK };
        let bent = order.len().max(1) as f64;
        let beside = if results > 0 { MARGIN } else { 0.0 };
        let next = right + 2.0 * MARGIN + beside + between * (bent - 1.0);
        for lines in &channel {
            let place = order.iter().position(|&n| n == lines.net).unwrap_or(0);
            let track = right + MARGIN + between * place as f64;
            scene.wire(figure, places, lines, x, track, next);
        }
        x = if channel.is_empty() { right } else { next };
    }
    scene.width = x;
    scene
}

/// The wires between a column and the next.
fn lines<'a>(layers: &'a Layers, places: &Places, column: usize) -> Vec<Lines<'a>> {
    let mut nets: BTreeMap<NodeId, Lines<'a>> = BTreeMap::new();
    for piece in &layers.pieces[column] {
        let start = places.y[&piece.from];
        let end = places.y[&piece.to] + places.offset(piece);
        let lines = nets.entry(piece.net);
        let lines = lines.or_insert(Lines {
            net: piece.net,
            start,
            pieces: Vec::new(),
        });
        lines.pieces.push((piece, end));
    }
    nets.into_values().collect()
}

/// The order of the vertical lines, left first. A wire that leaves at the height at which another
/// ends has to turn before it.
fn tracks(channel: &[Lines<'_>]) -> Vec<NodeId> {
    let bent: Vec<&Lines<'_>> = channel.iter().filter(|l| !l.straight()).collect();
    let near = |a: f64, b: f64| (a - b).abs() < 4.0;
    let before = |a: &Lines<'_>, b: &Lines<'_>| b.pieces.iter().any(|(_, y)| near(*y, a.start));
    let cost = |order: &[usize]| {
        let mut cost = 0.0;
        for (i, &left) in order.iter().enumerate() {
            for &right in &order[i + 1..] {
                let (a, b) = (bent[left], bent[right]);
                cost += if before(b, a) { 1000.0 } else { 0.0 };
                let inside = |y: f64, (low, high): (f64, f64)| y > low + 0.5 && y < high - 0.5;
                // The ends of the left wire pass the right one's line, its start the left one's.
                cost += a
                    .pieces
                    .iter()
                    .filter(|(_, y)| inside(*y, b.span()))
                    .count() as f64;
                cost += f64::from(u8::from(inside(b.start, a.span())));
            }
        }
        cost
    };
    let mut order: Vec<usize> = (0..bent.len()).collect();
    let mut best = cost(&order);
    for _ in 0..bent.len() {
        let mut better = false;
        for i in 0..order.len() {
            for j in 0..order.len() {
                let mut other = order.clone();
                let moved = other.remove(i);
                other.insert(j, moved);
                let new = cost(&other);
                if new < best {
                    (order, best, better) = (other, new, true);
                }
            }
        }
        if !better {
            break;
        }
    }
    order.into_iter().map(|i| bent[i].net).collect()
}

impl Scene {
    fn place(&mut self, figure: &Figure, places: &Places, item: Item, left: f64) {
        let (room, y) = (places.room[&item], places.y[&item]);
        self.top = self.top.min(y - room.up);
        self.bottom = self.bottom.max(y + room.down);
        let Item::Node(node) = item else { return };
        let left = self.outputs.get(&node).copied().unwrap_or(left);
        let half = match &figure.nodes[node].shape {
            Shape::Circle(_) => (super::place::RADIUS, super::place::RADIUS),
            _ => (room.up, room.down),
        };
        let (top, bottom) = (y - half.0, y + half.1);
        self.placed.push(Placed {
            node,
            left,
            width: room.shape,
            y,
            top,
            bottom,
        });
    }

    fn wire(
        &mut self,
        figure: &Figure,
        places: &Places,
        lines: &Lines<'_>,
        left: f64,
        track: f64,
        next: f64,
    ) {
        let all = self.placed.clone();
        let placed = |id: NodeId| all.iter().find(|p| p.node == id);
        let mut wires = Vec::new();
        for (piece, y) in &lines.pieces {
            let start = match piece.from {
                Item::Node(id) => placed(id).map_or(left, |p| p.left + p.width),
                Item::Bend(..) => left,
            };
            let mut points = vec![(start, lines.start)];
            let slack = match piece.to {
                Item::Node(_) => SLACK,
                Item::Bend(..) => 0.05,
            };
            let y = match (lines.start - y).abs() < slack {
                true => &lines.start,
                false => y,
            };
            let bent = lines.start != *y;
            if bent {
                points.extend([(track, lines.start), (track, *y)]);
            }
            let output = match piece.to {
                Item::Node(id) => bent && matches!(figure.nodes[id].shape, Shape::Output(_)),
                Item::Bend(..) => false,
            };
            let end = match (piece.to, piece.input) {
                (Item::Node(id), Some(input)) => {
                    match places.ends[id][input] {
                        End::Left(_) if output => {
                            self.outputs.insert(id, track);
                        }
                        End::Left(_) => points.push((next, *y)),
                        End::Turn(lane, beside) => {
                            let x = next + super::place::RADIUS + beside;
                            let r = super::place::RADIUS;
                            let rim = (r * r - beside * beside).sqrt() * lane.signum();
                            points.extend([(x, *y), (x, y - lane + rim)]);
                        }
                    }
                    Some((id, input))
                }
                _ => {
                    points.push((next, *y));
                    None
                }
            };
            wires.push(Wire {
                net: lines.net,
                points,
                end,
            });
        }
        self.wires.extend(wires);
    }
}
