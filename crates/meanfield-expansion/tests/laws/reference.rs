//! The cumulant engine against values from elsewhere.

use meanfield_abstract::{Start, problems};
use meanfield_testing::Evolve;

#[test]
fn validate_sis_transient_from_both_starts() {
    let model = problems::sis().unwrap();
    let f = vec![0.4, 0.6];
    let product = Start::Product { f: f.clone() };
    let fixed = Start::FixedCounts { f };
    // The reference gives c1 to about 7 digits, c2 to 4.
    for (t, start, c0, c1, c2) in [
        (0.5, &product, 0.6121061040, -0.0805541, 0.002127),
        (0.5, &fixed, 0.6121061040, -0.0565477, 0.004024),
        (1.0, &product, 0.6160925693, -0.1097963, -0.003428),
        (1.0, &fixed, 0.6160925693, -0.0993264, 0.001247),
        (2.0, &product, 0.6178263328, -0.1222809, -0.012678),
        (2.0, &fixed, 0.6178263328, -0.1210394, -0.011018),
    ] {
        let found = Evolve::to(t).coefficients(&model, start, (2, 1));
        assert!(
            (found[0][1] - c0).abs() < 1e-10,
            "c0 at {t}: {}",
            found[0][1]
        );
        assert!(
            (found[1][1] - c1).abs() < 1.5e-7,
            "c1 at {t}: {}",
            found[1][1]
        );
        assert!(
            (found[2][1] - c2).abs() < 1e-5,
            "c2 at {t}: {}",
            found[2][1]
        );
    }
}

#[test]
fn validate_sis_stationary_coefficients_to_order_six() {
    let model = problems::sis().unwrap();
    let start = Start::Product { f: vec![0.4, 0.6] };
    let found = Evolve::to(30.0).coefficients(&model, &start, (6, 1));
    let expected = [
        0.6180339887498948,
        -0.123606797749979,
        -0.01527864045000421,
        0.02283281572999748,
        0.0173759765396,
        -0.0175707480986,
        -0.04502097585,
    ];
    for (m, (c, expected)) in found.iter().zip(expected).enumerate() {
        // At t = 30 the transient is below e^{-60}; what remains is the
        // integrator's tolerance.
        assert!(
            (c[1] - expected).abs() < 1e-9,
            "c{m}: {} against {expected}",
            c[1]
        );
    }
}

#[test]
fn validate_three_states_to_the_digits_printed() {
    let model = problems::three_states().unwrap();
    let start = Start::Product {
        f: vec![0.5, 0.3, 0.2],
    };
    let found = Evolve::to(1.0).coefficients(&model, &start, (2, 1));
    let expected = [
        [0.416038005728, 0.252516331177, 0.331445663095],
        [0.052474457111, -0.018400156449, -0.034074300662],
        [0.034906229858, -0.005024622928, -0.029881606930],
    ];
    for (term, expected) in found.iter().zip(expected) {
        for (x, y) in term.iter().zip(expected) {
            assert!((x - y).abs() < 1e-11, "{x} against {y}");
        }
    }
    let second = Evolve::to(1.0).coefficients(&model, &start, (2, 2));
    // Packed entries (0,0), (0,1), (0,2).
    for (entry, expected) in [
        (0, 0.044111867433),
        (1, 0.003760375445),
        (3, 0.004602214233),
    ] {
        assert!((second[1][entry] - expected).abs() < 1e-11);
    }
}
