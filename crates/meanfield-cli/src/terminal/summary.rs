//! The summary printed at the end of a run.

use std::fmt::Write as _;

use meanfield_run::{Outcome, finding_table, rate_rows};

use super::painted;

/// The text for a person; `terminal` says whether it may be coloured.
pub(crate) fn summary(outcome: &Outcome, terminal: bool) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}", painted(&outcome.title, "1", terminal));
    if !outcome.findings.is_empty() {
        let _ = writeln!(out, "\nat t = {}", outcome.end);
        let (header, rows) = finding_table(&outcome.findings);
        out.push_str(&table(&header, &rows));
    }
    if !outcome.rates.is_empty() {
        out.push_str("\nerror against exact N-body: measured power of N\n");
        out.push_str(&table(
            &["", "measured", "expected"],
            &rate_rows(&outcome.rates),
        ));
    }
    for shown in outcome.tables.iter().filter(|table| table.in_terminal) {
        let _ = writeln!(out, "\n{}", shown.title.to_lowercase());
        let header: Vec<&str> = shown.header.iter().map(String::as_str).collect();
        let rows = &shown.rows[..shown.rows.len().min(MOST_ROWS)];
        out.push_str(&table(&header, rows));
        let more = shown.rows.len() - rows.len();
        if more > 0 {
            let _ = writeln!(out, "  … and {more} more rows, in report.html");
        }
    }
    for note in &outcome.omitted {
        let _ = writeln!(out, "\n{} {note}", painted("left out:", "1", terminal));
    }
    for warning in &outcome.warnings {
        let label = painted("warning:", "1;33", terminal);
        let _ = writeln!(out, "\n{label} {warning}");
    }
    out
}

/// At most this many rows of a table are printed.
const MOST_ROWS: usize = 24;

/// Columns aligned by the widest cell, two blanks apart.
fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |text: &str| text.chars().count();
    let mut widths: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            widths[column] = widths[column].max(width(cell));
        }
    }
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .zip(&widths)
            .map(|(cell, w)| format!("{cell}{}", " ".repeat(w - width(cell))))
            .collect();
        out.push_str(format!("  {}", padded.join("  ")).trim_end());
        out.push('\n');
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use meanfield_run::{Finding, Rate};

    #[test]
    fn law_the_summary_is_aligned_and_plain_off_a_terminal() {
        let finding = |n, exact| Finding {
            quantity: "⟨I⟩".to_owned(),
            n: Some(n),
            mean_field: Some(0.617_826),
            corrected: Some(0.6054),
            error: Some(2e-3),
            full: Some(0.6054),
            exact,
            ..Finding::default()
        };
        let outcome = Outcome {
            title: "custom, D = 2".to_owned(),
            end: 2.0,
            findings: vec![finding(10, Some(0.605_495)), finding(1000, None)],
            rates: vec![Rate {
                j: 1,
                n: 0,
                slope: -1.01,
            }],
            warnings: vec!["mind the gap".to_owned()],
            ..Outcome::default()
        };
        let text = summary(&outcome, false);
        assert!(!text.contains('\x1b'));
        assert!(
            text.contains("⟨I⟩  10    0.6178      0.6054 ± 2e-3  0.6055"),
            "{text}"
        );
        assert!(text.contains("F_1 to order 0  -1.01     -1"), "{text}");
        assert!(text.contains("warning: mind the gap"));
    }
}
