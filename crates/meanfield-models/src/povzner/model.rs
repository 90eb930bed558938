//! The model `povzner` behind the trait of the engine.

use meanfield_abstract::{
    Basis, COLUMNS_OF_A_MATRIX, Capabilities, Effort, Interaction, Linearisation, Measured, Model,
    ModelError, ObservableKind, PairOperator, Semigroup, Splitting, UserBasis,
};
use meanfield_tensor::{Pool, Space, panel, panel_mut};
use ndarray::{ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::channels::channels;
use super::collisions::Collisions;
use super::grid::{Grid, LARGEST_DIMENSION};
use super::linearised::Linearised;
use super::options::{PovznerOptions, Transport, Velocities};
use super::range::profile;
use super::semigroup::FreeFlow;
use super::transport::FreeFlight;
use super::velocity_space::VelocitySpace;
use crate::hermite::VelocityBasis;
use crate::kac::collisions::count;
use crate::kac::lattice::points_of;
use crate::parameter::refused;

/// Soft spheres in a periodic box,
///
/// ```math
/// K = -v \cdot \nabla_x, \qquad
/// (VG)(x_1,v_1; x_2,v_2) = h(|x_1-x_2|)\, \big(A\, G(x_1,\cdot\,; x_2,\cdot\,)\big)(v_1,v_2),
/// ```
///
/// with A the collision of two velocities: free flight, and collisions at a
/// distance that change velocities but not positions. The limit equation is
/// the Povzner equation
///
/// ```math
/// \partial_t F + v \cdot \nabla_x F = \int h(|x-y|)\, \big(A\, F(x,\cdot\,) F(y,\cdot\,)\big)\, dy\, dv_2.
/// ```
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
/// In Hermite functions the pair collides along n = (x₁−x₂)/|x₁−x₂|, the
/// direction of the minimal image, at rate |n·(v₁−v₂)|^γ (79), by
/// [`along`](crate::hermite::along):
///
/// ```math
/// V = \sum_k h(r) \big(\cos 2k\theta\, A_k^c + \sin 2k\theta\, A_k^s\big), \qquad n = (\cos\theta, \sin\theta),
/// ```
///
/// exact for the degree kept. At exactly half a box the images on either side
/// count half each; at x₁ = x₂ the mean over the directions of space does. On
/// a line n is always that line: components of the velocity across it never
/// change.
///
/// V is kept as h over the separations and a list over pairs of velocities;
/// nothing of the size of D² is held, but as work space.
#[derive(Debug, Clone)]
pub struct Povzner {
    options: PovznerOptions,
    basis: CellBasis,
    profile: Vec<f64>,
    space: Space<f64>,
    collisions: Collisions,
    flight: FreeFlight,
    scratch: Pool<f64>,
}

/// How user arrays multiply: entry by entry on a lattice, as polynomials in
/// every cell in Hermite functions.
#[derive(Debug, Clone)]
struct CellBasis(VelocitySpace);

impl Basis for CellBasis {
    fn levels(&self) -> Option<usize> {
        None
    }

    fn is_complex(&self) -> bool {
        false
    }

    fn product(&self, a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
        match &self.0 {
            VelocitySpace::Lattice { .. } => UserBasis::CLASSICAL.product(a, b),
            VelocitySpace::Hermite(basis) => {
                let cells = a.chunks(basis.len()).zip(b.chunks(basis.len()));
                cells.flat_map(|(a, b)| basis.product(a, b)).collect()
            }
        }
    }

    fn holds_square(&self, a: &[Complex64]) -> bool {
        match &self.0 {
            VelocitySpace::Lattice { .. } => true,
            VelocitySpace::Hermite(basis) => {
                a.chunks(basis.len()).all(|cell| basis.holds_square(cell))
            }
        }
    }
}

impl Povzner {
    /// The model. Cost: the tables of h and of the velocities; for a grid of
    /// fewer than 96 cells a matrix over its cells.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] with the key of the option that is out of range:
    /// `dimension`, `points`, `length`, `velocity_dimension`, `radius`,
    /// `degree`, `temperature`, `width`, `power`, `transport`.
    pub fn new(options: &PovznerOptions) -> Result<Self, ModelError> {
        let grid = Grid::new(options.dimension, options.points, options.length)?;
        let components = options.velocity_dimension;
        if !(grid.dimension..=3).contains(&components) {
            let expected = format!("a number from {} (`dimension`) to 3", grid.dimension);
            return refused("velocity_dimension", components, expected);
        }
        let h = profile(&grid, options.range)?;
        let velocities = VelocitySpace::new(components, options.velocities)?;
        let n = velocities.len();
        let dimension = grid.cells().saturating_mul(n);
        if dimension > LARGEST_DIMENSION {
            let found = format!(
                "{}, which with {n} velocities makes D = {dimension}",
                grid.points
            );
            let expected = format!("a D of at most {LARGEST_DIMENSION}");
            return refused("points", found, expected);
        }
        let space = match &velocities {
            VelocitySpace::Lattice { .. } => Space::probabilities(dimension),
            VelocitySpace::Hermite(basis) => {
                if options.transport == Transport::Upwind {
                    return refused(
                        "transport",
                        "upwind with Hermite functions, which have no velocity to jump with",
                        "spectral, or velocities on a lattice",
                    );
                }
                let trace = basis.space().trace().repeat(grid.cells());
                Space::new(trace, basis.space().norm())
            }
        };
        let channels = channels(&grid, &velocities, options.cross_section, h.clone())?;
        let multiplications = (0..grid.dimension).map(|axis| velocities.multiplication(axis));
        let flight = FreeFlight::new(&grid, n, options.transport, multiplications.collect());
        Ok(Self {
            options: *options,
            basis: CellBasis(velocities),
            profile: h,
            space,
            collisions: Collisions {
                grid,
                velocities: n,
                channels,
            },
            flight,
            scratch: Pool::new(),
        })
    }

    /// Bytes taken at most by the list of collisions while [`Povzner::new`] makes
    /// the model, on a lattice of velocities; in Hermite functions 0, since there
    /// the constructor counts and refuses by itself. Counted up to what the
    /// constructor refuses, where it is a lower bound. Cost: the pairs of
    /// velocities.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (key `radius`) without a lattice.
    pub fn required_bytes(options: &PovznerOptions) -> Result<usize, ModelError> {
        match options.velocities {
            Velocities::Hermite { .. } => Ok(0),
            Velocities::Lattice { radius } => {
                let entries = count(&points_of(options.velocity_dimension, radius)?);
                Ok(PairOperator::<f64>::required_bytes(entries).unwrap_or(usize::MAX))
            }
        }
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &PovznerOptions {
        &self.options
    }

    /// The velocities of a lattice in the order of the one-body index
    /// (lexicographic); none for Hermite functions.
    #[must_use]
    pub fn velocities(&self) -> &[Vec<f64>] {
        match &self.basis.0 {
            VelocitySpace::Lattice { velocities, .. } => velocities,
            VelocitySpace::Hermite(_) => &[],
        }
    }

    /// The Hermite functions, in the order of the one-body index; `None` on a
    /// lattice.
    #[must_use]
    pub fn velocity_basis(&self) -> Option<&VelocityBasis> {
        match &self.basis.0 {
            VelocitySpace::Lattice { .. } => None,
            VelocitySpace::Hermite(basis) => Some(basis),
        }
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
        let grid = self.collisions.grid;
        (0..grid.cells())
            .map(|cell| grid.position(cell)[..grid.dimension].to_vec())
            .collect()
    }

    /// h by separation x₁ − x₂, a cell index: Σ h Δx^d = 1.
    #[must_use]
    pub fn profile(&self) -> &[f64] {
        &self.profile
    }

    pub(super) fn velocity_space(&self) -> &VelocitySpace {
        &self.basis.0
    }

    pub(super) fn collisions(&self) -> &Collisions {
        &self.collisions
    }

    /// `out += c K x`.
    pub(super) fn free_flight(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.flight.add(&self.collisions.grid, c, x, out);
    }
}

impl Model for Povzner {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        &self.space
    }

    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.free_flight(c, x, out);
    }

    /// n_v² numbers for each cell and term of V, and matrices where these are faster;
    /// D² numbers for products.
    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        let (d, n) = (self.space.dimension(), self.collisions.velocities);
        let terms = 1 + self.collisions.channels.len();
        let square = d.saturating_mul(d);
        let linearisation = (terms * n + 1).saturating_mul(d).saturating_add(square);
        let panel = d.saturating_mul(columns.max(pairs).max(if pairs > 0 { d } else { 1 }));
        let each = (terms * n) as u64;
        let entries = self.collisions.channels.iter().map(|channel| {
            let filled = channel.pairs.v.filled().map(|(_, list)| list.len() as u64);
            filled.sum::<u64>() * channel.reached().len() as u64
        });
        let entries = entries.sum::<u64>() * self.collisions.grid.cells() as u64;
        Effort {
            linearisation,
            generator: linearisation.saturating_add(square),
            scratch: square
                .saturating_mul(2)
                .saturating_add(panel.saturating_mul(4)),
            column: 2 * (d as u64) * each.max(d as u64),
            pair: 2 * entries,
            traced: 2 * entries,
            fewest_columns: COLUMNS_OF_A_MATRIX,
        }
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<f64> + '_> {
        Box::new(Linearised::new(self, true))
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            // With upwind transport. Spectral transport is an isometry of ℓ², but its
            // rates have both signs.
            keeps_positivity: self.options.transport == Transport::Upwind,
            k_is_zero: self.flight.is_zero(),
            basis: &self.basis,
            splitting: (!self.velocities().is_empty() && !self.flight.is_zero())
                .then_some(self as &dyn Splitting<f64>),
            measured: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<f64> for Povzner {
    fn one_body_space(&self) -> &Space<f64> {
        self.space()
    }

    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.collisions.add_pair(c, x, out);
    }

    fn add_q(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.collisions.add_q(c, x, out);
    }

    fn add_pair_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        out: ArrayViewMut2<'_, f64>,
    ) {
        self.collisions.add_pair_product(c, x, y, out);
    }

    fn add_q_product(
        &self,
        c: f64,
        x: ArrayView2<'_, f64>,
        y: ArrayView2<'_, f64>,
        out: ArrayViewMut2<'_, f64>,
    ) {
        self.collisions.add_q_product(c, x, y, out);
    }

    /// By D² numbers, which are kept.
    fn add_symmetric_product(&self, c: f64, x: &[f64], y: &[f64], out: &mut [f64]) {
        let d = self.space.dimension();
        let mut image = self.scratch.filled(d * d, 0.0);
        let product = panel_mut(d * d, &mut image);
        self.add_pair_product(c, panel(d, x), panel(d, y), product);
        let mut pairs = out.iter_mut();
        for b in 0..d {
            for (a, x) in pairs.by_ref().take(b + 1).enumerate() {
                *x += 0.5 * (image[a * d + b] + image[b * d + a]);
            }
        }
    }

    fn linearisation(&self) -> Box<dyn Linearisation<f64> + '_> {
        Box::new(Linearised::new(self, false))
    }

    /// Twice the largest rate out of a pair, h included; unknown in Hermite
    /// functions.
    fn pair_norm(&self) -> Option<f64> {
        self.velocity_basis().is_none().then_some(())?;
        let terms = self.collisions.channels.iter();
        let norms = terms.map(|channel| {
            let h = channel.profile.iter().copied().fold(0.0, f64::max);
            h * channel.pairs.l1_norm(self.collisions.velocities)
        });
        Some(norms.sum())
    }
}

impl Splitting<f64> for Povzner {
    /// Free flight on a lattice of velocities. In Hermite functions velocities are
    /// no numbers but matrices, and K stays in the equation.
    fn semigroup(&self) -> Box<dyn Semigroup<f64> + '_> {
        Box::new(FreeFlow::new(self))
    }
}

impl Measured<f64> for Povzner {
    /// `vx`, `vy`, `vz`; `m2` = |v|², `m4` = |v|⁴; `txx` = vx², `tyy`, `tzz`;
    /// `energy` = |v|²/2; `qx` = vx|v|². Over the cells: `density`, the
    /// probability of each; `density_correlation`, C(r) = Σ_x of N(F_2 −
    /// F_1⊗F_1) at (x, x+r). On a lattice also `velocity`, the probability of
    /// each velocity, and `entropy`, −Σ f ln f of the weights.
    fn observable_names(&self) -> Vec<String> {
        self.names()
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        self.observable_named(name)
    }
}
