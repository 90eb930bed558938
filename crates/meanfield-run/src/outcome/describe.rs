//! The start in words.

use crate::catalogue::State;
use crate::config::{Initial, Start};

/// The start in one line.
pub(super) fn initial(initial: &Initial) -> String {
    let state = match &initial.state {
        State::Array(f) => {
            const SHOWN: usize = 8;
            let shape = f.shape().to_vec();
            let values: Vec<String> = f
                .clone()
                .into_vec()
                .iter()
                .take(SHOWN)
                .map(|z| {
                    if z.im == 0.0 {
                        z.re.to_string()
                    } else {
                        z.to_string()
                    }
                })
                .collect();
            let more = if shape.iter().product::<usize>() > SHOWN {
                ", …"
            } else {
                ""
            };
            format!("F = [{}{more}]", values.join(", "))
        }
        State::Named(states) => {
            let each = states.iter().map(|state| {
                let weight = if states.len() > 1 {
                    format!("{} × ", state.weight)
                } else {
                    String::new()
                };
                format!("{weight}{} ({})", state.name, state.values)
            });
            each.collect::<Vec<_>>().join(" + ")
        }
    };
    match &initial.start {
        Start::Product => format!("independent particles, {state}"),
        Start::FixedCounts => format!("fixed counts N·F, {state}"),
        Start::Cumulants(g) => format!("{state} with {} cumulants given", g.len()),
    }
}
