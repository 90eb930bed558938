//! Time stepping for the flows of kinetic and mean-field hierarchies.
//!
//! Integrators of ∂t y = f(t, y) on flat vectors:
//!
//! * [`integrate`]: the embedded pair of Dormand and Prince, order 5(4), with
//!   dense output of order 4 at prescribed times. The error is controlled *block by
//!   block*, so that a coefficient of the expansion that is small beside
//!   another one is still accurate to its own digits. A linear part K with a
//!   cheap semigroup e^{τK} may be split off ([`System::semigroup`]): then the
//!   step size does not depend on ‖K‖.
//! * [`exponential`]: y(t) = e^{tA} y(0) for a linear, time-independent
//!   generator known only by its action: a Taylor series on steps short
//!   enough that it converges to rounding. [`unitary`] (Chebyshev) and
//!   [`uniformised`] take fewer products where A = −iH, and where A is a
//!   generator of probabilities.
//!
//! ```
//! use meanfield_ode::{Options, System, integrate};
//!
//! struct Decay;
//! impl System for Decay {
//!     type Scalar = f64;
//!     fn blocks(&self) -> &[usize] {
//!         &[1]
//!     }
//!     fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
//!         dydt[0] = -y[0];
//!     }
//! }
//! let mut last = 0.0;
//! let times = [0.0, 0.5, 1.0];
//! integrate(&mut Decay, &[1.0], &times, &Options::default(), |_, y| {
//!     last = y[0];
//!     Ok::<(), meanfield_ode::OdeError>(())
//! })?;
//! assert!((last - (-1.0_f64).exp()).abs() < 1e-9);
//! # Ok::<(), meanfield_ode::OdeError>(())
//! ```
//!
//! # Conventions
//! The tolerance is relative and per step. The nodes of the pair do not
//! decrease, so that a semigroup is applied forward only: e^{−τK} is never
//! formed.

mod dormand_prince;
mod exponential;
mod output;

pub use dormand_prince::{
    HELD_VECTORS, HELD_VECTORS_WITH_SEMIGROUP, Observer, Options, Progress, STAGES, STORED_STAGES,
    Semigroup, Snapshot, Statistics, System, integrate, integrate_observed,
};
pub use exponential::{
    HELD_BY_UNIFORMISED, HELD_BY_UNITARY, LinearAction, exponential, uniformised, unitary,
};

/// What can go wrong while integrating.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OdeError {
    /// The step size went to zero: the solution blows up, or the tolerance
    /// asks for more digits than there are.
    #[error(
        "the step size fell to {step:e} at t = {time}: the solution grows without bound, \
         or the tolerance {tolerance:e} is below what rounding allows"
    )]
    StepTooSmall {
        /// Time reached.
        time: f64,
        /// The step that was refused.
        step: f64,
        /// The relative tolerance.
        tolerance: f64,
    },
    /// The right-hand side returned a number that is not finite.
    #[error("the solution is no longer finite after t = {time}")]
    NotFinite {
        /// Last time with a finite solution.
        time: f64,
    },
    /// More products with the generator than anybody waits for.
    #[error(
        "a step of time {step:e} takes {products:.1e} products with the generator, and at most \
         {limit:.0e} are made: rates this large need a shorter time"
    )]
    TooManyProducts {
        /// From one output time to the next.
        step: f64,
        /// Products it would take.
        products: f64,
        /// The most that are made.
        limit: f64,
    },
    /// The caller asked to stop.
    #[error("interrupted at t = {time}")]
    Interrupted {
        /// Time reached.
        time: f64,
    },
    /// The norm of a unitary evolution is not kept.
    #[error(
        "a unitary evolution multiplied the norm by {kept} up to t = {time}: the generator is \
         not Hermitian, or its spectrum reaches beyond the interval given"
    )]
    Spectrum {
        /// The output time.
        time: f64,
        /// Norm at that time over the norm at the start.
        kept: f64,
    },
    /// Output times must start at the initial time and not decrease.
    #[error("output times must be finite and must not decrease; found {found} after {before}")]
    Times {
        /// The offending time.
        found: f64,
        /// The one before.
        before: f64,
    },
    /// A snapshot of another integration.
    #[error("the snapshot cannot be resumed: {reason}")]
    Snapshot {
        /// What does not fit.
        reason: String,
    },
    /// The tolerance is out of range.
    #[error("the tolerance must lie between 1e-14 and 0.1; found {found:e}")]
    Tolerance {
        /// The tolerance given.
        found: f64,
    },
}
