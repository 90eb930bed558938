//! Tables: as many rows as a page bears, and all of them as CSV.

use std::fmt::Write as _;

use super::data;
use super::escape::escape;
use meanfield_run::Table;

/// A table of its own.
pub(super) fn whole(out: &mut String, table: &Table) {
    rows(out, &table.title, &table.note, &table.header, &table.rows);
}

/// At most this many rows of a table are shown; its CSV has all.
const MOST_ROWS: usize = 100;

/// A table under its heading, with a link to its numbers.
pub(super) fn rows<T: AsRef<str>>(
    out: &mut String,
    title: &str,
    note: &str,
    header: &[T],
    rows: &[Vec<String>],
) {
    let _ = writeln!(out, "<h2>{}</h2>", escape(title));
    if !note.is_empty() {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(note));
    }
    out.push_str("<div class=\"scroll\"><table>\n<tr>");
    for cell in header {
        let _ = write!(out, "<th>{}</th>", escape(cell.as_ref()));
    }
    out.push_str("</tr>\n");
    for row in rows.iter().take(MOST_ROWS) {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", escape(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
    let more = rows.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        let _ = writeln!(
            out,
            "<p class=\"note\">… and {more} more rows in the CSV.</p>"
        );
    }
    let _ = writeln!(out, "{}", data::of_rows(title, header, rows));
}
