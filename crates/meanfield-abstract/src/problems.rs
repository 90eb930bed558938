//! Problems with known answers, and random models: shared by tests, benches
//! and examples.

use meanfield_tensor::{Norm, Scalar};
use ndarray::{Array2, Array4};
use num_complex::Complex64;

use crate::{Custom, JumpProcess, Model, ModelError, PairEntry};

/// A jump process from rates: `one_body(from, to)` and, once for each
/// unordered pair, `pair((a, b), (c, d))` = rate of (a,b) → (c,d), which must
/// be symmetric under exchange of the particles.
///
/// # Errors
/// [`ModelError`] when the rates are negative, not finite or not symmetric.
pub fn jump_process(
    states: usize,
    one_body: impl Fn(usize, usize) -> f64,
    pair: impl Fn((usize, usize), (usize, usize)) -> f64,
) -> Result<Custom<f64>, ModelError> {
    let mut k = Array2::zeros((states, states));
    let mut entries = Vec::new();
    for from in 0..states {
        for to in (0..states).filter(|&to| to != from) {
            k[[to, from]] += one_body(from, to);
            k[[from, from]] -= one_body(from, to);
        }
        for partner in 0..states {
            let mut leaving = 0.0;
            for to in 0..states * states {
                let (a, b) = (to / states, to % states);
                let value = pair((from, partner), (a, b));
                if (a, b) == (from, partner) || value == 0.0 {
                    continue;
                }
                leaving += value;
                entries.push(PairEntry {
                    a,
                    b,
                    c: from,
                    d: partner,
                    value,
                });
            }
            entries.push(PairEntry {
                a: from,
                b: partner,
                c: from,
                d: partner,
                value: -leaving,
            });
        }
    }
    Custom::new(&k, entries, &vec![1.0; states], Norm::L1)
}

/// The SIS population with pair contacts: S→I and I→S at rate 1, a pair (S,I)
/// → (I,I) at rate 1/N (Gast, Bortolussi, Tribastone, 2018, "malware"). States
/// S = 0, I = 1.
///
/// # Errors
/// None in practice: the rates are valid.
pub fn sis() -> Result<Custom<f64>, ModelError> {
    jump_process(
        2,
        |_, _| 1.0,
        |from, to| f64::from(u8::from(from.0 != from.1 && to == (1, 1))),
    )?
    .with_labels(vec!["S".to_owned(), "I".to_owned()])
}

/// A dense jump process with three states whose rates are given by small
/// congruences; every pair jumps to every other.
///
/// # Errors
/// None in practice: the rates are valid.
pub fn three_states() -> Result<Custom<f64>, ModelError> {
    let w = |a: usize, b: usize, c: usize, d: usize| {
        ((2 * a + 3 * b + 5 * c + 7 * d) % 11) as f64 / 11.0
    };
    jump_process(
        3,
        |s, to| ((3 * to + 5 * s + 1) % 7) as f64 / 10.0,
        |(a, b), (c, d)| 4.0 / 9.0 * (w(a, b, c, d) + w(b, a, d, c)) / 2.0,
    )
}

/// One-body jumps of the ring walk: s→s+1 at 0.5 + 0.25 cos(2πs/D), s→s−1 at
/// 0.3.
fn ring_steps(states: usize, s: usize) -> [(usize, f64); 2] {
    let up = 0.5 + 0.25 * ring_angle(states, s as f64).cos();
    [((s + 1) % states, up), ((s + states - 1) % states, 0.3)]
}

/// Pair jumps of the ring walk: (a,b) → (a±1, b∓1) at rate g/2 each, g = 2 +
/// cos(2π(a−b)/D).
fn ring_jumps(states: usize, a: usize, b: usize) -> [((usize, usize), f64); 2] {
    let g = 2.0 + ring_angle(states, a as f64 - b as f64).cos();
    let (next, before) = (|s| (s + 1) % states, |s| (s + states - 1) % states);
    [
        ((next(a), before(b)), g / 2.0),
        ((before(a), next(b)), g / 2.0),
    ]
}

fn ring_angle(states: usize, k: f64) -> f64 {
    2.0 * std::f64::consts::PI * k / states as f64
}

/// The ring walk of `states` sites: (a,b) → (a±1, b∓1) at rate g/2 each, g = 2
/// + cos(2π(a−b)/D); s→s+1 at 0.5 + 0.25 cos(2πs/D), s→s−1 at 0.3.
///
/// # Errors
/// [`ModelError`] for no states.
pub fn ring_walk(states: usize) -> Result<Custom<f64>, ModelError> {
    let mut k = Array2::zeros((states, states));
    let mut entries = Vec::new();
    for s in 0..states {
        for (to, rate) in ring_steps(states, s) {
            k[[to, s]] += rate;
            k[[s, s]] -= rate;
        }
        for b in 0..states {
            for ((a, to), rate) in ring_jumps(states, s, b) {
                let entry = |(a, to), value| PairEntry {
                    a,
                    b: to,
                    c: s,
                    d: b,
                    value,
                };
                entries.extend([entry((a, to), rate), entry((s, b), -rate)]);
            }
        }
    }
    Custom::new(&k, entries, &vec![1.0; states], Norm::L1)
}

/// The same ring walk with rates that are functions, for thousands of sites.
///
/// # Errors
/// [`ModelError`] for no states.
pub fn ring_walk_by_rates(states: usize) -> Result<impl Model<Scalar = f64> + Clone, ModelError> {
    JumpProcess::new(
        states,
        move |s| ring_steps(states, s),
        move |a, b| ring_jumps(states, a, b),
    )
}

/// Reproducible numbers without structure (SplitMix64).
#[derive(Debug, Clone)]
pub struct Noise(u64);

impl Noise {
    /// The sequence of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// The next number, uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The next scalar, its components uniform in [−1, 1).
    pub fn scalar<S: Scalar>(&mut self) -> S {
        let re = 2.0 * self.uniform() - 1.0;
        let im = 2.0 * self.uniform() - 1.0;
        S::from_complex(Complex64::new(re, im))
    }

    /// Positive numbers that sum to 1.
    pub fn probabilities(&mut self, n: usize) -> Vec<f64> {
        let raw: Vec<f64> = (0..n).map(|_| 0.2 + self.uniform()).collect();
        let total: f64 = raw.iter().sum();
        raw.into_iter().map(|x| x / total).collect()
    }

    /// A tensor's entries.
    pub fn vector<S: Scalar>(&mut self, n: usize) -> Vec<S> {
        (0..n).map(|_| self.scalar()).collect()
    }
}

/// A jump process with random rates; about half of the pair transitions are
/// there.
///
/// # Errors
/// [`ModelError`] for no states.
pub fn random_jump_process(states: usize, seed: u64) -> Result<Custom<f64>, ModelError> {
    let mut noise = Noise::new(seed);
    let d = states;
    let k = Array2::from_shape_simple_fn((d, d), || noise.uniform());
    let mut rate = Array4::zeros((d, d, d, d));
    for a in 0..d {
        for b in 0..d {
            for c in 0..d {
                for e in 0..d {
                    let value = (noise.uniform() - 0.5).max(0.0) / (d * d) as f64 * 8.0;
                    rate[[a, b, c, e]] += value;
                    rate[[b, a, e, c]] += value;
                }
            }
        }
    }
    jump_process(
        d,
        |from, to| k[[to, from]],
        |(a, b), (c, e)| rate[[a, b, c, e]],
    )
}

/// A model with arbitrary entries, no positivity and a trace functional with
/// arbitrary non-zero weights: only exchange symmetry and (93) hold.
///
/// # Errors
/// [`ModelError`] for no states.
pub fn random_arrays<S: Scalar>(states: usize, seed: u64) -> Result<Custom<S>, ModelError> {
    let mut noise = Noise::new(seed);
    let d = states;
    let one = S::from_re(1.0);
    let trace: Vec<S> = (0..d)
        .map(|_| one + noise.scalar::<S>().scaled(0.5))
        .collect();
    // Subtracting (trace of the column)·u with Tr u = 1 makes columns traceless.
    let weight: S = trace.iter().map(|&t| t * t).sum();
    let unit: Vec<S> = trace.iter().map(|&t| t / weight).collect();
    let mut k: Array2<S> = Array2::from_shape_simple_fn((d, d), || noise.scalar());
    for mut column in k.columns_mut() {
        let total: S = column.iter().zip(&trace).map(|(&x, &t)| x * t).sum();
        for (x, &u) in column.iter_mut().zip(&unit) {
            *x -= total * u;
        }
    }
    let raw: Array4<S> = Array4::from_shape_simple_fn((d, d, d, d), || noise.scalar());
    let mut v = Array4::from_shape_fn((d, d, d, d), |(a, b, c, e)| {
        (raw[[a, b, c, e]] + raw[[b, a, e, c]]).scaled(0.5)
    });
    for c in 0..d {
        for e in 0..d {
            let mut total = S::from_re(0.0);
            for a in 0..d {
                for b in 0..d {
                    total += trace[a] * trace[b] * v[[a, b, c, e]];
                }
            }
            for a in 0..d {
                for b in 0..d {
                    v[[a, b, c, e]] -= total * unit[a] * unit[b];
                }
            }
        }
    }
    if d == 1 {
        // A traceless 1×1 array is zero; what is left is rounding.
        k.fill(S::from_re(0.0));
        v.fill(S::from_re(0.0));
    }
    Custom::from_dense(&k, &v, &trace, Norm::Euclidean)
}

/// A random element of trace 1 for [`random_arrays`].
#[must_use]
pub fn random_element<S: Scalar>(trace: &[S], seed: u64) -> Vec<S> {
    let mut noise = Noise::new(seed);
    let mut f: Vec<S> = noise.vector(trace.len());
    let total: S = f.iter().zip(trace).map(|(&x, &t)| x * t).sum();
    let weight: S = trace.iter().map(|&t| t * t).sum();
    let shift = (S::from_re(1.0) - total) / weight;
    for (x, &t) in f.iter_mut().zip(trace) {
        *x += shift * t;
    }
    f
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_assumptions;

    #[test]
    fn law_every_problem_satisfies_the_assumptions() {
        for model in [
            sis().unwrap(),
            three_states().unwrap(),
            ring_walk(6).unwrap(),
            random_jump_process(1, 3).unwrap(),
            random_jump_process(4, 3).unwrap(),
            random_arrays(3, 5).unwrap(),
        ] {
            let found = check_assumptions(&model);
            assert!(found.hold(), "{found:?}");
        }
        let complex = random_arrays::<Complex64>(3, 7).unwrap();
        assert!(check_assumptions(&complex).hold());
        let f = random_element(complex.space().trace(), 1);
        assert!((complex.space().trace_of(&f) - 1.0).norm() < 1e-14);
    }

    #[test]
    fn law_linearisation_is_the_derivative_of_q() {
        use ndarray::Array2;
        let model = random_arrays::<f64>(3, 11).unwrap();
        let f = random_element(model.space().trace(), 2);
        let g = Noise::new(3).vector::<f64>(3);
        let q = |x: &[f64]| {
            let x = Array2::from_shape_vec((3, 1), x.to_vec()).unwrap();
            let mut out = Array2::zeros((3, 1));
            model
                .interaction()
                .add_q_product(1.0, x.view(), x.view(), out.view_mut());
            out
        };
        let moved = |h: f64| -> Vec<f64> { f.iter().zip(&g).map(|(x, y)| x + h * y).collect() };
        let difference = (q(&moved(0.5)) - q(&moved(-0.5))).mapv(|x: f64| x);
        let mut delta = model.interaction().linearisation();
        delta.update(&f);
        let g = Array2::from_shape_vec((3, 1), g).unwrap();
        let mut out = Array2::zeros((3, 1));
        delta.add_apply(1.0, g.view(), out.view_mut());
        // Q is quadratic: the central difference is exact.
        assert!((difference - out).iter().all(|x| x.abs() < 1e-13));
    }
}
