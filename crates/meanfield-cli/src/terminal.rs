//! What a person sees in the terminal: results on stdout, messages and
//! progress on stderr. Colour only on a terminal and without NO_COLOR.

mod number;
mod progress;
mod summary;

use std::io::{ErrorKind, IsTerminal, Write};

use crate::failure::Failure;

pub(crate) use number::{bytes, seconds};
pub(crate) use progress::Meter;
pub(crate) use summary::{HEADER, finding_rows, rate_rows, summary};

/// Prints to stdout. A reader that has gone away (`| head`) is no error.
///
/// # Errors
/// [`Failure::Internal`] when stdout cannot be written.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::internal(error)),
        _ => Ok(()),
    }
}

/// Prints a failure to stderr.
pub(crate) fn complain(failure: &Failure) {
    let label = painted("error:", "1;31", std::io::stderr().is_terminal());
    // There is nowhere left to report that stderr is gone.
    let _ = writeln!(std::io::stderr(), "{label} {failure}");
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
