//! What can be measured on a grid, by name.

use meanfield_abstract::{
    Axis, Field, ObservableKind, OfMarginal, PairSource, PairTensor, TwoBody,
};
use ndarray::{Array1, Array2};
use num_complex::Complex64;

use super::depletion::depletion;
use super::fourier::Fourier;
use super::{Grid, Hartree};

impl Hartree {
    /// The names of [`Hartree::measured`].
    pub(super) fn known(&self) -> Vec<String> {
        let second = ["y", "y2", "py", "py2"];
        let second = second.into_iter().filter(|_| self.grid.dimension() == 2);
        ["x", "x2", "p", "p2"]
            .into_iter()
            .chain(second)
            .chain([
                "kinetic",
                "energy",
                "density",
                "momentum",
                "g2",
                "pair_density",
                "depletion",
            ])
            .map(str::to_owned)
            .collect()
    }

    /// The observable of that name, one of [`Hartree::known`].
    pub(super) fn measured(&self, name: &str) -> Option<ObservableKind<'_, Complex64>> {
        if !self.known().iter().any(|known| known == name) {
            return None;
        }
        let matrix = match name {
            "x" | "x2" | "y" | "y2" => self.position_power(axis(name), power(name)),
            "p" | "p2" | "py" | "py2" => self.momentum_power(axis(name), power(name)),
            "kinetic" => self.kinetic.matrix().mapv(Complex64::from),
            "energy" => return Some(ObservableKind::TwoBody(self.energy())),
            "density" => return Some(ObservableKind::Field(self.density())),
            "momentum" => return Some(ObservableKind::Field(self.momentum())),
            "g2" => return Some(ObservableKind::TwoBody(self.separations())),
            "pair_density" => return Some(ObservableKind::TwoBody(self.pair_density())),
            "depletion" => {
                let d = self.grid.levels();
                return Some(ObservableKind::OfMarginal(OfMarginal {
                    axes: Vec::new(),
                    range: Some((0.0, 1.0 - 1.0 / d as f64)),
                    evaluate: Box::new(move |f| Some(vec![depletion(d, f)?])),
                }));
            }
            _ => return None,
        };
        Some(ObservableKind::OneBody(matrix.into_iter().collect()))
    }

    fn position_power(&self, axis: usize, power: i32) -> Array2<Complex64> {
        let (grid, x) = (&self.grid, self.grid.positions());
        let at = |site| Complex64::from(x[grid.index(site, axis)].powi(power));
        Array2::from_diag(&Array1::from_shape_fn(grid.levels(), at))
    }

    /// Σ_k p_k^power |k⟩⟨k| along one axis.
    fn momentum_power(&self, axis: usize, power: i32) -> Array2<Complex64> {
        let (grid, n) = (self.grid, self.grid.points());
        let momenta = grid.momenta(self.hbar);
        let element = |steps: usize| -> Complex64 {
            let waves = momenta.iter().enumerate().map(|(k, p)| {
                // k counts from −⌊n/2⌋.
                let angle = (k + n - n / 2) * steps % n;
                Complex64::cis(2.0 * std::f64::consts::PI * angle as f64 / n as f64) * p.powi(power)
            });
            waves.sum::<Complex64>() / n as f64
        };
        let row: Vec<Complex64> = (0..n).map(element).collect();
        let d = grid.levels();
        Array2::from_shape_fn((d, d), |(x, y)| {
            let others = (0..grid.dimension()).filter(|&other| other != axis);
            for other in others {
                if grid.index(x, other) != grid.index(y, other) {
                    return Complex64::ZERO;
                }
            }
            let steps = (n + grid.index(x, axis) - grid.index(y, axis)) % n;
            // The element and its mirror agree to the last bit.
            0.5 * (row[steps] + row[(n - steps) % n].conj())
        })
    }

    /// The energy per particle ⟨h⟩ + ½(1 − 1/N)⟨v⟩.
    fn energy(&self) -> TwoBody<'_, Complex64> {
        let (d, h) = (self.grid.levels(), self.one_body_matrix());
        let pair = move |g: &dyn PairTensor<Complex64>| {
            let v = self.pair_table();
            let each = (0..d).flat_map(|x| (0..d).map(move |y| (x, y)));
            let sum: f64 = each.map(|(x, y)| v[[x, y]] * at(g, d, x, y)).sum();
            vec![0.5 * sum]
        };
        TwoBody {
            axes: Vec::new(),
            of: PairSource::PerPair,
            // h is symmetric: its element and its mirror are the same.
            one_body: Some(Box::new(move |f| {
                vec![h.iter().zip(f).map(|(h, z)| h * z.re).sum()]
            })),
            pair: Box::new(pair),
        }
    }

    /// The probability of every site, Σ = 1.
    fn density(&self) -> Field<'_, Complex64> {
        let d = self.grid.levels();
        let diagonal = move |f: &[Complex64]| f.iter().step_by(d + 1).map(|z| z.re).collect();
        Field {
            axes: self.axes(["x", "y"], &self.grid.positions()),
            mean: Box::new(diagonal),
            // The square of a projector.
            square: Box::new(diagonal),
            pair: Box::new(move |g| (0..d).map(|x| at(g, d, x, x)).collect()),
        }
    }

    /// The probability of every momentum of the grid, Σ = 1.
    fn momentum(&self) -> Field<'_, Complex64> {
        let grid = self.grid;
        let fourier = Fourier::new(grid.points());
        let steps = differences(&grid);
        let d = grid.levels();
        let pair_steps = steps.clone();
        let mean = move |f: &[Complex64]| {
            let mut sums = vec![Complex64::ZERO; d];
            for (&step, z) in steps.iter().zip(f) {
                sums[step] += z;
            }
            by_momentum(&grid, &fourier, sums)
        };
        // One momentum at a time: ⟨G, a_p⊗a_p⟩ with ⟨x|a_p|x'⟩ = e^{ip(x−x')/ħ}/d.
        let pair = move |g: &dyn PairTensor<Complex64>| {
            let of = |k: usize| {
                let wave = plane_wave(&grid, increasing_to_site(&grid, k));
                let of_step = |&step: &usize| wave[step].conj() / d as f64;
                let functional: Vec<Complex64> = pair_steps.iter().map(of_step).collect();
                g.contract(&functional, &functional).re
            };
            (0..d).map(of).collect()
        };
        let square = mean.clone();
        Field {
            axes: self.axes(["p", "py"], &grid.momenta(self.hbar)),
            mean: Box::new(mean),
            square: Box::new(square),
            pair: Box::new(pair),
        }
    }

    /// g2(r) = d Σ_x ρ₂(x, x+r) with ρ₂ the diagonal of F_2: 1 for independent
    /// particles of uniform density, and of mean 1 over the separations r of
    /// the grid always.
    fn separations(&self) -> TwoBody<'_, Complex64> {
        let (grid, d) = (self.grid, self.grid.levels());
        let pair = move |g: &dyn PairTensor<Complex64>| {
            let mut out = vec![0.0; d];
            for x in 0..d {
                for (k, sum) in out.iter_mut().enumerate() {
                    let y = add_steps(&grid, x, increasing_to_site(&grid, k));
                    *sum += d as f64 * at(g, d, x, y);
                }
            }
            out
        };
        TwoBody {
            axes: self.axes(["r", "ry"], &grid.separations()),
            of: PairSource::Marginal,
            one_body: None,
            pair: Box::new(pair),
        }
    }

    /// ρ₂(x, x'), the probability that one particle is at x and another at x'.
    fn pair_density(&self) -> TwoBody<'_, Complex64> {
        let (d, x) = (self.grid.levels(), self.grid.positions());
        let mut axes = self.axes(["x1", "y1"], &x);
        axes.extend(self.axes(["x2", "y2"], &x));
        let pair = move |g: &dyn PairTensor<Complex64>| {
            let each = (0..d).flat_map(|x| (0..d).map(move |y| (x, y)));
            each.map(|(x, y)| at(g, d, x, y)).collect()
        };
        TwoBody {
            axes,
            of: PairSource::Marginal,
            one_body: None,
            pair: Box::new(pair),
        }
    }

    fn axes(&self, names: [&str; 2], values: &[f64]) -> Vec<Axis> {
        let names = names.into_iter().take(self.grid.dimension());
        let axis = |name: &str| Axis {
            name: name.to_owned(),
            values: values.to_vec(),
        };
        names.map(axis).collect()
    }
}

/// The axis a name like "py2" is about.
fn axis(name: &str) -> usize {
    usize::from(name.contains('y'))
}

/// 2 for a name like "py2".
fn power(name: &str) -> i32 {
    if name.ends_with('2') { 2 } else { 1 }
}

/// The diagonal element G[(x,x), (y,y)].
fn at(g: &dyn PairTensor<Complex64>, d: usize, x: usize, y: usize) -> f64 {
    g.entry(x * (d + 1), y * (d + 1)).re
}

/// The site x − x', component by component and modulo n, of every index x·d + x'.
fn differences(grid: &Grid) -> Vec<usize> {
    let (n, d) = (grid.points(), grid.levels());
    let difference = |x: usize, y: usize| {
        (0..grid.dimension()).fold(0, |site, axis| {
            site * n + (n + grid.index(x, axis) - grid.index(y, axis)) % n
        })
    };
    (0..d * d).map(|k| difference(k / d, k % d)).collect()
}

/// The sum of two sites as displacements, modulo n.
fn add_steps(grid: &Grid, a: usize, b: usize) -> usize {
    let n = grid.points();
    (0..grid.dimension()).fold(0, |site, axis| {
        site * n + (grid.index(a, axis) + grid.index(b, axis)) % n
    })
}

/// The site whose components are 0 … n−1 counted modulo n, for components
/// that are counted from −⌊n/2⌋.
fn increasing_to_site(grid: &Grid, k: usize) -> usize {
    let n = grid.points();
    (0..grid.dimension()).fold(0, |site, axis| {
        site * n + (grid.index(k, axis) + n - n / 2) % n
    })
}

/// e^{ipu/ħ} at every site u, for the momentum whose components are those of
/// `momentum` in units of 2πħ/L.
fn plane_wave(grid: &Grid, momentum: usize) -> Vec<Complex64> {
    let n = grid.points();
    let phase = |site: usize| {
        let turns = (0..grid.dimension())
            .map(|axis| grid.index(momentum, axis) * grid.index(site, axis) % n)
            .sum::<usize>();
        Complex64::cis(2.0 * std::f64::consts::PI * turns as f64 / n as f64)
    };
    (0..grid.levels()).map(phase).collect()
}

/// (1/d) Σ_u e^{−ipu/ħ} sums\[u\] for increasing momenta p.
fn by_momentum(grid: &Grid, fourier: &Fourier, mut sums: Vec<Complex64>) -> Vec<f64> {
    fourier.transform(grid.dimension(), &mut sums);
    let (n, d) = (grid.points(), grid.levels());
    (0..d)
        .map(|k| {
            let site = increasing_to_site(grid, k);
            // The transform in two dimensions is transposed.
            let from = match grid.dimension() {
                1 => site,
                _ => site % n * n + site / n,
            };
            sums[from].re / d as f64
        })
        .collect()
}
