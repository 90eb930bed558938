//! Files of arrays.

#![no_main]

use meanfield_run::fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // In memory where the system has such a place; a process has one file.
    let memory = std::path::Path::new("/dev/shm");
    let place = match memory.is_dir() {
        true => memory.to_owned(),
        false => std::env::temp_dir(),
    };
    let path = place.join(format!("fuzzed-{}.npz", std::process::id()));
    std::fs::write(&path, bytes).expect("a place to write to");
    fuzzed::npz(&path);
});
