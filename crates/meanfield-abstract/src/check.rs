//! The assumptions (A), (B) and (93) of Appendix A, measured on a model.

use meanfield_tensor::Scalar;
use ndarray::{Array2, Axis};

use crate::Model;

/// How far a model is from the structure the theorem needs. All but the last
/// two are zero up to rounding for a model that satisfies it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumptions {
    /// The largest |Tr(K e_a)|.
    pub trace_of_k: f64,
    /// The largest |(Tr⊗Tr)(V e_a⊗e_b)| (93).
    pub trace_of_pair: f64,
    /// The largest entry of σVσ − V.
    pub exchange_defect: f64,
    /// The largest entry of Q − Tr²∘V: the model's own Q against its V (101).
    pub q_defect: f64,
    /// The most negative off-diagonal entry of K and V, 0 if there is none;
    /// `None` unless the model claims positivity.
    pub least_rate: Option<f64>,
    /// The largest entry of K and V in modulus: what the above is compared to.
    pub scale: f64,
}

impl Assumptions {
    /// Whether the structure holds to rounding, with positive rates where they
    /// matter.
    #[must_use]
    pub fn hold(&self) -> bool {
        // Columns are sums of at most a few thousand entries.
        let rounding = 1e-12 * self.scale.max(f64::MIN_POSITIVE);
        self.trace_of_k <= rounding
            && self.trace_of_pair <= rounding
            && self.exchange_defect <= rounding
            && self.q_defect <= rounding
            && self.least_rate.is_none_or(|rate| rate >= -rounding)
    }
}

/// Measures the assumptions on every basis element of L and L⊗L, and for every
/// [further term](Model::further_terms): the worst of them. Cost: the D⁴ entries of V, a
/// row of D² columns at a time.
#[must_use]
pub fn check_assumptions<M: Model + ?Sized>(model: &M) -> Assumptions {
    let terms = model.further_terms();
    let others = terms.iter().map(|term| of_operators(term.operator));
    others.fold(of_operators(model), |found, other| Assumptions {
        trace_of_k: found.trace_of_k.max(other.trace_of_k),
        trace_of_pair: found.trace_of_pair.max(other.trace_of_pair),
        exchange_defect: found.exchange_defect.max(other.exchange_defect),
        q_defect: found.q_defect.max(other.q_defect),
        // Of what the whole model claims.
        least_rate: found
            .least_rate
            .zip(other.least_rate)
            .map(|(x, y)| x.min(y)),
        scale: found.scale.max(other.scale),
    })
}

/// Those of K and V alone.
fn of_operators<M: Model + ?Sized>(model: &M) -> Assumptions {
    let space = model.space();
    let (d, trace) = (space.dimension(), space.trace());
    let one = M::Scalar::from_re(1.0);
    let zero = M::Scalar::from_re(0.0);
    let mut found = Assumptions {
        trace_of_k: 0.0,
        trace_of_pair: 0.0,
        exchange_defect: 0.0,
        q_defect: 0.0,
        least_rate: model.capabilities().keeps_positivity.then_some(0.0),
        scale: 0.0,
    };
    let rate = |found: &mut Assumptions, on_diagonal: bool, x: M::Scalar| {
        found.scale = found.scale.max(x.modulus());
        if let Some(least) = &mut found.least_rate
            && !on_diagonal
        {
            *least = least.min(x.re());
        }
    };

    let mut k = Array2::from_elem((d, d), zero);
    model.add_k(one, Array2::eye(d).view(), k.view_mut());
    for (column, values) in k.axis_iter(Axis(1)).enumerate() {
        let total: M::Scalar = values.iter().zip(trace).map(|(&x, &t)| x * t).sum();
        found.trace_of_k = found.trace_of_k.max(total.modulus());
        for (row, &x) in values.iter().enumerate() {
            rate(&mut found, row == column, x);
        }
    }

    // The columns e_c⊗e_b and e_b⊗e_c for all b.
    for c in 0..d {
        let mut forward = Array2::from_elem((d * d, d), zero);
        let mut backward = forward.clone();
        let (mut x, mut swapped) = (forward.clone(), forward.clone());
        for b in 0..d {
            x[[c * d + b, b]] = one;
            swapped[[b * d + c, b]] = one;
        }
        model
            .interaction()
            .add_pair(one, x.view(), forward.view_mut());
        model
            .interaction()
            .add_pair(one, swapped.view(), backward.view_mut());
        let mut q = Array2::from_elem((d, d), zero);
        model.interaction().add_q(one, x.view(), q.view_mut());
        for b in 0..d {
            let mut total = zero;
            for p in 0..d {
                let mut traced = zero;
                for r in 0..d {
                    let value = forward[[p * d + r, b]];
                    let defect = (value - backward[[r * d + p, b]]).modulus();
                    found.exchange_defect = found.exchange_defect.max(defect);
                    rate(&mut found, (p, r) == (c, b), value);
                    traced += trace[r] * value;
                }
                found.q_defect = found.q_defect.max((traced - q[[p, b]]).modulus());
                total += trace[p] * traced;
            }
            found.trace_of_pair = found.trace_of_pair.max(total.modulus());
        }
    }
    found
}
