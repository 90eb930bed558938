//! Tensor powers L^{⊗j} of a one-body space, and the algebra of sums over
//! particles.
//!
//! A symmetric tensor of degree j over dimension D is stored *packed*: one
//! entry for each occupation vector, C(D+j−1, j) of them instead of D^j. The
//! product of symmetric tensors used throughout is the sum over subsets,
//!
//! ```math
//! (A \odot B)(Z_j) = \sum_{K \subset \{1, \dots, j\},\ |K| = p} A(Z_K)\, B(Z_{\setminus K}) = \binom{j}{p} \Sym(A \otimes B),
//! ```
//!
//! so that Σ_j A_j u^j/j! multiplies like a power series.
//!
//! ```
//! use meanfield_tensor::SymmetricLayout;
//!
//! let layout = SymmetricLayout::new(2, 3)?;             // D = 2, degrees 0 to 3
//! let f = [0.25, 0.75];
//! let f3 = layout.power(&f, 3);                // F⊗F⊗F, packed: 4 entries
//! let f2 = layout.contract(3, &[1.0, 1.0], &f3); // partial trace of one slot
//! assert_eq!(f2[layout.rank(&[0, 1])], 0.25 * 0.75);
//!
//! let mut product = vec![0.0; layout.len(3)];
//! layout.add_product((1, &f), (2, &f2), 1.0, &mut product);
//! assert!((product[0] - 3.0 * f3[0]).abs() < 1e-15); // three subsets
//! # Ok::<(), meanfield_tensor::TensorError>(())
//! ```
//!
//! # Conventions
//! * Packed entries hold the value T[a_1, …, a_j], not a weight.
//! * A *panel* exposes one or two slots as rows; it is row-major, so a row runs
//!   over the packed entries of the other slots.
//! * [`dense`] is the slow, obvious version that the packed algebra is checked
//!   against.
//! * [`linalg`] is the only module that calls a linear-algebra library.
//!
//! # Features
//! None is on by default.
//!
//! * `lapack`: matrix products and factorisations by the system's OpenBLAS, which
//!   must be installed, instead of faer, which needs nothing. Switching it on
//!   here switches it on for every crate of the family in the same build.

pub mod dense;
mod error;
mod layout;
pub mod linalg;
pub mod norms;
mod packing;
mod panel;
mod pool;
mod ranks;
mod scalar;
mod simd;
mod space;

pub use error::TensorError;
pub use layout::{Lanes, SymmetricLayout, WIDE, add_lanes};
pub use layout::{pair_count, pair_rank, pair_rows};
pub use packing::{Occupations, packed_len};
pub use panel::{panel, panel_mut};
pub use pool::{Lent, Pool};
pub use ranks::{Run, Runs};
pub use scalar::Scalar;
pub use simd::{Kernel, vectorised};
pub use space::{Norm, Space};
