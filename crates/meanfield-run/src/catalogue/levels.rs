//! kind = "levels".

use meanfield::abstract_model::{Model, ModelError, PairOperator};
use meanfield::models::levels::{
    BoseHubbardDimer, Collective, Dissipation, Levels, Lipkin, OneAxisTwisting, TransverseField,
};
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use super::built::no_state;
use super::{
    Absent, Built, Chosen, Disagreement, Given, Holds, Kind, Named, Size, States, Values, key,
};
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
            "(d, d), or \"delta*sz + omega*sx\": one-body Hamiltonian",
        )
        .in_units("energy"),
        key(
            "v",
            Holds::Array {
                rank: 4,
                shape: "(d, d, d, d)",
            },
            "(d, d, d, d): v[a,b,c,e] = <ab|v|ce>, or \"chi*sz1*sz2\" (default: none)",
        )
        .or(Absent::Nothing)
        .in_units("energy"),
        key(
            "jump",
            Holds::Array {
                rank: 3,
                shape: "(m, d, d)",
            },
            "(m, d, d), or [\"sqrt(gamma)*sm\"]: Lindblad operators, rates included",
        )
        .or(Absent::Nothing)
        .in_units("rate^(1/2)"),
        key(
            "collective_jump",
            Holds::Array {
                rank: 3,
                shape: "(m, d, d)",
            },
            "(m, d, d), or [\"sqrt(Gamma)*sm\"]: L of jumps sum_i L_i at rate 1/N",
        )
        .or(Absent::Nothing)
        .in_units("rate^(1/2)"),
        key(
            "collective_decay",
            Holds::AtLeast(0.0),
            "Gamma of L = sqrt(Gamma) sm (two levels, default 0)",
        )
        .or(ZERO)
        .in_units("rate"),
        key(
            "collective_pumping",
            Holds::AtLeast(0.0),
            "Gamma of L = sqrt(Gamma) sp (two levels, default 0)",
        )
        .or(ZERO)
        .in_units("rate"),
        key(
            "collective_dephasing",
            Holds::AtLeast(0.0),
            "Gamma of L = sqrt(Gamma) sz/2 (two levels, default 0)",
        )
        .or(ZERO)
        .in_units("rate"),
        key(
            "spin",
            Holds::AtLeast(0.5),
            "of operators as text: d = 2 spin + 1 (default 1/2)",
        )
        .or(Absent::Nothing),
        key(
            "levels",
            Holds::Integer(1, 1000),
            "of operators as text: d, in place of `spin`",
        )
        .or(Absent::Nothing),
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
    operators: Some(levels),
    agree: |values| match values.chosen("family") {
        Some(_)
            if values
                .optional_number("spin")
                .is_some_and(|spin| spin != 0.5) =>
        {
            Err(Disagreement::Value {
                at: "spin",
                found: "given beside a family".to_owned(),
                expected: "two levels, spin = 0.5, with a family".to_owned(),
            })
        }
        _ => {
            let levels = levels(values)?;
            let is_said = values.optional_number("spin").is_some() || values.integer("levels") > 0;
            match values.array("h").map(|h| h.shape()[0]) {
                Some(d) if is_said && d != levels => Err(Disagreement::Value {
                    at: "h",
                    found: format!("of {d} levels"),
                    expected: format!("{levels} levels, as the model says beside it"),
                }),
                _ => Ok(()),
            }
        }
    },
    interaction_bytes,
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

/// Bytes while V is made: its list, and that of collective jumps, which may be full.
fn interaction_bytes(given: &Given<'_>) -> Result<usize, ModelError> {
    let values = given.values;
    let d = values.array("h").map_or(2, |h| h.shape()[0]);
    let of_v = match values.array("v") {
        Some(v) => Levels::required_bytes(&v.four().map_err(shape)?)?,
        // Zeros, of d⁴ complex numbers.
        None => [d; 4]
            .into_iter()
            .fold(size_of::<Complex64>(), usize::saturating_mul),
    };
    let is_collective = values.array("collective_jump").is_some()
        || COLLECTIVE.iter().any(|key| values.number(key) > 0.0);
    if !is_collective {
        return Ok(of_v);
    }
    let all = [d; 8].into_iter().try_fold(1, usize::checked_mul);
    // The matrix, its parts while they are added up, and its list.
    let matrices = all.and_then(|all| all.checked_mul(4 * size_of::<Complex64>()));
    let list = all.and_then(PairOperator::<f64>::required_bytes);
    let both = matrices.zip(list);
    Ok(both
        .map_or(usize::MAX, |(a, b)| a.saturating_add(b))
        .saturating_add(of_v))
}

/// Rates of jumps of all particles together.
const COLLECTIVE: [&str; 3] = [
    "collective_decay",
    "collective_pumping",
    "collective_dephasing",
];

/// d of operators as text.
fn levels(values: &Values) -> Result<usize, Disagreement> {
    let (spin, levels) = (values.optional_number("spin"), values.integer("levels"));
    match spin {
        None if levels > 0 => Ok(levels),
        // As the array beside it, if there is one.
        None => Ok(values.array("h").map_or(2, |h| h.shape()[0])),
        Some(_) if levels > 0 => Err(Disagreement::Contradiction {
            at: "levels",
            first: "model.spin",
            second: Some("model.levels"),
            advice: "give one of them",
        }),
        Some(spin) if (2.0 * spin).fract() == 0.0 && spin < 500.0 => Ok((2.0 * spin) as usize + 1),
        Some(spin) => Err(Disagreement::Value {
            at: "spin",
            found: format!("{spin}"),
            expected: "an integer or half of an odd one, such as 0.5, 1, 1.5".to_owned(),
        }),
    }
}

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
        (None, Some(h), v) => of_arrays(h, v, values.array("jump"), dissipation, hbar),
        _ => unreachable!("the reader requires h where there is no family"),
    };
    let model = model?;
    let mut together = match values.array("collective_jump") {
        Some(jumps) => jumps.matrices().map_err(shape)?,
        None => Vec::new(),
    };
    let named = Collective {
        decay: values.number("collective_decay"),
        pumping: values.number("collective_pumping"),
        dephasing: values.number("collective_dephasing"),
    };
    let named = named.jumps()?;
    two_levels("collective_decay", !named.is_empty(), model_levels(&model))?;
    together.extend(named);
    model.with_collective_jumps(&together).map(Built::real)
}

/// What has a name is of two levels.
fn two_levels(key: &'static str, is_given: bool, levels: usize) -> Result<(), ModelError> {
    if !is_given || levels == 2 {
        return Ok(());
    }
    Err(ModelError::Parameter {
        key,
        found: format!("given for {levels} levels"),
        expected: "rates by name only for two levels; give operators otherwise".to_owned(),
    })
}

fn model_levels(model: &Levels) -> usize {
    model.capabilities().basis.levels().unwrap_or(1)
}

fn of_arrays(
    h: &Array,
    v: Option<&Array>,
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
    two_levels("decay", !named.is_empty(), h.nrows())?;
    jumps.extend(named);
    let v = match v {
        Some(v) => v.four().map_err(shape)?,
        None => Array4::zeros([h.nrows(); 4]),
    };
    Levels::new(&h, &v, &jumps, hbar)
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
    let rates = ["decay", "dephasing"].into_iter().chain(COLLECTIVE);
    for (name, usual) in std::iter::once(("hbar", 1.0)).chain(rates.map(|name| (name, 0.0))) {
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
        let levels = model_levels(self);
        format!("{},{}", index / levels, index % levels)
    }
}
