//! Generators that are sums of terms, some of them with a power of 1/N more than its
//! usual place, some of them changing in time:
//!
//! ```math
//! \sum_i K_i + \frac1N \sum_{i<j} V_{ij}
//!   + \sum_k c_k(t)\, N^{-p_k} \Big( \sum_i K^{(k)}_i + \frac1N \sum_{i<j} V^{(k)}_{ij} \Big),
//!   \qquad p_k \in \{0, 1\}.
//! ```
//!
//! K and V are the model's own; the rest are its
//! [further terms](crate::Model::further_terms).

mod sum;
mod without_v;

use std::fmt;
use std::sync::Arc;

use meanfield_tensor::Scalar;

pub use self::sum::SumOfTerms;
pub use self::without_v::WithoutV;
use crate::{Model, ModelError};

/// The power p of 1/N that a term has beside its usual place: K_k N^{−p}, V_k N^{−1−p}.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Power {
    /// p = 0: as K and V/N. It moves the mean field.
    #[default]
    Zero,
    /// p = 1: K_k/N and V_k/N², the first correction of a generator that depends on N.
    /// It moves everything but the mean field.
    One,
}

impl Power {
    /// p.
    #[must_use]
    pub fn exponent(self) -> usize {
        match self {
            Self::Zero => 0,
            Self::One => 1,
        }
    }

    /// N^{−p}.
    #[must_use]
    pub fn weight(self, particles: usize) -> f64 {
        match self {
            Self::Zero => 1.0,
            Self::One => 1.0 / particles as f64,
        }
    }
}

/// The factor c(t) of a term: 1 unless something else is said.
#[derive(Clone)]
pub struct Envelope(Shape);

#[derive(Clone)]
enum Shape {
    Constant(f64),
    Function(Arc<dyn Fn(f64) -> f64 + Send + Sync>),
}

impl Envelope {
    /// c(t) = `value` at all times.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self(Shape::Constant(value))
    }

    /// c(t) by a function of time: a solve begins at the first of its times, an exact
    /// evolution at t = 0. It is asked at every right-hand side, in no order. Where it jumps
    /// steps become short; a pulse shorter than a step may go unseen, unless a solve begins
    /// or ends in it.
    #[must_use]
    pub fn of(function: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Self {
        Self(Shape::Function(Arc::new(function)))
    }

    /// c(t).
    #[must_use]
    pub fn at(&self, t: f64) -> f64 {
        match &self.0 {
            Shape::Constant(value) => *value,
            Shape::Function(function) => function(t),
        }
    }

    /// Whether c is known not to change: only then may a term be folded into one
    /// generator, or into an exponential that is kept.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.0, Shape::Constant(_))
    }
}

impl Default for Envelope {
    fn default() -> Self {
        Self::constant(1.0)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Shape::Constant(value) => f.debug_tuple("Envelope").field(value).finish(),
            Shape::Function(_) => f.write_str("Envelope(function of t)"),
        }
    }
}

/// One further term c(t) N^{−p} (Σ_i K_i + (1/N) Σ_{i<j} V_ij) of a generator, K and V
/// those of `operator`. Either may vanish: arity 1 is a model without V, arity 2 one
/// without K.
pub struct Term<'a, S: Scalar> {
    /// K and V, over the one-body space of the model and in its engine's basis. What else
    /// the operator knows (a splitting, terms of its own) is not used.
    pub operator: &'a dyn Model<Scalar = S>,
    /// p.
    pub power: Power,
    /// c(t).
    pub envelope: Envelope,
}

impl<S: Scalar> Clone for Term<'_, S> {
    fn clone(&self) -> Self {
        Self {
            envelope: self.envelope.clone(),
            ..*self
        }
    }
}

/// Refuses a model with further terms, for what is about K + V/N alone.
///
/// # Errors
/// [`ModelError::FurtherTerms`] with `what` and `instead` in its words.
pub fn refuse_further_terms<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    what: &'static str,
    instead: &'static str,
) -> Result<(), ModelError> {
    match model.further_terms().len() {
        0 => Ok(()),
        terms => Err(ModelError::FurtherTerms {
            what,
            terms,
            instead,
        }),
    }
}
