//! kind = "custom": arrays to a model.

use meanfield::abstract_model::{
    Custom, Envelope, Model, ModelError, PairEntry, PairOperator, Power, SumOfTerms,
};
use meanfield::tensor::{Norm, Scalar};
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use super::{Absent, Built, Disagreement, Given, Holds, Kind, Size, State, Values, key};
use crate::arrays::{Array, shape};

pub(super) static KIND: Kind = Kind {
    keys: &[
        key(
            "K",
            Holds::Array {
                rank: 2,
                shape: "(D, D)",
            },
            "(D, D): one-body generator, column = state left",
        )
        .in_units("rate"),
        key(
            "V",
            Holds::Array {
                rank: 4,
                shape: "(D, D, D, D)",
            },
            "(D, D, D, D): (VG)[a,b] = sum V[a,b,c,d] G[c,d]",
        )
        .or(Absent::Nothing)
        .in_units("rate"),
        key(
            "V_index",
            Holds::Array {
                rank: 2,
                shape: "(nnz, 4)",
            },
            "(nnz, 4): the a, b, c, d of a sparse V",
        )
        .or(Absent::Nothing),
        key(
            "V_value",
            Holds::Array {
                rank: 1,
                shape: "(nnz,)",
            },
            "(nnz,): its values",
        )
        .or(Absent::Nothing)
        .in_units("rate"),
        key(
            "K1",
            Holds::Array {
                rank: 2,
                shape: "(D, D)",
            },
            "(D, D): K is K + K1/N",
        )
        .or(Absent::Nothing)
        .in_units("rate"),
        key(
            "V1",
            Holds::Array {
                rank: 4,
                shape: "(D, D, D, D)",
            },
            "(D, D, D, D): V is V + V1/N",
        )
        .or(Absent::Nothing)
        .in_units("rate"),
        key(
            "trace",
            Holds::Array {
                rank: 1,
                shape: "(D,)",
            },
            "(D,): the trace functional (default: ones)",
        )
        .or(Absent::Nothing),
        key(
            "norm",
            Holds::Word(&["l1", "none"]),
            "\"l1\" (default, a population) or \"none\"",
        )
        .or(Absent::Word("l1")),
        key(
            "labels",
            Holds::Labels,
            "names of the states; each is then an observable",
        )
        .or(Absent::Nothing),
    ],
    observables: "the labels of the states",
    example: include_str!("templates/custom.toml"),
    counts: true,
    agree,
    interaction_bytes: |given| {
        let pairs = [pair_values(given.values), given.values.array("V1")];
        let entries = pairs.into_iter().flatten().map(Array::nonzero).sum();
        let bytes = if is_complex(given) {
            PairOperator::<Complex64>::required_bytes(entries)
        } else {
            PairOperator::<f64>::required_bytes(entries)
        };
        Ok(bytes.unwrap_or(usize::MAX))
    },
    describe,
    ..Kind::new(
        "custom",
        "any one-body generator K, pair operator V and trace, as arrays: populations with \
         pair interactions and whatever else has this form",
        |values| Size::real(values.array("K").map_or(0.0, |k| k.shape()[0] as f64)),
        build,
    )
};

/// V is given whole, or as a list of entries with a row of indices for each value.
fn agree(values: &Values) -> Result<(), Disagreement> {
    let array = |key: &str| values.array(key);
    let missing = |key, expected| Disagreement::Missing {
        at: "kind",
        key,
        expected,
    };
    let (index, value) = match (array("V"), array("V_index"), array("V_value")) {
        (Some(_), None, None) => return Ok(()),
        (Some(_), ..) => {
            return Err(Disagreement::Contradiction {
                at: "V_index",
                first: "model.V",
                second: Some("model.V_index"),
                advice: "give V whole or as a list of entries, not both",
            });
        }
        (None, None, None) => {
            return Err(missing(
                "model.V",
                "V of shape (D, D, D, D), or V_index of shape (nnz, 4) with V_value of shape \
                 (nnz,), inline or in the npz file `file`",
            ));
        }
        (None, None, Some(_)) => {
            return Err(missing(
                "model.V_index",
                "the index rows that V_value belongs to",
            ));
        }
        (None, Some(_), None) => {
            return Err(missing(
                "model.V_value",
                "one value for each row of V_index",
            ));
        }
        (None, Some(index), Some(value)) => (index, value),
    };
    let (rows, values) = (index.shape()[0], value.shape()[0]);
    if index.shape()[1] != 4 || rows != values {
        return Err(Disagreement::Value {
            at: "V_index",
            found: format!("of shape {:?} beside {values} values", index.shape()),
            expected: "one row [a, b, c, d] for each value of V_value".to_owned(),
        });
    }
    match index.indices() {
        Ok(_) => Ok(()),
        Err(source) => Err(Disagreement::Array {
            at: "V_index",
            source,
        }),
    }
}

/// The model, over complex numbers if any array is complex.
fn build(given: &Given<'_>) -> Result<Built, ModelError> {
    if !is_complex(given) {
        let model = model::<f64>(given.values)?;
        return Ok(match correction(given.values, &model)? {
            None => Built::real(model),
            Some(term) => Built::real(with_correction(model, term)?),
        });
    }
    if given.values.word("norm") == "l1" {
        return Err(ModelError::Parameter {
            key: "norm",
            found: "\"l1\", but one of the arrays is complex".to_owned(),
            expected: "real arrays for a population, or norm = \"none\"".to_owned(),
        });
    }
    let model = model::<Complex64>(given.values)?;
    Ok(match correction(given.values, &model)? {
        None => Built::complex(model),
        Some(term) => Built::complex(with_correction(model, term)?),
    })
}

/// K + K1/N and V + V1/N.
fn with_correction<S: Scalar>(
    model: Custom<S>,
    term: Custom<S>,
) -> Result<SumOfTerms<'static, S>, ModelError> {
    SumOfTerms::new(model).with_term(term, Power::One, Envelope::default())
}

/// K1 and V1, if there is one of them.
fn correction<S: Scalar>(
    values: &Values,
    model: &Custom<S>,
) -> Result<Option<Custom<S>>, ModelError> {
    let (k1, v1) = (values.array("K1"), values.array("V1"));
    if k1.is_none() && v1.is_none() {
        return Ok(None);
    }
    let d = model.space().dimension();
    let k: Array2<S> = match k1 {
        Some(k1) => k1.matrix().map_err(shape)?.mapv(S::from_complex),
        None => Array2::zeros((d, d)),
    };
    let v: Array4<S> = match v1 {
        Some(v1) => v1.four().map_err(shape)?.mapv(S::from_complex),
        None => Array4::zeros((0, 0, 0, 0)),
    };
    let trace = model.space().trace().to_vec();
    let sized = |array: &str, found: &[usize], expected: String| match found.iter().all(|&n| n == d)
    {
        true => Ok(()),
        false => Err(ModelError::Shape {
            array: array.to_owned(),
            found: found.to_vec(),
            expected,
        }),
    };
    sized("K1", k.shape(), format!("({d}, {d}), as K"))?;
    if v1.is_some() {
        sized("V1", v.shape(), format!("({d}, {d}, {d}, {d}), as K"))?;
    }
    let entries = v
        .indexed_iter()
        .filter(|&(_, &value)| value != S::from_re(0.0))
        .map(|((a, b, c, d), &value)| PairEntry { a, b, c, d, value })
        .collect();
    // A correction need not be a rate by itself: it is no matter of signs.
    let term = Custom::new(&k, entries, &trace, Norm::Euclidean).map_err(|error| match error {
        ModelError::Shape { .. } => error,
        other => ModelError::Parameter {
            key: if v1.is_some() { "V1" } else { "K1" },
            found: format!("not to be added ({other})"),
            expected: "columns of trace zero, and V1 symmetric under exchange".to_owned(),
        },
    })?;
    Ok(Some(term))
}

/// Whether one of the arrays is complex.
fn is_complex(given: &Given<'_>) -> bool {
    let start = match given.state {
        State::Array(f) => Some(f),
        State::Named(_) => None,
    };
    let values = given.values;
    let arrays = [
        values.array("K"),
        pair_values(values),
        values.array("K1"),
        values.array("V1"),
        values.array("trace"),
    ];
    let mut all = arrays.into_iter().chain([start]).flatten();
    all.any(Array::is_complex)
}

/// The entries of V.
fn pair_values(values: &Values) -> Option<&Array> {
    values.array("V").or(values.array("V_value"))
}

/// V as a list.
fn list(values: &Values) -> Option<(&Array, &Array)> {
    Some((values.array("V_index")?, values.array("V_value")?))
}

fn describe(values: &Values) -> String {
    let pair = match values.array("V_value") {
        Some(value) => format!("V with {} entries", value.shape()[0]),
        None => "V as a whole".to_owned(),
    };
    match values.labels("labels") {
        Some(labels) => format!("states {}; {pair}", labels.join(", ")),
        None => {
            let d = values.array("K").map_or(0, |k| k.shape()[0]);
            format!("{d} states; {pair}")
        }
    }
}

fn model<S: Scalar>(values: &Values) -> Result<Custom<S>, ModelError> {
    let Some(k) = values.array("K") else {
        unreachable!("the reader requires K");
    };
    let k: Array2<S> = k.matrix().map_err(shape)?.mapv(S::from_complex);
    if k.nrows() == 0 || k.nrows() != k.ncols() {
        return Err(ModelError::Shape {
            array: "K".to_owned(),
            found: k.shape().to_vec(),
            expected: "(D, D) with D ≥ 1".to_owned(),
        });
    }
    let trace: Vec<S> = match values.array("trace") {
        Some(trace) => scalars(trace),
        None => vec![S::from_re(1.0); k.nrows()],
    };
    let norm = if values.word("norm") == "l1" {
        Norm::L1
    } else {
        Norm::Euclidean
    };
    let model = match (values.array("V"), list(values)) {
        (Some(v), _) => {
            let v: Array4<S> = v.four().map_err(shape)?.mapv(S::from_complex);
            Custom::from_dense(&k, &v, &trace, norm)?
        }
        (None, Some((index, value))) => {
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
        (None, None) => unreachable!("the reader requires V or a list of its entries"),
    };
    match values.labels("labels") {
        Some(labels) => model.with_labels(labels.to_vec()),
        None => Ok(model),
    }
}

fn scalars<S: Scalar>(array: &Array) -> Vec<S> {
    let entries = array.clone().into_vec().into_iter();
    entries.map(S::from_complex).collect()
}
