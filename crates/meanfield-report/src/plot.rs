//! A panel as inline SVG. Colours are written as fixed values that the page's
//! style sheet replaces, so that one drawing serves light and dark.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

use super::window::{pieces, window};
use meanfield_run::{Curve, Mark, Panel, Scale};

/// A panel could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the plot \"{title}\" could not be drawn: {reason}")]
pub struct PlotError {
    title: String,
    reason: String,
}

/// Text and axes.
pub(super) const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x24);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xdf, 0xe3, 0xe8);
/// Curves, told apart by people with any colour vision (Okabe and Ito).
pub(super) const PALETTE: [RGBColor; 7] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xb8, 0x86, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0x77, 0x77, 0x77),
];

/// The colour of a curve.
fn pen(number: usize) -> RGBColor {
    PALETTE[number % PALETTE.len()]
}

/// The colour of a curve by its number, as CSS writes it: "#0072B2".
#[must_use]
pub fn colour(number: usize) -> String {
    hex(pen(number))
}

pub(super) fn hex(c: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", c.0, c.1, c.2)
}

/// The size a panel is drawn for.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Of labels, in pixels.
    pub font: u32,
}

/// Points are drawn at whole pixels: this many of them for each pixel of the
/// size keep curves smooth.
const FINE: u32 = 4;

/// Draws a panel as SVG that scales to its place; `None` when it has no finite point.
///
/// # Errors
/// [`PlotError`].
pub fn svg(panel: &Panel, size: Size) -> Result<Option<String>, PlotError> {
    let log = [
        matches!(panel.scale, Scale::LogX | Scale::LogLog),
        matches!(panel.scale, Scale::LogY | Scale::LogLog),
    ];
    let curves: Vec<Curve> = panel.curves.iter().map(|c| finite(c, log)).collect();
    let points = || curves.iter().flat_map(|curve| curve.points.iter());
    let (Some(x), Some(y)) = (
        range(points().map(|p| p.0), log[0]),
        range(points().map(|p| p.1), log[1]),
    ) else {
        return Ok(None);
    };
    let y = window(panel).unwrap_or(y);
    // Steps that add up to zero leave a rounding error; a logarithmic axis has
    // none, and its small values are meant.
    let zero = [(&x, log[0]), (&y, log[1])].map(|(range, log)| {
        if log {
            0.0
        } else {
            1e-9 * (range.end - range.start)
        }
    });
    let size = Size {
        width: FINE * size.width,
        height: FINE * size.height,
        font: FINE * size.font,
    };
    let mut out = String::new();
    let drawn = {
        let root = SVGBackend::with_string(&mut out, (size.width, size.height)).into_drawing_area();
        match panel.scale {
            Scale::Linear => draw(&root, panel, &curves, (x, y), zero, size),
            Scale::LogY => draw(&root, panel, &curves, (x, y.log_scale()), zero, size),
            Scale::LogX | Scale::LogLog => {
                let ticks = positions(points().map(|p| p.0));
                let x = x.log_scale().with_key_points(ticks);
                if panel.scale == Scale::LogX {
                    draw(&root, panel, &curves, (x, y), zero, size)
                } else {
                    draw(&root, panel, &curves, (x, y.log_scale()), zero, size)
                }
            }
        }
    };
    drawn.map_err(|reason| PlotError {
        title: panel.title.clone(),
        reason,
    })?;
    Ok(Some(scalable(&out, &panel.title)))
}

fn draw<X, Y>(
    root: &DrawingArea<SVGBackend<'_>, Shift>,
    panel: &Panel,
    curves: &[Curve],
    (x, y): (X, Y),
    zero: [f64; 2],
    size: Size,
) -> Result<(), String>
where
    X: AsRangedCoord<Value = f64>,
    Y: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
    Y::CoordDescType: ValueFormatter<f64>,
{
    let text = |error: DrawingAreaErrorKind<_>| -> String {
        let error: DrawingAreaErrorKind<std::io::Error> = error;
        error.to_string()
    };
    let font = ("sans-serif", size.font).into_font().color(&INK);
    let mut chart = ChartBuilder::on(root)
        .margin(size.font / 2)
        .margin_right(size.font)
        .x_label_area_size(size.font * 3)
        .y_label_area_size(size.font * 5)
        .build_cartesian_2d(x, y)
        .map_err(text)?;
    chart
        .configure_mesh()
        .x_desc(panel.x.as_str())
        .y_desc(panel.y.as_str())
        .label_style(font.clone())
        .axis_desc_style(font)
        .axis_style(INK.stroke_width(FINE))
        .bold_line_style(GRID.stroke_width(FINE))
        .light_line_style(TRANSPARENT)
        .x_labels((size.width / (4 * size.font)) as usize)
        .y_labels(6)
        .set_all_tick_mark_size(5 * FINE)
        .x_label_formatter(&|v| tick(*v, zero[0]))
        .y_label_formatter(&|v| tick(*v, zero[1]))
        .draw()
        .map_err(text)?;
    let range = window(panel).unwrap_or(f64::NEG_INFINITY..f64::INFINITY);
    for curve in curves {
        let colour = pen(curve.colour);
        let line = colour.stroke_width(2 * FINE);
        for piece in pieces(&curve.points, &range) {
            match curve.mark {
                Mark::Line | Mark::LineAndPoints => {
                    chart
                        .draw_series(LineSeries::new(piece, line))
                        .map_err(text)?;
                }
                Mark::Dashed => {
                    let dashes = DashedLineSeries::new(piece, 6 * FINE, 5 * FINE, line);
                    chart.draw_series(dashes).map_err(text)?;
                }
                Mark::Points => {}
            }
        }
        if matches!(curve.mark, Mark::Points | Mark::LineAndPoints) {
            // More circles than this merge into a band.
            let step = curve.points.len().div_ceil(MOST_CIRCLES);
            let shown = curve.points.iter().copied().step_by(step);
            let shown = shown.filter(|p| range.contains(&p.1));
            chart
                .draw_series(shown.map(|p| Circle::new(p, 4 * FINE, line)))
                .map_err(text)?;
        }
    }
    root.present().map_err(text)
}

/// At most this many circles are drawn of a curve.
const MOST_CIRCLES: usize = 25;

/// The positions of the points themselves, thinned so that labels do not
/// overlap: on a logarithmic axis of N, the N.
fn positions(values: impl Iterator<Item = f64>) -> Vec<f64> {
    const MOST: usize = 6;
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let step = values.len().div_ceil(MOST).max(1);
    values.into_iter().step_by(step).collect()
}

/// A tick in as few characters as say it; what is no larger than `zero` is 0.
fn tick(x: f64, zero: f64) -> String {
    if x.abs() <= zero {
        return "0".to_owned();
    }
    if (1e-3..1e5).contains(&x.abs()) {
        let text = format!("{x:.4}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let text = format!("{x:.2e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    format!("{mantissa}e{exponent}")
}

/// What a logarithmic axis can show with a margin.
const DRAWN: Range<f64> = 1e-305..1e300;

/// The largest ratio of the ends of an axis: beyond it the ratio itself is infinite.
const LONGEST: f64 = 1e200;

fn finite(curve: &Curve, log: [bool; 2]) -> Curve {
    let fits = |v: f64, log: bool| v.is_finite() && (!log || DRAWN.contains(&v));
    let mut curve = curve.clone();
    curve
        .points
        .retain(|&(x, y)| fits(x, log[0]) && fits(y, log[1]));
    curve
}

/// The values' range with a margin; never empty.
fn range(values: impl Iterator<Item = f64>, log: bool) -> Option<Range<f64>> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for v in values {
        low = low.min(v);
        high = high.max(v);
    }
    if low > high {
        return None;
    }
    if log {
        low = low.max(high / LONGEST);
        let pad = (high / low).powf(0.06).max(1.1);
        return Some(low / pad..high * pad);
    }
    let spread = high - low;
    // Noise in the last digits of a constant is not worth a plot's height.
    let least = 1e-9 * low.abs().max(high.abs()).max(1e-12);
    let pad = if spread > least {
        0.05 * spread
    } else {
        0.5 * low.abs().max(1e-3)
    };
    Some(low - pad..high + pad)
}

/// Replaces the fixed size by a viewBox, and says what the picture shows.
fn scalable(svg: &str, title: &str) -> String {
    let label = super::escape::escape(title);
    let Some(end) = svg.find('>') else {
        return svg.to_owned();
    };
    let tag = &svg[..end];
    let kept: Vec<&str> = tag
        .split_whitespace()
        .filter(|part| !part.starts_with("width=") && !part.starts_with("height="))
        .collect();
    format!(
        "{} role=\"img\" aria-label=\"{label}\"{}",
        kept.join(" "),
        &svg[end..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(points: Vec<(f64, f64)>, scale: Scale) -> Panel {
        Panel {
            title: "a < b".to_owned(),
            note: String::new(),
            x: "t".to_owned(),
            y: "y".to_owned(),
            scale,
            curves: vec![Curve {
                label: "c".to_owned(),
                mark: Mark::LineAndPoints,
                colour: 0,
                points,
            }],
        }
    }

    const SIZE: Size = Size {
        width: 400,
        height: 300,
        font: 12,
    };

    #[test]
    fn law_a_drawing_scales_and_has_a_name() {
        let out = svg(&panel(vec![(0.0, 1.0), (1.0, 2.0)], Scale::Linear), SIZE)
            .unwrap()
            .unwrap();
        assert!(out.starts_with("<svg"), "{out}");
        assert!(out.contains("viewBox=\"0 0 1600 1200\""));
        assert!(!out[..out.find('>').unwrap()].contains("width="));
        assert!(out.contains("aria-label=\"a &lt; b\""));
    }

    #[test]
    fn law_degenerate_data_do_not_break_a_plot() {
        for scale in [Scale::Linear, Scale::LogY, Scale::LogLog] {
            let nothing = svg(
                &panel(vec![(1.0, f64::NAN), (f64::INFINITY, 1.0)], scale),
                SIZE,
            );
            assert!(nothing.unwrap().is_none());
            let flat = svg(&panel(vec![(1.0, 2.0), (3.0, 2.0)], scale), SIZE);
            assert!(flat.unwrap().is_some());
            let single = svg(&panel(vec![(1.0, 1e-300)], scale), SIZE);
            assert!(single.unwrap().is_some());
            let wide = svg(&panel(vec![(1e-300, 5e-324), (1e299, 1e299)], scale), SIZE);
            assert!(wide.unwrap().is_some());
        }
        for (scale, drawn) in [
            (Scale::Linear, true),
            (Scale::LogY, false),
            (Scale::LogLog, false),
        ] {
            let zero = svg(&panel(vec![(0.0, 0.0)], scale), SIZE).unwrap();
            assert_eq!(zero.is_some(), drawn, "{scale:?}");
        }
    }

    #[test]
    fn law_only_a_truncation_that_runs_away_is_cut() {
        let with = |truncated: f64, mark: Mark| {
            let mut panel = panel(vec![(0.0, 0.0), (1.0, truncated)], Scale::Linear);
            panel.curves[0].mark = Mark::Line;
            let mut exact = panel.curves[0].clone();
            exact.points = vec![(0.0, 0.0), (1.0, 1.0)];
            exact.mark = mark;
            panel.curves.push(exact);
            panel
        };
        let cut = window(&with(-300.0, Mark::Points)).unwrap();
        assert!(cut.contains(&0.0) && cut.contains(&1.0) && !cut.contains(&-300.0));
        assert_eq!(window(&with(3.0, Mark::Points)), None);
        assert_eq!(window(&with(-300.0, Mark::Dashed)), None, "no exact values");
        let drawn = svg(&with(-300.0, Mark::Points), SIZE).unwrap().unwrap();
        assert!(drawn.contains("1.5") && !drawn.contains("-300"), "{drawn}");
    }

    #[test]
    fn law_ticks_are_short() {
        assert_eq!(tick(0.25, 0.0), "0.25");
        assert_eq!(tick(-3.0, 0.0), "-3");
        assert_eq!(tick(1e-7, 0.0), "1e-7");
        assert_eq!(tick(20.0, 0.0), "20");
        // 1 − 0.2 − 0.2 − … is not 0.
        assert_eq!(tick(1.36e-17, 1e-9), "0");
    }
}
