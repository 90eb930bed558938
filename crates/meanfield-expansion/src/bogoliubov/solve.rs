//! From a Hamiltonian and a wave function to its Bogoliubov data at the times
//! asked for.

use meanfield_abstract::PositionHamiltonian;
use meanfield_ode::{HELD_VECTORS_WITH_SEMIGROUP, Options, Progress, Statistics};
use num_complex::Complex64;

use super::start::normalised;
use super::state::Bogoliubov;
use super::system::{BogoliubovSystem, HELD_HALVES, unknowns};
use crate::ExpansionError;
use crate::family::integrate_for;

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Times of the output; the first is that of the start.
    pub times: Vec<f64>,
    /// Relative tolerance per step of the integrator (1e-10).
    pub tolerance: f64,
    /// Bytes that may be used (all that can be addressed).
    pub memory: usize,
}

impl Settings {
    /// These times, everything else at its default.
    #[must_use]
    pub fn new(times: Vec<f64>) -> Self {
        Self {
            times,
            tolerance: Options::default().tolerance,
            memory: usize::MAX,
        }
    }
}

/// Bytes that [`solve`] holds on d points, the Hamiltonian itself apart: some
/// 480 d². `None` when they cannot be counted.
#[must_use]
pub fn required_bytes(points: usize) -> Option<usize> {
    // The integrator's, the system's, and two copies at an output: in position, and
    // as arrays.
    let halves = 2 * (HELD_VECTORS_WITH_SEMIGROUP + 2) + HELD_HALVES;
    // Densities, means, phases, what the transforms hold: sixteen wave functions at most.
    let wave_functions = points.checked_mul(2 * 16)?;
    unknowns(points)?
        .checked_mul(halves)?
        .checked_add(wave_functions)?
        .checked_mul(size_of::<Complex64>() / 2)
}

/// Solves for φ, α, γ, χ from F(0) = |φ⟩⟨φ| and calls `output(k, data)` at every
/// `times[k]`. Memory: [`required_bytes`]. The phase of φ at t > 0 is a
/// convention: iħ⟨φ|∂tφ⟩ = ⟨φ|T|φ⟩.
///
/// # Errors
/// [`ExpansionError`]: a φ of the wrong length or norm, a size that does not fit,
/// a failure of the integrator; or whatever `output` returns.
pub fn solve<E>(
    model: &dyn PositionHamiltonian,
    phi: &[Complex64],
    settings: &Settings,
    output: impl FnMut(usize, &Bogoliubov) -> Result<(), E>,
) -> Result<Statistics, E>
where
    E: From<ExpansionError>,
{
    solve_observed(model, phi, settings, |_| true, output)
}

/// As [`solve`], with `observer` called after every step; it stops the solve
/// by returning `false`.
///
/// # Errors
/// As [`solve`].
pub fn solve_observed<E>(
    model: &dyn PositionHamiltonian,
    phi: &[Complex64],
    settings: &Settings,
    observer: impl FnMut(&Progress) -> bool,
    mut output: impl FnMut(usize, &Bogoliubov) -> Result<(), E>,
) -> Result<Statistics, E>
where
    E: From<ExpansionError>,
{
    let points = model.points();
    let phi = normalised(points, phi)?;
    let required = required_bytes(points).unwrap_or(usize::MAX);
    if required > settings.memory || required == usize::MAX {
        return Err(ExpansionError::FactoredMemory {
            points,
            required,
            allowed: settings.memory,
        }
        .into());
    }
    let mut system = BogoliubovSystem::new(model);
    let initial = system.start(&phi);
    let options = Options {
        tolerance: settings.tolerance,
        ..Options::default()
    };
    integrate_for(
        &mut system,
        initial,
        &settings.times,
        &options,
        observer,
        |k, y| output(k, &Bogoliubov::from_unknowns(model, y)),
    )
}
