//! Whole runs: the files that appear, the numbers in them, and that nothing
//! half-written is ever left.

mod common;

use std::fs::File;

use common::{Place, arrays, complex, real, summary};
use ndarray::{ArrayD, IxDyn};
use ndarray_npy::{NpzReader, NpzWriter};
use num_complex::Complex64;

/// The SIS population of the reference, with the rest of the file.
fn sis(rest: &str) -> String {
    format!(
        "# Is the mean\n# field <good>?\n[model]\nkind = \"custom\"\nlabels = [\"S\", \"I\"]\n\
         K = [[-1.0, 1.0], [1.0, -1.0]]\n\
         V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
         V_value = [1.0, -1.0, 1.0, -1.0]\n{rest}"
    )
}

const PRODUCT: &str = "[initial]\nF = [0.4, 0.6]\n";

#[test]
fn validate_sis_from_both_starts() {
    // The reference gives c1 to about 7 digits, c2 to 4.
    for (start, c1, c2, exact, exact_2) in [
        (
            "product",
            -0.1097963,
            -0.003428,
            0.605093581433,
            0.370410799702,
        ),
        (
            "fixed-counts",
            -0.0993264,
            0.001247,
            0.606180161271,
            0.371363255739,
        ),
    ] {
        let place = Place::with_config(&sis(&format!(
            "{PRODUCT}start = \"{start}\"\n[time]\nend = 1.0\nsamples = 5\n\
             [expansion]\nmarginals = [1, 2]\n[particles]\nN = [10, 30]\n\
             [compare]\nexact = [10]\n[[observable]]\nname = \"I\"\n\
             [[observable]]\nname = \"score\"\nvalues = [1.0, -1.0]\n"
        )));
        place.succeed(&["run", "config.toml", "--out", "there"]);
        let mut npz = arrays(&place, "there");
        assert_eq!(real(&mut npz, "t").len(), 6);
        let f = |m: usize, npz: &mut NpzReader<File>| real(npz, &format!("f_1_{m}"))[[5, 1]];
        assert!((f(0, &mut npz) - 0.6160925693).abs() < 1e-9);
        assert!((f(1, &mut npz) - c1).abs() < 1.5e-7);
        assert!((f(2, &mut npz) - c2).abs() < 1e-5);
        assert!((real(&mut npz, "exact_1_N10")[[5, 1]] - exact).abs() < 1e-11);
        assert!((real(&mut npz, "exact_2_N10")[[5, 1, 1]] - exact_2).abs() < 1e-11);

        // What is derived from them is consistent.
        let sum: f64 = (0..=2)
            .map(|m| f(m, &mut npz) / 10_f64.powi(m as i32))
            .sum();
        assert!((real(&mut npz, "F_1_N10")[[5, 1]] - sum).abs() < 1e-14);
        let error = real(&mut npz, "true_error_1_2_N10")[[5]];
        assert!(
            (error - 2.0 * (sum - exact).abs()).abs() < 1e-10,
            "L1: both entries"
        );
        assert!(real(&mut npz, "error_1_N10")[[5]] > 0.0);
        let observed = real(&mut npz, "obs_I_1")[[5]];
        assert!((observed - f(1, &mut npz)).abs() < 1e-15);
        let score = real(&mut npz, "obs_score_1")[[5]];
        assert!((score + 2.0 * observed).abs() < 1e-14);
        // Fixed counts have no fluctuations at first, independent particles x(1−x).
        let variance = real(&mut npz, "obs_I_var_1")[[0]];
        let expected = if start == "product" { 0.24 } else { 0.0 };
        assert!((variance - expected).abs() < 1e-15, "{variance}");
        assert_eq!(real(&mut npz, "obs_I_var_0")[[5]], 0.0);
        // F_2 traces to F_1.
        let f2 = real(&mut npz, "f_2_1");
        assert!((f2[[5, 1, 0]] + f2[[5, 1, 1]] - f(1, &mut npz)).abs() < 1e-14);
    }
}

#[test]
fn validate_the_two_level_reference() {
    let place = Place::with_config(
        "[model]\nkind = \"levels\"\n\
         h = [[0, 0.5], [0.5, 0]]\n\
         v = [[[[1, 0], [0, 0]], [[0, -1], [0, 0]]], [[[0, 0], [-1, 0]], [[0, 0], [0, 1]]]]\n\
         [initial]\nF = [[0.9, 0.3], [[0.3, 0.0], 0.1]]\n[time]\nend = 1.0\nsamples = 2\n\
         [[observable]]\nname = \"sy\"\n[[observable]]\nname = \"mine\"\n\
         values = [[0, [0, -1]], [[0, 1], 0]]\n",
    );
    place.succeed(&["run", "config.toml"]);
    let mut npz = arrays(&place, "config.out");
    for (m, expected, digits) in [
        (0, 0.099708721253, 1e-9),
        (1, -0.8200099208, 1e-7),
        (2, -0.770196, 1e-4),
    ] {
        for name in ["sy", "mine"] {
            let found = real(&mut npz, &format!("obs_{name}_{m}"))[[2]];
            assert!((found - expected).abs() < digits, "{name} {m}: {found}");
        }
        let f = complex(&mut npz, &format!("f_1_{m}"));
        // ⟨σy⟩ = 2 Im F[1,0], and F is Hermitian.
        assert!((2.0 * f[[2, 2]].im - expected).abs() < digits);
        assert!((f[[2, 1]] - f[[2, 2]].conj()).norm() < 1e-14);
    }
}

#[test]
fn law_the_methods_agree() {
    let config = |method: &str| {
        sis(&format!(
            "{PRODUCT}[time]\nend = 0.8\nsamples = 4\n[expansion]\nmarginals = [1, 2]\n\
             method = \"{method}\"\n[particles]\nN = [200]\n[compare]\nexact = [40, 80]\n\
             [[observable]]\nname = \"I\"\n"
        ))
    };
    let run = |method: &str| {
        let place = Place::with_config(&config(method));
        place.succeed(&["run", "config.toml"]);
        place
    };
    let (c, b, a) = (run("cumulants"), run("coefficients"), run("recursion"));
    let names = [
        "f_1_2",
        "f_2_2",
        "F_2_N200",
        "obs_I_2",
        "obs_I_var_2",
        "error_2_N200",
    ];
    for name in names {
        let fast = real(&mut arrays(&c, "config.out"), name);
        let slow = real(&mut arrays(&b, "config.out"), name);
        let difference = (fast - slow).iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        // Both are integrated to 1e-10 per step.
        assert!(difference < 1e-8, "{name}: {difference:e}");
    }
    // The recursion keeps part of the higher orders: O(N^{−3}) apart.
    let fast = real(&mut arrays(&c, "config.out"), "F_2_N200");
    let slow = real(&mut arrays(&a, "config.out"), "F_2_N200");
    let difference = (fast - slow).iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    assert!(
        difference > 0.0 && difference < 10.0 / 200_f64.powi(3),
        "{difference:e}"
    );
    let mut npz = arrays(&a, "config.out");
    assert_eq!(real(&mut npz, "E_2_0_N200").shape(), [5, 2, 2]);
    assert_eq!(real(&mut npz, "f_1_0").shape(), [5, 2]);
    let slope = summary(&a, "config.out")["rates"]["1"]["2"]
        .as_f64()
        .unwrap();
    assert!((slope + 3.0).abs() < 0.3, "{slope}");
    assert_eq!(
        real(&mut arrays(&b, "config.out"), "e_4_2").shape(),
        [5, 2, 2, 2, 2]
    );
}

#[test]
fn law_options_of_the_output_are_kept() {
    let place = Place::with_config(&sis(&format!(
        "{PRODUCT}[time]\nend = 1.0\nsamples = 4\n\
         [expansion]\norder = 2\nmarginals = [1, 3]\nerror = \"next\"\n[particles]\nN = [50]\n\
         [output]\ncumulants = true\ntimes = \"last\"\nlimit = \"40 B\"\n[limits]\nthreads = 1\n"
    )));
    let said = place.succeed(&["check", "config.toml"]);
    assert!(
        said.contains("left out") && said.contains("f_3_0"),
        "{said}"
    );
    let text = place.succeed(&["run", "config.toml", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(summary["program"], "meanfield");
    for key in [
        "model",
        "dimension",
        "order",
        "steps",
        "rhs_evaluations",
        "warnings",
        "version",
    ] {
        assert!(!summary[key].is_null(), "{key}");
    }
    for key in ["setup", "solve", "write"] {
        assert!(summary["seconds"][key].is_number(), "{key}");
    }
    assert!(summary["peak_bytes"]["planned"].as_u64() > Some(1000));
    let omitted = summary["omitted"].as_array().unwrap();
    assert!(
        omitted
            .iter()
            .any(|o| o["array"] == "f_3_0" && o["bytes"] == 64)
    );
    let mut npz = arrays(&place, "config.out");
    let names = npz.names().unwrap();
    assert!(
        !names
            .iter()
            .any(|name| name.contains("_3_") && name.starts_with('f'))
    );
    assert_eq!(real(&mut npz, "t").as_slice(), Some(&[1.0][..]));
    assert_eq!(real(&mut npz, "f_1_0").shape(), [1, 2]);
    assert_eq!(real(&mut npz, "g_2_1").shape(), [1, 2, 2]);
    assert_eq!(real(&mut npz, "error_3_N50").len(), 1);
}

#[test]
fn law_files_and_inline_arrays_are_the_same() {
    let tail = "[time]\nend = 1.0\nsamples = 2\n";
    let inline = Place::with_config(&sis(&format!("{PRODUCT}{tail}")));
    inline.succeed(&["run", "config.toml"]);
    let place = Place::empty();
    std::fs::create_dir(place.file("data")).unwrap();
    let write = |name: &str, list: &[(&str, ArrayD<f64>)]| {
        let file = File::create(place.file("data").join(name)).unwrap();
        let mut npz = NpzWriter::new(file);
        for (name, array) in list {
            npz.add_array(*name, array).unwrap();
        }
        npz.finish().unwrap();
    };
    let array = |shape: &[usize], values: &[f64]| {
        ArrayD::from_shape_vec(IxDyn(shape), values.to_vec()).unwrap()
    };
    let mut v = ArrayD::zeros(IxDyn(&[2, 2, 2, 2]));
    for (a, b) in [(0, 1), (1, 0)] {
        v[[1, 1, a, b]] = 1.0;
        v[[a, b, a, b]] = -1.0;
    }
    let k = array(&[2, 2], &[-1.0, 1.0, 1.0, -1.0]);
    write(
        "m.npz",
        &[("K", k), ("V", v), ("trace", array(&[2], &[1.0, 1.0]))],
    );
    write("f.npz", &[("F", array(&[2], &[0.4, 0.6]))]);
    // A product start is one whose cumulants vanish; these do not, but have no trace.
    write(
        "g.npz",
        &[("g_2_0", array(&[2, 2], &[-0.24, 0.24, 0.24, -0.24]))],
    );
    let config = |initial: &str| {
        format!(
            "[model]\nkind = \"custom\"\nfile = \"m.npz\"\n[initial]\nF = \"f.npz\"\n{initial}{tail}"
        )
    };
    place.write("data/c.toml", &config(""));
    place.write(
        "data/g.toml",
        &config("start = \"cumulants\"\ncumulants = \"g.npz\"\n"),
    );
    place.write(
        "data/x.toml",
        &sis(&format!("{PRODUCT}start = \"fixed-counts\"\n{tail}")),
    );
    for name in ["c", "g", "x"] {
        place.succeed(&["run", &format!("data/{name}.toml"), "--out", name]);
    }
    let f = |place: &Place, out: &str, m: usize| real(&mut arrays(place, out), &format!("f_1_{m}"));
    assert_eq!(f(&place, "c", 2), f(&inline, "config.out", 2));
    // To first order fixed counts are the cumulant −κ₂.
    let difference = (f(&place, "g", 1) - f(&place, "x", 1)).mapv(f64::abs);
    assert!(difference.iter().all(|&x| x < 1e-12), "{difference}");
}

#[test]
fn law_complex_models_and_mixtures_run() {
    // σz precession as a custom complex model: F = (ρ00, ρ01, ρ10, ρ11).
    let place = Place::with_config(
        "[model]\nkind = \"custom\"\nnorm = \"none\"\ntrace = [1, 0, 0, 1]\n\
         K = [[0, 0, 0, 0], [0, [0, -1], 0, 0], [0, 0, [0, 1], 0], [0, 0, 0, 0]]\n\
         V_index = [[0, 0, 0, 0]]\nV_value = [0.0]\n\
         [initial]\nF = [0.5, 0.5, 0.5, 0.5]\n[time]\nend = 1.0\nsamples = 1\n",
    );
    place.succeed(&["run", "config.toml"]);
    let f = complex(&mut arrays(&place, "config.out"), "f_1_0");
    let expected = Complex64::from_polar(0.5, -1.0);
    assert!((f[[1, 1]] - expected).norm() < 1e-9, "{}", f[[1, 1]]);

    let mixture = "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 0.0\n\
         [initial]\nstate = [{ weight = 0.75, name = \"bloch\", z = 1.0 }, \
         { weight = 0.25, name = \"basis\", index = 1 }]\n\
         [time]\nend = 1.0\nsamples = 1\n[[observable]]\nname = \"sz\"\n";
    let place = Place::with_config(mixture);
    place.succeed(&["run", "config.toml"]);
    let sz = real(&mut arrays(&place, "config.out"), "obs_sz_0");
    assert!((sz[[1]] - 0.5).abs() < 1e-12, "{sz}");
}

#[test]
fn law_what_is_written_can_be_a_start_again() {
    /// Two integrations instead of one, at a tolerance of 1e-10 per step.
    const INTEGRATED: f64 = 1e-8;
    let spin = "[model]\nkind = \"levels\"\nfamily = \"one-axis-twisting\"\nchi = 0.7\n";
    let bloch = "[initial]\nstate = \"bloch\"\nx = 0.8\nz = 0.3\n";
    let rest = "[expansion]\norder = 2\n[output]\ncumulants = true\n";
    let config = |model: &str, start: &str, end: f64| {
        format!("{model}{start}{rest}[time]\nend = {end}\nsamples = 2\n")
    };
    for (model, start) in [(spin.to_owned(), bloch), (sis(""), PRODUCT)] {
        let place = Place::with_config(&config(&model, start, 0.6));
        place.succeed(&["run", "config.toml", "--out", "whole"]);
        place.write("first.toml", &config(&model, start, 0.3));
        place.succeed(&["run", "first.toml", "--out", "half"]);
        let again = "[initial]\nF = \"half/result.npz\"\nstart = \"cumulants\"\n\
                     cumulants = \"half/result.npz\"\n";
        place.write("second.toml", &config(&model, again, 0.3));
        place.succeed(&["run", "second.toml", "--out", "rest"]);
        let (mut whole, mut rest) = (arrays(&place, "whole"), arrays(&place, "rest"));
        assert_eq!(summary(&place, "rest")["warnings"].to_string(), "[]");
        for name in [
            "f_1_0", "f_1_1", "f_1_2", "g_1_1", "g_1_2", "g_2_0", "g_2_1", "g_3_0",
        ] {
            let last = |npz: &mut _| {
                let complex = model == spin;
                let array = match complex {
                    true => common::complex(npz, name),
                    false => real(npz, name).mapv(num_complex::Complex64::from),
                };
                array.index_axis(ndarray::Axis(0), 2).to_owned()
            };
            let gap = last(&mut whole) - last(&mut rest);
            let gap = gap.iter().map(|z| z.norm()).fold(0.0, f64::max);
            assert!(gap < INTEGRATED, "{name}: {gap:e}");
        }
    }
}

#[test]
fn law_warnings_say_what_is_delicate() {
    let warnings = |rest: &str| {
        let place = Place::with_config(&sis(rest));
        place.succeed(&["run", "config.toml"]);
        let list = summary(&place, "config.out")["warnings"].to_string();
        let text = std::fs::read_to_string(place.file("config.out").join("report.html")).unwrap();
        assert!(text.contains("Is the mean field &lt;good&gt;?"));
        list
    };
    let time = "[time]\nend = 1.0\nsamples = 10\n";
    let quiet = warnings(&format!("{PRODUCT}{time}[particles]\nN = [1000]\n"));
    assert_eq!(quiet, "[]");
    let few = warnings(&format!(
        "{PRODUCT}{time}[particles]\nN = [4]\n[expansion]\nmarginals = [4]\n"
    ));
    assert!(few.contains("F_4 at N = 4: j² is not small"), "{few}");
    let fixed = warnings(&format!(
        "{PRODUCT}start = \"fixed-counts\"\n{time}[particles]\nN = [12]\n\
         [compare]\nexact = [10, 12, 20]\n"
    ));
    assert!(fixed.contains("no exact solution for N = 12"), "{fixed}");
    assert!(fixed.contains("not integers at N = 12"), "{fixed}");
    let layer = warnings(&format!("{PRODUCT}[time]\nend = 100.0\nsamples = 10\n"));
    assert!(layer.contains("initial layer"), "{layer}");
    // An epidemic that takes off from 1 %: the linearised flow is unstable.
    let place = Place::with_config(
        "[model]\nkind = \"custom\"\nK = [[0.0, 1.0], [0.0, -1.0]]\n\
         V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\n\
         V_value = [3.0, -3.0, 3.0, -3.0]\n[initial]\nF = [0.99, 0.01]\n\
         [time]\nend = 5.0\nsamples = 10\n[particles]\nN = [100]\n",
    );
    place.succeed(&["run", "config.toml"]);
    let unstable = summary(&place, "config.out")["warnings"].to_string();
    assert!(
        unstable.contains("asymptotic") && unstable.contains("not positive"),
        "{unstable}"
    );
}

#[test]
fn law_only_our_own_output_is_replaced() {
    let place = Place::with_config(&sis(&format!("{PRODUCT}[time]\nend = 0.1\nsamples = 1\n")));
    place.succeed(&["run", "config.toml"]);
    place.succeed(&["run", "config.toml"]);
    assert_eq!(place.names(), ["config.out", "config.toml"]);

    std::fs::create_dir(place.file("mine")).unwrap();
    place.write("mine/data.txt", "precious");
    let refused = place.meanfield(&["run", "config.toml", "--out", "mine"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("not written by meanfield"), "{message}");
    assert_eq!(
        std::fs::read_to_string(place.file("mine/data.txt")).unwrap(),
        "precious"
    );
    // What is missing above is made; what the user keeps among results stays.
    place.succeed(&["run", "config.toml", "--out", "no/such/place"]);
    place.write("no/such/place/notes.txt", "precious");
    let refused = place.meanfield(&["run", "config.toml", "--out", "no/such/place"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("notes.txt"), "{message}");
    assert_eq!(place.names(), ["config.out", "config.toml", "mine", "no"]);
}

#[test]
fn law_a_variance_beyond_the_degree_is_left_out() {
    let place = Place::with_config(
        "[model]\nkind = \"kac-caricature\"\ndegree = 8\n\
         [initial]\nstate = \"beams\"\nspeed = 0.8\nwidth = 0.6\n\
         [time]\nend = 0.5\nsamples = 1\n[particles]\nN = [100]\n\
         [[observable]]\nname = \"m4\"\n[[observable]]\nname = \"m6\"\n",
    );
    let said = place.succeed(&["run", "config.toml", "--out", "there"]);
    assert!(
        said.contains("Var m4") && !said.contains("Var m6"),
        "{said}"
    );
    let names = arrays(&place, "there").names().unwrap();
    let holds = |name: &str| names.iter().any(|n| n.trim_end_matches(".npy") == name);
    assert!(holds("obs_m4_var_1") && holds("obs_m6_1"), "{names:?}");
    // v⁶ squared has degree 12.
    assert!(!holds("obs_m6_var_1"), "{names:?}");
}
