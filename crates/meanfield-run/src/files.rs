//! Files as the program opens them.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Opens a file to read it, in which one expects `expected`. A pipe or a device, on which opening or reading may never end, is
/// refused before it is opened.
///
/// # Errors
/// The system's, and for what is no file.
pub(crate) fn open(path: &Path, expected: &str) -> Result<File> {
    let kind = std::fs::metadata(path)?.file_type();
    if !kind.is_file() {
        let what = match kind.is_dir() {
            true => "a directory",
            false => "a device or a pipe",
        };
        return Err(Error::other(format!("it is {what}; expected {expected}")));
    }
    File::open(path)
}

/// Reads all of a file that is no longer than `limit` bytes.
///
/// # Errors
/// As [`open`], and for one that is longer.
pub(crate) fn read(path: &Path, limit: u64, expected: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open(path, expected)?;
    // One byte more tells, whatever the system says of its length.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(Error::other(format!(
            "it is longer than {}",
            crate::units::bytes(limit)
        ))),
        false => Ok(bytes),
    }
}

/// Makes a file where there may be one. What stands there is removed: a symbolic link is not
/// followed.
///
/// # Errors
/// The system's.
pub(crate) fn create(path: &Path) -> Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).open(path)
}
