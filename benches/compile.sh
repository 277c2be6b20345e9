#!/usr/bin/env bash
# What one more cell of an LSTM's size adds to the build of a crate.
#
#   benches/compile.sh [REPETITIONS]
#
# Writes two crates under target/compile, with one cell and with nine that are all trained, builds
# what they depend on once (minutes), then builds the crates themselves again and again. Prints the
# differences divided by eight, in seconds of CPU, least of the repetitions; then what the compiler
# says that it spends on expanding macros. Needs cargo and bash.
set -euo pipefail
repetitions=${1:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/target/compile
export CARGO_TARGET_DIR=$work/target

write() { # NAME CELLS
    mkdir -p "$work/$1/src"
    cp "$root/Cargo.lock" "$work/$1/Cargo.lock"
    cat > "$work/$1/Cargo.toml" <<END
[package]
name = "$1"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
gate-runtime = { path = "$root/gate-runtime" }
ndarray = "0.17"
rand = "0.10"
rand_chacha = "0.10"
END
    {
        echo 'use gate_runtime::{Cell, CellGrads, Tape, cell};'
        echo 'use ndarray::Array3;'
        echo 'use rand::SeedableRng;'
        for ((i = 0; i < $2; i++)); do
            cat <<END
cell! {
    /// Long short-term memory.
    pub struct Lstm$i {
        f = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}
fn train$i() -> Result<(), gate_runtime::Error> {
    let cell = Lstm$i::<f32>::new(8, 32, &mut rand_chacha::ChaCha8Rng::seed_from_u64($i))?;
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    cell.record(&Array3::ones((20, 4, 8)), &mut tape)?;
    cell.backward(&mut tape, &Array3::ones((20, 4, 32)), &mut grads)?;
    println!("{}", grads.params()[0]);
    Ok(())
}
END
        done
        echo 'fn main() -> Result<(), gate_runtime::Error> {'
        for ((i = 0; i < $2; i++)); do echo "    train$i()?;"; done
        echo '    Ok(())'
        echo '}'
    } > "$work/$1/src/main.rs"
}

build() { # NAME OPTION... : the crate alone, from nothing
    local name=$1
    shift
    rm -rf "$CARGO_TARGET_DIR/debug/incremental/$name"-*
    touch "$work/$name/src/main.rs"
    cargo build --quiet --manifest-path "$work/$name/Cargo.toml" "$@"
}

seconds() { # NAME OPTION... : least CPU time
    TIMEFORMAT='%U %S'
    for ((r = 0; r < repetitions; r++)); do
        { time build "$@" 2> /dev/null; } 2>&1
    done | awk '{ t = $1 + $2; if (NR == 1 || t < least) least = t } END { print least }'
}

write one_cell 1
write nine_cells 9
for profile in dev release; do
    for name in one_cell nine_cells; do build "$name" --profile "$profile"; done
    one=$(seconds one_cell --profile "$profile")
    nine=$(seconds nine_cells --profile "$profile")
    awk -v p="$profile" -v a="$one" -v b="$nine" \
        'BEGIN { printf "%-8s one cell %.2f s, one more %.2f s\n", p, a, (b - a) / 8 }'
done

expansion() { # NAME : least seconds of expanding macros, in a debug build
    for ((r = 0; r < repetitions; r++)); do
        touch "$work/$1/src/main.rs"
        RUSTC_BOOTSTRAP=1 cargo rustc --quiet --manifest-path "$work/$1/Cargo.toml" -- -Z time-passes 2>&1
    done | awk '/macro_expand_crate/ { t = $2 + 0; if (!n++ || t < least) least = t } END { print least }'
}

awk -v a="$(expansion one_cell)" -v b="$(expansion nine_cells)" \
    'BEGIN { printf "macros   one cell %.0f ms, one more %.0f ms\n", 1000 * a, 1000 * (b - a) / 8 }'
