//! A run: exact references, the expansion, and everything recorded on the way.
//!
//! Large arrays go to the result file slice by slice; what is small (numbers
//! by time) is kept in a [`Record`], from which the summary, the plots and the
//! warnings are made.

mod at_n;
mod bounds;
mod checkpoint;
mod correlation;
mod estimate;
mod exact;
mod expansion;
mod form;
mod observe;
mod outputs;
mod quote;
mod record;
mod recursion;
mod sealed;
mod sizes;
mod small;
mod writer;

pub use at_n::AtN;
pub(crate) use bounds::of_a_moment as bounds_of_a_moment;
pub(crate) use checkpoint::Keeper;
#[cfg(any(test, fuzzing))]
pub(crate) use checkpoint::checkpoint_of;
pub use correlation::{Correlation, Rows};
pub(crate) use estimate::error_estimate;
pub(crate) use exact::{Skipped, possible};
pub use observe::Observed;
pub(crate) use outputs::OutputPlan;
pub(crate) use quote::{Doubt, Quotes, Source};
pub(crate) use record::KEPT_ENTRIES;
pub use record::{Least, Record};
pub(crate) use sizes::{Sizes, solver_bytes};
pub(crate) use small::write_small;

use std::collections::BTreeMap;

use meanfield::abstract_model::ModelError;
use meanfield::exact::ExactError;
use meanfield::expansion::ExpansionError;
use meanfield::ode::OdeError;
use meanfield::tensor::{Scalar, SymmetricLayout};

use crate::arrays::ResultFile;
use crate::config::{Config, Method};
use crate::failure::Failure;
use crate::problem::Problem;
use crate::watch::{Stage, Watch};
use writer::Writer;

/// What the stages of a run share.
pub(crate) struct Run<'a, S> {
    /// The configuration.
    pub(crate) config: &'a Config,
    /// The model, the start and the observables.
    pub(crate) problem: &'a Problem<S>,
    /// The arrays to write.
    pub(crate) outputs: &'a OutputPlan,
    /// Writes checkpoints, and has the last one.
    keeper: &'a Keeper,
    /// Layouts of the marginals' packed tensors.
    layout: SymmetricLayout,
    watch: &'a dyn Watch,
}

impl<'a, S: Scalar> Run<'a, S> {
    /// Prepares a run.
    ///
    /// # Errors
    /// [`Failure::Input`] when a marginal cannot be indexed.
    pub(crate) fn new(
        config: &'a Config,
        problem: &'a Problem<S>,
        outputs: &'a OutputPlan,
        keeper: &'a Keeper,
        watch: &'a dyn Watch,
    ) -> Result<Self, Failure> {
        let dimension = problem.model.space().dimension();
        let highest = highest_marginal(config, problem);
        let layout = SymmetricLayout::new(dimension, highest).map_err(Failure::input)?;
        Ok(Self {
            config,
            problem,
            outputs,
            keeper,
            layout,
            watch,
        })
    }

    /// A stage of the run begins.
    fn stage(&self, name: &str) -> Box<dyn Stage + '_> {
        self.watch.stage(name)
    }

    /// Computes everything; arrays go to `result`.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn compute(&self, result: &mut ResultFile) -> Result<Record, Failure> {
        let saved = self.keeper.load(self.watch).and_then(|saved| {
            let restored = ResultFile::restore(result.scratch()?, saved.arrays);
            let missing = restored.map_err(|error| {
                self.watch.note(&format!("{error}; beginning anew"));
                self.keeper.forget();
            });
            Some((saved.record, saved.round, missing.ok()?))
        });
        let resumed = saved.is_some();
        let (mut record, mut writer, round) = match saved {
            Some((record, round, restored)) => {
                *result = restored;
                (record, Writer::restored(result, self.outputs), round)
            }
            None => {
                let record = Record::new(self.outputs.times.clone(), self.config);
                (record, Writer::new(result, self.outputs)?, 0)
            }
        };
        let (writer, record_) = (&mut writer, &mut record);
        let exact = exact::solve_all(self, writer, record_, resumed)?;
        if !resumed {
            bounds::solve(self, record_)?;
        }
        let solved = match self.config.expansion.method {
            Method::Recursion => recursion::solve(self, &exact, writer, record_, round),
            _ => expansion::solve(self, &exact, writer, record_),
        };
        match self.keeper.failure().map_or(solved, Err) {
            Ok(()) => {}
            // The rounds of the recursion are not of one length.
            Err(Failure::Ended { reason, .. })
                if record.has_series && record.observed.len() > 1 =>
            {
                writer.cut(record.observed.len())?;
                record.cut(reason);
            }
            Err(failure) => return Err(failure),
        }
        Ok(record)
    }

    /// The times handed to a solver, and which of them are recorded: all, or
    /// the last one.
    fn solver_times(&self) -> (Vec<f64>, impl Fn(usize) -> Option<usize> + use<S>) {
        let last_only = self.config.output.last_only;
        let times = if last_only {
            vec![0.0, self.config.time.end]
        } else {
            self.config.time.grid()
        };
        (
            times,
            move |k: usize| {
                if last_only { k.checked_sub(1) } else { Some(k) }
            },
        )
    }

    /// Whether output time `k` is the last one.
    fn is_last(&self, k: usize) -> bool {
        k + 1 == self.outputs.times.len()
    }

    /// Every N at which something is evaluated, once.
    fn numbers(&self) -> Vec<usize> {
        numbers(self.config, self.outputs)
    }
}

/// Every N at which something is evaluated, once.
fn numbers(config: &Config, outputs: &OutputPlan) -> Vec<usize> {
    let both = config.particles.iter().chain(&outputs.exact);
    let mut numbers: Vec<usize> = both.copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The highest j that the configuration asks for.
pub(crate) fn highest_asked(config: &Config) -> usize {
    let asked = config.expansion.marginals.iter().copied().max();
    asked.unwrap_or(1)
}

/// The highest j that is computed: variances and observables of pairs need F_2.
pub(crate) fn highest_marginal<S>(config: &Config, problem: &Problem<S>) -> usize {
    let order = config.expansion.order;
    if config.expansion.method == Method::Bogoliubov && config.exact.is_empty() {
        // Its pairs are never laid out.
        return highest_asked(config);
    }
    let mut quantities = problem.quantities.iter();
    let observed = 1 + usize::from(quantities.any(|quantity| quantity.needs_pairs(order)));
    highest_asked(config).max(observed)
}

/// A map by N.
type ByN<T> = BTreeMap<usize, T>;

/// Sorts a solver's error into bad input, an interruption, or a failure.
pub(crate) fn sorted(error: ExpansionError) -> Failure {
    match error {
        // Only an observer interrupts, and what else stops one is kept by the `Keeper`.
        ExpansionError::Ode(OdeError::Interrupted { .. }) => Failure::Interrupted,
        // What was asked for cannot be done in the time there is.
        ExpansionError::Ode(error @ OdeError::TooManyProducts { .. }) => Failure::input(error),
        ExpansionError::Ode(
            error @ (OdeError::StepTooSmall { .. }
            | OdeError::NotFinite { .. }
            | OdeError::Spectrum { .. }),
        ) => Failure::ended(error),
        ExpansionError::Ode(error) => Failure::internal(error),
        other => Failure::input(other),
    }
}

/// The same of an exact solution.
pub(crate) fn sorted_exact(error: ExactError) -> Failure {
    match error {
        ExactError::Ode(error) => sorted(ExpansionError::Ode(error)),
        other => Failure::input(other),
    }
}

/// The same of what a state is asked for: of one that grew without bound, it has none.
fn sorted_model(error: ModelError) -> Failure {
    Failure::ended(error)
}
