//! Reading arrays from npz files.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use ndarray::{ArrayD, IxDyn, OwnedRepr};
use ndarray_npy::{NpzReader, ReadNpyError, ReadNpzError, ReadableElement};
use num_complex::Complex64;
use zip::ZipArchive;

use super::{Array, ArrayError, claim};
use crate::files;
use crate::memory::available_memory;
use crate::units::bytes;

/// An npz file that is open.
pub(crate) struct Npz {
    allowed: Allowed,
    path: PathBuf,
    reader: NpzReader<BufReader<File>>,
    /// The same archive, to look at headers.
    archive: ZipArchive<BufReader<File>>,
    names: Vec<String>,
}

/// How much memory arrays may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed {
    bytes: Option<u64>,
    /// Whether `limits.memory` says so, and not the machine.
    asked: bool,
}

impl Allowed {
    /// `memory` bytes, or what the machine has free.
    pub(crate) fn new(memory: Option<u64>) -> Self {
        Self {
            bytes: memory.or_else(available_memory),
            asked: memory.is_some(),
        }
    }

    /// Refuses an array of that size: reading it takes four times as much.
    fn require(self, data: u64) -> Result<(), String> {
        let Some(allowed) = self.bytes.filter(|&all| data.saturating_mul(4) > all) else {
            return Ok(());
        };
        let whose = match self.asked {
            true => "`limits.memory` allows",
            false => "this machine has",
        };
        let (size, allowed) = (bytes(data), bytes(allowed));
        Err(format!(
            "it takes {size}, and four times that while it is read; {whose} {allowed}"
        ))
    }
}

/// Bytes of the record that ends a zip archive, without its comment.
const END_OF_ZIP: u64 = 22;

/// The largest integer whose neighbours are also float64 numbers.
const EXACT_INTEGER: i64 = 1 << 53;

impl Npz {
    /// Opens a file.
    ///
    /// # Errors
    /// [`ArrayError::Unreadable`], [`ArrayError::NotNpz`].
    pub(crate) fn open(path: &Path, allowed: Allowed) -> Result<Self, ArrayError> {
        let unreadable = |source| ArrayError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let file = files::open(path, "an npz file").map_err(unreadable)?;
        let not_npz = |error: ReadNpzError| ArrayError::NotNpz {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let mut reader = NpzReader::new(BufReader::new(file)).map_err(not_npz)?;
        let names = reader.names().map_err(not_npz)?;
        let again = files::open(path, "an npz file").map_err(unreadable)?;
        let archive = ZipArchive::new(BufReader::new(again));
        let archive = archive.map_err(|error| not_npz(error.into()))?;
        if let Some(reason) = repeated(path, &archive, &names) {
            let path = path.to_owned();
            return Err(ArrayError::NotNpz { path, reason });
        }
        Ok(Self {
            path: path.to_owned(),
            allowed,
            reader,
            archive,
            names,
        })
    }

    /// The arrays in the file.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The array `name` if it is there: float64 and complex128, C or Fortran
    /// order, either byte order; narrower and integer types where they convert
    /// without loss.
    ///
    /// # Errors
    /// [`ArrayError`] for another type, a damaged array, an entry that is not
    /// finite.
    pub(crate) fn find(&mut self, name: &str) -> Result<Option<Array>, ArrayError> {
        if !self.names.iter().any(|other| other == name) {
            return Ok(None);
        }
        self.require_sound(name)?;
        if let Some(values) = self.typed::<f64>(name)? {
            return Array::real(name, &values).map(Some);
        }
        if let Some(values) = self.typed::<Complex64>(name)? {
            return Array::complex(name, values).map(Some);
        }
        if let Some(values) = self.typed::<f32>(name)? {
            return Array::real(name, &values.mapv(f64::from)).map(Some);
        }
        if let Some(values) = self.typed::<i32>(name)? {
            return Array::real(name, &values.mapv(f64::from)).map(Some);
        }
        if let Some(values) = self.typed::<i64>(name)?
            && values.iter().all(|n| n.abs() <= EXACT_INTEGER)
        {
            return Array::real(name, &values.mapv(|n| n as f64)).map(Some);
        }
        Err(ArrayError::Dtype {
            path: self.path.clone(),
            name: name.to_owned(),
            found: self.descriptor(name),
        })
    }

    /// The array `name`.
    ///
    /// # Errors
    /// As [`Npz::find`], and [`ArrayError::NotInFile`].
    pub(crate) fn array(&mut self, name: &str) -> Result<Array, ArrayError> {
        let found = self.find(name)?;
        found.ok_or_else(|| ArrayError::NotInFile {
            path: self.path.clone(),
            name: name.to_owned(),
            present: self.names.clone(),
        })
    }

    /// Refuses an array whose header does not fit its data, or that cannot be
    /// held: beside the data their copy as complex numbers.
    fn require_sound(&mut self, name: &str) -> Result<(), ArrayError> {
        let damaged = |reason| ArrayError::Damaged {
            path: self.path.clone(),
            name: name.to_owned(),
            reason,
        };
        // In the order in which the reader looks.
        let inside = self.archive.index_for_name(name);
        let inside = inside.or_else(|| self.archive.index_for_name(&format!("{name}.npy")));
        let Some(inside) = inside else { return Ok(()) };
        let entry = self.archive.by_index(inside);
        let entry = entry.map_err(|error| damaged(error.to_string()))?;
        let data = claim::require_consistent(entry).map_err(damaged)?;
        self.allowed.require(data).map_err(damaged)
    }

    /// The array if its elements are of type `T`.
    fn typed<T: ReadableElement>(&mut self, name: &str) -> Result<Option<ArrayD<T>>, ArrayError> {
        match self.reader.by_name::<OwnedRepr<T>, IxDyn>(name) {
            Ok(array) => Ok(Some(array)),
            Err(ReadNpzError::Npy(ReadNpyError::WrongDescriptor(_))) => Ok(None),
            Err(error) => Err(ArrayError::Damaged {
                path: self.path.clone(),
                name: name.to_owned(),
                reason: error.to_string(),
            }),
        }
    }

    /// The element type as the file names it.
    fn descriptor(&mut self, name: &str) -> String {
        match self.reader.by_name::<OwnedRepr<f64>, IxDyn>(name) {
            Err(ReadNpzError::Npy(ReadNpyError::WrongDescriptor(found))) => {
                found.format_ascii().unwrap_or_else(|_| found.to_string())
            }
            _ => "unknown".to_owned(),
        }
    }
}

/// Why it is not known which array a name means.
fn repeated(
    path: &Path,
    archive: &ZipArchive<BufReader<File>>,
    names: &[String],
) -> Option<String> {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Some(format!("it holds two arrays `{}`", twice[0]));
    }
    // Of two entries of one name the reader shows the last; the archive's end counts both.
    let mut end = [0; END_OF_ZIP as usize];
    let mut file = files::open(path, "an npz file").ok()?;
    let tail = END_OF_ZIP + archive.comment().len() as u64;
    file.seek(SeekFrom::End(-(tail as i64))).ok()?;
    file.read_exact(&mut end).ok()?;
    let counted = usize::from(u16::from_le_bytes([end[10], end[11]]));
    let known = counted < usize::from(u16::MAX) && counted > archive.len();
    known.then(|| format!("it has {counted} entries, and two of one name among them"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, ShapeBuilder, arr1};
    use ndarray_npy::NpzWriter;
    use proptest::prelude::*;

    fn file(write: impl Fn(&mut NpzWriter<File>)) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.npz");
        let mut npz = NpzWriter::new(File::create(&path).unwrap());
        write(&mut npz);
        npz.finish().unwrap();
        (directory, path)
    }

    #[test]
    fn law_what_converts_without_loss_is_read() {
        let (_keep, path) = file(|npz| {
            npz.add_array("long", &arr1(&[1_i64, -2])).unwrap();
            npz.add_array("short", &arr1(&[1_i32, 2])).unwrap();
            npz.add_array("single", &arr1(&[0.5_f32])).unwrap();
            npz.add_array("z", &arr1(&[Complex64::I])).unwrap();
            let fortran = Array2::from_shape_fn((2, 3).f(), |(i, j)| (3 * i + j) as f64);
            npz.add_array("fortran", &fortran).unwrap();
        });
        let mut npz = Npz::open(&path, Allowed::new(None)).unwrap();
        assert_eq!(npz.array("long").unwrap().into_vec()[1].re, -2.0);
        assert_eq!(npz.array("short").unwrap().indices().unwrap(), [1, 2]);
        assert_eq!(npz.array("single").unwrap().into_vec()[0].re, 0.5);
        assert!(npz.array("z").unwrap().is_complex());
        let order: Vec<f64> = npz
            .array("fortran")
            .unwrap()
            .into_vec()
            .iter()
            .map(|z| z.re)
            .collect();
        assert_eq!(order, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    /// Reads every array a file has, by whatever name.
    fn read_all(path: &Path) {
        let Ok(mut npz) = Npz::open(path, Allowed::new(None)) else {
            return;
        };
        for name in npz.names().to_vec() {
            if let Ok(Some(array)) = npz.find(&name) {
                assert!(array.into_vec().iter().all(|z| z.is_finite()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn law_no_bytes_make_the_reader_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..300)
        ) {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("a.npz");
            std::fs::write(&path, bytes).unwrap();
            read_all(&path);
        }

        #[test]
        fn law_no_damage_to_a_sound_file_makes_the_reader_panic(
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
        ) {
            let (_keep, path) = file(|npz| {
                npz.add_array("K", &Array2::<f64>::eye(3)).unwrap();
                npz.add_array("z", &arr1(&[Complex64::I])).unwrap();
                npz.add_array("n", &arr1(&[1_i64, 2])).unwrap();
            });
            let mut bytes = std::fs::read(&path).unwrap();
            for (place, value) in damage {
                let at = place.index(bytes.len());
                bytes[at] = value;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            std::fs::write(&path, bytes).unwrap();
            read_all(&path);
        }
    }

    #[test]
    fn law_a_name_means_one_array() {
        let (_keep, path) = file(|npz| {
            npz.add_array("K", &arr1(&[1.0])).unwrap();
            npz.add_array("L", &arr1(&[2.0])).unwrap();
        });
        let mut bytes = std::fs::read(&path).unwrap();
        // In the entry itself and in the archive's directory.
        for k in 0..bytes.len() - 5 {
            if &bytes[k..k + 5] == b"L.npy" {
                bytes[k] = b'K';
            }
        }
        std::fs::write(&path, bytes).unwrap();
        let error = Npz::open(&path, Allowed::new(None)).err().unwrap();
        assert!(error.to_string().contains("two of one name"), "{error}");
    }

    #[test]
    fn law_what_cannot_be_used_is_named() {
        let (_keep, path) = file(|npz| {
            npz.add_array("huge", &arr1(&[i64::MAX])).unwrap();
            npz.add_array("flag", &arr1(&[true])).unwrap();
            npz.add_array("nan", &Array1::from_vec(vec![0.0, f64::NAN]))
                .unwrap();
        });
        let mut npz = Npz::open(&path, Allowed::new(None)).unwrap();
        let message = |npz: &mut Npz, name: &str| npz.array(name).unwrap_err().to_string();
        assert!(message(&mut npz, "K").contains("it holds: huge, flag, nan"));
        assert!(message(&mut npz, "huge").contains("i8"));
        assert!(message(&mut npz, "flag").contains("b1"));
        assert!(message(&mut npz, "nan").contains("entry [1] is NaN"));

        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let error = Npz::open(&path, Allowed::new(None))
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("truncated"), "{error}");
    }
}
