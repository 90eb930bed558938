//! What the forms of the expansion have in common: each starts, steps from output to
//! output, and gives at each of them the marginals,
//!
//! ```math
//! F_j = \sum_{m \le n} N^{-m} f_{j,m} \qquad \text{or, at one } N, \qquad F_j^{N,n} \quad (33),
//! ```
//!
//! and the moments that observables are made of.

use std::error::Error;

use meanfield_abstract::{Model, PositionHamiltonian, Series, Start};
use meanfield_hierarchy::FurtherOperators;
use meanfield_ode::{Observer, Options, Statistics};
use meanfield_tensor::{Scalar, SymmetricLayout};
use num_complex::Complex64;

use crate::bogoliubov::{self, Bogoliubov, CondensateMoments};
use crate::coefficients::{self, Coefficients, initial_errors};
use crate::observables::{Moments, PairTerm};
use crate::recursion::{self, RecursionState};
use crate::{Cumulants, ExpansionError, Memory, Settings, TensorSeries, solve_observed};

/// A form of the expansion at one time.
pub trait State<S: Scalar>: Moments<S> {
    /// F(t), the limit.
    fn mean_field(&self) -> &[S];

    /// F_0, …, F_J for J = `highest` at most: `[j].term(m)` is f_{j,m}; of a form at one N
    /// there is one term, F_j itself.
    fn marginals(&self, highest: usize) -> Vec<TensorSeries<S>>;

    /// What the form has for unknowns, packed: g_{j,l}, e_j^m or 𝓔_j^k by its two
    /// indices; `None` where there is none.
    fn unknown(&self, j: usize, second: usize) -> Option<&[S]>;
}

/// Why a solve ended early: an [`ExpansionError`], or what the output returned.
pub type Stop = Box<dyn Error + Send + Sync>;

/// What a form hands its states to, by the number of the output.
pub type Output<'a, S> = dyn FnMut(usize, &dyn State<S>) -> Result<(), Stop> + 'a;

/// A form of the expansion, ready to be solved.
pub trait Form<S: Scalar> {
    /// The one N at which it holds; `None`: every N.
    fn particles(&self) -> Option<usize> {
        None
    }

    /// Bytes that a solve holds at most; `None` beyond counting.
    fn bytes(&self) -> Option<usize>;

    /// Solves from `times[0]` and calls `output(k, state)` at each `times[k]`; `observer`
    /// is called after every step and stops the solve by returning `false`.
    ///
    /// # Errors
    /// [`ExpansionError`], or whatever `output` returns.
    fn evolve(
        &self,
        times: &[f64],
        options: &Options,
        observer: &mut Observer<'_>,
        output: &mut Output<'_, S>,
    ) -> Result<Statistics, Stop>;
}

/// Form (c), the connected cumulants, by [`solve`](crate::solve()).
pub struct CumulantForm<'a, S: Scalar> {
    /// The model.
    pub model: &'a dyn Model<Scalar = S>,
    /// The start.
    pub start: &'a Start<S>,
    /// Order n.
    pub order: usize,
    /// The highest j whose marginal will be asked for.
    pub highest: usize,
}

impl<S: Scalar> Form<S> for CumulantForm<'_, S> {
    fn bytes(&self) -> Option<usize> {
        let memory = Memory::of(self.model, self.order);
        memory.ok().map(|memory| memory.total())
    }

    fn evolve(
        &self,
        times: &[f64],
        options: &Options,
        observer: &mut Observer<'_>,
        output: &mut Output<'_, S>,
    ) -> Result<Statistics, Stop> {
        let settings = Settings {
            order: self.order,
            marginals: self.highest,
            times: times.to_vec(),
            tolerance: options.tolerance,
            memory: usize::MAX,
        };
        solve_observed(self.model, self.start, &settings, observer, |k, at| {
            output(k, &at)
        })
    }
}

impl<S: Scalar> State<S> for Cumulants<'_, S> {
    fn mean_field(&self) -> &[S] {
        Cumulants::mean_field(self)
    }

    fn marginals(&self, highest: usize) -> Vec<TensorSeries<S>> {
        Cumulants::marginals(self, highest)
    }

    fn unknown(&self, j: usize, second: usize) -> Option<&[S]> {
        self.get(j, second)
    }
}

/// Form (b), the coefficients of the correlation errors, by [`coefficients`].
pub struct CoefficientForm<'a, S: Scalar> {
    /// The model.
    pub model: &'a dyn Model<Scalar = S>,
    /// The start.
    pub start: &'a Start<S>,
    /// Order n.
    pub order: usize,
    /// The layout of the marginals that will be asked for.
    pub layout: &'a SymmetricLayout,
}

impl<S: Scalar> Form<S> for CoefficientForm<'_, S> {
    fn bytes(&self) -> Option<usize> {
        let dimension = self.layout.dimension();
        let own = coefficients::CoefficientSystem::<S>::bytes(dimension, self.order)?;
        own.checked_add(FurtherOperators::bytes(self.model, 2 * self.order)?)
    }

    fn evolve(
        &self,
        times: &[f64],
        options: &Options,
        observer: &mut Observer<'_>,
        output: &mut Output<'_, S>,
    ) -> Result<Statistics, Stop> {
        let (model, order, layout) = (self.model, self.order, self.layout);
        let initial = initial_errors(model, self.start, order)?;
        let f = self.start.one_body();
        coefficients::solve(
            model,
            order,
            f,
            &initial,
            times,
            options,
            observer,
            |k, at| output(k, &AtCoefficients::new(layout, at)?),
        )
    }
}

/// The coefficients at one time, and the marginals made of them.
struct AtCoefficients<'a, S> {
    layout: &'a SymmetricLayout,
    at: Coefficients<S>,
    marginals: Vec<TensorSeries<S>>,
}

impl<'a, S: Scalar> AtCoefficients<'a, S> {
    fn new(layout: &'a SymmetricLayout, at: Coefficients<S>) -> Result<Self, ExpansionError> {
        let of_degree = |j| {
            let terms = (0..=at.order()).map(|m| Ok(at.marginal_coefficient(layout, j, m)?));
            Ok(TensorSeries(terms.collect::<Result<_, ExpansionError>>()?))
        };
        let marginals = (0..=layout.degree()).map(of_degree);
        Ok(Self {
            layout,
            marginals: marginals.collect::<Result<_, ExpansionError>>()?,
            at,
        })
    }
}

impl<S: Scalar> State<S> for AtCoefficients<'_, S> {
    fn mean_field(&self) -> &[S] {
        self.at.one_body()
    }

    fn marginals(&self, highest: usize) -> Vec<TensorSeries<S>> {
        self.marginals.iter().take(highest + 1).cloned().collect()
    }

    fn unknown(&self, j: usize, second: usize) -> Option<&[S]> {
        self.at.coefficient(j, second)
    }
}

impl<S: Scalar> Moments<S> for AtCoefficients<'_, S> {
    fn first(&self) -> Vec<&[S]> {
        self.marginals[1].0.iter().map(Vec::as_slice).collect()
    }

    fn correlation(&self) -> Vec<PairTerm<'_, S>> {
        let first = self.first();
        // F_2 − F_1⊗F_1 is of order 1/N: N times it starts one power later.
        let later = self.marginals.get(2).map_or(&[][..], |second| &second.0);
        let terms = later.iter().enumerate().skip(1);
        terms
            .map(|(m, term)| PairTerm::packed(self.layout, term, 1.0).plus_square(&first, m, -1.0))
            .collect()
    }

    fn second(&self) -> Option<Vec<PairTerm<'_, S>>> {
        let terms = self.marginals.get(2)?.0.iter();
        Some(
            terms
                .map(|term| PairTerm::packed(self.layout, term, 1.0))
                .collect(),
        )
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        let one = Series::constant(1.0, terms);
        &one - &one.over_n().truncated(terms)
    }
}

/// Form (a), the recursion of Theorem 1.4 at one N, by [`recursion`].
pub struct RecursionForm<'a, S: Scalar> {
    /// The model.
    pub model: &'a dyn Model<Scalar = S>,
    /// The start.
    pub start: &'a Start<S>,
    /// Order n.
    pub order: usize,
    /// N.
    pub particles: usize,
    /// The layout of the marginals that will be asked for.
    pub layout: &'a SymmetricLayout,
}

impl<S: Scalar> Form<S> for RecursionForm<'_, S> {
    fn particles(&self) -> Option<usize> {
        Some(self.particles)
    }

    fn bytes(&self) -> Option<usize> {
        let dimension = self.layout.dimension();
        let own = recursion::RecursionSystem::<S>::bytes(dimension, self.order, self.particles)?;
        own.checked_add(FurtherOperators::bytes(self.model, 2 * self.order)?)
    }

    fn evolve(
        &self,
        times: &[f64],
        options: &Options,
        observer: &mut Observer<'_>,
        output: &mut Output<'_, S>,
    ) -> Result<Statistics, Stop> {
        let (order, n) = (self.order, self.particles);
        let initial = initial_errors(self.model, self.start, order)?;
        recursion::solve(
            self.model,
            order,
            n,
            self.start.one_body(),
            &initial,
            times,
            options,
            observer,
            |k, at| {
                let marginals = (1..=self.layout.degree().min(n))
                    .map(|j| at.marginal(self.layout, j))
                    .collect::<Result<_, ExpansionError>>()?;
                let state = AtOneN {
                    layout: self.layout,
                    particles: n,
                    at,
                    marginals,
                };
                output(k, &state)
            },
        )
    }
}

/// The recursion at one time, and F_1, F_2, … made of it.
struct AtOneN<'a, S> {
    layout: &'a SymmetricLayout,
    particles: usize,
    at: RecursionState<S>,
    marginals: Vec<Vec<S>>,
}

impl<S: Scalar> State<S> for AtOneN<'_, S> {
    fn mean_field(&self) -> &[S] {
        self.at.one_body()
    }

    fn marginals(&self, highest: usize) -> Vec<TensorSeries<S>> {
        let each = self.marginals.iter().take(highest);
        let each = each.map(|marginal| TensorSeries(vec![marginal.clone()]));
        std::iter::once(TensorSeries::one(1)).chain(each).collect()
    }

    fn unknown(&self, j: usize, second: usize) -> Option<&[S]> {
        self.at.terms().get(&(j, second)).map(Vec::as_slice)
    }
}

impl<S: Scalar> Moments<S> for AtOneN<'_, S> {
    fn first(&self) -> Vec<&[S]> {
        vec![&self.marginals[0]]
    }

    fn correlation(&self) -> Vec<PairTerm<'_, S>> {
        let second = self.marginals.get(1);
        let n = self.particles as f64;
        let term = second.map(|second| {
            let term = PairTerm::packed(self.layout, second, n);
            term.plus_square(&self.first(), 0, -n)
        });
        vec![term.unwrap_or_default()]
    }

    fn second(&self) -> Option<Vec<PairTerm<'_, S>>> {
        let second = self.marginals.get(1)?;
        Some(vec![PairTerm::packed(self.layout, second, 1.0)])
    }

    fn one_minus_inverse(&self, terms: usize) -> Series {
        Series::constant(1.0 - 1.0 / self.particles as f64, terms)
    }
}

/// Order 1 of a pure start of particles on a grid in factored form, by [`bogoliubov`].
pub struct FactoredForm<'a> {
    /// The Hamiltonian, diagonal in position where it couples particles.
    pub hamiltonian: &'a dyn PositionHamiltonian,
    /// φ, F(0) = |φ⟩⟨φ|.
    pub phi: Vec<Complex64>,
}

impl<S: Scalar> Form<S> for FactoredForm<'_> {
    fn bytes(&self) -> Option<usize> {
        bogoliubov::required_bytes(self.hamiltonian.points())
    }

    fn evolve(
        &self,
        times: &[f64],
        options: &Options,
        observer: &mut Observer<'_>,
        output: &mut Output<'_, S>,
    ) -> Result<Statistics, Stop> {
        let settings = bogoliubov::Settings {
            tolerance: options.tolerance,
            ..bogoliubov::Settings::new(times.to_vec())
        };
        let each = |k, at: &Bogoliubov| output(k, &at.moments::<S>());
        bogoliubov::solve_observed(self.hamiltonian, &self.phi, &settings, observer, each)
    }
}

impl<S: Scalar> State<S> for CondensateMoments<'_, S> {
    fn mean_field(&self) -> &[S] {
        self.first()[0]
    }

    /// F_1 alone: pairs are never laid out.
    fn marginals(&self, _highest: usize) -> Vec<TensorSeries<S>> {
        let first = self.first().into_iter().map(<[S]>::to_vec).collect();
        vec![TensorSeries::one(2), TensorSeries(first)]
    }

    fn unknown(&self, _j: usize, _second: usize) -> Option<&[S]> {
        None
    }
}
