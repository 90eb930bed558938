//! Models as arrays over any field: K, V and the trace.

use meanfield_abstract::problems::Noise;
use meanfield_abstract::{Custom, Model};
use meanfield_tensor::Norm;
use ndarray::{Array2, Array4};
use num_rational::BigRational;
use num_traits::{FromPrimitive, One, ToPrimitive, Zero};

use super::polynomial::Field;

/// K\[a,b\], V\[a,b,c,e\] with (VG)\[a,b\] = Σ V\[a,b,c,e\] G\[c,e\], and the trace.
#[derive(Debug, Clone)]
pub(crate) struct Arrays<T> {
    pub(crate) k: Array2<T>,
    pub(crate) v: Array4<T>,
    pub(crate) trace: Vec<T>,
}

impl<T: Field> Arrays<T> {
    pub(crate) fn dimension(&self) -> usize {
        self.trace.len()
    }
}

/// K and V of a model, read off basis elements.
pub(crate) fn arrays<M: Model>(model: &M) -> Arrays<M::Scalar> {
    use meanfield_tensor::Scalar;
    let d = model.space().dimension();
    let one = M::Scalar::from_re(1.0);
    let mut k = Array2::zeros((d, d));
    model.add_k(one, Array2::eye(d).view(), k.view_mut());
    let mut v = Array2::zeros((d * d, d * d));
    model
        .interaction()
        .add_pair(one, Array2::eye(d * d).view(), v.view_mut());
    Arrays {
        k,
        v: v.into_shape_with_order((d, d, d, d)).unwrap(),
        trace: model.space().trace().to_vec(),
    }
}

/// `numerator`/8: exact in floating point too.
pub(crate) fn eighths(numerator: i64) -> BigRational {
    BigRational::from_i64(numerator).unwrap() / BigRational::from_i64(8).unwrap()
}

/// A multiple of 1/8 in [−`largest`, `largest`]/8.
pub(crate) fn draw(noise: &mut Noise, largest: i64) -> BigRational {
    let span = (2 * largest + 1) as f64;
    eighths((noise.uniform() * span).floor() as i64 - largest)
}

pub(crate) fn to_f64(x: &BigRational) -> f64 {
    x.to_f64().expect("a small fraction")
}

impl Arrays<BigRational> {
    /// Arbitrary entries but for exchange symmetry and (93): all that the
    /// theory asks for. The trace functional has weights other than 1 unless
    /// `populations` is set.
    pub(crate) fn random(d: usize, seed: u64, populations: bool) -> Self {
        let mut noise = Noise::new(seed);
        let one = BigRational::one();
        // The first element, of trace 1, takes what makes a column traceless.
        let trace: Vec<_> = (0..d)
            .map(|a| match (a, populations) {
                (0, _) | (_, true) => one.clone(),
                _ => &one + draw(&mut noise, 4),
            })
            .collect();
        let mut k = Array2::from_shape_simple_fn((d, d), || draw(&mut noise, 8));
        for b in 0..d {
            let total = (0..d).fold(BigRational::zero(), |s, a| s + &trace[a] * &k[[a, b]]);
            k[[0, b]] -= total;
        }
        let raw = Array4::from_shape_simple_fn((d, d, d, d), || draw(&mut noise, 8));
        let mut v = Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| {
            &raw[[a, b, c, e]] + &raw[[b, a, e, c]]
        });
        for c in 0..d {
            for e in 0..d {
                let mut total = BigRational::zero();
                for a in 0..d {
                    for b in 0..d {
                        total += &trace[a] * &trace[b] * &v[[a, b, c, e]];
                    }
                }
                v[[0, 0, c, e]] -= total;
            }
        }
        Self { k, v, trace }
    }

    /// An element of trace 1 without structure.
    pub(crate) fn state(&self, seed: u64) -> Vec<BigRational> {
        let mut noise = Noise::new(seed);
        let mut f: Vec<_> = self.trace.iter().map(|_| draw(&mut noise, 8)).collect();
        let others = f.iter().zip(&self.trace).skip(1);
        let rest = others.fold(BigRational::zero(), |sum, (x, t)| sum + x * t);
        f[0] = BigRational::one() - rest;
        f
    }

    /// The same numbers in floating point: nothing is rounded.
    pub(crate) fn custom(&self) -> Custom<f64> {
        let trace: Vec<f64> = self.trace.iter().map(to_f64).collect();
        let (k, v) = (self.k.map(to_f64), self.v.map(to_f64));
        Custom::from_dense(&k, &v, &trace, Norm::Euclidean).unwrap()
    }

    /// H = (1/N) Σ_{i<j} σzσz over the Pauli matrices 1, σx, σy, σz, of traces
    /// 2, 0, 0, 0: F = ½(1, ⟨σx⟩, ⟨σy⟩, ⟨σz⟩).
    pub(crate) fn one_axis_twisting() -> Self {
        let number = |n: i64| BigRational::from_i64(n).unwrap();
        // −i[σz⊗σz, A⊗B] = ½(−i[σz,A]⊗{σz,B} + {σz,A}⊗−i[σz,B]): −i[σz,σx] = 2σy,
        // −i[σz,σy] = −2σx, {σz,1} = 2σz, {σz,σz} = 2.
        let turned = |to, from| match (to, from) {
            (2, 1) => 2,
            (1, 2) => -2,
            _ => 0,
        };
        let joined = |to, from| match (to, from) {
            (3, 0) | (0, 3) => 2,
            _ => 0,
        };
        let v = Array4::from_shape_fn((4, 4, 4, 4), |(a, b, c, e)| {
            let twice = turned(a, c) * joined(b, e) + joined(a, c) * turned(b, e);
            number(twice) / number(2)
        });
        Self {
            k: Array2::from_elem((4, 4), number(0)),
            v,
            trace: [2, 0, 0, 0].map(number).to_vec(),
        }
    }
}
