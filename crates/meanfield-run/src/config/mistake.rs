//! The mistakes of a configuration: the file, the line, the key and the reason of each.

use std::fmt;
use std::path::{Path, PathBuf};

use super::fault::{Complaint, Fault};
use crate::units::visible;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Its content is wrong: all mistakes that were found, in the order of the text.
    #[error("{}", together(.0))]
    Mistakes(Vec<Mistake>),
}

impl ConfigError {
    /// The mistakes; none where the file could not be read.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        match self {
            Self::Mistakes(list) => list,
            Self::Unreadable { .. } => &[],
        }
    }

    /// Says where in `text` the faults are.
    pub(crate) fn new(path: &Path, text: &str, faults: Vec<Fault>) -> Self {
        let each = faults.into_iter();
        Self::Mistakes(each.map(|fault| Mistake::new(path, text, fault)).collect())
    }
}

/// All mistakes as one text.
fn together(mistakes: &[Mistake]) -> String {
    let each: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
    each.join("\n")
}

/// One mistake.
#[derive(Debug)]
pub struct Mistake {
    path: PathBuf,
    /// Line and column, from 1; 0 where the mistake stands nowhere in the text.
    line: usize,
    column: usize,
    complaint: Box<Complaint>,
    excerpt: Option<Marked>,
}

impl Mistake {
    /// The line of the file, from 1; `None` where the mistake is that something is not
    /// there at all.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        (self.line > 0).then_some(self.line)
    }

    /// The full name of the key, "time.end".
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.complaint.key()
    }

    /// What was found, what was expected, and what to do.
    #[must_use]
    pub fn reason(&self) -> String {
        self.complaint.to_string()
    }

    /// Line and column.
    pub(super) fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    fn new(path: &Path, text: &str, fault: Fault) -> Self {
        let at = fault.span.as_ref();
        let (line, column) = at.map_or((0, 0), |span| position(text, span.start));
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
        Self {
            path: path.to_owned(),
            line,
            column,
            complaint: fault.complaint,
            excerpt,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if self.line > 0 {
            write!(f, "{}:{}:", self.line, self.column)?;
        }
        write!(f, " {}", visible(&self.complaint.to_string()))?;
        match &self.excerpt {
            Some(marked) => write!(f, "{marked}"),
            None => Ok(()),
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

/// The faulty line of the file with a caret below.
#[derive(Debug)]
struct Marked {
    line: usize,
    content: String,
    column: usize,
    width: usize,
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let m = self;
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
            m.line,
            visible(&m.content)
        )
    }
}
