//! The order of equations: each after those whose values it reads at the same step.

use std::collections::VecDeque;

use crate::diag::{self, Diagnostic, Diagnostics};
use crate::model::SymbolId;
use crate::model::print;
use crate::model::roles::alike;
use crate::model::symbols::Table;
use crate::model::trees::tree::Resolved;

/// Indices of the equations in an order in which they can be computed. A cycle is reported.
pub(in crate::model) fn sort(
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
    // What is defined twice needs itself where the two belong to different symbols.
    let twice = diagnostics.list().iter();
    let twice = twice.filter(|d| d.code == "duplicate_definition").count() > 0;
    if placed.contains(&false) && !twice {
        let cycle = find_cycle(&needs, &placed);
        let cycle: Vec<&Resolved> = cycle.iter().map(|&at| &equations[at]).collect();
        diagnostics.push(report(table, equations, &cycle));
    }
    order
}

/// The message about equations each of which needs the next, the last the first.
fn report(table: &Table, equations: &[Resolved], cycle: &[&Resolved]) -> Diagnostic {
    let mut past = vec![false; table.symbols.len()];
    for equation in equations {
        equation
            .right
            .reads(&mut |symbol, delay, _| past[symbol] |= delay > 0);
    }
    let name = |symbol: SymbolId| table.symbols[symbol].key.printed();
    // A value that is read in the past elsewhere is the one that was more likely meant so here.
    let state = cycle.iter().position(|equation| past[equation.left]);
    let at = state.unwrap_or(0);
    let meant = cycle[at].left;
    let reader = cycle[(at + cycle.len() - 1) % cycle.len()];
    let mut place = reader.place;
    reader.right.reads(&mut |symbol, delay, here| {
        if symbol == meant && delay == 0 {
            place = here;
        }
    });
    let chain: Vec<(String, String)> = (0..cycle.len())
        .map(|step| {
            let (one, next) = (cycle[step], cycle[(step + 1) % cycle.len()]);
            let line = print::equation(table, one.left, &one.right);
            (line, name(next.left))
        })
        .collect();
    let letter = table.clock.letter.as_deref().unwrap_or("t");
    // `c_t = … c_t` beside a `c̃` that nothing reads.
    let mut read = vec![false; table.symbols.len()];
    for equation in equations {
        equation
            .right
            .reads(&mut |symbol, _, _| read[symbol] = true);
    }
    let own = &table.symbols[meant].key;
    let defined = |e: &&Resolved| !read[e.left] && alike(own, &table.symbols[e.left].key);
    let near = equations.iter().find(defined).map(|e| name(e.left));
    diag::cycle(place, (&name(meant), near.as_deref()), letter, &chain)
}

/// The equations of the shortest cycle, each needing the next, the last needing the first.
fn find_cycle(needs: &[Vec<usize>], placed: &[bool]) -> Vec<usize> {
    let open = (0..needs.len()).filter(|&at| !placed[at]);
    let cycles = open.filter_map(|start| shortest(start, needs, placed));
    cycles.min_by_key(Vec::len).unwrap_or_default()
}

/// The shortest way from an equation back to itself.
fn shortest(start: usize, needs: &[Vec<usize>], placed: &[bool]) -> Option<Vec<usize>> {
    let mut from = vec![None; needs.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in needs[at].iter().filter(|&&next| !placed[next]) {
            if next == start {
                let mut path = vec![at];
                while let Some(before) = from[path[path.len() - 1]] {
                    path.push(before);
                }
                path.reverse();
                return Some(path);
            }
            if from[next].is_none() {
                from[next] = Some(at);
                queue.push_back(next);
            }
        }
    }
    None
}
