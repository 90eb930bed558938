//! kind = "hartree".

use meanfield::abstract_model::ModelError;
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use num_complex::Complex64;

use super::built::no_state;
use super::povzner::{MOST_POINTS, shown};
use super::velocities::{component, lists};
use super::{
    Absent, Built, Choice, Chosen, Given, Holds, Key, Kind, Size, States, Values, key, named,
};

pub(super) static KIND: Kind = Kind {
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
    example: include_str!("templates/hartree.toml"),
    one_body_rank: 2,
    smaller: "use fewer `model.points`",
    state_agrees: |model, _, values| {
        let keys = ["center", "width", "momentum"];
        lists(values, &keys, model.integer("dimension"))
    },
    ..Kind::new(
        "hartree",
        "quantum particles on a periodic grid: H = sum (p^2/2m + trap) + (1/N) sum_{i<j} v(x_i - x_j)",
        size,
        build,
    )
};

const STRENGTH: Key = key("strength", Holds::Number, "greater than 0 repels");

fn size(values: &Values) -> Size {
    let points = (values.integer("points") as f64).powf(values.number("dimension"));
    Size {
        states: points.powi(2),
        complex: true,
        made_of: Some(format!("{} grid points, squared", shown(points))),
    }
}

fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let values = given.values;
    let grid = Grid::new(
        values.integer("dimension"),
        values.integer("points"),
        values.number("length"),
    )?;
    let (hbar, mass) = (values.number("hbar"), values.number("mass"));
    let Some(potential) = values.chosen("potential") else {
        unreachable!("the configuration's reader requires a potential");
    };
    let trap = values.chosen("trap").map(trap);
    Hartree::new(grid, hbar, mass, pair_potential(potential), trap).map(Built::complex)
}

fn pair_potential(Chosen { name, values }: &Chosen) -> Potential {
    let strength = values.number("strength");
    match *name {
        "gaussian" => Potential::Gaussian {
            strength,
            width: values.number("width"),
        },
        "soft-coulomb" => Potential::SoftCoulomb {
            strength,
            softening: values.number("softening"),
        },
        "cosine" => Potential::Cosine { strength },
        "contact" => Potential::Contact { strength },
        other => unreachable!("`potential` does not list {other}"),
    }
}

fn trap(Chosen { name, values }: &Chosen) -> Trap {
    match *name {
        "harmonic" => Trap::Harmonic {
            omega: values.number("omega"),
        },
        "lattice" => Trap::Lattice {
            depth: values.number("depth"),
            periods: values.integer("periods"),
        },
        "double-well" => Trap::DoubleWell {
            separation: values.number("separation"),
            height: values.number("height"),
        },
        other => unreachable!("`trap` does not list {other}"),
    }
}

impl States for Hartree {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let axes = self.grid().dimension();
        match name {
            "thermal" => self.thermal(values.number("temperature")),
            "gaussian" => self.gaussian(
                &values.vector("center", axes),
                &values.vector("width", axes),
                &values.vector("momentum", axes),
            ),
            other => no_state(other),
        }
    }

    /// The two places of a matrix element.
    fn entry_name(&self, index: usize) -> String {
        let grid = self.grid();
        let positions = grid.positions();
        let site = |site: usize| -> Vec<f64> {
            let axes = 0..grid.dimension();
            axes.map(|axis| positions[grid.index(site, axis)]).collect()
        };
        let (row, column) = (index / grid.levels(), index % grid.levels());
        format!(
            "{}, {}",
            component("x", &site(row)),
            component("x'", &site(column))
        )
    }
}
