//! A tensor of degree 2 as a sum of products and one tensor of its own: what
//! F_2 is made of, without storing it.

use meanfield_abstract::{PackedPair, PairTensor};
use meanfield_tensor::{Scalar, SymmetricLayout};

/// Σ_k w_k x_k⊗y_k + c·G, symmetric as a whole.
pub struct PairTerm<'a, S> {
    products: Vec<(f64, &'a [S], &'a [S])>,
    own: Option<(f64, Box<dyn PairTensor<S> + 'a>)>,
}

impl<S> Default for PairTerm<'_, S> {
    /// The zero tensor.
    fn default() -> Self {
        Self {
            products: Vec::new(),
            own: None,
        }
    }
}

impl<'a, S: Scalar> PairTerm<'a, S> {
    /// c·G.
    #[must_use]
    pub fn of(tensor: Box<dyn PairTensor<S> + 'a>, c: f64) -> Self {
        Self {
            products: Vec::new(),
            own: Some((c, tensor)),
        }
    }

    /// c·G for a packed tensor G.
    #[must_use]
    pub fn packed(layout: &'a SymmetricLayout, values: &'a [S], c: f64) -> Self {
        Self::of(Box::new(PackedPair { layout, values }), c)
    }

    /// Adds c·Σ_k f_k⊗f_{m−k}, c times the coefficient of N^{−m} in F_1⊗F_1.
    #[must_use]
    pub fn plus_square(mut self, first: &[&'a [S]], m: usize, c: f64) -> Self {
        let products = (0..=m).map(|k| (c, first[k], first[m - k]));
        self.products.extend(products);
        self
    }
}

impl<S: Scalar> PairTensor<S> for PairTerm<'_, S> {
    fn entry(&self, a: usize, b: usize) -> S {
        let products = self.products.iter();
        let mut sum: S = products.map(|(w, x, y)| (x[a] * y[b]).scaled(*w)).sum();
        if let Some((c, own)) = &self.own {
            sum += own.entry(a, b).scaled(*c);
        }
        sum
    }

    fn contract(&self, a: &[S], b: &[S]) -> S {
        let pairing = |a: &[S], x: &[S]| a.iter().zip(x).map(|(&a, &x)| a * x).sum::<S>();
        let products = self.products.iter();
        let mut sum: S = products
            .map(|(w, x, y)| (pairing(a, x) * pairing(b, y)).scaled(*w))
            .sum();
        if let Some((c, own)) = &self.own {
            sum += own.contract(a, b).scaled(*c);
        }
        sum
    }
}
