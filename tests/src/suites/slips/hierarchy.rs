//! Slips in the operators of (34)–(38), (90), (133), (136), (138): residuals of the
//! correlation hierarchy on exact particles, N = 4.

use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use ndarray::ArrayD;
use num_complex::Complex64;

use super::{corrected, printed};
use crate::instances::{self, Instance};
use crate::paper::exact::{Exact, exact};
use crate::paper::{apart, scaled};
use crate::suites::algebra::{Derivation, conjugated};
use crate::verify::Row;

const PARTICLES: usize = 4;
/// Degree at which the residual is taken.
const DEGREE: usize = 3;
/// The right factor σ_1i σ_2r of (90): σ_2r acts first.
const AS_PRINTED: [usize; 2] = [1, 0];
const RESIDUAL: (f64, &str) = (1e-11, "rounding of inclusion and exclusion");

/// The relative residual of (34) at j = 3 when something is added to the right-hand
/// side.
fn residual(
    instance: &Instance<Complex64>,
    of: &Exact<Complex64>,
    extra: impl Fn(&Literal<'_, Complex64>) -> ArrayD<Complex64>,
) -> f64 {
    let literal = Literal {
        model: &*instance.model,
        f: &of.f,
    };
    let derivation = Derivation::new(instance, &of.f, (PARTICLES, DEGREE), &of.errors);
    let right = derivation.hierarchy() + extra(&literal);
    apart(&right, &of.slopes[DEGREE])
}

/// V_ii by (90): σ_1i σ_2i V σ_1i σ_2i.
fn diagonal(
    model: &dyn Model<Scalar = Complex64>,
    i: usize,
    tensor: &ArrayD<Complex64>,
) -> ArrayD<Complex64> {
    conjugated(model, (i, i), AS_PRINTED, tensor)
}

pub(super) fn rows() -> Vec<Row> {
    let instance = instances::arrays();
    let model = &*instance.model;
    let of = exact(&instance, PARTICLES, 0.3);
    let n = PARTICLES as f64;
    let (j, below, lowest) = (DEGREE, &of.errors[DEGREE - 1], &of.errors[DEGREE - 2]);
    let right = residual(&instance, &of, |l| dense::zeros(l.f.len(), j));
    let pairs = || (0..j).flat_map(|r| (0..r).map(move |i| (i, r)));
    // (38): i, s over ordered pairs counts each pair twice.
    let twice = residual(&instance, &of, |l| {
        let terms = pairs().map(|(i, r)| l.v(i, r, &dense::insert(l.f, &[i, r], lowest)));
        scaled(
            terms.fold(dense::zeros(l.f.len(), j), |sum, t| sum + t),
            1.0 / n,
        )
    });
    // (37): i = r is in the sum.
    let with_diagonal = residual(&instance, &of, |l| {
        let terms = (0..j).map(|i| diagonal(model, i, &dense::insert(l.f, &[i], below)));
        scaled(
            terms.fold(dense::zeros(l.f.len(), j), |sum, t| sum + t),
            1.0 / n,
        )
    });
    // (138): 1/(2N) for 1/N.
    let half = residual(&instance, &of, |l| {
        let ordered = pairs().flat_map(|(i, r)| [(i, r), (r, i)]);
        let terms = ordered.map(|(i, r)| l.v(i, r, &dense::insert(l.f, &[i], below)));
        scaled(
            terms.fold(dense::zeros(l.f.len(), j), |sum, t| sum + t),
            -0.5 / n,
        )
    });
    // (90) at i = 2, j = 3: σ_12 σ_23 V σ_12 σ_23.
    let literal = Literal { model, f: &of.f };
    let tensor = dense::insert(&of.f, &[1], below);
    let slots = apart(
        &conjugated(model, (1, 2), AS_PRINTED, &tensor),
        &literal.v(1, 2, &tensor),
    );
    let derivation = Derivation::new(&instance, &of.f, (PARTICLES, DEGREE), &of.errors);
    let t3 = apart(&scaled(derivation.pairs_of_error(), 0.5), &derivation.t32());
    let [t4, wrong] = derivation.t4_as_printed();
    let (bound, reason) = RESIDUAL;
    let claim = "arrays, exact particles, N = 4: residual of ∂t E_3 by (34)";
    vec![
        printed(
            "d-down2-printed",
            &format!("{claim}, D_3^{{−2}} with the sum over ordered pairs"),
            "(38)",
            twice,
        ),
        corrected(
            "d-down2",
            &format!("{claim}, D_3^{{−2}} with i < r"),
            "(38), corrected",
            (right, bound),
            reason,
        ),
        printed(
            "d-down-diagonal-printed",
            &format!("{claim}, D_3^{{−1}} with i = r in the sum, V_ii by (90)"),
            "(37), (135), (137), (138)",
            with_diagonal,
        ),
        printed(
            "d-down-half-printed",
            &format!("{claim}, D_3^{{−1}} with 1/(2N)"),
            "(138)",
            half,
        ),
        corrected(
            "d-down",
            &format!("{claim}, D_3^{{−1}} with i ≠ r and 1/N"),
            "(37), (138), corrected",
            (right, bound),
            reason,
        ),
        printed(
            "slots-printed",
            "σ_12 σ_23 V σ_12 σ_23 is not V_23",
            "(90)",
            slots,
        ),
        printed("t3-printed", "𝓣_3^2 is not (1/2N) T_J E_J", "(133)", t3),
        printed(
            "t4-printed",
            "𝓣_4 is not K^J E_J: Σ_i (KF)^{i} E_{J∖i} is missing, as it is in (127), where it \
             has the other sign",
            "(127), (136)",
            apart(&wrong, &t4),
        ),
    ]
}
