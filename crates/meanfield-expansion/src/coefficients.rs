//! The coefficients that do not depend on N (Remark 1.8, made explicit).
//!
//! With E_j = Σ_m N^{−m} e_j^m, and e_j^m = 0 unless m ≥ j/2,
//!
//! ```math
//! \partial_t e_j^m = (K^j + \Delta_j) e_j^m + C_{j+1} e_{j+1}^m
//!   + (T_j + R_j) e_j^{m-1} - j\, C_{j+1} e_{j+1}^{m-1} + \Gamma_j e_{j-1}^{m-1} + S_j e_{j-2}^{m-1},
//! ```
//!
//! e_0^m = δ_{m0}: what (34), (117) becomes when its operators are sorted by powers of 1/N.
//! The homogeneous part is the linearised flow (26); everything else is
//! a source made of lower orders, or of the same order and one more particle.
//! Order n needs degrees up to 2n: D^{2n}/(2n)! numbers at the top.
//!
//! A further term c(t) N^{−p} (K_k + V_k/N) adds c(t) times the same right-hand side with
//! its own operators, at m−p in place of m, and with p = 1 one source more, because F does
//! not move by it ([`FurtherOperators`](meanfield_hierarchy::FurtherOperators)):
//!
//! ```math
//! \partial_t e_j^m \mathrel{+}= c(t)\, \big( K_k F + Q_k(F,F) \big) \odot e_{j-1}^{m-1}.
//! ```
//!
//! ```
//! use std::collections::BTreeMap;
//! use meanfield_abstract::problems;
//! use meanfield_expansion::{ExpansionError, coefficients};
//! use meanfield_ode::Options;
//! use meanfield_tensor::SymmetricLayout;
//!
//! let model = problems::sis()?;
//! let layout = SymmetricLayout::new(2, 4)?;
//! let none = BTreeMap::new(); // F^{⊗N}: no correlations at the start
//! let mut infected = Vec::new();
//! let times = [0.0, 1.0];
//! let options = Options::default();
//! coefficients::solve(&model, 2, &[0.4, 0.6], &none, &times, &options, |_| true, |_, at| {
//!     let coefficients = (0..=2).map(|m| Ok(at.marginal_coefficient(&layout, 1, m)?[1]));
//!     infected = coefficients.collect::<Result<_, ExpansionError>>()?;
//!     Ok::<(), ExpansionError>(())
//! })?;
//! assert!((infected[0] - 0.61609257).abs() < 1e-8); // the mean field
//! assert!((infected[1] + 0.10979630).abs() < 1e-7); // its 1/N correction
//! # Ok::<(), ExpansionError>(())
//! ```

use std::collections::BTreeMap;

use meanfield_abstract::{Model, Start};
use meanfield_hierarchy::{HierarchyError, Operators, marginal_from_errors};
use meanfield_ode::{Options, Progress, Statistics, System};
use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::family::{Driven, Member, integrate_for, require_particles};
use crate::{Cumulants, ExpansionError, Plan, initial_cumulants};

/// F(t) and every e_j^m(t), 1 ≤ j ≤ 2m, m ≤ n, as one system: a block for F, and
/// one for each coefficient.
pub struct CoefficientSystem<'a, S: Scalar> {
    errors: Driven<'a, S>,
    order: usize,
}

/// The pairs (j, m) of order n: m = 1 … n, j = 1 … 2m.
fn members(order: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..=order).flat_map(|m| (1..=2 * m).map(move |j| (j, m)))
}

impl<'a, S: Scalar> CoefficientSystem<'a, S> {
    /// The coefficients of orders 1 … `order` of that model.
    ///
    /// # Errors
    /// [`ExpansionError::Tensor`] when a tensor of degree 2·order cannot be
    /// indexed.
    pub fn new(model: &'a dyn Model<Scalar = S>, order: usize) -> Result<Self, ExpansionError> {
        Ok(Self {
            errors: Driven::new(model, 2 * order, members(order))?,
            order,
        })
    }

    /// The unknowns at the start: F, and e_j^m(0) by (j, m), zero where not
    /// listed (F^{⊗N}: none).
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
            .start(f, initial, self.order, |j, m| (j, m))?)
    }

    /// What the unknowns stand for: the returned function reads them.
    pub fn reader(&self) -> impl Fn(&[S]) -> Coefficients<S> + use<S> {
        let (family, order) = (self.errors.family.clone(), self.order);
        move |y| Coefficients {
            f: y[..family.blocks()[0]].to_vec(),
            e: family.members(y),
            order,
        }
    }

    /// Bytes that solving needs at most: the vectors of the integrator, one
    /// state handed out, scratch and index tables; further terms take
    /// [`FurtherOperators::bytes`](meanfield_hierarchy::FurtherOperators::bytes) beside it. `None` when it cannot be counted.
    #[must_use]
    pub fn bytes(dimension: usize, order: usize) -> Option<usize> {
        Driven::<S>::bytes(dimension, 2 * order, members(order))
    }
}

impl<S: Scalar> System for CoefficientSystem<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        self.errors.family.blocks()
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.errors.family.natural_size(block)
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        // Of the operators of e_j^m, with e_0^m = δ_{m0}; zero where there is none.
        self.errors
            .rhs(t, y, dydt, |(operators, further), (j, m), e, out| {
                add_operators(operators, 1.0, (j, m), e, out)?;
                for term in further.terms() {
                    let c = term.factor();
                    if let Some(m) = m.checked_sub(term.power().exponent()) {
                        add_operators(term.operators(), c, (j, m), e, out)?;
                    }
                    if let Some(lower) = e(j - 1, m - 1) {
                        term.add_drift(S::from_re(c), j, lower, out)?;
                    }
                }
                Ok(())
            })
            .expect("members are as long as their tensors");
    }
}

/// `out += c·(∂t e_j^m)` by the operators of one term, from the e_j^m that there are.
fn add_operators<S: Scalar>(
    ops: &mut Operators<'_, S>,
    c: f64,
    (j, m): (usize, usize),
    e: Member<'_, '_, S>,
    out: &mut [S],
) -> Result<(), HierarchyError> {
    let one = S::from_re(c);
    if let Some(own) = e(j, m) {
        ops.add_k(one, j, own, out)?;
        ops.add_delta(one, j, own, out)?;
    }
    if let Some(above) = e(j + 1, m) {
        ops.add_c(one, j, above, out)?;
    }
    // The sources: one order below.
    let Some(below) = m.checked_sub(1) else {
        return Ok(());
    };
    if let Some(same) = e(j, below) {
        ops.add_t(one, j, same, out)?;
        ops.add_r(one, j, same, out)?;
    }
    if let Some(above) = e(j + 1, below) {
        ops.add_c(S::from_re(-(j as f64) * c), j, above, out)?;
    }
    if let Some(lower) = e(j - 1, below) {
        ops.add_gamma(one, j, lower, out)?;
    }
    if j >= 2
        && let Some(lowest) = e(j - 2, below)
    {
        ops.add_s(one, j, lowest, out)?;
    }
    Ok(())
}

/// F and every e_j^m at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficients<S> {
    f: Vec<S>,
    e: BTreeMap<(usize, usize), Vec<S>>,
    order: usize,
}

impl<S: Scalar> Coefficients<S> {
    /// The mean field F.
    #[must_use]
    pub fn one_body(&self) -> &[S] {
        &self.f
    }

    /// The highest order n.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// e_j^m, packed, 1 ≤ j ≤ 2m and m ≤ n; `None` elsewhere: below that it is
    /// zero (but for e_0^0 = 1), above not known.
    #[must_use]
    pub fn coefficient(&self, j: usize, m: usize) -> Option<&[S]> {
        self.e.get(&(j, m)).map(Vec::as_slice)
    }

    /// All e_j^m by (j, m), packed.
    #[must_use]
    pub fn coefficients(&self) -> &BTreeMap<(usize, usize), Vec<S>> {
        &self.e
    }

    /// f_{j,m}, the coefficient of N^{−m} in F_j = Σ_K \[F\]^{⊗K} E_{J∖K} (19), (109):
    /// Σ_i F^{⊗(j−i)} ⊙ e_i^m, packed.
    ///
    /// # Errors
    /// [`HierarchyError::Degree`] for a j above that of `layout`; [`HierarchyError::Length`]
    /// for a layout over another dimension.
    pub fn marginal_coefficient(
        &self,
        layout: &SymmetricLayout,
        j: usize,
        m: usize,
    ) -> Result<Vec<S>, HierarchyError> {
        let mut family = vec![vec![S::from_re(f64::from(u8::from(m == 0)))]];
        family.extend((1..=j.min(2 * m)).map_while(|i| self.e.get(&(i, m)).cloned()));
        marginal_from_errors(layout, &self.f, j, &family)
    }

    /// The truncation Σ_{m≤n} N^{−m} f_{j,m}, packed: within O(N^{−n−1}) of F_j.
    ///
    /// # Errors
    /// [`ExpansionError::TooFewParticles`] when N < j: there is no F_j; those of
    /// [`marginal_coefficient`](Self::marginal_coefficient).
    pub fn marginal(
        &self,
        layout: &SymmetricLayout,
        j: usize,
        particles: usize,
    ) -> Result<Vec<S>, ExpansionError> {
        require_particles(j, particles)?;
        let mut out = self.marginal_coefficient(layout, j, 0)?;
        for m in 1..=self.order {
            let weight = (particles as f64).powi(-(m as i32));
            for (x, y) in out.iter_mut().zip(self.marginal_coefficient(layout, j, m)?) {
                *x += y.scaled(weight);
            }
        }
        Ok(out)
    }
}

/// e_j^m(0) of a start by (j, m), for the orders m ≤ `order` (1 ≤ j ≤ 2m): what
/// [`solve`] and [`crate::recursion::solve`] take as initial data. Empty for F^{⊗N}.
///
/// # Errors
/// [`ExpansionError::Model`] when the start does not fit the model;
/// [`ExpansionError::TooLarge`] when a tensor of degree 2·order cannot be indexed.
pub fn initial_errors<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
) -> Result<BTreeMap<(usize, usize), Vec<S>>, ExpansionError> {
    start.check(model)?;
    if matches!(start, Start::Product { .. }) {
        return Ok(BTreeMap::new());
    }
    let dimension = model.space().dimension();
    let plan = Plan::new::<S>(dimension, order, 2 * order, usize::MAX)?;
    let unknowns = initial_cumulants(&plan, start)?;
    let series = Cumulants::new(&plan, &unknowns).correlation_errors(2 * order);
    let term = |(j, m): (usize, usize)| ((j, m), series[j].term(m).to_vec());
    Ok(members(order).map(term).collect())
}

/// Solves for all coefficients up to `order` from F and e_j^m(0) at `times[0]`
/// and calls `output(k, coefficients)` at each `times[k]`; `observer` is called after
/// every step and stops the solve by returning `false`.
///
/// # Errors
/// As [`CoefficientSystem::new`] and [`CoefficientSystem::start`];
/// [`ExpansionError::Ode`]; whatever `output` returns.
pub fn solve<S, E>(
    model: &dyn Model<Scalar = S>,
    order: usize,
    f: &[S],
    initial: &BTreeMap<(usize, usize), Vec<S>>,
    times: &[f64],
    options: &Options,
    observer: impl FnMut(&Progress) -> bool,
    mut output: impl FnMut(usize, Coefficients<S>) -> Result<(), E>,
) -> Result<Statistics, E>
where
    S: Scalar,
    E: From<ExpansionError>,
{
    let mut system = CoefficientSystem::new(model, order)?;
    let y = system.start(f, initial)?;
    let read = system.reader();
    integrate_for(&mut system, y, times, options, observer, |k, y| {
        output(k, read(y))
    })
}
