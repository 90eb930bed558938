//! The linearised flows of Section 4 in commutators of matrices: for quantum
//! models (K^j + Δ_j) E = −(i/ħ)[Σ_i (h + V_F)_i, E] + Σ_i −(i/ħ)[V⋆_i E, F]_i.

use meanfield::hierarchy::literal::Literal;
use meanfield::models::hartree::{Grid, Hartree, Potential};
use meanfield::models::levels::problems::random_state;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use ndarray::{Array2, ArrayD, IxDyn};
use num_complex::Complex64;

use super::row;
use crate::instances::{self, Instance};
use crate::paper::apart;
use crate::paper::size::user;
use crate::verify::Row;

type Matrix = Array2<Complex64>;

/// Which formula is evaluated.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kinetic {
    /// The corrected one.
    Half,
    /// −ħ²Δ in the place of −ħ²Δ/2.
    Whole,
    /// V_F^{⊗j} in the place of Σ_i V_F(x_i).
    Product,
    /// P without 1/(iħ).
    BareP,
}

/// Particles of mass 1 on three sites without a trap: h is −ħ²Δ/2.
pub(crate) fn free_sites() -> Instance<Complex64> {
    let grid = Grid::new(1, 3, 2.5).expect("three points");
    let potential = Potential::Gaussian {
        strength: 1.3,
        width: 0.8,
    };
    let model = Hartree::new(grid, 0.7, 1.0, potential, None).expect("regular");
    let f = one_body_state(&model, "F", &random_state(3, 8)).expect("a state");
    Instance::new(model, f)
}

/// h, v, ħ of a Hamiltonian model, d levels.
struct Physics {
    h: Matrix,
    v: Matrix,
    hbar: f64,
    d: usize,
}

fn commutator(a: &Matrix, b: &Matrix) -> Matrix {
    a.dot(b) - b.dot(a)
}

fn kron(a: &Matrix, b: &Matrix) -> Matrix {
    let d = b.nrows();
    Matrix::from_shape_fn((a.nrows() * d, a.nrows() * d), |(r, c)| {
        a[[r / d, c / d]] * b[[r % d, c % d]]
    })
}

impl Physics {
    fn of<S: Scalar>(model: &dyn Model<Scalar = S>) -> Self {
        let of = model
            .capabilities()
            .hamiltonian
            .expect("a Hamiltonian model");
        let h = of.one_body();
        Self {
            d: h.nrows(),
            v: of.pair(),
            hbar: of.hbar(),
            h,
        }
    }

    /// 1/(iħ) = −i/ħ.
    fn rate(&self) -> Complex64 {
        Complex64::new(0.0, -1.0 / self.hbar)
    }

    /// V_G = Tr_2( v (1⊗G) ).
    fn potential(&self, g: &Matrix) -> Matrix {
        let d = self.d;
        Matrix::from_shape_fn((d, d), |(a, c)| {
            let pairs = (0..d * d).map(|k| (k / d, k % d));
            let terms = pairs.map(|(b, e)| self.v[[a * d + b, c * d + e]] * g[[e, b]]);
            terms.sum()
        })
    }

    fn first(&self, f: &Matrix, e: &Matrix, form: Kinetic) -> Matrix {
        let kinetic = match form {
            Kinetic::Whole => &self.h * Complex64::from(2.0),
            _ => self.h.clone(),
        };
        let p = match form {
            Kinetic::BareP => Complex64::ONE,
            _ => self.rate(),
        };
        commutator(&(kinetic + self.potential(f)), e) * self.rate()
            + commutator(&self.potential(e), f) * p
    }

    fn second(&self, f: &Matrix, e: &Matrix, form: Kinetic) -> Matrix {
        let d = self.d;
        let one = Matrix::eye(d);
        let v = self.potential(f);
        let potential = match form {
            Kinetic::Product => kron(&v, &v),
            _ => kron(&v, &one) + kron(&one, &v),
        };
        let h = kron(&self.h, &one) + kron(&one, &self.h);
        let mut out = commutator(&(h + potential), e) * self.rate();
        // E = Σ |b⟩⟨c| ⊗ E^{bc}: [V_{E^{bc}}, F] in the other slot.
        for b in 0..d {
            for c in 0..d {
                let unit = Matrix::from_shape_fn((d, d), |place| match place == (b, c) {
                    true => Complex64::ONE,
                    false => Complex64::ZERO,
                });
                let rest = Matrix::from_shape_fn((d, d), |(x, y)| e[[b * d + x, c * d + y]]);
                let moved = commutator(&self.potential(&rest), f) * self.rate();
                out = out + kron(&moved, &unit) + kron(&unit, &moved);
            }
        }
        out
    }
}

/// An operator on j particles as a user array over x·d + x'.
fn array(d: usize, j: usize, operator: &Matrix) -> ArrayD<Complex64> {
    ArrayD::from_shape_fn(IxDyn(&vec![d * d; j]), |index| {
        let (mut row, mut column) = (0, 0);
        for slot in 0..j {
            row = row * d + index[slot] / d;
            column = column * d + index[slot] % d;
        }
        operator[[row, column]]
    })
}

fn operator(d: usize, tensor: &ArrayD<Complex64>) -> Matrix {
    meanfield::tensor::norms::operator_matrix(tensor, d)
}

/// Relative distance of the explicit (K^j + Δ_j) E, j = 1 or 2, from the engine's.
pub(crate) fn explicit_defect<S: Scalar>(instance: &Instance<S>, j: usize, form: Kinetic) -> f64 {
    let model = &*instance.model;
    let physics = Physics::of(model);
    let d = physics.d;
    let values: Vec<S> = problems::Noise::new(23).vector(instance.f.len().pow(j as u32));
    let e = ArrayD::from_shape_vec(IxDyn(&vec![instance.f.len(); j]), values);
    let e = dense::symmetrise(&e.expect("D^j entries"));
    let literal = Literal {
        model,
        f: &instance.f,
    };
    let found = user(model, &(literal.k(&e) + literal.delta(&e)));
    let f = operator(d, &user(model, &dense::vector(&instance.f)));
    let e = operator(d, &user(model, &e));
    let expected = match j {
        1 => physics.first(&f, &e, form),
        _ => physics.second(&f, &e, form),
    };
    apart(&array(d, j, &expected), &found)
}

pub(super) fn rows() -> Vec<Row> {
    let (levels, sites) = (instances::mixed_levels(), free_sites());
    let reason = "rounding of products of matrices";
    let one = "(K + Δ_1)E = −(i/ħ)([h + V_F, E] + [V_E, F]) in matrices";
    let two = "(K² + Δ_2)E = −(i/ħ)[Σ_i (h + V_F)_i, E] − (i/ħ)Σ_i [V⋆_iE, F]_i in matrices";
    [
        (
            "flow-levels",
            "levels",
            one,
            explicit_defect(&levels, 1, Kinetic::Half),
        ),
        (
            "flow-hartree",
            "hartree, ħ = 0.7",
            one,
            explicit_defect(&sites, 1, Kinetic::Half),
        ),
        (
            "flow-pairs-levels",
            "levels",
            two,
            explicit_defect(&levels, 2, Kinetic::Half),
        ),
        (
            "flow-pairs-hartree",
            "hartree, ħ = 0.7",
            two,
            explicit_defect(&sites, 2, Kinetic::Half),
        ),
    ]
    .map(|(id, name, claim, measured)| {
        let claim = format!("{name}: {claim}");
        row(id, &claim, "Section 4, corrected", measured, 1e-12, reason)
    })
    .to_vec()
}
