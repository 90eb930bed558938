//! Everything that needs every rate once, in one pass over them: where there are many,
//! reading them is what takes the time.

use std::ops::Range;

use meanfield_tensor::{Kernel, Scalar, pair_count, pair_rows, vectorised};

use super::{Rates, Transitions};
use crate::ModelError;

/// Partial sums of a dot product: a few vectors, since one waits for itself.
const PARTS: usize = 32;
/// Rows of pairs that are unpacked together.
const ROWS: usize = 128;
/// Rows from this length on lie further apart, by no multiple of a page.
const LONG: usize = 64;
const APART: usize = 8;

/// What the interaction gives to one slot, beside a state F and a symmetric
/// correlation G of two: Q(F, F) and Tr²(V G), which yQ(w'w' + w''/N) has in degree 1.
pub struct Sources<'a, S> {
    /// G, packed; none where Tr²(V G) is not asked for.
    pub pairs: Option<&'a [S]>,
    /// `+= Tr²(V G)`, D numbers, or none.
    pub of_pairs: &'a mut [S],
    /// `+= Q(F, F)`, D numbers, or none.
    pub of_state: &'a mut [S],
    /// Room to unpack rows of G in, one of D + 8 numbers at the least; overwritten.
    pub room: &'a mut [S],
}

impl<S> Sources<'_, S> {
    /// Nothing is asked for.
    #[must_use]
    pub fn none() -> Self {
        Self {
            pairs: None,
            of_pairs: &mut [],
            of_state: &mut [],
            room: &mut [],
        }
    }
}

/// How far the rows of G lie apart.
fn stride(d: usize) -> usize {
    if d < LONG { d } else { d + APART }
}

/// Refuses an F, and sources, of another dimension than d.
pub(super) fn check<S>(d: usize, f: &[S], sources: &Sources<'_, S>) -> Result<(), ModelError> {
    let refuse = |array: &str, found: usize, expected: String| {
        Err(ModelError::Shape {
            array: array.to_owned(),
            found: vec![found],
            expected,
        })
    };
    if f.len() != d {
        return refuse("f", f.len(), format!("({d})"));
    }
    for (array, of) in [
        ("of_pairs", &sources.of_pairs),
        ("of_state", &sources.of_state),
    ] {
        if !of.is_empty() && of.len() != d {
            return refuse(array, of.len(), format!("({d}) or none"));
        }
    }
    if let Some(pairs) = sources.pairs {
        if pairs.len() != pair_count(d) {
            return refuse("pairs", pairs.len(), format!("({})", pair_count(d)));
        }
        if sources.room.len() < stride(d) {
            let expected = format!("at least ({})", stride(d));
            return refuse("room", sources.room.len(), expected);
        }
    }
    Ok(())
}

/// Adds the sources and, if MATRIX is set, Δ_1 to a D×D matrix.
pub(super) fn run<S: Scalar, const MATRIX: bool>(
    list: &Transitions<S>,
    f: &[S],
    matrix: &mut [S],
    sources: &mut Sources<'_, S>,
) {
    let d = list.dimension;
    let stride = stride(d);
    let count = match sources.pairs {
        Some(_) => (sources.room.len() / stride).clamp(1, ROWS),
        None => d,
    };
    for first in (0..d).step_by(count) {
        let states = first..(first + count).min(d);
        let rows: &[S] = match sources.pairs {
            Some(pairs) => {
                let room = &mut sources.room[..states.len() * stride];
                pair_rows(d, pairs, states.clone(), stride, room)
                    .expect("G is packed, and its rows have room");
                room
            }
            None => &[],
        };
        vectorised(Pass::<_, MATRIX> {
            list,
            f,
            states,
            rows,
            stride,
            matrix: &mut *matrix,
            of_pairs: &mut *sources.of_pairs,
            of_state: &mut *sources.of_state,
        });
    }
}

/// The part of the rates out of some states.
struct Pass<'a, S, const MATRIX: bool> {
    list: &'a Transitions<S>,
    f: &'a [S],
    states: Range<usize>,
    /// The rows of G for these states, or nothing.
    rows: &'a [S],
    stride: usize,
    matrix: &'a mut [S],
    of_pairs: &'a mut [S],
    of_state: &'a mut [S],
}

impl<S: Scalar, const MATRIX: bool> Kernel for Pass<'_, S, MATRIX> {
    #[inline(always)]
    fn run(mut self) {
        let d = self.list.dimension;
        for (k, c) in self.states.clone().enumerate() {
            match self.rows.is_empty() {
                true => self.out_of(c, &[]),
                false => self.out_of(c, &self.rows[k * self.stride..][..d]),
            }
        }
    }
}

impl<'a, S: Scalar, const MATRIX: bool> Pass<'a, S, MATRIX> {
    /// The channels out of c, with the row c of G, if there is one.
    #[inline(always)]
    fn out_of(&mut self, c: usize, row: &'a [S]) {
        let (list, zero) = (self.list, S::from_re(0.0));
        let (d, at_c) = (list.dimension, self.f[c]);
        let paired = !row.is_empty();
        for channel in list.leaving(c) {
            let (mut of_f, mut of_g) = (zero, zero);
            match &list.rates {
                // One after the other, in the order they lie in: that is what the
                // memory is fast at. For Δ_1 they are still in the first cache.
                Rates::Whole(rates) => {
                    let rates = rates.row(channel).to_slice().unwrap_or(&[]);
                    of_f = dot(rates, self.f);
                    if paired {
                        of_g = dot(rates, row);
                    }
                    if MATRIX {
                        for &(a, share) in list.targets(channel) {
                            let (weight, a) = (share * at_c, a as usize);
                            let image = &mut self.matrix[a * d..][..d];
                            for (x, &rate) in image.iter_mut().zip(rates) {
                                *x += rate * weight;
                            }
                        }
                    }
                }
                Rates::Listed(rates) => {
                    for k in rates.start[channel]..rates.start[channel + 1] {
                        let (e, rate) = (rates.column[k] as usize, rates.value[k]);
                        of_f += rate * self.f[e];
                        if paired {
                            of_g += rate * row[e];
                        }
                        if MATRIX {
                            for &(a, share) in list.targets(channel) {
                                self.matrix[a as usize * d + e] += rate * share * at_c;
                            }
                        }
                    }
                }
            }
            for &(a, share) in list.targets(channel) {
                let a = a as usize;
                if MATRIX {
                    self.matrix[a * d + c] += share * of_f;
                }
                if let Some(x) = self.of_pairs.get_mut(a) {
                    *x += share * of_g;
                }
                if let Some(x) = self.of_state.get_mut(a) {
                    *x += share * at_c * of_f;
                }
            }
        }
    }
}

/// Σ x_k y_k in partial sums that a compiler can keep side by side.
#[inline(always)]
fn dot<S: Scalar>(x: &[S], y: &[S]) -> S {
    let mut parts = [S::from_re(0.0); PARTS];
    let (left, left_rest) = x.as_chunks::<PARTS>();
    let (right, right_rest) = y.as_chunks::<PARTS>();
    for (a, b) in left.iter().zip(right) {
        for k in 0..PARTS {
            parts[k] += a[k] * b[k];
        }
    }
    let rest = left_rest.iter().zip(right_rest);
    parts.into_iter().sum::<S>() + rest.map(|(&a, &b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use meanfield_tensor::{Norm, Space, pair_rank};
    use ndarray::{Array2, ArrayView2, ArrayViewMut2};

    use super::*;
    use crate::problems::Noise;
    use crate::{Interaction, PairEntry, PairOperator};

    /// Rounding of sums of a few hundred terms of size one.
    const ROUNDING: f64 = 1e-12;

    /// A pair operator in which a share of the rates of each transition is there.
    fn operator(d: usize, share: f64, noise: &mut Noise) -> PairOperator<f64> {
        let mut entries = Vec::new();
        for c in 0..d {
            // The state itself, its neighbour, and one from anywhere, which may be one of them.
            for a in [c, (c + 1) % d, (5 * c + 2) % d] {
                for e in 0..d {
                    if noise.uniform() >= share {
                        continue;
                    }
                    let (b, value) = ((e + 1) % d, noise.scalar());
                    entries.push(PairEntry {
                        a,
                        b,
                        c,
                        d: e,
                        value,
                    });
                }
            }
        }
        PairOperator::new(Space::new(noise.vector(d), Norm::Euclidean), entries)
    }

    fn column(x: &[f64]) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((x.len(), 1), x).unwrap()
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (x, y) in found.iter().zip(expected) {
            assert!((x - y).abs() < ROUNDING, "{x} is not {y}");
        }
    }

    /// One pass, into buffers that are not empty, against the operators one by one.
    fn one_pass_is_all_operators(d: usize, share: f64, room: usize) {
        let mut noise = Noise::new(d as u64);
        let operator = operator(d, share, &mut noise);
        let list = operator.transitions();
        assert!(d < 5 || matches!(list.rates, Rates::Whole(_)) == (share > 0.5));
        let (f, dirty) = (noise.vector::<f64>(d), noise.vector::<f64>(d * d));
        let pairs = noise.vector::<f64>(pair_count(d));
        let add = |to: &[f64], more: &dyn Fn(ArrayViewMut2<'_, f64>)| -> Vec<f64> {
            let mut out = Array2::from_shape_vec((d, to.len() / d), to.to_vec()).unwrap();
            more(out.view_mut());
            out.into_raw_vec_and_offset().0
        };
        let of_state = add(&dirty[..d], &|out| {
            operator.add_q_product(1.0, column(&f), column(&f), out);
        });
        let full = Array2::from_shape_fn((d * d, 1), |(k, _)| pairs[pair_rank(k / d, k % d)]);
        let of_pairs = add(&dirty[..d], &|out| operator.add_q(1.0, full.view(), out));
        let one = Array2::eye(d);
        let matrix = add(&dirty, &|mut out| {
            operator.add_q_product(1.0, column(&f), one.view(), out.view_mut());
            operator.add_q_product(1.0, one.view(), column(&f), out);
        });

        let mut found = [dirty[..d].to_vec(), dirty[..d].to_vec(), dirty.clone()];
        let [state, pair, image] = &mut found;
        let mut room = vec![9.0; room * (d + APART)];
        let mut sources = Sources {
            pairs: Some(&pairs),
            of_pairs: pair,
            of_state: state,
            room: &mut room,
        };
        list.add_linearised(&f, image, &mut sources);
        for (found, expected) in found.iter().zip([&of_state, &of_pairs, &matrix]) {
            close(found, expected);
        }
        // Without the matrix, and the matrix without them.
        let [state, pair, image] = &mut found;
        state.copy_from_slice(&dirty[..d]);
        pair.copy_from_slice(&dirty[..d]);
        image.copy_from_slice(&dirty);
        let mut sources = Sources {
            pairs: Some(&pairs),
            of_pairs: pair,
            of_state: state,
            room: &mut room,
        };
        list.add_sources(&f, &mut sources).unwrap();
        list.add_linearised(&f, image, &mut Sources::none());
        for (found, expected) in found.iter().zip([&of_state, &of_pairs, &matrix]) {
            close(found, expected);
        }
    }

    #[test]
    fn law_sources_of_another_dimension_are_refused() {
        let operator = operator(5, 0.9, &mut Noise::new(1));
        let refused = |f: usize, pairs: usize, lengths: [usize; 3]| {
            let f = vec![0.5; f];
            let pairs = vec![0.5; pairs];
            let [mut of_pairs, mut of_state, mut room] = lengths.map(|n| vec![0.0; n]);
            let mut sources = Sources {
                pairs: Some(&pairs),
                of_pairs: &mut of_pairs,
                of_state: &mut of_state,
                room: &mut room,
            };
            let found = operator.transitions().add_sources(&f, &mut sources);
            found.map_err(|error| error.to_string())
        };
        assert_eq!(refused(5, 15, [5, 5, 5]), Ok(()));
        assert_eq!(refused(5, 15, [0, 0, 5]), Ok(()));
        for (found, message) in [
            (
                refused(4, 15, [5, 5, 5]),
                "`f`: found shape [4], expected (5)",
            ),
            (
                refused(5, 14, [5, 5, 5]),
                "`pairs`: found shape [14], expected (15)",
            ),
            (
                refused(5, 15, [4, 5, 5]),
                "`of_pairs`: found shape [4], expected (5) or none",
            ),
            (
                refused(5, 15, [5, 6, 5]),
                "`of_state`: found shape [6], expected (5) or none",
            ),
            (
                refused(5, 15, [5, 5, 4]),
                "`room`: found shape [4], expected at least (5)",
            ),
        ] {
            assert_eq!(found, Err(format!("array {message}")));
        }
    }

    #[test]
    fn law_one_pass_over_the_rates_is_all_operators() {
        for d in [1, 2, 5, 8, 33, 70] {
            for share in [0.1, 0.9] {
                for room in [1, 3, 200] {
                    one_pass_is_all_operators(d, share, room);
                }
            }
        }
    }
}
