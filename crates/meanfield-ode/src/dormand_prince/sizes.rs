//! The size of every block, and the error of a step measured against it.

use meanfield_tensor::Scalar;

use super::ERROR;

/// The size of every block, against which its error is measured.
pub(super) struct Sizes<'a> {
    pub(super) blocks: &'a [usize],
    pub(super) largest: Vec<f64>,
    pub(super) tolerance: f64,
}

/// Root mean square.
fn rms(n: usize, squares: impl Iterator<Item = f64>) -> f64 {
    (squares.sum::<f64>() / n.max(1) as f64).sqrt()
}

impl Sizes<'_> {
    fn ranges(&self) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
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
            let n = range.len();
            let size = rms(n, y[range.clone()].iter().map(|x| x.modulus().powi(2)));
            let speed = rms(n, slope[range].iter().map(|x| x.modulus().powi(2)));
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
        stages: &[Vec<S>; 7],
        h: f64,
    ) -> f64 {
        let mut worst = 0.0_f64;
        for (block, range) in self.ranges() {
            let n = range.len();
            let (mut defect, mut size, mut speed) = (0.0, 0.0, 0.0);
            for i in range {
                let mut e = stages[0][i].scaled(ERROR[0]);
                for k in 2..7 {
                    e += stages[k][i].scaled(ERROR[k]);
                }
                defect += e.modulus().powi(2);
                size += y[i].modulus().powi(2).max(trial[i].modulus().powi(2));
                speed += stages[0][i]
                    .modulus()
                    .powi(2)
                    .max(stages[6][i].modulus().powi(2));
            }
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
            let n = range.len();
            let size = rms(n, y[range.clone()].iter().map(|x| x.modulus().powi(2)));
            let speed = rms(n, slope[range].iter().map(|x| x.modulus().powi(2)));
            self.largest[block] = self.largest[block].max(size).max(h * speed);
        }
    }
}
