//! From a configuration to what the engine works with: a model, a start and
//! observables, over one scalar or the other.

mod model;
mod observables;
mod size;
mod start;

use meanfield::abstract_model::{Model, ModelError, Start};
use num_complex::Complex64;

use crate::config::{Config, ModelConfig, Physical};
use crate::failure::Failure;
use model::Concrete;
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
    size::require(config)?;
    let refused =
        |error: ModelError| Failure::Input(anyhow::anyhow!("{}: {error}", config.path.display()));
    match model::concrete(&config.model, &config.initial).map_err(refused)? {
        model::AnyConcrete::Real(concrete) => problem(config, concrete)
            .map(AnyProblem::Real)
            .map_err(refused),
        model::AnyConcrete::Complex(concrete) => problem(config, concrete)
            .map(AnyProblem::Complex)
            .map_err(refused),
    }
}

fn problem<S: meanfield::tensor::Scalar>(
    config: &Config,
    concrete: Concrete<S>,
) -> Result<Problem<S>, ModelError> {
    let start = start::start(&concrete, &config.initial)?;
    let entries = concrete.entry_names(NAMED_ENTRIES);
    let model = concrete.into_model();
    start.check(model.as_ref())?;
    let quantities = observables::quantities(model.as_ref(), &config.observables)?;
    let together = match &config.model {
        ModelConfig::Physical(Physical { kind, values }) if kind.name == "povzner" => {
            let places = values
                .integer("points")
                .pow(values.integer("dimension") as u32);
            model.space().dimension() / places.max(1)
        }
        _ => 1,
    };
    Ok(Problem {
        together,
        model,
        start,
        quantities,
        entries,
    })
}
