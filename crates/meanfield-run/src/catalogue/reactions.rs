//! kind = "reactions": species and what becomes of them.

use meanfield::abstract_model::{Custom, ModelError, PairEntry, PairOperator};
use meanfield::tensor::Norm;
use ndarray::Array2;

use super::{Built, Disagreement, Given, Holds, Kind, Size, Values, key};

pub(super) static KIND: Kind = Kind {
    keys: &[
        key(
            "species",
            Holds::Labels,
            "names of the species; each is then an observable, its fraction",
        ),
        key(
            "reactions",
            Holds::Reactions { of: "species" },
            "[\"S + I -> 2 I @ beta\", ...]: of each pair at rate beta/N, of each particle at rate beta",
        )
        .in_units("rate"),
    ],
    observables: "the species",
    example: include_str!("templates/reactions.toml"),
    counts: true,
    smaller: "use fewer `model.species`",
    agree,
    interaction_bytes: |given| {
        let entries: usize = given.values.reactions("reactions").iter().map(most_entries).sum();
        Ok(PairOperator::<f64>::required_bytes(entries).unwrap_or(usize::MAX))
    },
    describe,
    ..Kind::new(
        "reactions",
        "species that change by themselves and in pairs, as chemists write it: populations of a \
         fixed number of particles",
        |values| Size::real(values.labels("species").map_or(0.0, |species| species.len() as f64)),
        build,
    )
};

/// A reaction with a mass-action rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Reaction {
    /// As it was written.
    pub text: String,
    /// What it takes: a species and how many of it.
    pub left: Vec<(usize, usize)>,
    /// What it makes.
    pub right: Vec<(usize, usize)>,
    /// Its constant c: a set of what it takes, of m particles, reacts at rate c N^(1−m).
    pub rate: f64,
}

/// How many particles are on a side.
fn particles(side: &[(usize, usize)]) -> usize {
    let each = side.iter().map(|(_, count)| *count);
    each.fold(0, usize::saturating_add)
}

/// The species of every particle of a side.
fn each(side: &[(usize, usize)]) -> Vec<usize> {
    let runs = side
        .iter()
        .map(|&(species, n)| std::iter::repeat_n(species, n));
    runs.flatten().collect()
}

/// Entries of V at most.
fn most_entries(reaction: &Reaction) -> usize {
    if particles(&reaction.left) == 2 { 4 } else { 0 }
}

/// As many particles before as after, one or two.
fn agree(values: &Values) -> Result<(), Disagreement> {
    for (k, reaction) in values.reactions("reactions").iter().enumerate() {
        let (before, after) = (particles(&reaction.left), particles(&reaction.right));
        if before != after || !(1..=2).contains(&before) {
            return Err(Disagreement::Item {
                at: "reactions",
                item: k,
                found: format!(
                    "\"{}\", with {before} particles before and {after} after",
                    reaction.text
                ),
                expected: "as many after as before, one or two: the number of particles is fixed. \
                           What comes and goes can be a species of its own, an empty place say"
                    .to_owned(),
            });
        }
    }
    Ok(())
}

/// K and V of the reactions. A particle of A becomes one of B at rate c; a pair, counted
/// once, reacts at rate c/N, so that of n_A and n_B particles n_A n_B c/N reactions happen
/// per unit of time, and n_A (n_A − 1)/2 c/N of like ones.
fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let species = given.values.labels("species").unwrap_or_default();
    let states = species.len();
    let mut k = Array2::zeros((states, states));
    let mut v: Vec<PairEntry<f64>> = Vec::new();
    let mut entry = |[a, b]: [usize; 2], [c, d]: [usize; 2], value| {
        v.push(PairEntry { a, b, c, d, value });
    };
    for reaction in given.values.reactions("reactions") {
        let rate = reaction.rate;
        match (&each(&reaction.left)[..], &each(&reaction.right)[..]) {
            (&[from], &[to]) => {
                k[[to, from]] += rate;
                k[[from, from]] -= rate;
            }
            (&[a, b], &[c, d]) if a == b => {
                entry([c, d], [a, a], rate / 2.0);
                entry([d, c], [a, a], rate / 2.0);
                entry([a, a], [a, a], -rate);
            }
            (&[a, b], &[c, d]) => {
                // Which of the two becomes which makes no difference to the numbers: one
                // that is on both sides stays what it is.
                let (c, d) = if c == b || d == a { (d, c) } else { (c, d) };
                entry([c, d], [a, b], rate);
                entry([d, c], [b, a], rate);
                entry([a, b], [a, b], -rate);
                entry([b, a], [b, a], -rate);
            }
            _ => unreachable!("`agree` refuses other numbers of particles"),
        }
    }
    let trace = vec![1.0; states];
    let model = Custom::new(&k, v, &trace, Norm::L1)?;
    Ok(Built::real(model.with_labels(species.to_vec())?))
}

fn describe(values: &Values) -> String {
    let species = values.labels("species").unwrap_or_default().join(", ");
    let texts = values
        .reactions("reactions")
        .iter()
        .map(|r| r.text.as_str());
    let texts: Vec<&str> = texts.take(SHOWN).collect();
    let more = values.reactions("reactions").len() - texts.len();
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    format!("species {species}; {}{rest}", texts.join("; "))
}

/// Reactions named in one line.
const SHOWN: usize = 6;
