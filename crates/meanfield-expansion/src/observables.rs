//! Observables with their finite-N corrections.
//!
//! For a one-body observable a and the empirical average A = (1/N) Σ_i a(z_i):
//!
//! > ⟨A⟩ = ⟨F_1, a⟩,
//! > Var A = (⟨F_1, a²⟩ − ⟨F_1, a⟩²)/N + (1 − 1/N) ⟨F_2 − F_1⊗F_1, a⊗a⟩,
//!
//! with F_2 − F_1⊗F_1 = G_2 = Σ_l N^{−1−l} g_{2,l}. To leading order N·Cov(a, b)
//! is ⟨F, ½(ab+ba)⟩ − ⟨F, a⟩⟨F, b⟩ + ⟨g_{2,0}, a⊗b⟩: the Gaussian fluctuations.

use std::borrow::Cow;

use meanfield_abstract::{
    Derived, Model, ModelError, Observable, ObservableKind, PairSource, Series,
};
use meanfield_tensor::{Ladder, Scalar};

use crate::cumulants::Cumulants;

/// An observable as series in 1/N, component by component; a number has one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluated {
    /// Its mean, or its value where it is no average; `None` where it has no
    /// expansion, or where there are no pairs to take it of.
    pub value: Option<Vec<Series>>,
    /// N times the variance of the empirical average, for what has one.
    pub scaled_variance: Option<Vec<Series>>,
}

/// The tensors that observables are made of, by powers of 1/N, or as single
/// values for an exact pair of marginals.
pub trait Moments<S: Scalar> {
    /// Layouts of degrees 1 and 2 at least.
    fn ladder(&self) -> &Ladder;

    /// The coefficients of F_1.
    fn first(&self) -> Vec<&[S]>;

    /// The coefficients of N (F_2 − F_1⊗F_1), packed, as many as are known.
    fn correlation(&self) -> Vec<Cow<'_, [S]>>;

    /// The coefficients of F_2, packed; `None` when there are no pairs.
    fn second(&self) -> Option<Vec<Cow<'_, [S]>>>;

    /// The factor 1 − 1/N to as many coefficients.
    fn one_minus_inverse(&self, terms: usize) -> Series;

    /// ⟨F_1, a⟩.
    fn mean(&self, a: &[S]) -> Series {
        Series::new(self.first().iter().map(|f| pairing(a, f)).collect())
    }

    /// ⟨F_2 − F_1⊗F_1, a⊗b⟩ times N.
    fn scaled_correlation(&self, a: &[S], b: &[S]) -> Series {
        let terms = self.correlation();
        let values = terms
            .iter()
            .map(|g| pairing(b, &self.ladder().contract(2, a, g)));
        Series::new(values.collect())
    }

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

    /// A function of means and covariances; `None` where it has no expansion.
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

    /// Whatever a model measures under the name `name`.
    ///
    /// # Errors
    /// [`ModelError`] when a user array in it does not fit the model.
    fn evaluate<M>(
        &self,
        model: &M,
        name: &str,
        kind: &ObservableKind<'_, S>,
    ) -> Result<Evaluated, ModelError>
    where
        M: Model<Scalar = S> + ?Sized,
    {
        let mut out = Evaluated::default();
        match kind {
            ObservableKind::OneBody(values) => {
                let a = Observable::new(model, name, values)?;
                out.value = Some(vec![self.observable_mean(&a)]);
                out.scaled_variance = Some(vec![self.scaled_variance(&a)]);
            }
            ObservableKind::Field(field) => {
                let mean = components(&self.first(), |f| (field.mean)(f));
                let square = components(&self.first(), |f| (field.square)(f));
                let pair = |g: &Cow<'_, [S]>| (field.pair)(self.ladder(), g);
                let mut shared = components(&self.correlation(), pair);
                shared.resize(mean.len(), Series::new(Vec::new()));
                let each = mean.iter().zip(&square).zip(&shared);
                let variance = each.map(|((mean, square), shared)| {
                    let own = square - &(mean * mean);
                    &own + &(&self.one_minus_inverse(shared.len()) * shared)
                });
                out.scaled_variance = Some(variance.collect());
                out.value = Some(mean);
            }
            ObservableKind::TwoBody(two_body) => {
                let pair = |g: &Cow<'_, [S]>| (two_body.pair)(self.ladder(), g);
                let one_body = two_body.one_body.as_ref();
                let one = one_body.map(|f| components(&self.first(), |x| f(x)));
                let two = match two_body.of {
                    PairSource::Correlation => Some(components(&self.correlation(), pair)),
                    _ => self.second().map(|f| components(&f, pair)),
                };
                out.value = match (one, two, two_body.of) {
                    (_, two, PairSource::Correlation) => two,
                    (None, two, PairSource::Marginal) => two,
                    (Some(one), Some(two), PairSource::Marginal) => Some(sums(&one, &two)),
                    // A single particle has no pairs, and none are counted.
                    (one, None, PairSource::PerPair) => one,
                    (one, Some(mut two), PairSource::PerPair) => {
                        for series in &mut two {
                            *series = &self.one_minus_inverse(series.len()) * series;
                        }
                        Some(one.map_or_else(|| two.clone(), |one| sums(&one, &two)))
                    }
                    (Some(_), None, PairSource::Marginal) => None,
                };
            }
            ObservableKind::OfMarginal(function) => {
                out.value = (function.evaluate)(&self.first());
            }
            ObservableKind::OfMoments(derived) => {
                out.value = self.derived(model, derived)?.map(|series| vec![series]);
            }
        }
        let known = |list: &Vec<Series>| list.iter().all(|series| !series.is_empty());
        out.value = out.value.filter(known);
        Ok(out)
    }
}

fn sums(x: &[Series], y: &[Series]) -> Vec<Series> {
    x.iter().zip(y).map(|(x, y)| x + y).collect()
}

/// The components of a linear map applied to every coefficient.
fn components<T>(coefficients: &[T], map: impl Fn(&T) -> Vec<f64>) -> Vec<Series> {
    let by_power: Vec<Vec<f64>> = coefficients.iter().map(map).collect();
    let count = by_power.first().map_or(0, Vec::len);
    (0..count)
        .map(|k| Series::new(by_power.iter().map(|values| values[k]).collect()))
        .collect()
}

fn pairing<S: Scalar>(a: &[S], f: &[S]) -> f64 {
    a.iter().zip(f).map(|(&x, &y)| x * y).sum::<S>().re()
}

/// `out += c·½ Σ_k f_k ⊙ f_{m−k}`: the coefficient of N^{−m} in F_1⊗F_1.
pub(crate) fn add_square<S: Scalar>(
    ladder: &Ladder,
    first: &[&[S]],
    m: usize,
    c: f64,
    out: &mut [S],
) {
    for k in 0..=m {
        let weight = S::from_re(0.5 * c);
        ladder.add_product((1, first[k]), (1, first[m - k]), weight, out);
    }
}

impl<S: Scalar> Moments<S> for Cumulants<'_, S> {
    fn ladder(&self) -> &Ladder {
        Cumulants::ladder(self)
    }

    fn first(&self) -> Vec<&[S]> {
        (0..=self.order()).filter_map(|l| self.get(1, l)).collect()
    }

    fn correlation(&self) -> Vec<Cow<'_, [S]>> {
        let terms = (0..self.order()).filter_map(|l| self.get(2, l));
        terms.map(Cow::Borrowed).collect()
    }

    fn second(&self) -> Option<Vec<Cow<'_, [S]>>> {
        let (first, ladder) = (self.first(), Cumulants::ladder(self));
        let term = |m: usize| {
            let mut out = match m.checked_sub(1).and_then(|l| self.get(2, l)) {
                Some(g) => g.to_vec(),
                None => vec![S::from_re(0.0); ladder.len(2)],
            };
            add_square(ladder, &first, m, 1.0, &mut out);
            Cow::Owned(out)
        };
        Some((0..=self.order()).map(term).collect())
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
    fn ladder(&self) -> &Ladder {
        self.ladder
    }

    fn first(&self) -> Vec<&[S]> {
        vec![self.first]
    }

    fn correlation(&self) -> Vec<Cow<'_, [S]>> {
        let Some(second) = self.second else {
            return vec![Cow::Owned(vec![S::from_re(0.0); self.ladder.len(2)])];
        };
        let mut out = second.to_vec();
        add_square(self.ladder, &[self.first], 0, -1.0, &mut out);
        let n = self.particles as f64;
        out.iter_mut().for_each(|x| *x = x.scaled(n));
        vec![Cow::Owned(out)]
    }

    fn second(&self) -> Option<Vec<Cow<'_, [S]>>> {
        self.second.map(|second| vec![Cow::Borrowed(second)])
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
