//! What can be wrong with a configuration, and where in its text.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::arrays::ArrayError;

/// A fault of the configuration's content.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Complaint {
    /// The file is not TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// A key that no table of that name has.
    #[error(
        "`{key}` is not a key of {section}; {}",
        match .owners.is_empty() {
            true => suggestion(.nearest.as_deref(), .known),
            false => format!("it is {}", placed(.key, .owners)),
        }
    )]
    UnknownKey {
        /// The table, as "[time]".
        section: String,
        /// The key found.
        key: String,
        /// The same with its table.
        path: String,
        /// The nearest known key.
        nearest: Option<String>,
        /// Every key the table has.
        known: Vec<String>,
        /// The other tables that have a key of that name.
        owners: Vec<String>,
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
    #[error(
        "`{key}` is missing; expected {expected}{}",
        .like.as_ref().map_or(String::new(), |like| format!("; is `{like}` meant for it?"))
    )]
    Missing {
        /// The key.
        key: String,
        /// What it should be.
        expected: String,
        /// A key of the table that may be meant.
        like: Option<String>,
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
    /// A key to vary that the configuration does not have.
    #[error(
        "there is no value of `{key}` to vary: {}",
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
    #[error("{source}, at {point} of {of}")]
    Point {
        /// Who has the point, as "[sweep]".
        of: &'static str,
        /// The point, "model.chi = 0.1".
        point: String,
        /// What is wrong.
        source: Box<Complaint>,
    },
    /// The consequence of a fault that was noted: not said itself.
    #[error("a consequence of another mistake")]
    Known,
    /// An array could not be read.
    #[error("`{key}`: {source}")]
    Array {
        /// The key that names the array.
        key: String,
        /// Why.
        source: ArrayError,
    },
}

impl Complaint {
    /// The key it is about, where it is one.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Syntax { .. } | Self::Known => None,
            Self::Point { source, .. } => source.key(),
            Self::UnknownKey { path: key, .. }
            | Self::KeyOfAnotherKind { key, .. }
            | Self::Missing { key, .. }
            | Self::Value { key, .. }
            | Self::Choice { key, .. }
            | Self::Contradiction { first: key, .. }
            | Self::Duplicate { key, .. }
            | Self::Ragged { key, .. }
            | Self::NotToVary { key, .. }
            | Self::Array { key, .. } => Some(key),
        }
    }
}

/// Where a key stands, in words.
fn placed(key: &str, owners: &[String]) -> String {
    let each = owners.iter().map(|owner| match owner.starts_with('[') {
        true => format!("a key of {owner}"),
        false => format!("a table of its own, [{key}]"),
    });
    each.collect::<Vec<_>>().join(" and ")
}

fn suggestion(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(name) => format!("did you mean `{name}`? (known: {})", known.join(", ")),
        None => format!("known: {}", known.join(", ")),
    }
}

/// A [`Complaint`] with the bytes of the file it is about.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) span: Option<Range<usize>>,
    pub(crate) complaint: Box<Complaint>,
}

impl Fault {
    /// The consequence of one that was noted.
    pub(crate) fn known() -> Self {
        Self {
            span: None,
            complaint: Box::new(Complaint::Known),
        }
    }

    pub(crate) fn at(span: Range<usize>, complaint: Complaint) -> Self {
        Self {
            span: Some(span),
            complaint: Box::new(complaint),
        }
    }
}

/// The faults found so far. A reader that meets one notes it and reads on, so that a
/// user sees all of them at once; clones note into the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    list: Rc<RefCell<Vec<Fault>>>,
    /// The keys of the tables that were read, there or not.
    tables: Rc<RefCell<Vec<(String, Vec<&'static str>)>>>,
}

impl Faults {
    /// Notes a fault.
    pub(crate) fn add(&self, fault: Fault) {
        self.list.borrow_mut().push(fault);
    }

    /// Notes the keys that a table has.
    pub(crate) fn table(&self, name: String, keys: Vec<&'static str>) {
        self.tables.borrow_mut().push((name, keys));
    }

    /// The tables that have a key of that name, as "[time]".
    fn owners(&self, key: &str) -> Vec<String> {
        let tables = self.tables.borrow();
        let owners = tables.iter().filter(|(_, keys)| keys.contains(&key));
        let mut names: Vec<String> = owners.map(|(name, _)| name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// What was read, or what stands for it where there was a fault: nothing.
    pub(crate) fn keep<T: Default>(&self, read: Result<T, Fault>) -> T {
        read.unwrap_or_else(|fault| {
            self.add(fault);
            T::default()
        })
    }

    /// What was read, if there was no fault.
    pub(crate) fn kept<T>(&self, read: Result<T, Fault>) -> Option<T> {
        self.keep(read.map(Some))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.list.borrow().len()
    }

    /// All of them in the order of the text. A key that is misspelt, or in another table,
    /// explains the absence of the right one.
    pub(crate) fn take(&self) -> Vec<Fault> {
        let mut all = self.list.take();
        for fault in &mut all {
            if let Complaint::UnknownKey { key, owners, .. } = &mut *fault.complaint {
                *owners = self.owners(key);
            }
        }
        all.retain(|fault| !matches!(*fault.complaint, Complaint::Known));
        let misspelt: Vec<(String, String)> = all.iter().flat_map(misspelt).collect();
        all.retain(|fault| {
            let Complaint::Missing { key, .. } = &*fault.complaint else {
                return true;
            };
            let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
            let meant = |(section, nearest): &(String, String)| {
                let of_table = section.contains(&format!("[{table}]")) && nearest == name;
                of_table || (section.starts_with("the ") && key.split('.').next() == Some(nearest))
            };
            !misspelt.iter().any(meant)
        });
        all.sort_by_key(|fault| fault.span.as_ref().map_or(0, |span| span.start));
        all
    }
}

/// The tables and the keys that an unknown key may have been meant for.
fn misspelt(fault: &Fault) -> Vec<(String, String)> {
    match &*fault.complaint {
        Complaint::UnknownKey { owners, key, .. } if !owners.is_empty() => {
            let each = owners.iter().map(|owner| (owner.clone(), key.clone()));
            each.collect()
        }
        Complaint::UnknownKey {
            section,
            nearest: Some(nearest),
            ..
        } => vec![(section.clone(), nearest.clone())],
        _ => Vec::new(),
    }
}
