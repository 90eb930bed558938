//! The model `hartree` behind the trait of the engine.

use meanfield_abstract::{
    Capabilities, Effort, Hamiltonian, Interaction, Linearisation, Measured, Model, ModelError,
    ObservableKind, Semigroup, Splitting, UserBasis,
};
use meanfield_tensor::{Norm, Pool, Space};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::convolution::Convolution;
use super::kinetic::Kinetic;
use super::linearised::GridLinearisation;
use super::operators::{on_rows, rows};
use super::plane_waves::FreeMotion;
use super::position::Spectrum;
use super::{Grid, Potential, Trap};
use crate::parameter::{positive, refused};

/// N particles on a periodic grid,
///
/// ```math
/// i\hbar\, \partial_t \rho^N = \Big[ \sum_i h_i + \frac{1}{N} \sum_{i<j} v(x_i - x_j),\ \rho^N \Big],
/// \qquad h = -\frac{\hbar^2 \Delta}{2m} + \text{trap}:
/// ```
///
/// ```math
/// \begin{aligned}
/// K &= -\frac{i}{\hbar}[h, \cdot\,], \qquad
///   V_{12}\, G = -\frac{i}{\hbar}\big( v(x_1 - x_2) - v(x_1' - x_2') \big) G, \\
/// \partial_t F &= K F - \frac{i}{\hbar}[v * \rho_F, F],
/// \end{aligned}
/// ```
///
/// the Hartree equation (15), with ρ_F the diagonal of F. Matrix elements are
/// those of the orthonormal position basis, so that the trace is the plain sum
/// of the diagonal; the index of a particle is x·d + x', D = d², complex. The
/// norm is the trace norm.
///
/// Nothing of D×D or D²×D² numbers is held: V acts entrywise with the d²
/// numbers v(x−y), Q and the linearisation need convolutions of diagonals, and h
/// acts along one axis of the grid at a time.
#[derive(Debug, Clone)]
pub struct Hartree {
    pub(super) grid: Grid,
    pub(super) hbar: f64,
    pub(super) mass: f64,
    potential: Potential,
    trap: Option<Trap>,
    /// The trap at every site.
    pub(super) field: Vec<f64>,
    pub(super) kinetic: Kinetic,
    pub(super) convolution: Convolution,
    pub(super) spectrum: Spectrum,
    space: Space<Complex64>,
    basis: UserBasis,
    pair_norm: f64,
    /// Work space of the operators.
    pub(super) scratch: Pool<Complex64>,
}

impl Hartree {
    /// The model on that grid.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] naming `hbar`, `mass`, or the key of the
    /// potential or the trap that is out of range.
    pub fn new(
        grid: Grid,
        hbar: f64,
        mass: f64,
        potential: Potential,
        trap: Option<Trap>,
    ) -> Result<Self, ModelError> {
        let (hbar, mass) = (positive("hbar", hbar)?, positive("mass", mass)?);
        let table = potential.table(&grid)?;
        let d = grid.levels();
        let field = match trap {
            Some(trap) => trap.values(&grid, mass)?,
            None => vec![0.0; d],
        };
        let kinetic = Kinetic::new(&grid, hbar, mass);
        let largest = kinetic.largest();
        // Both bounds keep energies and the rates energy/ħ representable.
        if !(largest.is_finite() && (largest / hbar).is_finite()) {
            let found = format!("{mass} with ħ = {hbar} and Δx = {}", grid.spacing());
            return refused(
                "mass",
                found,
                "a mass with a finite kinetic energy ħ²(π/Δx)²/2m",
            );
        }
        let most = |init: f64, pick: fn(f64, f64) -> f64| table.iter().copied().fold(init, pick);
        let spread = most(f64::NEG_INFINITY, f64::max) - most(f64::INFINITY, f64::min);
        if !(spread / hbar).is_finite() {
            let found = format!("a potential of spread {spread} with ħ = {hbar}");
            return refused("strength", found, "finite rates v/ħ");
        }
        let mut trace = vec![Complex64::ZERO; d * d];
        trace
            .iter_mut()
            .step_by(d + 1)
            .for_each(|t| *t = Complex64::ONE);
        Ok(Self {
            grid,
            hbar,
            mass,
            potential,
            trap,
            field,
            spectrum: Spectrum::new(&grid, kinetic.energies(), table.view()),
            kinetic,
            convolution: Convolution::new(&grid, table),
            space: Space::new(trace, Norm::Trace { levels: d }),
            basis: UserBasis {
                levels: Some(d),
                complex: true,
                values: true,
            },
            pair_norm: spread / hbar,
            scratch: Pool::new(),
        })
    }

    /// The grid.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// ħ.
    #[must_use]
    pub fn hbar(&self) -> f64 {
        self.hbar
    }

    /// The mass m of a particle.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// The pair potential.
    #[must_use]
    pub fn potential(&self) -> Potential {
        self.potential
    }

    /// The external potential, where there is one.
    #[must_use]
    pub fn trap(&self) -> Option<Trap> {
        self.trap
    }

    /// The external potential at every site: d numbers, zero without a trap.
    #[must_use]
    pub fn trap_values(&self) -> &[f64] {
        &self.field
    }

    /// v(x−y) between all sites, d×d.
    #[must_use]
    pub fn pair_table(&self) -> ArrayView2<'_, f64> {
        self.convolution.table()
    }

    /// `out += h ψ`, h = −ħ²Δ/2m + trap, for wave functions ψ in the columns of
    /// a d×M panel. Cost: 4ndM operations per axis, or d log n with transforms.
    ///
    /// # Errors
    /// [`ModelError::Shape`] unless the panels have d rows and equally many columns.
    pub fn add_one_body(
        &self,
        psi: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) -> Result<(), ModelError> {
        let columns = psi.ncols();
        self.require_panel("psi", psi.dim(), columns)?;
        self.require_panel("h psi", out.dim(), columns)?;
        on_rows(&psi, out, |psi, out| {
            self.kinetic.add_left(columns, psi, out);
            let sites = rows(psi, columns).zip(out.chunks_exact_mut(columns));
            for ((psi, out), &u) in sites.zip(&self.field) {
                out.iter_mut().zip(psi).for_each(|(o, &z)| *o += z * u);
            }
        });
        Ok(())
    }

    /// `out += V∗ρ` for densities ρ (weights per site, which may be complex) in
    /// the columns of a d×M panel. Cost: 4d²M operations, or d log d with
    /// transforms.
    ///
    /// # Errors
    /// [`ModelError::Shape`] unless the panels have d rows and equally many columns.
    pub fn add_convolution(
        &self,
        rho: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) -> Result<(), ModelError> {
        let columns = rho.ncols();
        self.require_panel("rho", rho.dim(), columns)?;
        self.require_panel("V * rho", out.dim(), columns)?;
        on_rows(&rho, out, |rho, out| {
            self.convolution.add(columns, rho, out)
        });
        Ok(())
    }

    /// Refuses what does not have d rows and that many columns.
    fn require_panel(
        &self,
        array: &str,
        (rows, columns): (usize, usize),
        expected: usize,
    ) -> Result<(), ModelError> {
        let d = self.grid.levels();
        if (rows, columns) == (d, expected) {
            return Ok(());
        }
        Err(ModelError::Shape {
            array: array.to_owned(),
            found: vec![rows, columns],
            expected: format!("({d}, {expected})"),
        })
    }

    /// −i c/ħ, the factor of every commutator.
    pub(super) fn rate(&self, c: Complex64) -> Complex64 {
        -Complex64::I * c / self.hbar
    }
}

impl Model for Hartree {
    type Scalar = Complex64;

    fn space(&self) -> &Space<Complex64> {
        &self.space
    }

    /// K = −(i/ħ)[h, ·]. Cost per column: 4nD operations for each of the axes
    /// on either side, or about 10 D log₂n with transforms.
    fn add_k(&self, c: Complex64, x: ArrayView2<'_, Complex64>, out: ArrayViewMut2<'_, Complex64>) {
        self.add_free(c, x, out);
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<Complex64> + '_> {
        Box::new(GridLinearisation::new(self, true))
    }

    /// F and the potential for each linearisation; panels of the size of the argument
    /// while one acts.
    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        let (d, len) = (self.levels(), self.space.dimension());
        let panel = len.saturating_mul(columns.max(pairs));
        let log = u64::from(d.ilog2()) + 1;
        let (d_ops, len_ops) = (d as u64, len as u64);
        Effort {
            linearisation: len + d,
            generator: len + d,
            // The kinetic part of the image, densities and potentials of a panel.
            scratch: panel
                .saturating_add(2 * d * columns.max(if pairs > 0 { len } else { 1 }))
                .saturating_add(self.convolution.needed()),
            column: 20 * len_ops * log + 16 * len_ops,
            pair: 10 * len_ops * len_ops,
            traced: 8 * len_ops * d_ops,
            fewest_columns: 16,
        }
    }

    fn bytes(&self) -> usize {
        // v(x−y), T as a real and a complex matrix, and lists of d numbers.
        let d = self.levels();
        size_of::<f64>() * (5 * d * d + 8 * d) + size_of::<Complex64>() * d * d
    }

    fn interaction(&self) -> &dyn Interaction<Complex64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, Complex64> {
        Capabilities {
            basis: &self.basis,
            hamiltonian: Some(self),
            position_hamiltonian: Some(self),
            splitting: Some(self),
            measured: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<Complex64> for Hartree {
    fn one_body_space(&self) -> &Space<Complex64> {
        self.space()
    }

    fn add_pair(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        self.multiply_pairs(c, x, out);
    }

    /// Only the diagonal of the second slot is read. Cost: D·d per column.
    fn add_q(&self, c: Complex64, x: ArrayView2<'_, Complex64>, out: ArrayViewMut2<'_, Complex64>) {
        self.trace_pairs(c, x, out);
    }

    fn add_pair_product(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        y: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        self.multiply_products(c, x, y, out);
    }

    /// −(i/ħ)[V∗ρ_y, x], (17). Cost: D per entry of the result's row, and a
    /// convolution for each column of y.
    fn add_q_product(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        y: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        self.trace_products(c, x, y, out);
    }

    fn add_symmetric_product(
        &self,
        c: Complex64,
        x: &[Complex64],
        y: &[Complex64],
        out: &mut [Complex64],
    ) {
        self.multiply_symmetric(c, x, y, out);
    }

    fn add_symmetric_q(&self, c: Complex64, pairs: &[Complex64], out: &mut [Complex64]) {
        self.trace_symmetric(c, pairs, out);
    }

    fn linearisation(&self) -> Box<dyn Linearisation<Complex64> + '_> {
        Box::new(GridLinearisation::new(self, false))
    }

    /// The completely bounded norm of −(i/ħ)[v, ·]: (max v − min v)/ħ over the
    /// pairs of sites.
    fn pair_norm(&self) -> Option<f64> {
        Some(self.pair_norm)
    }
}

impl Splitting<Complex64> for Hartree {
    /// The kinetic energy, in plane waves. The trap stays in the equation: its
    /// eigenfunctions would cost d³ for each transform in place of d² log d, and
    /// in a given box it is as large on a fine grid as on a coarse one.
    fn semigroup(&self) -> Box<dyn Semigroup<Complex64> + '_> {
        Box::new(FreeMotion::new(self))
    }
}

impl Measured<Complex64> for Hartree {
    /// Numbers: `x`, `x2`, `p`, `p2`, in two dimensions also `y`, `y2`, `py`,
    /// `py2` (x and p are then the first components); `kinetic`; `energy` per
    /// particle, ⟨h⟩ + ½(1 − 1/N)⟨v⟩; `depletion`, 1 − the largest eigenvalue of
    /// F_1.
    ///
    /// Over the grid: `density` and `momentum`, the probabilities of the sites
    /// and of the momenta 2πħk/L (weights of sum 1: divide by Δx or 2πħ/L for
    /// densities), momenta increasing; `g2`, the pair distribution of the
    /// separation r, g2(r) = d Σ_x ρ₂(x, x+r), 1 for independent particles of
    /// uniform density; `pair_density`, ρ₂(x, x') itself.
    ///
    /// x jumps from L/2 to −L/2 at the boundary of the periodic box: `x`, `x2`
    /// mean something while nothing is there.
    fn observable_names(&self) -> Vec<String> {
        self.known()
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, Complex64>> {
        self.measured(name)
    }
}

/// h and v as matrices, for the exact solvers at small d: d² and d⁴ numbers.
impl Hamiltonian for Hartree {
    fn levels(&self) -> usize {
        self.grid.levels()
    }

    fn hbar(&self) -> f64 {
        self.hbar
    }

    fn one_body(&self) -> Array2<Complex64> {
        self.one_body_matrix().mapv(Complex64::from)
    }

    fn pair(&self) -> Array2<Complex64> {
        let (d, v) = (self.grid.levels(), self.pair_table());
        let mut out = Array2::zeros((d * d, d * d));
        for (x, &value) in out.diag_mut().iter_mut().zip(v.iter()) {
            *x = Complex64::from(value);
        }
        out
    }
}
