//! The output directory: whole or not at all.
//!
//! Everything is written into a hidden directory beside the target, which is
//! renamed when it is complete. An existing directory is replaced only if the
//! program wrote it.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::TempDir;

use super::ArrayError;

/// The value of the key `program` in our summary.json.
pub(crate) const PROGRAM: &str = "meanfield";

/// The unfinished directory of this process, for [`discard_unfinished`].
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes an unfinished output directory: for a process that is about to end
/// without unwinding.
pub(crate) fn discard_unfinished() {
    if let Ok(mut unfinished) = UNFINISHED.lock()
        && let Some(path) = unfinished.take()
    {
        // Nothing can be done about a failure on the way out.
        let _ = std::fs::remove_dir_all(path);
    }
}

/// A directory in the making. Dropped before [`OutputDirectory::commit`], it
/// leaves nothing behind.
pub(crate) struct OutputDirectory {
    target: PathBuf,
    beside: TempDir,
}

impl OutputDirectory {
    /// Checks that the target may be written and makes the hidden directory.
    ///
    /// # Errors
    /// [`ArrayError::NotOurs`], [`ArrayError::NotWritable`].
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
        let parent = target_.parent().unwrap_or(Path::new("/"));
        let beside = tempfile::Builder::new()
            .prefix(".meanfield-")
            .tempdir_in(parent)
            .map_err(not_writable)?;
        if let Ok(mut unfinished) = UNFINISHED.lock() {
            *unfinished = Some(beside.path().to_owned());
        }
        let made = Self {
            target: target_,
            beside,
        };
        // A directory of its own, because the hidden one is private to the user.
        std::fs::create_dir(made.path()).map_err(not_writable)?;
        Ok(made)
    }

    /// Where to write what will be in the directory.
    pub(crate) fn path(&self) -> PathBuf {
        self.beside.path().join("new")
    }

    /// Where to write what will not.
    pub(crate) fn scratch(&self) -> &Path {
        self.beside.path()
    }

    /// Moves the directory to its place.
    ///
    /// # Errors
    /// [`ArrayError::NotOurs`] if something else has taken the place in the
    /// meantime, [`ArrayError::Write`].
    pub(crate) fn commit(self) -> Result<(), ArrayError> {
        let failed = |source| ArrayError::Write {
            path: self.target.clone(),
            source,
        };
        let old = self.beside.path().join("old");
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
        Ok(())
    }
}

impl Drop for OutputDirectory {
    fn drop(&mut self) {
        if let Ok(mut unfinished) = UNFINISHED.lock() {
            *unfinished = None;
        }
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
        drop(unfinished);
        assert!(names(place.path()).is_empty());

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
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    }
}
