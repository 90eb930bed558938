//! kind = "levels".

use meanfield::abstract_model::{Model, ModelError};
use meanfield::models::levels::{
    BoseHubbardDimer, Dissipation, Levels, Lipkin, OneAxisTwisting, TransverseField,
};
use ndarray::Array2;
use num_complex::Complex64;

use super::built::no_state;
use super::{Absent, Built, Chosen, Given, Holds, Kind, Named, Size, States, Values, key};
use crate::arrays::{Array, shape};

const ZERO: Absent = Absent::Number(0.0);

pub(super) static KIND: Kind = Kind {
    keys: &[
        key(
            "h",
            Holds::Array {
                rank: 2,
                shape: "(d, d)",
            },
            "(d, d): one-body Hamiltonian",
        )
        .in_units("energy"),
        key(
            "v",
            Holds::Array {
                rank: 4,
                shape: "(d, d, d, d)",
            },
            "(d, d, d, d): v[a,b,c,e] = <ab|v|ce>",
        )
        .in_units("energy"),
        key(
            "jump",
            Holds::Array {
                rank: 3,
                shape: "(m, d, d)",
            },
            "(m, d, d): Lindblad operators, rates included",
        )
        .or(Absent::Nothing)
        .in_units("rate^(1/2)"),
        key("hbar", Holds::Positive, "Planck's constant (default 1)")
            .or(Absent::Number(1.0))
            .in_units("energy time"),
        key(
            "decay",
            Holds::AtLeast(0.0),
            "rate of level 0 -> 1 (two levels, default 0)",
        )
        .or(ZERO)
        .in_units("rate"),
        key(
            "dephasing",
            Holds::AtLeast(0.0),
            "rate at which coherence decays (default 0)",
        )
        .or(ZERO)
        .in_units("rate"),
    ],
    families: &[
        Named {
            name: "one-axis-twisting",
            summary: "H = (chi/N) sum_{i<j} sz sz",
            keys: &[key("chi", Holds::Number, "energy of a pair").in_units("energy")],
        },
        Named {
            name: "transverse-field",
            summary: "H = (omega/2) sum sx + (chi/N) sum_{i<j} sz sz",
            keys: &[
                key("omega", Holds::Number, "splitting by the field along x").in_units("energy"),
                key("chi", Holds::Number, "energy of a pair").in_units("energy"),
            ],
        },
        Named {
            name: "lipkin",
            summary: "H = (epsilon/2) sum sz + (1/N) sum_{i<j} [(v/2)(sx sx - sy sy) + \
                      (w/2)(sx sx + sy sy)]",
            keys: &[
                key("epsilon", Holds::Number, "distance of the levels").in_units("energy"),
                key(
                    "v",
                    Holds::Number,
                    "pairs change level in the same direction",
                )
                .in_units("energy"),
                key(
                    "w",
                    Holds::Number,
                    "pairs change level oppositely (default 0)",
                )
                .or(ZERO),
            ],
        },
        Named {
            name: "bose-hubbard-dimer",
            summary: "H = -tunnelling sum sx + (interaction/N) sum_{i<j} [both in one well]",
            keys: &[
                key("tunnelling", Holds::Number, "tunnelling energy").in_units("energy"),
                key("interaction", Holds::Number, "energy of a pair in one well")
                    .in_units("energy"),
            ],
        },
    ],
    states: &[
        Named {
            name: "bloch",
            summary: "(1 + x sx + y sy + z sz)/2, for two levels",
            keys: &[
                key("x", Holds::Number, "(default 0)").or(ZERO),
                key("y", Holds::Number, "(default 0)").or(ZERO),
                key("z", Holds::Number, "(default 0)").or(ZERO),
            ],
        },
        Named {
            name: "basis",
            summary: "the level of that number, pure",
            keys: &[key(
                "index",
                Holds::Integer(0, usize::MAX),
                "0 is the first level",
            )],
        },
    ],
    observables: "sx, sy, sz, squeezing (two levels); p0, p1, ... (populations); energy_one_body",
    example: include_str!("templates/levels.toml"),
    one_body_rank: 2,
    interaction_bytes: |given| match given.values.array("v") {
        Some(v) => Levels::required_bytes(&v.four().map_err(shape)?),
        None => Ok(0),
    },
    describe,
    ..Kind::new(
        "levels",
        "finite-level quantum particles: H = sum h_i + (1/N) sum_{i<j} v_ij, with optional \
         Lindblad jumps of each particle",
        |values| {
            let levels = values.array("h").map_or(2, |h| h.shape()[0]);
            Size::real((levels as f64).powi(2))
        },
        build,
    )
};

fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let values = given.values;
    let dissipation = Dissipation {
        decay: values.number("decay"),
        dephasing: values.number("dephasing"),
    };
    let hbar = values.number("hbar");
    let model = match (
        values.chosen("family"),
        values.array("h"),
        values.array("v"),
    ) {
        (Some(family), ..) => of_family(family, dissipation, hbar),
        (None, Some(h), Some(v)) => of_arrays(h, v, values.array("jump"), dissipation, hbar),
        _ => unreachable!("the reader requires h and v where there is no family"),
    };
    model.map(Built::real)
}

fn of_arrays(
    h: &Array,
    v: &Array,
    jump: Option<&Array>,
    dissipation: Dissipation,
    hbar: f64,
) -> Result<Levels, ModelError> {
    let h = h.matrix().map_err(shape)?;
    let mut jumps: Vec<Array2<Complex64>> = match jump {
        Some(jump) => jump.matrices().map_err(shape)?,
        None => Vec::new(),
    };
    let named = dissipation.jumps()?;
    if !named.is_empty() && h.nrows() != 2 {
        return Err(ModelError::Parameter {
            key: "decay",
            found: format!("given for {} levels", h.nrows()),
            expected: "decay and dephasing only for two levels; give `jump` otherwise".to_owned(),
        });
    }
    jumps.extend(named);
    Levels::new(&h, &v.four().map_err(shape)?, &jumps, hbar)
}

fn of_family(
    Chosen { name, values }: &Chosen,
    dissipation: Dissipation,
    hbar: f64,
) -> Result<Levels, ModelError> {
    let value = |key: &str| values.number(key);
    match *name {
        "one-axis-twisting" => {
            let chi = value("chi");
            OneAxisTwisting { chi }.model(dissipation, hbar)
        }
        "transverse-field" => {
            let (omega, chi) = (value("omega"), value("chi"));
            TransverseField { omega, chi }.model(dissipation, hbar)
        }
        "lipkin" => {
            let (epsilon, v, w) = (value("epsilon"), value("v"), value("w"));
            Lipkin { epsilon, v, w }.model(dissipation, hbar)
        }
        "bose-hubbard-dimer" => {
            let (tunnelling, interaction) = (value("tunnelling"), value("interaction"));
            BoseHubbardDimer {
                tunnelling,
                interaction,
            }
            .model(dissipation, hbar)
        }
        other => unreachable!("`families` does not list {other}"),
    }
}

fn describe(values: &Values) -> String {
    let mut out = match values.chosen("family") {
        Some(family) => format!("{}, {}", family.name, family.values),
        None => {
            let length = |key: &str| values.array(key).map_or(0, |array| array.shape()[0]);
            format!("{} levels, {} jump operators", length("h"), length("jump"))
        }
    };
    for (name, usual) in [("hbar", 1.0), ("decay", 0.0), ("dephasing", 0.0)] {
        let x = values.number(name);
        if x != usual {
            out += &format!(", {name} = {x}");
        }
    }
    out
}

impl States for Levels {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        match name {
            "basis" => self.basis_state(values.integer("index")),
            "bloch" => self.bloch(values.number("x"), values.number("y"), values.number("z")),
            other => no_state(other),
        }
    }

    fn entry_name(&self, index: usize) -> String {
        let levels = self.capabilities().basis.levels().unwrap_or(1);
        format!("{},{}", index / levels, index % levels)
    }
}
