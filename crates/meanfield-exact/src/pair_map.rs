//! The generator as one operator on symmetric pairs.
//!
//! Σ_i K_i + (1/N) Σ_{i<j} V_ij = Σ_{i<j} W_ij with W = V/N + (K⊗1 + 1⊗K)/(N−1):
//! for N ≥ 2 a single pair operator generates everything. On a symmetric
//! tensor only pairs a ≤ b occur: D(D+1)/2 rows instead of D². Further terms whose factor
//! does not change in time are in W, times c N^{−p}.

use meanfield_abstract::{Hamiltonian, Model};
use meanfield_tensor::{Scalar, linalg, packed_len};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};
use num_complex::Complex64;

use crate::ExactError;
use crate::parts::{self, Part};

/// Up to this many symmetric pairs W is tabulated (2 MiB of real numbers);
/// beyond, the model's own operators act on panels.
const TABULATED_ROWS: usize = 512;
/// Above this share of non-zero entries a matrix product beats a list of
/// entries (measured break-even between 5 and 15 %).
const DENSE_SHARE: f64 = 0.1;

/// A linear map on panels whose rows are the pairs a ≤ b, in the order of
/// [`pairs`]; for N = 1 the rows are the one-body states.
pub(crate) enum PairMap<'a, S> {
    /// A matrix.
    Dense(Array2<S>),
    /// Entries (row, column, value).
    List(usize, Vec<(usize, usize, S)>),
    /// The model's operators.
    Model(
        usize,
        Box<dyn Fn(ArrayView2<'_, S>, ArrayViewMut2<'_, S>) + 'a>,
    ),
}

/// The pairs a ≤ b below `dimension`.
pub(crate) fn pairs(dimension: usize) -> Vec<(usize, usize)> {
    (0..dimension)
        .flat_map(|a| (a..dimension).map(move |b| (a, b)))
        .collect()
}

/// Number of rows of the map: D(D+1)/2, or D for one particle.
pub(crate) fn rows(dimension: usize, n: usize) -> usize {
    if n == 1 {
        dimension
    } else {
        packed_len(dimension, 2).unwrap_or(usize::MAX)
    }
}

/// Bytes of a tabulated map over scalars of `size` bytes, an upper bound.
pub(crate) fn table_bytes(rows: usize, size: usize) -> usize {
    rows.saturating_mul(rows).saturating_mul(size)
}

/// Whether a model's map is tabulated.
pub(crate) fn is_tabulated(rows: usize) -> bool {
    rows <= TABULATED_ROWS
}

impl<'a, S: Scalar> PairMap<'a, S> {
    /// The generator of N particles of a model, all of it that does not change in time.
    pub(crate) fn of_model(model: &'a dyn Model<Scalar = S>, n: usize) -> Self {
        Self::of_parts(parts::constant(model, n), n)
    }

    /// The generator of N particles that is a sum of operators.
    ///
    /// `y[a≤b] = ½ Σ (W x)` over the distinct orders of (a, b), x being the
    /// same in both orders: adding y to the entries γ+a+b is then the sum over
    /// unordered pairs of slots.
    pub(crate) fn of_parts(parts: Vec<Part<'a, S>>, n: usize) -> Self {
        let dimension = parts
            .first()
            .map_or(0, |(_, model)| model.space().dimension());
        Self::Model(
            rows(dimension, n),
            Box::new(move |x, mut y| {
                for &(c, model) in &parts {
                    if n == 1 {
                        model.add_k(S::from_re(c), x, y.view_mut());
                    } else {
                        add_model((c, model), n as f64, x, y.view_mut());
                    }
                }
            }),
        )
    }

    /// A matrix, or the list of its entries where that is faster.
    pub(crate) fn of_matrix(matrix: Array2<S>) -> Self {
        let zero = S::from_re(0.0);
        let entries: Vec<_> = matrix
            .indexed_iter()
            .filter(|&(_, &value)| value != zero)
            .map(|((row, column), &value)| (row, column, value))
            .collect();
        if entries.len() as f64 > DENSE_SHARE * matrix.len() as f64 {
            Self::Dense(matrix)
        } else {
            Self::List(matrix.nrows(), entries)
        }
    }

    /// Its matrix, where that is small enough.
    pub(crate) fn table(&self) -> Option<Array2<S>> {
        let rows = self.rows();
        if !is_tabulated(rows) {
            return None;
        }
        let mut matrix = Array2::zeros((rows, rows));
        self.add(Array2::eye(rows).view(), matrix.view_mut());
        Some(matrix)
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.nrows(),
            Self::List(rows, _) | Self::Model(rows, _) => *rows,
        }
    }

    /// `y += W x` for panels of as many columns.
    pub(crate) fn add(&self, x: ArrayView2<'_, S>, mut y: ArrayViewMut2<'_, S>) {
        match self {
            Self::Dense(matrix) => linalg::gemm(S::from_re(1.0), matrix.view(), x, y),
            Self::List(_, entries) => {
                for &(row, column, value) in entries {
                    y.row_mut(row).scaled_add(value, &x.row(column));
                }
            }
            Self::Model(_, apply) => apply(x, y),
        }
    }
}

/// The map of a model as a matrix, where it is small enough.
pub(crate) fn tabulated<S: Scalar>(model: &dyn Model<Scalar = S>, n: usize) -> Option<Array2<S>> {
    PairMap::of_model(model, n).table()
}

/// `y += c W x` on symmetric pairs through the model's panels of D² rows.
pub(crate) fn add_model<S: Scalar>(
    (c, model): Part<'_, S>,
    n: f64,
    x: ArrayView2<'_, S>,
    mut y: ArrayViewMut2<'_, S>,
) {
    let (d, width) = (model.space().dimension(), x.ncols());
    let pairs = pairs(d);
    let mut full = Array2::zeros((d * d, width));
    for (row, &(a, b)) in pairs.iter().enumerate() {
        full.row_mut(a * d + b).assign(&x.row(row));
        full.row_mut(b * d + a).assign(&x.row(row));
    }
    let mut image = Array2::zeros((d * d, width));
    model
        .interaction()
        .add_pair(S::from_re(c * (1.0 / n)), full.view(), image.view_mut());
    if !model.capabilities().k_is_zero {
        // K⊗1 acts on the first slot: the second one and the columns are its
        // columns. Both orders are added up below, so 1⊗K is K⊗1 once more.
        let twice = S::from_re(c * (2.0 / (n - 1.0)));
        let input = full.view().into_shape_with_order((d, d * width));
        let output = image.view_mut().into_shape_with_order((d, d * width));
        match (input, output) {
            (Ok(input), Ok(output)) => model.add_k(twice, input, output),
            _ => unreachable!("a fresh panel is in standard layout"),
        }
    }
    let half = S::from_re(0.5);
    for (row, &(a, b)) in pairs.iter().enumerate() {
        let mut out = y.row_mut(row);
        out.scaled_add(half, &image.slice(s![a * d + b, ..]));
        if a != b {
            out.scaled_add(half, &image.slice(s![b * d + a, ..]));
        }
    }
}

/// h (d×d) and v (d²×d²) of a Hamiltonian.
///
/// # Errors
/// [`ExactError::HamiltonianShape`].
pub(crate) fn hamiltonian_arrays(
    hamiltonian: &dyn Hamiltonian,
) -> Result<(Array2<Complex64>, Array2<Complex64>), ExactError> {
    let d = hamiltonian.levels();
    let (h, v) = (hamiltonian.one_body(), hamiltonian.pair());
    shape("one-body matrix", &h, d)?;
    shape("pair matrix", &v, d * d)?;
    Ok((h, v))
}

/// The pair operator W = v/N + (h⊗1 + 1⊗h)/(N−1) of a Hamiltonian, d²×d²; for
/// N = 1 it is h itself.
///
/// # Errors
/// [`ExactError::HamiltonianShape`].
pub(crate) fn hamiltonian_pair(
    hamiltonian: &dyn Hamiltonian,
    n: usize,
) -> Result<Array2<Complex64>, ExactError> {
    let d = hamiltonian.levels();
    let (h, v) = hamiltonian_arrays(hamiltonian)?;
    if n == 1 {
        return Ok(h);
    }
    let (of_v, of_h) = (1.0 / n as f64, 1.0 / (n as f64 - 1.0));
    let mut w = v.mapv(|x| x * of_v);
    for a in 0..d {
        for c in 0..d {
            for b in 0..d {
                w[[a * d + b, c * d + b]] += h[[a, c]] * of_h;
                w[[b * d + a, b * d + c]] += h[[a, c]] * of_h;
            }
        }
    }
    Ok(w)
}

fn shape(what: &'static str, a: &Array2<Complex64>, expected: usize) -> Result<(), ExactError> {
    if a.dim() == (expected, expected) {
        return Ok(());
    }
    Err(ExactError::HamiltonianShape {
        what,
        found: a.shape().to_vec(),
        expected,
    })
}

/// A pair operator restricted to symmetric pairs: ½ Σ over the distinct orders
/// of (a, b) and of (c, e) of W[ab, ce].
pub(crate) fn fold(w: &Array2<Complex64>, d: usize) -> Array2<Complex64> {
    let pairs = pairs(d);
    let orders = |(a, b): (usize, usize)| {
        let swapped = (a != b).then_some(b * d + a);
        std::iter::once(a * d + b).chain(swapped)
    };
    Array2::from_shape_fn((pairs.len(), pairs.len()), |(row, column)| {
        let mut sum = Complex64::from(0.0);
        for ab in orders(pairs[row]) {
            for ce in orders(pairs[column]) {
                sum += w[[ab, ce]] * 0.5;
            }
        }
        sum
    })
}
