//! Whether a problem can fit, from the configuration alone: a grid, or a list of
//! collisions, that cannot is refused before anything of its size is built.

use meanfield::expansion::coefficients::CoefficientSystem;
use meanfield::expansion::recursion::RecursionSystem;
use meanfield::expansion::{Plan, bogoliubov};
use meanfield::tensor::Scalar;
use num_complex::Complex64;

use crate::catalogue::Given;
use crate::config::{Config, ErrorEstimate, Method};
use crate::failure::Failure;
use crate::memory::available_memory;
use crate::units::bytes;

/// Refuses a problem whose solver, or whose pair interaction, does not fit.
///
/// # Errors
/// [`Failure::Input`] with the dimension, the size and what is allowed.
pub(super) fn require(config: &Config, given: &Given<'_>) -> Result<(), Failure> {
    let Some(allowed) = config.limits.memory.or_else(available_memory) else {
        return Ok(());
    };
    let size = (config.model.kind.size)(given.values);
    let needed = (size.states <= COUNTABLE).then_some(size.states as usize);
    let needed = needed.and_then(|d| {
        if size.complex {
            solver::<Complex64>(config, d)
        } else {
            solver::<f64>(config, d)
        }
    });
    let fits = needed.is_some_and(|needed| needed <= allowed);
    let (needed, what) = if fits {
        // What `build` will refuse for another reason takes nothing.
        let interaction = (config.model.kind.interaction_bytes)(given).unwrap_or(0) as u64;
        if interaction <= allowed {
            return Ok(());
        }
        (
            Some(interaction),
            "while the pair interaction is listed".to_owned(),
        )
    } else {
        let order = config.expansion.order;
        (needed, format!("for the solver at order {order}"))
    };
    let count = if size.states < 1e15 {
        size.states.to_string()
    } else {
        format!("{:.1e}", size.states)
    };
    let made_of = size.made_of.map_or(String::new(), |of| format!(" ({of})"));
    let states = format!("D = {count} one-body states{made_of}");
    let needed = needed.map_or("more than 16 EiB".to_owned(), bytes);
    let mut advice = config.model.kind.smaller.to_owned();
    if !fits {
        advice.push_str(", lower `expansion.order`");
    }
    Err(Failure::input(format!(
        "{}: {states} need {needed} of memory {what}, but {} {}; {}, or raise `limits.memory`",
        config.path.display(),
        if config.limits.memory.is_some() {
            "`limits.memory` allows"
        } else {
            "80 % of the free memory, the default of `limits.memory`, are"
        },
        bytes(allowed),
        advice,
    )))
}

/// D up to which sizes are worth counting.
const COUNTABLE: f64 = 1e15;

/// Bytes that the solver over D states takes at the least.
fn solver<S: Scalar>(config: &Config, d: usize) -> Option<u64> {
    let order = config.expansion.order;
    let found = match config.expansion.method {
        Method::Cumulants => {
            let next = usize::from(config.expansion.error == ErrorEstimate::Next);
            Plan::cost(d, order + next, size_of::<S>()).ok()?.bytes
        }
        Method::Coefficients => CoefficientSystem::<S>::bytes(d, order)?,
        Method::Bogoliubov => bogoliubov::required_bytes(d.isqrt())?,
        Method::Recursion => {
            let mut most = 0;
            for &n in config.particles.iter().chain(&config.exact) {
                most = most.max(RecursionSystem::<S>::bytes(d, order, n)?);
            }
            most
        }
    };
    Some(found as u64)
}
