//! `[sweep]`: the same question for many values of some keys.
//!
//! > "model.chi" = [0.1, 0.2, 0.4]
//! > "time.end" = { from = 1.0, to = 100.0, points = 5, scale = "log" }
//!
//! Every combination is a point, the last key varying fastest. The keys stand
//! in the configuration as well: a point is its text with their values put in
//! the place of those written there, so that a fault of a point is found at
//! its place in the file.

mod keys;
mod values;

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::Config;
use super::fault::{Complaint, Fault};
use super::mistake::{ConfigError, Mistake};
use crate::catalogue::Catalogue;
pub(crate) use values::Value;

/// More points than this are refused: a mistake in a range, most likely.
pub(crate) const MOST_POINTS: usize = 10_000;

/// A key and the values it takes.
#[derive(Debug)]
pub(crate) struct Axis {
    /// The full name of the key, "model.chi".
    pub(crate) key: String,
    /// Its values.
    pub(crate) values: Vec<Value>,
    /// Where the value it has without the sweep stands.
    replaced: Range<usize>,
}

/// A sweep: every point of it makes a sound configuration.
#[derive(Debug)]
pub(crate) struct Sweep {
    path: PathBuf,
    text: String,
    catalogue: Catalogue,
    /// The table it stands in.
    of: &'static str,
    /// The axes, in the order of the file.
    pub(crate) axes: Vec<Axis>,
}

impl Sweep {
    /// The sweep of a configuration; `None` when it has none.
    ///
    /// # Errors
    /// [`ConfigError`] for a sweep that makes no sense, or for every value that makes a
    /// configuration that does not.
    pub(super) fn of(
        path: &Path,
        text: &str,
        catalogue: &Catalogue,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(sweep) = Self::read(path, text, catalogue)? else {
            return Ok(None);
        };
        // A value that is unsound is so in many points: the first of them says it.
        let mut mistakes: Vec<Mistake> = Vec::new();
        for number in 0..sweep.points() {
            match sweep.config(number) {
                Ok(_) => {}
                Err(ConfigError::Mistakes(found)) => {
                    for mistake in found {
                        if !mistakes.iter().any(|known| {
                            (known.place(), known.key()) == (mistake.place(), mistake.key())
                        }) {
                            mistakes.push(mistake);
                        }
                    }
                }
                Err(other) => return Err(other),
            }
        }
        mistakes.sort_by_key(Mistake::place);
        match mistakes.is_empty() {
            true => Ok(Some(sweep)),
            false => Err(ConfigError::Mistakes(mistakes)),
        }
    }

    /// The sweep in a text; whether its points are sound is left open.
    ///
    /// # Errors
    /// [`ConfigError`] for a sweep that makes no sense.
    pub(super) fn read(
        path: &Path,
        text: &str,
        catalogue: &Catalogue,
    ) -> Result<Option<Self>, ConfigError> {
        let axes = axes(text).map_err(|fault| ConfigError::new(path, text, vec![fault]))?;
        Ok(axes.map(|axes| Self {
            path: path.to_owned(),
            text: text.to_owned(),
            catalogue: catalogue.clone(),
            of: "[sweep]",
            axes,
        }))
    }

    /// One point: other values of some keys, each with its TOML and where it is said.
    ///
    /// # Errors
    /// [`Fault`] for a key that is not there.
    pub(super) fn point(
        path: &Path,
        text: &str,
        catalogue: &Catalogue,
        put: Vec<(String, String, Range<usize>)>,
    ) -> Result<Self, Fault> {
        let mut axes = Vec::new();
        if let Ok(root) = DeTable::parse(text) {
            for (key, written, span) in put {
                let replaced = keys::place(text, root.get_ref(), &key, &span)?;
                let values = vec![Value::of_text(written, span)];
                axes.push(Axis {
                    key,
                    values,
                    replaced,
                });
            }
        }
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            catalogue: catalogue.clone(),
            of: "`compare.coarser`",
            axes,
        })
    }

    /// The number of values along each axis.
    pub(crate) fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.values.len()).collect()
    }

    /// The number of points.
    pub(crate) fn points(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// The index along each axis of point `number`, in C order.
    pub(crate) fn position(&self, mut number: usize) -> Vec<usize> {
        let mut out = vec![0; self.axes.len()];
        for (at, axis) in out.iter_mut().zip(&self.axes).rev() {
            *at = number % axis.values.len();
            number /= axis.values.len();
        }
        out
    }

    /// "model.chi = 0.1, time.end = 2.0".
    pub(crate) fn name(&self, number: usize) -> String {
        let each = self.axes.iter().zip(self.position(number));
        let parts: Vec<String> = each
            .map(|(axis, at)| format!("{} = {}", axis.key, axis.values[at].shown()))
            .collect();
        parts.join(", ")
    }

    /// The configuration of point `number`.
    ///
    /// # Errors
    /// [`ConfigError`], at the place in the file that is to blame.
    pub(crate) fn config(&self, number: usize) -> Result<Config, ConfigError> {
        let mut chosen: Vec<(&Axis, &Value)> = (self.axes.iter())
            .zip(self.position(number))
            .map(|(axis, at)| (axis, &axis.values[at]))
            .collect();
        chosen.sort_by_key(|(axis, _)| axis.replaced.start);
        let (mut text, mut done) = (String::with_capacity(self.text.len()), 0);
        // Of each value put in: its bytes in the new text, and in the sweep.
        let mut put: Vec<(Range<usize>, &Range<usize>)> = Vec::new();
        for (axis, value) in &chosen {
            text.push_str(&self.text[done..axis.replaced.start]);
            let start = text.len();
            text.push_str(&value.text);
            put.push((start..text.len(), &value.span));
            done = axis.replaced.end;
        }
        text.push_str(&self.text[done..]);
        Config::read(&self.path, &text, &self.catalogue).map_err(|faults| {
            // A place in the text of the point, as one in the file.
            let back = |span: Range<usize>| {
                if let Some((_, source)) = put.iter().find(|(new, _)| new.contains(&span.start)) {
                    return Range::clone(source);
                }
                // Back by what the values before it have added.
                let before = || {
                    put.iter()
                        .zip(&chosen)
                        .filter(|((new, _), _)| new.end <= span.start)
                };
                let new: usize = before().map(|((new, _), _)| new.len()).sum();
                let old: usize = before().map(|(_, (axis, _))| axis.replaced.len()).sum();
                span.start + old - new..span.end + old - new
            };
            let each = faults.into_iter().map(|fault| Fault {
                span: fault.span.map(back),
                complaint: Box::new(Complaint::Point {
                    of: self.of,
                    point: self.name(number),
                    source: fault.complaint,
                }),
            });
            ConfigError::new(&self.path, &self.text, each.collect())
        })
    }
}

/// The axes of the file's sweep, if it has one. What is not TOML is reported
/// by `Config::load`, with its place.
fn axes(text: &str) -> Result<Option<Vec<Axis>>, Fault> {
    let Ok(root) = DeTable::parse(text) else {
        return Ok(None);
    };
    let Some(sweep) = root.get_ref().get("sweep") else {
        return Ok(None);
    };
    let mut axes = Vec::new();
    for (key, span, values) in values::read(text, sweep)? {
        let replaced = keys::place(text, root.get_ref(), &key, &span)?;
        if let Some(other) = overlapping(&axes, &replaced) {
            let complaint = Complaint::Contradiction {
                first: format!("sweep.{other}"),
                second: format!("sweep.{key}"),
                advice: "they vary the same value; keep one of them",
            };
            return Err(Fault::at(span, complaint));
        }
        axes.push(Axis {
            key,
            values,
            replaced,
        });
    }
    let sizes = axes.iter().map(|axis: &Axis| axis.values.len());
    let points = sizes.clone().try_fold(1_usize, usize::checked_mul);
    let found = match points {
        _ if axes.is_empty() => "empty".to_owned(),
        Some(points) if points <= MOST_POINTS => return Ok(Some(axes)),
        _ => {
            let sizes: Vec<String> = sizes.map(|n| n.to_string()).collect();
            format!("{} points", sizes.join(" × "))
        }
    };
    let complaint = Complaint::Value {
        key: "sweep".to_owned(),
        found,
        expected: format!(
            "one key or more with a list of values each, {MOST_POINTS} combinations at most"
        ),
    };
    Err(Fault::at(sweep.span(), complaint))
}

/// The axis that replaces some of the same bytes.
fn overlapping<'a>(axes: &'a [Axis], replaced: &Range<usize>) -> Option<&'a str> {
    let meets = |other: &Range<usize>| other.start < replaced.end && replaced.start < other.end;
    let found = axes.iter().find(|axis| meets(&axis.replaced))?;
    Some(&found.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPIN: &str = "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 1.0\n\
        [initial]\nstate = \"bloch\"\nx = 1.0\n[time]\nend = 1.0\n";

    fn sweep(sweep: &str) -> Result<Option<Sweep>, ConfigError> {
        let text = format!("{SPIN}[sweep]\n{sweep}\n");
        Sweep::of("c.toml".as_ref(), &text, &Catalogue::default())
    }

    #[test]
    fn law_points_are_the_combinations_the_last_key_fastest() {
        let found = sweep(
            "time.end = [1, 2.5]\n\"initial.x\" = { from = 1, to = 0.25, points = 4 }\n\
             [sweep.model]\nchi = [0.1, 0.2, 0.4]",
        );
        let sweep = found.unwrap().unwrap();
        let keys: Vec<&str> = sweep.axes.iter().map(|axis| axis.key.as_str()).collect();
        assert_eq!(keys, ["time.end", "initial.x", "model.chi"]);
        assert_eq!(sweep.shape(), [2, 4, 3]);
        assert_eq!(sweep.position(23), [1, 3, 2]);
        assert_eq!(sweep.position(4), [0, 1, 1]);
        assert_eq!(
            sweep.name(16),
            "time.end = 2.5, initial.x = 0.75, model.chi = 0.2"
        );
        let point = sweep.config(16).unwrap();
        assert_eq!(point.time.end, 2.5);
        let others: Vec<u64> = (0..24)
            .map(|k| sweep.config(k).unwrap().fingerprint)
            .collect();
        for (k, fingerprint) in others.iter().enumerate() {
            assert!(!others[..k].contains(fingerprint), "{k}");
        }
    }

    #[test]
    fn law_a_fault_of_a_point_is_shown_where_it_was_written() {
        // In the sweep itself, whatever the length of the values before it.
        let found = sweep("\"model.chi\" = [0.123456789012]\n\"time.end\" = [1.0, -2.0]");
        let message = found.unwrap_err().to_string();
        assert!(
            message.contains("c.toml:12:20: `time.end` is -2.0"),
            "{message}"
        );
        assert!(
            message.contains("at model.chi = 0.123456789012, time.end = -2.0 of [sweep]"),
            "{message}"
        );
        // In what the sweep leaves as it is.
        let found = sweep("\"model.chi\" = [0.123456789012]\n\"initial.state\" = [\"basis\"]");
        let message = found.unwrap_err().to_string();
        assert!(message.contains("c.toml:5:1: `initial.index`"), "{message}");
        assert!(message.contains(" 5 | [initial]\n"), "{message}");
    }
}
