//! A directory of its own for every run of the program.

#![allow(dead_code, reason = "each test file uses its part of this module")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ndarray::{ArrayD, IxDyn, OwnedRepr};
use ndarray_npy::NpzReader;
use num_complex::Complex64;

/// The kinds `meanfield new` knows.
pub(crate) const KINDS: [&str; 7] = [
    "reactions",
    "custom",
    "levels",
    "kac-caricature",
    "kac",
    "povzner",
    "hartree",
];

/// A temporary directory to run the program in.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    /// Nothing in it.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One configuration, `config.toml`.
    pub(crate) fn with_config(text: &str) -> Self {
        let place = Self::empty();
        place.write("config.toml", text);
        place
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of a file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).unwrap();
    }

    /// The program, with this as the current directory.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meanfield"));
        command.current_dir(self.path()).args(arguments);
        command
    }

    /// Runs the program to its end.
    pub(crate) fn meanfield(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the program and requires success.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.meanfield(arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {message}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The names in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Requires that `check` and `run` refuse each configuration with a message
/// that holds the fragment beside it, exit code 2, and leave nothing behind.
pub(crate) fn require_refused(rows: Vec<(String, &'static str)>) {
    let mut failures = Vec::new();
    for (config, fragment) in rows {
        let place = Place::with_config(&config);
        for command in ["check", "run"] {
            let output = place.meanfield(&[command, "config.toml"]);
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            let sound = output.status.code() == Some(2)
                && message.contains(fragment)
                && output.stdout.is_empty()
                && place.names() == ["config.toml"];
            if !sound {
                let code = output.status.code();
                failures.push(format!("{config}\n{fragment}\nnot in\n{code:?} {message}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n----\n"));
}

/// The arrays of a run.
pub(crate) fn arrays(place: &Place, out: &str) -> NpzReader<File> {
    NpzReader::new(File::open(place.file(out).join("result.npz")).unwrap()).unwrap()
}

/// A real array.
pub(crate) fn real(npz: &mut NpzReader<File>, name: &str) -> ArrayD<f64> {
    npz.by_name::<OwnedRepr<f64>, IxDyn>(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A complex array.
pub(crate) fn complex(npz: &mut NpzReader<File>, name: &str) -> ArrayD<Complex64> {
    npz.by_name::<OwnedRepr<Complex64>, IxDyn>(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The summary of a run.
pub(crate) fn summary(place: &Place, out: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(place.file(out).join("summary.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}
