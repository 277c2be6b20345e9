//! Compile tests: programs that must pass, and mistakes with the messages that they must give.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the messages anew; read the difference.

#[test]
fn programs() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
