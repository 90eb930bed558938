//! The keys of kind = "kac".

use toml::de::DeValue;

use super::super::problem::Fault;
use super::super::section::Section;
use super::super::value::{as_number, describe};
use super::ModelConfig;

/// Reads them.
pub(super) fn kac(section: &mut Section<'_>) -> Result<ModelConfig, Fault> {
    let dimension = section.integer("dimension", "2 or 3", 2..=3)?;
    let at_least_one = |x: f64| x.is_finite() && x >= 1.0;
    let mut velocities = section.section("velocities")?;
    if !velocities.is_present() {
        let expected = "{ kind = \"lattice\", radius = 2 }";
        return Err(section.missing("velocities", expected));
    }
    let kind = velocities.choice("kind", &[("lattice", ())])?;
    let radius = velocities.number("radius", "a finite radius of at least 1", at_least_one)?;
    let Some(radius) = radius else {
        return Err(velocities.missing("radius", "a radius of at least 1"));
    };
    if kind.is_none() {
        return Err(velocities.missing("kind", "\"lattice\""));
    }
    velocities.finish()?;
    Ok(ModelConfig::Kac {
        dimension: dimension.map_or(2, |n| n.value),
        radius: radius.value,
        power: cross_section(section)?,
    })
}

/// "maxwell", "hard-sphere" or { power = γ }, as γ.
fn cross_section(section: &mut Section<'_>) -> Result<f64, Fault> {
    let key = "cross_section";
    let expected = "\"maxwell\", \"hard-sphere\" or { power = γ } with γ ≥ 0";
    let Some(value) = section.get(key) else {
        return Ok(0.0);
    };
    match value.get_ref() {
        DeValue::Table(table) => {
            let mut inner = Section::of(section.path(key), table, value.span());
            let power = inner.get("power");
            let gamma = power.and_then(|x| as_number(x.get_ref()));
            inner.finish()?;
            match gamma {
                Some(gamma) if gamma.is_finite() && gamma >= 0.0 => Ok(gamma),
                _ => {
                    let found = power.map_or("a table".to_owned(), |x| describe(x.get_ref()));
                    Err(section.wrong(key, value.span(), found, expected))
                }
            }
        }
        _ => Ok(section
            .choice(key, &[("maxwell", 0.0), ("hard-sphere", 1.0)])?
            .unwrap_or(0.0)),
    }
}
