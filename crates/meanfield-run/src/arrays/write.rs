//! Writing result.npz a time slice at a time.
//!
//! An npz file is a zip of npy files, one after the other, but the results of
//! all arrays arrive together, time by time. Each array therefore grows in a
//! file of its own, whose header already states the final shape, and the
//! archive is put together at the end. Small arrays wait in memory instead,
//! so that a thousand observables do not need a thousand open files.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use num_complex::Complex64;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{ArrayError, Values};
use crate::files;

/// Arrays of at most this many bytes wait in memory.
const IN_MEMORY: u64 = 64 * 1024;

/// The element type of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// float64.
    Real,
    /// complex128.
    Complex,
}

impl Kind {
    /// Bytes of one entry.
    pub(crate) fn bytes(self) -> u64 {
        match self {
            Self::Real => 8,
            Self::Complex => 16,
        }
    }

    fn descriptor(self) -> &'static str {
        match self {
            Self::Real => "<f8",
            Self::Complex => "<c16",
        }
    }
}

enum Sink {
    Memory(Vec<u8>),
    /// With the checksum of all that went there.
    File(PathBuf, BufWriter<File>, crc32fast::Hasher),
}

struct Growing {
    name: String,
    kind: Kind,
    shape: Vec<usize>,
    written: u64,
    sink: Sink,
}

/// An array in progress, as a checkpoint keeps it: the bytes themselves while
/// they wait in memory, else the length of the file that holds them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedArray {
    name: String,
    kind: Kind,
    shape: Vec<usize>,
    written: u64,
    memory: Option<Vec<u8>>,
    file_length: u64,
    /// CRC-32 of the file.
    checksum: u32,
}

/// The arrays of a result while they grow.
pub(crate) struct ResultFile {
    /// Where files in progress are; without it everything waits in memory.
    scratch: Option<PathBuf>,
    arrays: Vec<Growing>,
}

impl ResultFile {
    /// No arrays yet; files in progress go to the directory `scratch`.
    pub(crate) fn new(scratch: &Path) -> Self {
        Self {
            scratch: Some(scratch.to_owned()),
            arrays: Vec::new(),
        }
    }

    /// No arrays yet; all of them wait in memory.
    pub(crate) fn in_memory() -> Self {
        Self {
            scratch: None,
            arrays: Vec::new(),
        }
    }

    /// Where files in progress are.
    pub(crate) fn scratch(&self) -> Option<&Path> {
        self.scratch.as_deref()
    }

    /// What a checkpoint needs to go on: files are brought to the disk first.
    ///
    /// # Errors
    /// [`ArrayError::Write`].
    pub(crate) fn save(&mut self) -> Result<Vec<SavedArray>, ArrayError> {
        let each = self.arrays.iter_mut().map(|growing| {
            let (memory, file_length, checksum) = match &mut growing.sink {
                Sink::Memory(bytes) => (Some(bytes.clone()), 0, 0),
                Sink::File(path, file, sum) => {
                    let synced = file.flush().and_then(|()| file.get_ref().sync_data());
                    synced.map_err(|e| failed(path, e))?;
                    let length = file.stream_position().map_err(|e| failed(path, e))?;
                    (None, length, sum.clone().finalize())
                }
            };
            Ok(SavedArray {
                name: growing.name.clone(),
                kind: growing.kind,
                shape: growing.shape.clone(),
                written: growing.written,
                memory,
                file_length,
                checksum,
            })
        });
        each.collect()
    }

    /// The arrays as they were saved; what files got since is cut off.
    ///
    /// # Errors
    /// [`ArrayError::Unreadable`] for a file that is gone, too short or changed.
    pub(crate) fn restore(scratch: &Path, saved: Vec<SavedArray>) -> Result<Self, ArrayError> {
        let each = saved.into_iter().enumerate().map(|(number, array)| {
            let sink = match array.memory {
                Some(bytes) => Sink::Memory(bytes),
                None => {
                    let path = file_of(scratch, number);
                    let opened = reopen(&path, array.file_length, array.checksum);
                    match opened {
                        Ok((file, sum)) => Sink::File(path, BufWriter::new(file), sum),
                        Err(source) => return Err(ArrayError::Unreadable { path, source }),
                    }
                }
            };
            Ok(Growing {
                name: array.name,
                kind: array.kind,
                shape: array.shape,
                written: array.written,
                sink,
            })
        });
        Ok(Self {
            scratch: Some(scratch.to_owned()),
            arrays: each.collect::<Result<_, _>>()?,
        })
    }

    /// Announces an array of the given shape and returns its number.
    ///
    /// # Errors
    /// [`ArrayError::Write`].
    pub(crate) fn declare(
        &mut self,
        name: &str,
        kind: Kind,
        shape: &[usize],
    ) -> Result<usize, ArrayError> {
        let header = npy_header(kind.descriptor(), shape);
        let sink = match &self.scratch {
            Some(scratch) if entries(shape) * kind.bytes() > IN_MEMORY => {
                let path = file_of(scratch, self.arrays.len());
                let file = files::create(&path).map_err(|e| failed(&path, e))?;
                let mut file = BufWriter::new(file);
                file.write_all(&header).map_err(|e| failed(&path, e))?;
                let mut sum = crc32fast::Hasher::new();
                sum.update(&header);
                Sink::File(path, file, sum)
            }
            _ => {
                let mut bytes = header;
                bytes.reserve_exact((entries(shape) * kind.bytes()) as usize);
                Sink::Memory(bytes)
            }
        };
        self.arrays.push(Growing {
            name: name.to_owned(),
            kind,
            shape: shape.to_vec(),
            written: 0,
            sink,
        });
        Ok(self.arrays.len() - 1)
    }

    /// Leaves the first `slices` along the first axis of every array: others were announced
    /// and did not come.
    ///
    /// # Errors
    /// [`ArrayError::Write`].
    pub(crate) fn cut(&mut self, slices: usize) -> Result<(), ArrayError> {
        for growing in &mut self.arrays {
            let announced = npy_header(growing.kind.descriptor(), &growing.shape);
            if let Some(first) = growing.shape.first_mut() {
                *first = slices.min(*first);
            }
            growing.written = growing.written.min(entries(&growing.shape));
            // A header of the same length: what follows stays where it is.
            let mut header = npy_header(growing.kind.descriptor(), &growing.shape);
            header.truncate(header.len() - 1);
            header.resize(announced.len() - 1, b' ');
            header.push(b'\n');
            header[8..10].copy_from_slice(&announced[8..10]);
            let length = header.len() as u64 + growing.written * growing.kind.bytes();
            match &mut growing.sink {
                Sink::Memory(bytes) => {
                    bytes.truncate(length as usize);
                    bytes[..header.len()].copy_from_slice(&header);
                }
                Sink::File(path, file, _) => {
                    let mut rewrite = || {
                        file.flush()?;
                        file.get_ref().set_len(length)?;
                        file.seek(SeekFrom::Start(0))?;
                        file.write_all(&header)?;
                        file.seek(SeekFrom::End(0))
                    };
                    rewrite().map_err(|e| failed(path, e))?;
                }
            }
        }
        Ok(())
    }

    /// Appends entries in C order to array number `array`; a real array keeps
    /// the real parts.
    ///
    /// # Errors
    /// [`ArrayError::Write`].
    pub(crate) fn append(
        &mut self,
        array: usize,
        entries: impl IntoIterator<Item = Complex64>,
    ) -> Result<(), ArrayError> {
        let growing = &mut self.arrays[array];
        for z in entries {
            growing.put(z.re)?;
            if growing.kind == Kind::Complex {
                growing.put(z.im)?;
            }
            growing.written += 1;
        }
        Ok(())
    }

    /// Announces an array that is complete already; what is infinite is masked by NaN.
    ///
    /// # Errors
    /// [`ArrayError::Write`].
    pub(crate) fn whole(&mut self, name: &str, values: &[f64]) -> Result<(), ArrayError> {
        let array = self.declare(name, Kind::Real, &[values.len()])?;
        self.append(array, values.iter().map(|&x| masked(x)))
    }

    /// A whole real array by time, each time with the given shape.
    ///
    /// # Errors
    /// As [`declare`](Self::declare) and [`append`](Self::append).
    pub(crate) fn whole_of_shape(
        &mut self,
        name: &str,
        values: &[f64],
        shape: &[usize],
    ) -> Result<(), ArrayError> {
        let each: usize = shape.iter().product();
        let mut full = vec![values.len() / each.max(1)];
        full.extend(shape);
        let array = self.declare(name, Kind::Real, &full)?;
        self.append(array, values.iter().map(|&x| masked(x)))
    }

    /// The arrays themselves, of a result that was kept in memory.
    ///
    /// # Errors
    /// [`ArrayError::Length`] for an array that is not complete.
    pub(crate) fn into_values(self) -> Result<BTreeMap<String, Values>, ArrayError> {
        let each = self.arrays.into_iter().map(|growing| {
            growing.require_complete()?;
            let Sink::Memory(bytes) = growing.sink else {
                unreachable!("nothing has grown in a file");
            };
            let values = Values::of_npy(growing.kind, &bytes);
            Ok((growing.name, values))
        });
        each.collect()
    }

    /// Puts the archive together at `path` and removes the files in progress.
    ///
    /// # Errors
    /// [`ArrayError::Length`] for an array that is not complete,
    /// [`ArrayError::Write`].
    pub(crate) fn assemble(self, path: &Path) -> Result<u64, ArrayError> {
        let file = files::create(path).map_err(|e| failed(path, e))?;
        let mut archive = ZipWriter::new(BufWriter::new(file));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(true);
        for growing in self.arrays {
            growing.require_complete()?;
            let name = format!("{}.npy", growing.name);
            archive
                .start_file(name, options)
                .map_err(|e| failed(path, e.into()))?;
            match growing.sink {
                Sink::Memory(bytes) => archive.write_all(&bytes).map_err(|e| failed(path, e))?,
                Sink::File(source, mut grown, _) => {
                    grown.flush().map_err(|e| failed(&source, e))?;
                    drop(grown);
                    copy(&source, &mut archive).map_err(|e| failed(path, e))?;
                    std::fs::remove_file(&source).map_err(|e| failed(&source, e))?;
                }
            }
        }
        let buffered = archive.finish().map_err(|e| failed(path, e.into()))?;
        let file = buffered
            .into_inner()
            .map_err(|e| failed(path, e.into_error()))?;
        file.sync_all().map_err(|e| failed(path, e))?;
        Ok(file.metadata().map_or(0, |data| data.len()))
    }
}

impl Growing {
    fn require_complete(&self) -> Result<(), ArrayError> {
        let announced = entries(&self.shape);
        if self.written == announced {
            return Ok(());
        }
        Err(ArrayError::Length {
            name: self.name.clone(),
            found: self.written,
            expected: announced,
        })
    }

    fn put(&mut self, x: f64) -> Result<(), ArrayError> {
        let bytes = x.to_le_bytes();
        match &mut self.sink {
            Sink::Memory(buffer) => {
                buffer.extend_from_slice(&bytes);
                Ok(())
            }
            Sink::File(path, file, sum) => {
                sum.update(&bytes);
                file.write_all(&bytes).map_err(|e| failed(path, e))
            }
        }
    }
}

/// A figure that is too large to be one is none.
fn masked(x: f64) -> Complex64 {
    let number = if x.is_infinite() { f64::NAN } else { x };
    Complex64::from(number)
}

/// Entries of an array of that shape.
fn entries(shape: &[usize]) -> u64 {
    shape.iter().map(|&n| n as u64).product()
}

/// The file in which array `number` grows.
fn file_of(scratch: &Path, number: usize) -> PathBuf {
    scratch.join(format!("{number}.npy"))
}

/// Opens a file to go on after its first `length` bytes, which have that checksum.
fn reopen(path: &Path, length: u64, check: u32) -> std::io::Result<(File, crc32fast::Hasher)> {
    drop(files::open(path, "an array in progress")?);
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    if file.metadata()?.len() < length {
        return Err(std::io::Error::other("it is shorter than it was"));
    }
    file.set_len(length)?;
    let mut sum = crc32fast::Hasher::new();
    let mut reader = BufReader::new(&file);
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            break;
        }
        sum.update(block);
        let n = block.len();
        reader.consume(n);
    }
    if sum.clone().finalize() != check {
        return Err(std::io::Error::other("it is not what was written there"));
    }
    file.seek(SeekFrom::Start(length))?;
    Ok((file, sum))
}

fn copy(source: &Path, archive: &mut impl Write) -> std::io::Result<()> {
    let mut reader = BufReader::new(File::open(source)?);
    let mut block = vec![0; 1 << 20];
    loop {
        let n = reader.read(&mut block)?;
        if n == 0 {
            return Ok(());
        }
        archive.write_all(&block[..n])?;
    }
}

fn failed(path: &Path, source: std::io::Error) -> ArrayError {
    ArrayError::Write {
        path: path.to_owned(),
        source,
    }
}

/// The npy header, format version 1.0, of an array in C order: padded so that
/// the data begin at a multiple of 64 bytes.
pub(super) fn npy_header(descriptor: &str, shape: &[usize]) -> Vec<u8> {
    let axes: String = shape.iter().map(|n| format!("{n}, ")).collect();
    let mut dictionary = format!(
        "{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
        descriptor,
        axes.trim_end()
    );
    // Magic, version and length take 10 bytes, the newline one.
    let padding = (64 - (10 + dictionary.len() + 1) % 64) % 64;
    dictionary.push_str(&" ".repeat(padding));
    dictionary.push('\n');
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend_from_slice(&(dictionary.len() as u16).to_le_bytes());
    header.extend_from_slice(dictionary.as_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array3};
    use ndarray_npy::NpzReader;

    #[test]
    fn law_what_is_cut_reads_back_as_a_shorter_array() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("result.npz");
        let mut result = ResultFile::new(directory.path());
        // One grows in a file, one in memory; 1000 has more digits than 7.
        let shapes: [&[usize]; 2] = [&[1000, 3, 40], &[1000]];
        let numbers = shapes.map(|shape| {
            let name = format!("a{}", shape.len());
            result.declare(&name, Kind::Real, shape).unwrap()
        });
        // The last slice of one of them came, and not that of the other.
        for t in 0..8 {
            let entry = |k: usize| Complex64::from((1000 * t + k) as f64);
            result.append(numbers[0], (0..120).map(entry)).unwrap();
            if t < 7 {
                result.append(numbers[1], [entry(0)]).unwrap();
            }
        }
        result.cut(7).unwrap();
        result.whole("t", &[0.0; 7]).unwrap();
        result.assemble(&path).unwrap();
        let mut npz = NpzReader::new(File::open(&path).unwrap()).unwrap();
        let big: Array3<f64> = npz.by_name("a3").unwrap();
        assert_eq!(big.dim(), (7, 3, 40));
        assert_eq!((big[[6, 2, 39]], big[[0, 0, 1]]), (6119.0, 1.0));
        let small: Array1<f64> = npz.by_name("a1").unwrap();
        assert_eq!(
            small.to_vec(),
            (0..7).map(|t| 1000.0 * f64::from(t)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn law_slices_written_in_turn_read_back_as_one_array() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("result.npz");
        let mut result = ResultFile::new(directory.path());
        result.whole("t", &[0.0, 0.5, 1.0]).unwrap();
        // Large enough for a file of its own.
        let big = result
            .declare("f_2_0", Kind::Complex, &[3, 50, 40])
            .unwrap();
        let small = result.declare("obs", Kind::Real, &[3]).unwrap();
        let entry = |t: usize, k: usize| Complex64::new(t as f64, k as f64);
        for t in 0..3 {
            result.append(big, (0..2000).map(|k| entry(t, k))).unwrap();
            result.append(small, [entry(t, 7)]).unwrap();
        }
        result.assemble(&path).unwrap();
        let mut npz = NpzReader::new(File::open(&path).unwrap()).unwrap();
        let big: Array3<Complex64> = npz.by_name("f_2_0").unwrap();
        assert_eq!(big[[2, 3, 5]], entry(2, 125));
        let small: Array1<f64> = npz.by_name("obs").unwrap();
        assert_eq!(small.to_vec(), [0.0, 1.0, 2.0]);
        let left = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(left, 1, "only the archive is left");
    }

    #[test]
    fn law_saved_arrays_go_on_where_they_were() {
        let directory = tempfile::tempdir().unwrap();
        let write = |result: &mut ResultFile, range: std::ops::Range<usize>| {
            for t in range {
                let slice = (0..4000).map(|k| Complex64::new(t as f64, f64::from(k)));
                result.append(0, slice).unwrap();
                result.append(1, [Complex64::from(t as f64)]).unwrap();
            }
        };
        let begin = || {
            let mut result = ResultFile::new(directory.path());
            result.declare("f", Kind::Complex, &[5, 4000]).unwrap();
            result.declare("t", Kind::Real, &[5]).unwrap();
            result
        };
        let (whole, resumed) = (directory.path().join("a"), directory.path().join("b"));
        let mut result = begin();
        write(&mut result, 0..5);
        result.assemble(&whole).unwrap();

        let mut result = begin();
        write(&mut result, 0..2);
        let saved = postcard::to_stdvec(&result.save().unwrap()).unwrap();
        // More was written before the process was killed.
        write(&mut result, 2..4);
        drop(result);
        let saved = || postcard::from_bytes(&saved).unwrap();
        let grown = file_of(directory.path(), 0);
        let good = std::fs::read(&grown).unwrap();
        // A bit of what was saved that turned is seen, wherever it is.
        let length = 2 * 16 * 4000;
        for at in (0..200).map(|k| k * length / 200 * 8 + k % 8) {
            let mut bad = good.clone();
            bad[at / 8] ^= 1 << (at % 8);
            std::fs::write(&grown, bad).unwrap();
            assert!(ResultFile::restore(directory.path(), saved()).is_err());
        }
        std::fs::write(&grown, good).unwrap();
        let mut result = ResultFile::restore(directory.path(), saved()).unwrap();
        write(&mut result, 2..5);
        result.assemble(&resumed).unwrap();
        assert!(std::fs::read(whole).unwrap() == std::fs::read(resumed).unwrap());
    }

    #[test]
    fn law_an_incomplete_array_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let mut result = ResultFile::new(directory.path());
        let array = result.declare("f", Kind::Real, &[2, 2]).unwrap();
        result.append(array, [Complex64::from(1.0)]).unwrap();
        let error = result.assemble(&directory.path().join("r.npz"));
        assert!(matches!(
            error,
            Err(ArrayError::Length {
                found: 1,
                expected: 4,
                ..
            })
        ));
    }

    #[test]
    fn law_headers_are_aligned() {
        for shape in [vec![], vec![3], vec![3, 4], vec![1000; 20]] {
            assert_eq!(npy_header("<f8", &shape).len() % 64, 0);
        }
    }
}
