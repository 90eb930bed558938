//! What an entry of a packed N-body vector means.

use meanfield_tensor::Scalar;

/// The factor between an entry of the packed vector and the value T[α] of the
/// symmetric tensor it stands for.
///
/// With n_ab(α) = α_a(α_b − δ_ab) the ordered pairs of slots that hold (a, b),
/// a sum over pairs maps α' = γ+c+d to α = γ+a+b with a factor that depends on
/// the representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weighting {
    /// T[α]: the factor is n_ab(α).
    Values,
    /// (N!/Πα_a!) T[α]: the factor is n_cd(α').
    Probabilities,
    /// √(N!/Πα_a!) T[α], coordinates in the orthonormal basis of occupation
    /// numbers: the factor is √(n_ab(α) n_cd(α')).
    Orthonormal,
}

impl Weighting {
    /// w(k), k = 0 … n, with w(α_c)·w(α_d − δ_cd) the factor at the input; the
    /// entry of α is Π_{k≤N} w(k) / Π_a Π_{k≤α_a} w(k) times T[α].
    pub(crate) fn input(self, n: usize) -> Vec<f64> {
        let weight = |k: usize| match self {
            Self::Values => 1.0,
            Self::Probabilities => k as f64,
            Self::Orthonormal => (k as f64).sqrt(),
        };
        (0..=n).map(weight).collect()
    }

    /// The same at the output: input·output = k.
    pub(crate) fn output(self, n: usize) -> Vec<f64> {
        let weight = |k: usize| match self {
            Self::Values => k as f64,
            Self::Probabilities => 1.0,
            Self::Orthonormal => (k as f64).sqrt(),
        };
        (0..=n).map(weight).collect()
    }
}

/// The entry of the product state f^{⊗N} at occupation α, given the weights
/// w(0) … w(N) of [`Weighting::input`].
///
/// Large and small factors are multiplied in turn, so that neither N! nor
/// f^N is ever formed.
pub(crate) fn product_entry<S: Scalar>(weights: &[f64], f: &[S], alpha: &[u32]) -> S {
    let mut value = S::from_re(1.0);
    let mut small = alpha.iter().zip(f).flat_map(|(&count, &x)| {
        let inverse = weights[1..=count as usize].iter().map(|w| 1.0 / w);
        inverse.map(move |w| x.scaled(w))
    });
    for &large in &weights[1..] {
        value = value.scaled(large);
        while value.modulus() > 1.0 {
            let Some(factor) = small.next() else { break };
            value *= factor;
        }
    }
    for factor in small {
        value *= factor;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield_tensor::Occupations;

    #[test]
    fn law_a_product_state_of_many_particles_is_normalised() {
        // 0.5^3000 is far below the smallest number.
        for f in [[0.5, 0.5], [0.99, 0.01]] {
            let weights = Weighting::Probabilities.input(3000);
            let mut all = Occupations::new(2, 3000);
            let (mut total, mut mean) = (0.0, 0.0);
            while let Some(alpha) = all.advance() {
                let p = product_entry(&weights, &f, alpha);
                total += p;
                mean += p * f64::from(alpha[1]) / 3000.0;
            }
            // Each entry is a product of 6000 rounded factors.
            assert!((total - 1.0).abs() < 1e-12, "{total}");
            assert!((mean - f[1]).abs() < 1e-12, "{mean}");
        }
    }
}
