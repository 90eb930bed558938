//! kind = "povzner".

use meanfield::abstract_model::{Model, ModelError};
use meanfield::models::kac::CrossSection;
use meanfield::models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use num_complex::Complex64;

use super::built::no_state;
use super::velocities::{
    BEAMS, CROSS_SECTION, MAXWELLIAN, VELOCITIES, array, component, count, hermite,
    hermite_function, lists, radius,
};
use super::{
    Absent, Built, Choice, Chosen, Disagreement, Holds, Key, Kind, Named, Size, States, Values,
    key, named,
};

/// The most points along an axis; what fits in memory is far less.
pub(super) const MOST_POINTS: usize = 1_000_000;

pub(super) static KIND: Kind = Kind {
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
        key("length", Holds::Positive, "of the box along each axis").in_units("length"),
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
    example: include_str!("templates/povzner.toml"),
    smaller: "use fewer `model.points` or `model.velocities`",
    agree,
    state_agrees,
    interaction_bytes: |given| Povzner::required_bytes(&options(given.values)),
    ..Kind::new(
        "povzner",
        "gas of soft spheres in a periodic box: free flight, and collisions at a distance",
        size,
        |given| Povzner::new(&options(given.values)).map(Built::real),
    )
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

/// Particles move with their velocities: these need the components. Upwind transport
/// jumps with a velocity, which a Hermite function is not.
fn agree(values: &Values) -> Result<(), Disagreement> {
    if values.integer("dimension") > values.integer("velocity_dimension") {
        return Err(Disagreement::Contradiction {
            at: "velocity_dimension",
            first: "model.dimension",
            second: None,
            advice: "a velocity needs a component for each direction particles move in; raise \
                     `velocity_dimension`",
        });
    }
    if values.word("transport") == "upwind" && hermite(values).is_some() {
        return Err(Disagreement::Contradiction {
            at: "transport",
            first: "model.transport",
            second: Some("model.velocities"),
            advice: "\"upwind\" moves particles of one velocity; take \"spectral\" with Hermite \
                     functions, or a lattice",
        });
    }
    Ok(())
}

fn state_agrees(model: &Values, _state: &Named, values: &Values) -> Result<(), Disagreement> {
    lists(values, &["center"], model.integer("dimension"))?;
    match values.chosen("velocity") {
        Some(velocity) => {
            let components = model.integer("velocity_dimension");
            lists(&velocity.values, &["drift"], components)
        }
        None => Ok(()),
    }
}

fn size(values: &Values) -> Size {
    let points = (values.integer("points") as f64).powf(values.number("dimension"));
    let each = count(values, values.integer("velocity_dimension"));
    Size {
        made_of: Some(format!("{} grid points × {each} velocities", shown(points))),
        ..Size::real(points * each)
    }
}

/// A count that may be too large to be one.
pub(super) fn shown(count: f64) -> String {
    if count < 1e15 {
        count.to_string()
    } else {
        format!("{count:.1e}")
    }
}

fn options(values: &Values) -> PovznerOptions {
    let range = match values.chosen("range") {
        Some(Chosen { name, values }) if *name == "hat" => Range::Hat {
            width: values.number("width"),
        },
        gaussian => Range::Gaussian {
            width: gaussian.map_or(f64::NAN, |range| range.values.number("width")),
        },
    };
    let (velocities, natural) = match hermite(values) {
        Some(Chosen { values, .. }) => {
            let (degree, temperature) = (values.integer("degree"), values.number("temperature"));
            (
                Velocities::Hermite {
                    degree,
                    temperature,
                },
                Transport::Spectral,
            )
        }
        None => {
            let radius = radius(values);
            (Velocities::Lattice { radius }, Transport::Upwind)
        }
    };
    PovznerOptions {
        dimension: values.integer("dimension"),
        points: values.integer("points"),
        length: values.number("length"),
        velocity_dimension: values.integer("velocity_dimension"),
        velocities,
        range,
        cross_section: CrossSection::Power(values.number("cross_section")),
        transport: match values.word("transport") {
            "spectral" => Transport::Spectral,
            "upwind" => Transport::Upwind,
            _ => natural,
        },
    }
}

impl States for Povzner {
    fn state(&self, name: &str, values: &Values) -> Result<Vec<Complex64>, ModelError> {
        let density = match name {
            "uniform" => self.density_uniform(),
            "bump" => {
                let center = values.vector("center", self.options().dimension);
                self.density_bump(&center, values.number("width"))?
            }
            "cosine" => self.density_cosine(values.number("amplitude"))?,
            other => return no_state(other),
        };
        let velocity = match values.chosen("velocity") {
            Some(Chosen { name, values }) if *name == "beams" => {
                self.velocity_beams(values.number("speed"), values.number("width"))?
            }
            other => {
                let (temperature, drift) = match other {
                    Some(Chosen { values, .. }) => (
                        values.number("temperature"),
                        values.vector("drift", self.velocity_dimension()),
                    ),
                    None => (f64::NAN, Vec::new()),
                };
                self.velocity_maxwellian(temperature, &drift)?
            }
        };
        let weights = self.product_state(&density, &velocity)?;
        Ok(array(weights))
    }

    fn entry_name(&self, index: usize) -> String {
        let basis = self.velocity_basis();
        let each = basis.map_or(self.velocities().len(), |basis| basis.len());
        let place = component("x", &self.positions()[index / each]);
        let velocity = match basis {
            Some(basis) => hermite_function(basis, index % each),
            None => component("v", &self.velocities()[index % each]),
        };
        format!("{place}, {velocity}")
    }

    fn together(&self) -> usize {
        self.space().dimension() / self.positions().len().max(1)
    }
}
