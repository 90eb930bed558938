//! A progress bar on stderr, when a person is watching.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use meanfield_run::Stage;

use super::quiet;

/// Progress of one stage of a run, from 0 to 1.
pub(crate) struct Meter(ProgressBar);

/// Parts the bar is divided into.
const PARTS: u64 = 1000;

impl Meter {
    /// A bar with a name and the time left, hidden unless stderr is a terminal.
    pub(crate) fn new(stage: &str) -> Self {
        let bar = ProgressBar::new(PARTS);
        if quiet() || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) =
            ProgressStyle::with_template("{msg:<18} {wide_bar} {percent:>3} %  {eta:>4} left")
        {
            bar.set_style(style);
        }
        bar.set_message(stage.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Stage for Meter {
    fn begin_at(&self, share: f64) {
        self.set(share);
        self.0.reset_eta();
    }

    fn set(&self, share: f64) {
        self.0
            .set_position((share.clamp(0.0, 1.0) * PARTS as f64) as u64);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
