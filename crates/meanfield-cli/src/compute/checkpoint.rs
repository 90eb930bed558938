//! Checkpoints: everything a run knows, written beside the results at
//! intervals, so that a run that was stopped goes on with the same bits.
//!
//! A checkpoint is one file: a checksum, then the state of the integrator, the
//! numbers recorded so far and the small arrays. Large arrays grow in files of
//! their own, of which it notes the length. It is renamed into place when it
//! is on the disk, so that there is always a whole one.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use meanfield::ode::{Progress, Snapshot};
use serde::{Deserialize, Serialize};

use super::Record;
use super::record::Cost;
use super::writer::Writer;
use crate::arrays::{ArrayError, CHECKPOINT, SavedArray};
use crate::config::Config;
use crate::failure::Failure;
use crate::interrupt;
use crate::terminal::{self, Meter};

/// A checkpoint may take this share of the time at most.
const LARGEST_SHARE: f64 = 0.05;

/// [`Snapshot`], for serde.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Snapshot")]
struct Integrator {
    time: f64,
    step: f64,
    previous_error: f64,
    outputs: usize,
    #[serde(with = "Cost")]
    statistics: meanfield::ode::Statistics,
    largest: Vec<f64>,
    state: Vec<f64>,
    slope: Vec<f64>,
}

/// What a checkpoint belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    version: String,
    /// Of the configuration and the files it names.
    fingerprint: u64,
}

/// What is written, apart from the [`Owner`].
#[derive(Serialize)]
struct Written<'a> {
    round: usize,
    #[serde(with = "Integrator")]
    snapshot: Snapshot,
    record: &'a Record,
    arrays: Vec<SavedArray>,
}

/// What is read back.
#[derive(Deserialize)]
pub(super) struct Saved {
    /// Which solve: the recursion has one for every N.
    pub(super) round: usize,
    #[serde(with = "Integrator")]
    snapshot: Snapshot,
    pub(super) record: Record,
    pub(super) arrays: Vec<SavedArray>,
}

/// Writes checkpoints while a run goes on, and gives back the last one.
pub(crate) struct Keeper {
    directory: PathBuf,
    owner: Owner,
    /// Time between checkpoints; `None`: there are none.
    every: Option<Duration>,
    due: Cell<Instant>,
    /// Where the integrator goes on from: round and state.
    resume: RefCell<Option<(usize, Snapshot)>>,
    /// Why a checkpoint could not be used after all.
    failed: RefCell<Option<Failure>>,
}

/// What the output of a solve writes and a checkpoint reads.
pub(super) type Held<'a, 'w, 'r> = RefCell<(&'a mut Writer<'w>, &'r mut Record)>;

impl Keeper {
    /// Checkpoints every `seconds` in `directory`; none for 0.
    pub(crate) fn new(directory: &Path, config: &Config, seconds: f64) -> Self {
        let every = (seconds > 0.0).then(|| Duration::from_secs_f64(seconds));
        Self {
            directory: directory.to_owned(),
            owner: Owner {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                fingerprint: config.fingerprint,
            },
            every,
            due: Cell::new(Instant::now() + every.unwrap_or_default()),
            resume: RefCell::new(None),
            failed: RefCell::new(None),
        }
    }

    /// Why a solve was stopped that nobody interrupted.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failed.take()
    }

    /// The last checkpoint, if it is one of this very run. Its integrator's
    /// state is kept for [`see`](Self::see).
    pub(super) fn load(&self) -> Option<Saved> {
        let path = self.directory.join(CHECKPOINT);
        let bytes = std::fs::read(&path).ok()?;
        let read = whole(&bytes).and_then(|content| {
            let (owner, rest) = postcard::take_from_bytes::<Owner>(content).ok()?;
            if owner != self.owner {
                return Some(Err(owner));
            }
            postcard::from_bytes::<Saved>(rest).ok().map(Ok)
        });
        let place = self.directory.file_name().unwrap_or_default().display();
        match read {
            Some(Ok(mut saved)) => {
                let snapshot = std::mem::take(&mut saved.snapshot);
                terminal::note(&format!(
                    "going on at t = {:.4} from the checkpoint in {place}",
                    snapshot.time
                ));
                *self.resume.borrow_mut() = Some((saved.round, snapshot));
                Some(saved)
            }
            other => {
                let reason = match other {
                    Some(Err(owner)) if owner.version != self.owner.version => {
                        format!("is of version {} of this program", owner.version)
                    }
                    Some(Err(_)) => "is of another configuration".to_owned(),
                    _ => "is damaged".to_owned(),
                };
                terminal::note(&format!(
                    "the checkpoint in {place} {reason}; beginning anew"
                ));
                self.forget();
                None
            }
        }
    }

    /// Removes the checkpoint there is.
    pub(crate) fn forget(&self) {
        // One that stays is met by `load` of the next run.
        let _ = std::fs::remove_file(self.directory.join(CHECKPOINT));
    }

    /// To be called by the observer of solve number `round`: goes on from the
    /// checkpoint, writes one when it is time or at Ctrl-C, and says whether to
    /// go on.
    pub(super) fn see(
        &self,
        progress: &Progress<'_>,
        meter: &Meter,
        round: usize,
        held: &Held<'_, '_, '_>,
    ) -> bool {
        let share = |t: f64| (t - progress.start) / (progress.end - progress.start);
        if progress.steps == 0 {
            let mine = self.resume.borrow_mut().take_if(|(of, _)| *of == round);
            if let Some((_, snapshot)) = mine {
                meter.begin_at(share(snapshot.time));
                if let Err(error) = progress.resume(snapshot) {
                    self.failed.replace(Some(Failure::internal(error)));
                    return false;
                }
            }
            return true;
        }
        meter.set(share(progress.time));
        let stop = interrupt::requested();
        let due = self.every.is_some() && Instant::now() >= self.due.get();
        if self.every.is_some() && (due || stop) && progress.time < progress.end {
            self.write(progress, round, held);
        }
        !stop
    }

    /// Writes a checkpoint; one that cannot be written costs no more than that.
    fn write(&self, progress: &Progress<'_>, round: usize, held: &Held<'_, '_, '_>) {
        let clock = Instant::now();
        let mut held = held.borrow_mut();
        let (writer, record) = &mut *held;
        let written = writer.save().and_then(|arrays| {
            let content = Written {
                round,
                snapshot: progress.snapshot(),
                record,
                arrays,
            };
            self.put(&content).map_err(|source| ArrayError::Write {
                path: self.directory.join(CHECKPOINT),
                source,
            })
        });
        if let Err(error) = written {
            terminal::note(&format!("no checkpoint this time: {error}"));
        }
        let pause = Duration::from_secs_f64(clock.elapsed().as_secs_f64() / LARGEST_SHARE);
        let every = self.every.unwrap_or_default();
        self.due.set(Instant::now() + every.max(pause));
    }

    /// Puts a checkpoint in the place of the one before.
    fn put(&self, content: &Written<'_>) -> std::io::Result<()> {
        let temporary = self.directory.join("checkpoint.new");
        let file = File::create(&temporary)?;
        let mut sum = Summed {
            inner: BufWriter::new(file),
            hasher: DefaultHasher::new(),
        };
        let encoded = postcard::to_io(&self.owner, &mut sum)
            .and_then(|sum| postcard::to_io(content, sum).map(|_| ()));
        encoded.map_err(std::io::Error::other)?;
        let check = sum.hasher.finish();
        sum.inner.write_all(&check.to_le_bytes())?;
        let file = sum.inner.into_inner().map_err(|e| e.into_error())?;
        file.sync_all()?;
        std::fs::rename(&temporary, self.directory.join(CHECKPOINT))
    }
}

/// Hashes what passes through.
struct Summed<W> {
    inner: W,
    hasher: DefaultHasher,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        for byte in &bytes[..n] {
            self.hasher.write_u8(*byte);
        }
        Ok(n)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// The content of a checkpoint whose checksum, its last eight bytes, is right.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (content, check) = bytes.split_last_chunk::<8>()?;
    let mut hasher = DefaultHasher::new();
    for byte in content {
        hasher.write_u8(*byte);
    }
    (hasher.finish() == u64::from_le_bytes(*check)).then_some(content)
}

/// What results depend on: the configuration without comments, `[limits]`,
/// `[sweep]` and the order of its keys, and the content of every file it names.
pub(crate) fn fingerprint(text: &str, directory: &Path) -> u64 {
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
            if let Ok(bytes) = std::fs::read(directory.join(name)) {
                bytes.hash(hasher);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_a_damaged_checkpoint_is_noticed() {
        let mut sum = Summed {
            inner: Vec::new(),
            hasher: DefaultHasher::new(),
        };
        sum.write_all(b"state of the run").unwrap();
        let check = sum.hasher.finish();
        let mut bytes = sum.inner;
        bytes.extend(check.to_le_bytes());
        assert_eq!(whole(&bytes), Some(&b"state of the run"[..]));
        for k in 0..bytes.len() {
            let mut other = bytes.clone();
            other[k] ^= 4;
            assert_eq!(whole(&other), None);
            assert_eq!(whole(&bytes[..k]), None);
        }
    }

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
