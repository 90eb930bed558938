//! Solves in the interaction picture of K against solves with K in the equation.

use meanfield_abstract::{Interaction, Model, RequiredOnly, Start};
use meanfield_expansion::{ExpansionError, Memory, Settings, solve};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield_tensor::{Scalar, Space};
use ndarray::{ArrayView2, ArrayViewMut2};

/// Relative tolerance per step, and what some tens of steps of it add up to.
const TOLERANCE: f64 = 1e-9;
const BY_STEPS: f64 = 1e-7;

/// Every g_{j,l} at every time, and the right-hand sides it took.
fn solved<M: Model>(
    model: &M,
    start: &Start<M::Scalar>,
    order: usize,
) -> (Vec<Vec<M::Scalar>>, usize) {
    let mut settings = Settings::new(order, vec![0.0, 0.2, 0.7]);
    settings.tolerance = TOLERANCE;
    let mut out = Vec::new();
    let statistics = solve(model, start, &settings, |_, g| {
        for j in 1..=order + 1 {
            out.extend((0..=order + 1 - j).map(|l| g.get(j, l).unwrap().to_vec()));
        }
        Ok::<(), ExpansionError>(())
    });
    (out, statistics.unwrap().rhs_evaluations)
}

fn agree<M: Model>(what: &str, model: &M, f: Vec<M::Scalar>, highest: usize) {
    assert!(model.capabilities().semigroup().is_some(), "{what}");
    // What it takes to propagate is planned where something is propagated.
    let planned = |model: &dyn Model<Scalar = M::Scalar>| Memory::of(model, highest).unwrap();
    assert!(planned(model).slots > 0, "{what}");
    assert_eq!(planned(&RequiredOnly(model)).slots, 0, "{what}");
    let start = Start::Product { f };
    for order in 0..=highest {
        let (found, _) = solved(model, &start, order);
        let (expected, _) = solved(&RequiredOnly(model), &start, order);
        assert_eq!(found.len(), expected.len());
        for (k, (x, y)) in found.iter().zip(&expected).enumerate() {
            let largest = y.iter().map(|z| z.modulus()).fold(1e-3, f64::max);
            let each = x.iter().zip(y).map(|(&a, &b)| (a - b).modulus());
            let worst = each.fold(0.0, f64::max);
            assert!(
                worst < BY_STEPS * largest,
                "{what}, order {order}, tensor {k}: {worst:e} of {largest:e}"
            );
        }
    }
}

#[test]
fn law_hartree_is_the_same_with_kinetic_energies_in_the_equation() {
    let potential = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    for (dimension, points, trap) in [
        (1, 3, None),
        (1, 4, Some(Trap::Harmonic { omega: 1.1 })),
        (2, 2, Some(Trap::Harmonic { omega: 0.7 })),
    ] {
        let grid = Grid::new(dimension, points, 3.0).unwrap();
        let model = Hartree::new(grid, 0.7, 1.3, potential, trap).unwrap();
        let axes = dimension;
        let f = model
            .gaussian(&vec![0.3; axes], &vec![0.75; axes], &vec![0.5; axes])
            .unwrap();
        agree(&format!("{dimension}D, {points} points"), &model, f, 2);
    }
}

#[test]
fn law_soft_spheres_are_the_same_with_free_flight_in_the_equation() {
    // In the plane order 2 would take the slow side too long.
    for (dimension, points, transport, order) in [
        (1, 4, Transport::Upwind, 2),
        (1, 5, Transport::Spectral, 2),
        (2, 2, Transport::Upwind, 1),
    ] {
        let model = Povzner::new(&PovznerOptions {
            dimension,
            points,
            length: 1.7,
            velocity_dimension: dimension,
            velocities: Velocities::Lattice { radius: 1.0 },
            range: Range::Gaussian { width: 0.4 },
            cross_section: CrossSection::HardSphere,
            transport,
        })
        .unwrap();
        let velocity = model
            .velocity_maxwellian(0.8, &vec![0.3; dimension])
            .unwrap();
        let density = model.density_bump(&vec![0.2; dimension], 0.5).unwrap();
        let f = model.product_state(&density, &velocity).unwrap();
        agree(&format!("{dimension}D, {points} points"), &model, f, order);
    }
}

#[test]
fn law_a_large_k_does_not_shorten_the_steps() {
    let potential = Potential::Gaussian {
        strength: 2.0,
        width: 0.6,
    };
    let grid = Grid::new(1, 64, 12.0).unwrap();
    let model = Hartree::new(grid, 1.0, 1.0, potential, None).unwrap();
    let f = model.gaussian(&[0.0], &[0.7], &[0.0]).unwrap();
    let start = Start::Product { f };
    let (_, split) = solved(&model, &start, 0);
    /// All of the model, without its semigroup.
    struct Whole<'a>(&'a Hartree);
    impl Model for Whole<'_> {
        type Scalar = num_complex::Complex64;

        fn space(&self) -> &Space<Self::Scalar> {
            self.0.space()
        }

        fn add_k(
            &self,
            c: Self::Scalar,
            x: ArrayView2<'_, Self::Scalar>,
            out: ArrayViewMut2<'_, Self::Scalar>,
        ) {
            self.0.add_k(c, x, out);
        }

        fn interaction(&self) -> &dyn Interaction<num_complex::Complex64> {
            self
        }
    }

    impl Interaction<num_complex::Complex64> for Whole<'_> {
        fn one_body_space(&self) -> &Space<num_complex::Complex64> {
            self.space()
        }

        fn add_pair(
            &self,
            c: num_complex::Complex64,
            x: ArrayView2<'_, num_complex::Complex64>,
            out: ArrayViewMut2<'_, num_complex::Complex64>,
        ) {
            self.0.interaction().add_pair(c, x, out);
        }

        fn add_q_product(
            &self,
            c: num_complex::Complex64,
            x: ArrayView2<'_, num_complex::Complex64>,
            y: ArrayView2<'_, num_complex::Complex64>,
            out: ArrayViewMut2<'_, num_complex::Complex64>,
        ) {
            self.0.interaction().add_q_product(c, x, y, out);
        }
    }
    let (_, whole) = solved(&Whole(&model), &start, 0);
    assert!(2 * split < whole, "{split} against {whole}");
}

#[test]
fn law_no_bit_depends_on_the_number_of_threads() {
    let potential = Potential::Gaussian {
        strength: 2.0,
        width: 0.9,
    };
    // So many points that every vector of unknowns is shared.
    let grid = Grid::new(1, 16, 12.0).unwrap();
    let model = Hartree::new(grid, 1.0, 1.0, potential, None).unwrap();
    let f = model.gaussian(&[0.5], &[0.7], &[0.2]).unwrap();
    let start = Start::Product { f };
    let mut settings = Settings::new(1, vec![0.0, 0.1]);
    settings.tolerance = 1e-5;
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let mut last = Vec::new();
            solve(&model, &start, &settings, |_, g| {
                last = [g.get(1, 0), g.get(2, 0), g.get(1, 1)]
                    .map(|x| x.unwrap().to_vec())
                    .concat();
                Ok::<(), ExpansionError>(())
            })
            .unwrap();
            last
        })
    };
    assert!(with(1) == with(3));
}
