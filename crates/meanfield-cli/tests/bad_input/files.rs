//! Files as bytes: what a disk, another program or another language may have
//! made of a configuration or an npz file.

use crate::bytes::{Row, doubles, npy, npz, plain, sound_f, sound_k, sound_v, with_f, with_k};
use crate::common::Place;
use crate::headers;

/// A configuration that takes K, V and F from files.
const CONFIG: &str = "[model]\nkind = \"custom\"\nfile = \"m.npz\"\n\
                      [initial]\nF = \"f.npz\"\n[time]\nend = 0.1\nsamples = 1\n";

fn rows() -> Vec<Row> {
    let model = with_k(sound_k());
    let f = sound_f();
    let cut = |bytes: &[u8], k: usize| bytes[..k].to_vec();
    let flipped = |bytes: &[u8], at: usize| {
        let mut out = bytes.to_vec();
        out[at] ^= 0xff;
        out
    };
    // Where the data of K begin: after the zip's entry header and npy's.
    let data = model.windows(6).position(|w| w == b"\x93NUMPY").unwrap() + 128;
    let nan_at_end = [0.4, f64::NAN];
    vec![
        // Whole files.
        Row(
            "m.npz",
            Vec::new(),
            &[
                "`model.file`",
                "m.npz is not a complete npz file",
                "numpy.savez",
            ],
        ),
        Row(
            "m.npz",
            cut(&model, model.len() / 2),
            &[
                "`model.file`",
                "m.npz is not a complete npz file",
                "truncated",
            ],
        ),
        Row(
            "m.npz",
            cut(&model, model.len() - 1),
            &[
                "`model.file`",
                "m.npz is not a complete npz file",
                "truncated",
            ],
        ),
        Row(
            "f.npz",
            cut(&f, 40),
            &[
                "`initial.F`",
                "f.npz is not a complete npz file",
                "truncated",
            ],
        ),
        Row(
            "m.npz",
            sound_k(),
            &[
                "`model.file`",
                "m.npz is not a complete npz file",
                "numpy.savez",
            ],
        ),
        Row(
            "m.npz",
            b"K = [[0.0]]\n".to_vec(),
            &["`model.file`", "m.npz is not a complete npz file"],
        ),
        Row(
            "m.npz",
            vec![0; 5000],
            &["`model.file`", "m.npz is not a complete npz file"],
        ),
        Row("m.npz", npz(&[]), &["has no array `K`", "no arrays"]),
        Row(
            "m.npz",
            npz(&[("k", sound_k()), ("V", sound_v())]),
            &["m.npz has no array `K`", "it holds: k, V"],
        ),
        Row(
            "m.npz",
            npz(&[("K", sound_k())]),
            &["`model.V` is missing", "expected V of shape (D, D, D, D)"],
        ),
        Row(
            "f.npz",
            npz(&[("f", plain("(2,)", &[0.4, 0.6]))]),
            &["f.npz has no array `F`", "it holds: f"],
        ),
        Row("f.npz", npz(&[]), &["f.npz has no array `F`", "no arrays"]),
        Row(
            "m.npz",
            flipped(&model, data),
            &["array `K` in m.npz cannot be read", "checksum"],
        ),
        // Types.
        Row(
            "m.npz",
            with_k(npy("'|b1'", false, "(2, 2)", &[0; 4])),
            &[
                "array `K` in m.npz has dtype",
                "b1",
                "expected float64 or complex128",
                ".astype(float)",
            ],
        ),
        Row(
            "m.npz",
            with_k(npy("'<U1'", false, "(2, 2)", &[0; 16])),
            &["array `K` in m.npz has dtype", "U1", "expected float64"],
        ),
        Row(
            "m.npz",
            with_k(npy("'|O'", false, "(2, 2)", b"\x80\x04]q.")),
            &["array `K` in m.npz has dtype", "O", "expected float64"],
        ),
        Row(
            "m.npz",
            with_k(npy("'<f2'", false, "(2, 2)", &[0; 8])),
            &["array `K` in m.npz has dtype", "f2", "expected float64"],
        ),
        Row(
            "m.npz",
            with_k(npy("'<c8'", false, "(2, 2)", &[0; 32])),
            &["array `K` in m.npz has dtype", "c8", ".astype(complex)"],
        ),
        Row(
            "m.npz",
            with_k(npy("'<M8[s]'", false, "(2, 2)", &[0; 32])),
            &["array `K` in m.npz has dtype", "M8", "expected float64"],
        ),
        Row(
            "m.npz",
            with_k(npy("[('a', '<f8')]", false, "(2, 2)", &[0; 32])),
            &["array `K` in m.npz", "expected float64"],
        ),
        Row(
            "m.npz",
            with_k(npy("'<i8'", false, "(2, 2)", &[0x7f; 32])),
            &["array `K` in m.npz has dtype", "i8", "expected float64"],
        ),
        Row(
            "m.npz",
            with_k(npy("'nonsense'", false, "(2, 2)", &[0; 32])),
            &["array `K` in m.npz", "nonsense"],
        ),
        Row(
            "m.npz",
            with_k(npy("7", false, "(2, 2)", &[0; 32])),
            &["array `K` in m.npz", "7"],
        ),
        // Values.
        Row(
            "f.npz",
            with_f(plain("(2,)", &nan_at_end)),
            &["array `F`", "entry [1] is NaN", "expected finite numbers"],
        ),
        Row(
            "f.npz",
            with_f(plain("(2,)", &[f64::INFINITY, 0.5])),
            &["array `F`", "entry [0] is inf", "expected finite numbers"],
        ),
        Row(
            "m.npz",
            with_k(plain("(2, 2)", &[-1.0, 1.0, 1.0, f64::NEG_INFINITY])),
            &["array `K`", "entry [1, 1] is -inf"],
        ),
        Row(
            "m.npz",
            with_k(npy("'<f4'", false, "(2, 2)", &[0xff; 16])),
            &["array `K`", "entry [0, 0] is NaN"],
        ),
        Row(
            "f.npz",
            with_f(plain("(2,)", &[0.4, 0.5])),
            &["`F` has trace 0.9", "expected 1"],
        ),
        Row(
            "f.npz",
            with_f(plain("(2,)", &[1.5, -0.5])),
            &["not positive", "-0.5"],
        ),
        Row(
            "f.npz",
            with_f(npy(
                "'<c16'",
                false,
                "(2,)",
                &doubles(&[0.4, 0.1, 0.6, 0.0]),
            )),
            &[
                "`norm` is \"l1\"",
                "one of the arrays is complex",
                "expected real arrays",
            ],
        ),
        // Fortran order is read, so that the numbers are what is wrong.
        Row(
            "m.npz",
            with_k(npy(
                "'<f8'",
                true,
                "(2, 2)",
                &doubles(&[-1.0, 2.0, 1.0, -2.5]),
            )),
            &["K", "does not conserve the trace"],
        ),
        // The configuration.
        Row(
            "config.toml",
            b"[model]\nkind = \"cust\xffom\"\n".to_vec(),
            &["cannot read config.toml", "byte 20 is not UTF-8"],
        ),
        Row(
            "config.toml",
            vec![0; 64],
            &["config.toml:1:65", "not valid TOML"],
        ),
        Row(
            "config.toml",
            Vec::new(),
            &["`model.kind` is missing", "expected"],
        ),
        Row(
            "config.toml",
            b"\xef\xbb\xbf[model]\n".to_vec(),
            &["`model.kind` is missing"],
        ),
        Row(
            "config.toml",
            b"[model\nkind = 1".to_vec(),
            &["config.toml:1:", "not valid TOML"],
        ),
        Row(
            "config.toml",
            b"a = 1\na = 2\n".to_vec(),
            &["config.toml:2:1", "duplicate key"],
        ),
        Row(
            "config.toml",
            format!("a = {}", "[".repeat(100_000)).into_bytes(),
            &["config.toml:1:", "not valid TOML"],
        ),
        Row(
            "config.toml",
            format!("{CONFIG}tolerance = 0\n").into_bytes(),
            &["`time.tolerance` is 0", "expected", "1e-14"],
        ),
        Row(
            "config.toml",
            format!("{CONFIG}[expansion]\norder = 50\n[limits]\nmemory = \"1 MiB\"\n").into_bytes(),
            &[
                "`expansion.order` is 50",
                "expected an integer from 0 (mean field) to 20",
            ],
        ),
        Row(
            "config.toml",
            CONFIG.replace("m.npz", "no/such.npz").into_bytes(),
            &["`model.file`", "cannot read no/such.npz", "No such file"],
        ),
        Row(
            "config.toml",
            CONFIG.replace("m.npz", ".").into_bytes(),
            &["`model.file`", "it is a directory", "expected an npz file"],
        ),
        Row(
            "config.toml",
            CONFIG.replace("f.npz", "/dev/zero").into_bytes(),
            &["`initial.F`", "/dev/zero", "it is a device"],
        ),
        Row(
            "config.toml",
            CONFIG.replace("f.npz", "").into_bytes(),
            &["`initial.F`"],
        ),
        Row(
            "config.toml",
            CONFIG.replace("f.npz", "f\\u0000.npz").into_bytes(),
            &["`initial.F`", "cannot read"],
        ),
    ]
}

#[test]
fn law_every_file_that_cannot_be_used_is_refused() {
    let mut failures = Vec::new();
    let mut rows = rows();
    rows.extend(headers::rows());
    for (number, Row(name, bytes, fragments)) in rows.iter().enumerate() {
        let place = Place::with_config(CONFIG);
        std::fs::write(place.file("m.npz"), with_k(sound_k())).unwrap();
        std::fs::write(place.file("f.npz"), sound_f()).unwrap();
        std::fs::write(place.file(name), bytes).unwrap();
        for command in ["check", "run"] {
            let output = place.meanfield(&[command, "config.toml"]);
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            let named = fragments.iter().all(|fragment| message.contains(fragment));
            let clean = output.stdout.is_empty()
                && message.starts_with("error: ")
                && message.len() < 2000
                && place.names() == ["config.toml", "f.npz", "m.npz"];
            if output.status.code() != Some(2) || !named || !clean {
                let code = output.status.code();
                failures.push(format!(
                    "row {number} ({name}), {command}: {fragments:?} not in\n{code:?} {message}"
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n----\n"));
    assert!(rows.len() > 60);
}

#[test]
fn law_fortran_order_and_big_endian_are_read_as_what_they_are() {
    let big: Vec<u8> = [0.4_f64, 0.6]
        .iter()
        .flat_map(|x| x.to_be_bytes())
        .collect();
    let skew = [-1.0, 2.0, 1.0, -2.0];
    let run = |k: Vec<u8>, f: Vec<u8>| {
        let place = Place::with_config(CONFIG);
        std::fs::write(place.file("m.npz"), with_k(k)).unwrap();
        std::fs::write(place.file("f.npz"), with_f(f)).unwrap();
        place.succeed(&["run", "config.toml"]);
        std::fs::read(place.file("config.out/result.npz")).unwrap()
    };
    let transposed = [skew[0], skew[2], skew[1], skew[3]];
    let expected = run(plain("(2, 2)", &skew), plain("(2,)", &[0.4, 0.6]));
    let found = run(
        npy("'<f8'", true, "(2, 2)", &doubles(&transposed)),
        npy("'>f8'", false, "(2,)", &big),
    );
    assert!(expected == found);
}
