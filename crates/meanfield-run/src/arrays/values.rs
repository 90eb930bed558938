//! An array of results in memory.

use ndarray::{ArrayD, IxDyn};
use num_complex::Complex64;

use super::claim;
use super::write::Kind;

/// An array of result.npz: float64 or complex128, in C order.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Real numbers.
    Real(ArrayD<f64>),
    /// Complex numbers.
    Complex(ArrayD<Complex64>),
}

impl Values {
    /// The lengths of its axes, time first.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Real(array) => array.shape(),
            Self::Complex(array) => array.shape(),
        }
    }

    /// Of an npy file that [`npy_header`](super::write::npy_header) begins.
    pub(super) fn of_npy(kind: Kind, mut npy: &[u8]) -> Self {
        let header = claim::header(&mut npy).ok();
        let form = header.and_then(|(_, dictionary)| claim::form(&dictionary));
        let shape = IxDyn(&form.map_or(Vec::new(), |(_, shape)| shape));
        let (numbers, _) = npy.as_chunks::<8>();
        let numbers = numbers.iter().map(|bytes| f64::from_le_bytes(*bytes));
        let made = match kind {
            Kind::Real => ArrayD::from_shape_vec(shape, numbers.collect()).map(Self::Real),
            Kind::Complex => {
                let numbers: Vec<f64> = numbers.collect();
                let (pairs, _) = numbers.as_chunks::<2>();
                let entries = pairs.iter().map(|&[re, im]| Complex64::new(re, im));
                ArrayD::from_shape_vec(shape, entries.collect()).map(Self::Complex)
            }
        };
        made.unwrap_or_else(|_| unreachable!("the array was counted while it grew"))
    }
}
