//! The report as text for a terminal, and as JSON.

use super::{Bound, Judged, Report, Verdict};

/// Widest a column of words may grow before it pushes the others aside.
const WIDEST: usize = 80;

impl Report {
    /// The table: claim, source equation, claimed, measured, verdict; one block
    /// for each suite, and under a row that does not hold its reason.
    #[must_use]
    pub fn table(&self) -> String {
        let cells: Vec<[String; 5]> = self.rows.iter().map(cells).collect();
        let width = |column: usize| {
            let widths = cells.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or(0).min(WIDEST)
        };
        let widths: [usize; 5] = std::array::from_fn(width);
        let line = |row: &[String; 5]| {
            let padded: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            format!("  {}\n", padded.join("  ").trim_end())
        };
        let header = ["claim", "source", "claimed", "measured", "verdict"].map(str::to_owned);
        let mut out = String::new();
        let mut suite = None;
        for (judged, row) in self.rows.iter().zip(&cells) {
            if suite != Some(judged.suite) {
                suite = Some(judged.suite);
                out.push_str(&format!("{}\n{}", judged.suite, line(&header)));
            }
            out.push_str(&line(row));
            if judged.verdict != Verdict::Holds {
                let reason = judged
                    .row
                    .as_ref()
                    .map_or("no such row was measured", |r| r.reason);
                out.push_str(&format!("      {}/{}: {reason}\n", judged.suite, judged.id));
            }
        }
        if !self.claims.is_empty() {
            out.push_str("claims of the paper\n");
        }
        for claim in &self.claims {
            out.push_str(&format!(
                "  {:>2}  {}: {} [{}] {}\n",
                claim.number,
                claim.equations,
                claim.statement,
                claim.classes,
                word(claim.verdict)
            ));
        }
        let (all, bad) = (self.rows.len(), self.failures());
        out.push_str(&format!("{all} rows, {} hold, {bad} do not\n", all - bad));
        out
    }

    /// The report as JSON; a number that is not finite becomes null.
    ///
    /// # Errors
    /// None in practice: every field has a JSON form.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "FAILS",
        Verdict::NotFinite => "NOT FINITE",
        Verdict::Missing => "MISSING",
        Verdict::Unexpected => "UNEXPECTED",
    }
}

fn cells(judged: &Judged) -> [String; 5] {
    let verdict = word(judged.verdict);
    let Some(row) = &judged.row else {
        let dash = || "-".to_owned();
        return [
            judged.id.to_owned(),
            dash(),
            dash(),
            dash(),
            verdict.to_owned(),
        ];
    };
    let bound = match row.bound {
        Bound::AtMost(bound) => format!("{:.3e} (≤ {bound:.1e})", row.measured),
        Bound::AtLeast(bound) => format!("{:.3e} (≥ {bound:.1e})", row.measured),
    };
    [
        row.claim.clone(),
        row.equation.to_owned(),
        row.claimed.clone(),
        bound,
        verdict.to_owned(),
    ]
}
