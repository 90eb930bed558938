//! The six classes of models that the paper's statements are about, with a small
//! instance of each.

use meanfield::models::levels::problems::random_state;
use meanfield::prelude::*;

use crate::instances::{self, Instance};
use crate::kinds::{Drawn, two_cells, two_sites};
use crate::verify::{Bound, Row, Suite};

/// A class of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Jump processes over finitely many states.
    Jump,
    /// Arbitrary arrays K, V with a trace of arbitrary weights: no norm, no
    /// positivity.
    Arrays,
    /// Kac models.
    Kac,
    /// Soft spheres.
    Povzner,
    /// Finite-level quantum systems.
    Levels,
    /// Quantum particles on a grid.
    Hartree,
}

impl Class {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 6] = [
        Self::Jump,
        Self::Arrays,
        Self::Kac,
        Self::Povzner,
        Self::Levels,
        Self::Hartree,
    ];
    /// Those with states: positive elements of norm 1.
    pub const STATES: [Self; 5] = [
        Self::Jump,
        Self::Kac,
        Self::Povzner,
        Self::Levels,
        Self::Hartree,
    ];
    /// A classical and a quantum one with a norm.
    pub const TWO: [Self; 2] = [Self::Jump, Self::Levels];

    /// What row names end in.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jump => "jump",
            Self::Arrays => "arrays",
            Self::Kac => "kac",
            Self::Povzner => "povzner",
            Self::Levels => "levels",
            Self::Hartree => "hartree",
        }
    }

    /// The class of that letter: J, G, K, P, Q or H.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.letter() == letter)
    }

    /// J, G (general), K, P, Q (quantum levels) or H.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Jump => 'J',
            Self::Arrays => 'G',
            Self::Kac => 'K',
            Self::Povzner => 'P',
            Self::Levels => 'Q',
            Self::Hartree => 'H',
        }
    }

    /// A small instance, without symmetries.
    ///
    /// # Panics
    /// Never: the parameters are in range.
    #[must_use]
    pub fn instance(self) -> Drawn {
        match self {
            Self::Jump => Drawn::Real(instances::correlated_jump()),
            Self::Arrays => Drawn::Complex(instances::arrays()),
            Self::Kac => Drawn::Real(instances::kac(2, 1.0)),
            Self::Povzner => {
                let model = two_cells();
                let f = problems::Noise::new(3).probabilities(model.space().dimension());
                Drawn::Real(Instance::new(model, f))
            }
            Self::Levels => Drawn::Real(instances::mixed_levels()),
            Self::Hartree => {
                let model = two_sites(1.0);
                let f = one_body_state(&model, "F", &random_state(2, 8)).expect("a state");
                Drawn::Complex(Instance::new(model, f))
            }
        }
    }
}

/// A claim that is measured on several classes, a row for each: the name of a
/// row is `name`-`class`.
pub struct Stated<'a> {
    /// The suite whose `ids` list the rows.
    pub suite: &'a Suite,
    /// What row names begin with.
    pub name: &'a str,
    /// The claim in words.
    pub claim: &'a str,
    /// Its source.
    pub equation: &'static str,
    /// The claimed value.
    pub claimed: &'a str,
    /// Where the measured value must lie.
    pub bound: Bound,
    /// Why.
    pub reason: &'static str,
}

impl Stated<'_> {
    /// The row of that class.
    ///
    /// # Panics
    /// When the suite does not list it.
    #[must_use]
    pub fn row(&self, class: Class, measured: f64) -> Row {
        self.row_named(class.name(), class.name(), measured)
    }

    /// The row whose name ends in `suffix`, about `what`.
    ///
    /// # Panics
    /// When the suite does not list it.
    #[must_use]
    pub fn row_named(&self, suffix: &str, what: &str, measured: f64) -> Row {
        let wanted = format!("{}-{suffix}", self.name);
        let id = self.suite.ids.iter().find(|id| **id == wanted);
        Row {
            suite: self.suite.name,
            id: id.unwrap_or_else(|| panic!("`{}` lists no row `{wanted}`", self.suite.name)),
            claim: format!("{what}: {}", self.claim),
            equation: self.equation,
            claimed: self.claimed.to_owned(),
            measured,
            bound: self.bound,
            reason: self.reason,
            plot: None,
        }
    }

    /// A row for each of some classes.
    #[must_use]
    pub fn rows(&self, classes: &[Class], measure: impl Fn(Class) -> f64) -> Vec<Row> {
        let row = |&class: &Class| self.row(class, measure(class));
        classes.iter().map(row).collect()
    }
}
