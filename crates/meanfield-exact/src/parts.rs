//! The terms of a generator, sorted: those that do not change in time make one generator,
//! for the series of [`crate::evolution`]; those that do are integrated with it,
//!
//! ```math
//! \partial_t P = A P + \sum_k c_k(t)\, N^{-p_k} A_k P.
//! ```

use meanfield_abstract::{Model, Term};
use meanfield_ode::{LinearAction, OdeError, Options, Progress, System, integrate_observed};
use meanfield_tensor::Scalar;

use crate::ExactError;
use crate::evolution::Listener;

/// Relative error of a step, where c(t) changes and no series serves.
const TOLERANCE: f64 = 1e-13;

/// A model's operators and what they are multiplied by.
pub(crate) type Part<'a, S> = (f64, &'a dyn Model<Scalar = S>);

/// K + V/N and every further term whose envelope is constant, with c N^{−p}.
pub(crate) fn constant<S: Scalar>(model: &dyn Model<Scalar = S>, n: usize) -> Vec<Part<'_, S>> {
    let terms = model.further_terms().into_iter();
    let folded = terms
        .filter(|term| term.envelope.is_constant())
        .map(|term| (term.envelope.at(0.0) * term.power.weight(n), term.operator));
    std::iter::once((1.0, model)).chain(folded).collect()
}

/// The further terms whose envelope changes.
pub(crate) fn changing<S: Scalar>(model: &dyn Model<Scalar = S>) -> Vec<Term<'_, S>> {
    let mut terms = model.further_terms();
    terms.retain(|term| !term.envelope.is_constant());
    terms
}

/// A generator that changes in time, acting on vectors.
pub(crate) trait ChangingAction<S> {
    /// `out = A(t) x`.
    fn apply_at(&mut self, t: f64, x: &[S], out: &mut [S]);
}

/// Further terms on top of an action that does not change.
pub(crate) struct Changing<'a, S: Scalar, A> {
    constant: A,
    terms: Vec<(Term<'a, S>, A)>,
    n: usize,
    image: Vec<S>,
}

impl<'a, S: Scalar, A> Changing<'a, S, A> {
    /// Of `n` particles; an action for each term, without its c N^{−p}.
    pub(crate) fn new(constant: A, terms: Vec<(Term<'a, S>, A)>, n: usize) -> Self {
        Self {
            constant,
            terms,
            n,
            image: Vec::new(),
        }
    }
}

impl<S: Scalar, A: LinearAction<Scalar = S>> ChangingAction<S> for Changing<'_, S, A> {
    fn apply_at(&mut self, t: f64, x: &[S], out: &mut [S]) {
        self.constant.apply(x, out);
        self.image.resize(x.len(), S::from_re(0.0));
        for (term, action) in &mut self.terms {
            let c = term.envelope.at(t) * term.power.weight(self.n);
            action.apply(x, &mut self.image);
            for (y, z) in out.iter_mut().zip(&self.image) {
                *y += z.scaled(c);
            }
        }
    }
}

/// ∂t P = A(t) P as a system.
struct Equation<'b, S, A: ?Sized> {
    action: &'b mut A,
    blocks: [usize; 1],
    size: f64,
    scalar: std::marker::PhantomData<S>,
}

impl<S: Scalar, A: ChangingAction<S> + ?Sized> System for Equation<'_, S, A> {
    type Scalar = S;

    fn blocks(&self) -> &[usize] {
        &self.blocks
    }

    fn natural_size(&self, _block: usize) -> f64 {
        self.size
    }

    fn rhs(&mut self, t: f64, y: &[S], dydt: &mut [S]) {
        self.action.apply_at(t, y, dydt);
    }
}

/// P at each of `times` ≥ 0 from P at t = 0, by steps that end there. Returns the number
/// of applications of A.
///
/// # Errors
/// [`ExactError::Ode`]: bad times, an interruption.
pub(crate) fn evolve<S: Scalar>(
    action: &mut (impl ChangingAction<S> + ?Sized),
    initial: &[S],
    times: &[f64],
    mut listener: Listener<'_>,
    mut output: impl FnMut(&[S]),
) -> Result<usize, ExactError> {
    let squares: f64 = initial.iter().map(|x| x.modulus().powi(2)).sum();
    let mut equation = Equation {
        action,
        blocks: [initial.len()],
        size: (squares / initial.len().max(1) as f64).sqrt(),
        scalar: std::marker::PhantomData,
    };
    let options = Options {
        tolerance: TOLERANCE,
        ..Options::default()
    };
    let end = times.last().copied().unwrap_or(1.0);
    let mut listen = |progress: &Progress| {
        let fraction = progress.time / end;
        listener.as_mut().is_none_or(|listen| listen(fraction))
    };
    let (mut state, mut now, mut applications) = (initial.to_vec(), 0.0, 0);
    for &t in times {
        let mut reached = Vec::new();
        let each = |k: usize, y: &[S]| {
            if k == 1 {
                reached = y.to_vec();
                output(y);
            }
            Ok::<(), OdeError>(())
        };
        let steps = [now, t];
        let statistics =
            integrate_observed(&mut equation, state, &steps, &options, &mut listen, each)?;
        applications += statistics.rhs_evaluations;
        (state, now) = (reached, t);
    }
    Ok(applications)
}
