//! Named one-body states of finite-level systems, as user arrays.

use meanfield_abstract::ModelError;
use num_complex::Complex64;

use super::Levels;
use crate::parameter::{finite, refused};

/// A pure state may leave the Bloch sphere by the rounding of its components.
const SPHERE_ROUNDING: f64 = 1e-12;

impl Levels {
    /// ½(I + xσx + yσy + zσz) as a user array of 4 numbers, for d = 2.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] when d ≠ 2 (key `state`), when a component is
    /// not finite (its key), or when x² + y² + z² > 1 (key `bloch`).
    pub fn bloch(&self, x: f64, y: f64, z: f64) -> Result<Vec<Complex64>, ModelError> {
        if self.levels != 2 {
            let found = format!("\"bloch\" for {} levels", self.levels);
            return refused("state", found, "\"bloch\" only for 2 levels");
        }
        let (x, y, z) = (finite("x", x)?, finite("y", y)?, finite("z", z)?);
        let length = x.hypot(y).hypot(z);
        if length > 1.0 + SPHERE_ROUNDING {
            let found = format!("({x}, {y}, {z}), of length {length}");
            return refused("bloch", found, "a vector of length at most 1");
        }
        let off = Complex64::new(x, -y) / 2.0;
        Ok(vec![
            Complex64::from((1.0 + z) / 2.0),
            off,
            off.conj(),
            Complex64::from((1.0 - z) / 2.0),
        ])
    }

    /// |index⟩⟨index| as a user array of d² numbers.
    ///
    /// # Errors
    /// [`ModelError::Parameter`] (key `index`) for an index ≥ d.
    pub fn basis_state(&self, index: usize) -> Result<Vec<Complex64>, ModelError> {
        let d = self.levels;
        if index >= d {
            return refused("index", index, format!("an index below {d}"));
        }
        let mut state = vec![Complex64::ZERO; d * d];
        state[index * d + index] = Complex64::ONE;
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    use super::super::problems::{random_levels, two_level_reference};
    use meanfield_abstract::{ModelError, Observable, one_body_state};

    #[test]
    fn law_bloch_components_are_the_pauli_means() {
        let model = two_level_reference().unwrap();
        let s = [0.3, -0.5, 0.7];
        let state = model.bloch(s[0], s[1], s[2]).unwrap();
        let f = one_body_state(&model, "F", &state).unwrap();
        for (name, expected) in ["sx", "sy", "sz"].into_iter().zip(s) {
            let mean = Observable::named(&model, name).unwrap().mean(&f);
            assert!((mean - expected).abs() < 1e-15, "{name}: {mean}");
        }
        let up = one_body_state(&model, "F", &model.basis_state(0).unwrap()).unwrap();
        assert!((Observable::named(&model, "sz").unwrap().mean(&up) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn law_states_that_do_not_exist_are_refused_by_key() {
        let two = two_level_reference().unwrap();
        let three = random_levels(3, 1).unwrap();
        let key = |result: Result<_, ModelError>| match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        };
        assert_eq!(key(two.bloch(0.8, 0.0, 0.8)), "bloch");
        assert_eq!(key(two.bloch(0.0, f64::NAN, 0.0)), "y");
        assert_eq!(key(three.bloch(0.0, 0.0, 1.0)), "state");
        assert_eq!(key(two.basis_state(2)), "index");
    }
}
