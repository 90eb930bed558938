//! kind = "custom": arrays to a model.

use meanfield::abstract_model::{Custom, ModelError, PairEntry, PairOperator};
use meanfield::tensor::{Norm, Scalar};
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use super::{AnyConcrete, Concrete, shape};
use crate::arrays::Array;
use crate::config::{self, Initial, Interaction, State};

/// The model, over complex numbers if any array is complex.
pub(super) fn custom(
    custom: &config::Custom,
    initial: &Initial,
) -> Result<AnyConcrete, ModelError> {
    let complex = is_complex(custom, initial);
    if complex && custom.population {
        return Err(ModelError::Parameter {
            key: "norm",
            found: "\"l1\", but one of the arrays is complex".to_owned(),
            expected: "real arrays for a population, or norm = \"none\"".to_owned(),
        });
    }
    Ok(if complex {
        AnyConcrete::Complex(custom_model(custom)?)
    } else {
        AnyConcrete::Real(custom_model(custom)?)
    })
}

/// Whether one of the arrays is complex.
fn is_complex(custom: &config::Custom, initial: &Initial) -> bool {
    let (Interaction::Dense(pair) | Interaction::List(_, pair)) = &custom.v;
    let start = match &initial.state {
        State::Array(f) => Some(f),
        State::Named(_) => None,
    };
    let given = [Some(&custom.k), Some(pair), custom.trace.as_ref(), start];
    given.into_iter().flatten().any(Array::is_complex)
}

/// Bytes taken while the list of V is made.
pub(super) fn required_bytes(custom: &config::Custom, initial: &Initial) -> Option<usize> {
    let (Interaction::Dense(pair) | Interaction::List(_, pair)) = &custom.v;
    if is_complex(custom, initial) {
        PairOperator::<Complex64>::required_bytes(pair.nonzero())
    } else {
        PairOperator::<f64>::required_bytes(pair.nonzero())
    }
}

fn custom_model<S: Scalar>(custom: &config::Custom) -> Result<Concrete<S>, ModelError> {
    let k: Array2<S> = custom.k.matrix().map_err(shape)?.mapv(S::from_complex);
    if k.nrows() == 0 || k.nrows() != k.ncols() {
        return Err(ModelError::Shape {
            array: "K".to_owned(),
            found: k.shape().to_vec(),
            expected: "(D, D) with D ≥ 1".to_owned(),
        });
    }
    let trace: Vec<S> = match &custom.trace {
        Some(trace) => scalars(trace),
        None => vec![S::from_re(1.0); k.nrows()],
    };
    let norm = if custom.population {
        Norm::L1
    } else {
        Norm::Euclidean
    };
    let model = match &custom.v {
        Interaction::Dense(v) => {
            let v: Array4<S> = v.four().map_err(shape)?.mapv(S::from_complex);
            Custom::from_dense(&k, &v, &trace, norm)?
        }
        Interaction::List(index, value) => {
            let rows = index.indices().map_err(shape)?;
            let entries = rows.chunks_exact(4).zip(scalars::<S>(value));
            let entries = entries.map(|(row, value)| PairEntry {
                a: row[0],
                b: row[1],
                c: row[2],
                d: row[3],
                value,
            });
            Custom::new(&k, entries.collect(), &trace, norm)?
        }
    };
    let model = match &custom.labels {
        Some(labels) => model.with_labels(labels.clone())?,
        None => model,
    };
    Ok(Concrete::Custom(Box::new(model), custom.labels.clone()))
}

fn scalars<S: Scalar>(array: &Array) -> Vec<S> {
    let entries = array.clone().into_vec().into_iter();
    entries.map(S::from_complex).collect()
}
