//! Ranges of named parameters.

use meanfield_abstract::ModelError;

/// Any finite number.
pub(crate) fn finite(key: &'static str, value: f64) -> Result<f64, ModelError> {
    if value.is_finite() {
        return Ok(value);
    }
    refused(key, value, "a finite number")
}

/// A finite number that is at least 0.
pub(crate) fn not_negative(key: &'static str, value: f64) -> Result<f64, ModelError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    refused(key, value, "a finite number, at least 0")
}

/// A finite number greater than 0.
pub(crate) fn positive(key: &'static str, value: f64) -> Result<f64, ModelError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    refused(key, value, "a positive number")
}

/// The error for a value that is none of what was expected.
pub(crate) fn refused<T>(
    key: &'static str,
    found: impl std::fmt::Display,
    expected: impl Into<String>,
) -> Result<T, ModelError> {
    Err(ModelError::Parameter {
        key,
        found: found.to_string(),
        expected: expected.into(),
    })
}
