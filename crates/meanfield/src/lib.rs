//! Mean-field limits and their 1/N corrections for interacting particles,
//! classical and quantum,
//!
//! ```math
//! \partial_t F^N = \sum_i K_i F^N + \frac{1}{N} \sum_{i<j} V_{ij} F^N, \qquad
//! F_j(t) = \sum_{m \le n} N^{-m} f_{j,m}(t) + O(N^{-n-1}).
//! ```
//!
//! This crate re-exports the layers; each can be depended on alone.
//!
//! | layer | what it holds |
//! |---|---|
//! | [`tensor`] | packed symmetric tensors, partial traces, norms, linear algebra |
//! | [`ode`] | time stepping |
//! | [`abstract_model`] | the trait `Model`, its checks, models given by arrays, starts, observables |
//! | [`models`] | finite-level quantum systems, Hartree on grids, Kac collisions, soft spheres |
//! | [`exact`] | exact N-body evolution in the symmetric subspace, closed forms |
//! | [`hierarchy`] | mean-field flow, BBGKY, correlation errors and their operators |
//! | [`expansion`] | the 1/N expansion in three forms, a factored one for pure starts on a grid, observables, estimates |
//!
//! # Features
//! None is on by default.
//!
//! * `lapack`: linear algebra by the system's OpenBLAS, which must be installed,
//!   instead of pure Rust.
//! * `serde`: plain types (snapshots of an integration, series) are written and read by serde.
//!
//! # From a model to corrected marginals
//!
//! ```
//! use meanfield::prelude::*;
//!
//! // Susceptible and infected; meeting pairs infect at rate 1/N.
//! let model = problems::sis()?;
//! let start = Start::Product { f: vec![0.4, 0.6] };
//!
//! // The mean field and two corrections at t = 1.
//! let mut series = None;
//! solve(&model, &start, &Settings::new(2, vec![0.0, 1.0]), |_, cumulants| {
//!     series = Some(cumulants.marginals(1).swap_remove(1));
//!     Ok::<(), ExpansionError>(())
//! })?;
//! let series = series.expect("the last time was reached");
//!
//! // The exact answer for ten particles, and how far each order is from it.
//! let exact = meanfield::exact::solve(&model, &start, 10, &[1.0], 1, None)?;
//! let truth = exact.marginal(0, 1).ok_or("no F_1")?[1];
//! let errors: Vec<f64> = (0..=2).map(|n| (series.at(10.0, n)[1] - truth).abs()).collect();
//! assert!(errors[0] > 1e-2 && errors[1] < 1e-3 && errors[2] < errors[1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use meanfield_abstract as abstract_model;
pub use meanfield_exact as exact;
pub use meanfield_expansion as expansion;
pub use meanfield_hierarchy as hierarchy;
pub use meanfield_models as models;
pub use meanfield_ode as ode;
pub use meanfield_tensor as tensor;

/// What a program that uses the expansion needs by name.
pub mod prelude {
    pub use meanfield_abstract::{
        Capabilities, Custom, Interaction, JumpProcess, Measured, Model, ModelError, Observable,
        ObservableKind, PairEntry, Series, Start, check_assumptions, one_body_state, problems,
        to_user,
    };
    pub use meanfield_expansion::{
        Cumulants, ExpansionError, Moments, Settings, TensorSeries, solve,
    };
    pub use meanfield_tensor::{Norm, Scalar, Space, SymmetricLayout};
}
