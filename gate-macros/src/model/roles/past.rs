//! `h_prev`, `h_t_1`, `prev_h`: what programs call the value of the step before. To a definition
//! each of them would be a parameter or an input of its own.

use crate::diag::{self, Diagnostics};
use crate::model::names::Key;
use crate::model::symbols::{Entry, Table};

use super::usage::{is_defined, is_unsaid};
use super::{Roles, Sort, alike};

/// Labels that programs give to the value of the step before.
const PAST: &[&str] = &[
    "prev", "previous", "old", "last", "before", "prior", "past", "pre", "lag", "tm1", "minus1",
    "tminus1", "-1",
];

/// Labels of the value that a step computes: `h^+`, beside which a plain `h` is the one before.
pub(super) const NEXT: &[&str] = &["+", "new", "next"];

/// Those that programs glue to a letter; `flag` and `hold` are words.
const GLUED: &[&str] = &["prev", "previous", "tm1", "tminus1"];

/// What a name would be an earlier value of, and how many steps ago.
struct Past {
    value: Key,
    delay: usize,
}

/// Reports names that seem to be earlier values of what the step computes or reads.
pub(super) fn check(table: &Table, roles: &Roles, diagnostics: &mut Diagnostics) {
    let letter = table.clock.letter.as_deref().unwrap_or("t");
    for (id, entry) in table.symbols.iter().enumerate() {
        let input = roles.sorts[id] == Sort::Input;
        let undefined = input || roles.sorts[id] == Sort::Parameter;
        if !undefined || !is_unsaid(table, id) {
            continue;
        }
        let found = readings(entry, letter).into_iter().find_map(|past| {
            let value = value(table, entry, &past.value)?;
            Some((value, past.delay))
        });
        if let Some((value, delay)) = found {
            let name = written(entry, letter);
            let step = format!("{value}_{{{letter}-{delay}}}");
            diagnostics.push(diag::past_by_label(
                entry.place,
                &name,
                input,
                (&value, &step),
            ));
        }
    }
}

/// What a name could be an earlier value of.
fn readings(entry: &Entry, letter: &str) -> Vec<Past> {
    let key = &entry.key;
    let mut found = Vec::new();
    let mut add = |value: Key, delay: Option<usize>| {
        found.extend(delay.map(|delay| Past { value, delay }));
    };
    // `h_prev`, `h^(old)`, `h_{t_1}`
    let mut value = key.clone();
    if let Some(label) = value.subs.pop().or_else(|| value.sups.pop()) {
        add(value, delay(&label, letter));
    }
    // `h_t_1`, `h_t_minus_1`, `h_{t,1}`; `h_tm_1`
    let timed = entry.timed.then_some((entry.behind.max(1), "t"));
    for (count, time) in timed.into_iter().chain([(2, "")]) {
        if let Some(at) = key.subs.len().checked_sub(count) {
            let mut value = key.clone();
            let labels = value.subs.split_off(at).concat();
            add(value, delay(&format!("{time}{labels}"), letter));
        }
    }
    // `prev_h`
    if PAST.contains(&&*key.base) && !key.subs.is_empty() {
        let mut value = key.clone();
        value.base = value.subs.remove(0);
        add(value, Some(1));
    }
    let with = |base: &str| {
        let mut value = key.clone();
        value.base = base.to_owned();
        value
    };
    // `hprev`, `ht1`
    for (at, _) in key.base.char_indices().skip(1) {
        let (base, label) = key.base.split_at(at);
        let number = label.ends_with(|c: char| c.is_ascii_digit());
        let delay = delay(label, letter).filter(|_| number || GLUED.contains(&label));
        add(with(base), delay);
        add(with(&format!("{base}t")), delay.filter(|_| at == 1));
    }
    // `ht_1`
    let mut value = key.clone();
    if let (Some(base), Some(label)) = (key.base.strip_suffix('t'), value.subs.pop())
        && base.chars().count() == 1
    {
        let delay = delay(&format!("t{label}"), letter);
        add(value.clone(), delay);
        value.base = base.to_owned();
        add(value, delay);
    }
    found
}

/// How many steps ago a value is that has this label: `prev`, `t1`, `tm2`, `n̄` where steps are
/// counted by `n`.
fn delay(label: &str, letter: &str) -> Option<usize> {
    if PAST.contains(&label) || is_accented(label, letter) {
        return Some(1);
    }
    let step = label.strip_prefix('t')?;
    if step == "'" {
        return Some(1);
    }
    let signs = ["minus", "sub", "m", "-"];
    let number = signs.iter().find_map(|sign| step.strip_prefix(sign));
    let number = number.unwrap_or(step);
    let whole = number.bytes().all(|b| b.is_ascii_digit());
    let count = number.parse::<usize>().ok().filter(|_| whole)?;
    Some(count.max(1))
}

/// `n̄` where steps are counted by `n`: an accent makes another letter of that of time.
fn is_accented(label: &str, letter: &str) -> bool {
    let accent = label.strip_prefix(letter).filter(|rest| !rest.is_empty());
    accent.is_some_and(|rest| rest.chars().all(|c| ('\u{300}'..='\u{36f}').contains(&c)))
}

/// The name of what an earlier value would be of, where the definition has it.
fn value(table: &Table, entry: &Entry, value: &Key) -> Option<String> {
    // The last step with a value, `x_{t'}`, and `x_t_1`: of an input, too.
    let input = entry.key.subs.last().is_some_and(|label| label == "t'") || entry.behind > 0;
    let same = |e: &Entry| e.defined.is_some() || input && e.timed;
    if table.find(value).is_some_and(same) {
        return Some(value.printed());
    }
    // `h_new = … U h_old`
    let new = NEXT.iter().any(|label| {
        let mut new = value.clone();
        new.subs.push((*label).to_owned());
        table.find(&new).is_some_and(|e| e.defined.is_some())
    });
    // `h^{<t_0>}` beside `h'^{<t_1>}`
    let any = value.is_bare() && entry.place.is_text() && is_defined(table, &value.base);
    if new || any {
        return Some(value.printed());
    }
    let mut defined = table.symbols.iter().filter(|e| e.defined.is_some());
    let other = defined.find(|other| alike(value, &other.key))?;
    Some(other.key.printed())
}

/// The name as it stands in the definition, with a time index where labels are behind it.
fn written(entry: &Entry, letter: &str) -> String {
    let mut key = entry.key.clone();
    let Some(at) = key.subs.len().checked_sub(entry.behind.max(1)) else {
        return key.printed();
    };
    if entry.behind > 0 {
        key.subs.insert(at, letter.to_owned());
    }
    key.printed()
}
