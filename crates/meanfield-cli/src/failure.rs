//! How the program ends when it does not succeed, and with which exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::arrays::ArrayError;
use crate::config::ConfigError;

/// Why the program stops.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Failure {
    /// The input cannot be used: exit code 2.
    #[error("{0:#}")]
    Input(anyhow::Error),
    /// Something failed that the user could not foresee: exit code 1.
    #[error("{0}")]
    Internal(anyhow::Error),
    /// Some points of a sweep failed, the others are written: exit code 1.
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
    /// Ctrl-C: exit code 130, as shells report it.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// Ctrl-C, with a checkpoint: exit code 130 as well.
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
    /// Bad input.
    pub(crate) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    /// A failure of ours.
    pub(crate) fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::Internal(error.into())
    }

    /// The failure of a point of a sweep.
    pub(crate) fn at_point(self, point: &str) -> Self {
        let named = |error| anyhow::anyhow!("{error:#}, at {point} of [sweep]");
        match self {
            Self::Input(error) => Self::Input(named(error)),
            Self::Internal(error) => Self::Internal(named(error)),
            other => other,
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Input(_) => 2,
            Self::Internal(_) | Self::Points { .. } => 1,
            Self::Interrupted | Self::Suspended { .. } => 130,
        })
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        // The chain repeats what the message already says.
        Self::Input(anyhow::anyhow!("{error}"))
    }
}

impl From<ArrayError> for Failure {
    fn from(error: ArrayError) -> Self {
        if error.is_input() {
            // The chain repeats what the message already says.
            Self::Input(anyhow::anyhow!("{error}"))
        } else {
            Self::Internal(error.into())
        }
    }
}
