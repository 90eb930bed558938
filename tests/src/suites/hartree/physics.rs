//! The parameters of a model, and h and v written down from them a second
//! time: plane waves one after the other, distances pair by pair.

use std::f64::consts::PI;

use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use ndarray::{Array1, Array2};
use num_complex::Complex64;

/// A matrix over sites, or pairs of sites.
pub(super) type Matrix = Array2<Complex64>;

/// What a model is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Physics {
    pub(super) dimension: usize,
    pub(super) points: usize,
    pub(super) length: f64,
    pub(super) hbar: f64,
    pub(super) mass: f64,
    pub(super) potential: Potential,
    pub(super) trap: Option<Trap>,
}

impl Physics {
    /// A line with a Gaussian repulsion in a harmonic trap; ħ and m are not 1.
    pub(super) fn line(points: usize) -> Self {
        Self {
            dimension: 1,
            points,
            length: 3.0,
            hbar: 0.7,
            mass: 1.6,
            potential: Potential::Gaussian {
                strength: 1.2,
                width: 0.6,
            },
            trap: Some(Trap::Harmonic { omega: 0.8 }),
        }
    }

    pub(super) fn model(&self) -> Hartree {
        Grid::new(self.dimension, self.points, self.length)
            .and_then(|grid| Hartree::new(grid, self.hbar, self.mass, self.potential, self.trap))
            .expect("parameters in range")
    }

    pub(super) fn levels(&self) -> usize {
        self.points.pow(self.dimension as u32)
    }

    /// The components of a site, 0 … n−1.
    fn components(&self, site: usize) -> Vec<usize> {
        match self.dimension {
            1 => vec![site],
            _ => vec![site / self.points, site % self.points],
        }
    }

    /// The displacement of two sites along each axis, without its sign.
    fn apart(&self, x: usize, y: usize) -> Vec<f64> {
        let (x, y) = (self.components(x), self.components(y));
        let spacing = self.length / self.points as f64;
        let nearest = |(&i, &j): (&usize, &usize)| {
            let images = [-1.0, 0.0, 1.0]
                .map(|image| ((i as f64 - j as f64) * spacing + image * self.length).abs());
            images.into_iter().fold(f64::INFINITY, f64::min)
        };
        x.iter().zip(&y).map(nearest).collect()
    }

    /// v between two sites.
    pub(super) fn interaction(&self, x: usize, y: usize) -> f64 {
        let r = self.apart(x, y);
        let square: f64 = r.iter().map(|r| r * r).sum();
        match self.potential {
            Potential::Gaussian { strength, width } => {
                strength * (-square / (2.0 * width.powi(2))).exp()
            }
            Potential::SoftCoulomb {
                strength,
                softening,
            } => strength / (square + softening.powi(2)).sqrt(),
            Potential::Cosine { strength } => {
                let wave = |r: &f64| strength * (2.0 * PI * r / self.length).cos();
                r.iter().map(wave).sum()
            }
            Potential::Contact { strength } => {
                let cell = (self.length / self.points as f64).powi(self.dimension as i32);
                if x == y { strength / cell } else { 0.0 }
            }
            _ => f64::NAN,
        }
    }

    fn trapping(&self, site: usize) -> f64 {
        let spacing = self.length / self.points as f64;
        let position = |&i: &usize| i as f64 * spacing - self.length / 2.0;
        let x: Vec<f64> = self.components(site).iter().map(position).collect();
        match self.trap {
            None => 0.0,
            Some(Trap::Harmonic { omega }) => x
                .iter()
                .map(|x| self.mass * (omega * x).powi(2) / 2.0)
                .sum(),
            Some(Trap::Lattice { depth, periods }) => {
                let wave = |x: &f64| (PI * periods as f64 * x / self.length).sin();
                x.iter().map(|x| depth * wave(x).powi(2)).sum()
            }
            Some(Trap::DoubleWell { separation, height }) => {
                height * ((2.0 * x[0] / separation).powi(2) - 1.0).powi(2)
            }
            Some(_) => f64::NAN,
        }
    }

    /// h = Σ_k (2πħk/L)²/2m |k⟩⟨k| + trap.
    pub(super) fn one_body(&self) -> Matrix {
        let (n, d) = (self.points as i64, self.levels());
        let wave_number = |k: i64| if 2 * k < n { k } else { k - n };
        let mut h = Matrix::zeros((d, d));
        for mode in 0..d {
            let k: Vec<f64> = (self.components(mode).iter())
                .map(|&k| 2.0 * PI * wave_number(k as i64) as f64 / self.length)
                .collect();
            let energy: f64 = k
                .iter()
                .map(|k| (self.hbar * k).powi(2) / (2.0 * self.mass))
                .sum();
            let spacing = self.length / self.points as f64;
            let wave = |site: usize| {
                let phase = self.components(site).into_iter().zip(&k);
                Complex64::cis(phase.map(|(i, k)| k * i as f64 * spacing).sum::<f64>())
            };
            for x in 0..d {
                for y in 0..d {
                    h[[x, y]] += wave(x) * wave(y).conj() * energy / d as f64;
                }
            }
        }
        for x in 0..d {
            h[[x, x]] += self.trapping(x);
        }
        h
    }

    /// v as a matrix over pairs of sites.
    pub(super) fn pair(&self) -> Matrix {
        let d = self.levels();
        let v = |k: usize| Complex64::from(self.interaction(k / d, k % d));
        Matrix::from_diag(&Array1::from_shape_fn(d * d, v))
    }

    /// −(i/ħ)[a, b].
    pub(super) fn generator(&self, a: &Matrix, b: &Matrix) -> Matrix {
        (a.dot(b) - b.dot(a)).mapv(|z| -Complex64::I / self.hbar * z)
    }
}

/// The operator of numbers indexed by x·d + x'.
pub(super) fn operator(d: usize, f: &[Complex64]) -> Matrix {
    Matrix::from_shape_fn((d, d), |(x, y)| f[x * d + y])
}

/// The numbers of an operator of a pair, indexed by (x·d + x')·d² + y·d + y'.
pub(super) fn pair_numbers(d: usize, g: &Matrix) -> Vec<Complex64> {
    let each = (0..d.pow(4)).map(|k| {
        let (first, second) = (k / (d * d), k % (d * d));
        g[[first / d * d + second / d, first % d * d + second % d]]
    });
    each.collect()
}

/// a⊗b over pairs of sites.
pub(super) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let d = a.nrows();
    Matrix::from_shape_fn((d * d, d * d), |(row, column)| {
        a[[row / d, column / d]] * b[[row % d, column % d]]
    })
}

/// The partial trace over the second particle.
pub(super) fn traced(d: usize, pair: &Matrix) -> Matrix {
    Matrix::from_shape_fn((d, d), |(x, xp)| {
        (0..d).map(|y| pair[[x * d + y, xp * d + y]]).sum()
    })
}

/// A state moved by one site of a line.
pub(super) fn displaced(d: usize, f: &[Complex64]) -> Vec<Complex64> {
    let from = |x: usize| (x + d - 1) % d;
    (0..d * d)
        .map(|k| f[from(k / d) * d + from(k % d)])
        .collect()
}
