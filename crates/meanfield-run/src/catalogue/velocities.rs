//! What the gases share: how velocities are represented, cross sections, states of
//! velocities, and how their entries are named.

use std::f64::consts::PI;

use meanfield::models::hermite::{LARGEST_DEGREE, VelocityBasis};
use meanfield::tensor::packed_len;
use num_complex::Complex64;

use super::values::{Chosen, Values};
use super::{Absent, Choice, Disagreement, Holds, Key, Named, key, named};

/// Velocities on a lattice, or Hermite functions of them.
pub(super) const VELOCITIES: Key =
    key(
        "velocities",
        Holds::OneOf(&Choice {
            selector: "kind",
            kinds: &[
                named(
                    "lattice",
                    "integer points with |v| <= radius",
                    &[key("radius", Holds::AtLeast(1.0), "Euclidean, at least 1")
                        .in_units("velocity")],
                ),
                named(
                    "hermite",
                    "Hermite functions about a Gaussian; moments to the degree",
                    &[
                        key(
                            "degree",
                            Holds::Integer(2, LARGEST_DEGREE),
                            "highest total degree",
                        ),
                        key("temperature", Holds::Positive, "of the reference Gaussian")
                            .in_units("velocity^2"),
                    ],
                ),
            ],
        }),
        "how a velocity is represented",
    );

/// B as a power of the relative speed.
pub(super) const CROSS_SECTION: Key = key(
    "cross_section",
    Holds::CrossSection,
    "\"maxwell\" (default), \"hard-sphere\" or { power = 0.5 }: rate |v1 - v2|^power",
)
.or(Absent::Number(0.0));

/// A Gaussian about a drift.
pub(super) const MAXWELLIAN: Named = named(
    "maxwellian",
    "Gaussian exp(-|v - drift|^2 / 2 temperature), an equilibrium",
    &[
        key("temperature", Holds::Positive, "greater than 0").in_units("velocity^2"),
        key("drift", Holds::Vector, "a velocity (default 0)")
            .or(Absent::Empty)
            .in_units("velocity"),
    ],
);

/// Two opposite beams.
pub(super) const BEAMS: Named = named(
    "beams",
    "two opposite Gaussian beams along the first axis",
    &[
        key("speed", Holds::Number, "of each beam").in_units("velocity"),
        key("width", Holds::Positive, "its standard deviation").in_units("velocity"),
    ],
);

/// The Bobylev–Krook–Wu state.
pub(super) const BKW: Named = named(
    "bkw",
    "Bobylev-Krook-Wu: a Gaussian times a quadratic polynomial, whose relaxation is known",
    &[key("A", Holds::Number, "how far from equilibrium it is")],
);

/// Whether velocities are Hermite functions.
pub(super) fn hermite(values: &Values) -> Option<&Chosen> {
    let chosen = values.chosen("velocities");
    chosen.filter(|chosen| chosen.name == "hermite")
}

/// The radius of a lattice of velocities.
pub(super) fn radius(values: &Values) -> f64 {
    let lattice = values.chosen("velocities");
    lattice.map_or(f64::NAN, |chosen| chosen.values.number("radius"))
}

/// How many numbers describe a distribution of velocities.
pub(super) fn count(values: &Values, dimension: usize) -> f64 {
    if let Some(Chosen { values, .. }) = hermite(values) {
        // Multi-indices of total degree at most n: C(n + dimension, dimension).
        let count = packed_len(dimension + 1, values.integer("degree"));
        return count.map_or(f64::INFINITY, |count| count as f64);
    }
    // Beyond, the volume says enough.
    const ENUMERATED: f64 = 100.0;
    let radius = radius(values);
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

/// Whether the lists of a state have a component for every axis.
pub(super) fn lists(
    state: &Values,
    keys: &[&'static str],
    components: usize,
) -> Result<(), Disagreement> {
    for &key in keys {
        let Some(list) = state.given_vector(key) else {
            continue;
        };
        let same_for_all = key == "width" && list.len() == 1;
        if list.len() != components && !same_for_all {
            return Err(Disagreement::Value {
                at: key,
                found: format!("of {} components", list.len()),
                expected: format!("{components}, one for each dimension"),
            });
        }
    }
    Ok(())
}

/// The state "bkw" is a polynomial, which a lattice does not hold.
pub(super) fn bkw_agrees(model: &Values, state: &Named) -> Result<(), Disagreement> {
    if state.name != BKW.name || hermite(model).is_some() {
        return Ok(());
    }
    Err(Disagreement::Contradiction {
        at: "state",
        first: "model.velocities",
        second: None,
        advice: "the state \"bkw\" needs velocities = { kind = \"hermite\", … }: choose those, or \
                 another state",
    })
}

/// Numbers as an array.
pub(super) fn array(numbers: Vec<f64>) -> Vec<Complex64> {
    numbers.into_iter().map(Complex64::from).collect()
}

/// "v=(1,0)", "x=-0.5".
pub(super) fn component(symbol: &str, values: &[f64]) -> String {
    // Positions of a grid have many digits, a name needs few.
    let short = |x: &f64| ((x * 1e6).round() / 1e6 + 0.0).to_string();
    let parts: Vec<String> = values.iter().map(short).collect();
    match &parts[..] {
        [one] => format!("{symbol}={one}"),
        _ => format!("{symbol}=({})", parts.join(",")),
    }
}

/// "h(2,0)": the Hermite function of those degrees.
pub(super) fn hermite_function(basis: &VelocityBasis, index: usize) -> String {
    let degrees = basis.indices()[index].iter().take(basis.dimension());
    let degrees: Vec<String> = degrees.map(usize::to_string).collect();
    format!("h({})", degrees.join(","))
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
