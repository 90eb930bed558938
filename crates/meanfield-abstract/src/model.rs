//! The abstract model of Appendix A as a trait: two maps and a trace.

use meanfield_tensor::{Scalar, Space};
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::capabilities::Capabilities;
use crate::effort::Effort;
use crate::interaction::Interaction;
use crate::linearised::{DenseLinearisation, Linearisation};
use crate::pair::PairOperator;
use crate::terms::Term;

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
/// Required are the [`space`](Model::space), K by [`add_k`](Model::add_k), and V as an
/// [`Interaction`]: a [`PairOperator`] where V is listed, else mostly the model itself.
/// What else a model can do or knows of itself it says in its [`Capabilities`]: nothing,
/// unless it does.
pub trait Model: Send + Sync {
    /// `f64` for populations and quantum models in a Hermitian basis,
    /// [`Complex64`](num_complex::Complex64) otherwise.
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

    /// V, and what follows from it alone.
    fn interaction(&self) -> &dyn Interaction<Self::Scalar>;

    /// What the model can do beyond K and V, and what it knows of itself.
    fn capabilities(&self) -> Capabilities<'_, Self::Scalar> {
        Capabilities::of(self.space())
    }

    /// What the generator has beside K + V/N: none, unless the model says so. Everything
    /// else of this trait is about K and V alone, and so is every operator that is made
    /// from a model; the solvers that know no further terms refuse them.
    fn further_terms(&self) -> Vec<Term<'_, Self::Scalar>> {
        Vec::new()
    }

    /// The linearised generator K + Δ_1 about a state F that is set later.
    fn linearised_generator(&self) -> Box<dyn Linearisation<Self::Scalar> + '_> {
        Box::new(DenseLinearisation::generator(self))
    }

    /// What the operators hold and cost on panels of `columns` columns of one slot,
    /// and of `pairs` columns of two slots, 0 where such panels do not come.
    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        Effort::dense(self, columns, pairs)
    }

    /// Bytes of the model's own arrays: those of its list of pairs, by default.
    fn bytes(&self) -> usize {
        self.interaction()
            .pair_operator()
            .map_or(0, PairOperator::bytes)
    }
}

/// A model by reference is the same model.
impl<M: Model + ?Sized> Model for &M {
    type Scalar = M::Scalar;

    fn space(&self) -> &Space<M::Scalar> {
        (**self).space()
    }

    fn add_k(&self, c: M::Scalar, x: ArrayView2<'_, M::Scalar>, out: ArrayViewMut2<'_, M::Scalar>) {
        (**self).add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<M::Scalar> {
        (**self).interaction()
    }

    fn capabilities(&self) -> Capabilities<'_, M::Scalar> {
        (**self).capabilities()
    }

    fn further_terms(&self) -> Vec<Term<'_, M::Scalar>> {
        (**self).further_terms()
    }

    fn linearised_generator(&self) -> Box<dyn Linearisation<M::Scalar> + '_> {
        (**self).linearised_generator()
    }

    fn effort(&self, columns: usize, pairs: usize) -> Effort {
        (**self).effort(columns, pairs)
    }

    fn bytes(&self) -> usize {
        (**self).bytes()
    }
}
