//! What it costs to refine the grid: the number of right-hand sides.

use meanfield::abstract_model::WithoutK;
use meanfield::models::hartree::{Hartree, Potential};
use meanfield::prelude::*;

use super::physics::Physics;
use super::row;
use crate::verify::{Bound, Row};

/// A cloud that flies apart in a box of 12.
fn model(points: usize) -> Hartree {
    let physics = Physics {
        dimension: 1,
        points,
        length: 12.0,
        hbar: 1.0,
        mass: 1.0,
        potential: Potential::Gaussian {
            strength: 2.0,
            width: 0.6,
        },
        trap: None,
    };
    physics.model()
}

/// Right-hand sides to t = 1 at a tolerance of 1e-6.
fn evaluations(
    model: &dyn Model<Scalar = num_complex::Complex64>,
    f: Vec<num_complex::Complex64>,
    order: usize,
) -> f64 {
    let mut settings = Settings::new(order, vec![0.0, 1.0]);
    settings.tolerance = 1e-6;
    let solved = solve(model, &Start::Product { f }, &settings, |_, _| {
        Ok::<(), ExpansionError>(())
    });
    solved.expect("a regular expansion").rhs_evaluations as f64
}

pub(super) fn rows(quick: bool) -> Vec<Row> {
    let released = |points: usize, order: usize| {
        let model = model(points);
        let f = model.gaussian(&[0.0], &[0.7], &[0.0]).expect("on the grid");
        evaluations(&model, f, order)
    };
    // D = 4096 takes minutes.
    let (few, many) = if quick { (16, 24) } else { (32, 64) };
    let counts = [
        [released(32, 0), released(128, 0)],
        [released(few, 1), released(many, 1)],
    ];
    let changes = counts.map(|[few, many]| (many / few - 1.0).abs());
    // Without interaction nothing but the kinetic energy moves, exactly.
    let model = model(64);
    let f = model.gaussian(&[0.0], &[0.7], &[0.0]).expect("on the grid");
    let free = evaluations(&WithoutK(&model), f.clone(), 0);
    let split = evaluations(&model, f, 0);
    vec![
        row(
            "steps-grid",
            format!(
                "right-hand sides, order 0 from 32 to 128 points and order 1 from {few} to {many}: \
                 {counts:?}: largest relative change"
            ),
            "(15)",
            "0, as the kinetic energy leaves the equation",
            changes[0].max(changes[1]),
            Bound::AtMost(0.2),
            "the interaction alone decides; with K in the equation 128 points take ten times as many",
        ),
        row(
            "steps-kinetic",
            "right-hand sides with the kinetic energy over those of particles at rest, 64 points",
            "(15)",
            "of order 1",
            split / free,
            Bound::AtMost(5.0),
            "how fast the potential of the cloud changes as it spreads, not ‖K‖ = 150",
        ),
    ]
}
