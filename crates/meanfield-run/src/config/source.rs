//! Where a table's arrays come from: the npz file it names, or the table.

use super::fault::{Complaint, Fault};
use super::files::Files;
use super::nested;
use super::section::Section;
use crate::arrays::{Array, ArrayError, Npz};

/// The arrays of one table.
pub(crate) enum Source {
    /// `file = "…"`.
    File {
        /// The open file.
        npz: Box<Npz>,
        /// The key, and where it stands.
        key: String,
        /// The span of its value.
        span: std::ops::Range<usize>,
    },
    /// Keys of the table itself.
    Inline,
}

impl Source {
    /// The source of a table whose arrays have the given names: `file` if it
    /// is there, and then none of them may be inline.
    pub(crate) fn of(
        section: &mut Section<'_>,
        files: &Files,
        arrays: &[&'static str],
    ) -> Result<Self, Fault> {
        let Some(file) = section.string("file", "the name of an npz file, in quotes")? else {
            return Ok(Self::Inline);
        };
        if let Some((name, span)) = arrays
            .iter()
            .find_map(|name| Some((name, section.present(name)?)))
        {
            let complaint = Complaint::Contradiction {
                first: section.path("file"),
                second: section.path(name),
                advice: "give the arrays in the file or inline, not both",
            };
            return Err(Fault::at(span, complaint));
        }
        let key = section.path("file");
        let npz = files
            .npz(&file.value)
            .map_err(|source| array_fault(&key, file.span.clone(), source))?;
        Ok(Self::File {
            npz: Box::new(npz),
            key,
            span: file.span,
        })
    }

    /// The array `name` with `rank` axes, if it is there.
    pub(crate) fn find(
        &mut self,
        section: &mut Section<'_>,
        name: &'static str,
        rank: usize,
        shape: &str,
    ) -> Result<Option<Array>, Fault> {
        let value = section.get(name);
        match self {
            Self::Inline => value
                .map(|value| {
                    nested::array(&section.path(name), name, rank, value, section.parameters())
                })
                .transpose(),
            Self::File { npz, key, span } => npz
                .find(name)
                .and_then(|found| found.map(|array| array.of_rank(rank, shape)).transpose())
                .map_err(|source| array_fault(key, span.clone(), source)),
        }
    }

    /// The array `name`, which must be there.
    pub(crate) fn require(
        &mut self,
        section: &mut Section<'_>,
        name: &'static str,
        rank: usize,
        shape: &str,
    ) -> Result<Array, Fault> {
        if let Some(array) = self.find(section, name, rank, shape)? {
            return Ok(array);
        }
        match self {
            Self::Inline => Err(section.missing(
                name,
                format!("an array of shape {shape}, inline or as `{name}` in the npz file `file`"),
            )),
            Self::File { npz, key, span } => match npz.array(name) {
                Err(source) => Err(array_fault(key, span.clone(), source)),
                Ok(array) => Ok(array),
            },
        }
    }
}

/// The array that the value of `key` is, or that stands under `name` in the
/// file it names.
pub(crate) fn inline_or_file(
    section: &mut Section<'_>,
    key: &'static str,
    name: &str,
    rank: usize,
    shape: &str,
    files: &Files,
) -> Result<Option<Array>, Fault> {
    let Some(value) = section.get(key) else {
        return Ok(None);
    };
    let path = section.path(key);
    let Some(file) = value.get_ref().as_str() else {
        return nested::array(&path, name, rank, value, section.parameters()).map(Some);
    };
    let read = |file: &str| -> Result<Array, ArrayError> {
        files.npz(file)?.array(name)?.of_rank(rank, shape)
    };
    read(file)
        .map(Some)
        .map_err(|source| array_fault(&path, value.span(), source))
}

/// An array's error at the key that named it.
pub(crate) fn array_fault(key: &str, span: std::ops::Range<usize>, source: ArrayError) -> Fault {
    Fault::at(
        span,
        Complaint::Array {
            key: key.to_owned(),
            source,
        },
    )
}
