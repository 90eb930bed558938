//! kind = "reactions": species and what becomes of them.

use meanfield::abstract_model::{
    Custom, Envelope, ModelError, PairEntry, PairOperator, Power, SumOfTerms,
};
use meanfield::tensor::Norm;
use ndarray::Array2;

use super::{Built, Disagreement, Given, Holds, Kind, Size, Values, key};
use crate::arrays::is_usable;
use crate::expression::{Expression, Names, call, is_name, number};

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
    in_time,
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
    pub rate: Rate,
}

/// The constant of a reaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// The same at all times.
    Constant(f64),
    /// An expression in the time.
    InTime(RateInTime),
}

/// An expression in t with the numbers its other names stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct RateInTime {
    expression: Expression,
    names: Names,
}

impl RateInTime {
    pub(crate) fn new(expression: Expression, names: Names) -> Self {
        Self { expression, names }
    }

    /// c(t); NaN where the expression has no value.
    #[must_use]
    pub fn at(&self, t: f64) -> f64 {
        let name = |name: &str| match name {
            "t" => Ok(t),
            other => number(other, &self.names),
        };
        let value = self.expression.evaluate(&name, &call);
        value.unwrap_or(f64::NAN)
    }
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

/// Species that can be written, and as many particles before as after, one or two.
fn agree(values: &Values) -> Result<(), Disagreement> {
    let species = values.labels("species").unwrap_or_default();
    let empty = |at, is_empty| match is_empty {
        true => Err(Disagreement::Value {
            at,
            found: "an empty list".to_owned(),
            expected: "one or more".to_owned(),
        }),
        false => Ok(()),
    };
    empty("species", species.is_empty())?;
    empty("reactions", values.reactions("reactions").is_empty())?;
    if let Some(item) = species.iter().position(|name| !is_name(name)) {
        return Err(Disagreement::Item {
            at: "species",
            item,
            found: format!("\"{}\"", species[item]),
            expected:
                "a name that a reaction can hold: ASCII letters, digits and _, no digit first"
                    .to_owned(),
        });
    }
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

/// Rates in time are looked at so many times.
const LOOKS: u32 = 1000;

/// Rates in time are rates up to the end.
fn in_time(values: &Values, end: f64) -> Result<(), Disagreement> {
    for (k, reaction) in values.reactions("reactions").iter().enumerate() {
        let Rate::InTime(rate) = &reaction.rate else {
            continue;
        };
        let times = (0..=LOOKS).map(|look| end * f64::from(look) / f64::from(LOOKS));
        let mut each = times.map(|t| (t, rate.at(t)));
        if let Some((t, c)) = each.find(|&(_, c)| !(is_usable(c) && c >= 0.0)) {
            return Err(Disagreement::Item {
                at: "reactions",
                item: k,
                found: format!("\"{}\", whose rate at t = {t} is {c}", reaction.text),
                expected: "a number from 0 to 1e100 from t = 0 to `time.end`".to_owned(),
            });
        }
    }
    Ok(())
}

/// K and V of the reactions, and a term c(t) (K + V/N) for each rate that changes.
fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    let species = given.values.labels("species").unwrap_or_default();
    let (mut constant, mut changing) = (Vec::new(), Vec::<(&RateInTime, Vec<_>)>::new());
    for reaction in given.values.reactions("reactions") {
        match &reaction.rate {
            Rate::Constant(c) => constant.push((reaction, *c)),
            Rate::InTime(rate) => match changing.iter_mut().find(|(other, _)| *other == rate) {
                Some((_, same)) => same.push((reaction, 1.0)),
                None => changing.push((rate, vec![(reaction, 1.0)])),
            },
        }
    }
    let model = mass_action(species, &constant)?;
    if changing.is_empty() {
        return Ok(Built::real(model));
    }
    let mut sum = SumOfTerms::new(model);
    for (rate, reactions) in changing {
        let rate = rate.clone();
        let envelope = Envelope::of(move |t| rate.at(t));
        sum = sum.with_term(mass_action(species, &reactions)?, Power::Zero, envelope)?;
    }
    Ok(Built::real(sum))
}

/// A particle of A becomes one of B at rate c; a pair, counted once, reacts at rate c/N, so
/// that of n_A and n_B particles n_A n_B c/N reactions happen per unit of time, and
/// n_A (n_A − 1)/2 c/N of like ones.
fn mass_action(
    species: &[String],
    reactions: &[(&Reaction, f64)],
) -> Result<Custom<f64>, ModelError> {
    let states = species.len();
    let mut k = Array2::zeros((states, states));
    let mut v: Vec<PairEntry<f64>> = Vec::new();
    let mut entry = |[a, b]: [usize; 2], [c, d]: [usize; 2], value| {
        v.push(PairEntry { a, b, c, d, value });
    };
    for &(reaction, rate) in reactions {
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
    Custom::new(&k, v, &vec![1.0; states], Norm::L1)?.with_labels(species.to_vec())
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
