//! What of the curves is shown: a truncation that runs away is cut, so that the
//! others can be seen.

use std::ops::Range;

use meanfield_run::{Mark, Panel, Scale};

/// The part of the vertical axis that is shown where a truncation leaves what it
/// should follow, exact values and the limit, so far behind that these would be
/// a line.
pub(super) fn window(panel: &Panel) -> Option<Range<f64>> {
    /// So many times the range of these values is too much.
    const FAR: f64 = 4.0;
    /// Of their range, what is shown above and below.
    const BESIDE: f64 = 0.6;
    let has_exact = panel.curves.iter().any(|curve| curve.mark == Mark::Points);
    if !has_exact || !matches!(panel.scale, Scale::Linear | Scale::LogX) {
        return None;
    }
    let extent = |among: fn(&Mark) -> bool| {
        let curves = panel.curves.iter().filter(|curve| among(&curve.mark));
        let values = curves.flat_map(|curve| curve.points.iter().map(|p| p.1));
        let values = values.filter(|y| y.is_finite());
        values.fold(f64::INFINITY..f64::NEG_INFINITY, |r, y| {
            r.start.min(y)..r.end.max(y)
        })
    };
    let (all, followed) = (extent(|_| true), extent(|mark| *mark != Mark::Line));
    let height = followed.end - followed.start;
    let rounding = 1e-9 * followed.end.abs().max(followed.start.abs());
    let far = height > rounding && all.end - all.start > FAR * height;
    far.then_some(followed.start - BESIDE * height..followed.end + BESIDE * height)
}

/// The parts of a polygon between two heights.
pub(super) fn pieces(points: &[(f64, f64)], range: &Range<f64>) -> Vec<Vec<(f64, f64)>> {
    let (low, high) = (range.start, range.end);
    let inside = |p: &(f64, f64)| p.1 >= low && p.1 <= high;
    // Where the line from a to b meets the height.
    let meet = |a: (f64, f64), b: (f64, f64), height: f64| {
        (a.0 + (b.0 - a.0) * (height - a.1) / (b.1 - a.1), height)
    };
    let border = |outside: (f64, f64)| if outside.1 > high { high } else { low };
    let mut out = Vec::new();
    let mut piece: Vec<(f64, f64)> = Vec::new();
    for (k, &p) in points.iter().enumerate() {
        let before = k.checked_sub(1).map(|k| points[k]);
        match before {
            Some(q) if inside(&p) && !inside(&q) => piece.push(meet(q, p, border(q))),
            Some(q) if !inside(&p) && inside(&q) => {
                piece.push(meet(q, p, border(p)));
                out.push(std::mem::take(&mut piece));
            }
            // From below the picture to above it, or back.
            Some(q) if !inside(&p) && border(p) != border(q) => {
                out.push(vec![meet(q, p, border(q)), meet(q, p, border(p))]);
            }
            _ => {}
        }
        if inside(&p) {
            piece.push(p);
        }
    }
    if !piece.is_empty() {
        out.push(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_a_curve_is_cut_where_it_leaves_the_picture() {
        let points = [
            (0.0, 0.0),
            (1.0, 2.0),
            (2.0, -2.0),
            (3.0, 0.5),
            (4.0, 0.5),
            (5.0, 3.0),
            (6.0, 3.0),
        ];
        let found = pieces(&points, &(-1.0..1.0));
        let expected = [
            vec![(0.0, 0.0), (0.5, 1.0)],
            vec![(1.25, 1.0), (1.75, -1.0)],
            vec![(2.4, -1.0), (3.0, 0.5), (4.0, 0.5), (4.2, 1.0)],
        ];
        assert_eq!(found, expected);
        let all = f64::NEG_INFINITY..f64::INFINITY;
        assert_eq!(pieces(&points, &all), [points.to_vec()]);
        assert!(pieces(&[], &all).is_empty());
    }
}
