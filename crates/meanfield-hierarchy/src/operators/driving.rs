//! The operators that contain F: D_j, D_j^1, D_j^{−1}, D_j^{−2} of the correlation
//! hierarchy (34), (117), and their parts free of N: R_j, Γ_j, S_j.

use meanfield_tensor::{Scalar, panel as view, panel_mut as view_mut};
use ndarray::s;

use crate::HierarchyError;

use super::{Operators, tiles, zeroed};

impl<S: Scalar> Operators<'_, S> {
    /// Σ_{i≠l} C_{i,j+1}( F(z_l) E(Z_{j+1}^{\l}) ) = F ⊙ (C_j E); degree j → j.
    /// Cost: that of C_j, and D·m_{j−1}.
    pub fn add_exchange(
        &mut self,
        c: S,
        j: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        self.require((j, e), (j, out))?;
        if j < 2 || self.model.interaction().vanishes() {
            return Ok(());
        }
        let mut lower = std::mem::take(&mut self.lower);
        zeroed(&mut lower, self.layout.len(j - 1));
        self.add_c(S::from_re(1.0), j - 1, e, &mut lower)?;
        self.layout
            .add_product((1, &self.f), (j - 1, &lower), c, out);
        self.lower = lower;
        Ok(())
    }

    /// R_j E = −j Δ_j E − Σ_{i≠l} C_{i,j+1}( F(z_l) E(Z_{j+1}^{\l}) ): what D_j has
    /// beyond Δ_j, times N; degree j → j.
    pub fn add_r(&mut self, c: S, j: usize, e: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        self.add_delta(c.scaled(-(j as f64)), j, e, out)?;
        self.add_exchange(-c, j, e, out)
    }

    /// D_j E = (1−j/N) Δ_j E − (1/N) F⊙(C_j E) (35), (138); degree j → j.
    pub fn add_d(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        let n = particles as f64;
        self.add_delta(c.scaled(1.0 - j as f64 / n), j, e, out)?;
        self.add_exchange(c.scaled(-1.0 / n), j, e, out)
    }

    /// D_j^1 E = (1−j/N) C_{j+1} E (36), (138); degree j+1 → j. Zero for j = N (39).
    pub fn add_d_up(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        if j < particles {
            let share = 1.0 - j as f64 / particles as f64;
            self.add_c(c.scaled(share), j, e, out)?;
        }
        Ok(())
    }

    /// Γ_j E = N D_j^{−1} E = Σ_{i≠r} V_ir( F(z_i) E(Z_j^{\i}) ) − j Q(F,F)⊙E −
    /// F⊙(Δ_{j−1} E) (37), (138); degree j−1 → j: `e` has degree j−1. Free of N.
    /// Cost: one V on D² × m_{j−2}, one Δ_1 on D × m_{j−2}, 2 D·m_{j−1}.
    pub fn add_gamma(
        &mut self,
        c: S,
        j: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        if j == 0 {
            return Ok(());
        }
        self.require((j - 1, e), (j, out))?;
        if self.model.interaction().vanishes() {
            return Ok(());
        }
        self.layout
            .add_product((1, &self.drift), (j - 1, e), c.scaled(-(j as f64)), out);
        if j == 1 {
            return Ok(());
        }
        let one = S::from_re(1.0);
        let (d, m) = (self.layout.dimension(), self.layout.len(j - 2));
        let panel = zeroed(&mut self.panel, d * m);
        self.layout.one_slot(j - 1, e, panel);
        let rest = view(d, panel);
        for columns in tiles(d, m) {
            let w = columns.len();
            let image = zeroed(&mut self.image, d * d * w);
            self.model.interaction().add_pair_product(
                one,
                view(d, &self.f),
                rest.slice(s![.., columns.clone()]),
                view_mut(d * d, image),
            );
            self.layout.add_pair_sum(j, c, image, columns, out);
        }
        let mut lower = std::mem::take(&mut self.lower);
        zeroed(&mut lower, self.layout.len(j - 1));
        self.add_delta(one, j - 1, e, &mut lower)?;
        self.layout
            .add_product((1, &self.f), (j - 1, &lower), -c, out);
        self.lower = lower;
        Ok(())
    }

    /// D_j^{−1} E = Γ_j E / N (37), (138); degree j−1 → j. For j = 1 it is
    /// −Q(F,F)/N (39).
    pub fn add_d_down(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        self.add_gamma(c.scaled(1.0 / particles as f64), j, e, out)
    }

    /// S_j E = N D_j^{−2} E = [V(F⊗F) − Q(F,F)⊗F − F⊗Q(F,F)] ⊙ E (38), (138);
    /// degree j−2 → j: `e` has degree j−2. Free of N. Cost: 2 m_2 m_{j−2} at most.
    pub fn add_s(&mut self, c: S, j: usize, e: &[S], out: &mut [S]) -> Result<(), HierarchyError> {
        if j < 2 {
            return Ok(());
        }
        self.require((j - 2, e), (j, out))?;
        if !self.model.interaction().vanishes() {
            self.layout
                .add_product((2, &self.source), (j - 2, e), c, out);
        }
        Ok(())
    }

    /// D_j^{−2} E = S_j E / N (38), (138); degree j−2 → j. Zero for j = 1 (39).
    pub fn add_d_down2(
        &mut self,
        c: S,
        j: usize,
        particles: usize,
        e: &[S],
        out: &mut [S],
    ) -> Result<(), HierarchyError> {
        self.add_s(c.scaled(1.0 / particles as f64), j, e, out)
    }
}
