//! Numbers as people write them, and texts as they can be shown.

use std::borrow::Cow;

/// Digits after the point that an error of this size leaves meaningful: two
/// digits of the error itself.
pub fn decimals_for(error: f64) -> usize {
    if !(error.is_finite() && error > 0.0) {
        return 10;
    }
    (1.0 - error.log10().floor()).clamp(1.0, 10.0) as usize
}

/// A number to `decimals` digits, or in scientific form where those would
/// hide it.
pub fn plain(x: f64, decimals: usize) -> String {
    if x == 0.0 {
        return "0".to_owned();
    }
    // Of a number with a large error one digit is enough.
    let hidden = x.abs() < 10f64.powi(1 - decimals as i32).min(0.1);
    if !x.is_finite() || x.abs() >= 1e7 || hidden {
        format!("{x:.3e}")
    } else {
        format!("{x:.decimals$}")
    }
}

/// "0.60509 ± 3e-5".
pub fn with_error(x: f64, error: Option<f64>) -> String {
    match error {
        Some(error) => format!("{} ± {error:.0e}", plain(x, decimals_for(error))),
        None => plain(x, 8),
    }
}

/// "1.4 GiB".
pub fn bytes(n: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if n == u64::MAX {
        return "more than can be counted".to_owned();
    }
    if n < 1024 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", units[unit])
}

/// "0.12 s", "3 min 20 s".
pub fn seconds(s: f64) -> String {
    if s < 0.001 {
        "less than 1 ms".to_owned()
    } else if s < 1.0 {
        format!("{:.0} ms", s * 1e3)
    } else if s < 100.0 {
        format!("{s:.1} s")
    } else if s < 7200.0 {
        format!("{:.0} min", s / 60.0)
    } else {
        format!("{:.1} h", s / 3600.0)
    }
}

/// A text with its control characters as pictures of them, ␛ for escape: a terminal shows
/// what a file holds, and does not obey it. Tabs and ends of lines stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| (c.is_control() && c != '\n' && c != '\t') || turns(c);
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let picture = |c: char| match u32::from(c) {
        code @ 0..0x20 if harmful(c) => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ if harmful(c) => '\u{fffd}',
        _ => c,
    };
    Cow::Owned(text.chars().map(picture).collect())
}

/// Whether a character changes the direction of the text after it.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same of an estimate: "about 3 ms".
pub(crate) fn about(s: f64) -> String {
    match s < 0.001 {
        true => seconds(s),
        false => format!("about {}", seconds(s)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_a_text_has_no_power_over_the_terminal() {
        assert_eq!(visible("⟨I⟩\tγ\n"), "⟨I⟩\tγ\n");
        assert_eq!(visible("\x1b[31m\0\x7f\u{9b}\r"), "␛[31m␀␡\u{fffd}␍");
        assert_eq!(visible("a\u{202e}b"), "a\u{fffd}b");
    }

    #[test]
    fn law_digits_follow_the_error() {
        assert_eq!(with_error(0.605_093_58, Some(3.2e-5)), "0.605094 ± 3e-5");
        assert_eq!(with_error(12.5, Some(4.0)), "12.5 ± 4e0");
        assert_eq!(with_error(-0.896, Some(1.0)), "-0.9 ± 1e0");
        assert_eq!(with_error(0.25, None), "0.25000000");
        assert_eq!(with_error(1e-9, Some(1e-3)), "1.000e-9 ± 1e-3");
    }

    #[test]
    fn law_sizes_and_times_have_units() {
        assert_eq!(bytes(1000), "1000 B");
        assert_eq!(bytes(3 << 29), "1.5 GiB");
        assert_eq!(seconds(0.25), "250 ms");
        assert_eq!(seconds(600.0), "10 min");
    }
}
