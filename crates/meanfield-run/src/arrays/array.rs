//! An array a user gave, inline or in a file.

use ndarray::{Array2, Array3, Array4, ArrayD, Axis, Dimension, IxDyn};
use num_complex::Complex64;

use super::ArrayError;

/// Larger numbers have squares and products that are none.
const LARGEST: f64 = 1e100;

/// Whether a number can be computed with: finite, and not above 1e100.
pub(crate) fn is_usable(x: f64) -> bool {
    x.abs() <= LARGEST
}

/// A dense array with the name it had, complex only if the user wrote complex
/// numbers. Every entry is finite, and at most 1e100.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    name: String,
    complex: bool,
    values: ArrayD<Complex64>,
}

impl Array {
    /// An array of real numbers.
    ///
    /// # Errors
    /// [`ArrayError::NotFinite`].
    pub fn real(name: &str, values: &ArrayD<f64>) -> Result<Self, ArrayError> {
        Self::checked(name, false, values.mapv(Complex64::from))
    }

    /// An array of complex numbers.
    ///
    /// # Errors
    /// [`ArrayError::NotFinite`].
    pub fn complex(name: &str, values: ArrayD<Complex64>) -> Result<Self, ArrayError> {
        Self::checked(name, true, values)
    }

    fn checked(name: &str, complex: bool, values: ArrayD<Complex64>) -> Result<Self, ArrayError> {
        let bad = values.indexed_iter().find(|(_, z)| !is_usable(z.norm()));
        if let Some((index, z)) = bad {
            return Err(ArrayError::NotFinite {
                name: name.to_owned(),
                index: index.slice().to_vec(),
                found: shown(z),
            });
        }
        Ok(Self {
            name: name.to_owned(),
            complex,
            values,
        })
    }

    /// Whether complex numbers were written.
    pub fn is_complex(&self) -> bool {
        self.complex
    }

    /// How many entries are not 0.
    pub fn nonzero(&self) -> usize {
        self.values.iter().filter(|z| z.norm() > 0.0).count()
    }

    /// The shape.
    pub fn shape(&self) -> &[usize] {
        self.values.shape()
    }

    /// The entries in C order.
    pub fn into_vec(self) -> Vec<Complex64> {
        self.values.iter().copied().collect()
    }

    /// Of an array that the program wrote, with the time as one axis more than `rank`, the
    /// last time; any other as it is.
    pub fn at_last_time(mut self, rank: usize) -> Self {
        if self.values.ndim() == rank + 1
            && let Some(last) = self.values.shape()[0].checked_sub(1)
        {
            self.values.index_axis_inplace(Axis(0), last);
        }
        self
    }

    /// The same numbers, D = d² of them, as a d×d matrix.
    pub fn square(mut self) -> Self {
        let d = self.values.len().isqrt();
        let flat: Vec<Complex64> = self.values.iter().copied().collect();
        if d * d == flat.len()
            && let Ok(matrix) = ArrayD::from_shape_vec(IxDyn(&[d, d]), flat)
        {
            self.values = matrix;
        }
        self
    }

    /// Requires a number of axes.
    ///
    /// # Errors
    /// [`ArrayError::Rank`].
    pub fn of_rank(self, rank: usize, expected: &str) -> Result<Self, ArrayError> {
        if self.values.ndim() == rank {
            return Ok(self);
        }
        Err(ArrayError::Rank {
            name: self.name,
            found: self.values.shape().to_vec(),
            expected: expected.to_owned(),
        })
    }

    /// The array as a matrix.
    ///
    /// # Errors
    /// [`ArrayError::Rank`].
    pub fn matrix(&self) -> Result<Array2<Complex64>, ArrayError> {
        let fixed = self.values.clone().into_dimensionality();
        fixed.map_err(|_| self.rank_error("two axes"))
    }

    /// The matrices along the first of three axes.
    ///
    /// # Errors
    /// [`ArrayError::Rank`].
    pub fn matrices(&self) -> Result<Vec<Array2<Complex64>>, ArrayError> {
        let fixed: Result<Array3<Complex64>, _> = self.values.clone().into_dimensionality();
        match fixed {
            Ok(array) => Ok(array.outer_iter().map(|m| m.to_owned()).collect()),
            Err(_) => Err(self.rank_error("three axes")),
        }
    }

    /// The array with four axes.
    ///
    /// # Errors
    /// [`ArrayError::Rank`].
    pub fn four(&self) -> Result<Array4<Complex64>, ArrayError> {
        let fixed = self.values.clone().into_dimensionality();
        fixed.map_err(|_| self.rank_error("four axes"))
    }

    fn rank_error(&self, expected: &str) -> ArrayError {
        ArrayError::Rank {
            name: self.name.clone(),
            found: self.values.shape().to_vec(),
            expected: expected.to_owned(),
        }
    }

    /// Requires real numbers.
    ///
    /// # Errors
    /// [`ArrayError::Complex`] with the first entry that is not real.
    pub fn require_real(&self) -> Result<(), ArrayError> {
        match self.values.indexed_iter().find(|(_, z)| z.im != 0.0) {
            None => Ok(()),
            Some((index, z)) => Err(ArrayError::Complex {
                name: self.name.clone(),
                index: index.slice().to_vec(),
                found: shown(z),
            }),
        }
    }

    /// The entries as state numbers, in C order.
    ///
    /// # Errors
    /// [`ArrayError::NotAnIndex`].
    pub fn indices(&self) -> Result<Vec<usize>, ArrayError> {
        let entries = self.values.indexed_iter();
        entries
            .map(|(index, z)| {
                // 2^32 states are more than any computer holds pairs of.
                let whole = z.im == 0.0 && z.re >= 0.0 && z.re.fract() == 0.0 && z.re < 4e9;
                if whole {
                    Ok(z.re as usize)
                } else {
                    Err(ArrayError::NotAnIndex {
                        name: self.name.clone(),
                        index: index.slice().to_vec(),
                        found: shown(z),
                    })
                }
            })
            .collect()
    }
}

fn shown(z: &Complex64) -> String {
    // In the shortest form that is read back as the same: 1e200, not its 201 digits.
    if z.im == 0.0 {
        format!("{:?}", z.re)
    } else {
        format!("{:?}{:+?}i", z.re, z.im)
    }
}
