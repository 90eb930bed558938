//! Polynomials in y_0, …, y_{D−1} and ε = 1/N over any field, term by term.

use std::collections::BTreeMap;

use num_traits::{FromPrimitive, Num};

/// The numbers of a polynomial: exact or not, real or complex.
pub(crate) trait Field: Num + Clone + FromPrimitive {}
impl<T: Num + Clone + FromPrimitive> Field for T {}

/// The number n.
pub(crate) fn whole<T: Field>(n: usize) -> T {
    T::from_usize(n).expect("every field holds the integers")
}

/// Exponents of y_0 … y_{D−1}, then zeros, and that of ε at [`EPSILON`].
pub(crate) type Exponents = [u8; EPSILON + 1];

/// The place of ε among the variables: D ≤ 7.
pub(crate) const EPSILON: usize = 7;

/// The degree in y alone.
pub(crate) fn degree(exponents: &Exponents) -> usize {
    exponents[..EPSILON].iter().map(|&n| usize::from(n)).sum()
}

/// The degree in y and ε together.
pub(crate) fn total(exponents: &Exponents) -> usize {
    degree(exponents) + usize::from(exponents[EPSILON])
}

/// Πα_a! over the exponents of y.
pub(crate) fn factorials<T: Field>(exponents: &Exponents) -> T {
    let each = exponents[..EPSILON].iter().flat_map(|&n| 1..=n);
    each.fold(T::one(), |product, k| product * whole(usize::from(k)))
}

/// Σ of terms; what is not listed is zero.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Polynomial<T>(pub(crate) BTreeMap<Exponents, T>);

impl<T: Field> Polynomial<T> {
    pub(crate) fn zero() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn constant(value: T) -> Self {
        Self(BTreeMap::from([([0; EPSILON + 1], value)]))
    }

    pub(crate) fn coefficient(&self, exponents: &Exponents) -> T {
        self.0.get(exponents).cloned().unwrap_or_else(T::zero)
    }

    fn add_term(&mut self, exponents: Exponents, value: T) {
        let sum = self.0.entry(exponents).or_insert_with(T::zero);
        *sum = sum.clone() + value;
    }

    /// `self += c·other`.
    pub(crate) fn add(&mut self, c: &T, other: &Self) {
        if c.is_zero() {
            return;
        }
        for (&exponents, value) in &other.0 {
            self.add_term(exponents, c.clone() * value.clone());
        }
    }

    /// `self += A·B` without the terms whose total degree is above `highest`.
    pub(crate) fn add_product(&mut self, a: &Self, b: &Self, highest: usize) {
        for (p, x) in &a.0 {
            for (q, y) in &b.0 {
                if total(p) + total(q) <= highest {
                    let exponents = std::array::from_fn(|k| p[k] + q[k]);
                    self.add_term(exponents, x.clone() * y.clone());
                }
            }
        }
    }

    /// A·B without the terms whose total degree is above `highest`.
    pub(crate) fn times(&self, other: &Self, highest: usize) -> Self {
        let mut out = Self::zero();
        out.add_product(self, other, highest);
        out
    }

    /// The polynomial times a number.
    pub(crate) fn scaled(&self, c: &T) -> Self {
        self.mapped(|p, x| (*p, c.clone() * x.clone()))
    }

    /// The terms of degree j in y.
    pub(crate) fn part(&self, j: usize) -> Self {
        let own = self.0.iter().filter(|(p, _)| degree(p) == j);
        Self(own.map(|(&p, x)| (p, x.clone())).collect())
    }

    /// The polynomial with every term (p, x) replaced by `map(p, x)`.
    pub(crate) fn mapped(&self, map: impl Fn(&Exponents, &T) -> (Exponents, T)) -> Self {
        Self(self.0.iter().map(|(p, x)| map(p, x)).collect())
    }

    /// ∂/∂y_a.
    pub(crate) fn derivative(&self, a: usize) -> Self {
        let mut lowered = self.mapped(|p, x| {
            let mut q = *p;
            q[a] = q[a].wrapping_sub(1);
            (q, x.clone() * whole(usize::from(p[a])))
        });
        lowered.0.retain(|q, _| q[a] != u8::MAX);
        lowered
    }

    /// The variable `a` times the polynomial, where that is of total degree at
    /// most `highest`.
    pub(crate) fn raised(&self, a: usize, highest: usize) -> Self {
        let mut raised = self.mapped(|p, x| {
            let mut q = *p;
            q[a] += 1;
            (q, x.clone())
        });
        raised.0.retain(|q, _| total(q) <= highest);
        raised
    }

    /// The Euler operator y·∂y.
    pub(crate) fn counted(&self) -> Self {
        self.mapped(|p, x| (*p, x.clone() * whole(degree(p))))
    }

    /// Its value at y, where ε does not occur.
    pub(crate) fn at(&self, y: &[T]) -> T {
        let power = |x: &T, n: u8| (0..n).fold(T::one(), |product, _| product * x.clone());
        self.0.iter().fold(T::zero(), |sum, (p, x)| {
            let each = y.iter().zip(p).map(|(y, &n)| power(y, n));
            sum + each.fold(x.clone(), |product, factor| product * factor)
        })
    }
}
