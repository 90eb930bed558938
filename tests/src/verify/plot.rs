//! The data behind a row as inline SVG with logarithmic axes, a line of the claimed
//! slope through the last point of each curve.

use plotters::prelude::*;

use super::{Curve, Plot};

const SIZE: (u32, u32) = (560, 380);
const FONT: u32 = 14;
const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x24);
const GRID: RGBColor = RGBColor(0xdf, 0xe3, 0xe8);
/// Told apart with any colour vision (Okabe and Ito).
pub(super) const PALETTE: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xb8, 0x86, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
];

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

/// Smallest and largest, with room around them.
fn range(values: impl Iterator<Item = f64>) -> Option<std::ops::Range<f64>> {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for v in values {
        low = low.min(v);
        high = high.max(v);
    }
    let pad = (high / low).powf(0.05).max(1.1);
    (low <= high).then(|| low / pad..high * pad)
}

/// The drawing; `None` without a point to draw.
///
/// # Errors
/// What the drawing library says.
pub(super) fn svg(plot: &Plot) -> Result<Option<String>, String> {
    let curves: Vec<Vec<(f64, f64)>> = plot.curves.iter().map(Curve::drawn).collect();
    let points = || curves.iter().flatten();
    let (Some(x), Some(y)) = (range(points().map(|p| p.0)), range(points().map(|p| p.1))) else {
        return Ok(None);
    };
    let mut out = String::new();
    draw(plot, &curves, x, y, &mut out).map_err(|error| error.to_string())?;
    Ok(Some(out))
}

fn draw(
    plot: &Plot,
    curves: &[Vec<(f64, f64)>],
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
    out: &mut String,
) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(out, SIZE).into_drawing_area();
    let font = ("sans-serif", FONT).into_font().color(&INK);
    let low = x.start;
    let ticks: Vec<f64> = curves.iter().flatten().map(|p| p.0).collect();
    let x = x.log_scale().with_key_points(ticks);
    let mut chart = ChartBuilder::on(&root)
        .margin(FONT / 2)
        .x_label_area_size(FONT * 3)
        .y_label_area_size(FONT * 5)
        .build_cartesian_2d(x, y.log_scale())?;
    chart
        .configure_mesh()
        .x_desc(plot.x.as_str())
        .y_desc(plot.y.as_str())
        .label_style(font.clone())
        .axis_desc_style(font)
        .axis_style(INK)
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .x_label_formatter(&|v| format!("{v}"))
        .y_label_formatter(&|v| format!("{v:.0e}"))
        .draw()?;
    for (k, (curve, points)) in plot.curves.iter().zip(curves).enumerate() {
        let style = PALETTE[k % PALETTE.len()].stroke_width(2);
        chart.draw_series(LineSeries::new(points.iter().copied(), style))?;
        chart.draw_series(points.iter().map(|&p| Circle::new(p, 4, style)))?;
        if let (Some(slope), Some(&(at, value))) = (curve.slope, points.last()) {
            let line = [low, at].map(|x| (x, value * (x / at).powf(slope)));
            chart.draw_series(DashedLineSeries::new(line, 5, 4, style))?;
        }
    }
    root.present()?;
    Ok(())
}
