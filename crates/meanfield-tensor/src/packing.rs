//! Where the entries of a packed symmetric tensor lie.
//!
//! A symmetric tensor T of degree j over dimension D has one entry for each
//! occupation vector α = (α_0, …, α_{D−1}), Σα = j: how often each index
//! occurs. They are ordered by α_{D−1} first, then α_{D−2}, … (colexicographic
//! in the sorted indices), so that, with S_a = α_0 + … + α_a,
//!
//! rank(α) = Σ_a [ C(a + S_a, a) − C(a + S_{a−1}, a) ].

use crate::TensorError;

/// Number C(D+j−1, j) of entries of a symmetric tensor of degree `degree` over
/// `dimension`, or `None` when it does not fit a `usize`.
#[must_use]
pub fn packed_len(dimension: usize, degree: usize) -> Option<usize> {
    if dimension == 0 {
        return Some(usize::from(degree == 0));
    }
    // C(n, k) by multiplying and dividing in turn: each partial result is a
    // binomial coefficient itself, so the division is exact.
    let k = degree.min(dimension - 1);
    let n = (dimension + degree - 1) as u128;
    let mut value: u128 = 1;
    for i in 0..k as u128 {
        value = value.checked_mul(n - i)? / (i + 1);
        if value > usize::MAX as u128 {
            return None;
        }
    }
    usize::try_from(value).ok()
}

/// The occupation vectors of total `degree`, in the order of their rank.
#[derive(Debug, Clone)]
pub struct Occupations {
    current: Vec<u32>,
    left: usize,
    started: bool,
}

impl Occupations {
    /// All occupation vectors of `dimension` states and total `degree`.
    ///
    /// # Panics
    /// When their number does not fit a `usize`.
    #[must_use]
    pub fn new(dimension: usize, degree: usize) -> Self {
        let left = packed_len(dimension, degree).expect("the number of occupation vectors fits");
        let mut current = vec![0; dimension];
        if let Some(first) = current.first_mut() {
            *first = degree as u32;
        }
        Self {
            current,
            left,
            started: false,
        }
    }

    /// The next occupation vector; it is borrowed, not copied.
    pub fn advance(&mut self) -> Option<&[u32]> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        if self.started {
            let lowest = self.current.iter().position(|&n| n > 0)?;
            let count = self.current[lowest];
            self.current[lowest] = 0;
            self.current[lowest + 1] += 1;
            self.current[0] = count - 1;
        }
        self.started = true;
        Some(&self.current)
    }
}

/// Layout of the packed symmetric tensors of one degree.
///
/// Holds D × C(D+j−2, j−1) indices of 4 bytes for the insertion of one slot,
/// and as many occupation numbers of 2 bytes.
#[derive(Debug, Clone)]
pub(crate) struct Packing {
    /// Number of entries.
    pub(crate) len: usize,
    /// `insert[a * len(j−1) + β]` = rank of β with index a added; empty for j = 0.
    pub(crate) insert: Vec<u32>,
    /// `occupation[α * D + a]` = α_a.
    pub(crate) occupation: Vec<u16>,
}

impl Packing {
    pub(crate) fn new(dimension: usize, degree: usize) -> Result<Self, TensorError> {
        let limit = u32::MAX as usize;
        let too_many = TensorError::TooManyEntries {
            dimension,
            degree,
            limit,
        };
        let len = packed_len(dimension, degree)
            .filter(|&n| n <= limit)
            .ok_or_else(|| too_many.clone())?;
        if degree > u16::MAX as usize {
            return Err(too_many);
        }
        let mut occupation = Vec::with_capacity(len * dimension);
        let mut all = Occupations::new(dimension, degree);
        while let Some(alpha) = all.advance() {
            occupation.extend(alpha.iter().map(|&n| n as u16));
        }
        Ok(Self {
            len,
            insert: if degree == 0 {
                Vec::new()
            } else {
                insertions(dimension, degree)
            },
            occupation,
        })
    }
}

/// The table of [`Packing::insert`].
fn insertions(dimension: usize, degree: usize) -> Vec<u32> {
    // choose[a][m] = C(a+m, a), by Pascal's rule.
    let mut choose = vec![vec![1_usize; degree + 1]; dimension];
    for a in 1..dimension {
        for m in 1..=degree {
            choose[a][m] = choose[a - 1][m] + choose[a][m - 1];
        }
    }
    let lower = packed_len(dimension, degree - 1).unwrap_or(0);
    let mut table = vec![0_u32; dimension * lower];
    let mut all = Occupations::new(dimension, degree - 1);
    let mut column = 0;
    while let Some(beta) = all.advance() {
        for added in 0..dimension {
            let (mut below, mut rank) = (0_usize, 0_usize);
            for a in 0..dimension {
                let up_to = below + beta[a] as usize + usize::from(a == added);
                rank += choose[a][up_to] - choose[a][below];
                below = up_to;
            }
            table[added * lower + column] = rank as u32;
        }
        column += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_rank_counts_occupations_in_order() {
        for dimension in 1..5 {
            for degree in 1..6 {
                let here = Packing::new(dimension, degree).unwrap();
                let below = Packing::new(dimension, degree - 1).unwrap();
                assert_eq!(here.len, packed_len(dimension, degree).unwrap());
                for column in 0..below.len {
                    for a in 0..dimension {
                        let rank = here.insert[a * below.len + column] as usize;
                        for c in 0..dimension {
                            assert_eq!(
                                here.occupation[rank * dimension + c],
                                below.occupation[column * dimension + c] + u16::from(a == c)
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn law_number_of_entries_is_binomial_or_refused() {
        assert_eq!(packed_len(3, 4), Some(15));
        assert_eq!(packed_len(1, 400), Some(1));
        assert_eq!(packed_len(0, 0), Some(1));
        assert_eq!(packed_len(0, 2), Some(0));
        assert_eq!(packed_len(2, 400), Some(401));
        assert_eq!(packed_len(10_000, 60), None);
        assert!(Packing::new(5000, 4).is_err());
    }
}
