//! What can go wrong in an expansion.

use meanfield_abstract::ModelError;
use meanfield_hierarchy::HierarchyError;
use meanfield_ode::OdeError;
use meanfield_tensor::TensorError;

/// Errors of the expansion.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpansionError {
    /// The model or the start refused.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// An operator refused its argument.
    #[error(transparent)]
    Hierarchy(#[from] HierarchyError),
    /// The integration failed.
    #[error(transparent)]
    Ode(#[from] OdeError),
    /// The tensor layer refused.
    #[error(transparent)]
    Tensor(#[from] TensorError),
    /// The numbers asked for do not fit in memory.
    #[error(
        "order {order} over {dimension} one-body states needs {required} bytes, more than the \
         {allowed} allowed; lower the order or the dimension, or raise limits.memory"
    )]
    Memory {
        /// Order of the expansion.
        order: usize,
        /// Dimension D.
        dimension: usize,
        /// Bytes needed.
        required: usize,
        /// Bytes allowed.
        allowed: usize,
    },
    /// The factored form does not fit in memory.
    #[error(
        "the factored form over {points} points needs {required} bytes, more than the {allowed} \
         allowed; use fewer points, or raise limits.memory"
    )]
    FactoredMemory {
        /// Number of points d.
        points: usize,
        /// Bytes needed.
        required: usize,
        /// Bytes allowed.
        allowed: usize,
    },
    /// The moments below a joint moment do not fit in memory.
    #[error(
        "joint cumulants and moments of {observables} observables need {required} bytes, more than \
         the {allowed} allowed; use fewer observables, or lower powers of all but one of them"
    )]
    JointMemory {
        /// Number of observables.
        observables: usize,
        /// Bytes needed, `usize::MAX` for more than can be counted.
        required: usize,
        /// Bytes allowed.
        allowed: usize,
    },
    /// The model has no factored form.
    #[error(
        "the factored form needs a model whose generator is a Hamiltonian with an interaction \
         that is diagonal in position; solve for the cumulants instead"
    )]
    NotFactored,
    /// The factored form starts from a pure state.
    #[error(
        "the start is not a pure state: Tr F^2 = {purity}, and F differs from the nearest \
         |phi><phi| found by {distance:e}; the factored form needs a pure F, mixed states take the \
         general form"
    )]
    Mixed {
        /// Tr F², 1 for a pure state.
        purity: f64,
        /// ‖F − φφ†‖ in the Hilbert–Schmidt norm.
        distance: f64,
    },
    /// The size cannot even be counted.
    #[error(
        "order {order} over {dimension} one-body states has tensors of more than 2^32 entries; \
         lower the order or the dimension"
    )]
    TooLarge {
        /// Order of the expansion.
        order: usize,
        /// Dimension D.
        dimension: usize,
    },
    /// The marginal does not exist: N < j.
    #[error("F_{marginal} does not exist for N = {particles} particles; choose N >= {marginal}")]
    TooFewParticles {
        /// Number of particles N.
        particles: usize,
        /// Degree j of the marginal.
        marginal: usize,
    },
    /// A bound in the trace norm needs ‖V‖.
    #[error(
        "the model does not say how large its interaction V is in the trace norm, and a bound \
         needs it; implement Interaction::pair_norm"
    )]
    NoPairNorm,
    /// The hierarchy of the bound cannot be closed below j = N.
    #[error(
        "no norm is kept by this model, so a bound at N = {particles} needs all {particles} degrees, \
         more than {limit}; choose N <= {limit}"
    )]
    NoClosure {
        /// Number of particles N.
        particles: usize,
        /// The most degrees that are taken.
        limit: usize,
    },
}
