//! A model with V = 0 put in the place of its own.

use meanfield_tensor::{Scalar, Space};
use ndarray::{ArrayView2, ArrayViewMut2};

use super::Term;
use crate::effort::Effort;
use crate::linearised::Linearisation;
use crate::semigroup::{Frame, Propagator, Semigroup, Splitting};
use crate::{Capabilities, Interaction, Model};

/// A model with V = 0 put in the place of its own: the counterpart of
/// [`WithoutK`](crate::WithoutK). What K can do (a splitting) it still can.
pub struct WithoutV<'a, S: Scalar>(Held<'a, S>);

enum Held<'a, S: Scalar> {
    Model(&'a dyn Model<Scalar = S>),
    /// What is left of a model by its semigroup.
    Rest(Box<dyn Semigroup<S> + 'a>),
}

impl<'a, S: Scalar> WithoutV<'a, S> {
    /// That model without V.
    #[must_use]
    pub fn new(model: &'a dyn Model<Scalar = S>) -> Self {
        Self(Held::Model(model))
    }

    fn held(&self) -> &dyn Model<Scalar = S> {
        match &self.0 {
            Held::Model(model) => *model,
            Held::Rest(semigroup) => semigroup.rest(),
        }
    }
}

impl<S: Scalar> Model for WithoutV<'_, S> {
    type Scalar = S;

    fn space(&self) -> &Space<S> {
        self.held().space()
    }

    fn add_k(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        self.held().add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<S> {
        self
    }

    /// What is true of the model without V too.
    fn capabilities(&self) -> Capabilities<'_, S> {
        let Capabilities {
            keeps_positivity,
            k_is_zero,
            basis,
            splitting,
            // These hold V, and so may what is measured.
            hamiltonian: _,
            position_hamiltonian: _,
            measured: _,
        } = self.held().capabilities();
        Capabilities {
            keeps_positivity,
            k_is_zero,
            basis,
            splitting: splitting.map(|_| self as &dyn Splitting<S>),
            hamiltonian: None,
            position_hamiltonian: None,
            measured: None,
        }
    }

    fn further_terms(&self) -> Vec<Term<'_, S>> {
        self.held().further_terms()
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<S> + '_> {
        Box::new(OfK(self))
    }

    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        Effort {
            linearisation: 0,
            generator: 0,
            pair: 0,
            traced: 0,
            ..self.held().effort(columns, pairs)
        }
    }

    fn bytes(&self) -> usize {
        self.held().bytes()
    }
}

impl<S: Scalar> Interaction<S> for WithoutV<'_, S> {
    fn one_body_space(&self) -> &Space<S> {
        self.space()
    }

    fn vanishes(&self) -> bool {
        true
    }

    fn add_pair(&self, _c: S, _x: ArrayView2<'_, S>, _out: ArrayViewMut2<'_, S>) {}

    fn add_q(&self, _c: S, _x: ArrayView2<'_, S>, _out: ArrayViewMut2<'_, S>) {}

    fn add_pair_product(
        &self,
        _c: S,
        _x: ArrayView2<'_, S>,
        _y: ArrayView2<'_, S>,
        _out: ArrayViewMut2<'_, S>,
    ) {
    }

    fn add_q_product(
        &self,
        _c: S,
        _x: ArrayView2<'_, S>,
        _y: ArrayView2<'_, S>,
        _out: ArrayViewMut2<'_, S>,
    ) {
    }

    fn add_symmetric_product(&self, _c: S, _x: &[S], _y: &[S], _out: &mut [S]) {}

    fn add_symmetric_q(&self, _c: S, _pairs: &[S], _out: &mut [S]) {}

    fn linearisation(&self) -> Box<dyn Linearisation<S> + '_> {
        Box::new(Nothing)
    }

    fn pair_norm(&self) -> Option<f64> {
        Some(0.0)
    }
}

impl<S: Scalar> Splitting<S> for WithoutV<'_, S> {
    fn semigroup(&self) -> Box<dyn Semigroup<S> + '_> {
        match self.held().capabilities().semigroup() {
            Some(semigroup) => Box::new(WithoutV(Held::Rest(semigroup))),
            None => unreachable!("only a model with a splitting claims this one"),
        }
    }
}

impl<S: Scalar> Semigroup<S> for WithoutV<'_, S> {
    fn rest(&self) -> &dyn Model<Scalar = S> {
        self
    }

    fn at(&self, tau: f64) -> Propagator<'_, S> {
        match &self.0 {
            Held::Rest(semigroup) => semigroup.at(tau),
            Held::Model(_) => unreachable!("made from a semigroup"),
        }
    }

    fn frame(&self) -> Option<&dyn Frame<S>> {
        match &self.0 {
            Held::Rest(semigroup) => semigroup.frame(),
            Held::Model(_) => None,
        }
    }
}

/// K + Δ_1 with Δ_1 = 0.
struct OfK<'a, S: Scalar>(&'a WithoutV<'a, S>);

impl<S: Scalar> Linearisation<S> for OfK<'_, S> {
    fn update(&mut self, _f: &[S]) {}

    fn add_apply(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        if !self.0.held().capabilities().k_is_zero {
            self.0.add_k(c, x, out);
        }
    }
}

/// Δ_1 = 0.
struct Nothing;

impl<S: Scalar> Linearisation<S> for Nothing {
    fn update(&mut self, _f: &[S]) {}

    fn add_apply(&self, _c: S, _x: ArrayView2<'_, S>, _out: ArrayViewMut2<'_, S>) {}
}
