//! The product ⊙ of packed tensors, along runs.

use std::ops::Range;

use super::SymmetricLayout;
use crate::Scalar;
use crate::ranks::{Run, next_indices};

impl SymmetricLayout {
    /// `T += c A⊙B` with A of degree p and B of degree q: the sum over the
    /// subsets K of p of the p+q slots of A on K times B on the rest.
    /// Cost: at most binom(p+q, p)·len(p+q); equal indices make equal terms,
    /// which are added up first.
    ///
    /// The slot with the smallest index belongs to A or to B: along a run of T
    /// one factor runs too, and the other stands still.
    pub fn add_product<S: Scalar>(
        &self,
        (p, a): (usize, &[S]),
        (q, b): (usize, &[S]),
        c: S,
        tensor: &mut [S],
    ) {
        match (p, q) {
            (0, _) => add_scaled(c * a[0], b, tensor),
            (_, 0) => add_scaled(c * b[0], a, tensor),
            (1 | 2, _) if self.has_short_runs(p + q) => {
                self.look_up_product((p, a), (q, b), c, tensor);
            }
            (_, 1 | 2) if self.has_short_runs(p + q) => {
                self.look_up_product((q, b), (p, a), c, tensor);
            }
            _ => self.walk_product((p, a), (q, b), c, tensor),
        }
    }

    /// [`add_product`](SymmetricLayout::add_product) along runs, p and q ≥ 1.
    pub(super) fn walk_product<S: Scalar>(
        &self,
        (p, a): (usize, &[S]),
        (q, b): (usize, &[S]),
        c: S,
        tensor: &mut [S],
    ) {
        let j = p + q;
        let mut runs = self.ranks.runs(j, 0..self.len(j));
        while let Some(Run { tail, first, at }) = runs.next() {
            let to = &mut tensor[at..at + first.len()];
            // The running index takes the first place of its factor.
            let mut running_left = |running: usize, still: usize, times: f64| {
                let weight = (c * b[still]).scaled(times);
                add_scaled(weight, &a[running..][..to.len()], to);
            };
            let parts = Parts::new(p - 1, q, 2, 1);
            self.split(tail, parts, &mut running_left);
            let mut running_right = |still: usize, running: usize, times: f64| {
                let weight = (c * a[still]).scaled(times);
                add_scaled(weight, &b[running..][..to.len()], to);
            };
            let parts = Parts::new(p, q - 1, 1, 2);
            self.split(tail, parts, &mut running_right);
        }
    }

    /// Every way to choose `degree` of the `m` indices of each of some entries,
    /// equal ones counted together: `visit(k, rank of the chosen, rank of the
    /// rest, number of such choices)` for the k-th of the entries.
    pub fn for_each_split(
        &self,
        m: usize,
        entries: Range<usize>,
        degree: usize,
        mut visit: impl FnMut(usize, usize, usize, f64),
    ) {
        if entries.is_empty() {
            return;
        }
        let mut indices = self.ranks.indices(m, entries.start);
        if degree == 1 || degree + 1 == m {
            // One index, and the others.
            for k in 0..entries.len() {
                self.each_index(&indices, |one, others, times| match degree {
                    1 => visit(k, one, others, times),
                    _ => visit(k, others, one, times),
                });
                next_indices(&mut indices);
            }
            return;
        }
        for k in 0..entries.len() {
            let mut visit = |first, rest, times| visit(k, first, rest, times);
            self.split(&indices, Parts::new(degree, m - degree, 1, 1), &mut visit);
            next_indices(&mut indices);
        }
    }

    /// Every different one of some sorted indices: itself, the rank of the others, and how
    /// often it comes.
    fn each_index(&self, indices: &[u32], mut visit: impl FnMut(usize, usize, f64)) {
        let mut others: usize = (1..)
            .zip(indices.iter().skip(1))
            .map(|(k, &a)| self.ranks.at(k)[a as usize])
            .sum();
        let mut k = 0;
        while let Some(&a) = indices.get(k) {
            let end = k + indices[k..].iter().take_while(|&&b| b == a).count();
            visit(a as usize, others, (end - k) as f64);
            // The next one is taken out in the place of this one.
            for place in k..end {
                if let Some(&next) = indices.get(place + 1) {
                    let at = self.ranks.at(place + 1);
                    others = others + at[indices[place] as usize] - at[next as usize];
                }
            }
            k = end;
        }
    }

    /// Gives the sorted indices to the two parts in every way.
    fn split(&self, indices: &[u32], parts: Parts, visit: &mut impl FnMut(usize, usize, f64)) {
        let Some(&first) = indices.first() else {
            return visit(parts.left, parts.right, parts.times);
        };
        let equal = indices.iter().take_while(|&&a| a == first).count();
        let (a, rest) = (first as usize, &indices[equal..]);
        // binom(equal, chosen), from one choice to the next.
        let mut ways = 1.0;
        for chosen in 0..=equal.min(parts.p) {
            let other = equal - chosen;
            if other <= parts.q {
                let step =
                    |places: Range<usize>| -> usize { places.map(|k| self.ranks.at(k)[a]).sum() };
                let next = Parts {
                    p: parts.p - chosen,
                    q: parts.q - other,
                    i: parts.i + chosen,
                    k: parts.k + other,
                    left: parts.left + step(parts.i..parts.i + chosen),
                    right: parts.right + step(parts.k..parts.k + other),
                    times: parts.times * ways,
                };
                self.split(rest, next, visit);
            }
            ways *= (equal - chosen) as f64 / (chosen + 1) as f64;
        }
    }
}

/// How many indices two parts still lack, the place of their next one, and the
/// ranks so far.
#[derive(Clone, Copy)]
struct Parts {
    p: usize,
    q: usize,
    i: usize,
    k: usize,
    left: usize,
    right: usize,
    times: f64,
}

impl Parts {
    fn new(p: usize, q: usize, i: usize, k: usize) -> Self {
        Self {
            p,
            q,
            i,
            k,
            left: 0,
            right: 0,
            times: 1.0,
        }
    }
}

fn add_scaled<S: Scalar>(c: S, from: &[S], to: &mut [S]) {
    for (x, &y) in to.iter_mut().zip(from) {
        *x += c * y;
    }
}
