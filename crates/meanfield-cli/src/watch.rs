//! The terminal as a watcher: notes and progress on stderr, and Ctrl-C, of which the first
//! one asks the computation to stop at its next step, the second ends the process at
//! once. Neither leaves anything half-written.

#[cfg(unix)]
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use meanfield_run::{Stage, Watch, discard_unfinished};

use crate::terminal::{self, Meter};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static FINISHING: AtomicBool = AtomicBool::new(false);

/// Installs the handler of Ctrl-C; where the system refuses, or has it already, Ctrl-C is
/// what it was.
pub(crate) fn on_interruption() {
    let installed = ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) {
            discard_unfinished();
            std::process::exit(130);
        }
        let doing = if FINISHING.load(Ordering::SeqCst) {
            "everything is computed and is being written"
        } else {
            "stopping at the next step"
        };
        eprintln!("\n{doing}; press Ctrl-C again to stop at once");
    });
    if let Err(error) = installed {
        terminal::note(&format!("Ctrl-C will end this at once: {error}"));
    }
    full_files_are_errors();
}

/// A file that reaches the limit of `ulimit -f` is a write that fails, as on a full disk:
/// the signal that comes with it would end the process.
fn full_files_are_errors() {
    #[cfg(unix)]
    {
        let heard = Arc::new(AtomicBool::new(false));
        // Where the system refuses, it stays as it was.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, heard);
    }
}

/// Whoever sits before the terminal.
pub(crate) struct Terminal;

impl Watch for Terminal {
    fn note(&self, text: &str) {
        terminal::note(text);
    }

    fn stage(&self, name: &str) -> Box<dyn Stage + '_> {
        Box::new(Meter::new(name))
    }

    fn stop(&self) -> bool {
        REQUESTED.load(Ordering::SeqCst)
    }

    fn finishing(&self) {
        FINISHING.store(true, Ordering::SeqCst);
    }
}
