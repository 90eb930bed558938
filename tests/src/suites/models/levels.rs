//! Finite levels: real coordinates against commutators of complex matrices.

use meanfield::abstract_model::problems::Noise;
use meanfield::abstract_model::{Hamiltonian, Model, ModelError, in_every_slot};
use meanfield::models::levels::Levels;
use meanfield::models::levels::problems::{
    random_hermitian, random_levels, random_open_levels, two_level_reference,
};
use meanfield::tensor::TensorError;
use meanfield::tensor::norms::{operator_matrix, trace_norm};
use meanfield_testing::worse;
use ndarray::{Array2, ArrayD, IxDyn};
use num_complex::Complex64;

use super::exact;
use crate::verify::Row;

type Matrix = Array2<Complex64>;

/// The rows of this file.
pub(super) fn rows(samples: u64) -> Vec<Row> {
    let mut found = Defects::default();
    for (d, seed) in (0..samples).flat_map(|seed| [(2, seed), (3, seed)]) {
        match measure(d, seed) {
            Ok(defects) => found = found.worse(&defects),
            Err(_) => return Vec::new(),
        }
    }
    let Ok(norm) = norm_attained() else {
        return Vec::new();
    };
    vec![
        exact(
            "levels-k",
            "K = −(i/ħ)[h, ·] + Σ (J·J† − ½{J†J, ·})",
            "table of App. A",
            "0",
            found.k,
        ),
        exact(
            "levels-v",
            "V = −(i/ħ)[v, ·]",
            "table of App. A",
            "0",
            found.v,
        ),
        exact(
            "levels-q",
            "Q is the partial trace of −(i/ħ)[v, ·]",
            "(17), (101)",
            "0",
            found.q,
        ),
        exact(
            "levels-hermiticity",
            "Hermitian operators and their images have real coordinates",
            "(1), (88)",
            "0",
            found.imaginary,
        ),
        exact(
            "levels-pair-norm",
            "‖V‖ = (max v − min v)/ħ = 2 is attained: the distance",
            "(92), section A.2",
            "0",
            norm,
        ),
    ]
}

#[derive(Default)]
struct Defects {
    k: f64,
    v: f64,
    q: f64,
    imaginary: f64,
}

impl Defects {
    fn worse(&self, other: &Self) -> Self {
        Self {
            k: worse(self.k, other.k),
            v: worse(self.v, other.v),
            q: worse(self.q, other.q),
            imaginary: worse(self.imaginary, other.imaginary),
        }
    }
}

fn measure(d: usize, seed: u64) -> Result<Defects, ModelError> {
    let (closed, open) = (random_levels(d, seed)?, random_open_levels(d, 2, seed)?);
    let mut noise = Noise::new(seed ^ 0xA5A5);
    let (rho, pair) = (
        random_hermitian(d, &mut noise),
        random_hermitian(d * d, &mut noise),
    );

    let k = image(&open, 1, 1, &rho, |x, out| open.add_k(1.0, x, out));
    let mut expected = generator(&open.one_body(), &rho);
    for jump in open.jumps() {
        let adjoint = jump.t().mapv(|z| z.conj());
        let rate = adjoint.dot(jump);
        let lost = (rate.dot(&rho) + rho.dot(&rate)).mapv(|z| z * 0.5);
        expected = expected + jump.dot(&rho).dot(&adjoint) - lost;
    }

    let v = image(&closed, 2, 2, &pair, |x, out| {
        closed.interaction().add_pair(1.0, x, out)
    });
    let commutator = generator(&Hamiltonian::pair(&closed), &pair);
    let q = image(&closed, 2, 1, &pair, |x, out| {
        closed.interaction().add_q(1.0, x, out)
    });
    let traced = Array2::from_shape_fn((d, d), |(a, c)| {
        (0..d).map(|b| commutator[[a * d + b, c * d + b]]).sum()
    });
    let one = worse(imaginary(&open, 1, &rho), imaginary(&open, 1, &expected));
    let two = worse(
        imaginary(&closed, 2, &pair),
        imaginary(&closed, 2, &commutator),
    );
    Ok(Defects {
        k: distance(&k, &expected),
        v: distance(&v, &commutator),
        q: distance(&q, &traced),
        imaginary: worse(one, two),
    })
}

/// How far V comes from its norm 2 on |00⟩⟨01| + its exchange, between
/// eigenvectors of σz⊗σz.
fn norm_attained() -> Result<f64, ModelError> {
    let model = two_level_reference()?;
    let mut argument = Matrix::zeros((4, 4));
    for (row, column) in [(0, 1), (0, 2), (1, 0), (2, 0)] {
        argument[[row, column]] = Complex64::ONE;
    }
    let found = image(&model, 2, 2, &argument, |x, out| {
        model.interaction().add_pair(1.0, x, out)
    });
    let norm = |a: &Matrix| -> Result<f64, TensorError> { trace_norm(&tensor(2, 2, a), 2) };
    let ratio = norm(&found)? / norm(&argument)?;
    Ok((ratio - 2.0).abs() + (model.interaction().pair_norm().unwrap_or(f64::NAN) - 2.0).abs())
}

/// −i[a, b].
fn generator(a: &Matrix, b: &Matrix) -> Matrix {
    (a.dot(b) - b.dot(a)).mapv(|z| -Complex64::I * z)
}

fn distance(a: &Matrix, b: &Matrix) -> f64 {
    a.iter()
        .zip(b)
        .map(|(x, y)| (x - y).norm())
        .fold(0.0, worse)
}

/// The largest imaginary part of the coordinates of an operator.
fn imaginary(model: &Levels, particles: usize, operator: &Matrix) -> f64 {
    let Some(w) = model.capabilities().basis.engine_from_user() else {
        return f64::NAN;
    };
    let engine = in_every_slot(w, &tensor(model.levels(), particles, operator));
    engine.iter().map(|z| z.im.abs()).fold(0.0, worse)
}

/// The image of an operator of `from` particles, as one of `to` particles,
/// under a map of the engine: through its coordinates and back.
fn image(
    model: &Levels,
    from: usize,
    to: usize,
    argument: &Matrix,
    map: impl Fn(ndarray::ArrayView2<'_, f64>, ndarray::ArrayViewMut2<'_, f64>),
) -> Matrix {
    let (d, size) = (model.levels(), model.space().dimension());
    let (Some(w), Some(u)) = (
        model.capabilities().basis.engine_from_user(),
        model.capabilities().basis.user_from_engine(),
    ) else {
        return Matrix::from_elem((d, d), Complex64::from(f64::NAN));
    };
    let engine = in_every_slot(w, &tensor(d, from, argument));
    let coordinates: Vec<f64> = engine.iter().map(|z| z.re).collect();
    let x = Array2::from_shape_fn((size.pow(from as u32), 1), |(k, _)| coordinates[k]);
    let mut out = Array2::zeros((size.pow(to as u32), 1));
    map(x.view(), out.view_mut());
    let mut values = out.iter().copied().map(Complex64::from);
    let shape = IxDyn(&vec![size; to]);
    let result = ArrayD::from_shape_simple_fn(shape, || values.next().unwrap_or_default());
    operator_matrix(&in_every_slot(u, &result), d)
}

/// An operator of `particles` particles as a tensor over x·d + x'.
fn tensor(d: usize, particles: usize, matrix: &Matrix) -> ArrayD<Complex64> {
    ArrayD::from_shape_fn(IxDyn(&vec![d * d; particles]), |index| {
        let slots = (0..particles).map(|slot| index[slot]);
        let (row, column) = slots.fold((0, 0), |(row, column), k| {
            (row * d + k / d, column * d + k % d)
        });
        matrix[[row, column]]
    })
}
