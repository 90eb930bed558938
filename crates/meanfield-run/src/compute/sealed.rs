//! Files of ours that are read back: whole, or not at all.
//!
//! A file is what serde makes of its content and then a checksum; it is renamed
//! into place when it is on the disk.

use std::hash::{DefaultHasher, Hasher};
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use crate::files;

/// What is hashed at a time: the checksum depends on it.
const BLOCK: usize = 1 << 16;

/// Puts a file of two parts in the place of the one before.
///
/// # Errors
/// The system's; the file before is still there.
pub(super) fn put(
    path: &Path,
    head: &impl Serialize,
    content: &impl Serialize,
) -> std::io::Result<()> {
    let temporary = path.with_extension("new");
    let write = || {
        let mut sum = Summed::new(BufWriter::new(files::create(&temporary)?));
        let encoded = postcard::to_io(head, &mut sum)
            .and_then(|sum| postcard::to_io(content, sum).map(|_| ()));
        // Of a disk that is full the encoder has no words.
        encoded.map_err(|error| {
            let of_disk = sum.failed.take();
            of_disk.unwrap_or_else(|| std::io::Error::other(error))
        })?;
        let (mut inner, check) = sum.finish()?;
        inner.write_all(&check.to_le_bytes())?;
        let file = inner.into_inner().map_err(|e| e.into_error())?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().inspect_err(|_| {
        // A part of a file is of no use, and takes what is left of the disk.
        let _ = std::fs::remove_file(&temporary);
    })
}

/// The content of a file whose checksum, its last eight bytes, is right.
pub(super) fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (content, check) = bytes.split_last_chunk::<8>()?;
    let mut hasher = DefaultHasher::new();
    content.chunks(BLOCK).for_each(|block| hasher.write(block));
    (hasher.finish() == u64::from_le_bytes(*check)).then_some(content)
}

/// Hashes what passes through, block by block.
struct Summed<W> {
    inner: W,
    hasher: DefaultHasher,
    block: Vec<u8>,
    /// Why something could not be passed on.
    failed: Option<std::io::Error>,
}

impl<W: Write> Summed<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            hasher: DefaultHasher::new(),
            block: Vec::with_capacity(BLOCK),
            failed: None,
        }
    }

    /// Passes on what is left, and returns the checksum.
    fn finish(mut self) -> std::io::Result<(W, u64)> {
        self.pass_on()?;
        Ok((self.inner, self.hasher.finish()))
    }

    fn pass_on(&mut self) -> std::io::Result<()> {
        if !self.block.is_empty() {
            self.hasher.write(&self.block);
            self.inner.write_all(&self.block)?;
            self.block.clear();
        }
        Ok(())
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..n]);
        if self.block.len() == BLOCK
            && let Err(error) = self.pass_on()
        {
            let kind = error.kind();
            self.failed = Some(error);
            return Err(kind.into());
        }
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        // A block is hashed as a whole: what is in it waits.
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_a_damaged_file_is_noticed() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("state");
        // Longer than a block.
        let content: Vec<u64> = (0..20_000).map(|k| k * k * 1_000_003).collect();
        put(&path, &"head", &content).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.len() > BLOCK + 8);
        let read = whole(&bytes).unwrap();
        let (head, rest) = postcard::take_from_bytes::<String>(read).unwrap();
        assert_eq!(head, "head");
        assert_eq!(postcard::from_bytes::<Vec<u64>>(rest).unwrap(), content);
        for k in (0..bytes.len())
            .step_by(997)
            .chain([BLOCK, bytes.len() - 1])
        {
            let mut other = bytes.clone();
            other[k] ^= 4;
            assert_eq!(whole(&other), None, "{k}");
            assert_eq!(whole(&bytes[..k]), None, "{k}");
        }
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
