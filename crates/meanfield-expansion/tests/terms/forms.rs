//! What terms do not change.

use meanfield_abstract::problems::{Noise, random_arrays, random_element, random_jump_process};
use meanfield_abstract::{Envelope, Model, Power, Start, SumOfTerms};
use meanfield_expansion::{Memory, operations};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_tensor::Scalar;
use num_complex::Complex64;

use meanfield_testing::{Evolve, exact};

/// Without further terms, and with one that is switched off, every bit is the same.
fn nothing_is_nothing<S: Scalar>(model: &dyn Model<Scalar = S>, f: Vec<S>, order: usize) {
    let start = Start::Product { f };
    let off = SumOfTerms::new(model)
        .with_term(model, Power::Zero, Envelope::constant(0.0))
        .unwrap();
    let t = 0.2;
    let c = Evolve::to(t).form_c(model, &start, order);
    assert!(Evolve::to(t).form_c(&SumOfTerms::new(model), &start, order) == c);
    assert!(Evolve::to(t).form_c(&off, &start, order) == c);
    if order > 0 && model.space().dimension() < 5 {
        let none = SumOfTerms::new(model);
        let (found, expected) = (
            Evolve::to(t).form_b(&none, &start, 2),
            Evolve::to(t).form_b(model, &start, 2),
        );
        assert!(found.coefficients() == expected.coefficients());
        let found = Evolve::to(t).form_a(&none, &start, (2, 9));
        assert!(found.terms() == Evolve::to(t).form_a(model, &start, (2, 9)).terms());
        assert!(exact(&none, &start, (4, 2), t) == exact(model, &start, (4, 2), t));
    }
}

fn hartree() -> (Hartree, Vec<Complex64>) {
    let potential = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    let trap = Some(Trap::Harmonic { omega: 1.1 });
    let grid = Grid::new(1, 4, 3.0).unwrap();
    let model = Hartree::new(grid, 0.7, 1.3, potential, trap).unwrap();
    let f = model.gaussian(&[0.3], &[0.75], &[0.5]).unwrap();
    (model, f)
}

#[test]
fn law_no_terms_are_the_model_itself() {
    for order in 0..=2 {
        let model = random_jump_process(3, 2).unwrap();
        nothing_is_nothing(&model, Noise::new(3).probabilities(3), order);
        let model = random_arrays::<Complex64>(2, 5).unwrap();
        let f = random_element(model.space().trace(), 6);
        nothing_is_nothing(&model, f, order);
    }
    let (model, f) = hartree();
    nothing_is_nothing(&model, f, 2);
}

#[test]
fn law_what_terms_hold_and_cost_is_counted() {
    let (model, _) = hartree();
    for order in 0..=2 {
        let alone = Memory::of(&model, order).unwrap();
        let none = SumOfTerms::new(&model);
        assert_eq!(Memory::of(&none, order).unwrap(), alone);
        assert_eq!(
            operations(&none, order).unwrap(),
            operations(&model, order).unwrap()
        );
        let with = |power| {
            SumOfTerms::new(&model)
                .with_term(&model, power, Envelope::default())
                .unwrap()
        };
        let (same, later) = (with(Power::Zero), with(Power::One));
        let (of_same, of_later) = (
            Memory::of(&same, order).unwrap(),
            Memory::of(&later, order).unwrap(),
        );
        // The unknowns out of the frame, what is added to their slope, and a right-hand
        // side.
        assert!(of_same.total() >= alone.total() + 3 * alone.state);
        assert!(of_later.total() <= of_same.total());
        assert_eq!(
            (of_same.state, of_same.vectors),
            (alone.state, alone.vectors)
        );
        let cost = |model: &dyn Model<Scalar = Complex64>| operations(model, order).unwrap();
        assert!(cost(&same) > 1.5 * cost(&model));
        assert!(cost(&later) < cost(&same));
    }
}
