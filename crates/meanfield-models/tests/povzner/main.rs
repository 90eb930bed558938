//! Soft spheres: the structured operators against arrays written out entry by
//! entry, what collisions and flight conserve, states, observables, refusals.

mod arrays;
mod observables;
mod operators;
mod states;

use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};

/// Sums of a few thousand products of order one.
const ROUNDING: f64 = 1e-12;

fn options(dimension: usize, points: usize) -> PovznerOptions {
    PovznerOptions {
        dimension,
        points,
        length: 2.5,
        velocity_dimension: 2,
        velocities: Velocities::Lattice { radius: 1.0 },
        range: Range::Gaussian { width: 0.4 },
        cross_section: CrossSection::HardSphere,
        transport: Transport::Upwind,
    }
}

/// Small and larger ones, every dimension, range and transport.
fn every_model() -> Vec<Povzner> {
    let exchange = |points, range| PovznerOptions {
        velocity_dimension: 1,
        range,
        ..options(1, points)
    };
    let all = [
        exchange(1, Range::Gaussian { width: 0.3 }),
        exchange(2, Range::Gaussian { width: 0.9 }),
        PovznerOptions {
            transport: Transport::Spectral,
            cross_section: CrossSection::Power(0.5),
            ..exchange(5, Range::Hat { width: 0.6 })
        },
        options(1, 4),
        PovznerOptions {
            velocity_dimension: 3,
            range: Range::Hat { width: 9.0 },
            ..options(1, 3)
        },
        options(2, 2),
        exchange(17, Range::Gaussian { width: 0.5 }),
        PovznerOptions {
            transport: Transport::Spectral,
            range: Range::Hat { width: 0.7 },
            ..options(1, 12)
        },
        PovznerOptions {
            transport: Transport::Spectral,
            ..options(2, 4)
        },
        PovznerOptions {
            range: Range::Hat { width: 0.9 },
            cross_section: CrossSection::Maxwell,
            ..options(2, 3)
        },
    ];
    let in_hermite = hermite_options();
    all.iter()
        .chain(&in_hermite)
        .map(|o| Povzner::new(o).unwrap())
        .collect()
}

/// Hermite functions on a line and in the plane, odd and even numbers of
/// points: the even ones have separations of half a box.
fn hermite_options() -> Vec<PovznerOptions> {
    let hermite = |dimension, points, velocity_dimension, degree| PovznerOptions {
        velocity_dimension,
        velocities: Velocities::Hermite {
            degree,
            temperature: 0.9,
        },
        transport: Transport::Spectral,
        ..options(dimension, points)
    };
    vec![
        hermite(1, 4, 1, 3),
        hermite(1, 9, 2, 2),
        PovznerOptions {
            cross_section: CrossSection::Maxwell,
            range: Range::Hat { width: 1.3 },
            ..hermite(2, 3, 2, 2)
        },
        hermite(2, 4, 2, 1),
        PovznerOptions {
            cross_section: CrossSection::Power(0.5),
            ..hermite(2, 2, 3, 2)
        },
    ]
}
