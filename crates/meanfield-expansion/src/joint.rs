//! Joint cumulants and joint moments of a few one-body observables, without
//! tensors of the degree of the moment.
//!
//! With a = Σ_k s_k a_k and G_j the connected cumulants,
//!
//! ```math
//! \sum_j \frac{1}{j!} \mean{F_j, a^{\otimes j}} = \exp \sum_i \frac{1}{i!} \mean{G_i, a^{\otimes i}},
//! ```
//!
//! so ⟨F_j, a_1^{⊗m_1} ⊗ a_2^{⊗m_2} ⊗ …⟩, j = Σ m_k, is Πm_k! times the coefficient of Πs_k^{m_k}
//! (theory: section 3 (c)). With κ(β) = ⟨G_{|β|}, ⊗ a_k^{⊗β_k}⟩ the derivative by one s_k gives
//!
//! ```math
//! M(m) = \sum_\beta \binom{m_k - 1}{\beta_k - 1} \prod_{i \ne k} \binom{m_i}{\beta_i}\,
//!   \kappa(\beta)\, M(m - \beta), \qquad M(0) = 1,
//! ```
//!
//! over the β ≤ m with β_k ≥ 1 and |β| ≤ n+1.
//!
//! # Validity
//! The first cumulant left out, G_{n+2} = O(N^{−n−1}), enters in binom(j, n+2)
//! ways: for ⟨F, a⟩ ≠ 0 the relative error of [`JointCumulants::moment`] is of
//! order j^{n+2}/N^{n+1}. The mean field alone is good for j ≪ √N, order n for j ≪
//! N^{(n+1)/(n+2)}. Coefficient by coefficient, [`JointCumulants::moment_series`],
//! the terms are of order (j²/N)^m: that needs j ≪ √N at every order.
//!
//! ```
//! use meanfield_abstract::{Start, problems};
//! use meanfield_expansion::{ExpansionError, Settings, solve};
//!
//! // How likely is it that 8 people out of 50 are all susceptible?
//! let model = problems::sis()?;
//! let start = Start::Product { f: vec![0.4, 0.6] };
//! let mut found = Vec::new();
//! solve(&model, &start, &Settings::new(2, vec![0.0, 1.0]), |_, cumulants| {
//!     let susceptible = cumulants.joint_cumulants(&[&[1.0, 0.0]])?;
//!     found = vec![
//!         susceptible.truncated(0).moment(50, &[8])?.value(),
//!         susceptible.moment(50, &[8])?.value(),
//!     ];
//!     Ok::<(), ExpansionError>(())
//! })?;
//! let exact = meanfield_exact::solve(&model, &start, 50, &[1.0], 8, None)?;
//! let exact = exact.marginal(0, 8).ok_or("no F_8")?[0];
//! assert!((found[0] / exact - 1.0).abs() > 0.01); // the mean field: 0.38390743^8
//! assert!((found[1] / exact - 1.0).abs() < 1e-3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod number;
mod recursion;

use meanfield_abstract::ModelError;
use meanfield_tensor::{Scalar, SymmetricLayout, packed_len};

use self::number::{binary_exponent, times_power_of_two};
use self::recursion::{moments, require_memory};
use crate::ExpansionError;
use crate::cumulants::Cumulants;
use crate::family::require_particles;

pub use self::number::JointMoment;

/// The joint cumulants ⟨g_{j,l}, ⊗_k a_k^{⊗β_k}⟩, |β| = j, of observables a_1, a_2, …
#[derive(Debug, Clone, PartialEq)]
pub struct JointCumulants<S> {
    order: usize,
    /// a_k was divided by 2^{scales\[k\]}: powers of it stay in range.
    scales: Vec<i64>,
    /// β, and by l = 0, 1, … the coefficient of N^{1−|β|−l}.
    terms: Vec<(Vec<usize>, Vec<S>)>,
}

impl<S: Scalar> Cumulants<'_, S> {
    /// The joint cumulants of the one-body observables `observables`, each a
    /// functional of D numbers in engine coordinates
    /// ([`Observable::first`](meanfield_abstract::Observable)).
    ///
    /// Cost for r observables: r contractions of every g_{j,l}, D·len(j−1)
    /// each, and fewer of what is left of it; binom(n+1+r, r)·(n+1) numbers.
    ///
    /// # Errors
    /// [`ExpansionError::Model`] for a functional of another length than D or
    /// an entry that is not finite; [`ExpansionError::JointMemory`] for more
    /// observables than fit.
    pub fn joint_cumulants(
        &self,
        observables: &[&[S]],
    ) -> Result<JointCumulants<S>, ExpansionError> {
        let d = self.layout().dimension();
        // binom(n+1+r, r) of them: each n+1 numbers at most, and r exponents.
        let r = observables.len();
        let count = packed_len(r + 1, self.order() + 1);
        let each = (r + 3) * size_of::<usize>() + (self.order() + 4) * size_of::<S>();
        let bytes = count.and_then(|count| count.checked_mul(each));
        require_memory(r, bytes.unwrap_or(usize::MAX))?;
        let mut scaled = Vec::with_capacity(observables.len());
        let mut scales = Vec::with_capacity(observables.len());
        for (k, a) in observables.iter().enumerate() {
            let array = format!("observable {k}");
            if a.len() != d {
                return Err(ExpansionError::Model(ModelError::Shape {
                    array,
                    found: vec![a.len()],
                    expected: format!("({d},)"),
                }));
            }
            if let Some(index) = a.iter().position(|x| !x.finite()) {
                return Err(ExpansionError::Model(ModelError::NotFinite {
                    array,
                    index: vec![index],
                    found: a[index].to_string(),
                }));
            }
            let size = a.iter().map(|x| x.modulus()).fold(0.0, f64::max);
            let scale = binary_exponent(size);
            scaled.push(a.iter().map(|&x| times_power_of_two(x, -scale)).collect());
            scales.push(scale);
        }
        let mut terms: Vec<(Vec<usize>, Vec<S>)> = Vec::new();
        for j in 1..=self.order() + 1 {
            let first = terms.len();
            for l in 0..=self.order() + 1 - j {
                let Some(g) = self.get(j, l) else { break };
                // The β of one degree come in the same order for every l.
                let mut next = first;
                let mut beta = vec![0; scaled.len()];
                contract(
                    self.layout(),
                    &scaled,
                    0,
                    (j, g),
                    &mut beta,
                    &mut |beta, value| {
                        if l == 0 {
                            terms.push((beta.to_vec(), Vec::new()));
                        }
                        terms[next].1.push(value);
                        next += 1;
                    },
                );
            }
        }
        Ok(JointCumulants {
            order: self.order(),
            scales,
            terms,
        })
    }
}

/// Every contraction of a symmetric tensor of degree j with j of the
/// observables `from`, `from`+1, …, with repetitions.
fn contract<S: Scalar>(
    layout: &SymmetricLayout,
    observables: &[Vec<S>],
    from: usize,
    (j, tensor): (usize, &[S]),
    beta: &mut [usize],
    visit: &mut impl FnMut(&[usize], S),
) {
    if j == 0 {
        return visit(beta, tensor[0]);
    }
    for k in from..observables.len() {
        let rest = layout.contract(j, &observables[k], tensor);
        beta[k] += 1;
        contract(layout, observables, k, (j - 1, &rest), beta, visit);
        beta[k] -= 1;
    }
}

impl<S: Scalar> JointCumulants<S> {
    /// Order n: cumulants g_{j,l} with j−1+l ≤ n.
    #[must_use]
    pub fn order(&self) -> usize {
        self.order
    }

    /// Only what belongs to orders up to `order`.
    #[must_use]
    pub fn truncated(&self, order: usize) -> Self {
        let order = order.min(self.order);
        let kept = self.terms.iter().filter_map(|(beta, values)| {
            let degree: usize = beta.iter().sum();
            let known = (order + 1).checked_sub(degree)? + 1;
            Some((beta.clone(), values[..known].to_vec()))
        });
        Self {
            order,
            scales: self.scales.clone(),
            terms: kept.collect(),
        }
    }

    /// ⟨F_j, a_1^{⊗m_1} ⊗ a_2^{⊗m_2} ⊗ …⟩ for N = `particles`, with `powers` = (m_1, m_2,
    /// …), from G_i = Σ_{l≤n+1−i} N^{1−i−l} g_{i,l}; in the units of Πa_k^{m_k}.
    ///
    /// Cost: one product for each of the Π(m_k + 1) moments below it and each
    /// cumulant: j·(n+1) for a power of one observable. For the accuracy see the
    /// head of the module: it is lost for j beyond N^{(n+1)/(n+2)}.
    ///
    /// # Errors
    /// [`ExpansionError::TooFewParticles`] when N < j;
    /// [`ExpansionError::Model`] unless there is one power for each observable;
    /// [`ExpansionError::JointMemory`] for many powers that are all high.
    pub fn moment(
        &self,
        particles: usize,
        powers: &[usize],
    ) -> Result<JointMoment<S>, ExpansionError> {
        self.require_powers(powers)?;
        let degree = powers
            .iter()
            .fold(0, |sum: usize, &m| sum.saturating_add(m));
        require_particles(degree, particles)?;
        let x = 1.0 / particles as f64;
        let at = |(beta, values): &(Vec<usize>, Vec<S>)| {
            let degree: usize = beta.iter().sum();
            let zero = S::from_re(0.0);
            let sum = values.iter().rev().fold(zero, |sum, &v| v + sum.scaled(x));
            (beta.clone(), vec![sum.scaled(x.powi(degree as i32 - 1))])
        };
        let cumulants: Vec<_> = self.terms.iter().map(at).collect();
        let (value, exponent) = moments(&cumulants, powers, 1)?;
        Ok(JointMoment::new(value[0], exponent + self.scale(powers)))
    }

    /// The coefficients of N^{−m}, m ≤ n, of the same: what
    /// [`Cumulants::marginals`] gives for small j, at a cost that grows like j
    /// and not like D^j. For N ≫ j² only.
    ///
    /// # Errors
    /// [`ExpansionError::Model`] unless there is one power for each observable;
    /// [`ExpansionError::JointMemory`] for many powers that are all high.
    pub fn moment_series(&self, powers: &[usize]) -> Result<Vec<S>, ExpansionError> {
        self.require_powers(powers)?;
        let shifted = |(beta, values): &(Vec<usize>, Vec<S>)| {
            let degree: usize = beta.iter().sum();
            let mut series = vec![S::from_re(0.0); degree - 1];
            series.extend(values);
            (beta.clone(), series)
        };
        let cumulants: Vec<_> = self.terms.iter().map(shifted).collect();
        let (series, exponent) = moments(&cumulants, powers, self.order + 1)?;
        let exponent = exponent + self.scale(powers);
        let each = series.iter().map(|&c| times_power_of_two(c, exponent));
        Ok(each.collect())
    }

    /// The power of two that the scaled observables leave out.
    fn scale(&self, powers: &[usize]) -> i64 {
        let each = self.scales.iter().zip(powers);
        each.map(|(&scale, &m)| scale * m as i64).sum()
    }

    fn require_powers(&self, powers: &[usize]) -> Result<(), ExpansionError> {
        if powers.len() == self.scales.len() {
            return Ok(());
        }
        Err(ExpansionError::Model(ModelError::Shape {
            array: "powers".to_owned(),
            found: vec![powers.len()],
            expected: format!("({},), one for each observable", self.scales.len()),
        }))
    }
}
