//! The report as one self-contained page: claims with their status, rows, and the
//! data behind them.

use std::fmt::Write as _;

use meanfield_report::{colour, escape};

use super::{Bound, Judged, Report, Verdict, plot};

const STYLE: &str = "body{margin:0 auto;max-width:80rem;padding:1rem 2rem;font:1rem/1.45 system-ui,sans-serif;color:#1b1f24}\
table{border-collapse:collapse;width:100%;font-size:.85rem;font-variant-numeric:tabular-nums}\
th,td{text-align:left;vertical-align:top;padding:.2rem .7rem .2rem 0;border-bottom:1px solid #dfe3e8}\
h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.5rem 0 .3rem}\
.bad{color:#b00020;font-weight:700}.good{color:#00714d}code{font-size:.9em}.number{white-space:nowrap}a,td code{overflow-wrap:anywhere}\
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(28rem,100%),1fr));gap:1rem}\
figure{margin:0;border:1px solid #dfe3e8;border-radius:6px;padding:.5rem}figcaption{font-size:.85rem}\
svg{width:100%;height:auto}.names{columns:3}ul{margin:.2rem 0;padding-left:1.1rem}";

fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "<span class=\"good\">holds</span>",
        Verdict::Fails => "<span class=\"bad\">FAILS</span>",
        Verdict::NotFinite => "<span class=\"bad\">NOT FINITE</span>",
        Verdict::Missing => "<span class=\"bad\">MISSING</span>",
        Verdict::Unexpected => "<span class=\"bad\">UNEXPECTED</span>",
    }
}

impl Report {
    /// The page; it refers to nothing outside itself.
    ///
    /// # Errors
    /// What the drawing library says of a plot.
    pub fn html(&self) -> Result<String, String> {
        // Writing to a string cannot fail, here and below.
        let mut out = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <title>meanfield: claims and rows</title><style>{STYLE}</style></head><body>\n\
             <h1>Claims of the paper, and the numbers that decide them</h1>\n"
        );
        let (all, bad) = (self.rows.len(), self.failures());
        let _ = writeln!(out, "<p>{all} rows, {} hold, {bad} do not.</p>", all - bad);
        if !self.claims.is_empty() {
            self.claims_table(&mut out);
        }
        let mut suite = None;
        for judged in &self.rows {
            if suite != Some(judged.suite) {
                if suite.is_some() {
                    out.push_str("</table>\n");
                }
                suite = Some(judged.suite);
                let _ = write!(
                    out,
                    "<h2>{}</h2>\n<table><tr><th>row</th><th>claim</th><th>source</th>\
                     <th>claimed</th><th>measured</th><th>verdict</th></tr>\n",
                    judged.suite
                );
            }
            row(&mut out, judged);
        }
        if suite.is_some() {
            out.push_str("</table>\n");
        }
        self.figures(&mut out)?;
        out.push_str("</body></html>\n");
        Ok(out)
    }

    fn claims_table(&self, out: &mut String) {
        out.push_str(
            "<h2>Claims</h2>\n<p>J jump processes, G arbitrary arrays, K Kac, P soft spheres, Q \
             levels, H grids.</p>\n<table><tr><th></th><th>source</th><th>claim</th>\
             <th>models</th><th>rows</th><th>verdict</th></tr>\n",
        );
        for claim in &self.claims {
            let links = claim.rows.iter().map(|name| {
                let id = name.replace('/', "--");
                format!("<a href=\"#{id}\">{}</a>", escape(name))
            });
            let links: Vec<String> = links.collect();
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                claim.number,
                escape(claim.equations),
                escape(claim.statement),
                claim.classes,
                links.join(", "),
                status(claim.verdict)
            );
        }
        out.push_str("</table>\n");
    }

    fn figures(&self, out: &mut String) -> Result<(), String> {
        out.push_str("<h2>The data behind the rows</h2>\n<div class=\"figures\">\n");
        for judged in &self.rows {
            let Some(row) = &judged.row else { continue };
            let Some(data) = &row.plot else { continue };
            let Some(svg) = plot::svg(data)? else {
                continue;
            };
            let _ = write!(
                out,
                "<figure><figcaption><code>{}/{}</code> {}</figcaption>{svg}<ul>",
                row.suite,
                row.id,
                escape(&row.claim)
            );
            for (k, curve) in data.curves.iter().enumerate() {
                let fitted = curve.fitted().map(|s| format!(": slope {s:.3}"));
                let claimed = curve.slope.map(|s| format!(", claimed {s} (dashed)"));
                let _ = write!(
                    out,
                    "<li style=\"color:{}\">{}{}{}</li>",
                    colour(k),
                    escape(&curve.label),
                    fitted.unwrap_or_default(),
                    claimed.unwrap_or_default()
                );
            }
            out.push_str("</ul></figure>\n");
        }
        out.push_str("</div>\n");
        Ok(())
    }
}

fn row(out: &mut String, judged: &Judged) {
    let _ = write!(
        out,
        "<tr id=\"{}--{}\"><td><code>{}</code></td>",
        judged.suite, judged.id, judged.id
    );
    let _ = match &judged.row {
        None => write!(out, "<td colspan=\"4\">no such row was measured</td>"),
        Some(row) => {
            let (sign, bound) = match row.bound {
                Bound::AtMost(bound) => ('≤', bound),
                Bound::AtLeast(bound) => ('≥', bound),
            };
            write!(
                out,
                "<td>{}</td><td>{}</td><td>{}</td><td class=\"number\" title=\"{}\">{:.3e} ({sign} {bound:.1e})</td>",
                escape(&row.claim),
                escape(row.equation),
                escape(&row.claimed),
                escape(row.reason),
                row.measured
            )
        }
    };
    let _ = writeln!(out, "<td>{}</td></tr>", status(judged.verdict));
}
