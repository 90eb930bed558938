//! The pair operator: a pair goes to every pair with its momentum and energy.

use std::collections::{BTreeMap, HashMap};

use meanfield_abstract::{ModelError, PairEntry};

use super::lattice::{Point, square};
use crate::parameter::refused;

/// Most entries a list of collisions may have: about 2.5 GiB while a model is
/// made of it.
pub const LARGEST_COLLISION_LIST: usize = 20_000_000;

/// Total momentum and twice the total energy of a pair.
type Invariants = (Point, i64);

fn invariants(v: &Point, w: &Point) -> Invariants {
    let momentum = [v[0] + w[0], v[1] + w[1], v[2] + w[2]];
    (momentum, square(v) + square(w))
}

/// The number of entries of V on a lattice, Σ n² over the classes of n pairs
/// (those of one pair, which V does not change, included): counted without a
/// list, and no further than the first number beyond
/// [`LARGEST_COLLISION_LIST`].
pub(crate) fn count(points: &[Point]) -> usize {
    let least = points.len().saturating_mul(points.len());
    if least > LARGEST_COLLISION_LIST {
        return least;
    }
    let mut classes: HashMap<Invariants, usize> = HashMap::new();
    let mut total = 0;
    for v in points {
        for w in points {
            let pairs = classes.entry(invariants(v, w)).or_default();
            total += 2 * *pairs + 1;
            *pairs += 1;
        }
        if total > LARGEST_COLLISION_LIST {
            return total;
        }
    }
    total
}

/// The entries of V on a lattice. All ordered pairs with the same momentum and
/// energy form a class; they share the relative speed, since |v₁ − v₂|² =
/// 2(|v₁|² + |v₂|²) − |v₁ + v₂|². With n pairs in the class and B the rate,
/// V = B(1/n − identity) on it: symmetric, so the uniform measure is invariant
/// and entropy grows. In one dimension a class is a pair and its exchange.
pub(crate) fn entries(points: &[Point], exponent: f64) -> Result<Vec<PairEntry<f64>>, ModelError> {
    let total = count(points);
    if total > LARGEST_COLLISION_LIST {
        return refused(
            "radius",
            format!("so large that V has at least {total} entries"),
            format!("a lattice with at most {LARGEST_COLLISION_LIST}"),
        );
    }
    let mut classes: BTreeMap<Invariants, Vec<(usize, usize)>> = BTreeMap::new();
    for (a, v) in points.iter().enumerate() {
        for (b, w) in points.iter().enumerate() {
            classes.entry(invariants(v, w)).or_default().push((a, b));
        }
    }

    let mut found = Vec::with_capacity(total);
    for ((momentum, energy), pairs) in &classes {
        if pairs.len() < 2 {
            continue;
        }
        let speed = ((2 * energy - square(momentum)) as f64).sqrt();
        let rate = speed.powf(exponent);
        if !rate.is_finite() {
            let message = format!("{exponent}, which makes {speed}^{exponent} overflow");
            return refused("power", message, "an exponent with finite rates");
        }
        let each = rate / pairs.len() as f64;
        for &(c, d) in pairs {
            for &(a, b) in pairs {
                let stays = (a, b) == (c, d);
                let value = if stays { each - rate } else { each };
                found.push(PairEntry { a, b, c, d, value });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::lattice::points_of;
    use super::*;

    #[test]
    fn law_entries_are_counted_before_they_are_made() {
        for (dimension, radius) in [(1, 5.0), (2, 1.0), (2, 3.0), (3, 1.0), (3, 2.0)] {
            let points = points_of(dimension, radius).unwrap();
            let made = entries(&points, 1.0).unwrap();
            // Classes of one pair have no entry: the pair and its own exchange.
            let alone = points.iter().filter(|&v| {
                let class = |x, y| invariants(x, y) == invariants(v, v);
                let pairs = points
                    .iter()
                    .flat_map(|x| points.iter().map(move |y| (x, y)));
                pairs.filter(|(x, y)| class(x, y)).count() == 1
            });
            assert_eq!(count(&points), made.len() + alone.count());
        }
    }
}
