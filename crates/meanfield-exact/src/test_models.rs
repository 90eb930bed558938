//! Small quantum models for the tests of this crate, built from matrices.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Basis, Capabilities, Custom, Hamiltonian, Interaction, Model};
use meanfield_tensor::{Norm, Space};
use ndarray::{Array2, Array4, ArrayView2, ArrayViewMut2, arr2};
use num_complex::Complex64;

pub(crate) fn c(re: f64, im: f64) -> Complex64 {
    Complex64::new(re, im)
}

pub(crate) fn sigma(axis: usize) -> Array2<Complex64> {
    let (o, l, i) = (c(0.0, 0.0), c(1.0, 0.0), c(0.0, 1.0));
    match axis {
        0 => arr2(&[[o, l], [l, o]]),
        1 => arr2(&[[o, -i], [i, o]]),
        _ => arr2(&[[l, o], [o, -l]]),
    }
}

/// A⊗B as a matrix over the pairs a·d + b.
pub(crate) fn kron(a: &Array2<Complex64>, b: &Array2<Complex64>) -> Array2<Complex64> {
    let d = b.nrows();
    Array2::from_shape_fn((a.nrows() * d, a.nrows() * d), |(i, j)| {
        a[[i / d, j / d]] * b[[i % d, j % d]]
    })
}

/// ½(1 + s·σ), row-major.
pub(crate) fn bloch_state(s: [f64; 3]) -> Vec<Complex64> {
    vec![
        c(0.5 * (1.0 + s[2]), 0.0),
        c(0.5 * s[0], -0.5 * s[1]),
        c(0.5 * s[0], 0.5 * s[1]),
        c(0.5 * (1.0 - s[2]), 0.0),
    ]
}

/// Tr(F A) of a one-body element in user coordinates, or of a two-body one.
pub(crate) fn mean_one(f: &[Complex64], a: &Array2<Complex64>) -> f64 {
    let d = a.nrows();
    (0..d * d).map(|k| (f[k] * a[[k % d, k / d]]).re).sum()
}

/// Complex arrays with a Hamiltonian beside them; user basis, index x·d + x'.
pub(crate) struct Levels {
    arrays: Custom<Complex64>,
    h: Array2<Complex64>,
    v: Array2<Complex64>,
    hbar: f64,
}

impl Levels {
    pub(crate) fn new(h: Array2<Complex64>, v: Array2<Complex64>, hbar: f64) -> Self {
        let d = h.nrows();
        let factor = c(0.0, -1.0 / hbar);
        let delta = |a: usize, b: usize| c(f64::from(u8::from(a == b)), 0.0);
        let k = Array2::from_shape_fn((d * d, d * d), |(i, j)| {
            let ((x, xp), (y, yp)) = ((i / d, i % d), (j / d, j % d));
            factor * (h[[x, y]] * delta(xp, yp) - delta(x, y) * h[[yp, xp]])
        });
        let pair = Array4::from_shape_fn((d * d, d * d, d * d, d * d), |(i, j, k, l)| {
            let (ket, bra) = ((i / d) * d + j / d, (i % d) * d + j % d);
            let (from_ket, from_bra) = ((k / d) * d + l / d, (k % d) * d + l % d);
            factor
                * (v[[ket, from_ket]] * delta(bra, from_bra)
                    - delta(ket, from_ket) * v[[from_bra, bra]])
        });
        let trace: Vec<_> = (0..d * d).map(|k| delta(k / d, k % d)).collect();
        let arrays = Custom::from_dense(&k, &pair, &trace, Norm::Euclidean)
            .and_then(|arrays| arrays.with_levels(d))
            .unwrap();
        Self { arrays, h, v, hbar }
    }

    /// (χ/N) Σ_{k<l} σzσz.
    pub(crate) fn twisting(chi: f64) -> Self {
        let v = kron(&sigma(2), &sigma(2)).mapv(|x| x * chi);
        Self::new(Array2::zeros((2, 2)), v, 1.0)
    }
}

impl Hamiltonian for Levels {
    fn levels(&self) -> usize {
        self.h.nrows()
    }
    fn hbar(&self) -> f64 {
        self.hbar
    }
    fn one_body(&self) -> Array2<Complex64> {
        self.h.clone()
    }
    fn pair(&self) -> Array2<Complex64> {
        self.v.clone()
    }
}

impl Model for Levels {
    type Scalar = Complex64;

    fn space(&self) -> &Space<Complex64> {
        self.arrays.space()
    }

    fn add_k(&self, c: Complex64, x: ArrayView2<'_, Complex64>, out: ArrayViewMut2<'_, Complex64>) {
        self.arrays.add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<Complex64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, Complex64> {
        Capabilities {
            basis: self.arrays.capabilities().basis,
            hamiltonian: Some(self),
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<Complex64> for Levels {
    fn one_body_space(&self) -> &Space<Complex64> {
        self.space()
    }

    fn add_pair(
        &self,
        c: Complex64,
        x: ArrayView2<'_, Complex64>,
        out: ArrayViewMut2<'_, Complex64>,
    ) {
        self.arrays.interaction().add_pair(c, x, out);
    }
}

/// A Hermitian operator on pairs of d levels with no symmetry but exchange.
pub(crate) fn random_hermitian_pair(d: usize, seed: u64) -> Array2<Complex64> {
    let mut noise = Noise::new(seed);
    let v = Array2::from_shape_simple_fn((d * d, d * d), || noise.scalar::<Complex64>() * 0.5);
    let v = &v + &v.t().mapv(|z| z.conj());
    let swap = |k: usize| (k % d) * d + k / d;
    Array2::from_shape_fn((d * d, d * d), |(i, j)| v[[i, j]] + v[[swap(i), swap(j)]])
}

/// A Hamiltonian of d levels with no symmetry but exchange.
pub(crate) fn random_levels(d: usize, seed: u64) -> Levels {
    let mut noise = Noise::new(seed);
    let h = Array2::from_shape_simple_fn((d, d), || noise.scalar());
    let h = &h + &h.t().mapv(|z: Complex64| z.conj());
    Levels::new(h, random_hermitian_pair(d, seed + 1000), 0.8)
}

/// Two levels with F = ½(1, s) in the basis of Pauli matrices, whose trace
/// sits on the first element: K and V by hand from the commutators −i[σa/2·w, ·]
/// and −i[σzσz, ·].
pub(crate) struct Pauli;

impl Pauli {
    /// H = ½ Σ σx + (χ/N) Σ_{i<j} σzσz.
    pub(crate) fn model(chi: f64) -> Custom<f64> {
        // −i[σx/2, σy] = σz and −i[σx/2, σz] = −σy.
        let mut k = Array2::zeros((4, 4));
        k[[3, 2]] = 1.0;
        k[[2, 3]] = -1.0;
        // [σz⊗σz, A⊗B] = ½([σz,A]⊗{σz,B} + {σz,A}⊗[σz,B]); −i[σz, σx] = 2σy,
        // −i[σz, σy] = −2σx; {σz, 1} = 2σz, {σz, σz} = 2, {σz, σx} = 0.
        let (mut commutator, mut anti) = (Array2::zeros((4, 4)), Array2::zeros((4, 4)));
        commutator[[2, 1]] = 2.0;
        commutator[[1, 2]] = -2.0;
        anti[[3, 0]] = 2.0;
        anti[[0, 3]] = 2.0;
        let v = Array4::from_shape_fn((4, 4, 4, 4), |(a, b, x, y)| {
            chi / 2.0 * (commutator[[a, x]] * anti[[b, y]] + anti[[a, x]] * commutator[[b, y]])
        });
        Custom::from_dense(&k, &v, &[2.0, 0.0, 0.0, 0.0], Norm::Euclidean).unwrap()
    }

    pub(crate) fn state(s: [f64; 3]) -> Vec<f64> {
        vec![0.5, 0.5 * s[0], 0.5 * s[1], 0.5 * s[2]]
    }
}

/// H = ½ Σ σx + (χ/N) Σ_{i<j} σzσz in the basis of Pauli matrices, with its
/// Hamiltonian and the way to matrix elements.
pub(crate) struct PauliLevels {
    engine: Custom<f64>,
    levels: Levels,
    basis: PauliBasis,
}

struct PauliBasis {
    to_user: Array2<Complex64>,
    from_user: Array2<Complex64>,
}

impl Basis for PauliBasis {
    fn levels(&self) -> Option<usize> {
        Some(2)
    }
    fn is_complex(&self) -> bool {
        true
    }
    fn user_from_engine(&self) -> Option<&Array2<Complex64>> {
        Some(&self.to_user)
    }
    fn engine_from_user(&self) -> Option<&Array2<Complex64>> {
        Some(&self.from_user)
    }
}

impl PauliLevels {
    pub(crate) fn new(chi: f64) -> Self {
        let element = |a: usize| match a {
            0 => Array2::eye(2),
            _ => sigma(a - 1),
        };
        let v = kron(&sigma(2), &sigma(2)).mapv(|x| x * chi);
        Self {
            engine: Pauli::model(chi),
            levels: Levels::new(sigma(0).mapv(|x| x * 0.5), v, 1.0),
            basis: PauliBasis {
                to_user: Array2::from_shape_fn((4, 4), |(k, a)| element(a)[[k / 2, k % 2]]),
                from_user: Array2::from_shape_fn((4, 4), |(a, k)| element(a)[[k % 2, k / 2]] * 0.5),
            },
        }
    }
}

impl Model for PauliLevels {
    type Scalar = f64;

    fn space(&self) -> &Space<f64> {
        self.engine.space()
    }

    fn add_k(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.engine.add_k(c, x, out);
    }

    fn interaction(&self) -> &dyn Interaction<f64> {
        self
    }

    fn capabilities(&self) -> Capabilities<'_, f64> {
        Capabilities {
            basis: &self.basis,
            hamiltonian: Some(&self.levels),
            ..Capabilities::of(self.space())
        }
    }
}

impl Interaction<f64> for PauliLevels {
    fn one_body_space(&self) -> &Space<f64> {
        self.space()
    }

    fn add_pair(&self, c: f64, x: ArrayView2<'_, f64>, out: ArrayViewMut2<'_, f64>) {
        self.engine.interaction().add_pair(c, x, out);
    }
}
