//! The factored form behind the trait that observables are evaluated through.

use meanfield_abstract::{PairTensor, Series};
use meanfield_tensor::Scalar;
use num_complex::Complex64;

use super::Bogoliubov;
use crate::observables::{Moments, PairTerm};

/// f_{1,0}, f_{1,1} and a view of g_{2,0}: everything a model measures, at order
/// 1, from O(d²) numbers. The model must work in matrix elements x·d + x'.
#[derive(Debug, Clone)]
pub struct CondensateMoments<'a, S> {
    state: &'a Bogoliubov,
    first: [Vec<S>; 2],
}

impl Bogoliubov {
    /// The moments at this time. Cost: d².
    #[must_use]
    pub fn moments<S: Scalar>(&self) -> CondensateMoments<'_, S> {
        let entries = [self.mean_field(), self.first_correction()];
        CondensateMoments {
            state: self,
            first: entries.map(|f| f.into_iter().map(S::from_complex).collect()),
        }
    }
}

/// g_{2,0} by its factors.
struct Factored<'a>(&'a Bogoliubov);

impl<S: Scalar> PairTensor<S> for Factored<'_> {
    fn entry(&self, a: usize, b: usize) -> S {
        let d = self.0.points();
        S::from_complex(self.0.pair_cumulant((a / d, a % d), (b / d, b % d)))
    }

    /// Σ α u_a u_b + ᾱ w_a w_b + γ u_a w_b + γ u_b w_a with u(x) = Σ_{x'} a(x,x')φ̄(x')
    /// and w(x') = Σ_x a(x,x')φ(x). Cost: d².
    fn contract(&self, a: &[S], b: &[S]) -> S {
        let d = self.0.points();
        let sides = |a: &[S]| {
            let mut u = vec![Complex64::ZERO; d];
            let mut w = vec![Complex64::ZERO; d];
            for (x, row) in a.chunks_exact(d).enumerate() {
                for (y, value) in row.iter().enumerate() {
                    u[x] += value.to_complex() * self.0.phi[y].conj();
                    w[y] += value.to_complex() * self.0.phi[x];
                }
            }
            (u, w)
        };
        let ((u_a, w_a), (u_b, w_b)) = (sides(a), sides(b));
        let mut sum = Complex64::ZERO;
        for (x, (alpha, gamma)) in self
            .0
            .alpha
            .rows()
            .into_iter()
            .zip(self.0.gamma.rows())
            .enumerate()
        {
            for (y, (&pair, &spread)) in alpha.iter().zip(gamma).enumerate() {
                sum += pair * u_a[x] * u_b[y] + pair.conj() * w_a[x] * w_b[y];
                sum += spread * (u_a[x] * w_b[y] + u_b[x] * w_a[y]);
            }
        }
        S::from_complex(sum)
    }
}

impl<S: Scalar> Moments<S> for CondensateMoments<'_, S> {
    fn first(&self) -> Vec<&[S]> {
        self.first.iter().map(Vec::as_slice).collect()
    }

    fn correlation(&self) -> Vec<PairTerm<'_, S>> {
        vec![PairTerm::of(Box::new(Factored(self.state)), 1.0)]
    }

    fn second(&self) -> Option<Vec<PairTerm<'_, S>>> {
        let first = self.first();
        let correlation = PairTerm::of(Box::new(Factored(self.state)), 1.0);
        Some(vec![
            PairTerm::default().plus_square(&first, 0, 1.0),
            correlation.plus_square(&first, 1, 1.0),
        ])
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        let one = Series::constant(1.0, terms);
        &one - &one.over_n().truncated(terms)
    }
}
