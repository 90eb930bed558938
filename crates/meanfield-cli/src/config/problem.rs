//! What can be wrong with a configuration, and where in the file it stands.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::arrays::ArrayError;

/// A fault of the configuration's content.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Problem {
    /// The file is not TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// A key that no table of that name has.
    #[error("`{key}` is not a key of {section}; {}", suggestion(.nearest.as_deref(), .known))]
    UnknownKey {
        /// The table, as "[time]".
        section: String,
        /// The key found.
        key: String,
        /// The nearest known key.
        nearest: Option<String>,
        /// Every key the table has.
        known: Vec<String>,
    },
    /// A key of `[model]` that belongs to another kind of model.
    #[error(
        "`{key}` is not a key of the model \"{kind}\"; it belongs to kind = \"{}\": remove it, or \
         change `kind`",
        .owners.join("\" or \"")
    )]
    KeyOfAnotherKind {
        /// The key found.
        key: String,
        /// The kind of this configuration.
        kind: String,
        /// The kinds that have the key.
        owners: Vec<String>,
    },
    /// A key that must be there is not.
    #[error("`{key}` is missing; expected {expected}")]
    Missing {
        /// The key.
        key: String,
        /// What it should be.
        expected: String,
    },
    /// A value of the wrong type or out of range.
    #[error("`{key}` is {found}; expected {expected}")]
    Value {
        /// The key.
        key: String,
        /// What was found.
        found: String,
        /// What was expected, and what to do.
        expected: String,
    },
    /// A name that is not one of those known.
    #[error("`{key}` is \"{found}\", which is not known; {}", suggestion(.nearest.as_deref(), .known))]
    Choice {
        /// The key.
        key: String,
        /// The name found.
        found: String,
        /// The nearest name.
        nearest: Option<String>,
        /// Every name there is.
        known: Vec<String>,
    },
    /// Two keys that exclude each other.
    #[error("`{first}` and `{second}` contradict each other: {advice}")]
    Contradiction {
        /// One key.
        first: String,
        /// The other.
        second: String,
        /// What to do.
        advice: &'static str,
    },
    /// A list with the same entry twice.
    #[error("`{key}` holds {found} twice; expected each entry once")]
    Duplicate {
        /// The list.
        key: String,
        /// The entry.
        found: String,
    },
    /// A nested list whose rows have different lengths.
    #[error("`{key}`: {row} has {found} entries, but the rows before it have {expected}")]
    Ragged {
        /// The array.
        key: String,
        /// The row, as "row [1]".
        row: String,
        /// Its length.
        found: usize,
        /// The length of the rows before it.
        expected: usize,
    },
    /// A key of `[sweep]` that the configuration does not have.
    #[error(
        "[sweep] finds no value of `{key}` to vary: {}",
        .nearest.as_ref().map_or(
            "write the key into its table first, with the value it has without the sweep".to_owned(),
            |name| format!("did you mean `{name}`?"),
        )
    )]
    NotToVary {
        /// The key.
        key: String,
        /// The nearest key there is.
        nearest: Option<String>,
    },
    /// What is wrong with a point of a sweep.
    #[error("{source}, at {point} of [sweep]")]
    Point {
        /// The point, "model.chi = 0.1".
        point: String,
        /// What is wrong.
        source: Box<Problem>,
    },
    /// An array could not be read.
    #[error("`{key}`: {source}")]
    Array {
        /// The key that names the array.
        key: String,
        /// Why.
        source: ArrayError,
    },
}

fn suggestion(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(name) => format!("did you mean `{name}`? (known: {})", known.join(", ")),
        None => format!("known: {}", known.join(", ")),
    }
}

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

/// A [`Problem`] with the bytes of the file it is about.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) span: Option<Range<usize>>,
    pub(crate) problem: Box<Problem>,
}

impl Fault {
    pub(crate) fn at(span: Range<usize>, problem: Problem) -> Self {
        Self {
            span: Some(span),
            problem: Box::new(problem),
        }
    }
}

/// A configuration that cannot be used: the file, the line and the reason.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Its content is wrong.
    #[error("{location}{problem}{excerpt}")]
    Content {
        /// "file:line:column: ".
        location: Location,
        /// What is wrong.
        #[source]
        problem: Box<Problem>,
        /// The line of the file, with a caret.
        excerpt: Excerpt,
    },
}

impl ConfigError {
    /// Says where in `text` the fault is.
    pub(crate) fn new(path: &Path, text: &str, fault: Fault) -> Self {
        let (line, column) = fault
            .span
            .as_ref()
            .map_or((0, 0), |span| position(text, span.start));
        let excerpt = fault.span.map(|span| {
            let content = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
            // Of a very long line, what is near the fault.
            let skipped = (column - 1).saturating_sub(SHOWN_BEFORE);
            let content: String = content.chars().skip(skipped).take(SHOWN).collect();
            let column = column - skipped;
            let rest = content.chars().count().saturating_sub(column - 1);
            let marked = text
                .get(span)
                .map_or(1, |s| s.lines().next().unwrap_or("").chars().count());
            Marked {
                line,
                content,
                column,
                width: marked.min(rest).max(1),
            }
        });
        Self::Content {
            location: Location {
                path: path.to_owned(),
                line,
                column,
            },
            problem: fault.problem,
            excerpt: Excerpt(excerpt),
        }
    }
}

/// Characters of a line that are shown, and before the fault at most.
const SHOWN: usize = 160;
const SHOWN_BEFORE: usize = 100;

/// Line and column, from 1, of a byte of the text.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |k| k + 1);
    (line, before[start..].chars().count() + 1)
}

/// Where a fault stands.
#[derive(Debug)]
pub(crate) struct Location {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if self.line > 0 {
            write!(f, "{}:{}:", self.line, self.column)?;
        }
        write!(f, " ")
    }
}

/// The faulty line of the file with a caret below, if there is one.
#[derive(Debug)]
pub(crate) struct Excerpt(Option<Marked>);

#[derive(Debug)]
struct Marked {
    line: usize,
    content: String,
    column: usize,
    width: usize,
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(m) = &self.0 else { return Ok(()) };
        let gutter = " ".repeat(m.line.to_string().len());
        let pad: String = m
            .content
            .chars()
            .take(m.column - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let carets = "^".repeat(m.width);
        write!(
            f,
            "\n {gutter} |\n {} | {}\n {gutter} | {pad}{carets}",
            m.line, m.content
        )
    }
}
