//! The output directory: whole or not at all.
//!
//! Everything is written into DIR.partial, whose part `new` is renamed to DIR
//! when it is complete. An existing directory is replaced only if the program
//! wrote it. DIR.partial outlives the process only while it holds a checkpoint;
//! what a killed process left is taken over by the next run.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::ArrayError;

/// The value of the key `program` in our summary.json.
pub(crate) const PROGRAM: &str = "meanfield";

/// The file that says whose DIR.partial is, locked while a run is using it.
const MARK: &str = "meanfield.lock";

/// The checkpoint in DIR.partial.
pub(crate) const CHECKPOINT: &str = "checkpoint";

/// The unfinished directory of this process, for [`discard_unfinished`].
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes an unfinished output directory without a checkpoint: for a process
/// that is about to end without unwinding.
pub(crate) fn discard_unfinished() {
    if let Ok(mut unfinished) = UNFINISHED.lock()
        && let Some(path) = unfinished.take()
    {
        discard(&path);
    }
}

/// Removes DIR.partial unless it holds a checkpoint.
fn discard(partial: &Path) {
    if !partial.join(CHECKPOINT).exists() {
        // Nothing can be done about a failure on the way out.
        let _ = std::fs::remove_dir_all(partial);
    }
}

/// A directory in the making. Dropped before [`OutputDirectory::commit`], it
/// leaves nothing behind but a checkpoint.
pub(crate) struct OutputDirectory {
    target: PathBuf,
    partial: PathBuf,
    /// Held while the directory is in use.
    _lock: File,
}

impl OutputDirectory {
    /// Checks that the target may be written and makes DIR.partial, or takes
    /// over one that nobody is using.
    ///
    /// # Errors
    /// [`ArrayError::NotOurs`], [`ArrayError::NotWritable`],
    /// [`ArrayError::InUse`].
    pub(crate) fn prepare(target: &Path) -> Result<Self, ArrayError> {
        let not_writable = |source| ArrayError::NotWritable {
            path: target.to_owned(),
            source,
        };
        // A symbolic link stays, and what it points to is replaced.
        let target_ = match std::fs::symlink_metadata(target) {
            Ok(_) => std::fs::canonicalize(target).map_err(not_writable)?,
            Err(_) => std::path::absolute(target).map_err(not_writable)?,
        };
        if target_.exists() {
            require_ours(&target_)?;
        }
        let mut name = target_.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = target_.with_file_name(name);
        if partial.exists() && !partial.join(MARK).is_file() {
            return Err(ArrayError::NotOurs {
                path: partial,
                reason: format!("it holds no {MARK}"),
            });
        }
        if let Err(source) = std::fs::create_dir(&partial)
            && source.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(not_writable(source));
        }
        let lock = File::create(partial.join(MARK)).map_err(not_writable)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(ArrayError::InUse { path: partial }),
            // A file system without locks: two runs at a time are the user's affair.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        if let Ok(mut unfinished) = UNFINISHED.lock() {
            *unfinished = Some(partial.clone());
        }
        let made = Self {
            target: target_,
            partial,
            _lock: lock,
        };
        // Killed between the two renamings of `commit`: the old results return.
        let old = made.partial.join("old");
        if old.exists() && !made.target.exists() {
            std::fs::rename(&old, &made.target).map_err(not_writable)?;
        }
        // What a killed process was putting together is of no use.
        if made.path().exists() {
            std::fs::remove_dir_all(made.path()).map_err(not_writable)?;
        }
        std::fs::create_dir(made.path()).map_err(not_writable)?;
        Ok(made)
    }

    /// Where to write what will be in the directory.
    pub(crate) fn path(&self) -> PathBuf {
        self.partial.join("new")
    }

    /// Where to write what will not: DIR.partial.
    pub(crate) fn scratch(&self) -> &Path {
        &self.partial
    }

    /// Forgets the checkpoint: what it describes cannot be completed.
    pub(crate) fn drop_checkpoint(&self) {
        // An old checkpoint that stays is met by the checks of the next run.
        let _ = std::fs::remove_file(self.partial.join(CHECKPOINT));
    }

    /// Moves the directory to its place and removes DIR.partial.
    ///
    /// # Errors
    /// [`ArrayError::NotOurs`] if something else has taken the place in the
    /// meantime, [`ArrayError::Write`].
    pub(crate) fn commit(self) -> Result<(), ArrayError> {
        let failed = |source| ArrayError::Write {
            path: self.target.clone(),
            source,
        };
        let old = self.partial.join("old");
        if old.exists() {
            std::fs::remove_dir_all(&old).map_err(failed)?;
        }
        if self.target.exists() {
            require_ours(&self.target)?;
            std::fs::rename(&self.target, &old).map_err(failed)?;
        }
        if let Err(source) = std::fs::rename(self.path(), &self.target) {
            if old.exists() {
                std::fs::rename(&old, &self.target).map_err(failed)?;
            }
            return Err(failed(source));
        }
        self.drop_checkpoint();
        Ok(())
    }
}

impl Drop for OutputDirectory {
    fn drop(&mut self) {
        if let Ok(mut unfinished) = UNFINISHED.lock() {
            *unfinished = None;
        }
        discard(&self.partial);
    }
}

/// Refuses a place that holds something the program did not write.
fn require_ours(path: &Path) -> Result<(), ArrayError> {
    let refuse = |reason: &str| {
        Err(ArrayError::NotOurs {
            path: path.to_owned(),
            reason: reason.to_owned(),
        })
    };
    if !path.is_dir() {
        return refuse("it is not a directory");
    }
    let Ok(text) = std::fs::read_to_string(path.join("summary.json")) else {
        return refuse("it holds no summary.json");
    };
    let summary: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let program = summary.as_ref().and_then(|s| s["program"].as_str());
    if program != Some(PROGRAM) {
        return refuse("its summary.json is not ours");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(path).unwrap();
        entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn law_a_directory_appears_whole_and_replaces_only_ours() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("x.out");

        let unfinished = OutputDirectory::prepare(&target).unwrap();
        std::fs::write(unfinished.path().join("result.npz"), "half").unwrap();
        assert!(matches!(
            OutputDirectory::prepare(&target),
            Err(ArrayError::InUse { .. })
        ));
        drop(unfinished);
        assert!(names(place.path()).is_empty());

        // A checkpoint stays, whoever left it, until a run is complete.
        let suspended = OutputDirectory::prepare(&target).unwrap();
        std::fs::write(suspended.scratch().join(CHECKPOINT), "state").unwrap();
        drop(suspended);
        assert_eq!(names(place.path()), ["x.out.partial"]);

        for round in ["one", "two"] {
            let directory = OutputDirectory::prepare(&target).unwrap();
            let summary = format!("{{\"program\": \"meanfield\", \"round\": \"{round}\"}}");
            std::fs::write(directory.path().join("summary.json"), summary).unwrap();
            std::fs::write(directory.path().join(round), "").unwrap();
            directory.commit().unwrap();
            assert_eq!(names(place.path()), ["x.out"]);
            assert!(target.join(round).exists());
        }
        assert!(!target.join("one").exists());

        std::fs::write(target.join("summary.json"), "{\"program\": \"other\"}").unwrap();
        assert!(matches!(
            OutputDirectory::prepare(&target),
            Err(ArrayError::NotOurs { .. })
        ));
        let file = place.path().join("file");
        std::fs::write(&file, "mine").unwrap();
        assert!(OutputDirectory::prepare(&file).is_err());
        assert!(OutputDirectory::prepare(&place.path().join("no/such")).is_err());
        std::fs::create_dir(place.path().join("y.partial")).unwrap();
        let foreign = OutputDirectory::prepare(&place.path().join("y"));
        assert!(matches!(foreign, Err(ArrayError::NotOurs { .. })));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    }
}
