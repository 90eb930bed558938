//! The numbers behind a figure or a table, as a link that saves them: CSV in
//! the page itself.

use std::fmt::Write as _;

use meanfield_run::{HeatMap, Panel};

/// A link to the numbers of a plot: a row for each point of each curve.
pub(super) fn of_panel(panel: &Panel) -> String {
    let mut csv = format!("curve,{},{}\n", cell(&panel.x), cell(&panel.y));
    for curve in &panel.curves {
        for (x, y) in &curve.points {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(csv, "{},{x:?},{y:?}", cell(&curve.label));
        }
    }
    link(&panel.title, &csv)
}

/// A link to the numbers of a map.
pub(super) fn of_map(map: &HeatMap) -> String {
    let mut csv = String::new();
    for label in &map.labels {
        let _ = write!(csv, ",{}", cell(label));
    }
    csv.push('\n');
    for (label, row) in map.labels.iter().zip(&map.rows) {
        csv.push_str(&cell(label));
        for x in row {
            let _ = write!(csv, ",{x:?}");
        }
        csv.push('\n');
    }
    link(&map.title, &csv)
}

/// A link to rows of text.
pub(super) fn of_rows<T: AsRef<str>>(title: &str, header: &[T], rows: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        cells.map(cell).collect::<Vec<_>>().join(",") + "\n"
    };
    let mut csv = line(&mut header.iter().map(AsRef::as_ref));
    for row in rows {
        csv.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    link(title, &csv)
}

/// A cell, quoted where it must be.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn link(title: &str, csv: &str) -> String {
    let name: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let name = name.trim_matches('_');
    format!(
        "<a class=\"data\" download=\"{name}.csv\" href=\"data:text/csv;charset=utf-8,{}\">numbers \
         (CSV)</a>",
        encoded(csv)
    )
}

/// Text in a URL in an attribute.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.,:()[]=+*/^ ".contains(&byte) {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_cells_are_quoted_and_nothing_leaves_the_attribute() {
        let rows = vec![vec!["a \"b\", c".to_owned(), "⟨I⟩ < 1 & #2%".to_owned()]];
        let link = of_rows("x / y", &["one", "two"], &rows);
        assert!(link.contains("download=\"x___y.csv\""), "{link}");
        let text = link
            .split_once("utf-8,")
            .unwrap()
            .1
            .split_once("\">")
            .unwrap()
            .0;
        for bad in ['<', '>', '"', '&', '#', '\n', '⟨'] {
            assert!(!text.contains(bad), "{bad}");
        }
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                other => other,
            });
        }
        let expected = "one,two\n\"a \"\"b\"\", c\",⟨I⟩ < 1 & #2%\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
