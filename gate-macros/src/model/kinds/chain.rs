//! What a product of several factors means, from their kinds.

use super::kind::Kind;

/// How the factors of a product are combined; leaves are indices of factors.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::model) enum Plan {
    Factor(usize),
    /// A scalar times something.
    Scale(Box<Plan>, Box<Plan>),
    ElementWise(Box<Plan>, Box<Plan>),
    MatVec(Box<Plan>, Box<Plan>),
    VecMat(Box<Plan>, Box<Plan>),
    MatMat(Box<Plan>, Box<Plan>),
    Dot(Box<Plan>, Box<Plan>),
    Outer(Box<Plan>, Box<Plan>),
}

/// The kind of a product some of whose factors may be open. `rows`: vectors are rows.
pub(super) fn kind(factors: &[Option<Kind>], rows: bool) -> Option<Kind> {
    if factors.contains(&Some(Kind::Wild)) {
        return Some(Kind::Wild);
    }
    match factors.iter().copied().collect::<Option<Vec<Kind>>>() {
        Some(all) => Some(plan(&all, rows).map_or(Kind::Wild, |(_, kind)| kind)),
        None => {
            let vector = factors.contains(&Some(Kind::Vector));
            (vector && !factors.contains(&Some(Kind::Row))).then_some(Kind::Vector)
        }
    }
}

type Item = (Plan, Kind);

/// The meaning of a product; `None` where it could mean different things without brackets.
/// `rows`: what is not transposed is a row, so that `kᵀ v` is an outer product.
pub(in crate::model) fn plan(kinds: &[Kind], rows: bool) -> Option<Item> {
    if !rows {
        return plan_columns(kinds);
    }
    let turned: Vec<Kind> = kinds.iter().map(|&kind| kind.transposed()).collect();
    let found = plan_columns(&turned).map(|(plan, kind)| (plan, kind.transposed()));
    let count = |wanted: Kind| kinds.iter().filter(|kind| **kind == wanted).count();
    match (count(Kind::Row), count(Kind::Vector)) {
        // Without a transpose, `W x` and `f c` mean what they always do.
        (0, _) => found.or_else(|| plan_columns(kinds)),
        // `β k^T v`: a scaled outer product, or `β k^T` is a number?
        (1, 2..) => None,
        _ => found,
    }
}

/// The same where vectors are columns.
fn plan_columns(kinds: &[Kind]) -> Option<Item> {
    let items = kinds
        .iter()
        .enumerate()
        .map(|(at, &kind)| (Plan::Factor(at), kind));
    let (mut scalars, mut rest): (Vec<Item>, Vec<Item>) =
        items.partition(|(_, kind)| *kind == Kind::Scalar);
    while let Some((from, to)) = dot_product(&rest) {
        let mut inner = rest.drain(from..=to);
        let (row, _) = inner.next()?;
        let column = column(&inner.collect::<Vec<_>>())?;
        scalars.push((Plan::Dot(Box::new(row), Box::new(column)), Kind::Scalar));
    }
    let core = match rest.is_empty() {
        true => None,
        false => Some(unscaled(&rest)?),
    };
    let scale = balanced(&scalars, Plan::Scale);
    match (scale, core) {
        (Some(scale), Some((plan, kind))) => {
            Some((Plan::Scale(Box::new(scale), Box::new(plan)), kind))
        }
        (Some(scale), None) => Some((scale, Kind::Scalar)),
        (None, core) => core,
    }
}

/// The first row with the vector that it meets, nothing but matrices between them.
fn dot_product(items: &[Item]) -> Option<(usize, usize)> {
    (0..items.len())
        .filter(|&at| items[at].1 == Kind::Row)
        .find_map(|from| {
            let behind = &items[from + 1..];
            let offset = behind.iter().position(|(_, kind)| *kind != Kind::Matrix)?;
            (behind[offset].1 == Kind::Vector).then_some((from, from + 1 + offset))
        })
}

/// A product without scalars and dot products.
fn unscaled(items: &[Item]) -> Option<Item> {
    let at = |kind: Kind| items.iter().position(|(_, k)| *k == kind);
    let count = |kind: Kind| items.iter().filter(|(_, k)| *k == kind).count();
    match (count(Kind::Row), count(Kind::Vector), count(Kind::Matrix)) {
        (0, 0, _) => Some((fold(items, Plan::MatMat)?, Kind::Matrix)),
        (0, _, 0) => Some((balanced(items, Plan::ElementWise)?, Kind::Vector)),
        (0, 1, _) if at(Kind::Vector) == Some(0) => {
            Some((fold(items, Plan::VecMat)?, Kind::Vector))
        }
        (0, 1, _) => Some((column(items)?, Kind::Vector)),
        (1, 0, _) if at(Kind::Row) == Some(0) => Some((fold(items, Plan::VecMat)?, Kind::Row)),
        (1, 1, _) => {
            let (left, right) = items.split_at(at(Kind::Row)?);
            let (column, row) = (column(left)?, fold(right, Plan::VecMat)?);
            Some((Plan::Outer(Box::new(column), Box::new(row)), Kind::Matrix))
        }
        _ => None,
    }
}

/// From left to right.
fn fold(items: &[Item], combine: fn(Box<Plan>, Box<Plan>) -> Plan) -> Option<Plan> {
    let plans = items.iter().map(|(plan, _)| plan.clone());
    plans.reduce(|a, b| combine(Box::new(a), Box::new(b)))
}

/// From left to right, in groups where so many would be a deep tree.
fn balanced(items: &[Item], combine: fn(Box<Plan>, Box<Plan>) -> Plan) -> Option<Plan> {
    const MOST: usize = 100;
    if items.len() <= MOST {
        return fold(items, combine);
    }
    let group = |items: &[Item]| Some((fold(items, combine)?, items[0].1));
    let groups: Option<Vec<Item>> = items.chunks(MOST).map(group).collect();
    balanced(&groups?, combine)
}

/// Matrices and a vector behind them, from right to left.
fn column(items: &[Item]) -> Option<Plan> {
    let (last, matrices) = items.split_last()?;
    let sound = last.1 == Kind::Vector && matrices.iter().all(|(_, kind)| *kind == Kind::Matrix);
    let plans = matrices.iter().rev().map(|(plan, _)| plan.clone());
    sound.then(|| {
        plans.fold(last.0.clone(), |v, m| {
            Plan::MatVec(Box::new(m), Box::new(v))
        })
    })
}
