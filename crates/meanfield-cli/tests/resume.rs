//! A run that was stopped, by a kill or by Ctrl-C, goes on from its last
//! checkpoint and ends with the same bits.

mod common;

use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Place, summary};

/// A gas: some hundred steps of a millisecond each, arrays large enough for
/// files of their own.
const GAS: &str = "[model]\nkind = \"kac\"\ndimension = 2\n\
    velocities = { kind = \"lattice\", radius = 2 }\ncross_section = \"maxwell\"\n\
    [initial]\nstate = \"beams\"\nspeed = 1.0\nwidth = 0.7\n\
    [expansion]\norder = 2\nmarginals = [1, 2]\n[time]\nend = 3.0\nsamples = 50\n\
    [particles]\nN = [10, 100]\n[compare]\nexact = [3]\n[[observable]]\nname = \"energy\"\n";

/// A condensate in factored form: the interaction picture.
const CONDENSATE: &str = "[model]\nkind = \"hartree\"\ndimension = 1\npoints = 48\n\
    length = 8.0\npotential = { kind = \"gaussian\", strength = 2.0, width = 0.7 }\n\
    [initial]\nstate = \"gaussian\"\ncenter = 0.5\nwidth = 0.7\nmomentum = 0.0\n\
    [expansion]\norder = 1\nmethod = \"bogoliubov\"\n[time]\nend = 1.5\nsamples = 30\n\
    tolerance = 1e-9\n[particles]\nN = [100]\n[[observable]]\nname = \"density\"\n";

/// A solve of its own for every N.
const RECURSION: &str = "[model]\nkind = \"levels\"\nfamily = \"transverse-field\"\n\
    omega = 1.0\nchi = 1.0\n[initial]\nstate = \"bloch\"\nx = 0.6\nz = 0.8\n\
    [expansion]\norder = 2\nmethod = \"recursion\"\nerror = \"none\"\n\
    [time]\nend = 10.0\nsamples = 40\ntolerance = 1e-12\n[particles]\nN = [6, 9, 20]\n\
    [[observable]]\nname = \"sz\"\n";

const OFTEN: [&str; 4] = ["run", "config.toml", "--checkpoint", "0.001"];

/// A run that says nothing.
fn started(place: &Place) -> std::process::Child {
    let mut command = place.command(&OFTEN);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Starts a run and kills it after `moment`; says whether it was still running
/// and had a checkpoint by then.
fn killed(place: &Place, moment: Duration) -> bool {
    let mut child = started(place);
    // Patience for the first step; a moment is counted from there.
    let (began, checkpoint) = (Instant::now(), place.file("config.out.partial/checkpoint"));
    while !checkpoint.exists() && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed().as_secs() < 60, "no checkpoint");
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(moment);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running && checkpoint.exists()
}

/// Five kills at moments that differ from run to run.
fn require_same_bits(config: &str) {
    let undisturbed = Place::with_config(config);
    let began = Instant::now();
    undisturbed.succeed(&["run", "config.toml"]);
    let whole = began.elapsed();
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mut random = clock.unwrap().subsec_nanos();
    let place = Place::with_config(config);
    let mut hits = 0;
    for _ in 0..5 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let share = f64::from(random >> 8) / f64::from(1 << 24);
        hits += u32::from(killed(&place, whole.mul_f64(0.15 * share)));
    }
    assert!(hits > 0, "every run ended before it was killed");
    let last = place.meanfield(&OFTEN);
    assert_eq!(last.status.code(), Some(0));
    if hits == 5 {
        let said = String::from_utf8_lossy(&last.stderr).into_owned();
        assert!(said.contains("going on at t = "), "{said}");
    }
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&undisturbed), "{hits} kills");
    let (a, b) = (
        summary(&place, "config.out"),
        summary(&undisturbed, "config.out"),
    );
    for key in [
        "steps",
        "rejected_steps",
        "rhs_evaluations",
        "findings",
        "warnings",
        "rates",
    ] {
        assert_eq!(a[key], b[key], "{key}");
    }
    assert_eq!(place.names(), ["config.out", "config.toml"]);
}

#[test]
fn law_a_killed_run_goes_on_with_the_same_bits() {
    require_same_bits(GAS);
}

#[test]
fn law_a_killed_run_in_the_interaction_picture_too() {
    require_same_bits(CONDENSATE);
}

#[test]
fn law_a_killed_run_with_many_solves_too() {
    require_same_bits(RECURSION);
}

#[test]
fn law_a_checkpoint_of_another_run_is_ignored_with_a_message() {
    let place = Place::with_config(GAS);
    killed(&place, Duration::ZERO);
    let other = GAS.replace("end = 3.0", "end = 0.5");
    place.write("config.toml", &other);
    let output = place.meanfield(&["run", "config.toml"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(
        message.contains("is of another configuration; beginning anew"),
        "{message}"
    );
    let fresh = Place::with_config(&other);
    fresh.succeed(&["run", "config.toml"]);
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&fresh));

    // Damaged, or not wanted.
    place.write("config.toml", GAS);
    killed(&place, Duration::ZERO);
    let checkpoint = place.file("config.out.partial/checkpoint");
    let mut bytes = std::fs::read(&checkpoint).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&checkpoint, bytes).unwrap();
    let output = place.meanfield(&["run", "config.toml"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("is damaged; beginning anew"), "{message}");
    killed(&place, Duration::ZERO);
    let output = place.meanfield(&["run", "config.toml", "--restart", "--quiet"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "quiet");
}

#[test]
fn law_an_exact_solution_that_is_finished_is_not_lost() {
    let config = GAS.replace("exact = [3]", "exact = [3, 4]");
    let undisturbed = Place::with_config(&config);
    undisturbed.succeed(&["run", "config.toml"]);
    let place = Place::with_config(&config);
    let kept = place.file("config.out.partial/exact-3");
    let written = || {
        std::fs::metadata(&kept)
            .and_then(|data| data.modified())
            .ok()
    };
    // Killed as soon as one N is done, before there is any checkpoint.
    let mut child = started(&place);
    let began = Instant::now();
    while written().is_none() {
        assert!(began.elapsed().as_secs() < 60, "no exact solution");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = written().unwrap();
    // Whoever solves it again writes it again.
    killed(&place, Duration::ZERO);
    if let Some(after) = written() {
        assert_eq!(after, before, "solved again");
    }
    place.succeed(&OFTEN);
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&undisturbed));
    assert_eq!(place.names(), ["config.out", "config.toml"]);
}

#[test]
fn law_a_growing_array_that_is_gone_makes_a_run_begin_anew() {
    let place = Place::with_config(GAS);
    assert!(
        killed(&place, Duration::ZERO),
        "no checkpoint to go on from"
    );
    let partial = place.file("config.out.partial");
    let entries = std::fs::read_dir(&partial).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut arrays: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "npy"))
        .collect();
    assert!(arrays.len() >= 2, "{arrays:?}");
    std::fs::remove_file(arrays.pop().unwrap()).unwrap();
    let output = place.meanfield(&OFTEN);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(message.contains("cannot read"), "{message}");
    assert!(message.contains("beginning anew"), "{message}");
    let fresh = Place::with_config(GAS);
    fresh.succeed(&["run", "config.toml"]);
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&fresh));
}

#[cfg(unix)]
fn press_ctrl_c(child: &std::process::Child) {
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(sent.unwrap().success());
}

/// Presses Ctrl-C and returns what the run says to that.
#[cfg(unix)]
fn interrupted(mut child: std::process::Child) -> String {
    press_ctrl_c(&child);
    let mut message = String::new();
    let mut stderr = child.stderr.take().unwrap();
    std::io::Read::read_to_string(&mut stderr, &mut message).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{message}");
    message
}

#[cfg(unix)]
#[test]
fn law_ctrl_c_leaves_a_checkpoint_and_says_how_to_go_on() {
    // Far more steps than there is patience for.
    let endless = GAS.replace("end = 3.0", "end = 1e6");
    let endless = endless.replace("[compare]\nexact = [3]\n", "");
    let place = Place::with_config(&endless);
    let child = place
        .command(&OFTEN)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (began, checkpoint) = (Instant::now(), place.file("config.out.partial/checkpoint"));
    while !checkpoint.exists() && began.elapsed().as_secs() < 60 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = place.meanfield(&["run", "config.toml"]);
    assert_eq!(second.status.code(), Some(2), "two runs at a time");
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(message.contains("another run is using"), "{message}");

    let message = interrupted(child);
    assert!(
        message.contains("config.out.partial holds a checkpoint: run the same command again"),
        "{message}"
    );
    assert_eq!(place.names(), ["config.out.partial", "config.toml"]);

    // Without checkpoints nothing is left.
    let place = Place::with_config(&endless);
    let child = place
        .command(&["run", "config.toml", "--checkpoint", "0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while place.names().len() < 2 && began.elapsed().as_secs() < 90 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let message = interrupted(child);
    assert!(message.contains("nothing was written"), "{message}");
    assert_eq!(place.names(), ["config.toml"]);
}

/// A run that waits in the middle of writing its results, Ctrl-C pressed there and the
/// answer read: its first long array grows in a file elsewhere, with a pipe in its place.
/// Returns the run, the pipe to be written to, and what belongs into it.
#[cfg(unix)]
fn interrupted_while_writing(place: &Place) -> (std::process::Child, std::fs::File, Vec<u8>) {
    use std::io::{BufRead, BufReader};

    let mut child = place
        .command(&["run", "config.toml", "--checkpoint", "0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let partial = place.file("config.out.partial");
    let began = Instant::now();
    let array = loop {
        assert!(began.elapsed().as_secs() < 60, "no array has a file");
        let entries = std::fs::read_dir(&partial).into_iter().flatten().flatten();
        let mut paths = entries.map(|entry| entry.path());
        if let Some(path) = paths.find(|path| path.extension().is_some_and(|e| e == "npy")) {
            break path;
        }
        std::thread::sleep(Duration::from_micros(200));
    };
    // The run goes on writing to the file, whatever its name is.
    let aside = place.file("aside");
    std::fs::rename(&array, &aside).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&array).status();
    assert!(made.unwrap().success());
    // Opened as soon as the run opens the other end, to put its results together.
    let (send, opened) = std::sync::mpsc::channel();
    std::thread::spawn(move || send.send(std::fs::OpenOptions::new().write(true).open(array)));
    let Ok(pipe) = opened.recv_timeout(Duration::from_secs(60)) else {
        child.kill().unwrap();
        panic!("no results after a minute: {:?}", child.wait());
    };
    press_ctrl_c(&child);
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let answer = said.find(|line| line.as_ref().unwrap().contains("Ctrl-C"));
    let answer = answer.expect("an answer").unwrap();
    assert!(
        answer.contains("everything is computed and is being written"),
        "{answer}"
    );
    // Kept open: the program may have more to say.
    std::thread::spawn(move || said.for_each(drop));
    let content = std::fs::read(&aside).unwrap();
    std::fs::remove_file(aside).unwrap();
    (child, pipe.unwrap(), content)
}

#[cfg(unix)]
#[test]
fn law_ctrl_c_while_results_are_written_loses_nothing() {
    let undisturbed = Place::with_config(GAS);
    undisturbed.succeed(&["run", "config.toml"]);
    let place = Place::with_config(GAS);
    let (mut child, mut pipe, array) = interrupted_while_writing(&place);
    std::io::Write::write_all(&mut pipe, &array).unwrap();
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(place.names(), ["config.out", "config.toml"]);
    let bits = |place: &Place| std::fs::read(place.file("config.out/result.npz")).unwrap();
    assert!(bits(&place) == bits(&undisturbed));

    // The second one ends it, with nothing half-written.
    let place = Place::with_config(GAS);
    let (mut child, pipe, _) = interrupted_while_writing(&place);
    press_ctrl_c(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(pipe);
    assert_eq!(place.names(), ["config.toml"]);
}
