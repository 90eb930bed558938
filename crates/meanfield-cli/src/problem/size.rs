//! Whether a problem can fit, from the configuration alone: a grid, or a list of
//! collisions, that cannot is refused before anything of its size is built.

use std::f64::consts::PI;

use meanfield::expansion::coefficients::CoefficientSystem;
use meanfield::expansion::recursion::RecursionSystem;
use meanfield::expansion::{Plan, bogoliubov};
use meanfield::tensor::{Scalar, packed_len};
use num_complex::Complex64;

use super::model;
use crate::compute::available_memory;
use crate::config::{Chosen, Config, ErrorEstimate, Levels, Method, ModelConfig, Physical, Values};
use crate::failure::Failure;
use crate::terminal::bytes;

/// Refuses a problem whose solver, or whose pair interaction, does not fit.
///
/// # Errors
/// [`Failure::Input`] with the dimension, the size and what is allowed.
pub(super) fn require(config: &Config) -> Result<(), Failure> {
    let Some(allowed) = config.limits.memory.or_else(available_memory) else {
        return Ok(());
    };
    let dimension = dimension(&config.model);
    let needed = (dimension <= COUNTABLE).then_some(dimension as usize);
    let needed = needed.and_then(|d| {
        if is_complex(&config.model) {
            solver::<Complex64>(config, d)
        } else {
            solver::<f64>(config, d)
        }
    });
    let fits = needed.is_some_and(|needed| needed <= allowed);
    let (needed, what) = if fits {
        let interaction = model::required_bytes(&config.model, &config.initial) as u64;
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
    let count = |x: f64| {
        if x < 1e15 {
            x.to_string()
        } else {
            format!("{x:.1e}")
        }
    };
    let states = format!(
        "D = {} one-body states{}",
        count(dimension),
        reason(&config.model).map_or(String::new(), |(points, rest)| format!(
            " ({} grid points{rest})",
            count(points)
        ))
    );
    let needed = needed.map_or("more than 16 EiB".to_owned(), bytes);
    let mut advice = advice(&config.model).to_owned();
    if !fits {
        advice.push_str(", lower `expansion.order`");
    }
    Err(Failure::Input(anyhow::anyhow!(
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

/// D, which may be more than an integer holds.
fn dimension(model: &ModelConfig) -> f64 {
    match model {
        ModelConfig::Custom(custom) => custom.k.shape().first().map_or(0.0, |&d| d as f64),
        ModelConfig::Levels { hamiltonian, .. } => match hamiltonian {
            Levels::Arrays { h, .. } => h.shape().first().map_or(0.0, |&d| d as f64).powi(2),
            Levels::Family(..) => 4.0,
        },
        ModelConfig::Physical(Physical { kind, values }) => match kind.name {
            "kac-caricature" => values.integer("degree") as f64 + 1.0,
            "kac" => velocities(values, values.integer("dimension")),
            "povzner" => grid(values) * velocities(values, values.integer("velocity_dimension")),
            _ => grid(values).powi(2),
        },
    }
}

fn is_complex(model: &ModelConfig) -> bool {
    matches!(model, ModelConfig::Physical(model) if model.kind.name == "hartree")
}

/// Points of the grid.
fn grid(values: &Values) -> f64 {
    (values.integer("points") as f64).powf(values.number("dimension"))
}

/// How many numbers describe a distribution of velocities.
fn velocities(values: &Values, dimension: usize) -> f64 {
    let Some(Chosen { name, values }) = values.chosen("velocities") else {
        return 0.0;
    };
    if *name == "hermite" {
        // Multi-indices of total degree at most n: C(n + dimension, dimension).
        let count = packed_len(dimension + 1, values.integer("degree"));
        return count.map_or(f64::INFINITY, |count| count as f64);
    }
    // Beyond, the volume says enough.
    const ENUMERATED: f64 = 100.0;
    let radius = values.number("radius");
    if radius <= ENUMERATED {
        return ball(dimension, radius * radius) as f64;
    }
    let unit = [1.0, 2.0, PI, 4.0 * PI / 3.0][dimension.min(3)];
    unit * radius.powf(dimension as f64)
}

/// Integer points with |v|² ≤ `square`.
fn ball(dimension: usize, square: f64) -> usize {
    if dimension == 0 {
        return usize::from(square >= 0.0);
    }
    let reach = square.max(0.0).sqrt().floor() as i64;
    let rest = |x: i64| square - (x * x) as f64;
    (-reach..=reach)
        .filter(|&x| rest(x) >= 0.0)
        .map(|x| ball(dimension - 1, rest(x)))
        .sum()
}

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

/// Where D comes from, where there is a grid: its points, and the rest.
fn reason(model: &ModelConfig) -> Option<(f64, String)> {
    let ModelConfig::Physical(Physical { kind, values }) = model else {
        return None;
    };
    match kind.name {
        "povzner" => {
            let each = velocities(values, values.integer("velocity_dimension"));
            Some((grid(values), format!(" × {each} velocities")))
        }
        "hartree" => Some((grid(values), ", squared".to_owned())),
        _ => None,
    }
}

/// What makes a model smaller.
fn advice(model: &ModelConfig) -> &'static str {
    match model.kind().name {
        "custom" | "levels" => "use fewer states",
        "kac-caricature" => "lower `model.degree`",
        "kac" => "use fewer `model.velocities`",
        "povzner" => "use fewer `model.points` or `model.velocities`",
        _ => "use fewer `model.points`",
    }
}

#[cfg(test)]
mod tests {
    use super::ball;

    #[test]
    fn validate_the_number_of_integer_points_in_a_ball() {
        // Gauss's circle problem; seven and thirty-three points in space.
        for (dimension, radius, expected) in [
            (1, 3.5, 7),
            (2, 1.0, 5),
            (2, 2.0, 13),
            (2, 10.0, 317),
            (3, 1.0, 7),
            (3, 2.0, 33),
        ] {
            assert_eq!(ball(dimension, radius * radius), expected);
        }
    }
}
