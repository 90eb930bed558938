//! The pair operator V as the expansion uses it, and the Q that follows from it.

use meanfield_tensor::{Scalar, Space, pair_rank, panel, panel_mut};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

use crate::linearised::{DenseLinearisation, Linearisation};
use crate::pair::PairOperator;

/// A pair operator V: L⊗L → L⊗L, with
///
/// ```math
/// Q(F, G) = \Tr^2\big(V(F \otimes G)\big) \quad (101)
/// ```
///
/// and its linearisation. It acts on row-major *panels*: two slots as rows (a·D + b) or
/// one, the rest as M columns, and *adds* to its result, `out += c·(image)`.
///
/// Only [`one_body_space`](Interaction::one_body_space) and
/// [`add_pair`](Interaction::add_pair) are required; everything else has a default that
/// is correct for every V and may be replaced by a faster one. A model that wraps another
/// hands on its interaction whole, so that no fast operator is lost on the way.
pub trait Interaction<S: Scalar>: Send + Sync {
    /// The one-body space L that its two slots are of.
    fn one_body_space(&self) -> &Space<S>;

    /// `out += c V x`, D²×M → D²×M.
    fn add_pair(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>);

    /// V as a list of entries, for models that hold it so and hand on the list as
    /// their interaction.
    fn pair_operator(&self) -> Option<&PairOperator<S>> {
        None
    }

    /// Whether V = 0 is known: solvers then spare what is made of it.
    fn vanishes(&self) -> bool {
        self.pair_operator().is_some_and(|list| list.entries() == 0)
    }

    /// `out += c Tr²(V x)`, D²×M → D×M: the operator C_{1,2} of (12), (97).
    /// Default cost: one [`add_pair`](Interaction::add_pair) and D²·M additions.
    fn add_q(&self, c: S, x: ArrayView2<'_, S>, mut out: ArrayViewMut2<'_, S>) {
        let d = self.one_body_space().dimension();
        let mut image = Array2::zeros(x.raw_dim());
        self.add_pair(c, x, image.view_mut());
        for a in 0..d {
            for (b, &weight) in self.one_body_space().trace().iter().enumerate() {
                if weight != S::from_re(0.0) {
                    out.row_mut(a).scaled_add(weight, &image.row(a * d + b));
                }
            }
        }
    }

    /// `out += c V(x⊗y)`: x is D×M₁, y is D×M₂, out is D²×(M₁·M₂), column
    /// m₁·M₂ + m₂.
    fn add_pair_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        out: ArrayViewMut2<'_, S>,
    ) {
        self.add_pair(c, outer_panel(x, y).view(), out);
    }

    /// `out += c Tr²(V(x⊗y))`: x is D×M₁, y is D×M₂, out is D×(M₁·M₂): the
    /// bilinear Q of (17), (101) column by column.
    fn add_q_product(
        &self,
        c: S,
        x: ArrayView2<'_, S>,
        y: ArrayView2<'_, S>,
        out: ArrayViewMut2<'_, S>,
    ) {
        self.add_q(c, outer_panel(x, y).view(), out);
    }

    /// `out += c V(x⊗y)` for two one-body elements, made symmetric: D(D+1)/2
    /// numbers, those of the pair a ≤ b at b(b+1)/2 + a, of ½(V(x⊗y) + V(y⊗x)).
    /// Default: [`add_pair_product`](Interaction::add_pair_product) on D² numbers.
    fn add_symmetric_product(&self, c: S, x: &[S], y: &[S], out: &mut [S]) {
        let d = self.one_body_space().dimension();
        let mut image = Array2::zeros((d * d, 1));
        self.add_pair_product(c, panel(d, x), panel(d, y), image.view_mut());
        let mut pairs = out.iter_mut();
        for b in 0..d {
            for (a, x) in pairs.by_ref().take(b + 1).enumerate() {
                *x += (image[[a * d + b, 0]] + image[[b * d + a, 0]]).scaled(0.5);
            }
        }
    }

    /// `out += c Tr²(V G)`, D numbers, for a symmetric G in the same layout.
    /// Default: [`add_q`](Interaction::add_q) on D² numbers.
    fn add_symmetric_q(&self, c: S, pairs: &[S], out: &mut [S]) {
        let d = self.one_body_space().dimension();
        let full = Array2::from_shape_fn((d * d, 1), |(ab, _)| pairs[pair_rank(ab / d, ab % d)]);
        self.add_q(c, full.view(), panel_mut(d, out));
    }

    /// The linearisation Δ_1 G = Q(F,G) + Q(G,F) of the interaction about a
    /// state F that is set later, (26)–(27).
    fn linearisation(&self) -> Box<dyn Linearisation<S> + '_> {
        Box::new(DenseLinearisation::new(self))
    }

    /// ‖V‖, the norm of V⊗I on every L^{⊗n} (section A.2 of the paper; for the
    /// trace norm the completely bounded norm), or an upper bound of it; `None`
    /// where no such bound is known.
    fn pair_norm(&self) -> Option<f64> {
        None
    }

    /// The non-zero entries of V, when V is a list.
    fn pair_entries(&self) -> Option<&dyn PairEntries<S>> {
        self.pair_operator().map(|list| list as &dyn PairEntries<S>)
    }
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
