//! What the results of a configuration depend on, as a number.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::Path;

/// What is read of a file at a time: the fingerprint depends on it.
const BLOCK: usize = 1 << 16;

/// What results depend on: the configuration without comments, `[limits]`,
/// `[sweep]` and the order of its keys, and the content of every file it names.
pub(super) fn fingerprint(text: &str, directory: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    if let Ok(mut table) = text.parse::<toml::Table>() {
        table.remove("limits");
        // Of a sweep one point is computed, whatever the others are.
        table.remove("sweep");
        table.to_string().hash(&mut hasher);
        hash_files(&toml::Value::Table(table), directory, &mut hasher);
    }
    hasher.finish()
}

fn hash_files(value: &toml::Value, directory: &Path, hasher: &mut DefaultHasher) {
    match value {
        toml::Value::String(name) => {
            hash_file(&directory.join(name), hasher);
        }
        toml::Value::Array(items) => items
            .iter()
            .for_each(|item| hash_files(item, directory, hasher)),
        toml::Value::Table(table) => table
            .values()
            .for_each(|item| hash_files(item, directory, hasher)),
        _ => {}
    }
}

/// Hashes the content of a file, block by block; one that cannot be read counts
/// as none.
fn hash_file(path: &Path, hasher: &mut impl Hasher) {
    let Ok(mut file) = File::open(path) else {
        return;
    };
    let mut block = Vec::with_capacity(BLOCK);
    let mut next = || {
        block.clear();
        let read = Read::by_ref(&mut file)
            .take(BLOCK as u64)
            .read_to_end(&mut block);
        read.is_ok_and(|n| n > 0).then(|| hasher.write(&block))
    };
    while next().is_some() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_fingerprint_is_that_of_what_matters() {
        let place = tempfile::tempdir().unwrap();
        let of = |text: &str| fingerprint(text, place.path());
        let base = "[model]\nfile = \"m.npz\"\n[time]\nend = 1.0\n";
        let before = of(base);
        assert_eq!(
            before,
            of("# Why?\n[time]\nend = 1.0\n[model]\nfile='m.npz'\n")
        );
        assert_eq!(before, of(&format!("{base}[limits]\nthreads = 1\n")));
        assert_ne!(before, of(&base.replace("1.0", "1.5")));
        std::fs::write(place.path().join("m.npz"), "arrays").unwrap();
        assert_ne!(before, of(base));
    }
}
