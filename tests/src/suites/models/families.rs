//! The named families with decay and dephasing: three particles against their
//! own master equation, in the total spin the families are known by.

use meanfield::abstract_model::Model;
use meanfield::models::levels::{
    BoseHubbardDimer, Dissipation, Levels, Lipkin, OneAxisTwisting, TransverseField,
};
use meanfield::ode::{OdeError, Options, System, integrate};
use meanfield::prelude::*;
use meanfield_testing::worse;
use ndarray::Array2;
use num_complex::Complex64;

use super::SUITE;
use crate::verify::{Bound, Row};

type Matrix = Array2<Complex64>;

const HBAR: f64 = 0.7;
const PARTICLES: usize = 3;
/// States of three particles; bit k of an index is the level of particle k.
const STATES: usize = 1 << PARTICLES;
const TIME: f64 = 0.9;
/// Different, so that one in the place of the other would show.
const DISSIPATION: Dissipation = Dissipation {
    decay: 0.3,
    dephasing: 0.5,
};

/// a of particle k, with a[s][s'] between levels.
fn on(k: usize, a: [[Complex64; 2]; 2]) -> Matrix {
    Matrix::from_shape_fn((STATES, STATES), |(row, column)| {
        let others = !(1 << k);
        if row & others == column & others {
            a[row >> k & 1][column >> k & 1]
        } else {
            Complex64::ZERO
        }
    })
}

/// Half the sum of a over the particles.
fn total(a: [[Complex64; 2]; 2]) -> Matrix {
    let parts = (0..PARTICLES).map(|k| on(k, a));
    parts.fold(Matrix::zeros((STATES, STATES)), |sum, x| sum + x) * Complex64::from(0.5)
}

const O: Complex64 = Complex64::ZERO;
const ONE: Complex64 = Complex64::ONE;
const I: Complex64 = Complex64::I;
const X: [[Complex64; 2]; 2] = [[O, ONE], [ONE, O]];
const Y: [[Complex64; 2]; 2] = [[O, Complex64::new(0.0, -1.0)], [I, O]];
const Z: [[Complex64; 2]; 2] = [[ONE, O], [O, Complex64::new(-1.0, 0.0)]];
/// From level 0 (σz = 1) to level 1.
const LOWER: [[Complex64; 2]; 2] = [[O, O], [ONE, O]];

/// −(i/ħ)[H, ρ] + Σ_J (JρJ† − ½{J†J, ρ}) of all particles.
struct Master {
    energy: Matrix,
    jumps: Vec<Matrix>,
    blocks: [usize; 1],
}

fn adjoint(a: &Matrix) -> Matrix {
    a.t().mapv(|z| z.conj())
}

impl System for Master {
    type Scalar = Complex64;
    fn blocks(&self) -> &[usize] {
        &self.blocks
    }
    fn rhs(&mut self, _t: f64, y: &[Complex64], dydt: &mut [Complex64]) {
        let rho = Matrix::from_shape_fn((STATES, STATES), |(a, b)| y[a * STATES + b]);
        let commutator = self.energy.dot(&rho) - rho.dot(&self.energy);
        let mut out = commutator * Complex64::new(0.0, -1.0 / HBAR);
        for jump in &self.jumps {
            let rate = adjoint(jump).dot(jump) * Complex64::from(0.5);
            out = out + jump.dot(&rho).dot(&adjoint(jump)) - rate.dot(&rho) - rho.dot(&rate);
        }
        dydt.copy_from_slice(out.as_slice().expect("a fresh matrix"));
    }
}

/// F_1 and F_2 of three particles in the Bloch state s, as user arrays.
fn marginals(energy: Matrix, bloch: [f64; 3]) -> [Vec<Complex64>; 2] {
    let [x, y, z] = bloch.map(|s| s / 2.0);
    let one = [
        [Complex64::from(0.5 + z), Complex64::new(x, -y)],
        [Complex64::new(x, y), Complex64::from(0.5 - z)],
    ];
    let start: Vec<Complex64> = (0..STATES * STATES)
        .map(|at| {
            let (a, b) = (at / STATES, at % STATES);
            let factors = (0..PARTICLES).map(|k| one[a >> k & 1][b >> k & 1]);
            factors.product()
        })
        .collect();
    let decay = DISSIPATION.decay.sqrt();
    let dephasing = (DISSIPATION.dephasing / 2.0).sqrt();
    let jumps = (0..PARTICLES).flat_map(|k| {
        let (lower, z) = (on(k, LOWER), on(k, Z));
        [
            lower * Complex64::from(decay),
            z * Complex64::from(dephasing),
        ]
    });
    let mut master = Master {
        energy,
        jumps: jumps.collect(),
        blocks: [STATES * STATES],
    };
    let options = Options {
        tolerance: 1e-13,
        ..Options::default()
    };
    let mut end = Vec::new();
    integrate(&mut master, &start, &[0.0, TIME], &options, |_, rho| {
        end = rho.to_vec();
        Ok::<(), OdeError>(())
    })
    .expect("a regular flow");
    // Sums over the states of the particles beyond the first j.
    [1, 2].map(|j| {
        let kept = 1 << j;
        let mut out = vec![O; kept * kept];
        for (at, value) in out.iter_mut().enumerate() {
            // The index of the user array: x d + x', particle after particle.
            let digits: Vec<usize> = (0..2 * j).map(|k| at >> (2 * j - 1 - k) & 1).collect();
            let pick = |first: usize| (0..j).map(|k| digits[2 * k + first] << k).sum::<usize>();
            let (row, column) = (pick(0), pick(1));
            for rest in 0..STATES / kept {
                let high = rest << j;
                *value += end[(row | high) * STATES + (column | high)];
            }
        }
        out
    })
}

/// The largest difference of the exact F_1 and F_2 of the model, in real
/// coordinates of a Hermitian basis, from those of the master equation.
fn defect(model: &Levels, energy: Matrix) -> f64 {
    let bloch = [0.5, 0.3, 0.6];
    let user = (model.bloch(bloch[0], bloch[1], bloch[2])).expect("inside the ball");
    let start = Start::Product {
        f: one_body_state(model, "F", &user).expect("a state"),
    };
    let solved = meanfield::exact::solve(model, &start, PARTICLES, &[TIME], 2, None)
        .expect("three particles fit");
    let own = SymmetricLayout::new(model.space().dimension(), 2).expect("small");
    let mut worst = 0.0;
    for (j, expected) in (1..).zip(marginals(energy, bloch)) {
        let found = to_user(model, &own, j, solved.marginal(0, j).unwrap());
        let pairs = found.iter().zip(&expected);
        worst = pairs.map(|(a, b)| (a - b).norm()).fold(worst, worse);
    }
    worst
}

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    let n = PARTICLES as f64;
    let [jx, jy, jz] = [X, Y, Z].map(total);
    let real = Complex64::from;
    let up = &jx + &(&jy * I);
    let down = adjoint(&up);
    let squares = up.dot(&up) + down.dot(&down);
    let mixed = up.dot(&down) + down.dot(&up);
    let lipkin = Lipkin {
        epsilon: 1.1,
        v: 0.8,
        w: -0.5,
    };
    let twisting = OneAxisTwisting { chi: 0.9 };
    let dimer = BoseHubbardDimer {
        tunnelling: 0.6,
        interaction: 1.3,
    };
    let field = TransverseField {
        omega: 1.2,
        chi: -0.7,
    };
    // n_s = N/2 ± J_z, and Σ n_s(n_s − 1) = N²/2 + 2J_z² − N.
    let wells = jz.dot(&jz) * real(dimer.interaction / n);
    let cases = [
        (
            "family-twisting",
            "one-axis twisting, (2χ/N) J_z²",
            twisting.model(DISSIPATION, HBAR),
            jz.dot(&jz) * real(2.0 * twisting.chi / n),
        ),
        (
            "family-lipkin",
            "Lipkin, εJ_z + (V/2N)(J₊² + J₋²) + (W/2N)(J₊J₋ + J₋J₊)",
            lipkin.model(DISSIPATION, HBAR),
            &jz * real(lipkin.epsilon)
                + squares * real(lipkin.v / (2.0 * n))
                + mixed * real(lipkin.w / (2.0 * n)),
        ),
        (
            "family-dimer",
            "Bose–Hubbard dimer, −2J J_x + (U/2N) Σ n_s(n_s − 1)",
            dimer.model(DISSIPATION, HBAR),
            &jx * real(-2.0 * dimer.tunnelling) + wells,
        ),
        (
            "family-field",
            "transverse field, ω J_x + (2χ/N) J_z²",
            field.model(DISSIPATION, HBAR),
            &jx * real(field.omega) + jz.dot(&jz) * real(2.0 * field.chi / n),
        ),
    ];
    cases
        .map(|(id, what, model, energy)| Row {
            suite: SUITE.name,
            id,
            claim: format!(
                "{what}, with decay and dephasing, ħ = {HBAR}: F_1 and F_2 at N = {PARTICLES} \
                 against its master equation"
            ),
            equation: "(1), (88)",
            claimed: "0".to_owned(),
            measured: model.map_or(f64::NAN, |model| defect(&model, energy)),
            bound: Bound::AtMost(1e-11),
            reason: "the master equation at a relative tolerance of 1e-13 per step",
            plot: None,
        })
        .to_vec()
}
