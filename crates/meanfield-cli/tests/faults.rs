//! A run that is killed at any moment, and one whose checkpoint was damaged anywhere: it
//! ends with the bits of one that was left alone.

mod common;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::Place;

/// A gas of a fifth of a second: an exact solution worth keeping, arrays in memory and in
/// files of their own.
const GAS: &str = "[model]\nkind = \"kac\"\ndimension = 2\n\
    velocities = { kind = \"lattice\", radius = 2 }\ncross_section = \"maxwell\"\n\
    [initial]\nstate = \"beams\"\nspeed = 1.0\nwidth = 0.7\n\
    [expansion]\norder = 2\nmarginals = [1, 2]\n[time]\nend = 1.0\nsamples = 200\n\
    tolerance = 1e-7\n\
    [particles]\nN = [10, 100]\n[compare]\nexact = [3]\n[[observable]]\nname = \"energy\"\n";

const OFTEN: [&str; 4] = ["run", "config.toml", "--checkpoint", "0.001"];

/// Numbers that differ from run to run, from 0 to 1.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(clock.unwrap().as_nanos() as u64 | 1)
    }

    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        ((self.next() * n as f64) as usize).min(n - 1)
    }
}

fn result(place: &Place) -> Option<Vec<u8>> {
    std::fs::read(place.file("config.out/result.npz")).ok()
}

/// How a run is stopped on its way.
#[derive(Clone, Copy)]
enum Stop {
    /// It is gone at once.
    Kill,
    /// SIGTERM: it saves what it has, and every byte of its files counts.
    Ask,
}

/// Begins a run and stops it after that time.
fn stopped(place: &Place, moment: Duration, how: Stop) {
    let mut command = place.command(&OFTEN);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(moment);
    // It may be over by then.
    let _ = match how {
        Stop::Kill => child.kill(),
        Stop::Ask => Command::new("sh")
            .args(["-c", &format!("kill -TERM {}", child.id())])
            .stderr(Stdio::null())
            .status()
            .map(drop),
    };
    child.wait().unwrap();
}

/// The result of a run that is left alone, and how long it takes.
fn undisturbed() -> (Vec<u8>, Duration) {
    let place = Place::with_config(GAS);
    let began = Instant::now();
    place.succeed(&OFTEN);
    (result(&place).unwrap(), began.elapsed())
}

#[test]
fn law_no_moment_is_a_bad_one_to_be_killed() {
    const KILLS: usize = 100;
    let (whole, took) = undisturbed();
    let (place, mut random) = (Place::with_config(GAS), Random::new());
    let (mut on_the_way, mut finished) = (0, 0);
    for _ in 0..KILLS {
        stopped(&place, took.mul_f64(random.next()), Stop::Kill);
        let names = place.names();
        match result(&place) {
            // There, and then it is whole.
            Some(bytes) => {
                assert!(bytes == whole, "after {on_the_way} kills on the way");
                finished += 1;
                std::fs::remove_dir_all(place.file("config.out")).unwrap();
            }
            None => {
                assert!(!names.contains(&"config.out".to_owned()), "{names:?}");
                on_the_way += 1;
            }
        }
    }
    place.succeed(&OFTEN);
    assert!(result(&place).unwrap() == whole);
    assert_eq!(place.names(), ["config.out", "config.toml"]);
    assert!(
        on_the_way > KILLS / 4,
        "{on_the_way} on the way, {finished} finished"
    );
}

/// The files of an unfinished run, with what is in them.
fn unfinished(place: &Place) -> Vec<(PathBuf, Vec<u8>)> {
    let partial = place.file("config.out.partial");
    let entries = std::fs::read_dir(partial).into_iter().flatten().flatten();
    let files = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file());
    files
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect()
}

#[test]
fn law_no_bit_of_a_checkpoint_is_trusted() {
    const FLIPS: usize = 200;
    let (whole, took) = undisturbed();
    let (place, mut random) = (Place::with_config(GAS), Random::new());
    // On the way of the expansion: with a checkpoint, arrays and an exact solution.
    let mut tries = 0;
    let files = loop {
        tries += 1;
        assert!(tries < 100, "no run was met on the way");
        stopped(&place, took.mul_f64(0.3 + 0.7 * random.next()), Stop::Ask);
        let files = unfinished(&place);
        let there = |name: &str| files.iter().any(|(path, _)| path.ends_with(name));
        if there("checkpoint")
            && files
                .iter()
                .any(|(path, _)| path.extension().is_some_and(|e| e == "npy"))
        {
            break files;
        }
        let _ = std::fs::remove_dir_all(place.file("config.out.partial"));
        let _ = std::fs::remove_dir_all(place.file("config.out"));
    };
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut noticed = 0;
    for _ in 0..FLIPS {
        std::fs::create_dir_all(place.file("config.out.partial")).unwrap();
        let mut at = random.below(bytes);
        for (path, bytes) in &files {
            let mut bytes = bytes.clone();
            if at < bytes.len() {
                bytes[at] ^= 1 << random.below(8);
            }
            at = at.wrapping_sub(bytes.len());
            std::fs::write(path, bytes).unwrap();
        }
        let output = place.meanfield(&OFTEN);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(result(&place).unwrap() == whole, "{said}");
        noticed += usize::from(said.contains("beginning anew"));
        std::fs::remove_dir_all(place.file("config.out")).unwrap();
    }
    assert_eq!(noticed, FLIPS);
}
