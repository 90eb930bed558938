//! The part of K whose semigroup is cheap, taken out of a model.
//!
//! ```math
//! K = K_0 + K_1:
//! ```
//!
//! e^{τK₀} is applied exactly, K₁ and the interaction stay in the equation.
//!
//! A large K₀ (kinetic energies of a fine grid, free flight over small cells)
//! then no longer decides how long a time step may be.

use meanfield_tensor::{Scalar, Space};
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::effort::Effort;
use crate::linearised::Linearisation;
use crate::terms::Term;
use crate::{Capabilities, Interaction, Model};

/// A model whose K has a part K₀ with a cheap e^{τK₀}, τ ≥ 0, possibly in another
/// basis of the one-body space, its *frame*.
///
/// e^{τK₀} may have no inverse (upwind transport) and is never asked for one.
pub trait Semigroup<S: Scalar>: Send + Sync {
    /// The model without K₀, in the frame: its K is K₁. Further terms are those of the
    /// model itself, outside the frame.
    fn rest(&self) -> &dyn Model<Scalar = S>;

    /// e^{τK₀} in the frame, τ ≥ 0, made ready to be applied many times.
    fn at(&self, tau: f64) -> Propagator<'_, S>;

    /// The frame; `None`: that of the model itself.
    fn frame(&self) -> Option<&dyn Frame<S>> {
        None
    }
}

/// A model that has such a part.
pub trait Splitting<S: Scalar>: Send + Sync {
    /// K₀ taken out, with what its exponentials need: made once for a solve.
    fn semigroup(&self) -> Box<dyn Semigroup<S> + '_>;
}

/// e^{τK₀} of one slot.
pub enum Propagator<'a, S> {
    /// Where K₀ is diagonal: e^{τλ_a} for each of the D states.
    Diagonal(Vec<S>),
    /// Acts in place on M one-body states of D numbers, one after another; may
    /// be called from several threads at once.
    States(Box<dyn Fn(&mut [S]) + Send + Sync + 'a>),
}

impl<S: Scalar> Propagator<'_, S> {
    /// Applies it to M one-body states of D numbers, one after another.
    pub fn apply(&self, states: &mut [S]) {
        match self {
            Self::States(act) => act(states),
            Self::Diagonal(factors) => {
                for state in states.chunks_exact_mut(factors.len().max(1)) {
                    for (x, &factor) in state.iter_mut().zip(factors) {
                        *x *= factor;
                    }
                }
            }
        }
    }
}

/// A unitary change of the one-body basis. Both ways act in place on M one-body
/// states of D numbers, one after another, and may be called from several
/// threads at once.
pub trait Frame<S>: Send + Sync {
    /// From the model's own basis into the frame.
    fn enter(&self, states: &mut [S]);

    /// Back to the model's own basis.
    fn leave(&self, states: &mut [S]);
}

/// A model with K = 0 put in the place of its own.
#[derive(Debug, Clone, Copy)]
pub struct WithoutK<'a, M: ?Sized>(pub &'a M);

impl<M: Model + ?Sized> Model for WithoutK<'_, M> {
    type Scalar = M::Scalar;

    fn space(&self) -> &Space<M::Scalar> {
        self.0.space()
    }

    fn add_k(
        &self,
        _c: M::Scalar,
        _x: ArrayView2<'_, M::Scalar>,
        _out: ArrayViewMut2<'_, M::Scalar>,
    ) {
    }

    fn interaction(&self) -> &dyn Interaction<M::Scalar> {
        self.0.interaction()
    }

    /// What is true of the model without K too.
    fn capabilities(&self) -> Capabilities<'_, M::Scalar> {
        let Capabilities {
            keeps_positivity,
            k_is_zero: _,
            basis,
            splitting: _,
            // These hold K, and so may what is measured.
            hamiltonian: _,
            position_hamiltonian: _,
            measured: _,
        } = self.0.capabilities();
        Capabilities {
            keeps_positivity,
            k_is_zero: true,
            basis,
            splitting: None,
            hamiltonian: None,
            position_hamiltonian: None,
            measured: None,
        }
    }

    fn further_terms(&self) -> Vec<Term<'_, M::Scalar>> {
        self.0.further_terms()
    }

    /// Δ_1: there is no K to add.
    fn linearised_generator(&self) -> Box<dyn Linearisation<M::Scalar> + '_> {
        self.0.interaction().linearisation()
    }

    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        let effort = self.0.effort(columns, pairs);
        Effort {
            generator: effort.linearisation,
            ..effort
        }
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }
}
