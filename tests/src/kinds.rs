//! Random instances of every kind of model: what a law quantifies over.
//!
//! A [`Draw`] names an instance by its kind, a seed and a size; it is small and
//! prints in a line, so that a failure can be repeated. [`each!`](crate::each) runs one
//! generic law on whatever type of model was drawn.

use std::collections::BTreeMap;

use meanfield::hierarchy::{correlation_error, marginals_of};
use meanfield::models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield::models::kac::{Caricature, CrossSection, Kac, KacHermite};
use meanfield::models::levels::problems::{random_open_levels, random_state};
use meanfield::models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield::prelude::*;
use num_complex::Complex64;

use crate::instances::{Instance, in_matrix_elements};
use crate::own_model::Sharing;

/// The kinds of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A jump process with random rates, D = size.
    Jump,
    /// The same kind of process by functions: nothing is listed.
    Rates,
    /// Real arrays with a trace of arbitrary weights, D = size.
    RealArrays,
    /// Complex arrays with a trace of arbitrary weights, D = size.
    ComplexArrays,
    /// Two levels, random h and v.
    Levels,
    /// Two levels with random Lindblad operators, as many as the size says.
    OpenLevels,
    /// Two open levels as complex matrix elements: nothing is Hermitian by
    /// construction.
    MatrixElements,
    /// Hard spheres with the five velocities |v| ≤ 1 of the plane.
    Kac,
    /// Kac's caricature in Hermite functions of degree size.
    Caricature,
    /// Hard spheres of the plane in Hermite functions of degree 2.
    KacHermite,
    /// Soft spheres in two cells with three velocities.
    Povzner,
    /// Two sites of a trap, in matrix elements.
    Hartree,
    /// The model of examples/own_model.rs, D = size + 1.
    Own,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Jump,
        Self::Rates,
        Self::RealArrays,
        Self::ComplexArrays,
        Self::Levels,
        Self::OpenLevels,
        Self::MatrixElements,
        Self::Kac,
        Self::Caricature,
        Self::KacHermite,
        Self::Povzner,
        Self::Hartree,
        Self::Own,
    ];

    /// Those whose states are positive: probabilities or density matrices in
    /// the engine's own basis.
    pub const POSITIVE: [Self; 8] = [
        Self::Jump,
        Self::Rates,
        Self::Levels,
        Self::OpenLevels,
        Self::Kac,
        Self::Povzner,
        Self::Hartree,
        Self::Own,
    ];

    /// Those whose one-body states are probabilities.
    pub const CLASSICAL: [Self; 5] = [Self::Jump, Self::Rates, Self::Kac, Self::Povzner, Self::Own];
}

/// The name of a random instance.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    /// The kind of model.
    pub kind: Kind,
    /// Seed of its rates and of its start.
    pub seed: u64,
    /// A small number ≥ 2.
    pub size: usize,
}

/// An instance over one of the scalars.
pub enum Drawn {
    /// Real coordinates.
    Real(Instance<f64>),
    /// Complex coordinates.
    Complex(Instance<Complex64>),
}

/// Evaluates an expression with the instance of a [`Draw`], whatever its scalar:
/// `each!(draw, instance => law(&instance, …))`.
#[macro_export]
macro_rules! each {
    ($draw:expr, $instance:ident => $law:expr) => {
        match $draw.instance() {
            $crate::kinds::Drawn::Real($instance) => $law,
            $crate::kinds::Drawn::Complex($instance) => $law,
        }
    };
}

impl Draw {
    /// The instance.
    ///
    /// # Panics
    /// When the size is 0.
    #[must_use]
    pub fn instance(&self) -> Drawn {
        let (seed, d) = (self.seed, self.size);
        match self.kind {
            Kind::Jump => Drawn::Real(Instance::new(
                problems::random_jump_process(d, seed).expect("valid rates"),
                problems::Noise::new(seed ^ 1).probabilities(d),
            )),
            Kind::Rates => Drawn::Real(Instance::new(
                random_rates(d, seed),
                problems::Noise::new(seed ^ 1).probabilities(d),
            )),
            Kind::RealArrays => {
                let model = problems::random_arrays::<f64>(d, seed).expect("traceless");
                let f = problems::random_element(model.space().trace(), seed ^ 1);
                Drawn::Real(Instance::new(model, f))
            }
            Kind::ComplexArrays => {
                let model = problems::random_arrays::<Complex64>(d, seed).expect("traceless");
                let f = problems::random_element(model.space().trace(), seed ^ 1);
                Drawn::Complex(Instance::new(model, f))
            }
            Kind::Levels => Drawn::Real(levels(0, seed)),
            Kind::OpenLevels => Drawn::Real(levels(d, seed)),
            Kind::MatrixElements => Drawn::Complex(in_matrix_elements(&levels(1, seed))),
            Kind::Kac => {
                let model = Kac::lattice(2, 1.0, CrossSection::HardSphere).expect("a lattice");
                let f = problems::Noise::new(seed).probabilities(model.velocities().len());
                Drawn::Real(Instance::new(model, f))
            }
            Kind::Caricature => {
                let model = Caricature::new(d, 1.0).expect("a degree");
                let f = problems::random_element(model.space().trace(), seed);
                Drawn::Real(Instance::new(model, f))
            }
            Kind::KacHermite => {
                let model = KacHermite::new(2, 2, 1.0, CrossSection::HardSphere).expect("a degree");
                let f = problems::random_element(model.space().trace(), seed);
                Drawn::Real(Instance::new(model, f))
            }
            Kind::Povzner => {
                let model = two_cells();
                let f = problems::Noise::new(seed).probabilities(model.space().dimension());
                Drawn::Real(Instance::new(model, f))
            }
            Kind::Hartree => {
                let model = two_sites(0.5 + 0.1 * d as f64);
                let f = one_body_state(&model, "F", &random_state(2, seed)).expect("a state");
                Drawn::Complex(Instance::new(model, f))
            }
            Kind::Own => {
                let model = Sharing::new(d);
                let f = problems::Noise::new(seed).probabilities(d + 1);
                Drawn::Real(Instance::new(model, f))
            }
        }
    }
}

/// A jump process whose rates are functions, in boxes so that its type has a name.
pub type Rates = JumpProcess<
    Box<dyn Fn(usize) -> Vec<(usize, f64)> + Send + Sync>,
    Box<dyn Fn(usize, usize) -> Vec<((usize, usize), f64)> + Send + Sync>,
>;

/// Random rates from every state to every other, and from a third of the pairs to any.
fn random_rates(states: usize, seed: u64) -> Rates {
    let mut noise = problems::Noise::new(seed);
    let mut table = |rows: usize, least: f64| -> Vec<Vec<f64>> {
        let mut rate = || (noise.uniform() - least).max(0.0);
        let mut row = || (0..rows).map(|_| rate()).collect();
        (0..rows).map(|_| row()).collect()
    };
    let (alone, pairs) = (table(states, 0.0), table(states * states, 0.67));
    let targets = |row: &[f64]| row.iter().copied().enumerate().collect::<Vec<_>>();
    let one_body: Box<dyn Fn(usize) -> _ + Send + Sync> = Box::new(move |s| targets(&alone[s]));
    let pair: Box<dyn Fn(usize, usize) -> _ + Send + Sync> = Box::new(move |a, b| {
        let to = pairs[a * states + b].iter().enumerate();
        to.map(|(ab, &rate)| ((ab / states, ab % states), rate))
            .collect::<Vec<_>>()
    });
    JumpProcess::new(states, one_body, pair).expect("rates")
}

/// Soft spheres with the velocities −1, 0, 1 in two cells.
#[must_use]
pub fn two_cells() -> Povzner {
    Povzner::new(&PovznerOptions {
        dimension: 1,
        points: 2,
        length: 1.5,
        velocity_dimension: 1,
        velocities: Velocities::Lattice { radius: 1.0 },
        range: Range::Gaussian { width: 0.4 },
        cross_section: CrossSection::HardSphere,
        transport: Transport::Upwind,
    })
    .expect("two cells")
}

/// A trap with two sites, of that mass.
#[must_use]
pub fn two_sites(mass: f64) -> Hartree {
    let grid = Grid::new(1, 2, 2.5).expect("two points");
    let potential = Potential::Gaussian {
        strength: 1.3,
        width: 0.8,
    };
    let trap = Some(Trap::Harmonic { omega: 0.7 });
    Hartree::new(grid, 0.9, mass, potential, trap).expect("a trap")
}

/// Two levels with that many jump operators, in a random mixed state.
#[must_use]
pub fn levels(jumps: usize, seed: u64) -> Instance<f64> {
    let model = random_open_levels(2, jumps, seed).expect("Hermitian by construction");
    let f = one_body_state(&model, "F", &random_state(2, seed ^ 1)).expect("a state");
    Instance::new(model, f)
}

impl<S: Scalar> Instance<S> {
    /// Occupation numbers N·F\[a\] for every N that `grain` divides: F is
    /// replaced by positive multiples of 1/grain. Needs grain ≥ D.
    #[must_use]
    pub fn fixed_counts(&self, grain: usize) -> Start<S> {
        let d = self.f.len();
        let mut counts = vec![1; d];
        for _ in d..grain {
            // The state that is furthest below its share gets the next one.
            let share = |a: usize| self.f[a].re() / f64::from(counts[a]);
            let next = (0..d).max_by(|&a, &b| share(a).total_cmp(&share(b)));
            counts[next.unwrap_or(0)] += 1;
        }
        let fraction = |&n: &i32| S::from_re(f64::from(n) / grain as f64);
        Start::FixedCounts {
            f: counts.iter().map(fraction).collect(),
        }
    }

    /// Random cumulants g_{j,l}, traceless in every slot and of the size of F,
    /// for all (j, l) ≠ (1, 0) of order (j−1) + l ≤ `order`.
    #[must_use]
    pub fn random_cumulants(&self, order: usize, seed: u64) -> Start<S> {
        let trace = self.model.space().trace();
        let layout = SymmetricLayout::new(trace.len(), order + 1).expect("small");
        let mut noise = problems::Noise::new(seed);
        let mut g = BTreeMap::new();
        for j in 1..=order + 1 {
            for l in usize::from(j == 1)..=order + 1 - j {
                let raw = noise.vector::<S>(layout.len(j));
                // (1 − F⊗Tr) in every slot is inclusion and exclusion (18) of
                // the partial traces.
                let family = marginals_of(&layout, trace, j, &raw);
                g.insert(
                    (j, l),
                    correlation_error(&layout, &self.f, j, &family).unwrap(),
                );
            }
        }
        let f = self.f.clone();
        Start::Cumulants { f, g }
    }
}
