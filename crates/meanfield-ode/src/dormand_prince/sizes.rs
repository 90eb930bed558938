//! The size of every block, and the error of a step measured against it.

use std::ops::Range;

use meanfield_tensor::Scalar;
use rayon::prelude::*;

use super::combine::TASK;
use super::{ERROR, LAST, STORED_STAGES};

/// The size of every block, against which its error is measured.
pub(super) struct Sizes<'a> {
    pub(super) blocks: &'a [usize],
    pub(super) largest: Vec<f64>,
    pub(super) tolerance: f64,
}

fn square<S: Scalar>(x: S) -> f64 {
    x.to_complex().norm_sqr()
}

/// Sums over a range, K at a time, in tasks whose results are added in order.
fn sums<const K: usize>(
    range: Range<usize>,
    part: impl Fn(Range<usize>) -> [f64; K] + Sync,
) -> [f64; K] {
    if range.len() <= TASK {
        return part(range);
    }
    let starts: Vec<usize> = range.clone().step_by(TASK).collect();
    let parts = starts
        .into_par_iter()
        .map(|start| part(start..(start + TASK).min(range.end)));
    let parts: Vec<_> = parts.collect();
    parts.iter().fold([0.0; K], |mut sum, part| {
        sum.iter_mut().zip(part).for_each(|(x, y)| *x += y);
        sum
    })
}

/// Root mean square over a range.
fn rms<S: Scalar>(range: Range<usize>, x: &[S]) -> f64 {
    let n = range.len().max(1) as f64;
    let [total] = sums(range, |part| [x[part].iter().map(|&x| square(x)).sum()]);
    (total / n).sqrt()
}

impl Sizes<'_> {
    fn ranges(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let mut start = 0;
        self.blocks.iter().enumerate().map(move |(block, &length)| {
            start += length;
            (block, start - length..start)
        })
    }

    /// A first step that changes no block by more than a small part of its size.
    pub(super) fn first_step<S: Scalar>(&mut self, y: &[S], slope: &[S], span: f64) -> f64 {
        let mut step = span;
        for (block, range) in self.ranges().collect::<Vec<_>>() {
            let (size, speed) = (rms(range.clone(), y), rms(range, slope));
            self.largest[block] = self.largest[block].max(size);
            if speed > 0.0 && size > 0.0 {
                step = step.min(self.tolerance.powf(0.2) * self.largest[block] / speed);
            }
        }
        step.min(0.1 * span)
    }

    /// The largest error of a block, in units of what is allowed.
    pub(super) fn error<S: Scalar>(
        &self,
        y: &[S],
        trial: &[S],
        stages: [&[S]; STORED_STAGES],
        h: f64,
    ) -> f64 {
        let mut worst = 0.0_f64;
        for (block, range) in self.ranges() {
            let n = range.len();
            let [defect, size, speed] = sums(range, |part| {
                let [mut defect, mut size, mut speed] = [0.0; 3];
                for i in part {
                    let mut e = stages[0][i].scaled(ERROR[0]);
                    for k in LAST + 1..STORED_STAGES {
                        e += stages[k][i].scaled(ERROR[k]);
                    }
                    e += stages[LAST][i].scaled(ERROR[LAST]);
                    defect += square(e);
                    size += square(y[i]).max(square(trial[i]));
                    speed += square(stages[0][i]).max(square(stages[LAST][i]));
                }
                [defect, size, speed]
            });
            let root = |x: f64| (x / n.max(1) as f64).sqrt();
            let scale = self.largest[block].max(root(size)).max(h * root(speed));
            let error = h * root(defect) / (self.tolerance * scale);
            if !error.is_finite() {
                return f64::NAN;
            }
            worst = worst.max(error);
        }
        worst
    }

    pub(super) fn accept<S: Scalar>(&mut self, y: &[S], slope: &[S], h: f64) {
        for (block, range) in self.ranges().collect::<Vec<_>>() {
            let (size, speed) = (rms(range.clone(), y), rms(range, slope));
            self.largest[block] = self.largest[block].max(size).max(h * speed);
        }
    }
}
