//! From a model and a start to its expansion at the times asked for.

use meanfield_abstract::{Model, Start};
use meanfield_ode::{Options, Progress, Statistics, integrate};

use crate::ExpansionError;
use crate::cumulants::Cumulants;
use crate::engine::CumulantHierarchy;
use crate::initial::initial_cumulants;
use crate::plan::Plan;

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Order n: coefficients to N^{−n}.
    pub order: usize,
    /// The highest j whose marginal will be asked for (1).
    pub marginals: usize,
    /// Times of the output; the first is that of the start.
    pub times: Vec<f64>,
    /// Relative tolerance per step of the integrator (1e-10).
    pub tolerance: f64,
    /// Bytes that may be used (all that can be addressed).
    pub memory: usize,
}

impl Settings {
    /// Order `order` at these times, everything else at its default.
    #[must_use]
    pub fn new(order: usize, times: Vec<f64>) -> Self {
        Self {
            order,
            marginals: 1,
            times,
            tolerance: Options::default().tolerance,
            memory: usize::MAX,
        }
    }
}

/// Solves the cumulant hierarchy and calls `output(k, cumulants)` at every
/// `times[k]`.
///
/// Cost does not depend on N. Memory: [`Plan::cost`].
///
/// # Errors
/// [`ExpansionError`], or whatever `output` returns.
pub fn solve<M, E>(
    model: &M,
    start: &Start<M::Scalar>,
    settings: &Settings,
    output: impl FnMut(usize, Cumulants<'_, M::Scalar>) -> Result<(), E>,
) -> Result<Statistics, E>
where
    M: Model + ?Sized,
    E: From<ExpansionError>,
{
    solve_observed(model, start, settings, |_| true, output)
}

/// As [`solve`], with `observer` called after every step; it stops the solve
/// by returning `false`.
///
/// # Errors
/// [`ExpansionError`], or whatever `output` returns.
pub fn solve_observed<M, E>(
    model: &M,
    start: &Start<M::Scalar>,
    settings: &Settings,
    observer: impl FnMut(&Progress) -> bool,
    mut output: impl FnMut(usize, Cumulants<'_, M::Scalar>) -> Result<(), E>,
) -> Result<Statistics, E>
where
    M: Model + ?Sized,
    E: From<ExpansionError>,
{
    start.check(model).map_err(ExpansionError::from)?;
    let dimension = model.space().dimension();
    let plan = Plan::new::<M::Scalar>(
        dimension,
        settings.order,
        settings.marginals,
        settings.memory,
    )?;
    let initial = initial_cumulants(&plan, start)?;
    let mut hierarchy =
        CumulantHierarchy::new(model, &plan, start.one_body()).with_observer(Box::new(observer));
    let options = Options {
        tolerance: settings.tolerance,
        ..Options::default()
    };
    // The caller's error and the integrator's travel through one type.
    let mut failed = None;
    let ended = integrate(
        &mut hierarchy,
        &initial,
        &settings.times,
        &options,
        |k, y| {
            output(k, Cumulants::new(&plan, y)).map_err(|error| {
                failed = Some(error);
                meanfield_ode::OdeError::Interrupted {
                    time: settings.times[k],
                }
            })
        },
    );
    match (ended, failed) {
        (_, Some(error)) => Err(error),
        (Ok(statistics), None) => Ok(statistics),
        (Err(error), None) => Err(ExpansionError::from(error).into()),
    }
}
