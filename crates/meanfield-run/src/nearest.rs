//! The name that was meant.

/// The known name nearest to `found`, when it is near enough to be meant.
pub(crate) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // Jaro–Winkler above this value: one or two slips in a short word.
    const NEAR: f64 = 0.75;
    let lower = found.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|&(score, _)| score >= NEAR)
        .max_by(|x, y| x.0.total_cmp(&y.0))
        .map(|(_, name)| name.to_owned())
}
