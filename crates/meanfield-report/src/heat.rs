//! A map as inline SVG: cells of one colour are one path, and the colours are
//! classes of the page, so that one drawing serves light and dark.

use std::fmt::Write as _;

use super::escape::escape;
use super::plot::Size;
use meanfield_run::HeatMap;

/// Shades of either sign.
pub(super) const SHADES: i32 = 10;
/// Up to this many rows, numbers are written into the cells.
const WITH_NUMBERS: usize = 6;
/// Width of a character in units of the font's size, roughly.
const CHARACTER: f64 = 0.6;
/// At most this many labels along a side where they are mere numbers.
const MOST_NUMBERS: usize = 8;

/// Style rules of the shades.
pub(super) fn rules() -> String {
    let mut out = String::new();
    for k in 1..=SHADES {
        // The strongest shade stays lighter than text.
        let share = 85 * k / SHADES;
        for (name, colour) in [("p", "--c1"), ("n", "--c0")] {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(
                out,
                ".{name}{k} {{ fill: color-mix(in srgb, var({colour}) {share}%, var(--paper)); }}"
            );
        }
    }
    out
}

/// Draws a map; `None` when nothing in it is finite.
pub(super) fn svg(map: &HeatMap, size: Size) -> Option<String> {
    let finite = map.rows.iter().flatten().filter(|x| x.is_finite());
    let largest = finite.clone().fold(0.0_f64, |most, x| most.max(x.abs()));
    finite.count().checked_sub(1)?;
    let rows = map.rows.len();
    let (width, font) = (f64::from(size.width), f64::from(size.font));
    let longest = map.labels.iter().map(|label| label.chars().count()).max();
    let label = CHARACTER * font * longest.unwrap_or(1) as f64;
    let left = (label + font).min(0.4 * width);
    // A small map is not blown up to the width of the page.
    let cell = ((width - left - font) / rows as f64).min(6.0 * font);
    let side = cell * rows as f64;
    let step = map.labels.len().div_ceil(MOST_NUMBERS);
    let step = if map.labels.len() > 2 * MOST_NUMBERS {
        step
    } else {
        1
    };
    let step = step.max((1.3 * font / cell).ceil() as usize);
    // Numbers that do not fit side by side are thinned out, names stand upright.
    let fits = |step: usize| label + 0.6 * font <= cell * step as f64;
    let numbers = map.labels.iter().all(|label| label.parse::<f64>().is_ok());
    let step = if numbers {
        (step..rows.max(step + 1))
            .find(|step| fits(*step))
            .unwrap_or(step)
    } else {
        step
    };
    let upright = !fits(step);
    let below = if upright { label + font } else { 1.8 * font };
    let top = 0.5 * font;
    let (bar, height) = (top + side + below, top + side + below + 3.0 * font);

    let mut out = format!(
        "<svg viewBox=\"0 0 {width} {height:.0}\" role=\"img\" aria-label=\"{}\" \
         font-size=\"{font}\" class=\"map\">\n",
        escape(&map.title)
    );
    let _ = writeln!(
        out,
        "<g transform=\"translate({left:.1} {top:.1}) scale({cell:.4})\" \
         shape-rendering=\"crispEdges\">{}</g>",
        cells(map, largest)
    );
    let _ = writeln!(
        out,
        "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" class=\"frame\"/>"
    );
    for (k, name) in map.labels.iter().enumerate().step_by(step) {
        let at = (k as f64 + 0.5) * cell;
        let name = escape(name);
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>",
            left - 0.4 * font,
            top + at + 0.35 * font
        );
        let (x, y) = (left + at, top + side + 0.4 * font);
        let _ = if upright {
            let x = x + 0.35 * font;
            writeln!(
                out,
                "<text transform=\"translate({x:.1} {y:.1}) rotate(-90)\" \
                 text-anchor=\"end\">{name}</text>"
            )
        } else {
            let y = y + 0.9 * font;
            writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{name}</text>"
            )
        };
    }
    if rows <= WITH_NUMBERS {
        for (a, row) in map.rows.iter().enumerate() {
            for (b, &value) in row.iter().enumerate() {
                let _ = writeln!(
                    out,
                    "<text class=\"number\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    left + (b as f64 + 0.5) * cell,
                    top + (a as f64 + 0.5) * cell + 0.35 * font,
                    short(value, largest)
                );
            }
        }
    }
    colour_bar(
        &mut out,
        (left, bar),
        (width - left - font).min(24.0 * font),
        font,
        largest,
    );
    out.push_str("</svg>\n");
    Some(out)
}

/// The cells in units of one: a path for each shade.
fn cells(map: &HeatMap, largest: f64) -> String {
    let shades = (-SHADES..=SHADES).filter(|&shade| shade != 0);
    let mut out = String::new();
    for shade in shades {
        let mut path = String::new();
        for (a, row) in map.rows.iter().enumerate() {
            let mut b = 0;
            while b < row.len() {
                let run = row[b..]
                    .iter()
                    .take_while(|x| shade_of(**x, largest) == shade)
                    .count();
                if run > 0 {
                    let _ = write!(path, "M{b} {a}h{run}v1h-{run}z");
                }
                b += run.max(1);
            }
        }
        if !path.is_empty() {
            let _ = write!(out, "<path class=\"{}\" d=\"{path}\"/>", class(shade));
        }
    }
    out
}

fn class(shade: i32) -> String {
    let sign = if shade > 0 { 'p' } else { 'n' };
    format!("{sign}{}", shade.abs())
}

/// The shade of a value: in proportion to the largest.
fn shade_of(x: f64, largest: f64) -> i32 {
    if !x.is_finite() || largest == 0.0 {
        return 0;
    }
    (x / largest * f64::from(SHADES)).round() as i32
}

/// All shades side by side, with the values of the ends.
fn colour_bar(out: &mut String, (x, y): (f64, f64), width: f64, font: f64, largest: f64) {
    let each = width / f64::from(2 * SHADES + 1);
    for (k, shade) in (-SHADES..=SHADES).enumerate() {
        if shade != 0 {
            let _ = write!(
                out,
                "<rect class=\"{}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{font:.1}\"/>",
                class(shade),
                x + k as f64 * each,
                each + 0.3
            );
        }
    }
    let _ = writeln!(
        out,
        "<rect class=\"frame\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{font:.1}\"/>"
    );
    for (at, anchor, value) in [
        (0.0, "start", -largest),
        (0.5, "middle", 0.0),
        (1.0, "end", largest),
    ] {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            x + at * width,
            y + 2.1 * font,
            short(value, largest)
        );
    }
}

/// Two digits; what is rounding beside the largest is 0.
fn short(x: f64, largest: f64) -> String {
    const ROUNDING: f64 = 1e-12;
    if x.abs() <= ROUNDING * largest {
        "0".to_owned()
    } else if (1e-2..1e3).contains(&x.abs()) {
        format!("{x:.2}")
    } else {
        format!("{x:.1e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        width: 360,
        height: 300,
        font: 14,
    };

    fn map(rows: Vec<Vec<f64>>) -> HeatMap {
        HeatMap {
            title: "g <2>".to_owned(),
            note: String::new(),
            labels: (0..rows.len()).map(|k| k.to_string()).collect(),
            rows,
        }
    }

    #[test]
    fn law_every_cell_has_the_shade_of_its_value() {
        let out = svg(
            &map(vec![
                vec![1.0, 1.0, -0.5],
                vec![0.0, -0.5, 0.01],
                vec![1.0; 3],
            ]),
            SIZE,
        );
        let out = out.unwrap();
        assert!(
            out.contains("class=\"p10\" d=\"M0 0h2v1h-2zM0 2h3v1h-3z\""),
            "{out}"
        );
        assert!(
            out.contains("class=\"n5\" d=\"M2 0h1v1h-1zM1 1h1v1h-1z\""),
            "{out}"
        );
        assert!(out.contains("aria-label=\"g &lt;2&gt;\""));
        assert_eq!(out.matches("class=\"number\"").count(), 9);
        assert!(svg(&map(vec![vec![f64::NAN]]), SIZE).is_none());
        assert!(svg(&map(Vec::new()), SIZE).is_none());
        assert!(svg(&map(vec![vec![0.0; 2]; 2]), SIZE).is_some());
    }

    #[test]
    fn law_a_large_map_is_small() {
        let wave = |a: usize| (0..128).map(|b| ((a * b) as f64 / 50.0).sin()).collect();
        let out = svg(&map((0..128).map(wave).collect()), SIZE).unwrap();
        assert!(out.len() < 300_000, "{}", out.len());
        // Labels that would overlap are left out.
        assert!(out.matches("<text").count() < 24);
    }
}
