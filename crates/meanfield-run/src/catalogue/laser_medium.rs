//! kind = "laser-medium".

use meanfield::abstract_model::{Custom, ModelError, PairEntry};
use meanfield::tensor::Norm;
use ndarray::array;

use super::{Absent, Built, Given, Holds, Kind, Size, key};

pub(super) static KIND: Kind = Kind {
    keys: &[
        key("pump", Holds::AtLeast(0.0), "rate of excitation").in_units("rate"),
        key("decay", Holds::AtLeast(0.0), "rate of spontaneous decay").in_units("rate"),
        key(
            "quenching",
            Holds::AtLeast(0.0),
            "rate of a pair (default 0)",
        )
        .or(Absent::Number(0.0))
        .in_units("rate"),
    ],
    observables: "ground, excited",
    example: include_str!("templates/laser-medium.toml"),
    counts: true,
    ..Kind::new(
        "laser-medium",
        "two-level atoms that are pumped, decay, and quench one another in pairs",
        |_| Size::real(2.0),
        build,
    )
};

/// G → E at the pump's rate, E → G at that of the decay, E + E → E + G at rate 1/N times
/// the quenching.
fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let number = |key| given.values.number(key);
    let (pump, decay, quenching) = (number("pump"), number("decay"), number("quenching"));
    let k = array![[-pump, decay], [pump, -decay]];
    let entry = |(a, b), value| PairEntry {
        a,
        b,
        c: 1,
        d: 1,
        value,
    };
    let v = vec![
        entry((0, 1), quenching / 2.0),
        entry((1, 0), quenching / 2.0),
        entry((1, 1), -quenching),
    ];
    let labels = ["ground", "excited"].map(str::to_owned);
    let model = Custom::new(&k, v, &[1.0, 1.0], Norm::L1)?;
    model.with_labels(labels.to_vec()).map(Built::real)
}
