//! Rows of a batch: their order, their lengths, and how a team shares them.

use std::ops::Range;

/// The rows of a batch, sorted by length, longest first, so that the rows that are still active
/// at a step always stand at the front.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Index in the batch of each row.
    pub(crate) index: Vec<usize>,
    /// Number of steps of each row.
    pub(crate) lengths: Vec<usize>,
    /// Number of steps of the sequence.
    pub(crate) steps: usize,
    /// Whether all rows have this length.
    pub(crate) even: bool,
    /// Whether the rows stand in the batch's own order.
    in_order: bool,
}

impl Rows {
    /// Takes over a batch; keeps its memory.
    pub(crate) fn set(&mut self, batch: usize, steps: usize, lengths: Option<&[usize]>) {
        let length = |row: usize| lengths.map_or(steps, |l| l[row]);
        self.index.clear();
        self.index.extend(0..batch);
        self.index
            .sort_unstable_by_key(|&row| (std::cmp::Reverse(length(row)), row));
        self.lengths.clear();
        self.lengths
            .extend(self.index.iter().map(|&row| length(row)));
        self.steps = steps;
        self.even = self.lengths.iter().all(|&l| l == steps);
        self.in_order = self
            .index
            .iter()
            .enumerate()
            .all(|(row, &index)| row == index);
    }

    /// Number of rows.
    pub(crate) fn count(&self) -> usize {
        self.index.len()
    }

    /// Whether none is over early and they stand in the batch's order: then whole steps can be
    /// copied at once.
    pub(crate) fn plain(&self) -> bool {
        self.even && self.in_order
    }

    /// Number of rows that are not over at a step.
    pub(crate) fn active(&self, time: usize) -> usize {
        self.lengths.partition_point(|&length| length > time)
    }

    /// The rows of one of `workers`: parts with about as many steps each.
    pub(crate) fn part(&self, worker: usize, workers: usize) -> Range<usize> {
        let all: usize = self.lengths.iter().sum();
        let cut = |worker: usize| {
            let mut left = all * worker / workers;
            let over = |&length: &usize| {
                let fits = length <= left;
                left = left.saturating_sub(length);
                fits
            };
            match worker == workers {
                true => self.count(),
                false => self.lengths.iter().copied().take_while(over).count(),
            }
        };
        cut(worker)..cut(worker + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_every_part_has_its_own() {
        let lengths = [3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 2, 2, 6];
        let mut rows = Rows::default();
        rows.set(13, 6, Some(&lengths));
        assert_eq!(rows.lengths[..3], [6, 6, 5]);
        assert_eq!(rows.index[..4], [6, 12, 4, 7]);
        assert_eq!(rows.active(2), 8);
        assert!(!rows.plain());
        for workers in 1..20 {
            let parts = (0..workers).map(|w| rows.part(w, workers));
            assert!(parts.flatten().eq(0..13));
        }
        let longest = rows.part(0, 2);
        assert!(longest.len() < rows.part(1, 2).len());
    }
}
