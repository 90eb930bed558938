//! What a collision does to a pair of velocities, as a short list.

use meanfield_abstract::PairEntry;

/// One entry (A G)(row) += value·G(first, second).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    first: u32,
    second: u32,
    pub(super) value: f64,
}

impl Entry {
    pub(super) fn first(self) -> usize {
        self.first as usize
    }

    pub(super) fn second(self) -> usize {
        self.second as usize
    }
}

/// What is left of entries that cancel, in units of the largest one.
const CANCELLED: f64 = 1e-14;

/// A list of entries by rows of the result.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    start: Vec<usize>,
    entries: Vec<Entry>,
}

impl Rows {
    /// From (row, entry); repeated ones are added up, what cancels is left out.
    fn new(rows: usize, mut found: Vec<(usize, Entry)>) -> Self {
        let values = found.iter().map(|(_, e)| e.value.abs());
        let largest = values.fold(0.0, f64::max);
        found.sort_by_key(|(row, e)| (*row, e.first, e.second));
        let mut merged: Vec<(usize, Entry)> = Vec::with_capacity(found.len());
        for (row, e) in found {
            match merged.last_mut() {
                Some((r, last)) if (*r, last.first, last.second) == (row, e.first, e.second) => {
                    last.value += e.value;
                }
                _ => merged.push((row, e)),
            }
        }
        merged.retain(|(_, e)| e.value.abs() > CANCELLED * largest);
        let mut start = vec![0; rows + 1];
        for (row, _) in &merged {
            start[row + 1] += 1;
        }
        for row in 0..rows {
            start[row + 1] += start[row];
        }
        Self {
            start,
            entries: merged.into_iter().map(|(_, e)| e).collect(),
        }
    }

    /// The entries of a row, by first and second index.
    pub(super) fn row(&self, row: usize) -> &[Entry] {
        &self.entries[self.start[row]..self.start[row + 1]]
    }

    /// Rows that have entries.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &[Entry])> {
        (0..self.start.len() - 1)
            .map(|row| (row, self.row(row)))
            .filter(|(_, entries)| !entries.is_empty())
    }
}

/// An operator A on pairs of velocities, with the rates Q makes of it.
#[derive(Debug, Clone)]
pub(super) struct VelocityPairs {
    /// A, by rows v₁·n_v + v₂ of the result.
    pub(super) v: Rows,
    /// Σ_{v₂} trace(v₂) A, by rows v₁.
    pub(super) q: Rows,
}

impl VelocityPairs {
    pub(super) fn new(trace: &[f64], entries: &[PairEntry<f64>]) -> Self {
        let n = trace.len();
        let entry = |e: &PairEntry<f64>, weight: f64| Entry {
            first: e.c as u32,
            second: e.d as u32,
            value: weight * e.value,
        };
        let v = entries.iter().map(|e| (e.a * n + e.b, entry(e, 1.0)));
        let traced = entries.iter().filter(|e| trace[e.b] != 0.0);
        let q = traced.map(|e| (e.a, entry(e, trace[e.b])));
        Self {
            v: Rows::new(n * n, v.collect()),
            q: Rows::new(n, q.collect()),
        }
    }

    /// The norm on ℓ¹(pairs): the largest column sum of |A|.
    pub(super) fn l1_norm(&self, velocities: usize) -> f64 {
        let mut columns = vec![0.0; velocities * velocities];
        for (_, entries) in self.v.filled() {
            for e in entries {
                columns[e.first() * velocities + e.second()] += e.value.abs();
            }
        }
        columns.into_iter().fold(0.0, f64::max)
    }
}
