//! From a model and a start to its expansion at the times asked for.

use meanfield_abstract::{Model, Start};
use meanfield_ode::{Options, Progress, Statistics};
use meanfield_tensor::Scalar;

use crate::ExpansionError;
use crate::cumulants::Cumulants;
use crate::engine::{CumulantHierarchy, FrameChange, InteractionPicture, Memory};
use crate::family::integrate_for;
use crate::further::{FurtherTerms, TermPlans, WithTerms};
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
/// Where the model has a [`semigroup`](meanfield_abstract::Splitting) the solve is done in its
/// interaction picture: steps are then as long on a fine grid as on a coarse
/// one. What `output` sees is in the model's own basis either way.
///
/// [Further terms](Model::further_terms) of the model add their own right-hand sides, each
/// times its c(t) and at its power of 1/N: [`WithTerms`].
///
/// Cost does not depend on N. Memory: [`Memory`].
///
/// # Errors
/// [`ExpansionError`], or whatever `output` returns.
pub fn solve<S, E>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    settings: &Settings,
    output: impl FnMut(usize, Cumulants<'_, S>) -> Result<(), E>,
) -> Result<Statistics, E>
where
    S: Scalar,
    E: From<ExpansionError>,
{
    solve_observed(model, start, settings, |_| true, output)
}

/// As [`solve`], with `observer` called after every step; it stops the solve
/// by returning `false`.
///
/// # Errors
/// [`ExpansionError`], or whatever `output` returns.
pub fn solve_observed<S, E>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    settings: &Settings,
    observer: impl FnMut(&Progress) -> bool,
    mut output: impl FnMut(usize, Cumulants<'_, S>) -> Result<(), E>,
) -> Result<Statistics, E>
where
    S: Scalar,
    E: From<ExpansionError>,
{
    start.check(model).map_err(ExpansionError::from)?;
    let dimension = model.space().dimension();
    let (order, marginals) = (settings.order, settings.marginals);
    let semigroup = model.capabilities().semigroup();
    let required = Memory::of(model, order)?.total();
    if required > settings.memory {
        return Err(ExpansionError::Memory {
            order,
            dimension,
            required,
            allowed: settings.memory,
        }
        .into());
    }
    let plan = Plan::new::<S>(dimension, order, marginals, settings.memory)?;
    let initial = initial_cumulants(&plan, start)?;
    let options = Options {
        tolerance: settings.tolerance,
        ..Options::default()
    };
    let times = &settings.times;
    let plans = TermPlans::new(model, &plan)?;
    let terms = FurtherTerms::new(model, &plans, start.one_body());
    let Some(semigroup) = semigroup.as_deref() else {
        let mut hierarchy = CumulantHierarchy::new(model, &plan, start.one_body());
        let output = |k, y: &[S]| output(k, Cumulants::new(&plan, y));
        if terms.is_empty() {
            return integrate_for(&mut hierarchy, initial, times, &options, observer, output);
        }
        let mut all = WithTerms::new(hierarchy, terms);
        return integrate_for(&mut all, initial, times, &options, observer, output);
    };
    let mut picture = InteractionPicture::new(semigroup, &plan, start.one_body());
    if let Some(&first) = times.first() {
        picture = picture.with_start(first, start);
    }
    let mut unknowns = initial;
    FrameChange::new(semigroup, &plan).enter(&mut unknowns);
    let output = |k, y: &[S]| output(k, Cumulants::new(&plan, y));
    if terms.is_empty() {
        return integrate_for(&mut picture, unknowns, times, &options, observer, output);
    }
    let mut all = WithTerms::new(picture, terms);
    if semigroup.frame().is_some() {
        all = all.with_frame(FrameChange::new(semigroup, &plan));
    }
    integrate_for(&mut all, unknowns, times, &options, observer, output)
}
