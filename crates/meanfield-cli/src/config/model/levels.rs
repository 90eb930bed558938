//! The keys of kind = "levels".

use std::collections::BTreeMap;
use std::path::Path;

use super::super::catalogue::{Kind, Named};
use super::super::keys;
use super::super::problem::{Fault, Problem};
use super::super::section::{At, Section};
use super::super::source::Source;
use super::{Levels, ModelConfig};

/// Reads them.
pub(super) fn levels(
    section: &mut Section<'_>,
    directory: &Path,
    kind: &'static Kind,
) -> Result<ModelConfig, Fault> {
    let families: Vec<&str> = kind.families.iter().map(|family| family.name).collect();
    let expected = format!("one of \"{}\"", families.join("\", \""));
    let hamiltonian = match section.string("family", &expected)? {
        Some(name) => {
            let Some(family) = kind.families.iter().find(|f| f.name == name.value) else {
                return Err(section.unknown_name("family", &name, &families));
            };
            Levels::Family(family.name, family_keys(section, family)?)
        }
        None => {
            let mut source = Source::of(section, directory, &["h", "v", "jump"])?;
            Levels::Arrays {
                h: Box::new(source.require(section, "h", 2, "(d, d)")?),
                v: Box::new(source.require(section, "v", 4, "(d, d, d, d)")?),
                jump: source.find(section, "jump", 3, "(m, d, d)")?.map(Box::new),
            }
        }
    };
    let positive = |x: f64| x.is_finite() && x > 0.0;
    let rate = |x: f64| x.is_finite() && x >= 0.0;
    let hbar = section.number("hbar", "a finite number greater than 0", positive)?;
    let decay = section.number("decay", "a finite rate, at least 0", rate)?;
    let dephasing = section.number("dephasing", "a finite rate, at least 0", rate)?;
    let given = |x: Option<At<f64>>, default: f64| x.map_or(default, |x| x.value);
    Ok(ModelConfig::Levels {
        hamiltonian,
        hbar: given(hbar, 1.0),
        decay: given(decay, 0.0),
        dephasing: given(dephasing, 0.0),
    })
}

fn family_keys(
    section: &mut Section<'_>,
    family: &'static Named,
) -> Result<BTreeMap<&'static str, f64>, Fault> {
    for array in ["file", "h", "v", "jump"] {
        if let Some(span) = section.present(array)
            && !family.keys.iter().any(|key| key.name == array)
        {
            let problem = Problem::Contradiction {
                first: section.path("family"),
                second: section.path(array),
                advice: "name a family or give the arrays, not both",
            };
            return Err(Fault::at(span, problem));
        }
    }
    let owner = format!("the family \"{}\"", family.name);
    Ok(keys::read(section, family.keys, &owner)?.into_numbers())
}
