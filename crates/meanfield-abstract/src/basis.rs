//! The engine's one-body basis against the arrays a user reads and writes.

use ndarray::{Array2, ArrayD, IxDyn};
use num_complex::Complex64;

/// How one slot of the engine relates to one particle's index in user arrays.
///
/// For a quantum model the user's index of a particle is x·d + x', the matrix
/// element ⟨x|·|x'⟩ in an orthonormal basis; the engine may work in another
/// basis of the same space.
pub trait Basis: Send + Sync {
    /// Dimension d of the one-particle Hilbert space, `None` for a classical
    /// model.
    fn levels(&self) -> Option<usize>;

    /// Whether user arrays are complex.
    fn is_complex(&self) -> bool;

    /// The matrix U (D×D) with user = U·engine in every slot; `None` when the
    /// two agree.
    fn user_from_engine(&self) -> Option<&Array2<Complex64>> {
        None
    }

    /// The matrix with engine = W·user in every slot; `None` when they agree.
    fn engine_from_user(&self) -> Option<&Array2<Complex64>> {
        None
    }

    /// The user array of ½(ab + ba) from those of two observables: entry by
    /// entry for a classical model, the matrix product for a quantum one. A
    /// basis in which an observable is not a list of its values (Hermite
    /// functions) has a product of its own.
    fn product(&self, a: &[Complex64], b: &[Complex64]) -> Vec<Complex64> {
        let Some(levels) = self.levels() else {
            return a.iter().zip(b).map(|(x, y)| x * y).collect();
        };
        let matrix = |values: &[Complex64]| {
            Array2::from_shape_fn((levels, levels), |(x, y)| values[x * levels + y])
        };
        let (a, b) = (matrix(a), matrix(b));
        let sum = a.dot(&b) + b.dot(&a);
        sum.into_iter().map(|z| z * 0.5).collect()
    }

    /// Whether [`product`](Basis::product) of a with itself is a² and not a part
    /// of it: a polynomial of high degree has none in a basis of low degree.
    /// Without it there is no variance.
    fn holds_square(&self, a: &[Complex64]) -> bool {
        let _ = a;
        true
    }
}

/// The engine works with the user's arrays themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserBasis {
    /// d for matrix elements, `None` for a classical model.
    pub levels: Option<usize>,
    /// Whether the arrays are complex.
    pub complex: bool,
    /// Whether one-body arrays are values on states, or matrices, so that a² is their square:
    /// coordinates with another trace functional are not.
    pub values: bool,
}

impl UserBasis {
    /// Real arrays over classical states.
    pub const CLASSICAL: Self = Self {
        levels: None,
        complex: false,
        values: true,
    };
}

impl Basis for UserBasis {
    fn levels(&self) -> Option<usize> {
        self.levels
    }
    fn is_complex(&self) -> bool {
        self.complex
    }
    fn holds_square(&self, _a: &[Complex64]) -> bool {
        self.values
    }
}

/// Applies a D×D matrix to every slot of a dense tensor. Cost: j·D^{j+1}.
#[must_use]
pub fn in_every_slot(matrix: &Array2<Complex64>, tensor: &ArrayD<Complex64>) -> ArrayD<Complex64> {
    let d = matrix.ncols();
    let mut out = tensor.clone();
    for _ in 0..tensor.ndim() {
        // Acting on the first slot and moving it to the end, j times, visits
        // every slot and restores the order.
        let columns = out.len() / d;
        let Ok(panel) = out.view().into_shape_with_order((d, columns)) else {
            unreachable!("a fresh tensor is in standard layout");
        };
        let image = matrix.dot(&panel);
        let Ok(moved) = ArrayD::from_shape_vec(
            IxDyn(&vec![d; tensor.ndim()]),
            image.t().iter().copied().collect(),
        ) else {
            unreachable!("the image has the shape of the tensor");
        };
        out = moved;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr2;

    #[test]
    fn law_every_slot_is_transformed_once() {
        let c = Complex64::from;
        let m = arr2(&[[c(1.0), c(2.0)], [c(0.0), c(3.0)]]);
        let t = ArrayD::from_shape_fn(
            IxDyn(&[2, 2, 2]),
            |i| c((i[0] * 4 + i[1] * 2 + i[2]) as f64),
        );
        let image = in_every_slot(&m, &t);
        for index in ndarray::indices(IxDyn(&[2, 2, 2])) {
            let mut sum = c(0.0);
            for (from, &value) in t.indexed_iter() {
                sum += m[[index[0], from[0]]]
                    * m[[index[1], from[1]]]
                    * m[[index[2], from[2]]]
                    * value;
            }
            assert_eq!(image[index], sum);
        }
    }
}
