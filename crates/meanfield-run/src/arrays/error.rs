//! What can be wrong with an array, or with the place results go to.

use std::path::PathBuf;

use meanfield::abstract_model::ModelError;

/// Errors of reading and writing arrays.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArrayError {
    /// The file cannot be opened.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not a whole npz archive.
    #[error(
        "{} is not a complete npz file ({reason}); it may be truncated. Write it with numpy.savez",
        path.display()
    )]
    NotNpz {
        /// The file.
        path: PathBuf,
        /// The reader's reason.
        reason: String,
    },
    /// The archive has no array of that name.
    #[error("{} has no array `{name}`; it holds: {}", path.display(), listed(.present))]
    NotInFile {
        /// The file.
        path: PathBuf,
        /// The array asked for.
        name: String,
        /// The arrays that are there.
        present: Vec<String>,
    },
    /// An array has another element type.
    #[error(
        "array `{name}` in {} has dtype {found}; expected float64 or complex128: convert it with \
         .astype(float) or .astype(complex)",
        path.display()
    )]
    Dtype {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// Its type, as numpy writes it.
        found: String,
    },
    /// An array is cut short or its header makes no sense.
    #[error("array `{name}` in {} cannot be read: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// The reader's reason.
        reason: String,
    },
    /// An entry is NaN, infinite or above 1e100.
    #[error("array `{name}`: entry {index:?} is {found}; expected finite numbers, at most 1e100")]
    NotFinite {
        /// The array.
        name: String,
        /// Index of the entry.
        index: Vec<usize>,
        /// The entry.
        found: String,
    },
    /// An array has another number of axes.
    #[error("array `{name}` has shape {found:?}; expected {expected}")]
    Rank {
        /// The array.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape that was expected, in words.
        expected: String,
    },
    /// Complex entries where only real ones make sense.
    #[error("array `{name}` is complex (entry {index:?} is {found}); expected real numbers")]
    Complex {
        /// The array.
        name: String,
        /// Index of the first complex entry.
        index: Vec<usize>,
        /// That entry.
        found: String,
    },
    /// An entry of an index array is not an index.
    #[error("array `{name}`: entry {index:?} is {found}; expected a state number 0, 1, 2, …")]
    NotAnIndex {
        /// The array.
        name: String,
        /// Index of the entry.
        index: Vec<usize>,
        /// The entry.
        found: String,
    },
    /// The output directory cannot be made.
    #[error("cannot create the output directory {}: {source}", path.display())]
    NotWritable {
        /// The directory.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Another run is writing to the same place.
    #[error(
        "another run is using {}; wait for it, or choose another place with --out",
        path.display()
    )]
    InUse {
        /// The unfinished directory.
        path: PathBuf,
    },
    /// Something that is not ours stands where the output should go.
    #[error(
        "{} exists and was not written by meanfield ({reason}); it is left as it is: choose \
         another place with --out, or remove it yourself",
        path.display()
    )]
    NotOurs {
        /// The directory.
        path: PathBuf,
        /// What shows that it is not ours.
        reason: String,
    },
    /// Writing failed.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// An array got more or fewer numbers than it was announced with.
    #[error("array `{name}` was announced with {expected} numbers and got {found}")]
    Length {
        /// The array.
        name: String,
        /// Numbers written.
        found: u64,
        /// Numbers announced.
        expected: u64,
    },
}

impl ArrayError {
    /// Whether the user can mend it: bad input rather than a failure of ours.
    pub(crate) fn is_input(&self) -> bool {
        !matches!(self, Self::Write { .. } | Self::Length { .. })
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        "no arrays".to_owned()
    } else {
        names.join(", ")
    }
}

/// An array's own complaint as the model would put it.
pub(crate) fn shape(error: ArrayError) -> ModelError {
    match error {
        ArrayError::Rank {
            name,
            found,
            expected,
        } => ModelError::Shape {
            array: name,
            found,
            expected,
        },
        other => ModelError::Parameter {
            key: "file",
            found: other.to_string(),
            expected: "usable arrays".to_owned(),
        },
    }
}
