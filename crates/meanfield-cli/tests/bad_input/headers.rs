//! Arrays of the wrong shape, and headers that lie about what follows.

use crate::bytes::{RATES, Row, ZEROS, npz, plain, raw_npy, sound_k, with_f, with_k};

/// The rows of the table.
pub(crate) fn rows() -> Vec<Row> {
    let claim = |shape: &str| plain(shape, &RATES);
    vec![
        // Shapes.
        Row("f.npz", with_f(plain("()", &[1.0])), &["`F`", "shape []"]),
        Row("f.npz", with_f(plain("(0,)", &[])), &["F", "shape [0]"]),
        Row(
            "f.npz",
            with_f(plain("(3,)", &[0.2, 0.2, 0.6])),
            &["`F`", "found shape [3]", "expected"],
        ),
        Row(
            "f.npz",
            with_f(plain("(2, 1)", &[0.4, 0.6])),
            &["`F`", "shape [2, 1]"],
        ),
        Row(
            "m.npz",
            with_k(plain("()", &[1.0])),
            &["`K`", "shape []", "expected"],
        ),
        Row(
            "m.npz",
            with_k(plain("(4,)", &RATES)),
            &["`K`", "shape [4]", "expected"],
        ),
        Row(
            "m.npz",
            with_k(plain("(1, 4)", &RATES)),
            &["`K`", "[1, 4]", "expected"],
        ),
        Row("m.npz", with_k(plain("(0, 0)", &[])), &["K", "[0, 0]"]),
        Row(
            "m.npz",
            npz(&[("K", sound_k()), ("V", plain("(4, 4)", &ZEROS))]),
            &["`V`", "shape [4, 4]", "expected"],
        ),
        Row(
            "m.npz",
            npz(&[("K", sound_k()), ("V", plain("(1, 2, 2, 4)", &ZEROS))]),
            &["V", "[1, 2, 2, 4]", "expected"],
        ),
        // Headers that lie.
        Row(
            "m.npz",
            with_k(claim("(2, 3)")),
            &[
                "array `K` in m.npz cannot be read",
                "claims shape [2, 3], 48 bytes",
                "32 bytes follow",
            ],
        ),
        Row(
            "m.npz",
            with_k(claim("(2,)")),
            &[
                "array `K` in m.npz cannot be read",
                "claims shape [2], 16 bytes",
                "32 bytes follow",
            ],
        ),
        Row(
            "m.npz",
            with_k(claim("(36000, 36000)")),
            &[
                "array `K` in m.npz cannot be read",
                "10368000000 bytes",
                "32 bytes follow",
            ],
        ),
        Row(
            "m.npz",
            with_k(claim("(9223372036854775807, 9)")),
            &[
                "array `K` in m.npz cannot be read",
                "more than 2^64",
                "32 bytes follow",
            ],
        ),
        Row(
            "m.npz",
            with_k(claim("(99999999999999999999999, 2)")),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(claim("(-2, -2)")),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(claim("2")),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(raw_npy("{'descr': '<f8'}", &[0; 32])),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(raw_npy("not a dictionary", &[0; 32])),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(raw_npy(&"(".repeat(50_000), &[])),
            &[
                "array `K` in m.npz cannot be read",
                "50000 opening brackets",
            ],
        ),
        Row(
            "m.npz",
            with_k(b"NUMPY".to_vec()),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(b"\x93NUMPX\x01\x00\x10\x00".to_vec()),
            &[
                "array `K` in m.npz cannot be read",
                "does not begin like an npy file",
            ],
        ),
        Row(
            "m.npz",
            with_k(b"\x93NUMPY\x02\x00\xff\xff\xff\x7f".to_vec()),
            &["array `K` in m.npz cannot be read", "2147483647 bytes long"],
        ),
        Row(
            "m.npz",
            with_k(b"\x93NUMPY\x09\x00\x02\x00{}".to_vec()),
            &["array `K` in m.npz cannot be read"],
        ),
        Row(
            "m.npz",
            with_k(sound_k()[..100].to_vec()),
            &["array `K` in m.npz cannot be read"],
        ),
    ]
}
