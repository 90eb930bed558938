//! `[sweep]`: every point is what a run of its own would have given, whatever
//! became of the others.

mod common;

use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Place, arrays, summary};
use ndarray::{ArrayD, Axis, IxDyn, OwnedRepr};
use ndarray_npy::NpzReader;

const SPIN: &str = "[model]\nkind = \"levels\"\nfamily = \"transverse-field\"\nomega = 1.0\n\
    chi = 1.0\n[initial]\nstate = \"bloch\"\nx = 0.6\nz = 0.8\n\
    [expansion]\norder = 2\n[time]\nend = 1.0\nsamples = 4\n\
    [particles]\nN = [10, 100]\n[compare]\nexact = [4, 10]\n[[observable]]\nname = \"sz\"\n";

fn real(npz: &mut NpzReader<File>, name: &str) -> ArrayD<f64> {
    common::real(npz, name)
}

fn complex_names(names: &[String]) -> Vec<String> {
    let tensor = |name: &&String| name.starts_with("f_") || name.starts_with("F_");
    names.iter().filter(tensor).cloned().collect()
}

#[test]
fn law_every_point_has_the_bits_of_a_run_of_its_own() {
    let sweep = "[sweep]\n\"model.chi\" = [0.5, 2.0]\n\
        time.end = { from = 0.5, to = 1, points = 3 }\n";
    let place = Place::with_config(&format!("{SPIN}{sweep}"));
    let text = place.succeed(&["run", "config.toml"]);
    assert!(
        text.contains("6 points over model.chi × time.end"),
        "{text}"
    );
    let mut all = arrays(&place, "config.out");
    assert_eq!(
        real(&mut all, "sweep_model.chi")
            .into_raw_vec_and_offset()
            .0,
        [0.5, 2.0]
    );
    assert_eq!(
        real(&mut all, "sweep_time.end").into_raw_vec_and_offset().0,
        [0.5, 0.75, 1.0]
    );
    let failed = all.by_name::<OwnedRepr<bool>, IxDyn>("failed").unwrap();
    assert_eq!(failed.shape(), [2, 3]);
    assert!(failed.iter().all(|failed| !failed));
    let names = all.names().unwrap();
    for (i, chi) in ["0.5", "2.0"].iter().enumerate() {
        for (j, end) in ["0.5", "0.75", "1.0"].iter().enumerate() {
            let config = SPIN.replace("chi = 1.0", &format!("chi = {chi}"));
            let config = config.replace("end = 1.0", &format!("end = {end}"));
            let alone = Place::with_config(&config);
            alone.succeed(&["run", "config.toml"]);
            let mut one = arrays(&alone, "config.out");
            let own = one.names().unwrap();
            for name in &own {
                assert!(names.contains(name), "{name}");
            }
            let complex = complex_names(&own);
            assert!(complex.len() >= 5);
            for name in &own {
                if complex.contains(name) || name.starts_with("exact_1") {
                    let all = common::complex(&mut all, name);
                    let part = all.index_axis(Axis(0), i).index_axis_move(Axis(0), j);
                    assert_eq!(
                        part,
                        common::complex(&mut one, name),
                        "{name} at {chi}, {end}"
                    );
                } else {
                    let all = real(&mut all, name);
                    let part = all.index_axis(Axis(0), i).index_axis_move(Axis(0), j);
                    // Bits: what is masked is NaN, and equal to itself.
                    let (part, own) = (part.mapv(f64::to_bits), real(&mut one, name));
                    assert_eq!(part, own.mapv(f64::to_bits), "{name} at {chi}, {end}");
                }
            }
            let (all, one) = (summary(&place, "config.out"), summary(&alone, "config.out"));
            let point = &all["points"][3 * i + j];
            assert_eq!(point["position"], serde_json::json!([i, j]));
            for key in ["findings", "rates", "warnings", "steps"] {
                assert_eq!(point[key], one[key], "{key}");
            }
        }
    }
    // What the points have alike is there once, and threads change nothing.
    let place = Place::with_config(&format!("{SPIN}[sweep]\nmodel.chi = [0.5, 2.0]\n"));
    place.succeed(&["run", "config.toml"]);
    assert_eq!(real(&mut arrays(&place, "config.out"), "t").shape(), [5]);
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    let before = bits(&place);
    for threads in [1, 3] {
        let limits = format!("[limits]\nthreads = {threads}\n[sweep]\nmodel.chi = [0.5, 2.0]\n");
        place.write("config.toml", &format!("{SPIN}{limits}"));
        place.succeed(&["run", "config.toml"]);
        assert!(bits(&place) == before, "{threads} threads");
    }
}

#[test]
fn law_arrays_of_other_shapes_are_written_point_by_point() {
    let sweep = "[sweep]\nexpansion.order = [1, 2]\n";
    let place = Place::with_config(&format!("{SPIN}{sweep}"));
    place.succeed(&["run", "config.toml"]);
    let mut npz = arrays(&place, "config.out");
    let names = npz.names().unwrap();
    assert!(!names.contains(&"f_1_2".to_owned()) && !names.contains(&"f_1_2_point0".to_owned()));
    assert_eq!(common::complex(&mut npz, "f_1_2_point1").shape(), [5, 4]);
    assert_eq!(common::complex(&mut npz, "f_1_1").shape(), [2, 5, 4]);
    let all = summary(&place, "config.out");
    let single = all["sweep"]["arrays"]["by_point"].as_array().unwrap();
    assert!(single.contains(&"f_1_2".into()), "{single:?}");
}

/// A population; of these K the second loses particles.
const POPULATION: &str = "[model]\nkind = \"custom\"\nK = [[-1.0, 1.0], [1.0, -1.0]]\n\
    V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\nV_value = [1.0, -1.0, 1.0, -1.0]\n\
    [initial]\nF = [0.4, 0.6]\n[time]\nend = 1.0\n[particles]\nN = [10]\n";

#[test]
fn law_a_point_that_fails_takes_no_other_down() {
    let lossy = "[[-1.0, 1.0], [0.5, -1.0]]";
    let sweep = format!(
        "[sweep]\nmodel.K = [[[-1.0, 1.0], [1.0, -1.0]], {lossy}, [[-2.0, 1.0], [2.0, -1.0]]]\n"
    );
    let place = Place::with_config(&format!("{POPULATION}{sweep}"));
    let output = place.meanfield(&["run", "config.toml"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    let expected = format!("1 of 3 points failed, the first of them model.K = {lossy}");
    assert!(message.contains(&expected), "{message}");
    assert!(message.contains("does not conserve the trace"), "{message}");
    assert_eq!(place.names(), ["config.out", "config.toml"]);

    let mut npz = arrays(&place, "config.out");
    let failed = npz.by_name::<OwnedRepr<bool>, IxDyn>("failed").unwrap();
    assert_eq!(failed.into_raw_vec_and_offset().0, [false, true, false]);
    let f = real(&mut npz, "f_1_1");
    assert!(f.iter().all(|x| x.is_finite()));
    assert!(f.index_axis(Axis(0), 1).iter().all(|&x| x == 0.0));
    assert!(f.index_axis(Axis(0), 2).iter().any(|&x| x != 0.0));
    let all = summary(&place, "config.out");
    assert_eq!(all["sweep"]["failed"][0]["point"], 1);
    assert_eq!(all["points"][1]["failed"], true);
    assert!(all["points"][2]["findings"][0]["corrected"].is_f64());

    let output = place.meanfield(&["check", "config.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("does not conserve the trace"), "{message}");
    assert!(message.contains("at model.K = "), "{message}");

    // Nothing is written when nothing could be computed.
    let place = Place::with_config(&format!("{POPULATION}[sweep]\nmodel.K = [{lossy}]\n"));
    let output = place.meanfield(&["run", "config.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(place.names(), ["config.toml"]);
}

#[test]
fn law_check_says_what_a_sweep_takes() {
    let sweep =
        "[sweep]\n\"model.chi\" = { from = 0.1, to = 1.0, points = 10 }\nmodel.omega = [1, 2]\n";
    let place = Place::with_config(&format!("{SPIN}{sweep}"));
    let text = place.succeed(&["check", "config.toml"]);
    for fragment in [
        "model.chi          10 values, 0.1 … 1.0",
        "model.omega        2 values, 1 … 2",
        "points             20, ",
        "solve              about ",
        "memory             ",
        "for the largest point",
        "config.toml is sound",
    ] {
        assert!(text.contains(fragment), "{fragment} not in\n{text}");
    }
    assert_eq!(place.names(), ["config.toml"]);
}

/// Points of some hundredths of a second each.
fn slow() -> String {
    let gas = "[model]\nkind = \"kac\"\ndimension = 2\n\
        velocities = { kind = \"lattice\", radius = 2 }\ncross_section = \"maxwell\"\n\
        [initial]\nstate = \"beams\"\nspeed = 1.0\nwidth = 0.7\n\
        [expansion]\norder = 2\nmarginals = [1, 2]\n[time]\nend = 0.5\nsamples = 10\n\
        [particles]\nN = [10]\n[[observable]]\nname = \"energy\"\n";
    let sweep = "[sweep]\ninitial.speed = { from = 0.5, to = 1.5, points = 12 }\n";
    format!("{gas}{sweep}")
}

/// The finished points, with the time they were written.
fn finished(place: &Place) -> Vec<(String, std::time::SystemTime)> {
    let points = place.file("config.out.partial/points");
    let entries = std::fs::read_dir(points).into_iter().flatten().flatten();
    let mut out: Vec<_> = entries
        .filter_map(|entry| {
            let written = std::fs::metadata(entry.path().join("result.npz")).ok()?;
            let name = entry.file_name().into_string().unwrap();
            Some((name, written.modified().unwrap()))
        })
        .collect();
    out.sort();
    out
}

#[test]
fn law_a_killed_sweep_keeps_the_points_that_are_finished() {
    let undisturbed = Place::with_config(&slow());
    undisturbed.succeed(&["run", "config.toml"]);
    let place = Place::with_config(&slow());
    let mut before: Vec<(String, std::time::SystemTime)> = Vec::new();
    let mut kills = 0;
    for more in [2, 6, 10] {
        let mut child = place
            .command(&["run", "config.toml"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while finished(&place).len() < more && child.try_wait().unwrap().is_none() {
            assert!(began.elapsed().as_secs() < 60, "no point is finished");
            std::thread::sleep(Duration::from_millis(1));
        }
        kills += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let now = finished(&place);
        for point in &before {
            assert!(
                now.is_empty() || now.contains(point),
                "{point:?} was computed again"
            );
        }
        before = now;
    }
    assert!(kills > 0, "every run ended before it was killed");
    let last = place.meanfield(&["run", "config.toml"]);
    assert_eq!(last.status.code(), Some(0));
    if !before.is_empty() {
        let said = String::from_utf8_lossy(&last.stderr).into_owned();
        let expected = format!("going on: {} finished points are kept", before.len());
        assert!(said.contains(&expected), "{said}");
    }
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&undisturbed), "{kills} kills");
    assert_eq!(place.names(), ["config.out", "config.toml"]);
}

#[cfg(unix)]
#[test]
fn law_ctrl_c_stops_a_sweep_and_more_values_are_added_to_what_is_there() {
    let place = Place::with_config(&slow().replace("points = 12", "points = 501"));
    let child = place
        .command(&["run", "config.toml"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while finished(&place).len() < 2 && began.elapsed().as_secs() < 60 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{message}");
    let expected = "config.out.partial holds a checkpoint: run the same command again";
    assert!(message.contains(expected), "{message}");
    assert_eq!(place.names(), ["config.out.partial", "config.toml"]);

    // Another list of values with one of those that are done: 0.5 is the first.
    let kept = finished(&place);
    let few = slow().replace("{ from = 0.5, to = 1.5, points = 12 }", "[1.3, 0.5]");
    place.write("config.toml", &few);
    place.succeed(&["run", "config.toml"]);
    assert!(kept.len() >= 2);
    let all = summary(&place, "config.out");
    assert_eq!(all["sweep"]["points"], 2);
    let fresh = Place::with_config(&few);
    fresh.succeed(&["run", "config.toml"]);
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&fresh));
    assert_eq!(place.names(), ["config.out", "config.toml"]);
}
