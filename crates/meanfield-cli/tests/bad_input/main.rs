//! Bad input: one table of mistakes by part. Each is refused by `check` and by
//! `run` with exit code 2 and a message that names the key or array, what was
//! found and what was expected; nothing is left behind.
//!
//! * `config` – keys and values every model shares;
//! * `models` – keys of the physical models;
//! * `files`, `headers` – configurations and npz files as bytes;
//! * `places` – output that cannot be written;
//! * `sweep` – what is varied, and over which values;
//! * `together` – many mistakes in one configuration.
//!
//! A new mistake is a new row.

#[path = "../common/mod.rs"]
mod common;

mod bytes;
mod config;
mod files;
mod headers;
mod models;
mod places;
mod sweep;
mod together;
