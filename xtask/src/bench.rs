//! `cargo xtask bench [GROUP…] [--quick] [--long] [--peers]`.
//!
//! The measuring program is a binary of its own: it counts every allocation and
//! fixes the number of threads, which no other task should.

use std::path::Path;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::flags::Bench;

/// Prints the table, or that of the peers.
pub(crate) fn run(root: &Path, args: &Bench) -> Result<()> {
    let sh = Shell::new()?;
    sh.change_dir(root);
    if args.peers {
        ensure!(
            args.group.is_empty() && !args.long,
            "--peers measures whole solves; it takes no groups and no --long"
        );
        return peers(&sh, args.quick);
    }
    let groups = &args.group;
    let quick = args.quick.then_some("--quick");
    let long = args.long.then_some("--long");
    cmd!(
        sh,
        "cargo run --release --quiet -p meanfield-benches -- {quick...} {long...} {groups...}"
    )
    .run()?;
    Ok(())
}

/// The same problem by other software, in an environment made for it and
/// removed afterwards; the script runs our program between theirs.
fn peers(sh: &Shell, quick: bool) -> Result<()> {
    cmd!(sh, "cargo build --release --quiet -p meanfield-benches").run()?;
    let place = sh.create_temp_dir()?;
    let environment = place.path();
    cmd!(sh, "python3.11 -m venv {environment}").run()?;
    let python = environment.join("bin").join("python");
    cmd!(
        sh,
        "{python} -m pip install --quiet -r benches/peers/requirements.txt"
    )
    .run()?;
    let quick = quick.then_some("--quick");
    cmd!(sh, "{python} benches/peers/ring_walk.py {quick...}").run()?;
    Ok(())
}
