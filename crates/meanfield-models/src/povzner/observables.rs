//! What is measured: moments of the velocity, fields over space and over
//! velocities, correlations of the density.

use meanfield_abstract::{
    Axis, Field, Model, ObservableKind, OfMarginal, PairSource, PairTensor, Series, TwoBody,
};
use num_complex::Complex64;

use super::Povzner;
use super::grid::Grid;
use super::velocity_space::VelocitySpace;

/// A polynomial in the velocity: factors and powers of each component.
type Polynomial = Vec<(f64, [usize; 3])>;

/// Names of the moments, with the least number of components each needs.
const MOMENTS: [(&str, usize); 10] = [
    ("vx", 1),
    ("vy", 2),
    ("vz", 3),
    ("m2", 1),
    ("m4", 1),
    ("txx", 1),
    ("tyy", 2),
    ("tzz", 3),
    ("energy", 1),
    ("qx", 1),
];

/// The moment of that name for velocities of `components` components.
fn moment(name: &str, components: usize) -> Option<Polynomial> {
    let (_, least) = MOMENTS.iter().find(|(known, _)| *known == name)?;
    if components < *least {
        return None;
    }
    let of = |powers: &[(usize, usize)]| {
        let mut out = [0; 3];
        powers.iter().for_each(|&(axis, power)| out[axis] += power);
        out
    };
    let squares = |factor: f64| (0..components).map(move |k| (factor, of(&[(k, 2)])));
    Some(match name {
        "vx" => vec![(1.0, of(&[(0, 1)]))],
        "vy" => vec![(1.0, of(&[(1, 1)]))],
        "vz" => vec![(1.0, of(&[(2, 1)]))],
        "txx" => vec![(1.0, of(&[(0, 2)]))],
        "tyy" => vec![(1.0, of(&[(1, 2)]))],
        "tzz" => vec![(1.0, of(&[(2, 2)]))],
        "m2" => squares(1.0).collect(),
        "energy" => squares(0.5).collect(),
        "qx" => (0..components)
            .map(|k| (1.0, of(&[(0, 1), (k, 2)])))
            .collect(),
        _ => (0..components)
            .flat_map(|k| (0..components).map(move |l| (1.0, of(&[(k, 2), (l, 2)]))))
            .collect(),
    })
}

impl Povzner {
    /// The names of [`Measured`](meanfield_abstract::Measured).
    pub(super) fn names(&self) -> Vec<String> {
        let components = self.velocity_dimension();
        let moments = MOMENTS.iter().map(|(name, _)| *name);
        let moments = moments.filter(|name| self.moment(name, components).is_some());
        let fields = ["density", "density_correlation"].into_iter();
        let of_weights = ["velocity", "entropy"].into_iter();
        moments
            .chain(fields)
            .chain(of_weights.filter(|_| self.holds_weights()))
            .map(str::to_owned)
            .collect()
    }

    /// Whether the entries are probabilities of velocities.
    fn holds_weights(&self) -> bool {
        matches!(self.velocity_space(), VelocitySpace::Lattice { .. })
    }

    /// The functional of a moment on one cell.
    fn moment(&self, name: &str, components: usize) -> Option<Vec<f64>> {
        self.velocity_space().functional(&moment(name, components)?)
    }

    pub(super) fn observable_named(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        match name {
            "density" => return Some(ObservableKind::Field(self.density())),
            "density_correlation" => {
                return Some(ObservableKind::TwoBody(self.density_correlation()));
            }
            "velocity" if self.holds_weights() => {
                return Some(ObservableKind::Field(self.velocity_distribution()));
            }
            "entropy" if self.holds_weights() => {
                return Some(ObservableKind::OfMarginal(OfMarginal {
                    axes: Vec::new(),
                    range: None,
                    evaluate: Box::new(entropy),
                }));
            }
            _ => {}
        }
        let cell = self.moment(name, self.velocity_dimension())?;
        let cells = self.collisions().grid.cells();
        let values = std::iter::repeat_n(cell, cells).flatten();
        Some(ObservableKind::OneBody(
            values.map(Complex64::from).collect(),
        ))
    }

    /// The probability of each cell, of sum 1.
    fn density(&self) -> Field<'_, f64> {
        let (grid, n) = (self.collisions().grid, self.collisions().velocities);
        let mass = self.mass();
        let mean = move |f: &[f64]| f.chunks_exact(n).map(|cell| pairing(mass, cell)).collect();
        let positions = (0..grid.points).map(|k| grid.position(grid.along(0, k))[0]);
        Field {
            axes: axes(&grid, ["x", "y"], positions.collect()),
            mean: Box::new(mean),
            // The square of an indicator.
            square: Box::new(mean),
            pair: Box::new(move |g| {
                let cells = 0..grid.cells();
                cells.map(|x| of_cells(g, mass, x, x)).collect()
            }),
        }
    }

    /// C(r) = Σ_x Σ_{v,v'} g(x,v; x+r,v') of the correlation g = N(F_2 −
    /// F_1⊗F_1): Σ_r C(r) = 0, and C = 0 for independent particles.
    fn density_correlation(&self) -> TwoBody<'_, f64> {
        let (grid, mass) = (self.collisions().grid, self.mass());
        let half = grid.points / 2;
        let separations = (0..grid.points).map(|k| (k as f64 - half as f64) * grid.step());
        // Separations increase from −⌊n/2⌋ in each direction.
        let origin = (0..grid.dimension).fold(0, |cell, axis| cell + grid.along(axis, half));
        TwoBody {
            axes: axes(&grid, ["r", "ry"], separations.collect()),
            of: PairSource::Correlation,
            one_body: None,
            pair: Box::new(move |g| {
                let mut out = vec![0.0; grid.cells()];
                for x in 0..grid.cells() {
                    for (k, sum) in out.iter_mut().enumerate() {
                        let r = grid.minus(k, origin);
                        let y = grid.minus(x, grid.minus(0, r));
                        *sum += of_cells(g, mass, x, y);
                    }
                }
                out
            }),
        }
    }

    /// The probability of each velocity, of sum 1.
    fn velocity_distribution(&self) -> Field<'_, f64> {
        let n = self.collisions().velocities;
        let cells = self.collisions().grid.cells();
        let mean = move |f: &[f64]| {
            let mut out = vec![0.0; n];
            for cell in f.chunks_exact(n) {
                out.iter_mut().zip(cell).for_each(|(sum, f)| *sum += f);
            }
            out
        };
        let values = if self.velocity_dimension() == 1 {
            self.velocities().iter().map(|v| v[0]).collect()
        } else {
            (0..n).map(|k| k as f64).collect()
        };
        Field {
            axes: vec![Axis {
                name: "v".to_owned(),
                values,
            }],
            mean: Box::new(mean),
            square: Box::new(mean),
            pair: Box::new(move |g| {
                let of = |v: usize| -> f64 {
                    let each = (0..cells).flat_map(|x| (0..cells).map(move |y| (x, y)));
                    each.map(|(x, y)| g.entry(x * n + v, y * n + v)).sum()
                };
                (0..n).map(of).collect()
            }),
        }
    }

    /// The trace functional of one cell.
    fn mass(&self) -> &[f64] {
        &self.space().trace()[..self.collisions().velocities]
    }
}

/// −Σ f ln f of the weights, as a series: f_0 + f_1/N + …; `None` where the
/// limit has no logarithm.
fn entropy(coefficients: &[&[f64]]) -> Option<Vec<Series>> {
    let limit = coefficients.first()?;
    let mut sum = Series::constant(0.0, coefficients.len());
    for k in 0..limit.len() {
        let f = Series::new(coefficients.iter().map(|f| f[k]).collect());
        sum = &sum - &(&f * &f.ln()?);
    }
    Some(vec![sum])
}

fn pairing(a: &[f64], f: &[f64]) -> f64 {
    a.iter().zip(f).map(|(a, f)| a * f).sum()
}

/// Σ_{v,v'} mass(v) mass(v') G(x,v; y,v').
fn of_cells(g: &dyn PairTensor<f64>, mass: &[f64], x: usize, y: usize) -> f64 {
    let n = mass.len();
    let massive = || mass.iter().enumerate().filter(|(_, m)| **m != 0.0);
    let mut sum = 0.0;
    for (v, a) in massive() {
        for (w, b) in massive() {
            sum += a * b * g.entry(x * n + v, y * n + w);
        }
    }
    sum
}

/// The same coordinates in each direction of space.
fn axes(grid: &Grid, names: [&str; 2], values: Vec<f64>) -> Vec<Axis> {
    let names = names.iter().take(grid.dimension);
    names
        .map(|name| Axis {
            name: (*name).to_owned(),
            values: values.clone(),
        })
        .collect()
}
