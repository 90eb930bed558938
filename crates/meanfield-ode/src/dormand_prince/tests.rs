//! Orders, dense output and refusals of the embedded pair.

use super::*;

/// y = (cos t, sin t) beside a block 1e-6 times smaller that oscillates
/// three times faster.
struct Two {
    blocks: [usize; 2],
}

impl System for Two {
    type Scalar = f64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        dydt.copy_from_slice(&[-y[1], y[0], -3.0 * y[3], 3.0 * y[2]]);
    }
}

fn run(tolerance: f64, times: &[f64]) -> (Vec<Vec<f64>>, Statistics) {
    let mut out = Vec::new();
    let mut two = Two { blocks: [2, 2] };
    let options = Options {
        tolerance,
        floor: 1e-8,
    };
    let initial = [1.0, 0.0, 1e-6, 0.0];
    let statistics = integrate(&mut two, &initial, times, &options, |_, y| {
        out.push(y.to_vec());
        Ok::<(), OdeError>(())
    })
    .unwrap();
    (out, statistics)
}

#[test]
fn law_every_block_meets_the_tolerance_also_between_steps() {
    let times: Vec<f64> = (0..=200).map(|k| f64::from(k) * 0.05).collect();
    let (out, _) = run(1e-10, &times);
    for (t, y) in times.iter().zip(&out) {
        // Errors of a hundred steps add up.
        assert!((y[0] - t.cos()).abs() < 2e-8, "{t}: {y:?}");
        assert!((y[2] - 1e-6 * (3.0 * t).cos()).abs() < 2e-14, "{t}: {y:?}");
    }
}

#[test]
fn law_error_falls_with_the_tolerance_at_order_five() {
    let end = |tolerance| {
        let (out, statistics) = run(tolerance, &[0.0, 10.0]);
        ((out[1][0] - 10.0_f64.cos()).abs(), statistics.steps as f64)
    };
    let ((e1, n1), (e2, n2)) = (end(1e-6), end(1e-11));
    let order = (e1 / e2).ln() / (n2 / n1).ln();
    assert!((4.0..7.0).contains(&order), "observed order {order}");
}

#[test]
fn validate_against_the_crate_differential_equations() {
    use differential_equations::prelude::*;
    struct Pendulum;
    impl differential_equations::ode::ODE<f64, [f64; 2]> for Pendulum {
        fn diff(&self, _t: f64, y: &[f64; 2], dydt: &mut [f64; 2]) {
            *dydt = [y[1], -y[0].sin()];
        }
    }
    impl System for Pendulum {
        type Scalar = f64;
        fn blocks(&self) -> &[usize] {
            &[1, 1]
        }
        fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
            dydt.copy_from_slice(&[y[1], -y[0].sin()]);
        }
    }
    let mut ours = [0.0; 2];
    let options = Options {
        tolerance: 1e-12,
        ..Options::default()
    };
    integrate(&mut Pendulum, &[1.0, 0.3], &[0.0, 5.0], &options, |_, y| {
        ours.copy_from_slice(y);
        Ok::<(), OdeError>(())
    })
    .unwrap();
    let theirs = IVP::ode(&Pendulum, 0.0, 5.0, [1.0, 0.3])
        .method(ExplicitRungeKutta::dop853().rtol(1e-13).atol(1e-13))
        .solve()
        .unwrap();
    let theirs = theirs.y.last().unwrap();
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() < 1e-10, "{a} against {b}");
    }
}

struct BlowUp;
impl System for BlowUp {
    type Scalar = f64;
    fn blocks(&self) -> &[usize] {
        &[1]
    }
    fn rhs(&mut self, _t: f64, y: &[f64], dydt: &mut [f64]) {
        dydt[0] = y[0] * y[0];
    }
}

#[test]
fn law_a_singularity_is_an_error_not_a_number() {
    let options = Options::default();
    let ended = integrate(&mut BlowUp, &[1.0], &[0.0, 2.0], &options, |_, y| {
        assert!(y[0].is_finite());
        Ok::<(), OdeError>(())
    });
    assert!(matches!(
        ended,
        Err(OdeError::StepTooSmall { .. } | OdeError::NotFinite { .. })
    ));
    let bad = Options {
        tolerance: 0.0,
        ..options
    };
    let ended = integrate(&mut BlowUp, &[1.0], &[0.0, 0.5], &bad, |_, _| {
        Ok::<(), OdeError>(())
    });
    assert_eq!(ended, Err(OdeError::Tolerance { found: 0.0 }));
}
