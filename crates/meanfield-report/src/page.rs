//! The page around the plots.

use std::fmt::Write as _;

use super::escape::escape;
use super::plot::{self, GRID, INK, PALETTE, PlotError, Size, hex};
use super::{data, heat, table, window};
use meanfield_run::{Curve, Mark, Outcome, Panel, Scale, finding_table, rate_rows};

/// For phones: the text stays legible at 400 pixels.
const NARROW: Size = Size {
    width: 360,
    height: 300,
    font: 14,
};
/// For everything else.
const WIDE: Size = Size {
    width: 720,
    height: 400,
    font: 20,
};

/// The whole page.
///
/// # Errors
/// [`PlotError`].
pub fn page(outcome: &Outcome) -> Result<String, PlotError> {
    let mut out = String::new();
    let title = escape(&outcome.title);
    // Writing to a string cannot fail, here and below.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{}{}{}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        include_str!("style.css"),
        recolour(),
        heat::rules()
    );
    if !outcome.question.is_empty() {
        let question = escape(&outcome.question);
        let _ = writeln!(out, "<p class=\"question\">{question}</p>");
    }
    let (model, numerics) = outcome.facts.split_at(outcome.facts.len().min(MODEL_FACTS));
    facts(&mut out, model);
    for warning in &outcome.warnings {
        let _ = writeln!(
            out,
            "<p class=\"warning\"><strong>Warning</strong> {}</p>",
            escape(warning)
        );
    }
    if !outcome.findings.is_empty() {
        let heading = format!("At t = {}", outcome.end);
        let (header, rows) = finding_table(&outcome.findings);
        table::rows(&mut out, &heading, "", &header, &rows);
    }
    // A long table comes after the plots.
    let (long, short): (Vec<_>, Vec<_>) =
        (outcome.tables.iter()).partition(|table| table.in_terminal);
    for shown in short {
        table::whole(&mut out, shown);
    }
    let (errors, plots): (Vec<_>, Vec<_>) =
        (outcome.panels.iter()).partition(|panel| panel.scale == Scale::LogLog);
    panels(&mut out, "Plots", plots.into_iter())?;
    correlation(&mut out, outcome);
    panels(&mut out, "Error against N", errors.into_iter())?;
    if !outcome.rates.is_empty() {
        let rows = rate_rows(&outcome.rates);
        let header = ["error of", "measured", "expected"];
        table::rows(&mut out, "Measured powers of N", "", &header, &rows);
    }
    panels(
        &mut out,
        "Growth of the coefficients",
        outcome.growth.iter(),
    )?;
    for shown in long {
        table::whole(&mut out, shown);
    }
    out.push_str("<h2>What was computed</h2>\n");
    facts(&mut out, numerics);
    for note in &outcome.omitted {
        let _ = writeln!(out, "<p>Left out: {}</p>", escape(note));
    }
    let _ = write!(
        out,
        "<footer>meanfield {}: beside this page, every array is in \
         <a href=\"result.npz\">result.npz</a>, the numbers of the tables in \
         <a href=\"summary.json\">summary.json</a>.</footer>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION")
    );
    Ok(out)
}

/// The first facts say what the model and its start are.
const MODEL_FACTS: usize = 2;

fn facts(out: &mut String, list: &[(String, String)]) {
    if list.is_empty() {
        return;
    }
    out.push_str("<dl>\n");
    for (name, value) in list {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
    }
    out.push_str("</dl>\n");
}

fn correlation(out: &mut String, outcome: &Outcome) {
    let Some(map) = &outcome.correlation else {
        return;
    };
    let (Some(wide), Some(narrow)) = (heat::svg(map, WIDE), heat::svg(map, NARROW)) else {
        return;
    };
    let _ = write!(
        out,
        "<h2>Correlation</h2>\n<div class=\"panels\">\n<figure>\n<figcaption>{}</figcaption>\n\
         <p>{}</p>\n",
        escape(&map.title),
        escape(&map.note)
    );
    both(out, &wide, &narrow);
    let _ = write!(out, "{}\n</figure>\n</div>\n", data::of_map(map));
}

/// A drawing for wide pages and one for narrow ones.
fn both(out: &mut String, wide: &str, narrow: &str) {
    for (class, svg) in [("wide", wide), ("narrow", narrow)] {
        let _ = write!(out, "<div class=\"{class}\">{svg}</div>");
    }
}

/// Rules that replace the fixed colours of the drawings by the page's.
fn recolour() -> String {
    let mut out = String::new();
    let mut rule = |colour: String, variable: String| {
        let _ = writeln!(
            out,
            "svg [stroke=\"{colour}\"] {{ stroke: var({variable}); }} \
             svg [fill=\"{colour}\"] {{ fill: var({variable}); }}"
        );
    };
    rule(hex(INK), "--ink".to_owned());
    rule(hex(GRID), "--grid".to_owned());
    for (k, &colour) in PALETTE.iter().enumerate() {
        rule(hex(colour), format!("--c{k}"));
    }
    out
}

fn panels<'a>(
    out: &mut String,
    heading: &str,
    list: impl Iterator<Item = &'a Panel>,
) -> Result<(), PlotError> {
    let mut figures = String::new();
    for panel in list {
        let (Some(wide), Some(narrow)) = (plot::svg(panel, WIDE)?, plot::svg(panel, NARROW)?)
        else {
            continue;
        };
        let _ = write!(
            figures,
            "<figure>\n<figcaption>{}</figcaption>\n",
            escape(&panel.title)
        );
        if !panel.note.is_empty() {
            let _ = writeln!(figures, "<p>{}</p>", escape(&panel.note));
        }
        if window::window(panel).is_some() {
            figures.push_str(
                "<p>Curves end where they leave the picture; the CSV has all of them.</p>\n",
            );
        }
        legend(&mut figures, &panel.curves);
        both(&mut figures, &wide, &narrow);
        let _ = write!(figures, "{}\n</figure>\n", data::of_panel(panel));
    }
    if !figures.is_empty() {
        let _ = write!(
            out,
            "<h2>{heading}</h2>\n<div class=\"panels\">\n{figures}</div>\n"
        );
    }
    Ok(())
}

fn legend(out: &mut String, curves: &[Curve]) {
    out.push_str("<ul class=\"legend\">\n");
    for curve in curves {
        let stroke = format!("stroke=\"var(--c{})\"", curve.colour % PALETTE.len());
        let line = |dash: &str| {
            format!(
                "<line x1=\"1\" y1=\"6\" x2=\"27\" y2=\"6\" {stroke} stroke-width=\"2\"{dash}/>"
            )
        };
        let circle = format!(
            "<circle cx=\"14\" cy=\"6\" r=\"4\" fill=\"none\" {stroke} stroke-width=\"2\"/>"
        );
        let mark = match curve.mark {
            Mark::Line => line(""),
            Mark::Dashed => line(" stroke-dasharray=\"6 5\""),
            Mark::Points => circle,
            Mark::LineAndPoints => line("") + &circle,
        };
        let _ = writeln!(
            out,
            "<li><svg viewBox=\"0 0 28 12\" aria-hidden=\"true\">{mark}</svg>{}</li>",
            escape(&curve.label)
        );
    }
    out.push_str("</ul>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_the_page_needs_nothing_else_and_trusts_no_text() {
        let outcome = Outcome {
            title: "<script>alert(1)</script>".to_owned(),
            question: "a & b".to_owned(),
            warnings: vec!["1 < 2".to_owned()],
            panels: vec![Panel {
                title: "F_1".to_owned(),
                note: String::new(),
                x: "t".to_owned(),
                y: "F_1".to_owned(),
                scale: Scale::Linear,
                curves: vec![Curve {
                    label: "\"x\"".to_owned(),
                    mark: Mark::Points,
                    colour: 9,
                    points: vec![(0.0, 1.0), (1.0, 0.5)],
                }],
            }],
            ..Outcome::default()
        };
        let html = page(&outcome).unwrap();
        assert!(!html.contains("<script"));
        assert!(html.contains("a &amp; b") && html.contains("1 &lt; 2"));
        for outside in ["src=", "@import", "url("] {
            assert!(!html.contains(outside), "{outside}");
        }
        // Links to its own numbers, and to the files beside it.
        for link in html.split("href=\"").skip(1) {
            let own = ["data:text/csv", "result.npz\"", "summary.json\""];
            assert!(
                own.iter().any(|start| link.starts_with(start)),
                "{link:.40}"
            );
        }
        // The drawing's colours must be those the rules replace.
        assert!(html.matches("#1B1F24").count() > 4, "ink");
        assert!(html.matches("#009E73").count() > 2, "colour 9 is number 2");
    }
}
