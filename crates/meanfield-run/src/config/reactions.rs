//! Reactions as text: "S + I -> 2 I @ beta".

use std::ops::Range;

use toml::de::DeValue;
use winnow::ascii::{digit1, space0};
use winnow::combinator::{alt, delimited, not, opt, separated, terminated};
use winnow::prelude::*;
use winnow::stream::LocatingSlice;
use winnow::token::rest;

use super::fault::{Complaint, Fault};
use super::parameters::{Parameters, Placed};
use super::section::Section;
use super::value::describe;
use crate::arrays::is_usable;
use crate::catalogue::{Rate, Reaction};
use crate::expression::{Input, Slip, expected, name, slip_of};
use crate::nearest::nearest;

/// The reactions of a key, between these species; what is wrong is noted.
pub(super) fn read(
    section: &mut Section<'_>,
    key: &'static str,
    species: &[String],
    expected: &str,
) -> Result<Option<Vec<Reaction>>, Fault> {
    let Some(value) = section.get(key) else {
        return Ok(None);
    };
    let DeValue::Array(items) = value.get_ref() else {
        return Err(section.wrong(key, value.span(), describe(value.get_ref()), expected));
    };
    let (faults, mut out) = (section.faults(), Vec::with_capacity(items.len()));
    for (k, item) in items.iter().enumerate() {
        let DeValue::String(text) = item.get_ref() else {
            let found = describe(item.get_ref());
            faults.add(section.wrong(key, item.span(), found, expected));
            continue;
        };
        match reaction(section, text, item.span(), species) {
            Ok(reaction) => out.push(reaction),
            Err(None) => faults.add(Fault::known()),
            Err(Some((at, found))) => {
                let key = format!("{}[{k}]", section.path(key));
                let expected = "\"A + B -> C + D @ rate\"".to_owned();
                let complaint = Complaint::Value {
                    key,
                    found,
                    expected,
                };
                faults.add(Fault::at(at, complaint));
            }
        }
    }
    Ok(Some(out))
}

fn reaction(
    section: &Section<'_>,
    text: &str,
    span: Range<usize>,
    species: &[String],
) -> Result<Reaction, Option<Placed>> {
    let parameters = section.parameters();
    let place = |slip| Some(Parameters::place(text, span.clone(), slip));
    let arrow = "->".context(expected("`+` or `->`"));
    let at = '@'.context(expected("`+`, or `@` and the rate,"));
    let mut parser = (side, arrow, side, at, rest.span());
    let read = parser.parse(LocatingSlice::new(text));
    let (left, _, right, _, rate_at) = read.map_err(|error| place(slip_of(text, &error)))?;
    let counted = |side: Vec<Term<'_>>| {
        let each = side.into_iter().map(|term| {
            let found = species.iter().position(|name| name == term.name);
            match found {
                Some(index) => Ok((index, term.count)),
                None => Err(place(Slip {
                    at: term.at,
                    reason: unknown(term.name, species),
                })),
            }
        });
        each.collect::<Result<Vec<_>, _>>()
    };
    let (left, right) = (counted(left)?, counted(right)?);
    let within = |slip: Slip| Slip {
        at: slip.at.start + rate_at.start..slip.at.end + rate_at.start,
        ..slip
    };
    let rate = parameters.rate(&text[rate_at.clone()]);
    let rate = rate.map_err(|slip| slip.and_then(|slip| place(within(slip))))?;
    if let Rate::Constant(c) = rate
        && !(is_usable(c) && c >= 0.0)
    {
        let reason = format!("the rate is {c:?}, and no number from 0 to 1e100");
        return Err(place(Slip {
            at: rate_at,
            reason,
        }));
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Reaction {
        text,
        left,
        right,
        rate,
    })
}

fn unknown(name: &str, species: &[String]) -> String {
    let advice = match nearest(name, species.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: {}", species.join(", ")),
    };
    format!("`{name}` is no species ({advice})")
}

/// A species, how many of it, and where it stands.
struct Term<'i> {
    name: &'i str,
    count: usize,
    at: Range<usize>,
}

/// "0", or species with their numbers.
fn side<'i>(input: &mut Input<'i>) -> ModalResult<Vec<Term<'i>>> {
    let nothing = delimited(space0, '0', (space0, not(name))).map(|_| Vec::new());
    alt((nothing, separated(1.., term, '+'))).parse_next(input)
}

/// "A", "2 A" or "2*A".
fn term<'i>(input: &mut Input<'i>) -> ModalResult<Term<'i>> {
    let several = digit1.try_map(str::parse::<usize>).verify(|&n| n > 0);
    let count = opt(terminated(several, (space0, opt('*'), space0)));
    delimited(space0, (count, name.with_span()), space0)
        .map(|(count, (name, at))| Term {
            name,
            count: count.unwrap_or(1),
            at,
        })
        .context(expected("a species, such as A or 2 A,"))
        .parse_next(input)
}
