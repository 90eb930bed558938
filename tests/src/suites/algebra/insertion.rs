//! The insertion [F]_J^{⊗K} and what it commutes with (104)–(106), (108),
//! (111)–(116), (121).

use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use meanfield_testing::worse;
use ndarray::ArrayD;
use num_complex::Complex64;

use super::identity;
use super::slots::random;
use crate::instances;
use crate::paper::labelled::{Labelled, sign, subsets, without};
use crate::paper::{apart, scaled};
use crate::verify::Row;

/// The particles J, not 1 … j.
const J: [usize; 4] = [2, 3, 5, 9];

/// Arbitrary symmetric tensors of degrees 0 … `highest`; the first is 1.
pub(super) fn family(dimension: usize, highest: usize, seed: u64) -> Vec<ArrayD<Complex64>> {
    let unit = random(dimension, 0, seed).mapv(|_| Complex64::ONE);
    let tensors = (1..=highest).map(|j| dense::symmetrise(&random(dimension, j, seed + j as u64)));
    std::iter::once(unit).chain(tensors).collect()
}

/// Every pair of disjoint subsets.
fn disjoint() -> impl Iterator<Item = (Vec<usize>, Vec<usize>)> {
    subsets(&J).flat_map(|k| {
        let rest = without(&J, &k);
        let others: Vec<_> = subsets(&rest).collect();
        others.into_iter().map(move |other| (k.clone(), other))
    })
}

fn gap(x: &Labelled<Complex64>, y: &Labelled<Complex64>) -> f64 {
    match x.labels == y.labels {
        true => apart(&x.tensor, &y.tensor),
        false => f64::NAN,
    }
}

/// A tensor without symmetry over the particles that neither set holds.
fn over_rest(d: usize, k: &[usize], other: &[usize]) -> Labelled<Complex64> {
    let labels = without(&without(&J, k), other);
    Labelled {
        tensor: random(d, labels.len(), 77),
        labels,
    }
}

/// (107) and (109) for J, and with degrees in the place of sets (116).
fn inverse_pair(f: &[Complex64]) -> [f64; 2] {
    let errors = family(f.len(), J.len(), 5);
    let marginal = |of: &[usize]| {
        let mut out = Labelled::zero(f.len(), of);
        for k in subsets(of) {
            out.add(1.0, &Labelled::of(&errors, without(of, &k)).insert(f, &k));
        }
        out
    };
    let mut back = Labelled::zero(f.len(), &J);
    for k in subsets(&J) {
        back.add(sign(&k), &marginal(&without(&J, &k)).insert(f, &k));
    }
    let there_and_back = gap(&back, &Labelled::of(&errors, J.to_vec()));
    // Φ_J does not depend on J: the tensors of (116) are those of 1 … j.
    let first: Vec<usize> = (0..J.len()).collect();
    let embedding = apart(&marginal(&J).tensor, &marginal(&first).tensor);
    [there_and_back, embedding]
}

/// ∂t [F]^{⊗K} = Σ_{k0} [F]^{⊗K∖k0} [∂t F]^{⊗k0} (121), by the product rule for a
/// polynomial in t: differences of third order in t are exact for |K| ≤ 3.
fn derivative(f: &[Complex64], slope: &[Complex64]) -> f64 {
    let k = [2, 5, 9];
    let rest = over_rest(f.len(), &k, &[]);
    let at = |t: f64| {
        let moved: Vec<Complex64> = f.iter().zip(slope).map(|(a, b)| a + b * t).collect();
        rest.insert(&moved, &k).tensor
    };
    // Exact for polynomials of degree 4.
    let difference =
        scaled(at(1.0) - at(-1.0), 8.0 / 12.0) - scaled(at(2.0) - at(-2.0), 1.0 / 12.0);
    let mut expected = Labelled::zero(f.len(), &J);
    for &k0 in &k {
        expected.add(
            1.0,
            &rest.insert(slope, &[k0]).insert(f, &without(&k, &[k0])),
        );
    }
    apart(&difference, &expected.tensor)
}

pub(super) fn rows() -> Vec<Row> {
    let instance = instances::arrays();
    let (model, f) = (&*instance.model, &instance.f);
    let d = f.len();
    let literal = Literal { model, f };
    let g: Vec<Complex64> = problems::Noise::new(8).vector(d);
    let (mut compose, mut commute, mut pass) = (0.0, 0.0, 0.0);
    for (k, other) in disjoint() {
        let e = over_rest(d, &k, &other);
        let both = crate::paper::labelled::with(&k, &other);
        let once = e.insert(f, &both);
        compose = worse(compose, gap(&e.insert(f, &other).insert(f, &k), &once));
        compose = worse(compose, gap(&e.insert(f, &k).insert(f, &other), &once));
        let first = e.insert(&g, &other).insert(f, &k);
        commute = worse(commute, gap(&e.insert(f, &k).insert(&g, &other), &first));
        // V_{i,r} and C_{i,r} of two particles that are there.
        if let [i, .., r] = e.labels[..] {
            let there = e.pair(&literal, i, r).insert(f, &k);
            pass = worse(pass, gap(&e.insert(f, &k).pair(&literal, i, r), &there));
            let there = e.collide(&literal, i, r).insert(f, &k);
            pass = worse(pass, gap(&e.insert(f, &k).collide(&literal, i, r), &there));
        }
    }
    let [inverse, embedding] = inverse_pair(f);
    vec![
        identity(
            "insertions-compose",
            "[F]^K [F]^K' = [F]^(K∪K') for all disjoint K, K' of four particles",
            "(104), (105)",
            compose,
        ),
        identity(
            "insertions-commute",
            "[F]^K [G]^K' = [G]^K' [F]^K",
            "(106)",
            commute,
        ),
        identity(
            "insertions-pass",
            "T_ir and C_{i,j+1} pass [F]^K when i, r, j+1 are not in K",
            "Appendix B, before (124)",
            pass,
        ),
        identity(
            "insertions-derivative",
            "∂t [F]^K = Σ_k0 [F]^(K∖k0) [∂t F]^k0",
            "(121)",
            derivative(f, &g),
        ),
        identity(
            "embedding",
            "F_J over particles 3, 4, 6, 10 is F_4 over 1 … 4: Φ_J depends on |J| alone",
            "(103), (108), (111)–(115)",
            embedding,
        ),
        identity(
            "inverse-pair",
            "E_J from F_J and F_J from E_J are inverse, arbitrary symmetric tensors",
            "(18)/(19), (107)/(109), (116)",
            inverse,
        ),
    ]
}
