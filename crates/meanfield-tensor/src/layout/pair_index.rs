//! Where the entries of a symmetric tensor of degree 2 lie.

/// D(D+1)/2, the number of packed pairs of D states; so many, too, have both indices
/// below a given one, and {0, b} is the first behind them.
///
/// Inlined always: it stands in the innermost loops over tiles of pairs.
#[must_use]
#[inline(always)]
pub const fn pair_count(dimension: usize) -> usize {
    dimension * (dimension + 1) / 2
}

/// The place b(b+1)/2 + a of the pair {a, b}, a ≤ b; in any order.
#[must_use]
#[inline(always)]
pub const fn pair_rank(a: usize, b: usize) -> usize {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    pair_count(high) + low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SymmetricLayout;

    #[test]
    fn law_pairs_lie_as_any_degree_does() {
        let layout = SymmetricLayout::new(7, 2).unwrap();
        assert_eq!(pair_count(7), layout.len(2));
        for (a, b) in (0..7).flat_map(|a| (0..7).map(move |b| (a, b))) {
            assert_eq!(pair_rank(a, b), layout.rank(&[a, b]));
        }
    }
}
