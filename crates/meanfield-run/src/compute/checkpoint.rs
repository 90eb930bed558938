//! Checkpoints: everything a run knows, written beside the results at
//! intervals, so that a run that was stopped goes on with the same bits.
//!
//! A checkpoint is one file: the state of the integrator, the numbers recorded
//! so far and the small arrays. Large arrays grow in files of their own, of
//! which it notes the length and a checksum. An exact solution that is finished is a file too.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use meanfield::ode::{Progress, Snapshot};
use meanfield::tensor::Scalar;
use serde::{Deserialize, Serialize};

use super::exact::Solved;
use super::writer::Writer;
use super::{Record, sealed};
use crate::arrays::{ArrayError, CHECKPOINT, EXACT, SavedArray};
use crate::config::{Config, digest};
use crate::failure::Failure;
use crate::files;
use crate::memory::available_memory;
use crate::watch::{Stage, Watch};

/// A checkpoint may take this share of the time at most.
const LARGEST_SHARE: f64 = 0.05;

/// A solve is first foretold after this many right-hand sides, then after every doubling.
const FORETOLD: usize = 10_000;

/// An exact solution is kept if it took more than this share of the time between
/// checkpoints.
const WORTH_KEEPING: f64 = 0.1;

/// All of a file of ours, unless it is larger than memory.
fn read(path: &Path) -> Option<Vec<u8>> {
    let most = available_memory().unwrap_or(u64::MAX);
    files::read(path, most, "a checkpoint").ok()
}

/// What a checkpoint belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    version: String,
    /// The program itself: another build need not give the same bits.
    build: u64,
    /// Of the configuration and the files it names.
    fingerprint: u64,
}

/// What is written, apart from the [`Owner`].
#[derive(Serialize)]
struct Written<'a> {
    round: usize,
    snapshot: Snapshot,
    record: &'a Record,
    arrays: Vec<SavedArray>,
}

/// What is read back.
#[derive(Deserialize)]
pub(super) struct Saved {
    /// Which solve: the recursion has one for every N.
    pub(super) round: usize,
    snapshot: Snapshot,
    pub(super) record: Record,
    pub(super) arrays: Vec<SavedArray>,
}

/// Right-hand sides that were made, where they led, and the time they took.
#[derive(Clone, Copy, Default)]
struct Seen {
    made: usize,
    time: f64,
    elapsed: Duration,
}

/// What a checkpoint holds, whoever wrote it.
#[cfg(any(test, fuzzing))]
pub(crate) fn checkpoint_of(content: &[u8]) -> Option<usize> {
    let (_, rest) = postcard::take_from_bytes::<Owner>(content).ok()?;
    let saved: Saved = postcard::from_bytes(rest).ok()?;
    Some(saved.arrays.len())
}

/// Writes checkpoints while a run goes on, and gives back the last one.
pub(crate) struct Keeper {
    /// Where they are kept; `None`: nowhere.
    directory: Option<PathBuf>,
    /// That of the configuration.
    fingerprint: u64,
    /// Time between checkpoints; `None`: there are none.
    every: Option<Duration>,
    due: Cell<Instant>,
    /// Where the integrator goes on from: round and state.
    resume: RefCell<Option<(usize, Snapshot)>>,
    /// Why a solve was stopped by us.
    failed: RefCell<Option<Failure>>,
    /// Right-hand sides that a solve may take.
    most: usize,
    /// Where the solve was when it was last foretold.
    seen: Cell<Seen>,
}

/// What the output of a solve writes and a checkpoint reads.
pub(super) type Held<'a, 'w, 'r> = RefCell<(&'a mut Writer<'w>, &'r mut Record)>;

impl Keeper {
    /// Checkpoints every `seconds` in `directory`; none for 0.
    pub(crate) fn new(directory: Option<&Path>, config: &Config, seconds: f64) -> Self {
        let every = (seconds > 0.0).then(|| Duration::from_secs_f64(seconds));
        Self {
            directory: directory.map(Path::to_owned),
            fingerprint: config.fingerprint,
            every,
            due: Cell::new(Instant::now() + every.unwrap_or_default()),
            resume: RefCell::new(None),
            failed: RefCell::new(None),
            most: config.limits.right_hand_sides,
            seen: Cell::new(Seen::default()),
        }
    }

    /// Whose checkpoints it writes and reads.
    fn owner(&self) -> Owner {
        static BUILD: OnceLock<u64> = OnceLock::new();
        let program = || std::env::current_exe().ok().and_then(|path| digest(&path));
        Owner {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            build: *BUILD.get_or_init(|| program().unwrap_or(0)),
            fingerprint: self.fingerprint,
        }
    }

    /// Why a solve was stopped that nobody interrupted.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failed.take()
    }

    /// The last checkpoint, if it is one of this very run. Its integrator's
    /// state is kept for [`see`](Self::see).
    pub(super) fn load(&self, watch: &dyn Watch) -> Option<Saved> {
        let directory = self.directory.as_ref()?;
        let path = directory.join(CHECKPOINT);
        let bytes = read(&path)?;
        let mine = self.owner();
        let read = sealed::whole(&bytes).and_then(|content| {
            let (owner, rest) = postcard::take_from_bytes::<Owner>(content).ok()?;
            if owner != mine {
                return Some(Err(owner));
            }
            postcard::from_bytes::<Saved>(rest).ok().map(Ok)
        });
        let place = directory.file_name().unwrap_or_default().display();
        match read {
            Some(Ok(mut saved)) => {
                let snapshot = std::mem::take(&mut saved.snapshot);
                watch.note(&format!(
                    "going on at t = {:.4} from the checkpoint in {place}",
                    snapshot.time
                ));
                *self.resume.borrow_mut() = Some((saved.round, snapshot));
                Some(saved)
            }
            other => {
                let reason = match other {
                    Some(Err(owner)) if owner.version != mine.version => {
                        format!("is of version {} of this program", owner.version)
                    }
                    Some(Err(owner)) if owner.build != mine.build => {
                        "is of another build of this program".to_owned()
                    }
                    Some(Err(_)) => "is of another configuration".to_owned(),
                    _ => "is damaged".to_owned(),
                };
                watch.note(&format!(
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
        if let Some(directory) = &self.directory {
            let _ = std::fs::remove_file(directory.join(CHECKPOINT));
        }
        self.resume.take();
    }

    /// Keeps the exact solution at N that took that long, if it was long enough
    /// to be worth it; one that cannot be written costs no more than that.
    pub(super) fn keep_exact<S: Scalar>(
        &self,
        n: usize,
        solved: &Solved<S>,
        took: Duration,
        watch: &dyn Watch,
    ) {
        let worth = |every: Duration| took >= every.mul_f64(WORTH_KEEPING);
        if self.every.is_none_or(|every| !worth(every)) {
            return;
        }
        let Some(path) = self.exact_file(n) else {
            return;
        };
        if let Err(source) = sealed::put(&path, &self.owner(), &solved.numbers()) {
            let error = ArrayError::Write { path, source };
            watch.note(&format!(
                "the exact solution for N = {n} is not kept: {error}"
            ));
        }
    }

    /// The exact solution at N that was kept: at so many times, F_1…F_J.
    pub(super) fn kept_exact<S: Scalar>(
        &self,
        n: usize,
        times: usize,
        lengths: &[usize],
        watch: &dyn Watch,
    ) -> Option<Solved<S>> {
        let bytes = read(&self.exact_file(n)?)?;
        let Some(whole) = sealed::whole(&bytes) else {
            watch.note(&format!(
                "the exact solution for N = {n} that was kept is damaged; beginning anew"
            ));
            return None;
        };
        let (owner, rest) = postcard::take_from_bytes::<Owner>(whole).ok()?;
        if owner != self.owner() {
            return None;
        }
        Solved::from_numbers(postcard::from_bytes(rest).ok()?, times, lengths)
    }

    fn exact_file(&self, n: usize) -> Option<PathBuf> {
        Some(self.directory.as_ref()?.join(format!("{EXACT}{n}")))
    }

    /// To be called by the observer of solve number `round`: goes on from the
    /// checkpoint, writes one when it is time or the run is stopped, and says whether to
    /// go on.
    pub(super) fn see(
        &self,
        progress: &Progress<'_>,
        (watch, stage): (&dyn Watch, &dyn Stage),
        round: usize,
        held: &Held<'_, '_, '_>,
    ) -> bool {
        let share = |t: f64| (t - progress.start) / (progress.end - progress.start);
        if progress.steps == 0 {
            self.seen.take();
            let mine = self.resume.borrow_mut().take_if(|(of, _)| *of == round);
            if let Some((_, snapshot)) = mine {
                stage.begin_at(share(snapshot.time));
                self.seen.set(Seen {
                    made: snapshot.statistics.rhs_evaluations,
                    time: snapshot.time,
                    elapsed: Duration::ZERO,
                });
                if let Err(error) = progress.resume(snapshot) {
                    self.failed.replace(Some(Failure::internal(error)));
                    return false;
                }
            }
            return true;
        }
        stage.set(share(progress.time));
        if let Some(failure) = self.endless(progress) {
            self.failed.replace(Some(failure));
            return false;
        }
        let is_over = progress.time >= progress.end;
        // What is done is not thrown away: the next solve, if there is one, stops.
        let stop = watch.stop() && !is_over;
        let due = self.every.is_some() && Instant::now() >= self.due.get();
        if self.every.is_some() && (due || stop) && !is_over {
            self.write(progress, round, held, watch);
        }
        !stop
    }

    /// Why a solve of that many right-hand sides is not gone on with: foretold from its
    /// latest pace, so that a short transient forbids nothing.
    fn endless(&self, progress: &Progress<'_>) -> Option<Failure> {
        let (made, time) = (progress.rhs_evaluations, progress.time);
        let left = progress.end - time;
        if made > self.most && left > 0.0 {
            let key = "`limits.right_hand_sides`";
            return Some(Failure::ended(format!(
                "{made} right-hand sides were made, as many as {key} allows"
            )));
        }
        let before = self.seen.get();
        if made < FORETOLD.max(2 * before.made) || time <= before.time {
            return None;
        }
        let elapsed = progress.elapsed;
        self.seen.set(Seen {
            made,
            time,
            elapsed,
        });
        let more = left * (made - before.made) as f64 / (time - before.time);
        let whole = made as f64 + more;
        (whole > self.most as f64).then(|| {
            let each = (elapsed - before.elapsed).as_secs_f64() / (made - before.made) as f64;
            let foretold = format!(
                "{made} right-hand sides lead to t = {time:.3e} of {end}: at this pace it takes \
                 {whole:.1e} of them and {took}, and `limits.right_hand_sides` allows {most}. Raise \
                 it to let the solve go on, or lower `time.end`",
                end = progress.end,
                took = crate::units::seconds(whole * each),
                most = self.most,
            );
            // What took long by then is not thrown away.
            match before.made {
                0 => Failure::input(foretold),
                _ => Failure::ended(foretold),
            }
        })
    }

    /// Writes a checkpoint; one that cannot be written costs no more than that.
    fn write(
        &self,
        progress: &Progress<'_>,
        round: usize,
        held: &Held<'_, '_, '_>,
        watch: &dyn Watch,
    ) {
        let Some(directory) = &self.directory else {
            return;
        };
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
            let path = directory.join(CHECKPOINT);
            let put = sealed::put(&path, &self.owner(), &content);
            put.map_err(|source| ArrayError::Write { path, source })
        });
        if let Err(error) = written {
            watch.note(&format!("no checkpoint this time: {error}"));
        }
        let pause = Duration::from_secs_f64(clock.elapsed().as_secs_f64() / LARGEST_SHARE);
        let every = self.every.unwrap_or_default();
        self.due.set(Instant::now() + every.max(pause));
    }
}
