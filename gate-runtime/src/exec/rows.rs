//! Rows of a batch: their order and their lengths.

/// Which rows a frame works on. Rows are sorted by length, longest first, so that the rows that
/// are still active at a step always stand at the front.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Index in the batch of each row.
    pub(crate) index: Vec<usize>,
    /// Number of steps of each row.
    pub(crate) lengths: Vec<usize>,
    /// The longest.
    pub(crate) steps: usize,
    /// Whether all rows have this length.
    pub(crate) even: bool,
}

impl Rows {
    /// Splits a batch into parts of consecutive rows. The parts depend on the batch alone, not
    /// on the number of threads, and so do sums over them.
    pub(crate) fn split(batch: usize, steps: usize, lengths: Option<&[usize]>) -> Vec<Rows> {
        let mut index: Vec<usize> = (0..batch).collect();
        let length = |row: usize| lengths.map_or(steps, |l| l[row]);
        index.sort_by_key(|&row| std::cmp::Reverse(length(row)));
        let parts = parts(batch);
        let mut out = Vec::with_capacity(parts);
        for part in 0..parts {
            let (from, to) = (batch * part / parts, batch * (part + 1) / parts);
            let index = index[from..to].to_vec();
            let lengths: Vec<usize> = index.iter().map(|&row| length(row)).collect();
            let even = lengths.iter().all(|&l| l == steps);
            out.push(Rows {
                index,
                lengths,
                steps,
                even,
            });
        }
        out
    }

    /// Number of rows.
    pub(crate) fn count(&self) -> usize {
        self.index.len()
    }

    /// Whether the rows are a whole batch in its own order, none over early: then whole steps
    /// can be copied at once.
    pub(crate) fn plain(&self, batch: usize) -> bool {
        let in_order = self
            .index
            .iter()
            .enumerate()
            .all(|(row, &index)| row == index);
        self.even && self.index.len() == batch && in_order
    }

    /// Number of rows that are not over at a step.
    pub(crate) fn active(&self, time: usize) -> usize {
        self.lengths.partition_point(|&length| length > time)
    }
}

/// Number of parts: enough for a few threads, each with enough rows for the product kernels.
fn parts(batch: usize) -> usize {
    match batch {
        0..12 => 1,
        12..48 => 2,
        _ => (batch / 16).min(16).next_power_of_two().min(batch / 12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_complete() {
        let lengths = [3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 2, 2, 6];
        let parts = Rows::split(13, 6, Some(&lengths));
        assert_eq!(parts.len(), 2);
        let mut seen: Vec<usize> = parts.iter().flat_map(|p| p.index.clone()).collect();
        assert_eq!(parts[0].lengths[0], 6);
        assert_eq!(parts[0].active(5), 2);
        assert!(
            parts
                .iter()
                .all(|p| p.lengths.windows(2).all(|w| w[0] >= w[1]))
        );
        seen.sort_unstable();
        assert_eq!(seen, (0..13).collect::<Vec<_>>());
    }
}
