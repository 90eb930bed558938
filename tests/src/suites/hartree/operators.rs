//! K, V, Q and the right-hand side of (15) against dense matrices.

use meanfield::abstract_model::Model;
use meanfield::abstract_model::problems::Noise;
use meanfield::hierarchy::MeanField;
use meanfield::models::hartree::{Potential, Trap};
use meanfield_testing::{largest_difference, worse};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::physics::{Matrix, Physics, operator, pair_numbers, product, traced};
use super::row;
use crate::verify::{Bound, Row};

/// Defects of sums of at most a few thousand products, with energies of order
/// ten.
const ROUNDING: Bound = Bound::AtMost(1e-12);
const BY_ROUNDING: &str = "rounding of sums of at most a few thousand terms of order ten";

/// Lines and planes, odd and even, each potential and each trap.
fn cases(quick: bool) -> Vec<Physics> {
    let line = Physics::line(4);
    let mut out = vec![
        line,
        Physics {
            points: 5,
            potential: Potential::SoftCoulomb {
                strength: -0.9,
                softening: 0.5,
            },
            trap: Some(Trap::Lattice {
                depth: 1.4,
                periods: 2,
            }),
            ..line
        },
        Physics {
            dimension: 2,
            points: 2,
            potential: Potential::Contact { strength: 0.7 },
            ..line
        },
    ];
    if !quick {
        out.push(Physics {
            dimension: 2,
            points: 3,
            potential: Potential::Cosine { strength: 0.8 },
            trap: Some(Trap::DoubleWell {
                separation: 1.5,
                height: 0.6,
            }),
            ..line
        });
    }
    out
}

type Map<'a> = &'a dyn Fn(ArrayView2<'_, Complex64>, ArrayViewMut2<'_, Complex64>);

fn image(rows: usize, x: &[Complex64], map: Map<'_>) -> Vec<Complex64> {
    let mut out = Array2::zeros((rows, 1));
    let x = ArrayView2::from_shape((x.len(), 1), x).expect("one column");
    map(x, out.view_mut());
    out.into_iter().collect()
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let one = Complex64::ONE;
    let [mut k, mut v, mut q, mut limit] = [0.0_f64; 4];
    for (seed, physics) in cases(quick).into_iter().enumerate() {
        let (model, d) = (physics.model(), physics.levels());
        let (h, interaction) = (physics.one_body(), physics.pair());
        let mut noise = Noise::new(seed as u64);
        let f: Vec<Complex64> = noise.vector(d * d);
        let g = Matrix::from_shape_simple_fn((d * d, d * d), || noise.scalar());

        let found = image(d * d, &f, &|x, out| model.add_k(one, x, out));
        k = worse(
            k,
            largest_difference(&found, &physics.generator(&h, &operator(d, &f))),
        );
        let numbers = pair_numbers(d, &g);
        let commutator = physics.generator(&interaction, &g);
        let found = image(d.pow(4), &numbers, &|x, out| {
            model.interaction().add_pair(one, x, out)
        });
        v = worse(v, largest_difference(&found, &pair_numbers(d, &commutator)));
        let found = image(d * d, &numbers, &|x, out| {
            model.interaction().add_q(one, x, out)
        });
        q = worse(q, largest_difference(&found, &traced(d, &commutator)));

        // V∗ρ_F site by site.
        let field = Matrix::from_diag(&ndarray::Array1::from_shape_fn(d, |x| {
            (0..d)
                .map(|y| f[y * (d + 1)] * physics.interaction(x, y))
                .sum()
        }));
        let mut found = vec![Complex64::ZERO; d * d];
        MeanField::new(&model)
            .add_rhs(0.0, one, &f, &mut found)
            .unwrap();
        let state = operator(d, &f);
        limit = worse(
            limit,
            largest_difference(&found, &physics.generator(&(&h + &field), &state)),
        );
        let q_of_state = physics.generator(&interaction, &product(&state, &state));
        let found: Vec<Complex64> = traced(d, &q_of_state).into_iter().collect();
        q = worse(
            q,
            largest_difference(&found, &physics.generator(&field, &state)),
        );
    }
    let cases = "lines and planes, n even and odd, every potential and trap";
    [
        (
            "k",
            "K = −(i/ħ)[−ħ²Δ/2m + trap, ·], spectral Δ",
            "table of App. A",
            k,
        ),
        (
            "v",
            "V = −(i/ħ)[v(x₁−x₂), ·], minimal images",
            "table of App. A",
            v,
        ),
        (
            "q",
            "Q is the partial trace of V, and −(i/ħ)[V∗ρ_F, F]",
            "(17), (101)",
            q,
        ),
        (
            "limit",
            "the limit equation is −(i/ħ)[h + V∗ρ_F, F]",
            "(15), (102)",
            limit,
        ),
    ]
    .map(|(id, claim, equation, measured)| {
        let claim = format!("{claim}: dense matrices on {cases}");
        row(id, claim, equation, "0", measured, ROUNDING, BY_ROUNDING)
    })
    .to_vec()
}
