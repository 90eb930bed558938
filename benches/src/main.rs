//! Prints the table of `cargo xtask bench`.

use std::process::ExitCode;
use std::time::Duration;

use meanfield_benches::groups::{self, ALL, Group};
use meanfield_benches::measure::measure;
use meanfield_benches::memory::{self, Counted};
use meanfield_benches::{Size, table};

#[global_allocator]
static COUNTED: Counted = Counted;

/// The group that the allocator measures.
const MEMORY: &str = "memory";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut size, mut seconds, mut names) = (Size::Usual, 3, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--ring-walk" => {
                let states = arguments.next().and_then(|word| word.parse().ok());
                let states = states.ok_or("--ring-walk takes the number of states")?;
                return ring_walk(states);
            }
            "--quick" => (size, seconds) = (Size::Quick, 1),
            "--long" => size = Size::Long,
            name => names.push(name.to_owned()),
        }
    }
    let known: Vec<&str> = ALL.iter().map(|group| group.name).chain([MEMORY]).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(format!("there is no group `{name}`; there are: {known}"));
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
    // One thread, like the floors; `threads` makes pools of its own.
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global();
    built.map_err(|error| error.to_string())?;
    println!("{}", table::head());
    for group in ALL.iter().filter(|group| wanted(group.name)) {
        of_group(group, size, Duration::from_secs(seconds));
    }
    if wanted(MEMORY) {
        for held in memory::cases() {
            let used = memory::peak(&COUNTED, held.work);
            if let Some(used) = used {
                println!(
                    "{}",
                    table::bytes_line(MEMORY, &held.name, used, held.planned)
                );
            }
        }
    }
    Ok(())
}

/// One thread, like the floors; `threads` makes pools of its own.
fn one_thread() -> Result<(), String> {
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global();
    built.map_err(|error| error.to_string())
}

/// Prints the seconds of one whole ring walk, for a script that compares.
fn ring_walk(states: usize) -> Result<(), String> {
    one_thread()?;
    let entry = groups::ring_walk(states);
    (entry.run)(&mut |mut pair| {
        println!("{}", measure(&mut pair, Duration::from_secs(1)).measured);
    });
    Ok(())
}

fn of_group(group: &Group, size: Size, budget: Duration) {
    for entry in (group.entries)().into_iter().filter(|e| e.size <= size) {
        (entry.run)(&mut |mut pair| {
            println!("{}", table::line(&entry, &measure(&mut pair, budget)));
        });
    }
}
