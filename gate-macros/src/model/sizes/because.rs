//! Why a length is what it is: the equations through which a declared size reaches a value.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::model::Dim;

/// Lengths that were made equal, each with the equation that did it.
#[derive(Debug, Default)]
pub(in crate::model) struct Because {
    /// The equation at hand, as text.
    equation: Rc<str>,
    links: Vec<Link>,
}

#[derive(Debug)]
struct Link {
    ends: [usize; 2],
    equation: Rc<str>,
}

impl Because {
    /// What follows comes from this equation.
    pub(in crate::model) fn set_equation(&mut self, printed: &str) {
        self.equation = printed.into();
    }

    /// The equation at hand makes two lengths equal.
    pub(super) fn link(&mut self, left: &Dim, right: &Dim) {
        if let (Some(left), Some(right)) = (single(left), single(right))
            && left != right
        {
            let equation = self.equation.clone();
            let ends = [left, right];
            self.links.push(Link { ends, equation });
        }
    }

    /// The equations from a length for which `is_source` holds to this one, but for the equation
    /// at hand, and that source.
    pub(super) fn chain(
        &self,
        dim: &Dim,
        is_source: impl Fn(usize) -> bool,
    ) -> Option<(usize, Vec<Rc<str>>)> {
        let start = single(dim)?;
        let mut before: Vec<(usize, usize, Option<&Link>)> = vec![(start, 0, None)];
        let mut queue = VecDeque::from([0]);
        while let Some(at) = queue.pop_front() {
            let here = before[at].0;
            if is_source(here) {
                return Some((here, self.way(&before, at)));
            }
            for link in &self.links {
                let [a, b] = link.ends;
                let next = match here {
                    here if here == a => b,
                    here if here == b => a,
                    _ => continue,
                };
                if before.iter().all(|(seen, _, _)| *seen != next) {
                    before.push((next, at, Some(link)));
                    queue.push_back(before.len() - 1);
                }
            }
        }
        None
    }

    /// The equations on the way back to the start, each once.
    fn way(&self, before: &[(usize, usize, Option<&Link>)], end: usize) -> Vec<Rc<str>> {
        let mut equations: Vec<Rc<str>> = Vec::new();
        let mut at = end;
        while let (_, parent, Some(link)) = &before[at] {
            if equations.last() != Some(&link.equation) {
                equations.push(link.equation.clone());
            }
            at = *parent;
        }
        if equations.last() == Some(&self.equation) {
            equations.pop();
        }
        equations
    }
}

/// The variable that a length is, where it is one.
fn single(dim: &Dim) -> Option<usize> {
    match &dim.terms[..] {
        &[(variable, 1)] if dim.constant == 0 && dim.divisor <= 1 => Some(variable),
        _ => None,
    }
}
