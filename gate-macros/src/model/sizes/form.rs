//! Sums of sizes with whole factors: the arithmetic of lengths.

use std::collections::BTreeMap;

/// A sum of variables with factors and a number, all divided by `divisor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) struct Form {
    pub(in crate::model) terms: BTreeMap<usize, i64>,
    pub(in crate::model) constant: i64,
    pub(in crate::model) divisor: i64,
}

/// `form = 0` solved for a variable, where the result has no negative part.
pub(super) fn solved_for(form: &Form, variable: usize) -> Option<Form> {
    let factor = *form.terms.get(&variable)?;
    let mut rest = form.clone();
    rest.terms.remove(&variable);
    let sign = -factor.signum();
    rest.terms.values_mut().for_each(|c| *c *= sign);
    rest.constant *= sign;
    rest.divisor = factor.abs();
    let sound = rest.constant >= 0 && rest.terms.values().all(|c| *c > 0);
    sound.then(|| reduced(rest))
}

/// Adds a form times a factor.
pub(super) fn add(form: &mut Form, other: &Form, factor: i64) {
    let common = lcm(form.divisor, other.divisor);
    let (mine, theirs) = (
        common / form.divisor,
        (common / other.divisor).saturating_mul(factor),
    );
    form.terms
        .values_mut()
        .for_each(|c| *c = c.saturating_mul(mine));
    form.constant = form.constant.saturating_mul(mine);
    for (&variable, &c) in &other.terms {
        let entry = form.terms.entry(variable).or_insert(0);
        *entry = entry.saturating_add(c.saturating_mul(theirs));
    }
    form.constant = form
        .constant
        .saturating_add(other.constant.saturating_mul(theirs));
    form.divisor = common;
    form.terms.retain(|_, c| *c != 0);
}

/// Common factors taken out.
pub(super) fn reduced(mut form: Form) -> Form {
    form.terms.retain(|_, c| *c != 0);
    let all = form.terms.values().chain([&form.constant, &form.divisor]);
    let common = all.fold(0, |g, &c| gcd(g, c.saturating_abs())).max(1);
    form.terms.values_mut().for_each(|c| *c /= common);
    form.constant /= common;
    form.divisor = (form.divisor / common).max(1);
    form
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: i64, b: i64) -> i64 {
    (a / gcd(a, b).max(1)).saturating_mul(b).max(1)
}
