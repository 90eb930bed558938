//! V and Q on symmetric pairs, against the operators on all pairs.

use meanfield_abstract::Model;
use meanfield_abstract::problems::Noise;
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield_tensor::{Scalar, pair_count, pair_rank};
use ndarray::{Array2, ArrayView2};

/// Rounding of sums of some dozen products of order one, transforms included.
const ROUNDING: f64 = 1e-12;

fn close<S: Scalar>(name: &str, found: &[S], expected: &[S]) {
    let size = expected.iter().map(|x| x.modulus()).fold(1.0, f64::max);
    for (x, y) in found.iter().zip(expected) {
        assert!((*x - *y).modulus() < ROUNDING * size, "{name}: {x} for {y}");
    }
}

/// Both operators on dirty results, with scratch that others have used.
fn check<S: Scalar>(name: &str, model: &(dyn Model<Scalar = S> + '_)) {
    let d = model.space().dimension();
    let mut noise = Noise::new(d as u64);
    let c: S = noise.scalar();
    let count = pair_count(d);
    let (x, y): (Vec<S>, Vec<S>) = (noise.vector(d), noise.vector(d));
    let column = |x| ArrayView2::from_shape((d, 1), x).unwrap();
    for (x, y) in [(&x, &y), (&y, &y)] {
        let dirty: Vec<S> = noise.vector(count);
        let (mut found, mut expected) = (dirty.clone(), dirty);
        model
            .interaction()
            .add_symmetric_product(c, x, y, &mut found);
        let mut image = Array2::zeros((d * d, 1));
        model
            .interaction()
            .add_pair_product(c, column(x), column(y), image.view_mut());
        for b in 0..d {
            for a in 0..=b {
                let both = image[[a * d + b, 0]] + image[[b * d + a, 0]];
                expected[pair_rank(a, b)] += both.scaled(0.5);
            }
        }
        close(&format!("{name}, V"), &found, &expected);
    }
    let pairs: Vec<S> = noise.vector(count);
    let full = Array2::from_shape_fn((d * d, 1), |(ab, _)| pairs[pair_rank(ab / d, ab % d)]);
    let dirty: Vec<S> = noise.vector(d);
    let mut found = dirty.clone();
    model.interaction().add_symmetric_q(c, &pairs, &mut found);
    let mut expected = Array2::from_shape_vec((d, 1), dirty).unwrap();
    model
        .interaction()
        .add_q(c, full.view(), expected.view_mut());
    close(&format!("{name}, Q"), &found, expected.as_slice().unwrap());
    if let Some(split) = model.capabilities().semigroup() {
        check(&format!("{name}, split"), split.rest());
    }
}

#[test]
fn law_hartree_acts_on_symmetric_pairs_as_on_all() {
    // Two sites, odd and even grids, more states than a task takes.
    for (dimension, points) in [(1, 2), (1, 5), (1, 6), (2, 2), (2, 3)] {
        let grid = Grid::new(dimension, points, 3.0).unwrap();
        let potential = Potential::Gaussian {
            strength: 1.3,
            width: 0.8,
        };
        let trap = Some(Trap::Harmonic { omega: 0.7 });
        let model = Hartree::new(grid, 0.9, 1.1, potential, trap).unwrap();
        check(&format!("{dimension}D, {points} points"), &model);
    }
}

#[test]
fn law_soft_spheres_act_on_symmetric_pairs_as_on_all() {
    let hermite = Velocities::Hermite {
        degree: 2,
        temperature: 0.7,
    };
    for (velocities, transport) in [
        (Velocities::Lattice { radius: 1.0 }, Transport::Upwind),
        (hermite, Transport::Spectral),
    ] {
        let model = Povzner::new(&PovznerOptions {
            dimension: 1,
            points: 4,
            length: 1.7,
            velocity_dimension: 2,
            velocities,
            range: Range::Gaussian { width: 0.3 },
            cross_section: CrossSection::HardSphere,
            transport,
        });
        check("soft spheres", &model.unwrap());
    }
}
