//! A mean-field problem as data, and everything that is done with it: reading and checking
//! a configuration, the models it can name, what it will take, running it, sweeps,
//! checkpoints, and what was found, as typed values and as files.
//!
//! ```math
//! F_j(t) = \sum_{m \le n} N^{-m} f_{j,m}(t) + O(N^{-n-1})
//! ```
//!
//! A configuration says which model, which start, the order n and the N of interest; the
//! results are the coefficients, observables at each N with an estimate of their error,
//! and exact values beside them where they can be had.
//!
//! ```
//! use meanfield_run::{Config, Silent, catalogue::Catalogue, solve};
//!
//! let text = r#"
//!     [model]
//!     kind = "custom"                       # S + I -> 2 I at rate 3, I -> S at rate 1
//!     K = [[0, 1], [0, -1]]
//!     V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]
//!     V_value = [3, -3, 3, -3]
//!     labels = ["S", "I"]
//!     [initial]
//!     F = [0.4, 0.6]
//!     [time]
//!     end = 2.0
//!     [particles]
//!     N = [10]
//!     [[observable]]
//!     name = "I"
//! "#;
//! let config = Config::parse(text, "sis.toml".as_ref(), &Catalogue::default())?;
//! let results = solve(&config, &Silent)?;
//! let infected = results.finding("⟨I⟩", 10).expect("it was asked for");
//! assert!(infected.corrected < infected.mean_field && infected.error.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! |---|---|
//! | the models, their keys, their states | [`catalogue`] |
//! | a problem, read and found sound; all its mistakes | [`Config`], [`ConfigError`] |
//! | what it would take | [`check`] |
//! | results in memory | [`solve`], [`Results`] |
//! | results in files, sweeps, checkpoints | [`run()`], [`Options`] |
//! | progress, and a stop at the next step | [`Watch`] |
//!
//! # Conventions
//! Times are in the units of the rates, ħ = 1 unless a configuration says otherwise.
//! Arrays have time first, then one axis for each particle. Nothing is printed: what is
//! worth knowing is told the [`Watch`]er.

mod arrays;
pub mod catalogue;
mod check;
mod compute;
mod config;
mod expression;
mod failure;
mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzzed;
mod memory;
mod nearest;
mod outcome;
mod problem;
mod run;
mod summary;
pub mod units;
mod watch;
mod workers;

pub use arrays::{Array, ArrayError, Values, discard_unfinished};
pub use check::{Forecast, check};
pub use compute::{AtN, Correlation, Least, Observed, Record, Rows};
pub use config::{Config, ConfigError, Mistake};
pub use failure::{Failure, Reason};
pub use outcome::{
    Curve, Finding, HeatMap, Mark, Outcome, Panel, Rate, Scale, Table, finding_table, rate_rows,
};
pub use run::{Finished, Options, Page, Results, run, solve};
pub use watch::{Silent, Stage, Watch};
