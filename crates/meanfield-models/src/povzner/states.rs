//! Named one-body states: a density times a velocity state.

use std::f64::consts::PI;

use meanfield_abstract::ModelError;

use super::Povzner;
use super::range::periodic_gaussian;
use super::velocity_space::VelocitySpace;
use crate::parameter::{finite, positive, refused};

impl Povzner {
    /// The uniform density: a weight for each cell, of sum 1, as are all
    /// densities.
    #[must_use]
    pub fn density_uniform(&self) -> Vec<f64> {
        let cells = self.collisions().grid.cells();
        vec![1.0 / cells as f64; cells]
    }

    /// A periodic Gaussian, weights ∝ Σ_images exp(−|x − center|²/2·width²).
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `center`, `width`) unless the center has
    /// as many finite coordinates as space and the width is positive.
    pub fn density_bump(&self, center: &[f64], width: f64) -> Result<Vec<f64>, ModelError> {
        let grid = self.collisions().grid;
        let width = positive("width", width)?;
        if center.len() != grid.dimension {
            let found = format!("of {} coordinates", center.len());
            return refused("center", found, format!("{} coordinates", grid.dimension));
        }
        let mut lines = Vec::new();
        for &x in center {
            let x = finite("center", x)?;
            // A distance of at most half a box: images far away do not count.
            let distance = |i: usize| {
                let d = (grid.position(grid.along(0, i))[0] - x) / grid.length;
                (d - d.round()).abs() * grid.length
            };
            let nearest = (0..grid.points).map(distance).fold(f64::INFINITY, f64::min);
            // However narrow the bump, its nearest cell has a weight.
            let line = (0..grid.points).map(|i| {
                let d = distance(i);
                if width < grid.length / 32.0 {
                    (-(d - nearest) * (d + nearest) / width / width / 2.0).exp()
                } else {
                    periodic_gaussian(d, width, grid.length)
                }
            });
            lines.push(line.collect::<Vec<f64>>());
        }
        Ok(self.density_from(|cell| {
            let factors = lines.iter().enumerate();
            factors
                .map(|(axis, line)| line[grid.on_axis(cell, axis)])
                .product()
        }))
    }

    /// 1 + amplitude·cos(2πx/L) along the first direction.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (key `amplitude`) unless −1 ≤ amplitude ≤ 1.
    pub fn density_cosine(&self, amplitude: f64) -> Result<Vec<f64>, ModelError> {
        if !(-1.0..=1.0).contains(&amplitude) {
            return refused("amplitude", amplitude, "a number from -1 to 1");
        }
        let grid = self.collisions().grid;
        if grid.points == 1 {
            return Ok(self.density_uniform());
        }
        let wave = 2.0 * PI / grid.length;
        let value = |cell| 1.0 + amplitude * (wave * grid.position(cell)[0]).cos();
        Ok(self.density_from(|cell| f64::max(value(cell), 0.0)))
    }

    fn density_from(&self, weight: impl Fn(usize) -> f64) -> Vec<f64> {
        let weights: Vec<f64> = (0..self.collisions().grid.cells()).map(weight).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|w| w / total).collect()
    }

    /// F(x, v) = density(x)·velocity(v), D numbers: weights, or Hermite
    /// coefficients cell by cell.
    ///
    /// # Errors
    /// [`ModelError::Shape`] unless there is a weight for each cell and a number
    /// for each velocity.
    pub fn product_state(&self, density: &[f64], velocity: &[f64]) -> Result<Vec<f64>, ModelError> {
        let collisions = self.collisions();
        for (array, found, expected) in [
            ("density", density.len(), collisions.grid.cells()),
            ("velocity", velocity.len(), collisions.velocities),
        ] {
            if found != expected {
                return Err(ModelError::Shape {
                    array: array.to_owned(),
                    found: vec![found],
                    expected: format!("({expected},)"),
                });
            }
        }
        let cells = density.iter();
        Ok(cells
            .flat_map(|&rho| velocity.iter().map(move |&f| rho * f))
            .collect())
    }

    /// The Maxwellian of that temperature about the velocity `drift`: on a
    /// lattice the weights ∝ exp(−|v − drift|²/2T) at its points, of sum 1; in
    /// Hermite functions the coefficients of the Gaussian.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `temperature`, `drift`) unless T > 0 and
    /// the drift has as many finite components as the velocities; in Hermite
    /// functions T must be below twice the reference temperature.
    pub fn velocity_maxwellian(
        &self,
        temperature: f64,
        drift: &[f64],
    ) -> Result<Vec<f64>, ModelError> {
        match self.velocity_space() {
            VelocitySpace::Hermite(basis) => basis.maxwellian(temperature, drift),
            VelocitySpace::Lattice { velocities, .. } => {
                let temperature = positive("temperature", temperature)?;
                let components = self.velocity_dimension();
                if drift.len() != components {
                    let found = format!("of {} components", drift.len());
                    return refused("drift", found, format!("{components} components"));
                }
                for &u in drift {
                    finite("drift", u)?;
                }
                VelocitySpace::lattice_gaussian(velocities, drift, temperature, "drift")
            }
        }
    }

    /// Two opposite beams, ½Σ± Gaussian(±u, width²) with u = (`speed`, 0, …);
    /// on a lattice each is normalised there.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (keys `speed`, `width`) unless the speed is
    /// finite and the width positive; in Hermite functions width² must be below
    /// twice the reference temperature.
    pub fn velocity_beams(&self, speed: f64, width: f64) -> Result<Vec<f64>, ModelError> {
        match self.velocity_space() {
            VelocitySpace::Hermite(basis) => basis.beams(speed, width),
            VelocitySpace::Lattice { velocities, .. } => {
                let speed = finite("speed", speed)?;
                let width = positive("width", width)?;
                let beam = |speed| {
                    let mut center = vec![0.0; self.velocity_dimension()];
                    center[0] = speed;
                    let variance = width * width;
                    VelocitySpace::lattice_gaussian(velocities, &center, variance, "speed")
                };
                let (right, left) = (beam(speed)?, beam(-speed)?);
                Ok(right.iter().zip(left).map(|(x, y)| 0.5 * (x + y)).collect())
            }
        }
    }
}
