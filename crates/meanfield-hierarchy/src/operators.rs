//! The operators of the hierarchies on packed symmetric tensors.
//!
//! A sum over particles of an operator on one slot is "expose one slot, act,
//! sum over slots" ([`SymmetricLayout::one_slot`], [`SymmetricLayout::add_slot_sum`]); a sum over
//! pairs the same with two slots; and a sum over the places where a factor can
//! be inserted is the product ⊙ over subsets ([`SymmetricLayout::add_product`]):
//!
//! ```math
//! \sum_{i \ne l} C_{i,j+1}\big( F(z_l)\, E(Z_{j+1}^{\setminus l}) \big) = F \odot (C_j E).
//! ```
//!
//! Here are the sums of K, V, Q and Δ_1 over particles; what is made of them
//! for the correlation errors (37), (38), (138) is in `driving`. With E_0 = 1,
//!
//! ```math
//! \begin{aligned}
//! D_j E ={}& \Big(1 - \frac{j}{N}\Big) \sum_i C_{i,j+1}\big( F(z_i) E(Z_{j+1}^{\setminus i}) + F(z_{j+1}) E(Z_j) \big)
//!   - \frac{1}{N} \sum_{i \ne l} C_{i,j+1}\big( F(z_l) E(Z_{j+1}^{\setminus l}) \big), \\
//! D_j^{1} E ={}& \Big(1 - \frac{j}{N}\Big) C_{j+1} E, \\
//! D_j^{-1} E ={}& \frac{1}{N} \sum_{i \ne r} V_{ir}\big( F(z_i) E(Z_j^{\setminus i}) \big)
//!   - \frac{j}{N} \sum_i Q(F,F)(z_i) E(Z_j^{\setminus i}) \\
//!   &- \frac{1}{N} \sum_{i \ne l} C_{i,j+1}\big( F(z_l) F(z_{j+1}) E(Z_j^{\setminus l}) + F(z_l) F(z_i) E(Z_{j+1}^{\setminus i,l}) \big), \\
//! D_j^{-2} E ={}& \frac{1}{N} \sum_{i < r} V_{ir}\big( F(z_i) F(z_r) E(Z_j^{\setminus i,r}) \big)
//!   - \frac{1}{N} \sum_{i \ne l} Q(F,F)(z_i) F(z_l) E(Z_j^{\setminus i,l}).
//! \end{aligned}
//! ```
//!
//! [`crate::literal`] has the same operators with these sums written out.

mod driving;

use meanfield_abstract::{Linearisation, Model};
use meanfield_tensor::{
    Scalar, SymmetricLayout, TensorError, panel as view, panel_mut as view_mut,
};
use ndarray::s;

use crate::HierarchyError;
use crate::error::{require_length, require_tensor};

/// Entries of a two-slot panel handled at once: it stays in cache, and the
/// D²-fold blow-up of a tensor is never held.
const PANEL_ENTRIES: usize = 1 << 16;

/// K^j, T_j, C_{j+1}, Δ_j, R_j, D_j, D_j^1, D_j^{−1}, D_j^{−2}, Γ_j and S_j of one
/// model about a one-body state F.
///
/// Tensors are packed by [`Operators::layout`]; `e` of degree j has
/// `layout().len(j)` entries. Every operator does `out += c·(image)`. Those
/// that contain F use the state of the last [`Operators::set_state`]. m_j
/// stands for len(j) in the costs.
///
/// # Errors
/// Methods refuse a slice that is not as long as its degree says
/// ([`HierarchyError::Length`]) and a degree above that of the layout
/// ([`HierarchyError::Degree`]).
pub struct Operators<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    layout: SymmetricLayout,
    f: Vec<S>,
    linearisation: Box<dyn Linearisation<S> + 'a>,
    /// Q(F,F), degree 1.
    drift: Vec<S>,
    /// V(F⊗F) − Q(F,F)⊗F − F⊗Q(F,F), degree 2: what makes pairs correlate.
    source: Vec<S>,
    panel: Vec<S>,
    image: Vec<S>,
    lower: Vec<S>,
}

impl<'a, S: Scalar> Operators<'a, S> {
    /// The operators between tensors of degrees 0 … `degree` (at least 2 are
    /// laid out), about F = 0 until [`set_state`](Self::set_state) is called.
    ///
    /// # Errors
    /// [`TensorError::TooManyEntries`] when a tensor cannot be indexed.
    pub fn new(model: &'a dyn Model<Scalar = S>, degree: usize) -> Result<Self, TensorError> {
        let layout = SymmetricLayout::new(model.space().dimension(), degree.max(2))?;
        let zero = S::from_re(0.0);
        Ok(Self {
            model,
            f: vec![zero; layout.len(1)],
            linearisation: model.interaction().linearisation(),
            drift: vec![zero; layout.len(1)],
            source: vec![zero; layout.len(2)],
            layout,
            panel: Vec::new(),
            image: Vec::new(),
            lower: Vec::new(),
        })
    }

    /// Bytes of scratch and index tables for tensors up to `degree` over
    /// `dimension`; `None` when they cannot be indexed.
    #[must_use]
    pub fn bytes(dimension: usize, degree: usize, scalar: usize) -> Option<usize> {
        let degree = degree.max(2);
        let below = meanfield_tensor::packed_len(dimension, degree - 1)?;
        // One-slot panel and image, two-slot panels, one tensor below the top.
        let panels = below.checked_mul(2 * dimension + 1)?;
        let tiles = 2 * PANEL_ENTRIES.max(dimension * dimension);
        let scratch = panels.checked_add(tiles)?.checked_mul(scalar)?;
        SymmetricLayout::table_bytes(dimension, degree)?.checked_add(scratch)
    }

    /// Moves to another state F and computes what depends on it alone: Δ_1,
    /// Q(F,F) and V(F⊗F). Cost: D columns of Q twice, one column of V.
    pub fn set_state(&mut self, f: &[S]) -> Result<(), HierarchyError> {
        require_length("F", f, self.layout.dimension())?;
        let (zero, one) = (S::from_re(0.0), S::from_re(1.0));
        let d = self.layout.dimension();
        self.f.copy_from_slice(f);
        if self.model.interaction().vanishes() {
            return Ok(());
        }
        self.linearisation.update(f);
        self.drift.fill(zero);
        self.source.fill(zero);
        let state = view(d, f);
        self.model
            .interaction()
            .add_q_product(one, state, state, view_mut(d, &mut self.drift));
        let image = zeroed(&mut self.image, d * d);
        self.model
            .interaction()
            .add_pair_product(one, state, state, view_mut(d * d, image));
        // V(F⊗F) is symmetric: half the sum over ordered pairs.
        let half = S::from_re(0.5);
        self.layout
            .add_pair_sum(2, half, image, 0..1, &mut self.source);
        self.layout
            .add_product((1, &self.drift), (1, f), -one, &mut self.source);
        Ok(())
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &'a dyn Model<Scalar = S> {
        self.model
    }

    /// The layout of the tensors.
    #[must_use]
    pub fn layout(&self) -> &SymmetricLayout {
        &self.layout
    }

    /// The state F.
    #[must_use]
    pub fn state(&self) -> &[S] {
        &self.f
    }

    /// Q(F,F) (17), (101).
    #[must_use]
    pub fn drift(&self) -> &[S] {
        &self.drift
    }

    /// V(F⊗F) − Q(F,F)⊗F − F⊗Q(F,F), packed, degree 2: N D_2^{−2} E_0 (39).
    #[must_use]
    pub fn source(&self) -> &[S] {
        &self.source
    }

    /// Refuses an argument and a result that are not tensors of these degrees.
    fn require(
        &self,
        (from, e): (usize, &[S]),
        (to, out): (usize, &[S]),
    ) -> Result<(), HierarchyError> {
        require_tensor("the argument", &self.layout, from, e)?;
        require_tensor("the result", &self.layout, to, out)
    }

    /// K^j E = Σ_i K_i E (10), (95); degree j → j. Cost: one K on D × m_{j−1}.
    pub fn add_k(&mut self, c: S, j: usize, e: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        self.require((j, e), (j, out))?;
        if j == 0 || self.model.capabilities().k_is_zero {
            return Ok(());
        }
        let one = S::from_re(1.0);
        let (d, m) = (self.layout.dimension(), self.layout.len(j - 1));
        let panel = zeroed(&mut self.panel, d * m);
        let image = zeroed(&mut self.image, d * m);
        self.layout.one_slot(j, e, panel);
        self.model.add_k(one, view(d, panel), view_mut(d, image));
        self.layout.add_slot_sum(j, c, image, out);
        Ok(())
    }

    /// T_j E = Σ_{i<r} V_ir E (11), (96); degree j → j. Cost: one V on D² × m_{j−2}.
    pub fn add_t(&mut self, c: S, j: usize, e: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        self.require((j, e), (j, out))?;
        if j < 2 || self.model.interaction().vanishes() {
            return Ok(());
        }
        let one = S::from_re(1.0);
        let d = self.layout.dimension();
        for columns in tiles(d, self.layout.len(j - 2)) {
            let w = columns.len();
            let panel = zeroed(&mut self.panel, d * d * w);
            let image = zeroed(&mut self.image, d * d * w);
            self.layout.two_slots(j, e, columns.clone(), panel);
            self.model
                .interaction()
                .add_pair(one, view(d * d, panel), view_mut(d * d, image));
            // Half the sum over ordered pairs: a pair is counted once.
            self.layout
                .add_pair_sum(j, c.scaled(0.5), image, columns, out);
        }
        Ok(())
    }

    /// C_{j+1} E = Σ_{i≤j} Tr^{j+1} V_{i,j+1} E (12)–(13), (97)–(98); degree
    /// j+1 → j: `e` has degree j+1. Cost: one Q on D² × m_{j−1}.
    pub fn add_c(&mut self, c: S, j: usize, e: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        self.require((j + 1, e), (j, out))?;
        if j == 0 || self.model.interaction().vanishes() {
            return Ok(());
        }
        let one = S::from_re(1.0);
        let (d, m) = (self.layout.dimension(), self.layout.len(j - 1));
        let image = zeroed(&mut self.image, d * m);
        let mut traced = view_mut(d, image);
        for columns in tiles(d, m) {
            let w = columns.len();
            let panel = zeroed(&mut self.panel, d * d * w);
            self.layout.two_slots(j + 1, e, columns.clone(), panel);
            let part = traced.slice_mut(s![.., columns]);
            self.model
                .interaction()
                .add_q(one, view(d * d, panel), part);
        }
        self.layout.add_slot_sum(j, c, image, out);
        Ok(())
    }

    /// Δ_j E = Σ_i C_{i,j+1}( F(z_i) E(Z_{j+1}^{\i}) + F(z_{j+1}) E(Z_j) ), which
    /// is Δ_1 in every slot (26)–(28); degree j → j. Cost: one Δ_1 on D × m_{j−1}.
    pub fn add_delta(
        &mut self,
        c: S,
        j: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        self.require((j, e), (j, out))?;
        if j == 0 || self.model.interaction().vanishes() {
            return Ok(());
        }
        let one = S::from_re(1.0);
        let (d, m) = (self.layout.dimension(), self.layout.len(j - 1));
        let panel = zeroed(&mut self.panel, d * m);
        let image = zeroed(&mut self.image, d * m);
        self.layout.one_slot(j, e, panel);
        self.linearisation
            .add_apply(one, view(d, panel), view_mut(d, image));
        self.layout.add_slot_sum(j, c, image, out);
        Ok(())
    }
}

/// Column ranges of two-slot panels of bounded size.
fn tiles(dimension: usize, columns: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let width = (PANEL_ENTRIES / (dimension * dimension).max(1)).max(1);
    (0..columns)
        .step_by(width)
        .map(move |start| start..columns.min(start + width))
}

/// The first `n` entries of a scratch buffer, zero.
fn zeroed<S: Scalar>(buffer: &mut Vec<S>, n: usize) -> &mut [S] {
    buffer.clear();
    buffer.resize(n, S::from_re(0.0));
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_tiles_cover_all_columns_and_bound_their_panels() {
        for (dimension, columns) in [(1, 1), (3, 20_000), (200, 7), (1000, 2), (5, 0)] {
            let mut next = 0;
            for tile in tiles(dimension, columns) {
                assert_eq!(tile.start, next);
                let entries = tile.len() * dimension * dimension;
                assert!(entries <= PANEL_ENTRIES.max(dimension * dimension));
                next = tile.end;
            }
            assert_eq!(next, columns);
        }
    }
}
