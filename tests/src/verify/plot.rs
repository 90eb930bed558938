//! The data behind a row, drawn as reports draw: logarithmic axes, and a line of the
//! claimed slope through the last point of each curve.

use meanfield_report::{Size, svg as drawing};
use meanfield_run::{self as run, Mark, Panel, Scale};

use super::{Curve, Plot};

const SIZE: Size = Size {
    width: 560,
    height: 380,
    font: 14,
};

impl Curve {
    /// The points that have a logarithm.
    pub(super) fn drawn(&self) -> Vec<(f64, f64)> {
        let fits = |v: f64| v.is_finite() && v > 0.0;
        let points = self.points.iter().copied();
        points.filter(|&(x, y)| fits(x) && fits(y)).collect()
    }

    /// The slope of log y against log x through the last two points.
    #[must_use]
    pub fn fitted(&self) -> Option<f64> {
        let points = self.drawn();
        let [.., a, b] = points[..] else { return None };
        Some((b.1 / a.1).ln() / (b.0 / a.0).ln())
    }
}

/// The drawing; `None` without a point to draw.
///
/// # Errors
/// What the drawing library says.
pub(super) fn svg(plot: &Plot) -> Result<Option<String>, String> {
    let mut curves = Vec::new();
    for (colour, curve) in plot.curves.iter().enumerate() {
        let points = curve.drawn();
        let claimed = curve.slope.zip(points.first().zip(points.last()));
        let line = claimed.map(|(slope, (first, &(at, value)))| {
            let points = [first.0, at].map(|x| (x, value * (x / at).powf(slope)));
            (Mark::Dashed, points.to_vec())
        });
        let drawn = std::iter::once((Mark::LineAndPoints, points)).chain(line);
        curves.extend(drawn.map(|(mark, points)| run::Curve {
            label: curve.label.clone(),
            mark,
            colour,
            points,
        }));
    }
    let panel = Panel {
        title: plot.y.clone(),
        note: String::new(),
        x: plot.x.clone(),
        y: plot.y.clone(),
        scale: Scale::LogLog,
        curves,
    };
    drawing(&panel, SIZE).map_err(|error| error.to_string())
}
