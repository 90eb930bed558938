//! From a configuration to what the engine works with: a model, a start and
//! observables, over one scalar or the other.

mod observables;
mod size;
mod start;

use meanfield::abstract_model::{Model, ModelError, Start};
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use crate::catalogue::{Built, Concrete, Given};
use crate::config::Config;
use crate::failure::Failure;
pub(crate) use observables::{Meaning, Quantity};

/// A problem over real or complex numbers. The program chooses here, once.
pub(crate) enum AnyProblem {
    /// Populations, and quantum models in a Hermitian basis.
    Real(Problem<f64>),
    /// Custom models with complex arrays.
    Complex(Problem<Complex64>),
}

/// Everything the engine needs.
pub(crate) struct Problem<S> {
    /// The model.
    pub(crate) model: Box<dyn Model<Scalar = S>>,
    /// The N-body start.
    pub(crate) start: Start<S>,
    /// The observables, in the order of the configuration.
    pub(crate) quantities: Vec<Quantity<S>>,
    /// Consecutive entries that belong together: the velocities at a place.
    pub(crate) together: usize,
    /// Names of the first entries of F_1 in user coordinates: as many as are
    /// shown.
    pub(crate) entries: Vec<String>,
}

/// Entries of F_1 that have a name; plots and tables show fewer.
const NAMED_ENTRIES: usize = 16;

/// Builds the problem of a configuration.
///
/// # Errors
/// [`Failure::Input`] with the model's reason, or with the size of what does
/// not fit: then nothing was built.
pub(crate) fn build(config: &Config) -> Result<AnyProblem, Failure> {
    let given = Given {
        values: &config.model.values,
        state: &config.initial.state,
    };
    size::require(config, &given)?;
    let refused = |error: ModelError| Failure::input(format!("{}: {error}", config.path.display()));
    match (config.model.kind.build)(&given).map_err(refused)? {
        Built::Real(model) => problem(config, model)
            .map(AnyProblem::Real)
            .map_err(refused),
        Built::Complex(model) => problem(config, model)
            .map(AnyProblem::Complex)
            .map_err(refused),
    }
}

fn problem<S: Scalar>(
    config: &Config,
    concrete: Box<dyn Concrete<S>>,
) -> Result<Problem<S>, ModelError> {
    let start = start::start(concrete.as_ref(), &config.initial)?;
    let named = concrete.space().dimension().min(NAMED_ENTRIES);
    let entries = (0..named).map(|entry| concrete.entry_name(entry)).collect();
    let together = concrete.together();
    let model = concrete.into_model();
    start.check(model.as_ref())?;
    let quantities = observables::quantities(model.as_ref(), &config.observables)?;
    Ok(Problem {
        together,
        model,
        start,
        quantities,
        entries,
    })
}
