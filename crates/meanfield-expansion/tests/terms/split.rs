//! V as 0.3 V + 0.7 V, K as a term, in every form.

use meanfield_abstract::problems::{Noise, random_arrays, random_element, random_jump_process};
use meanfield_abstract::{
    Envelope, Model, Power, RequiredOnly, Start, SumOfTerms, WithoutK, WithoutV,
};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield_tensor::Scalar;
use num_complex::Complex64;

use meanfield_testing::{Evolve, difference, exact, largest};

/// The steps are the same up to rounding, and so are sums of a few hundred of them.
const ROUNDING: f64 = 1e-12;

#[track_caller]
fn same<S: Scalar>(what: &str, found: &[S], expected: &[S]) {
    let apart = difference(found, expected) / largest(expected).max(1.0);
    assert!(apart < ROUNDING, "{what}: {apart:e}");
}

/// K, and V in two parts.
fn in_two_parts<'a, S: Scalar>(model: &'a dyn Model<Scalar = S>) -> SumOfTerms<'a, S> {
    let part = Envelope::constant;
    SumOfTerms::new(WithoutV::new(model))
        .with_term(WithoutK(model), Power::Zero, part(0.3))
        .and_then(|sum| sum.with_term(WithoutK(model), Power::Zero, part(0.7)))
        .unwrap()
}

/// V, and K as a term.
fn k_as_a_term<'a, S: Scalar>(model: &'a dyn Model<Scalar = S>) -> SumOfTerms<'a, S> {
    SumOfTerms::new(WithoutK(model))
        .with_term(WithoutV::new(model), Power::Zero, Envelope::default())
        .unwrap()
}

fn every_form<S: Scalar>(model: &dyn Model<Scalar = S>, f: Vec<S>) {
    let start = Start::Product { f };
    let t = 0.3;
    for (what, sum) in [("V", in_two_parts(model)), ("K", k_as_a_term(model))] {
        for order in 0..=3 {
            let (found, expected) = (
                Evolve::to(t).form_c(&sum, &start, order),
                Evolve::to(t).form_c(model, &start, order),
            );
            for (x, y) in found.iter().zip(&expected) {
                same(&format!("{what} of (c), order {order}"), x, y);
            }
        }
        let (found, expected) = (
            Evolve::to(t).form_b(&sum, &start, 2),
            Evolve::to(t).form_b(model, &start, 2),
        );
        for (key, e) in expected.coefficients() {
            same(&format!("{what} of (b)"), &found.coefficients()[key], e);
        }
        let found = Evolve::to(t).form_a(&sum, &start, (2, 9));
        let expected = Evolve::to(t).form_a(model, &start, (2, 9));
        for (key, e) in expected.terms() {
            same(&format!("{what} of (a)"), &found.terms()[key], e);
        }
        let found = exact(&sum, &start, (5, 2), t);
        for (x, y) in found.iter().zip(&exact(model, &start, (5, 2), t)) {
            same(&format!("{what} of the exact state"), x, y);
        }
    }
}

#[test]
fn law_a_model_in_two_parts_is_the_model() {
    let seed = 1;
    let model = random_jump_process(3, seed).unwrap();
    every_form(&model, Noise::new(seed).probabilities(3));
    let model = random_arrays::<f64>(3, seed).unwrap();
    let f = random_element(model.space().trace(), seed);
    // By a list of pairs, and by the operators of the model alone.
    every_form(&RequiredOnly(&model), f.clone());
    every_form(&model, f);
    let model = random_arrays::<Complex64>(2, seed).unwrap();
    let f = random_element(model.space().trace(), seed);
    every_form(&model, f);
}

/// In the interaction picture of K₀, in its frame.
fn in_the_picture<S: Scalar>(what: &str, model: &dyn Model<Scalar = S>, f: Vec<S>, highest: usize) {
    let sum = in_two_parts(model);
    assert!(sum.capabilities().semigroup().is_some(), "{what}");
    let start = Start::Product { f };
    for order in 0..=highest {
        let (found, expected) = (
            Evolve::to(0.3).form_c(&sum, &start, order),
            Evolve::to(0.3).form_c(model, &start, order),
        );
        for (k, (x, y)) in found.iter().zip(&expected).enumerate() {
            same(&format!("{what}, order {order}, tensor {k}"), x, y);
        }
    }
}

#[test]
fn law_a_grid_in_two_parts_is_the_grid() {
    let potential = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    for trap in [None, Some(Trap::Harmonic { omega: 1.1 })] {
        let grid = Grid::new(1, 4, 3.0).unwrap();
        let model = Hartree::new(grid, 0.7, 1.3, potential, trap).unwrap();
        let f = model.gaussian(&[0.3], &[0.75], &[0.5]).unwrap();
        in_the_picture("Hartree", &model, f, 2);
    }
    for (transport, highest) in [(Transport::Upwind, 2), (Transport::Spectral, 1)] {
        let model = Povzner::new(&PovznerOptions {
            dimension: 1,
            points: 4,
            length: 1.7,
            velocity_dimension: 1,
            velocities: Velocities::Lattice { radius: 1.0 },
            range: Range::Gaussian { width: 0.4 },
            cross_section: CrossSection::HardSphere,
            transport,
        })
        .unwrap();
        let velocity = model.velocity_maxwellian(0.8, &[0.3]).unwrap();
        let density = model.density_bump(&[0.2], 0.5).unwrap();
        let f = model.product_state(&density, &velocity).unwrap();
        in_the_picture("soft spheres", &model, f, highest);
    }
}

#[test]
fn law_a_term_one_order_later_is_the_same_in_the_picture_and_out_of_it() {
    let potential = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    let grid = Grid::new(1, 3, 3.0).unwrap();
    let model = Hartree::new(grid, 0.7, 1.3, potential, None).unwrap();
    let f = model.gaussian(&[0.3], &[0.75], &[0.5]).unwrap();
    let start = Start::Product { f };
    let slow = RequiredOnly(&model);
    let season = || Envelope::of(|t: f64| (2.0 * t).cos());
    let fast = SumOfTerms::new(&model)
        .with_term(&model, Power::One, season())
        .unwrap();
    let slow = SumOfTerms::new(&slow)
        .with_term(&slow, Power::One, season())
        .unwrap();
    for (x, y) in Evolve::to(0.3)
        .form_c(&fast, &start, 2)
        .iter()
        .zip(&Evolve::to(0.3).form_c(&slow, &start, 2))
    {
        // Other steps.
        let apart = difference(x, y) / largest(y).max(1.0);
        assert!(apart < 1e-9, "{apart:e}");
    }
}
