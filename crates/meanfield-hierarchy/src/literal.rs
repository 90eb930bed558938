//! The operators with the paper's sums over particles written out, on dense
//! tensors: slow and obvious.
//!
//! Each method is one displayed formula of the paper (in the corrected form of
//! (37), (38), (138): sums over i ≠ r and, for D_j^{−2}, over i < r). Tensors
//! have one axis of length D for each particle; slot i of the paper is axis
//! i − 1. Costs grow like j² D^{j+3}: for checking, not for running. Δ_j, D_j
//! and D_j^{−1} need a symmetric argument to mean what the packed form does,
//! but the formulas are evaluated as they stand.

use meanfield_abstract::Model;
use meanfield_tensor::{Scalar, dense};
use ndarray::ArrayD;

/// The literal operators of a model about the one-body state F.
pub struct Literal<'a, S: Scalar> {
    /// The model: K, V and the trace are all that is used of it.
    pub model: &'a dyn Model<Scalar = S>,
    /// The one-body state F, D entries.
    pub f: &'a [S],
}

impl<S: Scalar> Literal<'_, S> {
    fn zeros(&self, j: usize) -> ArrayD<S> {
        dense::zeros(self.model.space().dimension(), j)
    }

    /// V_ir E for the slots i, r of E, counted from 0 (90).
    #[must_use]
    pub fn v(&self, i: usize, r: usize, e: &ArrayD<S>) -> ArrayD<S> {
        dense::on_pair(e, i, r, |x, out| {
            self.model.interaction().add_pair(S::from_re(1.0), x, out);
        })
    }

    /// C_{i,j+1} G = Tr^{j+1}( V_{i,j+1} G ) for the slot i < j, counted from 0
    /// (13), (98); degree j+1 → j.
    #[must_use]
    pub fn c_at(&self, i: usize, g: &ArrayD<S>) -> ArrayD<S> {
        let last = g.ndim() - 1;
        dense::partial_trace(&self.v(i, last, g), last, self.model.space().trace())
    }

    /// Q(F,F) = Tr²( V (F⊗F) ) (17), (101); degree 1.
    #[must_use]
    pub fn drift(&self) -> ArrayD<S> {
        self.c_at(0, &dense::insert(self.f, &[0], &dense::vector(self.f)))
    }

    /// K^j E = Σ_i K_i E (10), (95); degree j → j.
    #[must_use]
    pub fn k(&self, e: &ArrayD<S>) -> ArrayD<S> {
        let mut out = self.zeros(e.ndim());
        for i in 0..e.ndim() {
            out += &dense::on_slot(e, i, |x, image| {
                self.model.add_k(S::from_re(1.0), x, image);
            });
        }
        out
    }

    /// T_j E = Σ_{i<r} V_ir E (11), (96); degree j → j.
    #[must_use]
    pub fn t(&self, e: &ArrayD<S>) -> ArrayD<S> {
        let mut out = self.zeros(e.ndim());
        for r in 0..e.ndim() {
            for i in 0..r {
                out += &self.v(i, r, e);
            }
        }
        out
    }

    /// C_{j+1} E = Σ_{i≤j} C_{i,j+1} E (12), (97); degree j+1 → j.
    #[must_use]
    pub fn c(&self, e: &ArrayD<S>) -> ArrayD<S> {
        let j = e.ndim() - 1;
        let mut out = self.zeros(j);
        for i in 0..j {
            out += &self.c_at(i, e);
        }
        out
    }

    /// Δ_j E = Σ_i C_{i,j+1}( F(z_i) E(Z_{j+1}^{\i}) + F(z_{j+1}) E(Z_j) ), the
    /// first line of (35) without its factor; degree j → j.
    #[must_use]
    pub fn delta(&self, e: &ArrayD<S>) -> ArrayD<S> {
        let j = e.ndim();
        let mut out = self.zeros(j);
        for i in 0..j {
            out += &self.c_at(i, &dense::insert(self.f, &[i], e));
            out += &self.c_at(i, &dense::insert(self.f, &[j], e));
        }
        out
    }

    /// Σ_{i≠l} C_{i,j+1}( F(z_l) E(Z_{j+1}^{\l}) ), the second line of (35) without
    /// its factor; degree j → j.
    #[must_use]
    pub fn exchange(&self, e: &ArrayD<S>) -> ArrayD<S> {
        let j = e.ndim();
        let mut out = self.zeros(j);
        for (i, l) in ordered_pairs(j) {
            out += &self.c_at(i, &dense::insert(self.f, &[l], e));
        }
        out
    }

    /// D_j E (35), (138); degree j → j.
    #[must_use]
    pub fn d(&self, particles: usize, e: &ArrayD<S>) -> ArrayD<S> {
        let (n, j) = (particles as f64, e.ndim() as f64);
        scaled(self.delta(e), (n - j) / n) + scaled(self.exchange(e), -1.0 / n)
    }

    /// D_j^1 E (36), (138); degree j+1 → j.
    #[must_use]
    pub fn d_up(&self, particles: usize, e: &ArrayD<S>) -> ArrayD<S> {
        let (n, j) = (particles as f64, e.ndim() as f64 - 1.0);
        scaled(self.c(e), (n - j) / n)
    }

    /// D_j^{−1} E (37), (138), all four sums; degree j−1 → j.
    #[must_use]
    pub fn d_down(&self, particles: usize, e: &ArrayD<S>) -> ArrayD<S> {
        let (n, j) = (particles as f64, e.ndim() + 1);
        let mut out = self.zeros(j);
        for (i, r) in ordered_pairs(j) {
            // T_ir( F(z_i) E(Z_j^{\i}) )
            out += &self.v(i, r, &dense::insert(self.f, &[i], e));
        }
        let drift = self.drift();
        for i in 0..j {
            // j Q(F,F)(z_i) E(Z_j^{\i})
            out -= &scaled(dense::outer_on(&drift, &[i], e), j as f64);
        }
        for (i, l) in ordered_pairs(j) {
            // C_{i,j+1}( F(z_l) F(z_{j+1}) E(Z_j^{\l}) )
            out -= &self.c_at(i, &dense::insert(self.f, &[l, j], e));
            // C_{i,j+1}( F(z_l) F(z_i) E(Z_{j+1}^{\i,l}) )
            out -= &self.c_at(i, &dense::insert(self.f, &[l, i], e));
        }
        scaled(out, 1.0 / n)
    }

    /// D_j^{−2} E (38), (138), the first sum over i < r; degree j−2 → j.
    #[must_use]
    pub fn d_down2(&self, particles: usize, e: &ArrayD<S>) -> ArrayD<S> {
        let (n, j) = (particles as f64, e.ndim() + 2);
        let mut out = self.zeros(j);
        for (i, r) in ordered_pairs(j).filter(|(i, r)| i < r) {
            // T_ir( F(z_i) F(z_r) E(Z_j^{\i,r}) )
            out += &self.v(i, r, &dense::insert(self.f, &[i, r], e));
        }
        let f = dense::vector(self.f);
        let drift_and_f = dense::outer_on(&self.drift(), &[0], &f);
        for (i, l) in ordered_pairs(j) {
            // Q(F,F)(z_i) F(z_l) E(Z_j^{\i,l})
            out -= &dense::outer_on(&drift_and_f, &[i, l], e);
        }
        scaled(out, 1.0 / n)
    }

    /// E_j from F_0 … F_j: Σ_{K⊂J} (−1)^{|K|} \[F\]^{⊗K} F_{J∖K} (18), (107).
    #[must_use]
    pub fn correlation_error(&self, j: usize, marginals: &[ArrayD<S>]) -> ArrayD<S> {
        let mut out = self.zeros(j);
        for subset in dense::subsets(j) {
            let sign = if subset.len() % 2 == 0 { 1.0 } else { -1.0 };
            let rest = &marginals[j - subset.len()];
            out += &scaled(dense::insert(self.f, &subset, rest), sign);
        }
        out
    }

    /// F_j from E_0 … E_j: Σ_{K⊂J} \[F\]^{⊗K} E_{J∖K} (19), (109).
    #[must_use]
    pub fn marginal(&self, j: usize, errors: &[ArrayD<S>]) -> ArrayD<S> {
        let mut out = self.zeros(j);
        for subset in dense::subsets(j) {
            out += &dense::insert(self.f, &subset, &errors[j - subset.len()]);
        }
        out
    }
}

/// All (i, r) with i ≠ r below j.
fn ordered_pairs(j: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..j).flat_map(move |i| (0..j).filter(move |&r| r != i).map(move |r| (i, r)))
}

fn scaled<S: Scalar>(tensor: ArrayD<S>, x: f64) -> ArrayD<S> {
    tensor.mapv(|y| y.scaled(x))
}
