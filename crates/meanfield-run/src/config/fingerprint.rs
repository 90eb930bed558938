//! What the results of a configuration depend on, as a number.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// What is read of a file at a time: the fingerprint depends on it.
const BLOCK: usize = 1 << 16;

/// What results depend on: the configuration without comments, `[limits]`,
/// `[sweep]` and the order of its keys, and the content of the `files` it names.
pub(super) fn fingerprint(text: &str, files: &[PathBuf]) -> u64 {
    let mut hasher = DefaultHasher::new();
    if let Ok(mut table) = text.parse::<toml::Table>() {
        table.remove("limits");
        // Of a sweep one point is computed, whatever the others are.
        table.remove("sweep");
        table.to_string().hash(&mut hasher);
        for file in files {
            digest(file).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Of which file: its length and when it was changed.
type State = (PathBuf, u64, Option<SystemTime>);

/// The digests found so far: the points of a sweep share their files.
static KNOWN: Mutex<Option<HashMap<State, u64>>> = Mutex::new(None);

/// The content of a file as a number; `None` for one that cannot be read.
pub(crate) fn digest(path: &Path) -> Option<u64> {
    let of_file = std::fs::metadata(path).ok()?;
    let state = (path.to_owned(), of_file.len(), of_file.modified().ok());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(&digest) = known.get(&state) {
        return Some(digest);
    }
    let mut hasher = DefaultHasher::new();
    hash_file(path, &mut hasher)?;
    known.insert(state, hasher.finish());
    Some(hasher.finish())
}

/// Hashes the content of a file, block by block.
fn hash_file(path: &Path, hasher: &mut impl Hasher) -> Option<()> {
    let mut file = crate::files::open(path, "a file").ok()?;
    let mut block = Vec::with_capacity(BLOCK);
    let mut next = || {
        block.clear();
        let read = Read::by_ref(&mut file)
            .take(BLOCK as u64)
            .read_to_end(&mut block);
        read.is_ok_and(|n| n > 0).then(|| hasher.write(&block))
    };
    while next().is_some() {}
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_fingerprint_is_that_of_what_matters() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("m.npz");
        let of = |text: &str| fingerprint(text, std::slice::from_ref(&file));
        let base = "[model]\nfile = \"m.npz\"\n[time]\nend = 1.0\n";
        let before = of(base);
        assert_eq!(
            before,
            of("# Why?\n[time]\nend = 1.0\n[model]\nfile='m.npz'\n")
        );
        assert_eq!(before, of(&format!("{base}[limits]\nthreads = 1\n")));
        assert_ne!(before, of(&base.replace("1.0", "1.5")));
        std::fs::write(&file, "arrays").unwrap();
        let with = of(base);
        assert_ne!(before, with);
        std::fs::write(&file, "arrays, others").unwrap();
        assert_ne!(with, of(base));
    }
}
