//! y(t) = e^{−itH} y(0) for Hermitian H, by Chebyshev polynomials.
//!
//! With the spectrum of H in [c − R, c + R],
//!
//! ```math
//! e^{-itH} = e^{-ict} \sum_k (2 - \delta_{k0}) (-i)^k J_k(Rt)\, T_k((H - c)/R),
//! ```
//!
//! and J_k(Rt) falls faster than any exponential once k > Rt: about one product
//! with H for each unit of Rt, where a Taylor series on steps takes five.
//! H. Tal-Ezer and R. Kosloff, J. Chem. Phys. 81, 3967 (1984).

use meanfield_tensor::Scalar;
use num_complex::Complex64;

use super::{LinearAction, require_few, require_later};
use crate::OdeError;
use crate::output::{Ended, Output, collected};

/// A coefficient this small no longer counts.
const NEGLIGIBLE: f64 = 1e-18;
/// Output times that share one sequence of polynomials: their tails of some
/// twenty terms beyond Rt are then paid once.
const GROUP: usize = 8;
/// Rt beyond which a group ends: the tail no longer matters.
const LONG: f64 = 64.0;
/// Rt of the longest step: coefficients are listed for a step, and a caller is
/// heard between two of them. The tails add some 6 % of products.
const LONGEST: f64 = 1000.0;
/// Relative change of the norm beyond which the spectrum was not where the
/// caller said: a polynomial of degree k grows like e^{k√(2ε)} at a relative
/// distance ε outside, and rounding is at 1e-13.
const NORM_KEPT: f64 = 1e-8;

/// Vectors held beside the start: the state, three polynomials and the sums
/// of a group.
pub const HELD_BY_UNITARY: usize = 4 + GROUP;

/// Calls `output(k, e^{−i times[k] H} initial)` for k = 0, 1, …; `times[0]` may
/// be any time ≥ 0. `action` applies H, Hermitian, with its spectrum inside
/// `spectrum` = (least, most). Returns the number of products with H: about
/// ½(most − least)·t + 25.
///
/// # Errors
/// [`OdeError::Times`] for decreasing times, [`OdeError::Spectrum`] when the
/// norm is not kept, as it happens when the spectrum reaches beyond the
/// interval or H is not Hermitian, [`OdeError::NotFinite`], [`OdeError::Interrupted`], or whatever
/// `output` returns.
pub fn unitary<A, E>(
    action: &mut A,
    spectrum: (f64, f64),
    initial: &[Complex64],
    times: &[f64],
    output: impl FnMut(usize, &[Complex64]) -> Result<(), E>,
) -> Result<usize, E>
where
    A: LinearAction<Scalar = Complex64>,
    E: From<OdeError>,
{
    collected(output, |output| {
        chebyshev(action, spectrum, initial, times, output)
    })
}

/// [`unitary`], compiled once.
fn chebyshev(
    action: &mut dyn LinearAction<Scalar = Complex64>,
    spectrum: (f64, f64),
    initial: &[Complex64],
    times: &[f64],
    output: &mut Output<'_, Complex64>,
) -> Result<usize, Ended> {
    let (centre, radius) = (
        0.5 * (spectrum.0 + spectrum.1),
        0.5 * (spectrum.1 - spectrum.0),
    );
    let end = times.last().copied().unwrap_or(0.0);
    let norm = norm_of(initial);
    let mut y = initial.to_vec();
    let mut t = 0.0;
    let (mut first, mut products) = (0, 0);
    let mut polynomials = Polynomials::new(centre, radius, y.len());
    let mut sums: Vec<Vec<Complex64>> = Vec::new();
    while first < times.len() {
        let due = group(&times[first..], t, radius)?;
        require_few(radius * (due[0] - t), due[0] - t)?;
        // A time that is far away is approached in steps without output.
        let halfway = [t + LONGEST / radius];
        let is_output = radius * (due[0] - t) <= LONGEST;
        let group = if is_output { due } else { &halfway };
        let series: Vec<Vec<f64>> = group.iter().map(|&to| bessel(radius * (to - t))).collect();
        let terms = series.iter().map(Vec::len).max().unwrap_or(0);
        sums.resize_with(group.len().max(sums.len()), || {
            vec![Complex64::ZERO; y.len()]
        });
        for sum in &mut sums {
            sum.fill(Complex64::ZERO);
        }
        polynomials.current.copy_from_slice(&y);
        for term in 0..terms {
            if term > 0 {
                polynomials.advance(action, term == 1);
                products += 1;
            }
            let power = [Complex64::ONE, -Complex64::I, -Complex64::ONE, Complex64::I][term % 4];
            let twice = if term == 0 { 1.0 } else { 2.0 };
            for (sum, series) in sums.iter_mut().zip(&series) {
                if let Some(&j) = series.get(term).filter(|j| j.abs() > NEGLIGIBLE) {
                    let factor = power * (twice * j);
                    for (s, &x) in sum.iter_mut().zip(&polynomials.current) {
                        *s += factor * x;
                    }
                }
            }
        }
        for (k, (sum, &to)) in sums.iter_mut().zip(group).enumerate() {
            let phase = Complex64::from_polar(1.0, -centre * (to - t));
            sum.iter_mut().for_each(|s| *s *= phase);
            let found = norm_of(sum);
            // Not kept either where it is no number.
            let kept = (found - norm).abs() <= NORM_KEPT * norm;
            if !kept {
                return Err(OdeError::Spectrum {
                    time: to,
                    kept: found / norm,
                }
                .into());
            }
            if is_output {
                output(first + k, sum)?;
            }
        }
        if let Some((&to, sum)) = group.last().zip(sums.get_mut(group.len() - 1)) {
            std::mem::swap(&mut y, sum);
            t = to;
        }
        if is_output {
            first += group.len();
        }
        if !action.accepted(if end > 0.0 { t / end } else { 1.0 }) {
            return Err(OdeError::Interrupted { time: t }.into());
        }
    }
    Ok(products)
}

/// The next output times that share a sequence of polynomials, at least one.
fn group(times: &[f64], from: f64, radius: f64) -> Result<&[f64], OdeError> {
    let mut before = from;
    let mut count = 0;
    for &to in times.iter().take(GROUP) {
        require_later(to, before)?;
        if !(radius * to).is_finite() {
            return Err(OdeError::NotFinite { time: from });
        }
        if count > 0 && radius * (to - from) > LONG {
            break;
        }
        before = to;
        count += 1;
    }
    Ok(&times[..count])
}

fn norm_of(x: &[Complex64]) -> f64 {
    x.iter().map(Complex64::norm_sqr).sum::<f64>().sqrt()
}

/// T_k((H − c)/R) y, one k after the other.
struct Polynomials {
    centre: f64,
    radius: f64,
    before: Vec<Complex64>,
    current: Vec<Complex64>,
    image: Vec<Complex64>,
}

impl Polynomials {
    fn new(centre: f64, radius: f64, len: usize) -> Self {
        let zeros = || vec![Complex64::ZERO; len];
        Self {
            centre,
            radius,
            before: zeros(),
            current: zeros(),
            image: zeros(),
        }
    }

    /// T_1 = x, and T_{k+1} = 2x T_k − T_{k−1}.
    fn advance(&mut self, action: &mut dyn LinearAction<Scalar = Complex64>, is_first: bool) {
        action.apply(&self.current, &mut self.image);
        let scale = if is_first { 1.0 } else { 2.0 } / self.radius;
        let kept = if is_first { 0.0 } else { 1.0 };
        let rows = self.before.iter_mut().zip(&self.current).zip(&self.image);
        for ((before, &x), &image) in rows {
            *before = (image - x.scaled(self.centre)).scaled(scale) - before.scaled(kept);
        }
        std::mem::swap(&mut self.before, &mut self.current);
    }
}

/// J_0(z), J_1(z), … up to the last that counts, z ≥ 0, by Miller's downward
/// recurrence J_{k−1} = (2k/z) J_k − J_{k+1}, normalised by J_0 + 2ΣJ_{2k} = 1.
fn bessel(z: f64) -> Vec<f64> {
    /// Below, J_1(z) = z/2 no longer counts.
    const TINY: f64 = 1e-18;
    /// Where the recurrence is scaled down.
    const LARGE: f64 = 1e200;
    if z < TINY {
        return vec![1.0];
    }
    // Beyond the turning point k = z the functions fall over a width z^{1/3};
    // at 15 widths and 30 terms they are below 1e-20 for every z.
    let start = (z + 15.0 * z.cbrt() + 30.0).ceil() as usize;
    let mut values = vec![0.0; start + 2];
    values[start] = 1.0;
    for k in (1..=start).rev() {
        values[k - 1] = 2.0 * k as f64 / z * values[k] - values[k + 1];
        if values[k - 1].abs() > LARGE {
            values[k - 1..].iter_mut().for_each(|x| *x /= LARGE);
        }
    }
    let even: f64 = values.iter().step_by(2).skip(1).sum();
    let sum = values[0] + 2.0 * even;
    values.iter_mut().for_each(|x| *x /= sum);
    let last = values.iter().rposition(|x| x.abs() > NEGLIGIBLE);
    values.truncate(last.map_or(1, |k| k + 1));
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exponential;

    #[test]
    fn validate_bessel_functions() {
        // Abramowitz and Stegun, tables 9.1, 9.2 and 9.4.
        for (z, k, expected) in [
            (1.0, 0, 0.7651976865579666),
            (1.0, 1, 0.44005058574493355),
            (10.0, 2, 0.2546303136851206),
            (100.0, 100, 0.09636667329586156),
            (5.0, 30, 2.671177278e-21),
        ] {
            let found = bessel(z).get(k).copied().unwrap_or(0.0);
            assert!((found - expected).abs() < 1e-15, "J_{k}({z}) = {found}");
        }
        for z in [1e-17, 1e-9, 0.3, 40.0, 5000.0] {
            // Neumann: J_0² + 2ΣJ_k² = 1.
            let all = bessel(z);
            let sum: f64 = all.iter().skip(1).map(|x| 2.0 * x * x).sum();
            assert!((all[0] * all[0] + sum - 1.0).abs() < 1e-13, "{z}");
        }
        assert_eq!(bessel(0.0), [1.0]);
    }

    /// A chain with complex hopping on a ramp, or its generator −iH.
    struct Chain {
        factor: Complex64,
    }
    const N: usize = 40;

    impl LinearAction for Chain {
        type Scalar = Complex64;
        fn apply(&mut self, x: &[Complex64], out: &mut [Complex64]) {
            let hop = Complex64::from_polar(3.0, 0.4);
            for i in 0..N {
                let mut sum = x[i] * (0.2 * i as f64);
                if i > 0 {
                    sum += hop.conj() * x[i - 1];
                }
                if i + 1 < N {
                    sum += hop * x[i + 1];
                }
                out[i] = sum * self.factor;
            }
        }
    }

    fn start() -> Vec<Complex64> {
        let mut y = vec![Complex64::ZERO; N];
        y[7] = Complex64::new(0.6, 0.0);
        y[8] = Complex64::new(0.0, 0.8);
        y
    }

    #[test]
    fn law_chebyshev_and_taylor_agree_phase_included() {
        // No time at all, a group with a time twice, a long step, and several.
        let times = [0.0, 0.1, 0.1, 0.25, 9.0, 9.5, 130.0];
        let h = Complex64::ONE;
        let mut outputs = Vec::new();
        let bounds = (-6.0, 0.2 * (N - 1) as f64 + 6.0);
        let products = unitary(
            &mut Chain { factor: h },
            bounds,
            &start(),
            &times,
            |_, y| {
                outputs.push(y.to_vec());
                Ok::<(), OdeError>(())
            },
        )
        .unwrap();
        let generator = -Complex64::I;
        let mut k = 0;
        let taylor = exponential(
            &mut Chain { factor: generator },
            &start(),
            &times,
            |_, y| {
                for (a, b) in y.iter().zip(&outputs[k]) {
                    assert!((a - b).norm() < 1e-12, "{a} against {b} at {}", times[k]);
                }
                k += 1;
                Ok::<(), OdeError>(())
            },
        )
        .unwrap();
        assert_eq!((k, outputs.len()), (times.len(), times.len()));
        assert!(2 * products < taylor, "{products} against {taylor}");
    }

    #[test]
    fn law_a_spectrum_outside_the_interval_is_found_out() {
        let ended = unitary(
            &mut Chain {
                factor: Complex64::ONE,
            },
            (-3.0, 9.0),
            &start(),
            &[9.0],
            |_, _| Ok::<(), OdeError>(()),
        );
        assert!(matches!(ended, Err(OdeError::Spectrum { .. })));
        let backwards = unitary(
            &mut Chain {
                factor: Complex64::ONE,
            },
            (-6.0, 15.0),
            &start(),
            &[1.0, 0.5],
            |_, _| Ok::<(), OdeError>(()),
        );
        assert!(matches!(backwards, Err(OdeError::Times { .. })));
    }
}
