//! The configuration file: TOML read into a typed [`Config`], checked so that
//! what is left can be computed or is refused by the model itself.

mod coarser;
mod fault;
mod files;
mod fingerprint;
mod initial;
mod keys;
mod mistake;
mod model;
mod nested;
mod numerics;
mod observable;
mod operators;
mod parameters;
mod reactions;
mod section;
mod source;
mod sweep;
mod value;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Serialize;
use toml::de::DeTable;

use fault::{Complaint, Fault, Faults};
use files::Files;
pub(crate) use fingerprint::digest;
use fingerprint::fingerprint;
pub(crate) use initial::{Initial, Start};
pub use mistake::{ConfigError, Mistake};
pub(crate) use model::ModelConfig;
pub(crate) use numerics::{ErrorEstimate, Expansion, Limits, Method, Output, Time};
pub(crate) use observable::ObservableConfig;
use parameters::Parameters;
use section::{At, Section};
pub(crate) use sweep::Sweep;

use crate::catalogue::Catalogue;

/// A problem that was read and found sound: everything a run needs to know.
#[derive(Debug)]
pub struct Config {
    /// The file, or what stands for it in messages.
    pub(crate) path: PathBuf,
    /// What it was read from.
    pub(crate) text: String,
    /// The kinds it may name.
    pub(crate) catalogue: Catalogue,
    /// The comment the file begins with: the question in the user's words.
    pub(crate) question: String,
    /// The files it names.
    files: Vec<PathBuf>,
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
    /// Whether it is the coarser one of another.
    is_coarser: bool,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake, its line, key and reason.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_with(path, &Catalogue::default())
    }

    /// As [`load`](Self::load), with kinds of one's own.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load_with(path: &Path, catalogue: &Catalogue) -> Result<Self, ConfigError> {
        Self::parse(&read_text(path)?, path, catalogue)
    }

    /// Reads and checks a text (TOML). The files it names are relative to the folder of
    /// `path`, which need not exist and stands in messages; results go beside it.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake, its line, key and reason.
    pub fn parse(text: &str, path: &Path, catalogue: &Catalogue) -> Result<Self, ConfigError> {
        let read = Self::read(path, text, catalogue);
        read.map_err(|faults| ConfigError::new(path, text, faults))
    }

    /// Checks data that serde can write, a map of tables; its mistakes are those of the
    /// text it makes.
    ///
    /// # Errors
    /// [`ConfigError`], also for what TOML does not hold.
    pub fn of_data(
        data: &impl Serialize,
        path: &Path,
        catalogue: &Catalogue,
    ) -> Result<Self, ConfigError> {
        let text = toml::to_string(data).map_err(|error| {
            let message = error.to_string();
            let complaint = Box::new(Complaint::Syntax { message });
            let span = None;
            ConfigError::new(path, "", vec![Fault { span, complaint }])
        })?;
        Self::parse(&text, path, catalogue)
    }

    /// What it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the model's kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.model.kind.name
    }

    /// Where results go unless the user says otherwise: the file's stem +
    /// ".out", in the current directory's view of the file.
    #[must_use]
    pub fn default_output(&self) -> PathBuf {
        self.path.with_extension("out")
    }

    /// Its `[sweep]`, if it has one.
    ///
    /// # Errors
    /// [`ConfigError`] for a sweep that makes no sense, or for every point
    /// whose configuration does not.
    pub(crate) fn sweep(&self) -> Result<Option<Sweep>, ConfigError> {
        Sweep::of(&self.path, &self.text, &self.catalogue)
    }

    fn read(path: &Path, text: &str, catalogue: &Catalogue) -> Result<Self, Vec<Fault>> {
        let table = DeTable::parse(text).map_err(|error| {
            let message = error.message().to_owned();
            vec![Fault {
                span: error.span(),
                complaint: Box::new(Complaint::Syntax { message }),
            }]
        })?;
        let faults = Faults::default();
        let parameters = Rc::new(Parameters::read(table.get_ref(), &faults));
        let root = Section::root(&table, &faults, &parameters);
        let read = Self::tables(path, text, catalogue, root);
        // What uses a parameter may have been left unread beside a fault.
        if faults.count() == 0 {
            parameters.finish(table.get_ref(), &faults);
        }
        let found = faults.take();
        match read {
            Some(mut config) if found.is_empty() => {
                // Only now: files that are no arrays are not to be read.
                config.fingerprint = fingerprint(text, &config.files);
                Ok(config)
            }
            _ => Err(found),
        }
    }

    /// Reads every table and notes what is wrong; `None` beside a fault without which
    /// there is no configuration.
    fn tables(
        path: &Path,
        text: &str,
        catalogue: &Catalogue,
        mut root: Section<'_>,
    ) -> Option<Self> {
        let faults = root.faults();
        let mut table = |key| faults.kept(root.section(key));
        let (model, initial) = (table("model"), table("initial"));
        let (expansion, time) = (table("expansion"), table("time"));
        let (particles, compare) = (table("particles"), table("compare"));
        let (output, limits) = (table("output"), table("limits"));
        let observables = faults.keep(root.sections("observable"));
        // Read by `Sweep`: here is one point, or what the sweep leaves.
        root.get("sweep");
        root.finish();

        // What may be held is known before anything is read.
        let limits = limits.map(Limits::read);
        let memory = limits.as_ref().and_then(|limits| limits.memory);
        let files = Files::beside(path, memory);
        let time = time.map(Time::read);
        let end = time.as_ref().map(|time| time.end);
        let model = model.and_then(|model| ModelConfig::read(model, &files, catalogue, end));
        let initial = initial
            .zip(model.as_ref())
            .and_then(|(initial, model)| Initial::read(initial, &files, model));
        let expansion = expansion.map(Expansion::read);
        let largest = expansion.as_ref().and_then(Expansion::largest_marginal);
        let mut n = particles.map(|table| numbers(table, "N", MOST_PARTICLES, largest));
        // Counts say how many there are, where nothing else does.
        let counted = initial
            .as_ref()
            .and_then(|initial| initial.counted.as_ref());
        if let (Some(list), Some(total)) = (&mut n, counted)
            && list.is_empty()
        {
            faults.keep(initial::enough(total, largest.unwrap_or(1)));
            list.push(total.value);
        }
        let exact = compare.map(|mut table| {
            // Read by `Config::coarser`: another configuration.
            table.get("coarser");
            numbers(table, "exact", MOST_EXACT, largest)
        });
        let observables = model
            .as_ref()
            .map(|model| observable::read(observables, &files, model));
        let output = output
            .zip(expansion.as_ref())
            .map(|(output, expansion)| Output::read(output, expansion));
        Some(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            catalogue: catalogue.clone(),
            question: leading_comment(text),
            files: files.named(),
            fingerprint: 0,
            model: model?,
            initial: initial?,
            expansion: expansion?,
            time: time?,
            particles: n?,
            exact: exact?,
            observables: observables?,
            output: output?,
            limits: limits?,
            is_coarser: false,
        })
    }
}

/// The numbers of particles of a table.
fn numbers(
    mut section: Section<'_>,
    key: &'static str,
    most: usize,
    largest: Option<usize>,
) -> Vec<usize> {
    let counts = "integers N ≥ 1, each with at least as many particles as the largest j in \
                  `expansion.marginals`";
    let faults = section.faults();
    let list = faults.keep(section.integers(key, counts, 1..=most));
    let list = list.unwrap_or_default();
    enough(&section, key, &list, largest.unwrap_or(1));
    section.finish();
    list.into_iter().map(|n| n.value).collect()
}

/// The longest text of a configuration: arrays that are larger belong into a file.
const LARGEST_TEXT: u64 = 64 << 20;

/// The text of a configuration.
fn read_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let bytes = crate::files::read(path, LARGEST_TEXT, "a text file (TOML)").map_err(unreadable)?;
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
fn enough(section: &Section<'_>, key: &str, list: &[At<usize>], largest: usize) {
    for n in list.iter().filter(|n| n.value < largest) {
        section.faults().add(section.wrong(
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
        let catalogue = Catalogue::default();
        let kinds = catalogue.kinds().iter();
        let templates: Vec<String> = kinds.map(|kind| swept(kind.example)).collect();
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
        let catalogue = Catalogue::default();
        if let Err(error) = Config::parse(text, path, &catalogue) {
            let message = error.to_string();
            assert!(message.starts_with("config.toml:"), "{message}");
        }
        match Sweep::read(path, text, &catalogue) {
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
