//! What reads bytes that nobody vouches for, as a fuzzer calls it (`fuzz/`): bytes that once
//! did harm stay in its corpus, and are read again by the tests.

use std::path::Path;

use crate::arrays::{Allowed, Npz};
use crate::catalogue::Catalogue;
use crate::compute::checkpoint_of;
use crate::config::Config;

/// Reads a configuration, with the points of its sweep.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let parsed = Config::parse(text, Path::new("fuzzed.toml"), &Catalogue::default());
    match parsed {
        Ok(config) => drop(config.sweep()),
        // What is said is made of the bytes too.
        Err(error) => drop(error.to_string()),
    }
}

/// Reads every array of an npz file, by whatever name.
pub fn npz(path: &Path) {
    /// Bytes an array may take.
    const MOST: u64 = 1 << 26;
    let Ok(mut npz) = Npz::open(path, Allowed::new(Some(MOST))) else {
        return;
    };
    for name in npz.names().to_vec() {
        if let Ok(Some(array)) = npz.find(&name) {
            assert!(array.into_vec().iter().all(|z| z.is_finite()));
        }
    }
}

/// Reads a checkpoint whose checksum is right.
pub fn checkpoint(bytes: &[u8]) {
    let _ = checkpoint_of(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The corpus of a target: a path and what is in it.
    fn corpus(target: &str) -> Vec<std::path::PathBuf> {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        // A package that is published has no corpus beside it.
        let entries = std::fs::read_dir(place.join(target)).into_iter().flatten();
        entries.flatten().map(|entry| entry.path()).collect()
    }

    #[test]
    fn law_no_bytes_that_did_harm_do_it_again() {
        let mut read = 0;
        for (target, reader) in [
            ("config", config as fn(&[u8])),
            ("checkpoint", checkpoint as fn(&[u8])),
        ] {
            for path in corpus(target) {
                reader(&std::fs::read(path).unwrap());
                read += 1;
            }
        }
        for path in corpus("npz") {
            npz(&path);
            read += 1;
        }
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
        assert!(read > 100 || !workspace.exists(), "{read} files");
    }
}
