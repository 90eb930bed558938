//! The equation of the connected cumulants, multiplied out over any field as a
//! power series in t.

use ndarray::Array2;

use crate::model::Arrays;
use crate::polynomial::{EPSILON, Field, Polynomial, whole};

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
        let mut next = Polynomial::zero();
        next.add(&(T::one() / whole(k + 1)), &flow);
        w.push(next);
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
    // ε^{j−1+l} y^j: a total degree of at most 2·order + 1.
    let (highest, bound) = (order + 1, 2 * order + 1);
    let minus = T::zero() - T::one();
    let constant = |x: T| Polynomial::constant(x);
    let linear = |value: T, k: usize| {
        let mut out = constant(value);
        let slope = T::zero() - whole::<T>(k);
        out.add(&slope, &constant(T::one()).raised(EPSILON, 1));
        out
    };
    // Φ by degree: Π_a Σ_n y_a^n/n! Π_{k<n} (x_a − kε), then the division.
    let mut phi = constant(T::one());
    for (a, value) in x.iter().enumerate() {
        let mut factor = Polynomial::zero();
        let mut term = constant(T::one());
        for n in 0..=highest {
            factor.add(&T::one(), &term);
            let mut next = Polynomial::zero();
            next.add_product(&term, &linear(value.clone(), n), bound);
            term = Polynomial::zero();
            term.add(&(T::one() / whole(n + 1)), &next.raised(a, bound));
        }
        let mut product = Polynomial::zero();
        product.add_product(&phi, &factor, bound);
        phi = product;
    }
    let part = |p: &Polynomial<T>, j: usize| {
        let mut p = p.clone();
        p.0.retain(|e, _| crate::polynomial::degree(e) == j);
        p
    };
    let mut moments = vec![constant(T::one())];
    let mut divisor = constant(T::one());
    for j in 1..=highest {
        // 1/(1 − kε) as a geometric series, k = j − 1.
        let mut series = Polynomial::zero();
        let mut power = constant(T::one());
        for _ in 0..=bound {
            series.add(&T::one(), &power);
            let mut next = Polynomial::zero();
            next.add(&whole(j - 1), &power.raised(EPSILON, bound));
            power = next;
        }
        let mut product = Polynomial::zero();
        product.add_product(&divisor, &series, bound);
        divisor = product;
        let mut moment = Polynomial::zero();
        moment.add_product(&part(&phi, j), &divisor, bound);
        moments.push(moment);
    }
    // n Φ = (n ln Φ)·Φ, degree by degree.
    let mut logarithm = vec![Polynomial::zero()];
    for j in 1..=highest {
        let mut sum = moments[j].counted();
        for i in 1..j {
            let mut product = Polynomial::zero();
            product.add_product(&Polynomial::counted(&logarithm[i]), &moments[j - i], bound);
            sum.add(&minus, &product);
        }
        let mut own = Polynomial::zero();
        own.add(&(T::one() / whole(j)), &sum);
        logarithm.push(own);
    }
    let mut w = Polynomial::zero();
    for (j, part) in logarithm.iter().enumerate().skip(1) {
        let leading = part.mapped(|p, x| {
            let mut q = *p;
            // G_j = O(N^{1−j}): lower powers of ε cancel.
            assert!(usize::from(p[EPSILON]) >= j - 1 || x.is_zero());
            q[EPSILON] = p[EPSILON].wrapping_sub(j as u8 - 1);
            (q, x.clone())
        });
        w.add(&T::one(), &leading);
    }
    w.0.retain(|p, x| !x.is_zero() && p.iter().map(|&n| usize::from(n)).sum::<usize>() <= highest);
    w
}
