//! What the project's tests share: each form of an expansion at one time, and how far two
//! tensors are apart.
//!
//! Everything here panics where it fails: a test has then failed. Models and starts with
//! known answers are in [`meanfield_abstract::problems`], where the unit tests of the
//! libraries reach them too.
//!
//! ```
//! use meanfield_abstract::{Start, problems};
//! use meanfield_testing::{Evolve, exact, largest_difference, rates};
//!
//! let model = problems::sis()?;
//! let start = Start::Product { f: vec![0.4, 0.6] };
//! let series = Evolve::to(1.0).coefficients(&model, &start, (1, 1));
//! // The error of order n falls as N^{−n−1}.
//! let found = rates(&series, |n| exact(&model, &start, (n, 1), 1.0).remove(0), 20);
//! assert!((found[0] + 1.0).abs() < 0.1 && (found[1] + 2.0).abs() < 0.2);
//! # Ok::<(), meanfield_abstract::ModelError>(())
//! ```

mod compare;
mod evolve;

pub use compare::{difference, fall, largest, largest_difference, rates, relative, worse};
pub use evolve::{Evolve, exact, mean_field};
