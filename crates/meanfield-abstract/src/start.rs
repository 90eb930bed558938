//! The N-body state at t = 0, as the expansion and the exact solution need it.

use std::collections::BTreeMap;

use meanfield_tensor::{Scalar, SymmetricLayout};

use crate::{Model, ModelError};

/// An initial N-body state, given for every N at once.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Start<S> {
    /// F^{⊗N}: independent particles.
    Product {
        /// The one-body state F, trace 1.
        f: Vec<S>,
    },
    /// Exactly N·F\[a\] particles in state a, in random order: the usual
    /// 'deterministic' start of a population. Classical models only.
    FixedCounts {
        /// The fractions, which sum to 1.
        f: Vec<S>,
    },
    /// Cumulants G_j = N^{1−j} Σ_l N^{−l} g_{j,l} given explicitly.
    Cumulants {
        /// g_{1,0}, the one-body state at N → ∞.
        f: Vec<S>,
        /// The others, packed by a [`SymmetricLayout`] of dimension D, by (j, l); what
        /// is not listed is zero.
        g: BTreeMap<(usize, usize), Vec<S>>,
    },
}

impl<S: Scalar> Start<S> {
    /// The one-body state at N → ∞, g_{1,0}.
    #[must_use]
    pub fn one_body(&self) -> &[S] {
        match self {
            Self::Product { f } | Self::FixedCounts { f } | Self::Cumulants { f, .. } => f,
        }
    }

    /// The occupation numbers N·F\[a\] of a fixed-count start.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] when some N·F\[a\] is not an integer.
    pub fn counts(&self, n: usize) -> Result<Vec<usize>, ModelError> {
        let scaled = self.one_body().iter().map(|x| x.re() * n as f64);
        scaled
            .enumerate()
            .map(|(a, x)| {
                let nearest = x.round();
                if (x - nearest).abs() > 1e-9 * n as f64 || nearest < 0.0 {
                    return Err(ModelError::Parameter {
                        key: "N",
                        found: format!("{n}, which puts {x} particles in state {a}"),
                        expected: "an N for which N·F[a] is an integer in every state \
                                   (fixed counts)"
                            .to_owned(),
                    });
                }
                Ok(nearest as usize)
            })
            .collect()
    }

    /// Checks that the start fits the model: lengths, and the zero-trace law
    /// Tr^i g_{j,l} = 0 of explicit cumulants.
    ///
    /// # Errors
    /// [`ModelError`] naming the array that does not fit.
    pub fn check<M: Model<Scalar = S> + ?Sized>(&self, model: &M) -> Result<(), ModelError> {
        let space = model.space();
        let d = space.dimension();
        if self.one_body().len() != d {
            return Err(ModelError::Shape {
                array: "F".to_owned(),
                found: vec![self.one_body().len()],
                expected: format!("({d},)"),
            });
        }
        match self {
            Self::FixedCounts { .. } if model.capabilities().basis.levels().is_some() => {
                Err(ModelError::Parameter {
                    key: "start",
                    found: "\"fixed-counts\" for a quantum model".to_owned(),
                    expected: "\"product\": occupation numbers are a classical start".to_owned(),
                })
            }
            Self::Cumulants { g, .. } => {
                let highest = g.keys().map(|&(j, _)| j).max().unwrap_or(1);
                let layout = SymmetricLayout::new(d, highest)?;
                let size = |x: &[S]| x.iter().map(|x| x.modulus()).fold(0.0, f64::max);
                let one_body = size(self.one_body());
                for (&(j, l), values) in g {
                    let array = format!("g_{j}_{l}");
                    if j == 0 || (j, l) == (1, 0) || values.len() != layout.len(j) {
                        return Err(ModelError::Shape {
                            array,
                            found: vec![values.len()],
                            expected: format!(
                                "a symmetric tensor of degree j ≥ 1 over {d} states other than \
                                 g_1_0, which is F"
                            ),
                        });
                    }
                    // A cumulant that vanishes but for rounding, as one computed to an
                    // earlier time may, is measured against F^{⊗j}.
                    let allowed = 1e-10 * size(values).max(one_body.powi(j as i32));
                    let found = size(&layout.contract(j, space.trace(), values));
                    if found > allowed {
                        return Err(ModelError::TraceNotKept {
                            array,
                            column: Vec::new(),
                            found,
                            allowed,
                        });
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
