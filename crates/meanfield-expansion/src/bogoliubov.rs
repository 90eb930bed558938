//! The 1/N correction of a pure start in factored form: O(d²) unknowns instead
//! of d⁴.
//!
//! For H = Σ (T + U)_i + (1/N) Σ_{i<j} v(x_i, x_j) and F(0) = |φ⟩⟨φ|, F stays pure,
//! and order 1 of the expansion is made of φ, a symmetric α(x,y), a Hermitian
//! γ(x,y) and a vector χ, the last three on the complement of φ (Bogoliubov
//! data: α = ⟨bb⟩, γ = ⟨b†b⟩ of the excitations b, and χ moves the condensate):
//!
//! ```math
//! \begin{aligned}
//! f_{1,0} ={}& \varphi\bar\varphi, \qquad
//!   f_{1,1} = \gamma + \chi\bar\varphi + \varphi\bar\chi - (\Tr \gamma)\, \varphi\bar\varphi, \\
//! g_{2,0}(x_1,x_1'; x_2,x_2') ={}& \alpha(x_1,x_2)\bar\varphi(x_1')\bar\varphi(x_2')
//!   + \varphi(x_1)\varphi(x_2)\bar\alpha(x_1',x_2') \\
//!   &+ \gamma(x_1,x_2')\varphi(x_2)\bar\varphi(x_1') + \gamma(x_2,x_1')\varphi(x_1)\bar\varphi(x_2').
//! \end{aligned}
//! ```
//!
//! # The equations
//! With ρ = |φ|², w = v∗ρ, W = U + w, P = φφ̄, Q = 1 − P, a phase μ(t) that is free, and
//!
//! ```math
//! \begin{aligned}
//! M(z,y) ={}& \bar\varphi(z)\gamma(z,y) + \varphi(z)\bar\alpha(z,y), \qquad
//!   S = v M \ \text{(a convolution of every column)}, \\
//! Z = Q \varphi S: \quad Z(x,y) ={}& \varphi(x)\Big(S(x,y) - \sum_u \rho(u)S(u,y)\Big), \\
//!   Z'(x,y) ={}& \varphi(x)\, \overline{S(x,y) - \sum_u \rho(u)S(u,y)}, \\
//! B(x,y) ={}& \varphi(x)\varphi(y)\big(v(x,y) - w(x) - w(y) + \mean{\rho,w}\big)
//!   = (Q \otimes Q)\, \varphi(x)v(x,y)\varphi(y),
//! \end{aligned}
//! ```
//!
//! they are
//!
//! ```math
//! \begin{aligned}
//! i\hbar\,\partial_t\varphi &= (T + W - \mu)\varphi, \\
//! i\hbar\,\partial_t\alpha &= (T+W-\mu)\alpha + \alpha(T+W-\mu)^{\mathsf T} + Z' + Z'^{\,\mathsf T} + B, \\
//! i\hbar\,\partial_t\gamma &= [T+W, \gamma] + Z - Z^\dagger, \\
//! i\hbar\,\partial_t\chi &= (T+W-\mu)\chi + Q\big\{(v * \rho_1 - w)\varphi
//!   + \overline{\operatorname{diag} S}\big\} - \overline{w^{\mathsf T} M},
//!   \qquad \rho_1 = \operatorname{diag} f_{1,1}.
//! \end{aligned}
//! ```
//!
//! *α and γ.* Put the formula of g_{2,0} into its equation ∂t g = (K²+Δ_2) g + T_12(F⊗F) −
//! Q(F,F)⊗F − F⊗Q(F,F), form (c) at (j,l) = (2,0). The source is −(i/ħ) times B(x₁,x₂)φ̄φ̄ minus its
//! adjoint: what is left of v(x₁,x₂) when the means w(x₁), w(x₂) are taken off is (Q⊗Q)vφφ. The
//! mean field moves every index by T + W. Of Q(F,·) the exchange terms
//! φ(x)v(x,y)φ̄(y) and φ(x)v(x,y)φ(y) are left, projected by Q, which act on the first
//! index of α and of γ; with γᵀ = γ̄ both are contained in the one product S.
//!
//! *χ.* ∂t f_{1,1} = (K+Δ_1) f_{1,1} + Tr²V g_{2,0} − Q(F,F), form (c) at (1,1), has Q·(…)φ as its
//! equation for χ = Q f_{1,1} φ. The parts are (v∗ρ₁)φ, −wφ, and
//! Q(G − G†)φ with G(x,x') = Σ_z v(x,z) g_{2,0}(x,x'; z,z). Terms with φ̄ on an index of α or γ
//! vanish: Gφ = Σ_z v(x,z)(φ̄(z)α(x,z) + φ(z)γ(x,z)) = conj(diag S), and QG†φ =
//! Σ_z w(z)(φ̄(z)α(x,z) + φ(z)γ(x,z)) = conj(wᵀM).
//!
//! # How it is computed
//! The unknowns are kept in the momentum basis, where e^{−iτT/ħ} is a phase for
//! every entry: the kinetic energy is integrated in its interaction picture
//! ([`meanfield_ode::Semigroup`]) and does not limit the step. A right-hand side
//! takes ten transforms of d wave functions and a few passes over d² numbers:
//! O(d² log d) on a grid. μ = ⟨φ|W|φ⟩ keeps φ from rotating; α turns with 2μ,
//! the rest does not see it. d wave functions at a time are shared between
//! threads in fixed blocks, so that results do not depend on their number.
//!
//! ```
//! use meanfield_abstract::Sites;
//! use meanfield_expansion::ExpansionError;
//! use meanfield_expansion::bogoliubov::{Settings, solve};
//! use ndarray::array;
//! use num_complex::Complex64;
//!
//! // Two wells: hopping, and a repulsion of particles in the same well.
//! let hopping = array![[0.0, -0.5], [-0.5, 0.0]].mapv(Complex64::from);
//! let dimer = Sites::new(&hopping, &[0.0, 0.0], &array![[1.0, 0.0], [0.0, 1.0]], 1.0)?;
//! let left = [Complex64::ONE, Complex64::ZERO];
//! let settings = Settings::new(vec![0.0, 1.0]);
//! let mut excited = 0.0;
//! solve(&dimer, &left, &settings, |_, state| {
//!     excited = state.depletion(); // N·(1 − ⟨φ|F_1|φ⟩) for N → ∞
//!     Ok::<(), ExpansionError>(())
//! })?;
//! assert!(excited > 0.0 && excited < 0.1, "{excited}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Limits
//! Pure starts only ([`wave_function`] refuses others), order 1 only, a generator that is
//! all Hamiltonian ([`hamiltonian`] refuses further terms). v must be
//! bounded: a contact interaction on ever finer grids leaves the theorem, and
//! its B does not decay in momentum.

mod equations;
mod moments;
mod observables;
mod solve;
mod start;
mod state;
mod system;
mod transforms;

pub use moments::CondensateMoments;
pub use solve::{Settings, required_bytes, solve, solve_observed};
pub use start::{hamiltonian, wave_function};
pub use state::Bogoliubov;
pub use system::BogoliubovSystem;
