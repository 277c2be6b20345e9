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

/// Sorts the rows of a batch by length, longest first, equal ones in the batch's order.
pub(crate) fn sort(order: &mut Vec<usize>, batch: usize, steps: usize, lengths: Option<&[usize]>) {
    order.clear();
    order.extend(0..batch);
    let length = |row: usize| lengths.map_or(steps, |l| l[row]);
    order.sort_unstable_by_key(|&row| (std::cmp::Reverse(length(row)), row));
}

impl Rows {
    /// Takes over one of `parts` parts of consecutive rows. The parts depend on the batch alone,
    /// not on the number of threads, and so do sums over them.
    pub(crate) fn assign(
        &mut self,
        order: &[usize],
        (part, parts): (usize, usize),
        steps: usize,
        lengths: Option<&[usize]>,
    ) {
        let batch = order.len();
        let (from, to) = (batch * part / parts, batch * (part + 1) / parts);
        self.index.clear();
        self.index.extend_from_slice(&order[from..to]);
        self.lengths.clear();
        let own = self.index.iter();
        self.lengths
            .extend(own.map(|&row| lengths.map_or(steps, |l| l[row])));
        self.even = self.lengths.iter().all(|&l| l == steps);
        self.steps = steps;
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
pub(crate) fn parts(batch: usize) -> usize {
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
        assert_eq!(parts(13), 2);
        let (mut order, mut parts) = (Vec::new(), vec![Rows::default(); 2]);
        sort(&mut order, 13, 6, Some(&lengths));
        for (part, rows) in parts.iter_mut().enumerate() {
            rows.assign(&order, (part, 2), 6, Some(&lengths));
        }
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
