//! The examples as a person meets them: help, wrong arguments, a pipe that nobody reads on, a folder
//! that cannot be written to.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The folder of the built examples.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let own = std::env::current_exe().expect("a test has a path");
        let profile = own.ancestors().nth(2).expect("target/profile/deps/test");
        let name = match profile.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(name) => name,
        };
        // `cargo test` has built them, unless it was asked for this test alone.
        let mut build = Command::new(env!("CARGO"));
        let build = build.args([
            "build",
            "--examples",
            "--offline",
            "--quiet",
            "--profile",
            name,
        ]);
        let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status();
        assert!(built.expect("cargo runs").success(), "the examples build");
        profile.join("examples")
    })
}

/// A folder for what a test writes, which goes away.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

fn command(example: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(folder().join(format!("{example}{EXE_SUFFIX}")));
    command.args(arguments);
    command
}

fn run(example: &str, arguments: &[&str]) -> Output {
    let output = command(example, arguments).output();
    output.expect("an example runs")
}

/// A run that ends with a code and an error that has these parts, without results before it.
#[track_caller]
fn refused(code: i32, example: &str, arguments: &[&str], parts: &[&str]) {
    let output = run(example, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(code),
        "{example} {arguments:?}: {error}"
    );
    assert!(output.stdout.is_empty(), "{example} {arguments:?}");
    for part in parts {
        assert!(error.contains(part), "no `{part}` in: {error}");
    }
}

const ALL: [&str; 4] = ["article", "new_cell", "stream", "zoo"];

#[test]
fn help_is_given_and_nonsense_refused() {
    for example in ALL {
        let help = run(example, &["--help"]);
        let text = String::from_utf8_lossy(&help.stdout);
        assert!(
            help.status.success() && text.contains("Usage: "),
            "{example}: {text}"
        );
        refused(
            2,
            example,
            &["--nonsense"],
            &["unexpected argument '--nonsense'"],
        );
        refused(
            2,
            example,
            &["nonsense"],
            &["unexpected argument 'nonsense'"],
        );
    }
}

#[test]
fn arguments_out_of_range_are_refused() {
    refused(2, "article", &["--epochs", "0"], &["--epochs"]);
    refused(
        2,
        "article",
        &["--hidden", "5000"],
        &["--hidden", "1..=4096"],
    );
    refused(
        2,
        "article",
        &["--noise", "-1"],
        &["--noise", "not negative"],
    );
    refused(
        2,
        "article",
        &["--learning-rate", "nan"],
        &["--learning-rate"],
    );
    refused(
        2,
        "zoo",
        &["--cell", "Lstn"],
        &["similar name exists: 'Lstm'"],
    );
    refused(2, "zoo", &["--cell", "nothing like it"], &["no such cell"]);
    refused(2, "zoo", &["--family", "none"], &["possible values"]);
    refused(2, "zoo", &["--latex"], &["--cell"]);
    refused(
        2,
        "zoo",
        &["--cell", "Gru", "--sort", "name"],
        &["cannot be used with"],
    );
    refused(
        2,
        "zoo",
        &["--sort", "forward", "--budget", "0"],
        &["cannot be sorted"],
    );
    refused(2, "zoo", &["--hidden", "0"], &["--hidden"]);
}

/// Where a file is in the way, or the folder above is one: told before anything is measured, trained
/// or printed.
#[test]
fn folders_that_cannot_be_written_to() {
    let scratch = scratch();
    let file = scratch.path().join("in_the_way");
    std::fs::write(&file, "").expect("a file");
    let beyond = file.join("folder");
    for folder in [&file, &beyond] {
        let folder = folder.to_str().expect("a path of text");
        let measured = ["--svg", "--budget", "1", "--out", folder];
        refused(1, "zoo", &measured, &["error: cannot write ", folder]);
        let card = [&["--cell", "lstm"], &measured[..]].concat();
        refused(1, "zoo", &card, &["error: cannot write ", folder]);
        let trained = ["--epochs", "1", "--out", folder];
        refused(1, "article", &trained, &["error: cannot write ", folder]);
    }
}

#[test]
fn a_pipe_that_nobody_reads_is_no_error() {
    let scratch = scratch();
    let out = scratch.path().to_str().expect("a path of text");
    let article = ["--epochs", "1", "--hidden", "4", "--out", out];
    let runs: [(&str, &[&str]); 6] = [
        ("article", &article),
        ("article", &["--help"]),
        ("new_cell", &[]),
        ("stream", &[]),
        ("zoo", &["--budget", "0"]),
        ("zoo", &["--cell", "lstm", "--budget", "0", "--latex"]),
    ];
    for (example, arguments) in runs {
        let mut command = command(example, arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("an example runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let error = String::from_utf8_lossy(&output.stderr);
        let silent = !error.contains("error") && !error.contains("panicked");
        assert!(
            output.status.success() && silent,
            "{example} {arguments:?}: {error}"
        );
    }
}

/// What a first look at each prints.
#[test]
fn each_does_what_it_says() {
    let table = run("zoo", &["--budget", "0", "--family", "gru"]);
    let table = String::from_utf8_lossy(&table.stdout);
    assert!(
        table.contains("GruResetAfter") && !table.contains("PeepholeLstm"),
        "{table}"
    );
    let card = run("zoo", &["--cell", "LSTM", "--budget", "0"]);
    let card = String::from_utf8_lossy(&card.stdout);
    assert!(
        card.contains("Backward pass") && card.contains("numbers per step and row"),
        "{card}"
    );
}
