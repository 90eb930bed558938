//! The equation of the connected cumulants, multiplied out over any field as a
//! power series in t.

use ndarray::Array2;

use super::model::Arrays;
use super::polynomial::{EPSILON, Field, Polynomial, total, whole};

/// The Taylor coefficients w_0 … w_{`terms`−1} in t of w = Σ ε^l g_{j,l} y^j/j!,
/// j−1+l ≤ `order`, from
///
/// > ∂t w = yKw' + ½ yyV(w'w' + εw'') + ξ − ε nξ − ξ·(n w),  ξ = yQ(w'w' + εw''),
/// > Q_{a,ce} = Σ_b Tr_b V_{ab,ce},  n = y·∂y.
///
/// In y and ε together w and ξ are of total degree at most order + 1, and what
/// both contain a product of, w'w' + εw'', of one less: no other term can come
/// back into them.
pub(crate) fn taylor<T: Field>(
    arrays: &Arrays<T>,
    initial: Polynomial<T>,
    order: usize,
    terms: usize,
) -> Vec<Polynomial<T>> {
    let (d, highest) = (arrays.dimension(), order + 1);
    let one = T::one();
    let minus = T::zero() - T::one();
    let half = T::one() / whole(2);
    let q = |a: usize, c: usize, e: usize| {
        (0..d).fold(T::zero(), |sum, b| {
            sum + arrays.trace[b].clone() * arrays.v[[a, b, c, e]].clone()
        })
    };
    let (mut w, mut xi) = (vec![initial], Vec::<Polynomial<T>>::new());
    let mut first: Vec<Vec<Polynomial<T>>> = Vec::new();
    for k in 0..terms - 1 {
        first.push((0..d).map(|a| w[k].derivative(a)).collect());
        // s_{ce} = [w_c w_e + ε w_ce]_k.
        let s = Array2::from_shape_fn((d, d), |(c, e)| {
            let mut s = first[k][c].derivative(e).raised(EPSILON, order);
            for i in 0..=k {
                s.add_product(&first[i][c], &first[k - i][e], order);
            }
            s
        });
        let (mut flow, mut source) = (Polynomial::zero(), Polynomial::zero());
        for a in 0..d {
            let (mut kw, mut qs) = (Polynomial::zero(), Polynomial::zero());
            for c in 0..d {
                kw.add(&arrays.k[[a, c]], &first[k][c]);
                for e in 0..d {
                    qs.add(&q(a, c, e), &s[[c, e]]);
                }
            }
            flow.add(&one, &kw.raised(a, highest));
            source.add(&one, &qs.raised(a, highest));
            for b in 0..d {
                let mut vs = Polynomial::zero();
                for ((c, e), s) in s.indexed_iter() {
                    vs.add(&arrays.v[[a, b, c, e]], s);
                }
                flow.add(&half, &vs.raised(a, highest).raised(b, highest));
            }
        }
        xi.push(source);
        flow.add(&one, &xi[k]);
        flow.add(&minus, &xi[k].counted().raised(EPSILON, highest));
        let mut falling = Polynomial::zero();
        for i in 0..=k {
            falling.add_product(&xi[i], &w[k - i].counted(), highest);
        }
        flow.add(&minus, &falling);
        w.push(flow.scaled(&(T::one() / whole(k + 1))));
    }
    w
}

/// Σ_a F_a y_a: w of independent particles.
pub(crate) fn product_start<T: Field>(f: &[T]) -> Polynomial<T> {
    let mut w = Polynomial::zero();
    for (a, x) in f.iter().enumerate() {
        w.add(x, &Polynomial::constant(T::one()).raised(a, 1));
    }
    w
}

/// w of exactly N x_a particles in each state a: Σ_j ε^{1−j} of the part of
/// degree j of ln Φ, where Φ = Σ_j F_j y^j/j! and
/// F_j\[α\] = Π_a Π_{k<α_a} (x_a − kε) / Π_{k<j} (1 − kε).
pub(crate) fn fixed_counts_start<T: Field>(x: &[T], order: usize) -> Polynomial<T> {
    // ε^{j−1+l} y^j with j−1+l ≤ order: a total degree of at most 2·order + 1.
    let (highest, bound) = (order + 1, 2 * order + 1);
    let one = Polynomial::constant(T::one());
    let epsilon = one.raised(EPSILON, 1);
    // Π_a Σ_n y_a^n/n! Π_{k<n} (x_a − kε).
    let mut drawn = one.clone();
    for (a, x) in x.iter().enumerate() {
        let mut factor = one.clone();
        let mut term = one.clone();
        for n in 0..highest {
            let mut next = Polynomial::constant(x.clone());
            next.add(&(T::zero() - whole(n)), &epsilon);
            let next = next.raised(a, bound).scaled(&(T::one() / whole(n + 1)));
            term = term.times(&next, bound);
            factor.add(&T::one(), &term);
        }
        drawn = drawn.times(&factor, bound);
    }
    // The parts Φ_j of degree j, with 1/(1 − kε) as a geometric series.
    let mut phi = vec![one.clone()];
    let mut divisor = one.clone();
    for j in 1..=highest {
        let ratio = epsilon.scaled(&whole(j - 1));
        let geometric = (0..bound).fold(one.clone(), |sum, _| {
            let mut next = one.clone();
            next.add(&T::one(), &sum.times(&ratio, bound));
            next
        });
        divisor = divisor.times(&geometric, bound);
        phi.push(drawn.part(j).times(&divisor, bound));
    }
    // y∂y Φ = (y∂y ln Φ)·Φ, degree by degree; then ε^{1−j}.
    let mut counted = vec![Polynomial::zero()];
    let mut w = Polynomial::zero();
    for j in 1..=highest {
        let mut own = phi[j].counted();
        for i in 1..j {
            own.add(
                &(T::zero() - T::one()),
                &counted[i].times(&phi[j - i], bound),
            );
        }
        // G_j = O(N^{1−j}): lower powers of ε cancel.
        own.0.retain(|_, x| !x.is_zero());
        assert!(own.0.keys().all(|p| usize::from(p[EPSILON]) >= j - 1));
        let leading = own.mapped(|p, x| {
            let mut q = *p;
            q[EPSILON] -= j as u8 - 1;
            (q, x.clone())
        });
        w.add(&(T::one() / whole(j)), &leading);
        counted.push(own);
    }
    w.0.retain(|p, _| total(p) <= highest);
    w
}
