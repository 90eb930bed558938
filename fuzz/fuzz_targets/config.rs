//! Configurations.

#![no_main]

use meanfield_run::fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::config(bytes));
