//! Every coefficient of the 1/N expansion of the j-particle marginals,
//!
//! ```math
//! F_j(t) = \sum_{m \le n} N^{-m} f_{j,m}(t) + O(N^{-n-1}) \qquad \text{(Corollaries 1.5, A.2)}
//! ```
//!
//! ```
//! use meanfield_abstract::{Start, problems};
//! use meanfield_expansion::{ExpansionError, Settings, solve};
//!
//! let model = problems::sis()?;                       // states S, I
//! let start = Start::Product { f: vec![0.4, 0.6] };
//! let settings = Settings::new(2, vec![0.0, 1.0]);    // to 1/N², at t = 0 and 1
//! let mut infected = Vec::new();
//! solve(&model, &start, &settings, |_, cumulants| {
//!     let f1 = &cumulants.marginals(1)[1];
//!     infected = (0..=2).map(|m| f1.term(m)[1]).collect();
//!     Ok::<(), ExpansionError>(())
//! })?;
//! assert!((infected[0] - 0.6160925693).abs() < 1e-9); // the mean field
//! assert!((infected[1] + 0.1097963).abs() < 1e-6);    // the 1/N correction
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Three forms of the expansion are here, and agree:
//!
//! | form | module | unknowns for order n | depends on N |
//! |---|---|---|---|
//! | (a) the recursion of Theorem 1.4 | [`recursion`] | 𝓔_j^k, j + k ≤ 2n | yes |
//! | (b) coefficients free of N (Remark 1.8) | [`coefficients`] | e_j^m, j ≤ 2n | no |
//! | (c) connected cumulants | [`solve()`] | g_{j,l}, j ≤ n+1 | no |
//!
//! Each is a [`Form`]: a start, steps from output to output, marginals and moments at each.
//! (a) and (b) are the paper made executable; (c) is the fast one,
//!
//! ```math
//! \sum_j \frac{F_j}{j!} u^j = \exp\Big( \sum_j \frac{G_j}{j!} u^j \Big), \qquad G_j = N^{1-j} \sum_l N^{-l} g_{j,l}.
//! ```
//!
//! With w = Σ N^{−l} g_{j,l} y^j/j!, its derivatives w', w'' and n = y·∂y that is one
//! equation,
//!
//! ```math
//! \partial_t w = yKw' + \tfrac12\, yyV(w'w' + w''/N) + \xi - \tfrac1N\, n\xi - \xi \cdot (nw), \qquad \xi = yQ(w'w' + w''/N).
//! ```
//!
//! All three take generators that are sums of terms ([`meanfield_abstract::SumOfTerms`]):
//! c(t) N^{−p} (K_k + V_k/N) adds its own right-hand side, p orders later. What knows only
//! K + V/N ([`bogoliubov`], [`bounds`]) refuses them.
//!
//! For a pure start of particles on a grid [`bogoliubov`] holds order 1 of (c) in
//! factored form, with O(d²) unknowns instead of d⁴. [`joint`] takes from (c) the
//! means of products a_1⊗…⊗a_j of one-body observables for j in the hundreds.
//!
//! # Conventions
//! Tensors are packed symmetric ([`meanfield_tensor::SymmetricLayout`]), in the engine's
//! basis; [`meanfield_abstract::to_user`] returns the user's arrays. A model is lent as
//! `&dyn Model<Scalar = S>`, so that everything here is compiled once per scalar type.

pub mod bogoliubov;
pub mod bounds;
pub mod coefficients;
mod cumulants;
mod engine;
mod error;
pub mod estimates;
mod family;
mod form;
mod further;
mod initial;
pub mod joint;
mod marginals;
mod observables;
mod plan;
pub mod recursion;
mod solve;
mod tensor_series;

pub use cumulants::Cumulants;
pub use engine::{CumulantHierarchy, FrameChange, InteractionPicture, Memory, operations};
pub use error::ExpansionError;
pub use form::{
    CoefficientForm, CumulantForm, FactoredForm, Form, Output, RecursionForm, State, Stop,
};
pub use further::{FurtherTerms, TermPlans, WithTerms};
pub use initial::initial_cumulants;
pub use observables::{Evaluated, ExactPair, Moments, PairTerm};
pub use plan::{Block, Cost, Plan};
pub use solve::{Settings, solve, solve_observed};
pub use tensor_series::{TensorSeries, cumulants, moments};
