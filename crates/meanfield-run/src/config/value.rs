//! TOML values as numbers and in words.

use toml::de::DeValue;

use crate::arrays::is_usable;

/// A number, from an integer or a float.
pub(crate) fn as_number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(x) => x.as_str().parse().ok(),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
            .ok()
            .map(|n| n as f64),
        _ => None,
    }
}

/// A non-negative integer.
pub(crate) fn as_count(value: &DeValue<'_>) -> Option<usize> {
    match value {
        DeValue::Integer(n) => usize::from_str_radix(n.as_str(), n.radix()).ok(),
        _ => None,
    }
}

/// What a value is, for a message.
pub(crate) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(s) => format!("the string \"{s}\""),
        DeValue::Integer(n) => n.as_str().to_owned(),
        DeValue::Float(x) => match as_number(value) {
            Some(number) if number.is_finite() && !is_usable(number) => {
                format!("{}, above 1e100 in size", x.as_str())
            }
            _ => x.as_str().to_owned(),
        },
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => format!("the date {d}"),
        DeValue::Array(items) if items.is_empty() => "an empty list".to_owned(),
        DeValue::Array(items) => format!("a list of {}", items.len()),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
