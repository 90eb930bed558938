//! Joint moments of a few observables: against the tensors where those are
//! small, and against what is known of hundreds of particles.

use meanfield_abstract::problems::{self, Noise, random_arrays, random_element};
use meanfield_abstract::{Custom, Model, Observable, Start, one_body_state};
use meanfield_expansion::joint::JointCumulants;
use meanfield_expansion::{Cumulants, ExpansionError, Settings, TensorSeries, moments, solve};
use meanfield_models::levels::{Dissipation, OneAxisTwisting};
use meanfield_tensor::{Scalar, SymmetricLayout};
use num_complex::Complex64;

/// Rounding of sums of some hundred products.
const ROUNDING: f64 = 1e-11;

/// Calls `read` with the cumulants at t.
fn cumulants_at<M: Model>(
    model: &M,
    start: &Start<M::Scalar>,
    (order, marginals): (usize, usize),
    t: f64,
    mut read: impl FnMut(Cumulants<'_, M::Scalar>),
) {
    let mut settings = Settings::new(order, vec![0.0, t]);
    settings.marginals = marginals;
    settings.tolerance = 1e-11;
    solve(model, start, &settings, |k, cumulants| {
        if k == 1 {
            read(cumulants);
        }
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
}

/// ⟨F, a_1^{⊗m_1} ⊗ …⟩ slot by slot.
fn contracted<S: Scalar>(layout: &SymmetricLayout, f: &[S], a: &[&[S]], powers: &[usize]) -> S {
    let mut slots = powers
        .iter()
        .zip(a)
        .flat_map(|(&m, a)| std::iter::repeat_n(a, m));
    let mut left: usize = powers.iter().sum();
    let mut f = f.to_vec();
    for a in slots.by_ref() {
        f = layout.contract(left, a, &f);
        left -= 1;
    }
    f[0]
}

/// The series and the sum at one N against the tensors F_j of degree j ≤ 5.
fn tensors_agree<S: Scalar>(model: &Custom<S>, start: &Start<S>, t: f64, seed: u64) {
    let (order, highest, particles) = (3, 5, 7);
    let d = model.space().dimension();
    let mut noise = Noise::new(seed);
    // Sizes far apart: no common scale would do.
    let lists: Vec<Vec<S>> = [1.0, 1e4, 1e-5]
        .map(|size| {
            noise
                .vector::<S>(d)
                .iter()
                .map(|x| x.scaled(size))
                .collect()
        })
        .to_vec();
    let a: Vec<&[S]> = lists.iter().map(Vec::as_slice).collect();
    cumulants_at(model, start, (order, highest), t, |c| {
        let joint = c.joint_cumulants(&a).unwrap();
        let series = c.marginals(highest);
        for kept in [order, 1] {
            let joint = joint.truncated(kept);
            // F_j from the same G_j at this N, as tensors.
            let at_n: Vec<TensorSeries<S>> = (0..=kept + 1)
                .map(|j| {
                    let mut sum = vec![S::from_re(0.0); c.layout().len(j)];
                    for l in 0..=(kept + 1).wrapping_sub(j).min(kept) {
                        let weight = (particles as f64).powi(1 - (j + l) as i32);
                        let g = c.get(j, l).into_iter().flatten();
                        sum.iter_mut()
                            .zip(g)
                            .for_each(|(x, g)| *x += g.scaled(weight));
                    }
                    TensorSeries(vec![sum])
                })
                .collect();
            let summed = moments(c.layout(), &at_n, highest, 1);
            for powers in [
                [0, 0, 0],
                [1, 0, 0],
                [0, 2, 0],
                [3, 0, 0],
                [5, 0, 0],
                [1, 1, 1],
                [3, 1, 1],
                [0, 2, 3],
                [2, 2, 1],
                [1, 4, 0],
            ] {
                let j: usize = powers.iter().sum();
                let units = 1e4_f64.powi(powers[1] as i32) * 1e-5_f64.powi(powers[2] as i32);
                let close = |what: &str, x: S, y: S| {
                    let gap = (x - y).modulus() / units;
                    assert!(
                        gap < ROUNDING * (y.modulus() / units).max(1.0),
                        "{what} {powers:?}"
                    );
                };
                let found = joint.moment_series(&powers).unwrap();
                assert_eq!(found.len(), kept + 1);
                for (m, &x) in found.iter().enumerate() {
                    let y = contracted(c.layout(), series[j].term(m), &a, &powers);
                    close("series", x, y);
                }
                let found = joint.moment(particles, &powers).unwrap();
                let y = contracted(c.layout(), summed[j].term(0), &a, &powers);
                close("at N", found.value(), y);
                assert!((found.ln_modulus() - y.modulus().ln()).abs() < 1e-6);
                // The order of the observables is the caller's.
                let turned = c
                    .joint_cumulants(&[a[2], a[0], a[1]])
                    .unwrap()
                    .truncated(kept);
                let other = turned.moment(particles, &[powers[2], powers[0], powers[1]]);
                close("turned", other.unwrap().value(), y);
            }
        }
    });
}

#[test]
fn law_joint_moments_are_those_of_the_tensors() {
    let model = problems::three_states().unwrap();
    let f = vec![0.5, 0.3, 0.2];
    tensors_agree(&model, &Start::Product { f: f.clone() }, 1.0, 1);
    tensors_agree(&model, &Start::FixedCounts { f }, 0.5, 2);
    let model = random_arrays::<Complex64>(3, 5).unwrap();
    let f = random_element(model.space().trace(), 6);
    tensors_agree(&model, &Start::Product { f }, 0.1, 3);
}

/// j! [s^j] Π_a (1 + s b_a)^{counts\[a\]} / (N)_j: j of N particles drawn without
/// return, each counted with b of its state. All b are positive.
fn drawn(counts: &[usize], b: &[f64], highest: usize) -> Vec<f64> {
    let n: usize = counts.iter().sum();
    let mut c = vec![0.0; highest + 1];
    c[0] = 1.0;
    for (&count, &b) in counts.iter().zip(b) {
        for _ in 0..count {
            for j in (1..=highest).rev() {
                c[j] += b * c[j - 1];
            }
        }
    }
    let mut subsets = 1.0;
    for j in 1..=highest {
        subsets *= (n - j + 1) as f64 / j as f64;
        c[j] /= subsets;
    }
    c
}

/// ⟨F_j, a^{⊗j}⟩ of N independently moving particles with fixed counts at t = 0,
/// for every j ≤ N.
fn walkers() -> (Custom<f64>, Start<f64>, [f64; 3]) {
    let rate =
        |from: usize, to: usize| [[0.0, 0.4, 0.3], [0.7, 0.0, 0.2], [0.1, 0.9, 0.0]][from][to];
    let model = problems::jump_process(3, rate, |_, _| 0.0).unwrap();
    let start = Start::FixedCounts {
        f: vec![0.5, 0.3, 0.2],
    };
    (model, start, [1.0, 0.6, 0.3])
}

/// a one time unit earlier: ⟨e^{tK} δ_s, a⟩ for every state s.
fn earlier(model: &Custom<f64>, a: &[f64], t: f64) -> Vec<f64> {
    let each = (0..a.len()).map(|s| {
        let mut f = vec![0.0; a.len()];
        f[s] = 1.0;
        let mut mean = 0.0;
        cumulants_at(model, &Start::Product { f }, (0, 1), t, |c| {
            mean = c.mean_field().iter().zip(a).map(|(x, y)| x * y).sum();
        });
        mean
    });
    each.collect()
}

/// |found/exact − 1| of order n at N particles and j.
fn relative_error(
    joint: &JointCumulants<f64>,
    order: usize,
    n: usize,
    j: usize,
    exact: f64,
) -> f64 {
    let found = joint.truncated(order).moment(n, &[j]).unwrap();
    (found.value() / exact - 1.0).abs()
}

/// Of the claimed j^{n+2}/N^{n+1}: measured 0.045 at most, for rates of order one.
const CLAIMED: f64 = 0.1;

/// The claims of the module's head, for ⟨F_j, a^{⊗j}⟩ = `exact(N, j)`.
fn accuracy(joint: &JointCumulants<f64>, exact: impl Fn(usize, usize) -> f64) {
    for order in 0..=joint.order() {
        // Good for j up to N^{(n+1)/(n+2)}, √N for the mean field.
        let reach = (order + 1) as f64 / (order + 2) as f64;
        for n in [20, 50, 100, 200] {
            let last = (n as f64).powf(reach) as usize;
            for j in [1, 2, (n as f64).sqrt() as usize, last] {
                let error = relative_error(joint, order, n, j, exact(n, j));
                let claim = (j as f64).powi(order as i32 + 2) / (n as f64).powi(order as i32 + 1);
                assert!(
                    error < CLAIMED * claim + ROUNDING,
                    "order {order}, N = {n}, j = {j}: {error:e}"
                );
            }
        }
        let [near, far] = [100, 200].map(|n| relative_error(joint, order, n, 2, exact(n, 2)));
        if near > 1e-10 {
            let rate = (near / far).log2();
            assert!(
                (rate - (order + 1) as f64).abs() < 0.05,
                "order {order}: rate {rate}"
            );
        }
    }
    // All particles at once: the mean field is off by as much as it says, and
    // so is a series in j²/N; the sum of all products is not.
    let (n, order) = (200, joint.order());
    let truth = exact(n, n);
    assert!(relative_error(joint, 0, n, n, truth) > 0.5);
    assert!(relative_error(joint, order, n, n, truth) < 0.01);
    let series = joint.moment_series(&[n]).unwrap();
    let summed = series.iter().rev().fold(0.0, |sum, c| c + sum / n as f64);
    assert!((summed / truth - 1.0).abs() > 0.01);
}

#[test]
fn validate_hundreds_of_independent_walkers() {
    let (model, start, a) = walkers();
    let t = 0.6;
    let b = earlier(&model, &a, t);
    cumulants_at(&model, &start, (4, 1), t, |c| {
        let joint = c.joint_cumulants(&[&a]).unwrap();
        accuracy(&joint, |n, j| {
            let counts = start.counts(n).unwrap();
            drawn(&counts, &b, n)[j]
        });
    });
}

/// ⟨F_j, a^{⊗j−2} ⊗ b ⊗ c⟩ of the same draws: (j−2)!/(N)_j times the coefficient
/// of s^{j−2}uv in Π (1 + s a + u b + v c) over the particles.
fn drawn_with_two(counts: &[usize], [a, b, c]: [&[f64]; 3], j: usize) -> f64 {
    let n: usize = counts.iter().sum();
    // [1, u, v, uv] by powers of s.
    let mut q = vec![[0.0; 4]; j - 1];
    q[0][0] = 1.0;
    for (state, &count) in counts.iter().enumerate() {
        for _ in 0..count {
            for k in (0..j - 1).rev() {
                let below = if k > 0 { q[k - 1] } else { [0.0; 4] };
                let [one, u, v, uv] = q[k];
                q[k] = [
                    one + a[state] * below[0],
                    u + a[state] * below[1] + b[state] * one,
                    v + a[state] * below[2] + c[state] * one,
                    uv + a[state] * below[3] + b[state] * v + c[state] * u,
                ];
            }
        }
    }
    let subsets: f64 = (0..j).map(|k| (n - k) as f64 / (k + 1) as f64).product();
    q[j - 2][3] / (subsets * (j * (j - 1)) as f64)
}

#[test]
fn validate_a_few_different_observables_among_many() {
    let (model, start, a) = walkers();
    let (b, c, t) = ([0.2, 1.0, 0.5], [0.9, 0.1, 0.4], 0.6);
    let before = [a, b, c].map(|a| earlier(&model, &a, t));
    cumulants_at(&model, &start, (4, 1), t, |cumulants| {
        let joint = cumulants.joint_cumulants(&[&b, &a, &c]).unwrap();
        for (n, j) in [(20, 2), (20, 9), (100, 10), (100, 40), (200, 80)] {
            let counts = start.counts(n).unwrap();
            let exact = drawn_with_two(&counts, before.each_ref().map(Vec::as_slice), j);
            let found = joint.moment(n, &[1, j - 2, 1]).unwrap().value();
            let claim = (j as f64).powi(6) / (n as f64).powi(5);
            let error = (found / exact - 1.0).abs();
            assert!(
                error < CLAIMED * claim + ROUNDING,
                "N = {n}, j = {j}: {error:e}"
            );
        }
    });
}

/// ⟨F_j, a^{⊗j}⟩ of one-axis twisting from the Bloch vector s, a = c + Re(α)σx + Im(α)σy + zσz
/// as a sum over the p spins that take ½ᾱσ₊ and the q that take ½ασ₋: with k =
/// p − q and θ = 2t/N each of the others gives c(cos kθ + i s_z sin kθ) + z(s_z cos kθ
/// + i sin kθ), and each of the N − j spins outside cos kθ + i s_z sin kθ.
fn twisted(s: [f64; 3], (c, alpha, z): (f64, Complex64, f64), t: f64, n: usize, j: usize) -> f64 {
    let plus = Complex64::new(s[0], s[1]) * alpha.conj() * 0.5;
    let theta = 2.0 * t / n as f64;
    let mut total = Complex64::ZERO;
    // ln of k!.
    let ln = |k: usize| (1..=k).map(|i| (i as f64).ln()).sum::<f64>();
    let logs: Vec<f64> = (0..=j).map(ln).collect();
    for p in 0..=j {
        for q in 0..=j - p {
            let x = (p as f64 - q as f64) * theta;
            let (cos, sin) = (x.cos(), x.sin());
            let outside = Complex64::new(cos, s[2] * sin);
            let inside = outside * c + Complex64::new(s[2] * cos, sin) * z;
            let weight = (logs[j] - logs[p] - logs[q] - logs[j - p - q]).exp();
            let layout = plus.powu(p as u32) * plus.conj().powu(q as u32);
            let rest = inside.powu((j - p - q) as u32) * outside.powu((n - j) as u32);
            total += layout * rest * weight;
        }
    }
    total.re
}

#[test]
fn validate_hundreds_of_twisted_spins() {
    let model = OneAxisTwisting { chi: 1.0 };
    let model = model.model(Dissipation::default(), 1.0).unwrap();
    let (s, t) = ([0.6, 0.0, 0.5], 0.4);
    let state = model.bloch(s[0], s[1], s[2]).unwrap();
    let f = one_body_state(&model, "F", &state).unwrap();
    // a = 0.8 + 0.3σx − 0.2σy + 0.1σz.
    let (c, alpha, z) = (0.8, Complex64::new(0.3, -0.2), 0.1);
    let off = alpha.conj();
    let values = [(c + z).into(), off, off.conj(), (c - z).into()];
    let a = Observable::new(&model, "a", &values).unwrap().first;
    cumulants_at(&model, &Start::Product { f }, (4, 1), t, |cumulants| {
        let joint = cumulants.joint_cumulants(&[&a]).unwrap();
        accuracy(&joint, |n, j| twisted(s, (c, alpha, z), t, n, j));
    });
}

#[test]
fn law_powers_of_hundreds_stay_in_range() {
    let model = problems::three_states().unwrap();
    let f = vec![0.5, 0.3, 0.2];
    let start = Start::Product { f: f.clone() };
    // At t = 0 particles are independent: the moment is a power.
    let mut settings = Settings::new(3, vec![0.0]);
    settings.tolerance = 1e-8;
    let (large, small) = ([1e200, 2e200, 3e200], [1e-300, 0.0, 0.0]);
    solve(&model, &start, &settings, |_, c| {
        let joint = c.joint_cumulants(&[&large, &small])?;
        let found = joint.moment(1000, &[400, 300])?;
        let expected = 400.0 * (1.7_f64.ln() + 200.0 * 10_f64.ln())
            + 300.0 * (0.5_f64.ln() - 300.0 * 10_f64.ln());
        assert!((found.ln_modulus() / expected - 1.0).abs() < 1e-12);
        assert_eq!(found.value(), 0.0);
        let found = joint.moment(1000, &[400, 0])?;
        assert_eq!(found.value(), f64::INFINITY);
        // A state nobody is in.
        let nobody = c.joint_cumulants(&[&[0.0; 3]])?.moment(1000, &[500])?;
        assert_eq!((nobody.value(), nobody.mantissa), (0.0, 0.0));
        assert_eq!(nobody.ln_modulus(), f64::NEG_INFINITY);
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
}

#[test]
fn law_what_does_not_exist_is_refused() {
    let model = problems::sis().unwrap();
    let start = Start::Product { f: vec![0.4, 0.6] };
    solve(&model, &start, &Settings::new(1, vec![0.0]), |_, c| {
        let joint = c.joint_cumulants(&[&[1.0, 0.0], &[0.0, 1.0]])?;
        assert!(matches!(
            joint.moment(5, &[4, 2]),
            Err(ExpansionError::TooFewParticles {
                particles: 5,
                marginal: 6
            })
        ));
        assert!(joint.moment(6, &[4, 2]).is_ok());
        let too_many = joint.moment(5, &[usize::MAX, 2]);
        assert!(matches!(
            too_many,
            Err(ExpansionError::TooFewParticles { .. })
        ));
        assert!(matches!(
            joint.moment(0, &[0, 0]),
            Err(ExpansionError::TooFewParticles { .. })
        ));
        assert!(matches!(
            joint.moment(9, &[1]),
            Err(ExpansionError::Model(_))
        ));
        assert!(matches!(
            joint.moment_series(&[1, 2, 3]),
            Err(ExpansionError::Model(_))
        ));
        for bad in [&[1.0][..], &[1.0, f64::NAN]] {
            assert!(matches!(
                c.joint_cumulants(&[bad]),
                Err(ExpansionError::Model(_))
            ));
        }
        // Nothing is allocated for what cannot be held.
        let indicator = [0.0, 1.0];
        let many = vec![&indicator[..]; 5];
        let refused = c.joint_cumulants(&many)?.moment(9000, &[1000; 5]);
        assert!(matches!(
            refused,
            Err(ExpansionError::JointMemory { observables: 5, .. })
        ));
        let refused = c.joint_cumulants(&vec![&indicator[..]; 10_000]);
        assert!(matches!(refused, Err(ExpansionError::JointMemory { .. })));
        // No observables: Tr F^N = 1.
        let none = c.joint_cumulants(&[])?;
        assert_eq!(none.moment(3, &[])?.value(), 1.0);
        Ok::<(), ExpansionError>(())
    })
    .unwrap();
}
