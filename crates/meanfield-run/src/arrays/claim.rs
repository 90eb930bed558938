//! What the header of an array in an npz file claims, checked before anything
//! of that size is allocated.

use std::io::Read;

use zip::read::ZipFile;

/// Brackets in a header: numpy writes two around an array of numbers. The reader recurses
/// into more, and takes twice as long for each.
const MOST_BRACKETS: usize = 8;

/// No deflated byte stands for more than this many (zlib's limit).
const LARGEST_RATIO: u64 = 1032;

/// The longest header that is looked at.
const LONGEST_HEADER: u64 = 1 << 16;

/// Checks that the shape and the type in the header are those of the data
/// that follow, and returns their bytes.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn require_consistent<R: Read>(mut entry: ZipFile<'_, R>) -> Result<u64, String> {
    let (size, stored) = (entry.size(), entry.compressed_size());
    if size > stored.saturating_mul(LARGEST_RATIO).saturating_add(1 << 12) {
        return Err(format!(
            "the archive says it holds {size} bytes, packed into {stored}"
        ));
    }
    let (bytes, header) = header(&mut entry)?;
    let length = bytes.len() as u64;
    let open = header.chars().filter(|c| "([{".contains(*c)).count();
    if open > MOST_BRACKETS {
        return Err(format!("its header has {open} opening brackets"));
    }
    let data = size.saturating_sub(length);
    let (Some(shape), Some(item)) = (shape(&header), item_bytes(&header)) else {
        // Not a plain array of numbers: the reader finds the words.
        return Ok(data);
    };
    // Of an empty array the other axes must be countable too.
    let mut counted = shape.iter().filter(|&&m| m > 0);
    let counted = counted.try_fold(item, |n, &m| n.checked_mul(m));
    if shape.contains(&0) && counted.is_none_or(|n| i64::try_from(n).is_err()) {
        return Err(format!("its header claims shape {shape:?}"));
    }
    let claimed = shape.iter().try_fold(item, |n, &m| n.checked_mul(m));
    if claimed == Some(data) {
        return Ok(data);
    }
    let claimed = claimed.map_or("more than 2^64".to_owned(), |n| n.to_string());
    Err(format!(
        "its header claims shape {shape:?}, {claimed} bytes, but {data} bytes follow"
    ))
}

/// The header of an npy file: its bytes from the first one on, and its
/// dictionary as text.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn header(entry: &mut impl Read) -> Result<(Vec<u8>, String), String> {
    let damaged = |error: std::io::Error| error.to_string();
    let mut start = vec![0; 10];
    entry.read_exact(&mut start).map_err(damaged)?;
    if &start[..6] != b"\x93NUMPY" {
        return Err("it does not begin like an npy file".to_owned());
    }
    let length = if start[6] == 1 {
        u64::from(u16::from_le_bytes([start[8], start[9]]))
    } else {
        start.extend([0; 2]);
        entry.read_exact(&mut start[10..]).map_err(damaged)?;
        u64::from(u32::from_le_bytes([
            start[8], start[9], start[10], start[11],
        ]))
    };
    if length > LONGEST_HEADER {
        return Err(format!("its header claims to be {length} bytes long"));
    }
    let before = start.len();
    start.resize(before + length as usize, 0);
    entry.read_exact(&mut start[before..]).map_err(damaged)?;
    let text = String::from_utf8_lossy(&start[before..]).into_owned();
    Ok((start, text))
}

/// Descriptor and shape of an array in C order.
pub(super) fn form(header: &str) -> Option<(String, Vec<usize>)> {
    if !after(header, "fortran_order")?.starts_with("False") {
        return None;
    }
    let descriptor = after(header, "descr")?
        .strip_prefix('\'')?
        .split('\'')
        .next()?;
    let shape = shape(header)?.into_iter().map(|n| usize::try_from(n).ok());
    Some((descriptor.to_owned(), shape.collect::<Option<_>>()?))
}

/// The numbers of `'shape': (…)`.
fn shape(header: &str) -> Option<Vec<u64>> {
    let rest = after(header, "shape")?.strip_prefix('(')?;
    let inside = rest.split_once(')')?.0;
    let parts = inside.split(',').map(str::trim).filter(|p| !p.is_empty());
    parts.map(|part| part.parse().ok()).collect()
}

/// Bytes of an element, from a descriptor such as "<f8".
fn item_bytes(header: &str) -> Option<u64> {
    let rest = after(header, "descr")?;
    let text = rest.strip_prefix(['\'', '"'])?.split(['\'', '"']).next()?;
    let kind = text.trim_start_matches(['<', '>', '|', '=']);
    let digits = kind.strip_prefix(['f', 'c', 'i', 'u', 'b'])?;
    digits.parse().ok()
}

/// The text after a key of the header's dictionary.
fn after<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let rest = header.split_once(key)?.1;
    Some(
        rest.strip_prefix(['\'', '"'])?
            .trim_start()
            .strip_prefix(':')?
            .trim_start(),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn law_shapes_that_cannot_be_counted_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npz");
        let claims = |shape: &str| {
            let header =
                format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n");
            let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
            let stored = zip::write::SimpleFileOptions::default();
            archive.start_file("a.npy", stored).unwrap();
            archive.write_all(b"\x93NUMPY\x01\x00").unwrap();
            archive
                .write_all(&(header.len() as u16).to_le_bytes())
                .unwrap();
            archive.write_all(header.as_bytes()).unwrap();
            archive.finish().unwrap();
            let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
            require_consistent(archive.by_index(0).unwrap())
        };
        assert_eq!(claims("(0, 3)"), Ok(0));
        for bad in [
            "(0, 4611686018427387904, 4611686018427387904)",
            "(0, 9223372036854775807)",
            "(1, 2)",
            "((((((((((0,))))))))))",
        ] {
            assert!(claims(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn law_headers_are_read_as_numpy_writes_them() {
        let header = "{'descr': '<c16', 'fortran_order': False, 'shape': (3, 40), }   \n";
        assert_eq!(shape(header), Some(vec![3, 40]));
        assert_eq!(item_bytes(header), Some(16));
        assert_eq!(shape("{'shape': (), }"), Some(vec![]));
        assert_eq!(shape("{'shape': (7,), }"), Some(vec![7]));
        for bad in ["", "{'shape': (a,)}", "{'shape': 3}", "{'shape': (-1,)}"] {
            assert_eq!(shape(bad), None);
        }
        assert_eq!(item_bytes("{'descr': [('a', '<f8')]}"), None);
        assert_eq!(item_bytes("{'descr': '<U8'}"), None);
    }
}
