//! The velocities: integer points in a ball.

use meanfield_abstract::ModelError;

use crate::parameter::refused;

/// A velocity; components beyond the dimension are 0.
pub(crate) type Point = [i64; 3];

/// Radius beyond which no lattice is enumerated: it would hold more than ten
/// thousand velocities, and a list of collisions has at least their square.
const LARGEST_RADIUS: f64 = 64.0;

/// The points of [`points_of`] in two or three dimensions: on a line the
/// collisions of a homogeneous gas change nothing.
pub(super) fn points(dimension: usize, radius: f64) -> Result<Vec<Point>, ModelError> {
    if !(dimension == 2 || dimension == 3) {
        return refused("dimension", dimension, "2 or 3");
    }
    points_of(dimension, radius)
}

/// The integer points of one to three components (`dimension`) with |v| ≤
/// `radius`, in lexicographic order.
pub(crate) fn points_of(dimension: usize, radius: f64) -> Result<Vec<Point>, ModelError> {
    if !(1.0..=LARGEST_RADIUS).contains(&radius) {
        let expected = format!("a number from 1 to {LARGEST_RADIUS}");
        return refused("radius", radius, expected);
    }
    let reach = radius.floor() as i64;
    let [breadth, depth] = [2, 3].map(|k| if dimension >= k { reach } else { 0 });
    let mut found = Vec::new();
    for x in -reach..=reach {
        for y in -breadth..=breadth {
            for z in -depth..=depth {
                if (x * x + y * y + z * z) as f64 <= radius * radius {
                    found.push([x, y, z]);
                }
            }
        }
    }
    Ok(found)
}

/// v·v.
pub(crate) fn square(v: &Point) -> i64 {
    v.iter().map(|x| x * x).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validate_the_number_of_lattice_points_in_a_ball() {
        // Gauss's circle problem, and its counterpart in three dimensions.
        for (dimension, radius, expected) in [
            (1, 2.9, 5),
            (2, 1.0, 5),
            (2, 2.0, 13),
            (2, 3.0, 29),
            (2, 10.0, 317),
            (3, 1.0, 7),
            (3, 2.0, 33),
            (3, 3.0, 123),
        ] {
            assert_eq!(points_of(dimension, radius).unwrap().len(), expected);
        }
    }

    #[test]
    fn law_dimensions_and_radii_without_a_lattice_are_refused() {
        let key = |result: Result<Vec<Point>, ModelError>| match result {
            Err(ModelError::Parameter { key, .. }) => key,
            other => panic!("{other:?}"),
        };
        assert_eq!(key(points(1, 2.0)), "dimension");
        assert_eq!(key(points(4, 2.0)), "dimension");
        for radius in [0.0, -1.0, 1e9, f64::NAN, f64::INFINITY] {
            assert_eq!(key(points(2, radius)), "radius");
        }
    }
}
