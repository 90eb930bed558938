//! Scratch that operators reuse from call to call, from any thread.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Buffers that are lent and come back: after the first few calls of an operator
/// nothing is allocated any more.
///
/// As many are kept as were ever lent at once. A clone starts empty.
pub struct Pool<S> {
    free: Mutex<Vec<Vec<S>>>,
}

/// Buffers for which there is room in the list from the start.
const ROOM: usize = 64;

impl<S> Pool<S> {
    /// No buffers yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            free: Mutex::new(Vec::with_capacity(ROOM)),
        }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Vec<S>>> {
        // A buffer's contents mean nothing, whatever happened to their user.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Copy> Pool<S> {
    /// Lends `len` numbers that may be anything; those of a new buffer are `value`.
    /// The smallest buffer that is long enough is taken, or else the longest one
    /// and made longer.
    pub fn lend(&self, len: usize, value: S) -> Lent<'_, S> {
        let mut free = self.free();
        let fits = |b: &Vec<S>| b.len() >= len;
        let best = (0..free.len()).min_by_key(|&k| {
            let b = &free[k];
            (
                !fits(b),
                if fits(b) {
                    b.len()
                } else {
                    usize::MAX - b.len()
                },
            )
        });
        let mut buffer = best.map_or_else(Vec::new, |k| free.swap_remove(k));
        drop(free);
        if buffer.len() < len {
            // Nothing of the old contents is worth a copy.
            buffer.clear();
            buffer.reserve_exact(len);
            buffer.resize(len, value);
        }
        Lent {
            pool: self,
            buffer,
            len,
        }
    }

    /// The same, all of them `value`.
    pub fn filled(&self, len: usize, value: S) -> Lent<'_, S> {
        let mut lent = self.lend(len, value);
        lent.fill(value);
        lent
    }
}

impl<S> Default for Pool<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Clone for Pool<S> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Pool<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({} free)", self.free().len())
    }
}

/// Numbers lent by a [`Pool`], which get back to it when this is dropped.
#[derive(Debug)]
pub struct Lent<'a, S> {
    pool: &'a Pool<S>,
    buffer: Vec<S>,
    len: usize,
}

impl<S> Deref for Lent<'_, S> {
    type Target = [S];
    fn deref(&self) -> &[S] {
        &self.buffer[..self.len]
    }
}

impl<S> DerefMut for Lent<'_, S> {
    fn deref_mut(&mut self) -> &mut [S] {
        &mut self.buffer[..self.len]
    }
}

impl<S> Drop for Lent<'_, S> {
    fn drop(&mut self) {
        self.pool.free().push(std::mem::take(&mut self.buffer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_buffers_come_back_and_the_best_one_is_lent() {
        let pool = Pool::new();
        {
            let (mut long, short) = (pool.filled(100, 1.0), pool.filled(10, 2.0));
            assert!(long.iter().all(|&x| x == 1.0) && short.len() == 10);
            long[99] = 7.0;
        }
        assert_eq!(pool.free().len(), 2);
        // Ten fit the short one; what is long enough keeps what was in it.
        let ten = pool.lend(9, 0.0);
        assert_eq!(&ten[..], &[2.0; 9]);
        assert_eq!(pool.lend(100, 0.0)[99], 7.0);
        // A longer one replaces the longest that is free.
        drop(pool.filled(200, 3.0));
        assert_eq!(pool.free().len(), 1);
        drop(ten);
        assert_eq!(pool.free().len(), 2);
        assert_eq!(pool.clone().free().len(), 0);
    }
}
