//! d wave functions at a time: transforms of both indices of a matrix, tile by
//! tile transposition, and work shared in fixed blocks.
//!
//! A d×d matrix is stored column by column: entry (x, y) is number y·d + x, so
//! that each column is a contiguous wave function.

use meanfield_abstract::PositionHamiltonian;
use num_complex::Complex64;
use rayon::prelude::*;

/// Columns that one task handles: results do not depend on the number of
/// threads, and 16 columns of 512 points stay in the second-level cache.
pub(super) const COLUMNS: usize = 16;
/// Side of the tiles of a transposition: two of them fit the first-level cache.
const TILE: usize = 16;

/// Which basis a transform leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Position,
    Momentum,
}

/// How the second index of a matrix transforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As the first: α, W α Wᵀ.
    Symmetric,
    /// As its conjugate: γ, W γ W†.
    Hermitian,
}

/// Calls `work(first column, columns)` on fixed blocks of columns.
pub(super) fn in_blocks(
    d: usize,
    matrix: &mut [Complex64],
    work: impl Fn(usize, &mut [Complex64]) + Send + Sync,
) {
    matrix
        .par_chunks_mut(COLUMNS * d)
        .enumerate()
        .for_each(|(block, columns)| work(block * COLUMNS, columns));
}

fn waves(model: &dyn PositionHamiltonian, into: Target, waves: &mut [Complex64]) {
    match into {
        Target::Position => model.to_position(waves),
        Target::Momentum => model.to_momentum(waves),
    }
}

/// Transforms one wave function.
pub(super) fn vector(model: &dyn PositionHamiltonian, into: Target, wave: &mut [Complex64]) {
    waves(model, into, wave);
}

/// Transforms both indices of a symmetric or Hermitian matrix: the columns of
/// A give WA, whose transpose (adjoint) is AWᵀ (AW†) as A is its own. Cost: 2d
/// transforms.
pub(super) fn matrix(
    model: &dyn PositionHamiltonian,
    into: Target,
    kind: Kind,
    matrix: &mut [Complex64],
) {
    let d = model.points();
    in_blocks(d, matrix, |_, columns| waves(model, into, columns));
    transpose(d, kind, matrix);
    in_blocks(d, matrix, |_, columns| waves(model, into, columns));
}

/// A ← Aᵀ, or A†.
fn transpose(d: usize, kind: Kind, matrix: &mut [Complex64]) {
    let image = |z: Complex64| match kind {
        Kind::Symmetric => z,
        Kind::Hermitian => z.conj(),
    };
    for row in (0..d).step_by(TILE) {
        for column in (row..d).step_by(TILE) {
            for x in row..(row + TILE).min(d) {
                for y in column.max(x)..(column + TILE).min(d) {
                    let (here, there) = (y * d + x, x * d + y);
                    (matrix[here], matrix[there]) = (image(matrix[there]), image(matrix[here]));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield_abstract::Sites;
    use meanfield_abstract::problems::Noise;
    use ndarray::Array2;

    #[test]
    fn law_both_indices_transform_as_those_of_a_product() {
        // More points than a tile and a block of columns.
        let d = 19;
        let mut noise = Noise::new(3);
        let half: Array2<Complex64> = Array2::from_shape_fn((d, d), |_| noise.scalar());
        let hopping = &half + &half.t().mapv(|z| z.conj());
        let model = Sites::new(&hopping, &vec![0.0; d], &Array2::zeros((d, d)), 1.0).unwrap();
        let u: Vec<Complex64> = (0..d).map(|_| noise.scalar()).collect();
        let mut image = u.clone();
        vector(&model, Target::Momentum, &mut image);
        for kind in [Kind::Symmetric, Kind::Hermitian] {
            let outer = |u: &[Complex64]| -> Vec<Complex64> {
                let entry = |k: usize| match kind {
                    Kind::Symmetric => u[k % d] * u[k / d],
                    Kind::Hermitian => u[k % d] * u[k / d].conj(),
                };
                (0..d * d).map(entry).collect()
            };
            let mut found = outer(&u);
            matrix(&model, Target::Momentum, kind, &mut found);
            for (a, b) in found.iter().zip(outer(&image)) {
                assert!((a - b).norm() < 1e-12, "{kind:?}: {a} against {b}");
            }
            matrix(&model, Target::Position, kind, &mut found);
            for (a, b) in found.iter().zip(outer(&u)) {
                assert!((a - b).norm() < 1e-12, "{kind:?}: {a} against {b}");
            }
        }
    }
}
