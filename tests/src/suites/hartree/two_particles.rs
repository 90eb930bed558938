//! Two particles solved by their own Schrödinger equation, and the scaling
//! laws of ħ and m.

use meanfield::hierarchy::Operators;
use meanfield::models::hartree::{Potential, Trap};
use meanfield::ode::{OdeError, Options, System, integrate};
use meanfield::prelude::*;
use meanfield::tensor::linalg;
use meanfield_testing::{largest_difference, worse};
use num_complex::Complex64;

use super::physics::{Matrix, Physics, displaced, operator, pair_numbers, product, traced};
use super::{expansion, row};
use crate::verify::{Bound, Row};

/// Steps at a relative tolerance of 1e-13.
const TOLERANCE: f64 = 1e-13;
const SOLVED: Bound = Bound::AtMost(1e-12);
const BY_STEPS: &str = "exact solutions to rounding, the flow at a relative tolerance of 1e-13";
const TIME: f64 = 1.3;

/// The state of two particles at time t from ρ⊗ρ, by the eigenvectors of
/// h⊗1 + 1⊗h + ½v on d² amplitudes.
fn schroedinger(physics: &Physics, rho: &Matrix, t: f64) -> Matrix {
    let d = physics.levels();
    let (h, one) = (physics.one_body(), Matrix::eye(d));
    let both = product(&h, &one) + product(&one, &h) + physics.pair().mapv(|z| z * 0.5);
    let (energies, states) = linalg::eigh(both.view()).expect("Hermitian");
    let adjoint = states.t().mapv(|z| z.conj());
    let phases = energies.mapv(|e| Complex64::cis(-e * t / physics.hbar));
    let flow = (&states * &phases).dot(&adjoint);
    flow.dot(&product(rho, rho))
        .dot(&flow.t().mapv(|z| z.conj()))
}

/// (9) for N = 2: ∂t F_1 = K F_1 + ½ C_2 F_2, ∂t F_2 = (K² + T_2/2) F_2.
struct TwoBody<'a> {
    operators: Operators<'a, Complex64>,
    blocks: [usize; 2],
}

impl System for TwoBody<'_> {
    type Scalar = Complex64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[Complex64], dydt: &mut [Complex64]) {
        dydt.fill(Complex64::ZERO);
        let (f1, f2) = y.split_at(self.blocks[0]);
        let family = [vec![Complex64::ONE], f1.to_vec(), f2.to_vec()];
        let (d1, d2) = dydt.split_at_mut(self.blocks[0]);
        self.operators
            .add_bbgky(Complex64::ONE, 1, 2, &family, d1)
            .unwrap();
        self.operators
            .add_bbgky(Complex64::ONE, 2, 2, &family, d2)
            .unwrap();
    }
}

/// The largest error of the exact N-body evolution and of BBGKY at N = 2, and
/// the least correlation, over these starts.
fn defects(physics: &Physics, starts: &[Vec<Complex64>]) -> [f64; 3] {
    let (model, d) = (physics.model(), physics.levels());
    let layout = SymmetricLayout::new(d * d, 2).expect("small");
    let [mut exact, mut bbgky, mut correlated] = [0.0, 0.0, f64::INFINITY];
    for f in starts {
        let second = schroedinger(physics, &operator(d, f), TIME);
        let first: Vec<Complex64> = traced(d, &second).into_iter().collect();
        let numbers = pair_numbers(d, &second);
        let packed: Vec<Complex64> = (0..layout.len(2))
            .map(|entry| {
                let index = layout.indices(2, entry);
                numbers[index[0] * d * d + index[1]]
            })
            .collect();
        let start = Start::Product { f: f.clone() };
        let solved = meanfield::exact::solve(&model, &start, 2, &[TIME], 2, None)
            .expect("two particles fit");
        exact = worse(
            exact,
            largest_difference(solved.marginal(0, 1).unwrap(), &first),
        );
        exact = worse(
            exact,
            largest_difference(solved.marginal(0, 2).unwrap(), &packed),
        );

        let mut system = TwoBody {
            operators: Operators::new(&model, 2).expect("small"),
            blocks: [d * d, layout.len(2)],
        };
        let options = Options {
            tolerance: TOLERANCE,
            ..Options::default()
        };
        let initial = [f.clone(), layout.power(f, 2)].concat();
        integrate(&mut system, &initial, &[0.0, TIME], &options, |k, y| {
            if k == 1 {
                bbgky = worse(bbgky, largest_difference(y, first.iter().chain(&packed)));
            }
            Ok::<(), OdeError>(())
        })
        .expect("a regular flow");
        let product = layout.power(&first, 2);
        correlated = f64::min(correlated, largest_difference(&product, &packed));
    }
    [exact, bbgky, correlated]
}

pub(super) fn rows() -> Vec<Row> {
    let line = Physics::line(5);
    let model = line.model();
    let starts = [
        model.gaussian(&[0.3], &[0.5], &[0.7]).expect("on the grid"),
        // A thermal state that is displaced, so that it moves.
        displaced(5, &model.thermal(0.6).expect("a temperature")),
    ];
    let on_line = defects(&line, &starts);
    let plane = Physics {
        dimension: 2,
        ..Physics::line(3)
    };
    let model = plane.model();
    let packet = model.gaussian(&[0.3, -0.2], &[0.5, 0.6], &[0.7, 0.4]);
    let on_plane = defects(&plane, &[packet.expect("on the grid")]);
    let ids = [
        "two-particles-exact",
        "two-particles-bbgky",
        "two-particles-correlated",
    ];
    let plane_ids = [
        "plane-two-particles-exact",
        "plane-two-particles-bbgky",
        "plane-two-particles-correlated",
    ];
    let mut out = agreement(ids, "d = 5, pure and thermal", on_line);
    out.extend(agreement(plane_ids, "3×3 points, pure", on_plane));
    out.extend([scaled_hbar(), scaled_mass()]);
    out
}

fn agreement(
    ids: [&'static str; 3],
    about: &str,
    [exact, bbgky, correlated]: [f64; 3],
) -> Vec<Row> {
    let about = format!(
        "N = 2, {about}, ħ = 0.7, m = 1.6, F_1 and F_2 against their own Schrödinger equation"
    );
    vec![
        row(
            ids[0],
            format!("{about}: exact N-body"),
            "(1), (88)",
            "0",
            exact,
            SOLVED,
            BY_STEPS,
        ),
        row(
            ids[1],
            format!("{about}: the BBGKY hierarchy"),
            "(9), (94)",
            "0",
            bbgky,
            SOLVED,
            BY_STEPS,
        ),
        row(
            ids[2],
            "and they are correlated: ‖F_2 − F_1⊗F_1‖, largest entry",
            "(18)",
            "not 0",
            correlated,
            Bound::AtLeast(1e-2),
            "without correlations the rows above would not see V",
        ),
    ]
}

fn scaled(physics: &Physics, energy: f64) -> Potential {
    match physics.potential {
        Potential::Gaussian { strength, width } => Potential::Gaussian {
            strength: strength * energy,
            width,
        },
        other => other,
    }
}

/// The largest difference of the cumulants to order 1 of two models, each at
/// its own time.
fn difference(a: (&Physics, f64, f64), b: (&Physics, f64, f64)) -> f64 {
    let [a, b] = [a, b].map(|(physics, momentum, time)| {
        let model = physics.model();
        let f = model
            .gaussian(&[0.3], &[0.5], &[momentum])
            .expect("on the grid");
        expansion(&model, &f, 1, &[0.0, time], 1e-12, |_| ())
    });
    let pairs = a[1].iter().zip(&b[1]);
    pairs
        .map(|((_, x), (_, y))| largest_difference(x, y))
        .fold(0.0, worse)
}

/// Powers of two scale without rounding, the steps with them.
const SAME: Bound = Bound::AtMost(1e-12);
const BY_TOLERANCE: &str = "powers of two scale without rounding, the steps with them";

fn scaled_hbar() -> Row {
    let base = Physics::line(4);
    let double = Physics {
        hbar: 2.0 * base.hbar,
        potential: scaled(&base, 4.0),
        trap: Some(Trap::Harmonic { omega: 1.6 }),
        ..base
    };
    row(
        "scaling-hbar",
        "(ħ, v, ω, p, t) → (2ħ, 4v, 2ω, 2p, t/2) leaves F, g_{2,0} and g_{1,1} unchanged",
        "(15), (88)",
        "0",
        difference((&base, 0.4, 1.0), (&double, 0.8, 0.5)),
        SAME,
        BY_TOLERANCE,
    )
}

fn scaled_mass() -> Row {
    let base = Physics::line(4);
    let double = Physics {
        mass: 2.0 * base.mass,
        potential: scaled(&base, 0.5),
        trap: Some(Trap::Harmonic { omega: 0.4 }),
        ..base
    };
    row(
        "scaling-mass",
        "(m, v, ω, t) → (2m, v/2, ω/2, 2t) leaves F, g_{2,0} and g_{1,1} unchanged",
        "(15), (88)",
        "0",
        difference((&base, 0.4, 1.0), (&double, 0.4, 2.0)),
        SAME,
        BY_TOLERANCE,
    )
}
