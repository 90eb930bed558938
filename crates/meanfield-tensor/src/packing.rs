//! Where the entries of a packed symmetric tensor lie.
//!
//! A symmetric tensor T of degree j over dimension D has one entry for each
//! occupation vector α = (α_0, …, α_{D−1}), Σα = j: how often each index
//! occurs. They are ordered by α_{D−1} first, then α_{D−2}, … (colexicographic
//! in the sorted indices), so that, with S_a = α_0 + … + α_a,
//!
//! rank(α) = Σ_a [ C(a + S_a, a) − C(a + S_{a−1}, a) ].

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::TensorError;
use crate::ranks::next_indices;

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
    let n = dimension as u128 + degree as u128 - 1;
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
    started: bool,
}

impl Occupations {
    /// All occupation vectors of `dimension` states and total `degree`.
    #[must_use]
    pub fn new(dimension: usize, degree: usize) -> Self {
        let mut current = vec![0; dimension];
        if let Some(first) = current.first_mut() {
            *first = degree as u32;
        }
        Self {
            current,
            // Without a state there is room for nobody.
            started: dimension == 0 && degree > 0,
        }
    }

    /// The next occupation vector; it is borrowed, not copied.
    pub fn advance(&mut self) -> Option<&[u32]> {
        if self.started {
            let lowest = self.current.iter().position(|&n| n > 0)?;
            if lowest + 1 == self.current.len() {
                return None;
            }
            let count = self.current[lowest];
            self.current[lowest] = 0;
            self.current[lowest + 1] += 1;
            self.current[0] = count - 1;
        }
        self.started = true;
        Some(&self.current)
    }
}

/// What is known of each entry of a packed tensor.
#[derive(Debug, Clone)]
pub(crate) enum Entries {
    /// Its sorted indices, `degree` of them: few indices among many states.
    Indices(Vec<u32>),
    /// Its occupation vector, `dimension` numbers: many indices among few states.
    Occupations(Vec<u16>),
}

/// Layout of the packed symmetric tensors of one degree.
///
/// Its tables are made when they are first asked for: D × C(D+j−2, j−1) indices
/// of 4 bytes for the insertion of one slot, and for every entry its j indices
/// or its D occupation numbers, whichever is shorter.
#[derive(Debug, Clone)]
pub(crate) struct Packing {
    dimension: usize,
    degree: usize,
    /// Number of entries.
    pub(crate) len: usize,
    insert: OnceLock<Vec<u32>>,
    entries: OnceLock<Entries>,
}

/// Whether indices take less room than occupation numbers of half their size.
fn by_indices(dimension: usize, degree: usize) -> bool {
    2 * degree <= dimension
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
        Ok(Self {
            dimension,
            degree,
            len,
            insert: OnceLock::new(),
            entries: OnceLock::new(),
        })
    }

    /// `insert[a * len(j−1) + β]` = rank of β with index a added; empty for j = 0.
    pub(crate) fn insert(&self) -> &[u32] {
        let (dimension, degree) = (self.dimension, self.degree);
        self.insert.get_or_init(|| match degree {
            0 => Vec::new(),
            _ if by_indices(dimension, degree) => insertions_by_indices(dimension, degree),
            _ => insertions_by_occupations(dimension, degree),
        })
    }

    fn entries(&self) -> &Entries {
        self.entries
            .get_or_init(|| entries(self.dimension, self.degree, self.len))
    }

    /// Bytes of the entries' table of `len` entries.
    pub(crate) fn entries_bytes(dimension: usize, degree: usize, len: usize) -> Option<usize> {
        if by_indices(dimension, degree) {
            len.checked_mul(4 * degree)
        } else {
            len.checked_mul(2 * dimension)
        }
    }

    /// How often the index `a` occurs in an entry.
    pub(crate) fn count(&self, entry: usize, a: usize) -> usize {
        match self.entries() {
            Entries::Indices(list) => {
                let own = &list[entry * self.degree..(entry + 1) * self.degree];
                own.iter().filter(|&&index| index as usize == a).count()
            }
            Entries::Occupations(list) => usize::from(list[entry * self.dimension + a]),
        }
    }

    /// Calls `visit(a, α_a)` for every index that occurs in an entry, in
    /// increasing order.
    pub(crate) fn for_each_index(&self, entry: usize, mut visit: impl FnMut(usize, usize)) {
        match self.entries() {
            Entries::Indices(list) => {
                let own = &list[entry * self.degree..(entry + 1) * self.degree];
                for equal in own.chunk_by(|x, y| x == y) {
                    visit(equal[0] as usize, equal.len());
                }
            }
            Entries::Occupations(list) => {
                let own = &list[entry * self.dimension..(entry + 1) * self.dimension];
                for (a, &count) in own.iter().enumerate().filter(|&(_, &n)| n > 0) {
                    visit(a, usize::from(count));
                }
            }
        }
    }

    /// The occupation vector of an entry.
    pub(crate) fn occupation(&self, entry: usize) -> Cow<'_, [u16]> {
        match self.entries() {
            Entries::Indices(_) => {
                let mut out = vec![0; self.dimension];
                self.for_each_index(entry, |a, count| out[a] = count as u16);
                Cow::Owned(out)
            }
            Entries::Occupations(list) => {
                Cow::Borrowed(&list[entry * self.dimension..(entry + 1) * self.dimension])
            }
        }
    }
}

fn entries(dimension: usize, degree: usize, len: usize) -> Entries {
    if !by_indices(dimension, degree) {
        let mut list = Vec::with_capacity(len * dimension);
        let mut all = Occupations::new(dimension, degree);
        while let Some(alpha) = all.advance() {
            list.extend(alpha.iter().map(|&n| n as u16));
        }
        return Entries::Occupations(list);
    }
    let mut list = Vec::with_capacity(len * degree);
    let mut indices = vec![0_u32; degree];
    for _ in 0..len {
        list.extend_from_slice(&indices);
        next_indices(&mut indices);
    }
    Entries::Indices(list)
}

/// The table of [`Packing::insert`] where there are few indices: with sorted
/// indices a_1 ≤ … ≤ a_j, rank = Σ_k C(a_k + k − 1, k). Cost: one addition or
/// two for each entry of the table.
fn insertions_by_indices(dimension: usize, degree: usize) -> Vec<u32> {
    // choose[k][a] = C(a + k − 1, k), k ≤ degree, by Pascal's rule. Those that
    // are used are below the number of entries, which fits.
    let mut choose = vec![vec![1_u64; dimension]];
    for k in 1..=degree {
        let mut row = vec![0_u64; dimension];
        for a in 1..dimension {
            row[a] = row[a - 1].saturating_add(choose[k - 1][a]);
        }
        choose.push(row);
    }
    let lower = packed_len(dimension, degree - 1).unwrap_or(0);
    let mut table = vec![0_u32; dimension * lower];
    let mut beta = vec![0_u32; degree - 1];
    for column in 0..lower {
        // Indices up to position p stay in their places, the others move up one.
        let mut rank: u64 = (1..degree)
            .map(|k| choose[k + 1][beta[k - 1] as usize])
            .sum();
        let mut position = 0;
        for added in 0..dimension {
            while position + 1 < degree && (beta[position] as usize) < added {
                let index = beta[position] as usize;
                position += 1;
                rank = rank + choose[position][index] - choose[position + 1][index];
            }
            table[added * lower + column] = (rank + choose[position + 1][added]) as u32;
        }
        next_indices(&mut beta);
    }
    table
}

/// The table of [`Packing::insert`] where there are many indices.
fn insertions_by_occupations(dimension: usize, degree: usize) -> Vec<u32> {
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
                        let rank = here.insert()[a * below.len + column] as usize;
                        for c in 0..dimension {
                            let before = below.count(column, c);
                            assert_eq!(here.count(rank, c), before + usize::from(a == c));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn law_both_tables_of_insertions_are_the_same() {
        for dimension in 1..7 {
            for degree in 1..6 {
                assert_eq!(
                    insertions_by_indices(dimension, degree),
                    insertions_by_occupations(dimension, degree),
                    "{degree} indices among {dimension} states"
                );
            }
        }
    }

    #[test]
    fn law_entries_are_listed_in_the_order_of_occupations() {
        for (dimension, degree) in [(4, 1), (4, 2), (6, 3), (3, 4), (9, 4)] {
            let packing = Packing::new(dimension, degree).unwrap();
            let mut all = Occupations::new(dimension, degree);
            for entry in 0..packing.len {
                let expected: Vec<u16> = all.advance().unwrap().iter().map(|&n| n as u16).collect();
                assert_eq!(packing.occupation(entry), expected);
                let mut found = vec![0; dimension];
                packing.for_each_index(entry, |a, count| found[a] = count as u16);
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn law_there_are_as_many_occupations_as_entries() {
        for (dimension, degree) in [(0, 0), (0, 2), (1, 0), (1, 3), (4, 0), (4, 1), (3, 4)] {
            let mut all = Occupations::new(dimension, degree);
            let found = std::iter::from_fn(|| all.advance().map(<[u32]>::len)).count();
            assert_eq!(Some(found), packed_len(dimension, degree));
            assert_eq!(all.advance(), None);
        }
        // More than a usize can count.
        assert_eq!(packed_len(10_000, 60), None);
        let mut all = Occupations::new(10_000, 60);
        assert_eq!(all.advance().map(|first| first[0]), Some(60));
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
