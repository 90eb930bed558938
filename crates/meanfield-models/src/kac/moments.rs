//! The moments that Kac models name, as polynomials of the velocity.

/// A term of a polynomial: factor, and the powers of vx, vy, vz.
pub(super) type Term = (f64, [usize; 3]);

/// Names in the plane, and what space adds.
const NAMES: [&str; 10] = [
    "vx", "vy", "m2", "m4", "txx", "tyy", "energy", "qx", "vz", "tzz",
];

/// `vx`, `vy`, `vz`; `m2` = |v|², `m4` = |v|⁴; `txx` = vx², `tyy`, `tzz`; `energy` = |v|²/2; `qx` =
/// vx|v|² (twice the heat flux along x at rest): those that exist in `dimension` components and
/// have a total degree of at most `degree`.
pub(super) fn names(dimension: usize, degree: usize) -> Vec<String> {
    let known = |name: &&str| {
        let total = |(_, powers): Term| powers.iter().sum::<usize>();
        terms(dimension, name).is_some_and(|p| p.into_iter().map(total).all(|n| n <= degree))
    };
    NAMES.into_iter().filter(known).map(str::to_owned).collect()
}

/// The polynomial of that name; `None` where it needs a component that is not
/// there.
pub(super) fn terms(dimension: usize, name: &str) -> Option<Vec<Term>> {
    let unit = |k: usize| -> [usize; 3] { std::array::from_fn(|i| usize::from(i == k)) };
    let sum = |a: [usize; 3], b: [usize; 3]| -> [usize; 3] { std::array::from_fn(|i| a[i] + b[i]) };
    let square = |k: usize| sum(unit(k), unit(k));
    let component = |k: usize| (k < dimension).then_some(k);
    let squares = (0..dimension).map(square);
    let out = match name {
        "vx" => vec![(1.0, unit(0))],
        "vy" => vec![(1.0, unit(component(1)?))],
        "vz" => vec![(1.0, unit(component(2)?))],
        "txx" => vec![(1.0, square(0))],
        "tyy" => vec![(1.0, square(component(1)?))],
        "tzz" => vec![(1.0, square(component(2)?))],
        "m2" => squares.map(|p| (1.0, p)).collect(),
        "energy" => squares.map(|p| (0.5, p)).collect(),
        "qx" => squares.map(|p| (1.0, sum(p, unit(0)))).collect(),
        "m4" => squares
            .clone()
            .flat_map(|p| squares.clone().map(move |q| (1.0, sum(p, q))))
            .collect(),
        _ => return None,
    };
    Some(out)
}

/// The value of a polynomial at a velocity.
pub(super) fn value(terms: &[Term], v: &[f64]) -> f64 {
    let term = |(factor, powers): &Term| {
        let factors = v.iter().zip(powers).map(|(x, &p)| x.powi(p as i32));
        factor * factors.product::<f64>()
    };
    terms.iter().map(term).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validate_the_values_of_every_name() {
        let v = [0.5, -2.0, 3.0];
        for (d, square) in [(1, 0.25), (2, 4.25), (3, 13.25)] {
            let at = |name| terms(d, name).map(|p| value(&p, &v[..d]));
            assert_eq!(at("vx"), Some(0.5));
            assert_eq!(at("vy"), (d > 1).then_some(-2.0));
            assert_eq!(at("vz"), (d > 2).then_some(3.0));
            assert_eq!(at("txx"), Some(0.25));
            assert_eq!(at("tyy"), (d > 1).then_some(4.0));
            assert_eq!(at("tzz"), (d > 2).then_some(9.0));
            assert_eq!(at("m2"), Some(square));
            assert_eq!(at("energy"), Some(square / 2.0));
            assert_eq!(at("qx"), Some(0.5 * square));
            assert_eq!(at("m4"), Some(square * square));
            assert_eq!(at("m5"), None);
        }
        assert_eq!(names(3, usize::MAX), NAMES);
        assert_eq!(names(2, usize::MAX), NAMES[..8]);
        assert_eq!(names(2, 2), ["vx", "vy", "m2", "txx", "tyy", "energy"]);
    }
}
