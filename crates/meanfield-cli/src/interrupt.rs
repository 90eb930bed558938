//! Ctrl-C: the first one asks the computation to stop at its next step, the
//! second ends the process at once. Neither leaves anything half-written.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::arrays::discard_unfinished;
use crate::failure::Failure;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static FINISHING: AtomicBool = AtomicBool::new(false);

/// Installs the handler.
///
/// # Errors
/// [`Failure::Internal`] when the system refuses.
pub(crate) fn install() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
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
    })
    .map_err(Failure::internal)
}

/// Nothing is left to be computed: from now on the results are written,
/// whether Ctrl-C is pressed or not.
pub(crate) fn finishing() {
    FINISHING.store(true, Ordering::SeqCst);
}

/// Whether Ctrl-C was pressed.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

/// Stops here if Ctrl-C was pressed.
///
/// # Errors
/// [`Failure::Interrupted`].
pub(crate) fn check() -> Result<(), Failure> {
    if requested() {
        return Err(Failure::Interrupted);
    }
    Ok(())
}
