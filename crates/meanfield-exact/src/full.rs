//! The definition, word for word: a full tensor of D^N numbers, K_i and V_ij
//! one after the other. For checks at N ≤ 5, and for starts that are not
//! symmetric.

use meanfield_abstract::{Model, ModelError};
use meanfield_ode::{LinearAction, exponential};
use meanfield_tensor::{Scalar, dense};
use ndarray::ArrayD;

use crate::ExactError;
use crate::parts::{self, ChangingAction};

/// The most particles of a full tensor.
pub const MOST_PARTICLES: usize = 5;

/// ∂t F^N = Σ_i K_i F^N + (1/N) Σ_{i<j} V_ij F^N (88)–(90), literally.
struct Literal<'a, S: Scalar> {
    model: &'a dyn Model<Scalar = S>,
    shape: Vec<usize>,
}

/// The image of an N-body tensor under the generator; with terms that change in time,
/// that at t = 0. Cost: N² D^{N+2}.
#[must_use]
pub fn generator<S: Scalar>(model: &dyn Model<Scalar = S>, tensor: &ArrayD<S>) -> ArrayD<S> {
    generator_at(model, 0.0, tensor)
}

/// The image of an N-body tensor under the generator at time t: that of K + V/N, and of
/// every further term times c(t) N^{−p}. Cost: N² D^{N+2} for each.
#[must_use]
pub fn generator_at<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    t: f64,
    tensor: &ArrayD<S>,
) -> ArrayD<S> {
    let n = tensor.ndim();
    let mut out = dense::zeros(model.space().dimension(), n);
    add_operators(model, 1.0, tensor, &mut out);
    for term in model.further_terms() {
        let c = term.envelope.at(t) * term.power.weight(n);
        add_operators(term.operator, c, tensor, &mut out);
    }
    out
}

/// `out += c (Σ_i K_i + (1/N) Σ_{i<j} V_ij)` of K and V alone.
fn add_operators<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    c: f64,
    tensor: &ArrayD<S>,
    out: &mut ArrayD<S>,
) {
    let n = tensor.ndim();
    let one = S::from_re(c);
    let coupling = S::from_re(c / n as f64);
    for i in 0..n {
        *out += &dense::on_slot(tensor, i, |x, y| model.add_k(one, x, y));
        for r in i + 1..n {
            *out += &dense::on_pair(tensor, i, r, |x, y| {
                model.interaction().add_pair(coupling, x, y)
            });
        }
    }
}

impl<S: Scalar> LinearAction for Literal<'_, S> {
    type Scalar = S;

    fn apply(&mut self, x: &[S], out: &mut [S]) {
        self.apply_at(0.0, x, out);
    }
}

impl<S: Scalar> ChangingAction<S> for Literal<'_, S> {
    fn apply_at(&mut self, t: f64, x: &[S], out: &mut [S]) {
        match ArrayD::from_shape_vec(self.shape.clone(), x.to_vec()) {
            Ok(tensor) => {
                let image = generator_at(self.model, t, &tensor);
                for (to, &from) in out.iter_mut().zip(&image) {
                    *to = from;
                }
            }
            Err(_) => unreachable!("a state has as many entries as the start"),
        }
    }
}

/// The N-body tensor at each of `times` ≥ 0, from any start, symmetric or not;
/// N is its number of axes.
///
/// # Errors
/// [`ExactError`]: more than [`MOST_PARTICLES`] axes or none, axes of another
/// length than D, or bad times.
pub fn evolve<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &ArrayD<S>,
    times: &[f64],
) -> Result<Vec<ArrayD<S>>, ExactError> {
    let (d, n) = (model.space().dimension(), start.ndim());
    if n == 0 || n > MOST_PARTICLES || start.shape().iter().any(|&len| len != d) {
        return Err(ModelError::Shape {
            array: "N-body start".to_owned(),
            found: start.shape().to_vec(),
            expected: format!("1 to {MOST_PARTICLES} axes of length {d}"),
        }
        .into());
    }
    let shape = start.shape().to_vec();
    let initial: Vec<S> = start.iter().copied().collect();
    let mut literal = Literal {
        model,
        shape: shape.clone(),
    };
    let mut out = Vec::with_capacity(times.len());
    let mut keep = |state: &[S]| {
        if let Ok(tensor) = ArrayD::from_shape_vec(shape.clone(), state.to_vec()) {
            out.push(tensor);
        }
    };
    if !parts::changing(model).is_empty() {
        parts::evolve(&mut literal, &initial, times, None, keep)?;
        return Ok(out);
    }
    exponential(&mut literal, &initial, times, |_, state| {
        keep(state);
        Ok::<(), ExactError>(())
    })?;
    Ok(out)
}

/// The marginal F_j = Tr^{j+1} … Tr^N F^N (87) of an N-body tensor, N ≥ j.
#[must_use]
pub fn marginal<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    tensor: &ArrayD<S>,
    j: usize,
) -> ArrayD<S> {
    let mut out = tensor.clone();
    while out.ndim() > j {
        out = dense::partial_trace(&out, out.ndim() - 1, model.space().trace());
    }
    out
}
