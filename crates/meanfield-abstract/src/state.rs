//! One-body states and n-body tensors in the user's coordinates: conversion,
//! norms, positivity.

use meanfield_tensor::{Norm, Scalar, SymmetricLayout, dense, norms};
use ndarray::{Array2, ArrayD};
use num_complex::Complex64;

use crate::basis::in_every_slot;
use crate::observable::require_hermitian;
use crate::{Model, ModelError};

/// Trace norms are computed for operators of at most this many rows d^j;
/// beyond that the Hilbert–Schmidt norm stands in.
pub const LARGEST_TRACE_NORM: usize = 1024;

/// Rounding of the entries of a state that was typed in or read from a file.
const STATE_ROUNDING: f64 = 1e-10;

/// The dense user array of a packed tensor: D^j entries, one axis for each
/// particle.
#[must_use]
pub fn to_user<M: Model + ?Sized>(
    model: &M,
    layout: &SymmetricLayout,
    j: usize,
    packed: &[M::Scalar],
) -> ArrayD<Complex64> {
    let tensor = dense::from_packed(layout, j, packed).mapv(Scalar::to_complex);
    match model.capabilities().basis.user_from_engine() {
        None => tensor,
        Some(u) => in_every_slot(u, &tensor),
    }
}

/// The one-body state with the user array `values`, checked: length D, finite,
/// trace 1, positive (entries for [`Norm::L1`], eigenvalues for
/// [`Norm::Trace`]), Hermitian.
///
/// # Errors
/// [`ModelError`] saying which of these fails.
pub fn one_body_state<M: Model + ?Sized>(
    model: &M,
    array: &str,
    values: &[Complex64],
) -> Result<Vec<M::Scalar>, ModelError> {
    let space = model.space();
    let d = space.dimension();
    let levels = model.capabilities().basis.levels();
    if values.len() != d {
        return Err(ModelError::Shape {
            array: array.to_owned(),
            found: vec![values.len()],
            expected: levels.map_or_else(|| format!("({d},)"), |n| format!("({n}, {n})")),
        });
    }
    if let Some(k) = values.iter().position(|z| !z.finite()) {
        return Err(ModelError::NotFinite {
            array: array.to_owned(),
            index: vec![k],
            found: values[k].to_string(),
        });
    }
    if let Some(n) = levels {
        let matrix = Array2::from_shape_fn((n, n), |(x, y)| values[x * n + y]);
        require_hermitian(array, &matrix)?;
    }
    let engine: Vec<Complex64> = match model.capabilities().basis.engine_from_user() {
        None => values.to_vec(),
        Some(w) => w
            .rows()
            .into_iter()
            .map(|row| row.iter().zip(values).map(|(x, y)| x * y).sum())
            .collect(),
    };
    if !M::Scalar::IS_COMPLEX
        && let Some(k) = engine.iter().position(|z| z.im.abs() > STATE_ROUNDING)
    {
        return Err(ModelError::Parameter {
            key: "F",
            found: format!("complex (entry {k} is {})", engine[k]),
            expected: "real numbers for a real model".to_owned(),
        });
    }
    let f: Vec<M::Scalar> = engine.into_iter().map(M::Scalar::from_complex).collect();
    let trace = space.trace_of(&f).to_complex();
    if (trace - 1.0).norm() > STATE_ROUNDING {
        return Err(ModelError::NotNormalised {
            array: array.to_owned(),
            found: trace.re,
        });
    }
    let layout = SymmetricLayout::new(d, 1)?;
    if let Some((what, least)) = least_value(model, &layout, 1, &f)?
        && least < -STATE_ROUNDING
    {
        return Err(ModelError::NotPositive {
            array: array.to_owned(),
            what,
            found: least,
        });
    }
    Ok(f)
}

/// The norm of a packed tensor of degree `j` in the model's norm, and the norm
/// that was really used: for d^j > [`LARGEST_TRACE_NORM`] the Hilbert–Schmidt
/// norm replaces the trace norm.
///
/// # Errors
/// [`ModelError::Tensor`] for non-finite entries.
pub fn norm<M: Model + ?Sized>(
    model: &M,
    layout: &SymmetricLayout,
    j: usize,
    packed: &[M::Scalar],
) -> Result<f64, ModelError> {
    match norm_used(model, j) {
        Norm::L1 => Ok(norms::l1(layout, j, packed)),
        Norm::Trace { levels } => {
            let user = to_user(model, layout, j, packed);
            Ok(norms::trace_norm(&user, levels)?)
        }
        _ => Ok(norms::euclidean(layout, j, packed)),
    }
}

/// The norm that [`norm()`] uses for tensors of degree `j`.
#[must_use]
pub fn norm_used<M: Model + ?Sized>(model: &M, j: usize) -> Norm {
    match model.space().norm() {
        Norm::Trace { levels } if levels.pow(j as u32) > LARGEST_TRACE_NORM => Norm::Euclidean,
        norm => norm,
    }
}

/// The least entry of a classical tensor, the least eigenvalue of a quantum
/// one (up to d^j = [`LARGEST_TRACE_NORM`]); `None` where positivity has no
/// meaning or is not computed.
///
/// # Errors
/// [`ModelError::Tensor`] for non-finite entries.
pub fn least_value<M: Model + ?Sized>(
    model: &M,
    layout: &SymmetricLayout,
    j: usize,
    packed: &[M::Scalar],
) -> Result<Option<(&'static str, f64)>, ModelError> {
    Ok(match norm_used(model, j) {
        Norm::L1 => Some(("entry", norms::least_entry(packed))),
        Norm::Trace { levels } => {
            let user = to_user(model, layout, j, packed);
            Some(("eigenvalue", norms::least_eigenvalue(&user, levels)?))
        }
        _ => None,
    })
}
