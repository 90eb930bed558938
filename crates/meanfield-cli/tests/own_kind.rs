//! A kind of model that only this test knows goes through the whole program: it is listed,
//! printed, read, checked, computed and reported without a line of the program about it.

use meanfield::abstract_model::{Custom, ModelError, PairEntry};
use meanfield::tensor::Norm;
use meanfield_cli::program;
use meanfield_run::catalogue::{
    Absent, Built, Catalogue, Disagreement, Given, Holds, Kind, Size, Values, key,
};
use meanfield_run::{Config, Silent, solve};
use ndarray::array;

const EXAMPLE: &str = "\
# How many atoms of a pumped medium are excited?
[model]
kind = \"laser-medium\"
pump = 0.5
decay = 1.0
transfer = 2.0

[initial]
F = [0.9, 0.1]

[time]
end = 1.5

[particles]
N = [20, 1000]

[compare]
exact = [20]

[[observable]]
name = \"excited\"
";

/// Two-level atoms, ground and excited: pumped at a rate, decaying at another, and in each
/// pair of excited ones one is quenched at a rate over N.
static LASER_MEDIUM: Kind = Kind {
    keys: &[
        key("pump", Holds::AtLeast(0.0), "rate of excitation").in_units("rate"),
        key("decay", Holds::Positive, "rate of spontaneous decay").in_units("rate"),
        key(
            "transfer",
            Holds::AtLeast(0.0),
            "rate of a pair (default 0)",
        )
        .or(Absent::Number(0.0))
        .in_units("rate"),
    ],
    observables: "ground, excited",
    example: EXAMPLE,
    counts: true,
    agree: |values: &Values| {
        if values.number("pump") <= 10.0 * values.number("decay") {
            return Ok(());
        }
        Err(Disagreement::Value {
            at: "pump",
            found: values.number("pump").to_string(),
            expected: "at most ten times the decay".to_owned(),
        })
    },
    ..Kind::new(
        "laser-medium",
        "two-level atoms that are pumped, decay, and quench one another",
        |_| Size::real(2.0),
        build,
    )
};

fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let number = |key| given.values.number(key);
    let (pump, decay, transfer) = (number("pump"), number("decay"), number("transfer"));
    let k = array![[-pump, decay], [pump, -decay]];
    let entry = |(a, b), value| PairEntry {
        a,
        b,
        c: 1,
        d: 1,
        value,
    };
    let v = vec![
        entry((0, 1), transfer / 2.0),
        entry((1, 0), transfer / 2.0),
        entry((1, 1), -transfer),
    ];
    let labels = ["ground", "excited"].map(str::to_owned);
    let model = Custom::new(&k, v, &[1.0, 1.0], Norm::L1)?;
    model.with_labels(labels.to_vec()).map(Built::real)
}

#[test]
fn law_a_kind_of_ones_own_goes_through_the_whole_program() {
    let catalogue = Catalogue::default().with(&LASER_MEDIUM);
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("medium.toml");
    let config = path.to_str().unwrap();
    let call = |arguments: &[&str]| program([&["meanfield", "-q"], arguments].concat(), &catalogue);

    assert_eq!(catalogue.example("laser-medium").unwrap(), EXAMPLE);
    let near = catalogue.example("laser-medum").unwrap_err().to_string();
    assert!(near.contains("did you mean `laser-medium`?"), "{near}");
    let listing = catalogue.listing();
    for said in [LASER_MEDIUM.summary, "rate of excitation [rate]"] {
        assert!(listing.contains(said), "{listing}");
    }
    assert_eq!(call(&["new", "laser-medium"]), 0);
    assert_eq!(call(&["models"]), 0);

    std::fs::write(&path, EXAMPLE).unwrap();
    assert_eq!(call(&["check", config]), 0);
    assert_eq!(call(&["run", config]), 0);
    let out = place.path().join("medium.out");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("laser-medium: decay = 1, pump = 0.5, transfer = 2"));
    let summary = std::fs::read_to_string(out.join("summary.json")).unwrap();
    assert!(summary.contains("\"model\": \"laser-medium\""));

    // The numbers are right, not only there.
    let read = Config::load_with(&path, &catalogue).unwrap();
    let results = solve(&read, &Silent).unwrap();
    let found = results.finding("⟨excited⟩", 20).unwrap();
    let difference = found.corrected.unwrap() - found.exact.unwrap();
    assert!(difference.abs() < 1e-3, "{found:?}");
    assert!((found.mean_field.unwrap() - found.exact.unwrap()).abs() > 10.0 * difference.abs());

    // Its mistakes are those of any other kind: all at once, with line and key.
    let wrong = EXAMPLE.replace("pump = 0.5", "pump = -1.0\npomp = 2");
    let wrong = wrong.replace("end = 1.5", "end = 0");
    std::fs::write(&path, wrong).unwrap();
    let error = Config::load_with(&path, &catalogue).unwrap_err();
    let found: Vec<_> = error
        .mistakes()
        .iter()
        .map(|m| (m.line(), m.key()))
        .collect();
    let expected = [
        (Some(4), Some("model.pump")),
        (Some(5), Some("model.pomp")),
        (Some(13), Some("time.end")),
    ];
    assert_eq!(found, expected, "{error}");
    assert_eq!(call(&["run", config]), 2);
    std::fs::write(&path, EXAMPLE.replace("pump = 0.5", "pump = 50")).unwrap();
    let error = Config::load_with(&path, &catalogue).unwrap_err();
    assert_eq!(error.mistakes()[0].key(), Some("model.pump"), "{error}");
    assert!(error.to_string().contains("ten times the decay"), "{error}");

    // Without the kind there is none of that name.
    let error = Config::load(&path).unwrap_err();
    assert_eq!(error.mistakes()[0].key(), Some("model.kind"), "{error}");
}
