//! Solves with and without the interaction picture.

use std::sync::Mutex;

use meanfield_abstract::problems::{Noise, random_arrays};
use meanfield_abstract::{
    Capabilities, Custom, Interaction, Model, PairEntry, RequiredOnly, Splitting, Start, WithoutK,
};
use meanfield_ode::Semigroup as _;
use meanfield_tensor::Norm;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};
use num_complex::Complex64;

use super::*;
use crate::{ExpansionError, Settings, solve};

/// A model whose K is exponentiated as a matrix: forward only, or the test fails.
struct Forward {
    model: Custom<f64>,
    k: Array2<f64>,
    asked: Mutex<Vec<f64>>,
}

struct ForwardOnly<'a>(&'a Forward, WithoutK<'a, Custom<f64>>);

impl Semigroup<f64> for ForwardOnly<'_> {
    fn rest(&self) -> &dyn Model<Scalar = f64> {
        &self.1
    }

    fn at(&self, tau: f64) -> Propagator<'_, f64> {
        assert!(tau >= 0.0, "e^{{τK}} at τ = {tau}");
        self.0.asked.lock().unwrap().push(tau);
        // The Taylor series on a short time, squared back up.
        let d = self.0.k.nrows();
        let short = &self.0.k * (tau / 1024.0);
        let (mut term, mut sum) = (Array2::eye(d), Array2::eye(d));
        for n in 1..12 {
            term = term.dot(&short) / f64::from(n);
            sum += &term;
        }
        for _ in 0..10 {
            sum = sum.dot(&sum);
        }
        Propagator::States(Box::new(move |states| {
            for state in states.chunks_exact_mut(d) {
                let image = sum.dot(&ndarray::arr1(state));
                state.iter_mut().zip(image).for_each(|(x, y)| *x = y);
            }
        }))
    }
}

impl Model for Forward {
    type Scalar = f64;

    fn space(&self) -> &meanfield_tensor::Space<f64> {
        self.model.space()
    }

    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.model.add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            splitting: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<f64> for Forward {
    fn one_body_space(&self) -> &meanfield_tensor::Space<f64> {
        self.space()
    }

    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.model.interaction().add_pair(c, x, out);
    }
}

impl Splitting<f64> for Forward {
    fn semigroup(&self) -> Box<dyn Semigroup<f64> + '_> {
        Box::new(ForwardOnly(self, WithoutK(&self.model)))
    }
}

/// All unknowns at the times.
fn unknowns<S: Scalar>(
    model: &dyn Model<Scalar = S>,
    start: &Start<S>,
    order: usize,
    tolerance: f64,
) -> Vec<Vec<S>> {
    let mut settings = Settings::new(order, vec![0.0, 0.3, 1.0]);
    settings.tolerance = tolerance;
    let mut out = Vec::new();
    solve(model, start, &settings, |_, g| {
        let places = (1..=order + 1).flat_map(|j| (0..=order + 1 - j).map(move |l| (j, l)));
        let all = places.filter_map(|(j, l)| g.get(j, l));
        out.push(all.flatten().copied().collect());
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
    out
}

/// Errors of some tens of steps at 1e-10, in coefficients of order one to a few
/// hundred.
const BY_STEPS: f64 = 1e-7;

fn agree<S: Scalar>(found: &[Vec<S>], expected: &[Vec<S>]) {
    assert_eq!(found.len(), expected.len());
    for (x, y) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!(
            (*x - *y).modulus() < BY_STEPS * (1.0 + y.modulus()),
            "{x} for {y}"
        );
    }
}

#[test]
fn law_a_semigroup_without_inverse_is_only_asked_forward() {
    // A drain as fast as upwind transport on a fine grid: e^{−τK} would overflow.
    let stiff = 300.0;
    let model = meanfield_abstract::problems::jump_process(
        3,
        |from, to| if to == (from + 1) % 3 { stiff } else { 0.0 },
        |(a, b), to| f64::from(u8::from(a != b && (to == (a, a) || to == (b, b)))),
    )
    .unwrap();
    let mut k = Array2::zeros((3, 3));
    model.add_k(1.0, Array2::eye(3).view(), k.view_mut());
    let start = Start::Product {
        f: vec![0.5, 0.3, 0.2],
    };
    for order in 0..=2 {
        let forward = Forward {
            model: model.clone(),
            k: k.clone(),
            asked: Mutex::new(Vec::new()),
        };
        let found = unknowns(&forward, &start, order, 1e-10);
        agree(&found, &unknowns(&model, &start, order, 1e-10));
        assert!(!forward.asked.lock().unwrap().is_empty());
    }
}

#[test]
fn law_a_diagonal_k_is_split_off_exactly() {
    let d = 3;
    for seed in 0..3 {
        let raw = random_arrays::<Complex64>(d, seed).unwrap();
        let mut v = Array2::zeros((d * d, d * d));
        raw.interaction()
            .add_pair(Complex64::ONE, Array2::eye(d * d).view(), v.view_mut());
        let mut trace = raw.space().trace().to_vec();
        // The rates of what the trace does not see are free.
        trace[1] = Complex64::ZERO;
        trace[2] = Complex64::ZERO;
        // (Tr⊗Tr)V = 0 then is row 00 of V.
        v.row_mut(0).fill(Complex64::ZERO);
        let entries = |v: &Array2<Complex64>| -> Vec<PairEntry<Complex64>> {
            v.indexed_iter()
                .map(|((r, s), &value)| PairEntry {
                    a: r / d,
                    b: r % d,
                    c: s / d,
                    d: s % d,
                    value: value * 0.3,
                })
                .collect()
        };
        let rates = [
            Complex64::ZERO,
            Complex64::new(-0.2, 3.0),
            Complex64::new(0.0, -2.0),
        ];
        let k = Array2::from_diag(&ndarray::arr1(&rates));
        let model = Custom::new(&k, entries(&v), &trace, Norm::Euclidean).unwrap();
        assert!(model.capabilities().semigroup().is_some());
        let mut noise = Noise::new(seed);
        let mut f: Vec<Complex64> = noise.vector(d);
        f[0] = Complex64::ONE;
        let start = Start::Product { f };
        for order in 0..=2 {
            let found = unknowns(&model, &start, order, 1e-10);
            let expected = unknowns(&RequiredOnly(&model), &start, order, 1e-10);
            agree(&found, &expected);
        }
    }
}

#[test]
fn law_the_picture_asks_for_one_propagator_an_increment() {
    let model = meanfield_abstract::problems::ring_walk(3).unwrap();
    let mut k = Array2::zeros((3, 3));
    model.add_k(1.0, Array2::eye(3).view(), k.view_mut());
    let forward = Forward {
        model,
        k,
        asked: Mutex::new(Vec::new()),
    };
    let plan = Plan::new::<f64>(3, 1, 1, usize::MAX).unwrap();
    let semigroup = forward.capabilities().semigroup().unwrap();
    let f = [0.5, 0.3, 0.2];
    let mut picture = InteractionPicture::new(semigroup.as_ref(), &plan, &f);
    let mut y: Vec<f64> = Noise::new(2).vector(plan.unknowns());
    for tau in [0.1, 0.1, 0.1, 0.2, 0.2, 0.1] {
        picture.propagate(tau, &mut y);
    }
    assert_eq!(*forward.asked.lock().unwrap(), [0.1, 0.2, 0.1]);
}
