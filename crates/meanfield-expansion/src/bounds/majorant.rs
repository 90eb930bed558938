//! The scalar hierarchy that majorises the norms of E_j − Ê_j, integrated beside
//! the coefficients it is made from.

use std::collections::BTreeMap;

use meanfield_abstract::Model;
use meanfield_hierarchy::{Constants, OperatorNorms, Operators};
use meanfield_ode::System;
use meanfield_tensor::{Norm, Scalar};

use super::residual::{Measured, measure};
use super::{LARGEST_DEGREE, LEFT_BY_STEPS, Settings};
use crate::ExpansionError;
use crate::coefficients::{CoefficientSystem, Coefficients};

/// u_j starts with its cap 2^j times so much for every degree below the closure, in place of
/// 0: a larger start is a bound too, and has a logarithm, which is what is integrated. The u_j
/// grow as t^{J−j} to 2^j, and their logarithms by a few units.
const BELOW_CLOSURE: f64 = 0.125;

/// The same, in units of N^{−n−1} 2^{−j}: a bound has no digit beyond it.
const LEAST: f64 = 1e-6;

/// Bounds at one N and one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The number of particles.
    pub particles: usize,
    /// u_j ≥ ‖E_j − Ê_j‖, j = 0, 1, …, as many as were integrated.
    pub errors: Vec<f64>,
    /// Σ_i binom(j, i) ‖F‖^{j−i} u_i ≥ ‖F_j − F_j^{N,n}‖ for j = 0 … `marginals`.
    pub majorant: Vec<f64>,
    /// What floating-point integration may have left, estimated: for each j,
    /// [`LEFT_BY_STEPS`] tolerances of the size of F_j and of the majorant.
    pub numerical: Vec<f64>,
}

impl Bound {
    /// The bound on ‖F_j − F_j^{N,n}‖: the majorant and what integration leaves; `None`
    /// above the highest marginal asked for.
    #[must_use]
    pub fn value(&self, j: usize) -> Option<f64> {
        Some(self.majorant.get(j)? + self.numerical.get(j)?)
    }
}

/// Whether ‖F_j‖ ≤ 1 at all times, hence ‖E_j‖ ≤ 2^j.
pub(super) fn is_closed<S: Scalar>(model: &dyn Model<Scalar = S>) -> bool {
    match model.space().norm() {
        Norm::L1 => model.capabilities().keeps_positivity,
        Norm::Trace { .. } => true,
        _ => false,
    }
}

/// How many u_j are integrated for each N.
pub(super) fn degrees<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    settings: &Settings,
) -> Result<Vec<usize>, ExpansionError> {
    let least = (2 * settings.order + 2).max(settings.marginals);
    let degree = |&n: &usize| match is_closed(model) {
        true => Ok(n.min(settings.degree.max(least)).min(LARGEST_DEGREE)),
        false if n <= LARGEST_DEGREE => Ok(n),
        false => Err(ExpansionError::NoClosure {
            particles: n,
            limit: LARGEST_DEGREE,
        }),
    };
    settings.particles.iter().map(degree).collect()
}

/// F, e_j^m and, for every N, ln u_1 … ln u_J as one system: the blocks of the
/// coefficients, then one for each u_j.
pub(super) struct Majorant<'a, S: Scalar, A> {
    coefficients: CoefficientSystem<'a, S>,
    operators: Operators<'a, S>,
    norms: OperatorNorms<S>,
    read: Box<dyn Fn(&[S]) -> Coefficients<S> + 'a>,
    sharpen: A,
    numbers: Vec<(usize, usize)>,
    closed: bool,
    order: usize,
    marginals: usize,
    tolerance: f64,
    blocks: Vec<usize>,
    /// Blocks and unknowns of the coefficients.
    own: (usize, usize),
}

impl<'a, S: Scalar, A: FnMut(&mut Measured)> Majorant<'a, S, A> {
    pub(super) fn new(
        model: &'a dyn Model<Scalar = S>,
        settings: &Settings,
        degrees: Vec<usize>,
        norms: OperatorNorms<S>,
        sharpen: A,
    ) -> Result<Self, ExpansionError> {
        let coefficients = CoefficientSystem::new(model, settings.order)?;
        let mut blocks = coefficients.blocks().to_vec();
        let own = (blocks.len(), blocks.iter().sum());
        blocks.extend(std::iter::repeat_n(1, degrees.iter().sum()));
        Ok(Self {
            read: Box::new(coefficients.reader()),
            coefficients,
            operators: Operators::new(model, 2 * settings.order + 2)?,
            norms,
            sharpen,
            numbers: settings.particles.iter().copied().zip(degrees).collect(),
            closed: is_closed(model),
            order: settings.order,
            marginals: settings.marginals,
            tolerance: settings.tolerance,
            blocks,
            own,
        })
    }

    /// Independent particles: no correlations, so Ê_j = E_j = 0, and u_j may be as small as one
    /// likes.
    pub(super) fn start(&mut self, f: &[S]) -> Result<Vec<S>, ExpansionError> {
        let mut y = self.coefficients.start(f, &BTreeMap::new())?;
        for &(particles, degree) in &self.numbers {
            let least = LEAST * (particles as f64).powi(-(self.order as i32 + 1));
            let at_start = |j: usize| {
                let least = least * 0.5_f64.powi(j as i32);
                let below = BELOW_CLOSURE.powi((degree + 1 - j) as i32);
                // Degree N has nothing above it, and needs no closure.
                match self.closed && degree < particles {
                    true => least.max(2.0_f64.powi(j as i32) * below),
                    false => least,
                }
            };
            y.extend((1..=degree).map(|j| S::from_re(at_start(j).ln())));
        }
        Ok(y)
    }

    /// The norms at these unknowns.
    fn measured(&mut self, y: &[S]) -> Result<Measured, ExpansionError> {
        let at = (self.read)(&y[..self.own.1]);
        let mut found = measure(&mut self.operators, &self.norms, &at)?;
        (self.sharpen)(&mut found);
        Ok(found)
    }

    /// The bounds at these unknowns.
    pub(super) fn bounds(&mut self, y: &[S]) -> Result<Vec<Bound>, ExpansionError> {
        let measured = self.measured(y)?;
        let mut rest = &y[self.own.1..];
        let mut out = Vec::with_capacity(self.numbers.len());
        for &(particles, degree) in &self.numbers {
            let caps = caps(&measured, particles, degree, self.closed);
            let mut errors = vec![0.0];
            for (u, cap) in rest[..degree].iter().zip(&caps[1..]) {
                errors.push(u.re().exp().min(*cap));
            }
            rest = &rest[degree..];
            let f = measured.constants.state;
            let (mut majorant, mut numerical) = (Vec::new(), Vec::new());
            for j in 0..=self.marginals {
                let mut sum = 0.0;
                let mut ways = 1.0;
                for (i, u) in errors.iter().enumerate().take(j + 1) {
                    sum += ways * f.powi((j - i) as i32) * u;
                    ways *= (j - i) as f64 / (i + 1) as f64;
                }
                let size = j as f64 * f.max(1.0).powi(j as i32);
                majorant.push(sum);
                numerical.push(LEFT_BY_STEPS * self.tolerance * (size + sum));
            }
            out.push(Bound {
                particles,
                errors,
                majorant,
                numerical,
            });
        }
        Ok(out)
    }
}

/// The largest that u_0 … u_{J+1} need be: ‖E_j‖ + ‖Ê_j‖ with ‖E_j‖ ≤ 2^j; infinite
/// where that is not known.
fn caps(measured: &Measured, particles: usize, degree: usize, closed: bool) -> Vec<f64> {
    let n = particles as f64;
    let cap = |j: usize| {
        if !closed {
            return f64::INFINITY;
        }
        let terms = measured.terms.get(j).into_iter().flatten();
        let kept = terms.enumerate().map(|(m, x)| x * n.powi(-(m as i32)));
        2.0_f64.powi(j as i32) + kept.sum::<f64>()
    };
    (0..=degree + 1).map(cap).collect()
}

/// u' at one N; `u[j−1]` is u_j. Beyond its cap u_j is a bound whatever it does, and
/// stops growing.
fn slopes(
    constants: &Constants,
    source: impl Fn(usize) -> f64,
    particles: usize,
    caps: &[f64],
    u: &[f64],
    mut write: impl FnMut(usize, f64),
) {
    let value = |j: usize| match j {
        0 => 0.0,
        // Without a cap the last degree is N, where nothing comes from above.
        _ if j > u.len() => {
            if caps[j].is_finite() {
                caps[j]
            } else {
                0.0
            }
        }
        _ => u[j - 1].min(caps[j]),
    };
    for j in 1..=u.len() {
        let mut rate = constants.h(j, particles) * u[j - 1] + source(j);
        if j < particles {
            rate += constants.d_up(j, particles) * value(j + 1);
        }
        if j >= 2 {
            rate += constants.d_down(j, particles) * value(j - 1);
            rate += constants.d_down2(j, particles) * value(j - 2);
        }
        let room = (2.0 - u[j - 1] / caps[j]).clamp(0.0, 1.0);
        write(j, rate * room);
    }
}

impl<S: Scalar, A: FnMut(&mut Measured)> System for Majorant<'_, S, A> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn natural_size(&self, block: usize) -> f64 {
        match block < self.own.0 {
            true => self.coefficients.natural_size(block),
            false => 1.0,
        }
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        let end = self.own.1;
        self.coefficients.rhs(t, &y[..end], &mut dydt[..end]);
        let Ok(measured) = self.measured(y) else {
            // Singular values of what is not finite: the integrator takes a
            // shorter step, or says that the solution blows up.
            return dydt.fill(S::from_re(f64::NAN));
        };
        let (mut rest, mut out) = (&y[end..], &mut dydt[end..]);
        for &(particles, degree) in &self.numbers {
            let (u, tail) = rest.split_at(degree);
            let (own, others) = out.split_at_mut(degree);
            let u: Vec<f64> = u.iter().map(|x| x.re().exp()).collect();
            let caps = caps(&measured, particles, degree, self.closed);
            let scale = (particles as f64).powi(-(self.order as i32 + 1));
            let source = |j: usize| scale * measured.residual.get(j).copied().unwrap_or(0.0);
            slopes(&measured.constants, source, particles, &caps, &u, |j, x| {
                own[j - 1] = S::from_re(x / u[j - 1]);
            });
            (rest, out) = (tail, others);
        }
    }
}
