//! npy and npz files byte by byte, sound ones and others.

use std::io::Write;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An npy file: descriptor, Fortran order or not, shape as numpy writes it,
/// and the data.
pub(crate) fn npy(descriptor: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': {descriptor}, 'fortran_order': {order}, 'shape': {shape}, }}");
    raw_npy(&header, data)
}

/// An npy file with any text for its header.
pub(crate) fn raw_npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut header = header.to_owned();
    while !(10 + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.as_bytes());
    out.extend(data);
    out
}

/// Little-endian float64 numbers.
pub(crate) fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A float64 array in C order.
pub(crate) fn plain(shape: &str, values: &[f64]) -> Vec<u8> {
    npy("'<f8'", false, shape, &doubles(values))
}

/// An archive of arrays.
pub(crate) fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A pair operator that does nothing.
pub(crate) const ZEROS: [f64; 16] = [0.0; 16];
/// Rates of two states.
pub(crate) const RATES: [f64; 4] = [-1.0, 1.0, 1.0, -1.0];

/// K of a sound model.
pub(crate) fn sound_k() -> Vec<u8> {
    plain("(2, 2)", &RATES)
}

/// Its V.
pub(crate) fn sound_v() -> Vec<u8> {
    plain("(2, 2, 2, 2)", &ZEROS)
}

/// f.npz with a sound start.
pub(crate) fn sound_f() -> Vec<u8> {
    npz(&[("F", plain("(2,)", &[0.4, 0.6]))])
}

/// m.npz with another K.
pub(crate) fn with_k(k: Vec<u8>) -> Vec<u8> {
    npz(&[("K", k), ("V", sound_v())])
}

/// f.npz with another F.
pub(crate) fn with_f(f: Vec<u8>) -> Vec<u8> {
    npz(&[("F", f)])
}

/// A file to write, its bytes, and what the message must hold.
pub(crate) struct Row(
    pub(crate) &'static str,
    pub(crate) Vec<u8>,
    pub(crate) &'static [&'static str],
);
