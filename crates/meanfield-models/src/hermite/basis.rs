//! The velocity space spanned by tensor Hermite functions.

use meanfield_abstract::{Basis, ModelError};
use meanfield_tensor::{Norm, Space};
use ndarray::Array2;
use num_complex::Complex64;

use super::quadrature::Rule;
use crate::parameter::{positive, refused};

/// Highest total degree: the rotation coefficients of two particles, integers
/// up to 2^{2M}, are then exact in 128 bits.
pub const LARGEST_DEGREE: usize = 60;

/// Most functions a basis may have.
pub const LARGEST_BASIS: usize = 4096;

/// A velocity space of functions
///
/// ```math
/// f(v) = \sum_\alpha c_\alpha\, h_\alpha(v/\sqrt{T})\, M_T(v), \quad |\alpha| \le M, \qquad
/// M_T(v) = (2\pi T)^{-d/2} e^{-|v|^2/2T},
/// ```
///
/// with h_α(u) = Π_k He_{α_k}(u_k)/√(α_k!), the orthonormal Hermite
/// polynomials: ∫ h_α h_β M_1 = δ. Arrays hold the coefficients c, so Tr f = c_0
/// and the norm is the Gaussian-weighted ℓ², Σ c_α² = ∫ f²/M_T; no bound of the theorem is
/// claimed in it. A polynomial observable p of degree ≤ M is its own
/// coefficients, ∫ p f = Σ_α p_α c_α.
///
/// The multi-indices are ordered by total degree, then lexicographically with
/// the first component decreasing: index 0 is α = 0, indices 1 … d are the
/// velocity components.
#[derive(Debug, Clone, PartialEq)]
pub struct VelocityBasis {
    dimension: usize,
    degree: usize,
    temperature: f64,
    indices: Vec<[usize; 3]>,
    /// Rank of α at Σ_k α_k (M+1)^k; `usize::MAX` beyond the total degree.
    ranks: Vec<usize>,
}

impl VelocityBasis {
    /// All multi-indices of d = `dimension` components with total degree ≤ M =
    /// `degree`: D = C(M+d, d) functions about the reference `temperature` T.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `dimension`, `degree`, `temperature`)
    /// unless d is 1, 2 or 3, M ≤ [`LARGEST_DEGREE`], D ≤ [`LARGEST_BASIS`] and T > 0.
    pub fn new(dimension: usize, degree: usize, temperature: f64) -> Result<Self, ModelError> {
        if !(1..=3).contains(&dimension) {
            return refused("dimension", dimension, "1, 2 or 3");
        }
        if degree > LARGEST_DEGREE {
            let expected = format!("a degree of at most {LARGEST_DEGREE}");
            return refused("degree", degree, expected);
        }
        let size = binomial(degree + dimension, dimension);
        if size > LARGEST_BASIS {
            let found = format!("{degree}, which makes {size} functions");
            let expected = format!("a degree with at most {LARGEST_BASIS}");
            return refused("degree", found, expected);
        }
        Self::of_any_degree(dimension, degree, temperature)
    }

    /// The same without the limits on the degree.
    pub(super) fn of_any_degree(
        dimension: usize,
        degree: usize,
        temperature: f64,
    ) -> Result<Self, ModelError> {
        let temperature = positive("temperature", temperature)?;
        let indices = multi_indices(dimension, degree);
        let side = degree + 1;
        let mut ranks = vec![usize::MAX; side.pow(dimension as u32)];
        for (rank, index) in indices.iter().enumerate() {
            ranks[place(index, dimension, side)] = rank;
        }
        Ok(Self {
            dimension,
            degree,
            temperature,
            indices,
            ranks,
        })
    }

    /// Number d of velocity components.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Highest total degree M.
    #[must_use]
    pub fn degree(&self) -> usize {
        self.degree
    }

    /// Temperature T of the reference Gaussian.
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.temperature
    }

    /// Number D of functions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// A basis always holds h_0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The multi-indices in order; components beyond d are 0.
    #[must_use]
    pub fn indices(&self) -> &[[usize; 3]] {
        &self.indices
    }

    /// The rank of a multi-index; `None` beyond the total degree M, or when a
    /// component beyond d is not 0.
    #[must_use]
    pub fn rank(&self, index: [usize; 3]) -> Option<usize> {
        let inside = index[self.dimension..].iter().all(|&a| a == 0)
            && index.iter().sum::<usize>() <= self.degree;
        let at = || self.ranks[place(&index, self.dimension, self.degree + 1)];
        inside.then(at)
    }

    /// L: Tr is the coefficient of h_0, the norm the Euclidean one.
    #[must_use]
    pub fn space(&self) -> Space<f64> {
        let mut trace = vec![0.0; self.len()];
        trace[0] = 1.0;
        Space::new(trace, Norm::Euclidean)
    }

    /// The coefficients of a polynomial, given by its terms (factor, powers of
    /// v₁, v₂, v₃): the functional f ↦ ∫ p f. `None` when a term has a degree beyond M
    /// or a component the velocity does not have.
    #[must_use]
    pub fn polynomial(&self, terms: &[(f64, [usize; 3])]) -> Option<Vec<f64>> {
        let mut out = vec![0.0; self.len()];
        for &(factor, powers) in terms {
            self.rank(powers)?;
            let components: Vec<Vec<f64>> = powers.iter().map(|&p| self.power(p)).collect();
            for (value, index) in out.iter_mut().zip(&self.indices) {
                let term = |k: usize| components[k].get(index[k]).copied().unwrap_or(0.0);
                *value += factor * term(0) * term(1) * term(2);
            }
        }
        Some(out)
    }

    /// v^p = Σ_n (coefficient) h_n(v/√T) in one component.
    fn power(&self, p: usize) -> Vec<f64> {
        let mut out = vec![1.0];
        for _ in 0..p {
            out = times_coordinate(&out);
            out.iter_mut().for_each(|x| *x *= self.temperature.sqrt());
        }
        out
    }

    /// The product of two polynomials, by their coefficients, *cut at degree
    /// M*: exact when the degrees add up to at most M. So the variance of an
    /// empirical average of a needs 2·deg a ≤ M. Cost: ⌈(3M+1)/2⌉^d·D.
    #[must_use]
    pub fn product(&self, a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
        let mut out = vec![Complex64::ZERO; self.len()];
        // The integrand is a polynomial of degree ≤ 3M. A rule of this size always exists; were it
        // not there, no product would be known.
        let Ok(grid) = self.grid(3 * self.degree / 2 + 1) else {
            return vec![Complex64::from(f64::NAN); self.len()];
        };
        grid.visit(self, |weight, _, values| {
            let at =
                |c: &[Complex64]| -> Complex64 { c.iter().zip(values).map(|(x, &h)| x * h).sum() };
            let value = at(a) * at(b) * weight;
            for (x, &h) in out.iter_mut().zip(values) {
                *x += value * h;
            }
        });
        out
    }

    /// Multiplication by the velocity component `k`, f ↦ v_k f, on
    /// coefficients: a symmetric D×D matrix that drops what leaves degree M. `None` for k ≥ d.
    #[must_use]
    pub fn multiplication(&self, k: usize) -> Option<Array2<f64>> {
        if k >= self.dimension {
            return None;
        }
        let mut out = Array2::zeros((self.len(), self.len()));
        for (rank, index) in self.indices.iter().enumerate() {
            let mut above = *index;
            above[k] += 1;
            if let Some(other) = self.rank(above) {
                let value = (self.temperature * above[k] as f64).sqrt();
                out[[rank, other]] = value;
                out[[other, rank]] = value;
            }
        }
        Some(out)
    }

    /// f(v)/M_T(v) = Σ_α c_α h_α(v/√T).
    #[must_use]
    pub fn ratio(&self, c: &[f64], v: &[f64]) -> f64 {
        let mut u = [0.0; 3];
        for (x, v) in u.iter_mut().zip(v) {
            *x = v / self.temperature.sqrt();
        }
        let mut values = vec![0.0; self.len()];
        self.fill(u, &mut values);
        c.iter().zip(values).map(|(x, h)| x * h).sum()
    }

    /// h_α(u) for every α, in the scaled velocity u = v/√T.
    pub(crate) fn fill(&self, u: [f64; 3], values: &mut [f64]) {
        let tables = u.map(|x| functions(x, self.degree));
        for (value, index) in values.iter_mut().zip(&self.indices) {
            *value = (0..self.dimension).map(|k| tables[k][index[k]]).product();
        }
    }

    /// The tensor Gauss–Hermite rule with n nodes in each component.
    pub(crate) fn grid(&self, n: usize) -> Result<Grid, ModelError> {
        Ok(Grid {
            rule: Rule::gaussian(n)?,
        })
    }
}

/// User arrays are the coefficients themselves, of states and of observables.
impl Basis for VelocityBasis {
    fn levels(&self) -> Option<usize> {
        None
    }

    fn is_complex(&self) -> bool {
        false
    }

    /// 2·deg a ≤ M.
    fn holds_square(&self, a: &[Complex64]) -> bool {
        // Coefficients this small are what a sum of products left of a zero.
        const ROUNDING: f64 = 1e-12;
        let largest = a.iter().map(|c| c.norm()).fold(0.0, f64::max);
        let used = self.indices.iter().zip(a);
        let used = used.filter(|(_, c)| c.norm() > ROUNDING * largest);
        let degree = used.map(|(index, _)| index.iter().sum::<usize>()).max();
        2 * degree.unwrap_or(0) <= self.degree
    }

    /// The product of polynomials, cut at degree M.
    fn product(&self, a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
        Self::product(self, a, b)
    }
}

/// A tensor Gauss–Hermite rule.
pub(crate) struct Grid {
    rule: Rule,
}

impl Grid {
    /// Calls `visit(weight, u, h_α(u))` at every node u; weights sum to 1.
    pub(crate) fn visit(
        &self,
        basis: &VelocityBasis,
        mut visit: impl FnMut(f64, [f64; 3], &[f64]),
    ) {
        let n = self.rule.nodes.len();
        let mut values = vec![0.0; basis.len()];
        for point in 0..n.pow(basis.dimension as u32) {
            let (mut u, mut weight, mut rest) = ([0.0; 3], 1.0, point);
            for x in u.iter_mut().take(basis.dimension) {
                *x = self.rule.nodes[rest % n];
                weight *= self.rule.weights[rest % n];
                rest /= n;
            }
            basis.fill(u, &mut values);
            visit(weight, u, &values);
        }
    }
}

/// h_0(x) … h_M(x) by √(n+1) h_{n+1} = x h_n − √n h_{n−1}.
pub(crate) fn functions(x: f64, degree: usize) -> Vec<f64> {
    let mut out = vec![1.0];
    for n in 0..degree {
        let before = if n == 0 { 0.0 } else { out[n - 1] };
        let next = (x * out[n] - (n as f64).sqrt() * before) / ((n + 1) as f64).sqrt();
        out.push(next);
    }
    out
}

/// u·Σ c_n h_n(u), one degree more: u h_n = √(n+1) h_{n+1} + √n h_{n−1}.
pub(super) fn times_coordinate(c: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; c.len() + 1];
    for (n, x) in c.iter().enumerate() {
        out[n + 1] += x * ((n + 1) as f64).sqrt();
        if n > 0 {
            out[n - 1] += x * (n as f64).sqrt();
        }
    }
    out
}

fn multi_indices(dimension: usize, degree: usize) -> Vec<[usize; 3]> {
    let mut out = Vec::new();
    for total in 0..=degree {
        for x in (0..=total).rev() {
            let rest = total - x;
            match dimension {
                1 if rest > 0 => {}
                1 => out.push([x, 0, 0]),
                2 => out.push([x, rest, 0]),
                _ => out.extend((0..=rest).rev().map(|y| [x, y, rest - y])),
            }
        }
    }
    out
}

fn place(index: &[usize; 3], dimension: usize, side: usize) -> usize {
    index[..dimension]
        .iter()
        .rev()
        .fold(0, |sum, a| sum * side + a)
}

/// C(n, k), saturating far beyond any size that is allowed.
pub(super) fn binomial(n: usize, k: usize) -> usize {
    (0..k).fold(1_usize, |value, i| value.saturating_mul(n - i) / (i + 1))
}
