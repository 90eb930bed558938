//! The npz files that a configuration names.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::arrays::{Allowed, ArrayError, Npz};

/// Opens what the keys name, and remembers it: results depend on it.
pub(crate) struct Files {
    /// Names are relative to it: that of the configuration.
    directory: PathBuf,
    allowed: Allowed,
    named: RefCell<BTreeSet<PathBuf>>,
}

impl Files {
    /// Those beside the configuration `path`, when arrays may take `memory` bytes.
    pub(crate) fn beside(path: &Path, memory: Option<u64>) -> Self {
        Self {
            directory: path.parent().unwrap_or(Path::new("")).to_owned(),
            allowed: Allowed::new(memory),
            named: RefCell::default(),
        }
    }

    /// The file of that name.
    ///
    /// # Errors
    /// [`ArrayError`].
    pub(crate) fn npz(&self, name: &str) -> Result<Npz, ArrayError> {
        let path = self.directory.join(name);
        let npz = Npz::open(&path, self.allowed)?;
        self.named.borrow_mut().insert(path);
        Ok(npz)
    }

    /// All that were opened, in the order of their names.
    pub(crate) fn named(&self) -> Vec<PathBuf> {
        self.named.borrow().iter().cloned().collect()
    }
}
