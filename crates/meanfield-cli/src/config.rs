//! The configuration file: TOML read into a typed [`Config`], checked so that
//! what is left can be computed or is refused by the model itself.

pub(crate) mod catalogue;
mod initial;
mod keys;
mod model;
mod nested;
mod numerics;
mod observable;
mod problem;
mod section;
mod source;
mod sweep;
mod value;
mod values;

use std::path::{Path, PathBuf};

use crate::compute::fingerprint;
pub(crate) use initial::{Initial, Start, State, WeightedState};
pub(crate) use model::{Custom, Interaction, Levels, ModelConfig, Physical};
pub(crate) use numerics::{ErrorEstimate, Expansion, Limits, Method, Output, Time};
pub(crate) use observable::ObservableConfig;
pub(crate) use problem::ConfigError;
pub(crate) use problem::nearest;
use problem::{Fault, Problem};
use section::{At, Section};
pub(crate) use sweep::Sweep;
use toml::de::DeTable;
pub(crate) use values::{Chosen, Values};

/// Everything a run needs to know.
#[derive(Debug)]
pub(crate) struct Config {
    /// The file.
    pub(crate) path: PathBuf,
    /// The comment the file begins with: the question in the user's words.
    pub(crate) question: String,
    /// What results depend on; see [`fingerprint`].
    pub(crate) fingerprint: u64,
    /// `[model]`.
    pub(crate) model: ModelConfig,
    /// `[initial]`.
    pub(crate) initial: Initial,
    /// `[expansion]`.
    pub(crate) expansion: Expansion,
    /// `[time]`.
    pub(crate) time: Time,
    /// `[particles] N`.
    pub(crate) particles: Vec<usize>,
    /// `[compare] exact`.
    pub(crate) exact: Vec<usize>,
    /// `[[observable]]`.
    pub(crate) observables: Vec<ObservableConfig>,
    /// `[output]`.
    pub(crate) output: Output,
    /// `[limits]`.
    pub(crate) limits: Limits,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and reason.
    pub(crate) fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = read_text(path)?;
        Self::parse(path, &text).map_err(|fault| ConfigError::new(path, &text, fault))
    }

    /// Where results go unless the user says otherwise: the file's stem +
    /// ".out", in the current directory's view of the file.
    pub(crate) fn default_output(&self) -> PathBuf {
        self.path.with_extension("out")
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Fault> {
        let table = DeTable::parse(text).map_err(|error| Fault {
            span: error.span(),
            problem: Box::new(Problem::Syntax {
                message: error.message().to_owned(),
            }),
        })?;
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut root = Section::root(&table);
        // Every table is asked for before any is read, so that a misspelt one
        // is reported as such and not as the absence of what it should hold.
        let model = root.section("model")?;
        let initial = root.section("initial")?;
        let expansion = root.section("expansion")?;
        let time = root.section("time")?;
        let mut particles = root.section("particles")?;
        let mut compare = root.section("compare")?;
        let observables = root.sections("observable")?;
        let output = root.section("output")?;
        let limits = root.section("limits")?;
        // Read by `Sweep`: here is one point, or what the sweep leaves.
        root.get("sweep");
        root.finish()?;

        let model = ModelConfig::read(model, &directory)?;
        let initial = Initial::read(initial, &directory, &model)?;
        let expansion = Expansion::read(expansion)?;
        let time = Time::read(time)?;
        let counts = "integers N ≥ 1, each with at least as many particles as the largest j in \
                      `expansion.marginals`";
        let n = particles.integers("N", counts, 1..=MOST_PARTICLES)?;
        let n = enough(&particles, "N", n, &expansion)?;
        particles.finish()?;
        let exact = compare.integers("exact", counts, 1..=MOST_EXACT)?;
        let exact = enough(&compare, "exact", exact, &expansion)?;
        compare.finish()?;
        let observables = observable::read(observables, &directory, &model)?;
        let output = Output::read(output, &expansion)?;
        let limits = Limits::read(limits)?;
        Ok(Self {
            path: path.to_owned(),
            question: leading_comment(text),
            fingerprint: fingerprint(text, &directory),
            model,
            initial,
            expansion,
            time,
            particles: n,
            exact,
            observables,
            output,
            limits,
        })
    }
}

/// The text of a configuration.
fn read_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let reason = format!("byte {at} is not UTF-8; expected a text file (TOML)");
        unreadable(std::io::Error::other(reason))
    })
}

/// Above this N the powers of 1/N kept here are below rounding.
const MOST_PARTICLES: usize = 1_000_000_000_000_000;
/// Exact N-body evolution of more particles than this is out of reach for any
/// number of states but two.
const MOST_EXACT: usize = 1_000_000;

/// F_j exists only for N ≥ j.
fn enough(
    section: &Section<'_>,
    key: &str,
    list: Option<Vec<At<usize>>>,
    expansion: &Expansion,
) -> Result<Vec<usize>, Fault> {
    let largest = expansion.marginals.iter().copied().max().unwrap_or(1);
    let list = list.unwrap_or_default();
    for n in &list {
        if n.value < largest {
            return Err(section.wrong(
                key,
                n.span.clone(),
                format!("a list with {}", n.value),
                format!(
                    "N ≥ {largest}, the largest j in `expansion.marginals`: F_{largest} does not \
                     exist for fewer particles; raise N or drop the marginal"
                ),
            ));
        }
    }
    Ok(list.into_iter().map(|n| n.value).collect())
}

/// The comment at the top of the file: its paragraphs, with lines joined; an
/// indented line, a formula say, stays on its own.
fn leading_comment(text: &str) -> String {
    let mut out = String::new();
    let mut joins = false;
    for line in text.lines().map_while(|line| line.trim().strip_prefix('#')) {
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let own = line.is_empty() || line.starts_with(char::is_whitespace);
        if !out.is_empty() {
            out.push(if joins && !own { ' ' } else { '\n' });
        }
        out.push_str(line);
        joins = !own;
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A sound file with a few characters exchanged, taken out or put in.
    fn mutated() -> impl Strategy<Value = String> {
        // The sweep at the end of a template is a comment.
        let swept = |text: &str| text.replace("\n# [sweep]\n# ", "\n[sweep]\n");
        let kinds = catalogue::KINDS.iter();
        let templates: Vec<String> = kinds.map(|kind| swept(kind.template)).collect();
        let edit = (
            any::<prop::sample::Index>(),
            0_usize..4,
            any::<char>(),
            0_usize..40,
        );
        (
            prop::sample::select(templates),
            prop::collection::vec(edit, 1..6),
        )
            .prop_map(|(template, edits)| {
                let mut text: Vec<char> = template.chars().collect();
                for (place, what, c, length) in edits {
                    let at = place.index(text.len());
                    let end = (at + length).min(text.len());
                    match what {
                        0 => text[at] = c,
                        1 => text.insert(at, c),
                        2 => drop(text.drain(at..end)),
                        // A piece of the file a second time.
                        _ => {
                            let piece = text[at..end].to_vec();
                            text.splice(at..at, piece);
                        }
                    }
                    if text.is_empty() {
                        text.push(c);
                    }
                }
                text.into_iter().collect()
            })
    }

    fn refuse_or_read(text: &str) {
        let path = Path::new("config.toml");
        if let Err(fault) = Config::parse(path, text) {
            let message = ConfigError::new(path, text, fault).to_string();
            assert!(message.starts_with("config.toml:"), "{message}");
        }
        match Sweep::read(path, text.to_owned()) {
            Ok(None) => {}
            Ok(Some(sweep)) => {
                for number in [0, sweep.points() - 1] {
                    // Its name and its fault, if it has one, can be told.
                    assert!(sweep.name(number).contains(" = "));
                    let _ = sweep.config(number).map_err(|error| error.to_string());
                }
            }
            Err(error) => assert!(error.to_string().starts_with("config.toml:"), "{error}"),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn law_no_text_makes_the_reader_panic(text in "\\PC{0,200}") {
            refuse_or_read(&text);
        }

        #[test]
        fn law_no_slip_in_a_sound_file_makes_the_reader_panic(text in mutated()) {
            refuse_or_read(&text);
        }
    }

    #[test]
    fn law_the_question_is_the_comment_by_paragraph() {
        let text = "# How far\n# is it?\n#\n#   H = 1\n# where\n# so.\n[model]\n# no\n";
        assert_eq!(
            leading_comment(text),
            "How far is it?\n\n  H = 1\nwhere so."
        );
        assert_eq!(leading_comment("[model]"), "");
    }
}
