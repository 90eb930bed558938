//! One HTML page of what a computation found: its tables, plots and warnings, with the
//! numbers behind every figure as CSV in the page itself.
//!
//! ```
//! use meanfield_run::{Finding, Outcome};
//!
//! let outcome = Outcome {
//!     title: "sis: custom, D = 2, to order 1/N^2".to_owned(),
//!     findings: vec![Finding {
//!         quantity: "⟨I⟩".to_owned(),
//!         n: Some(10),
//!         mean_field: Some(0.61783),
//!         corrected: Some(0.60534),
//!         error: Some(2e-3),
//!         exact: Some(0.60549),
//!         ..Finding::default()
//!     }],
//!     ..Outcome::default()
//! };
//! let page = meanfield_report::page(&outcome)?;
//! assert!(page.contains("0.6053 ± 2e-3"));
//! # Ok::<(), meanfield_report::PlotError>(())
//! ```
//!
//! # Conventions
//! A value is shown with the digits that its error leaves, (mean field + corrections) ± an
//! estimate, exact beside it. The page loads nothing: style and drawings are in it, and
//! the only links are to the files beside it.

mod data;
mod escape;
mod heat;
mod page;
mod plot;
mod table;
mod window;

pub use escape::escape;
pub use page::page;
pub use plot::{PlotError, Size, colour, svg};
