//! Which arrays result.npz will hold, how large they are, and which of them
//! the limit leaves out.

use crate::arrays::Kind;
use crate::config::{Config, Method};

/// What a large array holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// f_j_m.
    Coefficient {
        /// Particles.
        j: usize,
        /// Power of 1/N.
        m: usize,
    },
    /// F_j_N.
    AtN {
        /// Particles of the marginal.
        j: usize,
        /// N.
        n: usize,
    },
    /// g_j_l.
    Cumulant {
        /// Degree.
        j: usize,
        /// Power of 1/N beyond the leading one.
        l: usize,
    },
    /// e_j_m.
    Error {
        /// Degree.
        j: usize,
        /// Power of 1/N.
        m: usize,
    },
    /// E_j_k_N.
    Recursion {
        /// Degree.
        j: usize,
        /// Power of N^{−1/2}.
        k: usize,
        /// N.
        n: usize,
    },
    /// exact_j_N.
    Exact {
        /// Particles of the marginal.
        j: usize,
        /// N.
        n: usize,
    },
}

impl What {
    /// The name in result.npz.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Coefficient { j, m } => format!("f_{j}_{m}"),
            Self::AtN { j, n } => format!("F_{j}_N{n}"),
            Self::Cumulant { j, l } => format!("g_{j}_{l}"),
            Self::Error { j, m } => format!("e_{j}_{m}"),
            Self::Recursion { j, k, n } => format!("E_{j}_{k}_N{n}"),
            Self::Exact { j, n } => format!("exact_{j}_N{n}"),
        }
    }

    /// The number of particles' axes.
    pub(crate) fn degree(self) -> usize {
        match self {
            Self::Coefficient { j, .. }
            | Self::AtN { j, .. }
            | Self::Cumulant { j, .. }
            | Self::Error { j, .. }
            | Self::Recursion { j, .. }
            | Self::Exact { j, .. } => j,
        }
    }
}

/// A large array.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    /// What it holds.
    pub(crate) what: What,
    /// Its size.
    pub(crate) bytes: u64,
}

/// The large arrays of a run.
#[derive(Debug, Clone)]
pub(crate) struct OutputPlan {
    /// Output times.
    pub(crate) times: Vec<f64>,
    /// The N with an exact solution.
    pub(crate) exact: Vec<usize>,
    /// D.
    pub(crate) dimension: usize,
    /// The element type.
    pub(crate) kind: Kind,
    /// Arrays that are written.
    pub(crate) written: Vec<Planned>,
    /// Arrays above the limit.
    pub(crate) omitted: Vec<Planned>,
}

impl OutputPlan {
    /// The arrays of a configuration for a model of dimension D.
    pub(crate) fn new(config: &Config, exact: Vec<usize>, dimension: usize, complex: bool) -> Self {
        let times = if config.output.last_only {
            vec![config.time.end]
        } else {
            config.time.grid()
        };
        let kind = if complex { Kind::Complex } else { Kind::Real };
        let mut outputs = Self {
            times,
            exact,
            dimension,
            kind,
            written: Vec::new(),
            omitted: Vec::new(),
        };
        for what in arrays(config, &outputs.exact) {
            let bytes = outputs.bytes(what.degree());
            // numpy arrays have at most 32 axes.
            let fits = bytes <= config.output.limit && what.degree() < 32;
            let list = if fits {
                &mut outputs.written
            } else {
                &mut outputs.omitted
            };
            list.push(Planned { what, bytes });
        }
        outputs
    }

    /// Bytes of an array of that degree; the largest number when it cannot be
    /// counted.
    fn bytes(&self, degree: usize) -> u64 {
        let entries = (self.dimension as u64).checked_pow(degree as u32);
        entries
            .and_then(|n| n.checked_mul(self.times.len() as u64))
            .and_then(|n| n.checked_mul(self.kind.bytes()))
            .unwrap_or(u64::MAX)
    }

    /// Bytes of all arrays that are written.
    pub(crate) fn total(&self) -> u64 {
        self.written.iter().map(|planned| planned.bytes).sum()
    }

    /// Bytes of one time slice of the largest array written.
    pub(crate) fn largest_slice(&self) -> u64 {
        let largest = self.written.iter().map(|planned| planned.bytes).max();
        largest.unwrap_or(0) / self.times.len().max(1) as u64
    }
}

fn arrays(config: &Config, exact: &[usize]) -> Vec<What> {
    let expansion = &config.expansion;
    let order = expansion.order;
    let mut out = Vec::new();
    for &j in &expansion.marginals {
        match expansion.method {
            Method::Recursion => {
                if j == 1 {
                    out.push(What::Coefficient { j, m: 0 });
                }
            }
            _ => out.extend((0..=order).map(|m| What::Coefficient { j, m })),
        }
        out.extend(config.particles.iter().map(|&n| What::AtN { j, n }));
        out.extend(exact.iter().map(|&n| What::Exact { j, n }));
    }
    match expansion.method {
        Method::Cumulants if config.output.cumulants => {
            // g_{1,0} is F, and written.
            for j in 1..=order + 1 {
                let first = usize::from(j == 1);
                out.extend((first..=order + 1 - j).map(|l| What::Cumulant { j, l }));
            }
        }
        Method::Cumulants | Method::Bogoliubov => {}
        Method::Coefficients => {
            for m in 1..=order {
                out.extend((1..=2 * m).map(|j| What::Error { j, m }));
            }
        }
        Method::Recursion => {
            for &n in &config.particles {
                for j in 1..=n.min(2 * order) {
                    let even = (0..=2 * order - j).filter(|k| (j + k) % 2 == 0);
                    out.extend(even.map(|k| What::Recursion { j, k, n }));
                }
            }
        }
    }
    out
}
