//! The results of many runs in one npz file: every array that all of them have
//! with the same shape, stacked along new first axes, and the others one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::write::npy_header;
use super::{ArrayError, claim};
use crate::files;

/// An array that is written as it is.
pub(crate) enum Whole {
    /// bool, with a shape.
    Bools(Vec<bool>, Vec<usize>),
    /// float64, one axis.
    Numbers(Vec<f64>),
    /// Text, one axis.
    Texts(Vec<String>),
}

/// Type and shape of an array.
type Form = (String, Vec<usize>);

/// What became of the arrays of the archives, by name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stacked {
    /// Stacked along the new axes.
    pub(crate) stacked: Vec<String>,
    /// Written once: the same everywhere.
    pub(crate) shared: Vec<String>,
    /// Written archive by archive, as NAME_point0, NAME_point1, …: not
    /// everywhere there, or not everywhere of one shape.
    pub(crate) single: Vec<String>,
}

/// Writes to `path` the arrays `first`, then those of the archives `points`,
/// stacked along axes of lengths `shape` in C order; a missing archive leaves
/// zeros. An array for which `same` is true and that all archives have alike
/// is written once.
///
/// # Errors
/// [`ArrayError::Write`], [`ArrayError::NotNpz`].
pub(crate) fn stack(
    path: &Path,
    first: &[(String, Whole)],
    points: &[Option<PathBuf>],
    shape: &[usize],
    same: impl Fn(&str) -> bool,
) -> Result<Stacked, ArrayError> {
    let failed = |source: std::io::Error| ArrayError::Write {
        path: path.to_owned(),
        source,
    };
    let file = files::create(path).map_err(failed)?;
    let mut archive = ZipWriter::new(BufWriter::new(file));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(true);
    let begin = |archive: &mut ZipWriter<BufWriter<File>>, name: &str| {
        let started = archive.start_file(format!("{name}.npy"), options);
        started.map_err(|error| failed(error.into()))
    };
    for (name, whole) in first {
        begin(&mut archive, name)?;
        archive.write_all(&encoded(whole)).map_err(failed)?;
    }
    let there: Vec<&PathBuf> = points.iter().flatten().collect();
    let (common, others) = common(&there)?;
    let mut out = Stacked {
        single: others.into_iter().collect(),
        ..Stacked::default()
    };
    for (name, (descriptor, own)) in &common {
        begin(&mut archive, name)?;
        if same(name) && all_alike(&there, name)? {
            let (header, mut data) = open(there[0], name)?;
            archive.write_all(&header).map_err(failed)?;
            std::io::copy(&mut data, &mut archive).map_err(failed)?;
            out.shared.push(name.clone());
            continue;
        }
        let full: Vec<usize> = shape.iter().chain(own).copied().collect();
        archive
            .write_all(&npy_header(descriptor, &full))
            .map_err(failed)?;
        // One archive is open at a time, so that any number of points will do.
        let bytes = match there.first() {
            Some(point) => open(point, name)?.1.limit(),
            None => 0,
        };
        for point in points {
            let copied = match point {
                Some(point) => std::io::copy(&mut open(point, name)?.1, &mut archive),
                None => std::io::copy(&mut std::io::repeat(0).take(bytes), &mut archive),
            };
            copied.map_err(failed)?;
        }
        out.stacked.push(name.clone());
    }
    for name in &out.single {
        for (number, point) in points.iter().enumerate() {
            if let Some(point) = point
                && has(point, name)?
            {
                let (header, mut data) = open(point, name)?;
                begin(&mut archive, &format!("{name}_point{number}"))?;
                archive.write_all(&header).map_err(failed)?;
                std::io::copy(&mut data, &mut archive).map_err(failed)?;
            }
        }
    }
    let buffered = archive.finish().map_err(|error| failed(error.into()))?;
    let file = buffered.into_inner().map_err(|e| failed(e.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(out)
}

/// Whether an archive is whole, as far as its directory says.
pub(crate) fn is_archive(path: &Path) -> bool {
    archive(path).is_ok()
}

fn has(path: &Path, name: &str) -> Result<bool, ArrayError> {
    Ok(archive(path)?
        .index_for_name(&format!("{name}.npy"))
        .is_some())
}

/// The arrays all archives have with one form, and the names of the others.
fn common(paths: &[&PathBuf]) -> Result<(BTreeMap<String, Form>, BTreeSet<String>), ArrayError> {
    let mut forms: BTreeMap<String, (Form, usize)> = BTreeMap::new();
    for path in paths {
        let mut archive = archive(path)?;
        for k in 0..archive.len() {
            let mut entry = archive.by_index(k).map_err(|e| damaged(path, &e))?;
            let name = entry.name().trim_end_matches(".npy").to_owned();
            let header = claim::header(&mut entry).map_err(|e| damaged(path, &e))?;
            let form = claim::form(&header.1).ok_or_else(|| damaged(path, &name))?;
            let known = forms.entry(name).or_insert_with(|| (form.clone(), 0));
            known.1 += usize::from(known.0 == form);
        }
    }
    let (mut all, mut others) = (BTreeMap::new(), BTreeSet::new());
    for (name, (form, times)) in forms {
        if times == paths.len() {
            all.insert(name, form);
        } else {
            others.insert(name);
        }
    }
    Ok((all, others))
}

/// Whether an array has the same bytes everywhere.
fn all_alike(paths: &[&PathBuf], name: &str) -> Result<bool, ArrayError> {
    let bytes = |path: &Path| -> Result<Vec<u8>, ArrayError> {
        let mut out = Vec::new();
        let (_, mut data) = open(path, name)?;
        data.read_to_end(&mut out).map_err(|e| damaged(path, &e))?;
        Ok(out)
    };
    let Some((first, rest)) = paths.split_first() else {
        return Ok(false);
    };
    let first = bytes(first)?;
    for path in rest {
        if bytes(path)? != first {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The header of an array in one of our own archives, where nothing is
/// compressed, and its data.
fn open(path: &Path, name: &str) -> Result<(Vec<u8>, std::io::Take<BufReader<File>>), ArrayError> {
    let mut archive = archive(path)?;
    let (start, size, header) = {
        let mut entry = archive
            .by_name(&format!("{name}.npy"))
            .map_err(|e| damaged(path, &e))?;
        let header = claim::header(&mut entry).map_err(|e| damaged(path, &e))?.0;
        (entry.data_start(), entry.size(), header)
    };
    let failed = |e: std::io::Error| damaged(path, &e);
    let mut file = File::open(path).map_err(failed)?;
    file.seek(SeekFrom::Start(start + header.len() as u64))
        .map_err(failed)?;
    let rest = size - header.len() as u64;
    Ok((header, BufReader::new(file).take(rest)))
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>, ArrayError> {
    let file = File::open(path).map_err(|e| damaged(path, &e))?;
    ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(path, &e))
}

fn damaged(path: &Path, error: &impl ToString) -> ArrayError {
    ArrayError::NotNpz {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// An array as an npy file.
fn encoded(whole: &Whole) -> Vec<u8> {
    match whole {
        Whole::Bools(values, shape) => {
            let mut out = npy_header("|b1", shape);
            out.extend(values.iter().map(|&b| u8::from(b)));
            out
        }
        Whole::Numbers(values) => {
            let mut out = npy_header("<f8", &[values.len()]);
            out.extend(values.iter().flat_map(|x| x.to_le_bytes()));
            out
        }
        Whole::Texts(values) => {
            let widest = values.iter().map(|text| text.chars().count()).max();
            let width = widest.unwrap_or(0).max(1);
            let mut out = npy_header(&format!("<U{width}"), &[values.len()]);
            for text in values {
                let padded = text.chars().chain(std::iter::repeat('\0')).take(width);
                out.extend(padded.flat_map(|c| (c as u32).to_le_bytes()));
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, ResultFile};
    use super::*;
    use ndarray::{ArrayD, IxDyn, OwnedRepr};
    use ndarray_npy::NpzReader;
    use num_complex::Complex64;

    /// An archive with t, an array of the given length and one more.
    fn point(directory: &Path, number: usize, length: usize, more: &str) -> PathBuf {
        let path = directory.join(format!("{number}.npz"));
        let mut result = ResultFile::new(directory);
        result.whole("t", &[0.0, 1.0]).unwrap();
        result.whole("r", &vec![number as f64; length]).unwrap();
        result.whole(more, &[1.0]).unwrap();
        let z = result.declare("f", Kind::Complex, &[2, 9000]).unwrap();
        let entry = |k: usize| Complex64::new(number as f64, k as f64);
        result.append(z, (0..18000).map(entry)).unwrap();
        result.assemble(&path).unwrap();
        path
    }

    #[test]
    fn law_archives_are_stacked_along_new_axes() {
        let place = tempfile::tempdir().unwrap();
        let at = |number, length, more| Some(point(place.path(), number, length, more));
        let points = [at(0, 2, "a"), None, at(2, 3, "b"), at(3, 2, "a")];
        let path = place.path().join("all.npz");
        let first = [
            (
                "failed".to_owned(),
                Whole::Bools(vec![false, true, false, false], vec![2, 2]),
            ),
            (
                "names".to_owned(),
                Whole::Texts(vec!["x".to_owned(), "⟨y⟩".to_owned()]),
            ),
        ];
        let done = stack(&path, &first, &points, &[2, 2], |name| name == "t").unwrap();
        assert_eq!(done.stacked, ["f"]);
        assert_eq!(done.shared, ["t"]);
        assert_eq!(done.single, ["a", "b", "r"]);
        let mut npz = NpzReader::new(File::open(&path).unwrap()).unwrap();
        let f = npz.by_name::<OwnedRepr<Complex64>, IxDyn>("f").unwrap();
        assert_eq!(f.shape(), [2, 2, 2, 9000]);
        assert_eq!(f[[1, 0, 1, 5]], Complex64::new(2.0, 9005.0));
        assert!(
            f.index_axis(ndarray::Axis(0), 0)
                .iter()
                .any(|z| z.im == 17999.0)
        );
        assert!((0..9000).all(|k| f[[0, 1, 0, k]] == Complex64::ZERO));
        let real = |npz: &mut NpzReader<File>, name: &str| -> ArrayD<f64> {
            npz.by_name::<OwnedRepr<f64>, IxDyn>(name).unwrap()
        };
        assert_eq!(real(&mut npz, "t").len(), 2);
        assert_eq!(
            real(&mut npz, "r_point2").into_raw_vec_and_offset().0,
            [2.0; 3]
        );
        let failed = npz.by_name::<OwnedRepr<bool>, IxDyn>("failed").unwrap();
        assert!(failed[[0, 1]] && !failed[[1, 0]]);
        let mut names = npz.names().unwrap();
        names.sort();
        assert_eq!(
            names,
            [
                "a_point0", "a_point3", "b_point2", "f", "failed", "names", "r_point0", "r_point2",
                "r_point3", "t"
            ]
        );
    }
}
