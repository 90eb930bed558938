//! A computable bound on the error of the truncated expansion,
//!
//! ```math
//! \norm{F_j - F_j^{N,n}} \quad\text{with}\quad F_j^{N,n} = \sum_{m \le n} N^{-m} f_{j,m} = \sum_K \ins{F}{K} \hat E_{J \setminus K},
//! \qquad \hat E_j = \sum_{m \le n} N^{-m} e_j^m,
//! ```
//!
//! for independent particles at the start. The Ê_j satisfy the hierarchy (34),
//! (117) up to the residual N^{−n−1} σ_j, free of N but for that factor,
//!
//! ```math
//! \sigma_j = (T_j + R_j) e_j^n - j\, C_{j+1} e_{j+1}^n + \Gamma_j e_{j-1}^n + S_j e_{j-2}^n, \qquad j \le 2n+2,
//! ```
//!
//! so that E_j − Ê_j obeys the same linear hierarchy with σ_j as its source, and
//! its norm is at most u_j, where u_0 = 0 and
//!
//! ```math
//! u_j' = \gamma_j u_j + \norm{D_j^{1}} u_{j+1} + \norm{D_j^{-1}} u_{j-1} + \norm{D_j^{-2}} u_{j-2} + N^{-n-1} \norm{\sigma_j},
//! ```
//!
//! with the norms and the growth rate γ_j of
//! [`Constants`](meanfield_hierarchy::Constants) at F(t). It ends at
//! j = N, where D_N^1 = 0, or is closed by ‖E_j‖ ≤ 2^j at a lower degree.
//! Finally ‖F_j − F_j^{N,n}‖ ≤ Σ_i binom(j, i) ‖F‖^{j−i} u_i.
//!
//! **Range.** The bound holds for every N ≥ j and t; it says something, that is, it
//! is below 1, for short times or large N. In particular u grows with the sum of
//! the absolute values of everything the true error is a difference of. Units:
//! rates and times are the model's, the bound is a number in the norm of
//! [`Geometry`](meanfield_hierarchy::Geometry).
//!
//! **What is not rigorous.** F, e_j^n and u are integrated in floating point. What
//! that leaves is estimated by [`LEFT_BY_STEPS`] and stated apart
//! ([`Bound::numerical`]); it is not interval arithmetic.
//!
//! ```
//! use meanfield_abstract::problems;
//! use meanfield_expansion::bounds;
//!
//! let model = problems::sis()?;
//! // The mean field and its 1/N correction of ten thousand individuals.
//! let settings = bounds::Settings::new(1, vec![0.0, 1.0], vec![10_000]);
//! let found = bounds::solve(&model, &[0.4, 0.6], &settings)?;
//! let at_end = &found[1][0];
//! // The next term is 3.4e-3/N², twice that in L¹.
//! assert!(at_end.value(1).is_some_and(|bound| bound > 6.8e-11 && bound < 1e-5));
//! assert_eq!(at_end.value(settings.marginals + 1), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod majorant;
mod residual;

pub use majorant::Bound;
pub use residual::{Measured, residual};

use meanfield_abstract::{Model, ModelError, Start, least_value, refuse_further_terms};
use meanfield_hierarchy::{OperatorNorms, Operators};
use meanfield_ode::{HELD_VECTORS, Options, Progress};
use meanfield_tensor::{Norm, Scalar, SymmetricLayout};

use crate::ExpansionError;
use crate::coefficients::CoefficientSystem;
use crate::family::{integrate_for, require_particles};
use majorant::Majorant;

/// What a few hundred steps leave of the state, in units of the tolerance: each
/// step commits at most one, and errors grow a few times on the way.
pub const LEFT_BY_STEPS: f64 = 1e3;

/// The degree at which the scalar hierarchy is closed unless told otherwise: at half of it
/// bounds of order 2 are thousands of times larger from t = 0.4/‖V‖ on, at twice no smaller.
const USUAL_DEGREE: usize = 128;

/// The highest degree without a closure: the whole hierarchy of that many
/// particles is integrated.
pub const LARGEST_DEGREE: usize = 1000;

/// What [`solve`] is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Order n of the truncation.
    pub order: usize,
    /// The highest j whose marginal is bounded (1).
    pub marginals: usize,
    /// The numbers of particles N.
    pub particles: Vec<usize>,
    /// Times of the output; the first is that of the start.
    pub times: Vec<f64>,
    /// Relative tolerance per step of the integrator (1e-10).
    pub tolerance: f64,
    /// The degree at which ‖E_j‖ ≤ 2^j closes the scalar hierarchy (128), never
    /// below what the residual needs. Where that closure does not hold, because
    /// the N-body flow does not keep the norm, all N degrees are taken.
    pub degree: usize,
    /// Bytes that may be used (all that can be addressed).
    pub memory: usize,
}

impl Settings {
    /// Order `order` at these times and N, everything else at its default.
    #[must_use]
    pub fn new(order: usize, times: Vec<f64>, particles: Vec<usize>) -> Self {
        Self {
            order,
            marginals: 1,
            particles,
            times,
            tolerance: Options::default().tolerance,
            degree: USUAL_DEGREE,
            memory: usize::MAX,
        }
    }
}

/// Bytes that [`solve`] takes at most for order `order` and `scalars` unknowns
/// u_j; `None` when they cannot be counted.
#[must_use]
pub fn required_bytes<S: Scalar>(dimension: usize, order: usize, scalars: usize) -> Option<usize> {
    let size = size_of::<S>();
    let square = dimension.checked_mul(dimension)?;
    CoefficientSystem::<S>::bytes(dimension, order)?
        .checked_add(Operators::<S>::bytes(dimension, 2 * order + 2, size)?)?
        .checked_add(scalars.checked_mul((HELD_VECTORS + 2) * size)?)?
        // V as a matrix, its input and Q, once.
        .checked_add(square.checked_mul(3 * square)?.checked_mul(size)?)
}

/// How many unknowns u_j are integrated for all N of the settings.
///
/// # Errors
/// [`ExpansionError::TooFewParticles`], [`ExpansionError::NoClosure`],
/// [`ExpansionError::NoPairNorm`] and [`ExpansionError::Model`] as [`solve`].
pub fn required_scalars<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    settings: &Settings,
) -> Result<usize, ExpansionError> {
    Ok(degrees(model, settings)?.iter().sum())
}

/// How many u_j for each N, of what can be bounded.
fn degrees<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    settings: &Settings,
) -> Result<Vec<usize>, ExpansionError> {
    refuse_further_terms(
        model,
        "a bound on the error",
        "compare with the exact N-body state, or take the estimates of the next term",
    )?;
    if matches!(model.space().norm(), Norm::Trace { .. })
        && model.interaction().pair_norm().is_none()
    {
        return Err(ExpansionError::NoPairNorm);
    }
    for &n in &settings.particles {
        require_particles(settings.marginals, n)?;
    }
    majorant::degrees(model, settings)
}

/// The bounds of the truncation of order n for independent particles in the
/// state F: `result[time][k]` for the k-th N of the settings.
///
/// Cost: that of the coefficients of order n (degrees to 2n), and for each
/// right-hand side one evaluation of the residual (degrees to 2n+2), of the
/// norms, and a few operations for every degree and N.
///
/// # Errors
/// [`ExpansionError::TooFewParticles`] for N < `marginals`;
/// [`ExpansionError::NoPairNorm`] for a trace norm without ‖V‖;
/// [`ExpansionError::Model`] for a generator with further terms;
/// [`ExpansionError::NoClosure`] where N degrees would be needed and are too
/// many; [`ExpansionError::Model`] for a state that is none;
/// [`ExpansionError::Memory`]; [`ExpansionError::TooLarge`]; [`ExpansionError::Ode`].
pub fn solve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    settings: &Settings,
) -> Result<Vec<Vec<Bound>>, ExpansionError> {
    integrate(model, f, settings, |_| (), |_| true)
}

/// As [`solve`]; `observer` is called after every step, and stops it by returning false.
///
/// # Errors
/// As [`solve`]; [`OdeError::Interrupted`](meanfield_ode::OdeError::Interrupted).
pub fn solve_observed<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    settings: &Settings,
    observer: impl FnMut(&Progress) -> bool,
) -> Result<Vec<Vec<Bound>>, ExpansionError> {
    integrate(model, f, settings, |_| (), observer)
}

/// As [`solve`], with `sharpen` called on the norms before each use: a caller
/// who knows better ones for a model puts them in their place. The result is a
/// bound if what `sharpen` leaves are bounds.
///
/// # Errors
/// As [`solve`].
pub fn solve_with<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    settings: &Settings,
    sharpen: impl FnMut(&mut Measured),
) -> Result<Vec<Vec<Bound>>, ExpansionError> {
    integrate(model, f, settings, sharpen, |_| true)
}

fn integrate<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    settings: &Settings,
    sharpen: impl FnMut(&mut Measured),
    observer: impl FnMut(&Progress) -> bool,
) -> Result<Vec<Vec<Bound>>, ExpansionError> {
    let order = settings.order;
    let degrees = degrees(model, settings)?;
    require_state(model, f)?;
    let dimension = model.space().dimension();
    let required = required_bytes::<S>(dimension, order, degrees.iter().sum())
        .ok_or(ExpansionError::TooLarge { order, dimension })?;
    if required > settings.memory {
        return Err(ExpansionError::Memory {
            order,
            dimension,
            required,
            allowed: settings.memory,
        });
    }
    let norms = OperatorNorms::new(model).ok_or(ExpansionError::NoPairNorm)?;
    let mut system = Majorant::new(model, settings, degrees, norms, sharpen)?;
    let initial = system.start(f)?;
    let options = Options {
        tolerance: settings.tolerance,
        ..Options::default()
    };
    let mut states = Vec::with_capacity(settings.times.len());
    integrate_for(
        &mut system,
        initial,
        &settings.times,
        &options,
        observer,
        |_, y| {
            states.push(y.to_vec());
            Ok::<(), ExpansionError>(())
        },
    )?;
    states.iter().map(|y| system.bounds(y)).collect()
}

/// Refuses what is not a state: the zero-trace law needs Tr F = 1, and the
/// growth rates of a positive flow need F ≥ 0.
fn require_state<S: Scalar>(model: &dyn Model<Scalar = S>, f: &[S]) -> Result<(), ExpansionError> {
    /// Rounding of a state that was typed in or read from a file.
    const ROUNDING: f64 = 1e-10;
    Start::Product { f: f.to_vec() }.check(model)?;
    let array = || "F".to_owned();
    let trace = model.space().trace_of(f).to_complex();
    let apart = (trace - 1.0).norm();
    if apart.is_nan() || apart > ROUNDING {
        return Err(ModelError::NotNormalised {
            array: array(),
            found: trace.re,
        }
        .into());
    }
    if !majorant::is_closed(model) {
        return Ok(());
    }
    let layout = SymmetricLayout::new(f.len(), 1)?;
    match least_value(model, &layout, 1, f)? {
        Some((what, found)) if found < -ROUNDING => Err(ModelError::NotPositive {
            array: array(),
            what,
            found,
        }
        .into()),
        _ => Ok(()),
    }
}
