//! What a person sees in the terminal: results on stdout, messages and
//! progress on stderr. Colour only on a terminal and without NO_COLOR.

mod progress;
mod summary;

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use meanfield_run::Failure;
use meanfield_run::units::visible;

pub(crate) use progress::Meter;
pub(crate) use summary::summary;

/// Prints to stdout. A reader that has gone away (`| head`) is no error.
///
/// # Errors
/// [`Failure::Internal`] when stdout cannot be written.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Internal(error.into())),
        _ => Ok(()),
    }
}

/// Whether only results and errors are printed.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Sets [`quiet`].
pub(crate) fn be_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether only results and errors are printed.
pub(crate) fn quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Prints something worth knowing to stderr.
pub(crate) fn note(text: &str) {
    say("note:", "1;36", text);
}

/// Prints what to do next to stderr.
pub(crate) fn advise(text: &str) {
    say("next:", "1;32", text);
}

fn say(label: &str, style: &str, text: &str) {
    if !quiet() {
        let label = painted(label, style, std::io::stderr().is_terminal());
        // There is nowhere left to report that stderr is gone.
        let _ = writeln!(std::io::stderr(), "{label} {}", visible(text));
    }
}

/// Prints a failure to stderr.
pub(crate) fn complain(failure: &Failure) {
    let label = painted("error:", "1;31", std::io::stderr().is_terminal());
    // There is nowhere left to report that stderr is gone.
    let text = failure.to_string();
    let _ = writeln!(std::io::stderr(), "{label} {}", visible(&text));
}

/// Whether the person asked for no colour (no-color.org).
fn colour_refused() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// The text in an ANSI style, where the stream shows it.
fn painted(text: &str, style: &str, terminal: bool) -> String {
    if terminal && !colour_refused() {
        format!("\x1b[{style}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
