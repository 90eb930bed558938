//! Suite `models`: every model is what it says, and inside the theorem.

mod families;
mod kac;
mod levels;
mod rates;

use meanfield::abstract_model::problems::{random_jump_process, ring_walk, sis, three_states};
use meanfield::abstract_model::{Assumptions, Model, ModelError, check_assumptions};
use meanfield::models::levels::problems::{random_levels, random_open_levels};
use meanfield_testing::worse;

use crate::own_model::Sharing;
use crate::verify::{Bound, Row, Suite};

/// The suite.
pub const SUITE: Suite = Suite {
    name: "models",
    about: "the structure (93) of every model; its K, V and Q against independent formulas",
    ids: &[
        "assumptions-custom",
        "assumptions-levels",
        "assumptions-levels-jumps",
        "assumptions-kac",
        "levels-k",
        "levels-v",
        "levels-q",
        "levels-hermiticity",
        "levels-pair-norm",
        "family-twisting",
        "family-lipkin",
        "family-dimer",
        "family-field",
        "own-model",
        "own-model-lines",
        "kac-points",
        "kac-v",
        "kac-conservation",
        "kac-entropy",
        "kac-equilibrium",
        "rates-thousands",
    ],
    run,
};

/// Defects of sums of at most a few thousand products, relative to the largest.
const ROUNDING: f64 = 1e-12;
/// Why.
const BY_ROUNDING: &str = "rounding of sums of at most a few thousand terms of order one";

/// A row of this suite whose defect must vanish to rounding.
fn exact(
    id: &'static str,
    claim: &str,
    equation: &'static str,
    claimed: &str,
    measured: f64,
) -> Row {
    Row {
        suite: SUITE.name,
        id,
        claim: claim.to_owned(),
        equation,
        claimed: claimed.to_owned(),
        measured,
        bound: Bound::AtMost(ROUNDING),
        reason: BY_ROUNDING,
        plot: None,
    }
}

/// The largest defect of the structure, relative to the largest entry.
fn defect(found: &Assumptions) -> f64 {
    let negative_rate = found.least_rate.map_or(0.0, |rate| -rate);
    [
        found.trace_of_k,
        found.trace_of_pair,
        found.exchange_defect,
        found.q_defect,
        negative_rate,
    ]
    .into_iter()
    .fold(0.0, worse)
        / found.scale
}

/// The largest defect over some models; a model that cannot be made counts as
/// NaN.
fn structure<M: Model, E>(models: impl IntoIterator<Item = Result<M, E>>) -> f64 {
    let defects = models
        .into_iter()
        .map(|model| model.map_or(f64::NAN, |model| defect(&check_assumptions(&model))));
    defects.fold(0.0, worse)
}

/// The model that the documentation adds in one file.
fn own_model(law: &str) -> Vec<Row> {
    let own = Sharing::new(5);
    let defect = structure([Ok::<_, ModelError>(own)]);
    let claim = format!("examples/own_model.rs: {law}");
    let lines = include_str!("../../../examples/own_model.rs").lines();
    vec![
        exact("own-model", &claim, "(93), (101)", "0", defect),
        Row {
            suite: SUITE.name,
            id: "own-model-lines",
            claim: "examples/own_model.rs, on which every law runs, in lines".to_owned(),
            equation: "-",
            claimed: "below 80".to_owned(),
            measured: lines.count() as f64,
            bound: Bound::AtMost(79.0),
            reason: "a count",
            plot: None,
        },
    ]
}

fn run(quick: bool) -> Vec<Row> {
    let samples = if quick { 3 } else { 20 };
    let law = "Tr∘K = 0, (Tr⊗Tr)∘V = 0, σVσ = V, Q = Tr²∘V";
    let custom = [sis(), three_states(), ring_walk(5)]
        .into_iter()
        .chain((0..samples).map(|seed| random_jump_process(4, seed)));
    let both = |seed| [2, 3].map(|d| (d, seed));
    let closed = (0..samples)
        .flat_map(both)
        .map(|(d, seed)| random_levels(d, seed));
    let open = (0..samples)
        .flat_map(both)
        .map(|(d, seed)| random_open_levels(d, 2, seed));
    let rows = [
        ("assumptions-custom", "jump processes", structure(custom)),
        (
            "assumptions-levels",
            "random levels, d = 2, 3",
            structure(closed),
        ),
        (
            "assumptions-levels-jumps",
            "levels with Lindblad jumps",
            structure(open),
        ),
        (
            "assumptions-kac",
            "Kac, all lattices",
            structure(kac::every_model(quick)),
        ),
    ]
    .map(|(id, what, measured)| exact(id, &format!("{what}: {law}"), "(93), (101)", "0", measured));
    rows.into_iter()
        .chain(levels::rows(samples))
        .chain(families::rows())
        .chain(own_model(law))
        .chain(kac::rows(quick))
        .chain(rates::rows(quick))
        .collect()
}
