//! The table that `cargo xtask bench` prints.

use crate::measure::{Entry, Measurement, Target};

/// Head of the table, and a line under it.
#[must_use]
pub fn head() -> String {
    let titles = row("what", "measured", "floor", "ratio", "target");
    format!("{titles}\n{}", "-".repeat(titles.chars().count()))
}

/// One line: ratio against target where the target is a ratio, else the time.
#[must_use]
pub fn line(entry: &Entry, found: &Measurement) -> String {
    let floor = found.floor.map_or(String::new(), seconds);
    let ratio = found.ratio.map_or(String::new(), |x| format!("{x:.2}"));
    let name = format!("{}: {}", entry.group, entry.name);
    row(
        &name,
        &seconds(found.measured),
        &floor,
        &ratio,
        &target(entry, found),
    )
}

/// The same for bytes: used, planned, used over planned.
#[must_use]
pub fn bytes_line(group: &str, name: &str, used: usize, planned: usize) -> String {
    let ratio = used as f64 / planned as f64;
    let verdict = if ratio <= 1.0 {
        "≤ 1  met"
    } else {
        "≤ 1  missed"
    };
    let name = format!("{group}: {name}");
    row(
        &name,
        &mebibytes(used),
        &mebibytes(planned),
        &format!("{ratio:.2}"),
        verdict,
    )
}

fn row(name: &str, measured: &str, floor: &str, ratio: &str, target: &str) -> String {
    format!("{name:<58} {measured:>11} {floor:>11} {ratio:>8}  {target}")
}

fn target(entry: &Entry, found: &Measurement) -> String {
    let (text, value, most) = match entry.target {
        None => return String::new(),
        Some(Target::Ratio(most)) => (format!("≤ {most}"), found.ratio, most),
        Some(Target::Seconds(most)) => (format!("≤ {most} s"), Some(found.measured), most),
    };
    let verdict = if value.is_some_and(|value| value <= most) {
        "met"
    } else {
        "missed"
    };
    format!("{text}  {verdict}")
}

fn seconds(x: f64) -> String {
    match x {
        _ if x >= 1.0 => format!("{x:.2} s"),
        _ if x >= 1e-3 => format!("{:.2} ms", x * 1e3),
        _ => format!("{:.2} µs", x * 1e6),
    }
}

fn mebibytes(x: usize) -> String {
    format!("{:.1} MiB", x as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Size;

    #[test]
    fn law_a_target_is_met_or_missed() {
        let entry = |target| Entry {
            group: "g",
            name: "n".to_owned(),
            size: Size::Quick,
            target: Some(target),
            run: Box::new(|_| ()),
        };
        let found = Measurement {
            measured: 2.0,
            floor: Some(1e-4),
            ratio: Some(3.0),
        };
        for (target, met) in [
            (Target::Ratio(3.5), true),
            (Target::Ratio(2.5), false),
            (Target::Seconds(2.5), true),
            (Target::Seconds(1.0), false),
        ] {
            let text = line(&entry(target), &found);
            assert_eq!(text.ends_with("met"), met, "{text}");
            assert!(
                text.contains("2.00 s") && text.contains("100.00 µs"),
                "{text}"
            );
        }
        assert!(bytes_line("m", "n", 3 << 20, 2 << 20).ends_with("missed"));
    }
}
