//! Compile tests: programs that must pass, and mistakes with the messages that they must give.
//!
//! `TRYBUILD=overwrite cargo test -p gate-ui` writes the messages anew; read the difference.

use std::path::Path;
use std::process::Command;

/// Cargo has compiled them all, as what `Cargo.toml` lists.
#[test]
fn programs_pass() {
    let built = Path::new(env!("CARGO_BIN_EXE_strict"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pass");
    for entry in folder.read_dir().expect("the folder of the programs") {
        let source = entry.expect("an entry").path();
        let name = source.file_stem().expect("a program has a name");
        let program = built.with_file_name(name);
        let status = Command::new(program.with_extension(std::env::consts::EXE_EXTENSION))
            .status()
            .unwrap_or_else(|error| panic!("{name:?} is not listed in Cargo.toml: {error}"));
        assert!(status.success(), "{name:?} failed");
    }
}

#[test]
fn mistakes_fail() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}
