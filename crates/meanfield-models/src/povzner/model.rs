//! The model `povzner` behind the trait of the engine.

use meanfield_abstract::{DenseLinearisation, Linearisation, Model, ModelError};
use meanfield_tensor::Space;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::grid::{Grid, LARGEST_DIMENSION};
use super::interaction::{Channel, Interaction};
use super::linearised::Structured;
use super::options::{PovznerOptions, Transport, Velocities};
use super::range::profile;
use super::transport::FreeFlight;
use super::velocity::VelocityPairs;
use crate::kac::{collisions, lattice};
use crate::parameter::refused;

/// Soft spheres in a periodic box,
///
/// > K = −v·∇x,  (VG)(x₁,v₁; x₂,v₂) = h(|x₁−x₂|) (A G(x₁,·; x₂,·))(v₁,v₂),
///
/// with A the collision of two velocities: free flight, and collisions at a
/// distance that change velocities but not positions. The limit equation is
/// the Povzner equation
///
/// > ∂t F + v·∇x F = ∫ h(|x−y|) (A F(x,·)F(y,·)) dy dv₂.
///
/// Space is a grid of cells, L is L¹ and D = cells·n_v; user arrays are weights
/// (not densities), one for each one-body state x·n_v + v, in the order of the
/// cells (first direction first) and of [`velocities`](Povzner::velocities).
///
/// On a lattice of velocities A is the rule of [`Kac`](crate::kac::Kac): every
/// pair with the same momentum and energy, uniformly, at the rate of the cross
/// section, *whatever the direction of x₁−x₂*: a soft sphere averaged over
/// angles. In one velocity dimension that is an exchange with probability ½.
///
/// V is kept as h over the separations and a list over pairs of velocities;
/// nothing of the size of D² is held.
#[derive(Debug, Clone)]
pub struct Povzner {
    options: PovznerOptions,
    velocities: Vec<Vec<f64>>,
    space: Space<f64>,
    interaction: Interaction,
    flight: FreeFlight,
}

/// Below this D a matrix product beats the structure of Δ_1.
const SMALL: usize = 48;

impl Povzner {
    /// The model. Cost: the tables of h and of the velocities; for a grid of
    /// fewer than 512 cells a matrix over its cells.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] with the key of the option that is out of range:
    /// `dimension`, `points`, `length`, `velocity_dimension`, `radius`,
    /// `width`, `power`.
    pub fn new(options: &PovznerOptions) -> Result<Self, ModelError> {
        let grid = Grid::new(options.dimension, options.points, options.length)?;
        let components = options.velocity_dimension;
        if !(grid.dimension..=3).contains(&components) {
            let expected = format!("a number from {} (`dimension`) to 3", grid.dimension);
            return refused("velocity_dimension", components, expected);
        }
        let exponent = options.cross_section.exponent()?;
        let h = profile(&grid, options.range)?;
        let Velocities::Lattice { radius } = options.velocities;
        let points = lattice::points_of(components, radius)?;
        let n = points.len();
        let entries = collisions::entries(&points, exponent)?;
        let dimension = grid.cells().saturating_mul(n);
        if dimension > LARGEST_DIMENSION {
            let found = format!(
                "{}, which with {n} velocities makes D = {dimension}",
                grid.points
            );
            return refused(
                "points",
                found,
                format!("a D of at most {LARGEST_DIMENSION}"),
            );
        }
        let multiplications = (0..grid.dimension).map(|axis| {
            let velocity = points.iter().enumerate();
            velocity.map(|(k, v)| (k, k, v[axis] as f64)).collect()
        });
        let flight = FreeFlight::new(&grid, n, options.transport, multiplications.collect());
        let pairs = VelocityPairs::new(&vec![1.0; n], &entries);
        let channels = vec![Channel::new(&grid, n, h, pairs)];
        Ok(Self {
            options: *options,
            velocities: points
                .iter()
                .map(|v| v[..components].iter().map(|&x| x as f64).collect())
                .collect(),
            space: Space::probabilities(dimension),
            interaction: Interaction {
                grid,
                velocities: n,
                channels,
            },
            flight,
        })
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &PovznerOptions {
        &self.options
    }

    /// The velocities in the order of the one-body index (lexicographic).
    #[must_use]
    pub fn velocities(&self) -> &[Vec<f64>] {
        &self.velocities
    }

    /// Number of components of a velocity.
    #[must_use]
    pub fn velocity_dimension(&self) -> usize {
        self.options.velocity_dimension
    }

    /// The positions of the cells in the order of the one-body index, each
    /// with as many coordinates as space.
    #[must_use]
    pub fn positions(&self) -> Vec<Vec<f64>> {
        let grid = self.interaction.grid;
        (0..grid.cells())
            .map(|cell| grid.position(cell)[..grid.dimension].to_vec())
            .collect()
    }

    /// h by separation x₁ − x₂, a cell index: Σ h Δx^d = 1.
    #[must_use]
    pub fn profile(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.interaction.grid.cells()];
        for channel in &self.interaction.channels {
            for (sum, h) in sum.iter_mut().zip(&channel.profile) {
                *sum += h;
            }
        }
        sum
    }

    pub(super) fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    /// `out += c K x`.
    pub(super) fn free_flight(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.flight.add(&self.interaction.grid, c, x, out);
    }

    fn linearised(&self, with_k: bool) -> Box<dyn Linearisation<f64> + '_> {
        if self.space.dimension() < SMALL {
            Box::new(DenseLinearisation::new(self, with_k))
        } else {
            Box::new(Structured::new(self, with_k))
        }
    }
}

impl Model for Povzner {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        &self.space
    }

    /// Whether e^{tK} keeps positivity: with upwind transport.
    fn keeps_positivity(&self) -> bool {
        self.options.transport == Transport::Upwind
    }

    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.free_flight(c, x, out);
    }

    fn k_is_zero(&self) -> bool {
        self.flight.is_zero()
    }

    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.interaction.add_pair(c, x, out);
    }

    fn add_q(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.interaction.add_q(c, x, out);
    }

    fn add_pair_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        out: ArrayViewMut2<'_, f64>,
    ) {
        self.interaction.add_pair_product(c, x, y, out);
    }

    fn add_q_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        out: ArrayViewMut2<'_, f64>,
    ) {
        self.interaction.add_q_product(c, x, y, out);
    }

    fn linearisation(&self) -> Box<dyn Linearisation<f64> + '_> {
        self.linearised(false)
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<f64> + '_> {
        self.linearised(true)
    }

    /// Twice the largest rate out of a pair, h included.
    fn pair_norm(&self) -> Option<f64> {
        let terms = self.interaction.channels.iter();
        let norms = terms.map(|channel| {
            let h = channel.profile.iter().copied().fold(0.0, f64::max);
            h * channel.pairs.l1_norm(self.interaction.velocities)
        });
        Some(norms.sum())
    }
}
