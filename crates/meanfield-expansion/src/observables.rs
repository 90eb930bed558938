//! Observables with their finite-N corrections.
//!
//! For a one-body observable a and the empirical average A = (1/N) Σ_i a(z_i):
//!
//! ```math
//! \mean{A} = \mean{F_1, a}, \qquad
//! \operatorname{Var} A = \frac{\mean{F_1, a^2} - \mean{F_1, a}^2}{N} + \Big(1 - \frac{1}{N}\Big) \mean{F_2 - F_1 \otimes F_1, a \otimes a},
//! ```
//!
//! with F_2 − F_1⊗F_1 = G_2 = Σ_l N^{−1−l} g_{2,l}. To leading order N·Cov(a, b)
//! is ⟨F, ½(ab+ba)⟩ − ⟨F, a⟩⟨F, b⟩ + ⟨g_{2,0}, a⊗b⟩: the Gaussian fluctuations.

mod pair_term;

pub use pair_term::PairTerm;

use meanfield_abstract::{
    Derived, Model, ModelError, Observable, ObservableKind, PairSource, PairTensor, Series,
};
use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::cumulants::Cumulants;

/// An observable as series in 1/N, component by component; a number has one.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
    /// The coefficients of F_1.
    fn first(&self) -> Vec<&[S]>;

    /// The coefficients of N (F_2 − F_1⊗F_1), as many as are known.
    fn correlation(&self) -> Vec<PairTerm<'_, S>>;

    /// The coefficients of F_2; `None` when there are no pairs.
    fn second(&self) -> Option<Vec<PairTerm<'_, S>>>;

    /// The factor 1 − 1/N to as many coefficients.
    fn one_minus_inverse(&self, terms: usize) -> Series;

    /// N, of what is at one; `None` for series.
    fn particles(&self) -> Option<usize> {
        None
    }

    /// ⟨F_1, a⟩.
    fn mean(&self, a: &[S]) -> Series {
        Series::new(self.first().iter().map(|f| pairing(a, f)).collect())
    }

    /// ⟨F_2 − F_1⊗F_1, a⊗b⟩ times N.
    fn scaled_correlation(&self, a: &[S], b: &[S]) -> Series {
        let terms = self.correlation();
        Series::new(terms.iter().map(|g| g.contract(a, b).re()).collect())
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

    /// N times the variance of the empirical average; of an observable that
    /// [`fluctuates`](Observable::fluctuates).
    fn scaled_variance(&self, a: &Observable<S>) -> Series {
        self.scaled_covariance(&a.first, &a.first, &a.second)
    }

    /// A function of means and covariances; `None` where it has no expansion.
    ///
    /// # Errors
    /// [`ModelError`] when an ingredient does not fit the model.
    fn derived(
        &self,
        model: &dyn Model<Scalar = S>,
        derived: &Derived,
    ) -> Result<Option<Series>, ModelError> {
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
    fn evaluate(
        &self,
        model: &dyn Model<Scalar = S>,
        name: &str,
        kind: &ObservableKind<'_, S>,
    ) -> Result<Evaluated, ModelError> {
        let mut out = Evaluated::default();
        match kind {
            ObservableKind::OneBody(values) => {
                let a = Observable::new(model, name, values)?;
                out.value = Some(vec![self.observable_mean(&a)]);
                out.scaled_variance = a.fluctuates.then(|| vec![self.scaled_variance(&a)]);
            }
            ObservableKind::Field(field) => {
                let mean = components(&self.first(), |f| (field.mean)(f));
                let square = components(&self.first(), |f| (field.square)(f));
                let pair = |g: &PairTerm<'_, S>| (field.pair)(g);
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
                let pair = |g: &PairTerm<'_, S>| (two_body.pair)(g);
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

impl<S: Scalar> Moments<S> for Cumulants<'_, S> {
    fn first(&self) -> Vec<&[S]> {
        (0..=self.order()).filter_map(|l| self.get(1, l)).collect()
    }

    fn correlation(&self) -> Vec<PairTerm<'_, S>> {
        let terms = (0..self.order()).filter_map(|l| self.get(2, l));
        let term = |values| PairTerm::packed(self.layout(), values, 1.0);
        terms.map(term).collect()
    }

    fn second(&self) -> Option<Vec<PairTerm<'_, S>>> {
        let first = self.first();
        let term = |m: usize| {
            let own = match m.checked_sub(1).and_then(|l| self.get(2, l)) {
                Some(g) => PairTerm::packed(self.layout(), g, 1.0),
                None => PairTerm::default(),
            };
            own.plus_square(&first, m, 1.0)
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
    pub layout: &'a SymmetricLayout,
    /// F_1, packed.
    pub first: &'a [S],
    /// F_2, packed; for N = 1 there is none.
    pub second: Option<&'a [S]>,
    /// The number of particles.
    pub particles: usize,
}

impl<S: Scalar> Moments<S> for ExactPair<'_, S> {
    fn first(&self) -> Vec<&[S]> {
        vec![self.first]
    }

    fn correlation(&self) -> Vec<PairTerm<'_, S>> {
        let Some(second) = self.second else {
            return vec![PairTerm::default()];
        };
        let n = self.particles as f64;
        let term = PairTerm::packed(self.layout, second, n);
        vec![term.plus_square(&[self.first], 0, -n)]
    }

    fn second(&self) -> Option<Vec<PairTerm<'_, S>>> {
        let term = |values| vec![PairTerm::packed(self.layout, values, 1.0)];
        self.second.map(term)
    }

    fn particles(&self) -> Option<usize> {
        Some(self.particles)
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        Series::constant(1.0 - 1.0 / self.particles as f64, terms)
    }
}

#[cfg(test)]
mod tests;
