//! Products that merge.
//!
//! Takes: a flow with its sections. Gives: the flow with every product of a shared matrix in
//! normal form, and sums of products over one another's operands turned into single products
//! with stacked weights (`d_f W_fᵀ + d_i W_iᵀ + …` is one product). Products that share their
//! left operand merge later, when instructions are formed.

use crate::ir::{Binary, Id, Op};

use super::flow::{Flow, Node, Work};
use super::sections::Section;

/// The flow in normal form. Indices change; `roots` and `carried` follow.
pub(crate) fn merge(flow: &Flow, section: &[Section], fixed: &[bool]) -> Flow {
    let users = flow.users();
    let mut out = Flow::default();
    let mut map = vec![usize::MAX; flow.nodes.len()];
    for (id, node) in flow.nodes.iter().enumerate() {
        map[id] = match sums_of_products(flow, id, section, &users, fixed) {
            Some(groups) => rebuild_sum(flow, id, &groups, &users, fixed, &map, &mut out),
            None => {
                let mut node = node.clone();
                node.args = node.args.iter().map(|&a| map[a]).collect();
                if let Some(transposed) = shared_product(flow, id, section) {
                    node.op = Work::Product(vec![transposed]);
                }
                out.nodes.push(node);
                out.nodes.len() - 1
            }
        };
    }
    out.follow(&flow.roots, &flow.carried, &map);
    prune(out)
}

/// Whether a node multiplies a vector of the rows by a shared matrix, and its transposition.
fn shared_product(flow: &Flow, id: Id, section: &[Section]) -> Option<bool> {
    match flow.nodes[id].op {
        Work::Op(Op::MatVec { transposed })
            if section[id] != Section::Once && section[flow.nodes[id].args[0]] == Section::Once =>
        {
            Some(transposed)
        }
        _ => None,
    }
}

/// At the head of a sum: groups of at least two products that can be one.
fn sums_of_products(
    flow: &Flow,
    id: Id,
    section: &[Section],
    users: &[Vec<Id>],
    fixed: &[bool],
) -> Option<Vec<Vec<Id>>> {
    let add = |n: Id| matches!(flow.nodes[n].op, Work::Op(Op::Binary(Binary::Add)));
    let inner = users[id].len() == 1 && add(users[id][0]) && !fixed[id];
    if !add(id) || inner || section[id] == Section::Once {
        return None;
    }
    let mut groups: Vec<(Section, Vec<Id>)> = Vec::new();
    for term in flow.summands(id, users, fixed) {
        let alone = users[term].len() == 1 && !fixed[term];
        if shared_product(flow, term, section).is_none()
            || !alone
            || !sole_use(flow, term, section, users)
        {
            continue;
        }
        match groups.iter_mut().find(|(s, _)| *s == section[term]) {
            Some((_, group)) if !group.contains(&term) => group.push(term),
            Some(_) => {}
            None => groups.push((section[term], vec![term])),
        }
    }
    let groups: Vec<Vec<Id>> = groups
        .into_iter()
        .map(|(_, g)| g)
        .filter(|g| g.len() > 1)
        .collect();
    (!groups.is_empty()).then_some(groups)
}

/// Whether the left operand enters no other product of the same section: if it does, merging
/// along that operand is worth more.
fn sole_use(flow: &Flow, term: Id, section: &[Section], users: &[Vec<Id>]) -> bool {
    let left = flow.nodes[term].args[1];
    let same = |&&u: &&Id| {
        shared_product(flow, u, section).is_some()
            && section[u] == section[term]
            && flow.nodes[u].args[1] == left
    };
    users[left].iter().filter(same).count() == 1 && flow.nodes[left].elementwise()
}

/// The sum with its groups of products as one product each.
fn rebuild_sum(
    flow: &Flow,
    id: Id,
    groups: &[Vec<Id>],
    users: &[Vec<Id>],
    fixed: &[bool],
    map: &[usize],
    out: &mut Flow,
) -> Id {
    let node = &flow.nodes[id];
    let mut terms: Vec<Id> = Vec::new();
    for group in groups {
        let mut args = Vec::new();
        let mut flags = Vec::new();
        for &term in group {
            args.extend(flow.nodes[term].args.iter().map(|&a| map[a]));
            flags.push(matches!(
                flow.nodes[term].op,
                Work::Op(Op::MatVec { transposed: true })
            ));
        }
        out.nodes.push(Node {
            op: Work::Product(flags),
            args,
            source: None,
            shape: flow.nodes[group[0]].shape.clone(),
            origin: node.origin,
        });
        terms.push(out.nodes.len() - 1);
    }
    for term in flow.summands(id, users, fixed) {
        if !groups.iter().any(|g| g.contains(&term)) {
            terms.push(map[term]);
        }
    }
    let mut sum = terms[0];
    for &term in &terms[1..] {
        out.nodes.push(Node {
            op: Work::Op(Op::Binary(Binary::Add)),
            args: vec![sum, term],
            source: None,
            shape: node.shape.clone(),
            origin: node.origin,
        });
        sum = out.nodes.len() - 1;
    }
    out.nodes[sum].source = node.source;
    sum
}

/// Removes what neither a root nor a carried value needs.
fn prune(flow: Flow) -> Flow {
    let mut needed = vec![false; flow.nodes.len()];
    for &root in &flow.roots {
        needed[root] = true;
    }
    for carried in &flow.carried {
        needed[carried.value] = true;
        for &(leaf, _) in &carried.leaves {
            needed[leaf] = true;
        }
    }
    for id in (0..flow.nodes.len()).rev() {
        if needed[id] {
            for &arg in &flow.nodes[id].args {
                needed[arg] = true;
            }
        }
    }
    let mut map = vec![usize::MAX; flow.nodes.len()];
    let mut out = Flow::default();
    for (id, mut node) in flow
        .nodes
        .into_iter()
        .enumerate()
        .filter(|(id, _)| needed[*id])
    {
        node.args = node.args.iter().map(|&a| map[a]).collect();
        map[id] = out.nodes.len();
        out.nodes.push(node);
    }
    out.follow(&flow.roots, &flow.carried, &map);
    out
}
