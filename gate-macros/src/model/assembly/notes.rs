//! What is worth knowing of a sound cell: values that nothing reads, parameters that no gradient
//! reaches, parameters that do the work of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{self, Diagnostics};
use crate::functions::Function;
use crate::model::{Cell, Expr, ExprKind, Role, Shape, SymbolId};

/// Adds the notes on a cell.
pub(in crate::model) fn notes(cell: &Cell, diagnostics: &mut Diagnostics) {
    unused(cell, diagnostics);
    gradients(cell, diagnostics);
    added(cell, diagnostics);
    exponentials(cell, diagnostics);
    both_sides(cell, diagnostics);
}

/// Matrices that stand in front of one value and behind another: with two sizes made one, that
/// may be a slip of the convention.
fn both_sides(cell: &Cell, diagnostics: &mut Diagnostics) {
    let mut sides = vec![(false, false); cell.symbols.len()];
    for equation in &cell.equations {
        sides_of(&equation.right, &mut sides);
    }
    let parameters = cell.with_role(|role| matches!(role, Role::Parameter(_)));
    for (_, symbol) in parameters.filter(|(id, _)| sides[*id] == (true, true)) {
        diagnostics.push(diag::both_sides(symbol.place, &symbol.printed));
    }
}

/// Marks the matrices that stand before, and those that stand behind a vector.
fn sides_of(expr: &Expr, sides: &mut [(bool, bool)]) {
    let symbol = |expr: &Expr| match expr.kind {
        ExprKind::Read { symbol, .. } => Some(symbol),
        _ => None,
    };
    match &expr.kind {
        ExprKind::MatVec(matrix, _) => symbol(matrix).into_iter().for_each(|id| sides[id].0 = true),
        ExprKind::VecMat(_, matrix) => symbol(matrix).into_iter().for_each(|id| sides[id].1 = true),
        _ => {}
    }
    let parts = expr.children().into_iter();
    parts.for_each(|part| sides_of(part, sides));
}

/// Matrices in text whose elements are exponentials and that multiply as matrices: articles on
/// state spaces mean the exponential of the matrix.
fn exponentials(cell: &Cell, diagnostics: &mut Diagnostics) {
    let exponential = |expr: &Expr| {
        let matrix = matches!(expr.shape, Shape::Matrix(..));
        matrix && matches!(&expr.kind, ExprKind::Call(Function::Exp, _))
    };
    let defined: BTreeSet<SymbolId> = cell
        .equations
        .iter()
        .filter(|equation| exponential(&equation.right))
        .map(|equation| equation.left)
        .collect();
    let mut found = BTreeSet::new();
    for equation in &cell.equations {
        multiplied(&equation.right, &mut |matrix| match matrix.kind {
            ExprKind::Read { symbol, .. } if defined.contains(&symbol) => {
                found.insert(symbol);
            }
            _ => {}
        });
    }
    for symbol in found {
        let symbol = &cell.symbols[symbol];
        if symbol.place.is_text() {
            diagnostics.push(diag::exponential_of_elements(symbol.place, &symbol.printed));
        }
    }
}

/// Calls `visit` for each factor of a product with a matrix.
fn multiplied(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    if let ExprKind::MatVec(a, b) | ExprKind::VecMat(a, b) | ExprKind::MatMat(a, b) = &expr.kind {
        visit(a);
        visit(b);
    }
    let parts = expr.children().into_iter();
    parts.for_each(|part| multiplied(part, visit));
}

/// Values and states that reach no output.
fn unused(cell: &Cell, diagnostics: &mut Diagnostics) {
    let mut reaches = vec![false; cell.symbols.len()];
    cell.outputs
        .iter()
        .for_each(|&output| reaches[output] = true);
    spread(cell, &mut reaches, reads);
    let notes = diagnostics.notes();
    let unclear = notes.iter().any(|note| note.code == "output_unclear");
    let mut read = vec![false; cell.symbols.len()];
    for equation in &cell.equations {
        reads(&equation.right, &mut |symbol| {
            read[symbol] |= symbol != equation.left
        });
    }
    for (id, symbol) in cell.symbols.iter().enumerate() {
        match symbol.role {
            // Where the output is unclear, this may be it.
            Role::Intermediate if unclear && !read[id] && !reaches[id] => {}
            // A further output of an inner cell.
            Role::Intermediate if symbol.place.layer != 0 => {}
            Role::Intermediate if !read[id] && !reaches[id] => {
                diagnostics.push(diag::unused_value(symbol.place, &symbol.printed));
            }
            Role::State(_) if !reaches[id] => {
                diagnostics.push(diag::unused_state(symbol.place, &symbol.printed));
            }
            _ => {}
        }
    }
}

/// Parameters that are read, but through which no gradient flows.
fn gradients(cell: &Cell, diagnostics: &mut Diagnostics) {
    let roots = || {
        let root =
            |id| cell.outputs.contains(&id) || matches!(cell.symbols[id].role, Role::State(_));
        (0..cell.symbols.len()).map(root).collect::<Vec<bool>>()
    };
    let (mut values, mut trained) = (roots(), roots());
    spread(cell, &mut values, reads);
    spread(cell, &mut trained, differentiable);
    let parameters = cell.with_role(|role| matches!(role, Role::Parameter(_)));
    for (id, symbol) in parameters.filter(|(id, _)| values[*id] && !trained[*id]) {
        match behind(cell, id) {
            Some(what) => {
                diagnostics.push(diag::never_trained(symbol.place, &symbol.printed, what));
            }
            None => diagnostics.push(diag::frozen(symbol.place, &symbol.printed)),
        }
    }
}

/// Marks what a marked symbol's equation leads to, until nothing is added.
fn spread(cell: &Cell, marked: &mut [bool], visit: fn(&Expr, &mut dyn FnMut(SymbolId))) {
    loop {
        let mut more = false;
        for equation in cell.equations.iter().rev() {
            if !marked[equation.left] {
                continue;
            }
            let mut found = Vec::new();
            visit(&equation.right, &mut |symbol| found.push(symbol));
            for symbol in found {
                more |= !marked[symbol];
                marked[symbol] = true;
            }
        }
        if !more {
            return;
        }
    }
}

/// Calls `visit` for each symbol that is read.
fn reads(expr: &Expr, visit: &mut dyn FnMut(SymbolId)) {
    if let ExprKind::Read { symbol, .. } = expr.kind {
        visit(symbol);
    }
    expr.children()
        .into_iter()
        .for_each(|part| reads(part, visit));
}

/// Calls `visit` for each symbol that is read where a gradient flows.
fn differentiable(expr: &Expr, visit: &mut dyn FnMut(SymbolId)) {
    match &expr.kind {
        ExprKind::Read { symbol, .. } => visit(*symbol),
        ExprKind::Call(Function::StopGradient | Function::Sign, _) => {}
        ExprKind::Select(_, parts) => {
            parts[2..]
                .iter()
                .for_each(|part| differentiable(part, visit));
        }
        _ => {
            let parts = expr.children().into_iter();
            parts.for_each(|part| differentiable(part, visit));
        }
    }
}

/// Behind what without a gradient a symbol is read, itself or through other values; `None` where
/// `stop_gradient` says that it is meant.
fn behind(cell: &Cell, symbol: SymbolId) -> Option<&'static str> {
    let mut carries = vec![false; cell.symbols.len()];
    carries[symbol] = true;
    for _ in 0..cell.equations.len() {
        let before = carries.iter().filter(|c| **c).count();
        for equation in &cell.equations {
            let mut found = false;
            reads(&equation.right, &mut |symbol| found |= carries[symbol]);
            carries[equation.left] |= found;
        }
        if carries.iter().filter(|c| **c).count() == before {
            break;
        }
    }
    let mut stops = Vec::new();
    for equation in &cell.equations {
        collect_stops(&equation.right, &carries, &mut stops);
    }
    match stops.contains(&None) {
        true => None,
        false => stops.into_iter().flatten().next(),
    }
}

/// What stops the gradient of something that carries a symbol; `None` for `stop_gradient`.
fn collect_stops(expr: &Expr, carries: &[bool], stops: &mut Vec<Option<&'static str>>) {
    let holds = |part: &Expr| {
        let mut found = false;
        reads(part, &mut |symbol| found |= carries[symbol]);
        found
    };
    match &expr.kind {
        ExprKind::Call(Function::StopGradient, parts) if parts.iter().any(holds) => {
            stops.push(None);
        }
        ExprKind::Call(Function::Sign, parts) if parts.iter().any(holds) => {
            stops.push(Some("in `sign`"));
        }
        ExprKind::Select(_, parts) if parts[..2].iter().any(holds) => {
            stops.push(Some("in a comparison"));
        }
        _ => {}
    }
    let parts = expr.children().into_iter();
    parts.for_each(|part| collect_stops(part, carries, stops));
}

/// Pairs of parameters each of which is only ever a term beside the other.
fn added(cell: &Cell, diagnostics: &mut Diagnostics) {
    let mut sums: Vec<Vec<(SymbolId, bool)>> = Vec::new();
    let mut count = vec![0; cell.symbols.len()];
    for equation in &cell.equations {
        reads(&equation.right, &mut |symbol| count[symbol] += 1);
        collect_sums(&equation.right, &mut sums);
    }
    let mut terms: Vec<Vec<(usize, bool)>> = vec![Vec::new(); cell.symbols.len()];
    for (at, sum) in sums.iter().enumerate() {
        for &(symbol, negative) in sum.iter().filter(|_| sum.len() > 1) {
            terms[symbol].push((at, negative));
        }
    }
    let mut first: BTreeMap<&[(usize, bool)], SymbolId> = BTreeMap::new();
    let parameters = cell.with_role(|role| matches!(role, Role::Parameter(_)));
    for (id, symbol) in parameters {
        let own = &terms[id][..];
        if own.is_empty() || own.len() != count[id] {
            continue;
        }
        match first.get(own).map(|&other| &cell.symbols[other]) {
            Some(other) if other.shape == symbol.shape => {
                let (place, name) = (symbol.place, &symbol.printed);
                diagnostics.push(diag::added_together(place, &other.printed, name));
            }
            _ => drop(first.insert(own, id)),
        }
    }
}

/// The parameters and values that are terms of each sum, and whether they are subtracted.
fn collect_sums(expr: &Expr, sums: &mut Vec<Vec<(SymbolId, bool)>>) {
    let mut terms = Vec::new();
    collect_terms(expr, false, &mut terms);
    let symbols = terms.iter().filter_map(|(term, negative)| match term.kind {
        ExprKind::Read { symbol, .. } => Some((symbol, *negative)),
        _ => None,
    });
    sums.push(symbols.collect());
    for (term, _) in terms {
        let parts = term.children().into_iter();
        parts.for_each(|part| collect_sums(part, sums));
    }
}

fn collect_terms<'e>(expr: &'e Expr, negative: bool, terms: &mut Vec<(&'e Expr, bool)>) {
    match &expr.kind {
        ExprKind::Add(a, b) => {
            collect_terms(a, negative, terms);
            collect_terms(b, negative, terms);
        }
        ExprKind::Subtract(a, b) => {
            collect_terms(a, negative, terms);
            collect_terms(b, !negative, terms);
        }
        ExprKind::Negate(a) => collect_terms(a, !negative, terms),
        _ => terms.push((expr, negative)),
    }
}
