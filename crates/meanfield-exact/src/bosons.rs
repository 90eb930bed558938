//! The bosonic sector: Hamiltonian models from a pure product start.
//!
//! F(0) = |φ⟩⟨φ| makes the N-body state φ^{⊗N}, which stays in the symmetric
//! subspace of (C^d)^{⊗N}: C(N+d−1, d−1) amplitudes over occupation numbers
//! instead of C(N+d²−1, d²−1) matrix elements, with
//!
//! ```math
//! H = \sum h_{ab}\, a_a^\dagger a_b
//!   + \frac{1}{2N} \sum\, \langle ab|v|ce\rangle\, a_a^\dagger a_b^\dagger a_e a_c,
//! \qquad i\hbar\, \partial_t \psi = H\psi.
//! ```
//!
//! The marginals are Gram matrices of the states with j particles removed, so
//! they are positive by construction.

use meanfield_abstract::{Hamiltonian, Model, in_every_slot, refuse_further_terms};
use meanfield_tensor::{Occupations, Scalar, SymmetricLayout, dense, linalg, packed_len};
use ndarray::{Array2, ArrayD, IxDyn};
use num_complex::Complex64;

use crate::ExactError;
use crate::evolution::{Listener, evolve_amplitudes};
use crate::pair_map;
use crate::rows::Moves;
use crate::sector::{ExactMarginals, Plan, Sector, check_size, sum};
use crate::weighting::{Weighting, product_entry};

/// F counts as pure when |Tr F² − 1| is at most this: rounding of a few
/// operations, and small enough that what is dropped does not show.
pub const PURITY: f64 = 1e-12;

/// The matrix ⟨x|F|x'⟩ of a one-body element.
pub(crate) fn density_matrix<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    levels: usize,
) -> Array2<Complex64> {
    let engine: Vec<Complex64> = f.iter().map(|x| x.to_complex()).collect();
    let user = match model.capabilities().basis.user_from_engine() {
        None => engine,
        Some(u) => u
            .rows()
            .into_iter()
            .map(|row| row.iter().zip(&engine).map(|(x, y)| x * y).sum())
            .collect(),
    };
    Array2::from_shape_fn((levels, levels), |(x, y)| user[x * levels + y])
}

/// The wave function φ of a pure one-body state F = |φ⟩⟨φ|, up to its phase.
///
/// # Errors
/// [`ExactError::NoHamiltonian`], [`ExactError::NotPure`], or a factorisation
/// that fails for entries that are not finite.
pub fn wave_function<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
) -> Result<Vec<Complex64>, ExactError> {
    let levels = model
        .capabilities()
        .hamiltonian
        .ok_or(ExactError::NoHamiltonian)?
        .levels();
    if levels * levels != f.len() {
        return Err(ExactError::HamiltonianShape {
            what: "space of density matrices",
            found: vec![f.len()],
            expected: levels,
        });
    }
    let rho = density_matrix(model, f, levels);
    let purity: f64 = rho.iter().map(|z| z.norm_sqr()).sum();
    let (values, vectors) = linalg::eigh(rho.view())?;
    let top = values.last().copied().unwrap_or(0.0);
    // A trace of one and a square of trace one leave a single eigenvalue only
    // if it is one.
    if !((purity - 1.0).abs() <= PURITY && (top - 1.0).abs() <= PURITY) {
        return Err(ExactError::NotPure { purity });
    }
    Ok(vectors.column(levels - 1).to_vec())
}

/// What an evolution in the bosonic sector of a Hamiltonian takes, with
/// marginals up to F_J.
///
/// # Errors
/// [`ExactError::HamiltonianShape`].
pub fn plan(hamiltonian: &dyn Hamiltonian, n: usize, highest_j: usize) -> Result<Plan, ExactError> {
    let levels = hamiltonian.levels();
    let size = size_of::<Complex64>();
    let rows = pair_map::rows(levels, n);
    // v itself, W, and W on symmetric pairs.
    let map = pair_map::table_bytes(levels.saturating_mul(levels), 2 * size)
        .checked_add(pair_map::table_bytes(rows, size));
    let moves = if n > 1 && Moves::<Complex64>::are_counted(rows) {
        let table = pair_map::fold(&pair_map::hamiltonian_pair(hamiltonian, n)?, levels);
        Moves::new(&table, levels)
    } else {
        None
    };
    let held = crate::evolution::required_bytes(levels, n, highest_j, moves.as_ref());
    // The tables that marginals are read by.
    let lowest = crate::generator::lowest_degree(n, highest_j);
    let tables = SymmetricLayout::table_bytes_between(levels, lowest, n);
    // The states with j particles removed and their adjoints, and F_j as a
    // full tensor in both bases, whose matrix elements are D^j = d^{2j}.
    let lowered = packed_len(levels, highest_j)
        .zip(packed_len(levels, n.saturating_sub(highest_j)))
        .and_then(|(rows, columns)| rows.checked_mul(columns)?.checked_mul(2 * size));
    let marginal = levels
        .checked_pow(2 * highest_j as u32)
        .and_then(|len| len.checked_mul(3 * size));
    let layout = SymmetricLayout::table_bytes(levels.saturating_mul(levels), highest_j);
    Ok(Plan {
        sector: Sector::Bosons,
        levels,
        dimension: packed_len(levels, n),
        bytes: sum(&[held, map, tables, lowered, marginal, layout]),
    })
}

/// The exact marginals F_1 … F_J of N particles that start in φ^{⊗N}, F =
/// |φ⟩⟨φ|, in the model's engine coordinates, at `times` ≥ 0.
///
/// # Errors
/// [`ExactError`]: N < J, no Hamiltonian, a mixed F, a state that does not
/// fit, bad times, or an interruption by `progress`, which hears the fraction
/// done.
pub fn solve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    f: &[S],
    n: usize,
    times: &[f64],
    highest_j: usize,
    progress: Listener<'_>,
) -> Result<ExactMarginals<S>, ExactError> {
    refuse_further_terms(
        model,
        "an evolution in the bosonic sector",
        "use meanfield_exact::solve, which takes all of them",
    )?;
    let hamiltonian = model
        .capabilities()
        .hamiltonian
        .ok_or(ExactError::NoHamiltonian)?;
    let d = hamiltonian.levels();
    check_size(&plan(hamiltonian, n, highest_j)?, n, highest_j)?;
    let phi = wave_function(model, f)?;
    let table = centred(hamiltonian, n)?;
    let packing = SymmetricLayout::new(d, highest_j)?;
    let engine = SymmetricLayout::new(f.len(), highest_j)?;
    let weights = Weighting::Orthonormal.input(n);
    let mut all = Occupations::new(d, n);
    let mut initial = Vec::new();
    while let Some(alpha) = all.advance() {
        initial.push(product_entry(&weights, &phi, alpha));
    }
    let mut marginals = Vec::with_capacity(times.len());
    let sizes = (d, n, highest_j);
    let read = |tables: &SymmetricLayout, psi: &[Complex64]| {
        let all = (1..=highest_j).map(|j| {
            let gram = reduced(tables, &packing, psi, j);
            to_engine(model, &engine, matrix_elements(&packing, &gram, j))
        });
        marginals.push(all.collect());
    };
    let products = evolve_amplitudes(sizes, table, &initial, times, progress, read)?;
    Ok(ExactMarginals {
        sector: Sector::Bosons,
        dimension: initial.len(),
        products,
        marginals,
    })
}

/// (H − c)/ħ on symmetric pairs, with c the centre of the diagonal of H:
/// a phase of ψ that no marginal sees, and half the norm.
fn centred(hamiltonian: &dyn Hamiltonian, n: usize) -> Result<Array2<Complex64>, ExactError> {
    let d = hamiltonian.levels();
    let mut w = pair_map::hamiltonian_pair(hamiltonian, n)?;
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut all = Occupations::new(d, n);
    while let Some(alpha) = all.advance() {
        let mut energy = 0.0;
        for a in (0..d).filter(|&a| alpha[a] > 0) {
            if n == 1 {
                energy += w[[a, a]].re;
                continue;
            }
            for b in 0..=a {
                let (here, there) = (f64::from(alpha[a]), f64::from(alpha[b]));
                energy += if a == b {
                    0.5 * here * (here - 1.0) * w[[a * d + a, a * d + a]].re
                } else {
                    here * there * (w[[a * d + b, a * d + b]] + w[[a * d + b, b * d + a]]).re
                };
            }
        }
        (least, most) = (least.min(energy), most.max(energy));
    }
    let pairs = if n == 1 {
        1.0
    } else {
        (n * (n - 1)) as f64 / 2.0
    };
    let shift = 0.5 * (least + most) / pairs;
    for k in 0..w.nrows() {
        w[[k, k]] -= shift;
    }
    let folded = if n == 1 { w } else { pair_map::fold(&w, d) };
    Ok(folded.mapv(|x| x / hamiltonian.hbar()))
}

/// The reduced density matrix of j particles between packed indices: R[β, β'] =
/// Σ_γ A[β,γ] Ā[β',γ] with A[β,γ] = (a^β ψ)[γ]/√(N)_j.
fn reduced(
    tables: &SymmetricLayout,
    packing: &SymmetricLayout,
    psi: &[Complex64],
    j: usize,
) -> Array2<Complex64> {
    let n = tables.degree();
    let columns = tables.len(n - j);
    let mut lowered = Array2::zeros((packing.len(j), columns));
    for (entry, mut row) in lowered.rows_mut().into_iter().enumerate() {
        let added = packing.indices(j, entry);
        for (gamma, value) in row.iter_mut().enumerate() {
            let (mut rank, mut weight) = (gamma, 1.0);
            for (degree, &a) in (n - j..n).zip(&added) {
                let count = tables.count(degree, rank, a) as f64 + 1.0;
                weight *= count / (degree + 1) as f64;
                rank = tables.insert(degree + 1, a, rank);
            }
            *value = psi[rank] * weight.sqrt();
        }
    }
    let adjoint = lowered.t().mapv(|z| z.conj());
    let mut gram = Array2::zeros((packing.len(j), packing.len(j)));
    let one = Complex64::from(1.0);
    linalg::gemm(one, lowered.view(), adjoint.view(), gram.view_mut());
    gram
}

/// The matrix elements ⟨x_1…x_j|F_j|x'_1…x'_j⟩, index x·d + x' for each particle,
/// of a reduced density matrix between packed indices.
fn matrix_elements(
    packing: &SymmetricLayout,
    gram: &Array2<Complex64>,
    j: usize,
) -> ArrayD<Complex64> {
    let d = packing.dimension();
    ArrayD::from_shape_fn(IxDyn(&vec![d * d; j]), |index| {
        let rows: Vec<usize> = (0..j).map(|slot| index[slot] / d).collect();
        let columns: Vec<usize> = (0..j).map(|slot| index[slot] % d).collect();
        gram[[packing.rank(&rows), packing.rank(&columns)]]
    })
}

/// The packed tensor over the model's engine coordinates of matrix elements in
/// the user's basis.
pub(crate) fn to_engine<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    engine: &SymmetricLayout,
    user: ArrayD<Complex64>,
) -> Vec<S> {
    let tensor = match model.capabilities().basis.engine_from_user() {
        None => user,
        Some(w) => in_every_slot(w, &user),
    };
    let packed = dense::to_packed(engine, &tensor);
    packed.into_iter().map(S::from_complex).collect()
}

#[cfg(test)]
mod tests;
