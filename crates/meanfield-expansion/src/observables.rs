//! Observables with their finite-N corrections.
//!
//! For a one-body observable a and the empirical average A = (1/N) Σ_i a(z_i):
//!
//! > ⟨A⟩ = ⟨F_1, a⟩,
//! > Var A = (⟨F_1, a²⟩ − ⟨F_1, a⟩²)/N + (1 − 1/N) ⟨F_2 − F_1⊗F_1, a⊗a⟩,
//!
//! with F_2 − F_1⊗F_1 = G_2 = Σ_l N^{−1−l} g_{2,l}. To leading order N·Cov(a, b)
//! is ⟨F, ½(ab+ba)⟩ − ⟨F, a⟩⟨F, b⟩ + ⟨g_{2,0}, a⊗b⟩: the Gaussian fluctuations.

use meanfield_abstract::{Derived, Model, ModelError, Observable, Series};
use meanfield_tensor::{Ladder, Scalar};

use crate::cumulants::Cumulants;

/// The numbers that observables are made of, as series in 1/N, or as single
/// values for an exact pair of marginals.
pub trait Moments<S: Scalar> {
    /// ⟨F_1, a⟩.
    fn mean(&self, a: &[S]) -> Series;

    /// ⟨F_2 − F_1⊗F_1, a⊗b⟩ times N, with as many coefficients as are known.
    fn scaled_correlation(&self, a: &[S], b: &[S]) -> Series;

    /// The number of coefficients of a mean.
    fn terms(&self) -> usize;

    /// The factor 1 − 1/N to as many coefficients.
    fn one_minus_inverse(&self, terms: usize) -> Series;

    /// N·Cov of the empirical averages of a and b; `product` is the functional
    /// of ½(ab + ba). One coefficient fewer than the means for series.
    fn scaled_covariance(&self, a: &[S], b: &[S], product: &[S]) -> Series {
        let own = &self.mean(product) - &(&self.mean(a) * &self.mean(b));
        let shared = self.scaled_correlation(a, b);
        &own + &(&self.one_minus_inverse(shared.len()) * &shared)
    }

    /// The mean of an observable.
    fn observable_mean(&self, a: &Observable<S>) -> Series {
        self.mean(&a.first)
    }

    /// N times the variance of the empirical average.
    fn scaled_variance(&self, a: &Observable<S>) -> Series {
        self.scaled_covariance(&a.first, &a.first, &a.second)
    }

    /// A derived observable; `None` where it has no expansion.
    ///
    /// # Errors
    /// [`ModelError`] when an ingredient does not fit the model.
    fn derived<M>(&self, model: &M, derived: &Derived) -> Result<Option<Series>, ModelError>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let ingredients = derived
            .ingredients
            .iter()
            .map(|values| Observable::new(model, &derived.name, values))
            .collect::<Result<Vec<_>, _>>()?;
        let means: Vec<Series> = ingredients.iter().map(|a| self.mean(&a.first)).collect();
        let covariances: Vec<Vec<Series>> = (0..ingredients.len())
            .map(|i| {
                (0..ingredients.len())
                    .map(|k| {
                        let (a, b) = (&derived.ingredients[i], &derived.ingredients[k]);
                        let product = Observable::symmetrised_product(model, a, b);
                        self.scaled_covariance(
                            &ingredients[i].first,
                            &ingredients[k].first,
                            &product,
                        )
                    })
                    .collect()
            })
            .collect();
        Ok((derived.compose)(&means, &covariances))
    }
}

fn pairing<S: Scalar>(a: &[S], f: &[S]) -> f64 {
    a.iter().zip(f).map(|(&x, &y)| x * y).sum::<S>().re()
}

fn two_body<S: Scalar>(ladder: &Ladder, tensor: &[S], a: &[S], b: &[S]) -> f64 {
    pairing(b, &ladder.contract(2, a, tensor))
}

impl<S: Scalar> Moments<S> for Cumulants<'_, S> {
    fn mean(&self, a: &[S]) -> Series {
        let term = |l| self.get(1, l).map_or(0.0, |g| pairing(a, g));
        Series::new((0..=self.order()).map(term).collect())
    }

    fn scaled_correlation(&self, a: &[S], b: &[S]) -> Series {
        let term = |l| {
            self.get(2, l)
                .map_or(0.0, |g| two_body(self.ladder(), g, a, b))
        };
        Series::new((0..self.order()).map(term).collect())
    }

    fn terms(&self) -> usize {
        self.order() + 1
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        let one = Series::constant(1.0, terms);
        &one - &one.over_n().truncated(terms)
    }
}

/// Exact one- and two-particle marginals at one N.
#[derive(Debug, Clone, Copy)]
pub struct ExactPair<'a, S> {
    /// Layouts of degrees 1 and 2 at least.
    pub ladder: &'a Ladder,
    /// F_1, packed.
    pub first: &'a [S],
    /// F_2, packed; for N = 1 there is none.
    pub second: Option<&'a [S]>,
    /// The number of particles.
    pub particles: usize,
}

impl<S: Scalar> Moments<S> for ExactPair<'_, S> {
    fn mean(&self, a: &[S]) -> Series {
        Series::new(vec![pairing(a, self.first)])
    }

    fn scaled_correlation(&self, a: &[S], b: &[S]) -> Series {
        let correlation = self.second.map_or(0.0, |f2| {
            two_body(self.ladder, f2, a, b) - pairing(a, self.first) * pairing(b, self.first)
        });
        Series::new(vec![self.particles as f64 * correlation])
    }

    fn terms(&self) -> usize {
        1
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        Series::constant(1.0 - 1.0 / self.particles as f64, terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::initial::initial_cumulants;
    use crate::plan::Plan;
    use meanfield_abstract::{Start, problems};
    use num_complex::Complex64;

    const X: [f64; 3] = [0.5, 0.3, 0.2];
    /// Rounding of sums of a few products of numbers of order one.
    const ROUNDING: f64 = 1e-14;

    fn observable() -> Observable<f64> {
        let model = problems::three_states().unwrap();
        let values = [1.0, -2.0, 4.0].map(Complex64::from);
        Observable::new(&model, "a", &values).unwrap()
    }

    fn scaled_variance(start: &Start<f64>) -> Series {
        let plan = Plan::new::<f64>(3, 3, 1, usize::MAX).unwrap();
        let unknowns = initial_cumulants(&plan, start).unwrap();
        Cumulants::new(&plan, &unknowns).scaled_variance(&observable())
    }

    #[test]
    fn law_independent_particles_fluctuate_like_one() {
        let start = Start::Product { f: X.to_vec() };
        let found = scaled_variance(&start);
        // <a> = 0.7, <a²> = 4.9.
        for (c, expected) in found.coefficients().iter().zip([4.41, 0.0, 0.0]) {
            assert!((c - expected).abs() < ROUNDING);
        }
        // The same from exact marginals F⊗F.
        let ladder = Ladder::new(3, 2).unwrap();
        let pair = ExactPair {
            ladder: &ladder,
            first: &X,
            second: Some(&ladder.power(&X, 2)),
            particles: 10,
        };
        let exact = pair.scaled_variance(&observable());
        assert!((exact.coefficients()[0] - 4.41).abs() < ROUNDING);
    }

    #[test]
    fn law_fixed_counts_do_not_fluctuate_at_any_order() {
        let start = Start::FixedCounts { f: X.to_vec() };
        for c in scaled_variance(&start).coefficients() {
            assert!(c.abs() < ROUNDING);
        }
        // F_2 = (N x_a x_b − δ_ab x_a)/(N−1) at N = 10.
        let ladder = Ladder::new(3, 2).unwrap();
        let mut second = ladder.power(&X, 2);
        second.iter_mut().for_each(|v| *v *= 10.0 / 9.0);
        for a in 0..3 {
            second[ladder.rank(&[a, a])] -= X[a] / 9.0;
        }
        let pair = ExactPair {
            ladder: &ladder,
            first: &X,
            second: Some(&second),
            particles: 10,
        };
        let exact = pair.scaled_variance(&observable());
        assert!(exact.coefficients()[0].abs() < ROUNDING);
    }
}
