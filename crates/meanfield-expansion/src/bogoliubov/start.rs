//! The wave function of a pure one-body state.

use meanfield_abstract::{Model, ModelError, PositionHamiltonian, refuse_further_terms};
use meanfield_tensor::Scalar;
use num_complex::Complex64;

use crate::ExpansionError;

/// F counts as pure when ‖F − φφ†‖ (Hilbert–Schmidt) is at most this: rounding
/// of a few operations, and small enough that what is dropped does not show.
const PURITY: f64 = 1e-12;
/// A wave function may have this much less or more than norm 1.
const NORMALISATION: f64 = 1e-10;

/// The Hamiltonian of a model that has a factored form: all of its generator.
///
/// # Errors
/// [`ExpansionError::Model`] for a generator with
/// [further terms](Model::further_terms), [`ExpansionError::NotFactored`] for one that no
/// Hamiltonian with an interaction diagonal in position generates.
pub fn hamiltonian<S: Scalar>(
    model: &dyn Model<Scalar = S>,
) -> Result<&dyn PositionHamiltonian, ExpansionError> {
    refuse_further_terms(
        model,
        "the factored form of a pure start",
        "solve for the cumulants, which takes all of them",
    )?;
    let capabilities = model.capabilities();
    capabilities
        .position_hamiltonian
        .ok_or(ExpansionError::NotFactored)
}

/// φ with F = |φ⟩⟨φ|, from the matrix elements ⟨x|F|x'⟩, x·d + x'; its phase makes
/// φ positive where |φ| is largest. Cost: d².
///
/// # Errors
/// [`ModelError::Shape`], [`ModelError::NotFinite`], [`ModelError::NotNormalised`], and
/// [`ExpansionError::Mixed`] when F has more than one eigenvalue.
pub fn wave_function(f: &[Complex64]) -> Result<Vec<Complex64>, ExpansionError> {
    let d = f.len().isqrt();
    if d == 0 || d * d != f.len() {
        return Err(shape("F", f.len(), "(d, d)".to_owned()));
    }
    require_finite("F", f)?;
    let trace: f64 = (0..d).map(|x| f[x * d + x].re).sum();
    require_one("F", trace)?;
    let largest = (0..d).fold(0, |best, x| {
        if f[x * d + x].re > f[best * d + best].re {
            x
        } else {
            best
        }
    });
    let root = f[largest * d + largest].re.sqrt();
    let phi: Vec<Complex64> = (0..d).map(|x| f[x * d + largest] / root).collect();
    let mut distance = 0.0;
    for x in 0..d {
        for y in 0..d {
            distance += (f[x * d + y] - phi[x] * phi[y].conj()).norm_sqr();
        }
    }
    let distance = distance.sqrt();
    // A NaN must not pass either.
    if distance.is_nan() || distance > PURITY {
        let purity = f.iter().map(|z| z.norm_sqr()).sum();
        return Err(ExpansionError::Mixed { purity, distance });
    }
    normalised(d, &phi)
}

/// φ with norm 1 to rounding, after checks of its length and its norm.
pub(super) fn normalised(d: usize, phi: &[Complex64]) -> Result<Vec<Complex64>, ExpansionError> {
    if phi.len() != d {
        return Err(shape("phi", phi.len(), format!("({d},)")));
    }
    require_finite("phi", phi)?;
    let square: f64 = phi.iter().map(|z| z.norm_sqr()).sum();
    require_one("phi", square)?;
    Ok(phi.iter().map(|z| z / square.sqrt()).collect())
}

fn shape(array: &str, found: usize, expected: String) -> ExpansionError {
    ExpansionError::Model(ModelError::Shape {
        array: array.to_owned(),
        found: vec![found],
        expected,
    })
}

fn require_finite(array: &str, values: &[Complex64]) -> Result<(), ExpansionError> {
    match values.iter().position(|z| !z.is_finite()) {
        None => Ok(()),
        Some(k) => Err(ExpansionError::Model(ModelError::NotFinite {
            array: array.to_owned(),
            index: vec![k],
            found: values[k].to_string(),
        })),
    }
}

fn require_one(array: &str, found: f64) -> Result<(), ExpansionError> {
    if (found - 1.0).abs() <= NORMALISATION {
        return Ok(());
    }
    Err(ExpansionError::Model(ModelError::NotNormalised {
        array: array.to_owned(),
        found,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn projector(phi: &[Complex64]) -> Vec<Complex64> {
        phi.iter()
            .flat_map(|x| phi.iter().map(move |y| x * y.conj()))
            .collect()
    }

    #[test]
    fn law_a_pure_state_gives_its_wave_function_back() {
        let phi = [
            Complex64::new(0.0, 0.36),
            Complex64::new(0.48, -0.48),
            Complex64::new(-0.64, 0.0),
        ];
        let square: f64 = phi.iter().map(|z| z.norm_sqr()).sum();
        let phi: Vec<Complex64> = phi.iter().map(|z| z / square.sqrt()).collect();
        let found = wave_function(&projector(&phi)).unwrap();
        let phase = found[1] / phi[1];
        for (a, b) in found.iter().zip(&phi) {
            assert!((a - b * phase).norm() < 1e-15);
        }
    }

    #[test]
    fn law_what_is_not_pure_is_refused() {
        let mixed: Vec<Complex64> = [0.5, 0.0, 0.0, 0.5].map(Complex64::from).to_vec();
        let Err(ExpansionError::Mixed { purity, .. }) = wave_function(&mixed) else {
            panic!("a mixture passed");
        };
        assert!((purity - 0.5).abs() < 1e-15);
        // Pure to rounding: φ = (1, 1e-9).
        let slightly: Vec<Complex64> = [1.0, 1e-9, 1e-9, 0.0].map(Complex64::from).to_vec();
        assert!(wave_function(&slightly).is_ok());
        // The same without its mirror: not a state at all.
        let not: Vec<Complex64> = [1.0, 0.0, 1e-9, 0.0].map(Complex64::from).to_vec();
        assert!(matches!(
            wave_function(&not),
            Err(ExpansionError::Mixed { .. })
        ));
        let nan = [Complex64::from(f64::NAN); 4];
        assert!(wave_function(&nan).is_err());
        assert!(wave_function(&mixed[..3]).is_err());
        assert!(wave_function(&[Complex64::from(0.9)]).is_err());
        assert!(normalised(1, &[Complex64::from(0.9)]).is_err());
        assert!(normalised(2, &[Complex64::ONE]).is_err());
    }
}
