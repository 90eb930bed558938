//! Many computations side by side: as many at a time as there are threads and
//! memory for.

use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::failure::Failure;
use crate::watch::Watch;

/// The memory that is not spoken for.
pub(crate) struct Memory {
    /// Bytes in use, and how many users there are.
    used: Mutex<(u64, usize)>,
    released: Condvar,
    allowed: Option<u64>,
}

/// A share of the memory, until it is dropped.
pub(crate) struct Share<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Memory {
    /// That many bytes; `None`: as many as are asked for.
    pub(crate) fn new(allowed: Option<u64>) -> Self {
        Self {
            used: Mutex::new((0, 0)),
            released: Condvar::new(),
            allowed,
        }
    }

    /// Waits until the bytes are there, or nobody else has any.
    pub(crate) fn take(&self, bytes: u64) -> Share<'_> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |used: &mut (u64, usize)| {
            let sum = used.0.saturating_add(bytes);
            used.1 > 0 && self.allowed.is_some_and(|allowed| sum > allowed)
        };
        let waited = self.released.wait_while(used, full);
        let mut used = waited.unwrap_or_else(PoisonError::into_inner);
        used.0 = used.0.saturating_add(bytes);
        used.1 += 1;
        Share {
            memory: self,
            bytes,
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let used = self.memory.used.lock();
        let mut used = used.unwrap_or_else(PoisonError::into_inner);
        used.0 -= self.bytes;
        used.1 -= 1;
        self.memory.released.notify_all();
    }
}

/// So many threads for a computation.
///
/// # Errors
/// [`Failure::Internal`] when the system has no thread left.
pub(crate) fn pool(threads: usize) -> Result<ThreadPool, Failure> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| no_thread(&error))
}

/// That there is a thread for every core, as by default.
///
/// # Errors
/// As [`pool`].
pub(crate) fn every_core() -> Result<(), Failure> {
    match ThreadPoolBuilder::new().build_global() {
        // Without a cause it is that they are there already.
        Err(error) if error.source().is_some() => Err(no_thread(&error)),
        _ => Ok(()),
    }
}

fn no_thread(error: &dyn Error) -> Failure {
    let reason = error
        .source()
        .map_or(error.to_string(), ToString::to_string);
    Failure::internal(format!(
        "no thread can be begun ({reason}): end other programs, raise the limits of `ulimit -u` \
         and `ulimit -v`, or use fewer `limits.threads`"
    ))
}

/// Does `work` for every number below `count`, each on threads of its own:
/// one, or more where there are fewer numbers than threads.
///
/// # Errors
/// The first failure; then, and once whoever watches wants a stop, no further number is begun.
pub(crate) fn each(
    count: usize,
    threads: usize,
    watch: &dyn Watch,
    work: impl Fn(usize) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    let workers = threads.min(count).max(1);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let first: Mutex<Option<Failure>> = Mutex::new(None);
    let fail = |failure: Failure| {
        stop.store(true, Ordering::Relaxed);
        let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(failure);
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let worker = || {
                // A pool of its own keeps everything below to these threads.
                let pool = match pool(threads / workers) {
                    Ok(pool) => pool,
                    Err(failure) => return fail(failure),
                };
                while !stop.load(Ordering::Relaxed) && !watch.stop() {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    if let Err(failure) = pool.install(|| work(number)) {
                        return fail(failure);
                    }
                }
            };
            let begun = std::thread::Builder::new().spawn_scoped(scope, worker);
            if let Err(error) = begun {
                fail(no_thread(&error));
            }
        }
    });
    let first = first.into_inner().unwrap_or_else(PoisonError::into_inner);
    match first {
        Some(failure) => Err(failure),
        None if watch.stop() => Err(Failure::Interrupted),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Silent;

    #[test]
    fn law_every_number_is_done_once_on_the_threads_there_are() {
        for (count, threads) in [(0, 3), (1, 3), (20, 3), (3, 1)] {
            let done = Mutex::new(Vec::new());
            let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            each(count, threads, &Silent, |number| {
                let own = rayon::current_num_threads();
                assert_eq!(own, threads / threads.min(count));
                most.fetch_max(now.fetch_add(own, Ordering::SeqCst) + own, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(2));
                done.lock().unwrap().push(number);
                now.fetch_sub(own, Ordering::SeqCst);
                Ok(())
            })
            .unwrap();
            let mut done = done.into_inner().unwrap();
            done.sort_unstable();
            assert!(done.into_iter().eq(0..count));
            assert!(most.into_inner() <= threads, "{threads}");
        }
        let begun = AtomicUsize::new(0);
        let failed = each(100, 2, &Silent, |_| {
            begun.fetch_add(1, Ordering::SeqCst);
            Err(Failure::input("no"))
        });
        assert!(matches!(failed, Err(Failure::Input(_))));
        assert!(begun.into_inner() <= 2);
    }

    #[test]
    fn law_memory_is_not_given_twice() {
        let memory = Memory::new(Some(10));
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        each(30, 4, &Silent, |number| {
            let bytes = [3, 5, 10, 40][number % 4];
            let share = memory.take(bytes);
            let used = now.fetch_add(bytes as usize, Ordering::SeqCst) + bytes as usize;
            // What is too large for all is served alone.
            if used <= 10 || used == 40 {
                most.fetch_max(used.min(10), Ordering::SeqCst);
            } else {
                most.store(1000, Ordering::SeqCst);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
            now.fetch_sub(bytes as usize, Ordering::SeqCst);
            drop(share);
            Ok(())
        })
        .unwrap();
        assert!(most.into_inner() <= 10);
    }
}
