//! The abstract model of Appendix A as a trait: two maps and a trace.

use meanfield_tensor::{Norm, Scalar, Space};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};
use num_complex::Complex64;

use crate::basis::{Basis, UserBasis};
use crate::effort::Effort;
use crate::linearised::{DenseLinearisation, Linearisation};
use crate::observable_kind::ObservableKind;
use crate::pair::PairOperator;
use crate::position::PositionHamiltonian;
use crate::semigroup::Semigroup;

/// A mean-field model: a one-body generator K, a pair operator V and a trace,
///
/// ```math
/// \partial_t F^N = \sum_i K_i F^N + \frac{1}{N} \sum_{i<j} V_{ij} F^N \qquad (88)\text{--}(90)
/// ```
///
/// from which Q and the mean field follow,
///
/// ```math
/// Q(F, G) = \Tr^2\big(V(F \otimes G)\big) \quad (101), \qquad \partial_t F = K F + Q(F, F) \quad (102).
/// ```
///
/// Operators act on row-major *panels*: one or two slots as rows (a·D + b for
/// two), the rest as M columns. Every operator *adds* to its result, `out +=
/// c·(image)`, so no result is ever read before it is meaningful. The maps must satisfy
/// σ₁₂Vσ₁₂ = V, Tr∘K = 0 and (Tr⊗Tr)∘V = 0 (93) to rounding; see
/// [`crate::check_assumptions`].
///
/// Only [`space`](Model::space), [`add_k`](Model::add_k) and
/// [`add_pair`](Model::add_pair) are required: everything else has a default
/// that is correct for every model and may be replaced by a faster one.
pub trait Model: Send + Sync {
    /// `f64` for populations and quantum models in a Hermitian basis,
    /// [`Complex64`] otherwise.
    type Scalar: Scalar;

    /// The one-body space: dimension D, trace, norm.
    fn space(&self) -> &Space<Self::Scalar>;

    /// `out += c K x`, D×M → D×M.
    fn add_k(
        &self,
        c: Self::Scalar,
        x: ArrayView2<'_, Self::Scalar>,
        out: ArrayViewMut2<'_, Self::Scalar>,
    );

    /// Whether positivity of K and V is claimed: non-negative rates off the
    /// diagonal, so that e^{tK} and the N-body flow keep probabilities
    /// positive and contract L¹. By default wherever the norm is L¹; a model of
    /// probabilities whose discrete K does not keep them positive (a spectral
    /// derivative) says no.
    fn keeps_positivity(&self) -> bool {
        self.space().norm() == Norm::L1
    }

    /// Whether K = 0, as in the homogeneous Kac model.
    fn k_is_zero(&self) -> bool {
        false
    }

    /// `out += c V x`, D²×M → D²×M.
    fn add_pair(
        &self,
        c: Self::Scalar,
        x: ArrayView2<'_, Self::Scalar>,
        out: ArrayViewMut2<'_, Self::Scalar>,
    );

    /// V as a list of entries, for models that hold it so: then the operators
    /// below act by the list.
    fn pair_operator(&self) -> Option<&PairOperator<Self::Scalar>> {
        None
    }

    /// `out += c Tr²(V x)`, D²×M → D×M: the operator C_{1,2} of (12), (97).
    /// Default cost: one [`add_pair`](Model::add_pair) and D²·M additions.
    fn add_q(
        &self,
        c: Self::Scalar,
        x: ArrayView2<'_, Self::Scalar>,
        mut out: ArrayViewMut2<'_, Self::Scalar>,
    ) {
        if let Some(list) = self.pair_operator() {
            return list.add_q(c, x, out);
        }
        let d = self.space().dimension();
        let mut image = Array2::zeros(x.raw_dim());
        self.add_pair(c, x, image.view_mut());
        for a in 0..d {
            for (b, &weight) in self.space().trace().iter().enumerate() {
                if weight != Self::Scalar::from_re(0.0) {
                    out.row_mut(a).scaled_add(weight, &image.row(a * d + b));
                }
            }
        }
    }

    /// `out += c V(x⊗y)`: x is D×M₁, y is D×M₂, out is D²×(M₁·M₂), column
    /// m₁·M₂ + m₂.
    fn add_pair_product(
        &self,
        c: Self::Scalar,
        x: ArrayView2<'_, Self::Scalar>,
        y: ArrayView2<'_, Self::Scalar>,
        out: ArrayViewMut2<'_, Self::Scalar>,
    ) {
        self.add_pair(c, outer_panel(x, y).view(), out);
    }

    /// `out += c Tr²(V(x⊗y))`: x is D×M₁, y is D×M₂, out is D×(M₁·M₂): the
    /// bilinear Q of (17), (101) column by column.
    fn add_q_product(
        &self,
        c: Self::Scalar,
        x: ArrayView2<'_, Self::Scalar>,
        y: ArrayView2<'_, Self::Scalar>,
        out: ArrayViewMut2<'_, Self::Scalar>,
    ) {
        match self.pair_operator() {
            Some(list) => list.add_q_product(c, x, y, out),
            None => self.add_q(c, outer_panel(x, y).view(), out),
        }
    }

    /// `out += c V(x⊗y)` for two one-body elements, made symmetric: D(D+1)/2
    /// numbers, those of the pair a ≤ b at b(b+1)/2 + a, of ½(V(x⊗y) + V(y⊗x)).
    /// Default: [`add_pair_product`](Model::add_pair_product) on D² numbers.
    fn add_symmetric_product(
        &self,
        c: Self::Scalar,
        x: &[Self::Scalar],
        y: &[Self::Scalar],
        out: &mut [Self::Scalar],
    ) {
        let d = self.space().dimension();
        let (Ok(x), Ok(y)) = (
            ArrayView2::from_shape((d, 1), x),
            ArrayView2::from_shape((d, 1), y),
        ) else {
            return;
        };
        let mut image = Array2::zeros((d * d, 1));
        self.add_pair_product(c, x, y, image.view_mut());
        let mut pairs = out.iter_mut();
        for b in 0..d {
            for (a, x) in pairs.by_ref().take(b + 1).enumerate() {
                *x += (image[[a * d + b, 0]] + image[[b * d + a, 0]]).scaled(0.5);
            }
        }
    }

    /// `out += c Tr²(V G)`, D numbers, for a symmetric G in the same layout.
    /// Default: [`add_q`](Model::add_q) on D² numbers.
    fn add_symmetric_q(&self, c: Self::Scalar, pairs: &[Self::Scalar], out: &mut [Self::Scalar]) {
        let d = self.space().dimension();
        let place = |a: usize, b: usize| a.max(b) * (a.max(b) + 1) / 2 + a.min(b);
        let full = Array2::from_shape_fn((d * d, 1), |(ab, _)| pairs[place(ab / d, ab % d)]);
        if let Ok(out) = ArrayViewMut2::from_shape((d, 1), out) {
            self.add_q(c, full.view(), out);
        }
    }

    /// The linearisation Δ_1 G = Q(F,G) + Q(G,F) of the interaction about a
    /// state F that is set later, (26)–(27).
    fn linearisation(&self) -> Box<dyn Linearisation<Self::Scalar> + '_> {
        Box::new(DenseLinearisation::new(self, false))
    }

    /// The linearised generator K + Δ_1 about a state F that is set later.
    fn linearised_generator(&self) -> Box<dyn Linearisation<Self::Scalar> + '_> {
        Box::new(DenseLinearisation::new(self, true))
    }

    /// The part of K with a cheap semigroup, where there is one: the cumulants
    /// are then solved in its interaction picture.
    fn semigroup(&self) -> Option<Box<dyn Semigroup<Self::Scalar> + '_>> {
        None
    }

    /// What the operators hold and cost on panels of `columns` columns of one slot,
    /// and of `pairs` columns of two slots, 0 where such panels do not come.
    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        Effort::dense(self, columns, pairs)
    }

    /// Bytes of the model's own arrays: those of its list of pairs, by default.
    fn bytes(&self) -> usize {
        self.pair_operator().map_or(0, PairOperator::bytes)
    }

    /// How the engine's one-body index relates to the user's arrays.
    fn basis(&self) -> &dyn Basis {
        &UserBasis::CLASSICAL
    }

    /// ‖V‖, the norm of V⊗I on every L^{⊗n} (section A.2 of the paper; for the
    /// trace norm the completely bounded norm), or an upper bound of it; `None`
    /// where no such bound is known.
    fn pair_norm(&self) -> Option<f64> {
        None
    }

    /// The Hamiltonian, when the evolution is generated by one and no jumps.
    fn hamiltonian(&self) -> Option<&dyn Hamiltonian> {
        None
    }

    /// The Hamiltonian in position, when its interaction is diagonal there: pure
    /// starts then have a factored expansion with O(d²) unknowns.
    fn position_hamiltonian(&self) -> Option<&dyn PositionHamiltonian> {
        None
    }

    /// The non-zero entries of V, when V is a list.
    fn pair_entries(&self) -> Option<&dyn PairEntries<Self::Scalar>> {
        self.pair_operator()
            .map(|list| list as &dyn PairEntries<Self::Scalar>)
    }

    /// Names of the observables the model knows.
    fn observable_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// The observable of that name, one of
    /// [`observable_names`](Model::observable_names).
    fn observable(&self, name: &str) -> Option<ObservableKind<'_, Self::Scalar>> {
        let _ = name;
        None
    }
}

/// Hamiltonian models: H = Σ_i h_i + (1/N) Σ_{i<j} v_ij, K = −(i/ħ)[h, ·],
/// V = −(i/ħ)[v, ·]. Pure product starts then stay in the bosonic sector.
pub trait Hamiltonian: Send + Sync {
    /// Dimension d of the one-particle Hilbert space.
    fn levels(&self) -> usize;
    /// ħ in the model's units.
    fn hbar(&self) -> f64;
    /// h as a d×d Hermitian matrix.
    fn one_body(&self) -> Array2<Complex64>;
    /// v as a d²×d² Hermitian matrix, row a·d + b, column c·d + e of ⟨ab|v|ce⟩.
    fn pair(&self) -> Array2<Complex64>;
}

/// Models whose V is a list of entries (VG)\[a,b\] += value·G\[c,d\].
pub trait PairEntries<S> {
    /// Calls `visit(a, b, c, d, value)` for every non-zero entry.
    fn for_each_pair_entry(&self, visit: &mut dyn FnMut(usize, usize, usize, usize, S));
}

/// The panel of x⊗y: row a·D + b, column m₁·M₂ + m₂.
fn outer_panel<S: Scalar>(x: ArrayView2<'_, S>, y: ArrayView2<'_, S>) -> Array2<S> {
    let (d, width) = (x.nrows(), y.ncols());
    let mut out = Array2::zeros((d * y.nrows(), x.ncols() * width));
    for (ab, mut row) in out.axis_iter_mut(Axis(0)).enumerate() {
        let (left, right) = (x.row(ab / y.nrows()), y.row(ab % y.nrows()));
        for (m, &value) in left.iter().enumerate() {
            let mut part = row.slice_mut(ndarray::s![m * width..(m + 1) * width]);
            part.scaled_add(value, &right);
        }
    }
    out
}
