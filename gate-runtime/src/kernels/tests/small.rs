//! Every kernel at a few odd sizes, for tools that take a thousand times as long: memory without
//! gaps and with, one row and several, parts of a register and of a line.

use super::super::Order;
use super::maps::{Blend, Halves, check_map};
use super::products::{Layout, check_gradient, check_product};
use super::{fixed, matrices, packing, plans, rows, sets, stages};

#[test]
fn products() {
    for isa in sets() {
        for (rows, k, n) in [(1, 3, 17), (1, 17, 1), (3, 33, 33), (7, 1, 50), (2, 3, 70)] {
            check_product::<f32>(isa, rows, k, n, &mut Default::default());
            check_product::<f64>(isa, rows, k, n, &mut Default::default());
        }
    }
}

#[test]
fn single_rows() {
    for isa in sets() {
        for (depth, groups, width) in [(3, 4, 17), (33, 1, 33), (17, 2, 16), (3, 1, 150)] {
            for order in [Order::Together, Order::Apart] {
                plans::check_row::<f32>(isa, order, depth, groups, width);
                plans::check_row::<f64>(isa, order, depth, groups, width);
            }
        }
    }
}

#[test]
fn gradients() {
    for isa in sets() {
        for layout in [Layout::Plain, Layout::Transposed, Layout::Gaps] {
            for (rows, k, n) in [(1, 3, 17), (3, 17, 3), (3, 1, 33)] {
                check_gradient::<f32>(isa, rows, k, n, layout);
                check_gradient::<f64>(isa, rows, k, n, layout);
            }
        }
        // A panel, with a copy of the right operand; packed left operands.
        check_gradient::<f32>(isa, 3, 7, 70, Layout::Plain);
        check_gradient::<f64>(isa, 2, 260, 17, Layout::Plain);
    }
}

#[test]
fn stages_of_two_products() {
    for isa in sets() {
        for (rows, width, depth) in [(1, 17, [17, 5]), (3, 33, [3, 1]), (5, 1, [1, 3])] {
            stages::check_stage::<f32>(isa, rows, width, depth);
            stages::check_stage::<f64>(isa, rows, width, depth);
        }
    }
}

#[test]
fn functions_of_elements() {
    for isa in sets() {
        for (rows, width) in [(1, 17), (3, 33), (5, 1), (2, 16)] {
            for strides in [[(width, 1); 3], [(1, 0), (0, 0), (width, 1)]] {
                check_map::<f32, Blend>(isa, rows, width, strides);
                check_map::<f64, Blend>(isa, rows, width, strides);
                check_map::<f32, Halves>(isa, rows, width, strides);
            }
        }
    }
}

#[test]
fn vectors_and_matrices() {
    for isa in sets() {
        for n in [1, 3, 17] {
            rows::check_vectors::<f32>(isa, n);
            rows::check_vectors::<f64>(isa, n);
        }
        rows::check_matrices::<f32>(isa, 5, 3);
        rows::check_matrices::<f64>(isa, 1, 17);
    }
}

#[test]
fn functions_of_matrices() {
    for isa in sets() {
        for (lines, columns) in [(1, 1), (5, 3), (4, 17), (1, 33)] {
            for apart in [true, false] {
                matrices::check::<f32>(isa, lines, columns, apart);
                matrices::check::<f64>(isa, lines, columns, apart);
            }
        }
    }
}

/// What is written past the caches is left out: that takes instructions which tools may lack.
#[test]
fn packing_by_pieces() {
    for transposed in [false, true] {
        for (depth, columns, gap) in [(3, 16, 0), (17, 17, 1), (33, 3, 0)] {
            packing::in_pieces::<f32>(depth, columns, gap, transposed, false);
            packing::in_pieces::<f64>(depth, columns, gap, transposed, false);
        }
    }
}

#[test]
fn arrays() {
    fixed::check::<f32, 3>();
    fixed::check::<f32, 17>();
    fixed::check::<f64, 33>();
    // More sums than registers hold, weights that no cache does.
    fixed::check::<f64, 300>();
}

#[test]
fn plans_of_teams() {
    for isa in sets() {
        for (rows, width) in [(1, 17), (4, 5), (13, 1)] {
            plans::check_plan::<f32>(isa, rows, width);
        }
    }
}
