//! Every ready-made cell, and every cell that stretches the language, against what all cells
//! have to satisfy.

// Cells use the Greek letters of their papers.
#![allow(confusable_idents, mixed_script_confusables)]

mod cells;
mod proof;

/// The cells of `cells/mod.rs`, in the form of `for_each_cell`.
macro_rules! for_each_stretch {
    ($then:ident) => {
        $then! {
            stretch Projected "";
            stretch Column "";
            stretch Delayed "";
            stretch TwoByTwo "";
            stretch Diagonal "";
            stretch Antisymmetric "";
            stretch Fast "";
            stretch Leaky "";
            stretch Normed "";
            stretch Cumulative "";
            stretch Memory "";
            stretch Stabilised "";
            stretch LowRank "";
            stretch Piecewise "";
            stretch Deep "";
            stretch Highway "";
            stretch Feed "";
            stretch Readout "";
            stretch Stopped "";
            stretch Combined "";
            stretch Chunked "";
            stretch Shared "";
            stretch Beside "";
            stretch Copies "";
            stretch Parts "";
            stretch Labelled "";
            stretch Taken "";
            stretch Matrices "";
            stretch Diagonals "";
            stretch Scalars "";
            stretch Late "";
            stretch Common "";
        }
    };
}

/// One test per cell: everything, where the processor is fastest.
macro_rules! proofs {
    ($($family:ident $cell:ident $title:literal;)*) => {
        $(#[test]
        fn $cell() {
            isa::on(isa::best(), prove::<cells::$cell<f64>>);
        })*
    };
}

/// Gradients and laws on one instruction set.
macro_rules! laws {
    ($($family:ident $cell:ident $title:literal;)*) => {
        $(#[test]
        fn $cell() {
            isa::on(ISA, laws::<cells::$cell<f64>>);
        })*
    };
}

/// One thread against several.
macro_rules! threads {
    ($($family:ident $cell:ident $title:literal;)*) => {
        $(#[test]
        fn $cell() {
            isa::alone(laws::threads_change_nothing::<cells::$cell<f64>>);
        })*
    };
}

/// Both kinds of cells; for the fastest instruction set of common processors `proofs` is enough.
macro_rules! modules {
    ($($module:ident: $then:ident($isa:ident);)*) => {
        $(#[allow(non_snake_case, dead_code, unused_imports)]
        mod $module {
            const ISA: gate_runtime::Isa = gate_runtime::Isa::$isa;

            mod stretch {
                use super::ISA;
                use crate::cells;
                use crate::proof::{isa, laws, prove};
                for_each_stretch!($then);
            }

            mod ready {
                use super::ISA;
                use crate::proof::{isa, laws, prove};
                use gate_runtime::cells;
                gate_runtime::for_each_cell!($then);
            }
        })*
    };
}
modules! {
    fastest: proofs(Avx512);
    avx2: laws(Avx2);
    baseline: laws(Baseline);
    threads: threads(Avx512);
}

#[test]
fn mistakes_in_latex_are_found() {
    for wrong in ["x^{(1)}^{2}", "a_t_1", r"\frac{a}{b", "a}", r"W^{a}^\top"] {
        assert!(proof::latex::mistake(wrong).is_some(), "{wrong}");
    }
    for right in [
        "{x^{(1)}}^{2}",
        "a^2_t b_t^2",
        r"\hat{a}_t^\top",
        "a''_t + b'",
    ] {
        assert!(proof::latex::mistake(right).is_none(), "{right}");
    }
}
