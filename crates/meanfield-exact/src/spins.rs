//! Two levels by total spin: Hamiltonian models from any product start, mixed
//! ones too.
//!
//! N two-level particles are N spins ½. A Hamiltonian Σ h_i + (1/N) Σ_{i<j} v_ij,
//! whatever the h and the v, acts within each total spin J = N/2, N/2−1, …, and in
//! the same way on its d_J copies; F^{⊗N} is the same on each copy and diagonal
//! along its Bloch vector. So with x_{J,i}(t) the image of the i-th state of spin
//! J under the Hamiltonian on 2J+1 dimensions,
//!
//! ```math
//! \rho_J(t) = \sum_i w_{J,i}\, |x_{J,i}(t)\rangle\langle x_{J,i}(t)|, \qquad
//! \mean{e} = \sum_J \Tr(\rho_J(t)\, e),
//! ```
//!
//! for every collective operator e, and marginals are such means. Only states
//! whose weight counts are kept: amplitudes like N^{3/2} times the number of
//! states i of a spin, some twenty unless F is close to the mixed state ½, and
//! then J is small.
//!
//! Work is done along the eigenvectors of F, where a start is a unit vector and
//! no rotation matrix is needed; the marginals are turned back at the end.
//! Cost: for every amplitude kept, five entries of H for each of the about
//! ‖H‖t ~ N·t products.
//!
//! R. H. Dicke, Phys. Rev. 93, 99 (1954); N. Shammah, S. Ahmed, N. Lambert,
//! S. De Liberato and F. Nori, Phys. Rev. A 98, 063815 (2018).

mod collective;
mod hamiltonian;
mod weights;

use meanfield_abstract::{Model, refuse_further_terms};
use meanfield_ode::{HELD_BY_UNITARY, OdeError, unitary};
use meanfield_tensor::{Scalar, SymmetricLayout, dense, linalg, packed_len};
use ndarray::Array2;
use num_complex::Complex64;
use rayon::prelude::*;

use crate::ExactError;
use crate::bosons::{density_matrix, to_engine};
use crate::evolution::Listener;
use crate::sector::{ExactMarginals, Plan, Sector, check_size, sum};
use collective::{Recursion, UNITS};
use hamiltonian::{Interaction, Pentadiagonal};
use weights::{Spin, spins};

/// How far from Hermitian F may be and still count as a state: rounding.
const HERMITIAN: f64 = 1e-12;
/// How far its trace may be from one, rounding of a printed F: all is
/// proportional to the N-th power of it.
const TRACE: f64 = 1e-6;
/// Particles up to which the states that count are counted, a few megabytes of
/// weights; products and amplitudes both grow like N and more, so that beyond
/// an evolution is out of reach.
const MOST_PARTICLES: usize = 1 << 16;
/// Total spins solved between two reports of progress. They are added up in
/// order, so that the result does not depend on the number of threads.
const BATCH: usize = 16;

/// A two-level state τ(p|↑⟩⟨↑| + q|↓⟩⟨↓|), p + q = 1.
pub(crate) struct DiagonalState {
    /// Columns ↑, ↓.
    vectors: Array2<Complex64>,
    /// q/p ≤ 1.
    pub(crate) ratio: f64,
    /// τ.
    trace: f64,
}

/// A state by its eigenvectors; `None` for what is no state of two levels.
///
/// # Errors
/// A factorisation that fails for entries that are not finite.
pub(crate) fn diagonal_state<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
) -> Result<Option<DiagonalState>, ExactError> {
    let levels = model
        .capabilities()
        .hamiltonian
        .map(|hamiltonian| hamiltonian.levels());
    if levels != Some(2) || f.len() != UNITS {
        return Ok(None);
    }
    let rho = density_matrix(model, f, 2);
    let skew = (rho[[0, 1]] - rho[[1, 0]].conj()).norm();
    let is_hermitian = skew + rho[[0, 0]].im.abs() + rho[[1, 1]].im.abs() <= HERMITIAN;
    if !is_hermitian {
        return Ok(None);
    }
    let (values, vectors) = linalg::eigh(rho.view())?;
    let (q, p) = (values[0], values[1]);
    // A pure state has q = 0 but for rounding.
    let is_state = q >= -4.0 * f64::EPSILON && (p + q - 1.0).abs() <= TRACE;
    if !is_state {
        return Ok(None);
    }
    Ok(Some(DiagonalState {
        vectors: Array2::from_shape_fn((2, 2), |(x, a)| vectors[[x, 1 - a]]),
        ratio: q.max(0.0) / p,
        trace: p + q,
    }))
}

/// What an evolution by total spin takes, with marginals up to F_J, from a
/// state with eigenvalues of the given ratio.
pub(crate) fn plan(n: usize, ratio: f64, highest_j: usize) -> Plan {
    let size = size_of::<Complex64>();
    let counted = || -> Option<(usize, usize, usize)> {
        if n > MOST_PARTICLES {
            return None;
        }
        let spins = spins(n, ratio);
        let amplitudes = |spin: &Spin| spin.dimension * spin.weights.len();
        let largest = spins.iter().map(amplitudes).max().unwrap_or(0);
        let states = spins.iter().map(|spin| spin.weights.len()).sum();
        Some((spins.iter().map(amplitudes).sum(), largest, states))
    };
    let Some((dimension, largest, states)) = counted() else {
        return Plan {
            sector: Sector::TotalSpin,
            levels: 2,
            dimension: None,
            bytes: None,
        };
    };
    // A batch is held at a time: vectors of the evolution, operators, results.
    let vectors = largest.checked_mul((HELD_BY_UNITARY + 1) * size);
    let operators = packed_len(UNITS + 1, highest_j.max(2))
        .and_then(|len| len.checked_mul((n + 1) * size_of::<f64>()));
    let one = sum(&[vectors, operators]);
    let batch = one.and_then(|one| one.checked_mul(BATCH.min(rayon::current_num_threads())));
    let marginal = UNITS
        .checked_pow(highest_j as u32)
        .and_then(|len| len.checked_mul(3 * size));
    let layout =
        SymmetricLayout::table_bytes(UNITS, highest_j.max(2)).and_then(|b| b.checked_mul(4));
    Plan {
        sector: Sector::TotalSpin,
        levels: 2,
        dimension: Some(dimension),
        // The weights, and what they are made of: a few numbers for each k and
        // each power of q/p.
        bytes: sum(&[
            states.checked_mul(size_of::<f64>()),
            n.checked_mul(8 * size),
            batch,
            marginal,
            layout,
        ]),
    }
}

/// The exact marginals F_1 … F_J of N two-level particles that start in
/// F^{⊗N}, F any state, mixed or pure, in the model's engine coordinates, at
/// `times` ≥ 0.
///
/// # Errors
/// [`ExactError`]: N < J, no two-level Hamiltonian or an F that is not a state
/// ([`ExactError::NotTwoLevels`]), a state that does not fit, bad times, or an
/// interruption by `progress`, which hears the fraction done.
pub fn solve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    n: usize,
    times: &[f64],
    highest_j: usize,
    mut progress: Listener<'_>,
) -> Result<ExactMarginals<S>, ExactError> {
    refuse_further_terms(
        model,
        "an evolution by total spin",
        "use meanfield_exact::solve, which takes all of them",
    )?;
    let hamiltonian = model
        .capabilities()
        .hamiltonian
        .ok_or(ExactError::NoHamiltonian)?;
    let state = diagonal_state(model, f)?.ok_or(ExactError::NotTwoLevels)?;
    let DiagonalState { vectors, ratio, .. } = &state;
    let ratio = *ratio;
    let plan = plan(n, ratio, highest_j);
    check_size(&plan, n, highest_j)?;
    let recursion = Recursion::new(highest_j.max(2))?;
    let interaction = Interaction::new(hamiltonian, vectors, n)?;
    let spins = spins(n, ratio);
    let work = |spin: &Spin| (spin.dimension * spin.weights.len()) as f64;
    let all: f64 = spins.iter().map(work).sum();
    let mut done = 0.0;
    // means[time][j − 1][α].
    let empty = |j: usize| vec![Complex64::ZERO; recursion.layout().len(j)];
    let mut means: Vec<Vec<Vec<Complex64>>> = times
        .iter()
        .map(|_| (1..=highest_j).map(empty).collect())
        .collect();
    let mut products = 0;
    for batch in spins.chunks(BATCH) {
        let solved: Vec<_> = batch
            .par_iter()
            .map(|spin| of_spin(spin, n, &recursion, &interaction, times, highest_j))
            .collect::<Result<_, ExactError>>()?;
        for (found, count) in solved {
            products += count;
            let (sums, terms) = (means.iter_mut().flatten(), found.into_iter().flatten());
            for (sum, term) in sums.zip(terms) {
                sum.iter_mut().zip(term).for_each(|(s, x)| *s += x);
            }
        }
        done += batch.iter().map(work).sum::<f64>();
        if progress.as_mut().is_some_and(|listen| !listen(done / all)) {
            let time = times.last().copied().unwrap_or(0.0) * done / all;
            return Err(OdeError::Interrupted { time }.into());
        }
    }
    let turned = Array2::from_shape_fn((UNITS, UNITS), |(user, unit)| {
        vectors[[user / 2, unit / 2]] * vectors[[user % 2, unit % 2]].conj()
    });
    let engine = SymmetricLayout::new(UNITS, highest_j)?;
    let total = state.trace.powf(n as f64);
    means
        .iter_mut()
        .flatten()
        .flatten()
        .for_each(|mean| *mean *= total);
    let marginals = means.iter().map(|of_time| {
        let each = (1..).zip(of_time);
        each.map(|(j, means)| marginal(model, &engine, &turned, means, n, j))
            .collect()
    });
    Ok(ExactMarginals {
        sector: Sector::TotalSpin,
        dimension: plan.dimension.unwrap_or(0),
        products,
        marginals: marginals.collect(),
    })
}

/// Tr(ρ_J(t) e_α) at every time and for every degree up to `highest_j`, and the
/// number of products with H.
fn of_spin(
    spin: &Spin,
    n: usize,
    recursion: &Recursion,
    interaction: &Interaction,
    times: &[f64],
    highest_j: usize,
) -> Result<(Vec<Vec<Vec<Complex64>>>, usize), ExactError> {
    let dimension = spin.dimension;
    let collective = recursion.on_spin(n, spin.k);
    let mut action = Pentadiagonal::new(interaction, &collective);
    let spectrum = action.spectrum();
    // The state i carries √w_i: the norm of all of them is then the weight.
    let mut start = vec![Complex64::ZERO; dimension * spin.weights.len()];
    for (i, &weight) in spin.weights.iter().enumerate() {
        start[i * dimension + i] = Complex64::from(weight.sqrt());
    }
    let reach = highest_j.min(dimension - 1);
    let mut out = Vec::with_capacity(times.len());
    let products = unitary(&mut action, spectrum, &start, times, |_, states| {
        // rho[s][i] = ⟨i|ρ|i−s⟩; the other side is its conjugate.
        let mut rho = vec![vec![Complex64::ZERO; dimension]; reach + 1];
        for state in states.chunks_exact(dimension) {
            for (s, rho) in rho.iter_mut().enumerate() {
                for ((r, x), y) in rho[s..].iter_mut().zip(&state[s..]).zip(state) {
                    *r += x * y.conj();
                }
            }
        }
        let mean = |j: usize, entry: usize| -> Complex64 {
            let (s, diagonal) = collective.diagonal(j, entry);
            let Some(rho) = rho.get(s.unsigned_abs()) else {
                return Complex64::ZERO;
            };
            if s >= 0 {
                return rho.iter().zip(diagonal).map(|(r, e)| r * e).sum();
            }
            // ⟨i|ρ|i+s'⟩ is the conjugate of ⟨i+s'|ρ|i⟩.
            let shifted = &rho[s.unsigned_abs()..];
            shifted
                .iter()
                .zip(diagonal)
                .map(|(r, e)| r.conj() * e)
                .sum()
        };
        let degree = |j| {
            let entries = 0..recursion.layout().len(j);
            entries.map(|entry| mean(j, entry)).collect()
        };
        out.push((1..=highest_j).map(degree).collect());
        Ok::<(), ExactError>(())
    })?;
    Ok((out, products))
}

/// F_j in engine coordinates from ⟨e_α⟩ between the eigenvectors of F(0).
fn marginal<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    engine: &SymmetricLayout,
    turned: &Array2<Complex64>,
    means: &[Complex64],
    n: usize,
    j: usize,
) -> Vec<S> {
    let ordered: f64 = (0..j).map(|i| (n - i) as f64).product();
    // ⟨x|F|x'⟩ = ⟨E_x'x⟩, the conjugate of ⟨E_xx'⟩.
    let packed: Vec<Complex64> = means.iter().map(|e| e.conj() / ordered).collect();
    let along = dense::from_packed(engine, j, &packed);
    let user = meanfield_abstract::in_every_slot(turned, &along);
    to_engine(model, engine, user)
}

#[cfg(test)]
mod tests;
