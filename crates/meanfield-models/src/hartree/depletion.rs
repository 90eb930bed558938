//! The depletion of the condensate as a series in 1/N.

use meanfield_abstract::Series;
use meanfield_tensor::linalg;
use ndarray::{Array1, Array2};
use num_complex::Complex64;

/// Eigenvalues of a state this close, relative to the largest, count as equal:
/// rounding of a solution that has been integrated.
const DEGENERATE: f64 = 1e-10;

/// 1 − λ with λ the largest eigenvalue of F_1 = Σ_m N^{−m} f_m, by
/// Rayleigh–Schrödinger perturbation theory to the order of the last f_m: with
/// λ = Σλ_m N^{−m}, v = Σv_m N^{−m} and ⟨v_0, v_m⟩ = 0,
///
/// > λ_m = Σ_{k=1..m} ⟨v_0, f_k v_{m−k}⟩,
/// > (λ_0 − f_0) v_m = Σ_{k=1..m} (f_k − λ_k) v_{m−k} on the complement of v_0.
///
/// `None` when the largest eigenvalue of f_0 is degenerate, where λ has no
/// expansion of this form. Cost: an eigenvalue decomposition, d³, and order²
/// products with d×d matrices.
pub(super) fn depletion(d: usize, f: &[&[Complex64]]) -> Option<Series> {
    let matrices: Vec<Array2<Complex64>> = f
        .iter()
        .map(|f| Array2::from_shape_fn((d, d), |(x, y)| 0.5 * (f[x * d + y] + f[y * d + x].conj())))
        .collect();
    let (values, vectors) = linalg::eigh(matrices.first()?.view()).ok()?;
    let top = values[d - 1];
    if d > 1 && top - values[d - 2] <= DEGENERATE * top.abs() {
        return None;
    }
    let adjoint = vectors.t().mapv(|z| z.conj());
    // In the eigenbasis of f_0, whose last vector is v_0.
    let matrices: Vec<Array2<Complex64>> = matrices
        .iter()
        .map(|f| adjoint.dot(&f.dot(&vectors)))
        .collect();
    let mut lambda = vec![top];
    let mut v = vec![Array1::from_shape_fn(d, |k| {
        Complex64::from(f64::from(u8::from(k == d - 1)))
    })];
    for m in 1..matrices.len() {
        let mut sum = Array1::<Complex64>::zeros(d);
        for k in 1..=m {
            sum += &matrices[k].dot(&v[m - k]);
        }
        lambda.push(sum[d - 1].re);
        for k in 1..=m {
            sum.scaled_add(Complex64::from(-lambda[k]), &v[m - k]);
        }
        for (k, z) in sum.iter_mut().enumerate() {
            *z = if k == d - 1 {
                Complex64::ZERO
            } else {
                *z / (top - values[k])
            };
        }
        v.push(sum);
    }
    let series = lambda.iter().enumerate();
    Some(Series::new(
        series
            .map(|(m, l)| if m == 0 { 1.0 - l } else { -l })
            .collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield_abstract::problems::Noise;

    fn hermitian(d: usize, noise: &mut Noise) -> Vec<Complex64> {
        let a: Vec<Complex64> = noise.vector(d * d);
        (0..d * d)
            .map(|k| a[k] + a[k % d * d + k / d].conj())
            .collect()
    }

    #[test]
    fn law_the_series_approaches_the_eigenvalue_as_its_last_power() {
        let (d, mut noise) = (4, Noise::new(8));
        let f: Vec<Vec<Complex64>> = (0..4).map(|_| hermitian(d, &mut noise)).collect();
        let all: Vec<&[Complex64]> = f.iter().map(Vec::as_slice).collect();
        let series = depletion(d, &all).unwrap();
        assert_eq!(series.len(), 4);
        let error = |n: f64| {
            let sum = Array2::from_shape_fn((d, d), |(x, y)| {
                (0..4)
                    .map(|m| f[m][x * d + y] * n.powi(-(m as i32)))
                    .sum::<Complex64>()
            });
            let (values, _) = linalg::eigh(sum.view()).unwrap();
            (1.0 - values[d - 1] - series.at(n)).abs()
        };
        // Nothing is left out at order 3 but the term N^{−4}.
        let slope = (error(200.0) / error(400.0)).log2();
        assert!((slope - 4.0).abs() < 0.1, "{slope}");
    }

    #[test]
    fn law_a_degenerate_state_has_no_expansion() {
        let half: Vec<Complex64> = [0.5, 0.0, 0.0, 0.5].map(Complex64::from).to_vec();
        assert_eq!(depletion(2, &[&half]), None);
    }
}
