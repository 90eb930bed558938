//! Forms (a) and (b) against values from elsewhere.

use std::collections::BTreeMap;

use meanfield_abstract::{Start, problems};
use meanfield_expansion::coefficients::initial_errors;
use meanfield_tensor::SymmetricLayout;

use meanfield_testing::{Evolve, difference};

use super::three_states;

#[test]
fn validate_coefficients_of_sis_from_both_starts() {
    let model = problems::sis().unwrap();
    let layout = SymmetricLayout::new(2, 4).unwrap();
    let f = vec![0.4, 0.6];
    let product = Start::Product { f: f.clone() };
    let fixed = Start::FixedCounts { f };
    // The reference gives c1 to about 7 digits, c2 to 4.
    for (t, start, c0, c1, c2) in [
        (0.5, &product, 0.6121061040, -0.0805541, 0.002127),
        (0.5, &fixed, 0.6121061040, -0.0565477, 0.004024),
        (2.0, &product, 0.6178263328, -0.1222809, -0.012678),
        (2.0, &fixed, 0.6178263328, -0.1210394, -0.011018),
    ] {
        let at = Evolve::to(t).form_b(&model, start, 2);
        let found = [0, 1, 2].map(|m| at.marginal_coefficient(&layout, 1, m).unwrap()[1]);
        assert!((found[0] - c0).abs() < 1e-10, "c0 at {t}: {}", found[0]);
        assert!((found[1] - c1).abs() < 1.5e-7, "c1 at {t}: {}", found[1]);
        assert!((found[2] - c2).abs() < 1e-5, "c2 at {t}: {}", found[2]);
    }
}

#[test]
fn validate_coefficients_of_three_states() {
    let (model, start) = three_states();
    let at = Evolve::to(1.0).form_b(&model, &start, 2);
    let layout = SymmetricLayout::new(3, 4).unwrap();
    let expected = [
        [0.416038005728, 0.252516331177, 0.331445663095],
        [0.052474457111, -0.018400156449, -0.034074300662],
        [0.034906229858, -0.005024622928, -0.029881606930],
    ];
    for (m, expected) in expected.iter().enumerate() {
        let found = at.marginal_coefficient(&layout, 1, m).unwrap();
        assert!(difference(&found, expected) < 1e-11, "f^{m}: {found:?}");
    }
    let f2 = at.marginal_coefficient(&layout, 2, 1).unwrap();
    for (b, expected) in [0.044111867433, 0.003760375445, 0.004602214233]
        .iter()
        .enumerate()
    {
        assert!((f2[layout.rank(&[0, b])] - expected).abs() < 1e-11);
    }
}

/// Exact F_1 of the three-state process at t = 1.
const EXACT: [(usize, [f64; 3]); 3] = [
    (10, [0.421654517252, 0.250624722028, 0.327720760721]),
    (20, [0.418751438681, 0.251583596634, 0.329664964685]),
    (40, [0.417371985712, 0.252053166427, 0.330574847861]),
];

#[test]
fn validate_both_forms_converge_to_exact_marginals_at_the_rate_claimed() {
    let (model, start) = three_states();
    let layout = SymmetricLayout::new(3, 4).unwrap();
    let initial: BTreeMap<_, _> = initial_errors(&model, &start, 2).unwrap();
    assert!(initial.is_empty());
    for order in 0..=2 {
        let b = Evolve::to(1.0).form_b(&model, &start, order);
        let errors = EXACT.map(|(n, exact)| {
            let a = Evolve::to(1.0).form_a(&model, &start, (order, n));
            let a = difference(&a.marginal(&layout, 1).unwrap(), &exact);
            let b = difference(&b.marginal(&layout, 1, n).unwrap(), &exact);
            (a, b)
        });
        // From N = 20 to 40 the next order is still a tenth of the error.
        let rate = (order + 1) as f64;
        let (a, b) = (
            (errors[1].0 / errors[2].0).log2(),
            (errors[1].1 / errors[2].1).log2(),
        );
        assert!(
            (b - rate).abs() < 0.25,
            "(b), n = {order}: rate {b}, {errors:?}"
        );
        assert!(
            (a - rate).abs() < 0.25,
            "(a), n = {order}: rate {a}, {errors:?}"
        );
    }
}
