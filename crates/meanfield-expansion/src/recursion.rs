//! The paper's recursion (Theorem 1.4): coefficients for one given N.
//!
//! With E_j = N^{−j/2} 𝓔_j and 𝓔_j = Σ_k N^{−k/2} 𝓔_j^k (25), (61),
//!
//! ```math
//! \partial_t \E_j^k = H_j \E_j^k + \Delta_j^{=} \E_{j-2}^{k} + \Delta_j^{+} \E_{j+1}^{k-1} + \Delta_j^{-} \E_{j-1}^{k-1},
//! ```
//!
//! with H_j = K^j + T_j/N + D_j (41), Δ_j^+ = D_j^1, Δ_j^− = N D_j^{−1} = Γ_j,
//! Δ_j^= = N D_j^{−2} = S_j and 𝓔_0^k = δ_{k0}. N stays inside the operators, so these
//! coefficients depend on it, and every N is a solution of its own. By
//! Proposition 2.3 𝓔_j^k = 0 for odd j+k: only even ones are unknowns. From them
//!
//! ```math
//! E_j^n = \sum_k N^{-(j+k)/2} \E_j^k \ (32), \quad F_j^{N,n} = \sum_K \ins{F}{K} E^n_{J \setminus K} \ (33), \quad
//! \norm{F_j - F_j^{N,n}} = O(N^{-n-1}) \ \text{(Corollary 1.5)}.
//! ```
//!
//! The sum (32) is cut at j+k ≤ 2n rather than k ≤ 2n: the terms left out are
//! O(N^{−n−1}), so the rate stays, and degrees up to 2n suffice instead of up to
//! j+2n. Orders above N are dropped, exactly, because D_N^1 = 0 (39).
//!
//! A further term c(t) N^{−p} (K_k + V_k/N) adds c(t) N^{−p} times its own operators to the
//! four of the recursion: N stays inside, as it does in H_j. With p = 1 there is one source
//! more, because F does not move by it ([`FurtherOperators`](meanfield_hierarchy::FurtherOperators)); in powers of N^{−1/2} it is
//! part of Δ_j^−,
//!
//! ```math
//! \partial_t \E_j^k \mathrel{+}= c(t)\, \big( K_k F + Q_k(F,F) \big) \odot \E_{j-1}^{k-1}.
//! ```

use std::collections::BTreeMap;

use meanfield_abstract::Model;
use meanfield_hierarchy::{HierarchyError, Operators, marginal_from_errors};
use meanfield_ode::{Options, Progress, Statistics, System};
use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::ExpansionError;
use crate::family::{Driven, Member, integrate_for, require_particles};

/// Which coefficients 𝓔_j^k are unknowns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// Those with j+k even: all that do not vanish (Proposition 2.3).
    Even,
    /// All of them: to see that the others vanish.
    All,
}

/// F(t) and every 𝓔_j^k(t), 1 ≤ j ≤ N, j+k ≤ 2n, as one system: a block for F,
/// and one for each coefficient.
pub struct RecursionSystem<'a, S: Scalar> {
    errors: Driven<'a, S>,
    order: usize,
    particles: usize,
}

/// The pairs (j, k) kept for order n and N particles.
fn members(order: usize, particles: usize, terms: Terms) -> impl Iterator<Item = (usize, usize)> {
    let highest = particles.min(2 * order);
    (1..=highest)
        .flat_map(move |j| (0..=2 * order - j).map(move |k| (j, k)))
        .filter(move |(j, k)| terms == Terms::All || (j + k) % 2 == 0)
}

impl<'a, S: Scalar> RecursionSystem<'a, S> {
    /// The recursion of order n = `order` for N = `particles`.
    ///
    /// # Errors
    /// [`ExpansionError::TooFewParticles`] for N = 0;
    /// [`ExpansionError::Tensor`] when a tensor of degree min(2n, N) cannot be
    /// indexed.
    pub fn new(
        model: &'a dyn Model<Scalar = S>,
        order: usize,
        particles: usize,
        terms: Terms,
    ) -> Result<Self, ExpansionError> {
        require_particles(1, particles)?;
        let members = members(order, particles, terms);
        Ok(Self {
            errors: Driven::new(model, particles.min(2 * order), members)?,
            order,
            particles,
        })
    }

    /// The unknowns at the start: F, and 𝓔_j^k(0) = e_j^{(j+k)/2}(0), where
    /// `initial` lists e_j^m(0) by (j, m), zero where not listed (F^{⊗N}: none).
    ///
    /// # Errors
    /// [`ExpansionError::Model`] for a tensor of the wrong length, or one with
    /// 2m < j, where every coefficient vanishes.
    pub fn start(
        &mut self,
        f: &[S],
        initial: &BTreeMap<(usize, usize), Vec<S>>,
    ) -> Result<Vec<S>, ExpansionError> {
        Ok(self
            .errors
            .family
            .start(f, initial, self.order, |j, m| (j, 2 * m - j))?)
    }

    /// What the unknowns stand for: the returned function reads them.
    pub fn reader(&self) -> impl Fn(&[S]) -> RecursionState<S> + use<S> {
        let (family, order, particles) = (self.errors.family.clone(), self.order, self.particles);
        move |y| RecursionState {
            f: y[..family.blocks()[0]].to_vec(),
            e: family.members(y),
            order,
            particles,
        }
    }

    /// Bytes that solving needs at most: the vectors of the integrator, one
    /// state handed out, scratch and index tables; further terms take
    /// [`FurtherOperators::bytes`](meanfield_hierarchy::FurtherOperators::bytes) beside it. `None` when it cannot be counted.
    #[must_use]
    pub fn bytes(dimension: usize, order: usize, particles: usize) -> Option<usize> {
        let members = members(order, particles, Terms::Even);
        Driven::<S>::bytes(dimension, particles.min(2 * order), members)
    }
}

impl<S: Scalar> System for RecursionSystem<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        self.errors.family.blocks()
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.errors.family.natural_size(block)
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        let n = self.particles;
        let one = S::from_re(1.0);
        // Of 𝓔_j^k, with 𝓔_0^k = δ_{k0}; zero where there is none.
        self.errors
            .rhs(t, y, dydt, |(operators, further), (j, k), e, out| {
                add_operators(operators, one, (j, k, n), e, out)?;
                for term in further.terms() {
                    let weight = S::from_re(term.weight(n));
                    add_operators(term.operators(), weight, (j, k, n), e, out)?;
                    if k >= 1
                        && let Some(lower) = e(j - 1, k - 1)
                    {
                        term.add_drift(S::from_re(term.factor()), j, lower, out)?;
                    }
                }
                Ok(())
            })
            .expect("members are as long as their tensors");
    }
}

/// `out += c·(∂t 𝓔_j^k)` by the operators of one term at N = n, from the 𝓔_j^k there are.
fn add_operators<S: Scalar>(
    ops: &mut Operators<'_, S>,
    c: S,
    (j, k, n): (usize, usize, usize),
    e: Member<'_, '_, S>,
    out: &mut [S],
) -> Result<(), HierarchyError> {
    if let Some(own) = e(j, k) {
        ops.add_h(c, j, n, own, out)?;
    }
    if j >= 2
        && let Some(lowest) = e(j - 2, k)
    {
        ops.add_s(c, j, lowest, out)?;
    }
    if k >= 1 {
        if let Some(above) = e(j + 1, k - 1) {
            ops.add_d_up(c, j, n, above, out)?;
        }
        if let Some(lower) = e(j - 1, k - 1) {
            ops.add_gamma(c, j, lower, out)?;
        }
    }
    Ok(())
}

/// F and every 𝓔_j^k at one time, for one N.
#[derive(Debug, Clone, PartialEq)]
pub struct RecursionState<S> {
    f: Vec<S>,
    e: BTreeMap<(usize, usize), Vec<S>>,
    order: usize,
    particles: usize,
}

impl<S: Scalar> RecursionState<S> {
    /// The mean field F.
    #[must_use]
    pub fn one_body(&self) -> &[S] {
        &self.f
    }

    /// 𝓔_j^k by (j, k), packed: 1 ≤ j ≤ N, j+k ≤ 2n.
    #[must_use]
    pub fn terms(&self) -> &BTreeMap<(usize, usize), Vec<S>> {
        &self.e
    }

    /// E_j^n = Σ_{k ≤ 2n−j} N^{−(j+k)/2} 𝓔_j^k (32), packed; E_0^n = 1.
    #[must_use]
    pub fn error(&self, layout: &SymmetricLayout, j: usize) -> Vec<S> {
        let at_zero = S::from_re(f64::from(u8::from(j == 0)));
        let mut out = vec![at_zero; layout.len(j)];
        for (&(degree, k), term) in &self.e {
            if degree == j {
                let weight = (self.particles as f64).powf(-((j + k) as f64) / 2.0);
                for (x, y) in out.iter_mut().zip(term) {
                    *x += y.scaled(weight);
                }
            }
        }
        out
    }

    /// F_j^{N,n} = Σ_K \[F\]^{⊗K} E^n_{J∖K} (33), packed: within O(N^{−n−1}) of F_j.
    /// `layout` must reach degree j.
    ///
    /// # Errors
    /// [`ExpansionError::TooFewParticles`] when N < j: there is no F_j.
    pub fn marginal(&self, layout: &SymmetricLayout, j: usize) -> Result<Vec<S>, ExpansionError> {
        require_particles(j, self.particles)?;
        let highest = j.min(2 * self.order);
        let errors: Vec<Vec<S>> = (0..=highest).map(|i| self.error(layout, i)).collect();
        Ok(marginal_from_errors(layout, &self.f, j, &errors)?)
    }
}

/// Solves the recursion of order `order` for N = `particles` from F and
/// e_j^m(0) at `times[0]` and calls `output(k, state)` at each `times[k]`;
/// `observer` is called after every step and stops the solve by returning `false`.
///
/// # Errors
/// As [`RecursionSystem::new`] and [`RecursionSystem::start`]; [`ExpansionError::Ode`];
/// whatever `output` returns.
pub fn solve<S, E>(
    model: &dyn Model<Scalar = S>,
    order: usize,
    particles: usize,
    f: &[S],
    initial: &BTreeMap<(usize, usize), Vec<S>>,
    times: &[f64],
    options: &Options,
    observer: impl FnMut(&Progress) -> bool,
    mut output: impl FnMut(usize, RecursionState<S>) -> Result<(), E>,
) -> Result<Statistics, E>
where
    S: Scalar,
    E: From<ExpansionError>,
{
    let mut system = RecursionSystem::new(model, order, particles, Terms::Even)?;
    let y = system.start(f, initial)?;
    let read = system.reader();
    integrate_for(&mut system, y, times, options, observer, |k, y| {
        output(k, read(y))
    })
}
