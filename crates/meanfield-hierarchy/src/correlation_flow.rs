//! The hierarchy of the correlation errors, integrated: E_1 … E_J of N independent
//! particles, for j far beyond what inclusion and exclusion on exact marginals
//! has digits for (it loses 2^j).
//!
//! The unknowns are 𝓔_j = N^{j/2} E_j (43), (61), of order one in N:
//!
//! ```math
//! \partial_t \E_j = H_j \E_j + N^{-1/2} D_j^{1} \E_{j+1} + N^{-1/2} \Gamma_j \E_{j-1} + S_j \E_{j-2},
//! \qquad \E_0 = 1.
//! ```
//!
//! A further term c(t) N^{−p} (K_k + V_k/N) adds its own operators times c(t) N^{−p} and,
//! with p = 1, N^{−1/2} c(t) (K_kF + Q_k(F,F)) ⊙ 𝓔_{j−1}; see [`FurtherOperators`].

use meanfield_abstract::Model;
use meanfield_ode::{Options, System, integrate};
use meanfield_tensor::Scalar;

use crate::error::{HierarchyError, require_length};
use crate::{FurtherOperators, MeanField, Operators};

/// F and 𝓔_1 … 𝓔_J of N particles as one system, a block each. For J < N the
/// hierarchy is closed by 𝓔_{J+1} = 0; at J = N nothing is left out.
pub struct CorrelationFlow<'a, S: Scalar> {
    mean_field: MeanField<'a, S>,
    operators: Operators<'a, S>,
    further: FurtherOperators<'a, S>,
    particles: usize,
    blocks: Vec<usize>,
    /// Root mean square of F at the start.
    size: f64,
}

impl<'a, S: Scalar> CorrelationFlow<'a, S> {
    /// The hierarchy up to degree min(`degree`, N).
    ///
    /// # Errors
    /// [`HierarchyError::Tensor`] when a tensor cannot be indexed.
    pub fn new(
        model: &'a dyn Model<Scalar = S>,
        particles: usize,
        degree: usize,
    ) -> Result<Self, HierarchyError> {
        let degree = degree.min(particles);
        let operators = Operators::new(model, degree)?;
        let lengths = (1..=degree).map(|j| operators.layout().len(j));
        let blocks = std::iter::once(operators.layout().dimension())
            .chain(lengths)
            .collect();
        Ok(Self {
            mean_field: MeanField::new(model),
            operators,
            further: FurtherOperators::new(model, degree)?,
            particles,
            blocks,
            size: 1.0,
        })
    }

    /// The unknowns at the start: F, and no correlations.
    ///
    /// # Errors
    /// [`HierarchyError::Length`] unless F has D entries.
    pub fn start(&mut self, f: &[S]) -> Result<Vec<S>, HierarchyError> {
        require_length("F", f, self.blocks[0])?;
        let squares: f64 = f.iter().map(|x| x.modulus().powi(2)).sum();
        self.size = (squares / f.len() as f64).sqrt();
        let mut y = f.to_vec();
        y.resize(self.blocks.iter().sum(), S::from_re(0.0));
        Ok(y)
    }

    /// ∂t of every block.
    fn write_slopes(&mut self, t: f64, y: &[S], dydt: &mut [S]) -> Result<(), HierarchyError> {
        let one = S::from_re(1.0);
        let step = S::from_re((self.particles as f64).powf(-0.5));
        let n = self.particles;
        dydt.fill(S::from_re(0.0));
        let mut family: Vec<&[S]> = Vec::with_capacity(self.blocks.len());
        let mut rest = y;
        for &len in &self.blocks {
            let (block, tail) = rest.split_at(len);
            family.push(block);
            rest = tail;
        }
        let f = family[0];
        let (slope, mut slopes) = dydt.split_at_mut(f.len());
        self.mean_field.add_rhs(t, one, f, slope)?;
        self.operators.set_state(f)?;
        self.further.set_state(t, f)?;
        // Place 0 is 𝓔_0 from here on.
        let unit = [one];
        family[0] = &unit;
        for j in 1..family.len() {
            let (out, others) = slopes.split_at_mut(family[j].len());
            add_errors(&mut self.operators, 1.0, (j, n), &family, out)?;
            for term in self.further.terms() {
                let (weight, c) = (term.weight(n), step.scaled(term.factor()));
                add_errors(term.operators(), weight, (j, n), &family, out)?;
                term.add_drift(c, j, family[j - 1], out)?;
            }
            slopes = others;
        }
        Ok(())
    }
}

impl<S: Scalar> System for CorrelationFlow<'_, S> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn natural_size(&self, block: usize) -> f64 {
        self.size.powi(block.max(1) as i32)
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        self.write_slopes(t, y, dydt)
            .expect("blocks are as long as their tensors");
    }
}

/// `out += c·(H_j 𝓔_j + N^{−1/2} D_j^1 𝓔_{j+1} + N^{−1/2} Γ_j 𝓔_{j−1} + S_j 𝓔_{j−2})` with the
/// operators of one term.
fn add_errors<S: Scalar>(
    ops: &mut Operators<'_, S>,
    c: f64,
    (j, n): (usize, usize),
    family: &[&[S]],
    out: &mut [S],
) -> Result<(), HierarchyError> {
    let (c, step) = (S::from_re(c), S::from_re(c * (n as f64).powf(-0.5)));
    ops.add_h(c, j, n, family[j], out)?;
    if let Some(next) = family.get(j + 1) {
        ops.add_d_up(step, j, n, next, out)?;
    }
    ops.add_gamma(step, j, family[j - 1], out)?;
    if j >= 2 {
        ops.add_s(c, j, family[j - 2], out)?;
    }
    Ok(())
}

/// 𝓔_0 = 1, 𝓔_1, …, 𝓔_J with 𝓔_j = N^{j/2} E_j at each of `times`, for N independent
/// particles in the state `f` at `times[0]`: `result[time][j]`, packed.
/// Cost: one of every operator at every degree per right-hand side.
///
/// # Errors
/// [`HierarchyError::Length`] unless F has D entries; [`HierarchyError::Tensor`];
/// [`HierarchyError::Ode`].
pub fn correlation_flow<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    (particles, degree): (usize, usize),
    f: &[S],
    times: &[f64],
    options: &Options,
) -> Result<Vec<Vec<Vec<S>>>, HierarchyError> {
    let mut system = CorrelationFlow::new(model, particles, degree)?;
    let initial = system.start(f)?;
    let lengths = system.blocks[1..].to_vec();
    let mut states = Vec::with_capacity(times.len());
    integrate(&mut system, &initial, times, options, |_, y| {
        let mut rest = &y[f.len()..];
        let mut family = vec![vec![S::from_re(1.0)]];
        for &len in &lengths {
            family.push(rest[..len].to_vec());
            rest = &rest[len..];
        }
        states.push(family);
        Ok::<(), HierarchyError>(())
    })?;
    Ok(states)
}
