//! Straight wires: chains of items that should stand at one height.
//!
//! Takes: [`Places`] near to where they should be. Gives: the same with small steps taken out,
//! chains level where no two cross, and empty bands closed.

use std::collections::BTreeMap;

use super::figure::Figure;
use super::layers::{Item, Layers, Piece};
use super::place::{GAP, Places, carried};

/// At most so many rounds in which wires are made straight.
const LEVELS: usize = 800;

impl Places {
    /// All of it.
    pub(super) fn settle(&mut self, figure: &Figure, layers: &Layers) {
        self.straighten(figure, layers);
        let chains = self.chains(figure, layers);
        for _ in 0..LEVELS {
            let before = self.y.clone();
            self.level(layers, &chains);
            if before.iter().all(|(i, y)| (self.y[i] - y).abs() < 1e-3) {
                break;
            }
        }
        self.close(layers);
    }

    /// Takes out small steps where there is room.
    fn straighten(&mut self, figure: &Figure, layers: &Layers) {
        for _ in 0..3 {
            for column in 0..layers.columns.len() {
                let mut pieces: Vec<&Piece> = layers.pieces[column].iter().collect();
                pieces.sort_by(|a, b| Self::weight(figure, b).total_cmp(&Self::weight(figure, a)));
                for piece in pieces {
                    let step = self.y[&piece.from] - self.offset(piece) - self.y[&piece.to];
                    let mut ends = layers.pieces[column].iter().filter(|p| p.to == piece.to);
                    let single = ends.all(|p| p.net == piece.net && p.from == piece.from);
                    let main = figure.nodes[piece.net].carries && self.offset(piece) == 0.0;
                    if step != 0.0
                        && (single || main || step.abs() < 12.0)
                        && self.free(layers, column + 1, piece.to, step)
                    {
                        let y = self.y[&piece.to] + step;
                        self.y.insert(piece.to, y);
                    }
                }
            }
        }
    }

    /// Items that should stand at one height: ways of states, bends of one wire, and a box with the
    /// only one that reads it.
    fn chains(&self, figure: &Figure, layers: &Layers) -> Vec<Vec<Item>> {
        let pieces: Vec<&Piece> = layers.pieces.iter().flatten().collect();
        let count = |item: Item, to: bool| {
            pieces
                .iter()
                .filter(|p| if to { p.to == item } else { p.from == item })
                .count()
        };
        let mut links: Vec<(u8, &Piece)> = Vec::new();
        for &piece in &pieces {
            let single = count(piece.from, false) == 1 && count(piece.to, true) == 1;
            let bends = matches!(piece.to, Item::Bend(..));
            let level = self.offset(piece) == 0.0;
            match (level, carried(figure, piece), bends, single) {
                (true, true, ..) => links.push((0, piece)),
                (true, _, true, _) => links.push((1, piece)),
                (true, _, _, true) => links.push((2, piece)),
                _ => {}
            }
        }
        links.sort_by_key(|(rank, _)| *rank);
        let (mut next, mut before) = (BTreeMap::new(), BTreeMap::new());
        for (_, piece) in links {
            if !next.contains_key(&piece.from) && !before.contains_key(&piece.to) {
                next.insert(piece.from, piece.to);
                before.insert(piece.to, piece.from);
            }
        }
        let starts = next.keys().filter(|i| !before.contains_key(i));
        let chain = |&start: &Item| {
            std::iter::successors(Some(start), |item| next.get(item).copied()).collect()
        };
        let mut chains: Vec<Vec<Item>> = starts.map(chain).collect();
        // Ways of states first: what they cross has to bend.
        let lane = |chain: &[Item]| match chain[0] {
            Item::Node(id) => figure.nodes[id].lane.is_some(),
            Item::Bend(net, _) => figure.leads(net),
        };
        chains.sort_by_key(|chain| (!lane(chain), std::cmp::Reverse(chain.len())));
        compatible(layers, &chains)
    }

    /// Brings chains to one height each, the rest out of their way. With equal weights these are
    /// projections in turn onto two convex sets, which meet where the sets do.
    fn level(&mut self, layers: &Layers, chains: &[Vec<Item>]) {
        let mut wanted: BTreeMap<Item, (f64, f64)> = BTreeMap::new();
        for chain in chains {
            let mean = chain.iter().map(|i| self.y[i]).sum::<f64>() / chain.len() as f64;
            wanted.extend(chain.iter().map(|&i| (i, (mean, 1.0))));
        }
        for items in &layers.columns {
            let own = items
                .iter()
                .map(|i| wanted.get(i).copied().unwrap_or((self.y[i], 1.0)));
            let own: Vec<(f64, f64)> = own.collect();
            let heights = self.isotonic(items, &own);
            for (&item, y) in items.iter().zip(heights) {
                self.y.insert(item, y);
            }
        }
    }

    /// Takes out bands in which nothing stands.
    fn close(&mut self, layers: &Layers) {
        let items = layers.columns.iter().flatten();
        let mut taken: Vec<(f64, f64)> = items
            .map(|i| (self.y[i] - self.room[i].up, self.y[i] + self.room[i].down))
            .collect();
        taken.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut cuts: Vec<(f64, f64)> = Vec::new();
        let mut low = f64::INFINITY;
        for (top, bottom) in taken {
            if top - low > GAP {
                cuts.push((top, top - low - GAP));
            }
            low = if low.is_finite() {
                low.max(bottom)
            } else {
                bottom
            };
        }
        for y in self.y.values_mut() {
            let above = cuts.iter().filter(|(from, _)| *from <= *y);
            *y -= above.map(|(_, cut)| cut).sum::<f64>();
        }
    }

    /// Whether an item may move.
    fn free(&self, layers: &Layers, column: usize, item: Item, step: f64) -> bool {
        let items = &layers.columns[column];
        let Some(at) = items.iter().position(|&i| i == item) else {
            return false;
        };
        let apart = |above: Item, below: Item, a: f64, b: f64| {
            b - a >= self.room[&above].down + GAP + self.room[&below].up - 1e-6
        };
        let y = self.y[&item] + step;
        let up = at == 0 || apart(items[at - 1], item, self.y[&items[at - 1]], y);
        let down = items
            .get(at + 1)
            .is_none_or(|&next| apart(item, next, y, self.y[&next]));
        up && down
    }
}

/// Chains in pieces such that of any two one is above the other in all columns.
fn compatible(layers: &Layers, chains: &[Vec<Item>]) -> Vec<Vec<Item>> {
    let mut place: BTreeMap<Item, (usize, usize)> = BTreeMap::new();
    for (column, items) in layers.columns.iter().enumerate() {
        place.extend(
            items
                .iter()
                .enumerate()
                .map(|(at, &item)| (item, (column, at))),
        );
    }
    let mut out: Vec<Vec<Item>> = Vec::new();
    for chain in chains {
        let mut piece: Vec<Item> = Vec::new();
        for &item in chain {
            piece.push(item);
            let crossed = out.iter().any(|other| {
                let mut above = piece.iter().filter_map(|a| {
                    let (column, at) = place[a];
                    let (_, other) = other.iter().map(|b| place[b]).find(|(c, _)| *c == column)?;
                    Some(at < other)
                });
                let first = above.next();
                above.any(|a| Some(a) != first)
            });
            if crossed {
                piece.pop();
                out.push(std::mem::replace(&mut piece, vec![item]));
            }
        }
        out.push(piece);
    }
    out.retain(|piece| piece.len() > 1);
    out
}
