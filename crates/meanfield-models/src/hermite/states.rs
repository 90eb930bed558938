//! Named one-body states as Hermite coefficients, and their temperatures.

use meanfield_abstract::ModelError;

use super::VelocityBasis;
use super::basis::times_coordinate;
use crate::parameter::{finite, positive, refused};

impl VelocityBasis {
    /// The Gaussian of mean `center` and variance `variance` in each component,
    /// c_α = ∫ h_α(v/√T) f: in one component, with m = u/√T and q = variance/T,
    ///
    /// ```math
    /// \sqrt{n+1}\, c_{n+1} = m\, c_n + \sqrt{n}\, (q-1)\, c_{n-1}, \qquad c_0 = 1.
    /// ```
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `center`, `variance`) unless the centre
    /// has d finite components and 0 < variance < 2T: otherwise ∫ f²/M_T diverges and the
    /// coefficients grow with the degree.
    pub fn gaussian(&self, center: &[f64], variance: f64) -> Result<Vec<f64>, ModelError> {
        self.tensor_gaussian("center", center, ("variance", variance, variance))
    }

    /// The Maxwellian of that temperature about the velocity `drift`.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `temperature`, `drift`), as for
    /// [`gaussian`](Self::gaussian).
    pub fn maxwellian(&self, temperature: f64, drift: &[f64]) -> Result<Vec<f64>, ModelError> {
        let temperature = positive("temperature", temperature)?;
        self.tensor_gaussian("drift", drift, ("temperature", temperature, temperature))
    }

    /// Two opposite beams, ½Σ± Gaussian(±u, w²), u = (`speed`, 0, …), w =
    /// `width`.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `speed`, `width`) unless the speed is finite
    /// and 0 < w² < 2T.
    pub fn beams(&self, speed: f64, width: f64) -> Result<Vec<f64>, ModelError> {
        let mut center = vec![0.0; self.dimension()];
        center[0] = finite("speed", speed)?;
        let width = positive("width", width)?;
        let one = self.tensor_gaussian("speed", &center, ("width", width, width * width))?;
        // The mirror image has the other sign where the first component is odd.
        let both = one.iter().zip(self.indices());
        Ok(both
            .map(|(&c, index)| if index[0] % 2 == 0 { c } else { 0.0 })
            .collect())
    }

    /// The Bobylev–Krook–Wu state of second moment d, κ = 1 − A:
    ///
    /// ```math
    /// f = (2\pi\kappa)^{-d/2} e^{-v^2/2\kappa} \Big[ \frac{(d+2)\kappa - d}{2\kappa}
    ///   + \frac{(1-\kappa)v^2}{2\kappa^2} \Big].
    /// ```
    ///
    /// Under collisions at unit rate whose deflection sends |k±|² = |k|²(1 ± cosθ)/2, its Fourier
    /// transform e^{−κx}(1 − (1−κ)x), x = |k|²/2, keeps that form with ∂t κ = (1−κ)⟨¼ sin²θ⟩:
    ///
    /// ```math
    /// \begin{aligned}
    /// \kappa(t) = 1 - A e^{-\lambda t}, \qquad
    /// \lambda &= \frac{d-1}{4d} \quad \text{for uniform scattering in } d = 2, 3 \ (1/8,\ 1/6), \\
    /// \lambda &= 1/8 \quad \text{for Kac's caricature (} d = 1 \text{, rotation by a uniform angle).}
    /// \end{aligned}
    /// ```
    ///
    /// A. V. Bobylev, Sov. Phys. Dokl. 20, 820 (1975); M. Krook, T. T. Wu, Phys. Rev. Lett. 36,
    /// 1107 (1976).
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (key `A`) unless 0 ≤ A ≤ 2/(d+2), beyond which f is
    /// negative at v = 0, and κ < 2T.
    pub fn bkw(&self, a: f64) -> Result<Vec<f64>, ModelError> {
        let d = self.dimension();
        let largest = 2.0 / (d + 2) as f64;
        if !(0.0..=largest).contains(&a) {
            let expected = format!("a number from 0 to 2/(d+2) = {largest} (d = {d})");
            return refused("A", a, expected);
        }
        let kappa = 1.0 - a;
        self.fits(("A", a, kappa))?;
        let (d, q) = (d as f64, kappa / self.temperature());
        let plain = (0.5 * ((d + 2.0) * kappa - d)) / kappa;
        let quadratic = (1.0 - kappa) / (2.0 * kappa * kappa) * self.temperature();
        // ∫ h_n u² g needs the coefficients of g two degrees up.
        let one = component(0.0, q, self.degree() + 2);
        let weighed: Vec<f64> = (0..=self.degree())
            .map(|n| {
                let mut unit = vec![0.0; n + 1];
                unit[n] = 1.0;
                let square = times_coordinate(&times_coordinate(&unit));
                square.iter().zip(&one).map(|(x, c)| x * c).sum()
            })
            .collect();
        let of = |index: &[usize; 3], k: usize| {
            (0..self.dimension())
                .map(|i| {
                    if i == k {
                        weighed[index[i]]
                    } else {
                        one[index[i]]
                    }
                })
                .product::<f64>()
        };
        let entry = |index: &[usize; 3]| {
            let squares: f64 = (0..self.dimension()).map(|k| of(index, k)).sum();
            plain * of(index, usize::MAX) + quadratic * squares
        };
        Ok(self.indices().iter().map(entry).collect())
    }

    fn tensor_gaussian(
        &self,
        key: &'static str,
        center: &[f64],
        width: (&'static str, f64, f64),
    ) -> Result<Vec<f64>, ModelError> {
        if center.len() != self.dimension() {
            let found = format!("of {} components", center.len());
            return refused(key, found, format!("{} components", self.dimension()));
        }
        for &u in center {
            finite(key, u)?;
        }
        positive(width.0, width.1)?;
        self.fits(width)?;
        let t = self.temperature();
        let components: Vec<Vec<f64>> = center
            .iter()
            .map(|u| component(u / t.sqrt(), width.2 / t, self.degree()))
            .collect();
        let entry = |index: &[usize; 3]| -> f64 {
            let factors = components.iter().zip(index);
            factors.map(|(c, &n)| c[n]).product()
        };
        let out: Vec<f64> = self.indices().iter().map(entry).collect();
        if out.iter().any(|c| !c.is_finite()) {
            let expected = "a mean whose Hermite coefficients do not overflow";
            return refused(key, format!("{center:?}"), expected);
        }
        Ok(out)
    }

    /// Refuses a Gaussian factor that is not in the weighted space; (key, what
    /// the user gave, variance).
    fn fits(&self, (key, given, variance): (&'static str, f64, f64)) -> Result<(), ModelError> {
        let limit = 2.0 * self.temperature();
        if variance > 0.0 && variance < limit {
            return Ok(());
        }
        refused(
            key,
            format!("{given}, a Gaussian of variance {variance}"),
            format!(
                "a positive variance below twice the reference temperature, {limit}; raise \
                 `temperature` of the Hermite functions"
            ),
        )
    }
}

/// The coefficients of a Gaussian of mean m and variance q in one scaled
/// component, degrees 0 … M.
fn component(m: f64, q: f64, degree: usize) -> Vec<f64> {
    let mut out = vec![1.0];
    for n in 0..degree {
        let before = if n == 0 { 0.0 } else { out[n - 1] };
        let next = m * out[n] + (n as f64).sqrt() * (q - 1.0) * before;
        out.push(next / ((n + 1) as f64).sqrt());
    }
    out
}

/// The temperature ⟨|v − u|²⟩/d of [`beams`](VelocityBasis::beams): width² + speed²/d. The best
/// reference for an expansion about it.
#[must_use]
pub fn beams_temperature(dimension: usize, speed: f64, width: f64) -> f64 {
    width * width + speed * speed / dimension as f64
}

/// The temperature of [`bkw`](VelocityBasis::bkw), whatever A is: its second moment is d. That of
/// [`maxwellian`](VelocityBasis::maxwellian) is its own, whatever the drift.
pub const BKW_TEMPERATURE: f64 = 1.0;

/// Decay rate λ of 1 − κ in the Bobylev–Krook–Wu solution under uniform scattering at unit rate in
/// d dimensions, (d−1)/(4d); see [`bkw`](VelocityBasis::bkw).
#[must_use]
pub fn bkw_rate(dimension: usize) -> f64 {
    (dimension as f64 - 1.0) / (4.0 * dimension as f64)
}
