//! The output directory: whole or not at all.
//!
//! Everything is written into DIR.partial, whose part `new` is renamed to DIR
//! when it is complete. An existing directory is replaced only if the program
//! wrote it. DIR.partial outlives the process only while a run can go on from it;
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

/// The finished points of a sweep in DIR.partial, a directory each.
pub(crate) const POINTS: &str = "points";

/// The exact solutions that are finished: files with names that begin so.
pub(crate) const EXACT: &str = "exact-";

/// The unfinished directory of this process, for [`discard_unfinished`].
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes an unfinished output directory with nothing to go on from: for a
/// process that is about to end without unwinding.
pub fn discard_unfinished() {
    if let Ok(mut unfinished) = UNFINISHED.lock()
        && let Some(path) = unfinished.take()
    {
        discard(&path);
    }
}

/// Removes DIR.partial unless a run can go on from it.
fn discard(partial: &Path) {
    if !holds_progress(partial) {
        // Nothing can be done about a failure on the way out.
        let _ = std::fs::remove_dir_all(partial);
    }
}

/// Whether a directory holds a checkpoint, a finished exact solution or a
/// finished point; of points that are not, whether they hold one of these.
pub(crate) fn holds_progress(directory: &Path) -> bool {
    let names = |path: &Path| {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    let points = directory.join(POINTS);
    names(directory).any(|name| name == CHECKPOINT || name.starts_with(EXACT))
        || names(&points)
            .any(|name| !name.ends_with(UNFINISHED_POINT) || holds_progress(&points.join(name)))
}

/// Removes what [`holds_progress`] finds.
pub(crate) fn forget_progress(directory: &Path) {
    // What stays is met by the checks of the next run.
    let _ = std::fs::remove_dir_all(directory.join(POINTS));
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == CHECKPOINT || name.starts_with(EXACT) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// The end of the name of a point that is being computed.
pub(crate) const UNFINISHED_POINT: &str = ".unfinished";

/// Files of a result: nothing else may be where one is replaced.
const OURS: [&str; 3] = ["result.npz", "summary.json", "report.html"];

/// A directory in the making. Dropped before [`OutputDirectory::commit`], it
/// leaves nothing behind but what the next run goes on from.
pub(crate) struct OutputDirectory {
    target: PathBuf,
    partial: PathBuf,
    /// Directories above the target that were missing, the lowest first.
    above: Vec<PathBuf>,
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
        require_partial(&partial)?;
        let ancestors = partial.ancestors().skip(1);
        let above: Vec<PathBuf> = ancestors
            .take_while(|path| !path.exists())
            .map(Path::to_owned)
            .collect();
        if let Some(parent) = partial.parent() {
            std::fs::create_dir_all(parent).map_err(not_writable)?;
        }
        if let Err(source) = std::fs::create_dir(&partial)
            && source.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(not_writable(source));
        }
        let mark = partial.join(MARK);
        let mut options = File::options();
        // One that is there was seen to be a file of its own.
        let lock = match std::fs::symlink_metadata(&mark) {
            Ok(_) => options.write(true).open(&mark),
            Err(_) => options.write(true).create_new(true).open(&mark),
        };
        let lock = lock.map_err(not_writable)?;
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
            above,
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

    /// Whether another run could go on from what is there.
    pub(crate) fn holds_progress(&self) -> bool {
        holds_progress(&self.partial)
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
        forget_progress(&self.partial);
        Ok(())
    }
}

impl Drop for OutputDirectory {
    fn drop(&mut self) {
        if let Ok(mut unfinished) = UNFINISHED.lock() {
            *unfinished = None;
        }
        discard(&self.partial);
        // Empty ones only.
        for path in &self.above {
            let _ = std::fs::remove_dir(path);
        }
    }
}

/// Refuses a DIR.partial that no run has left, and links to other places within it: what is
/// in it is written, and removed.
fn require_partial(partial: &Path) -> Result<(), ArrayError> {
    let refuse = |reason: String| {
        Err(ArrayError::NotOurs {
            path: partial.to_owned(),
            reason,
        })
    };
    let Ok(found) = std::fs::symlink_metadata(partial) else {
        return Ok(());
    };
    if !found.is_dir() {
        return refuse("it is not a directory".to_owned());
    }
    let mark = std::fs::symlink_metadata(partial.join(MARK));
    if !mark.is_ok_and(|mark| mark.is_file()) {
        return refuse(format!("it holds no {MARK}"));
    }
    let entries = std::fs::read_dir(partial).into_iter().flatten().flatten();
    for entry in entries {
        if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            return refuse(format!("\"{}\" in it is a link", name.escape_debug()));
        }
    }
    Ok(())
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
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !OURS.contains(&name.as_str()) {
            return refuse(&format!(
                "it also holds \"{}\", which is none of a result's files and would be lost",
                name.escape_debug()
            ));
        }
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
            std::fs::write(directory.path().join("result.npz"), round).unwrap();
            directory.commit().unwrap();
            assert_eq!(names(place.path()), ["x.out"]);
            let written = std::fs::read_to_string(target.join("result.npz"));
            assert_eq!(written.unwrap(), round);
        }

        // What the user put there stays.
        std::fs::write(target.join("notes.txt"), "mine").unwrap();
        let message = OutputDirectory::prepare(&target).err().unwrap().to_string();
        assert!(message.contains("notes.txt"), "{message}");
        assert!(target.join("notes.txt").exists());
        std::fs::remove_file(target.join("notes.txt")).unwrap();

        std::fs::write(target.join("summary.json"), "{\"program\": \"other\"}").unwrap();
        assert!(matches!(
            OutputDirectory::prepare(&target),
            Err(ArrayError::NotOurs { .. })
        ));
        let file = place.path().join("file");
        std::fs::write(&file, "mine").unwrap();
        assert!(OutputDirectory::prepare(&file).is_err());
        assert!(OutputDirectory::prepare(&file.join("below")).is_err());
        // What is missing above is made, and stays if there is something in it.
        let below = place.path().join("new/place");
        drop(OutputDirectory::prepare(&below.join("x.out")).unwrap());
        assert!(!below.exists() && !place.path().join("new").exists());
        let directory = OutputDirectory::prepare(&below.join("x.out")).unwrap();
        std::fs::write(directory.path().join("summary.json"), "{}").unwrap();
        directory.commit().unwrap();
        assert_eq!(names(&below), ["x.out"]);
        std::fs::create_dir(place.path().join("y.partial")).unwrap();
        let foreign = OutputDirectory::prepare(&place.path().join("y"));
        assert!(matches!(foreign, Err(ArrayError::NotOurs { .. })));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn law_links_that_were_planted_are_not_followed() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().unwrap();
        let victim = place.path().join("victim");
        std::fs::write(&victim, "mine").unwrap();
        let partial = place.path().join("x.out.partial");
        for planted in [MARK, CHECKPOINT, "0.npy"] {
            std::fs::create_dir(&partial).unwrap();
            if planted != MARK {
                std::fs::write(partial.join(MARK), "").unwrap();
            }
            symlink(&victim, partial.join(planted)).unwrap();
            let refused = OutputDirectory::prepare(&place.path().join("x.out"));
            assert!(
                matches!(refused, Err(ArrayError::NotOurs { .. })),
                "{planted}"
            );
            std::fs::remove_dir_all(&partial).unwrap();
        }
        // Nor is one that appears later.
        symlink(&victim, place.path().join("0.npy")).unwrap();
        drop(crate::files::create(&place.path().join("0.npy")).unwrap());
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), "mine");
    }
}
