//! kind = "kac-caricature" and kind = "kac", and what the latter shares with
//! `povzner`: velocities, cross sections, velocity states.

use meanfield::models::hermite::LARGEST_DEGREE;

use super::{Absent, Choice, Holds, Key, Kind, Named, key, named};

pub(super) const CARICATURE: Kind = Kind {
    name: "kac-caricature",
    summary: "Kac's caricature of a gas: v is a number; a pair rotates by a uniform angle in its plane, \
              at rate 1/N; exact in Hermite functions",
    keys: &[
        key(
            "degree",
            Holds::Integer(2, LARGEST_DEGREE),
            "highest Hermite degree: moments to that degree are exact",
        ),
        key(
            "temperature",
            Holds::Positive,
            "of the reference Gaussian (default: that of the start)",
        )
        .or(Absent::Nothing),
    ],
    families: &[],
    states: &[BEAMS, BKW],
    observables: "m2, m4, m6, ... and m1, m3, ... to the degree, entropy",
    template: include_str!("../../templates/kac-caricature.toml"),
    one_body_rank: 1,
};

pub(super) const KAC: Kind = Kind {
    name: "kac",
    summary: "homogeneous gas: pairs of velocities collide and keep momentum and energy",
    keys: &[
        key("dimension", Holds::Integer(2, 3), "2 (default) or 3").or(Absent::Integer(2)),
        VELOCITIES,
        CROSS_SECTION,
    ],
    families: &[],
    states: &[MAXWELLIAN, BEAMS, BKW],
    observables: "vx, vy, m2, m4, txx, tyy, energy, qx, entropy; in 3D also vz, tzz",
    template: include_str!("../../templates/kac.toml"),
    one_body_rank: 1,
};

/// Velocities on a lattice, or Hermite functions of them.
pub(super) const VELOCITIES: Key = key(
    "velocities",
    Holds::OneOf(&Choice {
        selector: "kind",
        kinds: &[
            named(
                "lattice",
                "integer points with |v| <= radius",
                &[key("radius", Holds::AtLeast(1.0), "Euclidean, at least 1")],
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
                    key("temperature", Holds::Positive, "of the reference Gaussian"),
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
        key("temperature", Holds::Positive, "greater than 0"),
        key("drift", Holds::Vector, "a velocity (default 0)").or(Absent::Empty),
    ],
);

/// Two opposite beams.
pub(super) const BEAMS: Named = named(
    "beams",
    "two opposite Gaussian beams along the first axis",
    &[
        key("speed", Holds::Number, "of each beam"),
        key("width", Holds::Positive, "its standard deviation"),
    ],
);

/// The Bobylev–Krook–Wu state.
const BKW: Named = named(
    "bkw",
    "Bobylev-Krook-Wu: a Gaussian times a quadratic polynomial, whose relaxation is known",
    &[key("A", Holds::Number, "how far from equilibrium it is")],
);
