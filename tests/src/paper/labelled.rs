//! Tensors over labelled particles: the spaces L^{⊗J} of (103) and what acts
//! between them, (104)–(116).

use meanfield::hierarchy::literal::Literal;
use meanfield::prelude::*;
use meanfield::tensor::dense;
use ndarray::ArrayD;

use super::scaled;

/// An element of L^{⊗J}: the particles J in increasing order, an axis for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled<S> {
    /// The particles.
    pub labels: Vec<usize>,
    /// The tensor over them.
    pub tensor: ArrayD<S>,
}

/// All subsets of a set of particles.
pub fn subsets(of: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    dense::subsets(of.len()).map(|subset| subset.into_iter().map(|k| of[k]).collect())
}

/// J∖K.
#[must_use]
pub fn without(j: &[usize], k: &[usize]) -> Vec<usize> {
    j.iter().copied().filter(|i| !k.contains(i)).collect()
}

/// J ∪ K of two sets that have nothing in common, in increasing order.
#[must_use]
pub fn with(j: &[usize], k: &[usize]) -> Vec<usize> {
    let mut out = [j, k].concat();
    out.sort_unstable();
    out
}

/// (−1)^{|K|}.
#[must_use]
pub fn sign(k: &[usize]) -> f64 {
    if k.len().is_multiple_of(2) { 1.0 } else { -1.0 }
}

impl<S: Scalar> Labelled<S> {
    /// Φ_J: the symmetric tensor of degree |J| over the particles J (113).
    ///
    /// # Panics
    /// When the family has no member of degree |J|.
    #[must_use]
    pub fn of(family: &[ArrayD<S>], labels: Vec<usize>) -> Self {
        let tensor = family[labels.len()].clone();
        Self { labels, tensor }
    }

    /// 0 over the particles J.
    #[must_use]
    pub fn zero(dimension: usize, labels: &[usize]) -> Self {
        Self {
            labels: labels.to_vec(),
            tensor: dense::zeros(dimension, labels.len()),
        }
    }

    fn place(&self, label: usize) -> usize {
        let place = self.labels.iter().position(|&l| l == label);
        place.expect("the particle is one of the set")
    }

    /// \[F\]_J^{⊗K}: F for each particle of K, which must not be there yet (104).
    #[must_use]
    pub fn insert(&self, f: &[S], k: &[usize]) -> Self {
        let labels = with(&self.labels, k);
        let out = Self {
            tensor: self.tensor.clone(),
            labels,
        };
        let places: Vec<usize> = k.iter().map(|&label| out.place(label)).collect();
        Self {
            tensor: dense::insert(f, &places, &self.tensor),
            ..out
        }
    }

    /// T_{i,r} = V_{i,r} (96).
    #[must_use]
    pub fn pair(&self, with: &Literal<'_, S>, i: usize, r: usize) -> Self {
        Self {
            labels: self.labels.clone(),
            tensor: with.v(self.place(i), self.place(r), &self.tensor),
        }
    }

    /// C_{i,r} = Tr^r V_{i,r} (98).
    #[must_use]
    pub fn collide(&self, with: &Literal<'_, S>, i: usize, r: usize) -> Self {
        let place = self.place(r);
        let image = self.pair(with, i, r);
        Self {
            labels: without(&self.labels, &[r]),
            tensor: dense::partial_trace(&image.tensor, place, with.model.space().trace()),
        }
    }

    /// K_i (95).
    #[must_use]
    pub fn free(&self, with: &Literal<'_, S>, i: usize) -> Self {
        let one = S::from_re(1.0);
        Self {
            labels: self.labels.clone(),
            tensor: dense::on_slot(&self.tensor, self.place(i), |x, out| {
                with.model.add_k(one, x, out);
            }),
        }
    }

    /// self += c·other, over the same particles.
    ///
    /// # Panics
    /// When the particles differ.
    pub fn add(&mut self, c: f64, other: &Self) {
        assert_eq!(self.labels, other.labels, "a sum of tensors of one space");
        self.tensor += &scaled(&other.tensor, c);
    }
}
