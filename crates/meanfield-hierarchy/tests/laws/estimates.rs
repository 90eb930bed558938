//! The explicit constants bound the operators in L¹, and the sharp one is
//! attained.

use meanfield_abstract::Model;
use meanfield_abstract::problems::{Noise, jump_process, random_jump_process, sis};
use meanfield_hierarchy::{Operators, correlation_errors, estimates, propagator};
use meanfield_ode::Options;
use meanfield_tensor::norms;

use crate::noise;

/// An operator that adds its image: (operators, degree-`from` tensor, result).
type Apply<'a> = dyn Fn(&mut Operators<'_, f64>, &[f64], &mut [f64]) + 'a;

/// ‖A E‖/‖E‖ in L¹ for an A from degree `from` to degree `to`.
fn gain(
    operators: &mut Operators<'_, f64>,
    (from, to): (usize, usize),
    e: &[f64],
    apply: &Apply<'_>,
) -> f64 {
    let layout = operators.layout().clone();
    let mut out = vec![0.0; layout.len(to)];
    apply(operators, e, &mut out);
    norms::l1(&layout, to, &out) / norms::l1(&layout, from, e)
}

#[test]
fn law_the_estimates_bound_the_operators() {
    for (d, seed) in [(2, 1), (3, 2), (4, 3)] {
        let model = random_jump_process(d, seed).unwrap();
        let v = model.interaction().pair_norm().unwrap();
        let f = Noise::new(seed).probabilities(d);
        let mut operators = Operators::new(&model, 5).unwrap();
        operators.set_state(&f).unwrap();
        for j in 1..=4 {
            for n in [j, j + 1, 10] {
                use estimates as bound;
                let rows: &[(&str, usize, f64, &Apply<'_>)] = &[
                    ("T", j, bound::t(j, v), &|o, e, out| {
                        o.add_t(1.0, j, e, out).unwrap()
                    }),
                    ("C", j + 1, bound::c(j, v), &|o, e, out| {
                        o.add_c(1.0, j, e, out).unwrap()
                    }),
                    ("Δ", j, bound::d(j, v), &|o, e, out| {
                        o.add_delta(1.0, j, e, out).unwrap()
                    }),
                    ("D", j, bound::d(j, v), &|o, e, out| {
                        o.add_d(1.0, j, n, e, out).unwrap()
                    }),
                    ("R", j, bound::r(j, v), &|o, e, out| {
                        o.add_r(1.0, j, e, out).unwrap()
                    }),
                    ("T+R", j, bound::t_plus_r(j, v), &|o, e, out| {
                        o.add_t(1.0, j, e, out).unwrap();
                        o.add_r(1.0, j, e, out).unwrap();
                    }),
                    ("D^1", j + 1, bound::d_up(j, n, v), &|o, e, out| {
                        o.add_d_up(1.0, j, n, e, out).unwrap();
                    }),
                    ("D^-1", j - 1, bound::d_down(j, n, v, true), &|o, e, out| {
                        o.add_d_down(1.0, j, n, e, out).unwrap();
                    }),
                    (
                        "D^-2",
                        j.saturating_sub(2),
                        bound::d_down2(j, n, v, true),
                        &|o, e, out| {
                            o.add_d_down2(1.0, j, n, e, out).unwrap();
                        },
                    ),
                ];
                for &(name, from, limit, apply) in rows {
                    let len = operators.layout().len(from);
                    // Corners, where L¹ norms are attained, and a random point.
                    let corners = (0..len.min(20)).map(|k| {
                        let mut corner = vec![0.0; len];
                        corner[k] = 1.0;
                        corner
                    });
                    for e in corners.chain([noise(len, j)]) {
                        let found = gain(&mut operators, (from, j), &e, apply);
                        assert!(
                            found <= limit * (1.0 + 1e-12),
                            "‖{name}‖ ≥ {found} > {limit} at j = {j}, N = {n}, D = {d}"
                        );
                    }
                }
                assert!(bound::d_down(j, n, v, true) <= bound::d_down(j, n, v, false));
                assert!(bound::d_down2(j, n, v, true) <= bound::d_down2(j, n, v, false));
            }
        }
        let drift: f64 = operators.drift().iter().map(|x| x.abs()).sum();
        assert!(drift <= estimates::q(v));
    }
}

#[test]
fn law_the_constant_of_delta_is_attained() {
    // (0,1) → (2,3): both partners of the test particle move.
    let model = jump_process(
        4,
        |_, _| 0.0,
        |from, to| {
            f64::from(u8::from(
                [((0, 1), (2, 3)), ((1, 0), (3, 2))].contains(&(from, to)),
            ))
        },
    )
    .unwrap();
    let v = model.interaction().pair_norm().unwrap();
    let mut operators = Operators::new(&model, 2).unwrap();
    operators.set_state(&[1.0, 0.0, 0.0, 0.0]).unwrap();
    for j in 1..=2 {
        let corner = operators.layout().power(&[0.0, 1.0, 0.0, 0.0], j);
        let found = gain(&mut operators, (j, j), &corner, &|o, e, out| {
            o.add_delta(1.0, j, e, out).unwrap();
        });
        assert_eq!(found, estimates::d(j, v));
    }
}

#[test]
fn law_errors_and_flows_stay_within_their_bounds() {
    let model = random_jump_process(3, 4).unwrap();
    let v = model.interaction().pair_norm().unwrap();
    let mut noise = Noise::new(5);
    let f = noise.probabilities(3);
    let operators = Operators::new(&model, 4).unwrap();
    let layout = operators.layout();
    // Marginals of a mixture of two product states.
    let (a, b) = (noise.probabilities(3), noise.probabilities(3));
    let marginals: Vec<Vec<f64>> = (0..=4)
        .map(|j| {
            let pair = layout.power(&a, j).into_iter().zip(layout.power(&b, j));
            pair.map(|(x, y)| 0.3 * x + 0.7 * y).collect()
        })
        .collect();
    for (j, e) in correlation_errors(layout, &f, &marginals)
        .unwrap()
        .iter()
        .enumerate()
    {
        assert!(norms::l1(layout, j, e) <= estimates::error(j));
    }

    let times = [0.0, 0.2, 1.0];
    for (u, t) in propagator(&model, &f, &times, &Options::default())
        .unwrap()
        .iter()
        .zip(times)
    {
        for a in 0..3 {
            let column: f64 = u.column(a).iter().map(|x| x.abs()).sum();
            assert!(column <= estimates::flow(1, v, t) * (1.0 + 1e-8));
            for b in 0..a {
                // ½(e_a − e_b)·2 has norm 2 and trace 0.
                let difference = &u.column(a) - &u.column(b);
                let size: f64 = difference.iter().map(|x| x.abs()).sum();
                assert!(size / 2.0 <= estimates::traceless_flow(1, v, t) * (1.0 + 1e-8));
            }
        }
    }
    assert!(estimates::traceless_flow(2, v, 1.0) < estimates::flow(2, v, 1.0));
    assert_eq!(
        estimates::backward_flow(2, v, -1.0),
        estimates::flow(4, v, 1.0)
    );
}

#[test]
fn law_flows_grow_at_the_rates_of_their_bounds() {
    let (j, v, elapsed) = (3, 0.7, 0.4);
    let rate = 3.0 * 0.7 * 0.4;
    for (bound, exponent) in [
        (estimates::flow(j, v, elapsed), rate),
        (estimates::traceless_flow(j, v, elapsed), rate / 2.0),
        (estimates::backward_flow(j, v, -elapsed), 2.0 * rate),
    ] {
        assert!((bound.ln() - exponent).abs() < 1e-14);
    }
}

#[test]
fn law_no_particle_beyond_the_last_acts_on_the_others() {
    let model = sis().unwrap();
    let mut operators = Operators::new(&model, 2).unwrap();
    operators.set_state(&[0.4, 0.6]).unwrap();
    // There is no E_3 of two particles.
    let mut out = [0.5, 0.25, 0.125];
    operators.add_d_up(1.0, 2, 2, &[], &mut out).unwrap();
    assert_eq!(out, [0.5, 0.25, 0.125]);
}
