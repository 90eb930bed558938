//! `[initial]` to an N-body start.

use std::collections::BTreeMap;

use meanfield::abstract_model::{Model, ModelError, Start, in_every_slot, one_body_state};
use meanfield::tensor::{Scalar, SymmetricLayout, dense};
use ndarray::{ArrayD, Dimension, IxDyn};
use num_complex::Complex64;

use crate::arrays::{Array, shape};
use crate::catalogue::{Concrete, State};
use crate::config::{self, Initial};

/// Entries of cumulants were computed elsewhere: this much rounding relative
/// to the largest is no asymmetry.
const ROUNDING: f64 = 1e-10;

/// The start.
pub(super) fn start<S: Scalar>(
    model: &dyn Concrete<S>,
    initial: &Initial,
) -> Result<Start<S>, ModelError> {
    let values: Vec<Complex64> = match &initial.state {
        State::Array(array) => {
            if !model.capabilities().basis.is_complex() {
                array.require_real().map_err(shape)?;
            }
            array.clone().into_vec()
        }
        State::Named(components) => {
            let mut sum = vec![Complex64::ZERO; model.space().dimension()];
            for component in components {
                let state = model.state(component.name, &component.values)?;
                for (x, y) in sum.iter_mut().zip(state) {
                    *x += y * component.weight;
                }
            }
            sum
        }
    };
    let f = one_body_state(model, "F", &values)?;
    Ok(match &initial.start {
        config::Start::Product => Start::Product { f },
        config::Start::FixedCounts => Start::FixedCounts { f },
        config::Start::Cumulants(arrays) => {
            let mut g = BTreeMap::new();
            for (&(j, l), array) in arrays {
                g.insert((j, l), packed(model, j, l, array)?);
            }
            Start::Cumulants { f, g }
        }
    })
}

/// The user array g_{j,l} in the engine's packed form.
fn packed<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    j: usize,
    l: usize,
    array: &Array,
) -> Result<Vec<S>, ModelError> {
    let d = model.space().dimension();
    let name = format!("g_{j}_{l}");
    if j == 0 || array.shape() != vec![d; j] {
        return Err(ModelError::Shape {
            array: name,
            found: array.shape().to_vec(),
            expected: format!("j = {j} axes of length {d}"),
        });
    }
    let Ok(user) = ArrayD::from_shape_vec(IxDyn(&vec![d; j]), array.clone().into_vec()) else {
        unreachable!("the shape was compared");
    };
    let engine = match model.capabilities().basis.engine_from_user() {
        Some(w) => in_every_slot(w, &user),
        None => user,
    };
    let layout = SymmetricLayout::new(d, j)?;
    let packed = dense::to_packed(&layout, &engine);
    let symmetric = dense::from_packed(&layout, j, &packed);
    let largest = engine.iter().map(|z| z.norm()).fold(0.0, f64::max);
    for ((index, x), y) in engine.indexed_iter().zip(&symmetric) {
        let imaginary = if S::IS_COMPLEX { 0.0 } else { x.im.abs() };
        if (x - y).norm() > ROUNDING * largest || imaginary > ROUNDING * largest {
            return Err(ModelError::Parameter {
                key: "cumulants",
                found: format!(
                    "a file whose {name} has the entry {x} at {:?}",
                    index.slice()
                ),
                expected: "arrays that are symmetric under exchange of particles, and Hermitian \
                           (real) for this model"
                    .to_owned(),
            });
        }
    }
    Ok(packed.into_iter().map(S::from_complex).collect())
}
