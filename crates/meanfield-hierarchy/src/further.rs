//! The operators of the [further terms](meanfield_abstract::Model::further_terms) of a
//! generator, and where their powers of 1/N put them.
//!
//! Every right-hand side here is linear in (K, V): a term c(t) N^{−p} (K_k + V_k/N) adds
//! its own operators to those of K + V/N, times c(t) N^{−p}. One thing more comes with
//! p = 1. F moves by the terms with p = 0 alone, while E_j is made with F: in
//!
//! ```math
//! \partial_t E_j = \Big[\partial_t E_j\Big]_{F \text{ fixed}} - \dot F \odot E_{j-1}
//! ```
//!
//! the last term does not take away what the first one brings, and with B = K_kF +
//! Q_k(F,F) there is left
//!
//! ```math
//! \partial_t E_j \mathrel{+}= \frac{c(t)}{N}\, B \odot E_{j-1}, \qquad
//! B \odot E_{j-1} = \sum_i B(z_i)\, E_{j-1}(Z_j^{\setminus i}), \qquad E_0 = 1.
//! ```

use meanfield_abstract::{Envelope, Model, Power};
use meanfield_tensor::{Scalar, TensorError};

use crate::error::{member, require_tensor};
use crate::{HierarchyError, MeanField, Operators};

/// The further terms of a model, each with operators of its own.
pub struct FurtherOperators<'a, S: Scalar>(Vec<FurtherTerm<'a, S>>);

/// One further term about a state F, at a time t.
pub struct FurtherTerm<'a, S: Scalar> {
    operators: Operators<'a, S>,
    flow: MeanField<'a, S>,
    power: Power,
    envelope: Envelope,
    /// c(t).
    factor: f64,
    /// B = K_k F + Q_k(F,F), where p = 1.
    drift: Vec<S>,
}

impl<'a, S: Scalar> FurtherOperators<'a, S> {
    /// The operators of every further term between tensors of degrees 0 … `degree`, about
    /// F = 0 and at no time until [`set_state`](Self::set_state) is called.
    ///
    /// # Errors
    /// [`TensorError::TooManyEntries`] when a tensor cannot be indexed.
    pub fn new(model: &'a dyn Model<Scalar = S>, degree: usize) -> Result<Self, TensorError> {
        let terms = model.further_terms().into_iter().map(|term| {
            let operators = Operators::new(term.operator, degree)?;
            let drift = match term.power {
                Power::Zero => 0,
                Power::One => operators.layout().dimension(),
            };
            Ok(FurtherTerm {
                flow: MeanField::of_operators(term.operator),
                operators,
                power: term.power,
                envelope: term.envelope,
                factor: 0.0,
                drift: vec![S::from_re(0.0); drift],
            })
        });
        Ok(Self(terms.collect::<Result<_, TensorError>>()?))
    }

    /// Bytes of the operators of the terms of a model, each as
    /// [`Operators::bytes`] counts; `None` when they cannot be indexed.
    #[must_use]
    pub fn bytes(model: &dyn Model<Scalar = S>, degree: usize) -> Option<usize> {
        let d = model.space().dimension();
        let each =
            Operators::<S>::bytes(d, degree, size_of::<S>())?.checked_add(d * size_of::<S>())?;
        each.checked_mul(model.further_terms().len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves to another time t, which is where the envelopes are asked, and state F.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] unless F has D entries.
    pub fn set_state(&mut self, t: f64, f: &[S]) -> Result<(), HierarchyError> {
        let one = S::from_re(1.0);
        for term in &mut self.0 {
            term.factor = term.envelope.at(t);
            term.operators.set_state(f)?;
            if term.power == Power::One {
                term.drift.fill(S::from_re(0.0));
                term.flow.add_rhs(t, one, f, &mut term.drift)?;
            }
        }
        Ok(())
    }

    /// The terms, one after another.
    pub fn terms(&mut self) -> impl Iterator<Item = &mut FurtherTerm<'a, S>> {
        self.0.iter_mut()
    }

    /// What the terms add to the right-hand side of the BBGKY hierarchy (94),
    /// c(t) N^{−p} of [`Operators::add_bbgky`] each: `out += c·(it)`.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] when `family` has no member of degree j; those of the
    /// operators.
    pub fn add_bbgky(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        family: &[Vec<S>],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        member(family, j)?;
        for term in &mut self.0 {
            let weight = c.scaled(term.weight(particles));
            term.operators
                .add_bbgky(weight, j, particles, family, out)?;
        }
        Ok(())
    }

    /// What the terms add to the right-hand side of the hierarchy of the correlation
    /// errors (34), (117): c(t) N^{−p} of [`Operators::add_correlation`] each and, with
    /// p = 1, c(t)/N · B⊙E_{j−1}. `out += c·(it)`.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] when `family` has no member of degree j; those of the
    /// operators.
    pub fn add_correlation(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        family: &[Vec<S>],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        member(family, j)?;
        for term in &mut self.0 {
            let weight = c.scaled(term.weight(particles));
            term.operators
                .add_correlation(weight, j, particles, family, out)?;
            if j >= 1 {
                term.add_drift(weight, j, &family[j - 1], out)?;
            }
        }
        Ok(())
    }
}

impl<'a, S: Scalar> FurtherTerm<'a, S> {
    /// Its operators.
    pub fn operators(&mut self) -> &mut Operators<'a, S> {
        &mut self.operators
    }

    /// p.
    #[must_use]
    pub fn power(&self) -> Power {
        self.power
    }

    /// c(t) at the time of the state.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// c(t) N^{−p}.
    #[must_use]
    pub fn weight(&self, particles: usize) -> f64 {
        self.factor * self.power.weight(particles)
    }

    /// B⊙E with B = K_kF + Q_k(F,F), for a term with p = 1, where F does not move by it;
    /// nothing for one with p = 0. Degree j−1 → j: `e` has degree j−1. Cost: D·m_{j−1}.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] and [`HierarchyError::Degree`], as those of [`Operators`].
    pub fn add_drift(&self, c: S, j: usize, e: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        if self.power == Power::One && j >= 1 {
            let layout = self.operators.layout();
            require_tensor("the argument", layout, j - 1, e)?;
            require_tensor("the result", layout, j, out)?;
            layout.add_product((1, &self.drift), (j - 1, e), c, out);
        }
        Ok(())
    }
}
