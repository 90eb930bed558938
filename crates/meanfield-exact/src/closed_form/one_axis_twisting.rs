//! One-axis twisting, H = (χ/N) Σ_{k<l} σz_k σz_l with ħ = 1, from a product
//! state with Bloch vector s.
//!
//! Every σz is conserved, so spin k turns about z by θ Σ_{l≠k} σz_l with θ =
//! 2χt/N. With σ₊ = σx + iσy and s₊ = s_x + i s_y,
//!
//! ```math
//! \begin{aligned}
//! \mean{\sigma_+} &= s_+ (\cos\theta + i s_z \sin\theta)^{N-1}, \\
//! \mean{\sigma_+\sigma_+} &= s_+^2 (\cos 2\theta + i s_z \sin 2\theta)^{N-2}, \qquad
//!   \mean{\sigma_+\sigma_-} = |s_+|^2, \\
//! \mean{\sigma_+\sigma_z} &= s_+ (s_z \cos\theta + i \sin\theta)(\cos\theta + i s_z \sin\theta)^{N-2},
//!   \qquad \mean{\sigma_z\sigma_z} = s_z^2.
//! \end{aligned}
//! ```
//!
//! From |+x⟩: ⟨σx⟩ = cos^{N−1}θ, ⟨σxσx⟩, ⟨σyσy⟩ = ½(1 ± cos^{N−2}2θ), ⟨σyσz⟩ =
//! sin θ cos^{N−2}θ. Spin squeezing: M. Kitagawa and M. Ueda, Phys. Rev. A 47,
//! 5138 (1993).

use num_complex::Complex64;

/// One-axis twisting of N spins from a product state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneAxisTwisting {
    /// Coupling χ.
    pub chi: f64,
    /// Number of spins N ≥ 2.
    pub n: u32,
    /// Bloch vector of each spin at t = 0.
    pub bloch: [f64; 3],
}

impl OneAxisTwisting {
    /// All spins along +x.
    #[must_use]
    pub fn along_x(chi: f64, n: u32) -> Self {
        Self {
            chi,
            n,
            bloch: [1.0, 0.0, 0.0],
        }
    }

    fn angle(&self, t: f64) -> f64 {
        2.0 * self.chi * t / f64::from(self.n)
    }

    /// cos x + i s_z sin x: the mean of e^{ixσz} in the start.
    fn phase(&self, x: f64) -> Complex64 {
        Complex64::new(x.cos(), self.bloch[2] * x.sin())
    }

    fn raised(&self) -> Complex64 {
        Complex64::new(self.bloch[0], self.bloch[1])
    }

    /// The Bloch vector (⟨σx⟩, ⟨σy⟩, ⟨σz⟩) of F_1.
    #[must_use]
    pub fn one_body(&self, t: f64) -> [f64; 3] {
        let plus = self.raised() * self.phase(self.angle(t)).powu(self.n.saturating_sub(1));
        [plus.re, plus.im, self.bloch[2]]
    }

    /// ⟨σ_a σ_b⟩ of F_2, a, b = x, y, z.
    #[must_use]
    pub fn two_body(&self, t: f64) -> [[f64; 3]; 3] {
        let (theta, others, z) = (self.angle(t), self.n.saturating_sub(2), self.bloch[2]);
        let plus_plus = self.raised().powu(2) * self.phase(2.0 * theta).powu(others);
        let plus_minus = self.raised().norm_sqr();
        let turned = Complex64::new(z * theta.cos(), theta.sin());
        let plus_z = self.raised() * turned * self.phase(theta).powu(others);
        let xx = 0.5 * (plus_minus + plus_plus.re);
        let yy = 0.5 * (plus_minus - plus_plus.re);
        let xy = 0.5 * plus_plus.im;
        [
            [xx, xy, plus_z.re],
            [xy, yy, plus_z.im],
            [plus_z.re, plus_z.im, z * z],
        ]
    }

    /// The squeezing parameter ξ² = 4 min Var(J_⊥)/N of Kitagawa and Ueda, J =
    /// ½Σσ, over the directions perpendicular to the mean spin: 1 for a
    /// coherent spin state. `None` when the mean spin vanishes.
    #[must_use]
    pub fn squeezing(&self, t: f64) -> Option<f64> {
        squeezing(f64::from(self.n), self.one_body(t), self.two_body(t))
    }
}

/// The squeezing parameter from one- and two-body means, `None` for a mean
/// spin of zero. With e, e' perpendicular to the mean spin, 4 Var(J_e)/N = 1 +
/// (N−1)⟨σ_e σ_e⟩.
#[must_use]
pub fn squeezing(n: f64, one: [f64; 3], two: [[f64; 3]; 3]) -> Option<f64> {
    let length = one.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length <= f64::EPSILON {
        return None;
    }
    let along = one.map(|x| x / length);
    // The axis least aligned with the mean spin spans the plane with it.
    let axis = (0..3).min_by(|&a, &b| along[a].abs().total_cmp(&along[b].abs()))?;
    let mut seed = [0.0; 3];
    seed[axis] = 1.0;
    let first = cross(along, seed);
    let norm = first.iter().map(|x| x * x).sum::<f64>().sqrt();
    let first = first.map(|x| x / norm);
    let second = cross(along, first);
    let mean = |u: [f64; 3], v: [f64; 3]| {
        let mut sum = 0.0;
        for a in 0..3 {
            for b in 0..3 {
                sum += u[a] * two[a][b] * v[b];
            }
        }
        sum * (n - 1.0)
    };
    let (p, q) = (1.0 + mean(first, first), 1.0 + mean(second, second));
    let r = mean(first, second);
    Some(0.5 * (p + q - ((p - q).powi(2) + 4.0 * r * r).sqrt()))
}

fn cross(u: [f64; 3], v: [f64; 3]) -> [f64; 3] {
    [
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    ]
}

/// The coefficients c_0 … c_3 of ⟨σx⟩ = Σ c_m N^{−m} from |+x⟩ at χ = 1: 1,
/// −2t², 2t² + 2t⁴, −(16/3)t⁴ − (4/3)t⁶. Another χ replaces t by χt.
#[must_use]
pub fn coefficients_of_sigma_x(t: f64) -> [f64; 4] {
    let u = t * t;
    [
        1.0,
        -2.0 * u,
        2.0 * u + 2.0 * u * u,
        -16.0 / 3.0 * u * u - 4.0 / 3.0 * u * u * u,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validate_against_the_formulas_from_x() {
        let (n, t, chi) = (20, 0.7, 1.3);
        let twist = OneAxisTwisting::along_x(chi, n);
        let theta = 2.0 * chi * t / f64::from(n);
        let one = twist.one_body(t);
        let two = twist.two_body(t);
        assert!((one[0] - theta.cos().powi(19)).abs() < 1e-14 && one[1] == 0.0);
        let c = (2.0 * theta).cos().powi(18);
        assert!((two[0][0] - 0.5 * (1.0 + c)).abs() < 1e-14);
        assert!((two[1][1] - 0.5 * (1.0 - c)).abs() < 1e-14);
        assert!((two[1][2] - theta.sin() * theta.cos().powi(18)).abs() < 1e-14);
    }

    /// Kitagawa and Ueda's formula: ξ² = 1 + (N−1)/4 (A − √(A²+B²)), A = 1 −
    /// cos^{N−2}μ, B = 4 sin(μ/2) cos^{N−2}(μ/2), μ = 4χt/N.
    #[test]
    fn validate_squeezing_against_kitagawa_and_ueda() {
        for (n, t) in [(10_u32, 0.3), (100, 1.0), (1000, 2.0)] {
            let mu = 4.0 * t / f64::from(n);
            let others = n as i32 - 2;
            let a = 1.0 - mu.cos().powi(others);
            let b = 4.0 * (mu / 2.0).sin() * (mu / 2.0).cos().powi(others);
            let known = 1.0 + (f64::from(n) - 1.0) / 4.0 * (a - a.hypot(b));
            let found = OneAxisTwisting::along_x(1.0, n).squeezing(t).unwrap();
            assert!((known - found).abs() < 1e-11, "{known} against {found}");
            assert!(found < 1.0);
        }
    }

    #[test]
    fn law_the_taylor_coefficients_leave_a_fourth_order_remainder() {
        let t = 0.6;
        let c = coefficients_of_sigma_x(t);
        let remainder = |n: u32| {
            let x = 1.0 / f64::from(n);
            let series = c[0] + x * (c[1] + x * (c[2] + x * c[3]));
            OneAxisTwisting::along_x(1.0, n).one_body(t)[0] - series
        };
        let rate = (remainder(50) / remainder(100)).log2();
        assert!((rate - 4.0).abs() < 0.1, "rate {rate}");
    }

    #[test]
    fn law_turning_the_start_about_z_turns_everything() {
        let (angle, z) = (0.8_f64, 0.3);
        let bloch = |a: f64| [0.5 * a.cos(), 0.5 * a.sin(), z];
        let make = |a| OneAxisTwisting {
            chi: 1.0,
            n: 7,
            bloch: bloch(a),
        };
        let (plain, turned) = (make(0.0).one_body(0.9), make(angle).one_body(0.9));
        let (c, s) = (angle.cos(), angle.sin());
        assert!((turned[0] - (c * plain[0] - s * plain[1])).abs() < 1e-15);
        assert!((turned[1] - (s * plain[0] + c * plain[1])).abs() < 1e-15);
        let squeezing = |a| make(a).squeezing(0.9).unwrap();
        assert!((squeezing(0.0) - squeezing(angle)).abs() < 1e-13);
    }
}
