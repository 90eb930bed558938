//! `[expansion]`, `[time]`, `[output]` and `[limits]`.

use super::fault::{Complaint, Fault};
use super::section::{At, Section};

/// How the coefficients are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Connected cumulants: the fast form.
    Cumulants,
    /// N-free coefficients of the correlation errors.
    Coefficients,
    /// The recursion of Theorem 1.4, once for each N.
    Recursion,
    /// Order 1 of a pure start on a grid, in factored form.
    Bogoliubov,
}

/// How the error of the truncation is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorEstimate {
    /// From the ratio of the last two coefficients.
    Ratio,
    /// From the coefficient of the next order.
    Next,
    /// Not at all.
    None,
}

/// `[expansion]`.
#[derive(Debug, Clone)]
pub(crate) struct Expansion {
    pub(crate) order: usize,
    pub(crate) marginals: Vec<usize>,
    pub(crate) method: Method,
    pub(crate) error: ErrorEstimate,
    /// Bounds beside the estimates.
    pub(crate) bounds: bool,
}

/// The tensors of order n have degree n + 1, and the series is asymptotic:
/// nothing was ever gained beyond.
const HIGHEST_ORDER: usize = 20;
/// numpy arrays have at most 32 axes, and time is one of them.
const LARGEST_MARGINAL: usize = 31;

impl Expansion {
    pub(crate) fn read(mut section: Section<'_>) -> Self {
        let faults = section.faults();
        let expected = format!(
            "an integer from 0 (mean field) to {HIGHEST_ORDER}, the highest power of 1/N; orders 1 \
             to 4 are usual"
        );
        let order = faults.keep(section.integer("order", &expected, 0..=HIGHEST_ORDER));
        let expected = format!("particle numbers j from 1 to {LARGEST_MARGINAL}");
        let marginals = section.integers("marginals", &expected, 1..=LARGEST_MARGINAL);
        let marginals = faults.keep(marginals);
        let method = section.choice(
            "method",
            &[
                ("cumulants", Method::Cumulants),
                ("coefficients", Method::Coefficients),
                ("recursion", Method::Recursion),
                ("bogoliubov", Method::Bogoliubov),
            ],
        );
        let method = faults.keep(method);
        let error_span = section.present("error");
        let error = section.choice(
            "error",
            &[
                ("ratio", ErrorEstimate::Ratio),
                ("next", ErrorEstimate::Next),
                ("none", ErrorEstimate::None),
            ],
        );
        let error = faults.keep(error);
        if let (
            Some(Method::Recursion),
            Some(ErrorEstimate::Ratio | ErrorEstimate::Next),
            Some(span),
        ) = (method, error, error_span)
        {
            faults.add(section.wrong(
                "error",
                span,
                "an estimate from coefficients",
                "\"none\" with method = \"recursion\", whose terms depend on N; for an estimate choose \
                 method = \"cumulants\"",
            ));
        }
        let bounds = faults.keep(section.boolean("bounds")).unwrap_or(false);
        if let (true, Some(other @ (Method::Recursion | Method::Bogoliubov))) = (bounds, method) {
            let complaint = Complaint::Contradiction {
                first: "expansion.bounds".to_owned(),
                second: "expansion.method".to_owned(),
                advice: match other {
                    Method::Recursion => {
                        "bounds are of the series whose terms do not depend on N: \
                                          choose method = \"cumulants\""
                    }
                    _ => {
                        "the factored form is for grids on which no bound is of use; drop one of the two"
                    }
                },
            };
            faults.add(Fault::at(
                section.present("bounds").unwrap_or(0..0),
                complaint,
            ));
        }
        if method == Some(Method::Bogoliubov) {
            bogoliubov(&section, order.as_ref(), marginals.as_deref(), error);
        }
        section.finish();
        let usual = if method == Some(Method::Bogoliubov) {
            1
        } else {
            2
        };
        let mut marginals: Vec<usize> = match marginals {
            Some(list) => list.into_iter().map(|j| j.value).collect(),
            None => vec![1],
        };
        marginals.sort_unstable();
        Self {
            order: order.map_or(usual, |n| n.value),
            marginals,
            method: method.unwrap_or(Method::Cumulants),
            error: error.unwrap_or(ErrorEstimate::Ratio),
            bounds,
        }
    }
}

impl Expansion {
    /// The highest j that is asked for.
    pub(crate) fn largest_marginal(&self) -> Option<usize> {
        self.marginals.iter().copied().max()
    }
}

/// What method = "bogoliubov" does not do.
fn bogoliubov(
    section: &Section<'_>,
    order: Option<&At<usize>>,
    marginals: Option<&[At<usize>]>,
    error: Option<ErrorEstimate>,
) {
    let faults = section.faults();
    let with = "with method = \"bogoliubov\"; for more choose method = \"cumulants\"";
    if let Some(order) = order.filter(|order| order.value != 1) {
        let found = order.value.to_string();
        faults.add(section.wrong("order", order.span.clone(), found, format!("1 {with}")));
    }
    let further = marginals.and_then(|list| list.iter().find(|j| j.value != 1));
    if let Some(j) = further {
        let found = format!("a list with {}", j.value);
        faults.add(section.wrong("marginals", j.span.clone(), found, format!("[1] {with}")));
    }
    if let (Some(ErrorEstimate::Next), Some(span)) = (error, section.present("error")) {
        let expected = format!("\"ratio\" or \"none\" {with}");
        faults.add(section.wrong("error", span, "\"next\", which solves order 2", expected));
    }
}

/// `[time]`.
#[derive(Debug, Clone)]
pub(crate) struct Time {
    pub(crate) end: f64,
    pub(crate) samples: usize,
    pub(crate) tolerance: f64,
    /// Those asked for one by one, the first of them 0.
    times: Option<Vec<f64>>,
}

impl Time {
    pub(crate) fn read(mut section: Section<'_>) -> Self {
        let faults = section.faults();
        let times = faults.keep(times(&mut section));
        let expected = "a time between 1e-150 and 1e150, in the units of the rates";
        // Beyond it products with rates and numbers of samples overflow.
        let end = section.number("end", expected, |x| (SHORTEST..=1e150).contains(&x));
        let end = match section.has("times") {
            true => faults.keep(end),
            false => section.required("end", end, format!("{expected}: [time] end = 2.0")),
        };
        let samples = faults.keep(section.integer(
            "samples",
            "an integer from 1 to 1000000: the number of intervals between outputs",
            1..=MOST_SAMPLES,
        ));
        let tolerance = faults.keep(section.number(
            "tolerance",
            "a relative error per step between 1e-14 and 0.1",
            |x| (1e-14..=0.1).contains(&x),
        ));
        section.finish();
        let last = times.as_ref().and_then(|times| times.last().copied());
        let count = times.as_ref().map(|times| times.len() - 1);
        Self {
            end: last.or(end.map(|end| end.value)).unwrap_or(f64::NAN),
            samples: count.or(samples.map(|n| n.value)).unwrap_or(20),
            tolerance: tolerance.map_or(1e-10, |x| x.value),
            times,
        }
    }

    /// 0, end/samples, …, end; or those asked for.
    pub(crate) fn grid(&self) -> Vec<f64> {
        let even = || {
            (0..=self.samples)
                .map(|k| self.end * k as f64 / self.samples as f64)
                .collect()
        };
        self.times.clone().unwrap_or_else(even)
    }
}

/// A shorter time is none.
const SHORTEST: f64 = 1e-150;
/// Intervals between outputs.
const MOST_SAMPLES: usize = 1_000_000;

/// `times = [0, …]` in the place of `end` and `samples`.
fn times(section: &mut Section<'_>) -> Result<Option<Vec<f64>>, Fault> {
    let expected = "times that increase from 0, the start: [0, 0.5, 2]";
    let Some(times) = section.numbers("times", expected)? else {
        return Ok(None);
    };
    for other in ["end", "samples"] {
        if let Some(span) = section.present(other) {
            let complaint = Complaint::Contradiction {
                first: section.path("times"),
                second: section.path(other),
                advice: "give all times, or the last and a number of samples",
            };
            return Err(Fault::at(span, complaint));
        }
    }
    let wrong = |found: String| Err(section.wrong("times", times.span.clone(), found, expected));
    let list = &times.value;
    if let Some(pair) = list.windows(2).find(|pair| pair[1] <= pair[0]) {
        return wrong(format!("a list with {} after {}", pair[1], pair[0]));
    }
    if let Some(last) = list.last().filter(|&&last| last > 0.0 && last < SHORTEST) {
        return wrong(format!("a list that ends with {last:e}"));
    }
    match list.first() {
        Some(0.0) if (2..=MOST_SAMPLES + 1).contains(&list.len()) => Ok(Some(times.value)),
        Some(0.0) => wrong(format!("a list of {}", list.len())),
        Some(first) => wrong(format!("a list that begins with {first}")),
        None => wrong("an empty list".to_owned()),
    }
}

/// `[output]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Write the cumulants g_j_l.
    pub(crate) cumulants: bool,
    /// Write the last time only.
    pub(crate) last_only: bool,
    /// Bytes above which an array is left out.
    pub(crate) limit: u64,
}

impl Output {
    pub(crate) fn read(mut section: Section<'_>, expansion: &Expansion) -> Self {
        let faults = section.faults();
        let cumulants = faults.keep(section.boolean("cumulants"));
        let cumulants = cumulants.unwrap_or(false);
        let last_only = faults.keep(section.choice("times", &[("all", false), ("last", true)]));
        let limit = faults.keep(size(&mut section, "limit"));
        if cumulants && expansion.method != Method::Cumulants {
            let span = section.present("cumulants").unwrap_or(0..0);
            let complaint = Complaint::Contradiction {
                first: "output.cumulants".to_owned(),
                second: "expansion.method".to_owned(),
                advice: "only method = \"cumulants\" computes cumulants; drop one of the two",
            };
            faults.add(Fault::at(span, complaint));
        }
        section.finish();
        Self {
            cumulants,
            last_only: last_only.unwrap_or(false),
            limit: limit.unwrap_or(1 << 30),
        }
    }
}

/// `[limits]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes the computation may take; by default a share of what is free.
    pub(crate) memory: Option<u64>,
    /// Threads; by default all.
    pub(crate) threads: Option<usize>,
    /// Right-hand sides that a solve may take.
    pub(crate) right_hand_sides: usize,
}

/// A solve that takes more right-hand sides is asked for: minutes of the smallest models.
const RIGHT_HAND_SIDES: usize = 100_000_000;

impl Limits {
    pub(crate) fn read(mut section: Section<'_>) -> Self {
        let faults = section.faults();
        let memory = faults.keep(size(&mut section, "memory"));
        let expected = "an integer from 1 to 1024";
        let threads = faults.keep(section.integer("threads", expected, 1..=1024));
        let expected = "an integer from 1 to 10^15";
        let most = section.integer("right_hand_sides", expected, 1..=1_000_000_000_000_000);
        let most = faults.keep(most);
        section.finish();
        Self {
            memory,
            threads: threads.map(|n| n.value),
            right_hand_sides: most.map_or(RIGHT_HAND_SIDES, |n| n.value),
        }
    }
}

/// A size in bytes, "1 GiB".
fn size(section: &mut Section<'_>, key: &'static str) -> Result<Option<u64>, Fault> {
    let expected = "a size greater than 0 such as \"512 MiB\" or \"1.5 GiB\"";
    let Some(text) = section.string(key, expected)? else {
        return Ok(None);
    };
    match parse_size(&text.value) {
        Some(bytes) => Ok(Some(bytes)),
        None => {
            let found = format!("\"{}\"", text.value);
            Err(section.wrong(key, text.span, found, expected))
        }
    }
}

fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let number: f64 = text[..split].trim().parse().ok()?;
    let unit = match text[split..].to_ascii_lowercase().as_str() {
        "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => f64::from(1 << 10),
        "mib" => f64::from(1 << 20),
        "gib" => f64::from(1 << 30),
        "tib" => f64::from(1 << 30) * 1024.0,
        _ => return None,
    };
    let bytes = number * unit;
    (1.0..1e18).contains(&bytes).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_sizes_are_read_with_their_unit() {
        assert_eq!(parse_size("1 GiB"), Some(1 << 30));
        assert_eq!(parse_size("1.5kB"), Some(1500));
        for bad in ["", "12", "GiB", "-1 GiB", "1 GiBi", "inf GiB", "0 B"] {
            assert_eq!(parse_size(bad), None, "{bad}");
        }
    }
}
