//! Output that cannot be written: earlier results stay, nothing half-written
//! appears.

use std::process::Command;

use crate::common::Place;

/// Large enough for files of its own, quick to solve.
const CONFIG: &str = "[model]\nkind = \"custom\"\nK = [[-1.0, 1.0], [1.0, -1.0]]\n\
    V_index = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0]]\nV_value = [1.0, -1.0, 1.0, -1.0]\n\
    [initial]\nF = [0.4, 0.6]\n[time]\nend = 1.0\nsamples = 5000\n";

/// The program under `ulimit`: no file may grow beyond 1024-byte blocks.
fn limited(place: &Place, blocks: u32, arguments: &str) -> std::process::Output {
    // The system says it by SIGXFSZ, which ends who does not hear it.
    let program = env!("CARGO_BIN_EXE_meanfield");
    let script = format!("ulimit -f {blocks}; exec {program} {arguments}");
    let mut command = Command::new("bash");
    command.current_dir(place.path()).args(["-c", &script]);
    command.output().unwrap()
}

#[cfg(unix)]
#[test]
fn law_a_full_disk_loses_nothing() {
    let place = Place::with_config(CONFIG);
    place.succeed(&["run", "config.toml"]);
    let before = std::fs::read(place.file("config.out/result.npz")).unwrap();
    // From the first array to the report: every place where it can end.
    for blocks in (0..30).map(|k| 1 + 11 * k + k * k / 3) {
        let output = limited(&place, blocks, "run config.toml");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code();
        if code == Some(0) {
            assert!(blocks > 100, "{blocks} blocks were enough");
            continue;
        }
        assert_eq!(code, Some(1), "{blocks}: {message}");
        assert!(message.contains("cannot write"), "{blocks}: {message}");
        assert!(message.contains("File too large"), "{blocks}: {message}");
        assert_eq!(place.names(), ["config.out", "config.toml"], "{blocks}");
        let after = std::fs::read(place.file("config.out/result.npz")).unwrap();
        assert!(before == after, "{blocks}: the earlier result changed");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn law_where_there_is_no_memory_it_is_said() {
    let place = Place::with_config(CONFIG);
    let program = env!("CARGO_BIN_EXE_meanfield");
    // In KiB: below, the loader itself has too little.
    let mut said = Vec::new();
    for size in (20_000..40_000).step_by(1000) {
        let script = format!("ulimit -v {size}; exec {program} run config.toml");
        let mut command = Command::new("bash");
        let output = command.current_dir(place.path()).args(["-c", &script]);
        let output = output.output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => {}
            Some(1 | 2) => assert!(message.starts_with("error: "), "{size}: {message}"),
            code => panic!("{size}: {code:?} {message}"),
        }
        said.push(message);
    }
    let one = |words: &str| said.iter().any(|message| message.contains(words));
    assert!(
        one("no thread can be begun") && one("this needs"),
        "{said:?}"
    );
}

#[test]
fn law_a_checkpoint_that_cannot_be_written_does_not_stop_the_run() {
    let place = Place::with_config(CONFIG);
    place.succeed(&["run", "config.toml", "--out", "undisturbed"]);
    // A directory stands where the file would be made.
    std::fs::create_dir_all(place.file("o.partial/checkpoint.new")).unwrap();
    place.write("o.partial/meanfield.lock", "");
    let output = place.meanfield(&["run", "config.toml", "--checkpoint", "1e-9", "--out", "o"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(message.contains("no checkpoint this time"), "{message}");
    let bits = |out: &str| std::fs::read(place.file(out).join("result.npz")).unwrap();
    assert!(bits("o") == bits("undisturbed"));
    assert_eq!(place.names(), ["config.toml", "o", "undisturbed"]);
}

#[cfg(unix)]
#[test]
fn law_stdout_that_is_full_is_a_failure() {
    let place = Place::with_config(CONFIG);
    let full = std::fs::File::options().write(true).open("/dev/full");
    let output = place
        .command(&["new", "custom"])
        .stdout(full.unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("No space left"), "{message}");
}

/// Sets the mode of a directory.
#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn law_a_read_only_directory_is_refused_and_loses_nothing() {
    let place = Place::with_config(CONFIG);
    place.succeed(&["run", "config.toml"]);
    let before = std::fs::read(place.file("config.out/result.npz")).unwrap();
    // The superuser writes where nobody may: the program runs as nobody then.
    let program = place.file("meanfield");
    std::fs::copy(env!("CARGO_BIN_EXE_meanfield"), &program).unwrap();
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|data| {
        use std::os::unix::fs::MetadataExt;
        data.uid() == 0
    });
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(&program);
        command
    } else {
        Command::new(&program)
    };
    command
        .current_dir(place.path())
        .args(["run", "config.toml"]);
    set_mode(place.path(), 0o555);
    let output = command.output();
    set_mode(place.path(), 0o755);
    let output = output.unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.contains("cannot create the output directory config.out"),
        "{message}"
    );
    assert!(message.contains("Permission denied"), "{message}");
    assert_eq!(place.names(), ["config.out", "config.toml", "meanfield"]);
    let after = std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(before == after, "the earlier result changed");
}

#[cfg(unix)]
#[test]
fn law_a_full_disk_leaves_the_checkpoint_and_the_points_of_a_sweep() {
    let sweep = format!(
        "{}[sweep]\ntime.samples = [50, 4000]\n",
        CONFIG.replace("samples = 5000", "samples = 60")
    );
    let place = Place::with_config(&sweep);
    // Room for the first point, not for the second.
    let output = limited(&place, 24, "run config.toml");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("cannot write"), "{message}");
    assert_eq!(place.names(), ["config.out.partial", "config.toml"]);
    let kept = std::fs::read_dir(place.file("config.out.partial/points")).unwrap();
    let names: Vec<_> = kept.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    place.succeed(&["run", "config.toml"]);
    assert_eq!(place.names(), ["config.out", "config.toml"]);
}

#[test]
fn law_a_place_that_cannot_be_written_is_refused_before_computing() {
    // Far too long to be computed before the refusal.
    let place = Place::with_config(&CONFIG.replace("end = 1.0", "end = 1e7"));
    place.write("file", "mine");
    for out in ["file", "file/below", "/proc/results"] {
        let output = place.meanfield(&["run", "config.toml", "--out", out]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{out}: {message}");
        assert!(message.contains(out), "{out}: {message}");
        assert_eq!(place.names(), ["config.toml", "file"], "{out}");
    }
    assert_eq!(std::fs::read_to_string(place.file("file")).unwrap(), "mine");
}
