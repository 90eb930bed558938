//! The inner loops of the pass over pairs, a copy for each set of vector
//! instructions.

use meanfield_abstract::Transitions;
use meanfield_tensor::{Kernel, Scalar};

use super::interaction::TERMS;

/// `block[{c,e}] += Σ_k left_k[c] right_k[e]` over `count` terms, for c ≤ e.
pub(super) struct Outer<'a, S, const L: usize> {
    pub(super) d: usize,
    pub(super) left: &'a [[S; L]],
    pub(super) right: &'a [[S; L]],
    pub(super) count: usize,
    pub(super) block: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Kernel for Outer<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        for e in 0..self.d {
            let right = &self.right[e * TERMS..][..self.count];
            let row = &mut self.block[e * (e + 1) / 2..][..=e];
            for (c, to) in row.iter_mut().enumerate() {
                let mut sum = *to;
                for (x, z) in self.left[c * TERMS..][..self.count].iter().zip(right) {
                    for lane in 0..L {
                        sum[lane] += x[lane] * z[lane];
                    }
                }
                *to = sum;
            }
        }
    }
}

/// Products by transitions c → a: of one factor an index b is shown, of the
/// other the lanes are kept.
pub(super) struct OneIndex<'a, S, const L: usize> {
    pub(super) transitions: &'a Transitions<S>,
    pub(super) first_shows: bool,
    pub(super) shown_by: &'a [S],
    pub(super) width: usize,
    pub(super) kept: &'a [[S; L]],
}

impl<S: Scalar, const L: usize> OneIndex<'_, S, L> {
    #[inline(always)]
    pub(super) fn of(&self, transition: usize, c: usize) -> (&[S], &[S; L]) {
        let (shown, kept) = if self.first_shows {
            (c, transition)
        } else {
            (transition, c)
        };
        let shown = &self.shown_by[shown * self.width..][..self.width];
        (shown, &self.kept[kept])
    }

    /// `sum += R_ab`.
    #[inline(always)]
    fn add(&self, sum: &mut [S; L], a: usize, b: usize) {
        for (transition, c) in self.transitions.leading_to(a) {
            let (shown, kept) = self.of(transition, c);
            let x = shown[b];
            for lane in 0..L {
                sum[lane] += x * kept[lane];
            }
        }
    }
}

/// S += R + Rᵀ for all pairs.
pub(super) struct Symmetrised<'a, S, const L: usize> {
    pub(super) d: usize,
    pub(super) rates: OneIndex<'a, S, L>,
    pub(super) image: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Kernel for Symmetrised<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        for a in 0..self.d {
            let row = &mut self.image[a * (a + 1) / 2..][..=a];
            for (b, to) in row.iter_mut().enumerate() {
                let mut sum = *to;
                self.rates.add(&mut sum, a, b);
                self.rates.add(&mut sum, b, a);
                *to = sum;
            }
        }
    }
}

/// `image += x·factor`, a number for each pair and one for each lane.
pub(super) struct RankOne<'a, S, const L: usize> {
    pub(super) pair: &'a [S],
    pub(super) factor: [S; L],
    pub(super) image: &'a mut [[S; L]],
}

impl<S: Scalar, const L: usize> Kernel for RankOne<'_, S, L> {
    #[inline(always)]
    fn run(self) {
        for (to, &x) in self.image.iter_mut().zip(self.pair) {
            for lane in 0..L {
                to[lane] += x * self.factor[lane];
            }
        }
    }
}
