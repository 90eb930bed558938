//! The pair operator: a pair goes to every pair with its momentum and energy.

use std::collections::BTreeMap;

use meanfield_abstract::{ModelError, PairEntry};

use super::lattice::{Point, square};
use crate::parameter::refused;

/// Most entries a list of collisions may have: about 1 GiB while it is built.
pub const LARGEST_COLLISION_LIST: usize = 20_000_000;

/// Total momentum and twice the total energy of a pair.
type Invariants = (Point, i64);

/// The entries of V on a lattice. All ordered pairs with the same momentum and
/// energy form a class; they share the relative speed, since |v₁ − v₂|² =
/// 2(|v₁|² + |v₂|²) − |v₁ + v₂|². With n pairs in the class and B the rate,
/// V = B(1/n − identity) on it: symmetric, so the uniform measure is invariant
/// and entropy grows. In one dimension a class is a pair and its exchange.
pub(crate) fn entries(points: &[Point], exponent: f64) -> Result<Vec<PairEntry<f64>>, ModelError> {
    let pairs = points.len() * points.len();
    if pairs > LARGEST_COLLISION_LIST {
        return too_many(pairs);
    }
    let mut classes: BTreeMap<Invariants, Vec<(usize, usize)>> = BTreeMap::new();
    for (a, v) in points.iter().enumerate() {
        for (b, w) in points.iter().enumerate() {
            let momentum = [v[0] + w[0], v[1] + w[1], v[2] + w[2]];
            let class = classes.entry((momentum, square(v) + square(w)));
            class.or_default().push((a, b));
        }
    }
    let total: usize = classes
        .values()
        .map(|pairs| pairs.len() * pairs.len())
        .sum();
    if total > LARGEST_COLLISION_LIST {
        return too_many(total);
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

fn too_many<T>(entries: usize) -> Result<T, ModelError> {
    refused(
        "radius",
        format!("so large that V has at least {entries} entries"),
        format!("a lattice with at most {LARGEST_COLLISION_LIST}"),
    )
}
