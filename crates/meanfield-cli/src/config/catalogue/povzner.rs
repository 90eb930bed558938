//! kind = "povzner".

use super::kac::{BEAMS, CROSS_SECTION, MAXWELLIAN, VELOCITIES};
use super::{Absent, Choice, Holds, Key, Kind, key, named};

/// The most points along an axis; what fits in memory is far less.
pub(super) const MOST_POINTS: usize = 1_000_000;

pub(super) const POVZNER: Kind = Kind {
    name: "povzner",
    summary: "gas of soft spheres in a periodic box: free flight, and collisions at a distance",
    keys: &[
        key(
            "dimension",
            Holds::Integer(1, 2),
            "of the box: 1 (default) or 2",
        )
        .or(Absent::Integer(1)),
        key(
            "points",
            Holds::Integer(1, MOST_POINTS),
            "grid points along each axis",
        ),
        key("length", Holds::Positive, "of the box along each axis"),
        key(
            "velocity_dimension",
            Holds::Integer(1, 3),
            "2 (default); 1: colliding particles exchange their velocities",
        )
        .or(Absent::Integer(2)),
        VELOCITIES,
        key(
            "range",
            Holds::OneOf(&Choice {
                selector: "kind",
                kinds: &[
                    named(
                        "gaussian",
                        "h(r) ~ exp(-r^2 / 2 width^2), integral 1",
                        &[WIDTH],
                    ),
                    named(
                        "hat",
                        "h(r) constant up to r = width, 0 beyond, integral 1",
                        &[WIDTH],
                    ),
                ],
            }),
            "how far apart particles collide",
        ),
        CROSS_SECTION,
        key(
            "transport",
            Holds::Word(&["upwind", "spectral"]),
            "\"upwind\" (default on a lattice, keeps F positive) or \"spectral\" (accurate on smooth F)",
        )
        .or(Absent::Nothing),
    ],
    families: &[],
    states: &[
        named("uniform", "the same density everywhere", &[VELOCITY]),
        named(
            "bump",
            "density exp(-|x - center|^2 / 2 width^2)",
            &[
                key("center", Holds::Vector, "a point of the box (default 0)").or(Absent::Empty),
                key("width", Holds::Positive, "its standard deviation"),
                VELOCITY,
            ],
        ),
        named(
            "cosine",
            "density 1 + amplitude cos(2 pi x / length)",
            &[key("amplitude", Holds::Number, "from -1 to 1"), VELOCITY],
        ),
    ],
    observables: "vx, vy, m2, m4, txx, tyy, energy, qx (as the velocities have components), density, \
                  density_correlation; on a lattice also velocity, entropy",
    template: include_str!("../../templates/povzner.toml"),
    one_body_rank: 1,
};

const WIDTH: Key = key("width", Holds::Positive, "greater than 0");

/// A state is a density times this.
const VELOCITY: Key = key(
    "velocity",
    Holds::OneOf(&Choice {
        selector: "state",
        kinds: &[MAXWELLIAN, BEAMS],
    }),
    "the velocities at every point",
);
