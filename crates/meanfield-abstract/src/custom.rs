//! The model `custom`: K, V and the trace given as arrays.

use meanfield_tensor::{Norm, Scalar, Space, linalg};
use ndarray::{Array1, Array2, Array4, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use crate::basis::UserBasis;
use crate::pair::{PairEntry, PairOperator};
use crate::semigroup::{Propagator, Semigroup, Splitting, WithoutK};
use crate::{Capabilities, Interaction, Measured, Model, ModelError, ObservableKind, PairEntries};

/// Rounding allowed in sums that must cancel, relative to the largest entry.
const ROUNDING: f64 = 1e-10;

/// A model given by arrays: a finite-state population process, or anything
/// else with a one-body generator and a pair operator.
#[derive(Debug, Clone)]
pub struct Custom<S> {
    k: Option<Array2<S>>,
    /// Whether there is a K, and it is diagonal.
    k_is_diagonal: bool,
    pair: PairOperator<S>,
    basis: UserBasis,
    labels: Vec<String>,
}

impl<S: Scalar> Custom<S> {
    /// The model with K\[a,b\], the entries (VG)\[a,b\] += value·G\[c,d\], a trace
    /// functional and a norm ([`Norm::L1`] for populations, else
    /// [`Norm::Euclidean`]).
    ///
    /// # Errors
    /// [`ModelError`] for wrong shapes, non-finite entries, a K or V that does
    /// not conserve the trace, a V without exchange symmetry, and, with
    /// [`Norm::L1`], negative rates.
    pub fn new(
        k: &Array2<S>,
        entries: Vec<PairEntry<S>>,
        trace: &[S],
        norm: Norm,
    ) -> Result<Self, ModelError> {
        let d = trace.len();
        if d == 0 || k.dim() != (d, d) {
            return Err(ModelError::Shape {
                array: "K".to_owned(),
                found: k.shape().to_vec(),
                expected: format!("({d}, {d}), as long as `trace`, and at least (1, 1)"),
            });
        }
        for (t, x) in trace.iter().enumerate() {
            finite("trace", &[t], *x)?;
        }
        for ((a, b), &x) in k.indexed_iter() {
            finite("K", &[a, b], x)?;
        }
        for (row, e) in entries.iter().enumerate() {
            if [e.a, e.b, e.c, e.d].iter().any(|&i| i >= d) {
                return Err(ModelError::Index {
                    array: "V_index".to_owned(),
                    row,
                    found: vec![e.a, e.b, e.c, e.d],
                    dimension: d,
                });
            }
            finite("V", &[e.a, e.b, e.c, e.d], e.value)?;
        }
        let pair = PairOperator::new(Space::new(trace.to_vec(), norm), entries);
        check_k(k, trace, norm)?;
        check_pair(&pair, trace, norm)?;
        let zero = S::from_re(0.0);
        let is_zero = k.iter().all(|&x| x == zero);
        Ok(Self {
            k_is_diagonal: !is_zero && k.indexed_iter().all(|((a, b), &x)| a == b || x == zero),
            k: (!is_zero).then(|| k.clone()),
            pair,
            basis: UserBasis {
                levels: None,
                complex: S::IS_COMPLEX,
                values: trace.iter().all(|&t| t == S::from_re(1.0)),
            },
            labels: Vec::new(),
        })
    }

    /// The same from a dense V with (VG)\[a,b\] = Σ V\[a,b,c,d\] G\[c,d\].
    ///
    /// # Errors
    /// As [`Custom::new`].
    pub fn from_dense(
        k: &Array2<S>,
        v: &Array4<S>,
        trace: &[S],
        norm: Norm,
    ) -> Result<Self, ModelError> {
        let d = trace.len();
        if v.dim() != (d, d, d, d) {
            return Err(ModelError::Shape {
                array: "V".to_owned(),
                found: v.shape().to_vec(),
                expected: format!("({d}, {d}, {d}, {d})"),
            });
        }
        let zero = S::from_re(0.0);
        let entries = v
            .indexed_iter()
            .filter(|&(_, &value)| value != zero)
            .map(|((a, b, c, d), &value)| PairEntry { a, b, c, d, value })
            .collect();
        Self::new(k, entries, trace, norm)
    }

    /// Names the states; each name is then an observable, the indicator of
    /// its state.
    ///
    /// # Errors
    /// [`ModelError::Shape`] unless there is one label for each state.
    pub fn with_labels(mut self, labels: Vec<String>) -> Result<Self, ModelError> {
        if labels.len() != self.space().dimension() {
            return Err(ModelError::Shape {
                array: "labels".to_owned(),
                found: vec![labels.len()],
                expected: format!("({},)", self.space().dimension()),
            });
        }
        self.labels = labels;
        Ok(self)
    }

    /// The names of the states; none unless they were given.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Declares that the one-body space consists of d×d matrices, user index
    /// x·d + x'.
    ///
    /// # Errors
    /// [`ModelError::Shape`] unless D = d².
    pub fn with_levels(mut self, levels: usize) -> Result<Self, ModelError> {
        if levels * levels != self.space().dimension() {
            return Err(ModelError::Shape {
                array: "K".to_owned(),
                found: vec![self.space().dimension(); 2],
                expected: format!("D = d² with d = {levels}"),
            });
        }
        self.basis.levels = Some(levels);
        self.basis.values = true;
        Ok(self)
    }
}

impl<S: Scalar> Model for Custom<S> {
    type Scalar = S;

    fn space(&self) -> &Space<S> {
        self.pair.one_body_space()
    }

    fn add_k(&self, c: S, x: ArrayView2<'_, S>, out: ArrayViewMut2<'_, S>) {
        if let Some(k) = &self.k {
            linalg::gemm(c, k.view(), x, out);
        }
    }

    fn bytes(&self) -> usize {
        self.k.as_ref().map_or(0, |k| size_of::<S>() * k.len()) + self.pair.bytes()
    }

    fn interaction(&self) -> &dyn Interaction<S> {
        &self.pair
    }

    fn capabilities(&self) -> Capabilities<'_, S> {
        Capabilities {
            k_is_zero: self.k.is_none(),
            basis: &self.basis,
            splitting: self.k_is_diagonal.then_some(self as &dyn Splitting<S>),
            measured: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl<S: Scalar> Splitting<S> for Custom<S> {
    /// Where K is diagonal; elsewhere its exponential costs more than it saves.
    fn semigroup(&self) -> Box<dyn Semigroup<S> + '_> {
        let rates = self.k.as_ref().map(|k| k.diag().to_vec());
        Box::new(DiagonalK {
            rates: rates.unwrap_or_default(),
            rest: WithoutK(self),
        })
    }
}

impl<S: Scalar> Measured<S> for Custom<S> {
    fn observable_names(&self) -> Vec<String> {
        self.labels.clone()
    }

    fn observable(&self, name: &str) -> Option<ObservableKind<'_, S>> {
        let state = self.labels.iter().position(|label| label == name)?;
        let indicator = |a| Complex64::from(f64::from(u8::from(a == state)));
        let values = (0..self.labels.len()).map(indicator).collect();
        Some(ObservableKind::OneBody(values))
    }
}

/// e^{τK} for a diagonal K: quantum models in the eigenbasis of h.
struct DiagonalK<'a, S> {
    rates: Vec<S>,
    rest: WithoutK<'a, Custom<S>>,
}

impl<S: Scalar> Semigroup<S> for DiagonalK<'_, S> {
    fn rest(&self) -> &dyn Model<Scalar = S> {
        &self.rest
    }

    fn at(&self, tau: f64) -> Propagator<'_, S> {
        let factor = |&rate: &S| S::from_complex((rate.to_complex() * tau).exp());
        Propagator::Diagonal(self.rates.iter().map(factor).collect())
    }
}

fn finite<S: Scalar>(array: &str, index: &[usize], x: S) -> Result<(), ModelError> {
    if x.finite() {
        return Ok(());
    }
    Err(ModelError::NotFinite {
        array: array.to_owned(),
        index: index.to_vec(),
        found: x.to_string(),
    })
}

fn check_k<S: Scalar>(k: &Array2<S>, trace: &[S], norm: Norm) -> Result<(), ModelError> {
    let largest = k.iter().map(|x| x.modulus()).fold(0.0, f64::max);
    for (b, column) in k.columns().into_iter().enumerate() {
        if norm == Norm::L1
            && let Some(a) = (0..trace.len()).find(|&a| a != b && column[a].re() < 0.0)
        {
            return Err(ModelError::NegativeRate {
                array: "K".to_owned(),
                from: vec![b],
                to: vec![a],
                rate: column[a].re(),
            });
        }
        let weighted: Array1<S> = column.iter().zip(trace).map(|(&x, &t)| x * t).collect();
        trace_kept("K", &[b], weighted.iter().copied(), largest)?;
    }
    Ok(())
}

fn check_pair<S: Scalar>(
    pair: &PairOperator<S>,
    trace: &[S],
    norm: Norm,
) -> Result<(), ModelError> {
    let d = trace.len();
    let mut list = Vec::with_capacity(pair.entries());
    pair.for_each_pair_entry(&mut |a, b, c, e, value| list.push(([a, b, c, e], value)));
    let largest = list.iter().map(|(_, x)| x.modulus()).fold(0.0, f64::max);
    let find = |index: [usize; 4]| {
        let found = list.binary_search_by(|(other, _)| other.cmp(&index));
        found.map_or(S::from_re(0.0), |k| list[k].1)
    };
    let mut columns = vec![S::from_re(0.0); d * d];
    for &(index @ [a, b, c, e], value) in &list {
        let partner = [b, a, e, c];
        let other = find(partner);
        if (value - other).modulus() > ROUNDING * largest {
            return Err(ModelError::NotExchangeSymmetric {
                array: "V".to_owned(),
                index,
                found: value.to_string(),
                partner,
                other: other.to_string(),
            });
        }
        if norm == Norm::L1 && (a, b) != (c, e) && value.re() < 0.0 {
            return Err(ModelError::NegativeRate {
                array: "V".to_owned(),
                from: vec![c, e],
                to: vec![a, b],
                rate: value.re(),
            });
        }
        columns[c * d + e] += trace[a] * trace[b] * value;
    }
    for (column, &total) in columns.iter().enumerate() {
        trace_kept("V", &[column / d, column % d], [total].into_iter(), largest)?;
    }
    Ok(())
}

fn trace_kept<S: Scalar>(
    array: &str,
    column: &[usize],
    weighted: impl Iterator<Item = S>,
    largest: f64,
) -> Result<(), ModelError> {
    let found = weighted.sum::<S>().modulus();
    let allowed = ROUNDING * largest;
    if found <= allowed {
        return Ok(());
    }
    Err(ModelError::TraceNotKept {
        array: array.to_owned(),
        column: column.to_vec(),
        found,
        allowed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_assumptions;

    /// Two states; a pair (0,1) becomes (1,1) at rate 2.
    fn contact() -> Array4<f64> {
        let mut v = Array4::zeros((2, 2, 2, 2));
        for (a, b) in [(0, 1), (1, 0)] {
            v[[1, 1, a, b]] = 2.0;
            v[[a, b, a, b]] = -2.0;
        }
        v
    }

    fn build(v: &Array4<f64>) -> Result<Custom<f64>, ModelError> {
        Custom::from_dense(&Array2::zeros((2, 2)), v, &[1.0, 1.0], Norm::L1)
    }

    #[test]
    fn law_a_sound_model_satisfies_the_assumptions() {
        let model = build(&contact()).unwrap();
        let found = check_assumptions(&model);
        assert!(found.hold(), "{found:?}");
        assert_eq!(model.interaction().pair_norm(), Some(4.0));
        assert!(model.capabilities().k_is_zero);
    }

    #[test]
    fn law_each_broken_assumption_is_named() {
        let mut v = contact();
        v[[1, 1, 0, 1]] = 3.0;
        assert!(matches!(
            build(&v),
            Err(ModelError::NotExchangeSymmetric { .. } | ModelError::TraceNotKept { .. })
        ));
        let mut v = contact();
        v[[1, 1, 0, 1]] = 3.0;
        v[[0, 1, 0, 1]] = -3.0;
        assert!(matches!(
            build(&v),
            Err(ModelError::NotExchangeSymmetric { .. })
        ));
        let mut v = contact();
        v[[0, 0, 1, 1]] = 1.0;
        assert!(matches!(build(&v), Err(ModelError::TraceNotKept { .. })));
        let v = contact().mapv(|x| -x);
        assert!(matches!(build(&v), Err(ModelError::NegativeRate { .. })));
        let mut v = contact();
        v[[1, 1, 1, 1]] = f64::NAN;
        assert!(matches!(build(&v), Err(ModelError::NotFinite { .. })));
        let k = Array2::from_elem((2, 2), 1.0);
        let bad = Custom::from_dense(&k, &contact(), &[1.0, 1.0], Norm::L1);
        assert!(matches!(bad, Err(ModelError::TraceNotKept { .. })));
    }
}
