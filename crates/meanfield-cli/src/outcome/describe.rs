//! The model and the start in words.

use crate::config::{Initial, Interaction, Levels, ModelConfig, Start, State};

/// The model in one line.
pub(super) fn model(model: &ModelConfig) -> String {
    match model {
        ModelConfig::Custom(custom) => {
            let d = custom.k.shape()[0];
            let pair = match &custom.v {
                Interaction::Dense(_) => "V as a whole".to_owned(),
                Interaction::List(_, value) => format!("V with {} entries", value.shape()[0]),
            };
            match &custom.labels {
                Some(labels) => format!("custom, states {}; {pair}", labels.join(", ")),
                None => format!("custom, {d} states; {pair}"),
            }
        }
        ModelConfig::Levels {
            hamiltonian,
            hbar,
            decay,
            dephasing,
        } => {
            let what = match hamiltonian {
                Levels::Arrays { h, jump, .. } => {
                    let jumps = jump.as_ref().map_or(0, |jump| jump.shape()[0]);
                    format!("{} levels, {jumps} jump operators", h.shape()[0])
                }
                Levels::Family(name, keys) => {
                    let keys: Vec<String> =
                        keys.iter().map(|(key, x)| format!("{key} = {x}")).collect();
                    format!("{name}, {}", keys.join(", "))
                }
            };
            let mut out = format!("levels: {what}");
            for (name, x, usual) in [
                ("hbar", hbar, 1.0),
                ("decay", decay, 0.0),
                ("dephasing", dephasing, 0.0),
            ] {
                if *x != usual {
                    out += &format!(", {name} = {x}");
                }
            }
            out
        }
        ModelConfig::Physical(model) => format!("{}: {}", model.kind.name, model.values),
    }
}

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
                format!("{weight}{} ({})", state.name, state.parameters)
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
