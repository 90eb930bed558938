//! g_{2,0} at the end, as a table of real numbers that can be drawn.

use meanfield::abstract_model::{Model, PairTensor};
use meanfield::expansion::Moments;
use meanfield::tensor::Scalar;
use num_complex::Complex64;

/// At most this many rows are kept; of more, sums over blocks.
const MOST_ROWS: usize = 128;
/// Nothing is kept of more than this many rows.
const MOST_STATES: usize = 4096;

/// What the rows and columns of a [`Correlation`] stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Entries of a one-body array of a classical model.
    Entries,
    /// The levels of a quantum model: their populations.
    Levels,
    /// σx, σy, σz of a system of two levels.
    Spin,
}

/// ⟨g_{2,0}, a⊗b⟩ for a list of one-body functionals.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// What the functionals are.
    pub rows: Rows,
    /// How many of them make a row: their sum, or the trace of these entries.
    pub block: usize,
    /// Rows, and columns.
    pub size: usize,
    /// The values, row by row.
    pub values: Vec<f64>,
}

impl Correlation {
    /// The leading correlation in `moments`; `None` where nothing is known of
    /// correlations, or there is too much to draw. Of `together` entries at a
    /// time, the velocities at a place say, it keeps the trace.
    pub(super) fn of<S: Scalar>(
        model: &dyn Model<Scalar = S>,
        moments: &(impl Moments<S> + ?Sized),
        together: usize,
    ) -> Option<Self> {
        let pairs = moments.correlation();
        let g = pairs.first()?;
        let dimension = model.space().dimension();
        let (rows, functionals) = functionals(model);
        let count = functionals.as_ref().map_or(dimension, Vec::len);
        let count = match rows {
            Rows::Levels => model.capabilities().basis.levels().unwrap_or(count),
            _ => count,
        };
        if count > MOST_STATES {
            return None;
        }
        let (block, size) = match rows {
            Rows::Entries => blocks(count / together.max(1)),
            _ => blocks(count),
        };
        let block = match rows {
            Rows::Entries => block * together.max(1),
            _ => block,
        };
        let weight = |k: usize| match rows {
            Rows::Entries if block > 1 => model.space().trace()[k].re(),
            _ => 1.0,
        };
        let mut values = vec![0.0; size * size];
        for a in 0..count {
            for b in 0..count {
                let value = match (&functionals, rows) {
                    (Some(list), _) => g.contract(&list[a], &list[b]),
                    // Without a basis of its own the engine has ⟨x|·|x⟩ at x·d + x.
                    (None, Rows::Levels) => g.entry(a * (count + 1), b * (count + 1)),
                    (None, _) => g.entry(a, b),
                };
                values[(a / block) * size + b / block] += weight(a) * weight(b) * value.re();
            }
        }
        Some(Self {
            rows,
            block,
            size,
            values,
        })
    }
}

/// How many rows are summed to one, and how many are left: as few as can be
/// drawn, in blocks of one size where there are such.
fn blocks(count: usize) -> (usize, usize) {
    let least = count.div_ceil(MOST_ROWS).max(1);
    let even = (least..=2 * least).find(|block| count.is_multiple_of(*block));
    let block = even.unwrap_or(least);
    (block, count.div_ceil(block))
}

/// The functionals in engine coordinates; none where they are the entries
/// themselves.
fn functionals<S: Scalar>(model: &dyn Model<Scalar = S>) -> (Rows, Option<Vec<Vec<S>>>) {
    let basis = model.capabilities().basis;
    let dimension = model.space().dimension();
    let (rows, list): (Rows, Vec<Vec<(usize, Complex64)>>) = match basis.levels() {
        Some(2) => (Rows::Spin, spin()),
        Some(levels) => {
            let one = |x: usize| vec![(x * (levels + 1), Complex64::ONE)];
            (Rows::Levels, (0..levels).map(one).collect())
        }
        None => {
            let one = |x: usize| vec![(x, Complex64::ONE)];
            (Rows::Entries, (0..dimension).map(one).collect())
        }
    };
    let matrix = basis.user_from_engine();
    if matrix.is_none() && rows != Rows::Spin {
        return (rows, None);
    }
    let engine = |functional: &Vec<(usize, Complex64)>| -> Vec<S> {
        let at = |k: usize| {
            let terms = functional.iter();
            terms
                .map(|&(user, c)| match matrix {
                    Some(u) => c * u[[user, k]],
                    None if user == k => c,
                    None => Complex64::ZERO,
                })
                .sum()
        };
        (0..dimension).map(|k| S::from_complex(at(k))).collect()
    };
    (rows, Some(list.iter().map(engine).collect()))
}

/// X ↦ Tr(σ X) for the three Pauli matrices, in user coordinates x·2 + x':
/// level 0 is spin up.
fn spin() -> Vec<Vec<(usize, Complex64)>> {
    let (one, i) = (Complex64::ONE, Complex64::I);
    vec![
        vec![(1, one), (2, one)],
        // σy[x', x] X[x, x']: σy = [[0, −i], [i, 0]].
        vec![(1, i), (2, -i)],
        vec![(0, one), (3, -one)],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield::abstract_model::Series;
    use meanfield::expansion::PairTerm;
    use meanfield::models::levels::{Dissipation, OneAxisTwisting};
    use meanfield::tensor::SymmetricLayout;

    /// A state whose leading correlation is one packed tensor.
    struct Given<'a>(&'a SymmetricLayout, &'a [f64]);

    impl Moments<f64> for Given<'_> {
        fn first(&self) -> Vec<&[f64]> {
            Vec::new()
        }
        fn correlation(&self) -> Vec<PairTerm<'_, f64>> {
            vec![PairTerm::packed(self.0, self.1, 1.0)]
        }
        fn second(&self) -> Option<Vec<PairTerm<'_, f64>>> {
            None
        }
        fn one_minus_inverse(&self, terms: usize) -> Series {
            Series::constant(1.0, terms)
        }
    }

    #[test]
    fn law_of_two_levels_the_correlations_are_those_of_the_spin() {
        let model = OneAxisTwisting { chi: 1.0 }
            .model(Dissipation::default(), 1.0)
            .unwrap();
        let layout = SymmetricLayout::new(4, 2).unwrap();
        // ½(X⊗Y + Y⊗X) for X with Bloch vector x and Y with y, trace 0.
        let (x, y) = ([0.0, 0.1, 0.2, 0.3], [0.0, -0.5, 0.4, 0.7]);
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let mut dense = ndarray::ArrayD::zeros(vec![4, 4]);
        for a in 0..4 {
            for b in 0..4 {
                dense[[a, b]] = 0.25 * (x[a] * y[b] + y[a] * x[b]);
            }
        }
        let packed = meanfield::tensor::dense::to_packed(&layout, &dense);
        let found = Correlation::of(&model, &Given(&layout, &packed), 1).unwrap();
        assert_eq!((found.rows, found.size, found.block), (Rows::Spin, 3, 1));
        // σ_a has the coordinate √2 along B_a.
        let scale = (1.0 / half).powi(2);
        for a in 0..3 {
            for b in 0..3 {
                let expected = scale * dense[[a + 1, b + 1]];
                assert!(
                    (found.values[3 * a + b] - expected).abs() < 1e-14,
                    "{a} {b}"
                );
            }
        }
    }

    #[test]
    fn law_blocks_hold_every_row_and_are_even_where_they_can_be() {
        for (count, expected) in [
            (3, (1, 3)),
            (128, (1, 128)),
            (200, (2, 100)),
            (129, (3, 43)),
            (131, (2, 66)),
        ] {
            assert_eq!(blocks(count), expected, "{count}");
            assert!(expected.0 * expected.1 >= count);
        }
    }
}
