//! Buffers that begin where a line of the cache does: vectors of that length would
//! otherwise lie across two lines each.

use std::ops::{Deref, DerefMut};

use meanfield_tensor::Scalar;

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Numbers from the beginning of a line on.
pub(crate) struct Aligned<S> {
    numbers: Vec<S>,
    start: usize,
    len: usize,
}

impl<S: Scalar> Aligned<S> {
    pub(crate) fn zeros(len: usize) -> Self {
        let most = if len > 0 { LINE / size_of::<S>() } else { 0 };
        let numbers = vec![S::from_re(0.0); len + most];
        let start = numbers.as_ptr().align_offset(LINE).min(most);
        Self {
            numbers,
            start,
            len,
        }
    }
}

impl<S> Deref for Aligned<S> {
    type Target = [S];

    fn deref(&self) -> &[S] {
        &self.numbers[self.start..][..self.len]
    }
}

impl<S> DerefMut for Aligned<S> {
    fn deref_mut(&mut self) -> &mut [S] {
        &mut self.numbers[self.start..][..self.len]
    }
}
