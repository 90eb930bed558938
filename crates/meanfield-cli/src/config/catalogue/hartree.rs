//! kind = "hartree".

use super::povzner::MOST_POINTS;
use super::{Absent, Choice, Holds, Key, Kind, key, named};

pub(super) const HARTREE: Kind = Kind {
    name: "hartree",
    summary: "quantum particles on a periodic grid: H = sum (p^2/2m + trap) + (1/N) sum_{i<j} v(x_i - x_j)",
    keys: &[
        key("dimension", Holds::Integer(1, 2), "1 (default) or 2").or(Absent::Integer(1)),
        key(
            "points",
            Holds::Integer(2, MOST_POINTS),
            "grid points along each axis",
        ),
        key("length", Holds::Positive, "of the box along each axis"),
        key("hbar", Holds::Positive, "Planck's constant (default 1)").or(Absent::Number(1.0)),
        key("mass", Holds::Positive, "of a particle (default 1)").or(Absent::Number(1.0)),
        key(
            "potential",
            Holds::OneOf(&Choice {
                selector: "kind",
                kinds: &[
                    named(
                        "gaussian",
                        "strength exp(-r^2 / 2 width^2)",
                        &[STRENGTH, key("width", Holds::Positive, "its range")],
                    ),
                    named(
                        "soft-coulomb",
                        "strength / sqrt(r^2 + softening^2)",
                        &[
                            STRENGTH,
                            key(
                                "softening",
                                Holds::Positive,
                                "distance below which it is flat",
                            ),
                        ],
                    ),
                    named("cosine", "strength cos(2 pi r / length)", &[STRENGTH]),
                    named(
                        "contact",
                        "strength delta(x, x') / dx^dimension, the grid's delta function",
                        &[STRENGTH],
                    ),
                ],
            }),
            "v, the energy of a pair at a distance r",
        ),
        key(
            "trap",
            Holds::OneOf(&Choice {
                selector: "kind",
                kinds: &[
                    named(
                        "harmonic",
                        "m omega^2 x^2 / 2",
                        &[key("omega", Holds::Positive, "its frequency")],
                    ),
                    named(
                        "lattice",
                        "depth sin^2(pi periods x / length)",
                        &[
                            key("depth", Holds::Number, "its height"),
                            key("periods", Holds::Integer(1, MOST_POINTS), "in the box"),
                        ],
                    ),
                    named(
                        "double-well",
                        "height ((2x / separation)^2 - 1)^2",
                        &[
                            key("separation", Holds::Positive, "of the minima"),
                            key("height", Holds::Number, "of the barrier"),
                        ],
                    ),
                ],
            }),
            "an external potential (default: none)",
        )
        .or(Absent::Nothing),
    ],
    families: &[],
    states: &[
        named(
            "gaussian",
            "a pure wave packet",
            &[
                key("center", Holds::Vector, "its place (default 0)").or(Absent::Empty),
                key(
                    "width",
                    Holds::Lengths,
                    "standard deviation of |psi|^2; a list: along each axis",
                ),
                key(
                    "momentum",
                    Holds::Vector,
                    "phase exp(i p x / hbar) (default 0)",
                )
                .or(Absent::Empty),
            ],
        ),
        named(
            "thermal",
            "exp(-h / temperature) / Z of the one-body Hamiltonian h",
            &[key("temperature", Holds::Positive, "greater than 0")],
        ),
    ],
    observables: "x, x2, p, p2 (in 2D also y, y2, py, py2), kinetic, energy, density, momentum, g2, \
                  pair_density, depletion",
    template: include_str!("../../templates/hartree.toml"),
    one_body_rank: 2,
};

const STRENGTH: Key = key("strength", Holds::Number, "greater than 0 repels");
