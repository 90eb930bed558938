//! The bound on the truncation error: its residual against the hierarchy it is
//! the residual of, the bound against exact data, and what it refuses.

use std::collections::BTreeMap;

use meanfield_abstract::{Custom, Model, ModelError, Start, norm, problems};
use meanfield_expansion::coefficients::CoefficientSystem;
use meanfield_expansion::recursion::RecursionSystem;
use meanfield_expansion::{ExpansionError, bounds};
use meanfield_hierarchy::Operators;
use meanfield_models::levels::problems::two_level_reference;
use meanfield_ode::{HELD_VECTORS, OdeError, Options, System, integrate};
use meanfield_tensor::{Norm, SymmetricLayout, packed_len};

/// Rounding, relative to terms of order one that are divided by N^{−n−1} ≥ 1e-3.
const ROUNDING: f64 = 1e-10;

#[test]
fn law_the_residual_is_what_the_truncation_leaves_of_the_hierarchy() {
    let model = problems::random_arrays::<f64>(3, 4).unwrap();
    let f = problems::random_element(model.space().trace(), 5);
    for (order, n) in [(0, 7), (1, 5), (2, 9), (2, 4)] {
        let mut system = CoefficientSystem::new(&model, order).unwrap();
        let start = system.start(&f, &BTreeMap::new()).unwrap();
        let mut y = Vec::new();
        let options = Options::default();
        integrate(&mut system, &start, &[0.0, 0.3], &options, |_, at| {
            y = at.to_vec();
            Ok::<(), ExpansionError>(())
        })
        .unwrap();
        let read = system.reader();
        let mut slope = vec![0.0; y.len()];
        system.rhs(0.3, &y, &mut slope);
        let (at, rate) = (read(&y), read(&slope));

        let highest = (2 * order + 2).min(n);
        let mut ops = Operators::new(&model, 2 * order + 3).unwrap();
        ops.set_state(at.one_body()).unwrap();
        let power = |m: usize| f64::from(n as u32).powi(-(m as i32));
        let truncated = |c: &meanfield_expansion::coefficients::Coefficients<f64>, j: usize| {
            let mut out = vec![0.0; ops.layout().len(j)];
            for m in 0..=order {
                for (x, e) in out.iter_mut().zip(c.coefficient(j, m).unwrap_or(&[])) {
                    *x += power(m) * e;
                }
            }
            out
        };
        let mut family = vec![vec![1.0]];
        family.extend((1..=2 * order + 3).map(|j| truncated(&at, j)));
        let rates: Vec<_> = (0..=highest).map(|j| truncated(&rate, j)).collect();
        for j in 1..=highest {
            let mut left: Vec<f64> = rates[j].iter().map(|x| -x).collect();
            ops.add_correlation(1.0, j, n, &family, &mut left).unwrap();
            let sigma = bounds::residual(&mut ops, &at, j).unwrap();
            let size = sigma.iter().map(|x| x.abs()).fold(1.0, f64::max);
            for (x, s) in left.iter().zip(&sigma) {
                let gap = (x / power(order + 1) - s).abs();
                assert!(gap < ROUNDING * size, "n {order}, N {n}, j {j}: {gap:e}");
            }
        }
    }
}

/// The error at t of the truncation of order n of F_j, j = 1, 2, and its bound.
fn error_and_bound<M: Model>(
    model: &M,
    f: &[M::Scalar],
    (order, t, n): (usize, f64, usize),
) -> Vec<(f64, f64)> {
    let mut settings = bounds::Settings::new(order, vec![0.0, t], vec![n]);
    settings.marginals = 2;
    let found = bounds::solve(model, f, &settings).unwrap();
    let start = Start::Product { f: f.to_vec() };
    let mut settings = meanfield_expansion::Settings::new(order, vec![0.0, t]);
    settings.marginals = 2;
    let mut series = Vec::new();
    meanfield_expansion::solve(model, &start, &settings, |_, g| {
        series = g.marginals(2);
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    let exact = meanfield_exact::solve(model, &start, n, &[t], 2, None).unwrap();
    let layout = SymmetricLayout::new(f.len(), 2).unwrap();
    let of_degree = |j: usize| {
        let approximate = series[j].at(n as f64, order);
        let pairs = approximate.iter().zip(exact.marginal(0, j).unwrap());
        let gap: Vec<_> = pairs.map(|(&x, &y)| x - y).collect();
        (
            norm(model, &layout, j, &gap).unwrap(),
            found[1][0].value(j).unwrap(),
        )
    };
    (1..=2).map(of_degree).collect()
}

#[test]
fn law_the_bound_holds_and_says_something() {
    let jump = problems::three_states().unwrap();
    let levels = two_level_reference().unwrap();
    // A mixed state in the Hermitian basis I/√2, σ/√2.
    let mixed = [0.5_f64.sqrt(), 0.3, 0.0, 0.4];
    for order in 0..=1 {
        let found = [
            error_and_bound(&jump, &[0.5, 0.3, 0.2], (order, 0.4, 20)),
            error_and_bound(&levels, &mixed, (order, 0.1, 20)),
        ];
        for (error, bound) in found.concat() {
            assert!(error <= bound, "order {order}: {error:e} > {bound:e}");
            assert!(bound < 0.2, "order {order}: {bound}");
            // At short times it is nearly attained.
            assert!(bound < 30.0 * error, "order {order}: {error:e}, {bound:e}");
        }
    }
}

/// Relative corrections of 1/N ~ 1e-3 and of a short time.
const CORRECTIONS: f64 = 0.1;

/// What steps of tolerance 1e-3 may leave at most.
const BY_LOOSE_STEPS: f64 = 0.1;

#[test]
fn law_closed_far_below_n_the_bound_falls_like_the_first_term_left_out() {
    let model = problems::sis().unwrap();
    for order in 0..=1 {
        let mut settings = bounds::Settings::new(order, vec![0.0, 0.3], vec![1000, 2000]);
        let solved = |settings: &bounds::Settings| {
            let found = bounds::solve(&model, &[0.4, 0.6], settings).unwrap();
            [0, 1].map(|k| found[1][k].majorant[1])
        };
        let tight = solved(&settings);
        let ratio = tight[0] / tight[1] / 2.0_f64.powi(order as i32 + 1);
        assert!((ratio - 1.0).abs() < CORRECTIONS, "{ratio}");
        settings.tolerance = 1e-3;
        let change = (solved(&settings)[0] / tight[0] - 1.0).abs();
        // The same steps would give the same bits.
        assert!(change > 0.0 && change < BY_LOOSE_STEPS, "{change:e}");
    }
}

#[test]
fn law_what_has_no_bound_is_refused() {
    let model = problems::sis().unwrap();
    let settings = bounds::Settings::new(1, vec![0.0, 1.0], vec![10]);
    let ask = |f: &[f64], settings: &bounds::Settings| bounds::solve(&model, f, settings);
    for f in [[0.4, 0.7], [f64::NAN, 0.5]] {
        let refused = ask(&f, &settings);
        let Err(ExpansionError::Model(ModelError::NotNormalised { .. })) = refused else {
            panic!("{refused:?}");
        };
    }
    assert!(matches!(
        ask(&[1.5, -0.5], &settings),
        Err(ExpansionError::Model(ModelError::NotPositive { .. }))
    ));
    assert!(matches!(
        ask(&[1.0], &settings),
        Err(ExpansionError::Model(ModelError::Shape { .. }))
    ));
    let mut pairs = settings.clone();
    (pairs.marginals, pairs.particles) = (2, vec![1]);
    assert!(matches!(
        ask(&[0.5, 0.5], &pairs),
        Err(ExpansionError::TooFewParticles { .. })
    ));
    let mut rough = settings.clone();
    rough.tolerance = 0.5;
    assert!(matches!(
        ask(&[0.5, 0.5], &rough),
        Err(ExpansionError::Ode(OdeError::Tolerance { found: 0.5 }))
    ));
    let mut small = settings;
    small.memory = 100;
    assert!(matches!(
        ask(&[0.5, 0.5], &small),
        Err(ExpansionError::Memory { allowed: 100, .. })
    ));
    // Nothing bounds ‖E_j‖ here, and 2000 degrees are too many.
    let arrays: Custom<f64> = problems::random_arrays(2, 1).unwrap();
    assert_eq!(arrays.space().norm(), Norm::Euclidean);
    let f = problems::random_element(arrays.space().trace(), 1);
    let large = bounds::Settings::new(1, vec![0.0, 1.0], vec![2000]);
    assert!(matches!(
        bounds::solve(&arrays, &f, &large),
        Err(ExpansionError::NoClosure {
            particles: 2000,
            ..
        })
    ));
}

/// At high orders the operators outweigh everything else.
#[test]
fn law_the_memory_holds_the_operators_of_every_degree() {
    const D: usize = 3;
    for order in 1..=10 {
        let to = |degree| Operators::<f64>::bytes(D, degree, size_of::<f64>()).unwrap();
        let coefficients = CoefficientSystem::<f64>::bytes(D, order).unwrap();
        // e_j^m for m <= n, j <= 2m, and F: each of them twice, and in every stage.
        let each = (1..=order).flat_map(|m| 1..=2 * m);
        let entries: usize = each.map(|j| packed_len(D, j).unwrap()).sum::<usize>() + D;
        let vectors = (HELD_VECTORS + 2) * entries * size_of::<f64>();
        assert_eq!(coefficients, to(2 * order) + vectors, "order {order}");
        let recursion = RecursionSystem::<f64>::bytes(D, order, 1000).unwrap();
        assert!(recursion >= to(2 * order), "order {order}");
        // The residual of order n has degrees to 2n+2; V is a matrix, beside what it acts
        // on and Q.
        let bound = bounds::required_bytes::<f64>(D, order, 0).unwrap();
        let pairs = 3 * D.pow(4) * size_of::<f64>();
        let residual = to(2 * order + 2);
        assert_eq!(bound, coefficients + residual + pairs, "order {order}");
        let more = bounds::required_bytes::<f64>(D, order, 100).unwrap() - bound;
        assert_eq!(more, (HELD_VECTORS + 2) * 100 * size_of::<f64>());
    }
}
