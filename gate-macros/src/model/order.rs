//! The order of equations: each after those whose values it reads at the same step.

use crate::diag::{self, Diagnostics};

use super::symbols::Table;
use super::tree::Resolved;

/// Indices of the equations in an order in which they can be computed. A cycle is reported.
pub(super) fn sort(
    table: &Table,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) -> Vec<usize> {
    let mut definer = vec![None; table.symbols.len()];
    for (at, equation) in equations.iter().enumerate() {
        definer[equation.left] = Some(at);
    }
    let needs: Vec<Vec<usize>> = equations
        .iter()
        .map(|equation| {
            let mut needs = Vec::new();
            equation.right.reads(&mut |symbol, delay, _| {
                needs.extend(definer[symbol].filter(|_| delay == 0));
            });
            needs
        })
        .collect();
    let mut order = Vec::new();
    let mut placed = vec![false; equations.len()];
    loop {
        let ready = (0..equations.len())
            .find(|&at| !placed[at] && needs[at].iter().all(|&need| placed[need]));
        let Some(at) = ready else { break };
        placed[at] = true;
        order.push(at);
    }
    if let Some(start) = placed.iter().position(|placed| !placed) {
        let cycle = find_cycle(start, &needs, &placed);
        let names: Vec<String> = cycle
            .iter()
            .map(|&at| table.symbols[equations[at].left].key.printed())
            .collect();
        let places: Vec<_> = cycle.iter().map(|&at| equations[at].place).collect();
        diagnostics.push(diag::cycle(&names, &places));
    }
    order
}

/// The equations of a cycle, each needing the next, the last needing the first.
fn find_cycle(start: usize, needs: &[Vec<usize>], placed: &[bool]) -> Vec<usize> {
    let mut path = vec![start];
    loop {
        let last = path[path.len() - 1];
        let Some(&next) = needs[last].iter().find(|&&need| !placed[need]) else {
            return path;
        };
        if let Some(at) = path.iter().position(|&seen| seen == next) {
            path.drain(..at);
            return path;
        }
        path.push(next);
    }
}
