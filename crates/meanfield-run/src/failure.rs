//! How a computation ends when it does not succeed.

use std::error::Error;
use std::path::PathBuf;

use crate::arrays::ArrayError;
use crate::config::ConfigError;

/// A reason, from whichever layer it comes.
pub type Reason = Box<dyn Error + Send + Sync>;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The configuration has mistakes.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The input cannot be used.
    #[error("{0}")]
    Input(Reason),
    /// Something failed that nobody could foresee.
    #[error("{0}")]
    Internal(Reason),
    /// A solution ended before the time asked for.
    #[error("{reason}{}", written_until(kept))]
    Ended {
        /// Why.
        reason: String,
        /// The last output time that is written, if anything is.
        kept: Option<f64>,
    },
    /// Some points of a sweep failed, the others are written.
    #[error(
        "{failed} of {points} points failed, the first of them {first}: {reason}. The others are \
         written; `failed` in result.npz and summary.json says which these are"
    )]
    Points {
        /// How many failed.
        failed: usize,
        /// Of how many.
        points: usize,
        /// The first one that did.
        first: String,
        /// Why.
        reason: String,
    },
    /// Stopped by whoever watched.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// Stopped by whoever watched, with a checkpoint.
    #[error(
        "interrupted; {} holds a checkpoint: run the same command again to go on from there, or \
         delete it",
        checkpoint.display()
    )]
    Suspended {
        /// The directory of the unfinished run.
        checkpoint: PathBuf,
    },
}

impl Failure {
    /// Whether the user can mend it: a mistake in what was given. Nothing was computed.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self, Self::Config(_) | Self::Input(_))
    }

    /// Whether it was stopped by whoever watched.
    #[must_use]
    pub fn is_interruption(&self) -> bool {
        matches!(self, Self::Interrupted | Self::Suspended { .. })
    }

    /// The end of a solution, of which nothing is written yet.
    pub(crate) fn ended(reason: impl ToString) -> Self {
        Self::Ended {
            reason: reason.to_string(),
            kept: None,
        }
    }

    /// Bad input.
    pub(crate) fn input(error: impl Into<Reason>) -> Self {
        Self::Input(error.into())
    }

    /// A failure of ours.
    pub(crate) fn internal(error: impl Into<Reason>) -> Self {
        Self::Internal(error.into())
    }

    /// Whether a file could not be written: no matter of what was computed.
    pub(crate) fn is_of_files(&self) -> bool {
        matches!(self, Self::Internal(reason) if reason.is::<ArrayError>())
    }

    /// The failure of a point of a sweep.
    pub(crate) fn at_point(self, point: &str) -> Self {
        let named = |error: &dyn std::fmt::Display| format!("{error}, at {point} of [sweep]");
        match self {
            Self::Config(error) => Self::input(named(&error)),
            Self::Input(error) => Self::input(named(&error)),
            Self::Internal(error) => Self::internal(named(&error)),
            Self::Ended { .. } => Self::internal(named(&self)),
            other => other,
        }
    }
}

/// What is left of a solution that ended.
fn written_until(kept: &Option<f64>) -> String {
    match kept {
        Some(time) => format!("; what was found until t = {time} is written"),
        None => String::new(),
    }
}

impl From<ArrayError> for Failure {
    fn from(error: ArrayError) -> Self {
        if error.is_input() {
            Self::input(error)
        } else {
            Self::internal(error)
        }
    }
}
