//! Observables against the fluctuations that are known, and kind against kind.

use super::*;
use crate::initial::initial_cumulants;
use crate::plan::Plan;
use meanfield_abstract::{Axis, Field, OfMarginal, Start, TwoBody, problems};
use num_complex::Complex64;

const X: [f64; 3] = [0.5, 0.3, 0.2];
/// Rounding of sums of a few products of numbers of order one.
const ROUNDING: f64 = 1e-14;

fn observable() -> Observable<f64> {
    let model = problems::three_states().unwrap();
    let values = [1.0, -2.0, 4.0].map(Complex64::from);
    Observable::new(&model, "a", &values).unwrap()
}

fn scaled_variance(start: &Start<f64>) -> Series {
    let plan = Plan::new::<f64>(3, 3, 1, usize::MAX).unwrap();
    let unknowns = initial_cumulants(&plan, start).unwrap();
    Cumulants::new(&plan, &unknowns).scaled_variance(&observable())
}

#[test]
fn law_independent_particles_fluctuate_like_one() {
    let start = Start::Product { f: X.to_vec() };
    let found = scaled_variance(&start);
    // <a> = 0.7, <a²> = 4.9.
    for (c, expected) in found.coefficients().iter().zip([4.41, 0.0, 0.0]) {
        assert!((c - expected).abs() < ROUNDING);
    }
    // The same from exact marginals F⊗F.
    let layout = SymmetricLayout::new(3, 2).unwrap();
    let pair = ExactPair {
        layout: &layout,
        first: &X,
        second: Some(&layout.power(&X, 2)),
        particles: 10,
    };
    let exact = pair.scaled_variance(&observable());
    assert!((exact.coefficients()[0] - 4.41).abs() < ROUNDING);
}

#[test]
fn law_fixed_counts_do_not_fluctuate_at_any_order() {
    let start = Start::FixedCounts { f: X.to_vec() };
    for c in scaled_variance(&start).coefficients() {
        assert!(c.abs() < ROUNDING);
    }
    // F_2 = (N x_a x_b − δ_ab x_a)/(N−1) at N = 10.
    let layout = SymmetricLayout::new(3, 2).unwrap();
    let mut second = layout.power(&X, 2);
    second.iter_mut().for_each(|v| *v *= 10.0 / 9.0);
    for a in 0..3 {
        second[layout.rank(&[a, a])] -= X[a] / 9.0;
    }
    let pair = ExactPair {
        layout: &layout,
        first: &X,
        second: Some(&second),
        particles: 10,
    };
    let exact = pair.scaled_variance(&observable());
    assert!(exact.coefficients()[0].abs() < ROUNDING);
}

const A: [f64; 3] = [1.0, -2.0, 4.0];
const B: [f64; 3] = [0.0, 3.0, 1.0];

fn squares(a: &[f64]) -> Vec<f64> {
    a.iter().map(|x| x * x).collect()
}

fn axis(len: usize) -> Vec<Axis> {
    let values = (0..len).map(|k| k as f64).collect();
    vec![Axis {
        name: "k".to_owned(),
        values,
    }]
}

/// ⟨·, A⟩ and ⟨·, B⟩ as a field of two components.
fn field<'a>() -> ObservableKind<'a, f64> {
    ObservableKind::Field(Field {
        axes: axis(2),
        mean: Box::new(|f| vec![pairing(&A, f), pairing(&B, f)]),
        square: Box::new(|f| vec![pairing(&squares(&A), f), pairing(&squares(&B), f)]),
        pair: Box::new(|g| {
            let each = [A, B].map(|a| g.contract(&a, &a));
            each.to_vec()
        }),
    })
}

fn two_body<'a>(of: PairSource) -> ObservableKind<'a, f64> {
    ObservableKind::TwoBody(TwoBody {
        axes: Vec::new(),
        of,
        one_body: Some(Box::new(|f| vec![pairing(&B, f)])),
        pair: Box::new(|g| vec![g.contract(&A, &B)]),
    })
}

fn assert_close(found: &Series, expected: &Series) {
    assert_eq!(found.len(), expected.len());
    let pairs = found.coefficients().iter().zip(expected.coefficients());
    for (x, y) in pairs {
        assert!((x - y).abs() < 1e-12 * (1.0 + y.abs()), "{x} against {y}");
    }
}

/// Every kind on the same moments, written out with the elementary ones.
fn kinds_agree(at: &impl Moments<f64>) {
    let model = problems::three_states().unwrap();
    let evaluate = |kind| at.evaluate(&model, "a", &kind).unwrap();
    let value = |kind| evaluate(kind).value.unwrap().swap_remove(0);

    let found = evaluate(field());
    for (k, a) in [A, B].iter().enumerate() {
        let values = a.map(Complex64::from).to_vec();
        let single = evaluate(ObservableKind::OneBody(values));
        assert_close(&found.value.as_ref().unwrap()[k], &single.value.unwrap()[0]);
        let variance = &found.scaled_variance.as_ref().unwrap()[k];
        assert_close(variance, &single.scaled_variance.unwrap()[0]);
    }

    let correlation = at.scaled_correlation(&A, &B);
    let product = &at.mean(&A) * &at.mean(&B);
    assert_close(&value(two_body(PairSource::Correlation)), &correlation);
    let function = ObservableKind::OfMarginal(OfMarginal {
        axes: Vec::new(),
        range: None,
        evaluate: Box::new(|f: &[&[f64]]| {
            let mean = |a: &[f64]| Series::new(f.iter().map(|f| pairing(a, f)).collect());
            Some(vec![&mean(&A) * &mean(&B)])
        }),
    });
    assert_close(&value(function), &product);
    // F_2 = F_1⊗F_1 + (1/N)·correlation.
    let terms = product.len();
    let pair = if terms == 1 {
        &product + &Series::constant(correlation.coefficients()[0] / PARTICLES as f64, 1)
    } else {
        &product + &correlation.over_n()
    };
    let marginal = &at.mean(&B) + &pair;
    assert_close(&value(two_body(PairSource::Marginal)), &marginal);
    let per_pair = &at.mean(&B) + &(&at.one_minus_inverse(terms) * &pair);
    assert_close(&value(two_body(PairSource::PerPair)), &per_pair);
}

const PARTICLES: usize = 12;

#[test]
fn law_every_kind_is_made_of_the_same_moments() {
    let model = problems::three_states().unwrap();
    let start = Start::Product { f: X.to_vec() };
    let mut settings = crate::Settings::new(3, vec![0.0, 1.0]);
    settings.marginals = 2;
    crate::solve(&model, &start, &settings, |k, at| {
        if k == 1 {
            kinds_agree(&at);
        }
        Ok::<(), crate::ExpansionError>(())
    })
    .unwrap();

    // A correlated pair of marginals: fixed counts at N = 12.
    let layout = SymmetricLayout::new(3, 2).unwrap();
    let n = PARTICLES as f64;
    let mut second = layout.power(&X, 2);
    second.iter_mut().for_each(|v| *v *= n / (n - 1.0));
    for a in 0..3 {
        second[layout.rank(&[a, a])] -= X[a] / (n - 1.0);
    }
    let pair = ExactPair {
        layout: &layout,
        first: &X,
        second: Some(&second),
        particles: PARTICLES,
    };
    kinds_agree(&pair);
}

#[test]
fn law_a_single_particle_has_no_pairs() {
    let model = problems::three_states().unwrap();
    let layout = SymmetricLayout::new(3, 2).unwrap();
    let alone = ExactPair {
        layout: &layout,
        first: &X,
        second: None,
        particles: 1,
    };
    let value = |of| alone.evaluate(&model, "a", &two_body(of)).unwrap().value;
    assert_eq!(value(PairSource::Marginal), None);
    assert_close(&value(PairSource::PerPair).unwrap()[0], &alone.mean(&B));
    assert_eq!(value(PairSource::Correlation).unwrap()[0].at(1.0), 0.0);
}
