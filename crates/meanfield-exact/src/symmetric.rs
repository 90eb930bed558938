//! Any model from any symmetric start: one packed tensor of degree N.
//!
//! The state lives in Sym^N(L), C(N+D−1, D−1) numbers. What the numbers are is
//! chosen by the trace functional:
//!
//! * *probabilities* `p[α] = (N!/Πα_a!) F^N[α]` when several basis elements have
//!   a trace (populations): they sum to 1, and no entry exceeds it;
//! * *expectations* when the trace sits on one basis element z (levels in a
//!   Hermitian basis with B_0 = I/√d): `F^N[α]` itself, times Tr(B_z)^N, is the
//!   mean of a product of observables, the partial trace picks a block of
//!   entries, and nothing cancels. Multiplicities of 10^18 would spoil it.
//!
//! Cost: per product with the generator, an entry for each occupation and move
//! (a sparse matrix), or C(N+D−3, D−1) columns of D(D+1)/2 pairs; the number of
//! products grows like N·(rates)·t.

mod cumulants;

use meanfield_abstract::{Model, Start, Term};
use meanfield_ode::HELD_VECTORS;
use meanfield_tensor::{Occupations, Scalar, SymmetricLayout, packed_len};

use crate::ExactError;
use crate::evolution::{Listener, evolve};
use crate::pair_map::{self, PairMap};
use crate::parts;
use crate::rows::Moves;
use crate::sector::{ExactMarginals, Plan, Sector, check_size, sum};
use crate::weighting::{Weighting, product_entry};

/// The one basis element that carries the trace, if it is only one.
pub(crate) fn traced_element<S: Scalar>(trace: &[S]) -> Option<usize> {
    let zero = S::from_re(0.0);
    let mut traced = (0..trace.len()).filter(|&a| trace[a] != zero);
    traced.next().filter(|_| traced.next().is_none())
}

/// What an evolution in Sym^N(L) takes, with marginals up to F_J.
#[must_use]
pub fn plan<S: Scalar>(model: &dyn Model<Scalar = S>, n: usize, highest_j: usize) -> Plan {
    let d = model.space().dimension();
    let size = size_of::<S>();
    let rows = pair_map::rows(d, n);
    // A model's own operators work on a panel of D² rows and its image.
    let map = if pair_map::is_tabulated(rows) {
        Some(pair_map::table_bytes(rows, size))
    } else {
        d.checked_mul(d * 2 * 256 * size)
    };
    let moves = match packed_len(d, n) {
        Some(_) if n > 1 => pair_map::tabulated(model, n).and_then(|table| Moves::new(&table, d)),
        _ => None,
    };
    let held = crate::evolution::required_bytes::<S>(d, n, 2, moves.as_ref());
    let layout = SymmetricLayout::table_bytes(d, highest_j);
    let changing = parts::changing(model);
    let each = |term: &Term<'_, S>| {
        let table = PairMap::of_parts(vec![(1.0, term.operator)], n).table();
        let moves = table.and_then(|table| Moves::new(&table, d).filter(|_| n > 1));
        let panels = crate::generator::required_bytes(d, n, 2, size);
        sum(&[
            map,
            panels,
            Some(moves.and_then(|moves| moves.bytes(n)).unwrap_or(0)),
        ])
    };
    let mut further: Vec<Option<usize>> = changing.iter().map(each).collect();
    if !changing.is_empty() {
        // The integrator's, the state between two of its calls, and an image.
        let vectors = packed_len(d, n).and_then(|len| len.checked_mul((HELD_VECTORS + 2) * size));
        further.push(vectors);
    }
    Plan {
        sector: match traced_element(model.space().trace()) {
            Some(_) => Sector::Expectations,
            None => Sector::Probabilities,
        },
        levels: d,
        dimension: packed_len(d, n),
        bytes: sum(&[held, map, layout, sum(&further)]),
    }
}

/// The exact marginals F_1 … F_J of N particles at `times` ≥ 0.
///
/// # Errors
/// [`ExactError`]: N < J, a state that does not fit, a start that does not fix
/// the N-body state, fixed counts where N·F is not an integer, bad times, or
/// an interruption by `progress`, which hears the fraction done.
pub fn solve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    n: usize,
    times: &[f64],
    highest_j: usize,
    progress: Listener<'_>,
) -> Result<ExactMarginals<S>, ExactError> {
    start.check(model)?;
    let plan = plan(model, n, highest_j);
    check_size(&plan, n, highest_j)?;
    let trace = model.space().trace();
    let d = trace.len();
    let reader = Reader {
        model,
        trace,
        n,
        layout: SymmetricLayout::new(d, highest_j)?,
        expectations: traced_element(trace),
    };
    let initial = reader.initial(start)?;
    let weighting = match reader.expectations {
        Some(_) => Weighting::Values,
        None => Weighting::Probabilities,
    };
    let mut marginals = Vec::with_capacity(times.len());
    let read = |state: &[S]| {
        marginals.push((1..=highest_j).map(|j| reader.marginal(state, j)).collect());
    };
    let products = evolve(model, n, weighting, &initial, times, progress, read)?;
    Ok(ExactMarginals {
        sector: plan.sector,
        dimension: initial.len(),
        products,
        marginals,
    })
}

/// Writes starts into the packed N-body vector and reads marginals out of it.
struct Reader<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    trace: &'a [S],
    n: usize,
    /// Layout of the marginals.
    layout: SymmetricLayout,
    /// The traced element, where entries are expectation values.
    expectations: Option<usize>,
}

impl<S: Scalar> Reader<'_, S> {
    fn initial(&self, start: &Start<S>) -> Result<Vec<S>, ExactError> {
        let mut all = Occupations::new(self.trace.len(), self.n);
        let mut out = Vec::new();
        match (start, self.expectations) {
            (Start::Product { f }, Some(z)) => {
                let scaled: Vec<S> = f.iter().map(|&x| x * self.trace[z]).collect();
                let weights = Weighting::Values.input(self.n);
                while let Some(alpha) = all.advance() {
                    out.push(product_entry(&weights, &scaled, alpha));
                }
            }
            (Start::Product { f }, None) => {
                let weights = Weighting::Probabilities.input(self.n);
                while let Some(alpha) = all.advance() {
                    out.push(product_entry(&weights, f, alpha));
                }
            }
            (Start::FixedCounts { .. }, Some(element)) => {
                return Err(ExactError::FixedCountsOfExpectations { element });
            }
            (Start::FixedCounts { .. }, None) => {
                let counts = start.counts(self.n)?;
                while let Some(alpha) = all.advance() {
                    let here = alpha.iter().zip(&counts).all(|(&x, &y)| x as usize == y);
                    out.push(S::from_re(f64::from(u8::from(here))));
                }
            }
            (Start::Cumulants { f, g }, expectations) => {
                let layout = SymmetricLayout::new(self.trace.len(), self.n)?;
                let state = cumulants::state(self.model, &layout, self.n, (f, g))?;
                let scale = expectations.map(|z| self.trace[z]);
                let scale = scale.map(|t| (0..self.n).fold(S::from_re(1.0), |x, _| x * t));
                // N!/Πα_a!, as of a product state of ones.
                let ones = vec![S::from_re(1.0); self.trace.len()];
                let weights = Weighting::Probabilities.input(self.n);
                for value in state {
                    let Some(alpha) = all.advance() else { break };
                    let scale = scale.unwrap_or_else(|| product_entry(&weights, &ones, alpha));
                    out.push(value * scale);
                }
            }
            _ => return Err(ExactError::UnknownStart),
        }
        Ok(out)
    }

    /// F_j, packed: Tr^{j+1} … Tr^N of the state (87).
    fn marginal(&self, state: &[S], j: usize) -> Vec<S> {
        match self.expectations {
            Some(z) => self.block(state, j, z),
            None => self.factorial_moments(state, j),
        }
    }

    /// Tr^{j+1} … Tr^N picks the entries with at least N−j particles in the
    /// traced element; without those, the order of entries is that of degree j.
    fn block(&self, state: &[S], j: usize, z: usize) -> Vec<S> {
        let scale = (0..j).fold(S::from_re(1.0), |product, _| product / self.trace[z]);
        let mut all = Occupations::new(self.trace.len(), self.n);
        let mut out = Vec::with_capacity(self.layout.len(j));
        for &value in state {
            let Some(alpha) = all.advance() else { break };
            if alpha[z] as usize >= self.n - j {
                out.push(value * scale);
            }
        }
        out
    }

    /// F_j[β] = Σ_α p[α] Π_a (α_a)_{β_a} Tr_a^{α_a−β_a} / (N)_j: the chain of
    /// N−j partial traces at once, drawing j of N particles without return.
    /// Cost: len(N)·len(j)·D.
    fn factorial_moments(&self, state: &[S], j: usize) -> Vec<S> {
        let one = S::from_re(1.0);
        let powers: Vec<Vec<S>> = self
            .trace
            .iter()
            .map(|&t| {
                let next = |x: &S| Some(*x * t);
                std::iter::successors(Some(one), next)
                    .take(self.n + 1)
                    .collect()
            })
            .collect();
        let ordered: f64 = (0..j).map(|i| (self.n - i) as f64).product();
        let mut all = Occupations::new(self.trace.len(), self.n);
        let mut out = vec![S::from_re(0.0); self.layout.len(j)];
        for &p in state {
            let Some(alpha) = all.advance() else { break };
            for (entry, sum) in out.iter_mut().enumerate() {
                let beta = self.layout.occupation(j, entry);
                if beta.iter().zip(alpha).any(|(&b, &a)| u32::from(b) > a) {
                    continue;
                }
                let mut term = p;
                for ((&b, &a), powers) in beta.iter().zip(alpha).zip(&powers) {
                    let falling: f64 = (0..u32::from(b)).map(|i| f64::from(a - i)).product();
                    term *= powers[(a - u32::from(b)) as usize].scaled(falling);
                }
                *sum += term.scaled(1.0 / ordered);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
