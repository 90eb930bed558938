//! Semigroups of the physical models: e^{τK₀} against the Taylor series of K₀,
//! and what remains of a model against the model itself, seen from the frame.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Model, Semigroup, check_assumptions};
use meanfield_models::hartree::{Grid, Hartree, Potential, Trap};
use meanfield_models::kac::CrossSection;
use meanfield_models::povzner::{Povzner, PovznerOptions, Range, Transport, Velocities};
use meanfield_ode::{LinearAction, OdeError, exponential};
use meanfield_tensor::Scalar;
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

/// Rounding of sums of a few hundred products of numbers of order ten.
const ROUNDING: f64 = 1e-11;

fn hartrees() -> Vec<Hartree> {
    let gaussian = Potential::Gaussian {
        strength: 1.4,
        width: 0.6,
    };
    let trap = Trap::Harmonic { omega: 1.2 };
    [
        (1, 4, gaussian, None),
        (1, 5, gaussian, Some(trap)),
        (2, 2, Potential::Cosine { strength: 0.9 }, Some(trap)),
        (2, 3, gaussian, None),
    ]
    .map(|(dimension, points, potential, trap)| {
        let grid = Grid::new(dimension, points, 3.1).unwrap();
        Hartree::new(grid, 0.7, 1.3, potential, trap).unwrap()
    })
    .to_vec()
}

fn povzners() -> Vec<Povzner> {
    [
        (1, 6, Transport::Upwind),
        (1, 7, Transport::Spectral),
        (1, 8, Transport::Spectral),
        (2, 3, Transport::Upwind),
        (2, 4, Transport::Spectral),
    ]
    .map(|(dimension, points, transport)| {
        Povzner::new(&PovznerOptions {
            dimension,
            points,
            length: 1.7,
            velocity_dimension: 2,
            velocities: Velocities::Lattice { radius: 1.0 },
            range: Range::Gaussian { width: 0.3 },
            cross_section: CrossSection::HardSphere,
            transport,
        })
        .unwrap()
    })
    .to_vec()
}

/// M states of D numbers, one after another, and the panel of which they are
/// the columns.
fn panel<S: Scalar>(d: usize, states: &[S]) -> Array2<S> {
    let states = ArrayView2::from_shape((states.len() / d, d), states).unwrap();
    states.t().as_standard_layout().into_owned()
}

fn states<S: Scalar>(panel: &Array2<S>) -> Vec<S> {
    panel.t().iter().copied().collect()
}

/// A map of states on every slot of D^j rows.
fn on_slots<S: Scalar>(d: usize, x: &Array2<S>, map: &dyn Fn(&mut [S])) -> Array2<S> {
    let (rows, columns) = x.dim();
    let slots = (rows as f64).log(d as f64).round() as u32;
    let mut out = x.clone();
    for slot in 0..slots {
        let inner = d.pow(slots - 1 - slot);
        for column in 0..columns {
            for outer in 0..rows / (inner * d) {
                for rest in 0..inner {
                    let row = |a: usize| (outer * d + a) * inner + rest;
                    let mut state: Vec<S> = (0..d).map(|a| out[[row(a), column]]).collect();
                    map(&mut state);
                    for (a, &value) in state.iter().enumerate() {
                        out[[row(a), column]] = value;
                    }
                }
            }
        }
    }
    out
}

fn close<S: Scalar>(what: &str, found: &Array2<S>, expected: &Array2<S>) {
    let largest = expected.iter().map(|x| x.modulus()).fold(1.0, f64::max);
    let pairs = found.iter().zip(expected);
    let worst = pairs.map(|(&a, &b)| (a - b).modulus()).fold(0.0, f64::max);
    assert!(worst < ROUNDING * largest, "{what}: {worst:e}");
}

/// K₀ = K − K₁ in the frame, on one state.
struct Difference<'a, M: Model> {
    model: &'a M,
    semigroup: &'a dyn Semigroup<M::Scalar>,
}

impl<M: Model> LinearAction for Difference<'_, M> {
    type Scalar = M::Scalar;

    fn apply(&mut self, x: &[M::Scalar], out: &mut [M::Scalar]) {
        let (d, one) = (x.len(), M::Scalar::from_re(1.0));
        let mut own = x.to_vec();
        if let Some(frame) = self.semigroup.frame() {
            frame.leave(&mut own);
        }
        let mut image = Array2::zeros((d, 1));
        self.model
            .add_k(one, panel(d, &own).view(), image.view_mut());
        let mut image = states(&image);
        if let Some(frame) = self.semigroup.frame() {
            frame.enter(&mut image);
        }
        let mut kept = Array2::zeros((d, 1));
        let rest = self.semigroup.rest();
        rest.add_k(one, panel(d, x).view(), kept.view_mut());
        for ((out, &all), &kept) in out.iter_mut().zip(&image).zip(&kept) {
            *out = all - kept;
        }
    }
}

/// A model seen from a frame: its operators between the ways out and in.
struct Seen<'a, M: Model> {
    model: &'a M,
    semigroup: &'a dyn Semigroup<M::Scalar>,
}

impl<M: Model> Seen<'_, M> {
    fn enter(&self, x: &Array2<M::Scalar>) -> Array2<M::Scalar> {
        let frame = self.semigroup.frame();
        on_slots(self.d(), x, &|state| {
            frame.into_iter().for_each(|frame| frame.enter(state));
        })
    }

    fn leave(&self, x: &Array2<M::Scalar>) -> Array2<M::Scalar> {
        let frame = self.semigroup.frame();
        on_slots(self.d(), x, &|state| {
            frame.into_iter().for_each(|frame| frame.leave(state));
        })
    }

    fn d(&self) -> usize {
        self.model.space().dimension()
    }

    /// What remains of the model acts as the model does, and adds to what is there.
    fn compare(
        &self,
        what: &str,
        noise: &mut Noise,
        inputs: &[Array2<M::Scalar>],
        (rows, columns): (usize, usize),
        act: impl Fn(&dyn Model<Scalar = M::Scalar>, &[Array2<M::Scalar>], ArrayViewMut2<'_, M::Scalar>),
    ) {
        let dirty = random(noise, rows, columns);
        let mut found = dirty.clone();
        act(self.semigroup.rest(), inputs, found.view_mut());
        let outside: Vec<_> = inputs.iter().map(|x| self.leave(x)).collect();
        let mut own = Array2::zeros((rows, columns));
        act(self.model, &outside, own.view_mut());
        close(what, &found, &(self.enter(&own) + &dirty));
    }
}

fn random<S: Scalar>(noise: &mut Noise, rows: usize, columns: usize) -> Array2<S> {
    Array2::from_shape_vec((rows, columns), noise.vector(rows * columns)).unwrap()
}

fn check<M: Model>(model: &M, seed: u64) {
    let semigroup = model.capabilities().semigroup().expect("it has one");
    let semigroup = semigroup.as_ref();
    let rest = semigroup.rest();
    let seen = Seen { model, semigroup };
    let (d, mut noise) = (seen.d(), Noise::new(seed));
    let c: M::Scalar = noise.scalar();

    // The frame is unitary, and its ways are inverse to each other.
    let x = random(&mut noise, d, 3);
    let inside = seen.enter(&x);
    let square = |x: &Array2<M::Scalar>| x.iter().map(|z| z.modulus().powi(2)).sum::<f64>();
    assert!((square(&inside) - square(&x)).abs() < ROUNDING);
    close("there and back", &seen.leave(&inside), &x);

    // The exponential, of several states at once.
    let tau = 0.37;
    let mut found = states(&x);
    semigroup.at(tau).apply(&mut found);
    let mut action = Difference { model, semigroup };
    for (found, column) in found.chunks_exact(d).zip(x.columns()) {
        let mut expected = Vec::new();
        exponential(&mut action, &column.to_vec(), &[0.0, tau], |_, y| {
            expected = y.to_vec();
            Ok::<(), OdeError>(())
        })
        .unwrap();
        close("e^{τK₀}", &panel(d, found), &panel(d, &expected));
    }
    let mut still = states(&x);
    semigroup.at(0.0).apply(&mut still);
    close("e^0", &panel(d, &still), &x);

    // What remains keeps the trace and the symmetry of V.
    let trace = check_assumptions(rest);
    assert!(
        !model.capabilities().keeps_positivity || trace.hold(),
        "{trace:?}"
    );
    for columns in [1, 3, 11] {
        let x = [random(&mut noise, d * d, columns)];
        seen.compare("V", &mut noise, &x, (d * d, columns), |m, x, out| {
            m.interaction().add_pair(c, x[0].view(), out);
        });
        seen.compare("Q", &mut noise, &x, (d, columns), |m, x, out| {
            m.interaction().add_q(c, x[0].view(), out);
        });
        // The last input is F; another state has been there before.
        let x = [random(&mut noise, d, columns), random(&mut noise, d, 1)];
        seen.compare("Δ_1", &mut noise, &x, (d, columns), |m, x, out| {
            let mut linear = m.interaction().linearisation();
            linear.update(&states(&x[1].mapv(|z| z.scaled(2.0))));
            linear.update(&states(&x[1]));
            linear.add_apply(c, x[0].view(), out);
        });
    }
    for (m1, m2) in [(1, 1), (1, 3), (5, 2)] {
        let xy = [random(&mut noise, d, m1), random(&mut noise, d, m2)];
        seen.compare(
            "V(x⊗y)",
            &mut noise,
            &xy,
            (d * d, m1 * m2),
            |m, x, out| {
                m.interaction()
                    .add_pair_product(c, x[0].view(), x[1].view(), out);
            },
        );
        seen.compare("Q(x,y)", &mut noise, &xy, (d, m1 * m2), |m, x, out| {
            m.interaction()
                .add_q_product(c, x[0].view(), x[1].view(), out);
        });
    }

    // K₁ + Δ_1 is K₁ and Δ_1.
    let (x, f) = (random(&mut noise, d, 4), noise.vector::<M::Scalar>(d));
    let (mut whole, mut parts) = (Array2::zeros((d, 4)), Array2::zeros((d, 4)));
    let mut generator = rest.linearised_generator();
    generator.update(&f);
    generator.add_apply(c, x.view(), whole.view_mut());
    let mut linear = rest.interaction().linearisation();
    linear.update(&f);
    linear.add_apply(c, x.view(), parts.view_mut());
    rest.add_k(c, x.view(), parts.view_mut());
    close("K₁ + Δ_1", &whole, &parts);
}

#[test]
fn law_hartree_in_plane_waves_is_hartree() {
    for (k, model) in hartrees().iter().enumerate() {
        check(model, 7 + k as u64);
    }
}

#[test]
fn law_soft_spheres_without_flight_keep_their_collisions() {
    for (k, model) in povzners().iter().enumerate() {
        check(model, 23 + k as u64);
    }
}

#[test]
fn law_upwind_flight_keeps_densities_positive_and_mass() {
    for model in povzners() {
        let upwind = model.options().transport == Transport::Upwind;
        let d = model.space().dimension();
        let mut noise = Noise::new(5);
        let mut state: Vec<f64> = (0..d).map(|_| noise.uniform()).collect();
        let mass: f64 = state.iter().sum();
        model
            .capabilities()
            .semigroup()
            .unwrap()
            .at(0.8)
            .apply(&mut state);
        assert!((state.iter().sum::<f64>() - mass).abs() < ROUNDING);
        assert!(!upwind || state.iter().all(|x| *x > 0.0));
    }
}
