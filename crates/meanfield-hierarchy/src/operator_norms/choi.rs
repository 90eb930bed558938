//! Completely bounded trace norms and growth rates of maps between operators, bounded from
//! above by their Choi matrices
//!
//! ```math
//! J(\Phi) = \sum_{ab} |a\rangle\langle b| \otimes \Phi(|a\rangle\langle b|).
//! ```
//!
//! A map that keeps operators Hermitian has a Hermitian J = J₊ − J₋, is a difference of two
//! completely positive maps, and so ‖Φ⊗I‖ ≤ ‖Tr_out |J|‖_∞ on every number of further
//! particles. Attained by commutators with a Pauli matrix and by every completely positive map.

use meanfield_abstract::{Basis, ModelError, in_every_slot};
use meanfield_tensor::{Scalar, TensorError, linalg};
use ndarray::{Array2, ArrayView2, IxDyn};
use num_complex::Complex64;

/// Eigenvectors are found of Choi matrices of at most this many rows: they are needed at every
/// stage of an integration.
pub(super) const LARGEST_STAGE: usize = 64;
/// The same for what is needed once.
pub(super) const LARGEST_ONCE: usize = 512;

/// The Choi matrix of a map from operators on some particles to operators on some.
#[derive(Debug, Clone)]
pub(super) struct Choi {
    /// Row (input, output), column likewise; the first particle is the slowest index.
    matrix: Array2<Complex64>,
    levels: usize,
    inputs: usize,
    outputs: usize,
}

impl Choi {
    /// Rows of the matrix; the largest number when they cannot be counted.
    pub(super) fn rows(levels: usize, particles: u32) -> usize {
        levels.checked_pow(particles).unwrap_or(usize::MAX)
    }

    /// Of the map with the matrix `map` in engine coordinates, D^`outputs` × D^`inputs`.
    pub(super) fn new<S: Scalar>(
        basis: &dyn Basis,
        levels: usize,
        map: ArrayView2<'_, S>,
        (inputs, outputs): (usize, usize),
    ) -> Self {
        let (d, n) = (levels, inputs + outputs);
        let mut shape = vec![d * d; outputs];
        shape.extend(std::iter::repeat_n(d * d, inputs));
        let map: Array2<Complex64> = map.mapv(Scalar::to_complex);
        let (rows, columns) = map.dim();
        // Columns in user coordinates: of each elementary input its image.
        let within = |m: &Array2<Complex64>, x: &Array2<Complex64>, particles: usize| {
            let mut out = x.clone();
            for (mut to, from) in out.columns_mut().into_iter().zip(x.columns()) {
                let tensor = from.to_owned().into_dyn();
                let tensor = tensor.into_shape_with_order(IxDyn(&vec![d * d; particles]));
                let Ok(tensor) = tensor else {
                    unreachable!("a column has D^particles entries");
                };
                let image = in_every_slot(m, &tensor);
                to.iter_mut().zip(&image).for_each(|(y, x)| *y = *x);
            }
            out
        };
        let mut user = map;
        if let (Some(u), Some(w)) = (basis.user_from_engine(), basis.engine_from_user()) {
            user = within(u, &user, outputs);
            // Rows against the transpose.
            user = within(&w.t().to_owned(), &user.t().to_owned(), inputs)
                .t()
                .to_owned();
        }
        debug_assert_eq!(user.dim(), (rows, columns), "a change of basis is square");
        // The user index of a particle is x·d + x', row and column of its operator.
        let half = |index: usize, particles: usize, column: bool| {
            (0..particles)
                .rev()
                .fold((0, index, 1), |(sum, index, place), _| {
                    let slot = index % (d * d);
                    let digit = if column { slot % d } else { slot / d };
                    (sum + digit * place, index / (d * d), place * d)
                })
        };
        let size = Self::rows(d, n as u32);
        let below = Self::rows(d, outputs as u32);
        let mut matrix = Array2::zeros((size, size));
        for ((row, column), &value) in user.indexed_iter() {
            let at = |side: bool| half(column, inputs, side).0 * below + half(row, outputs, side).0;
            matrix[[at(false), at(true)]] = value;
        }
        Self {
            matrix,
            levels,
            inputs,
            outputs,
        }
    }

    /// An upper bound of ‖Φ⊗I‖ on inputs whose every partial trace vanishes.
    pub(super) fn norm(&self) -> Result<f64, ModelError> {
        let mut least = largest(&self.over_outputs(&absolute(&self.matrix)?))?;
        for slot in 0..self.inputs {
            let mut other = self.matrix.clone();
            // Of two slots, each is left once as it is found, and freed after the other.
            for k in 0..self.inputs {
                other = self.freed(&other, (slot + k) % self.inputs);
                least = least.min(largest(&self.over_outputs(&absolute(&other)?))?);
            }
        }
        Ok(least)
    }

    /// An upper bound of the rate μ with ‖e^{tΦ}⊗I‖ ≤ e^{μt} on traceless inputs, of a map from
    /// one particle to itself. With Ω = Σ|aa⟩, what J is beside Ω is that of two completely
    /// positive maps Ψ₊ − Ψ₋; Φ + Ψ₋ generates a completely positive flow, which grows as its
    /// dual does on 1, and Ψ₋ is a perturbation of it.
    pub(super) fn growth(&self) -> Result<f64, ModelError> {
        let d = self.levels;
        let aside = |j: &Array2<Complex64>| {
            let mut p = Array2::<Complex64>::eye(d * d);
            for a in 0..d {
                for b in 0..d {
                    p[[a * d + a, b * d + b]] -= 1.0 / d as f64;
                }
            }
            p.dot(j).dot(&p)
        };
        let rate = |j: &Array2<Complex64>| -> Result<f64, ModelError> {
            let beside = aside(j);
            let mut negative = absolute(&beside)?;
            negative.zip_mut_with(&beside, |n, &x| *n = (*n - x) * 0.5);
            let lost = self.over_outputs(&negative);
            let own = &self.over_outputs(j) + &lost;
            Ok(largest(&own)? + largest(&lost)?)
        };
        // A traceless input does not see E ↦ Z Tr E.
        let beside = aside(&self.matrix);
        let share = 1.0 / (d * d - 1).max(1) as f64;
        let mut freed = self.matrix.clone();
        for a in 0..d {
            for (x, y) in (0..d * d).map(|xy| (xy / d, xy % d)) {
                let z: Complex64 = (0..d).map(|c| beside[[c * d + x, c * d + y]]).sum();
                freed[[a * d + x, a * d + y]] -= z * share * d as f64;
            }
        }
        Ok(rate(&self.matrix)?.min(rate(&freed)?))
    }

    /// Without what a traceless input in that slot does not see: J − 1⊗Z with Z the mean over
    /// the slot.
    fn freed(&self, matrix: &Array2<Complex64>, slot: usize) -> Array2<Complex64> {
        let (d, size) = (self.levels, matrix.nrows());
        let place = Self::rows(d, (self.inputs - 1 - slot + self.outputs) as u32);
        let digit = |index: usize| index / place % d;
        let mut out = matrix.clone();
        for row in 0..size {
            for column in (0..size).filter(|&column| digit(column) == digit(row)) {
                let (r, c) = (row - digit(row) * place, column - digit(row) * place);
                let mean = (0..d).map(|a| matrix[[r + a * place, c + a * place]]);
                out[[row, column]] -= mean.sum::<Complex64>() / d as f64;
            }
        }
        out
    }

    /// Tr_out.
    fn over_outputs(&self, matrix: &Array2<Complex64>) -> Array2<Complex64> {
        let below = Self::rows(self.levels, self.outputs as u32);
        let above = matrix.nrows() / below;
        Array2::from_shape_fn((above, above), |(a, b)| {
            (0..below)
                .map(|x| matrix[[a * below + x, b * below + x]])
                .sum()
        })
    }
}

/// |J| of the Hermitian part of J.
fn absolute(matrix: &Array2<Complex64>) -> Result<Array2<Complex64>, ModelError> {
    let hermitian = hermitian(matrix)?;
    let (values, vectors) = linalg::eigh(hermitian.view()).map_err(ModelError::from)?;
    let mut scaled = vectors.clone();
    for (mut column, value) in scaled.columns_mut().into_iter().zip(&values) {
        column.mapv_inplace(|x| x * value.abs());
    }
    Ok(scaled.dot(&vectors.t().mapv(|x| x.conj())))
}

/// The largest eigenvalue.
fn largest(matrix: &Array2<Complex64>) -> Result<f64, ModelError> {
    let (values, _) = linalg::eigh(hermitian(matrix)?.view()).map_err(ModelError::from)?;
    Ok(values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Without what rounding leaves of the other part.
fn hermitian(matrix: &Array2<Complex64>) -> Result<Array2<Complex64>, ModelError> {
    if matrix.iter().any(|x| !x.is_finite()) {
        return Err(TensorError::Factorisation {
            what: "Choi matrix that is finite",
            size: matrix.nrows(),
        }
        .into());
    }
    let mut out = matrix.clone();
    out.zip_mut_with(&matrix.t(), |x, y| *x = (*x + y.conj()) * 0.5);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: meanfield_abstract::UserBasis = meanfield_abstract::UserBasis {
        levels: Some(2),
        complex: true,
        values: true,
    };

    /// E ↦ Σ c A E B, of an operator on `particles` two-level systems.
    fn map(particles: usize, terms: &[(f64, Array2<Complex64>, Array2<Complex64>)]) -> Choi {
        let d = 1_usize << particles;
        // The user index of several particles is (x1 x1' x2 x2' …).
        let mix = |x: usize, y: usize| {
            (0..particles)
                .rev()
                .fold(0, |sum, k| 4 * sum + 2 * (x >> k & 1) + (y >> k & 1))
        };
        let mut matrix = Array2::<Complex64>::zeros((d * d, d * d));
        for (c, a, b) in terms {
            for (x, y, u, v) in
                (0..d * d * d * d).map(|k| (k / (d * d * d), k / (d * d) % d, k / d % d, k % d))
            {
                matrix[[mix(x, y), mix(u, v)]] += a[[x, u]] * b[[v, y]] * *c;
            }
        }
        Choi::new(&USER, 2, matrix.view(), (particles, particles))
    }

    fn real(rows: [[f64; 2]; 2]) -> Array2<Complex64> {
        ndarray::arr2(&rows).mapv(Complex64::from)
    }

    #[test]
    fn law_known_norms_are_met() {
        let one = || real([[1.0, 0.0], [0.0, 1.0]]);
        let z = || real([[1.0, 0.0], [0.0, -1.0]]);
        let lower = || real([[0.0, 1.0], [0.0, 0.0]]);
        let i = Complex64::i();
        let close = |found: Result<f64, ModelError>, expected: f64| {
            let found = found.unwrap();
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        };
        close(map(1, &[(1.0, one(), one())]).norm(), 1.0);
        // −i[σz, ·]: an isometric flow.
        let turn = [(1.0, z() * -i, one()), (1.0, one(), z() * i)];
        close(map(1, &turn).norm(), 2.0);
        close(map(1, &turn).growth(), 0.0);
        // −E, and the same with 1 Tr(E)/2, which no traceless input sees.
        let decay = [(-1.0, one(), one())];
        close(map(1, &decay).growth(), -1.0);
        let mut with_noise = decay.to_vec();
        for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let mut unit = real([[0.0; 2]; 2]);
            unit[[a, b]] = Complex64::from(1.0);
            with_noise.push((0.5, unit.clone(), unit.t().to_owned()));
        }
        close(map(1, &with_noise).growth(), -1.0);
        // Without the gain of the lost population trace and norm decay, with it they stay.
        let n = lower().t().dot(&lower());
        let lost = [(-0.5, n.clone(), one()), (-0.5, one(), n)];
        assert!(map(1, &lost).growth().unwrap().abs() < 1e-12);
        // Transposition has d; without traces J − ½ counts, with eigenvalues ½, ½, ½, −3/2.
        let mut transposed = Array2::zeros((4, 4));
        for (x, y) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            transposed[[x * 2 + y, y * 2 + x]] = 1.0;
        }
        let transposed = Choi::new(&USER, 2, transposed.view(), (1, 1));
        assert!((transposed.norm().unwrap() - 1.5).abs() < 1e-12);
    }

    #[test]
    fn law_no_input_is_enlarged_by_more() {
        let mut noise = meanfield_abstract::problems::Noise::new(5);
        for _ in 0..20 {
            let mut random = |d: usize| {
                let entries = noise.vector::<Complex64>(d * d);
                Array2::from_shape_fn((d, d), |(x, y)| entries[x * d + y])
            };
            let (a, b) = (random(4), random(4));
            let dagger = |m: &Array2<Complex64>| m.t().mapv(|x| x.conj());
            let terms = [(1.0, a.clone(), dagger(&a)), (-0.7, b.clone(), dagger(&b))];
            let bound = map(2, &terms).norm().unwrap();
            // Traceless in both slots, as norm() supposes.
            let mut pauli = || {
                let x: f64 = noise.uniform() - 0.5;
                let y: f64 = noise.uniform() - 0.5;
                let i = Complex64::i();
                let mut m = real([[x, y], [y, -x]]);
                m[[0, 1]] += i * 0.3;
                m[[1, 0]] -= i * 0.3;
                m
            };
            let (p, q) = (pauli(), pauli());
            let e = Array2::from_shape_fn((4, 4), |(x, y)| p[[x / 2, y / 2]] * q[[x % 2, y % 2]]);
            let size = |m: &Array2<Complex64>| linalg::singular_values(m.view()).unwrap().sum();
            let mut image = Array2::zeros((4, 4));
            for (c, left, right) in &terms {
                image = image + left.dot(&e).dot(right) * Complex64::from(*c);
            }
            assert!(size(&image) <= bound * size(&e) * (1.0 + 1e-12));
        }
    }
}
