//! N particles in occupation numbers, exactly, as a power series in t.

use super::model::Arrays;
use super::polynomial::{Field, Polynomial, whole};

/// The largest degree that the exponents can hold.
const ANY: usize = 255;

/// The Taylor coefficients in t of P(y) = ⟨F^N, y^{⊗N}⟩, a polynomial of degree
/// N whose monomials are the occupation numbers:
///
/// > ∂t P = yK P' + (1/2N) yyV P''.
pub(crate) fn taylor<T: Field>(
    arrays: &Arrays<T>,
    initial: Polynomial<T>,
    n: usize,
    terms: usize,
) -> Vec<Polynomial<T>> {
    let d = arrays.dimension();
    let each_pair = T::one() / whole(2 * n);
    let mut series = vec![initial];
    for k in 0..terms - 1 {
        let mut flow = Polynomial::zero();
        for c in 0..d {
            let first = series[k].derivative(c);
            for a in 0..d {
                flow.add(&arrays.k[[a, c]], &first.raised(a, ANY));
            }
            for e in 0..d {
                let second = first.derivative(e);
                for a in 0..d {
                    for b in 0..d {
                        let value = each_pair.clone() * arrays.v[[a, b, c, e]].clone();
                        flow.add(&value, &second.raised(a, ANY).raised(b, ANY));
                    }
                }
            }
        }
        series.push(flow.scaled(&(T::one() / whole(k + 1))));
    }
    series
}

/// F^{⊗N}: P = (y·F)^N.
pub(crate) fn product_start<T: Field>(f: &[T], n: usize) -> Polynomial<T> {
    let linear = super::cumulants::product_start(f);
    let one = Polynomial::constant(T::one());
    (0..n).fold(one, |power, _| power.times(&linear, ANY))
}

/// `counts[a]` particles in each state a: P = Π_a y_a^{counts\[a\]}.
pub(crate) fn fixed_counts_start<T: Field>(counts: &[usize]) -> Polynomial<T> {
    let mut p = Polynomial::constant(T::one());
    for (a, &count) in counts.iter().enumerate() {
        p = (0..count).fold(p, |p, _| p.raised(a, ANY));
    }
    p
}

/// F_j\[a_1, …, a_j\] = Tr^{j+1} … Tr^N F^N (87): the derivatives of P by y_{a_i} at
/// y = Tr, over N(N−1)…(N−j+1).
pub(crate) fn marginal<T: Field>(
    arrays: &Arrays<T>,
    p: &Polynomial<T>,
    n: usize,
    indices: &[usize],
) -> T {
    let derivative = indices.iter().fold(p.clone(), |p, &a| p.derivative(a));
    let falling = (0..indices.len()).fold(T::one(), |product, k| product * whole(n - k));
    derivative.at(&arrays.trace) / falling
}
