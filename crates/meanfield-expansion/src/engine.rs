//! Form (c): the connected cumulants g_{j,l}, the engine of the expansion.
//!
//! Σ_j F_j u^j/j! = exp(Σ_j G_j u^j/j!), G_j = N^{1−j} Σ_l N^{−l} g_{j,l}. As a
//! polynomial w = Σ N^{−l} g_{j,l} y^j/j! in a formal variable y, w' and w'' its
//! derivatives and n = y·∂y,
//!
//! ```math
//! \begin{aligned}
//! \partial_t w &= yKw' + \tfrac12\, yyV(w'w' + w''/N) + \xi - \tfrac1N\, n\xi - \xi \cdot (nw), \\
//! \xi &= yQ(w'w' + w''/N).
//! \end{aligned}
//! ```
//!
//! Every term of degree j is a sum over one slot or over pairs of slots of the
//! others' entries, so a right-hand side is two [`passes`] over packed tensors:
//!
//! * over blocks of columns D × w of g_{j,l}, a matrix product with Δ_1 or K + Δ_1, and
//!   the sum over the slot. Of F with g_{j,l} this is all that yQ(w'w') holds.
//! * over blocks of packed pairs, V on them, what is left of yQ(w'w'), and the sum over
//!   pairs.
//!
//! What V and Q do in them is that of the [`interaction`]. A list of transitions finds
//! yQw'' by the way, in the first of them: [`contractions`].
//!
//! Blocks are worked on in parallel, and summed in their order by threads that own
//! disjoint parts of the result, so that no bit depends on the number of threads.
//!
//! Order n holds tensors of degree at most n+1. Cost of a right-hand side: one
//! D×D×len(j−1) matrix product for each g_{j,l}, and work of the size of one
//! unpacked panel, D·len(j−1), for everything else.

mod contractions;
mod cost;
mod equations;
mod hierarchy;
mod interaction;
mod lanes;
mod passes;
mod picture;
mod products;
mod state;
mod work;

pub use self::cost::{Memory, operations};
pub use self::hierarchy::CumulantHierarchy;
pub use self::picture::{FrameChange, InteractionPicture};
