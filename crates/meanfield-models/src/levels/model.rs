//! The model `levels` behind the trait of the engine.

use meanfield_abstract::{
    Capabilities, Envelope, Hamiltonian, Interaction, Measured, Model, ModelError, ObservableKind,
    PairOperator, Power, Term, require_hermitian,
};
use meanfield_tensor::{Norm, Space, linalg};
use ndarray::{Array2, Array4, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::generator::Operators;
use super::squeezing::squeezing;
use super::validity::{require_matrix, require_pair};
use super::{HermitianBasis, pauli};
use crate::parameter;

/// Particles with d levels:
///
/// ```math
/// \partial_t \rho^N = -\frac{i}{\hbar} \Big[ \sum_i h_i + \frac{1}{N} \sum_{i<j} v_{ij},\ \rho^N \Big]
///   + \sum_i \sum_m \big( J_m \rho^N J_m^\dagger - \tfrac12 \{J_m^\dagger J_m, \rho^N\} \big)_i.
/// ```
///
/// So K = −(i/ħ)[h, ·] + Σ_m (J_m · J_m† − ½{J_m†J_m, ·}), V = −(i/ħ)[v, ·] and the limit
/// equation is the Hartree (with jumps: Lindblad–Hartree) equation of d levels,
/// (15), (102). The engine works with the real coordinates of
/// [`HermitianBasis`], D = d², where the trace functional is (√d, 0, 0, …); the
/// norm is the trace norm.
#[derive(Debug, Clone)]
pub struct Levels {
    pub(super) levels: usize,
    hbar: f64,
    h: Array2<Complex64>,
    v: Array2<Complex64>,
    jumps: Vec<Array2<Complex64>>,
    /// What collective jumps do to one particle by itself, of one order in 1/N more.
    alone: Option<Box<Self>>,
    basis: HermitianBasis,
    k: Option<Array2<f64>>,
    /// With the completely bounded norm of −(i/ħ)[v, ·]: (max v − min v)/ħ.
    pair: PairOperator<f64>,
}

impl Levels {
    /// The model with h (d×d), v\[a,b,c,e\] = ⟨ab|v|ce⟩ (d×d×d×d), the jump
    /// operators of each particle (d×d, rates included) and ħ. Cost: d¹⁰ for a
    /// v without structure, and at most d⁸ numbers.
    ///
    /// # Errors
    /// [`ModelError`] for wrong shapes, entries that are not finite, h or v not
    /// Hermitian, v not exchange symmetric, ħ not positive.
    pub fn new(
        h: &Array2<Complex64>,
        v: &Array4<Complex64>,
        jumps: &[Array2<Complex64>],
        hbar: f64,
    ) -> Result<Self, ModelError> {
        let d = h.nrows();
        require_matrix("h", d, h)?;
        require_hermitian("h", h)?;
        require_pair(d, v)?;
        for jump in jumps {
            require_matrix("jump", d, jump)?;
        }
        let hbar = parameter::positive("hbar", hbar)?;

        let basis = HermitianBasis::new(d);
        let mut trace = vec![0.0; d * d];
        trace[0] = (d as f64).sqrt();
        let v = Array2::from_shape_fn((d * d, d * d), |(row, column)| {
            v[[row / d, row % d, column / d, column % d]]
        });
        let operators = Operators::new(&basis, hbar);
        let k = operators.one_body(h, jumps);
        let space = Space::new(trace, Norm::Trace { levels: d });
        let pair = PairOperator::new(space, operators.pair(&v));
        let (energies, _) = linalg::eigh(v.view())?;
        let spread = energies[d * d - 1] - energies[0];
        Ok(Self {
            levels: d,
            hbar,
            h: h.clone(),
            v,
            jumps: jumps.to_vec(),
            alone: None,
            basis,
            k: k.iter().any(|&x| x != 0.0).then_some(k),
            pair: pair.with_norm(spread / hbar),
        })
    }

    /// The same with jumps of all particles together, L = Σ_i L_i for each of the operators
    /// (d×d), at rate 1/N: V gains L_1ρL_2† + L_2ρL_1† − ½{L_1†L_2 + L_2†L_1, ρ}, and
    /// K₁ = LρL† − ½{L†L, ρ} is a [further term](Model::further_terms) of power 1. ‖V‖ is
    /// not known then. Cost: d⁸ for each operator.
    ///
    /// # Errors
    /// [`ModelError`] for wrong shapes and entries that are not finite.
    pub fn with_collective_jumps(
        mut self,
        jumps: &[Array2<Complex64>],
    ) -> Result<Self, ModelError> {
        let d = self.levels;
        for jump in jumps {
            require_matrix("collective_jump", d, jump)?;
        }
        if jumps.is_empty() {
            return Ok(self);
        }
        let operators = Operators::new(&self.basis, self.hbar);
        let mut entries = operators.pair(&self.v);
        entries.extend(operators.collective(jumps));
        self.pair = PairOperator::new(self.space().clone(), entries);
        let (h, v) = (Array2::zeros((d, d)), Array4::zeros([d; 4]));
        self.alone = Some(Box::new(Self::new(&h, &v, jumps, self.hbar)?));
        Ok(self)
    }

    /// The jump operators of each particle.
    #[must_use]
    pub fn jumps(&self) -> &[Array2<Complex64>] {
        &self.jumps
    }
}

impl Model for Levels {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        self.pair.one_body_space()
    }

    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        if let Some(k) = &self.k {
            linalg::gemm(c, k.view(), x, out);
        }
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        &self.pair
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            k_is_zero: self.k.is_none(),
            basis: &self.basis,
            hamiltonian: (self.jumps.is_empty() && self.alone.is_none())
                .then_some(self as &dyn Hamiltonian),
            measured: Some(self),
            ..Capabilities::of(self.space())
        }
    }

    fn further_terms(&self) -> Vec<Term<'_, f64>> {
        let alone = self.alone.iter().map(|operator| Term {
            operator: &**operator as &dyn Model<Scalar = f64>,
            power: Power::One,
            envelope: Envelope::default(),
        });
        alone.collect()
    }
}

impl Measured<f64> for Levels {
    /// `p0`, `p1`, … (populations), `energy_one_body` (h); for d = 2 also `sx`,
    /// `sy`, `sz`, the Pauli matrices, and `squeezing`, the spin squeezing
    /// parameter of Kitagawa and Ueda.
    fn observable_names(&self) -> Vec<String> {
        let spins = ["sx", "sy", "sz"].into_iter().filter(|_| self.levels == 2);
        let populations = (0..self.levels).map(|x| format!("p{x}"));
        let squeezing = (self.levels == 2).then(|| "squeezing".to_owned());
        spins
            .map(str::to_owned)
            .chain(populations)
            .chain(["energy_one_body".to_owned()])
            .chain(squeezing)
            .collect()
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, f64>> {
        if !self.observable_names().iter().any(|known| known == name) {
            return None;
        }
        let matrix = match name {
            "sx" => pauli::x(),
            "sy" => pauli::y(),
            "sz" => pauli::z(),
            "squeezing" => return Some(ObservableKind::OfMoments(squeezing())),
            "energy_one_body" => self.h.clone(),
            population => {
                let level: usize = population.strip_prefix('p')?.parse().ok()?;
                let mut projector = Array2::zeros((self.levels, self.levels));
                projector[[level, level]] = Complex64::ONE;
                projector
            }
        };
        Some(ObservableKind::OneBody(matrix.into_iter().collect()))
    }
}

impl Hamiltonian for Levels {
    fn levels(&self) -> usize {
        self.levels
    }
    fn hbar(&self) -> f64 {
        self.hbar
    }
    fn one_body(&self) -> Array2<Complex64> {
        self.h.clone()
    }
    fn pair(&self) -> Array2<Complex64> {
        self.v.clone()
    }
}
